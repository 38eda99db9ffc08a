"""Previews and checkpoints by the clock, with a clock of the test's own."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from studio.base.paths import models_dir
from studio.training.evaluation import Evaluator
from studio.training.loop import Session
from studio.training.runs import RunDirectory
from studio.training.schedule import CHECKPOINTS, PREVIEWS, Pace, Schedule
from tests.support.training_runs import folder, tiny

__all__ = ["folder"]


class Time:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def moments(pace: Pace, seconds: int, cost: float = 0.0) -> list[float]:
    """When something that takes ``cost`` seconds is done in a run of so many ``seconds`` with steps of one second."""
    time = Time()
    schedule, found = Schedule(0, pace, time), []
    while time.now < 1000 + seconds:
        time.now += 1
        if schedule.due(0, 16):
            found.append(time.now - 1000)
            began = time.now
            time.now += cost
            schedule.done(began)
    return found


def test_the_first_pictures_come_within_half_a_minute_and_a_night_has_about_a_hundred() -> None:
    night = moments(PREVIEWS, 8 * 3600)
    assert night[0] <= 30 and 60 <= len(night) <= 150
    apart = [b - a for a, b in itertools.pairwise(night)]
    assert max(apart) <= PREVIEWS.longest + 1 and apart == sorted(apart)


def test_the_first_checkpoint_comes_early_and_the_others_every_ten_minutes() -> None:
    found = moments(CHECKPOINTS, 4 * 3600)
    assert found[0] <= 90
    assert max(b - a for a, b in itertools.pairwise(found)) <= CHECKPOINTS.longest + 1


def test_slow_pictures_come_less_often() -> None:
    slow = moments(PREVIEWS, 3600, cost=10)
    assert 10 * len(slow) <= 0.03 * 3600 < moments(PREVIEWS, 3600)[-1]


def test_numbers_of_images_still_count_when_they_are_set() -> None:
    schedule = Schedule(32, PREVIEWS, Time())
    assert [schedule.due(before, before + 8) for before in range(0, 64, 8)] == [False] * 3 + [True] + [False] * 3 + [
        True
    ]


def test_a_run_keeps_pictures_and_checkpoints_by_the_clock(folder: Path, tmp_path: Path) -> None:
    run = RunDirectory.create(tiny(folder, images=96, preview_every=0, snapshot_every=0), tmp_path / "runs")
    time = Time()
    for _ in Session(run, time).train():
        time.now += 20  # seconds a step of eight images
    assert [int(path.stem) for path in run.previews()] == [0, 24, 40, 56, 72, 88, 96]
    written = [event["images"] for event in run.read_events()[0] if event["event"] == "checkpoint"]
    assert written[:2] == [32, 56], "after a minute, and a minute later"


@pytest.mark.parametrize("wish", ["pause", "stop"])
def test_a_run_that_is_asked_to_end_shows_where_it_stands_and_leaves_the_library_alone(
    folder: Path, tmp_path: Path, wish: str
) -> None:
    run = RunDirectory.create(tiny(folder, preview_every=0, snapshot_every=0), tmp_path / "runs")
    for progress in Session(run, Time()).train():
        if (progress.step, progress.total) == (24, 64):
            run.request(wish)  # type: ignore[arg-type]
    assert run.previews()[-1].stem == "00000024" and run.checkpoints() and run.model_path is not None
    assert not list(models_dir().glob("*.safetensors"))


def test_each_measurement_has_its_pictures(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(Evaluator, "due", lambda _self, before, images: images == 40)
    monkeypatch.setattr(Session, "measure", lambda *_: iter(()))
    run = RunDirectory.create(tiny(folder, preview_every=1000), tmp_path / "runs")
    list(Session(run, Time()).train())
    assert [int(path.stem) for path in run.previews()] == [0, 40, 64]
