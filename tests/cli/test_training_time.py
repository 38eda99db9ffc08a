"""Hours of training on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.base import StudioError
from studio.cli.training_time import images_for_longer, images_in
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings
from studio.training.speeds import SpeedBook


def test_hours_are_images_at_the_speed_that_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    settings = TrainSettings(name="x", folder="", device="cpu")
    SpeedBook().add(dict(settings), "cpu", 2.0)
    assert images_in(settings, 8) == 58_000
    assert images_in(settings, 1e-6) == settings.batch, "one step at least"
    assert "2.0 images/s" in capsys.readouterr().err


def test_a_run_goes_on_for_hours_at_its_own_speed(tmp_path: Path) -> None:
    run = RunDirectory.create(TrainSettings(name="x", folder=""), tmp_path)
    with pytest.raises(StudioError, match="not known yet"):
        images_for_longer(run, 1)
    run.append_event({"event": "step", "images": 500, "images_per_second": 0.5})
    assert images_for_longer(run, 2) == 500 + 3600
