"""Films in making: how fast they are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.base import Message, Progress
from studio.ui.clip.film_job import WRITING, FilmRun
from studio.worker import JobState


def test_speed_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("studio.ui.clip.film_job.time.monotonic", lambda: now[0])
    run = FilmRun(Path("film.mp4"), Path("clip.mp4"))
    assert run.seconds_left() is None
    for done in range(1, 4):  # what a film that goes on has already comes at once, and is no speed
        run.take(Progress(done, 20, Message("Stylizing the clip")))
        now[0] += 0.01
    assert run.speed() is None
    run = FilmRun(Path("film.mp4"), Path("clip.mp4"))
    for step in range(1, 5):
        run.take(Progress(step, 20, Message("Stylizing the clip")))
        now[0] += 0.5
    assert run.speed() == pytest.approx(2) and run.seconds_left() == pytest.approx(8)
    asked: list[str] = []
    run.job = SimpleNamespace(state=JobState.RUNNING, pause=lambda: asked.append("pause"))
    run.toggle_pause()
    assert run.speed() is None and asked == ["pause"]
    run.take(Progress(1, 20, WRITING))
    assert run.speed() is None
