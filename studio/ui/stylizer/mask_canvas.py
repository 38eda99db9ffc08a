"""The canvas, with a mask that can be painted on it."""

from __future__ import annotations

from PIL import Image, ImageFilter
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
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
from studio.ui.widgets import Canvas

MASK_SIDE = 1024
_TINT = 0.45
_SOFT_SIDE = 512


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
        self._brush = 0.1
        self._feather = 0.0
        self._soft: tuple[int, float, QImage] | None = None  # of which mask, how soft, the softened mask
        self._stroke: QPointF | None = None
        self._cursor_at: QPointF | None = None

    # The mask

    def painted_mask(self) -> QImage | None:
        """The mask, 8-bit grey, or None while nothing was painted."""
        return self._mask

    def show_mask(self, mask: QImage | None) -> None:
        """Show ``mask``, stretched over the picture, silently."""
        self._mask = None if mask is None else mask.convertToFormat(QImage.Format.Format_Grayscale8)
        self.update()

    def mask_png(self) -> bytes | None:
        """The mask as a PNG file; None when nothing is painted, or all of it was erased."""
        if self._mask is None or _is_black(self._mask):
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
        """Whether the left button paints; the mask shows only then."""
        self._painting = on
        self._stroke = None
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.update()

    def is_painting(self) -> bool:
        """Whether the left button paints."""
        return self._painting

    def set_erasing(self, on: bool) -> None:
        """Whether the brush takes away."""
        self._erasing = on

    def set_brush(self, size: float) -> None:
        """Diameter of the brush in shares of the picture's long side, 0.005..1."""
        self._brush = min(1.0, max(0.005, size))
        self.update()

    def brush(self) -> float:
        """Diameter of the brush in shares of the picture's long side."""
        return self._brush

    def set_feather(self, feather: float) -> None:
        """How soft the edge is shown: the blur's standard deviation in shares of the long side, as in the result."""
        self._feather = feather
        self.update()

    def shown_mask(self) -> QImage | None:
        """The mask with its soft edge as it is tinted on the picture, 8-bit grey; None while nothing was painted."""
        if self._mask is None or self._feather <= 0:
            return self._mask
        key = self._mask.cacheKey(), self._feather
        if self._soft is None or self._soft[:2] != key:
            self._soft = *key, _softened(self._mask, self._feather)
        return self._soft[2]

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

    def _dab(self, start: QPointF, end: QPointF, *, erase: bool) -> None:
        mask = self._ready()
        if mask is None:
            return
        target = self.image_rect()
        scale = mask.width() / target.width()

        def on_mask(at: QPointF) -> QPointF:
            return (at - target.topLeft()) * scale

        painter = QPainter(mask)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(0, 0, 0) if erase else QColor(255, 255, 255)
        width = self._brush * max(mask.width(), mask.height())
        painter.setPen(QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if start == end:
            painter.drawPoint(on_mask(start))
        else:
            painter.drawLine(on_mask(start), on_mask(end))
        painter.end()
        self.update()

    def _erases(self, event: QMouseEvent) -> bool:
        return self._erasing != bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._painting and event.button() == Qt.MouseButton.LeftButton and self.image() is not None:
            self._stroke = event.position()
            self._dab(event.position(), event.position(), erase=self._erases(event))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor_at = event.position()
        if self._stroke is not None:
            self._dab(self._stroke, event.position(), erase=self._erases(event))
            self._stroke = event.position()
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
            self.set_brush(self._brush * 1.0016 ** event.angleDelta().y())
            self.brushChanged.emit(self._brush)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._painting and event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.set_brush(self._brush * (1.25 if event.key() == Qt.Key.Key_BracketRight else 0.8))
            self.brushChanged.emit(self._brush)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        target = self.image_rect()
        if not self._painting or target.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        mask = self.shown_mask()
        if mask is not None:
            tint = QImage(mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
            tint.fill(QColor(theme.colors().accent))
            tint.setAlphaChannel(mask)
            painter.setOpacity(_TINT)
            painter.drawImage(target, tint, QRectF(tint.rect()))
            painter.setOpacity(1.0)
        if self._cursor_at is not None and self.underMouse():
            radius = self._brush * max(target.width(), target.height()) / 2
            for shade, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(255, 255, 255, 230), 1.0)):
                painter.setPen(QPen(shade, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(self._cursor_at, radius, radius)


def _softened(mask: QImage, feather: float) -> QImage:
    """A smaller copy of ``mask``, which is enough to show a soft edge at every movement of the brush."""
    if max(mask.width(), mask.height()) > _SOFT_SIDE:
        mask = mask.scaled(
            _SOFT_SIDE, _SOFT_SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    mask = mask.convertToFormat(QImage.Format.Format_Grayscale8)
    size, step = (mask.width(), mask.height()), mask.bytesPerLine()
    grey = Image.frombuffer("L", size, bytes(mask.constBits()), "raw", "L", step, 1)
    soft = grey.filter(ImageFilter.GaussianBlur(feather * max(size)))
    return QImage(soft.tobytes(), *size, size[0], QImage.Format.Format_Grayscale8).copy()


def _is_black(mask: QImage) -> bool:
    # Erasing what was painted leaves up to a quarter of white along the smooth edge of the brush.
    return max(bytes(mask.constBits())) <= 64
