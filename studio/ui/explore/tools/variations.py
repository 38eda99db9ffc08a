"""Variations: others like this one, near or far, with what must stay."""

from __future__ import annotations

import random

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.engine.jobs.mixing import settled
from studio.recipes import SampleRecipe, recipe_hash
from studio.recipes.direction_set import LayerParts
from studio.synthesis.variations import DEEPEST, depth, variation, variations
from studio.ui.command import Command, with_keys
from studio.ui.explore.model_notes import part_names
from studio.ui.explore.parts import PartButtons, layer_numbers
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import SPACE_S, icon
from studio.ui.widgets import Section, Slider
from studio.ui.widgets.range_slider import RangeSlider
from studio.ui.widgets.slider import LABEL_WIDTH

THUMBNAIL = 64
SIDES = (3, 5)
"""Rows and columns of the grid; the picture itself is in the middle."""
NEAR, FAR, USUAL = 0.05, 1.0, 0.35
_PART_SIDE = 78


def _no_picture() -> QIcon:
    """An icon of nothing that holds the place of a picture: what lies below must not move when it comes."""
    pixmap = QPixmap(_PART_SIDE, _PART_SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)


class VariationsTool(Tool):
    """A grid of variations around the picture: a click moves there, a click with Shift picks."""

    name = "variations"
    command = "explore.tool-variations"
    glyph = "variations"
    topic = "layers"

    def build(self) -> None:
        context = self.context
        self._first = random.randrange(1_000_000)
        self._middle: SampleRecipe | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(150)
        self._settle.timeout.connect(self._draw)
        self.grid = RecipeList(THUMBNAIL, named=False)
        self.own(self.grid)
        self.grid.use_previews(context.previews)
        self.grid.set_fitted(SIDES[0])
        self.grid.setSelectionMode(RecipeList.SelectionMode.NoSelection)
        self.grid.setAccessibleName(self.tr("Variations"))
        self.grid.setToolTip(self.tr("A click moves there, a click with Shift picks it."))
        self.grid.itemClicked.connect(self._clicked)
        self.grid.itemActivated.connect(self._clicked)
        self.grid.menuWanted.connect(context.menuWanted)
        self.distance = Slider(
            self.tr("Near to far"),
            NEAR,
            FAR,
            USUAL,
            tooltip=self.tr("How far the variations are from the picture: at 1 they are other pictures."),
        )
        self.distance.valueChanged.connect(lambda _value: self._settle.start())
        keep = QLabel(self.tr("Keep"), self)
        keep.setMinimumWidth(LABEL_WIDTH - 40)
        self.kept = PartButtons(context.notes, self.tr("{part} stays as it is"), self)
        self.kept.changed.connect(self._settle.start)
        keep.setBuddy(self.kept.buttons[0])
        self._keep_row = QWidget(self)
        row = QHBoxLayout(self._keep_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(keep)
        row.addWidget(self.kept, 1)
        self.side = QComboBox(self)
        self.side.setAccessibleName(self.tr("Size of the grid"))
        self.side.setToolTip(self.tr("How many variations are shown at once"))
        for side in SIDES:
            self.side.addItem(self.tr("{count} variations").format(count=side * side - 1), side)
        self.side.currentIndexChanged.connect(self._draw)
        self.other = QPushButton(icon("random"), self.tr("Others"), self)
        self.other.setToolTip(with_keys(self.tr("Other variations of the same picture"), "explore.vary"))
        self.other.clicked.connect(self.shuffle)
        again = QHBoxLayout()
        again.addWidget(self.side, 1)
        again.addWidget(self.other, 1)
        self.body.addWidget(self.distance)
        self.body.addWidget(self._keep_row)
        self.body.addLayout(again)
        self._make_parts()
        self.body.addStretch(1)
        context.model.changed.connect(self._on_changed)
        context.networkChanged.connect(self._show_network)
        context.notes.changed.connect(self._show_parts)
        context.previews.arrived.connect(self._show_part_picture)
        self._show_parts()

    def begin(self) -> None:
        self._show_network()

    def title(self) -> str:
        return self.tr("Variations")

    def tip(self) -> str:
        return self.tr("More like this one. A click moves there, a click with Shift picks.")

    def page(self) -> QWidget:
        return self.grid

    def take(self) -> None:
        super().take()
        self._draw()
        self.context.notes.want_parts()  # takes longer: the pictures come first

    def put_down(self) -> None:
        super().put_down()
        self._settle.stop()
        for name in ("variations", "parts"):
            self.context.previews.give_up(name)

    def commands(self) -> list[Command]:
        return [Command("explore.vary", self.tr("Other variations"), self.shuffle, "random", self.hand_missing)]

    def shuffle(self) -> None:
        """Show other variations."""
        self._first = random.randrange(1_000_000)
        self._draw()

    # The parts

    def _make_parts(self) -> None:
        self.parts_section = Section(self.tr("What each part draws"), self)
        self.part_pictures: list[QToolButton] = []
        pictures = QHBoxLayout()
        pictures.setSpacing(SPACE_S)
        for name in part_names():
            button = QToolButton(self)
            button.setText(name)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(_PART_SIDE, _PART_SIDE))
            button.setAutoRaise(True)
            button.setToolTip(self.tr("The picture with another {part} only; a click moves there").format(part=name))
            button.clicked.connect(lambda _=False, part=len(self.part_pictures): self._open_part(part))
            button.setIcon(_no_picture())
            pictures.addWidget(button, 1)
            self.part_pictures.append(button)
        self.borders = RangeSlider(self)
        self.borders.setAccessibleName(self.tr("Where features and colour begin"))
        self.borders.setToolTip(
            self.tr("Which layers count as shape, features and colour: the two handles are where one ends")
        )
        self.borders.sliderReleased.connect(self._move_borders)
        self.measure = QPushButton(self.tr("Measure again"), self)
        self.measure.setToolTip(self.tr("Find out which layers draw what, by changing each alone"))
        self.measure.clicked.connect(self._measure)
        self.border_text = QLabel(self)
        self.border_text.setProperty("muted", True)
        below = QHBoxLayout()
        below.addWidget(self.border_text, 1)
        below.addWidget(self.measure)
        self.parts_section.body.addLayout(pictures)
        self.parts_section.body.addWidget(self.borders)
        self.parts_section.body.addLayout(below)
        self.body.addWidget(self.parts_section)

    def _show_network(self) -> None:
        has_w = self.context.layers > 2
        self._keep_row.setVisible(has_w)
        self.parts_section.setVisible(has_w)
        self._show_parts()
        if self.in_hand:
            self.context.notes.want_parts()

    def _show_parts(self) -> None:
        layers, parts = self.context.layers, self.context.notes.parts
        if layers > 2:
            self.borders.setRange(1, layers)
            self.borders.set_ends(parts.features, min(parts.colour, layers))
            kept = self.context.notes.value
            known = kept is not None and kept.parts is not None
            measuring = self.context.notes.measuring
            numbers = " · ".join(layer_numbers(parts.layers_of(part, layers)) for part in range(3))
            self.border_text.setText(
                self.tr("Layers {numbers}").format(numbers=numbers)
                if known
                else self.tr("Being measured …")
                if measuring
                else self.tr("Usual layers, not measured")
            )
            self.measure.setEnabled(not measuring)
        if self.in_hand:
            self._settle.start()

    def _move_borders(self) -> None:
        features, colour = self.borders.ends()
        notes = self.context.notes.value
        if notes is not None:
            parts = LayerParts(features=max(1, features), colour=max(1, features, colour))
            self.context.notes.edit(notes.model_copy(update={"parts": parts}))

    def _measure(self) -> None:
        notes = self.context.notes.value
        if notes is not None:
            self.context.notes.edit(notes.model_copy(update={"parts": None}))
            self.context.notes.want_parts()

    def part_recipes(self) -> list[SampleRecipe]:
        """For each part the picture with another one of that alone."""
        recipe, layers = self.context.model.value, self.context.layers
        if recipe is None or layers < 3:
            return []
        parts = self.context.notes.parts
        every = set(range(layers))
        return [
            variation(recipe, self._first, 1.0, layers=layers, kept=every - set(parts.layers_of(part, layers)))
            for part in range(3)
        ]

    def _open_part(self, part: int) -> None:
        found = self.part_recipes()
        if found:
            self._move_to(found[part])

    def _show_part_picture(self, name: str) -> None:
        if not self.in_hand:
            return
        for button, recipe in zip(self.part_pictures, self.part_recipes(), strict=False):
            if recipe_hash(recipe) == name:
                self._set_part(button, recipe)

    def _set_part(self, button: QToolButton, recipe: SampleRecipe) -> None:
        image = self.context.previews.find(recipe)
        button.setIcon(_no_picture() if image is None else QIcon(QPixmap.fromImage(image)))

    # The grid

    def recipes(self) -> list[SampleRecipe]:
        """The variations, in their order, without the picture itself."""
        recipe, side = self.context.model.value, self.side.currentData()
        if recipe is None:
            return []
        seeds = range(self._first, self._first + side * side - 1)
        layers = self.context.layers
        kept = self.kept.chosen_layers() if layers else set()
        return variations(recipe, seeds, self.distance.value(), layers=layers, kept=kept)

    def _draw(self) -> None:
        recipe = self.context.model.value
        if not self.in_hand or recipe is None:
            return
        self._middle = recipe
        found = self.recipes()
        half = len(found) // 2
        self.grid.set_fitted(self.side.currentData())
        self.grid.show_recipes([*found[:half], recipe, *found[half:]])
        self.context.previews.want("variations", found)
        parts = self.part_recipes()
        for button, one in zip(self.part_pictures, parts, strict=False):
            self._set_part(button, one)
        self.context.previews.want("parts", parts)

    def _on_changed(self, _old: SampleRecipe | None, _new: SampleRecipe) -> None:
        if self.in_hand:
            self._settle.start()

    def _clicked(self, item: QListWidgetItem) -> None:
        recipe = self.grid.recipe(item)
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.context.pickWanted.emit([recipe])
        elif recipe != self._middle:
            self._move_to(recipe)

    def _move_to(self, recipe: SampleRecipe) -> None:
        self._first += 1_000  # others around the new one
        if depth(recipe) <= DEEPEST:
            self.context.openWanted.emit(recipe)
            return
        before = self.context.model.value

        def known(found: SampleRecipe) -> None:
            if self.context.model.value == before:
                self.context.openWanted.emit(found)

        job = self.context.studio.worker.call(lambda engine: settled(engine, recipe))
        job.finished.connect(known)
        job.failed.connect(self.context.studio.problem)
