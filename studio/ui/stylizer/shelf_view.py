"""The styles as an item model, how one is painted, and the grid they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QHelpEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from studio.ui.ready_names import ready_text, style_name
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, colors, icon
from studio.ui.widgets.thumbnails import Thumbnails
from studio.ui.widgets.tiles import show_as_tiles

if TYPE_CHECKING:
    from studio.gallery import Style

STYLE_ROLE = Qt.ItemDataRole.UserRole
TILE = 84
_CAPTION = 18
_BADGE = 22

Index = QModelIndex | QPersistentModelIndex


class StyleModel(QAbstractListModel):
    """The styles that are shown, and which of them are in the blend."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._styles: list[Style] = []
        self._rows: dict[Path, int] = {}
        self._used: frozenset[str] = frozenset()

    def set_styles(self, styles: Sequence[Style]) -> None:
        """Show ``styles``; a list that differs in details only keeps rows and selection."""
        same = [style.path for style in styles] == [style.path for style in self._styles]
        if not same:
            self.beginResetModel()
        self._styles = list(styles)
        self._rows = {style.path: row for row, style in enumerate(self._styles)}
        if not same:
            self.endResetModel()
        else:
            self._all_changed()

    def styles(self) -> list[Style]:
        """What is shown."""
        return list(self._styles)

    def style(self, index: Index) -> Style | None:
        """The style at ``index``."""
        return self._styles[index.row()] if index.isValid() and index.row() < len(self._styles) else None

    def set_used(self, hashes: frozenset[str]) -> None:
        """Mark the styles with these hashes as part of the blend."""
        if hashes != self._used:
            self._used = hashes
            self._all_changed()

    def is_used(self, style: Style) -> bool:
        """Whether a style is part of the blend."""
        return style.hash in self._used

    def touch(self, path: Path) -> None:
        """Have the style at ``path`` painted again."""
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._styles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        style = self.style(index)
        if style is None:
            return None
        if role == STYLE_ROLE:
            return style
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return style_name(style)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(style)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else base

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        found = [style for style in map(self.style, indexes) if style is not None]
        mime.setUrls([QUrl.fromLocalFile(str(style.path)) for style in found])
        return mime

    def _all_changed(self) -> None:
        if self._styles:
            self.dataChanged.emit(self.index(0), self.index(len(self._styles) - 1))

    def _tip(self, style: Style) -> str:
        if style.ready:
            lines = [f"{style_name(style)}: {ready_text(style.medium)}", f"{style.credit}, {style.licence}"]
        else:
            lines = [style.path.name, f"{style.width} × {style.height}"]
        lines.append(self.tr("Click: add to the blend. Double-click: this style alone."))
        return "\n".join(lines)


class StyleDelegate(QStyledItemDelegate):
    """Paints a square of the style, its name below, a star, and a tick when it is in the blend."""

    starClicked = Signal(object)
    """The ``Style`` whose star was clicked."""

    def __init__(self, thumbnails: Thumbnails, model: StyleModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._model = model
        self.cell = QSize(TILE, TILE + _CAPTION)

    def set_width(self, width: int) -> None:
        """Cells of this width."""
        self.cell = QSize(width, width + _CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style: Style | None = index.data(STYLE_ROLE)
        if style is None:
            return
        c = colors()
        state = option.state  # type: ignore[attr-defined]
        cell: QRect = option.rect  # type: ignore[attr-defined]
        selected, hovered = (
            bool(state & QStyle.StateFlag.State_Selected),
            bool(state & QStyle.StateFlag.State_MouseOver),
        )
        used = self._model.is_used(style)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self._area(cell))
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._thumbnails.get(style, 256 if area.width() * ratio <= 256 else 512)
        path = QPainterPath()
        path.addRoundedRect(area, 5, 5)
        if pixmap is None or pixmap.isNull():
            painter.fillPath(path, QColor(c.raised))
            if pixmap is not None:
                icon("warning").paint(painter, QRect(area.center().toPoint() - QPoint(12, 12), QSize(24, 24)))
        else:
            side = min(pixmap.width(), pixmap.height())
            cut = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
            painter.setClipPath(path)
            painter.drawPixmap(area, pixmap, cut)
            painter.setClipping(False)
        if used or selected or hovered or bool(state & QStyle.StateFlag.State_HasFocus):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.focus if used or selected else c.muted), 2 if used or selected else 1))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if used:
            self._paint_badge(
                painter, QRectF(area.left() + 4, area.top() + 4, _BADGE, _BADGE), "check", QColor(c.accent)
            )
        if style.favourite or hovered:
            glyph = "star" if style.favourite else "star-outline"
            self._paint_badge(painter, self.star_rect(cell), glyph, QColor(0, 0, 0, 130))
        caption = QRect(cell.left() + 2, cell.bottom() - _CAPTION, cell.width() - 4, _CAPTION)
        painter.setPen(QColor(c.text if selected or hovered or used else c.muted))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        text = painter.fontMetrics().elidedText(style_name(style), Qt.TextElideMode.ElideRight, caption.width())
        painter.drawText(caption, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        if (
            event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and (style := index.data(STYLE_ROLE)) is not None
            and self.star_rect(option.rect).contains(event.position())  # type: ignore[attr-defined]
        ):
            if event.type() == QEvent.Type.MouseButtonPress:
                self.starClicked.emit(style)
            return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if index.isValid() and self.star_rect(rect).contains(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), self.tr("Favourite (Ctrl+D)"), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _area(self, cell: QRect) -> QRect:
        return cell.adjusted(SPACE_S, SPACE_S, -SPACE_S, -_CAPTION - 1)

    def star_rect(self, cell: QRect) -> QRectF:
        """Where the star is, in the corner of the tile."""
        area = self._area(cell)
        return QRectF(area.right() - _BADGE - 3, area.top() + 4, _BADGE, _BADGE)

    def _paint_badge(self, painter: QPainter, place: QRectF, glyph: str, ground: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(place)
        icon(glyph).paint(painter, place.toRect().adjusted(4, 4, -4, -4), state=QIcon.State.On)


class StyleView(QListView):
    """The grid. A plain click picks, with Ctrl or Shift it selects; styles are dragged out as files."""

    picked = Signal(object)
    """A ``Style`` to add to the blend."""
    pickedAlone = Signal(object)
    """A ``Style`` to be the only one."""

    def __init__(self, model: StyleModel, delegate: StyleDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._pressed: QPoint | None = None
        self._empty = ""
        self.setModel(model)
        self.setItemDelegate(delegate)
        show_as_tiles(self, "style-view")
        self.setAccessibleName(self.tr("Style library"))

    def set_empty_text(self, text: str) -> None:
        """What is written when there is no style."""
        self._empty = text
        self.viewport().update()

    def selected(self) -> list[Style]:
        """The selected styles in the order shown."""
        rows = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [index.data(STYLE_ROLE) for index in rows]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = at if plain and not self._on_star(at) else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if pressed is not None and (at - pressed).manhattanLength() < QApplication.startDragDistance():
            style = self.indexAt(at).data(STYLE_ROLE) if self.indexAt(at).isValid() else None
            if style is not None and self.indexAt(at) == self.indexAt(pressed):
                self.picked.emit(style)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        super().mouseDoubleClickEvent(event)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton and not self._on_star(at):
            self.pickedAlone.emit(index.data(STYLE_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            alone = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.pickedAlone if alone else self.picked).emit(index.data(STYLE_ROLE))
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()  # the shelf around us takes what is dropped

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0 and self._empty:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(colors().muted))
            room = self.viewport().rect().adjusted(SPACE_M, SPACE_L, -SPACE_M, -SPACE_L)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap), self._empty)

    def _on_star(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        return index.isValid() and self._delegate.star_rect(self.visualRect(index)).contains(QPointF(at))

    def _arrange(self) -> None:
        # One pixel less: at an exact fit the view may still break the row.
        width = max(1, self.viewport().width() - 1)
        cell = max(1, width // max(1, width // TILE))
        self._delegate.set_width(cell)
        if self._delegate.cell != self.gridSize():
            self.setGridSize(self._delegate.cell)
