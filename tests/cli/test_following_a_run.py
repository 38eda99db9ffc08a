"""What the command says of a run whose process it has watched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studio.base import Cancelled, StudioError
from studio.cli.train import follow, report
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings
from studio.ui.train.run.follower import RunFollower


def test_what_an_earlier_life_said_is_not_said_of_one_that_died_at_once(tmp_path: Path) -> None:
    run = RunDirectory.create(TrainSettings(name="A", folder="", images=100), tmp_path)
    run.append_event({"event": "state", "status": "finished", "images": 100})
    run.prolong(200)
    run.note_process(os.getpid())
    noted = json.loads((run.path / "process.json").read_text())
    (run.path / "process.json").write_text(json.dumps({**noted, "pid": 2**22 + 1}))
    follower = RunFollower(run)
    follower.refresh()  # the window says so, too
    assert follower.status == "interrupted" and follower.state.message
    state = follow(run)  # its process has ended before it said a word
    assert state.status == "interrupted"
    run.note_end()  # it came to its end
    assert run.state().status == "finished"
    with pytest.raises(StudioError, match="ended at once"):
        report(run, state, as_json=False)


def test_a_run_stopped_by_another_program_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = RunDirectory.create(TrainSettings(name="A", folder=""), tmp_path)
    lives = iter((True, False))
    monkeypatch.setattr(RunDirectory, "alive", lambda _run: next(lives, False))
    monkeypatch.setattr(
        "time.sleep", lambda _seconds: run.append_event({"event": "state", "status": "stopped", "images": 16})
    )
    with pytest.raises(Cancelled):
        report(run, follow(run), as_json=False)
    assert f"Stopped. Go on with: latent-studio train --resume {run.path.name}" in capsys.readouterr().err
