"""The artist's own square of a picture: dragged, resized, nudged, one picture after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.base import Progress, Work
from studio.training.findings import PictureFinding
from studio.training.framing import Box, Framing, boxes_of, cut_out
from studio.training.mosaic import open_source
from studio.training.picture_decisions import PictureDecisions
from studio.ui.command import Command, CommandSet
from studio.ui.theme import SPACE_L, SPACE_M, colors, icon
from studio.ui.train.dataset.findings import TRANSPARENT
from studio.ui.train.text import number
from studio.ui.widgets import to_qimage
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.worker import Job, thread_pool

LEAST_SIDE = 16
SHOWN_SIDE = 1600
"""Larger pictures are shown at this size; the square is in pixels of the original all the same."""

PREVIEW = 192
_HANDLE = 9


def fitted(box: Box, width: int, height: int) -> Box:
    """The square moved and resized so that it overlaps the picture as far as it can; whole pixels."""
    side = float(round(min(max(box[2], LEAST_SIDE), max(width, height))))

    def place(at: float, room: int) -> float:
        low, high = min(0.0, room - side), max(0.0, room - side)
        return float(round(min(max(at, low), high)))

    return place(box[0], width), place(box[1], height), side


class CropCanvas(QWidget):
    """The picture with the square on it. Arrows move it by a pixel (with Shift by ten), + and - resize it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._size = (1, 1)
        self._box: Box = (0.0, 0.0, 1.0)
        self._grip = ""
        self._from = QPointF()
        self._start: Box = self._box
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("The picture with the square that the network sees"))

    def show_picture(self, image: QImage, width: int, height: int, box: Box) -> None:
        """Show a picture of ``width`` x ``height`` pixels, by ``image`` of any size, with its square."""
        self._image, self._size, self._box = image, (width, height), box
        self.update()

    def box(self) -> Box:
        """The square."""
        return self._box

    def set_box(self, box: Box) -> None:
        """Put the square elsewhere, as far as the picture lets it."""
        box = fitted(box, *self._size)
        if box != self._box and not self._image.isNull():
            self._box = box
            self.update()
            self.changed.emit()

    def resized(self, by: float) -> None:
        """Make the square larger by so many pixels of the picture, around its middle."""
        left, top, side = self._box
        self.set_box((left - by / 2, top - by / 2, side + by))

    # ---- where things are on the screen

    def _scale(self) -> float:
        width, height = self._size
        # Room beside the picture for squares that reach beyond it.
        return min((self.width() - 2 * SPACE_L) / width, (self.height() - 2 * SPACE_L) / height)

    def _origin(self) -> QPointF:
        scale = self._scale()
        return QPointF((self.width() - self._size[0] * scale) / 2, (self.height() - self._size[1] * scale) / 2)

    def _on_screen(self) -> QRectF:
        scale, origin = self._scale(), self._origin()
        left, top, side = self._box
        return QRectF(origin.x() + left * scale, origin.y() + top * scale, side * scale, side * scale)

    def _grip_at(self, point: QPointF) -> str:
        square = self._on_screen()
        corners = {
            "tl": square.topLeft(), "tr": square.topRight(), "bl": square.bottomLeft(), "br": square.bottomRight(),
        }  # fmt: skip
        for name, corner in corners.items():
            if max(abs(corner.x() - point.x()), abs(corner.y() - point.y())) <= _HANDLE:
                return name
        return "move" if square.contains(point) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors().canvas))
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale, origin = self._scale(), self._origin()
        area = QRectF(origin.x(), origin.y(), self._size[0] * scale, self._size[1] * scale)
        if self._image.hasAlphaChannel():
            painter.fillRect(area, QColor(TRANSPARENT))
        painter.drawImage(area, self._image)
        square = self._on_screen()
        veil = QColor(0, 0, 0, 150)
        whole = QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, whole.width(), max(0.0, square.top())), veil)
        painter.fillRect(QRectF(0, square.bottom(), whole.width(), whole.height() - square.bottom()), veil)
        painter.fillRect(QRectF(0, square.top(), max(0.0, square.left()), square.height()), veil)
        painter.fillRect(QRectF(square.right(), square.top(), whole.width() - square.right(), square.height()), veil)
        painter.setPen(QPen(QColor(255, 255, 255, 70), 1))
        for third in (1, 2):
            x, y = square.left() + square.width() * third / 3, square.top() + square.height() * third / 3
            painter.drawLine(QPointF(x, square.top()), QPointF(x, square.bottom()))
            painter.drawLine(QPointF(square.left(), y), QPointF(square.right(), y))
        # A dark rim under a light line is seen on every picture.
        for color, width in ((QColor(0, 0, 0, 160), 4), (QColor(colors().focus if self.hasFocus() else "#ffffff"), 2)):
            painter.setPen(QPen(color, width))
            painter.drawRect(square)
        painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
        painter.setBrush(QColor("#ffffff"))
        for corner in (square.topLeft(), square.topRight(), square.bottomLeft(), square.bottomRight()):
            painter.drawRect(QRectF(corner.x() - 4, corner.y() - 4, 8, 8))

    # ---- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._grip_at(event.position())
            self._from, self._start = event.position(), self._box

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        grip = self._grip or self._grip_at(event.position())
        shapes = {
            "": Qt.CursorShape.ArrowCursor, "move": Qt.CursorShape.SizeAllCursor,
            "tl": Qt.CursorShape.SizeFDiagCursor, "br": Qt.CursorShape.SizeFDiagCursor,
            "tr": Qt.CursorShape.SizeBDiagCursor, "bl": Qt.CursorShape.SizeBDiagCursor,
        }  # fmt: skip
        self.setCursor(shapes[grip])
        if not self._grip:
            return
        moved = (event.position() - self._from) / self._scale()
        left, top, side = self._start
        if self._grip == "move":
            self.set_box((left + moved.x(), top + moved.y(), side))
            return
        # The corner across stays where it is.
        across = moved.x() if "r" in self._grip else -moved.x()
        down = moved.y() if "b" in self._grip else -moved.y()
        grown = max(LEAST_SIDE, side + (across + down) / 2)
        self.set_box(
            (
                left if "r" in self._grip else left + side - grown,
                top if "b" in self._grip else top + side - grown,
                grown,
            )
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.resized(-event.angleDelta().y() / 120 * self._box[2] * 0.04)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Left: (-step, 0), Qt.Key.Key_Right: (step, 0),
            Qt.Key.Key_Up: (0, -step), Qt.Key.Key_Down: (0, step),
        }  # fmt: skip
        left, top, side = self._box
        if event.key() in moves:
            dx, dy = moves[Qt.Key(event.key())]
            self.set_box((left + dx, top + dy, side))
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.resized(2 * step)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.resized(-2 * step)
        else:
            super().keyPressEvent(event)


def _opened(finding: PictureFinding) -> Work[Image.Image]:
    yield Progress(0)
    return open_source(finding)


class CropDialog(QDialog):
    """Goes through pictures; what the artist sets is in :attr:`decisions` at once, and :attr:`decided` tells of it."""

    decided = Signal()

    def __init__(
        self,
        findings: Sequence[PictureFinding],
        start: int,
        framing: Framing,
        decisions: PictureDecisions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Crop"))
        resize_within_screen(self, 920, 640)
        self.decisions = decisions
        self._findings = findings
        self._at = -1
        self._framing = framing
        self._picture: Image.Image | None = None
        self._work: Job | None = None

        self.canvas = CropCanvas()
        self.canvas.changed.connect(self._on_changed)
        self._name = QLabel()
        self._name.setWordWrap(True)
        self._name.setProperty("heading", True)
        self._properties = QLabel()
        self._properties.setWordWrap(True)
        self._properties.setProperty("muted", True)
        self._preview = QLabel()
        self._preview.setFixedSize(PREVIEW, PREVIEW)
        self._preview.setAccessibleName(self.tr("As the network sees it"))
        seen = QLabel(self.tr("As the network sees it"))
        seen.setProperty("muted", True)
        self._hint = QLabel(
            self.tr("Drag the square or its corners. Arrows move it, + and − resize it, Page Up and Down go on.")
        )
        self._hint.setWordWrap(True)
        self._hint.setProperty("muted", True)
        self.previous, self.next = QPushButton(self.tr("Previous")), QPushButton(self.tr("Next"))
        self.commands = CommandSet(self)
        self.commands.add(
            Command(
                "step.previous", self.tr("Previous"), lambda: self.go(self._at - 1), "previous", self._has_previous
            ),
            Command("step.next", self.next.text(), lambda: self.go(self._at + 1), "next", self._has_next),
        )
        self.commands.attach(self.previous, "step.previous")
        self.commands.attach(self.next, "step.next")
        self.commands.add_keys(self)
        self.reset = QPushButton(icon("reset"), self.tr("Automatic"))
        self.reset.setToolTip(self.tr("Take your own square back."))
        self.reset.clicked.connect(self._reset)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        for button in (self.previous, self.next, self.reset, close):
            button.setAutoDefault(False)
        steps = QHBoxLayout()
        steps.addWidget(self.previous)
        steps.addWidget(self.next)
        side = QVBoxLayout()
        side.setSpacing(SPACE_M)
        side.addWidget(self._name)
        side.addWidget(self._properties)
        side.addSpacing(SPACE_M)
        side.addWidget(seen)
        side.addWidget(self._preview)
        side.addWidget(self._hint)
        # Wrapped texts say too little about their height: in a low window they would lie on the preview.
        self._hint.setMinimumHeight(self._hint.heightForWidth(PREVIEW))
        side.addStretch(1)
        side.addLayout(steps)
        side.addWidget(self.reset)
        side.addWidget(close)
        right = QWidget()
        right.setFixedWidth(PREVIEW + 2 * SPACE_L)
        right.setLayout(side)
        layout = QHBoxLayout(self)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(right)

        # The preview follows the hand, but not every pixel of its way.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(30)
        self._soon.timeout.connect(self._show_preview)
        self.canvas.setFocus()
        self.go(start)

    def finding(self) -> PictureFinding:
        """The picture shown."""
        return self._findings[self._at]

    def go(self, index: int) -> None:
        """Show another picture."""
        if not 0 <= index < len(self._findings) or index == self._at:
            return
        if self._work is not None:
            self._work.cancel()
        self._at, self._picture = index, None
        found = self.finding()
        self._name.setText(found.name)
        self.commands.refresh()
        self.canvas.show_picture(QImage(), found.width, found.height, self._box())
        self._preview.clear()
        self._tell()
        work = thread_pool().submit(lambda: _opened(found), owner=self)
        work.finished.connect(self._on_opened)
        work.failed.connect(lambda problem: self._properties.setText(str(problem)))
        self._work = work

    def _has_previous(self) -> bool:
        return self._at > 0

    def _has_next(self) -> bool:
        return self._at < len(self._findings) - 1

    def done(self, result: int) -> None:
        """Close."""
        if self._work is not None:
            self._work.cancel()
        super().done(result)

    def _box(self) -> Box:
        found = self.finding()
        chosen = self.decisions.boxes.get(found.content)
        return boxes_of(
            found.width, found.height, self._framing, content=found.content, salient=found.salient, chosen=chosen
        )[0]

    def _on_opened(self, picture: Image.Image) -> None:
        self._work = None
        self._picture = picture
        shown = picture.copy()
        shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
        self.canvas.show_picture(to_qimage(np.asarray(shown)), picture.width, picture.height, self._box())
        self._show_preview()

    def _on_changed(self) -> None:
        self.decisions.boxes[self.finding().content] = self.canvas.box()
        self._tell()
        self._soon.start()
        self.decided.emit()

    def _reset(self) -> None:
        if self.decisions.boxes.pop(self.finding().content, None) is not None and self._picture is not None:
            found = self.finding()
            self.canvas.show_picture(self.canvas._image, found.width, found.height, self._box())
            self._tell()
            self._show_preview()
            self.decided.emit()
        self.canvas.setFocus()

    def _tell(self) -> None:
        found, own = self.finding(), self.finding().content in self.decisions.boxes
        left, top, side = self._box()
        text = self.tr("{n} of {total}").format(n=number(self._at + 1), total=number(len(self._findings)))
        text += "\n" + self.tr("Picture: {w} × {h}").format(w=found.width, h=found.height)
        text += "\n" + self.tr("Square: {side} at {x}, {y}").format(side=round(side), x=round(left), y=round(top))
        if own:
            text += "\n" + self.tr("Your own choice")
        if side < self._framing.resolution:
            text += "\n" + self.tr("Smaller than {n} pixels: it will be enlarged.").format(n=self._framing.resolution)
        self._properties.setText(text)
        self.reset.setEnabled(own)

    def _show_preview(self) -> None:
        if self._picture is None:
            return
        seen = to_qimage(cut_out(self._picture, self.canvas.box(), self._framing))
        ratio = self.devicePixelRatioF()
        size = QSize(round(PREVIEW * ratio), round(PREVIEW * ratio))
        smooth = Qt.TransformationMode.SmoothTransformation
        pixmap = self._preview.pixmap().fromImage(seen.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        pixmap.setDevicePixelRatio(ratio)
        self._preview.setPixmap(pixmap)
