"""The time that a final render takes on this machine: measured in every render, kept, and told before the next one."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from studio.base import StudioError, Work
from studio.base.documents import DocumentError, DocumentFormat
from studio.base.files import write_atomic
from studio.base.paths import cache_dir
from studio.recipes import StylizeRecipe, StylizeSettings

T = TypeVar("T")

TIMES = DocumentFormat("latent-studio-render-times", "times", version=1)
OVERHEAD = 0.015
"""What a step costs beside its pixels, in megapixels."""
FEWEST_STEPS = 3
"""So many steps at a size give its time."""
FARTHEST = 6.0
"""From a size that was measured, the time of one so many times as large is told, and no farther."""
DEAREST_FIRST = 3.0
"""Preparing a size to come costs no more steps of it: the first step of a render also wakes the machine up."""
_NEWEST = 0.5
"""Weight of the newest measurement against those before."""


def schedule(size: int, steps: int) -> list[tuple[int, int]]:
    """Return the long sides that an optimisation of ``steps`` works at up to ``size``, ascending, with their steps.

    As ``scales`` and ``steps_per_scale`` of :mod:`studio.stylization.optimise`, which the window cannot import.
    """
    sides = [size]
    while sides[-1] / math.sqrt(2) >= 127:
        sides.append(round(sides[-1] / math.sqrt(2)))
    sides.reverse()
    shared = [max(1, steps // len(sides))] * len(sides)
    shared[-1] = max(1, steps - sum(shared[:-1]))
    return list(zip(sides, shared, strict=True))


def step_cost(side: int, proportion: float = 1.0) -> float:
    """Return what a step at a long side of ``side`` pixels costs, in megapixels; ``proportion``: short by long side."""
    return side * side * proportion / 1e6 + OVERHEAD


def work_done(step: int, total: int, size: int) -> float:
    """Share of an optimisation's work behind ``step`` of ``total``, 0..1: later steps are larger, and cost more."""
    if total <= 0:
        return 0.0
    behind = whole = 0.0
    left = step
    for side, steps in schedule(size, total):
        behind += min(left, steps) * step_cost(side)
        whole += steps * step_cost(side)
        left = max(0, left - steps)
    return min(1.0, behind / whole)


@dataclass
class _Side:
    """The steps at one size: how many, and the seconds they took. The first also prepares the size."""

    steps: int = 0
    seconds: float = 0.0
    first: float = 0.0

    def rates(self, side: int, proportion: float) -> tuple[float, float] | None:
        """Seconds of a step, and of preparing the size, for what a step costs."""
        if self.steps < FEWEST_STEPS:
            return None
        step = self.seconds / self.steps
        cost = step_cost(side, proportion)
        return step / cost, max(0.0, self.first - step) / cost


class Stopwatch:
    """Measures an optimisation step by step, on the thread that runs it: pauses and other jobs do not count."""

    def __init__(self, recipe: StylizeRecipe) -> None:
        self._recipe = recipe
        self._sides: dict[int, _Side] = {}
        self._lock = threading.Lock()

    def measured(self, work: Work[T]) -> Work[T]:
        """Return ``work`` itself, measured."""
        try:
            while True:
                began = time.perf_counter()
                try:
                    progress = next(work)
                except StopIteration as stop:
                    return stop.value  # type: ignore[no-any-return]
                if progress.total == self._recipe.steps and progress.step > 0:
                    self.note(progress.step, time.perf_counter() - began)
                yield progress
        finally:
            work.close()

    def note(self, step: int, seconds: float) -> None:
        """Count a step that took so many seconds."""
        side = self._side_of(step)
        with self._lock:
            if side not in self._sides:
                self._sides[side] = _Side(first=seconds)
            else:
                known = self._sides[side]
                known.steps += 1
                known.seconds += seconds

    def _side_of(self, step: int) -> int:
        for side, steps in schedule(self._recipe.size, self._recipe.steps):
            step -= steps
            if step <= 0:
                return side
        return self._recipe.size

    def seconds(self) -> float:
        """Return the seconds of all steps so far."""
        with self._lock:
            return sum(side.seconds + side.first for side in self._sides.values())

    def rates(self, proportion: float) -> dict[int, tuple[float, float]]:
        """Return seconds of a step and of preparing, for what a step costs, by the sizes that were measured."""
        with self._lock:
            found = {side: known.rates(side, proportion) for side, known in self._sides.items()}
        return {side: rates for side, rates in found.items() if rates is not None}


def kind_of(settings: StylizeSettings) -> str:
    """Return what the time of a step depends on beside its size: the network, and what is compared."""
    return f"{settings.network}, {settings.loss}"


Rates = Mapping[int, tuple[float, float]]


def seconds_for(
    rates: Rates, parts: list[tuple[int, int]], proportion: float, *, begun: bool = False, farthest: float = FARTHEST
) -> float | None:
    """Return the seconds of steps at sizes, by the nearest size that was measured; None without any near enough.

    Parameters
    ----------
    parts : long sides with numbers of steps.
    begun : the first of them is prepared already.
    farthest : how many times as large as the largest that was measured a size may be.
    """
    if not rates or max(side for side, _ in parts) > farthest * max(rates):
        return None
    whole = 0.0
    for number, (side, steps) in enumerate(parts):
        nearest = min(rates, key=lambda known, side=side: abs(math.log(known / side)))  # type: ignore[misc]
        step, first = rates[nearest]
        first = min(first, DEAREST_FIRST * step)
        whole += (step * steps + (0.0 if begun and number == 0 else first)) * step_cost(side, proportion)
    return whole


@dataclass
class RenderTimes:
    """The known speeds of steps on this machine, by device and network.

    Attributes
    ----------
    device : the name of the device that renders; empty before it is ready.
    known : rates by "device, kind of work"; see :func:`kind_of`.
    """

    device: str = ""
    known: dict[str, dict[int, tuple[float, float]]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> dict[str, dict[int, tuple[float, float]]]:
        """Return what was kept; nothing when there is none, or none that can be read."""
        try:
            found = TIMES.loads((path or _place()).read_bytes())
            return {
                str(name): {int(side): (float(step), float(first)) for side, (step, first) in rates.items()}
                for name, rates in found.items()
            }
        except (OSError, DocumentError, ValueError, TypeError, AttributeError):
            return {}

    def dumps(self) -> str:
        """Return the document."""
        return TIMES.dumps(self.known)

    def rates(self, kind: str) -> Rates:
        """Return what is known of a kind of work on this device."""
        return self.known.get(f"{self.device}, {kind}", {})

    def learn(self, kind: str, measured: Rates) -> bool:
        """Take in what was measured; returns whether there was anything."""
        rates = self.known.setdefault(f"{self.device}, {kind}", {})
        for side, (step, first) in measured.items():
            old = rates.get(side, (step, first))
            rates[side] = tuple(  # type: ignore[assignment]
                round(_NEWEST * new + (1 - _NEWEST) * before, 4) for new, before in zip((step, first), old, strict=True)
            )
        return bool(measured)

    def seconds(self, settings: StylizeSettings, proportion: float, steps: int | None = None) -> float | None:
        """Return how long a final render takes here, of so many steps; None before anything like it was measured.

        Its settings say how many when ``steps`` does not.
        """
        rates = self.rates(kind_of(settings))
        if not rates:
            return None
        return seconds_for(rates, schedule(settings.size, settings.steps if steps is None else steps), proportion)

    def seconds_left(self, recipe: StylizeRecipe, step: int, stopwatch: Stopwatch, proportion: float) -> float | None:
        """Return how long a render that runs will take from ``step`` on; None while it is too early to tell.

        What was kept may be from a busier or a quieter moment: as soon as steps of this render are known, they say how
        fast the machine is now.
        """
        own, kept = stopwatch.rates(proportion), self.rates(kind_of(recipe))
        parts = schedule(recipe.size, recipe.steps)
        done, left, behind = [], [], step
        for side, steps in parts:
            taken = min(behind, steps)
            behind -= taken
            if taken:
                done.append((side, taken))
            if taken < steps:
                left.append((side, steps - taken))
        if not left:
            return 0.0
        if own:
            rates: Rates = _expected([side for side, _ in left], own, kept)
        else:
            # Too few steps at any size; all together, with what was prepared, they must do.
            expected = seconds_for(kept, done, proportion) if kept and step > FEWEST_STEPS else None
            slower = stopwatch.seconds() / expected if expected else 0.0
            rates = {side: (one * slower, first * slower) for side, (one, first) in kept.items()} if slower else {}
        begun = bool(done) and done[-1][0] == left[0][0]
        # A render's own measurement must do for any size: all the others are to come.
        return seconds_for(rates, left, proportion, begun=begun, farthest=math.inf)


def _expected(sides: list[int], own: Rates, kept: Rates) -> dict[int, tuple[float, float]]:
    """Return the rates to expect at ``sides``, by those of a render that runs and by what was kept of others."""

    def near(rates: Rates, side: int) -> tuple[float, float]:
        return rates[min(rates, key=lambda known: abs(math.log(known / side)))]

    # What else the machine does now slows the sizes to come as it slowed those behind. Medians: one step that had to
    # wait must not count, and preparing is left out, which the first step of a program makes longer.
    ratios = sorted(step / near(kept, side)[0] for side, (step, _) in own.items()) if kept else []
    slower = ratios[len(ratios) // 2] if ratios else 1.0
    rates = dict(own)
    for side in sides:
        if side in own:
            continue
        step, first = near(own, side)
        if kept:
            before, first_before = near(kept, side)
            # Sizes may have been kept at different moments: half the trust is in this render's own steps.
            step, first = math.sqrt(step * before * slower), first_before * slower
        rates[side] = step, min(first, DEAREST_FIRST * step)
    return rates


def keep_times(document: str) -> None:
    """Write what is known; a disk that is full costs no more than that. Not for the main thread."""
    try:
        write_atomic(_place(), document)
    except (StudioError, OSError):
        return


def _place() -> Path:
    return cache_dir() / "render-times.json"
