"""Long work as plain generators: ``yield Progress(...)``, ``return`` the result.

Whoever drives the generator decides between yields whether to go on, pause or close it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from studio.base.messages import NOTHING, Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

_TELLING = 0.02
"""Less than this share of the work says nothing about the rest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of long work.

    Attributes
    ----------
    step, total : done and to do; ``total`` 0 means unknown.
    message : what is being done now ("Optimising at {size} px"); empty when there is nothing to say.
    preview : intermediate picture, uint8, (height, width, 3), or 4 with straight alpha; or None.
    """

    step: int
    total: int = 0
    message: Message = NOTHING
    preview: NDArray[np.uint8] | None = None

    @property
    def fraction(self) -> float:
        """Share done in 0..1; 0 when the total is unknown."""
        return min(1.0, self.step / self.total) if self.total > 0 else 0.0


class Pace:
    """The time that even work still takes, judged by the time of what is done.

    Attributes
    ----------
    left : seconds; None while too little is done to tell.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self.left: float | None = None

    def take(self, progress: Progress) -> None:
        """Note how far the work is."""
        share = progress.fraction
        self.left = (self._clock() - self._begun) * (1 / share - 1) if share > _TELLING else None


Work = Generator[Progress, None, T]
"""Long work: yields :class:`Progress`, returns a ``T``."""


_FINE = 1000


def within(work: Work[T], begin: float, end: float) -> Work[T]:
    """``work`` as a part of something larger, whose progress it takes from ``begin`` to ``end``, of 0..1."""
    try:
        while True:
            try:
                progress = next(work)
            except StopIteration as stop:
                return cast(T, stop.value)
            step = round(_FINE * (begin + (end - begin) * progress.fraction))
            yield replace(progress, step=step, total=_FINE)
    finally:
        work.close()


def drain(work: Work[T], on_progress: Callable[[Progress], None] | None = None) -> T:
    """Run ``work`` to its end on this thread and return its result."""
    while True:
        try:
            progress = next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        if on_progress is not None:
            on_progress(progress)
