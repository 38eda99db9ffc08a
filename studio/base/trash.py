"""The system's trash, and the way back from it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
from send2trash import TrashPermissionError, send2trash

from studio.base.errors import StudioError
from studio.base.messages import Message
from studio.base.paths import cache_dir

_KEPT = "trashed"


@dataclass(frozen=True)
class Trashed:
    """A file in the trash, of which we keep a second name until the program ends, so that it can come back.

    Attributes
    ----------
    path : where it was.
    kept : where it is meanwhile; a hard link where the disk has them, else a copy.
    """

    path: Path
    kept: Path

    def restore(self) -> Path:
        """Put the file back, and return where it is: under another name when the old one is taken by now.

        Raises
        ------
        StudioError
            When it cannot be put back; it is in the system's trash still.
        """
        number, path = 2, self.path
        while path.exists():
            path = self.path.with_stem(f"{self.path.stem} {number}")
            number += 1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.kept, path)
        except OSError as error:
            raise StudioError(
                Message(
                    "“{name}” could not be put back ({reason}).", name=self.path.name, reason=error.strerror or error
                ),
                "Restore it from the system's trash.",
            ) from error
        return path


def move_to_trash(path: Path) -> None:
    """Move a file to the trash, from where it can be restored.

    Raises
    ------
    StudioError
        When there is no trash for that disk, or the file cannot be moved: it stays.
    """
    try:
        send2trash(str(path))
    except (TrashPermissionError, OSError) as error:
        raise StudioError(
            Message("“{name}” could not be moved to the trash ({reason}).", name=path.name, reason=error),
            "Show it in the file manager and delete it there.",
        ) from error


def move_to_trash_and_keep(path: Path) -> Trashed | None:
    """As :func:`move_to_trash`; what it returns brings the file back. None when it could not be kept besides."""
    kept: Path | None = None
    with contextlib.suppress(OSError):
        folder = cache_dir() / _KEPT / str(os.getpid())
        folder.mkdir(parents=True, exist_ok=True)
        kept = Path(tempfile.mkdtemp(dir=folder)) / path.name
        try:
            os.link(path, kept)
        except OSError:  # another disk, or one without hard links
            shutil.copy2(path, kept)
    try:
        move_to_trash(path)
    except StudioError:
        if kept is not None:
            shutil.rmtree(kept.parent, ignore_errors=True)
        raise
    return None if kept is None or not kept.exists() else Trashed(path, kept)


def forget_trashed() -> None:
    """Give up the way back from the trash and the space it takes, also of programs that ended without doing so."""
    for folder in (cache_dir() / _KEPT).glob("*"):
        own = folder.name == str(os.getpid())
        if own or not (folder.name.isdecimal() and psutil.pid_exists(int(folder.name))):
            shutil.rmtree(folder, ignore_errors=True)
