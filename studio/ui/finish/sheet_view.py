"""A sheet of paper drawn to scale: the picture on it, its bleed, where it is cut, and the part that is looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.restoration.print_sheet import Box, PrintSheet
from studio.ui.theme import SPACE_L, colors, theme
from studio.ui.widgets import to_qimage

_CUT = QColor("#d6247a")
"""The line of the cut: no colour of the interface, and seldom one of a picture's edge."""


class SheetView(QWidget):
    """Shows a :class:`PrintSheet`."""

    pointed = Signal(float, float)
    """A point of the printed picture, in shares of its width and height."""

    def __init__(self, sheet: PrintSheet, size: tuple[int, int], parent: QWidget | None = None) -> None:
        """``size``: width and height of the picture in pixels."""
        super().__init__(parent)
        self._sheet, self._size = sheet, size
        self._image: QImage | None = None
        self._part = QRectF()
        self.setMinimumSize(260, 260)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Sheet"))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(460, 520)

    def set_sheet(self, sheet: PrintSheet) -> None:
        """Show another sheet; the picture is stretched until :meth:`set_image` gives the one for it."""
        self._sheet = sheet
        self.update()

    def set_image(self, image: NDArray[np.uint8]) -> None:
        """The printed part of the picture as it looks on paper: uint8 (h, w, 3)."""
        self._image = to_qimage(image)
        self.update()

    def set_part(self, part: QRectF) -> None:
        """Frame the part that is looked at, in shares of the printed picture."""
        self._part = part
        self.update()

    def _scale(self) -> tuple[float, QPointF]:
        """Pixels of the widget for a millimetre, and where the sheet's corner lies."""
        wide, high = self._sheet.sheet
        scale = min((self.width() - 2 * SPACE_L) / wide, (self.height() - 2 * SPACE_L) / high)
        return scale, QPointF((self.width() - wide * scale) / 2, (self.height() - high * scale) / 2)

    def _on_widget(self, box: Box) -> QRectF:
        scale, corner = self._scale()
        return QRectF(
            corner.x() + box.left * scale, corner.y() + box.top * scale, box.width * scale, box.height * scale
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors().canvas))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale, corner = self._scale()
        wide, high = self._sheet.sheet
        paper = self._on_widget(Box(0, 0, wide, high))
        painter.fillRect(paper, QColor("white"))
        painter.setPen(QPen(QColor(colors().line_strong), 1))
        painter.drawRect(paper)
        painter.setClipRect(paper)
        area = self._on_widget(self._sheet.picture_box(*self._size))
        if self._image is not None:
            painter.drawImage(area, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("black"), 1))
        for x1, y1, x2, y2 in self._sheet.crop_marks():
            painter.drawLine(corner + QPointF(x1, y1) * scale, corner + QPointF(x2, y2) * scale)
        painter.setPen(QPen(_CUT, 1, Qt.PenStyle.DashLine))
        painter.drawRect(self._on_widget(self._sheet.trim))
        if not self._part.isEmpty():
            part = QRectF(
                area.x() + self._part.x() * area.width(),
                area.y() + self._part.y() * area.height(),
                self._part.width() * area.width(),
                self._part.height() * area.height(),
            )
            painter.setPen(QPen(QColor("black"), 3))
            painter.drawRect(part)
            painter.setPen(QPen(QColor("white"), 1))
            painter.drawRect(part)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event)

    def _point(self, event: QMouseEvent) -> None:
        area = self._on_widget(self._sheet.picture_box(*self._size))
        x, y = ((event.position().x() - area.x()) / area.width(), (event.position().y() - area.y()) / area.height())
        self.pointed.emit(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))
