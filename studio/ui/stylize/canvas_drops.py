"""Pictures dropped on the picture: its left half takes photos and clips, its right half styles; all of it a mask."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.ui.masks.canvas import MaskCanvas
from studio.ui.widgets import ImageDrop
from studio.ui.widgets.dropped import dropped_clip
from studio.ui.widgets.invitation import DropHalves


class CanvasDrops(QObject):
    """Lets ``room`` take what is dropped while ``canvas`` is the page of ``stack`` that is shown.

    Parameters
    ----------
    photo, style : the places that take what is dropped on either half.
    mask : the place that takes what is dropped while a mask is painted.
    """

    def __init__(
        self,
        room: QWidget,
        stack: QStackedWidget,
        canvas: MaskCanvas,
        *,
        photo: ImageDrop,
        style: ImageDrop,
        mask: ImageDrop,
    ) -> None:
        super().__init__(room)
        self._room, self.stack, self.canvas = room, stack, canvas
        self._photo, self._style, self._mask = photo, style, mask
        self.halves = DropHalves(stack)
        room.setAcceptDrops(True)
        room.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            self._enter(event)
        elif kind == QEvent.Type.DragMove and isinstance(event, QDragMoveEvent):
            self._move(event)
        elif kind == QEvent.Type.DragLeave:
            self.halves.hide()
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self._drop(event)
        else:
            return super().eventFilter(watched, event)
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        if self.stack.currentWidget() is self.canvas and self._photo.may_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _move(self, event: QDragMoveEvent) -> None:
        at = self.stack.mapFrom(self._room, event.position().toPoint())
        if self.stack.rect().contains(at):
            self.halves.show_at(at.x(), whole=self.canvas.is_painting() and not dropped_clip(event.mimeData()))
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self.halves.hide()
            event.ignore()

    def _drop(self, event: QDropEvent) -> None:
        self.halves.hide()
        at = self.stack.mapFrom(self._room, event.position().toPoint())
        clip = dropped_clip(event.mimeData()) is not None
        place = self._style if self.halves.is_style(at.x()) and not clip else self._photo
        if self.canvas.is_painting() and not clip:
            place = self._mask
        if place.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
