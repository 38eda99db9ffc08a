"""The strip of a clip: its pictures in a row, where one looks, and the marks of the part that is filmed."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.theme import colors, theme

HEIGHT = 62
_EDGE = 11
"""Room for the marks' handles at both ends."""
_GRIP = 9
_SETTLE_MS = 400


def clock(seconds: float) -> str:
    """Seconds as "1:02.5"."""
    tenths = math.floor(seconds * 10 + 0.5)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


class ClipStrip(QWidget):
    """Drag to look at any place; drag the marks at the ends to film a part. Arrow keys go frame by frame."""

    moved = Signal(float)
    """The place looked at, in seconds, while it is dragged."""
    marked = Signal(float, float)
    """Begin and end of the part, in seconds."""
    thumbnailsWanted = Signal(int, int)
    """How many, and their height in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Frames of the clip"))
        self.setToolTip(
            self.tr(
                "Drag to look at any frame; the arrow keys go frame by frame. "
                "Drag the marks at the ends, or press I and O, to film only a part."
            )
        )
        self._seconds, self._step, self._aspect = 1.0, 0.04, 16 / 9
        self._at, self._start, self._end = 0.0, 0.0, 1.0
        self._pictures: dict[int, QPixmap] = {}
        self._count = 0
        self._earlier: tuple[dict[int, QPixmap], int] = {}, 0
        """What is shown until the pictures for another width have come."""
        self._done: tuple[float, float] | None = None
        self.stepper: Callable[[int], None] | None = None
        """Goes one frame on or back, for clips whose frames do not all last as long."""
        self._held = ""
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SETTLE_MS)
        self._wait.timeout.connect(self._ask)
        theme().changed.connect(self.update)

    def set_clip(self, seconds: float, step: float, aspect: float) -> None:
        """A clip of ``seconds`` whose frames last ``step`` seconds and are ``aspect`` times as wide as high."""
        self._seconds, self._step, self._aspect = max(seconds, step), step, aspect
        self._at, self._start, self._end = 0.0, 0.0, self._seconds
        self._done = None
        self._pictures.clear()
        self._earlier = {}, 0
        self._ask()
        self.update()

    def set_thumbnail(self, index: int, image: QImage) -> None:
        """The picture of a place of the strip."""
        self._pictures[index] = QPixmap.fromImage(image)
        if len(self._pictures) >= self._count:
            self._earlier = {}, 0
        self.update()

    def seconds(self) -> float:
        """The length of the clip."""
        return self._seconds

    def step(self) -> float:
        """Seconds that a frame is shown, on average."""
        return self._step

    def set_done(self, part: tuple[float, float] | None) -> None:
        """The part of which there is a film, in seconds; it gets a line below the pictures."""
        if part != self._done:
            self._done = part
            self.update()

    def show_position(self, seconds: float) -> None:
        """As :meth:`set_position`, silently: what is there is shown already."""
        self._at = min(max(0.0, seconds), self._seconds)
        self.update()

    def position(self) -> float:
        """The position looked at, in seconds."""
        return self._at

    def marks(self) -> tuple[float, float | None]:
        """Begin and end of the part in seconds, as a film's recipe has them: no end is the clip's own."""
        whole = self._end >= self._seconds - self._step / 2
        return (0.0 if self._start < self._step / 2 else self._start), (None if whole else self._end)

    def set_position(self, seconds: float) -> None:
        """Look at another place."""
        seconds = min(max(0.0, seconds), self._seconds - self._step)
        if abs(seconds - self._at) > 1e-6:
            self._at = seconds
            self.moved.emit(self._at)
            self.update()

    def set_marks(self, start: float, end: float | None) -> None:
        """The part from ``start`` to ``end`` seconds, of at least one frame."""
        end = self._seconds if end is None else min(end, self._seconds)
        start = min(max(0.0, start), self._seconds - self._step)
        self._start, self._end = start, max(end, start + self._step)
        self.marked.emit(self._start, self._end)
        self.update()

    def mark_start(self) -> None:
        """The part begins with the frame looked at."""
        self.set_marks(self._at, max(self._end, self._at + self._step))

    def mark_end(self) -> None:
        """The part ends after the frame looked at."""
        self.set_marks(min(self._start, self._at), self._at + self._step)

    # Where things are

    def _track(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_EDGE, 6, -_EDGE, -6)

    def _x(self, seconds: float) -> float:
        track = self._track()
        return track.left() + track.width() * seconds / self._seconds

    def _time(self, x: float) -> float:
        track = self._track()
        return min(max(0.0, (x - track.left()) / max(1.0, track.width())), 1.0) * self._seconds

    def _ask(self) -> None:
        track = self._track()
        if self._pictures and not self._earlier[0]:
            self._earlier = self._pictures, self._count
        self._count = max(1, round(track.width() / max(16.0, track.height() * self._aspect)))
        self._pictures = {}
        if self.isVisibleTo(self.window()):
            self.thumbnailsWanted.emit(self._count, round(track.height() * self.devicePixelRatioF()))

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._wait.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        track = self._track()
        shape = QPainterPath()
        shape.addRoundedRect(track, 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(track, QColor(c.base))
        for pictures, count in (self._earlier, (self._pictures, self._count)):
            width = track.width() / max(1, count)
            for index, picture in pictures.items():
                cell = QRectF(track.left() + index * width, track.top(), width, track.height())
                # Cut to the cell, never squeezed.
                scale = max(cell.width() / picture.width(), cell.height() / picture.height())
                part = QRectF(0, 0, cell.width() / scale, cell.height() / scale)
                part.moveCenter(QRectF(picture.rect()).center())
                painter.drawPixmap(cell, picture, part)
        shade = QColor(c.canvas)
        shade.setAlpha(185)
        start, end = self._x(self._start), self._x(self._end)
        painter.fillRect(QRectF(track.left(), track.top(), start - track.left(), track.height()), shade)
        painter.fillRect(QRectF(end, track.top(), track.right() - end, track.height()), shade)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(c.focus if self.hasFocus() else c.line_strong), 1))
        painter.drawRoundedRect(track, 4, 4)
        painter.setPen(QPen(QColor(c.accent), 2))
        painter.drawLine(QPointF(start, track.top()), QPointF(end, track.top()))
        painter.drawLine(QPointF(start, track.bottom()), QPointF(end, track.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        painter.drawRoundedRect(QRectF(start - _GRIP, track.top() - 1, _GRIP, track.height() + 2), 3, 3)
        painter.drawRoundedRect(QRectF(end, track.top() - 1, _GRIP, track.height() + 2), 3, 3)
        if self._done is not None:
            first, last = self._x(self._done[0]), self._x(min(self._done[1], self._seconds))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.focus))
            painter.drawRoundedRect(QRectF(first, self.height() - 4, max(2.0, last - first), 3), 1.5, 1.5)
        x = self._x(self._at)
        painter.setPen(QPen(QColor(c.canvas), 4))
        painter.drawLine(QPointF(x, 3), QPointF(x, self.height() - 3))
        painter.setPen(QPen(QColor(c.text), 2))
        painter.drawLine(QPointF(x, 3), QPointF(x, self.height() - 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.text))
        painter.drawEllipse(QPointF(x, 5), 5, 5)

    def _under(self, x: float) -> str:
        start, end = self._x(self._start), self._x(self._end)
        if start - _GRIP - 2 <= x <= start + 1:
            return "start"
        return "end" if end - 1 <= x <= end + _GRIP + 2 else "at"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._under(event.position().x())
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._drag(event.position().x())
        else:
            over = self._under(event.position().x())
            self.setCursor(Qt.CursorShape.ArrowCursor if over == "at" else Qt.CursorShape.SizeHorCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def _drag(self, x: float) -> None:
        seconds = self._time(x)
        if self._held == "start":
            self.set_marks(min(seconds, self._end - self._step), self._end)
            self.set_position(self._start)
        elif self._held == "end":
            self.set_marks(self._start, max(seconds, self._start + self._step))
            self.set_position(self._end - self._step)
        else:
            self.set_position(seconds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leap = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self._step
        places = {
            Qt.Key.Key_Left: self._at - leap,
            Qt.Key.Key_Right: self._at + leap,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._seconds,
        }
        key = Qt.Key(event.key())
        single = key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and leap == self._step
        if single and self.stepper is not None:
            self.stepper(1 if key == Qt.Key.Key_Right else -1)
        elif key in places:
            self.set_position(places[key])
        elif key == Qt.Key.Key_I:
            self.mark_start()
        elif key == Qt.Key.Key_O:
            self.mark_end()
        else:
            super().keyPressEvent(event)
