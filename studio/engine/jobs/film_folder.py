"""The folder a film is made in: its settings and every frame so far. Killing the program loses one frame at most.

``clip.json`` says what is made of what; ``frames/000123.png`` are the stylized frames, each with its time in a text
chunk. Both are written atomically. Another recipe, clip or device has another folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from studio.base import Message, StudioError
from studio.base.documents import DocumentFormat
from studio.base.files import atomic_path, write_atomic
from studio.base.paths import films_dir
from studio.base.process_lock import ProcessLock
from studio.media.photos import DAMAGE
from studio.recipes.sequences.film import FILM, AnyFilm
from studio.recipes.tree import recipe_hash

FRAMES_VERSION = 1
"""Part of what names a folder: frames of another version do not go on here."""


def _with_film_as_document(old: dict[str, Any]) -> dict[str, Any]:
    """The film was a document as a text within the text."""
    return {**old, "film": json.loads(old["film"])}


FILM_WORK = DocumentFormat(
    "latent-studio-film-work", "work", version=2, upgrades={1: {"": _with_film_as_document}}, flat=1
)
"""The document ``clip.json``. It holds the document of the film, which has a version of its own."""
_FRAME_KEY = "latent-studio-frame"
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class FilmProperties:
    """The content of ``clip.json``.

    Attributes
    ----------
    clip, out : the file that is read, and the one that will be written.
    total : frames of the film, about.
    time_base : unit of the frames' ticks, in seconds.
    broken_at : seconds at which the clip is damaged or ends too soon.
    """

    film: AnyFilm
    clip: Path
    out: Path
    total: int
    time_base: Fraction
    broken_at: float | None = None


@dataclass(frozen=True)
class FilmInMaking:
    """An unfinished film, for lists: ``done`` frames of about ``properties.total`` are there."""

    folder: FilmFolder
    properties: FilmProperties
    done: int


class FilmFolder:
    """One film's folder, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = ProcessLock(path / "process.lock")

    @classmethod
    def of(cls, film: AnyFilm, device: str) -> FilmFolder:
        """The folder for ``film`` made on ``device`` ("cpu"); names of files make no difference."""
        digest = hashlib.sha256(f"{FRAMES_VERSION} {device} {recipe_hash(film)}".encode()).hexdigest()[:16]
        stem = _UNSAFE.sub("_", Path(film.clip.name).stem)[:40] or "clip"
        known = next(films_dir().glob(f"*-{digest}"), None)
        return cls(known or films_dir() / f"{stem}-{digest}")

    # -- what is made ------------------------------------------------------------------------------------------------

    def write(self, properties: FilmProperties) -> None:
        """Write ``clip.json``."""
        content = {
            "clip": str(properties.clip),
            "out": str(properties.out),
            "total": properties.total,
            "time_base": str(properties.time_base),
            "broken_at": properties.broken_at,
            "film": json.loads(FILM.dumps(properties.film)),
        }
        write_atomic(self.path / "clip.json", FILM_WORK.dumps(content, indent=2))

    def read(self) -> FilmProperties | None:
        """Read ``clip.json``; None when there is none that can be read."""
        try:
            data: dict[str, Any] = FILM_WORK.loads((self.path / "clip.json").read_bytes())
            broken = data["broken_at"]
            return FilmProperties(
                film=FILM.loads(json.dumps(data["film"])),
                clip=Path(data["clip"]),
                out=Path(data["out"]),
                total=int(data["total"]),
                time_base=Fraction(data["time_base"]),
                broken_at=None if broken is None else float(broken),
            )
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError, StudioError):
            return None

    # -- the frames --------------------------------------------------------------------------------------------------

    def frame_path(self, number: int) -> Path:
        """The file of a frame, counted from 0."""
        return self.path / "frames" / f"{number:06d}.png"

    def done(self) -> int:
        """Frames that are there without a gap from the first."""
        number = 0
        with contextlib.suppress(OSError):
            names = {entry.name for entry in os.scandir(self.path / "frames")}
            while f"{number:06d}.png" in names:
                number += 1
        return number

    def save_frame(self, number: int, picture: NDArray[np.uint8], ticks: int) -> None:
        """Write a frame with its time; when this returns it will survive a crash."""
        info = PngImagePlugin.PngInfo()
        info.add_text(_FRAME_KEY, str(ticks))
        with atomic_path(self.frame_path(number)) as temporary:
            # Speed counts, not size: these files live as long as the film takes.
            Image.fromarray(picture).save(temporary, "PNG", compress_level=1, pnginfo=info)

    def frame(self, number: int) -> tuple[NDArray[np.uint8], int]:
        """A frame, uint8 (height, width, 3), and its time in ticks.

        Raises
        ------
        StudioError
            When it is damaged or gone.
        """
        path = self.frame_path(number)
        try:
            with Image.open(path, formats=("PNG",)) as picture:
                ticks = int(picture.info[_FRAME_KEY])
                return np.array(picture.convert("RGB")), ticks
        except DAMAGE as error:
            raise _unreadable(path) from error

    def time_of(self, number: int) -> int:
        """The time of a frame in ticks, without reading its picture. Raises as :meth:`frame`."""
        path = self.frame_path(number)
        try:
            with Image.open(path, formats=("PNG",)) as picture:
                return int(picture.info[_FRAME_KEY])
        except DAMAGE as error:
            raise _unreadable(path) from error

    def sound_frames(self) -> int:
        """Number of frames to go on from: all that are there, but for damaged ones at the end, which are removed."""
        number = self.done()
        while number:
            try:
                self.frame(number - 1)
            except StudioError:
                number -= 1
                self.frame_path(number).unlink(missing_ok=True)
            else:
                break
        return number

    # -- who works here ----------------------------------------------------------------------------------------------

    def claim(self) -> None:
        """Write down that this process works here.

        Raises
        ------
        StudioError
            When another one does.
        """
        if not self._lock.acquire():
            raise StudioError(
                "This very film is being made by another Latent Studio.", "Wait for it, or stop it there first."
            )
        write_atomic(self.path / "process.json", json.dumps({"pid": os.getpid()}))

    def release(self) -> None:
        """Nobody works here any more."""
        (self.path / "process.json").unlink(missing_ok=True)
        self._lock.release()

    def owner(self) -> int:
        """The id of the living process that works here; 0 when there is none."""
        if not self._lock.held():
            return 0
        try:
            return int(json.loads((self.path / "process.json").read_text())["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def remove(self) -> None:
        """Remove the folder and the frames in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def _unreadable(path: Path) -> StudioError:
    return StudioError(
        Message("The frame {path} cannot be read.", path=path), "Make the film again: it goes on before that frame."
    )


def films_in_making(kind: Literal["film", "finished-film"] | None = None) -> list[FilmInMaking]:
    """Unfinished films, newest first, all or those of one kind; those that a living process works at are among them."""
    found = []
    for path in films_dir().glob("*"):
        folder = FilmFolder(path)
        properties = folder.read()
        if properties is not None and kind in (None, properties.film.kind):
            with contextlib.suppress(OSError):
                found.append(((path / "clip.json").stat().st_mtime, FilmInMaking(folder, properties, folder.done())))
    return [each for _, each in sorted(found, key=lambda pair: -pair[0])]
