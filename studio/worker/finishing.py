"""The end of the program: what may be dropped is dropped, what was asked for is finished first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEventLoop, QObject, Signal

from studio.worker.device_worker import DeviceWorker
from studio.worker.jobs import Job
from studio.worker.thread_pool import ThreadPool


class Finishing(QObject):
    """Waits for jobs that must finish, on the device thread and in the pool.

    A job may lead to another one: a picture that was rendered is written then. Both count.
    """

    changed = Signal(int)
    """So many jobs are left."""

    def __init__(self, worker: DeviceWorker, pool: ThreadPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._executors: Sequence[DeviceWorker | ThreadPool] = (worker, pool)
        for executor in self._executors:
            executor.jobOver.connect(self._on_over)

    def jobs(self) -> list[Job]:
        """The jobs that must finish and have not yet."""
        return [job for executor in self._executors for job in executor.jobs() if job.must_finish]

    def worth_asking(self) -> list[Job]:
        """The jobs about which the artist is asked: to be finished, or to be given up."""
        return [job for executor in self._executors for job in executor.jobs() if job.asks]

    def drop_others(self) -> None:
        """Cancel every job that may be dropped, so that the others come first."""
        for executor in self._executors:
            for job in executor.jobs():
                if not job.must_finish:
                    job.cancel()

    def wait(self) -> None:
        """Return when nothing is left that must finish, or after :meth:`give_up`; events are handled meanwhile."""
        if not self.jobs():
            return
        self._worker.start()
        for job in self.jobs():
            job.resume()
        # Not exec(): it would return at once when the application was told to quit already.
        loop = QEventLoop(self)
        while self.jobs():
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def give_up(self) -> None:
        """Cancel what is left, and let :meth:`wait` return."""
        for job in self.jobs():
            job.cancel()

    def _on_over(self, _job: Job) -> None:
        self.changed.emit(len(self.jobs()))
