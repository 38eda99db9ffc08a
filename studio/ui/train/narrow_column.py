"""The column of controls at the right, which gives way a little in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from studio.ui.theme import CONTROLS_WIDTH

NARROWEST = 292


class ControlsColumn(QFrame):
    """Column as wide as the controls of the other rooms where there is room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(CONTROLS_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(CONTROLS_WIDTH, super().sizeHint().height())
