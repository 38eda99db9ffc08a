"""The window's side of work on the other threads: a job with signals, a state and cancel, pause and resume."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal


class Priority(IntEnum):
    """The order in which jobs go; a higher one runs between the yields of a lower one that is already running."""

    LIVE = 0
    """Previews while a control moves."""
    NORMAL = 1
    """What the artist asked for and waits for."""
    BACKGROUND = 2
    """Pictures that come by themselves where there is a place for them."""
    IDLE = 3
    """What is found out for later."""


class JobState(StrEnum):
    """The states of a job; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobOwner(Protocol):
    """The requests of a job to the executor that runs it: the device thread, or the pool of threads."""

    def drop(self, job: Job) -> None:
        """Close the job's generator at its next yield, or take it out of the queue."""

    def hold(self, job: Job, held: bool) -> None:
        """Skip the job between yields (``held``), or go on with it."""


class Job(QObject):
    """Work on another thread. It lives on the main thread, and every signal is emitted there.

    Signals come from the event loop, never from inside ``submit`` or :meth:`cancel`, so whoever connects right after
    submitting misses none. Exactly one of ``finished``, ``failed`` and ``cancelled`` comes, last.

    Attributes
    ----------
    title : what the status bar calls the job.
    priority : the :class:`Priority` it was submitted with.
    must_finish : the program does not end before it: a save or an export that was asked for. All else may be dropped.
    asks : it takes long and has no result before its end, so that closing the window asks what is to become of it.
    shown_elsewhere : whether how far it is can be seen where it was asked for just now; the status bar then leaves it.
    share, seconds_left : the share of the work that is done, 0..1, and the time it still takes, for a job that knows
        more than its steps; None while it does not. Whoever shows the job shows these.
    """

    started = Signal()
    progressed = Signal(object)  # Progress
    finished = Signal(object)  # the generator's return value
    failed = Signal(object)  # StudioError
    cancelled = Signal()
    stateChanged = Signal(object)  # JobState

    def __init__(
        self, owner: JobOwner, priority: Priority, title: str, *, must_finish: bool = False, asks: bool = False
    ) -> None:
        super().__init__()
        self.must_finish = must_finish
        self.asks = asks
        self.shown_elsewhere: Callable[[], bool] = lambda: False
        self.share: Callable[[], float | None] = lambda: None
        self.seconds_left: Callable[[], float | None] = lambda: None
        self.title = title
        self.priority = priority
        self._owner = owner
        self._state = JobState.QUEUED
        self._begun = False

    @property
    def state(self) -> JobState:
        """The state of the job."""
        return self._state

    @property
    def is_over(self) -> bool:
        """True when the job finished, failed or was cancelled."""
        return self._state in (JobState.FINISHED, JobState.FAILED, JobState.CANCELLED)

    def cancel(self) -> None:
        """Stop the job at its next yield. From now on nothing but ``cancelled`` comes; no effect on an ended job."""
        if not self.is_over:
            self._enter(JobState.CANCELLED)
            self._owner.drop(self)

    def pause(self) -> None:
        """Hold the job at its next yield, with everything it has in memory. Other jobs go on."""
        if self._state in (JobState.QUEUED, JobState.RUNNING):
            self._enter(JobState.PAUSED)
            self._owner.hold(self, True)

    def resume(self) -> None:
        """Go on with a paused job."""
        if self._state is JobState.PAUSED:
            self._enter(JobState.RUNNING if self._begun else JobState.QUEUED)
            self._owner.hold(self, False)

    def _enter(self, state: JobState) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit(state)

    # Called by the worker, on the main thread.

    def deliver_start(self) -> None:
        """The device thread began the job."""
        self._begun = True
        if self._state is JobState.QUEUED:
            self._enter(JobState.RUNNING)
        if not self.is_over:
            self.started.emit()

    def deliver_progress(self, progress: object) -> None:
        """The generator yielded ``progress``."""
        if not self.is_over:
            self.progressed.emit(progress)

    def deliver_end(self, state: JobState, outcome: object = None) -> None:
        """The generator ended; a job the artist cancelled is cancelled, however it ended."""
        if self._state is JobState.CANCELLED:
            state = JobState.CANCELLED
        self._enter(state)
        if state is JobState.FINISHED:
            self.finished.emit(outcome)
        elif state is JobState.FAILED:
            self.failed.emit(outcome)
        else:
            self.cancelled.emit()
