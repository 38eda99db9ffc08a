"""The application object, which macOS tells what files to open: by an event in place of an argument."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Tells of the files that the system asks for.

    (A filter of the application would do, too, but would see every event of every object.)
    """

    fileWanted = Signal(object)
    """The ``Path`` of a file to open."""

    def event(self, event: QEvent) -> bool:
        """Take the files out of the events."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.fileWanted.emit(Path(event.file()))
            return True
        return super().event(event)
