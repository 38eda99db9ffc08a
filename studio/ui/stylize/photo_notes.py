"""What is said about a photo or style that comes in and is not simply what it seems: cut off, animated, CMYK ..."""

from __future__ import annotations

from studio.base import Message, StudioError
from studio.gallery import SourceStore
from studio.media.photo_notes import remarks_on, warning_about
from studio.recipes import FileRef


def look_at(sources: SourceStore, photo: FileRef) -> tuple[StudioError | None, list[Message]]:
    """A warning, and remarks, about a photo in the store. Reads the file: not for the main thread."""
    path = sources.find(photo)
    if path is None:
        return None, []
    warning = warning_about(path, photo.name)
    return warning, [] if warning is not None else remarks_on(path)
