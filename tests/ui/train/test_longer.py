"""Going on longer with a finished run, a new run like it, and where runs start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.base.paths import models_dir
from studio.training.findings import FolderReport, PictureFinding
from studio.training.measured_runs import measured_runs
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings, loads_settings
from studio.training.speeds import Speed
from studio.ui.context import StudioContext
from studio.ui.train import TrainingPanel
from studio.ui.train import panel as panel_module
from studio.ui.train.questions import LongerDialog
from studio.ui.train.setup.expectations import MeasuredRunsDialog
from studio.ui.train.setup.form import RunForm
from studio.ui.train.setup.start_models import MORE
from studio.worker import ModelInfo
from tests.support.training_room import context, make_panel

__all__ = ["context", "make_panel"]

MODEL = ModelInfo("a" * 64, "Old", Path("/models/old.safetensors"), "stylegan2", 64, 96, 96, 10, True, 0, "", "", True)


def finished_run(**changes: object) -> RunDirectory:
    values: dict[str, object] = {"name": "Birds", "folder": "/nowhere/birds", "images": 1000, "batch": 8}
    run = RunDirectory.create(TrainSettings(**{**values, **changes}))
    run.append_event({"event": "state", "status": "running", "images": 0, "device": "cpu", "pictures": 16})
    run.append_event({"event": "step", "images": 1000, "loss_g": 2.0, "images_per_second": 2.0})
    (run.path / "checkpoints").mkdir()
    (run.path / "checkpoints" / "00001000.pt").write_bytes(b"")
    run.append_event({"event": "state", "status": "finished", "images": 1000, "message": ""})
    return run


def test_a_finished_run_goes_on_longer_in_the_window(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    run = finished_run()
    started: list[Path] = []
    monkeypatch.setattr(RunDirectory, "start", lambda self: started.append(self.path))
    monkeypatch.setattr(panel_module, "ask_how_much_longer", lambda _parent, _name, _speed: 7200)
    panel = make_panel()
    column = panel.run_view.column
    assert column.longer.isVisible() and not column.resume.isVisible()
    column.longer.click()
    assert started == [run.path]
    assert loads_settings((run.path / "run.json").read_bytes()).images == 8200
    # Prolonged elsewhere, the room knows it, too.
    RunDirectory(run.path).prolong(9000)
    follower = panel.current()
    assert follower is not None
    follower.touch()
    panel.runs.refresh(follower)
    assert follower.state.total == 9000


def test_a_run_that_lost_its_checkpoints_says_so_instead_of_beginning_anew(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, qtbot: QtBot
) -> None:
    run = finished_run()
    (run.path / "checkpoints" / "00001000.pt").unlink()
    (run.path / "model.safetensors").write_bytes(b"")
    panel = make_panel()
    with qtbot.waitSignal(context.problem) as caught:
        panel.run_view.column.longer.click()
    assert "gone" in caught.args[0].message and caught.args[0].action


def test_how_much_longer_is_hours_or_images(qtbot: QtBot) -> None:
    dialog = LongerDialog("Birds", 2.5)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.hours.setValue(2)
    assert dialog.chosen() == 2 * 3600 * 2.5 and "18" in dialog._meaning.text()
    dialog.unit.setCurrentIndex(dialog.unit.findData("images"))
    dialog.images.setValue(900)
    assert dialog.chosen() == 900 and "6 min" in dialog._meaning.text() and not dialog.hours.isVisible()
    unknown = LongerDialog("Birds", 0.0)
    qtbot.addWidget(unknown)
    assert unknown.unit.count() == 1 and unknown.chosen() == unknown.images.value()


@pytest.mark.parametrize("start", [None, str(MODEL.path)])
def test_a_new_run_like_one_starts_where_it_did(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, start: str | None
) -> None:
    run = finished_run(start_from=start, resolution=64, channel_max=48)
    (models_dir() / f"{run.path.name}-1000.safetensors").write_bytes(b"its own model")
    panel = make_panel()
    panel.form.set_models([MODEL, replace(MODEL, path=models_dir() / f"{run.path.name}-1000.safetensors")])
    panel.run_view.column.again.click()
    values = panel.form.model.value.values
    assert values["start_from"] == (start or "") and values["channel_max"] == 48 and values["images"] == 1000


def test_a_start_model_that_is_gone_is_named(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, qtbot: QtBot
) -> None:
    finished_run(start_from="/nowhere/gone.safetensors")
    panel = make_panel()
    with qtbot.waitSignal(context.notify, check_params_cb=lambda text: "Start from" in text):
        panel.run_view.column.again.click()


@pytest.fixture
def form(qapp: QApplication, qtbot: QtBot) -> RunForm:
    form = RunForm(lambda _values, _machine, _name: Speed(1.0, "estimated"))
    qtbot.addWidget(form)
    return form


def test_the_choice_of_models_ends_with_more_networks(form: RunForm, qtbot: QtBot) -> None:
    form.set_models([MODEL])
    box = form.start_from
    assert box.itemData(box.count() - 1) == MORE
    box.setCurrentIndex(1)
    with qtbot.waitSignal(form.moreModelsWanted):
        box.setCurrentIndex(box.count() - 1)
    assert box.currentIndex() == 1 and form.model.value.own["start_from"] == str(MODEL.path), "the choice stays"


def test_why_models_are_greyed_is_written_below_and_on_them(form: RunForm) -> None:
    form.set_models([MODEL, replace(MODEL, name="Classes", labels=12), replace(MODEL, name="Grey", img_channels=1)])
    form._resolutions.button(32).click()
    form.show()
    items = form.start_from.model()
    assert isinstance(items, QStandardItemModel)
    assert "not reduced" in items.item(1).toolTip()
    text = form._refused.text()
    assert form._refused.isVisible() and "Not from Old, Grey: " in text and "12 classes" in text
    form._resolutions.button(64).click()
    assert "Old" not in form._refused.text() and "12 classes" in form._refused.text()
    form.set_models([MODEL])
    assert not form._refused.isVisible()


def test_the_form_shows_what_to_expect_of_the_plan(form: RunForm, tmp_path: Path) -> None:
    assert not form.expectations.isVisibleTo(form), "nothing without pictures"
    found = tuple(PictureFinding(tmp_path / str(n), 300, 300, "used") for n in range(60))
    form.set_report(FolderReport(tmp_path, found))
    shown = form.expectations
    assert shown.isVisibleTo(form) and "Not worth it" in shown.says.text() and "Not worth it" in form._hint.text()
    assert "night" in shown.details.text() and "60 will be learnt by heart" in shown.details.text()
    pictures = [label for label in shown.findChildren(QLabel) if not label.pixmap().isNull()]
    assert pictures
    form.budget.images.setValue(10**8)
    assert (
        "Enough" in shown.says.text()
        and "Enough" not in form._hint.text()
        and "Not measured: longer" in shown.details.text()
    )
    dialog = MeasuredRunsDialog(form.model.value)
    times = [label.text() for label in dialog.findChildren(QLabel) if "here" in label.text()]
    assert len(times) == len(measured_runs())
