"""The pictures as an item model, and how one of them is painted."""

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
from PySide6.QtGui import QColor, QHelpEvent, QIcon, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from studio.ui.recipe_text import recipe_name, without_date
from studio.ui.theme import SPACE_M, SPACE_S, colors, icon
from studio.ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from studio.gallery import Picture

PICTURE_ROLE = Qt.ItemDataRole.UserRole
_CAPTION = 20
_STAR = 22

Index = QModelIndex | QPersistentModelIndex


class PictureModel(QAbstractListModel):
    """The pictures that are shown, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[Picture] = []
        self._rows: dict[Path, int] = {}

    def set_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show ``pictures``; a list that differs in details only keeps rows and selection."""
        same = [picture.path for picture in pictures] == [picture.path for picture in self._pictures]
        if not same:
            self.beginResetModel()
        self._pictures = list(pictures)
        self._rows = {picture.path: row for row, picture in enumerate(self._pictures)}
        if not same:
            self.endResetModel()
        elif self._pictures:
            self.dataChanged.emit(self.index(0), self.index(len(self._pictures) - 1))

    def pictures(self) -> list[Picture]:
        """What is shown."""
        return list(self._pictures)

    def picture(self, index: Index) -> Picture | None:
        """The picture at ``index``."""
        return self._pictures[index.row()] if index.isValid() and index.row() < len(self._pictures) else None

    def index_of(self, path: Path) -> QModelIndex:
        """Where the picture at ``path`` is; invalid when it is not shown."""
        row = self._rows.get(path)
        return QModelIndex() if row is None else self.index(row)

    def replace(self, picture: Picture) -> None:
        """Show the new state of a picture that is shown."""
        row = self._rows.get(picture.path)
        if row is not None:
            self._pictures[row] = picture
            self.dataChanged.emit(self.index(row), self.index(row))

    def touch(self, path: Path) -> None:
        """Have the picture painted again."""
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        picture = self.picture(index)
        if picture is None:
            return None
        if role == PICTURE_ROLE:
            return picture
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return picture.path.stem
        if role == Qt.ItemDataRole.ToolTipRole:
            made = "" if picture.recipe is None else f"{recipe_name(picture.recipe)}\n"
            return f"{picture.path.name}\n{made}{picture.width} × {picture.height}"
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
        found = [picture for picture in map(self.picture, indexes) if picture is not None]
        mime.setUrls([QUrl.fromLocalFile(str(picture.path)) for picture in found])
        return mime


class PictureDelegate(QStyledItemDelegate):
    """Paints the whole picture on a quiet tile, its name below, a star in the corner."""

    starClicked = Signal(object)
    """The ``Picture`` whose star was clicked."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.side = 168
        self.cell = QSize(self.side + 2 * SPACE_M, self.side + 2 * SPACE_M + _CAPTION)

    def set_cell(self, side: int, width: int) -> None:
        """Pictures of at most ``side`` pixels in cells ``width`` wide."""
        self.side = side
        self.cell = QSize(width, side + 2 * SPACE_M + _CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        picture: Picture | None = index.data(PICTURE_ROLE)
        if picture is None:
            return
        c = colors()
        state = option.state  # type: ignore[attr-defined]
        cell: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        tile = QRectF(cell).adjusted(3, 3, -3, -3)
        if selected or hovered:
            fill = QColor(c.accent if selected else c.raised)
            fill.setAlphaF(0.38 if selected else 0.75)
            painter.setPen(QPen(QColor(c.focus), 1.5) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(tile, 7, 7)
        elif focused:
            painter.setPen(QPen(QColor(c.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile, 7, 7)

        area = self._area(cell)
        ratio = painter.device().devicePixelRatioF()
        # Two sizes are kept on disk; painting scales down from the larger that is needed.
        pixmap = self._thumbnails.get(picture, 256 if self.side * ratio <= 256 else 512)
        if pixmap is None or pixmap.isNull():
            shown = _fitted(QSize(max(1, picture.width), max(1, picture.height)), area)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.raised if pixmap is None else c.window))
            painter.drawRoundedRect(shown, 4, 4)
            if pixmap is not None:
                icon("warning").paint(painter, QRect(area.center() - QPoint(14, 14), QSize(28, 28)))
        else:
            shown = _fitted(pixmap.size(), area)
            painter.save()
            path = QPainterPath()
            path.addRoundedRect(shown, 4, 4)
            painter.setClipPath(path)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shown.width() * ratio < pixmap.width() * 3)
            painter.drawPixmap(shown, pixmap, QRectF(pixmap.rect()))
            painter.restore()
        if picture.favourite or hovered:
            self._paint_star(painter, self.star_rect(cell, picture), picture.favourite)
        caption = QRect(cell.left() + SPACE_M, cell.bottom() - _CAPTION - SPACE_S, cell.width() - 2 * SPACE_M, _CAPTION)
        painter.setPen(QColor(c.text if selected or hovered else c.muted))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        text = painter.fontMetrics().elidedText(
            without_date(picture.path.stem), Qt.TextElideMode.ElideMiddle, caption.width()
        )
        painter.drawText(caption, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: object,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if (
            event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and (picture := index.data(PICTURE_ROLE)) is not None
            and self.star_rect(option.rect, picture).contains(event.position())  # type: ignore[attr-defined]
        ):
            if event.type() == QEvent.Type.MouseButtonPress:
                self.starClicked.emit(picture)
            return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        picture: Picture | None = index.data(PICTURE_ROLE) if index.isValid() else None
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if picture is not None and self.star_rect(rect, picture).contains(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), self.tr("Favourite (Ctrl+D)"), view)
            return True
        return super().helpEvent(event, view, option, index)

    def _area(self, cell: QRect) -> QRect:
        return QRect(cell.center().x() - self.side // 2, cell.top() + SPACE_M, self.side, self.side)

    def star_rect(self, cell: QRect, picture: Picture) -> QRectF:
        """Where the star of ``picture`` is, in the corner of its thumbnail."""
        shown = _fitted(QSize(max(1, picture.width), max(1, picture.height)), self._area(cell))
        return QRectF(shown.right() - _STAR - 4, shown.top() + 4, _STAR, _STAR)

    def _paint_star(self, painter: QPainter, star: QRectF, favourite: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 130))
        painter.drawEllipse(star)
        glyph = star.toRect().adjusted(4, 4, -4, -4)
        # "On" is drawn for a coloured ground: white in both themes.
        icon("star" if favourite else "star-outline").paint(painter, glyph, state=QIcon.State.On)


def _fitted(size: QSize, area: QRect) -> QRectF:
    """The rectangle of a picture of ``size`` inside ``area``; small ones are enlarged, as pictures of 64 pixels are."""
    scaled = size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left = area.left() + (area.width() - scaled.width()) / 2
    top = area.top() + (area.height() - scaled.height()) / 2
    return QRectF(left, top, scaled.width(), scaled.height())
