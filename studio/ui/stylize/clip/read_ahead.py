"""The thread that reads ahead of what is played."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import StudioError
from studio.ui.clip.playing_times import FilmPlace, FramePair, Show
from studio.worker.device_worker import as_studio_error

if TYPE_CHECKING:
    from studio.ui.clip.paired_frames import Reels

AHEAD = 8
"""Moments that wait at most."""
AHEAD_BYTES = 96 * 2**20
"""Bytes of pictures above which no more than two moments wait."""


@dataclass(frozen=True)
class Seek:
    """Read one moment: at ``seconds``, or so many frames from there; ``side`` is that of the clip's picture at most."""

    seconds: float
    steps: int = 0
    side: int | None = None


@dataclass(frozen=True)
class Play:
    """Read on from ``at``, up to ``end``, and round from ``begin`` on while it loops; in seconds of the clip."""

    show: Show
    at: float
    begin: float
    end: float
    side: int | None
    """Pixels of the long side at most."""


@dataclass(frozen=True)
class Due:
    """A pair that was read. ``pair`` is None at the end of a pass, and where ``problem`` is what came instead.

    Attributes
    ----------
    due : seconds of playing after which it is shown.
    lap : how often it went round before.
    late : it was late when it was read already: all before it were left out, but something must move.
    broken_at : seconds of the clip at which it is damaged; at the end of a pass.
    """

    pair: FramePair | None
    due: float = 0.0
    lap: int = 0
    late: bool = False
    broken_at: float | None = None
    problem: StudioError | None = None


class _Superseded(Exception):
    """Something else is wanted by now."""


class PlayReader:
    """Reads a clip, and its film if there is one, on a thread of its own, a bounded number of moments ahead.

    Parameters
    ----------
    arrived : called on that thread whenever something is there to be taken.
    lateness : says, on that thread, how many seconds too late a moment with that ``due`` would be now.
    now : a clock in seconds; something moves four times a second of it, however late all frames are.
    """

    def __init__(
        self,
        clip: Path,
        film: FilmPlace | None,
        arrived: Callable[[], None],
        lateness: Callable[[float], float],
        now: Callable[[], float],
    ) -> None:
        self._clip, self._film = clip, film
        self._arrived, self._lateness, self._now = arrived, lateness, now
        self._changed = threading.Condition()
        self._order: Seek | Play | None = None
        self._number = 0
        self._ready: deque[Due] = deque()
        self._loops = False
        self._closed = False
        self.thread = threading.Thread(target=self._run, name="clip-player", daemon=True)
        self.thread.start()

    # What the window calls

    def want(self, order: Seek | Play | None) -> None:
        """Read this, or nothing more for now; what was wanted before is dropped, also what is ready of it."""
        with self._changed:
            self._order = order
            self._number += 1
            self._ready.clear()
            self._changed.notify_all()

    def set_loops(self, on: bool) -> None:
        """Return whether reading goes round when a pass ends."""
        self._loops = on

    def head(self) -> Due | None:
        """The next of what is ready, which stays there."""
        with self._changed:
            return self._ready[0] if self._ready else None

    def take(self) -> Due | None:
        """The next of what is ready."""
        with self._changed:
            if not self._ready:
                return None
            self._changed.notify_all()
            return self._ready.popleft()

    def waiting(self) -> int:
        """Number of frames that are ready."""
        return len(self._ready)

    def close(self, wait: float = 0.0) -> None:
        """End the thread, which closes the files; ``wait`` at most so many seconds for it."""
        with self._changed:
            self._closed = True
            self.want(None)
        if wait:
            self.thread.join(wait)

    # On the thread

    def _run(self) -> None:
        from studio.ui.clip.paired_frames import Reels

        reels: Reels | None = None
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or self._order is not None)
                    if self._closed or self._order is None:
                        return
                    order, self._order, number = self._order, None, self._number
                try:
                    reels = reels or Reels(self._clip, self._film)
                    for due in self._carried_out(reels, order, number):
                        self._put(due, number)
                except _Superseded:
                    continue
                except Exception as error:
                    if number == self._number:
                        self._put(Due(None, problem=as_studio_error(error)), number)
        except _Superseded:
            pass
        finally:
            if reels is not None:
                reels.close()

    def _carried_out(self, reels: Reels, order: Seek | Play, number: int) -> Iterator[Due]:
        if isinstance(order, Seek):
            yield Due(reels.frames_at(order.seconds, order.steps, order.side))
            return
        passed, at, lap = 0.0, order.at, 0
        shown = self._now()
        late = False
        last: float | None = None

        def skipped(seconds: float) -> bool:
            nonlocal late, last
            if number != self._number:
                raise _Superseded
            last = seconds
            late = self._lateness(passed + seconds - at) > max(0.04, reels.step)
            return late and self._now() - shown < 0.25

        while True:
            last = None
            for pair in reels.pairs(order.show, at, order.end, order.side, skipped):
                shown = self._now()
                yield Due(pair, passed + pair.seconds - at, lap, late)
            length = 0.0 if last is None else max(0.0, last - at) + reels.step
            broken = reels.broken_at(order.show)
            if not self._loops or last is None:
                yield Due(None, passed + length, lap, broken_at=broken)
                return
            passed, at, lap = passed + length, order.begin, lap + 1

    def _put(self, due: Due, number: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: number != self._number or self._closed or not self._full())
            if number != self._number or self._closed:
                raise _Superseded
            self._ready.append(due)
        self._arrived()

    def _full(self) -> bool:
        if len(self._ready) < 2:
            return False
        held = sum(_bytes(due.pair) for due in self._ready)
        return len(self._ready) >= AHEAD or held >= AHEAD_BYTES


def _bytes(pair: FramePair | None) -> int:
    if pair is None:
        return 0
    return sum(picture.nbytes for picture in (pair.clip, pair.film) if picture is not None)
