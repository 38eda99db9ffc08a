"""The large invitation at the centre of the room, and the two halves shown over a picture."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.theme import SPACE_L, SPACE_M, colors, icon, theme
from studio.ui.widgets import ImageDrop

_GLYPH = 64


class Invitation(ImageDrop):
    """The whole centre as one place to drop a photo on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("invitation")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Drop a photo here"))
        theme().changed.connect(self.update)

    def lines(self) -> tuple[str, ...]:
        """The lines that it shows: a headline, and what is known beside it."""
        return (
            self.tr("Drop a photo or a video clip to restyle"),
            self.tr("from a folder or a browser, paste it with Ctrl+V, or click to choose one."),
            self.tr("Of several pictures the first is the photo, the others become styles."),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        dragging = bool(self.property("dragging"))
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.canvas))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(28.5, 28.5, -28.5, -28.5)
        active = dragging or self.hasFocus()
        pen = QPen(QColor(c.focus if active else c.line_strong), 2 if dragging else 1)
        pen.setDashPattern([6, 5])
        painter.setPen(pen)
        painter.setBrush(QColor(c.base) if dragging else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 14, 14)

        headline = QFont(self.font())
        headline.setPixelSize(20)
        headline.setWeight(QFont.Weight.DemiBold)
        first, *others = self.lines()
        lines = ((first, headline, c.text), *((text, self.font(), c.muted) for text in others))
        heights = []
        width = int(frame.width()) - 2 * SPACE_L
        for text, font, _ in lines:
            painter.setFont(font)
            wrapped = painter.boundingRect(QRect(0, 0, width, 400), int(Qt.TextFlag.TextWordWrap), text)
            heights.append(wrapped.height())
        whole = _GLYPH + SPACE_L + sum(heights) + SPACE_M * (len(lines) - 1)
        top = self.rect().center().y() - whole // 2
        icon("photo").paint(painter, QRect(self.rect().center().x() - _GLYPH // 2, top, _GLYPH, _GLYPH))
        top += _GLYPH + SPACE_L
        for (text, font, color), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(QColor(color))
            box = QRect(int(frame.left()) + SPACE_L, top, width, height)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap), text)
            top += height + SPACE_M


class DropHalves(QWidget):
    """Shown over the picture while something is dragged: left is a new photo, right one more style; or all a mask."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over_style: bool | None = None
        self._whole = False
        self.hide()

    def is_style(self, x: float) -> bool:
        """Return whether ``x`` (in our coordinates) is in the half for styles."""
        return x >= self.width() / 2

    def show_at(self, x: float, *, whole: bool = False) -> None:
        """Show, with the half under ``x`` lit; ``whole``: there are no halves, what is dropped is a mask."""
        self._over_style, self._whole = self.is_style(x), whole
        self.resize(cast(QWidget, self.parent()).size())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(c.canvas)
        shade.setAlpha(190)
        painter.fillRect(self.rect(), shade)
        middle = self.width() // 2
        halves: tuple[tuple[QRect, str, str, bool], ...] = (
            (QRect(0, 0, middle, self.height()), "photo", self.tr("New photo"), self._over_style is False),
            (
                QRect(middle, 0, self.width() - middle, self.height()),
                "stylize",
                self.tr("Add as a style"),
                self._over_style is True,
            ),
        )
        if self._whole:
            halves = ((self.rect(), "invert", self.tr("Use as the mask"), True),)
        font = QFont(self.font())
        font.setPixelSize(17)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        for rect, glyph, text, lit in halves:
            frame = QRectF(rect).adjusted(16.5, 16.5, -16.5, -16.5)
            painter.setPen(QPen(QColor(c.focus if lit else c.line_strong), 2))
            fill = QColor(c.accent)
            fill.setAlpha(70)
            painter.setBrush(fill if lit else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 14, 14)
            icon(glyph).paint(painter, QRect(rect.center().x() - 24, rect.center().y() - 44, 48, 48))
            painter.setPen(QColor(c.text))
            painter.drawText(
                QRect(rect.left(), rect.center().y() + 16, rect.width(), 30), int(Qt.AlignmentFlag.AlignHCenter), text
            )
