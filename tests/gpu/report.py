"""What is measured on a card, as a table and a file that are complete whenever the run ends, and the time for it."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

WARM_UP = 2
LEAST_ROUNDS = 3
GRACE = 20.0
"""Seconds after which a run that does not come back from a call is ended from outside of it."""
RUN_OUT = 3
"""Exit code of a run that had to be ended so."""


@dataclass(frozen=True)
class Row:
    """One number: what was measured, in which case, and a word on it; None where it failed, the note says why.

    ``most``: what it may be at most to be right; None: it is a figure, neither right nor wrong.
    """

    what: str
    case: str
    value: float | None
    unit: str
    note: str = ""
    most: float | None = None

    @property
    def wrong(self) -> bool:
        """Whether something is to be mended: it failed, or differs more than it may."""
        if self.value is None:
            return self.note != NO_TIME
        return self.most is not None and not self.value <= self.most

    def line(self) -> str:
        """It as a line of the table."""
        value = ("no time" if self.note == NO_TIME else "failed") if self.value is None else f"{self.value:,.4g}"
        limit = "" if self.most is None else f"up to {self.most:g}"
        note = "  ".join(word for word in ("WRONG" if self.wrong else "", limit, self.note) if word)
        return f"{self.what:<11} {self.case:<40} {value:>10} {self.unit:<9} {note}"


NO_TIME = "no time left"
Part = Callable[["Report"], None]


@dataclass
class Report:
    """The rows so far, printed and written as they come.

    Attributes
    ----------
    out : the JSON file.
    until : when everything must be over, by ``time.monotonic``.
    small : whether this is a rehearsal with tiny sizes.
    peer : the folder of NVIDIA's own code; None: it is not measured.
    """

    device: torch.device
    out: Path
    until: float
    small: bool
    peer: Path | None = None
    rows: list[Row] = field(default_factory=list)
    _part_until: float = field(init=False, default=0.0)

    def run(self, parts: Sequence[tuple[Part, float]]) -> None:
        """Go through ``parts``, each with its share of the time: what one does not use, the later ones may."""
        self._part_until = self.until
        for index, (part, share) in enumerate(parts):
            now = time.monotonic()
            rest = sum(each for _, each in parts[index:])
            self._part_until = now + max(0.0, self.until - now) * share / rest
            try:
                part(self)
            except Exception as error:  # whatever it is: the other parts are still to be measured
                self.add(Row(part.__name__, "prepared", None, "", _told(error)))

    @property
    def left(self) -> float:
        """Seconds that the part at hand still has; 0 when they are used up."""
        return max(0.0, min(self._part_until or self.until, self.until) - time.monotonic())

    def add(self, row: Row) -> None:
        """Print a row and keep it on the disk."""
        self.rows.append(row)
        print(row.line(), flush=True)
        self.write()

    def write(self) -> None:
        """Bring the file up to date."""
        document = {"about": about(self.device), "rows": [asdict(row) for row in self.rows]}
        beside = self.out.with_name(f"{self.out.name}.part")
        beside.write_text(json.dumps(document, indent=1), encoding="utf-8")
        beside.replace(self.out)

    def measure(
        self, what: str, case: str, unit: str, work: Callable[[], float], note: str = "", *, most: float | None = None
    ) -> None:
        """Add what ``work`` finds; a failure is a finding too, and without time left the case is left out."""
        if self.left <= 0:
            self.add(Row(what, case, None, unit, NO_TIME))
            return
        reset_memory(self.device)
        try:
            value = float(work())
            words = [word for word in (self._peak(), note) if word]
            self.add(Row(what, case, value, unit, ", ".join(words), most))
        except Exception as error:  # whatever it is: the other cases are still to be measured
            self.add(Row(what, case, None, unit, _told(error)))

    def milliseconds(self, function: Callable[[], object], rounds: int) -> float:
        """Median time of a call after two that warm up; of fewer than ``rounds`` when the time is used up."""
        times: list[float] = []
        for number in range(rounds + WARM_UP):
            synchronize(self.device)
            began = time.perf_counter()
            function()
            synchronize(self.device)
            if number >= WARM_UP:
                times.append((time.perf_counter() - began) * 1000)
            if len(times) >= LEAST_ROUNDS and self.left <= 0:
                break
        return float(np.median(times))

    def _peak(self) -> str:
        """The most memory that was in use since the measurement began."""
        return f"{torch.cuda.max_memory_allocated() / 1e9:.2f} GB" if self.device.type == "cuda" else ""

    def summary(self) -> str:
        """How it went, in a few lines."""
        found = [row for row in self.rows if row.value is not None]
        late = sum(row.note == NO_TIME for row in self.rows)
        wrong = [row for row in self.rows if row.wrong]
        lines = [f"{len(found)} of {len(self.rows)} cases measured, {late} left out for want of time; {self.out}"]
        lines += [f"WRONG: {row.what}, {row.case}" for row in wrong] or ["Nothing is wrong in what was measured."]
        return "\n".join(lines)

    def watch(self) -> threading.Timer:
        """A timer that ends the program when a call does not come back in time; to be cancelled at the end."""

        def end() -> None:
            print(self.summary(), flush=True)
            print("A call did not come back in time: the run was ended.", flush=True)
            os._exit(RUN_OUT)

        timer = threading.Timer(max(0.0, self.until - time.monotonic()) + GRACE, end)
        timer.daemon = True
        timer.start()
        return timer


def _told(error: Exception) -> str:
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}: {words[0][:200] if words else ''}"


def about(device: torch.device) -> dict[str, str]:
    """Device and versions."""
    found = {"torch": torch.__version__, "python": sys.version.split()[0], "device": str(device)}
    if device.type == "cuda":
        found |= {"card": torch.cuda.get_device_name(device), "cuda": str(torch.version.cuda)}
        found["memory"] = f"{torch.cuda.get_device_properties(device).total_memory / 2**30:.0f} GiB"
    return found


def reset_memory(device: torch.device) -> None:
    """Forget what the case before needed."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def both(device: torch.device) -> tuple[torch.device, torch.device]:
    """The processor and the device that is compared with it."""
    return torch.device("cpu"), device


def relative(found: Sequence[Any]) -> float:
    """How far two tensors or numbers are apart, as a share of the first."""
    a, b = (torch.as_tensor(each).double().cpu() for each in found)
    return float((a - b).norm() / a.norm().clamp(min=1e-12))
