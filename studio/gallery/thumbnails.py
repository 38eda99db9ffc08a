"""Small JPEGs of picture files, kept in the cache folder until the file changes."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from PIL import Image

from studio.base import Message, StudioError
from studio.base.files import atomic_path, file_stamp
from studio.base.paths import cache_dir
from studio.base.trash import Trashed, move_to_trash_and_keep
from studio.media.photos import open_photo


def make_thumbnail(path: Path, side: int) -> Path:
    """A JPEG of at most ``side`` pixels of the picture at ``path``, made on the first call.

    Raises
    ------
    StudioError
        When the picture is damaged or gone.
    """
    small_path = thumbnail_path(path, side)
    if not small_path.exists():
        small = open_photo(path, max_side=side)
        if small.mode == "RGBA":
            small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
        with atomic_path(small_path) as temporary:
            small.convert("RGB").save(temporary, quality=90)
    return small_path


def forget_thumbnails(some: Path) -> None:
    """Remove the thumbnails of all sizes, given the path of one."""
    for thumbnail in some.parent.glob(f"{some.stem.split('-')[0]}-*"):
        with contextlib.suppress(OSError):  # being shown right now
            thumbnail.unlink()


def thumbnail_path(path: Path, side: int) -> Path:
    """The path of a picture's thumbnail; another one after the picture changed.

    Raises
    ------
    StudioError
        When there is no such picture.
    """
    try:
        stamp = file_stamp(path)
    except OSError as error:
        raise StudioError(Message("“{name}” is not there any more.", name=path.name), "Refresh the gallery.") from error
    # surrogateescape: Linux file names may hold bytes that are no text.
    text = f"{path.resolve()}|{stamp}".encode("utf-8", "surrogateescape")
    return cache_dir() / "thumbnails" / f"{hashlib.sha256(text).hexdigest()[:32]}-{side}.jpg"


def trash_with_thumbnails(path: Path) -> Trashed | None:
    """Move a picture to the system's trash, if it is still there, and forget its thumbnails; returns the way back.

    Raises
    ------
    StudioError
        When there is no trash for that disk or the file cannot be moved: it stays.
    """
    if path.exists():
        small = thumbnail_path(path, 1)
        trashed = move_to_trash_and_keep(path)
        forget_thumbnails(small)
        return trashed
    return None
