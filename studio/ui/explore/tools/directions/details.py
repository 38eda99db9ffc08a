"""Details of one direction: its name, the layers it moves, and small pictures of what it does."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from studio.recipes import SampleRecipe, recipe_hash
from studio.recipes.direction_set import Layers, NamedDirection
from studio.ui.explore.parts import layer_numbers
from studio.ui.explore.tools.directions.edits import layers_of, moved, note
from studio.ui.explore.tools.directions.shown import title_of
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets.range_slider import RangeSlider

AMOUNTS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
"""Of the small pictures."""
_SIDE = 37
_REST_MS = 300


class DirectionDetails(QFrame):
    """The name of a direction, pictures along it that are places to go, and its range of layers."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._model = context, context.model
        self.direction: NamedDirection | None = None
        self._drawn: list[str] = []
        """Hashes of the recipes whose pictures are wanted."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.draw)
        self.setObjectName("network-card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        self.name_field = QLineEdit(self)
        self.name_field.setAccessibleName(self.tr("Name of the direction"))
        self.name_field.setToolTip(self.tr("Call it what it does to the picture"))
        self.name_field.setMaxLength(80)
        self.name_field.editingFinished.connect(self._rename)
        self.layer_text = QLabel(self)
        self.layer_text.setProperty("muted", True)
        self.layer_range = RangeSlider(self)
        self.layer_range.setAccessibleName(self.tr("Layers that are moved"))
        self.layer_range.sliderReleased.connect(self._change_layers)
        self.layer_range.endsChanged.connect(self._show_layer_text)
        self.pictures: list[QToolButton] = []
        pictures = QHBoxLayout()
        pictures.setSpacing(1)
        for amount in AMOUNTS:
            button = QToolButton(self)
            button.setObjectName("strip-picture")
            button.setIconSize(QSize(_SIDE, _SIDE))
            button.setFixedSize(_SIDE + 1, _SIDE + 1)
            button.setToolTip(self.tr("Move to {amount}").format(amount=f"{amount:+g}"))
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _=False, amount=amount: self.move_to(amount))
            pictures.addWidget(button)
            self.pictures.append(button)
        pictures.addStretch(1)
        layout.addWidget(self.name_field)
        layout.addLayout(pictures)
        layers = QHBoxLayout()
        layers.addWidget(self.layer_text)
        layers.addWidget(self.layer_range, 1)
        layout.addLayout(layers)
        context.previews.arrived.connect(self._show_picture)

    def show_direction(self, direction: NamedDirection | None) -> None:
        """Show name and layers of ``direction``; the pictures follow with :meth:`draw`."""
        self.direction = direction
        recipe, layers = self._model.value, self._context.layers
        self.setVisible(direction is not None)
        if direction is None or recipe is None:
            return
        if not self.name_field.hasFocus():
            self.name_field.setText(direction.name)
        unnamed = direction.model_copy(update={"name": ""})
        self.name_field.setPlaceholderText(title_of(unnamed, self._context.network))
        fixed = direction.basis == "style"
        self.layer_range.setVisible(layers > 1 and not fixed)
        self.layer_text.setVisible(layers > 1)
        self.layer_range.setRange(1, max(2, layers))
        goes_on = layers_of(self._context, direction, recipe)
        first, last = goes_on if goes_on is not None else (0, max(1, layers) - 1)
        self.layer_range.set_ends(first + 1, min(last, max(1, layers) - 1) + 1)
        self._show_layer_text()

    def move_to(self, amount: float) -> None:
        """Move the picture so far along the direction."""
        direction, recipe = self.direction, self._model.value
        if direction is not None and recipe is not None:
            self._model.set(moved(self._context, direction, recipe, amount))

    # The small pictures

    def recipes(self) -> list[SampleRecipe]:
        """The recipes of the small pictures."""
        direction, recipe = self.direction, self._model.value
        if direction is None or recipe is None:
            return []
        return [moved(self._context, direction, recipe, amount) for amount in AMOUNTS]

    def draw_soon(self) -> None:
        """Draw the small pictures as soon as the hand rests."""
        self._rest.start()

    def draw(self) -> None:
        """Draw the small pictures, those first that are there already."""
        recipes = self.recipes()
        if not recipes:
            return
        self._drawn = [recipe_hash(recipe) for recipe in recipes]
        for button, recipe in zip(self.pictures, recipes, strict=True):
            image = self._context.previews.find(recipe)
            button.setIcon(QIcon() if image is None else QIcon(QPixmap.fromImage(image)))
        # From the middle outwards: the near ones are the likely ones.
        order = sorted(range(len(recipes)), key=lambda number: abs(AMOUNTS[number]))
        self._context.previews.want("strip", [recipes[number] for number in order])

    def stop_drawing(self) -> None:
        """Draw nothing until it is asked for again."""
        self._rest.stop()
        self._context.previews.give_up("strip")

    def _show_picture(self, name: str) -> None:
        if name in self._drawn:
            for button, recipe in zip(self.pictures, self.recipes(), strict=False):
                if recipe_hash(recipe) == name and (image := self._context.previews.find(recipe)) is not None:
                    button.setIcon(QIcon(QPixmap.fromImage(image)))

    # Name and layers

    def _rename(self) -> None:
        if self.direction is not None and self.name_field.text().strip() != self.direction.name:
            note(self._context, self.direction, name=self.name_field.text().strip())

    def _chosen_range(self) -> Layers | None:
        if self.direction is not None and self.direction.basis == "style":
            return self.direction.layers
        first, last = (end - 1 for end in self.layer_range.ends())
        return None if first == 0 and last >= self._context.layers - 1 else (first, last)

    def _show_layer_text(self) -> None:
        found = self._chosen_range()
        first, last = found if found is not None else (0, self._context.layers - 1)
        self.layer_text.setText(self._context.notes.layers_text(found))
        numbers = layer_numbers(tuple(range(first, last + 1)))
        tip = self.tr("Moves layers {layers} of {count}, 1 being the coarsest").format(
            layers=numbers, count=self._context.layers
        )
        self.layer_text.setToolTip(tip)
        self.layer_range.setToolTip(tip)

    def _change_layers(self) -> None:
        direction, recipe = self.direction, self._model.value
        if direction is None or recipe is None or direction.basis == "style":
            return
        layers = self._chosen_range()
        note(self._context, direction, layers=layers)
        amount = direction.amount_in(recipe)
        if amount:
            self._model.set(direction.moved(recipe, amount, layers))
        self.show_direction(self.direction)
