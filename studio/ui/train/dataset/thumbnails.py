"""Small pictures of the files of a folder, from the cache of scans where they are known."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.base import StudioError
from studio.training.findings import PictureFinding
from studio.training.scan_cache import ScanCache, open_thumbnail, scan_picture
from studio.ui.thumbnails import ThumbnailService, thumbnail_service
from studio.ui.widgets import to_qimage


class FindingThumbnails(QObject):
    """The service for the pictures of one folder. Call :meth:`close` in the end."""

    arrived = Signal(int)
    """The thumbnail of the finding with this index is there now."""

    def __init__(self, parent: QObject | None = None, *, service: ThumbnailService | None = None) -> None:
        super().__init__(parent)
        self._service = service if service is not None else thumbnail_service()
        self._service.arrived.connect(self._on_arrived)
        self._scans: ScanCache | None = None
        self._lock = threading.Lock()
        self._epoch = 0
        self._every = 0

    def reset(self, every: int) -> None:
        """Forget everything: another folder, or films taken every ``every``-th frame."""
        self._service.forget(self._is_ours)
        self._epoch += 1
        self._every = every

    def image(self, index: int, finding: PictureFinding) -> QImage | None:
        """The thumbnail of ``finding``, at place ``index``; None while it is being loaded."""
        if not finding.width:
            return None
        every = self._every if finding.frame is not None else 0
        return self._service.get(("finding", id(self), self._epoch, index), lambda: self._load(finding, every))

    def close(self) -> None:
        """Forget everything, and let the cache's file go."""
        self._service.forget(self._is_ours)
        with self._lock:
            if self._scans is not None:
                self._scans.close()
                self._scans = None

    def _load(self, finding: PictureFinding, every: int) -> QImage:
        """In the pool. An empty image when there is none to be had: it will not be asked for again."""
        with self._lock:
            if self._scans is None:
                self._scans = ScanCache()
            thumb = self._scans.thumbnail(finding.path, finding.number, every)
        with contextlib.suppress(StudioError, OSError, ValueError, SyntaxError):
            if not thumb and finding.frame is None:
                thumb = scan_picture(finding.path).thumb
            if thumb:
                return to_qimage(np.asarray(open_thumbnail(thumb)))
        return QImage()

    def _is_ours(self, key: Hashable) -> bool:
        return isinstance(key, tuple) and key[:2] == ("finding", id(self))

    def _on_arrived(self, key: Hashable) -> None:
        if isinstance(key, tuple) and key[:3] == ("finding", id(self), self._epoch):
            self.arrived.emit(key[3])
