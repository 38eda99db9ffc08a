"""The artist's decisions about single pictures: own crops, kept, left out. By content, so that files may move.

Kept in the data folder while the artist looks through folders, and copied into each run, which thus needs nothing else.
The pictures themselves are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.base.files import write_atomic
from studio.base.paths import data_dir
from studio.training.framing import Box

DECISIONS_FILE = "choices.json"


class PictureDecisions(BaseModel):
    """Decisions by the content of a picture (its SHA-256; frames of films have their time behind it).

    Attributes
    ----------
    boxes : left, top and side of the square to cut out, in pixels of the upright picture.
    verdicts : "keep" uses a picture that would be left out, "drop" leaves one out that would be used.
    """

    model_config = ConfigDict(extra="ignore")

    boxes: dict[str, Box] = Field(default_factory=dict)
    verdicts: dict[str, Literal["keep", "drop"]] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> PictureDecisions:
        """Read them; none when there is no file or it is damaged."""
        try:
            return cls.model_validate_json((path or default_path()).read_bytes())
        except (OSError, ValidationError):
            return cls()

    def save(self, path: Path | None = None) -> None:
        """Write them.

        Raises
        ------
        StudioError
            When they cannot be written.
        """
        write_atomic(path or default_path(), self.model_dump_json())

    def only(self, contents: Iterable[str]) -> PictureDecisions:
        """Those about the pictures ``contents``."""
        wanted = set(contents)
        return PictureDecisions(
            boxes={key: box for key, box in self.boxes.items() if key in wanted},
            verdicts={key: verdict for key, verdict in self.verdicts.items() if key in wanted},
        )


def default_path() -> Path:
    """Path of the artist's own decisions on this machine."""
    return data_dir() / f"training-{DECISIONS_FILE}"
