"""The pictures as an item model, and how one of them is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from studio.ui.describe.recipes import recipe_name, without_date
from studio.ui.theme import SPACE_M, SPACE_S, colors, icon
from studio.ui.thumbnails import FileThumbnails
from studio.ui.widgets.starred_files import BADGE, FILE_ROLE, Index, StarredFiles, StarredTiles

if TYPE_CHECKING:
    from studio.gallery import Picture

_CAPTION = 20


class PictureModel(StarredFiles["Picture"]):
    """The pictures that are shown, newest first."""

    def tip(self, file: Picture) -> str:
        """Name, how it was made, size."""
        made = "" if file.recipe is None else f"{recipe_name(file.recipe)}\n"
        return f"{file.path.name}\n{made}{file.width} × {file.height}"


class PictureDelegate(StarredTiles["Picture"]):
    """Paints the whole picture on a quiet tile, its name below, a star in the corner."""

    def __init__(self, thumbnails: FileThumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.side = 168
        self.cell = QSize(self.side + 2 * SPACE_M, self.side + 2 * SPACE_M + _CAPTION)

    def set_cell(self, side: int, width: int) -> None:
        """Pictures of at most ``side`` pixels in cells ``width`` wide."""
        self.side = side
        self.cell = QSize(width, side + 2 * SPACE_M + _CAPTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        picture: Picture | None = index.data(FILE_ROLE)
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
        image = self._thumbnails.get(picture, 256 if self.side * ratio <= 256 else 512)
        if image is None or image.isNull():
            shown = _fitted(QSize(max(1, picture.width), max(1, picture.height)), area)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.raised if image is None else c.window))
            painter.drawRoundedRect(shown, 4, 4)
            if image is not None:
                icon("warning").paint(painter, QRect(area.center() - QPoint(14, 14), QSize(28, 28)))
        else:
            shown = _fitted(image.size(), area)
            painter.save()
            path = QPainterPath()
            path.addRoundedRect(shown, 4, 4)
            painter.setClipPath(path)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shown.width() * ratio < image.width() * 3)
            painter.drawImage(shown, image, QRectF(image.rect()))
            painter.restore()
        if picture.favourite or hovered:
            self.paint_star(painter, cell, picture)
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

    def _area(self, cell: QRect) -> QRect:
        return QRect(cell.center().x() - self.side // 2, cell.top() + SPACE_M, self.side, self.side)

    def star_rect(self, cell: QRect, file: Picture) -> QRectF:
        """In the corner of the thumbnail."""
        shown = _fitted(QSize(max(1, file.width), max(1, file.height)), self._area(cell))
        return QRectF(shown.right() - BADGE - 4, shown.top() + 4, BADGE, BADGE)


def _fitted(size: QSize, area: QRect) -> QRectF:
    """The rectangle of a picture of ``size`` inside ``area``; small ones are enlarged, as pictures of 64 pixels are."""
    scaled = size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left = area.left() + (area.width() - scaled.width()) / 2
    top = area.top() + (area.height() - scaled.height()) / 2
    return QRectF(left, top, scaled.width(), scaled.height())
