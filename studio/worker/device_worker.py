"""The device thread: the only thread that imports torch and touches the device.

It drives generators (:data:`studio.base.Work`) step by step and chooses anew between any two steps, which is all that
priorities, pausing and cancelling take. Whatever it has to tell goes as a letter through the main thread's event queue,
so that no slot ever runs on the device thread, whatever it is connected to.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, Signal, Slot

from studio.base import Cancelled, Message, Progress, StudioError, Work
from studio.base.memory import is_out_of_memory
from studio.base.pytorch import PyTorchMissing, is_without_pytorch
from studio.worker.jobs import Job, JobState, Priority

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.device import DeviceInfo

T = TypeVar("T")

MEMORY_INTERVAL = 2.0
"""Seconds between two ``memoryChanged`` while busy."""

MAX_UNDELIVERED = 16
"""A job whose progress the main thread has not taken yet waits: previews never pile up in memory, and none is lost."""

STACK_BYTES = 16 * 2**20
"""Threads other than the first get 512 KiB on macOS, too little for torch."""

log = logging.getLogger(__name__)


class UnexpectedError(StudioError):
    """A fault of the program rather than of the artist's files or wishes.

    Attributes
    ----------
    details : the traceback, for a bug report.
    """

    def __init__(self, message: Message, action: str, details: str) -> None:
        super().__init__(message, action)
        self.details = details


def as_studio_error(error: BaseException, title: str = "") -> StudioError:
    """``error`` itself when it is a StudioError already, otherwise one that carries the traceback in ``details``.

    Tracebacks are cut off: their frames would keep the tensors of the failed work alive.
    """
    if isinstance(error, StudioError):
        result = error
    elif is_without_pytorch(error):
        result = PyTorchMissing()
    else:
        details = "".join(traceback.format_exception(error))
        what = title or Message("The work")
        if is_out_of_memory(error):
            result = UnexpectedError(
                Message("{what} needs more memory than there is.", what=what),
                "Choose a smaller size, or close other programs that use much memory, and try again.",
                details,
            )
        else:
            text = str(error).strip().partition("\n")[0]
            kind = type(error).__name__
            kind = type(error).__name__
            result = UnexpectedError(
                Message("{what} failed unexpectedly: {reason}.", what=what, reason=f"{kind}: {text}" if text else kind),
                "Try again; if it happens again, report it together with the details.",
                details,
            )
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return result


@dataclass(eq=False)
class _Task:
    """The device thread's side of a job; every field but ``make`` and ``work`` is guarded by the worker's lock."""

    job: Job
    make: Callable[[Engine], Work[Any]] | None
    rank: tuple[int, int]
    key: str | None
    work: Work[Any] | None = None
    begun: bool = False
    held: bool = False
    closing: bool = False
    undelivered: int = 0


class DeviceWorker(QObject):
    """Runs jobs on one thread of its own, the one that owns the device.

    Jobs of higher priority go first, even between the yields of a running one; among equals, first come, first served.

    Parameters
    ----------
    engine_factory : makes the engine; called on the device thread, so that torch is imported there and only there.
    """

    deviceReady = Signal(object)  # DeviceInfo
    deviceFailed = Signal(object)  # StudioError
    memoryChanged = Signal(object)  # DeviceInfo
    busyChanged = Signal(bool)
    jobStarted = Signal(object)  # Job
    jobOver = Signal(object)  # Job; what its own signals led to has been done
    _letter = Signal(object)

    def __init__(self, engine_factory: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine_factory = engine_factory
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()
        self._tasks: list[_Task] = []
        self._by_job: dict[Job, _Task] = {}
        self._count = 0
        self._busy = False
        self._stopping = False
        self._failure: StudioError | None = None
        self.device: DeviceInfo | None = None
        """The device as it was looked at last; None until it is ready, and when it cannot be had."""
        self._letter.connect(self._open, Qt.ConnectionType.QueuedConnection)

    # ---- main thread

    @property
    def failure(self) -> StudioError | None:
        """The reason why there is no engine; None while there may be one."""
        return self._failure

    def _tell_device(self, info: DeviceInfo) -> None:
        self.device = info
        self.deviceReady.emit(info)

    def start(self) -> None:
        """Start the device thread; jobs may be submitted before. A second call has no effect."""
        self._check_thread()
        if self._thread is not None or self._stopping:
            return
        self._thread = threading.Thread(target=self._run, name="device", daemon=True)
        before = threading.stack_size(STACK_BYTES)
        try:
            self._thread.start()
        finally:
            threading.stack_size(before)

    def shutdown(self, timeout_ms: int = 5000) -> bool:
        """Cancel everything and end the thread. Jobs submitted later are cancelled at once.

        Returns
        -------
        Whether the thread ended within ``timeout_ms``. If not (it is inside one long step), it ends after that step,
        and never keeps the process from exiting.
        """
        self._check_thread()
        for job in list(self._by_job):
            job.cancel()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is None:
            return True
        self._thread.join(timeout_ms / 1000)
        ended = not self._thread.is_alive()
        if ended and QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        return ended

    def submit(
        self,
        make: Callable[[Engine], Work[T]],
        *,
        priority: Priority = Priority.NORMAL,
        key: str | None = None,
        title: str = "",
        must_finish: bool = False,
        asks: bool = False,
    ) -> Job:
        """Queue the long work that ``make(engine)`` returns; both run on the device thread.

        Parameters
        ----------
        key : newest wins. A queued job with the same key is cancelled; a running one is closed at its next yield. If
            that one ends without another yield, its result still arrives (before the newer job's): a slider that moves
            faster than a preview renders shows every preview that was completed, rather than none.
        title : what the status bar and error messages call the job.
        must_finish, asks : see :class:`Job`.
        """
        self._check_thread()
        job = Job(self, priority, title, must_finish=must_finish, asks=asks)
        with self._changed:
            self._count += 1
            task = _Task(job, make, (int(priority), self._count), key)
            if key is not None:
                for older in [older for older in self._tasks if older.key == key]:
                    self._close(older)
            self._by_job[job] = task
            if self._failure is not None:
                self._end(task, JobState.FAILED, self._failure)
            elif self._stopping:
                self._end(task, JobState.CANCELLED)
            else:
                self._tasks.append(task)
                self._changed.notify_all()
        return job

    def call(
        self,
        function: Callable[[Engine], T],
        *,
        priority: Priority = Priority.NORMAL,
        key: str | None = None,
        title: str = "",
        must_finish: bool = False,
    ) -> Job:
        """Queue ``function(engine)``, short work without progress; ``finished`` carries what it returns."""

        def work(engine: Engine) -> Generator[Progress, None, T]:
            return function(engine)
            yield  # makes this a generator

        return self.submit(work, priority=priority, key=key, title=title, must_finish=must_finish)

    def jobs(self) -> list[Job]:
        """All jobs that are not over, in the order in which they were submitted."""
        return [job for job in self._by_job if not job.is_over]

    def drop(self, job: Job) -> None:
        """Close the job's generator at its next yield, or take it out of the queue (what ``job.cancel()`` calls)."""
        with self._changed:
            task = self._by_job.get(job)
            if task is not None and task in self._tasks:
                self._close(task)

    def hold(self, job: Job, held: bool) -> None:
        """Skip the job between yields, or go on with it (what ``job.pause()`` and ``job.resume()`` call)."""
        with self._changed:
            task = self._by_job.get(job)
            if task is not None:
                task.held = held
                self._changed.notify_all()

    @Slot(object)
    def _open(self, letter: Callable[[], None]) -> None:
        letter()

    def _check_thread(self) -> None:
        if QThread.currentThread() is not self.thread():
            raise RuntimeError("DeviceWorker and its jobs belong to the thread that made them")

    # ---- either thread, with the lock held

    def _close(self, task: _Task) -> None:
        # A generator may only be closed on the thread that runs it; one that never began needs no closing.
        if task.begun:
            task.closing = True
            self._changed.notify_all()
        else:
            self._end(task, JobState.CANCELLED)

    def _end(self, task: _Task, state: JobState, outcome: object = None) -> None:
        """Forget the task and tell its job."""
        if task in self._tasks:
            self._tasks.remove(task)
        task.make = None

        def letter() -> None:
            self._by_job.pop(task.job, None)
            task.job.deliver_end(state, outcome)
            self.jobOver.emit(task.job)

        self._post(letter)

    def _post(self, letter: Callable[[], None]) -> None:
        try:
            self._letter.emit(letter)
        except RuntimeError:  # the QObject is gone: the application is closing without shutdown()
            self._stopping = True

    # ---- device thread

    def _run(self) -> None:
        try:
            engine = self._engine_factory()
            info = engine.device_info()
        except BaseException as error:
            log.exception("The engine could not be started")
            failure = as_studio_error(error, "Starting the engine")
            with self._changed:
                self._failure = failure
                self._post(lambda: self.deviceFailed.emit(failure))
                for queued in list(self._tasks):
                    self._end(queued, JobState.FAILED, failure)
            return
        self._post(partial(self._tell_device, info))
        measured = time.monotonic()
        while (task := self._next()) is not None:
            self._step(engine, task)
            if time.monotonic() - measured >= MEMORY_INTERVAL:
                self._post_memory(engine)
                measured = time.monotonic()
        # shutdown() has cancelled all jobs; those that had begun are still open.
        for begun in list(self._tasks):
            self._step(engine, begun)

    def _next(self) -> _Task | None:
        """Wait for the task whose step is next; None when the worker is shutting down."""
        with self._changed:
            while not self._stopping:
                task = self._choose()
                busy = any(not task.held for task in self._tasks)
                if busy != self._busy:
                    self._busy = busy
                    self._post(partial(self.busyChanged.emit, busy))
                if task is not None:
                    if not task.begun:
                        task.begun = True
                        self._post(partial(self._announce, task.job))
                    return task
                self._changed.wait()
            for task in self._tasks:
                task.closing = True
            if self._busy:
                self._busy = False
                self._post(lambda: self.busyChanged.emit(False))
            return None

    def _choose(self) -> _Task | None:
        for task in self._tasks:
            if task.closing:
                return task
        ready = (task for task in self._tasks if not task.held and task.undelivered < MAX_UNDELIVERED)
        return min(ready, key=lambda task: task.rank, default=None)

    def _announce(self, job: Job) -> None:
        job.deliver_start()
        if not job.is_over:
            self.jobStarted.emit(job)

    def _step(self, engine: Engine, task: _Task) -> None:
        """Run the task to its next yield, or close it."""
        state, outcome = JobState.CANCELLED, None
        try:
            if task.closing:
                if task.work is not None:
                    task.work.close()
            else:
                if task.work is None:
                    assert task.make is not None
                    task.work = task.make(engine)
                progress = next(task.work)
                with self._changed:
                    task.undelivered += 1
                self._post(lambda: self._deliver_progress(task, progress))
                return
        except StopIteration as stop:
            state, outcome = JobState.FINISHED, stop.value
        except Cancelled:
            pass
        except BaseException as error:
            if not isinstance(error, StudioError):
                log.exception("%s failed", task.job.title or "A job")
            # What a newer job has replaced has nothing to complain about: that one will speak for itself.
            if not task.closing:
                state, outcome = JobState.FAILED, as_studio_error(error, task.job.title)
        task.work = None
        with self._changed:
            self._end(task, state, outcome)

    def _deliver_progress(self, task: _Task, progress: Progress) -> None:
        with self._changed:
            task.undelivered -= 1
            self._changed.notify_all()
        task.job.deliver_progress(progress)

    def _post_memory(self, engine: Engine) -> None:
        try:
            info = engine.device_info()
        except Exception:
            log.exception("The device's memory could not be read")
        else:

            def tell() -> None:
                self.device = info
                self.memoryChanged.emit(info)

            self._post(tell)
