"""Keeping the gallery's index with what lies in its folder, which other programs change too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from studio.base import StudioError, drain
from studio.ui.context import StudioContext
from studio.worker import JobGroup

SETTLED_MS = 700
"""A program that copies many files tells of each; look once they are through."""
RETURN_MS = 3000
"""A disk that was taken away tells nobody when it is back: so often is looked for it."""


class FolderScan(QObject):
    """Compares the index with the files when asked, and when a watched folder has changed."""

    scanned = Signal()
    """The index says what is in the folder."""

    def __init__(self, context: StudioContext, background: JobGroup, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._background = context, background
        self.running = False
        self._again = False
        self._settles = QTimer(self)
        self._settles.setSingleShot(True)
        self._settles.setInterval(SETTLED_MS)
        self._settles.timeout.connect(self.start)
        self._returns = QTimer(self)
        self._returns.setSingleShot(True)
        self._returns.setInterval(RETURN_MS)
        self._returns.timeout.connect(self._look_for_folder)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _folder: self._settles.start())

    def start(self) -> None:
        """Look through the folder on another thread; while that is done already, once more afterwards."""
        if self.running:
            self._again = True
            return
        self._returns.stop()
        self.running, self._again = True, False
        gallery = self._context.gallery
        self._background.run(lambda: drain(gallery.rescan()), self._on_over, self._on_failed)

    def watch(self, pictures: Iterable[Path]) -> None:
        """Watch the gallery's folder and those in it that hold ``pictures``."""
        folders = {str(self._context.gallery.folder), *(str(path.parent) for path in pictures)}
        new = [folder for folder in folders - set(self._watcher.directories()) if Path(folder).is_dir()]
        if new:
            self._watcher.addPaths(new)

    def shut_down(self) -> None:
        """Begin nothing more."""
        self._settles.stop()
        self._returns.stop()

    def _look_for_folder(self) -> None:
        """Go on when the folder is back, which was moved or whose disk was taken away."""
        self._background.run(
            self._context.gallery.is_there, lambda there: self.start() if there else self._returns.start()
        )

    def _on_over(self, _result: object) -> None:
        self.running = False
        self.scanned.emit()
        if self._again:
            self.start()

    def _on_failed(self, problem: StudioError) -> None:
        self.running = False
        self._returns.start()
        self._context.problem.emit(problem)
