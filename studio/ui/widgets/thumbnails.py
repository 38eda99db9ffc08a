"""Thumbnails without waiting: asked for while painting, made on other threads, newest wish first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from studio.worker import JobGroup

_KEPT_BYTES = 192 * 2**20
_WAITING = 300
"""Wishes beyond these are from pictures scrolled out of sight long ago; they are asked for again when seen."""

Key = tuple[Path, int, int]
"""Path, size in bytes and side: a file saved again gets a new thumbnail."""


class Pictured(Protocol):
    """A file that has a thumbnail: a ``Picture`` of the gallery, a ``Style``."""

    @property
    def path(self) -> Path:
        """The path of the picture."""

    @property
    def size_bytes(self) -> int:
        """How large."""


class ThumbnailMaker(Protocol):
    """The gallery, or the style library. Called on other threads."""

    def thumbnail(self, picture: Any, side: int) -> Path:
        """A small picture of at most ``side`` pixels."""


class Thumbnails(QObject):
    """A cache of pixmaps of at most ``side`` device pixels."""

    ready = Signal(object)
    """The ``Path`` of a picture whose thumbnail can be painted now."""
    _made = Signal(object, QImage)

    def __init__(self, maker: ThumbnailMaker, parent: QObject | None = None, *, threads: int = 2) -> None:
        super().__init__(parent)
        self._maker = maker
        self._background = JobGroup(self)
        self._lock = threading.Lock()
        self._wanted: OrderedDict[Key, Pictured] = OrderedDict()
        self._working: set[Key] = set()
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def get(self, picture: Pictured, side: int) -> QPixmap | None:
        """The thumbnail, a null pixmap for a picture that cannot be read, or None: then ``ready`` comes later."""
        key = (picture.path, picture.size_bytes, side)
        pixmap = self._kept.get(key)
        if pixmap is not None:
            self._kept.move_to_end(key)
            return pixmap
        with self._lock:
            if key in self._working:
                return None
            known = key in self._wanted
            self._wanted[key] = picture
            self._wanted.move_to_end(key)
            if len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
        if not known:
            self._background.run(self._make_next)
        return None

    def close(self) -> None:
        """Make no more."""
        self._background.close()

    def _make_next(self) -> None:
        with self._lock:
            if not self._wanted:
                return
            key, picture = self._wanted.popitem()
            self._working.add(key)
        image = QImage()
        try:
            image = QImage(str(self._maker.thumbnail(picture, key[2])))
        finally:
            # Whatever went wrong: a picture that has no thumbnail is painted as such, never waited for.
            self._made.emit(key, image)

    def _take(self, key: Key, image: QImage) -> None:
        with self._lock:
            self._working.discard(key)
        self._kept[key] = QPixmap.fromImage(image)
        self._bytes += image.sizeInBytes()
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.width() * old.height() * 4
        self.ready.emit(key[0])
