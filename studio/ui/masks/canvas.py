"""The canvas, with a mask that can be painted on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QColorSpace,
    QImage,
    QImageWriter,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.ui import theme
from studio.ui.masks.brush import Brush, Mask, Stroke, is_empty
from studio.ui.widgets import Canvas

MASK_SIDE = 1024
_TINT = 0.45
_DRAWN_SIDE = 512


class MaskCanvas(Canvas):
    """A :class:`Canvas` on which a grey mask is painted while :meth:`set_painting` is on.

    White is painted, black is not; painted places are tinted. The left button paints (with Alt, or while erasing, takes
    away), the middle button pans, Ctrl and the wheel change the brush.
    """

    maskPainted = Signal()
    """A stroke ended, or the mask was inverted or cleared."""
    brushChanged = Signal(float)
    """The size of the brush, in shares of the picture's long side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mask: QImage | None = None
        self._painting = False
        self._erasing = False
        self._brush = Brush()
        self._feather = 0.0
        self._drawn: tuple[int, tuple[QImage, QImage, QImage]] | None = None  # of which mask
        self._stroke: tuple[Stroke, QPointF] | None = None  # and where it is
        self._cursor_at: QPointF | None = None

    # The mask

    def painted_mask(self) -> QImage | None:
        """The mask, 8-bit grey, or None while nothing was painted."""
        return self._mask

    def show_mask(self, mask: QImage | None) -> None:
        """Show ``mask``, stretched over the picture, silently."""
        if mask is not None:
            mask = mask.convertToFormat(QImage.Format.Format_Grayscale8)
            mask.setColorSpace(QColorSpace())  # a grey PNG must not carry a profile of colours
        self._mask = mask
        self.update()

    def mask_png(self) -> bytes | None:
        """The mask as a PNG file; None when nothing is painted, or all of it was erased."""
        if self._mask is None or is_empty(_pixels(self._mask)):
            return None
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(self._mask)
        return bytes(data.data())

    def invert_mask(self) -> None:
        """Swap painted and unpainted; nothing painted becomes everything."""
        mask = self._ready()
        if mask is not None:
            mask.invertPixels()
            self.update()
            self.maskPainted.emit()

    def clear_mask(self) -> None:
        """Take the mask away."""
        if self._mask is not None:
            self._mask = None
            self.update()
            self.maskPainted.emit()

    # The brush

    def set_painting(self, on: bool) -> None:
        """Return whether the left button paints; the mask shows only then."""
        self._painting = on
        self._stroke = None
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.update()

    def is_painting(self) -> bool:
        """Return whether the left button paints."""
        return self._painting

    def set_erasing(self, on: bool) -> None:
        """Return whether the brush takes away."""
        self._erasing = on

    def set_brush(self, size: float) -> None:
        """Diameter of the brush in shares of the picture's long side, 0.005..1."""
        self._brush = replace(self._brush, size=min(1.0, max(0.005, size)))
        self.update()

    def set_hardness(self, hardness: float) -> None:
        """Set the share of the brush, 0..1, that is at full strength; towards its edge it falls to nothing."""
        self._brush = replace(self._brush, hardness=hardness)
        self.update()

    def set_strength(self, strength: float) -> None:
        """Set the strength of one stroke, 0..1; the next goes on from there."""
        self._brush = replace(self._brush, strength=strength)

    def _shows_mask(self) -> bool:
        """Return whether the mask is tinted on the picture now."""
        return self._painting

    def _brush_in_hand(self) -> bool:
        """Return whether the left button paints with the brush, whose size is shown then."""
        return True

    def brush(self) -> float:
        """Diameter of the brush in shares of the picture's long side."""
        return self._brush.size

    def set_feather(self, feather: float) -> None:
        """Set the softness of the edge that is shown: the blur's standard deviation in shares of the long side."""
        self._feather = feather
        self._show_edge()

    def _show_edge(self) -> None:
        """Show the mask with another edge."""
        self._drawn = None
        self.update()

    def _with_edge(self, mask: Mask) -> Mask:
        """``mask`` with the edge that it gets when it is used."""
        if self._feather <= 0:
            return mask
        return np.asarray(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(self._feather * max(mask.shape))))

    def shown_mask(self) -> QImage | None:
        """The mask with its soft edge as it is tinted on the picture, 8-bit grey; None while nothing was painted."""
        shown = self._shown()
        return None if shown is None else shown[0]

    def _shown(self) -> tuple[QImage, QImage, QImage] | None:
        """The softened mask, and its outline: a light line, and a darker, wider one for light pictures."""
        if self._mask is None:
            return None
        key = self._mask.cacheKey()
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, _drawn(self._mask, self._with_edge)
        return self._drawn[1]

    def _ready(self) -> QImage | None:
        image = self.image()
        if image is None:
            return None
        if self._mask is None:
            size = image.size()
            wanted = QSize(MASK_SIDE, MASK_SIDE)
            if max(size.width(), size.height()) <= MASK_SIDE:
                wanted = size
            self._mask = QImage(
                size.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio), QImage.Format.Format_Grayscale8
            )
            self._mask.fill(0)
        return self._mask

    def _begin(self, at: QPointF, *, erase: bool) -> None:
        mask = self._ready()
        if mask is not None:
            self._stroke = Stroke(_pixels(mask), self._brush, erases=erase), at
            self._draw_to(at)

    def _draw_to(self, at: QPointF) -> None:
        if self._stroke is None or self._mask is None:
            return
        stroke, before = self._stroke
        target = self.image_rect()
        across, down = self._mask.width() / target.width(), self._mask.height() / target.height()
        start, end = (
            ((point.x() - target.left()) * across, (point.y() - target.top()) * down) for point in (before, at)
        )
        stroke.draw(_pixels(self._mask), start, end)
        self._stroke = stroke, at
        self.update()

    def _erases(self, event: QMouseEvent) -> bool:
        return self._erasing != bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._painting and event.button() == Qt.MouseButton.LeftButton and self.image() is not None:
            self._begin(event.position(), erase=self._erases(event))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor_at = event.position()
        if self._stroke is not None:
            self._draw_to(event.position())
        else:
            super().mouseMoveEvent(event)
        if self._painting:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is not None and event.button() == Qt.MouseButton.LeftButton:
            self._stroke = None
            self.maskPainted.emit()
        else:
            super().mouseReleaseEvent(event)
        if self._painting:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._painting:
            self.mousePressEvent(event)  # two quick dabs are not a zoom
        else:
            super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._painting and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_brush(self._brush.size * 1.0016 ** event.angleDelta().y())
            self.brushChanged.emit(self._brush.size)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._painting and event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.set_brush(self._brush.size * (1.25 if event.key() == Qt.Key.Key_BracketRight else 0.8))
            self.brushChanged.emit(self._brush.size)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        target = self.image_rect()
        if not self._shows_mask() or target.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._shown()
        if shown is not None:
            mask, line, shadow = shown
            accent = QColor(theme.colors().accent)
            for shape, shade, opacity in (
                (mask, accent, _TINT),
                (shadow, QColor(Qt.GlobalColor.black), 0.4),
                (line, QColor(Qt.GlobalColor.white), 0.9),
            ):
                tint = QImage(shape.size(), QImage.Format.Format_ARGB32_Premultiplied)
                tint.fill(shade)
                tint.setAlphaChannel(shape)
                painter.setOpacity(opacity)
                painter.drawImage(target, tint, QRectF(tint.rect()))
            painter.setOpacity(1.0)
        if self._painting and self._cursor_at is not None and self.underMouse() and self._brush_in_hand():
            radius = self._brush.size * max(target.width(), target.height()) / 2
            inner = radius * self._brush.hardness
            for shade, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(255, 255, 255, 230), 1.0)):
                painter.setPen(QPen(shade, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(self._cursor_at, radius, radius)
                if inner < radius - 3:  # what is at full strength
                    painter.setPen(QPen(shade, width, Qt.PenStyle.DotLine))
                    painter.drawEllipse(self._cursor_at, inner, inner)


def _drawn(mask: QImage, with_edge: Callable[[Mask], Mask]) -> tuple[QImage, QImage, QImage]:
    """As :meth:`MaskCanvas._shown`; of a smaller copy, which is enough, and quick at every movement of the brush."""
    if max(mask.width(), mask.height()) > _DRAWN_SIDE:
        size = QSize(_DRAWN_SIDE, _DRAWN_SIDE)
        mask = mask.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    mask = mask.convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high = mask.width(), mask.height()
    soft = with_edge(_pixels(mask).copy())
    inside = soft >= 128
    line = inside & _grown(~inside)
    shadow = _grown(line) & ~line
    pixels = soft, line.astype(np.uint8) * 255, shadow.astype(np.uint8) * 255
    filled, thin, thick = (QImage(part.tobytes(), wide, high, wide, mask.format()).copy() for part in pixels)
    return filled, thin, thick


def _grown(shape: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A shape with its neighbours to the four sides."""
    grown = shape.copy()
    grown[1:] |= shape[:-1]
    grown[:-1] |= shape[1:]
    grown[:, 1:] |= shape[:, :-1]
    grown[:, :-1] |= shape[:, 1:]
    return grown


def _pixels(mask: QImage) -> Mask:
    """The pixels of an 8-bit grey image, to be changed in place; the image knows then that it is another one."""
    rows = np.frombuffer(mask.bits(), np.uint8).reshape(mask.height(), mask.bytesPerLine())
    return rows[:, : mask.width()]
