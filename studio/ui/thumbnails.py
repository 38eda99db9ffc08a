"""Small pictures for the whole window: one bounded cache, filled in the pool, the newest wish first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.worker import ThreadPool, thread_pool

KEPT_BYTES = 192 * 2**20
"""What all small pictures of the window take at most."""

_WAITING = 300
"""Wishes beyond these are from pictures scrolled out of sight long ago; they are asked for again when seen."""

_AT_ONCE = 3
"""So many are made at the same time: the other threads of the pool are for what the artist waits for."""


class ThumbnailService(QObject):
    """A cache of images by keys. Keys begin with what they are of, so that those of different rooms never meet."""

    arrived = Signal(object)
    """The key of an image that was asked for and is there now; a null image when it could not be made."""

    def __init__(
        self, parent: QObject | None = None, *, pool: ThreadPool | None = None, most: int = KEPT_BYTES
    ) -> None:
        super().__init__(parent)
        self._pool = pool if pool is not None else thread_pool()
        self._most = most
        self._kept: OrderedDict[Hashable, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: OrderedDict[Hashable, Callable[[], QImage]] = OrderedDict()
        self._making: set[Hashable] = set()

    def find(self, key: Hashable) -> QImage | None:
        """The image, when it is there."""
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
        return image

    def get(self, key: Hashable, make: Callable[[], QImage]) -> QImage | None:
        """The image; a null one when it cannot be made; None while ``make`` is waiting or running in the pool."""
        image = self.find(key)
        if image is None and key not in self._making:
            self._wanted[key] = make
            self._wanted.move_to_end(key)
            if len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            self._make_next()
        return image

    def put(self, key: Hashable, image: QImage) -> None:
        """Keep an image that was made elsewhere."""
        self._drop(key)
        self._kept[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def forget(self, belongs: Callable[[Hashable], bool]) -> None:
        """Give up the wishes and the images whose keys ``belongs`` is true of."""
        for key in [key for key in self._wanted if belongs(key)]:
            del self._wanted[key]
        for key in [key for key in self._kept if belongs(key)]:
            self._drop(key)

    def size_bytes(self) -> int:
        """Bytes of the images."""
        return self._bytes

    def _drop(self, key: Hashable) -> None:
        image = self._kept.pop(key, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()

    def _make_next(self) -> None:
        while self._wanted and len(self._making) < _AT_ONCE:
            key, make = self._wanted.popitem()
            self._making.add(key)
            job = self._pool.call(make)
            job.finished.connect(lambda image, key=key: self._made(key, image))
            # Whatever went wrong: a picture that has no thumbnail is painted as such, never waited for.
            job.failed.connect(lambda _problem, key=key: self._made(key, QImage()))
            job.cancelled.connect(lambda key=key: self._making.discard(key))

    def _made(self, key: Hashable, image: QImage) -> None:
        self._making.discard(key)
        self.put(key, image)
        self._make_next()
        self.arrived.emit(key)


_shared: ThumbnailService | None = None


def thumbnail_service() -> ThumbnailService:
    """The service of this process, made at the first call, on the main thread."""
    global _shared
    if _shared is None:
        _shared = ThumbnailService()
    return _shared


class Pictured(Protocol):
    """A file that has a thumbnail: a ``Picture`` of the gallery, a ``Style``."""

    @property
    def path(self) -> Path:
        """The path of the picture."""

    @property
    def stamp(self) -> Hashable:
        """A value that is another one when the file's content changes."""


class ThumbnailMaker(Protocol):
    """The gallery, or the style library. Called on other threads."""

    def thumbnail(self, picture: Any, side: int) -> Path:
        """A small picture of at most ``side`` pixels."""


class FileThumbnails(QObject):
    """The service for the pictures of the gallery or of the style library.

    Parameters
    ----------
    kind : what the files are, the beginning of their keys.
    """

    ready = Signal(object)
    """The ``Path`` of a picture whose thumbnail can be painted now."""

    def __init__(
        self,
        maker: ThumbnailMaker,
        kind: str,
        parent: QObject | None = None,
        *,
        service: ThumbnailService | None = None,
    ) -> None:
        super().__init__(parent)
        self._maker, self._kind = maker, kind
        self._service = service if service is not None else thumbnail_service()
        self._service.arrived.connect(self._on_arrived)

    def get(self, picture: Pictured, side: int) -> QImage | None:
        """The thumbnail, a null image for a picture that cannot be read, or None: then ``ready`` comes later."""
        key = (self._kind, picture.path, picture.stamp, side)
        return self._service.get(key, lambda: QImage(str(self._maker.thumbnail(picture, side))))

    def close(self) -> None:
        """Forget everything."""
        self._service.forget(self._is_ours)

    def _is_ours(self, key: Hashable) -> bool:
        return isinstance(key, tuple) and key[0] == self._kind

    def _on_arrived(self, key: Hashable) -> None:
        if isinstance(key, tuple) and key[0] == self._kind:
            self.ready.emit(key[1])
