"""Leaving: what was asked for is finished, and what takes long is asked about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.recipes import LatentSeed, SampleRecipe, read_recipe
from studio.ui.shell.quitting import Answer, QuitQuestion
from studio.ui.shell.session import Session
from studio.worker import Job, Priority, ThreadPool
from tests.support.paths import ROOT

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QTimer

from studio.base import Progress
from studio.checkpoints import ModelInfo
from studio.engine.device import DeviceInfo
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.room_id import RoomId
from studio.ui.shell import app
from studio.worker import thread_pool

end = sys.argv[1]
info = ModelInfo("a" * 64, "Small", Path("small.safetensors"), "dcgan", 16, 8, 0, 0, False, 0, "", "", True)


class SmallEngine:
    library = SimpleNamespace(models=lambda: [info])

    def device_info(self):
        return DeviceInfo("cpu", "Small", 8, 1)

    def directions(self, ref):
        return []

    def render(self, recipe, **options):
        yield Progress(0, 1)
        return SimpleNamespace(image=np.full((16, 16, 3), 99, np.uint8), recipe=recipe, seconds=0.01)


app._make_engine = lambda sources, device: SmallEngine()
made = app.make_window


def make_window(settings):
    window = made(settings)
    explore = window.room(RoomId.EXPLORE)

    def go():
        if not explore.bar.save_button.isEnabled():
            return
        timer.stop()
        if end == "stuck":
            # A step on the device thread and a call in the pool that never end.
            window.context.worker.call(lambda engine: threading.Event().wait())
            thread_pool().call(threading.Event().wait)
            QTimer.singleShot(50, window, window.close)
            return
        for _ in range(12):
            explore.tools[PictureTool].seed.step(+1)
            explore.save()
        print("asked for", flush=True)
        if end == "again":
            window.start_again()
        else:
            os.kill(os.getpid(), getattr(signal, end))

    timer = QTimer(window)
    timer.timeout.connect(go)
    timer.start(20)
    return window


app.make_window = make_window
app._start_again = lambda files: print("again", files, flush=True)
sys.exit(app.run(["latent-studio", "no-such-file.png"]))
"""


def run_program(home: Path, end: str) -> subprocess.CompletedProcess[str]:
    """The program above in a process of its own, ended as ``end`` says."""
    environment = {**os.environ, "LATENT_STUDIO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM, end]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=250)


@pytest.mark.parametrize("end", ["again", "SIGTERM"])
def test_twelve_saves_that_were_asked_for_are_on_the_disk(tmp_path: Path, end: str) -> None:
    """The main thread takes no event between the first save and the end: all twelve are still to be done then.

    "again" closes the window, as one does, and starts the program once more.
    """
    done = run_program(tmp_path, end)
    assert done.returncode == 0 and "asked for" in done.stdout, done.stdout + done.stderr
    assert ("again ['no-such-file.png']" in done.stdout) == (end == "again")
    pictures = [path for path in tmp_path.rglob("*.png") if not path.name.startswith(".")]
    recipes = [recipe for path in pictures if isinstance(recipe := read_recipe(path), SampleRecipe)]
    session = Session.load(tmp_path / "session.json")
    assert session.rooms["explore"]["recipe"]["latent"]["seed"] == max(r.latent.seed for r in recipes)  # type: ignore[union-attr]
    seeds = {recipe.latent.seed for recipe in recipes if isinstance(recipe.latent, LatentSeed)}
    assert len(pictures) == 12 and len(seeds) == 12
    assert not list(tmp_path.rglob(".*.png")), "no leftovers"


def test_work_that_never_ends_does_not_keep_the_process(tmp_path: Path) -> None:
    done = run_program(tmp_path, "stuck")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("answer", ["finish", "discard", "stay"])
def test_the_question_names_the_work_and_takes_three_answers(qtbot: QtBot, answer: Answer) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pool = ThreadPool()
    question = QuitQuestion([Job(pool, Priority.NORMAL, "Film sea.mp4")], parent)
    assert "Film sea.mp4" in question.text()
    QTimer.singleShot(0, question, getattr(question, answer).click)
    assert question.ask() == answer
