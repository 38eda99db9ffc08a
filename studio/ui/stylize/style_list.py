"""The styles of a blend, one row each."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.recipes import Recipe, StyleUse
from studio.ui.describe.recipes import recipe_name, shares
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import Slider, to_qimage, tool_button

_THUMBNAIL = 44
SMALLEST_SCALE, LARGEST_SCALE = 0.25, 4.0


class Thumbnail(QWidget):
    """A small square picture with round corners; a glyph until there is one."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self.setFixedSize(side, side)

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show ``image``, uint8 (height, width, 3), cut to a square."""
        self._pixmap = None if image is None else QPixmap.fromImage(to_qimage(image))
        self.update()

    def has_image(self) -> bool:
        """Whether there is a picture."""
        return self._pixmap is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._pixmap is None:
            inset = self.width() // 4
            icon("photo").paint(painter, self.rect().adjusted(inset, inset, -inset, -inset))
            return
        path = QPainterPath()
        path.addRoundedRect(self.rect(), 5, 5)
        painter.setClipPath(path)
        size = self._pixmap.size()
        side = min(size.width(), size.height())
        source = QRect((size.width() - side) // 2, (size.height() - side) // 2, side, side)
        painter.drawPixmap(self.rect(), self._pixmap, source)


class _Name(QLabel):
    """A label that shortens its text to the room there is."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = text
        self.setMinimumWidth(20)
        self.setToolTip(text)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange, QEvent.Type.Polish):
            short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width())
            if short != self.text():
                self.setText(short)
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())


class StyleRow(QFrame):
    """Thumbnail, name, share of the blend, remove; below the sliders for weight and scale."""

    edited = Signal(object)
    """The ``StyleUse`` as the sliders have it now."""
    committed = Signal()
    """A slider was let go."""
    removed = Signal()
    partWanted = Signal()
    """The artist wants to paint which part of the picture is the style."""

    def __init__(self, use: StyleUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("style-row")
        self.use = use
        self.picture: NDArray[np.uint8] | None = None
        name = recipe_name(use.source)
        self.thumbnail = Thumbnail(_THUMBNAIL, self)
        self.thumbnail.setToolTip(name)
        self.share = QLabel(self)
        self.share.setProperty("muted", True)
        self.share.setToolTip(self.tr("Share of this style in the blend"))
        self.remove_button = QToolButton(self)
        self.remove_button.setAutoRaise(True)
        self.remove_button.setIcon(icon("cancel"))
        self.remove_button.setIconSize(QSize(14, 14))
        self.remove_button.setToolTip(self.tr("Remove this style"))
        self.remove_button.setAccessibleName(self.tr("Remove the style {name}").format(name=name))
        self.remove_button.clicked.connect(self.removed)
        self.part_button = tool_button("stylize", "", self.partWanted.emit, side=14)
        self.part_button.setCheckable(True)
        self.part_button.setAccessibleName(self.tr("Part of the style {name}").format(name=name))
        self.part_button.setEnabled(False)
        self.weight = Slider(
            self.tr("Weight"),
            0.0,
            1.0,
            1.0,
            tooltip=self.tr("How much of this style goes into the blend, relative to the others."),
        )
        self.scale = Slider(
            self.tr("Scale"),
            SMALLEST_SCALE,
            LARGEST_SCALE,
            1.0,
            tooltip=self.tr("Size of the style's strokes: 2 makes them twice as large."),
        )
        self.weight.valueChanged.connect(lambda value: self._edit(weight=value))
        self.scale.valueChanged.connect(lambda value: self._edit(scale=value))
        self.weight.editingFinished.connect(self.committed)
        self.scale.editingFinished.connect(self.committed)

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(SPACE_M)
        layout.setVerticalSpacing(SPACE_S)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(_Name(name, self))
        words.addWidget(self.share)
        words.addStretch(1)
        head.addWidget(self.thumbnail)
        head.addLayout(words, 1)
        head.addWidget(self.part_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head, 0, 0)
        layout.addWidget(self.weight, 1, 0)
        layout.addWidget(self.scale, 2, 0)
        self.set_use(use)

    def set_use(self, use: StyleUse) -> None:
        """Show another weight and scale of the same style."""
        self.use = use
        self.weight.set_value(use.weight, silent=True)
        self.scale.set_value(use.scale, silent=True)
        self.part_button.setChecked(use.part is not None)
        self.part_button.setToolTip(
            self.tr("Only a painted part of this picture is the style. Change it …")
            if use.part is not None
            else self.tr("Paint which part of this picture is the style …")
        )

    def set_picture(self, picture: NDArray[np.uint8]) -> None:
        """The picture of the style, at most 512 pixels."""
        self.picture = picture
        self.thumbnail.set_image(picture)
        self.part_button.setEnabled(True)

    def set_share(self, share: float) -> None:
        """Show the share of the blend, 0..1."""
        self.share.setText(self.tr("{percent} % of the blend").format(percent=round(share * 100)))

    def _edit(self, **changes: float) -> None:
        self.use = self.use.model_copy(update=changes)
        self.edited.emit(self.use)


class StyleList(QWidget):
    """Shows a tuple of ``StyleUse`` and tells how the artist changes it."""

    edited = Signal(object)
    """``tuple[StyleUse, ...]``, while a slider moves."""
    committed = Signal()
    """The change is complete."""
    partWanted = Signal(object)
    """The :class:`StyleRow` of which a part of the picture is to be painted."""
    thumbnailWanted = Signal(object)
    """The recipe of a style whose picture is needed; answer with :meth:`set_thumbnail`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StyleRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_M + SPACE_S)

    def rows(self) -> list[StyleRow]:
        """The rows from top to bottom."""
        return list(self._rows)

    def styles(self) -> tuple[StyleUse, ...]:
        """What is shown."""
        return tuple(row.use for row in self._rows)

    def set_styles(self, styles: tuple[StyleUse, ...]) -> None:
        """Show ``styles``. Rows of styles that stay are kept, with the focus and the slider that is being dragged."""
        if styles != self.styles():
            old, self._rows = self._rows, []
            for use in styles:
                row = next((row for row in old if row.use.source == use.source), None)
                if row is None:
                    row = self._make(use)
                else:
                    old.remove(row)
                    if row.use != use:
                        row.set_use(use)
                self._rows.append(row)
            for row in old:
                self._layout.removeWidget(row)
                row.hide()
                row.deleteLater()
            for position, row in enumerate(self._rows):
                if self._layout.indexOf(row) != position:
                    self._layout.insertWidget(position, row)
        self._show_shares()
        self.setVisible(bool(self._rows))

    def set_thumbnail(self, recipe: Recipe, image: NDArray[np.uint8]) -> None:
        """Show the picture of ``recipe`` in every row that uses it."""
        for row in self._rows:
            if row.use.source == recipe:
                row.set_picture(image)

    def _make(self, use: StyleUse) -> StyleRow:
        row = StyleRow(use, self)
        row.edited.connect(self._on_edited)
        row.committed.connect(self.committed)
        row.removed.connect(partial(self._remove, row))
        row.partWanted.connect(partial(self._want_part, row))
        self.thumbnailWanted.emit(use.source)
        return row

    def _on_edited(self) -> None:
        self._show_shares()
        self.edited.emit(self.styles())

    def _want_part(self, row: StyleRow) -> None:
        row.set_use(row.use)  # the click has switched the button
        self.partWanted.emit(row)

    def _remove(self, row: QObject) -> None:
        remaining = tuple(other.use for other in self._rows if other is not row)
        self.edited.emit(remaining)
        self.committed.emit()

    def _show_shares(self) -> None:
        if self._rows:
            for row, share in zip(self._rows, shares([row.use.weight for row in self._rows]), strict=True):
                row.set_share(share)
