"""Errors and news at the top of a room, never in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.base.errors import StudioError
from studio.ui.theme import SPACE_M, SPACE_S, icon

_NEWS_MS = 6000


class MessageBar(QFrame):
    """One message with what to do about it, details on demand and a close button. A later message takes its place.

    News go away by themselves; errors stay until closed (or Escape).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self._sign = QLabel(self)
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

        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._message, self._action, self._details):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M + SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        for button in (self._more, self._copy, close):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NEWS_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_problem(self, problem: StudioError) -> None:
        """Show an error with its action; what caused it, if known, is in the details."""
        cause = problem.__cause__
        self._set(problem.message, problem.action, f"{type(cause).__name__}: {cause}" if cause else "", error=True)
        self._timer.stop()

    def show_news(self, message: str) -> None:
        """Show a message for some seconds; an error on show is not covered by it."""
        if self.isVisible() and self.is_error():
            return
        self._set(message, "", "", error=False)
        self._timer.start()

    def is_error(self) -> bool:
        """Whether what is shown (or was last shown) is an error."""
        return bool(self.property("error"))

    def text(self) -> str:
        """Everything the bar says, as one text."""
        return "\n".join(part for part in (self._message.text(), self._action.text(), self._details.text()) if part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _set(self, message: str, action: str, details: str, *, error: bool) -> None:
        self._message.setText(message)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._details.setText(details)
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self._details.hide()
        self._copy.setVisible(error)
        self._sign.setPixmap(icon("warning" if error else "info").pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.setProperty("error", error)
        for part in (self, self._message, self._action, self._details):
            part.style().unpolish(part)
            part.style().polish(part)
        self.show()
