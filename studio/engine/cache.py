"""A least-recently-used cache with a budget in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class ByteCache(Generic[V]):
    """Keeps values until their sizes exceed ``budget`` bytes; the least recently used go first.

    The newest value always stays, even alone over the budget.
    """

    def __init__(self, budget: int, size_of: Callable[[V], int]) -> None:
        self.budget = budget
        self._size_of = size_of
        self._values: OrderedDict[str, V] = OrderedDict()
        self.used = 0

    def get(self, key: str) -> V | None:
        """The value, now the most recently used, or None."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        """Store a value and evict what exceeds the budget."""
        if key in self._values:
            self.used -= self._size_of(self._values.pop(key))
        self._values[key] = value
        self.used += self._size_of(value)
        while self.used > self.budget and len(self._values) > 1:
            _, old = self._values.popitem(last=False)
            self.used -= self._size_of(old)

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self.used = 0

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: str) -> bool:
        return key in self._values
