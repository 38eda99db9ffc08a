"""Undo across the end of the program: the steps of a room's history, kept in the session."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QCoreApplication

from studio.ui.model import History
from studio.ui.undo_order import UndoOrder

V = TypeVar("V", bound=BaseModel)

MOST_LETTERS = 2_000_000
"""Together they take no more room in the session; what lies farthest back is left out, and that is said."""


def kept_history(history: History[Any]) -> dict[str, Any]:
    """The values around the one that ``history`` is at, as JSON; see :func:`recall_history`.

    Steps mostly change little of a value: each is kept as what differs from its neighbour, so that whole histories fit.
    """
    values, at = history.values(), history.index
    if at < 0:
        return {}
    whole = values[at].model_dump(mode="json")
    kept: dict[int, Any] = {at: {"is": whole}}
    letters = len(json.dumps(whole))
    made: dict[tuple[int, int], _Step] = {}
    known = _steps.get(history, {})
    for direction in (-1, 1):
        for place in range(at + direction, len(values) if direction > 0 else -1, direction):
            pair = values[place - direction], values[place]
            key = id(pair[0]), id(pair[1])
            step = known.get(key)
            if step is None or step.pair[0] is not pair[0] or step.pair[1] is not pair[1]:
                step = _Step.between(*pair)
            made[key] = step
            letters += step.letters
            if letters > MOST_LETTERS:
                break
            kept[place] = step.change
    _steps[history] = made
    places = sorted(kept)
    state = {"changes": [kept[place] for place in places], "at": at - places[0]}
    return state | ({"left_out": places[0]} if places[0] else {})


def shortened_text(state: object) -> str:
    """A sentence on the steps that a history has lost between two starts; empty when it is whole."""
    lost = state.get("left_out", 0) if isinstance(state, dict) else 0
    if not isinstance(lost, int) or lost <= 0:
        return ""
    return QCoreApplication.translate(
        "History", "Undo begins later than it did. Of the last session, the oldest steps ({n}) were too many to keep."
    ).format(n=lost)


class _Step(NamedTuple):
    """A step from one value to the next or the one before, remembered: sessions are written every half minute."""

    pair: tuple[BaseModel, BaseModel]
    change: Any
    letters: int

    @classmethod
    def between(cls, before: BaseModel, after: BaseModel) -> _Step:
        change = _change(before.model_dump(mode="json"), after.model_dump(mode="json"))
        return cls((before, after), change, len(json.dumps(change)))


_steps: weakref.WeakKeyDictionary[History[Any], dict[tuple[int, int], _Step]] = weakref.WeakKeyDictionary()


def _change(before: Any, after: Any) -> Any:
    """Difference that makes ``after`` of ``before``: see :func:`_changed`."""
    if before == after:
        return {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return {"is": after}
    found: dict[str, Any] = {}
    if inner := {key: _change(before[key], after[key]) for key in after if key in before and before[key] != after[key]}:
        found["in"] = inner
    if new := {key: value for key, value in after.items() if key not in before}:
        found["new"] = new
    if gone := [key for key in before if key not in after]:
        found["gone"] = gone
    return found


def _changed(before: Any, change: Any) -> Any:
    """Result of applying what :func:`_change` found; ValueError, TypeError or KeyError for what it never gives."""
    if "is" in change:
        return change["is"]
    if not change:
        return before
    gone = set(change.get("gone", ()))
    after = {key: value for key, value in before.items() if key not in gone}
    for key, inner in change.get("in", {}).items():
        after[key] = _changed(before[key], inner)
    return {**after, **change.get("new", {})}


def _documents(state: dict[str, Any]) -> list[Any]:
    """The whole values, as JSON, of what :func:`kept_history` gave; those of older programs were whole."""
    if isinstance(state.get("values"), list):
        return list(state["values"])
    changes, at = state["changes"], int(state["at"])
    found = {at: _changed(None, changes[at])}
    for direction in (-1, 1):
        place = at + direction
        while 0 <= place < len(changes):
            found[place] = _changed(found[place - direction], changes[place])
            place += direction
    return [found[place] for place in sorted(found)]


def recall_history(history: History[Any], state: object, of: type[V], known: Callable[[V], bool]) -> None:
    """Put back what :func:`kept_history` gave; what is not understood, or not ``known`` any more, is left out."""
    if not isinstance(state, dict):
        return
    try:
        documents = _documents(state)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return
    values: list[V] = []
    at = -1
    for place, document in enumerate(documents):
        try:
            value = of.model_validate(document)
        except ValidationError:
            continue
        if known(value):
            values.append(value)
            if place <= int(state.get("at", 0)):
                at = len(values) - 1
    if at >= 0:
        history.restore(values, at)


def recalled_draft(state: dict[str, Any], of: type[V], history: History[V]) -> tuple[V, str] | None:
    """The draft of a room's session, whose ``history`` is put back, and :func:`shortened_text` of that.

    None, and nothing is done, when the draft is not understood.
    """
    try:
        draft = of.model_validate(state.get("draft"))
    except ValidationError:
        return None
    recall_history(history, state.get("history"), of, lambda _draft: True)
    return draft, shortened_text(state.get("history"))


def kept_order(order: UndoOrder) -> dict[str, Any]:
    """The steps of a room around where it is, as JSON: None for one along the history; see :func:`recall_order`."""
    documents, at = order.kept()
    kept: dict[int, Any] = {}
    letters = 0
    for place in (*range(at - 1, -1, -1), *range(at, len(documents))):
        made = documents[place]
        document = None if made is None else made()
        letters += len(json.dumps(document))
        if letters > MOST_LETTERS:
            break
        kept[place] = document
    return {"steps": [kept[place] for place in sorted(kept)], "at": sum(place < at for place in kept)}


RoomStep = tuple[Callable[[], object], Callable[[], object], Callable[[], Any]]


def recall_order(
    order: UndoOrder, state: object, history: History[Any], step_of: Callable[[Any], RoomStep | None]
) -> None:
    """Put back what :func:`kept_order` gave, as far as ``history``, which was recalled before, reaches.

    Parameters
    ----------
    step_of : undoing, doing again and the document of a step, from its document; None when it is not understood.
    """
    if not isinstance(state, dict) or not isinstance(state.get("steps"), list) or not isinstance(state.get("at"), int):
        return
    steps, at = state["steps"], max(0, min(state["at"], len(state["steps"])))

    def reached(documents: list[Any], most: int) -> list[RoomStep | None]:
        found: list[RoomStep | None] = []
        for document in documents:
            if document is not None:
                if (step := step_of(document)) is not None:
                    found.append(step)
            elif most:
                most -= 1
                found.append(None)
            else:
                return found
        return [*found, *[None] * most]

    behind = reached(steps[:at][::-1], max(0, history.index))[::-1]
    ahead = reached(steps[at:], max(0, len(history) - 1 - history.index))
    order.restore([*behind, *ahead], len(behind))
