"""Undo across the settings of a room and what was taken out of its lists."""

from __future__ import annotations

from pydantic import BaseModel

from studio.ui.kept_history import kept_history, kept_order, recall_history, recall_order
from studio.ui.model import History
from studio.ui.undo_order import UndoOrder


class _Value(BaseModel):
    at: int


def test_the_last_thing_done_is_undone_first_whatever_it_was(qapp: object) -> None:
    history: History[int] = History()
    order = UndoOrder()
    order.follow(history, history.undo, history.redo)
    picks = ["a", "b"]
    history.push(1)
    assert not order.can_undo(), "nothing lies before the first value"
    history.push(2)
    picks.remove("b")
    order.did(lambda: picks.append("b"), lambda: picks.remove("b"))
    history.push(3)
    seen = []
    while order.can_undo():
        order.undo()
        seen.append((history.current(), "".join(picks)))
    assert seen == [(2, "a"), (2, "ab"), (1, "ab")]
    while order.can_redo():
        order.redo()
        seen.append((history.current(), "".join(picks)))
    assert seen[3:] == [(2, "ab"), (2, "a"), (3, "a")]
    order.undo()
    order.undo()
    history.push(4)
    assert not order.can_redo() and picks == ["a", "b"]
    order.undo()
    assert history.current() == 2


def test_steps_with_a_document_come_back_in_their_turn(qapp: object) -> None:
    history: History[_Value] = History()
    order = UndoOrder()
    order.follow(history, history.undo, history.redo)
    history.push(_Value(at=1))
    order.did(lambda: None, lambda: None, lambda: "taken out")
    history.push(_Value(at=2))
    order.did(lambda: None, lambda: None)  # has no document: ends with the program
    order.undo()
    order.undo()
    kept, values = kept_order(order), kept_history(history)
    assert kept == {"steps": ["taken out", None], "at": 1}

    again: History[_Value] = History()
    other = UndoOrder()
    other.follow(again, again.undo, again.redo)
    recall_history(again, values, _Value, lambda _: True)
    seen: list[str] = []
    recall_order(
        other, kept, again, lambda name: (lambda: seen.append("undo"), lambda: seen.append("redo"), lambda: name)
    )
    assert kept_order(other) == kept
    other.undo()
    other.redo()
    other.redo()
    assert seen == ["undo", "redo"] and again.current() == _Value(at=2) and not other.can_redo()
    recall_order(other, {"steps": [None, "x", None, None], "at": 9}, again, lambda _: None)
    assert kept_order(other) == {"steps": [None], "at": 1}, "what is not understood, or reaches too far, is left out"
