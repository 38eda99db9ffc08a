"""Errors at the top of a room, never in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.base.errors import StudioError
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.translated import translated


class MessageBar(QFrame):
    """One error with what to do about it, details on demand and a close button; a later one takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        sign = QToolButton(self)
        sign.setObjectName("message-sign")
        sign.setIcon(icon("warning"))
        sign.setIconSize(QSize(18, 18))
        sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._message = QLabel(self)
        self._action = QLabel(self)
        self._details = QLabel(self)
        for label in (self._message, self._action, self._details):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = self._message.font()
        bold.setWeight(bold.Weight.DemiBold)
        self._message.setFont(bold)
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
        self.hide()

    def show_problem(self, problem: StudioError) -> None:
        """Show an error with its action; what caused it, if known, is in the details."""
        cause = problem.__cause__
        details = getattr(problem, "details", "") or (f"{type(cause).__name__}: {cause}" if cause else "")
        self._message.setText(translated(problem.message))
        self._action.setText(translated(problem.action))
        self._action.setVisible(bool(problem.action))
        self._details.setText(details)
        self._details.hide()
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self.show()

    def text(self) -> str:
        """Everything the bar says, as one text."""
        return "\n".join(part for part in (self._message.text(), self._action.text(), self._details.text()) if part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
