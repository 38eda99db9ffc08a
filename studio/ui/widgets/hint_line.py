"""Hints and offers, in one quiet line of the status bar: they cover nothing and move nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from studio.base import StudioError
from studio.ui.theme import SPACE_M, icon
from studio.ui.translated import translated
from studio.ui.widgets.eliding_label import ElidingLabel

HINT_SECONDS: Final = 8
OFFER_SECONDS: Final = 120
"""A line goes by itself after so long, but not under the mouse or while one is away."""


class HintLine(QWidget):
    """One line with an icon, perhaps a button, and one to close it; a later one takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign = QToolButton()
        sign.setObjectName("message-sign")
        sign.setIcon(icon("info"))
        sign.setIconSize(QSize(16, 16))
        sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._said = ElidingLabel()
        self._said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.clicked.connect(self._accept)
        self._offered: Callable[[], object] | None = None
        close = QToolButton()
        close.setAutoRaise(True)
        close.setIcon(icon("cancel"))
        close.setIconSize(QSize(12, 12))
        close.setToolTip(self.tr("Close"))
        close.clicked.connect(self.hide)
        self.leaves = QTimer(self)
        self.leaves.setSingleShot(True)
        self.leaves.timeout.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, 0, 0, 0)
        row.setSpacing(SPACE_M)
        row.addWidget(sign)
        row.addWidget(self._said, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self.hide()

    def show_hint(self, hint: StudioError) -> None:
        """Say what is the case, and what to do."""
        self._show(f"{translated(hint.message)} {translated(hint.action)}".strip(), HINT_SECONDS)

    def show_offer(self, message: str, label: str, run: Callable[[], object]) -> None:
        """Say something, with a button that does what is offered and puts the line away."""
        self._show(message, OFFER_SECONDS)
        self._offered = run
        self.button.setText(label)
        self.button.show()

    def text(self) -> str:
        """What the line says, also where there is room for less."""
        return self._said.text()

    def _show(self, text: str, seconds: int) -> None:
        self._offered = None
        self.button.hide()
        self._said.setText(text)
        self._said.setToolTip(text)
        self.show()
        self.leaves.start(seconds * 1000)

    def _accept(self) -> None:
        run, self._offered = self._offered, None
        self.hide()
        if run is not None:
            run()

    def _go(self) -> None:
        """Leave, unless it is being read."""
        if self.underMouse() or not self.isActiveWindow():
            self.leaves.start(HINT_SECONDS * 1000)
        else:
            self.hide()
