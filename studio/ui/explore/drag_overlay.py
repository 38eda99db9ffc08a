"""Points, their targets and the mask of what may move, drawn over the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from studio.ui.widgets.canvas_overlay import CanvasOverlay

MASK_SIDE = 256
_RADIUS = 7.0
_GRIP = 14.0
_HANDLE, _TARGET, _DOUBTFUL = "#e5484d", "#3b82f6", "#f5b83d"


@dataclass(frozen=True)
class DragPair:
    """A point and where it shall be, in shares of the picture."""

    handle: QPointF
    target: QPointF


@dataclass(frozen=True)
class Marks:
    """All that is set on a picture: pairs, and the mask of what may move, if there is one."""

    pairs: tuple[DragPair, ...] = ()
    mask: QImage | None = None


class DragOverlay(CanvasOverlay):
    """Sets points by pressing and drawing to the target; moves and removes them; paints the mask while ``painting``.

    Attributes
    ----------
    locked : nothing can be changed, as a drag is going on.
    painting : the mouse paints what may move instead.
    brush : diameter of the brush, a share of the picture's width.
    selected : the pair that the Delete key removes; None: the last.
    doubtful : the pairs whose points cannot be told from what is near.
    """

    edited = Signal()
    """The artist changed pairs or mask."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: list[DragPair] = []
        self.locked = self.painting = False
        self.brush = 0.15
        self.selected: int | None = None
        self.doubtful: frozenset[int] = frozenset()
        self._mask = _empty_mask()
        self.has_mask = False
        self._held: tuple[int, str] | None = None
        self._stroke: QPointF | None = None
        self._erasing = False

    # What is set

    def marks(self) -> Marks:
        """The pairs and the mask, to be put back later."""
        return Marks(tuple(self.pairs), self._mask.copy() if self.has_mask else None)

    def put_back(self, marks: Marks) -> None:
        """Show pairs and mask as they were; nobody edited them."""
        self.pairs, self.selected, self.doubtful = list(marks.pairs), None, frozenset()
        self._mask = _empty_mask() if marks.mask is None else marks.mask.copy()
        self.has_mask = marks.mask is not None
        self.changed.emit()

    def set_handles(self, handles: list[QPointF]) -> None:
        """Show the points at other places, the targets as they are."""
        self.pairs = [replace(pair, handle=handle) for pair, handle in zip(self.pairs, handles, strict=True)]
        self.changed.emit()

    def set_doubtful(self, pairs: Iterable[int]) -> None:
        """Show which points cannot be told from what is near."""
        self.doubtful = frozenset(pairs)
        self.changed.emit()

    def clear(self) -> None:
        """Take all points away."""
        self.pairs, self.selected = [], None
        self._tell()

    def clear_mask(self) -> None:
        """Let everything move."""
        self._mask, self.has_mask = _empty_mask(), False
        self._tell()

    def remove(self, index: int) -> None:
        """Take one pair away."""
        del self.pairs[index]
        self.selected = None
        self._tell()

    def movable(self) -> NDArray[np.bool_] | None:
        """A mask of what may move, (256, 256) over the whole picture; None: everything."""
        if not self.has_mask:
            return None
        alpha = self._mask.convertToFormat(QImage.Format.Format_Alpha8)
        rows = np.frombuffer(alpha.constBits(), np.uint8).reshape(MASK_SIDE, alpha.bytesPerLine())
        return rows[:, :MASK_SIDE] > 127

    def _tell(self) -> None:
        self.doubtful = frozenset()  # until it is known of the points that there are now
        self.changed.emit()
        self.edited.emit()

    # The mouse and keys

    def press(self, at: QPointF, target: QRectF, button: Qt.MouseButton) -> bool:
        inside = 0 <= at.x() < 1 and 0 <= at.y() < 1
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) or not inside:
            return False
        if self.locked:
            return button == Qt.MouseButton.LeftButton
        if self.painting:
            self._erasing = button == Qt.MouseButton.RightButton
            self._stroke = at
            self.move(at)
            return True
        found = self._at(at, target)
        if button == Qt.MouseButton.RightButton:
            if found is not None:
                self.remove(found[0])
            return found is not None
        if found is None:
            self.pairs.append(DragPair(at, at))
            found = len(self.pairs) - 1, "target"
        self._held = found
        self.selected = found[0]
        self.changed.emit()
        return True

    def _at(self, at: QPointF, target: QRectF) -> tuple[int, str] | None:
        """The end of a pair that is under the mouse, targets first."""
        for name in ("target", "handle"):
            for index, pair in reversed(list(enumerate(self.pairs))):
                way = getattr(pair, name) - at
                if np.hypot(way.x() * target.width(), way.y() * target.height()) <= _GRIP:
                    return index, name
        return None

    def move(self, at: QPointF) -> None:
        held = QPointF(min(max(at.x(), 0.0), 0.999), min(max(at.y(), 0.0), 0.999))
        if self._stroke is not None:
            painter = QPainter(self._mask)
            if self._erasing:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            pen = QPen(QColor(255, 255, 255), self.brush * MASK_SIDE)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(self._stroke * MASK_SIDE, at * MASK_SIDE + QPointF(0.01, 0))
            painter.end()
            self._stroke, self.has_mask = at, True
        elif self._held is not None:
            index, name = self._held
            pair = self.pairs[index]
            self.pairs[index] = DragPair(held, pair.target) if name == "handle" else DragPair(pair.handle, held)
        self.changed.emit()

    def release(self) -> None:
        if self._stroke is not None:
            self._stroke = None
            movable = self.movable()
            self.has_mask = movable is not None and bool(movable.any())
        self._held = None
        self._tell()

    def key(self, key: int) -> bool:
        if key not in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) or self.locked or not self.pairs:
            return False
        self.remove(len(self.pairs) - 1 if self.selected is None else self.selected)
        return True

    # Painting

    def paint(self, painter: QPainter, target: QRectF) -> None:
        if self.has_mask:
            shade = QImage(self._mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
            shade.fill(QColor(0, 0, 0, 120))
            cut = QPainter(shade)
            cut.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
            cut.drawImage(0, 0, self._mask)
            cut.end()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, pair in enumerate(self.pairs):
            handle, goal = _place(pair.handle, target), _place(pair.target, target)
            for width, color in ((4.0, QColor(0, 0, 0, 150)), (2.0, QColor(255, 255, 255, 230))):
                painter.setPen(QPen(color, width))
                painter.drawLine(handle, goal)
            chosen = index == self.selected and not self.locked
            _dot(painter, goal, _TARGET, chosen)
            doubtful = index in self.doubtful
            _dot(painter, handle, _DOUBTFUL if doubtful else _HANDLE, chosen)
            if doubtful:
                painter.setPen(QColor(0, 0, 0))
                square = QRectF(handle.x() - _RADIUS, handle.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
                painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "?")


def _place(share: QPointF, target: QRectF) -> QPointF:
    size: QSizeF = target.size()
    return QPointF(target.left() + share.x() * size.width(), target.top() + share.y() * size.height())


def _dot(painter: QPainter, at: QPointF, color: str, chosen: bool) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 150), 4 if chosen else 3))
    painter.setBrush(QColor(color))
    painter.drawEllipse(at, _RADIUS, _RADIUS)
    painter.setPen(QPen(QColor(255, 255, 255), 2.5 if chosen else 1.5))
    painter.drawEllipse(at, _RADIUS, _RADIUS)


def _empty_mask() -> QImage:
    image = QImage(MASK_SIDE, MASK_SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image
