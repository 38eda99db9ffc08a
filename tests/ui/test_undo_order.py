"""Undo across the settings of a room and what was taken out of its lists."""

from __future__ import annotations

from studio.ui.model import History
from studio.ui.undo_order import UndoOrder


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
