"""Small pictures of the files of a folder, loaded when they come into view, the newest wanted first."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from studio.base import StudioError
from studio.training.folder import PictureFinding
from studio.training.scan_cache import ScanCache, open_thumbnail, scan_picture
from studio.ui.widgets import to_qimage

KEPT = 600
"""Thumbnails held in memory; some 40 KB each."""

_WAITING = 200


class Thumbnails(QObject):
    """Gives thumbnails from the cache of looks on a thread of its own. Call :meth:`close` in the end."""

    arrived = Signal(int)
    """The thumbnail of the finding with this index is there now."""
    _loaded = Signal(int, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: OrderedDict[int, tuple[PictureFinding, int]] = OrderedDict()
        self._ready = threading.Condition()
        self._epoch = 0
        self._every = 0
        self._closed = False
        self._loaded.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread: threading.Thread | None = None

    def reset(self, every: int) -> None:
        """Forget everything: another folder, or films taken every ``every``-th frame."""
        with self._ready:
            self._epoch += 1
            self._every = every
            self._wanted.clear()
        self._images.clear()

    def image(self, index: int, finding: PictureFinding) -> QImage | None:
        """The thumbnail of ``finding``, at place ``index``; None while it is being loaded."""
        found = self._images.get(index)
        if found is not None:
            self._images.move_to_end(index)
            return found
        if not finding.width or self._closed:
            return None
        with self._ready:
            self._wanted[index] = (finding, self._epoch)
            self._wanted.move_to_end(index)
            while len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            self._ready.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)
            self._thread.start()
        return None

    def close(self) -> None:
        """End the thread."""
        with self._ready:
            self._closed = True
            self._wanted.clear()
            self._ready.notify()

    def _run(self) -> None:
        with ScanCache() as cache, contextlib.suppress(RuntimeError):  # the window may go first
            while True:
                with self._ready:
                    while not self._wanted and not self._closed:
                        self._ready.wait()
                    if self._closed:
                        return
                    index, (finding, epoch) = self._wanted.popitem(last=True)
                    every = self._every if finding.frame is not None else 0
                self._loaded.emit(epoch, index, _load(cache, finding, every))

    def _take(self, epoch: int, index: int, image: QImage) -> None:
        if epoch != self._epoch:
            return
        self._images[index] = image
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        self.arrived.emit(index)


def _load(cache: ScanCache, finding: PictureFinding, every: int) -> QImage:
    """An empty image when there is none to be had: it will not be asked for again."""
    thumb = cache.thumbnail(finding.path, finding.number, every)
    with contextlib.suppress(StudioError, OSError, ValueError, SyntaxError):
        if not thumb and finding.frame is None:
            thumb = scan_picture(finding.path).thumb
        if thumb:
            return to_qimage(np.asarray(open_thumbnail(thumb)))
    return QImage()
