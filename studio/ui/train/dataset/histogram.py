"""Histogram of the sizes of the pictures of a folder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.ui.theme import colors
from studio.ui.train.text import number

# Half octaves of the short side, in pixels; the last bar holds all larger ones.
EDGES = (32, 45, 64, 91, 128, 181, 256, 362, 512, 724, 1024, 1448, 2048, 2896, 4096)
WARNING = "#d1973a"


class SizeHistogram(QWidget):
    """Bars over the short sides of the pictures; those smaller than the resolution chosen stand out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides = np.empty(0, np.int64)
        self._counts = np.zeros(len(EDGES), np.int64)
        self._resolution = self._proposed = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How large the pictures are"))

    def set_sides(self, sides: Sequence[int]) -> None:
        """Show the short sides in pixels."""
        self._sides = np.asarray(sides, np.int64)
        self._counts, _ = np.histogram(np.clip(self._sides, EDGES[0], EDGES[-1]), [*EDGES, EDGES[-1] + 1])
        self._describe()

    def set_resolution(self, resolution: int) -> None:
        """Mark the resolution that the network will have."""
        self._resolution = resolution
        self._describe()

    def set_proposed(self, resolution: int) -> None:
        """Mark the resolution that is suggested for these pictures; 0 is none."""
        self._proposed = resolution
        self._describe()

    def enlarged(self) -> int:
        """Number of pictures that are smaller than the resolution."""
        return int((self._sides < self._resolution).sum())

    def sizeHint(self) -> QSize:
        return QSize(300, 74)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.tr("Smaller than the resolution: {n}").format(n=number(self.enlarged())))
        self.update()

    def _bar(self, index: int) -> QRectF:
        pitch = self.width() / len(EDGES)
        height = self.height() - 18
        share = self._counts[index] / max(1, self._counts.max(initial=1))
        full = max(2.0, share * (height - 2)) if self._counts[index] else 0.0
        return QRectF(index * pitch + 1, height - full, pitch - 2, full)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, edge in enumerate(EDGES):
            painter.setBrush(QColor(WARNING if edge < self._resolution else c.accent))
            painter.drawRoundedRect(self._bar(index), 2, 2)
        base = self.height() - 17.5
        painter.setPen(QPen(QColor(c.line_strong), 1))
        painter.drawLine(QPointF(0, base), QPointF(self.width(), base))
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        pitch = self.width() / len(EDGES)
        # Octaves; where they would run into each other, only some.
        for index in range(0, len(EDGES), 2 if pitch >= 18 else 4):
            last = index == len(EDGES) - 1
            chosen = EDGES[index] == self._resolution
            painter.setPen(QColor(c.text if chosen else c.muted))
            text = self.tr("{side}+").format(side=EDGES[index]) if last else str(EDGES[index])
            # A label stands at the left edge of its bar, where that size begins.
            center = index * pitch
            room, align = QRectF(center - pitch, base + 2, 2 * pitch, 15), Qt.AlignmentFlag.AlignCenter
            if index == 0 or last:
                room = QRectF(0, base + 2, self.width(), 15)
                side = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignLeft
                align = side | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, int(align), text)
        if self._resolution in EDGES[1:]:
            left = round(EDGES.index(self._resolution) * pitch) + 0.5
            painter.setPen(QPen(QColor(c.text), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(left, 0), QPointF(left, base))
        if self._proposed in EDGES:
            self._mark_proposed(painter, round(EDGES.index(self._proposed) * pitch) + 0.5)

    def _mark_proposed(self, painter: QPainter, left: float) -> None:
        """A small flag at the top, where the suggested resolution begins."""
        color = QColor(colors().focus)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(left, 0), QPointF(left + 7, 4), QPointF(left, 8)]))
        painter.setPen(color)
        text = self.tr("large enough for")
        width = painter.fontMetrics().horizontalAdvance(text)
        # To the left of it, where no bar of the pictures that decided it stands, as long as there is room.
        start = left - width - 5 if left > width + 6 else left + 11
        room = QRectF(start, -2, width + 2, 13)
        painter.fillRect(room, self.palette().window())  # the line of the chosen size may pass here
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = min(len(EDGES) - 1, max(0, int(event.pos().x() / self.width() * len(EDGES))))
            last = index == len(EDGES) - 1
            sizes = (self.tr("{a} pixels and more") if last else self.tr("{a} to {b} pixels on the short side")).format(
                a=EDGES[index], b=EDGES[min(index + 1, len(EDGES) - 1)] - 1
            )
            QToolTip.showText(event.globalPos(), f"{sizes}: {number(int(self._counts[index]))}", self)
            return True
        return super().event(event)
