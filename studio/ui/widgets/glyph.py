"""An icon that stands by itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from studio.ui.theme import icon, theme


class Glyph(QLabel):
    """The icon ``name``, ``side`` device independent pixels large, in the colours of the theme in use."""

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side = name, side
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(icon(self._name).pixmap(QSize(self._side, self._side)))
