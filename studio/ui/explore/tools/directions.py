"""Directions: the picture is moved along what the network varies most, or what the artist taught it to tell apart."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import StudioError
from studio.recipes import SampleRecipe, recipe_hash
from studio.recipes.direction_set import DIRECTIONS, DirectionSet, Layers, NamedDirection
from studio.synthesis.walk import RandomWalk
from studio.ui.binding import Binding
from studio.ui.command import Command, with_keys
from studio.ui.describe.model_names import direction_name
from studio.ui.explore.parts import PartButtons, layer_numbers
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.explore.tools.tool import Tool, ToolContext
from studio.ui.model import edited
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import Slider, enable_unless, tool_button
from studio.ui.widgets.range_slider import RangeSlider
from studio.ui.widgets.save_name import completed_name
from studio.ui.widgets.slider import LABEL_WIDTH
from studio.worker import JobGroup, Priority

MOST_DEVIATIONS = 3.0
MOST = 16
"""Directions of a basis."""
STEPS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
"""The amounts on the strip of a direction."""
_STRIP_SIDE = 37
_WALK_MS = 66
_WIDEST_NAME = 124
"""Pixels for the names; longer ones are cut short, so that the sliders keep their room."""
View = Literal["principal", "style", "own", "used"]


class DirectionRow(QFrame):
    """One direction: a lock and a slider under its name."""

    chosen = Signal()
    """The artist touched it."""
    lockToggled = Signal(bool)
    menuWanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("direction-row")
        self.direction: NamedDirection | None = None
        self.lock = tool_button("unlocked", "", side=14)
        self.lock.setCheckable(True)
        self.lock.clicked.connect(self.lockToggled)
        self.slider = Slider("", -MOST_DEVIATIONS, MOST_DEVIATIONS, 0.0, parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.lock)
        layout.addWidget(self.slider, 1)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menuWanted.emit(self.mapToGlobal(at)))
        for part in self.slider.findChildren(QWidget):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def show_direction(self, title: str, direction: NamedDirection, tip: str) -> None:
        """Show the name and lock of a direction."""
        self.direction = direction
        self.slider.set_title(title)
        self.slider.setToolTip(tip)
        self.lock.setChecked(direction.locked)
        self.lock.setIcon(icon("locked" if direction.locked else "unlocked"))
        tip = self.tr("Locked: a random walk leaves it alone") if direction.locked else self.tr("Lock it")
        self.lock.setToolTip(tip)
        self.lock.setAccessibleName(tip)

    def mark(self, on: bool) -> None:
        """Show that it is the one whose details are shown."""
        self.setProperty("marked", on)
        self.style().unpolish(self)
        self.style().polish(self)


class ChoiceStrip(QWidget):
    """Samples that a learned direction shall lead to, or away from."""

    changed = Signal()

    def __init__(self, title: str, tip: str, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RecipeList(36, self, named=False)
        self.list.use_previews(context.previews)
        self.list.setFlow(RecipeList.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setSpacing(1)
        self.list.accept_order()
        self.list.setFixedHeight(58)
        self.list.setToolTip(tip)
        self.list.setAccessibleName(title)
        self.list.set_placeholder(self.tr("Drag pictures here, or +"))
        self.list.received.connect(lambda recipes, _row: self.add(recipes))
        self.list.installEventFilter(self)
        self._context = context
        label = QLabel(title, self)
        label.setToolTip(tip)
        add = tool_button("add", self.tr("Add the present picture"), self._add_present, side=14)
        clear = tool_button("cancel", self.tr("Take all out"), self.clear, side=14)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label, 1)
        head.addWidget(add)
        head.addWidget(clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.list)

    def add(self, recipes: list[SampleRecipe]) -> None:
        """Put samples in; those that are there already stay once."""
        for recipe in recipes:
            if recipe not in self.list.recipes():
                self.list.add(recipe)
        self._context.previews.want(f"choice {id(self)}", self.list.recipes())
        self.changed.emit()

    def clear(self) -> None:
        """Take all out."""
        self.list.clear()
        self.changed.emit()

    def _add_present(self) -> None:
        if self._context.model.value is not None:
            self.add([self._context.model.value])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):  # type: ignore[attr-defined]
            for item in self.list.selected():
                self.list.takeItem(self.list.row(item))
            self.changed.emit()
            return True
        return super().eventFilter(watched, event)


class DirectionsTool(Tool):
    """Sliders along directions of three bases, with names, locks, layers, and pictures of what they do."""

    name = "directions"
    command = "explore.tool-directions"
    glyph = "directions"
    topic = "directions"

    def build(self) -> None:
        context = self.context
        self._model, self._notes = context.model, context.notes
        self._deviations: list[float] = []
        self._chosen: NamedDirection | None = None
        self._walk: RandomWalk | None = None
        self._walking: list[NamedDirection] = []
        self._before: SampleRecipe | None = None
        self._stepping = False
        self._files = JobGroup(self)
        self._files.failed.connect(context.studio.problem)
        self._clock = QTimer(self)
        self._clock.setInterval(_WALK_MS)
        self._clock.timeout.connect(self._step)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(300)
        self._settle.timeout.connect(self._draw_strip)
        self._make_head()
        self._make_rows()
        self._make_learning()
        self._make_details()
        self._make_walk()
        self._model.changed.connect(self._on_changed)
        self._notes.changed.connect(self._show_rows)
        context.networkChanged.connect(self._on_network)
        context.learnWanted.connect(self._learn_from)
        self._show_rows()

    def begin(self) -> None:
        self._on_network()

    def title(self) -> str:
        return self.tr("Directions")

    def tip(self) -> str:
        return self.tr("Move the picture along what the network varies most, or along what you teach it.")

    def take(self) -> None:
        super().take()
        self._notes.want_parts()
        self._draw_strip()

    def put_down(self) -> None:
        super().put_down()
        self._settle.stop()
        self.context.previews.give_up("strip")

    def close_down(self) -> None:
        super().close_down()
        self._clock.stop()
        self._files.close()

    def commands(self) -> list[Command]:
        return [
            Command("explore.walk", self.tr("Random walk, or stop it"), self.toggle_walk, "walk"),
            Command("explore.reset-directions", self.tr("Reset all directions"), self.reset, "reset"),
        ]

    @property
    def direction_count(self) -> int:
        """Number of directions of the basis that the network has, as far as is known."""
        return len(self._deviations)

    # Building

    def _make_head(self) -> None:
        self.view = QComboBox(self)
        for text, view, tip in (
            (self.tr("Strongest changes (principal)"), "principal", self.tr("What varies most among all pictures")),
            (self.tr("Changes of style (SeFa)"), "style", self.tr("What changes the styles of some layers most")),
            (self.tr("My own, learned"), "own", self.tr("More like these, less like those")),
            (self.tr("In use"), "used", self.tr("All that move the picture now")),
        ):
            self.view.addItem(text, view)
            self.view.setItemData(self.view.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.view.setAccessibleName(self.tr("Which directions"))
        self.view.setToolTip(self.tr("Which directions are shown. All of them can be used together."))
        self.view.currentIndexChanged.connect(self._change_view)
        reset = tool_button("reset", with_keys(self.tr("Put all directions back to 0"), "explore.reset-directions"))
        reset.clicked.connect(self.reset)
        more = tool_button("menu", self.tr("Export and import directions"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        menu.addAction(icon("export"), self.tr("Export directions …"), self._export)
        menu.addAction(icon("folder"), self.tr("Import directions …"), self._import)
        more.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.view, 1)
        row.addWidget(reset)
        row.addWidget(more)
        self.body.addLayout(row)
        self.style_parts = PartButtons(self._notes, self.tr("Directions of {part}"), self, choice=True)
        self.style_parts.changed.connect(self._change_view)
        self.body.addWidget(self.style_parts)

    def _make_rows(self) -> None:
        self.rows: list[DirectionRow] = []
        self.directions: list[Slider] = []
        self._bindings: list[Binding] = []
        holder = QWidget(self)
        holder.setObjectName("scrolled")
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self.nothing = QLabel(self)
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        self._list.addWidget(self.nothing)
        self._list.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(holder)
        self.area.setMinimumHeight(90)
        self.body.addWidget(self.area, 1)

    def _add_row(self) -> None:
        row = DirectionRow(self)
        self._list.insertWidget(self._list.count() - 1, row)
        row.chosen.connect(lambda: self._choose(row.direction))
        row.lockToggled.connect(lambda on: self._note(row.direction, locked=on))
        row.menuWanted.connect(lambda at: self._row_menu(row.direction, at))
        self.rows.append(row)
        self.directions.append(row.slider)

        def get(recipe: SampleRecipe) -> float | None:
            return None if row.direction is None else row.direction.amount_in(recipe)

        def put(recipe: SampleRecipe, amount: float) -> SampleRecipe:
            if row.direction is None:
                return recipe
            return row.direction.moved(recipe, amount, self._layers_of(row.direction, recipe))

        self._bindings.append(Binding(self._model, row.slider, get, put))

    def _make_learning(self) -> None:
        self.learning = QWidget(self)
        layout = QVBoxLayout(self.learning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        self.more = ChoiceStrip(
            self.tr("More like these"), self.tr("The direction leads towards these pictures"), self.context, self
        )
        self.less = ChoiceStrip(
            self.tr("Less like those"),
            self.tr("The direction leads away from these pictures; without any, away from the average"),
            self.context,
            self,
        )
        self.learn_button = QPushButton(icon("add"), self.tr("Learn a direction"), self)
        self.learn_button.setToolTip(self.tr("Find the way from the pictures below to those above"))
        self.learn_button.clicked.connect(self.learn)
        for strip in (self.more, self.less):
            strip.changed.connect(self._show_learning)
            layout.addWidget(strip)
        layout.addWidget(self.learn_button)
        self.body.addWidget(self.learning)
        self._show_learning()

    def _make_details(self) -> None:
        self.details = QFrame(self)
        self.details.setObjectName("network-card")
        layout = QVBoxLayout(self.details)
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
        self.strip: list[QToolButton] = []
        pictures = QHBoxLayout()
        pictures.setSpacing(1)
        for amount in STEPS:
            button = QToolButton(self)
            button.setObjectName("strip-picture")
            button.setIconSize(QSize(_STRIP_SIDE, _STRIP_SIDE))
            button.setFixedSize(_STRIP_SIDE + 1, _STRIP_SIDE + 1)
            button.setToolTip(self.tr("Move to {amount}").format(amount=f"{amount:+g}"))
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _=False, amount=amount: self._move_to(amount))
            pictures.addWidget(button)
            self.strip.append(button)
        pictures.addStretch(1)
        layout.addWidget(self.name_field)
        layout.addLayout(pictures)
        layers = QHBoxLayout()
        layers.addWidget(self.layer_text)
        layers.addWidget(self.layer_range, 1)
        layout.addLayout(layers)
        self.body.addWidget(self.details)
        self.context.previews.arrived.connect(self._show_strip_picture)

    def _make_walk(self) -> None:
        self.walk_button = QPushButton(icon("walk"), self.tr("Random walk"), self)
        self.walk_button.setCheckable(True)
        self.walk_button.setToolTip(
            with_keys(
                self.tr("Wander along the unlocked directions shown; Stop brings back the picture you had"),
                "explore.walk",
            )
        )
        self.walk_button.clicked.connect(self.toggle_walk)
        self.keep_button = QPushButton(icon("check"), self.tr("Keep this one"), self)
        self.keep_button.setToolTip(self.tr("Stop, and go on from the picture shown"))
        self.keep_button.clicked.connect(lambda: self.stop_walk(keep=True))
        self.keep_button.hide()
        row = QHBoxLayout()
        row.addWidget(self.walk_button, 1)
        row.addWidget(self.keep_button, 1)
        self.body.addLayout(row)

    # Which directions

    def _view(self) -> View:
        view: View = self.view.currentData()
        return view

    def _on_network(self) -> None:
        self.stop_walk()
        self._deviations = []
        self._chosen = None
        self._find_deviations()
        self._show_rows()
        if self.in_hand:
            self._notes.want_parts()

    def _change_view(self) -> None:
        self._chosen = None
        self._find_deviations()
        self._show_rows()

    def _find_deviations(self) -> None:
        """Ask how many directions the basis has, and how far one unit of each goes."""
        network, view = self.context.network, self._view()
        if network is None or view not in ("principal", "style"):
            return
        basis: Literal["principal", "style"] = "style" if view == "style" else "principal"
        layers = self._style_layers() if view == "style" else None
        self._deviations = []
        job = self.context.studio.worker.call(
            lambda engine: (network, view, engine.space(network.ref).deviations(basis, layers)),
            priority=Priority.NORMAL,
            key="directions",
        )
        job.finished.connect(self._deviations_known)
        job.failed.connect(self.context.studio.problem)

    def _deviations_known(self, result: tuple[object, str, list[float]]) -> None:
        network, view, deviations = result
        if network is self.context.network and view == self._view():
            self._deviations = deviations
            self._show_rows()

    def _style_layers(self) -> Layers | None:
        return self.style_parts.chosen_range() if self.context.layers else None

    def shown(self) -> list[NamedDirection]:
        """The directions that have a slider now."""
        notes, recipe, view = self._notes.value, self._model.value, self._view()
        if notes is None:
            return []
        if view == "own":
            return [direction for direction in notes.directions if direction.basis == "own"]
        if view == "used":
            found: list[NamedDirection] = []
            for move in recipe.directions if recipe is not None else ():
                one = NamedDirection(basis=move.basis, index=move.index, layers=move.layers, vector=move.vector)
                if not any(known.is_of(one) for known in found):
                    found.append(notes.noted(one))
            return found
        layers = self._style_layers() if view == "style" else None
        basis: Literal["principal", "style"] = "style" if view == "style" else "principal"
        return [
            notes.noted(NamedDirection(basis=basis, index=index, layers=layers))
            for index in range(min(MOST, len(self._deviations)))
        ]

    def name_of(self, direction: NamedDirection) -> str:
        """The name of a direction: the artist's, the model card's, or a number."""
        if direction.name:
            return direction.name
        if direction.basis == "principal":
            network = self.context.network
            if network is not None and (name := direction_name(network, direction.index)):
                return name
            return self.tr("Direction {n}").format(n=direction.index + 1)
        if direction.basis == "style":
            return self.tr("Style {n}").format(n=direction.index + 1)
        return self.tr("Own direction")

    def _show_rows(self) -> None:
        if self._view() == "used" and any(row.slider.is_dragging() for row in self.rows):
            return  # one that passes through 0 stays under the hand
        shown = self.shown()
        while len(self.rows) < len(shown):
            self._add_row()
        if self._chosen is not None:
            self._chosen = next((one for one in shown if one.is_of(self._chosen)), None)
        if self._chosen is None and shown:
            self._chosen = shown[0]
        for number, (row, binding) in enumerate(zip(self.rows, self._bindings, strict=True)):
            row.setVisible(number < len(shown))
            if number >= len(shown):
                row.direction = None
                continue
            direction = shown[number]
            row.show_direction(self.name_of(direction), direction, self._tip_of(direction, number))
            row.mark(direction is self._chosen)
            binding.show()
        width = max([LABEL_WIDTH, *(row.slider.label_width() for row in self.rows[: len(shown)])])
        for row in self.rows:
            row.slider.fix_label_width(min(width, _WIDEST_NAME))
        self.nothing.setVisible(not shown)
        self.nothing.setText(self._why_nothing())
        self.style_parts.setVisible(self._view() == "style" and self.context.layers > 0)
        self.learning.setVisible(self._view() == "own")
        self._show_details()

    def _why_nothing(self) -> str:
        view = self._view()
        if view == "own":
            return self.tr("None yet: drag pictures to the two rows below, and learn the way from one to the other.")
        if view == "used":
            return self.tr("No direction moves this picture.")
        return self.tr("Looking for directions …")

    def _tip_of(self, direction: NamedDirection, number: int) -> str:
        parts = [self.tr("Moves: {layers}.").format(layers=self._notes.layers_text(direction.layers))]
        if direction.basis != "own" and self._view() in ("principal", "style") and number < len(self._deviations):
            size = round(self._deviations[number], 3)
            parts.append(self.tr("In standard deviations; one is {size} here.").format(size=size))
        parts.append(self.tr("Double-click the name to reset."))
        return " ".join(parts)

    def _layers_of(self, direction: NamedDirection, recipe: SampleRecipe) -> Layers | None:
        """The layers that a move along ``direction`` goes on: those it has, else those that were noted."""
        if not self.context.layers:
            return None
        found = direction.find(recipe)
        return found.layers if found is not None else direction.layers

    # The one whose details are shown

    def _choose(self, direction: NamedDirection | None) -> None:
        if direction is None or direction is self._chosen:
            return
        self._chosen = direction
        for row in self.rows:
            row.mark(row.direction is direction)
        self._show_details()

    def _show_details(self) -> None:
        direction, recipe, layers = self._chosen, self._model.value, self.context.layers
        self.details.setVisible(direction is not None)
        enable_unless(self.walk_button, "" if self._free() else self.tr("Unlock a direction first."))
        if direction is None or recipe is None:
            return
        if not self.name_field.hasFocus():
            self.name_field.setText(direction.name)
        self.name_field.setPlaceholderText(self.name_of(direction.model_copy(update={"name": ""})))
        fixed = direction.basis == "style"
        self.layer_range.setVisible(layers > 1 and not fixed)
        self.layer_text.setVisible(layers > 1)
        self.layer_range.setRange(1, max(2, layers))
        moved = self._layers_of(direction, recipe)
        first, last = moved if moved is not None else (0, max(1, layers) - 1)
        self.layer_range.set_ends(first + 1, min(last, max(1, layers) - 1) + 1)
        self._show_layer_text()
        if self.in_hand:
            self._settle.start()

    def _chosen_range(self) -> Layers | None:
        if self._chosen is not None and self._chosen.basis == "style":
            return self._chosen.layers
        first, last = (end - 1 for end in self.layer_range.ends())
        return None if first == 0 and last >= self.context.layers - 1 else (first, last)

    def _show_layer_text(self) -> None:
        found = self._chosen_range()
        first, last = found if found is not None else (0, self.context.layers - 1)
        self.layer_text.setText(self._notes.layers_text(found))
        numbers = layer_numbers(tuple(range(first, last + 1)))
        tip = self.tr("Moves layers {layers} of {count}, 1 being the coarsest").format(
            layers=numbers, count=self.context.layers
        )
        self.layer_text.setToolTip(tip)
        self.layer_range.setToolTip(tip)

    def _change_layers(self) -> None:
        direction, recipe = self._chosen, self._model.value
        if direction is None or recipe is None or direction.basis == "style":
            return
        layers = self._chosen_range()
        self._note(direction, layers=layers)
        amount = direction.amount_in(recipe)
        if amount:
            self._model.set(direction.moved(recipe, amount, layers))
        self._show_details()

    def _rename(self) -> None:
        if self._chosen is not None and self.name_field.text().strip() != self._chosen.name:
            self._note(self._chosen, name=self.name_field.text().strip())

    def _note(self, direction: NamedDirection | None, **changes: object) -> None:
        """Keep a name, a lock or layers of ``direction``."""
        if direction is not None and self._notes.value is not None:
            self._notes.edit(self._notes.value.with_direction(edited(direction, **changes)))

    def _move_to(self, amount: float) -> None:
        direction, recipe = self._chosen, self._model.value
        if direction is not None and recipe is not None:
            self._model.set(direction.moved(recipe, amount, self._layers_of(direction, recipe)))

    def _strip_recipes(self) -> list[SampleRecipe]:
        direction, recipe = self._chosen, self._model.value
        if direction is None or recipe is None:
            return []
        layers = self._layers_of(direction, recipe)
        return [direction.moved(recipe, amount, layers) for amount in STEPS]

    def _draw_strip(self) -> None:
        recipes = self._strip_recipes() if self.in_hand and self._walk is None else []
        if not recipes:
            return
        self._strip_hashes = [recipe_hash(recipe) for recipe in recipes]
        for button, recipe in zip(self.strip, recipes, strict=True):
            image = self.context.previews.find(recipe)
            button.setIcon(QIcon() if image is None else QIcon(QPixmap.fromImage(image)))
        # From the middle outwards: the near ones are the likely ones.
        order = sorted(range(len(recipes)), key=lambda number: abs(STEPS[number]))
        self.context.previews.want("strip", [recipes[number] for number in order])

    _strip_hashes: list[str] = []

    def _show_strip_picture(self, name: str) -> None:
        if name in self._strip_hashes:
            recipes = self._strip_recipes()
            for button, recipe in zip(self.strip, recipes, strict=False):
                if recipe_hash(recipe) == name and (image := self.context.previews.find(recipe)) is not None:
                    button.setIcon(QIcon(QPixmap.fromImage(image)))

    def _row_menu(self, direction: NamedDirection | None, at: QPoint) -> None:
        if direction is None:
            return
        self._choose(direction)
        menu = QMenu(self)
        menu.addAction(icon("reset"), self.tr("Back to 0"), lambda: self._move_to(0.0))
        menu.addAction(self.tr("Rename"), self.name_field.setFocus)
        lock = self.tr("Unlock") if direction.locked else self.tr("Lock")
        menu.addAction(lock, lambda: self._note(direction, locked=not direction.locked))
        only = QAction(self.tr("Lock all others"), menu)
        only.triggered.connect(lambda: self._lock_others(direction))
        menu.addAction(only)
        if direction.basis == "own":
            menu.addSeparator()
            menu.addAction(icon("trash"), self.tr("Remove this direction"), lambda: self._remove(direction))
        menu.exec(at)

    def _lock_others(self, direction: NamedDirection) -> None:
        notes = self._notes.value
        if notes is not None:
            for one in self.shown():
                notes = notes.with_direction(edited(one, locked=not one.is_of(direction)))
            self._notes.edit(notes)

    def _remove(self, direction: NamedDirection) -> None:
        if self._notes.value is not None:
            self._notes.edit(self._notes.value.without(direction))

    def reset(self) -> None:
        """Put all directions back to 0."""
        if self._model.value is not None:
            self._model.edit(directions=())

    def _on_changed(self, old: SampleRecipe | None, new: SampleRecipe) -> None:
        if self._walk is not None and not self._stepping:
            self.stop_walk(keep=True)
        if self._view() == "used" and self._walk is None:
            self._show_rows()
        elif self.in_hand and self._walk is None:
            self._show_details()

    # Learning

    def _show_learning(self) -> None:
        enable_unless(
            self.learn_button, "" if self.more.list.count() else self.tr("Put pictures into the first row first.")
        )

    def _learn_from(self, recipes: list[SampleRecipe], liked: bool) -> None:
        self.view.setCurrentIndex(self.view.findData("own"))
        (self.more if liked else self.less).add(recipes)

    def learn(self) -> None:
        """Find the direction from the pictures of the second row to those of the first, and keep it."""
        network = self.context.network
        here = network.hash if network is not None else ""
        more = [recipe for recipe in self.more.list.recipes() if recipe.model.hash == here]
        less = [recipe for recipe in self.less.list.recipes() if recipe.model.hash == here]
        if network is None or not more:
            return
        job = self.context.studio.worker.call(
            lambda engine: engine.space(network.ref).learned(more, less), title=self.tr("Learning a direction")
        )
        job.finished.connect(lambda vector: self._learned(here, vector))
        job.failed.connect(self.context.studio.problem)

    def _learned(self, model: str, vector: tuple[float, ...]) -> None:
        notes = self._notes.value
        if notes is None or notes.model.hash != model:
            return
        number = 1 + sum(1 for one in notes.directions if one.basis == "own")
        direction = NamedDirection(name=self.tr("My direction {n}").format(n=number), basis="own", vector=vector)
        self._chosen = direction
        self._notes.edit(notes.with_direction(direction))
        self.view.setCurrentIndex(self.view.findData("own"))

    # Files

    def _export(self) -> None:
        notes, settings = self._notes.value, self.context.studio.settings
        if notes is None or not notes.directions:
            self.context.studio.notify.emit(self.tr("Nothing to export yet: name, lock or learn a direction first."))
            return
        start = Path(settings.start_folder("directions")) / self.tr("Directions.json")
        kind = self.tr("Directions") + " (*.json)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export directions"), str(start), kind)
        path = completed_name(self, name, (".json",), ".json")
        if path is not None:
            settings.remember_folder("directions", path)
            self._files.run(
                lambda: DIRECTIONS.write(notes, path),
                lambda _: self.context.studio.notify.emit(self.tr("Exported as {name}.").format(name=path.name)),
                must_finish=True,
            )

    def _import(self) -> None:
        settings = self.context.studio.settings
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Import directions"),
            settings.start_folder("directions"),
            self.tr("Directions") + " (*.json)",
        )
        if name:
            settings.remember_folder("directions", name)
            self._files.run(lambda: DIRECTIONS.read(Path(name)), self.take_in)

    def take_in(self, found: DirectionSet) -> None:
        """Add the directions of a file to those there are; those that do not fit the network are left out and told."""
        notes, network = self._notes.value, self.context.network
        if notes is None or network is None:
            return
        width = network.w_dim or network.z_dim
        fitting = [one for one in found.directions if one.vector is None or len(one.vector) == width]
        if len(fitting) < len(found.directions):
            self.context.studio.problem.emit(
                StudioError(
                    self.tr("These directions belong to another model, “{name}”.").format(name=found.model.name),
                    self.tr("Choose that model, then import them again."),
                )
            )
        for one in fitting:
            notes = notes.with_direction(one)
        self._notes.edit(notes)
        if fitting:
            self.context.studio.notify.emit(self.tr("%n directions imported.", "", len(fitting)))

    # The walk

    def _free(self) -> list[NamedDirection]:
        """The directions shown that are not locked."""
        return [direction for direction in self.shown() if not direction.locked]

    def is_walking(self) -> bool:
        """Return whether a random walk is under way."""
        return self._walk is not None

    def toggle_walk(self) -> None:
        """Begin a random walk along the unlocked directions, or stop it and go back."""
        if self._walk is not None:
            self.stop_walk()
        elif self._model.value is not None and (free := self._free()):
            self.context.playStopWanted.emit()
            self._before, self._walking = self._model.value, free
            start = [direction.amount_in(self._before) for direction in free]
            self._walk = RandomWalk(start, seed=random.randrange(2**32))
            self._show_walking(True)
            self._clock.start()
        else:
            self.walk_button.setChecked(False)

    def stop_walk(self, *, keep: bool = False) -> None:
        """End the walk: with the picture it came to, or with the one before."""
        if self._walk is None:
            return
        self._clock.stop()
        self._walk = None
        self._show_walking(False)
        if keep:
            self._model.commit()
        elif self._before is not None and self._before.model.hash == self._here():
            self._model.set(self._before)
        self._show_rows()

    def _here(self) -> str:
        return self._model.value.model.hash if self._model.value is not None else ""

    def _step(self) -> None:
        recipe = self._model.value
        if self._walk is None or recipe is None:
            return
        for direction, amount in zip(self._walking, self._walk.advance(), strict=True):
            recipe = direction.moved(recipe, round(amount, 3), self._layers_of(direction, recipe))
        self._stepping = True
        try:
            self._model.set(recipe, commit=False)
        finally:
            self._stepping = False

    def _show_walking(self, on: bool) -> None:
        self.walk_button.setChecked(on)
        self.walk_button.setIcon(icon("stop" if on else "walk"))
        self.walk_button.setText(self.tr("Stop") if on else self.tr("Random walk"))
        self.keep_button.setVisible(on)
