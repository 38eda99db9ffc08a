"""The styles as an item model, how one is painted, and the grid they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QHelpEvent,
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
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from studio.ui.describe.style_names import ready_text, style_name
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, colors, icon
from studio.ui.thumbnails import FileThumbnails
from studio.ui.widgets.starred_files import BADGE, FILE_ROLE, Index, StarredFiles, StarredTiles, paint_badge
from studio.ui.widgets.tiles import show_as_tiles

if TYPE_CHECKING:
    from studio.gallery import Style

TILE = 84
_CAPTION = 18
_BLENDS = Qt.KeyboardModifier.ControlModifier


class StyleModel(StarredFiles["Style"]):
    """The styles that are shown, and which of them are in the blend."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._used: frozenset[str] = frozenset()

    def set_used(self, hashes: frozenset[str]) -> None:
        """Mark the styles with these hashes as part of the blend."""
        if hashes != self._used:
            self._used = hashes
            self.touch_all()

    def is_used(self, style: Style) -> bool:
        """Return whether a style is part of the blend."""
        return style.hash in self._used

    def name(self, file: Style) -> str:
        """In the language of the window."""
        return style_name(file)

    def tip(self, file: Style) -> str:
        """A tooltip: what the style is, whose it is, and what a click does."""
        if file.ready:
            lines = [f"{style_name(file)}: {ready_text(file.medium)}", f"{file.credit}, {file.licence}"]
        else:
            lines = [file.path.name, f"{file.width} × {file.height}"]
        lines.append(self.tr("Click: try this style alone. + or Ctrl and a click: blend it in, or take it out."))
        return "\n".join(lines)


class StyleDelegate(StarredTiles["Style"]):
    """Paints a square of the style, its name below, a star, a tick when it is in the blend, and a plus to blend in."""

    blendClicked = Signal(object)
    """The ``Style`` whose plus, or minus when it is in the blend, was clicked."""

    def __init__(self, thumbnails: FileThumbnails, model: StyleModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._model = model
        self.cell = QSize(TILE, TILE + _CAPTION)

    def set_width(self, width: int) -> None:
        """Cells of this width."""
        self.cell = QSize(width, width + _CAPTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style: Style | None = index.data(FILE_ROLE)
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
        image = self._thumbnails.get(style, 256 if area.width() * ratio <= 256 else 512)
        path = QPainterPath()
        path.addRoundedRect(area, 5, 5)
        if image is None or image.isNull():
            painter.fillPath(path, QColor(c.raised))
            if image is not None:
                icon("warning").paint(painter, QRect(area.center().toPoint() - QPoint(12, 12), QSize(24, 24)))
        else:
            side = min(image.width(), image.height())
            cut = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
            painter.setClipPath(path)
            painter.drawImage(area, image, cut)
            painter.setClipping(False)
        if used or selected or hovered or bool(state & QStyle.StateFlag.State_HasFocus):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.focus if used or selected else c.muted), 2 if used or selected else 1))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if hovered:
            ground = QColor(c.accent) if used else QColor(0, 0, 0, 150)
            paint_badge(painter, self.blend_rect(cell), "remove" if used else "add", ground)
        elif used:
            paint_badge(painter, self.blend_rect(cell), "check", QColor(c.accent))
        if style.favourite or hovered:
            self.paint_star(painter, cell, style)
        caption = QRect(cell.left() + 2, cell.bottom() - _CAPTION, cell.width() - 4, _CAPTION)
        painter.setPen(QColor(c.text if selected or hovered or used else c.muted))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        text = painter.fontMetrics().elidedText(style_name(style), Qt.TextElideMode.ElideRight, caption.width())
        painter.drawText(caption, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def _area(self, cell: QRect) -> QRect:
        return cell.adjusted(SPACE_S, SPACE_S, -SPACE_S, -_CAPTION - 1)

    def star_rect(self, cell: QRect, file: Style) -> QRectF:
        """In the corner of the tile."""
        area = self._area(cell)
        return QRectF(area.right() - BADGE - 3, area.top() + 4, BADGE, BADGE)

    def blend_rect(self, cell: QRect) -> QRectF:
        """The plus in the corner of a tile where no tooltip covers it; the tick is there while the mouse is not."""
        area = self._area(cell)
        return QRectF(area.left() + 4, area.top() + 4, BADGE, BADGE)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        if (
            event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and (style := index.data(FILE_ROLE)) is not None
            and self.blend_rect(option.rect).contains(event.position())  # type: ignore[attr-defined]
        ):
            if event.type() == QEvent.Type.MouseButtonPress:
                self.blendClicked.emit(style)
            return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        style: Style | None = index.data(FILE_ROLE) if index.isValid() else None
        if style is not None and self.blend_rect(rect).contains(QPointF(event.pos())):
            used = self._model.is_used(style)
            tip = self.tr("Take this style out of the blend") if used else self.tr("Blend this style in")
            QToolTip.showText(event.globalPos(), tip, view)
            return True
        return super().helpEvent(event, view, option, index)


class StyleView(QListView):
    """The grid. A click tries a style alone, with Ctrl it is blended in; Shift selects; styles are dragged out."""

    picked = Signal(object)
    """A ``Style`` to be tried alone."""
    blended = Signal(object)
    """A ``Style`` to be blended in, or taken out when it is in the blend."""

    def __init__(self, model: StyleModel, delegate: StyleDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._pressed: QPoint | None = None
        self._empty = ""
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.blendClicked.connect(self.blended)
        show_as_tiles(self, "style-view")
        self.setAccessibleName(self.tr("Style library"))

    def set_empty_text(self, text: str) -> None:
        """Set the text shown when there is no style."""
        self._empty = text
        self.viewport().update()

    def selected(self) -> list[Style]:
        """The selected styles in the order shown."""
        rows = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [index.data(FILE_ROLE) for index in rows]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        left = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & ~_BLENDS
        self._pressed = at if left and not self._on_badge(at) else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        if pressed is not None and (at - pressed).manhattanLength() < QApplication.startDragDistance():
            style = self.indexAt(at).data(FILE_ROLE) if self.indexAt(at).isValid() else None
            if style is not None and self.indexAt(at) == self.indexAt(pressed):
                (self.blended if event.modifiers() & _BLENDS else self.picked).emit(style)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        blends = bool(event.modifiers() & _BLENDS)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            (self.blended if blends else self.picked).emit(index.data(FILE_ROLE))
        elif event.key() == Qt.Key.Key_Plus and not blends and index.isValid():
            self.blended.emit(index.data(FILE_ROLE))
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()  # the library around us takes what is dropped

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

    def _on_badge(self, at: QPoint) -> bool:
        """Return whether the star or the plus of a tile is there."""
        index = self.indexAt(at)
        style: Style | None = index.data(FILE_ROLE) if index.isValid() else None
        if style is None:
            return False
        cell = self.visualRect(index)
        badges = self._delegate.star_rect(cell, style), self._delegate.blend_rect(cell)
        return any(badge.contains(QPointF(at)) for badge in badges)

    def _arrange(self) -> None:
        # One pixel less: at an exact fit the view may still break the row.
        width = max(1, self.viewport().width() - 1)
        cell = max(1, width // max(1, width // TILE))
        self._delegate.set_width(cell)
        if self._delegate.cell != self.gridSize():
            self.setGridSize(self._delegate.cell)
