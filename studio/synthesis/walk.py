"""A random walk: numbers that drift smoothly between random targets. No torch: whoever draws may be elsewhere."""

from __future__ import annotations

import random
from collections.abc import Sequence

STEPS = 30
"""Steps from one target to the next."""


class RandomWalk:
    """Amounts along several directions that wander around 0, within ``reach``.

    Each leg goes from where the last one ended to targets drawn from a normal distribution, slowly at its ends.

    Parameters
    ----------
    start : the amounts to begin at.
    reach : the farthest target; half of it is the standard deviation.
    seed : the same walk for the same seed.
    """

    def __init__(self, start: Sequence[float], *, reach: float = 2.0, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._reach = reach
        self._from = list(start)
        self._to = self._targets()
        self._step = 0

    def advance(self) -> list[float]:
        """The amounts one step on."""
        self._step += 1
        share = self._step / STEPS
        eased = share * share * (3 - 2 * share)
        now = [a + (b - a) * eased for a, b in zip(self._from, self._to, strict=True)]
        if self._step == STEPS:
            self._from, self._to, self._step = self._to, self._targets(), 0
        return now

    def _targets(self) -> list[float]:
        spread = self._reach / 2
        return [max(-self._reach, min(self._reach, self._random.gauss(0, spread))) for _ in self._from]
