"""Directions: the picture is moved along what the network varies most, or what the artist taught it to tell apart."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from studio.recipes import SampleRecipe
from studio.recipes.direction_set import NamedDirection
from studio.ui.command import Command, with_keys
from studio.ui.explore.tools.directions.details import DirectionDetails
from studio.ui.explore.tools.directions.edits import note
from studio.ui.explore.tools.directions.files import DirectionFiles
from studio.ui.explore.tools.directions.learning import DirectionLearning
from studio.ui.explore.tools.directions.rows import DirectionRows
from studio.ui.explore.tools.directions.shown import ShownDirections, title_of
from studio.ui.explore.tools.directions.walk import WalkButtons
from studio.ui.explore.tools.tool import Tool
from studio.ui.model import edited
from studio.ui.theme import icon
from studio.ui.widgets import tool_button


class DirectionsTool(Tool):
    """Sliders along directions of three bases, with names, locks, layers, and pictures of what they do."""

    name = "directions"
    command = "explore.tool-directions"
    glyph = "directions"
    topic = "directions"

    def build(self) -> None:
        context = self.context
        self._model, self._notes = context.model, context.notes
        self._chosen: NamedDirection | None = None
        reset = tool_button("reset", with_keys(self.tr("Put all directions back to 0"), "explore.reset-directions"))
        reset.clicked.connect(self.reset)
        more = tool_button("menu", self.tr("Export and import directions"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.files = DirectionFiles(context, self)
        more.setMenu(self.files)
        self.shown = ShownDirections(context, (reset, more), self)
        self.list = DirectionRows(context, self.title_of, self.shown.tip_of, self)
        self.learning = DirectionLearning(context, self)
        self.details = DirectionDetails(context, self)
        self.walk = WalkButtons(context, self.free, self)
        self.body.addWidget(self.shown)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.learning)
        self.body.addWidget(self.details)
        self.body.addWidget(self.walk)
        self.shown.viewChanged.connect(self._on_view)
        self.shown.found.connect(self._show_rows)
        self.list.chosen.connect(self._choose)
        self.list.menuWanted.connect(self._row_menu)
        self.learning.learned.connect(self._on_learned)
        self.walk.over.connect(self._show_rows)
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
        if not self.walk.is_walking():
            self.details.draw()

    def put_down(self) -> None:
        super().put_down()
        self.details.stop_drawing()

    def close_down(self) -> None:
        super().close_down()
        self.walk.close_down()
        self.files.close_down()

    def commands(self) -> list[Command]:
        return [
            Command("explore.walk", self.tr("Random walk, or stop it"), lambda: self.walk.toggle(), "walk"),
            Command("explore.reset-directions", self.tr("Reset all directions"), self.reset, "reset"),
        ]

    @property
    def direction_count(self) -> int:
        """Number of directions of the basis that the network has, as far as is known."""
        return len(self.shown.deviations)

    def title_of(self, direction: NamedDirection) -> str:
        """The name of a direction: the artist's, the model card's, or a number."""
        return title_of(direction, self.context.network)

    def free(self) -> list[NamedDirection]:
        """The directions shown that are not locked."""
        return [direction for direction in self.shown.directions() if not direction.locked]

    def reset(self) -> None:
        """Put all directions back to 0."""
        if self._model.value is not None:
            self._model.edit(directions=())

    # Showing

    def _on_network(self) -> None:
        self.walk.stop()
        self.shown.deviations = []
        self.shown.find_deviations()
        self._on_view()
        if self.in_hand:
            self._notes.want_parts()

    def _on_view(self) -> None:
        self._chosen = None
        self._show_rows()

    def _on_changed(self) -> None:
        if self.walk.is_walking():
            return
        if self.shown.view() == "used":
            self._show_rows()
        elif self.in_hand:
            self._show_details()

    def _show_rows(self) -> None:
        view = self.shown.view()
        if view == "used" and self.list.is_dragging():
            return  # one that passes through 0 stays under the hand
        shown = self.shown.directions()
        if self._chosen is not None:
            self._chosen = next((one for one in shown if one.is_of(self._chosen)), None)
        if self._chosen is None and shown:
            self._chosen = shown[0]
        self.list.show_directions(shown, self._chosen, self.shown.why_none())
        self.shown.show_parts()
        self.learning.setVisible(view == "own")
        self._show_details()

    def _choose(self, direction: NamedDirection | None) -> None:
        if direction is None or direction is self._chosen:
            return
        self._chosen = direction
        self.list.mark(direction)
        self._show_details()

    def _show_details(self) -> None:
        self.details.show_direction(self._chosen)
        self.walk.show_free()
        if self.in_hand and not self.walk.is_walking():
            self.details.draw_soon()

    # Learning

    def _learn_from(self, recipes: list[SampleRecipe], liked: bool) -> None:
        self.shown.show_view("own")
        self.learning.add(recipes, liked)

    def _on_learned(self, direction: NamedDirection) -> None:
        self.shown.show_view("own")
        self._chosen = direction

    # The menu of a direction

    def _row_menu(self, direction: NamedDirection | None, at: QPoint) -> None:
        if direction is None:
            return
        self._choose(direction)
        menu = QMenu(self)
        menu.addAction(icon("reset"), self.tr("Back to 0"), lambda: self.details.move_to(0.0))
        menu.addAction(self.tr("Rename"), self.details.name_field.setFocus)
        lock = self.tr("Unlock") if direction.locked else self.tr("Lock")
        menu.addAction(lock, lambda: note(self.context, direction, locked=not direction.locked))
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
            for one in self.shown.directions():
                notes = notes.with_direction(edited(one, locked=not one.is_of(direction)))
            self._notes.edit(notes)

    def _remove(self, direction: NamedDirection) -> None:
        if self._notes.value is not None:
            self._notes.edit(self._notes.value.without(direction))
