"""Work that needs no device, on threads: files, thumbnails, queries, downloads; jobs as those of the device thread."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.base import Cancelled, Progress, Work
from studio.worker.device_worker import as_studio_error
from studio.worker.jobs import Job, JobState, Priority

T = TypeVar("T")

CALL_THREADS = 8
"""Short calls run on so many threads; every long work has one of its own."""

IDLE_SECONDS = 5.0
"""A thread for short calls that has had nothing to do for so long ends."""

MAX_UNDELIVERED = 16
"""Work whose progress the main thread has not taken yet waits, as on the device thread."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Task:
    """The threads' side of a job, guarded by the pool's lock."""

    job: Job
    make: Callable[[], Work[Any]]
    lane: Hashable | None
    every: float
    closing: bool = False
    held: bool = False
    undelivered: int = 0


class ThreadPool(QObject):
    """Runs jobs on daemon threads: what may be dropped never keeps the program from ending."""

    jobOver = Signal(object)  # Job; what its own signals led to has been done
    _letter = Signal(object)

    def __init__(self, parent: QObject | None = None, *, threads: int = CALL_THREADS) -> None:
        super().__init__(parent)
        self._most = threads
        self._changed = threading.Condition()
        self._by_job: dict[Job, _Task] = {}
        self._waiting: list[_Task] = []
        self._lanes: set[Hashable] = set()
        self._idle = 0
        self._running = 0
        self._letter.connect(self._open, Qt.ConnectionType.QueuedConnection)

    # ---- main thread

    def submit(
        self,
        make: Callable[[], Work[T]],
        *,
        title: str = "",
        must_finish: bool = False,
        asks: bool = False,
        lane: Hashable | None = None,
        every: float = 0.0,
        owner: QObject | None = None,
    ) -> Job:
        """Start the long work that ``make()`` returns, on a thread of its own and at once, or in its lane.

        Parameters
        ----------
        title : what error messages call the job.
        must_finish, asks : see :class:`Job`.
        lane : what belongs to one lane runs one after the other, in its order.
        every : least seconds between two ``progressed``; what comes in between is left out.
        owner : whose end cancels the job, unless it must finish.
        """
        task = self._task(make, title, must_finish, lane, every, owner)
        task.job.asks = asks
        if lane is None:
            threading.Thread(target=self._drive, args=(task,), name="work", daemon=True).start()
        else:
            self._queue(task)
        return task.job

    def call(
        self,
        function: Callable[[], T],
        *,
        title: str = "",
        must_finish: bool = False,
        lane: Hashable | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Queue ``function()``, short work without progress; ``finished`` carries what it returns.

        Parameters
        ----------
        lane : what belongs to one lane runs one after the other, in its order.
        """

        def work() -> Generator[Progress, None, T]:
            return function()
            yield  # makes this a generator

        task = self._task(work, title, must_finish, lane, 0.0, owner)
        self._queue(task)
        return task.job

    def _queue(self, task: _Task) -> None:
        with self._changed:
            self._waiting.append(task)
            if len(self._waiting) > self._idle and self._running < self._most:
                self._running += 1
                threading.Thread(target=self._serve, name="calls", daemon=True).start()
            self._changed.notify_all()

    def jobs(self) -> list[Job]:
        """All jobs that are not over, in the order in which they were submitted."""
        return [job for job in self._by_job if not job.is_over]

    def drop(self, job: Job) -> None:
        """Close the job's work at its next yield, or take it out of the queue (what ``job.cancel()`` calls)."""
        with self._changed:
            task = self._by_job.get(job)
            if task is None:
                return
            task.closing = True
            if task in self._waiting:
                self._waiting.remove(task)
                self._post(lambda: self._end(task, JobState.CANCELLED, None))
            self._changed.notify_all()

    def hold(self, job: Job, held: bool) -> None:
        """Stop the job between yields, or go on with it (what ``job.pause()`` and ``job.resume()`` call)."""
        with self._changed:
            task = self._by_job.get(job)
            if task is not None:
                task.held = held
                self._changed.notify_all()

    def _task(
        self,
        make: Callable[[], Work[Any]],
        title: str,
        must_finish: bool,
        lane: Hashable | None,
        every: float,
        owner: QObject | None,
    ) -> _Task:
        job = Job(self, Priority.NORMAL, title, must_finish=must_finish)
        task = _Task(job, make, lane, every)
        self._by_job[job] = task
        if owner is not None and not must_finish:
            owner.destroyed.connect(job.cancel)
        return task

    @Slot(object)
    def _open(self, letter: Callable[[], None]) -> None:
        letter()

    def _end(self, task: _Task, state: JobState, outcome: object) -> None:
        job = task.job
        del task.job  # a thread may hold the task a little longer, and must not be the one that ends a QObject
        self._by_job.pop(job, None)
        job.deliver_end(state, outcome)
        self.jobOver.emit(job)

    def _deliver_progress(self, task: _Task, progress: Progress) -> None:
        with self._changed:
            task.undelivered -= 1
            self._changed.notify_all()
        task.job.deliver_progress(progress)

    # ---- the threads

    def _post(self, letter: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the QObject is gone: the application is closing
            self._letter.emit(letter)

    def _serve(self) -> None:
        """Run short calls on a thread: one after the other, until there has been nothing for a while."""
        while (task := self._next()) is not None:
            self._drive(task)
            with self._changed:
                self._lanes.discard(task.lane)
                self._changed.notify_all()

    def _next(self) -> _Task | None:
        with self._changed:
            while True:
                for task in self._waiting:
                    if task.lane is None or task.lane not in self._lanes:
                        self._waiting.remove(task)
                        if task.lane is not None:
                            self._lanes.add(task.lane)
                        return task
                self._idle += 1
                woken = self._changed.wait(IDLE_SECONDS)
                self._idle -= 1
                if not woken and not self._waiting:
                    self._running -= 1
                    return None

    def _drive(self, task: _Task) -> None:
        state, outcome = JobState.CANCELLED, None
        try:
            self._post(task.job.deliver_start)
            with contextlib.closing(task.make()) as work:
                told = -task.every
                while self._goes_on(task):
                    progress = next(work)
                    if time.monotonic() - told >= task.every:
                        told = time.monotonic()
                        self._tell(task, progress)
        except StopIteration as stop:
            state, outcome = JobState.FINISHED, stop.value
        except Cancelled:
            pass
        except BaseException as error:
            # Files that people bring are damaged in every way: that is nothing for the log.
            state, outcome = JobState.FAILED, as_studio_error(error, task.job.title)
        self._post(lambda: self._end(task, state, outcome))

    def _goes_on(self, task: _Task) -> bool:
        """Wait while the job is held or ahead of the main thread; False when it is to be closed."""
        with self._changed:
            while not task.closing and (task.held or task.undelivered >= MAX_UNDELIVERED):
                self._changed.wait()
            return not task.closing

    def _tell(self, task: _Task, progress: Progress) -> None:
        with self._changed:
            task.undelivered += 1
        self._post(lambda: self._deliver_progress(task, progress))


_shared: ThreadPool | None = None


def thread_pool() -> ThreadPool:
    """The pool of this process, made at the first call, on the main thread."""
    global _shared
    if _shared is None:
        _shared = ThreadPool()
    return _shared
