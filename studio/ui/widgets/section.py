"""A collapsible group of controls."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.ui.help import HelpButton, explain
from studio.ui.theme import SPACE_M, SPACE_S, icon


class Section(QWidget):
    """A titled group that opens and closes. Put controls into ``body``."""

    toggled = Signal(bool)
    """Opened (True) or closed."""

    def __init__(self, title: str, parent: QWidget | None = None, *, expanded: bool = True, topic: str = "") -> None:
        """A group called ``title``; ``topic``: what a "?" beside it and F1 explain."""
        super().__init__(parent)
        self._header = QToolButton(self)
        self._header.setObjectName("section-header")
        self._header.setText(title)
        self._header.setToolTip(self.tr("Show or hide what belongs to it"))
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setIconSize(QSize(12, 12))
        self._header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header.clicked.connect(lambda: self.set_expanded(not self.is_expanded()))
        self._content = QWidget(self)
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_M)
        self.body.setSpacing(SPACE_M)
        line = QFrame(self)
        line.setObjectName("section-line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        header = QHBoxLayout()
        header.setSpacing(0)
        header.addWidget(self._header, 1)
        if topic:
            explain(self, topic)
            header.addWidget(HelpButton(topic, self))
        layout.addLayout(header)
        layout.addWidget(self._content)
        layout.addWidget(line)
        self._expanded = not expanded
        self.set_expanded(expanded)

    def title(self) -> str:
        """The title shown."""
        return self._header.text()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._header.setText(title)

    def is_expanded(self) -> bool:
        """Return whether the body is shown."""
        return self._expanded

    def set_expanded(self, expanded: bool) -> None:
        """Open or close."""
        if expanded == self._expanded:
            return
        self._expanded = expanded
        self._content.setVisible(expanded)
        self._header.setIcon(icon("down" if expanded else "right"))
        self.toggled.emit(expanded)
