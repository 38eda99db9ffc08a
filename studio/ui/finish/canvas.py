"""The canvas of the Finish room: a mask with tools to draw it, and a part of the picture as it will be enlarged."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.restoration.mask_edges import filled_share
from studio.ui.masks.brush import Mask
from studio.ui.masks.canvas import MASK_SIDE, MaskCanvas
from studio.ui.widgets import to_qimage
from studio.ui.widgets.canvas import _Layer

MaskTool = Literal["brush", "lasso", "box", "wand"]
TOLERANCE = 24
"""Levels of 255 by which a colour may differ from the one that the wand clicked, at first."""


class FinishCanvas(MaskCanvas):
    """A :class:`MaskCanvas` with lasso, box and wand, which shows a part of the picture in finer pixels."""

    viewChanged = Signal()
    """Another part of the picture is in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: MaskTool = "brush"
        self._tolerance = TOLERANCE
        self._awaits_filling = False
        self._grow = 0.0
        self._points: list[QPointF] = []  # of a lasso or box, in shares of the picture
        self._detail: tuple[QRect, QImage] | None = None
        self._last_view = QRect()

    # The part in finer pixels

    def set_detail(self, box: QRect, image: NDArray[np.uint8] | None) -> None:
        """Show ``image``, uint8 (h, w, 3 or 4), in place of the part ``box`` (in pixels of the picture), or nothing."""
        self._detail = None if image is None else (box, to_qimage(image))
        self.update()

    def has_detail(self) -> bool:
        """Return whether a part is shown in finer pixels."""
        return self._detail is not None

    def visible_part(self) -> QRect:
        """The part in view, in pixels of the picture."""
        image, target = self.image(), self.image_rect()
        if image is None or target.isEmpty():
            return QRect()
        seen = target.intersected(QRectF(self.rect()))
        scale = image.width() / target.width()
        part = QRectF((seen.topLeft() - target.topLeft()) * scale, seen.size() * scale)
        return part.toAlignedRect().intersected(QRect(0, 0, image.width(), image.height()))

    def _draw(self, painter: QPainter, layer: _Layer, target: QRectF) -> None:
        super()._draw(painter, layer, target)
        if self._detail is None or layer is not self._after or self.is_painting():
            return
        box, image = self._detail
        scale = target.width() / layer.size.width()
        place = QRectF(
            target.left() + box.left() * scale,
            target.top() + box.top() * scale,
            box.width() * scale,
            box.height() * scale,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image, QRectF(image.rect()))

    # The tools

    def set_tool(self, tool: MaskTool) -> None:
        """Set what the left button does while the mask is painted."""
        self._tool = tool
        self._points = []
        self.update()

    def set_tolerance(self, levels: int) -> None:
        """Set the levels of 255 by which a colour may differ from the one that the wand clicks."""
        self._tolerance = levels

    def set_awaits_filling(self, on: bool) -> None:
        """Show the mask while what it says is being filled: the picture is still the one before."""
        if on != self._awaits_filling:
            self._awaits_filling = on
            self.update()

    def _shows_mask(self) -> bool:
        return super()._shows_mask() or self._awaits_filling

    def set_edge(self, grow: float, feather: float) -> None:
        """Set by how much the shown mask grows and how softly it ends, in shares of the picture's long side."""
        self._grow = grow
        self.set_feather(feather)

    def _with_edge(self, mask: Mask) -> Mask:
        return np.asarray(np.round(255 * filled_share(mask > 127, self._grow, self._feather)), np.uint8)

    def _brush_in_hand(self) -> bool:
        return self._tool == "brush"

    def tool(self) -> MaskTool:
        """Return what the left button does while the mask is painted."""
        return self._tool

    def take_mask(self, picture: QImage) -> None:
        """Take ``picture``, stretched over the picture, for the mask."""
        ready = self._ready()
        if ready is not None:
            wanted = picture.scaled(
                ready.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self.show_mask(wanted)
            self.maskPainted.emit()

    def _share_at(self, at: QPointF) -> QPointF:
        target = self.image_rect()
        return QPointF((at.x() - target.left()) / target.width(), (at.y() - target.top()) / target.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if not self.is_painting() or self._tool == "brush" or not left or self.image() is None:
            super().mousePressEvent(event)
        elif self._tool == "wand":
            self._wave_wand(self._share_at(event.position()), erase=self._erases(event))
        else:
            self._points = [self._share_at(event.position())]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._points:
            super().mouseMoveEvent(event)
            return
        here = self._share_at(event.position())
        if self._tool == "box":
            start = self._points[0]
            self._points = [start, QPointF(here.x(), start.y()), here, QPointF(start.x(), here.y())]
        else:
            self._points.append(here)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._points or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        if self._tool == "lasso":
            self._points.append(self._share_at(event.position()))
        points, self._points = self._points, []
        mask = self._ready()
        if mask is not None and len(points) > 2:
            painter = QPainter(mask)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0) if self._erases(event) else QColor(255, 255, 255))
            painter.drawPolygon(QPolygonF([QPointF(p.x() * mask.width(), p.y() * mask.height()) for p in points]))
            painter.end()
            self.maskPainted.emit()
        self.update()

    def _wave_wand(self, at: QPointF, *, erase: bool) -> None:
        """Paint what is joined to the place ``at`` (in shares) by like colours."""
        mask, image = self._ready(), self.image()
        if mask is None or image is None or not (0 <= at.x() < 1 and 0 <= at.y() < 1):
            return
        size = image.size()
        if max(size.width(), size.height()) > MASK_SIDE:
            size = size.scaled(QSize(MASK_SIDE, MASK_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        small = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        small = small.convertToFormat(QImage.Format.Format_RGB888)
        wide, high = small.width(), small.height()
        rows = np.frombuffer(small.constBits(), np.uint8).reshape(high, small.bytesPerLine())
        pixels = rows[:, : 3 * wide].reshape(high, wide, 3).copy()
        found = np.zeros((high + 2, wide + 2), np.uint8)
        place = int(at.x() * wide), int(at.y() * high)
        flags = 8 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
        differ = (self._tolerance,) * 3
        cv2.floodFill(pixels, found, place, 0, differ, differ, flags)
        shape = found[1:-1, 1:-1].tobytes()
        area = QImage(shape, wide, high, wide, QImage.Format.Format_Alpha8).copy()
        filled = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        filled.fill(QColor(0, 0, 0) if erase else QColor(255, 255, 255))
        painter = QPainter(filled)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, area)
        painter.end()
        painter = QPainter(mask)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(mask.rect()), filled, QRectF(filled.rect()))
        painter.end()
        self.update()
        self.maskPainted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._points:
            target = self.image_rect()
            corners = [
                QPointF(target.left() + p.x() * target.width(), target.top() + p.y() * target.height())
                for p in self._points
            ]
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for shade, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(255, 255, 255, 230), 1.0)):
                painter.setPen(QPen(shade, width))
                painter.drawPolygon(QPolygonF(corners))
        view = self.visible_part()
        if view != self._last_view:
            self._last_view = view
            self.viewChanged.emit()
