"""Undo across the end of the program: the last steps of a room's history, kept in the session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from studio.ui.model import History
from studio.ui.undo_order import UndoOrder

V = TypeVar("V", bound=BaseModel)

MOST_BACK, MOST_FORWARD = 24, 8
"""So many steps to go back and to go forward are kept."""
MOST_LETTERS = 400_000
"""Together they take no more room in the session: a latent of its own is long."""


def kept_history(history: History[Any]) -> dict[str, Any]:
    """The values around the one that ``history`` is at, as JSON; see :func:`recall_history`."""
    values, at = history.values(), history.index
    if at < 0:
        return {}
    kept, letters = {}, 0
    backward = range(at, max(-1, at - MOST_BACK - 1), -1)
    forward = range(at + 1, min(len(values), at + MOST_FORWARD + 1))
    for place in (*backward, *forward):
        document = values[place].model_dump(mode="json")
        letters += len(json.dumps(document))
        if letters > MOST_LETTERS:
            break
        kept[place] = document
    return {"values": [kept[place] for place in sorted(kept)], "at": sum(place < at for place in kept)}


def recall_history(history: History[Any], state: object, of: type[V], known: Callable[[V], bool]) -> None:
    """Put back what :func:`kept_history` gave; what is not understood, or not ``known`` any more, is left out."""
    if not isinstance(state, dict) or not isinstance(state.get("values"), list):
        return
    values: list[V] = []
    at = -1
    for place, document in enumerate(state["values"]):
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


Step = tuple[Callable[[], object], Callable[[], object], Callable[[], Any]]


def recall_order(order: UndoOrder, state: object, history: History[Any], step_of: Callable[[Any], Step | None]) -> None:
    """Put back what :func:`kept_order` gave, as far as ``history``, which was recalled before, reaches.

    Parameters
    ----------
    step_of : undoing, doing again and the document of a step, from its document; None when it is not understood.
    """
    if not isinstance(state, dict) or not isinstance(state.get("steps"), list) or not isinstance(state.get("at"), int):
        return
    steps, at = state["steps"], max(0, min(state["at"], len(state["steps"])))

    def reached(documents: list[Any], most: int) -> list[Step | None]:
        found: list[Step | None] = []
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
