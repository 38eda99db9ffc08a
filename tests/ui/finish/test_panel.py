"""The Finish room with the real engine, on small pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from studio.engine import TorchEngine
from studio.gallery import Picture, SourceStore
from studio.media.color_profiles import matrix_profile
from studio.recipes import (
    CleanRecipe,
    EnlargeRecipe,
    FileRef,
    PhotoRecipe,
    RepairRecipe,
    StyleUse,
    StylizeRecipe,
    read_recipe,
)
from studio.recipes.documents import loads
from studio.ui.finish import FinishPanel
from studio.ui.finish.draft import Draft
from studio.ui.finish.print_dialog import PrintDialog
from studio.ui.widgets import DroppedPicture
from tests.fakes.context import RecordingContext, opened_context
from tests.support.clips import write_clip

PHOTO = PhotoRecipe(photo=FileRef(hash="ab" * 32, name="cat.jpg"))


@pytest.fixture
def context(tmp_path: Path, qapp: object) -> Iterator[RecordingContext]:
    sources = SourceStore(tmp_path / "Sources")
    with opened_context(lambda: TorchEngine(sources, device="cpu"), tmp_path, sources=sources) as made:
        yield made


@pytest.fixture
def panel(context: RecordingContext, qtbot: QtBot) -> Iterator[FinishPanel]:
    made = FinishPanel(context)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    yield made
    made.shutting_down()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Two colours, with a dark disc in the left one."""
    y, x = np.mgrid[0:48, 0:64]
    pixels = np.where((x < 32)[..., None], (200, 160, 90), (60, 110, 190)).astype(np.uint8)
    pixels[(x - 14) ** 2 + (y - 24) ** 2 < 30] = (20, 20, 20)
    path = tmp_path / "picture.png"
    Image.fromarray(pixels).save(path)
    return path


def settled(panel: FinishPanel) -> bool:
    """Whether the canvas shows what is wanted."""
    picture = panel.picture
    return picture.shown is not None and picture.shown == picture.wanted() and not picture.rest.isActive()


def opened(panel: FinishPanel, picture: Path, qtbot: QtBot) -> None:
    panel.take(DroppedPicture(picture, None, picture.name))
    qtbot.waitUntil(lambda: settled(panel))


def test_a_draft_makes_steps_of_what_is_not_at_rest() -> None:
    assert Draft(content=PHOTO, enlarged=False).result() == PHOTO and not Draft(enlarged=True).does_something
    whole = Draft(content=PHOTO, mask=PHOTO.photo, levels=0.5, factor=4.0)
    result = whole.result()
    assert isinstance(result, EnlargeRecipe) and isinstance(result.content, CleanRecipe)
    assert isinstance(result.content.content, RepairRecipe) and result.content.content.content == PHOTO
    assert Draft.of(result) == whole
    # What was done in another order stays below, and so do other steps.
    other = RepairRecipe(content=EnlargeRecipe(content=PHOTO), left=0.5)
    assert Draft.of(other).content == other.content and Draft.of(other).result() == other
    styled = StylizeRecipe(content=PHOTO, styles=(StyleUse(source=PHOTO),))
    assert Draft.of(styled).content == styled


def test_a_picture_is_enlarged_seen_and_saved(
    panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot
) -> None:
    assert panel.stack.currentWidget() is panel.invitation
    opened(panel, picture, qtbot)
    assert panel.stack.currentWidget() is panel.canvas
    qtbot.waitUntil(panel.canvas.has_detail)  # it is small, so all of it is in view, larger than it is
    assert "128 × 96" in panel.bar.info.text()
    panel.controls.enlarge.factor.setValue(3)
    assert "192 × 144" in panel.bar.info.text()
    assert panel.copy() and loads(QGuiApplication.clipboard().mimeData().text()) == panel.model.value.cleaned()
    panel.commands.run("picture.copy-recipe")
    assert loads(QGuiApplication.clipboard().text()) == panel.model.value.result()
    saved: list[Picture] = []
    context.pictureSaved.connect(saved.append)
    panel.save()
    assert panel.bar.stop_button.isVisibleTo(panel.bar)
    qtbot.waitUntil(lambda: bool(saved))
    recipe = read_recipe(saved[0].path)
    assert recipe == panel.model.value.result() and Image.open(saved[0].path).size == (192, 144)
    # Opened again, it is where it was.
    panel.set_content(PHOTO)
    assert recipe is not None
    panel.open_recipe(recipe)
    assert panel.model.value.factor == 3 and panel.model.value.result() == recipe
    assert context.problems == [] or "cat.jpg" in str(context.problems[0])


def stroke(
    panel: FinishPanel, *shares: tuple[float, float], keys: Qt.KeyboardModifier = Qt.KeyboardModifier(0)
) -> None:
    """Press, move and let go at places in shares of the picture."""
    target = panel.canvas.image_rect()
    at = [QPoint(int(target.left() + x * target.width()), int(target.top() + y * target.height())) for x, y in shares]
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, keys, at[0])
    for point in at[1:]:
        QTest.mouseMove(panel.canvas, point)
    QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, keys, at[-1])


def share_painted(panel: FinishPanel) -> float:
    mask = panel.canvas.painted_mask()
    assert mask is not None
    return float(
        np.mean([mask.pixelColor(x, y).value() > 127 for x in range(mask.width()) for y in range(mask.height())])
    )


def test_painting_a_mask_with_every_tool(
    panel: FinishPanel, picture: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(panel, picture, qtbot)
    repair = panel.controls.repair
    assert not repair.tools.button(1).isEnabled()
    repair.paint_button.click()
    qtbot.waitUntil(lambda: settled(panel))
    repair.tools.button(3).click()  # the wand on the disc
    stroke(panel, (14 / 64, 0.5))
    qtbot.waitUntil(lambda: panel.model.value.mask is not None)
    assert share_painted(panel) == pytest.approx(30 * np.pi / (48 * 64), rel=0.3)
    repair.tools.button(2).click()  # a box over the right half
    stroke(panel, (0.5, 0.0), (0.8, 0.7), (1.0, 1.0))
    assert share_painted(panel) == pytest.approx(0.53, abs=0.04)
    # How far it grows and how softly it ends is seen before anything is filled.
    widths = []
    for grow, feather in ((0.0, 0.0), (0.1, 0.0), (0.0, 0.1)):
        panel.model.edit(grow=grow, feather=feather)
        shown = panel.canvas.shown_mask()
        assert shown is not None
        line = [shown.pixelColor(x, 5).value() for x in range(shown.width())]
        widths.append((line.count(255), sum(0 < value < 255 for value in line)))
    assert widths == [(32, 0), (38, 0), (32, 6)]
    stroke(panel, (0.5, 0.0), (0.8, 0.7), (1.0, 1.0), keys=Qt.KeyboardModifier.AltModifier)  # and away again
    assert share_painted(panel) < 0.06
    stroke(panel, (0.5, 0.0), (0.8, 0.7), (1.0, 1.0))
    repair.erase_button.click()
    stroke(panel, (0.5, 0.0), (0.8, 0.7), (1.0, 1.0))
    assert share_painted(panel) < 0.06
    repair.erase_button.click()
    repair.tools.button(1).click()  # a lasso around the left upper corner
    stroke(panel, (0.0, 0.0), (0.2, 0.0), (0.2, 0.2), (0.0, 0.2))
    before = share_painted(panel)
    assert before == pytest.approx(0.04 + 0.03, abs=0.02)
    repair.invert_button.click()
    assert share_painted(panel) == pytest.approx(1 - before, abs=0.02)
    repair.clear_button.click()
    qtbot.waitUntil(lambda: panel.model.value.mask is None)
    white = tmp_path / "white.png"
    Image.new("L", (8, 8), 255).save(white)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(white), ""))
    repair.file_button.click()
    qtbot.waitUntil(lambda: panel.model.value.mask is not None)
    assert share_painted(panel) == 1
    panel.undo()
    assert panel.model.value.mask is None


def test_what_is_painted_is_filled_and_proposals_are_chosen(
    panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot
) -> None:
    opened(panel, picture, qtbot)
    panel.controls.repair.paint_button.click()
    qtbot.waitUntil(lambda: settled(panel))
    panel.canvas.set_brush(0.25)
    stroke(panel, (14 / 64, 0.5))
    qtbot.waitUntil(lambda: panel.model.value.mask is not None)
    panel.controls.repair.paint_button.click()
    qtbot.waitUntil(lambda: settled(panel))
    image = panel.canvas.image()
    assert image is not None and image.pixelColor(14, 24).red() > 150 and image.pixelColor(50, 24).red() < 100
    assert panel.canvas.has_before()
    panel.proposals.make()
    job = panel.jobs.newest("proposals")
    assert job is not None
    qtbot.waitUntil(lambda: job.is_over)
    row = panel.controls.repair.proposals
    assert row.isVisibleTo(panel)
    buttons = [b for b in row.children() if hasattr(b, "click")]
    assert len(buttons) >= 4
    buttons[-1].click()
    assert panel.model.value.seed == 3 and row.isVisibleTo(panel)
    qtbot.waitUntil(lambda: settled(panel))
    panel.model.edit(grow=0.0)  # they are of another repair
    assert not row.isVisibleTo(panel)
    qtbot.waitUntil(lambda: settled(panel))
    # The result is where the next repair begins.
    panel.go_on()
    assert isinstance(panel.model.value.content, RepairRecipe) and panel.model.value.mask is None
    assert context.problems == []


def test_new_canvas_and_cleaning(panel: FinishPanel, picture: Path, qtbot: QtBot) -> None:
    opened(panel, picture, qtbot)
    panel.controls.repair.edges[0].set_value(50)
    panel.controls.clean.sliders["levels"].set_value(100)
    qtbot.waitUntil(lambda: settled(panel))
    image = panel.canvas.image()
    assert image is not None and (image.width(), image.height()) == (96, 48)
    recipe = panel.model.value.cleaned()
    assert isinstance(recipe, CleanRecipe) and recipe.levels == 1 and isinstance(recipe.content, RepairRecipe)


def test_making_the_result_can_be_stopped(
    panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot
) -> None:
    opened(panel, picture, qtbot)
    panel.model.edit(measure="pixels", pixels=4000)
    saved: list[object] = []
    context.pictureSaved.connect(saved.append)
    panel.save()
    job = panel.jobs.newest("result")
    assert job is not None
    panel.cancel()
    qtbot.waitUntil(lambda: job.is_over)
    assert not panel.bar.stop_button.isVisibleTo(panel.bar) and panel.bar.save_button.isEnabled()
    assert saved == [] and context.problems == []


def test_the_session_comes_back(panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot) -> None:
    opened(panel, picture, qtbot)
    panel.model.edit(noise=0.3, measure="cm", length=21.0, dpi=150)
    state = panel.session()
    other = FinishPanel(context)
    qtbot.addWidget(other)
    other.restore_session(state)
    assert other.model.value == panel.model.value
    panel.undo()
    other.undo()
    assert other.model.value == panel.model.value and other.model.value.noise != 0.3
    panel.redo()
    other.redo()
    other.restore_session({"draft": {"nonsense": 1}})
    assert other.model.value == panel.model.value
    other.shutting_down()


def test_a_sheet_is_laid_out_proofed_and_exported(
    panel: FinishPanel, picture: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(panel, picture, qtbot)
    panel.print_sheet()
    dialog = panel.findChild(PrintDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.part.has_image)
    assert dialog.model.value.width > dialog.model.value.height
    dialog.combos["unit"].setCurrentIndex(1)
    dialog._lengths["width"][0].setValue(2)
    dialog._lengths["height"][0].setValue(1.5)
    assert dialog.model.value.width == pytest.approx(50.8) and dialog.model.value.height == pytest.approx(38.1)
    dialog._lengths["width"][0].setValue(20)
    assert not dialog.export_button.isEnabled() and "larger paper" in dialog.note.text()
    dialog._lengths["width"][0].setValue(2)
    dialog.dpi.setValue(72)
    dull = tmp_path / "dull.icc"
    dull.write_bytes(matrix_profile("Dull", ((0.45, 0.34), (0.31, 0.42), (0.24, 0.22)), (0.3127, 0.329), 2.2))
    dialog.set_profile(dull)
    qtbot.waitUntil(dialog.gamut.isEnabled)
    dialog.gamut.setChecked(True)
    qtbot.waitUntil(lambda: QImage.pixelColor(dialog.view._image, 0, 0).name() == "#ff00ff", timeout=10000)
    dialog.export(tmp_path / "sheet.tif")
    qtbot.waitUntil((tmp_path / "sheet.tif").exists)
    with Image.open(tmp_path / "sheet.tif") as page:
        assert page.info["icc_profile"] == dull.read_bytes()
    sheet = dialog.model.value
    dialog.reject()
    assert dialog._part_job is not None and dialog._part_job.is_over, "no answer comes to what is closed"
    dialog.setParent(None)
    # Opened again, the sheet lies there as it was; the printer's profile is to be chosen anew.
    panel._take_away()
    panel.take(DroppedPicture(tmp_path / "sheet.tif", None, "sheet.tif"))
    qtbot.waitUntil(lambda: panel.findChild(PrintDialog) is not None)
    again = panel.findChild(PrintDialog)
    assert again is not None and again.model.value == sheet.model_copy(update={"profile": None})
    assert panel.model.value.enlarged is False and isinstance(panel.model.value.content, PhotoRecipe)
    again.reject()


def test_a_clip_is_finished_and_its_film_brings_the_settings_back(
    panel: FinishPanel, context: RecordingContext, tmp_path: Path, qtbot: QtBot
) -> None:
    rng = np.random.default_rng(0)
    still = np.kron(rng.integers(0, 255, (6, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    clip = write_clip(tmp_path / "clip.mp4", [still] * 4)
    panel.open_clip(clip)
    qtbot.waitUntil(lambda: settled(panel))
    assert panel.clip.make_button.isEnabled() and panel.clip.isVisibleTo(panel)
    panel.model.edit(enlarged=False)
    assert not panel.clip.make_button.isEnabled()  # nothing would change
    panel.model.edit(levels=0.5, enlarged=True, factor=3.0)
    first = panel.model.value.content
    panel.clip.strip.set_position(2 * panel.clip.strip.step())
    qtbot.waitUntil(lambda: panel.model.value.content != first or panel.clip.strip.position() > 0)
    out = tmp_path / "film.mp4"
    panel.clip.make_film_at(out)
    run = panel.clip.film
    assert run is not None
    qtbot.waitUntil(lambda: not run.running, timeout=20_000)
    assert out.is_file() and context.problems == [] and panel.clip.film_row.outside_button.isVisibleTo(panel)
    panel.set_content(PHOTO)
    panel.open_recipe(PHOTO)
    assert panel.clip.path() is None and not panel.clip.isVisibleTo(panel)
    panel.open_clip(out)
    qtbot.waitUntil(lambda: panel.clip.path() == clip and settled(panel))
    assert (panel.model.value.levels, panel.model.value.factor) == (0.5, 3.0)


def test_undo_beside_a_clip_keeps_its_frame_and_leads_out_of_it(
    panel: FinishPanel, context: RecordingContext, picture: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    frames = [np.full((48, 64, 3), level, np.uint8) for level in (40, 120, 200)]
    clip = write_clip(tmp_path / "clip.mp4", frames)
    opened(panel, picture, qtbot)
    photo = panel.model.value.content
    panel.open_clip(clip)
    qtbot.waitUntil(lambda: settled(panel) and panel.clip.path() == clip)
    first, strip = panel.model.value.content, panel.clip.strip
    panel.model.edit(levels=0.5)

    def look_at(position: float) -> None:
        before = panel.model.value.content
        strip.set_position(position)
        qtbot.waitUntil(lambda: panel.model.value.content != before)

    look_at(strip.step())
    panel.model.edit(levels=0.8)
    look_at(2 * strip.step())
    last = panel.model.value.content
    for expected in (0.5, Draft().levels):
        panel.undo()
        assert (panel.model.value.levels, panel.model.value.content) == (expected, last), "frames are no steps"
        assert panel.clip.path() == clip
    panel.redo()
    assert panel.model.value.levels == 0.5
    # The session has the steps beside the clip, and opens it again without one.
    state = json.loads(json.dumps(panel.session()))
    again = FinishPanel(context)
    qtbot.addWidget(again)
    again.show()
    again.restore_session(state)
    qtbot.waitUntil(lambda: again.clip.path() == clip and again.model.value.content is not None)
    shown = again.model.value.content
    assert shown == first and again.model.value.levels == 0.5
    again.redo()
    assert (again.model.value.levels, again.model.value.content) == (0.8, shown)
    again.undo()
    again.undo()
    assert again.model.value.levels == Draft().levels and again.clip.path() == clip and not again.can_undo()
    again.shutting_down()
    # Before the clip there was the picture.
    panel.undo()
    panel.undo()
    assert panel.model.value.content == photo and panel.clip.path() is None and not panel.clip.isVisibleTo(panel)
    qtbot.waitUntil(lambda: settled(panel))
    assert not context.problems


def test_a_picture_whose_mask_is_missing_is_shown_as_it_is(
    panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot
) -> None:
    photo = PhotoRecipe(photo=context.sources.add(picture))
    panel.open_recipe(RepairRecipe(content=photo, mask=FileRef(hash="cd" * 32, name="mask.png")))
    qtbot.waitUntil(lambda: panel.canvas.image() is not None and bool(context.problems))
    assert "mask.png" in str(context.problems[0])


def test_several_pictures_are_finished_as_the_panel_says(
    panel: FinishPanel, context: RecordingContext, picture: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    context.settings.remember_folder("batch-in", tmp_path / "before")  # this one is searched first
    pictures = [tmp_path / "in" / f"{name}.png" for name in "ab"]
    pictures[0].parent.mkdir()
    for number, each in enumerate(pictures):
        Image.open(picture).rotate(90 * number, expand=True).save(each)
    assert panel.many_pictures_offer(2) == "Finish all 2 …"
    panel.model.edit(levels=1.0, enlarged=False)
    panel.open_pictures(pictures)
    dialog = panel._batch
    assert dialog is not None
    dialog.kind.setCurrentIndex(dialog.kind.findData(".png"))
    out = tmp_path / "in finished"
    qtbot.waitUntil(lambda: Path(dialog.folder_out.text()) == out and dialog.start_button.isEnabled())
    assert "cleaned" in dialog.summary.text() and "enlarged" not in dialog.summary.text()
    dialog.start()
    qtbot.waitUntil(lambda: "2 pictures made" in dialog.sentence.text())
    made = read_recipe(out / "a.png")
    assert isinstance(made, CleanRecipe) and isinstance(made.content, PhotoRecipe) and made.levels == 1
    assert sorted(path.name for path in out.glob("*.png")) == ["a.png", "b.png"]
