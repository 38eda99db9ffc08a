"""A line of text that gives way when there is no room for it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

_ELLIPSIS_WIDTH = 2
"""Pixels kept free at the end: text of exactly the label's width would be cut off without its ellipsis."""


class ElidingLabel(QLabel):
    """One line of plain text, cut at its end with an ellipsis where it is too long; :meth:`text` is all of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        """The whole text, also when less is shown."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show ``text``, as much of it as there is room for."""
        self._whole = text
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…") + _ELLIPSIS_WIDTH, super().minimumSizeHint().height())

    def _elide(self) -> None:
        room = self.width() - _ELLIPSIS_WIDTH
        super().setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
