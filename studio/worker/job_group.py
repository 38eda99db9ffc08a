"""The short calls of one room or dialog: results on the main thread, one place for errors, and an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from studio.base import StudioError, Work
from studio.worker.jobs import Job
from studio.worker.thread_pool import ThreadPool, thread_pool

T = TypeVar("T")

_EVERY = 0.1
"""Least seconds between two ``progressed`` of long work."""


class JobGroup(QObject):
    """Calls that belong together. After :meth:`close`, and after the end of ``parent``, no callback comes any more.

    Parameters
    ----------
    ordered : one call after the other, in their order; otherwise as they come.
    """

    failed = Signal(object)
    """A ``StudioError`` of a call that was given no ``failed`` of its own."""

    def __init__(self, parent: QObject | None = None, *, ordered: bool = False, pool: ThreadPool | None = None) -> None:
        super().__init__(parent)
        self._pool = pool if pool is not None else thread_pool()
        self._lane = object() if ordered else None
        self._open: set[Job] = set()
        self._newest: dict[str, Job] = {}
        self._closed = False
        opened = self._open  # not a method of ours: when this is heard, they cannot be called any more
        self.destroyed.connect(lambda: _let_go(opened))

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[StudioError], None] | None = None,
        *,
        title: str = "",
        must_finish: bool = False,
        key: str | None = None,
    ) -> Job | None:
        """Call ``function`` on another thread, then ``done`` with what it returned, or ``failed``.

        Parameters
        ----------
        must_finish : the program does not end before; it is called even when the group is closed already.
        key : newest wins. A call with the same key that waits is dropped, and the answer of one that runs is stale.

        Returns
        -------
        The job, or None when the group is closed and it may be dropped.
        """
        if self._closed and not must_finish:
            return None
        job = self._pool.call(function, title=title, must_finish=must_finish, lane=self._lane)
        if key is not None:
            self.drop(key)
            self._newest[key] = job
        self._follow(job, done, failed)
        return job

    def drop(self, key: str) -> None:
        """Take back the last call with ``key``: its answer is not wanted any more."""
        job = self._newest.pop(key, None)
        if job is not None:
            self._open.discard(job)
            job.cancel()

    def work(
        self,
        make: Callable[[], Work[T]],
        done: Callable[[T], None] | None = None,
        failed: Callable[[StudioError], None] | None = None,
        *,
        title: str = "",
    ) -> Job | None:
        """As :meth:`run`, for long work that tells how far it is; it may be dropped."""
        if self._closed:
            return None
        job = self._pool.submit(make, title=title, lane=self._lane, every=_EVERY)
        self._follow(job, done, failed)
        return job

    def _follow(self, job: Job, done: Callable[[T], None] | None, failed: Callable[[StudioError], None] | None) -> None:
        self._open.add(job)

        def over(tell: Callable[[], None]) -> None:
            if job in self._open:
                self._open.discard(job)
                if not self._closed:
                    tell()

        job.finished.connect(lambda result: over(lambda: done(result) if done is not None else None))
        job.failed.connect(lambda problem: over(lambda: (failed or self.failed.emit)(problem)))
        job.cancelled.connect(lambda: self._open.discard(job))

    def close(self) -> None:
        """Drop what may be dropped; what must finish goes on, and nobody is told."""
        self._closed = True
        for job in list(self._open):
            if not job.must_finish:
                job.cancel()


def _let_go(jobs: set[Job]) -> None:
    for job in list(jobs):
        if not job.must_finish:
            job.cancel()
    jobs.clear()
