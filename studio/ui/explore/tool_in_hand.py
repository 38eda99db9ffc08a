"""The tool in hand: which one it is, its controls in the column, its page or overlay in the picture's place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from studio.ui.explore.column import ToolColumn
from studio.ui.explore.toolbar import ToolBar
from studio.ui.explore.tools import Tool, Toolbox
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.widgets import Canvas

_BUILD_MS = 400
"""From the first picture until the tools are built that nobody has asked for."""


class ToolInHand(QObject):
    """Puts one tool down and takes another; builds those that nobody asked for when there is time.

    Parameters
    ----------
    bar, column : what shows which one it is, and its controls.
    stack : the picture's place, with ``canvas`` in it; pages of tools come beside it.
    room : what has the keyboard's focus.
    """

    changed = Signal()
    """Another tool is in hand, or the same was chosen again."""
    pageComing = Signal()
    """A page is about to come into the picture's place."""

    def __init__(
        self,
        tools: Toolbox,
        bar: ToolBar,
        column: ToolColumn,
        stack: QStackedWidget,
        canvas: Canvas,
        room: QWidget,
    ) -> None:
        super().__init__(room)
        self._tools, self._bar, self._column, self._stack, self._canvas = tools, bar, column, stack, canvas
        self._room = room
        self.tool: Tool = tools[PictureTool]
        self._before = self.tool.name
        self._builds = QTimer(self)
        self._builds.setSingleShot(True)
        self._builds.setInterval(_BUILD_MS)
        self._builds.timeout.connect(self._build_next)
        bar.chosen.connect(self.take)
        for tool in tools.as_they_are():
            tool.pageChanged.connect(self._show_page)

    def take(self, name: str) -> None:
        """Take a tool in hand: its controls come into the column, and its page, if any, into the picture's place."""
        tool, other = self._tools.named(name), name != self.tool.name
        assert tool is not None, name
        tool.ready()
        if other:
            self.tool.put_down()
            self._before = "picture" if self.tool.page() is not None else self.tool.name
            self.tool = tool
        self._bar.show_tool(name)
        self._column.show_tool(name)
        if tool.page() is not None:
            self.pageComing.emit()
        tool.take()
        self._show_page()
        if other and isinstance(self._room.focusWidget(), QLineEdit):
            # The controls that were hidden have handed the keys to a field, which would swallow those of commands.
            (tool.page() or self._canvas).setFocus()
        self.changed.emit()

    def missing(self, tool: Tool) -> str:
        """Sentence on what has to be done before ``tool`` can be taken in hand; empty: nothing."""
        if tool.context.model.value is None:
            return self.tr("Wait for the first picture, or add a model.")
        return tool.missing(tool.context.network)

    def hand_back(self) -> None:
        """Take up the tool again that was in hand before."""
        self.take(self._before)

    def toggle(self, name: str) -> None:
        """Take a tool in hand, or put it down when it is."""
        if self.tool.name == name:
            self.hand_back()
        else:
            self.take(name)

    def to_picture(self) -> None:
        """Show the picture: put a tool down that has a page in its place."""
        if self.tool.page() is not None:
            self.take("picture")

    def build_others_soon(self) -> None:
        """Build the tools that were not asked for yet, so that none is waited for later."""
        self._builds.start()

    def close_down(self) -> None:
        """Stop all tools: the window is closing."""
        self._builds.stop()
        for tool in self._tools.as_they_are():
            if tool.is_built:
                tool.close_down()

    def _build_next(self) -> None:
        """Build one, between events."""
        left = [tool for tool in self._tools.as_they_are() if not tool.is_built]
        for tool in left[:1]:
            tool.ready()
        if len(left) > 1:
            self._builds.start(0)

    def _show_page(self) -> None:
        page = self.tool.page()
        self._canvas.set_overlay(self.tool.overlay())
        if page is None:
            self._stack.setCurrentWidget(self._canvas)
            return
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus()
