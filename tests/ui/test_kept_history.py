"""Undo across the end of the program."""

from __future__ import annotations

import json

import pytest

from studio.recipes import FileRef, LatentSeed, LatentW, SampleRecipe
from studio.ui import kept_history as module
from studio.ui.kept_history import kept_history, recall_history, shortened_text
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
    state = {"values": [sample(seed).model_dump(mode="json") for seed in (1, 2, 3)], "at": 2}  # of older programs
    state["values"][0] = {"kind": "nonsense"}  # type: ignore[index]
    history: History[SampleRecipe] = History()
    recall_history(history, state, SampleRecipe, lambda recipe: recipe != sample(2))
    assert history.values() == [sample(3)] and history.index == 0
    for broken in (
        None,
        {},
        {"values": "x"},
        {"values": []},
        {"changes": [{}], "at": 3},
        {"changes": [{"in": {"x": {}}}], "at": 0},
    ):
        recall_history(history, broken, SampleRecipe, lambda _recipe: True)
        assert history.values() == [sample(3)]


def test_a_whole_history_comes_back_small_and_what_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    w = LatentW(values=tuple(tuple(0.1 * value for value in range(64)) for _ in range(14)))
    values = [SampleRecipe(model=MODEL, latent=w, truncation=step / 500) for step in range(500)]
    history: History[SampleRecipe] = History()
    for value in values:
        history.push(value)
    for _ in range(100):
        history.undo()
    state = json.loads(json.dumps(kept_history(history)))
    assert len(json.dumps(state)) < 20 * len(values[0].model_dump_json()) and not shortened_text(state)
    recalled: History[SampleRecipe] = History()
    recall_history(recalled, state, SampleRecipe, lambda _recipe: True)
    assert recalled.values() == values and recalled.index == 399
    monkeypatch.setattr(module, "MOST_LETTERS", len(json.dumps(state)) // 2)
    state = kept_history(history)
    recall_history(recalled, state, SampleRecipe, lambda _recipe: True)
    assert 0 < recalled.index < 399 and recalled.current() == values[399]
    assert str(399 - recalled.index) in shortened_text(state)
