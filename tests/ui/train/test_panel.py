"""The Train room: looking through a folder, the form, following runs by their files, and the real process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.base.paths import resources_dir
from studio.training.automatic import Machine
from studio.training.findings import FolderReport, PictureFinding
from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings
from studio.training.speeds import Speed
from studio.ui.context import StudioContext
from studio.ui.train import TrainingPanel
from studio.ui.train import panel as panel_module
from studio.ui.train.dataset.folder_view import dropped_folder
from studio.ui.train.dataset.histogram import SizeHistogram
from studio.ui.train.run.charts import LossChart, make_plot
from studio.ui.train.run.follower import Curves, RunFollower
from studio.ui.train.setup.form import RunForm
from studio.ui.train.text import duration, reasons_text, speed
from studio.worker import ModelInfo
from tests.support.training_room import context, make_panel, wait_until_read

__all__ = ["context", "make_panel"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixteen distinct pictures of 70 pixels, one text file named .png and one copy."""
    path = tmp_path / "my_art"
    path.mkdir()
    rng = np.random.default_rng(0)
    for number in range(16):
        coarse = Image.fromarray(rng.integers(0, 255, (4, 4, 3), np.uint8))
        coarse.resize((70, 80), Image.Resampling.BICUBIC).save(path / f"{number:02}.png")
    (path / "broken.png").write_text("no picture")
    (path / "zcopy.png").write_bytes((path / "03.png").read_bytes())
    return path


def settings(**changes: object) -> TrainSettings:
    values: dict[str, object] = {"name": "Birds", "folder": "/nowhere/birds", "images": 1000, "batch": 8}
    return TrainSettings(**{**values, **changes})


def hand_written_run(*, images: int = 400, status: str = "running", **changes: object) -> RunDirectory:
    """A run directory as the training process leaves it, without a process."""
    run = RunDirectory.create(settings(**changes))
    run.append_event({"event": "state", "status": "running", "images": 0, "device": "cpu", "pictures": 16})
    (run.path / "previews").mkdir()
    for shown in range(0, images + 1, 100):
        add_preview(run, shown)
        add_step(run, shown + 8)
    if status != "running":
        run.append_event({"event": "state", "status": status, "images": images, "message": ""})
    return run


def add_step(run: RunDirectory, images: int, **values: object) -> None:
    event: dict[str, Any] = {"event": "step", "images": images, "loss_g": 2.0, "loss_d": 0.7, "images_per_second": 10.0}
    run.append_event({**event, **values})


def add_preview(run: RunDirectory, images: int) -> None:
    name = f"previews/{images:08d}.jpg"
    pixels = np.full((5 * 32, 8 * 32, 3), images % 251, np.uint8)
    Image.fromarray(pixels).save(run.path / name)
    run.append_event({"event": "preview", "images": images, "file": name})


def pretend_alive(monkeypatch: pytest.MonkeyPatch, alive: Callable[[], bool]) -> None:
    monkeypatch.setattr(RunDirectory, "alive", lambda self: alive())


# ---- the page for a new run


def test_an_empty_room_asks_for_a_folder_and_explains(make_panel: Callable[[], TrainingPanel]) -> None:
    panel = make_panel()
    assert panel.pages.currentIndex() == 0 and panel.new.isChecked()
    assert not panel.form.start.isEnabled()
    assert panel.current() is None
    assert len(panel.commands.actions()) == 11


def test_a_folder_is_looked_through_in_the_background(
    make_panel: Callable[[], TrainingPanel], folder: Path, qtbot: QtBot
) -> None:
    panel = make_panel()
    view = panel.folder_view
    view.set_folder(folder)
    assert view.report() is None and not panel.form.start.isEnabled()
    qtbot.waitUntil(lambda: view.report() is not None, timeout=20_000)
    report = view.report()
    assert report is not None and len(report.used) == 16 and report.counts["duplicate"] == 1
    qtbot.waitUntil(lambda: view.mosaic_view.mosaic.count() == 16, timeout=20_000)
    assert view.findings.shown_files() == 18
    assert panel.form.resolution() == 64 and panel.form.name.text() == "my art"
    assert panel.form.start.isEnabled()
    view.findings._filter.setText("broken")
    assert view.findings.shown_files() == 1
    view.findings._filter.setText("same picture")
    assert view.findings.shown_files() == 1


def test_cancelling_the_inspection_goes_back_to_the_empty_page(
    make_panel: Callable[[], TrainingPanel], folder: Path, qtbot: QtBot
) -> None:
    panel = make_panel()
    panel.folder_view.set_folder(folder)
    inspection = panel.folder_view._inspection
    assert inspection is not None
    panel.folder_view.cancel()
    qtbot.waitUntil(lambda: inspection.is_over)
    assert panel.folder_view.folder() is None and panel.folder_view.report() is None
    assert not panel.form.start.isEnabled()


def test_a_folder_without_pictures_is_a_problem_with_an_action(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = make_panel()
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(context.problem, timeout=10_000) as caught:
        panel.folder_view.set_folder(tmp_path / "empty")
    assert isinstance(caught.args[0], StudioError) and caught.args[0].action
    assert panel.folder_view.folder() is None


def test_a_dropped_folder_is_taken_and_other_things_are_not(
    make_panel: Callable[[], TrainingPanel], folder: Path, qtbot: QtBot
) -> None:
    panel = make_panel()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder / "00.png"))])
    assert dropped_folder(mime) is None
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.folder_view.dropEvent(event)
    assert panel.folder_view.folder() == folder
    qtbot.waitUntil(lambda: panel.folder_view.report() is not None, timeout=20_000)


def test_the_mosaic_shows_the_resolution_and_background_chosen(
    make_panel: Callable[[], TrainingPanel], tmp_path: Path, qtbot: QtBot
) -> None:
    for number in range(3):
        picture = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
        picture.paste((200, 60 * number, 30, 255), (10 + 10 * number, 10, 60, 70))
        picture.save(tmp_path / f"{number}.png")
    panel = make_panel()
    view = panel.folder_view
    view.set_folder(tmp_path)
    qtbot.waitUntil(lambda: view.report() is not None and view.mosaic_view.mosaic.count() == 3, timeout=20_000)
    panel.form.model.set(panel.form.model.value.with_own("background", "#0000ff"))
    panel.form._resolutions.button(32).click()

    def corner_is_blue() -> bool:
        tiles = view.mosaic_view.mosaic._model.tiles
        return len(tiles) == 3 and all(
            image.width() == 32 and image.pixelColor(1, 1).name() == "#0000ff" for _, image in tiles
        )

    qtbot.waitUntil(corner_is_blue, timeout=20_000)


MODEL = ModelInfo(
    "a" * 64, "Faces", Path("/models/faces.safetensors"), "stylegan2", 64, 96, 96, 10, True, 0, "", "", True
)


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> RunForm:
    form = RunForm(
        lambda values, _machine, _name: Speed(50.0, "run" if values["resolution"] == 64 else "estimated", "Last one")
    )
    qtbot.addWidget(form)
    report = FolderReport(tmp_path, tuple(PictureFinding(tmp_path / str(n), 300, 300, "used") for n in range(60)))
    form.set_report(report)
    return form


def test_large_pictures_want_a_graphics_card(form: RunForm, tmp_path: Path) -> None:
    large = FolderReport(tmp_path, tuple(PictureFinding(tmp_path / str(n), 1100, 1100, "used") for n in range(60)))
    form.set_report(large)
    assert form.resolution() == 256 and "graphics card" in form._suggestion.text()
    form.set_machine(Machine("cuda", 24 * 2**30))
    form.set_report(large)
    assert form.resolution() == 1024 and "graphics card" not in form._suggestion.text()


def test_the_form_gives_valid_settings_for_every_kind(form: RunForm, tmp_path: Path) -> None:
    assert form.resolution() == 256 and form.settings().folder == str(tmp_path)
    form.architecture.setCurrentIndex(form.architecture.findData("dcgan"))
    assert form.resolution() == 128 and not form._resolutions.button(256).isEnabled()
    assert form.settings().architecture == "dcgan" and form.settings().resolution == 128
    form.advanced.fields["learning_rate"].setValue(0.001)
    form.advanced.fields["augment"].boxes["cutout"].setChecked(False)
    made = form.settings()
    assert made.learning_rate == 0.001 and made.augment == ("color", "translation")
    form.reset_advanced()
    assert form.settings().learning_rate is None and len(form.settings().augment) == 3


def test_every_setting_can_be_reached_by_a_control(form: RunForm) -> None:
    other = settings(
        name="Other", architecture="stylegan2", resolution=32, images=12_345, batch=4, device="cpu",
        snapshot_every=2345, preview_every=345, mirror=False, background="#102030", crop="fit", crops=7,
        near="drop", every=12, threads=2, learning_rate=0.004,
        channel_base=4096, channel_max=64, latent_size=48, r1_gamma=2.5, r1_interval=8, style_mixing=0.5,
        noise="none", augment=("cutout",), augment_share=0.35, anchor=2.5, anchor_first=3000, ema_images=777,
        licence="CC0", description="Words", data="Mine", evaluate_every=1234, evaluate_samples=99,
        features="efficientnet-lite0", patience=7, loss="relativistic",
        discriminator="stylegan2", r2_gamma=1.5, path_weight=2.5, path_interval=8,
        freeze_layers=7, warm_up=1234, augmentation="ada", ada_parts=("blit", "noise"), ada_target=0.55,
        ada_images=123_000, ada_start=0.25, precision="bf16", micro_batch=12, processes=3,
    )  # fmt: skip
    form.prefill(other)
    made = form.settings().model_dump()
    for name, value in other.model_dump().items():
        if name not in ("folder", "seed", "start_from"):
            assert made[name] == value, name
    form.mirror.setChecked(True)
    assert form.settings().mirror and form.settings().anchor == 0 and not form.advanced.fields["anchor"].isEnabled()
    assert set(other.model_fields_set) >= set(TrainSettings.model_fields) - {"seed", "start_from"}


def test_only_models_that_fit_can_be_started_from(form: RunForm) -> None:
    dcgan = replace(MODEL, hash="b" * 64, name="Old", architecture="dcgan")
    form.set_models([MODEL, dcgan])
    items = form.start_from.model()
    assert isinstance(items, QStandardItemModel)
    form._resolutions.button(32).click()
    assert not items.item(1).isEnabled() and "64" in items.item(1).toolTip() and "32" in items.item(1).toolTip()
    assert not items.item(2).isEnabled() and "DCGAN" in items.item(2).toolTip()
    form._resolutions.button(64).click()
    assert items.item(1).isEnabled() and not items.item(2).isEnabled()
    form.start_from.setCurrentIndex(1)
    made = form.settings()
    assert made.start_from == str(MODEL.path) and made.latent_size == 96
    assert not form.advanced.fields["latent_size"].isEnabled()
    # A larger run enlarges it, and says so; a smaller one cannot start from it.
    form._resolutions.button(128).click()
    assert form.settings().start_from == str(MODEL.path) and "64 → 128 px" in form.start_from.currentText()
    assert "64 px network, enlarged" in form._reasons.text() and form.settings().freeze_layers == 0
    form._resolutions.button(32).click()
    assert form.settings().start_from is None and form.advanced.fields["latent_size"].isEnabled()


def test_advice_follows_what_is_chosen_but_not_over_the_artists_hand(form: RunForm, tmp_path: Path) -> None:
    form._resolutions.button(64).click()
    assert form.settings().discriminator == "none" and "45,000 images" in form._reasons.text()
    form.budget.overnight.setChecked(True)
    made = form.settings()
    assert made.augmentation == "diffaugment" and "60 pictures" in form._reasons.text()
    form.set_models([MODEL])
    form.start_from.setCurrentIndex(1)
    made = form.settings()
    assert made.augmentation == "ada" and made.ada_images == 100_000 and made.warm_up == 500
    form.advanced.fields["batch"].setValue(6)
    form.set_machine(Machine("cuda", 24 * 2**30, 2))
    made = form.settings()
    assert made.batch == 6 and made.processes == 2
    form.start_from.setCurrentIndex(0)
    assert form.settings().channel_max == 512
    form.reset_advanced()
    assert form.settings().batch == 32 and form.settings().warm_up == 0
    many = tuple(PictureFinding(tmp_path / str(n), 300, 300, "used") for n in range(3000))
    form.set_report(FolderReport(tmp_path, many))
    assert form.settings().augmentation == "ada" and form.settings().path_weight == 2
    form.preset.setCurrentIndex(form.preset.findData("quick"))
    assert form.settings().channel_max == 64 and form.budget.quick.isChecked()


def test_rows_that_do_not_matter_are_hidden(form: RunForm) -> None:
    rows = form.advanced._grid.rows

    def shown() -> set[str]:
        return {name for name, (label, _) in rows.items() if not label.isHidden()}

    assert "r1_gamma" not in shown(), "drifting needs none"
    form.budget.overnight.setChecked(True)
    assert {"augment", "r1_gamma"} <= shown() and not {"ada_target", "r2_gamma", "path_interval"} & shown()
    form.advanced.fields["augmentation"].setCurrentIndex(form.advanced.fields["augmentation"].findData("ada"))
    form.advanced.fields["loss"].setCurrentIndex(form.advanced.fields["loss"].findData("relativistic"))
    assert {"ada_target", "r2_gamma"} <= shown() and "augment" not in shown()
    form.advanced.fields["discriminator"].setCurrentIndex(form.advanced.fields["discriminator"].findData("projected"))
    assert not {"r1_gamma", "r2_gamma", "freeze_layers"} & shown()
    form.architecture.setCurrentIndex(form.architecture.findData("dcgan"))
    assert {"loss", "augmentation", "batch"} <= shown() and not {"discriminator", "channel_max"} & shown()
    assert form.settings().discriminator == "stylegan2"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"labels": 12}, "12 classes"), ({"img_channels": 5}, "colour"), ({"architecture": "stylegan3"}, "StyleGAN3")],
)
def test_models_that_cannot_be_trained_say_why(form: RunForm, changes: dict[str, Any], words: str) -> None:
    form._resolutions.button(64).click()
    form.set_models([replace(MODEL, **changes)])
    items = form.start_from.model()
    assert isinstance(items, QStandardItemModel)
    assert not items.item(1).isEnabled() and words in items.item(1).toolTip()


def test_budgets_and_estimates(form: RunForm) -> None:
    form._resolutions.button(64).click()
    form.budget.quick.setChecked(True)
    assert form.settings().images == 45_000
    assert "15 min" in form.budget._estimate.text() and "Last one" in form.budget._estimate.text()
    form.budget.overnight.setChecked(True)
    assert form.settings().images == 1_400_000 and "8 h" in form.budget._labels[1].text()
    # Their images are not alike: the night's take longer.
    assert [label.text().rpartition("\n")[2] for label in form.budget._labels] == ["drifting", "StyleGAN2"]
    form.budget.images.setValue(3000)
    assert form.budget.custom.isChecked() and form.settings().images == 3000
    assert "1 min" in form.budget._estimate.text()
    form.budget.unit.setCurrentIndex(form.budget.unit.findData("hours"))
    form.budget.hours.setValue(0.5)
    assert form.settings().images == 90_000 and "90" in form.budget._estimate.text()
    form._resolutions.button(128).click()
    assert "not measured" in form.budget._estimate.text() and "≈" in form.budget._labels[0].text()
    assert form.settings().preview_every == form.settings().snapshot_every == 0, "by the clock"


def test_a_run_needs_a_name_and_two_pictures(form: RunForm, tmp_path: Path) -> None:
    assert form.start.isEnabled()
    form.name.clear()
    form.name.textEdited.emit("")
    assert not form.start.isEnabled() and "name" in form._hint.text()
    form.set_report(FolderReport(tmp_path, (PictureFinding(tmp_path / "a", 300, 300, "used"),)))
    assert not form.start.isEnabled()


# ---- words


def test_times_and_remarks_in_words(qapp: QApplication) -> None:
    assert [duration(s) for s in (3, 200, 3600 * 3 + 120, 3600 * 20, 86400 * 3)] == [
        "less than a minute",
        "3 min",
        "3 h 2 min",
        "20 h",
        "3 days",
    ]
    assert speed(3.14159) == "3.1 images/s" and speed(40.4) == "40 images/s"
    found = PictureFinding(Path("a.png"), 9, 9, "skipped", ("duplicate", "grey"), "b.png")
    assert reasons_text(found) == "The same picture as b.png · Without colour"
    for reason in (
        "too_small",
        "exif_rotation",
        "cmyk",
        "sixteen_bit",
        "alpha",
        "animated",
        "grey",
        "blurred",
        "dropped",
    ):
        assert reasons_text(PictureFinding(Path("a"), 1, 1, "used", (reason,)))  # type: ignore[arg-type]


def test_histogram_counts_what_is_enlarged(qtbot: QtBot) -> None:
    histogram = SizeHistogram()
    qtbot.addWidget(histogram)
    histogram.set_sides([40, 64, 100, 9000])
    histogram.set_resolution(64)
    assert histogram.enlarged() == 1 and histogram._counts.sum() == 4 and histogram._counts[-1] == 1
    histogram.resize(400, 74)
    histogram.grab()


# ---- following


def test_curves_smooth_grow_and_take_back_what_was_lost() -> None:
    curves = Curves()
    for step in range(1000):
        curves.add({"images": step * 8, "loss_g": 3.0 if step % 2 else 1.0, "loss_d": 0.5})
    assert len(curves) == 1000 and curves.raw("loss_g")[-1] == 3
    assert curves.smooth("loss_g")[-1] == pytest.approx(2, abs=0.1)
    assert curves.smooth("loss_d")[-1] == pytest.approx(0.5)
    assert not curves.has("augment")
    curves.add({"images": 400, "loss_g": 9.0, "augment": 0.1})
    assert len(curves) == 51 and list(curves.images()[-2:]) == [392, 400]
    assert curves.has("augment") and np.isnan(curves.raw("loss_d")[-1])
    curves.add({"images": "damaged"} | {"images": float("nan")})
    assert len(curves) == 51


def test_a_follower_reads_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    run = hand_written_run()
    follower = RunFollower(run)
    assert follower.take(follower.news()) and len(follower.curves) == 5 and len(follower.previews) == 5
    assert follower.pictures == 16 and follower.device == "cpu"
    offsets: list[int] = []
    original = RunDirectory.read_events

    def spy(self: RunDirectory, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        offsets.append(offset)
        return original(self, offset)

    monkeypatch.setattr(RunDirectory, "read_events", spy)
    assert not follower.take(follower.news())
    add_step(run, 500)
    size = (run.path / "events.jsonl").stat().st_size
    news = follower.news()
    assert follower.take(news) and len(follower.curves) == 6
    assert not follower.take(news), "what was taken already is no news"
    assert all(0 < offset < size for offset in offsets)


def test_an_idle_run_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    follower = RunFollower(hand_written_run(status="finished"))
    assert follower.refresh() and follower.status == "finished"
    monkeypatch.setattr(RunDirectory, "state", lambda self: pytest.fail("read again"))
    assert not follower.refresh()


def test_states_the_files_do_not_name(monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunDirectory.create(settings())
    follower = RunFollower(run)
    follower.refresh()
    assert follower.status == "new"
    (run.path / "process.json").write_text(json.dumps({"pid": 1, "started": 0}))
    follower.touch()
    follower.asked = "start"
    pretend_alive(monkeypatch, lambda: True)
    follower.refresh()
    assert follower.status == "starting"
    pretend_alive(monkeypatch, lambda: False)
    follower.refresh()
    assert follower.status == "lost" and not follower.asked
    # A process that has said its last word lives on for a moment; that is no new start.
    run.append_event({"event": "state", "status": "finished", "images": 1000})
    os.utime(run.path / "process.json", (1, 1))
    pretend_alive(monkeypatch, lambda: True)
    follower.refresh()
    assert follower.status == "finished"
    os.utime(run.path / "process.json")
    follower.refresh()
    assert follower.status == "starting"


# ---- the page of a run


def test_a_running_run_is_found_again_and_shown(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    hand_written_run(status="finished", name="Older")
    run = hand_written_run(name="Running")
    pretend_alive(monkeypatch, lambda: True)
    panel = make_panel()
    follower = panel.current()
    assert follower is not None and follower.run.path == run.path and panel.pages.currentIndex() == 1
    view = panel.run_view
    assert view.column.pause.isVisible() and view.column.stop.isVisible() and not view.column.delete.isEnabled()
    assert view.column._images.text().replace(",", "") == "408 of 1000" and view.samples.slider.maximum() == 4
    assert "400" in view.samples.when.text() and view.samples.canvas.has_image()
    add_preview(run, 500)
    add_step(run, 508)
    qtbot.waitUntil(lambda: view.samples.slider.maximum() == 5, timeout=5000)
    assert view.samples.slider.value() == 5 and "500" in view.samples.when.text()
    qtbot.waitUntil(lambda: view.samples._shown == follower.previews[5])
    view.samples.slider.setValue(1)
    assert "100" in view.samples.when.text()
    add_preview(run, 600)
    qtbot.waitUntil(lambda: view.samples.slider.maximum() == 6, timeout=5000)
    assert view.samples.slider.value() == 1, "looking back must not be disturbed"
    assert panel.runs.data(panel.runs.index(0), Qt.ItemDataRole.UserRole + 1) is not None
    panel.grab()


def test_pause_resume_and_stop_ask_the_process_and_wait_for_it(
    make_panel: Callable[[], TrainingPanel],
    context: StudioContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    run = hand_written_run()
    alive = True
    pretend_alive(monkeypatch, lambda: alive)
    panel = make_panel()
    view = panel.run_view
    view.column.pause.click()
    assert run.requested() == "pause" and not view.column.pause.isEnabled() and "Pausing" in view._status.text()
    run.append_event({"event": "state", "status": "paused", "images": 408, "message": ""})
    qtbot.waitUntil(view.column.resume.isVisible, timeout=5000)
    assert not view.column.pause.isVisible()
    view.column.resume.click()
    assert run.requested() == "" and "Resuming" in view._status.text()
    run.append_event({"event": "state", "status": "running", "images": 408, "message": ""})
    qtbot.waitUntil(lambda: view.column.pause.isVisible() and view.column.pause.isEnabled(), timeout=5000)
    view.column.stop.click()
    assert run.requested() == "stop"
    run.append_event({"event": "state", "status": "stopped", "images": 416, "message": ""})
    with qtbot.waitSignals([context.modelsChanged, context.notify], timeout=5000):
        alive = False
    assert not view.column.stop.isVisible() and view.column.resume.isVisible() and view.column.delete.isEnabled()


def test_a_pause_that_ends_the_process_is_no_trouble(
    make_panel: Callable[[], TrainingPanel],
    context: StudioContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    run = hand_written_run()
    alive = True
    pretend_alive(monkeypatch, lambda: alive)
    panel = make_panel()
    problems: list[StudioError] = []
    context.problem.connect(problems.append)
    run.append_event({"event": "state", "status": "paused", "images": 408, "message": ""})
    with qtbot.waitSignal(context.notify, timeout=5000, check_params_cb=lambda text: "is paused" in text):
        alive = False
    assert problems == [] and panel.run_view.column.resume.isVisible()


def test_a_failed_run_says_why_and_what_to_do(
    make_panel: Callable[[], TrainingPanel],
    context: StudioContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    run = hand_written_run()
    alive = True
    pretend_alive(monkeypatch, lambda: alive)
    panel = make_panel()
    run.append_event(
        {
            "event": "state",
            "status": "failed",
            "images": 408,
            "message": "The disk is full.",
            "action": "Free some space.",
        }
    )
    with qtbot.waitSignal(context.problem, timeout=5000) as caught:
        alive = False
    assert "The disk is full." in caught.args[0].message and str(caught.args[0].action) == "Free some space."
    assert "Free some space." in panel.run_view.column._trouble.text() and panel.run_view.column.resume.isVisible()


def test_deleting_asks_and_moves_to_the_trash(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    keep = hand_written_run(status="finished", name="Keep")
    gone = hand_written_run(status="finished", name="Gone")
    panel = make_panel()
    panel.show_run(panel.runs.followers[panel.runs.row_of(gone.path)])
    trashed: list[Path] = []

    def trash(path: Path) -> None:
        trashed.append(path)
        path.rename(path.parent.parent / "trash")

    monkeypatch.setattr(panel_module.send2trash, "send2trash", trash)
    monkeypatch.setattr(panel_module, "confirm_delete", lambda parent, name: False)
    panel.delete()
    assert not trashed
    monkeypatch.setattr(panel_module, "confirm_delete", lambda parent, name: True)
    panel.delete()
    qtbot.waitUntil(lambda: panel.runs.row_of(gone.path) < 0)
    shown = panel.current()
    assert trashed == [gone.path] and shown is not None and shown.run.path == keep.path

    def refuse(path: Path) -> None:
        raise OSError(18, "No trash here")

    monkeypatch.setattr(panel_module.send2trash, "send2trash", refuse)
    with qtbot.waitSignal(context.problem) as caught:
        panel.delete()
    assert "No trash here" in caught.args[0].message and str(keep.path) in caught.args[0].action
    assert keep.path.exists()


def test_the_question_before_deleting_is_cancelled_by_default(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_written_run(status="finished")
    panel = make_panel()
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda self: asked.append(self.text()) or 0)
    panel.delete()
    assert len(asked) == 1 and "Birds" in asked[0] and len(panel.runs.followers) == 1


def test_runs_that_appear_and_vanish_are_noticed(make_panel: Callable[[], TrainingPanel], qtbot: QtBot) -> None:
    panel = make_panel()
    run = hand_written_run(status="finished", name="From the command line")
    qtbot.waitUntil(lambda: panel.runs.row_of(run.path) == 0, timeout=5000)
    panel.show_run(panel.runs.followers[0])
    run.path.rename(run.path.parent.parent / "elsewhere")
    qtbot.waitUntil(lambda: panel.pages.currentIndex() == 0, timeout=5000)
    assert not panel.runs.followers


def test_the_film_plays_to_the_latest_samples(make_panel: Callable[[], TrainingPanel], qtbot: QtBot) -> None:
    hand_written_run(status="finished")
    view = make_panel().run_view
    view.samples.play.click()
    assert view.samples.slider.value() == 0
    qtbot.waitUntil(lambda: not view.samples.play.isChecked(), timeout=5000)
    assert view.samples.slider.value() == view.samples.slider.maximum()


@pytest.mark.parametrize("pixels", [90, 190, 600])
def test_numbers_along_the_bottom_do_not_run_into_each_other(qtbot: QtBot, pixels: int) -> None:
    plot = make_plot("")
    qtbot.addWidget(plot)
    axis, (first, last) = plot.getAxis("bottom"), (2000.0, 9000.0)
    spacings = [spacing for spacing, _ in axis.tickSpacing(first, last, pixels)]
    width = plot.fontMetrics().horizontalAdvance("9,000")
    assert spacings and all(spacing * pixels / (last - first) > width for spacing in spacings)


def test_charts_without_values_say_so_instead_of_showing_axes(make_panel: Callable[[], TrainingPanel]) -> None:
    RunDirectory.create(settings())
    chart = make_panel().run_view.chart
    assert chart._pages.currentWidget() is chart._nothing and chart._nothing.text()


def test_a_dcgans_losses_are_drawn_beside_the_theory(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.show_theory("logistic")
    places = {name: line.value() for name, line in chart._theory.items()}
    assert places == {"loss_g": pytest.approx(0.6931, abs=1e-4), "loss_d": pytest.approx(1.3863, abs=1e-4)}
    assert "log 4" in chart._theory["loss_d"].label.format and "½" in chart._theory_text.text()
    chart.show_theory("minimax")
    assert chart._theory["loss_g"].value() == pytest.approx(-0.6931, abs=1e-4)
    chart.show_theory(None)
    assert not chart._theory and chart._theory_text.isHidden()


def test_a_run_without_a_discriminator_shows_no_curve_of_one(qtbot: QtBot) -> None:
    chart, drifts, judged = LossChart(), Curves(), Curves()
    qtbot.addWidget(chart)
    drifts.add({"images": 48, "loss_g": 1.3})
    judged.add({"images": 48, "loss_g": 1.3, "loss_d": 0.7})
    for curves in (drifts, judged):
        chart.show_curves(curves)
        assert chart._legend["loss_d"].isHidden() == (curves is drifts)


def test_the_words_on_the_theory_leave_the_curves_their_room(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.resize(420, 100)
    chart.show_theory("minimax")
    curves = Curves()
    for step in range(20):
        curves.add({"images": step * 64, "loss_g": 2.0, "loss_d": 0.5, "augment": 0.3})
    chart.show_curves(curves)
    chart.show()
    qtbot.waitUntil(lambda: chart._theory_text.geometry().top() > chart._losses.geometry().bottom(), timeout=5000)
    assert chart._losses.height() > 80
    assert chart._augment.geometry().left() > chart._losses.geometry().right(), "beside, not below"
    assert "30" not in chart._legend["augment"].text(), "a narrow window has the names only"
    chart.resize(700, 250)
    qtbot.waitUntil(lambda: "30" in chart._legend["augment"].text(), timeout=5000)


def test_the_theory_is_shown_for_the_seeds_gan_alone(make_panel: Callable[[], TrainingPanel]) -> None:
    hand_written_run(architecture="dcgan", name="Seeds")
    hand_written_run(name="Style")
    panel = make_panel()
    shown = {}
    for follower in panel.runs.followers:
        panel.show_run(follower)
        shown[follower.run.settings.name] = set(panel.run_view.chart._theory)
    assert shown == {"Seeds": {"loss_g", "loss_d"}, "Style": set()}


def test_a_long_chart_draws_no_more_than_can_be_seen(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.resize(700, 250)
    chart.show()
    curves = Curves()
    for step in range(20_000):
        curves.add({"images": step * 64, "loss_g": 2 + step % 7, "loss_d": 0.5, "augment": 0.3})
    chart.show_curves(curves)
    chart.grab()
    x, _y = chart._raw["loss_g"].getData()
    assert 100 < len(x) < 5 * 700
    assert chart._augment.isVisible()


def test_shutting_down_leaves_runs_alone(
    make_panel: Callable[[], TrainingPanel], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hand_written_run()
    pretend_alive(monkeypatch, lambda: True)
    panel = make_panel()
    panel.shutting_down()
    assert run.requested() == "" and not panel._timer.isActive()


# ---- the real process


def test_a_run_that_cannot_train_is_reported(
    make_panel: Callable[[], TrainingPanel], context: StudioContext, folder: Path, qtbot: QtBot
) -> None:
    panel = make_panel()
    panel.folder_view.set_folder(folder)
    qtbot.waitUntil(lambda: panel.form.start.isEnabled(), timeout=20_000)
    for path in folder.iterdir():
        path.unlink()
    with qtbot.waitSignal(context.problem, timeout=60_000) as caught:
        panel.form.start.click()
    assert str(folder) in caught.args[0].message and caught.args[0].action
    assert panel.current() is not None and panel.run_view.column.resume.isVisible()


def test_a_run_names_the_model_it_started_from(make_panel: Callable[[], TrainingPanel], qtbot: QtBot) -> None:
    starter = resources_dir() / "models" / "rosettes-256.safetensors"
    hand_written_run(name="Fine", start_from=str(starter))
    hand_written_run(name="Lost", start_from="/nowhere/20261125-old-name.safetensors")
    panel = make_panel()
    for follower in panel.runs.followers:
        panel.show_run(follower)
        wait_until_read(qtbot, panel)
        texts = {label.text() for label in panel.findChildren(QLabel)}
        assert ("Rosettes" if follower.run.settings.name == "Fine" else "20261125-old-name") in texts
