"""What the Finish room makes at the moment."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from studio.base import Progress
from studio.ui.finish.jobs import FinishJobs
from studio.worker import Job, Priority


class Owner:
    """A worker that does nothing by itself."""

    def drop(self, job: Job) -> None:
        pass

    def hold(self, job: Job, held: bool) -> None:
        pass


def made(title: str) -> Job:
    return Job(Owner(), Priority.LIVE, title)


def test_how_far_the_most_important_task_is(qapp: QApplication) -> None:
    jobs = FinishJobs()
    told: list[float | None] = []
    jobs.progressed.connect(told.append)
    picture, result = made("picture"), made("result")
    jobs.begin("picture", picture)
    jobs.begin("result", result)
    picture.progressed.emit(Progress(1, 4))
    result.progressed.emit(Progress(1, 2))
    picture.progressed.emit(Progress(3, 4))
    assert told == [0.25, 0.5, 0.5] and jobs.runs("picture") and not jobs.runs("part", "proposals")
    result.finished.emit(None)
    assert told[-1] == 0.75 and jobs.newest("result") is None
    picture.failed.emit(None)
    assert told[-1] is None


def test_a_newer_job_takes_the_place_of_an_older(qapp: QApplication) -> None:
    jobs = FinishJobs()
    ends: list[bool] = []
    older, newer = made("older"), made("newer")
    jobs.begin("part", older)
    jobs.begin("part", newer)
    jobs.changed.connect(lambda: ends.append(jobs.runs("part")))
    told: list[float | None] = []
    jobs.progressed.connect(told.append)
    older.progressed.emit(Progress(1, 2))
    older.cancelled.emit()
    assert told == [] and ends == [] and jobs.newest("part") is newer
    jobs.cancel("part")
    jobs.cancel("part")
    assert ends == [False] and not jobs.runs("part")
