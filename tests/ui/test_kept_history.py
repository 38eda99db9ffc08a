"""Undo across the end of the program."""

from __future__ import annotations

import json

import pytest

from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.ui import kept_history as module
from studio.ui.kept_history import kept_history, recall_history
from studio.ui.model import History, Model
from studio.ui.undo_order import UndoOrder

MODEL = FileRef(hash="a" * 64)


def sample(seed: int) -> SampleRecipe:
    return SampleRecipe(model=MODEL, latent=LatentSeed(seed=seed))


def history_of(*seeds: int, back: int = 0) -> History[SampleRecipe]:
    history: History[SampleRecipe] = History()
    for seed in seeds:
        history.push(sample(seed))
    for _ in range(back):
        history.undo()
    return history


def test_steps_go_back_and_forward_as_before_in_the_order_of_a_room() -> None:
    state = json.loads(json.dumps(kept_history(history_of(1, 2, 3, 4, back=1))))
    model: Model[SampleRecipe | None] = Model(None)
    steps = UndoOrder()
    steps.follow(model.history, model.undo, model.redo)
    recall_history(model.history, state, SampleRecipe, lambda _recipe: True)
    model.set(sample(3))
    assert steps.can_redo() and model.history.index == 2
    steps.undo()
    steps.undo()
    assert model.value == sample(1) and not steps.can_undo()
    for _ in range(3):
        steps.redo()
    assert model.value == sample(4) and not steps.can_redo()


def test_what_is_not_known_any_more_is_left_out() -> None:
    state = kept_history(history_of(1, 2, 3))
    state["values"][0] = {"kind": "nonsense"}
    history: History[SampleRecipe] = History()
    recall_history(history, state, SampleRecipe, lambda recipe: recipe != sample(2))
    assert history.values() == [sample(3)] and history.index == 0
    for broken in (None, {}, {"values": "x"}, {"values": []}):
        recall_history(history, broken, SampleRecipe, lambda _recipe: True)
        assert history.values() == [sample(3)]


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    long = history_of(*range(100), back=50)
    state = kept_history(long)
    assert len(state["values"]) == module.MOST_BACK + 1 + module.MOST_FORWARD and state["at"] == module.MOST_BACK
    letters = len(json.dumps(sample(49).model_dump(mode="json")))
    monkeypatch.setattr(module, "MOST_LETTERS", 3 * letters)
    state = kept_history(long)
    assert len(state["values"]) == 3 and state["at"] == 2
