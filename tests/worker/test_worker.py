"""The device thread, driven with an engine that only remembers what was asked of it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from studio.base import Cancelled, Progress, StudioError, Work
from studio.worker import DeviceInfo, DeviceWorker, Job, JobState, Priority, UnexpectedError
from studio.worker import device_worker as module
from tests.fakes import NotingEngine
from tests.support.waiting import until


class Signals:
    """Everything a job emits, in order, and whether it came on the main thread."""

    def __init__(self, job: Job) -> None:
        self.names: list[str] = []
        self.values: list[Any] = []
        self.wrong_thread = False
        main = QThread.currentThread()

        def listen(name: str) -> Callable[..., None]:
            def slot(*values: Any) -> None:
                self.wrong_thread |= QThread.currentThread() is not main
                self.names.append(name)
                self.values.append(values[0] if values else None)

            return slot

        for name in ("started", "progressed", "finished", "failed", "cancelled"):
            getattr(job, name).connect(listen(name))

    @property
    def end(self) -> str:
        return self.names[-1] if self.names else ""


@pytest.fixture
def engine() -> NotingEngine:
    return NotingEngine()


@pytest.fixture
def worker(qtbot: QtBot, engine: NotingEngine) -> Iterator[DeviceWorker]:
    device_worker = DeviceWorker(lambda: engine)  # type: ignore[arg-type,return-value]
    yield device_worker
    assert device_worker.shutdown()


def steps(name: str, count: int, gate: threading.Event | None = None) -> Callable[[Any], Work[str]]:
    """Work of ``count`` yields that notes every step; with a gate, it waits for it after the first."""

    def make(engine: NotingEngine) -> Work[str]:
        try:
            for step in range(count):
                if gate is not None and step == 1:
                    gate.wait()
                engine.note(f"{name}{step}")
                yield Progress(step + 1, count)
        except GeneratorExit:
            engine.note(f"{name} closed")
            raise
        engine.note(f"{name} done")
        return name

    return make


def until_over(qtbot: QtBot, *jobs: Job) -> None:
    qtbot.waitUntil(lambda: all(job.is_over for job in jobs), timeout=10_000)
    # Whatever else the device thread has posted until then.
    QCoreApplication.sendPostedEvents()


def test_jobs_of_one_priority_run_one_after_the_other(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    jobs = [worker.submit(steps(name, 2)) for name in "ab"]
    seen = [Signals(job) for job in jobs]
    worker.start()
    until_over(qtbot, *jobs)
    assert engine.notes == ["a0", "a1", "a done", "b0", "b1", "b done"]
    for signals, name in zip(seen, "ab", strict=True):
        assert signals.names == ["started", "progressed", "progressed", "finished"]
        assert [value.step for value in signals.values[1:3]] == [1, 2]
        assert signals.values[-1] == name
    assert [job.state for job in jobs] == [JobState.FINISHED] * 2


def test_higher_priority_goes_first(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    jobs = [
        worker.submit(steps("idle", 1), priority=Priority.IDLE),
        worker.submit(steps("background", 1), priority=Priority.BACKGROUND),
        worker.submit(steps("normal", 1)),
        worker.submit(steps("live", 1), priority=Priority.LIVE),
    ]
    worker.start()
    until_over(qtbot, *jobs)
    assert [note for note in engine.notes if note.endswith("0")] == ["live0", "normal0", "background0", "idle0"]


def test_a_live_job_runs_between_the_yields_of_a_running_one(
    qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine
) -> None:
    gate = threading.Event()
    worker.start()
    slow = worker.submit(steps("slow", 3, gate))
    qtbot.waitUntil(lambda: slow.state is JobState.RUNNING)
    live = worker.submit(steps("live", 2), priority=Priority.LIVE)
    gate.set()
    until_over(qtbot, slow, live)
    assert engine.notes.index("live done") < engine.notes.index("slow2")
    assert engine.notes[-1] == "slow done"


def test_newest_wins_drops_queued_jobs(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    jobs = [worker.submit(steps(str(i), 1), key="preview") for i in range(50)]
    other = worker.submit(steps("other", 1), key="something else")
    seen = [Signals(job) for job in jobs]
    worker.start()
    until_over(qtbot, *jobs, other)
    assert all(signals.names == ["cancelled"] for signals in seen[:-1])
    assert seen[-1].end == "finished"
    assert engine.notes == ["490", "49 done", "other0", "other done"]


def test_newest_wins_closes_a_running_job_at_its_next_yield(
    qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine
) -> None:
    gate = threading.Event()
    worker.start()
    old = worker.submit(steps("old", 9, gate), key="preview")
    seen = Signals(old)
    qtbot.waitUntil(lambda: old.state is JobState.RUNNING)
    new = worker.submit(steps("new", 1), key="preview")
    gate.set()
    until_over(qtbot, old, new)
    assert seen.end == "cancelled"
    assert engine.notes == ["old0", "old1", "old closed", "new0", "new done"]


def test_a_replaced_job_past_its_last_yield_still_delivers(qtbot: QtBot, worker: DeviceWorker) -> None:
    """A slider that moves faster than previews render must not leave the canvas as it was."""
    running, gate = threading.Event(), threading.Event()

    def render(engine: NotingEngine) -> str:
        running.set()
        gate.wait()
        return "old"

    worker.start()
    old = worker.call(render, key="preview")  # type: ignore[arg-type]
    seen = Signals(old)
    running.wait()
    new = worker.call(lambda engine: "new", key="preview")
    gate.set()
    until_over(qtbot, old, new)
    assert seen.end == "finished" and seen.values[-1] == "old"
    assert new.state is JobState.FINISHED


def test_cancel_a_queued_job(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    job = worker.submit(steps("never", 1))
    job.cancel()
    seen = Signals(job)  # connected after cancel(), and still in time
    worker.start()
    after = worker.call(lambda engine: 1)
    until_over(qtbot, after)
    assert seen.names == ["cancelled"]
    assert engine.notes == []


def test_cancel_a_running_job(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    gate = threading.Event()
    worker.start()
    job = worker.submit(steps("long", 100, gate))
    seen = Signals(job)
    qtbot.waitUntil(lambda: job.state is JobState.RUNNING)
    job.cancel()
    assert job.state is JobState.CANCELLED
    gate.set()
    qtbot.waitUntil(lambda: seen.end == "cancelled")
    assert engine.notes[-1] == "long closed"
    assert seen.names.count("cancelled") == 1 and "finished" not in seen.names


def test_a_cancelled_job_never_finishes_even_when_its_work_did(qtbot: QtBot, worker: DeviceWorker) -> None:
    ended = threading.Event()
    worker.start()
    job = worker.call(lambda engine: ended.set())
    seen = Signals(job)
    ended.wait()
    job.cancel()
    qtbot.waitUntil(lambda: seen.end == "cancelled")
    assert "finished" not in seen.names


def test_cancelling_a_finished_job_does_nothing(qtbot: QtBot, worker: DeviceWorker) -> None:
    worker.start()
    job = worker.call(lambda engine: 7)
    seen = Signals(job)
    until_over(qtbot, job)
    job.cancel()
    until_over(qtbot, worker.call(lambda engine: 8))
    assert seen.names == ["started", "finished"]
    assert job.state is JobState.FINISHED


def test_work_may_cancel_itself(qtbot: QtBot, worker: DeviceWorker) -> None:
    def give_up(engine: Any) -> None:
        raise Cancelled

    worker.start()
    job = worker.call(give_up)
    until_over(qtbot, job)
    assert job.state is JobState.CANCELLED


def test_pause_holds_a_running_job_while_others_go_on(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    gate = threading.Event()
    worker.start()
    job = worker.submit(steps("held", 4, gate))
    qtbot.waitUntil(lambda: job.state is JobState.RUNNING)
    job.pause()
    assert job.state is JobState.PAUSED
    gate.set()
    other = worker.submit(steps("other", 2))
    until_over(qtbot, other)
    assert other.state is JobState.FINISHED
    assert engine.notes[:2] == ["held0", "held1"] and "held2" not in engine.notes
    job.resume()
    assert job.state is JobState.RUNNING
    until_over(qtbot, job)
    assert job.state is JobState.FINISHED


def test_a_paused_job_can_be_cancelled(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    gate = threading.Event()
    worker.start()
    job = worker.submit(steps("held", 4, gate))
    seen = Signals(job)
    qtbot.waitUntil(lambda: job.state is JobState.RUNNING)
    job.pause()
    gate.set()
    job.cancel()
    qtbot.waitUntil(lambda: seen.end == "cancelled")
    assert engine.notes[-1] == "held closed"


def test_a_queued_job_can_be_paused(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    held = worker.submit(steps("held", 1))
    held.pause()
    other = worker.submit(steps("other", 1))
    worker.start()
    until_over(qtbot, other)
    assert engine.notes == ["other0", "other done"]
    held.resume()
    assert held.state is JobState.QUEUED
    until_over(qtbot, held)
    assert held.state is JobState.FINISHED


def test_studio_errors_arrive_as_they_are(qtbot: QtBot, worker: DeviceWorker) -> None:
    error = StudioError("The file cat.png is gone.", "Choose another one.")

    def fail(engine: Any) -> None:
        raise error

    worker.start()
    job = worker.call(fail)
    seen = Signals(job)
    until_over(qtbot, job)
    assert seen.names == ["started", "failed"]
    assert seen.values[-1] is error
    assert error.__traceback__ is None  # its frames would keep tensors alive


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (ValueError("bad shape\nsecond line"), "Rendering failed unexpectedly: ValueError: bad shape."),
        (MemoryError(), "Rendering needs more memory than there is."),
        (type("OutOfMemoryError", (RuntimeError,), {})("CUDA"), "Rendering needs more memory than there is."),
        (SystemExit(3), "Rendering failed unexpectedly: SystemExit: 3."),
    ],
)
def test_other_exceptions_become_studio_errors(
    qtbot: QtBot, worker: DeviceWorker, raised: BaseException, words: str
) -> None:
    def work(engine: Any) -> Work[None]:
        yield Progress(1, 2)
        raise raised

    worker.start()
    job = worker.submit(work, title="Rendering")
    seen = Signals(job)
    until_over(qtbot, job)
    error = seen.values[-1]
    assert isinstance(error, UnexpectedError) and str(error.message) == words and error.action
    assert "Traceback" in error.details and type(raised).__name__ in error.details
    # The thread survives.
    again = worker.call(lambda engine: 1)
    until_over(qtbot, again)
    assert again.state is JobState.FINISHED


def test_an_error_while_closing_counts_as_cancelled(qtbot: QtBot, worker: DeviceWorker) -> None:
    gate = threading.Event()

    def work(engine: Any) -> Work[None]:
        try:
            while True:
                yield Progress(0)
                gate.wait(0.01)
        finally:
            raise OSError("cannot tidy up")

    worker.start()
    job = worker.submit(work)
    seen = Signals(job)
    qtbot.waitUntil(lambda: job.state is JobState.RUNNING)
    job.cancel()
    qtbot.waitUntil(lambda: seen.end == "cancelled")


def test_an_engine_that_cannot_start_fails_every_job(qtbot: QtBot) -> None:
    def factory() -> Any:
        raise ImportError("no torch here")

    worker = DeviceWorker(factory)
    before = worker.call(lambda engine: 1)
    seen = Signals(before)
    with qtbot.waitSignal(worker.deviceFailed, timeout=10_000) as blocker:
        worker.start()
    assert isinstance(blocker.args[0], StudioError) and "no torch here" in blocker.args[0].message
    after = worker.call(lambda engine: 1)
    also_seen = Signals(after)
    until_over(qtbot, before, after)
    assert seen.names == also_seen.names == ["failed"]
    assert worker.shutdown()


def test_signals_arrive_on_the_main_thread_and_work_runs_on_the_device_thread(
    qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine
) -> None:
    main = threading.get_ident()
    places: list[int] = []
    worker.deviceReady.connect(lambda info: places.append(threading.get_ident()))
    worker.busyChanged.connect(lambda busy: places.append(threading.get_ident()))
    worker.jobStarted.connect(lambda job: places.append(threading.get_ident()))
    jobs = [worker.submit(steps("a", 5)), worker.call(lambda engine: 1 / 0)]
    seen = [Signals(job) for job in jobs]
    worker.start()
    until_over(qtbot, *jobs)
    assert len(places) >= 5 and set(places) == {main}
    assert not any(signals.wrong_thread for signals in seen)
    assert len(engine.threads) == 1 and main not in engine.threads


def test_device_busy_and_memory_are_reported(
    qtbot: QtBot, worker: DeviceWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock that goes on by half the interval each time it is read.
    clock = itertools.count(0, module.MEMORY_INTERVAL / 2)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    ready: list[DeviceInfo] = []
    busy: list[bool] = []
    memory: list[DeviceInfo] = []
    worker.deviceReady.connect(ready.append)
    worker.busyChanged.connect(busy.append)
    worker.memoryChanged.connect(memory.append)

    def work(engine: Any) -> Work[None]:
        for step in range(10):
            yield Progress(step, 10)

    worker.start()
    job = worker.submit(work)
    until_over(qtbot, job)
    qtbot.waitUntil(lambda: busy == [True, False])
    assert len(ready) == 1 and ready[0].name == "Fake"
    assert len(memory) == 5


def test_progress_is_neither_lost_nor_piled_up(qtbot: QtBot, worker: DeviceWorker, engine: NotingEngine) -> None:
    worker.start()
    job = worker.submit(steps("x", 200))
    seen = Signals(job)
    # The main thread is busy elsewhere.
    until(lambda: len(engine.notes) == module.MAX_UNDELIVERED and worker._tasks[0].undelivered == len(engine.notes))
    with worker._changed:
        assert worker._choose() is None
    until_over(qtbot, job)
    assert seen.names.count("progressed") == 200


def test_a_dialog_opened_from_a_signal_keeps_later_signals_coming(qtbot: QtBot, worker: DeviceWorker) -> None:
    worker.start()
    job = worker.submit(steps("x", 5))
    order: list[int] = []

    def nested(progress: Progress) -> None:
        order.append(progress.step)
        if progress.step == 1:
            qtbot.waitUntil(lambda: job.is_over, timeout=5000)

    job.progressed.connect(nested)
    until_over(qtbot, job)
    assert order == [1, 2, 3, 4, 5]


def test_shutdown_closes_a_running_job(qtbot: QtBot, engine: NotingEngine) -> None:
    worker = DeviceWorker(lambda: engine)  # type: ignore[arg-type,return-value]
    worker.start()

    paused = threading.Event()

    def forever(engine: NotingEngine) -> Work[None]:
        paused.wait()
        try:
            while True:
                yield Progress(0)
        finally:
            engine.note("tidied")

    running = worker.submit(forever)  # type: ignore[arg-type]
    queued = worker.call(lambda engine: 1)
    queued.pause()  # it would run while nobody takes the progress of the first
    paused.set()
    seen = [Signals(running), Signals(queued)]
    qtbot.waitUntil(lambda: running.state is JobState.RUNNING)
    assert worker.shutdown()
    assert engine.notes == ["tidied"]
    assert [signals.end for signals in seen] == ["cancelled"] * 2
    late = worker.call(lambda engine: 1)
    late_seen = Signals(late)
    until_over(qtbot, late)
    assert late_seen.names == ["cancelled"]
    assert worker.shutdown()


def test_shutdown_does_not_wait_for_ever(qtbot: QtBot, engine: NotingEngine) -> None:
    worker = DeviceWorker(lambda: engine)  # type: ignore[arg-type,return-value]
    gate, running = threading.Event(), threading.Event()

    def stuck(engine: Any) -> None:
        running.set()
        gate.wait()

    worker.start()
    job = worker.call(stuck)
    running.wait()
    assert not worker.shutdown(100)
    gate.set()
    until_over(qtbot, job)
    assert worker.shutdown()


def test_shutdown_before_start(qtbot: QtBot, engine: NotingEngine) -> None:
    worker = DeviceWorker(lambda: engine)  # type: ignore[arg-type,return-value]
    job = worker.call(lambda engine: 1)
    seen = Signals(job)
    assert worker.shutdown()
    qtbot.waitUntil(lambda: seen.names == ["cancelled"])


def test_ended_jobs_are_let_go(qtbot: QtBot, worker: DeviceWorker) -> None:
    worker.start()
    jobs = [worker.call(lambda engine: 1) for _ in range(5)]
    until_over(qtbot, *jobs)
    assert not worker._by_job and not worker._tasks
