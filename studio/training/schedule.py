"""Schedules of what is due during a run: every so many images, or by the clock. Torch-free; the clock is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds, from any moment on."""


@dataclass(frozen=True)
class Pace:
    """The rate at which something is due by the clock.

    Attributes
    ----------
    first : seconds from the start to the first time, and the shortest wait ever.
    growth : a wait is this share of the time since the start: early on much happens, later little.
    longest : no wait is longer, in seconds.
    cost : at most this share of the time goes into it; what takes long comes less often.
    """

    first: float
    growth: float
    longest: float
    cost: float


PREVIEWS = Pace(first=25, growth=0.05, longest=600, cost=0.02)
"""Samples: first within half a minute, about a hundred in a night."""
CHECKPOINTS = Pace(first=60, growth=0.5, longest=600, cost=0.02)
"""A crash costs ten minutes at most, one soon after the start a minute."""


class Schedule:
    """The time at which the next one is due: every ``every`` images, or with 0 by the clock, at its ``pace``."""

    def __init__(self, every: int, pace: Pace, clock: Clock = time.monotonic) -> None:
        self._every = every
        self._pace = pace
        self._clock = clock
        self._start = clock()
        self._next = self._start + pace.first

    def due(self, before: int, images: int) -> bool:
        """Return whether it is due after a step from ``before`` to ``images`` shown."""
        if self._every:
            return images // self._every > before // self._every
        return self._clock() >= self._next

    def done(self, began: float) -> None:
        """Note that it was done, from ``began`` until now by the clock."""
        now, pace = self._clock(), self._pace
        wait = min(max(pace.first, pace.growth * (now - self._start)), pace.longest)
        self._next = now + max(wait, (now - began) / pace.cost)
