"""Lists of pictures as tiles that wrap, to be picked and dragged out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from studio.ui.widgets.scrolling import keep_vertical_bar


def show_as_tiles(view: QListView, name: str) -> None:
    """Make ``view`` a wall of tiles; ``name`` becomes its object name, by which it is styled."""
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setDragEnabled(True)
    view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalScrollBar().setSingleStep(24)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    keep_vertical_bar(view)
    view.setMouseTracking(True)
    view.setObjectName(name)
    # The current picture shows the focus; a frame around all of them would be too much.
    view.setStyleSheet(f"#{name}, #{name}:focus {{ background: palette(window); border: none; border-radius: 0; }}")
