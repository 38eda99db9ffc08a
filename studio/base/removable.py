"""Folders of the artist's on disks that may be taken away, before the program starts or while it has them open."""

from __future__ import annotations

import os
from pathlib import Path

from studio.base.errors import StudioError
from studio.base.messages import Message


def mount_of(folder: Path) -> str:
    """The mount point that ``folder`` lies on; empty for the root of the system."""
    for place in (folder, *folder.parents):
        if os.path.ismount(place):
            return "" if place == Path(place.anchor) else str(place)
    return ""


class RemovableFolder:
    """The gallery's folder, which is never made anew once it was there.

    What is written into a new one would lie under the place where the disk will be, or away from the moved one.

    Parameters
    ----------
    mount : the mount point that it lay on when it was chosen; None: the one that it lies on now.
    seen : whether it was there before.
    """

    def __init__(self, path: Path, *, mount: str | None = None, seen: bool = False) -> None:
        self.path = path
        self._mount = mount_of(path) if mount is None else mount
        self._seen = seen or path.is_dir()

    def is_there(self) -> bool:
        """Return whether the folder is there, on its own disk."""
        there = self.path.is_dir() and (not self._mount or os.path.ismount(self._mount))
        self._seen = self._seen or there
        return there

    def check(self) -> None:
        """Nothing, when the folder is there or never was: to be asked before anything is written into it.

        Raises
        ------
        StudioError
            When it was there and is not any more.
        """
        if not self.is_there() and self._seen:
            raise StudioError(
                Message("The gallery folder {folder} is not there: is its disk connected?", folder=self.path),
                "Connect the disk, or bring the folder back, and try again; "
                "if it was moved for good, choose it in the settings.",
            )
