"""Undo across several kinds of steps: the settings of a room, and things that were taken out of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.ui.model import History


@dataclass(frozen=True)
class _Step:
    undo: Callable[[], object]
    redo: Callable[[], object]
    document: Callable[[], Any] | None = None
    """What it is, as JSON, for the next start of the program."""
    along: bool = False
    """It is a step of the history that is followed, whatever else belongs to it."""


class UndoOrder(QObject):
    """Steps in the order in which they were done. The last one is undone first, whatever kind it is of."""

    changed = Signal()
    """What :meth:`can_undo` or :meth:`can_redo` answer may have changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[_Step] = []
        self._at = 0
        self._going = False
        self._along = _Step(lambda: None, lambda: None)  # a step of the history that is followed

    def follow(self, history: History[Any], undo: Callable[[], object], redo: Callable[[], object]) -> None:
        """Count every step of a history as one here; ``undo`` and ``redo`` go along that history."""

        self._along = _Step(undo, redo, along=True)

        def note() -> None:
            # Not its first value, which nothing lies before, and not what we do ourselves.
            if not self._going and history.can_undo() and not history.can_redo():
                self._did(self._along)

        def recall(back: int, forward: int) -> None:
            self._steps = [self._along] * (back + forward)
            self._at = back
            self.changed.emit()

        history.restored.connect(recall)
        history.changed.connect(note)

    def did(
        self, undo: Callable[[], object], redo: Callable[[], object], document: Callable[[], Any] | None = None
    ) -> None:
        """Something was done, which ``undo`` takes back and ``redo`` does again; ``document``: for :meth:`kept`."""
        self._did(_Step(undo, redo, document))

    def joined(self, undo: Callable[[], object], redo: Callable[[], object]) -> None:
        """Let something more belong to the step that was done last."""
        last = self._steps[self._at - 1]

        def back() -> None:
            undo()
            last.undo()

        def forth() -> None:
            last.redo()
            redo()

        self._steps[self._at - 1] = replace(last, undo=back, redo=forth)

    def kept(self) -> tuple[list[Callable[[], Any] | None], int]:
        """Return the documents of the steps, None for one along the history, and how many of them lie behind.

        Steps that have none are left out: they do not outlive the program.
        """
        kept = [step.along or step.document is not None for step in self._steps]
        documents = [step.document for step, keep in zip(self._steps, kept, strict=True) if keep]
        return documents, sum(kept[: self._at])

    def restore(
        self, steps: Sequence[tuple[Callable[[], object], Callable[[], object], Callable[[], Any]] | None], at: int
    ) -> None:
        """Put other steps in the place of all, ``at`` of them behind: as for :meth:`did`; None: along the history."""
        self._steps = [self._along if step is None else _Step(*step) for step in steps]
        self._at = at
        self.changed.emit()

    def _did(self, step: _Step) -> None:
        del self._steps[self._at :]
        self._steps.append(step)
        self._at = len(self._steps)
        self.changed.emit()

    def can_undo(self) -> bool:
        """Return whether there is a step to take back."""
        return self._at > 0

    def can_redo(self) -> bool:
        """Return whether a step that was taken back can be done again."""
        return self._at < len(self._steps)

    def undo(self) -> None:
        """Take the last step back."""
        if self.can_undo():
            self._at -= 1
            self._go(self._steps[self._at].undo)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self.can_redo():
            self._at += 1
            self._go(self._steps[self._at - 1].redo)

    def _go(self, step: Callable[[], object]) -> None:
        self._going = True
        try:
            step()
        finally:
            self._going = False
        self.changed.emit()
