"""The rail at the left: the five rooms as tabs, settings and help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.ui.command import Command, with_keys
from studio.ui.room_id import RoomId
from studio.ui.shell.rooms import ROOMS
from studio.ui.theme import SPACE_S, icon

WIDTH = 76
HOVER_MS = 350
"""Whoever drags something over a tab for so long means the room, and not what lies behind."""


class RoomTab(QToolButton):
    """The tab of a room. What is dragged over it opens the room; what is dropped on it is taken there."""

    hovered = Signal()
    dropped = Signal(object)
    """``QMimeData``."""

    def __init__(self, takes: Callable[[QMimeData], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._takes = takes
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(HOVER_MS)
        self._linger.timeout.connect(self.hovered)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._linger.start()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._linger.stop()

    def dropEvent(self, event: QDropEvent) -> None:
        self._linger.stop()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.hovered.emit()
        self.dropped.emit(event.mimeData())


class Rail(QFrame):
    """Tabs for the rooms, and buttons for commands below.

    Parameters
    ----------
    takes : whether what is dragged over a tab can be opened.
    """

    wanted = Signal(int)
    """A room (a ``RoomId``) shall be shown."""
    dropped = Signal(object)
    """``QMimeData`` that was dropped on the tab of a room, which is shown now."""

    def __init__(self, takes: Callable[[QMimeData], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 8, 6, 8)
        self._column.setSpacing(SPACE_S)
        self.tabs = QButtonGroup(self)
        for which in RoomId:
            tab = RoomTab(takes)
            tab.setIcon(icon(ROOMS[which].icon, plain=True))
            tab.setIconSize(QSize(26, 26))
            tab.setText(ROOMS[which].title())
            tab.setToolTip(with_keys(ROOMS[which].title(), which.command))
            tab.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, which=which: self.wanted.emit(int(which)))
            tab.hovered.connect(lambda which=which: self.wanted.emit(int(which)))
            tab.dropped.connect(self.dropped)
            self.tabs.addButton(tab, which)
            self._add(tab)
        self._column.addStretch(1)

    def add_command(self, command: Command, text: str) -> None:
        """A small button below for a command that is ever possible."""
        button = QToolButton()
        button.setIcon(icon(command.icon, plain=True))
        button.setIconSize(QSize(20, 20))
        button.setToolTip(with_keys(text, command.id))
        button.setAccessibleName(text)
        button.clicked.connect(lambda: command.run())
        self._add(button)

    def show_room(self, which: RoomId) -> None:
        """Mark the tab of the room that is shown."""
        self.tabs.button(which).setChecked(True)
        # The arrow keys go from tab to tab; the Tab key comes to the one that is shown, not to the first it came to.
        for tab in self.tabs.buttons():
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus if tab.isChecked() else Qt.FocusPolicy.NoFocus)

    def _add(self, button: QToolButton) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._column.addWidget(button)
