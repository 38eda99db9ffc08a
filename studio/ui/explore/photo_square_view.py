"""A photo with the square that the network shall see, moved, sized and turned by hand, or set by the eyes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.faces.alignment import Point, eyes_square, square_corners, square_eyes
from studio.recipes import Square
from studio.ui import theme
from studio.ui.widgets import to_qimage

_MARGIN = 24
_GRIP = 16.0
_RADIUS = 9.0
_LEAST = 0.02
_STEP = 0.01


class PhotoSquareView(QWidget):
    """Shows a photo and a square of it: drag inside to move it, a corner to size and turn it, rings to mark the eyes.

    Arrow keys move the square, ``+`` and ``-`` size it, ``[`` and ``]`` turn it.
    """

    edited = Signal(object)
    """The artist changed the ``Square``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._square = Square()
        self._by_eyes = False
        self._held: str | int = ""
        self._from = QPointF()
        self._before = Square()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The square of the photo that the network sees"))
        theme.theme().changed.connect(self.update)

    def show_photo(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a photo, uint8 (h, w, 3 or 4); None: nothing."""
        self._image = None if pixels is None else to_qimage(pixels)
        self.update()

    def square(self) -> Square:
        """The square that is shown."""
        return self._square

    def set_square(self, square: Square) -> None:
        """Show another square."""
        self._square = square
        self.update()

    def by_eyes(self) -> bool:
        """Return whether the rings of the eyes are shown."""
        return self._by_eyes

    def set_by_eyes(self, on: bool) -> None:
        """Show two rings to put on the eyes, from which the square follows."""
        self._by_eyes = on
        self.update()

    # Places

    def _target(self) -> QRectF:
        """The photo's place in the widget."""
        if self._image is None:
            return QRectF()
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / self._image.width(), room.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def _size(self) -> tuple[int, int]:
        assert self._image is not None
        return self._image.width(), self._image.height()

    def place_of(self, point: Point) -> QPointF:
        """The place in the widget of a point in pixels of the photo."""
        target, (width, _) = self._target(), self._size()
        scale = target.width() / width
        return QPointF(target.left() + point[0] * scale, target.top() + point[1] * scale)

    def _point_at(self, place: QPointF) -> Point:
        target, (width, _) = self._target(), self._size()
        scale = width / target.width()
        return (place.x() - target.left()) * scale, (place.y() - target.top()) * scale

    def handles(self) -> list[QPointF]:
        """The places of the four corners, then those of the two eyes, if these are shown."""
        points: list[Point] = list(square_corners(self._square, *self._size()))
        if self._by_eyes:
            points += square_eyes(self._square, *self._size())
        return [self.place_of(point) for point in points]

    # The mouse and keys

    def _at(self, place: QPointF) -> str | int:
        """The handle under the mouse by its number, "inside", or nothing."""
        found = [
            (math.hypot((handle - place).x(), (handle - place).y()), number)
            for number, handle in enumerate(self.handles())
        ]
        near = [(far, number) for far, number in found if far <= _GRIP]
        eyes = [entry for entry in near if entry[1] >= 4]
        if near:
            return min(eyes or near)[1]
        return "inside" if QPolygonF(self.handles()[:4]).containsPoint(place, Qt.FillRule.OddEvenFill) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._image is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = self._at(event.position())
        self._from, self._before = event.position(), self._square

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._image is None:
            return
        if self._held == "":
            found = self._at(event.position())
            shape = Qt.CursorShape.ArrowCursor if found == "" else Qt.CursorShape.SizeAllCursor
            self.setCursor(shape if found == "inside" or found == "" else Qt.CursorShape.PointingHandCursor)
            return
        now, then = self._point_at(event.position()), self._point_at(self._from)
        width, height = self._size()
        old = self._before
        if self._held == "inside":
            x, y = old.x + (now[0] - then[0]) / width, old.y + (now[1] - then[1]) / height
            self._edit(old.model_copy(update={"x": _held(x), "y": _held(y)}))
        elif isinstance(self._held, int) and self._held < 4:
            middle = old.x * width, old.y * height
            was, here = _arm(middle, then), _arm(middle, now)
            if was[0] > 0 and here[0] > 0:
                side = min(max(old.side * here[0] / was[0], _LEAST), 8.0)
                self._edit(old.model_copy(update={"side": side, "angle": _turned(old.angle + here[1] - was[1])}))
        elif isinstance(self._held, int):
            eyes = list(square_eyes(old, width, height))
            eyes[self._held - 4] = now
            if math.dist(*eyes) > 1:
                self._edit(eyes_square(eyes[0], eyes[1], width, height))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        square = self._square
        moves = {
            Qt.Key.Key_Left: {"x": _held(square.x - _STEP)},
            Qt.Key.Key_Right: {"x": _held(square.x + _STEP)},
            Qt.Key.Key_Up: {"y": _held(square.y - _STEP)},
            Qt.Key.Key_Down: {"y": _held(square.y + _STEP)},
            Qt.Key.Key_Plus: {"side": min(square.side * 1.03, 8.0)},
            Qt.Key.Key_Equal: {"side": min(square.side * 1.03, 8.0)},
            Qt.Key.Key_Minus: {"side": max(square.side / 1.03, _LEAST)},
            Qt.Key.Key_BracketLeft: {"angle": _turned(square.angle - 1)},
            Qt.Key.Key_BracketRight: {"angle": _turned(square.angle + 1)},
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None or self._image is None:
            super().keyPressEvent(event)
        else:
            self._edit(square.model_copy(update=move))

    def _edit(self, square: Square) -> None:
        self._square = square
        self.update()
        self.edited.emit(square)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colors().canvas))
        if self._image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        target = self._target()
        painter.drawImage(target, self._image)
        handles = self.handles()
        shade, hole = QPainterPath(), QPainterPath()
        shade.addRect(QRectF(self.rect()))
        hole.addPolygon(QPolygonF([*handles[:4], handles[0]]))
        painter.fillPath(shade.subtracted(hole), QColor(0, 0, 0, 130))
        for width, color in ((4.0, QColor(0, 0, 0, 140)), (2.0, QColor(255, 255, 255, 235))):
            painter.setPen(QPen(color, width))
            painter.drawPolygon(QPolygonF(handles[:4]))
            painter.drawLine((handles[0] + handles[1]) / 2, (handles[0] + handles[1]) / 2 + _inward(handles))
        for corner in handles[:4]:
            painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
            painter.setBrush(QColor(255, 255, 255))
            painter.drawRect(QRectF(corner.x() - 5, corner.y() - 5, 10, 10))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for eye in handles[4:]:
            for width, color in ((5.0, QColor(0, 0, 0, 150)), (2.5, QColor("#3b82f6"))):
                painter.setPen(QPen(color, width))
                painter.drawEllipse(eye, _RADIUS, _RADIUS)
                painter.drawPoint(eye)


def _inward(handles: list[QPointF]) -> QPointF:
    """A short line from the middle of the upper edge, which says where up is."""
    down = handles[3] - handles[0]
    length = math.hypot(down.x(), down.y())
    return down / length * min(12.0, length / 4) if length else QPointF()


def _arm(middle: Point, point: Point) -> tuple[float, float]:
    """Length and direction in degrees from the middle to a point."""
    x, y = point[0] - middle[0], point[1] - middle[1]
    return math.hypot(x, y), math.degrees(math.atan2(y, x))


def _turned(angle: float) -> float:
    """An angle within -180 to 180."""
    return (angle + 180) % 360 - 180


def _held(share: float) -> float:
    return min(max(share, -0.5), 1.5)
