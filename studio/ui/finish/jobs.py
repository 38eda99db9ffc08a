"""What the Finish room has the device make at the moment, and how far it is."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from studio.base import Progress
from studio.worker import Job

Task = Literal["result", "proposals", "picture", "part"]
TASKS: Final[tuple[Task, ...]] = ("result", "proposals", "picture", "part")
"""What may be made at once. How far the first of them is, is shown."""


class FinishJobs(QObject):
    """One job for each task: a newer one takes the place of an older, which is told of no more."""

    changed = Signal()
    """A job began or ended."""
    progressed = Signal(object)
    """How far the first task is that runs, 0..1; None when none does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[Task, Job] = {}
        self._fractions: dict[Task, float] = {}

    def begin(self, task: Task, job: Job) -> None:
        """Take a job that was submitted just now. To be called before others listen to it: they find it ended."""
        self._jobs[task] = job
        job.progressed.connect(lambda progress: self._on_progress(task, job, progress))
        for end in (job.finished, job.failed, job.cancelled):
            end.connect(lambda *_: self._on_end(task, job))
        self.changed.emit()

    def newest(self, task: Task) -> Job | None:
        """Return the job that runs for a task."""
        return self._jobs.get(task)

    def runs(self, *tasks: Task) -> bool:
        """Return whether one of the ``tasks`` is being worked on."""
        return any(task in self._jobs for task in tasks)

    def cancel(self, task: Task) -> None:
        """Stop the job for a task, if there is one; it counts as over at once."""
        job = self._jobs.get(task)
        if job is not None:
            self._on_end(task, job)
            job.cancel()

    def _on_progress(self, task: Task, job: Job, progress: Progress) -> None:
        if self._jobs.get(task) is job:
            self._fractions[task] = progress.fraction
            self._tell()

    def _on_end(self, task: Task, job: Job) -> None:
        if self._jobs.get(task) is job:
            del self._jobs[task]
            self._fractions.pop(task, None)
            self._tell()
            self.changed.emit()

    def _tell(self) -> None:
        known = [self._fractions[task] for task in TASKS if task in self._fractions]
        self.progressed.emit(known[0] if known else None)
