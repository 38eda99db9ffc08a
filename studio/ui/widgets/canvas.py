"""The picture, with zoom, pan and a before/after wipe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui import theme
from studio.ui.widgets.canvas_overlay import CanvasOverlay
from studio.ui.widgets.convert import to_qimage

_LARGEST_ZOOM = 64.0
_NEAREST_FROM = 3.0
_STEP = 1.25
_GRIP = 9
_MARGIN = 12


class _Layer:
    """One picture with its halved copies, so that a zoomed-out view neither shimmers nor costs time."""

    def __init__(self, image: QImage) -> None:
        self.alpha = image.hasAlphaChannel()
        layout = QImage.Format.Format_ARGB32_Premultiplied if self.alpha else QImage.Format.Format_RGB32
        self._levels = [image.convertToFormat(layout)]
        self.size = image.size()

    def level(self, zoom: float) -> QImage:
        """The smallest copy that still has at least as many pixels as are shown at ``zoom``."""
        wanted = 0
        while zoom <= 0.5 and min(self.size.width(), self.size.height()) >> (wanted + 1) > 0:
            wanted += 1
            zoom *= 2
        while len(self._levels) <= wanted:
            last = self._levels[-1]
            half = QSize(max(1, last.width() // 2), max(1, last.height() // 2))
            smooth = Qt.TransformationMode.SmoothTransformation
            self._levels.append(last.scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
        return self._levels[wanted]


class Canvas(QWidget):
    """Shows one picture, and another one before it under a wipe handle.

    Zoom counts device pixels for each pixel of the picture: 1.0 is 100 % on every display. Wheel zooms at the cursor,
    dragging pans, a double-click changes between fit and 100 %; keys: ``+``, ``-``, ``0`` (fit), ``1`` (100 %), arrows.
    """

    zoomChanged = Signal(float)
    """The zoom in use, 1.0 for 100 %."""
    wipeChanged = Signal(bool)
    """The wipe was turned on or off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._after: _Layer | None = None
        self._before: _Layer | None = None
        self._wipe = False
        self._wipe_at = 0.5
        self._message = ""
        self._fitting = True
        self._pixelated = False
        self._zoom = 1.0
        self._center = QPointF(0.5, 0.5)  # the point of the picture in the middle of the widget, in shares of its size
        self._dragging: QPointF | None = None
        self._wiping = False
        self._last_zoom = 0.0
        self._ring = False
        self._names: tuple[str, str] | None = None
        self._overlay: CanvasOverlay | None = None
        self._overlay_pressed = False
        self._menu_taken = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))
        theme.theme().changed.connect(self.update)

    # What is shown

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show ``image``: uint8 (height, width, 3), or 4 with alpha; None shows the message.

        Unless it fits the window, the part of the picture in view stays, also when the size in pixels changes.
        """
        before = self._after
        self._after = None if image is None else _Layer(to_qimage(image))
        if self._after is not None and before is not None and not self._fitting:
            self._zoom *= before.size.width() / self._after.size.width()
        self._settle()

    def set_before(self, image: NDArray[np.uint8] | None, names: tuple[str, str] | None = None) -> None:
        """The picture left of the wipe handle, stretched to the size of the main one; None takes it away.

        ``names`` are the words on the two sides, by themselves *Before* and *After*.
        """
        self._before = None if image is None else _Layer(to_qimage(image))
        self._names = names
        self.update()

    def has_image(self) -> bool:
        """Return whether there is a picture."""
        return self._after is not None

    def has_before(self) -> bool:
        """Return whether there is a picture to wipe against."""
        return self._before is not None

    def image(self) -> QImage | None:
        """The picture shown, or None."""
        return None if self._after is None else self._after.level(1.0)

    def set_message(self, text: str) -> None:
        """Set the text in the middle while there is no picture."""
        self._message = text
        self.update()

    def set_overlay(self, overlay: CanvasOverlay | None) -> None:
        """Draw ``overlay`` over the picture and offer it the mouse and keys first; None takes it away."""
        if overlay is self._overlay:
            return
        if self._overlay is not None:
            self._overlay.changed.disconnect(self.update)
        self._overlay, self._overlay_pressed, self._menu_taken = overlay, False, False
        if overlay is not None:
            overlay.changed.connect(self.update)
        self.update()

    def _share(self, at: QPointF) -> QPointF:
        """A place in the widget in shares of the picture."""
        target = self.image_rect()
        return QPointF((at.x() - target.left()) / target.width(), (at.y() - target.top()) / target.height())

    # The wipe

    def set_wipe(self, on: bool) -> None:
        """Show the picture before left of a handle that can be dragged (or moved with the left and right keys)."""
        if on != self._wipe:
            self._wipe = on
            self.update()
            self.wipeChanged.emit(on)

    def wipe(self) -> bool:
        """Return whether the wipe is on."""
        return self._wipe

    def wipe_position(self) -> float:
        """The position of the handle, 0..1 over the width of the picture."""
        return self._wipe_at

    def set_wipe_position(self, position: float) -> None:
        """Move the handle to ``position``, 0..1."""
        self._wipe_at = min(1.0, max(0.0, position))
        self.update()

    def _wiped(self) -> bool:
        return self._wipe and self._before is not None and self._after is not None

    # Zoom

    def zoom(self) -> float:
        """Device pixels for each pixel of the picture."""
        return self._zoom

    def is_fitting(self) -> bool:
        """Return whether the picture is kept fitted to the widget."""
        return self._fitting

    def fit(self) -> None:
        """Show the whole picture, as large as the widget allows, and keep it so."""
        self._fitting = True
        self._center = QPointF(0.5, 0.5)
        self._settle()

    def useful_side(self) -> int | None:
        """Pixels of the long side above which a picture shows no more than it does now; None: all are of use."""
        return round(max(self.width(), self.height()) * self.devicePixelRatioF()) if self._fitting else None

    def actual_size(self, at: QPointF | None = None) -> None:
        """One device pixel for each pixel of the picture; ``at`` (widget coordinates) stays in place."""
        self.set_zoom(1.0, at)

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to ``zoom``, with the point ``at`` (widget coordinates; None: the middle) staying in place."""
        if self._after is None:
            return
        middle = QRectF(self.rect()).center()
        at = middle if at is None else at
        old = self._exact_rect()
        point = QPointF((at.x() - old.x()) / old.width(), (at.y() - old.y()) / old.height())
        self._fitting = False
        self._zoom = min(_LARGEST_ZOOM, max(min(0.05, self._fit_zoom()), zoom))
        size = self._shown_size()
        self._center = QPointF(
            point.x() + (middle.x() - at.x()) / size[0],
            point.y() + (middle.y() - at.y()) / size[1],
        )
        self._settle()

    def pixelated(self) -> bool:
        """Return whether a picture that is much enlarged shows its single pixels."""
        return self._pixelated

    def set_pixelated(self, on: bool) -> None:
        """Show single pixels beyond three times, or stay smooth at every zoom."""
        self._pixelated = on
        self.update()

    def image_rect(self) -> QRectF:
        """The rectangle of the picture, in widget coordinates, on whole device pixels; empty without one."""
        if self._after is None:
            return QRectF()
        exact, ratio = self._exact_rect(), self.devicePixelRatioF()
        left, top = round(exact.left() * ratio) / ratio, round(exact.top() * ratio) / ratio
        width, height = max(1, round(exact.width() * ratio)) / ratio, max(1, round(exact.height() * ratio)) / ratio
        return QRectF(left, top, width, height)

    def _shown_size(self) -> tuple[float, float]:
        assert self._after is not None
        scale = self._zoom / self.devicePixelRatioF()
        return self._after.size.width() * scale, self._after.size.height() * scale

    def _exact_rect(self) -> QRectF:
        width, height = self._shown_size()
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - self._center.x() * width, middle.y() - self._center.y() * height, width, height)

    def _fit_zoom(self) -> float:
        assert self._after is not None
        ratio = self.devicePixelRatioF()
        width = max(1.0, (self.width() - 2 * _MARGIN) * ratio)
        height = max(1.0, (self.height() - 2 * _MARGIN) * ratio)
        return min(_LARGEST_ZOOM, width / self._after.size.width(), height / self._after.size.height())

    def _settle(self) -> None:
        """Bring zoom and centre into what is allowed, tell and repaint."""
        if self._after is not None:
            if self._fitting:
                self._zoom = self._fit_zoom()
                self._center = QPointF(0.5, 0.5)
            else:
                width, height = self._shown_size()
                self._center = QPointF(
                    _held(self._center.x(), self.width() / width), _held(self._center.y(), self.height() / height)
                )
            if self._last_zoom != self._zoom:
                self._last_zoom = self._zoom
                self.zoomChanged.emit(self._zoom)
        self._choose_cursor(self.mapFromGlobal(self.cursor().pos()).toPointF())
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.canvas))
        if self._after is None:
            painter.setPen(QColor(c.muted if theme.is_dark() else c.text))
            text = self.rect().adjusted(32, 32, -32, -32)
            painter.drawText(text, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._message)
        else:
            target = self.image_rect()
            if self._wiped():
                assert self._before is not None
                line = self._wipe_line(target)
                painter.save()
                painter.setClipRect(QRectF(line, 0, self.width() - line, self.height()))
                self._draw(painter, self._after, target)
                painter.setClipRect(QRectF(0, 0, line, self.height()))
                self._draw(painter, self._before, target)
                painter.restore()
                self._draw_handle(painter, target, line)
            else:
                self._draw(painter, self._after, target)
            if self._overlay is not None:
                painter.save()
                self._overlay.paint(painter, target)
                painter.restore()
        if self._ring:
            painter.setPen(QPen(QColor(c.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw(self, painter: QPainter, layer: _Layer, target: QRectF) -> None:
        zoom = target.width() * self.devicePixelRatioF() / layer.size.width()
        if layer.alpha:
            painter.fillRect(target, _checkers())
        smooth = not self._pixelated or zoom <= _NEAREST_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        image = layer.level(zoom)
        painter.drawImage(target, image, QRectF(image.rect()))

    def _draw_handle(self, painter: QPainter, target: QRectF, line: float) -> None:
        visible = target.intersected(QRectF(self.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 120), 3))
        painter.drawLine(QPointF(line, visible.top()), QPointF(line, visible.bottom()))
        painter.setPen(QPen(QColor(255, 255, 255, 230), 1))
        painter.drawLine(QPointF(line, visible.top()), QPointF(line, visible.bottom()))
        knob = QPointF(line, visible.center().y())
        painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.drawEllipse(knob, 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(40, 40, 40))
        for side in (-1, 1):
            tip, foot = knob.x() + side * 8, knob.x() + side * 3
            painter.drawPolygon(
                QPolygonF([QPointF(tip, knob.y()), QPointF(foot, knob.y() - 4), QPointF(foot, knob.y() + 4)])
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left, right = self._names or (self.tr("Before"), self.tr("After"))
        top = visible.top() + 8
        self._draw_tag(painter, left, QPointF(visible.left() + 8, top), Qt.AlignmentFlag.AlignLeft)
        self._draw_tag(painter, right, QPointF(visible.right() - 8, top), Qt.AlignmentFlag.AlignRight)

    def _draw_tag(self, painter: QPainter, text: str, corner: QPointF, side: Qt.AlignmentFlag) -> None:
        width, height = self.fontMetrics().horizontalAdvance(text) + 14, self.fontMetrics().height() + 6
        left = corner.x() if side == Qt.AlignmentFlag.AlignLeft else corner.x() - width
        box = QRectF(left, corner.y(), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 140))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(240, 240, 240))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    # Mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._after is None or event.angleDelta().y() == 0:
            event.ignore()
            return
        self.set_zoom(self._zoom * 1.0016 ** event.angleDelta().y(), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ContextMenu and self._menu_taken:
            return True  # the overlay has used the right button
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
            and self._after is not None
        ):
            self.set_zoom(self._zoom * (1 + event.value()), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._overlay is not None and self._after is not None and not self._over_handle(event.position()):
            self._overlay_pressed = self._overlay.press(
                self._share(event.position()), self.image_rect(), event.button()
            )
            self._menu_taken = self._overlay_pressed and event.button() == Qt.MouseButton.RightButton
            if self._overlay_pressed:
                return
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) or self._after is None:
            super().mousePressEvent(event)
            return
        if event.button() == Qt.MouseButton.LeftButton and self._over_handle(event.position()):
            self._wiping = True
        else:
            self._dragging = event.position()
        self._choose_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._overlay_pressed and self._overlay is not None:
            self._overlay.move(self._share(event.position()))
        elif self._wiping:
            target = self.image_rect()
            self.set_wipe_position((event.position().x() - target.left()) / target.width())
        elif self._dragging is not None:
            moved, self._dragging = event.position() - self._dragging, event.position()
            self._pan(moved)
        self._choose_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._overlay_pressed and self._overlay is not None:
            self._overlay_pressed = False
            self._overlay.release()
            return
        self._wiping = False
        self._dragging = None
        self._choose_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._over_handle(event.position()):
            return
        if self._overlay is not None:
            self.mousePressEvent(event)  # two quick presses are two presses
            return
        if self._fitting:
            self.actual_size(event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        moves = {
            Qt.Key.Key_Left: QPointF(1, 0),
            Qt.Key.Key_Right: QPointF(-1, 0),
            Qt.Key.Key_Up: QPointF(0, 1),
            Qt.Key.Key_Down: QPointF(0, -1),
        }
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif self._overlay is not None and self._overlay.key(key):
            pass
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self._zoom * _STEP)
        elif key == Qt.Key.Key_Minus:
            self.set_zoom(self._zoom / _STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.actual_size()
        elif key in moves and self._fitting and not (self._wiped() and moves[Qt.Key(key)].x()):
            super().keyPressEvent(event)  # nothing to move here
        elif key in moves:
            step = moves[Qt.Key(key)]
            far = 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            if self._wiped() and step.x():
                self.set_wipe_position(self._wipe_at - step.x() * 0.01 * far)
            else:
                self._pan(step * (24 * far))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Only who came by keyboard needs to be told where the focus is; a frame would disturb the picture.
        reasons = Qt.FocusReason
        self._ring = event.reason() in (reasons.TabFocusReason, reasons.BacktabFocusReason, reasons.ShortcutFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def _pan(self, moved: QPointF) -> None:
        if self._after is None or self._fitting:
            return
        width, height = self._shown_size()
        self._center -= QPointF(moved.x() / width, moved.y() / height)
        self._settle()

    def _over_handle(self, at: QPointF) -> bool:
        if not self._wiped():
            return False
        target = self.image_rect()
        return abs(at.x() - self._wipe_line(target)) <= _GRIP

    def _wipe_line(self, target: QRectF) -> float:
        """Place of the handle: on the picture, or at the edge of the view beyond which that lies."""
        visible = target.intersected(QRectF(self.rect()))
        line = target.left() + target.width() * self._wipe_at
        if visible.width() < 4 * _GRIP:
            return line
        low = visible.left() + (_GRIP if visible.left() > target.left() else 0)
        high = visible.right() - (_GRIP if visible.right() < target.right() else 0)
        return min(max(line, low), high)

    def _choose_cursor(self, at: QPointF) -> None:
        if self._wiping or self._over_handle(at):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._dragging is not None and not self._fitting:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._after is not None and not self._fitting and not QRectF(self.rect()).contains(self._exact_rect()):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()


def _held(center: float, share: float) -> float:
    """``center`` (0..1 of the picture) held so that a view of ``share`` of its length stays filled, or centred."""
    return 0.5 if share >= 1 else min(1 - share / 2, max(share / 2, center))


_checker_brush: QBrush | None = None


def _checkers() -> QBrush:
    """The pattern that shows through transparent places."""
    global _checker_brush
    if _checker_brush is None:
        tile = QPixmap(16, 16)
        tile.fill(QColor("#9a9a9a"))
        painter = QPainter(tile)
        for corner in (QPoint(0, 0), QPoint(8, 8)):
            painter.fillRect(QRect(corner, QSize(8, 8)), QColor("#7c7c7c"))
        painter.end()
        _checker_brush = QBrush(tile)
    return _checker_brush
