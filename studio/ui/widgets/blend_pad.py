"""A pad with the styles at the corners of a polygon; where the dot lies sets their weights."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui import theme
from studio.ui.describe.recipes import shares as shares_of
from studio.ui.widgets import to_qimage
from studio.ui.widgets.value_field import ValueField

FEWEST, MOST = 2, 8
_CORNER = 34
_HEIGHT = 190
_LARGE_CORNER, _LARGE_HEIGHT = 62, 312
_DOT = 7.0
_STEP = 0.05

Point = tuple[float, float]


def corners(count: int) -> list[Point]:
    """Corners of a regular polygon in the unit circle, the first at the top; two lie left and right."""
    if count == 2:
        return [(-1.0, 0.0), (1.0, 0.0)]
    turns = [2 * math.pi * index / count - math.pi / 2 for index in range(count)]
    return [(math.cos(turn), math.sin(turn)) for turn in turns]


def shares_at(point: Point, polygon: Sequence[Point]) -> list[float]:
    """Shares of the corners at ``point``, which sum to one: a corner alone at itself, two along the edge between them.

    Mean value coordinates (Floater 2003), eq. 4. A point outside counts as the nearest one of the polygon.
    """
    x, y = inside(point, polygon)
    count = len(polygon)
    if count == 2:
        right = min(1.0, max(0.0, (x + 1) / 2))
        return [1 - right, right]
    spokes = [(px - x, py - y) for px, py in polygon]
    lengths = [math.hypot(*spoke) for spoke in spokes]
    for index, length in enumerate(lengths):
        if length < 1e-9:
            return [float(other == index) for other in range(count)]
    halves = []
    for index in range(count):
        after = (index + 1) % count
        (ax, ay), (bx, by) = spokes[index], spokes[after]
        cross, dot = ax * by - ay * bx, ax * bx + ay * by
        if abs(cross) < 1e-9 and dot < 0:  # on this very edge
            shares = [0.0] * count
            shares[index] = lengths[after] / (lengths[index] + lengths[after])
            shares[after] = 1 - shares[index]
            return shares
        halves.append(math.tan(math.atan2(cross, dot) / 2))
    weights = [(halves[index - 1] + halves[index]) / lengths[index] for index in range(count)]
    total = sum(weights)
    return [max(0.0, weight / total) for weight in weights]


def inside(point: Point, polygon: Sequence[Point]) -> Point:
    """``point``, or the nearest one of the convex ``polygon``, whose corners run clockwise on the screen."""
    x, y = point
    nearest, best, outside = point, math.inf, len(polygon) == 2
    for index, (ax, ay) in enumerate(polygon):
        bx, by = polygon[(index + 1) % len(polygon)]
        dx, dy = bx - ax, by - ay
        outside = outside or dx * (y - ay) - dy * (x - ax) < 0
        along = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
        px, py = ax + along * dx, ay + along * dy
        distance = math.hypot(px - x, py - y)
        if distance < best:
            nearest, best = (px, py), distance
    return nearest if outside else point


def point_of(shares: Sequence[float], polygon: Sequence[Point]) -> Point:
    """The place of the dot for ``shares``: their mean of the corners."""
    return (
        sum(share * x for share, (x, _) in zip(shares, polygon, strict=True)),
        sum(share * y for share, (_, y) in zip(shares, polygon, strict=True)),
    )


class BlendPad(ValueField):
    """The styles around a dot. Dragging it, or the arrow keys, set their weights; sliders that move, move the dot.

    Its value is a weight for each style, ``tuple[float, ...]``, the largest 1. A ``large`` one is for columns that hold
    little else.
    """

    dragged = True

    def __init__(self, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent)
        self._height, self._side = (_LARGE_HEIGHT, _LARGE_CORNER) if large else (_HEIGHT, _CORNER)
        self._shares: list[float] = []
        self._styles: list[Hashable] = []
        self._pixmaps: list[QPixmap | None] = []
        self._dot: Point = (0.0, 0.0)
        self._dragging = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Blend pad"))
        self.setToolTip(self.tr("Drag the dot towards the styles that shall be stronger."))
        theme.theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        # Two styles need no more than a line.
        return QSize(240, self._side + 44 if len(self._shares) == 2 else self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def set_styles(self, sources: Sequence[Hashable]) -> None:
        """The styles at the corners, by what they are; pictures of others are forgotten."""
        if list(sources) != self._styles:
            self._styles = list(sources)
            self._pixmaps = [None] * len(sources)

    def show_value(self, value: Sequence[float]) -> None:
        """Show these weights, silently. The dot that is being dragged stays."""
        shares = shares_of(list(value)) if value else []
        same = len(shares) == len(self._shares) and all(
            abs(a - b) < 1e-3 for a, b in zip(shares, self._shares, strict=True)
        )
        grown = len(shares) != len(self._shares)
        self._shares = list(shares)
        if grown:
            self.updateGeometry()
        if not self._dragging and not same and len(shares) >= FEWEST:
            self._dot = point_of(shares, corners(len(shares)))
        self.update()

    def set_picture(self, index: int, image: NDArray[np.uint8]) -> None:
        """The picture at a corner, uint8 (height, width, 3)."""
        self._pixmaps[index] = QPixmap.fromImage(to_qimage(image))
        self.update()

    def has_picture(self, index: int) -> bool:
        """Return whether the corner has its picture."""
        return self._pixmaps[index] is not None

    def dot(self) -> QPointF:
        """The place of the dot, in widget coordinates."""
        return self._at(self._dot)

    def corner(self, index: int) -> QPointF:
        """The corner of a style, in widget coordinates."""
        return self._at(corners(len(self._shares))[index])

    def _radii(self) -> tuple[float, float]:
        radius = (self.height() - self._side) / 2 - 4
        if len(self._shares) == 2:
            return (self.width() - self._side) / 2 - 8, radius
        return radius, radius

    def _at(self, point: Point) -> QPointF:
        middle, (across, down) = QRectF(self.rect()).center(), self._radii()
        return QPointF(middle.x() + point[0] * across, middle.y() + point[1] * down)

    def _move_to(self, point: Point) -> None:
        polygon = corners(len(self._shares))
        self._dot = inside(point, polygon)
        self._shares = shares_at(self._dot, polygon)
        strongest = max(self._shares)
        self.update()
        self.changed.emit(tuple(round(share / strongest, 3) for share in self._shares))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and len(self._shares) >= FEWEST:
            self._dragging = True
            self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.editingFinished.emit()

    def _follow(self, at: QPointF) -> None:
        middle, (across, down) = QRectF(self.rect()).center(), self._radii()
        self._move_to(((at.x() - middle.x()) / across, (at.y() - middle.y()) / max(1.0, down)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP),
            Qt.Key.Key_Down: (0.0, _STEP),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None or len(self._shares) < FEWEST:
            super().keyPressEvent(event)
            return
        self._move_to((self._dot[0] + move[0], self._dot[1] + move[1]))
        self.editingFinished.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._shares) < FEWEST:
            return
        c = theme.colors()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        points = [self._at(point) for point in corners(len(self._shares))]
        dot = self.dot()
        painter.setPen(QPen(QColor(c.line_strong), 1))
        painter.setBrush(QColor(c.base))
        painter.drawPolygon(QPolygonF(points))
        for point, share in zip(points, self._shares, strict=True):
            shade = QColor(c.focus)
            shade.setAlphaF(0.15 + 0.85 * share)
            painter.setPen(QPen(shade, 1 + 3 * share))
            painter.drawLine(dot, point)
        for index, (point, share) in enumerate(zip(points, self._shares, strict=True)):
            box = QRectF(point.x() - self._side / 2, point.y() - self._side / 2, self._side, self._side)
            path = QPainterPath()
            path.addRoundedRect(box, 5, 5)
            pixmap = self._pixmaps[index]
            painter.save()
            painter.setClipPath(path)
            if pixmap is None:
                painter.fillRect(box, QColor(c.raised))
            else:
                side = min(pixmap.width(), pixmap.height())
                source = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
                painter.drawPixmap(box, pixmap, source)
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.focus if share > 0.5 else c.line_strong), 1.5))
            painter.drawPath(path)
        painter.setPen(QPen(QColor(c.window), 2))
        painter.setBrush(QColor(c.focus if self.hasFocus() or self._dragging else c.text))
        painter.drawEllipse(dot, _DOT, _DOT)
