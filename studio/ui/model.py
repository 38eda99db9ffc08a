"""The model of a room: one frozen value that can be watched, with its history, and values that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel
from PySide6.QtCore import QObject, Signal, SignalInstance

V = TypeVar("V")
T = TypeVar("T")


class History(QObject, Generic[V]):
    """Values in the order in which they came to be, and where among them one is."""

    changed = Signal()
    """What :meth:`can_undo` or :meth:`can_redo` answer may have changed."""
    restored = Signal(int, int)
    """Emitted after ``changed`` when other values took the place of all: so many steps back, and so many forward."""

    def __init__(self, parent: QObject | None = None, *, limit: int = 500) -> None:
        super().__init__(parent)
        self._values: list[V] = []
        self._index = -1
        self._limit = limit

    def push(self, value: V) -> None:
        """Add ``value`` after the current one; what had been undone is dropped. An equal value is ignored."""
        if self._index >= 0 and self._values[self._index] == value:
            return
        del self._values[self._index + 1 :]
        self._values.append(value)
        del self._values[: -self._limit]
        self._index = len(self._values) - 1
        self.changed.emit()

    def current(self) -> V | None:
        """Return the value one is at, or None at the very start."""
        return self._values[self._index] if self._index >= 0 else None

    def can_undo(self) -> bool:
        """Return whether there is an earlier value."""
        return self._index > 0

    def can_redo(self) -> bool:
        """Return whether there is a later value."""
        return self._index < len(self._values) - 1

    def undo(self) -> V | None:
        """Go back one and return that value; None when there is none."""
        return self._go(-1) if self.can_undo() else None

    def redo(self) -> V | None:
        """Go forward one and return that value; None when there is none."""
        return self._go(+1) if self.can_redo() else None

    def values(self) -> list[V]:
        """Return all values, the oldest first."""
        return list(self._values)

    @property
    def index(self) -> int:
        """The place of the current value among them; -1 at the very start."""
        return self._index

    def restore(self, values: Sequence[V], at: int) -> None:
        """Take ``values`` in place of what there is, and be at the one with the index ``at``."""
        self._values = list(values)
        self._index = at
        self.changed.emit()
        self.restored.emit(at, len(values) - 1 - at)

    def replace(self, change: Callable[[V], V]) -> None:
        """Take what ``change`` makes of each value in its place; where one is among them stays."""
        self._values = [change(value) for value in self._values]

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._index = -1
        self.changed.emit()

    def __len__(self) -> int:
        return len(self._values)

    def _go(self, step: int) -> V:
        self._index += step
        self.changed.emit()
        return self._values[self._index]


class Derived(QObject, Generic[T]):
    """A value computed from others, which says when it is another one.

    Parameters
    ----------
    compute : gives the value; quick, and free of side effects: it runs whenever the value is read.
    triggers : signals after which it may be another one.
    """

    changed = Signal(object, object)
    """The value told before, and the one it is now."""

    def __init__(self, compute: Callable[[], T], *triggers: SignalInstance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._compute = compute
        self._last = compute()
        for trigger in triggers:
            trigger.connect(self.update)

    @property
    def value(self) -> T:
        """The value as it is now, also before its change was told."""
        return self._compute()

    def update(self, *_arguments: object) -> None:
        """Tell the value if it is another one than was told last."""
        old, self._last = self._last, self._compute()
        if self._last != old:
            self.changed.emit(old, self._last)


class Model(QObject, Generic[V]):
    """Holds one frozen value; every change goes through :meth:`set` or :meth:`edit`, and is told to all who watch.

    A change is either whole, or a step of a gesture (a slider moves) that :meth:`commit` ends: undo takes a gesture
    back in one step. A model may begin with None, for nothing to edit yet; that is no state one can go back to.
    """

    changed = Signal(object, object)
    """The value before, and the one now; they differ."""

    def __init__(self, value: V, parent: QObject | None = None, *, limit: int = 500) -> None:
        """``limit``: the most values that are remembered."""
        super().__init__(parent)
        self._value = value
        self._gesture = False
        self.history: History[V] = History(self, limit=limit)
        self.commit()

    @property
    def value(self) -> V:
        """The value as it is now, in the middle of a gesture too."""
        return self._value

    def set(self, value: V, *, commit: bool = True) -> None:
        """Change to ``value``; ``commit`` is False for a step of a gesture."""
        self._gesture = not commit
        self._become(value)
        if commit:
            self.commit()

    @property
    def in_gesture(self) -> bool:
        """True when the latest change is a step of a gesture that has not ended."""
        return self._gesture

    def edit(self, *, commit: bool = True, **changes: object) -> None:
        """Change fields by name; ``commit`` is False for a step of a gesture.

        Raises
        ------
        pydantic.ValidationError
            When a field does not take its value.
        AttributeError
            When there is no such field.
        TypeError
            While there is nothing to edit.
        """
        if not isinstance(self._value, BaseModel):
            raise TypeError("there is nothing to edit")
        self.set(edited(self._value, **changes), commit=commit)

    def commit(self) -> None:
        """End a gesture: what it came to is what undo and redo know."""
        self._gesture = False
        if self._value is not None:
            self.history.push(self._value)

    def replace(self, change: Callable[[V], V]) -> None:
        """Change the value and all of its history alike: for what is no step that one could go back over.

        A gesture under way ends without being a step of its own.
        """
        self._gesture = False
        self.history.replace(change)
        self._become(change(self._value))

    def undo(self) -> bool:
        """Go back to the value before the last whole change, and return whether there is one.

        A gesture under way counts as ended.
        """
        self.commit()
        if not self.history.can_undo():
            return False
        self._go(self.history.undo())
        return True

    def redo(self) -> bool:
        """Take back an undo, and return whether there is one."""
        self.commit()
        if not self.history.can_redo():
            return False
        self._go(self.history.redo())
        return True

    def select(self, pick: Callable[[V], T]) -> Derived[T]:
        """Return what ``pick`` gives of the value, to be watched on its own."""
        return Derived(lambda: pick(self._value), self.changed, parent=self)

    def _go(self, value: V | None) -> None:
        assert value is not None
        self._become(value)

    def _become(self, value: V) -> None:
        old = self._value
        if value != old:
            self._value = value
            self.changed.emit(old, value)


M = TypeVar("M", bound=BaseModel)


def edited(value: M, **changes: object) -> M:
    """Return ``value`` with other fields, validated, which ``model_copy`` does not do.

    Raises
    ------
    pydantic.ValidationError
        When a field does not take its value.
    AttributeError
        When there is no such field.
    """
    unknown = changes.keys() - type(value).model_fields.keys()
    if unknown:
        raise AttributeError(f"{type(value).__name__} has no field {', '.join(sorted(unknown))}")
    return type(value)(**{**dict(value), **changes})
