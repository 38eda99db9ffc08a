"""The session: what comes back at the next start. One JSON file in the data folder, written atomically."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.base import StudioError
from studio.base.documents import DocumentError
from studio.base.files import write_atomic
from studio.base.paths import data_dir
from studio.recipes.documents import UPGRADES, recipe_format

SESSION_FILE = "session.json"


def _named_draft(rooms: dict[str, Any]) -> dict[str, Any]:
    """The rooms with the upgrade that a stylization gets for their draft of one, which did not name its kind then."""
    stylize = rooms.get("stylize")
    draft = stylize.get("draft") if isinstance(stylize, dict) else None
    if not isinstance(stylize, dict) or not isinstance(draft, dict) or "kind" in draft:
        return rooms
    return {**rooms, "stylize": {**stylize, "draft": UPGRADES[3]["stylize"](draft)}}


SESSION = recipe_format("latent-studio-session", "rooms", renumbered={1: 3}, upgrades={3: {"": _named_draft}})
"""The document in that file. It holds recipes and counts versions with them; 1 is what was written until their 3."""

log = logging.getLogger(__name__)


@dataclass
class Session:
    """The memory of the rooms, by their names.

    Attributes
    ----------
    rooms : what :meth:`Room.session` gave, by the room's name ("explore", ...); JSON.
    """

    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Session:
        """The session that was kept last; an empty one when there is none, or none that can be read."""
        try:
            rooms = SESSION.loads((path or _place()).read_bytes())
        except FileNotFoundError:
            return cls()
        except (OSError, DocumentError) as error:
            log.warning("The last session cannot be read: %s", error)
            return cls()
        if not isinstance(rooms, dict):
            return cls()
        return cls({str(name): state for name, state in rooms.items() if isinstance(state, dict)})

    def dumps(self) -> str:
        """The document."""
        return SESSION.dumps(self.rooms, indent=1)


def keep(document: str, path: Path | None = None) -> None:
    """Write the document of a session; a disk that is full costs the session, and nothing else."""
    try:
        write_atomic(path or _place(), document)
    except StudioError as problem:
        log.warning("%s", problem)


def _place() -> Path:
    return data_dir() / SESSION_FILE
