"""Errors over the top of a room, which they never move."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.base.errors import StudioError
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.translated import translated

ERROR_SECONDS: Final = 60
STAYS_SECONDS: Final = 8
"""A message goes by itself after so long, but not under the mouse, with its details open, or while one is away: then
it stays so much longer."""

WIDEST: Final = 780
"""Width of the longest line: the columns of controls at the right stay in sight."""


class MessageBar(QFrame):
    """One error with what to do about it, details on demand and a close button; a later one takes its place.

    It goes by itself. It lies over the left top of its parent, in no layout: what is below stays where the hand is.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if parent is not None:
            parent.installEventFilter(self)
        self.setObjectName("message-bar")
        sign = QToolButton(self)
        sign.setIcon(icon("warning"))
        sign.setObjectName("message-sign")
        sign.setIconSize(QSize(18, 18))
        sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._message = QLabel(self)
        self._action = QLabel(self)
        self._details = QLabel(self)
        for label in (self._message, self._action, self._details):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QPushButton(self.tr("Details"), self)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        self._copy = QPushButton(self.tr("Copy"), self)
        self._copy.setToolTip(self.tr("Copy the whole message, to send it to somebody."))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        close = QToolButton(self)
        close.setAutoRaise(True)
        close.setIcon(icon("cancel"))
        close.setToolTip(self.tr("Close (Esc)"))
        close.clicked.connect(self.hide)

        self.leaves = QTimer(self)
        self.leaves.setSingleShot(True)
        self.leaves.timeout.connect(self._go)

        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (self._message, self._action, self._details):
            column.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M + SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_M)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        for button in (self._more, self._copy, close):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._message.setProperty("strong", True)
        self.hide()

    def show_problem(self, problem: StudioError) -> None:
        """Show an error with its action, and what caused it in the details."""
        cause = problem.__cause__
        details = getattr(problem, "details", "") or (f"{type(cause).__name__}: {cause}" if cause else "")
        self._message.setText(translated(problem.message))
        self._action.setText(translated(problem.action))
        self._action.setVisible(bool(self._action.text()))
        self._details.setText(details)
        self._details.hide()
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self.show()
        self.leaves.start(ERROR_SECONDS * 1000)

    def _lie_on_top(self) -> None:
        """Lie over the left top of the parent, where pictures are, no higher than the texts."""
        around = self.parentWidget()
        if around is not None:
            width = min(around.width(), WIDEST)
            self.setGeometry(0, 0, width, max(self.heightForWidth(width), self.minimumSizeHint().height()))
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._lie_on_top()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lie_on_top()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # another text, or its details
            self._lie_on_top()
        return done

    def _go(self) -> None:
        """Leave, unless it is being read."""
        if self.underMouse() or self._more.isChecked() or not self.isActiveWindow():
            self.leaves.start(STAYS_SECONDS * 1000)
        else:
            self.hide()

    def text(self) -> str:
        """Everything the bar says, as one text."""
        return "\n".join(part for part in (self._message.text(), self._action.text(), self._details.text()) if part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
