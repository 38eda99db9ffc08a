"""The column beside the picture: photo, styles, where they go, the controls, and the final render's card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.recipes import Recipe
from studio.ui.binding import Binding
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.model import Model, edited
from studio.ui.stylize.controls import Controls
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_card import FinalCard
from studio.ui.stylize.masks.panel import WhereSection
from studio.ui.stylize.picture_drops import PictureDrops
from studio.ui.stylize.steady_scroll import SteadyScroll
from studio.ui.stylize.style_list import StyleList
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import ImageDrop, Section, tool_button
from studio.ui.widgets.blend_pad import FEWEST, MOST, BlendPad

_STYLE_DROP_HEIGHT = 68


class SideColumn(QWidget):
    """Shows the :class:`Draft` of a model and edits it; pictures that come in go to the room first."""

    photoDropped = Signal(object)
    """A ``DroppedPicture`` to restyle."""
    styleDropped = Signal(object)
    """A ``DroppedPicture`` whose style goes into the blend."""
    photoRemoved = Signal()

    def __init__(self, context: StudioContext, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.model = model
        self.setFixedWidth(CONTROLS_WIDTH)
        self.steady: SteadyScroll
        model.changed.connect(self._hold)  # before any part of the column hears of it
        self.where = WhereSection(model)
        self.controls = Controls(model)
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        for part in (self._make_photo(), self._make_styles(), self.where, self.controls):
            column.addWidget(part)
        column.addStretch(1)
        self.steady = SteadyScroll(inner)

        self.card = FinalCard()
        footer = QWidget()
        inside = QVBoxLayout(footer)
        inside.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M + SPACE_S)
        inside.addWidget(self.card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.steady, 1)
        line = QFrame()
        line.setObjectName("section-line")
        whole.addWidget(line)
        whole.addWidget(footer)
        self._styles = model.select(lambda draft: draft.styles)
        self._styles.changed.connect(self.show_styles)
        self._content = model.select(lambda draft: draft.content)
        self._content.changed.connect(self.show_photo)
        self.show_styles()
        self.show_photo()

    def _hold(self) -> None:
        if not self.model.in_gesture:  # a slider that moves makes nothing higher
            self.steady.hold()

    def _make_photo(self) -> Section:
        self.photo = ImageDrop(self.tr("Drop a photo here, click to choose one, or paste."), multiple=False)
        self.photo.start_folder = lambda: self.context.settings.start_folder("photo")
        self.photo.pictureDropped.connect(self.photoDropped)
        self.photo.problem.connect(self.context.problem)
        self.photo_name = QLabel()
        self.photo_name.setProperty("muted", True)
        self.photo_remove = tool_button("cancel", self.tr("Take the photo away"), self.photoRemoved.emit)
        photo = Section(self.tr("Photo"))
        photo.body.addWidget(self.photo)
        under = QHBoxLayout()
        under.addWidget(self.photo_name, 1)
        under.addWidget(self.photo_remove)
        photo.body.addLayout(under)
        self.folder_button = QPushButton(icon("batch"), self.tr("Restyle a folder …"))
        self.folder_button.setToolTip(self.tr("Every photo of a folder with the styles and settings of this panel"))
        photo.body.addWidget(self.folder_button)
        return photo

    def _make_styles(self) -> Section:
        self.styles = StyleList(self.model)
        self.style_drop = ImageDrop(self.tr("Drop one or more style pictures here."))
        self.style_drop.start_folder = lambda: self.context.settings.start_folder("style")
        self.style_drop.setMinimumHeight(_STYLE_DROP_HEIGHT)
        self.style_drop.setMaximumHeight(_STYLE_DROP_HEIGHT)
        self.style_drop.pictureDropped.connect(self.styleDropped)
        self.style_drop.problem.connect(self.context.problem)
        self.add_button = QPushButton(icon("add"), self.tr("Add styles …"))
        self.add_button.setToolTip(self.tr("Choose one or more pictures whose style goes into the blend"))
        styles = Section(self.tr("Styles"), topic="blend")
        PictureDrops(styles, self.style_drop)
        self.pad = BlendPad()
        Binding(self.model, self.pad, lambda draft: tuple(use.weight for use in draft.styles), _with_weights)
        styles.body.addWidget(self.pad)
        styles.body.addWidget(self.styles)
        styles.body.addWidget(self.style_drop)
        styles.body.addWidget(self.add_button)
        return styles

    def show_styles(self) -> None:
        """Show the styles of the draft."""
        # The pad first: the list asks for thumbnails, and those that are known come at once.
        uses = self.model.value.styles
        self.pad.setVisible(FEWEST <= len(uses) <= MOST)
        self.pad.set_styles([use.source for use in uses])
        self.styles.show_styles()

    def show_photo(self) -> None:
        """Show which photo is restyled; its picture comes by :meth:`set_thumbnail`."""
        content = self.model.value.content
        if content is None:
            self.photo.clear()
        else:
            name = recipe_name(content)
            width = CONTROLS_WIDTH - 4 * SPACE_L - 24
            self.photo_name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, width))
            self.photo_name.setToolTip(name)
        self.photo_name.setVisible(content is not None)
        self.photo_remove.setVisible(content is not None)

    def set_thumbnail(self, recipe: Recipe, image: NDArray[np.uint8]) -> None:
        """The picture of ``recipe``, uint8 (height, width, 3), wherever it is shown."""
        if recipe == self.model.value.content:
            self.photo.set_thumbnail(image)
        self.styles.set_thumbnail(recipe, image)
        for index, use in enumerate(self.model.value.styles):
            if use.source == recipe and self.pad.isVisibleTo(self) and not self.pad.has_picture(index):
                self.pad.set_picture(index, image)


def _with_weights(draft: Draft, weights: tuple[float, ...]) -> Draft:
    uses = zip(draft.styles, weights, strict=True)
    return draft.with_uses(edited(use, weight=weight) for use, weight in uses)
