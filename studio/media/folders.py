"""What lies in a folder of pictures and films, by the endings of names, and what of it is passed over."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.base import Message, StudioError
from studio.base.files import no_folder
from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES


@dataclass(frozen=True)
class FolderContents:
    """The files in a folder and below.

    Attributes
    ----------
    files : pictures and films, by their endings, sorted.
    others : files of other kinds, sorted; hidden ones are not mentioned.
    unreadable : sub-folders that could not be read.
    links : sub-folders that are links, which are not followed: they may lead in a circle.
    """

    files: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    unreadable: tuple[Path, ...] = ()
    links: tuple[Path, ...] = ()

    def passed_over(self) -> list[Message]:
        """A sentence each on files of other kinds, sub-folders that cannot be read, and links; none for what is not."""
        said = []
        if self.others:
            kinds = Counter(path.suffix.lower() or "–" for path in self.others).most_common()
            said.append(
                Message.counted(
                    "{n} file of another kind was passed over ({kinds}).",
                    "{n} files of other kinds were passed over ({kinds}).",
                    n=len(self.others),
                    kinds=", ".join(f"{ending}: {count}" for ending, count in kinds),
                )
            )
        if self.unreadable:
            said.append(
                Message.counted(
                    "{n} sub-folder cannot be read: {names}.",
                    "{n} sub-folders cannot be read: {names}.",
                    n=len(self.unreadable),
                    names=_names(self.unreadable),
                )
            )
        if self.links:
            said.append(
                Message.counted(
                    "{n} linked sub-folder was passed over: {names}.",
                    "{n} linked sub-folders were passed over: {names}.",
                    n=len(self.links),
                    names=_names(self.links),
                )
            )
        return said


def _names(paths: Sequence[Path], most: int = 5) -> str:
    """The names of the first ``most``."""
    return ", ".join(path.name for path in paths[:most]) + (" …" if len(paths) > most else "")


def find_files(folder: Path) -> list[Path]:
    """All pictures and films (by their endings) below ``folder``, sorted; hidden ones are passed over.

    Raises
    ------
    StudioError
        When the folder is missing or cannot be read.
    """
    return list(list_folder(folder).files)


def list_folder(folder: Path) -> FolderContents:
    """Return what lies in ``folder`` and below.

    Raises
    ------
    StudioError
        When the folder is missing or cannot be read.
    """
    if not folder.is_dir():
        raise no_folder(folder, Message("Choose a folder with pictures."))
    if not os.access(folder, os.R_OK | os.X_OK):
        raise StudioError(
            Message("The folder {folder} cannot be read.", folder=folder),
            "Check its permissions or choose another folder.",
        )
    wanted: list[Path] = []
    others: list[Path] = []
    unreadable: list[Path] = []
    links: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links += [Path(root, name) for name in folders if os.path.islink(f"{root}/{name}")]  # noqa: PTH114 - as below
        for name in names:
            if name.startswith("."):
                continue
            ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a hundred thousand times
            (wanted if ending in IMAGE_SUFFIXES or ending in CLIP_SUFFIXES else others).append(Path(root, name))
    return FolderContents(*map(tuple, (sorted(wanted), sorted(others), sorted(unreadable), sorted(links))))
