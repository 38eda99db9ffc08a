"""A list of small pictures, each with its recipe: the sheet and the picks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from studio.recipes import LatentSeed, SampleRecipe
from studio.ui.theme import SPACE_L, colors
from studio.ui.widgets import to_qimage

_ROLE = Qt.ItemDataRole.UserRole


class RecipeList(QListWidget):
    """Pictures in a grid or a row. Items carry a :class:`SampleRecipe`."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._placeholder = ""
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(side, side))
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setMovement(QListView.Movement.Static)
        self.setSpacing(4)

    def set_placeholder(self, text: str) -> None:
        """Set the text shown while the list is empty."""
        self._placeholder = text
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.isWrapping():  # the columns share the width evenly
            width = max(1, self.viewport().width() - 1)
            cell = QSize(width // max(1, width // (self._side + 12)), self._side + 28)
            if cell != self.gridSize():
                self.setGridSize(cell)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.count() == 0 and self._placeholder:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(colors().muted))
            room = self.viewport().rect().adjusted(SPACE_L, 0, -SPACE_L, 0)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._placeholder)

    def add(self, recipe: SampleRecipe, image: NDArray[np.uint8] | None = None) -> QListWidgetItem:
        """Append a recipe; without a picture it shows an empty square for now."""
        item = QListWidgetItem(self._icon(image), "")
        item.setData(_ROLE, recipe.model_dump_json())
        if isinstance(recipe.latent, LatentSeed):
            item.setText(str(recipe.latent.seed))
        item.setSizeHint(QSize(self._side + 8, self._side + 24))
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        self.addItem(item)
        return item

    def set_image(self, row: int, image: NDArray[np.uint8]) -> None:
        """Give the item in ``row`` its picture."""
        item = self.item(row)
        if item is not None:
            item.setIcon(self._icon(image))

    def recipe(self, item: QListWidgetItem) -> SampleRecipe:
        """The recipe of an item."""
        return SampleRecipe.model_validate_json(item.data(_ROLE))

    def recipes(self) -> list[SampleRecipe]:
        """All recipes in the order shown."""
        return [self.recipe(self.item(row)) for row in range(self.count())]

    def selected(self) -> list[QListWidgetItem]:
        """The selected items in the order shown."""
        return sorted(self.selectedItems(), key=self.row)

    def _icon(self, image: NDArray[np.uint8] | None) -> QIcon:
        ratio = self.devicePixelRatioF()
        side = round(self._side * ratio)
        if image is None:
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
        else:
            smooth = Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(to_qimage(image)).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        pixmap.setDevicePixelRatio(ratio)
        result = QIcon(pixmap)
        # Selected pictures keep their colours: one is judging them.
        result.addPixmap(pixmap, QIcon.Mode.Selected)
        return result
