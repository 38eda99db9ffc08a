"""Jobs without a device: the pool of threads, groups of calls, and what is finished before the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.base import Progress, StudioError, Work
from studio.worker import DeviceInfo, DeviceWorker, Finishing, Job, JobGroup, JobState, ThreadPool, UnexpectedError


@pytest.fixture
def pool(qtbot: QtBot) -> Iterator[ThreadPool]:
    made = ThreadPool(threads=3)
    yield made
    for job in made.jobs():
        job.cancel()


class Gate:
    """Work that says when it began and goes on when it may."""

    def __init__(self) -> None:
        self.begun, self.may = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.may.wait(20)
        return "done"


def test_calls_answer_on_the_main_thread(qtbot: QtBot, pool: ThreadPool) -> None:
    seen: list[tuple[int, int]] = []
    job = pool.call(threading.get_ident)
    job.finished.connect(lambda worked: seen.append((worked, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worked, answered = seen[0]
    assert worked != answered == threading.get_ident()
    assert job.state is JobState.FINISHED and pool.jobs() == []


def test_calls_of_one_lane_keep_their_order_and_others_pass_them(qtbot: QtBot, pool: ThreadPool) -> None:
    gate, order = Gate(), []
    lane = object()
    pool.call(gate, lane=lane)
    for number in range(4):
        pool.call(lambda number=number: order.append(number), lane=lane)  # type: ignore[misc]
    free = pool.call(lambda: order.append("free"))
    with qtbot.waitSignal(free.finished):
        pass
    assert order == ["free"]
    gate.may.set()
    qtbot.waitUntil(lambda: pool.jobs() == [])
    assert order == ["free", 0, 1, 2, 3]


def test_errors_arrive_as_errors_for_people(qtbot: QtBot, pool: ThreadPool) -> None:
    seen: list[StudioError] = []

    def refuse() -> None:
        raise StudioError("No.", "Ask nicely.")

    for function in (refuse, lambda: 1 / 0):
        pool.call(function, title="Counting").failed.connect(seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    known, unexpected = sorted(seen, key=lambda problem: isinstance(problem, UnexpectedError))
    assert str(known.action) == "Ask nicely." and "Counting" in str(unexpected.message)


def test_long_work_tells_how_far_it_is_and_stops_when_cancelled(qtbot: QtBot, pool: ThreadPool) -> None:
    closed = threading.Event()

    def work() -> Work[int]:
        try:
            for step in range(1_000_000):
                yield Progress(step)
        finally:
            closed.set()
        return 1

    job = pool.submit(work)
    steps: list[int] = []
    job.progressed.connect(lambda progress: steps.append(progress.step))
    qtbot.waitUntil(lambda: len(steps) > 40)
    assert steps == list(range(len(steps))), "none is lost"
    job.pause()
    job.resume()
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert closed.is_set() and job.state is JobState.CANCELLED


def test_a_call_that_waits_can_be_taken_out(qtbot: QtBot, pool: ThreadPool) -> None:
    gate, done = Gate(), []
    lane = object()
    pool.call(gate, lane=lane)
    waiting = pool.call(lambda: done.append(1), lane=lane)
    with qtbot.waitSignal(waiting.cancelled):
        waiting.cancel()
    gate.may.set()
    qtbot.waitUntil(lambda: pool.jobs() == [])
    assert done == []


def test_a_group_that_is_closed_hears_nothing_but_its_saves_are_done(qtbot: QtBot, pool: ThreadPool) -> None:
    group = JobGroup(pool=pool, ordered=True)
    gate, done, heard = Gate(), [], []
    group.run(gate, heard.append)
    group.run(lambda: done.append("may be dropped"), heard.append)
    group.run(lambda: done.append("save"), heard.append, must_finish=True)
    assert gate.begun.wait(20)
    group.close()
    assert group.run(lambda: done.append("late")) is None
    assert group.run(lambda: done.append("late save"), must_finish=True) is not None
    gate.may.set()
    qtbot.waitUntil(lambda: done == ["save", "late save"])
    qtbot.waitUntil(lambda: pool.jobs() == [])
    assert heard == []


def test_of_calls_with_one_key_the_newest_answers(qtbot: QtBot, pool: ThreadPool) -> None:
    group = JobGroup(pool=pool, ordered=True)
    gate, called, heard = Gate(), [], []
    group.run(gate, heard.append, key="picture")
    assert gate.begun.wait(20)
    group.run(lambda: called.append("waits"), heard.append, key="picture")
    group.run(lambda: "other", heard.append, key="other")
    group.run(lambda: "newest", heard.append, key="picture")
    group.run(lambda: "dropped", heard.append, key="dropped")
    group.drop("dropped")
    gate.may.set()
    qtbot.waitUntil(lambda: pool.jobs() == [])
    assert heard == ["other", "newest"] and called == []


def test_the_end_of_a_groups_parent_is_its_end(qtbot: QtBot, pool: ThreadPool) -> None:
    parent = QObject()
    group = JobGroup(parent, pool=pool)
    gate, heard = Gate(), []
    job = group.run(gate, heard.append)
    assert job is not None and gate.begun.wait(20)
    parent.deleteLater()
    qtbot.waitUntil(lambda: not isValid(parent))
    gate.may.set()
    qtbot.waitUntil(lambda: pool.jobs() == [])
    assert job.is_over and heard == []


class SmallEngine:
    """Only a device."""

    def device_info(self) -> DeviceInfo:
        return DeviceInfo("cpu", "Small", 8, 1)


def test_what_must_finish_is_finished_and_the_rest_is_dropped(qtbot: QtBot, pool: ThreadPool) -> None:
    """Renders on the device thread lead to files in the pool; twelve are queued, and the worker is not even started."""
    worker = DeviceWorker(lambda: SmallEngine())  # type: ignore[arg-type, return-value]
    group = JobGroup(pool=pool, ordered=True)
    written: list[int] = []

    def save(number: int) -> None:
        group.run(lambda: written.append(number), must_finish=True)

    def endless(_engine: Any) -> Work[None]:
        while True:
            yield Progress(0)

    preview = worker.submit(endless)
    for number in range(12):
        job = worker.call(lambda _engine, number=number: number, must_finish=True)  # type: ignore[misc]
        job.finished.connect(save)
    group.close()
    finishing = Finishing(worker, pool)
    left: list[int] = []
    finishing.changed.connect(left.append)
    assert len(finishing.jobs()) == 12
    finishing.drop_others()
    finishing.wait()
    assert written == list(range(12)) and preview.is_over
    assert left[-1] == 0 and finishing.jobs() == []
    assert worker.shutdown()


def test_finishing_can_be_given_up(qtbot: QtBot, pool: ThreadPool) -> None:
    worker = DeviceWorker(lambda: SmallEngine())  # type: ignore[arg-type, return-value]
    gate = Gate()
    job: Job = pool.call(gate, must_finish=True)
    finishing = Finishing(worker, pool)
    QTimer.singleShot(0, finishing, finishing.give_up)
    finishing.wait()
    assert job.state is JobState.CANCELLED
    gate.may.set()
    assert worker.shutdown()
