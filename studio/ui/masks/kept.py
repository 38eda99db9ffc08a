"""Masks in memory: those that were painted or shown lately are back at once, the others are read from the sources."""

from __future__ import annotations

from PySide6.QtGui import QImage

from studio.gallery import SourceStore
from studio.recipes import FileRef

KEPT = 64
"""So many masks are kept."""


class KeptMasks:
    """The latest masks of a room by their content; undo goes through them faster than a disk."""

    def __init__(self, sources: SourceStore) -> None:
        self._sources = sources
        self._masks: dict[str, QImage] = {}

    def keep(self, ref: FileRef, mask: QImage) -> None:
        """Keep ``mask``, the picture in the file ``ref``; the oldest makes room."""
        self._masks[ref.hash] = mask
        while len(self._masks) > KEPT:
            del self._masks[next(iter(self._masks))]

    def find(self, ref: FileRef) -> QImage | None:
        """A copy of a mask that is kept; None for others."""
        mask = self._masks.get(ref.hash)
        return None if mask is None else mask.copy()

    def read(self, ref: FileRef | None) -> QImage | None:
        """The mask in a file of the sources; None when it is gone. Runs off the main thread."""
        path = None if ref is None else self._sources.find(ref)
        return None if path is None else QImage(str(path))
