"""The folder in the Train room: the table, the artist's decisions, look-alikes, own crops, augmentations, the set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QModelIndex, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.base import drain
from studio.training.findings import FolderReport, PictureFinding
from studio.training.folder import inspect_folder
from studio.training.framing import Framing
from studio.training.loop import prepare
from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
from studio.training.runs import RunDirectory, list_runs
from studio.training.summary import summarise
from studio.ui.train import TrainingPanel
from studio.ui.train.dataset.crop_dialog import CropCanvas, CropDialog, fitted
from studio.ui.train.dataset.findings import FILE, SIZE, VERDICT, FindingsModel, FindingsView
from studio.ui.train.dataset.thumbnails import FindingThumbnails
from studio.ui.train.setup.picture_controls import BackgroundChooser
from tests.support.training_room import context, make_panel, panel

__all__ = ["context", "make_panel", "panel"]


def detailed(seed: int, width: int = 120, height: int = 90) -> Image.Image:
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rng.integers(0, 255, (5, 6, 3), np.uint8)).resize((width, height))
    draw = ImageDraw.Draw(picture)
    for _ in range(10):
        x, y, r = rng.integers(0, width), rng.integers(0, height), rng.integers(4, 25)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(int(c) for c in rng.integers(0, 255, 3)))
    return picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight pictures, a signed copy of one, a small one, a broken one, and a text."""
    path = tmp_path / "art"
    path.mkdir()
    for number in range(8):
        detailed(number).save(path / f"{number}.png")
    signed = detailed(2)
    ImageDraw.Draw(signed).rectangle((95, 80, 116, 87), fill="white")
    signed.save(path / "8 signed.png")
    detailed(20, 40, 40).save(path / "9 small.png")
    (path / "broken.png").write_text("no picture")
    (path / "notes.txt").write_text("words")
    return path


def scanned(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> FolderReport:
    view = panel.folder_view
    view.set_folder(folder)
    qtbot.waitUntil(lambda: view.report() is not None, timeout=20_000)
    qtbot.waitUntil(lambda: view.mosaic_view.mosaic.count() == len(view.mosaic_view._shown), timeout=20_000)
    report = view.report()
    assert report is not None
    return report


def row_of(view: FindingsView, name: str) -> int:
    (row,) = [row for row in range(view.model.rowCount()) if view.model.finding(row).path.name == name]
    return row


def test_a_folder_of_broken_files_shows_the_reasons_and_advises_nothing(
    panel: TrainingPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_text("no picture")
    before = panel.form.resolution()
    scanned(panel, tmp_path, qtbot)
    view, form = panel.folder_view, panel.form
    assert view.tabs.currentWidget() is view.findings
    said = view.findings.model.data(view.findings.model.index(row_of(view.findings, "a.png"), 3))
    assert said and "a.png" not in said and said[0].isupper(), "the name stands in the first column"
    assert form.resolution() == before
    assert not form._suggestion.isVisibleTo(panel) and not form._reasons.isVisibleTo(panel)
    assert not form.start.isEnabled() and "fewer than two" in form._hint.text()


def test_verdicts_filters_and_the_summary_line(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view, findings = panel.folder_view, panel.folder_view.findings
    assert panel.form.resolution() == 64
    text = view._summary.text()
    for words in ("10 used", "cropped: 9", "enlarged: 1", "look-alikes: 1", "1 left out", "unreadable: 1", "files: 1"):
        assert words in text, (words, text)
    for kind, count in {
        "all": 11,
        "used": 10,
        "cropped": 9,
        "enlarged": 1,
        "skipped": 1,
        "alike": 1,
        "other": 1,
    }.items():
        findings.set_kind(kind)
        assert findings.shown_files() == count, kind
    assert "Neither" in findings.model.data(findings.model.index(0, 3))
    assert not findings.commands.action("train.use-picture").isEnabled()
    findings.set_kind("all")
    model = findings.model
    shown = model.data(model.index(row_of(findings, "0.png"), VERDICT))
    assert "25" in shown and "cut off" in shown
    assert "1.6" in model.data(model.index(row_of(findings, "9 small.png"), VERDICT))
    # Fitted pictures lose nothing, but one is still smaller.
    panel.form.pictures.crop.setCurrentIndex(panel.form.pictures.crop.findData("fit"))
    qtbot.waitUntil(lambda: "cropped" not in view._summary.text(), timeout=20_000)
    findings.set_kind("cropped")
    assert findings.shown_files() == 0
    # All at once, and searched over everything that is listed.
    findings.set_kind("all")
    findings.tree.selectAll()
    assert len(findings.selected()) == 11
    findings.commands.run("selection.remove")
    report = view.report()
    assert report is not None and not report.used and not panel.form.start.isEnabled()


def test_sorting_keeps_to_numbers_and_the_order_of_paths(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    findings = panel.folder_view.findings
    findings.tree.sortByColumn(SIZE, Qt.SortOrder.AscendingOrder)
    assert [findings.model.finding(row).path.name for row in range(3)] == ["broken.png", "9 small.png", "0.png"]
    findings.tree.sortByColumn(VERDICT, Qt.SortOrder.DescendingOrder)
    assert [findings.model.finding(row).path.name for row in range(2)] == ["broken.png", "9 small.png"]


def test_leaving_out_and_taking_back(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view, findings = panel.folder_view, panel.folder_view.findings
    before = {path: path.read_bytes() for path in folder.iterdir()}
    findings.tree.setCurrentIndex(findings.model.index(row_of(findings, "4.png"), FILE))
    findings.commands.run("selection.remove")
    report = view.report()
    assert report is not None and len(report.used) == 9 and "by you: 1" in view._summary.text()
    assert [found.path.name for found in findings.selected()] == ["4.png"], "the selection stays"
    assert list(PictureDecisions.load().verdicts.values()) == ["drop"], "kept for the next time"
    # A look from the very beginning knows it, too.
    assert len(scanned(panel, folder, qtbot).used) == 9
    findings.tree.setCurrentIndex(findings.model.index(row_of(findings, "4.png"), FILE))
    findings.commands.run("train.judge-as-usual")
    report = view.report()
    assert report is not None and len(report.used) == 10 and not PictureDecisions.load().verdicts
    assert {path: path.read_bytes() for path in folder.iterdir()} == before, "the originals are untouched"


def test_look_alikes_are_decided_in_pairs(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    alike = panel.folder_view.near_duplicates
    assert alike.list.isVisibleTo(alike) and alike.both.isVisibleTo(alike)
    alike.set_report(None)
    assert not alike.list.isVisibleTo(alike) and not alike.both.isVisibleTo(alike), (
        "nothing to decide, nothing to press"
    )
    alike.set_report(panel.folder_view.report())
    ((first, second),) = alike.model.pairs
    assert (first.path.name, second.path.name) == ("2.png", "8 signed.png")
    panel.folder_view.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: not alike.left._image.isNull() and not alike.right._image.isNull(), timeout=20_000)
    alike.only_right.click()
    report = panel.folder_view.report()
    assert report is not None and len(report.used) == 9
    assert {found.path.name for found in report.skipped} == {"2.png", "broken.png"}
    ((first, second),) = alike.model.pairs
    assert (first.verdict, second.verdict) == ("skipped", "used"), "it can be taken back"
    alike.both.click()
    report = panel.folder_view.report()
    assert report is not None and len(report.used) == 10
    panel.form.pictures.drop_near.setChecked(True)
    assert panel.form.settings().near == "drop"
    qtbot.waitUntil(lambda: "8 signed.png" in str(panel.folder_view.report()), timeout=20_000)
    panel.folder_view._decisions.verdicts.clear()
    panel.folder_view._refresh(decided=True)
    report = panel.folder_view.report()
    assert report is not None and "near_duplicate" in {found.reasons[0] for found in report.skipped}


def test_the_square_is_moved_and_resized_within_reason(qtbot: QtBot) -> None:
    assert fitted((-50, -50, 90), 120, 90) == (0, 0, 90)
    assert fitted((100, 0, 60.4), 120, 90) == (60, 0, 60)
    assert fitted((0, 0, 500), 120, 90) == (0, 0, 120)
    assert fitted((9, -99, 500), 120, 90) == (0, -30, 120)
    canvas = CropCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(520, 420)
    canvas.show()
    image = QImage(200, 100, QImage.Format.Format_RGB888)
    canvas.show_picture(image, 2000, 1000, (500.0, 0.0, 1000.0))
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.box() == (501, 0, 1000)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.box() == (491, 0, 1000)
    QTest.keyClick(canvas, Qt.Key.Key_Minus, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.box() == (501, 10, 980)
    square = canvas._on_screen()
    middle = square.center().toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(canvas, (QPointF(middle) + QPointF(30, 0)).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert canvas.box()[0] == pytest.approx(501 + 30 / canvas._scale(), abs=2) and canvas.box()[2] == 980
    corner = canvas._on_screen().bottomRight().toPoint()
    left, top, _ = canvas.box()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=corner)
    QTest.mouseMove(canvas, (QPointF(corner) - QPointF(40, 40)).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert canvas.box()[:2] == (left, top) and canvas.box()[2] == pytest.approx(980 - 40 / canvas._scale(), abs=8)
    canvas.grab()


def test_own_crops_are_kept_and_reach_the_run(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    report = scanned(panel, folder, qtbot)
    view = panel.folder_view
    decisions = PictureDecisions()
    dialog = CropDialog(report.used, 1, Framing(32), decisions)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog._picture is not None, timeout=20_000)
    dialog.resize(dialog.minimumSizeHint())
    qtbot.waitUntil(lambda: dialog._hint.geometry().top() > dialog._preview.geometry().bottom(), timeout=5000)
    dialog.canvas.set_box((10.0, 20.0, 32.0))
    assert "own" in dialog._properties.text() and dialog.reset.isEnabled()
    dialog.next.click()
    assert dialog.finding().path.name == "2.png" and not dialog.reset.isEnabled()
    dialog.previous.click()
    assert decisions.boxes == {report.used[1].content: (10, 20, 32)}
    dialog.accept()
    view._decisions = decisions
    view._keep_decisions()
    assert PictureDecisions.load() == decisions
    panel.form._resolutions.button(32).click()
    started: list[RunDirectory] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunDirectory, "start", lambda self: started.append(self))
        panel.start_run()
    (run,) = started
    assert [one.path for one in list_runs()] == [run.path] and PictureDecisions.load(
        run.path / DECISIONS_FILE
    ) == decisions
    data = drain(prepare(run))
    with Image.open(folder / "1.png") as picture:
        assert np.array_equal(data[1], np.asarray(picture.convert("RGB").crop((10, 20, 42, 52))))
    qtbot.waitUntil(lambda: "prepared for training" in view.mosaic_view.set_status.text(), timeout=20_000)
    view._show_mosaic()
    qtbot.waitUntil(lambda: "begins at once" in view.mosaic_view.set_status.text(), timeout=20_000)
    assert view.mosaic_view.set_status.empty.isVisibleTo(view)


def test_augmentations_chosen_before_they_are_shown_are_the_ones_shown(
    panel: TrainingPanel, folder: Path, qtbot: QtBot
) -> None:
    scanned(panel, folder, qtbot)
    advanced = panel.form.advanced
    advanced.fields["augmentation"].setCurrentIndex(advanced.fields["augmentation"].findData("ada"))
    mosaic_view = panel.folder_view.mosaic_view
    mosaic_view.augmented.setChecked(True)
    assert mosaic_view.ada_when.isVisibleTo(panel) and "ADA" in mosaic_view._note.text()


def test_the_mosaic_shows_augmentations_when_asked(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view = panel.folder_view
    panel.form.budget.images.setValue(250_000)  # enough for a discriminator, which is what augmentations are for
    panel.form.advanced.fields["augment_share"].setValue(1)
    panel.form.advanced.fields["augment"].boxes["color"].setChecked(False)
    panel.form.advanced.fields["augment"].boxes["translation"].setChecked(False)
    count = len(view.mosaic_view._shown)

    def grey_tiles() -> int:
        """Tiles with the grey square of a cut-out somewhere."""
        tiles = [image for _, image in view.mosaic_view.mosaic._model.tiles]
        grey = 0
        for image in tiles:
            pixels = [image.pixelColor(x, y).name() for x in range(2, 64, 6) for y in range(2, 64, 6)]
            grey += pixels.count("#808080") >= 4
        return grey if len(tiles) == count else -1

    view.mosaic_view.augmented.setChecked(True)
    qtbot.waitUntil(lambda: grey_tiles() == count, timeout=60_000)
    view.mosaic_view.augmented.setChecked(False)
    qtbot.waitUntil(lambda: grey_tiles() == 0, timeout=20_000)


def test_the_mosaic_shows_ada_as_it_begins_and_at_the_most(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view, form = panel.folder_view, panel.form
    count = len(view.mosaic_view._shown)

    def tiles() -> list[bytes]:
        return [bytes(image.constBits()) for _, image in view.mosaic_view.mosaic._model.tiles]

    qtbot.waitUntil(lambda: len(tiles()) == count, timeout=20_000)
    plain = tiles()
    assert not view.mosaic_view.ada_when.isVisibleTo(panel)
    advanced = form.advanced
    advanced.fields["augmentation"].setCurrentIndex(advanced.fields["augmentation"].findData("ada"))
    form.budget.images.setValue(250_000)
    changes = form.changes()
    assert changes.ada_parts and changes.ada_most == 250_000 / form.settings().ada_images
    view.mosaic_view.augmented.setChecked(True)
    qtbot.waitUntil(lambda: len(tiles()) == count and "ADA at p" in view.mosaic_view._note.text(), timeout=20_000)
    assert view.mosaic_view.ada_when.isVisibleTo(panel) and f"{changes.ada_most:.2f}" in view.mosaic_view._note.text()
    assert sum(a != b for a, b in zip(tiles(), plain, strict=True)) >= count // 2
    view.mosaic_view.ada_when.setCurrentIndex(0)
    qtbot.waitUntil(lambda: tiles() == plain, timeout=20_000)
    assert "p = 0.00" in view.mosaic_view._note.text()


def test_the_mosaic_follows_the_preset(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view, form = panel.folder_view, panel.form
    form.budget.images.setValue(250_000)
    assert view._changes == form.changes() and view._changes.augment and not view._changes.ada_parts
    form.preset.setCurrentIndex(form.preset.findData("fine-tune"))
    assert view._changes == form.changes() and view._changes.ada_parts


def test_films_are_asked_about_where_there_are_any(panel: TrainingPanel, folder: Path, qtbot: QtBot) -> None:
    scanned(panel, folder, qtbot)
    view, controls = panel.folder_view, panel.form.pictures
    assert not controls.every.isVisibleTo(panel) and view.histogram._proposed == 64
    with av.open(str(folder / "walk.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 160, 128, "yuv420p", 4_000_000
        for scene in range(4):
            for _ in range(12):
                container.mux(stream.encode(av.VideoFrame.from_image(detailed(30 + scene, 160, 128))))
        container.mux(stream.encode())
    report = scanned(panel, folder, qtbot)
    assert controls.every.isVisibleTo(panel) and "frames of films: 4" in view._summary.text()
    assert report.every == 0
    controls.every.setValue(24)
    qtbot.waitUntil(lambda: (found := view.report()) is not None and found.every == 24, timeout=20_000)
    assert "frames of films: 2" in view._summary.text() and panel.form.settings().every == 24


def test_backgrounds_have_names_and_own_colours(qtbot: QtBot) -> None:
    chooser = BackgroundChooser()
    qtbot.addWidget(chooser)
    for value in ("#ffffff", "#000000", "#808080", "mean", "blur", "#123456"):
        chooser.show_value(value)
        assert chooser.color() == value
    assert chooser.own.isVisibleTo(chooser)


def test_of_many_rows_only_those_in_view_are_worked_out(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, asked = 20_000, set()
    data = FindingsModel.data

    def counted(model: FindingsModel, index: QModelIndex, *role: Any) -> Any:
        asked.add(index.row())
        return data(model, index, *role)

    monkeypatch.setattr(FindingsModel, "data", counted)
    findings = tuple(
        PictureFinding(tmp_path / f"{n}.png", 60 + n % 500, 100, "used" if n % 10 else "skipped", content=str(n))
        for n in range(count)
    )
    report = FolderReport(tmp_path, findings)
    thumbnails = FindingThumbnails()
    view = FindingsView(thumbnails)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.set_report(report, summarise(report, Framing(64), PictureDecisions()))
    view.tree.sortByColumn(SIZE, Qt.SortOrder.DescendingOrder)
    view.set_kind("skipped")
    view.tree.scrollToBottom()
    view.grab()
    assert 0 < len(asked) < 200
    assert view.shown_files() == count // 10
    thumbnails.close()


def test_findings_grow_while_the_folder_is_looked_through(tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(5):
        detailed(number).save(tmp_path / f"{number}.png")
    thumbnails = FindingThumbnails()
    view = FindingsView(thumbnails)
    qtbot.addWidget(view)
    counts: list[int] = []
    for progress in inspect_folder(tmp_path):
        view.model.grow(tmp_path, progress.findings, progress.step)  # type: ignore[attr-defined]
        counts.append(view.model.rowCount())
    assert counts == [1, 2, 3, 4, 5]
    assert view.model.data(view.model.index(3, FILE)) == "3.png"
    thumbnails.close()


def test_thumbnails_come_by_themselves(
    panel: TrainingPanel, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(panel, folder, qtbot)
    view = panel.folder_view
    told: list[int] = []
    view.thumbnails.arrived.connect(told.append)
    view.tabs.setCurrentIndex(1)

    def all_there() -> bool:
        view.findings.grab()
        model = view.findings.model
        images = [model.data(model.index(row, FILE), Qt.ItemDataRole.DecorationRole) for row in range(10)]
        return all(isinstance(image, QImage) and image.height() >= 40 for image in images)

    qtbot.waitUntil(all_there, timeout=20_000)
    assert len(set(told)) >= 10
