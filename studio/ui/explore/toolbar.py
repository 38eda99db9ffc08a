"""The slim bar of tools beside the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from studio.ui.command import with_keys
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import enable_unless
from studio.worker import ModelInfo

WIDTH = 74


class ToolBar(QFrame):
    """One button a tool; the one in hand is down."""

    chosen = Signal(str)
    """The name of a tool that was clicked."""

    def __init__(self, tools: Sequence[Tool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool-bar")
        self.setFixedWidth(WIDTH)
        self._tools = {tool.name: tool for tool in tools}
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        layout.setSpacing(SPACE_S)
        for tool in tools:
            button = QToolButton(self)
            button.setIcon(icon(tool.glyph, plain=True))
            button.setIconSize(QSize(22, 22))
            button.setText(tool.title())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setFixedWidth(WIDTH - 2 * SPACE_S)
            button.setToolTip(with_keys(tool.tip(), tool.command))
            button.setAccessibleName(tool.title())
            button.clicked.connect(lambda _=False, name=tool.name: self.chosen.emit(name))
            group.addButton(button)
            layout.addWidget(button)
            self._buttons[tool.name] = button
        layout.addStretch(1)

    def button(self, name: str) -> QToolButton:
        """The button of a tool."""
        return self._buttons[name]

    def show_tool(self, name: str) -> None:
        """Press the button of the tool in hand."""
        self._buttons[name].setChecked(True)

    def show_network(self, network: ModelInfo | None) -> None:
        """Grey out the tools that cannot be used with ``network``; their tips say why."""
        for name, button in self._buttons.items():
            enable_unless(button, self._tools[name].missing(network))
