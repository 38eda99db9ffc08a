"""Undo as a list of recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from studio.recipes.model import Recipe


class History(QObject):
    """The recipes a room went through, and where in them it is now.

    Push a recipe when a change is complete (a slider is let go), not on every movement.
    """

    changed = Signal()
    """What :meth:`can_undo` or :meth:`can_redo` answer may have changed."""

    def __init__(self, parent: QObject | None = None, *, limit: int = 500) -> None:
        super().__init__(parent)
        self._recipes: list[Recipe] = []
        self._index = -1
        self._limit = limit

    def push(self, recipe: Recipe) -> None:
        """Add ``recipe`` after the current one; what had been undone is dropped. An equal recipe is ignored."""
        if self.current() == recipe:
            return
        del self._recipes[self._index + 1 :]
        self._recipes.append(recipe)
        del self._recipes[: -self._limit]
        self._index = len(self._recipes) - 1
        self.changed.emit()

    def current(self) -> Recipe | None:
        """The recipe one is at, or None at the very start."""
        return self._recipes[self._index] if self._index >= 0 else None

    def can_undo(self) -> bool:
        """Whether there is an earlier recipe."""
        return self._index > 0

    def can_redo(self) -> bool:
        """Whether there is a later recipe."""
        return self._index < len(self._recipes) - 1

    def undo(self) -> Recipe | None:
        """Go back one and return that recipe; None when there is none."""
        return self._go(-1) if self.can_undo() else None

    def redo(self) -> Recipe | None:
        """Go forward one and return that recipe; None when there is none."""
        return self._go(+1) if self.can_redo() else None

    def clear(self) -> None:
        """Forget everything."""
        self._recipes.clear()
        self._index = -1
        self.changed.emit()

    def __len__(self) -> int:
        return len(self._recipes)

    def _go(self, step: int) -> Recipe:
        self._index += step
        self.changed.emit()
        return self._recipes[self._index]
