"""Living with runs: the queue, notes, films, contact sheets, comparing; in the window and on the command line."""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from studio.base import Progress, StudioError, drain
from studio.base.files import atomic_path
from studio.base.paths import models_dir, runs_dir
from studio.base.process_lock import ProcessLock
from studio.cli import app
from studio.engine.jobs.training_film import export_training_film
from studio.training import process
from studio.training.exports import blend, contact_sheet, publish_snapshot
from studio.training.measurements import Evaluation, Measurements, nearest_path
from studio.training.queue import busy, move_to_front, start_next, waiting
from studio.training.runs import NEAREST_COLUMNS, RunDirectory
from studio.training.settings import TrainSettings
from studio.training.speeds import Speed
from studio.ui.context import StudioContext
from studio.ui.train import TrainingPanel
from studio.ui.train import panel as panel_module
from studio.ui.train.questions import ask_when
from studio.ui.train.run.compare_dialog import CompareDialog
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.run.nearest_dialog import NearestDialog
from studio.ui.train.run.quality import QualityChart
from studio.ui.train.setup.form import RunForm
from studio.ui.train.setup.measuring import Interval
from studio.ui.train.text import free_name, memorising_report
from tests.support.training_room import context, make_panel

__all__ = ["context", "make_panel"]


def new_run(name: str = "Birds", **changes: object) -> RunDirectory:
    values: dict[str, object] = {"name": name, "folder": "/nowhere/birds", "images": 1000, "batch": 8}
    return RunDirectory.create(TrainSettings(**{**values, **changes}))


def measurement(images: int, kid: float, **changes: object) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event": "metrics", "images": images, "features": "efficientnet-lite0", "samples": 512, "pictures": 40,
        "kid": kid, "kid_spread": 0.002, "fid": 40.0, "precision": 0.8, "recall": 0.3, "nearer_share": 0.5,
        "copy_share": 0.02, "verdict": "new", "pairs": [[3, 0.4], [5, 0.9], [1, 1.2]],
    }  # fmt: skip
    return {**event, **changes}


def told_run(name: str = "Birds", kids: tuple[float, ...] = (0.05, 0.02, 0.03), **changes: object) -> RunDirectory:
    """A finished run as the training process leaves it."""
    run = new_run(name)
    run.append_event({"event": "state", "status": "running", "images": 0, "device": "cpu", "pictures": 16})
    (run.path / "previews").mkdir()
    (run.path / "nearest").mkdir()
    for number in range(4):
        images = number * 100
        grid = np.full((5 * 16, 8 * 16, 3), 60 * number, np.uint8)
        Image.fromarray(grid).save(run.path / "previews" / f"{images:08d}.jpg", quality=100)
        run.append_event({"event": "preview", "images": images, "file": ""})
        run.append_event({"event": "step", "images": images + 8, "loss_g": 2.0, "loss_d": 0.7})
    for number, kid in enumerate(kids, 1):
        sheet = np.zeros((16, NEAREST_COLUMNS * 2 * 16, 3), np.uint8)
        sheet[:, 16:32] = 255
        Image.fromarray(sheet).save(run.path / "nearest" / f"{number * 100:08d}.jpg")
        run.append_event(measurement(number * 100, kid, **changes))
    run.append_event({"event": "state", "status": "finished", "images": 300, "message": ""})
    return run


# ---- the queue


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> dict[Path, bool]:
    """Which runs are at work; starting one only notes it."""
    alive: dict[Path, bool] = {}

    def start(self: RunDirectory) -> None:
        self.unqueue()
        alive[self.path] = True

    monkeypatch.setattr(RunDirectory, "start", start)
    monkeypatch.setattr(RunDirectory, "alive", lambda self: alive.get(self.path, False))
    return alive


def test_queued_runs_start_one_after_the_other(processes: dict[Path, bool]) -> None:
    first, second, third = new_run("First"), new_run("Second"), new_run("Third")
    for place, run in enumerate((first, second, third)):
        run.enqueue(place)
    assert first.state().status == "queued" and [run.path for run in waiting()] == [
        first.path,
        second.path,
        third.path,
    ]
    started = start_next()
    assert started is not None and started.path == first.path and processes == {first.path: True}
    assert start_next() is None, "one at a time"
    move_to_front(third)
    processes[first.path] = False
    started = start_next()
    assert started is not None and started.path == third.path
    processes[third.path] = False
    # A paused run is to go on: the queue waits for it.
    third.append_event({"event": "state", "status": "paused", "images": 8})
    waits_for = busy()
    assert waits_for is not None and waits_for.path == third.path and start_next() is None
    third.append_event({"event": "state", "status": "stopped", "images": 8})
    started = start_next()
    assert started is not None and started.path == second.path and waiting() == []
    assert not second.unqueue()


def test_two_who_look_at_the_queue_start_one_run(processes: dict[Path, bool]) -> None:
    run = new_run()
    run.enqueue()
    other = ProcessLock(run.path.parent / ".queue-lock")
    assert other.acquire()
    assert start_next() is None, "somebody else decides just now"
    other.release()
    assert start_next() is not None


def test_a_run_that_cannot_start_says_so_and_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    run = new_run()
    run.enqueue()

    def refuse(self: RunDirectory) -> None:
        raise StudioError("Cannot start the training process: no memory.", "Check the installation.")

    monkeypatch.setattr(RunDirectory, "start", refuse)
    with pytest.raises(StudioError, match="no memory"):
        start_next()
    assert run.queued is None and run.state().status == "failed"


def test_the_training_process_starts_the_next(processes: dict[Path, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_run("First"), new_run("Second")
    second.enqueue()
    monkeypatch.setattr(process, "_train_and_tell", lambda run: 0)
    assert process.train_process(first.path) == 0
    assert processes == {second.path: True} and not (first.path / "process.json").exists()


def test_resume_that_comes_while_a_paused_process_ends(
    processes: dict[Path, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()

    def pause(run: RunDirectory) -> int:
        run.append_event({"event": "state", "status": "paused", "images": 8})
        processes[run.path] = True
        run.resume()  # sees a living process, so it only takes the wish back
        processes[run.path] = False
        return 0

    monkeypatch.setattr(process, "_train_and_tell", pause)
    monkeypatch.setattr(RunDirectory, "noted_process", lambda self: os.getpid())
    process.train_process(run.path)
    assert processes[run.path], "the process must start itself again"


def test_a_paused_run_without_a_process_is_paused() -> None:
    run = new_run()
    run.append_event({"event": "state", "status": "paused", "images": 8})
    assert run.state().status == "paused" and not run.state().alive


# ---- what was measured


def test_measurements_take_back_what_was_lost_and_know_the_best() -> None:
    found = Measurements()
    for images, kid in ((100, 0.05), (200, 0.02), (300, 0.04), (200, 0.03)):
        assert found.add(measurement(images, kid))
    assert [one.images for one in found] == [100, 200]
    assert found.best is not None and found.best.kid == 0.03
    assert not found.add(measurement(400, float("nan"))) and not found.add({"event": "metrics", "images": 3})
    # Inception's numbers are another scale: the best is looked for among them alone.
    assert found.add(measurement(500, 0.9, features="inception-fid"))
    assert found.best.kid == 0.9 and found.best.kid_name == "KID (Inception)"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"verdict": "copies", "copy_share": 0.41}, "41 %"),
        ({"verdict": "close", "copy_share": 0.13}, "13 %"),
        ({}, "50 %"),
        ({"precision": 0.0}, "do not look like"),
    ],
)
def test_memorising_is_said_in_plain_words(qapp: QApplication, changes: dict[str, object], word: str) -> None:
    found = Evaluation.from_event(measurement(100, 0.1, **changes))
    assert found is not None and word in memorising_report(found)


# ---- what leaves a run


def test_a_film_morphs_from_the_first_samples_to_the_last(tmp_path: Path) -> None:
    path = drain(export_training_film(told_run(), tmp_path / "film.mp4", seconds=2, fps=10))
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 20 + 15
    # The samples of the fixture brighten by 60 levels a preview: the film does so evenly.
    levels = [float(frame[: frame.shape[0] // 2].mean()) for frame in frames]
    assert levels[0] < 8 and levels[-1] == pytest.approx(180, abs=8)
    assert levels[10] == pytest.approx(180 * 10 / 19, abs=8)
    assert all(b >= a - 2 for a, b in itertools.pairwise(levels))
    empty = new_run()
    with pytest.raises(StudioError, match="no samples"):
        drain(export_training_film(empty, tmp_path / "none.mp4"))


def test_blending_is_exact_at_its_ends() -> None:
    a, b = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 255, np.uint8)
    assert np.array_equal(blend(a, b, 0), a) and np.array_equal(blend(a, b, 1), b)
    assert abs(int(blend(a, b, 0.5)[0, 0, 0]) - 128) <= 1


def test_a_contact_sheet_shows_latents_over_time() -> None:
    sheet = np.asarray(contact_sheet(told_run(), columns=4, rows=2))
    assert sheet.shape == (2 * 100 + 4 + 28, 4 * 100 + 4, 3), "small samples are enlarged"
    for column in range(4):
        assert abs(int(sheet[50, 50 + 100 * column, 0]) - 60 * column) <= 3


def test_snapshots_go_to_the_library_and_can_be_told_apart(tmp_path: Path, qtbot: QtBot) -> None:
    from studio.checkpoints import ModelLibrary
    from studio.checkpoints.info import ModelCard
    from studio.checkpoints.store import save_model
    from studio.networks import dcgan

    run = told_run()
    with pytest.raises(StudioError, match="no model yet"):
        publish_snapshot(run)
    for name, images in (("model", 300), ("model-best", 200)):
        config = dcgan.DCGANConfig(resolution=32)
        card = ModelCard(name="Birds", architecture="dcgan", config=config.to_dict(), training={"images_shown": images})
        save_model(run.path / f"{name}.safetensors", dcgan.Generator(config), card)
    publish_snapshot(run)
    publish_snapshot(run, best=True)
    stems = sorted(path.stem.removeprefix(run.path.name) for path in models_dir().glob("*.safetensors"))
    assert stems == ["-200-best", "-300"]
    # Of the same name, they are told apart by how long they were trained.
    models = [model for model in ModelLibrary().models() if model.name == "Birds"]
    assert {model.images_shown for model in models} == {200, 300}
    form = RunForm(lambda _values, _machine, _name: Speed(1.0, "estimated"))
    qtbot.addWidget(form)
    form.set_models(models)
    shown = [form.start_from.itemText(row) for row in range(form.start_from.count())]
    assert any("200 images" in text for text in shown) and any("300 images" in text for text in shown)
    form.set_models(models[:1])
    assert "images" not in form.start_from.itemText(1)


# ---- the window


def test_the_run_view_shows_quality_copies_and_the_best(make_panel: Callable[[], TrainingPanel]) -> None:
    told_run(verdict="copies", copy_share=0.5)
    view = make_panel().run_view
    assert view.charts.currentIndex() == 0
    assert (
        view.column._kid.text() == "30.0 ± 2.0"
        and "200" in view.column._best.text()
        and view.column._best.text().startswith("20.0")
    )
    assert "by heart" in view.column._report.text() and view.column.nearest.isVisible()
    best = view.quality._runs[0].best.getData()
    assert list(best[0]) == [200] and list(best[1]) == [20]
    view.quality.imagesWanted.emit(110)
    assert view.samples.slider.value() == 1, "a click on the curve shows the samples of that moment"
    view.grab()


def test_a_run_that_ended_by_itself_is_no_failure_and_opens_its_best_model(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    run = told_run()
    for name in ("model", "model-best"):
        (run.path / f"{name}.safetensors").write_bytes(b"weights")
    run.append_event(
        {
            "event": "state",
            "status": "finished",
            "images": 300,
            "message": "Ended by itself.",
            "action": "Resume goes on all the same.",
        }
    )
    asked: list[bool] = []

    def note(engine: object, run: RunDirectory, *, best: bool = False) -> object:
        asked.append(best)
        raise StudioError("Enough seen.", "")

    monkeypatch.setattr(panel_module, "model_of_run", note)
    panel = make_panel()
    column = panel.run_view.column
    assert "Ended by itself." in column._note.text() and not column._trouble_box.isVisible()
    assert column.resume.isVisible()
    column.explore.click()
    qtbot.waitUntil(lambda: asked == [True], timeout=5000)


def test_a_run_that_was_not_measured_says_so(make_panel: Callable[[], TrainingPanel]) -> None:
    told_run(kids=())
    view = make_panel().run_view
    assert view.charts.currentIndex() == 1 and not view.column._quality_section.isVisible()
    assert view.quality._pages.currentIndex() == 1 and view.quality._nothing.text()


def test_the_film_morphs_between_samples(make_panel: Callable[[], TrainingPanel], qtbot: QtBot) -> None:
    told_run()
    view = make_panel().run_view
    seen: set[int] = set()
    original = view.samples.canvas.set_image

    def spy(image: Any) -> None:
        seen.add(int(image[4, 4, 0]))
        original(image)

    view.samples.canvas.set_image = spy  # type: ignore[method-assign]
    view.samples.play.click()
    qtbot.waitUntil(lambda: not view.samples.play.isChecked(), timeout=8000)
    between = {value for value in seen if min(abs(value - level) for level in (0, 60, 120, 180)) > 5}
    assert len(between) >= 5, seen


def test_notes_are_kept_with_the_run(make_panel: Callable[[], TrainingPanel], qtbot: QtBot) -> None:
    first, second = told_run("First"), told_run("Second")
    panel = make_panel()
    shown = panel.current()
    assert shown is not None and shown.run.path == second.path
    panel.run_view.column.notes.setPlainText("Too many greys: 试试")
    # Going to another run at once must not lose or misplace what was typed.
    panel.show_run(panel.runs.followers[panel.runs.row_of(first.path)])
    assert (
        second.notes == "Too many greys: 试试" and first.notes == "" and panel.run_view.column.notes.toPlainText() == ""
    )
    panel.run_view.column.notes.setPlainText("Better")
    qtbot.waitUntil(lambda: first.notes == "Better", timeout=5000)


def test_nearest_pictures_are_shown_in_pairs(qtbot: QtBot) -> None:
    follower = RunFollower(told_run())
    follower.take(follower.news())
    dialog = NearestDialog(follower)
    qtbot.addWidget(dialog)
    assert dialog.measurement.count() == 3
    qtbot.waitUntil(lambda: dialog.sheet.count() == 3)
    sample, picture, ratio = dialog.sheet._pairs[0]
    assert QImage(sample).pixelColor(5, 5).red() < 30 and QImage(picture).pixelColor(5, 5).red() > 220 and ratio == 0.4
    dialog.grab()
    nearest_path(follower.run.path, 200).unlink()
    dialog.measurement.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not dialog._problem.isHidden())
    assert dialog.sheet.count() == 0 and "00000200" in dialog._problem.text()
    dialog.measurement.setCurrentIndex(2)
    qtbot.waitUntil(lambda: dialog._problem.isHidden())
    assert dialog.measurement.currentData().images == 100 and dialog.sheet.count() == 3


def test_two_runs_are_compared(qtbot: QtBot) -> None:
    first, second = RunFollower(told_run("First")), RunFollower(told_run("Second", kids=(0.06, 0.05)))
    other = RunFollower(told_run("Other", features="inception-fid"))
    dialog = CompareDialog(first, [second, other])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: first.was_read and second.was_read and other.was_read)
    assert "“First” is better" in dialog._verdict.text()
    qtbot.waitUntil(lambda: all(canvas.has_image() for canvas in dialog.canvases))
    dialog.chart.imagesWanted.emit(100)
    qtbot.waitUntil(lambda: all("100" in count.text() for count in dialog._counts))
    dialog.other.setCurrentIndex(1)
    assert "only their pictures" in dialog._verdict.text()
    dialog.grab()


def test_a_second_run_is_queued_or_started_as_the_artist_wants(
    make_panel: Callable[[], TrainingPanel],
    processes: dict[Path, bool],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    at_work = new_run("At work")
    at_work.append_event({"event": "state", "status": "running", "images": 8})
    processes[at_work.path] = True
    panel = make_panel()
    monkeypatch.setattr(panel.form, "settings", lambda: TrainSettings(name="Next", folder="/nowhere"))
    answers = iter(["", "queue"])
    monkeypatch.setattr(panel_module, "ask_when", lambda parent, other: next(answers))
    panel.start_run()
    assert len(list(at_work.path.parent.glob("*/run.json"))) == 1, "cancelled"
    panel.start_run()
    follower = panel.current()
    assert follower is not None and follower.status == "queued"
    assert free_name("Next", {"Next", "Next 2"}) == free_name("Next 2", {"Next", "Next 2"}) == "Next 3"
    view = panel.run_view
    assert (
        view.column.unqueue.isVisible()
        and view.column.resume.text() == "Start now"
        and "starts by itself" in view.column._note.text()
    )
    assert not view.column._trouble_box.isVisible(), "waiting is no trouble"
    view.column.unqueue.click()
    assert follower.run.queued is None and not view.column.unqueue.isVisible()
    follower.run.enqueue()
    processes[at_work.path] = False
    at_work.append_event({"event": "state", "status": "finished", "images": 1000})
    qtbot.waitUntil(lambda: processes.get(follower.run.path, False), timeout=6000)


def test_the_question_when_to_start(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    panel, other = make_panel(), told_run()
    for place, answer in ((0, "queue"), (1, "now"), (2, "")):
        monkeypatch.setattr(QMessageBox, "exec", lambda self: 0)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda self, place=place: self.buttons_in_order[place])
        original = QMessageBox.addButton

        def remember(self: Any, *arguments: Any, original: Any = original) -> Any:
            button = original(self, *arguments)
            self.buttons_in_order = [*getattr(self, "buttons_in_order", []), button]
            return button

        with monkeypatch.context() as patch:
            patch.setattr(QMessageBox, "addButton", remember)
            assert ask_when(panel, other.settings.name) == answer


def test_films_and_sheets_are_exported_in_the_background(
    make_panel: Callable[[], TrainingPanel],
    context: StudioContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    told_run()
    panel = make_panel()
    said: list[str] = []
    context.notify.connect(said.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    menu = panel.run_view.column.share.menu()
    greyed = [action for action in menu.actions() if not action.isSeparator() and not action.isEnabled()]
    assert menu.toolTipsVisible() and any("snapshot yet" in action.toolTip() for action in greyed)
    assert all("\n" in action.toolTip() for action in greyed), "each says why"
    panel.run_view.column._sheet_out.trigger()
    qtbot.waitUntil(lambda: any("contact sheet is in" in text for text in said), timeout=10_000)
    assert Image.open(tmp_path / "out.png").width > 50
    panel.run_view.column._film_out.trigger()
    qtbot.waitUntil(lambda: any("film is in" in text for text in said), timeout=30_000)
    assert (tmp_path / "out.mp4").stat().st_size > 1000 and panel.exports.count() == 0


def test_an_export_shows_how_far_it_is_and_can_be_cancelled(
    make_panel: Callable[[], TrainingPanel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told_run()
    exports = make_panel().exports
    assert not exports.isVisible()
    go_on = threading.Event()

    def slow(run: RunDirectory, path: Path) -> Iterator[Progress]:
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"begun")
            yield Progress(3, 10)
            go_on.wait()
            yield Progress(4, 10)

    monkeypatch.setattr("studio.engine.jobs.training_film.export_training_film", slow)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.mp4"), ""))
    run = RunDirectory(next(runs_dir().iterdir()))
    exports.film(run)
    (row,) = exports._rows.values()
    qtbot.waitUntil(lambda: (row._bar.value(), row._bar.maximum()) == (3, 10), timeout=5000)
    assert exports.isVisible()
    row.cancel.click()
    assert exports.count() == 0 and not exports.isVisible()
    go_on.set()
    qtbot.waitUntil(lambda: list(tmp_path.glob("*out*")) == [], timeout=5000)


def test_how_often_to_measure_is_one_number_with_names(qtbot: QtBot) -> None:
    box = Interval()
    qtbot.addWidget(box)
    assert box.interval() is None and box.text() == "Automatic"
    box.stepBy(1)
    assert box.interval() == 0 and box.text() == "Never"
    box.stepBy(2)
    assert box.interval() == 2000
    box.stepBy(-5)
    assert box.interval() == 0
    box.lineEdit().setText("Automatic")
    box.interpretText()
    assert box.interval() is None
    box.set_interval(345)
    assert box.interval() == 345


def test_a_chart_of_many_measurements(qtbot: QtBot) -> None:
    chart = QualityChart()
    qtbot.addWidget(chart)
    chart.resize(700, 250)
    chart.show()
    found = Measurements()
    for number in range(2000):
        found.add(measurement(number * 1000, 0.1 + number % 7 / 100))
    chart.show_measurements(found)
    assert not chart.grab().isNull() and len(chart._runs[0].kid.getData()[0]) == 2000


# ---- the command line


def cli(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_line_lives_with_runs(processes: dict[Path, bool], tmp_path: Path) -> None:
    first, second = told_run("First"), told_run("Second", kids=(0.06,))
    cli("runs", "notes", "First", "Greys")
    assert first.notes == "Greys" and cli("runs", "notes", "First").strip() == "Greys"
    told = json.loads(cli("runs", "quality", "First", "--json"))
    assert told["best"] == 200 and [one["kid"] for one in told["measurements"]] == [0.05, 0.02, 0.03]
    assert "20.00 ± 2.00" in cli("runs", "quality", "First")
    both = json.loads(cli("runs", "compare", "First", "Second", "--json"))
    assert both[first.path.name]["kid"] == 0.02 and both[second.path.name]["kid"] == 0.06
    other = told_run("Other", samples=64)
    result = CliRunner().invoke(app, ["runs", "compare", "First", other.path.name])
    assert result.exit_code == 3 and "measured differently" in result.output
    cli("runs", "sheet", "First", tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").exists()
    processes[first.path] = True
    assert json.loads(cli("runs", "queue", "Second", "Other", "--json"))["waiting"] == [
        second.path.name,
        other.path.name,
    ]
    assert json.loads(cli("runs", "queue", "Other", "--first", "--json"))["waiting"][0] == other.path.name
    assert json.loads(cli("runs", "queue", "Other", "--remove", "--json"))["waiting"] == [second.path.name]
    processes[first.path] = False
    assert json.loads(cli("runs", "queue", "--json")) == {"started": second.path.name, "waiting": []}
