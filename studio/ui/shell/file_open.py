"""Files that macOS asks a program to open: it tells an event in place of an argument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from studio.ui.qt_types import make_types


class FileOpener(QObject):
    """Hands each file that the system asks for to ``open_file``, as long as ``parent`` lives.

    To be made on macOS only: it sees every event of the program.
    """

    def __init__(self, parent: QObject, open_file: Callable[[Path], None]) -> None:
        super().__init__(parent)
        self._open_file = open_file
        app = QCoreApplication.instance()
        assert app is not None
        make_types()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the files out of the events."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open_file(Path(event.file()))
            return True
        return False
