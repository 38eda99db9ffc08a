"""Following a run by its files, reading only what is new."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.base import StudioError
from studio.checkpoints.info import read_card
from studio.training.measurements import Measurements
from studio.training.runs import RunDirectory, RunState
from studio.ui.train.text import Shown, shown_status

LOSSES = ("loss_g", "loss_d", "augment")
SMOOTHING = 0.96
"""Share that a smoothed value keeps of the one before; events come every two seconds."""


class Curves:
    """Losses over images shown. A run that goes on from a checkpoint overwrites what was lost."""

    def __init__(self) -> None:
        self._count = 0
        self._images = np.empty(256)
        self._values = {name: np.empty(256) for name in LOSSES}
        self._smooth = {name: np.empty(256) for name in LOSSES}

    def __len__(self) -> int:
        return self._count

    def add(self, event: dict[str, Any]) -> None:
        """Take a "step" event; losses it lacks are gaps (NaN)."""
        images = float(event.get("images", math.nan))
        if not math.isfinite(images):
            return
        if self._count and images <= self._images[self._count - 1]:
            self._count = int(np.searchsorted(self._images[: self._count], images))
        if self._count == len(self._images):
            self._images = _doubled(self._images)
            self._values = {name: _doubled(values) for name, values in self._values.items()}
            self._smooth = {name: _doubled(values) for name, values in self._smooth.items()}
        at = self._count
        self._images[at] = images
        for name in LOSSES:
            value = event.get(name)
            value = float(value) if isinstance(value, int | float) and math.isfinite(value) else math.nan
            before = self._smooth[name][at - 1] if at else math.nan
            # Little memory at first, or a short run would show its beginning only.
            keep = min(SMOOTHING, at / (at + 10))
            self._values[name][at] = value
            if math.isnan(value):
                self._smooth[name][at] = before
            else:
                self._smooth[name][at] = value if math.isnan(before) else keep * before + (1 - keep) * value
        self._count += 1

    def images(self) -> NDArray[np.float64]:
        """The x values."""
        return self._images[: self._count]

    def raw(self, name: str) -> NDArray[np.float64]:
        """The values of a loss as they were noted."""
        return self._values[name][: self._count]

    def smooth(self, name: str) -> NDArray[np.float64]:
        """The values of a loss, smoothed."""
        return self._smooth[name][: self._count]

    def has(self, name: str) -> bool:
        """Return whether there is any value of that name."""
        return bool(np.isfinite(self.raw(name)).any())


def _doubled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([values, np.empty_like(values)])


@dataclass(frozen=True)
class RunNews:
    """What the files of a run tell from byte ``since`` of its events to ``until``; read on any thread.

    ``previews`` and ``start_name`` are None where they are as before.
    """

    since: int
    until: int
    events: list[dict[str, Any]]
    previews: list[Path] | None
    start_name: str | None


class RunFollower:
    """A run directory and what is known of it.

    Attributes
    ----------
    asked : "pause", "resume", "stop" or "start" while the process has not obeyed yet, else "".
    was_read : its events are known, up to the last :meth:`take`.
    start_name : the library's name of the model that it started from, or its file's; empty for scratch.
    """

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.state = RunState("new")
        self.status: Shown = "new"
        self.asked = ""
        self.curves = Curves()
        self.measurements = Measurements()
        self.previews: list[Path] = []
        self.pictures = 0
        self.device = ""
        self.was_read = False
        self.start_name = ""
        self._offset = 0
        self._settings_read = self._changed("run.json")
        self._stamp: tuple[int, int, bool, int] | None = None

    @property
    def active(self) -> bool:
        """True when a process is at work on it."""
        return self.state.alive

    def refresh(self) -> bool:
        """Find out the state; cheap while nothing changed. Returns whether anything did."""
        stamp = self._file_stamp()
        if stamp == self._stamp and not self.active and not self.asked:
            return False
        self._stamp = stamp
        before = (self.state, self.status)
        self._read_settings()
        self.state = self.run.state()
        started, written = self._changed("process.json"), self._changed("events.jsonl")
        self.status = shown_status(self.state, started > 0, written > started)
        self._note_obeyed()
        return before != (self.state, self.status)

    def touch(self) -> None:
        """Look afresh next time, whatever the files' times say."""
        self._stamp = None

    def news(self) -> RunNews:
        """Read what is new in the files, for :meth:`take`; a long run's events may take a while. Any thread."""
        since, first = self._offset, not self.was_read
        events, until = self.run.read_events(since)
        sampled = since == 0 or any(event.get("event") == "preview" for event in events)
        previews = self.run.previews() if sampled else None
        return RunNews(since, until, events, previews, _start_name(self.run) if first else None)

    def take(self, news: RunNews) -> bool:
        """Take in what was read. Returns whether there was anything; news that were taken already are none."""
        if news.since != self._offset:
            return False
        first, self.was_read = not self.was_read, True
        self._offset = news.until
        if news.previews is not None:
            self.previews = news.previews
        if news.start_name is not None:
            self.start_name = news.start_name
        for event in news.events:
            kind = event.get("event")
            if kind == "step":
                self.curves.add(event)
            elif kind == "metrics":
                self.measurements.add(event)
            elif kind == "state" and event.get("status") == "running":
                self.pictures = int(event.get("pictures", self.pictures))
                self.device = str(event.get("device", self.device))
        return first or bool(news.events)

    def _read_settings(self) -> None:
        """Take in that another program has prolonged the run."""
        written = self._changed("run.json")
        if written != self._settings_read:
            if self._settings_read:
                with contextlib.suppress(StudioError):
                    self.run.settings = RunDirectory(self.run.path).settings
            self._settings_read = written

    def latest_preview(self) -> Path | None:
        """The newest sample grid."""
        return max(self.run.previews(), default=None)

    def _changed(self, name: str) -> int:
        """Time at which a file of the run was last written, in nanoseconds; 0 while it is not there."""
        try:
            return (self.run.path / name).stat().st_mtime_ns
        except OSError:
            return 0

    def _file_stamp(self) -> tuple[int, int, bool, int]:
        queued, started = (self.run.path / "queued").exists(), self._changed("process.json")
        try:
            stat = (self.run.path / "events.jsonl").stat()
        except OSError:
            return 0, 0, queued, started
        return stat.st_size, stat.st_mtime_ns, queued, started

    def _note_obeyed(self) -> None:
        obeyed = {
            "pause": self.status not in ("running", "preparing", "starting"),
            "resume": self.status != "paused" or not self.state.alive,
            "stop": not self.state.alive,
            "start": self.status not in ("new", "queued", "starting"),
        }
        if self.asked and obeyed[self.asked]:
            self.asked = ""


def _start_name(run: RunDirectory) -> str:
    """The library's name of the model that the run started from, or its file's; empty for scratch."""
    given = run.settings.start_from
    if given is None:
        return ""
    # The run keeps it from its beginning on; in the library it may have been removed since.
    for path in (run.path / "start.safetensors", Path(given)):
        try:
            return read_card(path).name
        except (StudioError, OSError):
            continue
    return Path(given).stem
