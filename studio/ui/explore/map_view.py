"""The widget of the map: small pictures on an endless plane, walked, moved and zoomed with mouse and keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.synthesis.latent_map import EDGE, FARTHEST, NEAREST, Place, landmarks, spacing
from studio.ui import theme

UNIT = 96
"""Pixels of one unit of the map at zoom 1."""
START_ZOOM = 1.5
_HEIGHT = 300
_STEP = 12
_DOT = 7.0
_PIN = 26
_WHEEL = 1.2
_MOST_PICTURES = 400


class MapView(QWidget):
    """Shows a part of the map. It knows places only; what is there, its owner says."""

    walked = Signal(float, float)
    """The artist walks, and is at this place now."""
    walkEnded = Signal()
    """The walk is over."""
    pinChosen = Signal(int)
    """The artist clicked at this pin."""
    viewChanged = Signal()
    """Another part of the map is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.middle: Place = (0.0, 0.0)
        self.zoom = START_ZOOM
        self.place: Place | None = None
        self._pictures: dict[Place, QPixmap] = {}
        self._washes: dict[Place, QPixmap] = {}
        self._levels: dict[Place, float] = {}  # the distance of landmarks that each picture was drawn for
        self._pins: list[tuple[str, Place, QPixmap | None]] = []
        self._walking = False
        self._dragged: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Map"))
        self.setToolTip(
            self.tr(
                "Press and drag: walk. Wheel, + and -: zoom. Right button and drag: move the map.\n"
                "Arrow keys walk, with Shift they move the map."
            )
        )
        theme.theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_HEIGHT, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 240)

    # What is seen

    def landmarks(self) -> list[Place]:
        """Places whose pictures can be seen, those in the middle first."""
        return landmarks(self.middle, self.zoom, self.width() / UNIT, self.height() / UNIT)

    def wanted(self) -> list[Place]:
        """As :meth:`landmarks`, those first that fill the view when they are drawn twice as large."""
        coarse = landmarks(self.middle, self.zoom / 2, self.width() / UNIT / 2, self.height() / UNIT / 2)
        return list(dict.fromkeys([*coarse, *self.landmarks()]))

    def set_picture(self, place: Place, image: QImage) -> None:
        """The picture of a landmark."""
        step = spacing(self.zoom)
        self.forget_picture(place)
        self._pictures[place] = QPixmap.fromImage(image)
        coarse = all(math.fmod(value, 2 * step) == 0 for value in place)
        self._levels[place] = 2 * step if coarse else step
        while len(self._pictures) > _MOST_PICTURES:
            oldest = next(iter(self._pictures))
            self.forget_picture(oldest)
        self.update()

    def layout_of_pictures(self) -> list[tuple[float, list[Place]]]:
        """The pictures to be drawn, with the distance that they are drawn for: those that come first lie below.

        Until all that belong to the present zoom are there, those of the zoom before keep their places, larger or
        smaller than the new ones.
        """
        step = spacing(self.zoom)
        wanted = self.landmarks()
        if all(map(self.has_picture, wanted)):
            self._levels.update(dict.fromkeys(wanted, step))
            return [(step, wanted)]
        kept: dict[float, list[Place]] = {}
        seen = QRectF(self.rect())
        for place, level in self._levels.items():
            at, side = self.point_of(place), level * UNIT * self.zoom
            if level != step and QRectF(at.x() - side / 2, at.y() - side / 2, side, side).intersects(seen):
                kept.setdefault(level, []).append(place)
        # Still smaller ones would be a heap of dots. On new pictures they would look like holes: they lie below.
        order = sorted(kept, reverse=True)
        before = [level for level in order if level > 2 * step] + [one for one in order if step / 8 <= one < step]
        found = [(level, kept[level]) for level in [*before, *(one for one in order if step < one <= 2 * step)]]
        return [*found, (step, [place for place in wanted if self._levels.get(place, math.inf) <= step])]

    def has_picture(self, place: Place) -> bool:
        """Return whether the landmark has its picture."""
        return place in self._pictures

    def forget_pictures(self) -> None:
        """Show no pictures: they are others now."""
        for kept in (self._pictures, self._levels, self._washes):
            kept.clear()
        self.update()

    def forget_picture(self, place: Place) -> None:
        """The picture of this landmark is another one now."""
        for kept in (self._pictures, self._levels, self._washes):
            kept.pop(place, None)
        self.update()

    def set_pins(self, pins: Sequence[tuple[str, Place, QImage | None]]) -> None:
        """Landmarks of the artist's own: name, place, and picture if it is there."""
        self._pins = [(name, place, None if image is None else QPixmap.fromImage(image)) for name, place, image in pins]
        self.update()

    def show_place(self, place: Place | None) -> None:
        """Mark where one is; None: nowhere on the map."""
        self.place = place
        self.update()

    def center_on(self, middle: Place, zoom: float | None = None) -> None:
        """Show the map around ``middle``."""
        x, y = (min(max(value, -EDGE), EDGE) for value in middle)
        self.middle = (x, y)
        if zoom is not None:
            self.zoom = min(max(zoom, FARTHEST), NEAREST)
        self.update()
        self.viewChanged.emit()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom, so that what is at ``around`` (the middle) stays there."""
        at = QRectF(self.rect()).center() if around is None else around
        before = self.place_at(at)
        zoom = min(max(self.zoom * factor, FARTHEST), NEAREST)
        share = self.zoom / zoom
        self.center_on(
            (
                before[0] + (self.middle[0] - before[0]) * share,
                before[1] + (self.middle[1] - before[1]) * share,
            ),
            zoom,
        )

    def place_at(self, at: QPointF) -> Place:
        """The place of the map at a point of the widget."""
        centre, scale = QRectF(self.rect()).center(), UNIT * self.zoom
        return self.middle[0] + (at.x() - centre.x()) / scale, self.middle[1] + (at.y() - centre.y()) / scale

    def point_of(self, place: Place) -> QPointF:
        """The point of the widget at a place of the map."""
        centre, scale = QRectF(self.rect()).center(), UNIT * self.zoom
        return QPointF(
            centre.x() + (place[0] - self.middle[0]) * scale, centre.y() + (place[1] - self.middle[1]) * scale
        )

    def sees(self, place: Place) -> bool:
        """Return whether a place is in the part of the map that is shown."""
        return QRectF(self.rect()).contains(self.point_of(place))

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            for index in reversed(range(len(self._pins))):
                if self._pin_box(self._pins[index][1]).contains(event.position()):
                    self.pinChosen.emit(index)
                    return
            self._walking = True
            self._walk(self.place_at(event.position()))
        else:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._walking:
            self._walk(self.place_at(event.position()))
        elif self._dragged is not None:
            moved, self._dragged = event.position() - self._dragged, event.position()
            self._pan(-moved.x(), -moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._walking:
            self._walking = False
            self.walkEnded.emit()
        elif event.button() != Qt.MouseButton.LeftButton:
            self._dragged = None
            self.setCursor(Qt.CursorShape.CrossCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(_WHEEL ** (event.angleDelta().y() / 120), event.position())
        event.accept()  # the column shall not scroll

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_WHEEL * _WHEEL)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by(1 / _WHEEL / _WHEEL)
        elif key in moves and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(moves[key][0] * _STEP * 3, moves[key][1] * _STEP * 3)
        elif key in moves:
            self._step(*moves[key])
        else:
            super().keyPressEvent(event)

    def _step(self, across: int, down: int) -> None:
        """Walk a little; the map follows at its border. A key that is held is one walk."""
        x, y = self.place or self.middle
        step = _STEP / UNIT / self.zoom
        self._walk((x + across * step, y + down * step))
        at = self.point_of((x, y))
        if not QRectF(self.rect()).adjusted(_PIN, _PIN, -_PIN, -_PIN).contains(at):
            self.center_on((x, y))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if Qt.Key(event.key()) in arrows and not event.isAutoRepeat():
            self.walkEnded.emit()
        super().keyReleaseEvent(event)

    def _walk(self, place: Place) -> None:
        self.show_place(place)
        self.walked.emit(*place)

    def _pan(self, across: float, down: float) -> None:
        scale = UNIT * self.zoom
        self.center_on((self.middle[0] + across / scale, self.middle[1] + down / scale))

    # The picture

    def resizeEvent(self, event: object) -> None:
        self.viewChanged.emit()

    def _pin_box(self, place: Place) -> QRectF:
        at = self.point_of(place)
        return QRectF(at.x() - _PIN / 2, at.y() - _PIN / 2, _PIN, _PIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.colors()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(c.canvas))
        self._paint_washes(painter)
        for level, places in self.layout_of_pictures():
            side = level * UNIT * self.zoom - 1
            for place in places:
                at, pixmap = self.point_of(place), self._pictures[place]
                box = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
                painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
        for name, place, picture in self._pins:
            box = self._pin_box(place)
            if picture is None:
                painter.fillRect(box, QColor(c.raised))
            else:
                painter.drawPixmap(box, picture, QRectF(picture.rect()))
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            if name:
                self._draw_name(painter, name, box)
        if self.place is not None:
            at = self.point_of(self.place)
            painter.setPen(QPen(QColor(0, 0, 0, 180), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, _DOT, _DOT)
            painter.setPen(QPen(QColor("white"), 2))
            painter.drawEllipse(at, _DOT, _DOT)
        painter.setPen(QPen(QColor(c.focus if self.hasFocus() else c.line_strong), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_washes(self, painter: QPainter) -> None:
        """A stand-in for a picture still to come: the mean colour of the nearest one."""
        side = spacing(self.zoom) * UNIT * self.zoom - 1
        for place in self.landmarks():
            if place in self._pictures or not self._pictures:
                continue
            nearest = min(self._pictures, key=lambda other: math.dist(other, place))
            if nearest not in self._washes:
                self._washes[nearest] = self._pictures[nearest].scaled(
                    1, 1, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            at, wash = self.point_of(place), self._washes[nearest]
            painter.setOpacity(0.5)
            painter.drawPixmap(QRectF(at.x() - side / 2, at.y() - side / 2, side, side), wash, QRectF(wash.rect()))
        painter.setOpacity(1.0)

    def _draw_name(self, painter: QPainter, name: str, box: QRectF) -> None:
        """The name of a pin below it, on a dark ground that is read on every picture."""
        metrics = painter.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 110)
        width = metrics.horizontalAdvance(short) + 8
        label = QRectF(box.center().x() - width / 2, box.bottom() + 2, width, metrics.height() + 2)
        painter.fillRect(label, QColor(0, 0, 0, 170))
        painter.setPen(QColor("white"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, short)
