"""The styles of a blend, one row each."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.recipes import Recipe, StyleUse
from studio.ui.binding import Binding, FieldBinder
from studio.ui.describe.recipes import recipe_name, shares
from studio.ui.model import Model
from studio.ui.stylize.draft import Draft
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
        """Return whether there is a picture."""
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
    """Thumbnail, name, share of the blend, remove; below the sliders for weight and scale.

    Attributes
    ----------
    index : which of the draft's styles it shows.
    """

    removed = Signal()
    partWanted = Signal()
    """The artist wants to paint which part of the picture is the style."""

    def __init__(self, model: Model[Draft], index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("style-row")
        self._model = model
        self.index = index
        self.source = model.value.styles[index].source
        self.picture: NDArray[np.uint8] | None = None
        name = recipe_name(self.source)
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
        fields = FieldBinder(model, StyleUse)
        self.weight = fields.make_slider("weight", parent=self)
        self.scale = fields.make_slider("scale", limits=(SMALLEST_SCALE, LARGEST_SCALE), parent=self)
        self._bindings = [self._bind(self.weight, "weight"), self._bind(self.scale, "scale")]

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(SPACE_M)
        layout.setVerticalSpacing(SPACE_S)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(_Name(name, self))
        column.addWidget(self.share)
        column.addStretch(1)
        head.addWidget(self.thumbnail)
        head.addLayout(column, 1)
        head.addWidget(self.part_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head, 0, 0)
        layout.addWidget(self.weight, 1, 0)
        layout.addWidget(self.scale, 2, 0)
        self.show_use()

    @property
    def use(self) -> StyleUse:
        """The style as the draft has it."""
        return self._model.value.styles[self.index]

    def show_use(self) -> None:
        """Show the style as the draft has it."""
        for binding in self._bindings:
            binding.show()
        self.show_part()

    def show_part(self) -> None:
        """Show whether only a part of the picture is the style."""
        whole = self.use.part is None
        self.part_button.setChecked(not whole)
        self.part_button.setToolTip(
            self.tr("Paint which part of this picture is the style …")
            if whole
            else self.tr("Only a painted part of this picture is the style. Change it …")
        )

    def release(self) -> None:
        """The style is gone from the draft, and the row is about to go."""
        for binding in self._bindings:
            binding.release()

    def _bind(self, slider: Slider, name: str) -> Binding:
        def get(draft: Draft) -> float | None:
            return getattr(draft.styles[self.index], name) if self.index < len(draft.styles) else None

        def put(draft: Draft, value: float) -> Draft:
            return draft.with_use(self.index, **{name: value})

        return Binding(self._model, slider, get, put)

    def set_picture(self, picture: NDArray[np.uint8]) -> None:
        """The picture of the style, at most 512 pixels."""
        self.picture = picture
        self.thumbnail.set_image(picture)
        self.part_button.setEnabled(True)

    def set_share(self, share: float) -> None:
        """Show the share of the blend, 0..1."""
        self.share.setText(self.tr("{percent} % of the blend").format(percent=round(share * 100)))


class StyleList(QWidget):
    """Shows and edits the styles of a model's :class:`Draft`."""

    partWanted = Signal(object)
    """The :class:`StyleRow` of which a part of the picture is to be painted."""
    thumbnailWanted = Signal(object)
    """The recipe of a style whose picture is needed; answer with :meth:`set_thumbnail`."""

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rows: list[StyleRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_M + SPACE_S)

    def rows(self) -> list[StyleRow]:
        """The rows from top to bottom."""
        return list(self._rows)

    def show_styles(self) -> None:
        """Show the styles of the draft. Rows of styles that stay are kept, with focus and a slider being dragged."""
        styles = self._model.value.styles
        if [use.source for use in styles] != [row.source for row in self._rows]:
            self._make_rows(styles)
        for row in self._rows:
            row.show_part()
        if styles:
            for row, share in zip(self._rows, shares([use.weight for use in styles]), strict=True):
                row.set_share(share)
        self.setVisible(bool(styles))

    def set_thumbnail(self, recipe: Recipe, image: NDArray[np.uint8]) -> None:
        """Show the picture of ``recipe`` in every row that uses it."""
        for row in self._rows:
            if row.source == recipe:
                row.set_picture(image)

    def _make_rows(self, styles: tuple[StyleUse, ...]) -> None:
        old, self._rows = self._rows, []
        for index, use in enumerate(styles):
            row = next((row for row in old if row.source == use.source), None)
            if row is None:
                row = self._make(index)
            else:
                old.remove(row)
                row.index = index
                row.show_use()
            self._rows.append(row)
        for row in old:
            row.release()
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        for position, row in enumerate(self._rows):
            if self._layout.indexOf(row) != position:
                self._layout.insertWidget(position, row)
        for use in styles:
            self.thumbnailWanted.emit(use.source)

    def _make(self, index: int) -> StyleRow:
        row = StyleRow(self._model, index, self)
        row.removed.connect(partial(self._remove, row))
        row.partWanted.connect(partial(self._want_part, row))
        return row

    def _want_part(self, row: StyleRow) -> None:
        row.show_part()  # the click has switched the button
        self.partWanted.emit(row)

    def _remove(self, removed: StyleRow) -> None:
        styles = self._model.value.styles
        self._model.edit(styles=tuple(use for index, use in enumerate(styles) if index != removed.index))
