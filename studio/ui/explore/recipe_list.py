"""A list of small pictures, each with its recipe: picks, history, the sheet and other pages of samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QIcon,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from studio.recipes import LatentMix, LatentSeed, LatentW, PhotoSquare, SampleRecipe, dumps, recipe_hash
from studio.ui.describe.recipes import recipe_name
from studio.ui.explore.previews import SamplePreviews
from studio.ui.theme import SPACE_L, colors
from studio.ui.widgets import to_qimage

MIME = "application/x-latent-studio-samples"
"""Samples that are dragged: their recipes, one JSON text a line."""
TEXT_HEIGHT = 20
_LETTERS = 9  # of a photo's name that find room under a small picture
_ROLE = Qt.ItemDataRole.UserRole
_HASH = Qt.ItemDataRole.UserRole + 1


def samples_in(mime: QMimeData) -> list[SampleRecipe]:
    """The samples that are dragged from a list of this room."""
    if not mime.hasFormat(MIME):
        return []
    return [SampleRecipe.model_validate_json(line) for line in bytes(mime.data(MIME).data()).splitlines()]


class _PictureDelegate(QStyledItemDelegate):
    """The picture in the middle of its place, where Qt has it at the top: room for words, of which there are none."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        option.widget.style().drawPrimitive(panel, option, painter, option.widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        mode = QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
        side = QSize(option.decorationSize)
        place = QStyle.alignedRect(option.direction, Qt.AlignmentFlag.AlignCenter, side, option.rect)
        option.icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)


class RecipeList(QListWidget):
    """Pictures in a grid or a row. Items carry a :class:`SampleRecipe`.

    Parameters
    ----------
    side : of the pictures in pixels; when fitted, the least.
    named : whether a word stands under each.
    """

    menuWanted = Signal(object, QPoint)
    """The artist asks what can be done with these samples (a list of ``SampleRecipe``), at this place on the screen."""
    reordered = Signal(object, object)
    """Samples were dragged to another place: the items before, and as they are now."""
    received = Signal(object, int)
    """Samples of another list (a list of ``SampleRecipe``) were dropped before this row."""

    def __init__(self, side: int, parent: QWidget | None = None, *, named: bool = True) -> None:
        super().__init__(parent)
        self._side = self._least = side
        self._named = named
        self._fitted = False
        self._columns = 0
        self._placeholder = ""
        self._previews: SamplePreviews | None = None
        self._drop_row: int | None = None
        self._dragged: list[QListWidgetItem] = []
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(side, side))
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setMovement(QListView.Movement.Static)
        self.setSpacing(4)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.setDragEnabled(True)
        if not named:
            self.setItemDelegate(_PictureDelegate(self))

    # What is shown

    def set_placeholder(self, text: str) -> None:
        """Set the text shown while the list is empty."""
        self._placeholder = text
        self.viewport().update()

    def use_previews(self, previews: SamplePreviews) -> None:
        """Show pictures as soon as ``previews`` has them."""
        self._previews = previews
        previews.arrived.connect(self._show_arrived)

    def set_fitted(self, columns: int = 0) -> None:
        """Make the pictures as large as lets all be seen at once; ``columns`` 0: as many as suit."""
        self._fitted, self._columns = True, columns
        self.setObjectName("sample-page")  # on the grey of the canvas: that is what pictures are judged on
        self.setSpacing(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()

    def accept_order(self) -> None:
        """Let the artist drag samples to other places in a row, and from other lists into it."""
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDragDropMode(QListWidget.DragDropMode.DragDrop)
        self.setDragEnabled(True)

    def show_recipes(self, recipes: Sequence[SampleRecipe]) -> None:
        """Show these and no others; pictures come when they are drawn."""
        self.clear()
        for recipe in recipes:
            self.add(recipe)
        self._fit()

    def add(self, recipe: SampleRecipe, image: NDArray[np.uint8] | None = None) -> QListWidgetItem:
        """Append a recipe; without a picture it shows an empty square until there is one."""
        item = self.make_item(recipe, image)
        self.addItem(item)
        return item

    def add_blank(self) -> None:
        """Append an empty place, such as the corner of a table."""
        item = QListWidgetItem()
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def make_item(self, recipe: SampleRecipe, image: NDArray[np.uint8] | None = None) -> QListWidgetItem:
        """An item that is in no list yet; see :meth:`add`."""
        found = to_qimage(image) if image is not None else None
        if found is None and self._previews is not None:
            found = self._previews.find(recipe)
        item = QListWidgetItem(self._icon(found), "")
        item.setData(_ROLE, recipe.model_dump_json())
        item.setData(_HASH, recipe_hash(recipe))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, recipe_name(recipe))
        if self._named:
            item.setText(self._label(recipe))
        item.setSizeHint(self._cell())
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)  # near its own picture
        return item

    def _label(self, recipe: SampleRecipe) -> str:
        """The seed, or a word for what is of no one seed; others of the same label are numbered."""
        match recipe.latent:
            case LatentSeed(seed=number):
                word = str(number)
            case LatentW(target=PhotoSquare(photo=photo)) if photo.name:
                word = Path(photo.name).stem[:_LETTERS]
            case LatentMix():
                word = self.tr("mix")
            case _:
                word = self.tr("picture")
        used = {item.text() for item in self._items() if item.data(_HASH) != recipe_hash(recipe)}
        same = [item.text() for item in self._items() if item.data(_HASH) == recipe_hash(recipe)]
        if same:
            return same[0]
        label, count = word, 1
        while label in used:
            count += 1
            label = f"{word} ({count})"
        return label

    def set_image(self, row: int, image: NDArray[np.uint8]) -> None:
        """Give the item in ``row`` its picture."""
        item = self.item(row)
        if item is not None:
            item.setIcon(self._icon(to_qimage(image)))

    def row_of(self, recipe: SampleRecipe) -> int | None:
        """The row of the first item with ``recipe``."""
        wanted = recipe_hash(recipe)
        return next((row for row, item in enumerate(self._items()) if item.data(_HASH) == wanted), None)

    def recipe(self, item: QListWidgetItem) -> SampleRecipe:
        """The recipe of an item."""
        return SampleRecipe.model_validate_json(item.data(_ROLE))

    def recipes(self) -> list[SampleRecipe]:
        """All recipes in the order shown."""
        return self.recipes_of(self._items())

    def recipes_of(self, items: Sequence[QListWidgetItem]) -> list[SampleRecipe]:
        """The recipes of items of ours, also of some that are in no list now."""
        return [self.recipe(item) for item in items if self._is_sample(item)]

    def selected(self) -> list[QListWidgetItem]:
        """The selected items in the order shown."""
        return sorted(self.selectedItems(), key=self.row)

    def selected_recipes(self) -> list[SampleRecipe]:
        """The recipes of the selected items, in the order shown."""
        return [self.recipe(item) for item in self.selected()]

    def items_now(self) -> list[QListWidgetItem]:
        """The items in the order shown; see :meth:`set_items`."""
        return self._items()

    def set_items(self, items: Sequence[QListWidgetItem]) -> None:
        """Show these items of ours in this order, and no others."""
        while self.count():
            self.takeItem(0)
        for item in items:
            self.addItem(item)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    @staticmethod
    def _is_sample(item: QListWidgetItem) -> bool:
        return bool(item.data(_ROLE))

    def _show_arrived(self, name: str) -> None:
        for item in self._items():
            if item.data(_HASH) == name and self._previews is not None:
                item.setIcon(self._icon(self._previews.find(self.recipe(item))))

    def _icon(self, image: QImage | None) -> QIcon:
        ratio = self.devicePixelRatioF()
        side = round(max(self._side, self._least) * ratio)
        if image is None:
            pixmap = QPixmap(side, side)
            pixmap.fill(QColor(colors().raised))
        else:
            # A page that grows with the window may show it larger: Qt scales down, never up.
            limit = 512 if self._fitted else side
            smooth = Qt.TransformationMode.SmoothTransformation
            wanted = min(limit, max(image.width(), side)) if self._fitted else side
            pixmap = QPixmap.fromImage(image).scaled(wanted, wanted, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        pixmap.setDevicePixelRatio(ratio)
        result = QIcon(pixmap)
        # Selected pictures keep their colours: one is judging them.
        result.addPixmap(pixmap, QIcon.Mode.Selected)
        return result

    # Size

    def _cell(self) -> QSize:
        return QSize(self._side + 8, self._side + 4 + (TEXT_HEIGHT if self._named else 4))

    def _fit(self) -> None:
        """Choose the largest side with which all samples are in view."""
        if not self._fitted or not self.count():
            return
        room = self.contentsRect().size() - QSize(2, 2)
        text = TEXT_HEIGHT + 4 if self._named else 8
        best, columns = 0, 1
        for tried in [self._columns] if self._columns else range(1, self.count() + 1):
            rows = math.ceil(self.count() / tried)
            side = min(room.width() // tried - 8, room.height() // rows - text)
            if side > best:
                best, columns = side, tried
        rows = math.ceil(self.count() / columns)
        before, self._side = self._side, max(24, best)
        if self._side != before and self._previews is not None:
            for item in filter(self._is_sample, self._items()):
                if self._previews.find(self.recipe(item)) is None:
                    item.setIcon(self._icon(None))
        cell = QSize(self._side + 8, self._side + text)
        # In the middle, side by side: what differs is seen best where the pictures are near each other.
        left, top = (
            max(0, room.width() - columns * cell.width()) // 2,
            max(0, room.height() - rows * cell.height()) // 2,
        )
        self.setViewportMargins(left, top, left, top)
        self.setIconSize(QSize(self._side, self._side))
        self.setGridSize(cell)
        for item in self._items():
            item.setSizeHint(cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._previews is not None:
            for item in filter(self._is_sample, self._items()):  # the empty squares are of the theme
                item.setIcon(self._icon(self._previews.find(self.recipe(item))))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        if self.count() == 0 and self._placeholder:
            painter.setPen(QColor(colors().muted))
            room = self.viewport().rect().adjusted(SPACE_L, 0, -SPACE_L, 0)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._placeholder)
        if self._drop_row is not None:
            painter.setPen(QPen(QColor(colors().focus), 2))
            x = self._place_of(self._drop_row)
            painter.drawLine(x, 4, x, self.viewport().height() - 4)
        painter.end()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            item = self.itemAt(event.pos())
            if item is not None and self._is_sample(item):
                QToolTip.showText(event.globalPos(), self.tip_of(item), self)
                return True
        return super().viewportEvent(event)

    def tip_of(self, item: QListWidgetItem) -> str:
        """The tooltip of an item: its name in full, and what can be done in the list."""
        return "\n".join(part for part in (recipe_name(self.recipe(item)), self.toolTip()) if part)

    def _ask_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is None or not self._is_sample(item):
            return
        chosen = self.selected_recipes() if item.isSelected() else [self.recipe(item)]
        self.menuWanted.emit(chosen, self.viewport().mapToGlobal(at))

    # Dragging

    def mimeTypes(self) -> list[str]:
        return [MIME, "text/plain"]

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        self._dragged = sorted(items, key=self.row)
        recipes = [self.recipe(item) for item in self._dragged]
        mime = QMimeData()
        mime.setData(MIME, QByteArray("\n".join(recipe.model_dump_json() for recipe in recipes).encode()))
        if recipes:
            mime.setText(dumps(recipes[0]))
        return mime

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.acceptDrops() and event.mimeData().hasFormat(MIME):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.acceptDrops() and event.mimeData().hasFormat(MIME):
            self._drop_row = self._row_at(event.position().toPoint())
            self.viewport().update()
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_row = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        row, self._drop_row = self._row_at(event.position().toPoint()), None
        self.viewport().update()
        if event.source() is self:
            self.move_items(self._dragged, row)
        elif recipes := samples_in(event.mimeData()):
            self.received.emit(recipes, row)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def move_items(self, items: Sequence[QListWidgetItem], row: int) -> None:
        """Put ``items`` before the one that is in ``row`` now; beyond the last, at the end."""
        before = self._items()
        moved = [item for item in before if item in items]
        rest = [item for item in before if item not in moved]
        place = sum(1 for item in before[:row] if item not in moved)
        after = [*rest[:place], *moved, *rest[place:]]
        if after == before:
            return
        self.set_items(after)
        for item in moved:
            item.setSelected(True)
        self.reordered.emit(before, after)

    def _row_at(self, at: QPoint) -> int:
        """The row before which something dropped at ``at`` belongs."""
        for row in range(self.count()):
            if at.x() < self.visualItemRect(self.item(row)).center().x():
                return row
        return self.count()

    def _place_of(self, row: int) -> int:
        """The x between the samples where ``row`` begins."""
        if row < self.count():
            return max(1, self.visualItemRect(self.item(row)).left() - 2)
        return self.visualItemRect(self.item(row - 1)).right() + 2 if row else 4
