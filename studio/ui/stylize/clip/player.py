"""Playing a clip and its film by the clock."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio.ui.clip.playing_times import FilmPlace
from studio.ui.stylize.clip.read_ahead import Due, Play, PlayReader, Seek

_HOPELESS = 1.0
"""Seconds too late from which on the clock waits for the pictures: what cannot be read fast enough plays slower."""
_STARVED_MS = 8


class Player(QObject):
    """Shows moments when they are due, and leaves out those that come too late.

    Parameters
    ----------
    clock : seconds that go on at any rate, from anywhere.
    """

    shown = Signal(object)
    """A :class:`FramePair` that is due, or that was asked for by :meth:`seek`."""
    stateChanged = Signal(bool)
    """Whether it plays."""
    ended = Signal(object)
    """Playing came to its end by itself; seconds of the clip at which it is damaged, or None."""
    failed = Signal(object)
    """A ``StudioError``: something cannot be read. It does not play any more."""
    _arrived = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._reader: PlayReader | None = None
        self._clip: Path | None = None
        self._film: FilmPlace | None = None
        self._order: Play | None = None
        self._loops = False
        self._epoch: float | None = None
        self._lap = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        # Many calls from the thread become few ticks.
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def open(self, clip: Path | None, film: FilmPlace | None = None) -> None:
        """Play these from now on; nothing is read before it is asked for. None closes what was open."""
        if (clip, film) != (self._clip, self._film):
            self.pause()
            self.release()
            self._clip, self._film = clip, film

    def release(self, wait: float = 0.0) -> None:
        """Close the files until they are asked for again, e.g. since one of them is about to be written."""
        if self._reader is not None:
            self._reader.close(wait)
            self._reader = None

    @property
    def playing(self) -> bool:
        """True when it plays."""
        return self._order is not None

    @property
    def thread_alive(self) -> bool:
        """True when a thread is reading, or waits to."""
        return self._reader is not None and self._reader.thread.is_alive()

    def play(self, order: Play) -> None:
        """Play from now on. The clock starts with the first picture."""
        was = self.playing
        self._order, self._epoch, self._lap = order, None, 0
        self._ready().want(order)
        if not was:
            self.stateChanged.emit(True)

    def pause(self) -> None:
        """Stop where it is."""
        self._timer.stop()
        if self._reader is not None:
            self._reader.want(None)
        if self._order is not None:
            self._order = self._epoch = None
            self.stateChanged.emit(False)

    def seek(self, seek: Seek) -> None:
        """Pause, and show one moment."""
        self.pause()
        if self._clip is not None:
            self._ready().want(seek)

    def set_loops(self, on: bool) -> None:
        """Return whether it begins again at the end."""
        self._loops = on
        if self._reader is not None:
            self._reader.set_loops(on)

    def tick(self) -> None:
        """Show what is due by now; called by a timer."""
        reader = self._reader
        if reader is None:
            return
        order = self._order
        if order is None:
            if (due := reader.take()) is not None:
                self._show(due)
            return
        head = reader.head()
        if head is not None and head.problem is not None:
            self._show(head)
            return
        if head is not None and self._epoch is None:
            self._epoch = self._clock() - head.due
        newest: Due | None = None
        while head is not None and self._lateness(head.due) >= -0.001 and not self._is_end(head, newest):
            newest = reader.take()
            head = reader.head()
            if newest is not None and newest.late:
                break  # before it much was left out already
        if newest is not None:
            behind = self._lateness(newest.due)
            if newest.late and behind > _HOPELESS and self._epoch is not None:
                self._epoch += behind
            self._show(newest)
        if self._order is order:
            self._lap_end(head)
        if self._order is not None:
            wait = _STARVED_MS if head is None else max(1, round(-self._lateness(head.due) * 1000))
            self._timer.start(wait)

    def _is_end(self, head: Due, before: Due | None) -> bool:
        """Return whether a pass ends before ``head``; what was read of the next one counts only while it goes round."""
        lap = self._lap if before is None else before.lap
        return head.pair is None or (head.lap > lap and not self._loops)

    def _lap_end(self, head: Due | None) -> None:
        """Stop if a pass ended, or begin another one if going round was wanted after all had been read."""
        order = self._order
        if order is None or head is None or self._lateness(head.due) < -0.001 or not self._is_end(head, None):
            return
        if self._loops and head.due > 0:
            self.play(replace(order, at=order.begin))
        else:
            self.pause()
            self.ended.emit(head.broken_at)

    def _show(self, due: Due) -> None:
        if due.problem is not None:
            self.pause()
            self.release()
            self.failed.emit(due.problem)
        elif due.pair is not None:
            self._lap = due.lap
            self.shown.emit(due.pair)

    def _on_arrived(self) -> None:
        if self._order is None or self._epoch is None:
            self.tick()

    def _lateness(self, due: float) -> float:
        """Seconds since ``due`` was due. Called by the reader's thread, too."""
        epoch = self._epoch
        return 0.0 if epoch is None else self._clock() - epoch - due

    def _ready(self) -> PlayReader:
        if self._reader is None:
            assert self._clip is not None
            self._reader = PlayReader(self._clip, self._film, self._tell, self._lateness, self._clock)
            self._reader.set_loops(self._loops)
        return self._reader

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._arrived.emit()
