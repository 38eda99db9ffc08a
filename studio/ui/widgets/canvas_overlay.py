"""Overlays: drawings of a tool over the picture of a canvas, and the mouse that they take there."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter


class CanvasOverlay(QObject):
    """The base of overlays: a canvas paints it over its picture and offers it the mouse and keys first.

    Places are in shares of the picture, 0..1 from its left top corner, whatever the zoom.
    """

    changed = Signal()
    """It wants to be painted again."""

    def paint(self, painter: QPainter, target: QRectF) -> None:
        """Draw over the picture, which lies in ``target``, in coordinates of the widget."""
        raise NotImplementedError

    def press(self, at: QPointF, target: QRectF, button: Qt.MouseButton) -> bool:
        """A button goes down at ``at``; return whether it is taken, moves and the release included."""
        return False

    def move(self, at: QPointF) -> None:
        """The mouse moves while a press that was taken lasts."""

    def release(self) -> None:
        """End that press: the button is up."""

    def key(self, key: int) -> bool:
        """A key goes down; return whether it is taken."""
        return False
