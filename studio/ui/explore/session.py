"""The session of the Explore room: what it has, kept for the next start, and brought back with the models it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QListWidgetItem

from studio.base import Hint
from studio.recipes import SampleRecipe
from studio.synthesis.latent_map import MapPin
from studio.ui.describe.lists import listed
from studio.ui.explore.known_models import KnownModels
from studio.ui.explore.picks import Filming, PicksBar
from studio.ui.explore.slots import StateSlots
from studio.ui.explore.tool_in_hand import ToolInHand
from studio.ui.explore.tools import Toolbox
from studio.ui.explore.tools.map import MapTool
from studio.ui.kept_history import (
    RoomStep,
    kept_history,
    kept_order,
    recall_history,
    recall_order,
    shortened_text,
)
from studio.ui.model import Model
from studio.ui.undo_order import UndoOrder

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class SessionState(BaseModel):
    """The state that comes back at the next start."""

    recipe: SampleRecipe | None = None
    picks: list[SampleRecipe] = []
    slots: dict[str, SampleRecipe] = {}
    tool: str = "picture"
    history: dict[str, Any] = {}
    steps: dict[str, Any] = {}
    pins: dict[str, list[MapPin]] = {}
    anchors: dict[str, list[MapPin]] = {}
    tools: dict[str, list[SampleRecipe | None]] = {}
    films: list[Filming] = []


class _PicksStep(BaseModel):
    """A change of the picks: what they were before, and after."""

    before: list[SampleRecipe]
    after: list[SampleRecipe]


class ExploreSession(QObject):
    """Keeps recipe, history, picks, slots and tools; what is of a model that is not there waits for it, and is kept."""

    recipeCame = Signal(object)
    """The ``SampleRecipe`` to go on with; its history is there already."""

    def __init__(
        self,
        context: StudioContext,
        model: Model[SampleRecipe | None],
        steps: UndoOrder,
        *,
        models: KnownModels,
        picks: PicksBar,
        slots: StateSlots,
        tools: Toolbox,
        hand: ToolInHand,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._steps, self._models = context, model, steps, models
        self._picks, self._slots, self._tools, self._hand = picks, slots, tools, hand
        self._kept: SessionState | None = None  # what waits for the list of models
        self._left_out: list[SampleRecipe] = []
        """What the last session had of models that are not there now: kept, it comes back with them."""
        picks.changed.connect(self._note_picks)

    def state(self) -> dict[str, Any]:
        """The recipe with its history, the picks and what lies in slots and tools, as JSON."""
        if self._kept is not None:
            return self._kept.model_dump(mode="json")
        kept_map, tools = self._tools.as_it_is(MapTool), self._tools.as_they_are()
        state = SessionState(
            recipe=self._model.value,
            picks=[*self._picks.list.recipes(), *self._left_out],
            slots={name: recipe for name, recipe in self._slots.kept.items() if recipe is not None},
            tool=self._hand.tool.name,
            history=kept_history(self._model.history),
            steps=kept_order(self._steps),
            pins=kept_map.pins,
            anchors=kept_map.anchors,
            tools={tool.name: laid for tool in tools if any(laid := tool.session_samples())},
            films=self._picks.films(),
        )
        return state.model_dump(mode="json")

    def offer(self, state: dict[str, Any]) -> None:
        """Take what :meth:`state` gave, to be brought back as soon as there are models."""
        try:
            self._kept = SessionState.model_validate(state)
        except ValidationError:
            return
        if self._models.infos:
            self.bring_back()

    def bring_back(self, *, recipe: bool = True) -> None:
        """Bring back what the models that are there now can draw; ``recipe``: that of the picture too."""
        kept, self._kept = self._kept, None
        known = {info.hash for info in self._models.infos}
        for pick in [one for one in self._left_out if one.model.hash in known]:
            self._left_out.remove(pick)
            self._picks.add(pick)
        if kept is None:
            return
        had = kept.picks if kept.recipe is None else [*kept.picks, kept.recipe]
        self._left_out = [one for one in had if one.model.hash not in known]
        if self._left_out:
            self._tell_left_out()
        kept_map = self._tools.as_it_is(MapTool)
        kept_map.pins, kept_map.anchors = kept.pins, kept.anchors
        for pick in kept.picks:
            if pick.model.hash in known:
                self._picks.add(pick)
        if recipe and kept.recipe is not None and kept.recipe.model.hash in known:
            history = self._model.history
            recall_history(history, kept.history, SampleRecipe, lambda one: one.model.hash in known)
            recall_order(self._steps, kept.steps, history, lambda step: self._picks_step(step, known))
            if shortened := shortened_text(kept.history):
                self._context.notify.emit(shortened)
            self.recipeCame.emit(kept.recipe)
        for name, one in kept.slots.items():
            if name in self._slots.kept and one.model.hash in known:
                self._slots.set(name, one)
        for laid_out in self._tools.as_they_are():
            samples = kept.tools.get(laid_out.name)
            if samples is not None and all(one is None or one.model.hash in known for one in samples):
                laid_out.restore_samples(samples)
        self._picks.offer_films([film for film in kept.films if film.keys[0].model.hash in known])
        tool = self._tools.named(kept.tool)
        if tool is not None and tool.page() is None and not self._hand.missing(tool):
            self._hand.take(tool.name)

    def _tell_left_out(self) -> None:
        names = listed(dict.fromkeys(recipe.model.name for recipe in self._left_out))
        text = self.tr(
            "%n pictures of the last session wait for a model that is not in the library: {names}.",
            "",
            len(self._left_out),
        )
        self._context.problem.emit(Hint(text.format(names=names)))

    def _note_picks(self, before: list[QListWidgetItem], after: list[QListWidgetItem]) -> None:
        """Enter a change of the picks into the order of undo."""
        change = _PicksStep(before=self._picks.list.recipes_of(before), after=self._picks.list.recipes_of(after))
        self._steps.did(
            lambda: self._picks.set_items(before),
            lambda: self._picks.set_items(after),
            lambda: change.model_dump(mode="json"),
        )

    def _picks_step(self, document: Any, known: set[str]) -> RoomStep | None:
        """A change of the picks in an earlier session; None without what it needs."""
        try:
            change = _PicksStep.model_validate(document)
        except ValidationError:
            return None
        if any(recipe.model.hash not in known for recipe in (*change.before, *change.after)):
            return None
        return (
            lambda: self._picks.show_recipes(change.before),
            lambda: self._picks.show_recipes(change.after),
            lambda: change.model_dump(mode="json"),
        )
