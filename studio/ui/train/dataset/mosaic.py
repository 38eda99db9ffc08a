"""The pictures as the network will see them, as one mosaic of squares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.theme import colors
from studio.ui.widgets import to_qimage
from studio.ui.widgets.scrolling import keep_vertical_bar

TILE = 84
"""Wanted side of a square, in device-independent pixels."""

Index = QModelIndex | QPersistentModelIndex


class _Tiles(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tiles: list[tuple[Path, QImage]] = []
        self.places: list[int] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        path, image = self.tiles[index.row()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return path.name
        return image if role == Qt.ItemDataRole.UserRole else None

    def clear(self) -> None:
        self.beginResetModel()
        self.tiles, self.places = [], []
        self.endResetModel()

    def add(self, path: Path, image: QImage, place: int) -> None:
        self.beginInsertRows(QModelIndex(), len(self.tiles), len(self.tiles))
        self.tiles.append((path, image))
        self.places.append(place)
        self.endInsertRows()


class _TileDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        image: QImage = index.data(Qt.ItemDataRole.UserRole)
        rect = option.rect.adjusted(1, 1, -1, -1)  # type: ignore[attr-defined]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, image)
        state = option.state  # type: ignore[attr-defined]
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            painter.setPen(QColor(colors().focus))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        assert isinstance(view, QListView)
        return view.gridSize()


class Mosaic(QListView):
    """Squares that fill the width; a double-click or Return asks to crop the picture."""

    wanted = Signal(object, int)
    """The ``Path`` of a square that was double-clicked, and its place as it was added."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Tiles(self)
        self.setModel(self._model)
        self.setItemDelegate(_TileDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        keep_vertical_bar(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setGridSize(QSize(TILE, TILE))
        self.setAccessibleName(self.tr("The pictures as the network will see them"))
        self.activated.connect(self._on_activated)

    def clear(self) -> None:
        """Take all squares away."""
        self._model.clear()

    def add(self, path: Path, picture: NDArray[np.uint8], place: int = -1) -> None:
        """Add the square of ``path``; uint8 (side, side, 3). ``place`` comes back with :attr:`wanted`."""
        self._model.add(path, to_qimage(picture), place)

    def _on_activated(self, index: QModelIndex) -> None:
        row = index.row()
        if self._model.places[row] >= 0:
            self.wanted.emit(self._model.tiles[row][0], self._model.places[row])

    def count(self) -> int:
        """Number of squares."""
        return self._model.rowCount()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.viewport().width() - 1
        side = max(32, width // max(1, round(width / TILE)))
        self.setGridSize(QSize(side, side))
        super().resizeEvent(event)
