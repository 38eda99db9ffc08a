"""Notes on a photo or style that comes in and is not simply what it seems: cut off, animated, CMYK ..."""

from __future__ import annotations

from studio.base import Message, StudioError
from studio.gallery import SourceStore
from studio.media.photo_notes import conversion_notes, warning_about
from studio.recipes import FileRef


def warning_and_notes(sources: SourceStore, photo: FileRef) -> tuple[StudioError | None, list[Message]]:
    """A warning, and notes, about a photo in the store. Reads the file: not for the main thread."""
    path = sources.find(photo)
    if path is None:
        return None, []
    warning = warning_about(path, photo.name)
    return warning, [] if warning is not None else conversion_notes(path)
