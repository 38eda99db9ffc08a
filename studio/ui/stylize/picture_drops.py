"""Places that take dropped pictures on behalf of another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from studio.ui.widgets import ImageDrop


class PictureDrops(QObject):
    """Lets ``widget`` take pictures dropped anywhere on it, on behalf of ``place``."""

    def __init__(self, widget: QWidget, place: ImageDrop) -> None:
        super().__init__(widget)
        self._place = place
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if not self._place.may_take(event.mimeData()):
                return False
        elif not (
            event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent) and self._place.take(event.mimeData())
        ):
            return super().eventFilter(watched, event)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True
