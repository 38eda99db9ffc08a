"""The Stylize room: with an engine of our own that is quick and can be held, and at the end with the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from studio.gallery import Picture, SourceStore
from studio.recipes import (
    FileRef,
    LatentSeed,
    PhotoRecipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
    read_recipe,
)
from studio.recipes.documents import dumps, loads
from studio.ui.context import StudioContext
from studio.ui.shell.status import JobStatus
from studio.ui.stylize import StylizerPanel, previews
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.masks.style_part import StylePartDialog
from studio.ui.stylize.unsaved_finals import recovery_dir
from studio.ui.theme import colors
from studio.ui.widgets import DroppedPicture, ImageDrop, from_qimage
from studio.ui.widgets.blend_pad import corners, inside, point_of, shares_at
from studio.worker import Finishing, JobState, thread_pool
from tests.fakes import PaintingEngine, opened_context
from tests.support.stylize_room import opened_panel, panel

__all__ = ["panel"]

SAMPLE = SampleRecipe(model=FileRef(hash="a" * 64, name="people.safetensors"), latent=LatentSeed(seed=7))


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    found = []
    for number, name in enumerate(("beach", "waves", "night")):
        path = tmp_path / f"{name}.png"
        pixels = np.random.default_rng(number).integers(0, 255, (40, 80, 3), np.uint8)
        Image.fromarray(pixels).save(path)
        found.append(path)
    return found


@pytest.fixture
def engine(tmp_path: Path) -> PaintingEngine:
    return PaintingEngine(SourceStore(tmp_path / "Sources"))


@pytest.fixture
def context(tmp_path: Path, engine: PaintingEngine, qapp: QApplication) -> Iterator[StudioContext]:
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as made:
        yield made
        engine.let_go()


def dropped(path: Path) -> DroppedPicture:
    return DroppedPicture(path, None, path.name)


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def fill(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    """Photo, two styles, and the preview at full size."""
    assert panel.invitation.take(mime_of(*photos))
    qtbot.waitUntil(lambda: len(panel.model.value.styles) == len(photos) - 1)
    qtbot.waitUntil(lambda: panel.previews.latest is not None and panel.previews.latest.full, timeout=5000)
    qtbot.waitUntil(panel.canvas.has_before)


def colour(panel: StylizerPanel) -> int:
    image = panel.canvas.image()
    return -1 if image is None else image.pixelColor(0, 0).red()


def test_several_pictures_on_the_invitation(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    assert panel.stack.currentWidget() is panel.invitation
    panel.grab()
    fill(panel, qtbot, photos)
    assert panel.stack.currentWidget() is panel.canvas
    content = panel.model.value.content
    assert isinstance(content, PhotoRecipe) and content.photo.name == "beach.png"
    names = [use.source.photo.name for use in panel.model.value.styles if isinstance(use.source, PhotoRecipe)]
    assert names == ["waves.png", "night.png"]
    assert [row.share.text() for row in panel.styles.rows()] == ["50 % of the blend"] * 2
    qtbot.waitUntil(lambda: all(row.thumbnail.has_image() for row in panel.styles.rows()))
    assert colour(panel) == 100
    panel.grab()
    assert panel.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage() and loads(mime.text()) == panel.recipe()


def test_the_clipboard_and_raw_image_data(panel: StylizerPanel, qtbot: QtBot) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    panel.photo.setFocus()
    QTest.keyClick(panel.photo, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.model.value.content is not None)
    assert isinstance(panel.model.value.content, PhotoRecipe)
    path = panel.context.sources.find(panel.model.value.content.photo)
    assert path is not None and Image.open(path).size == (30, 20)
    # Without a style the photo itself is shown.
    qtbot.waitUntil(lambda: colour(panel) == 255)
    assert "style" in panel.bar.info.text().lower()
    assert not panel.card.render_button.isEnabled() and not panel.bar.save_button.isEnabled()


def test_what_is_no_picture_is_refused(panel: StylizerPanel, qtbot: QtBot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    with qtbot.waitSignal(panel.context.problem) as told:
        panel._on_photo(dropped(bad))
    assert "bad.png" in told.args[0].message
    assert panel.model.value.content is None


def test_a_slider_gives_a_small_preview_then_the_full_one(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    panel.model.edit(size=1024)
    fill(panel, qtbot, photos)
    engine.asked.clear()
    panel.styles.rows()[0].weight.set_value(0.5)
    assert panel.styles.rows()[0].share.text() == "33 % of the blend"
    qtbot.waitUntil(lambda: len(engine.asked) >= 2)
    sides = [side for _recipe, side in engine.asked]
    assert sides[0] is not None and sides[0] <= 512 and sides[-1] is None
    recipe = engine.asked[-1][0]
    assert isinstance(recipe, StylizeRecipe) and recipe.styles[0].weight == 0.5 and recipe.method == "preview"


def test_undo_and_redo(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    panel.controls.style_strength.set_value(0.25)
    panel.controls.style_strength.editingFinished.emit()
    panel.controls.keep_colors.click()
    panel.styles.rows()[1].remove_button.click()
    assert len(panel.model.value.styles) == 1
    panel.undo()
    assert len(panel.styles.rows()) == 2
    panel.undo()
    assert not panel.controls.keep_colors.isChecked() and panel.controls.style_strength.value() == 0.25
    panel.undo()
    assert panel.controls.style_strength.value() == 1.0
    panel.redo()
    assert panel.controls.style_strength.value() == 0.25

    # The photo comes back, and its small picture with it.
    def small() -> QImage:
        return QImage() if panel.photo._thumbnail is None else panel.photo._thumbnail.toImage()

    qtbot.waitUntil(lambda: not small().isNull())
    before = small()
    panel.set_content(panel.model.value.styles[0].source)
    qtbot.waitUntil(lambda: small() != before)
    panel.undo()
    qtbot.waitUntil(lambda: small() == before)
    for _ in range(10):
        panel.undo()
    assert panel.model.value == Draft() and panel.stack.currentWidget() is panel.invitation


def test_sizes_seed_and_quality(panel: StylizerPanel) -> None:
    panel.controls.size_buttons[1024].click()
    assert panel.model.value.size == 1024 and panel.controls.size_field.value() == 1024
    panel.controls.size_field.setValue(700)
    assert panel.model.value.size == 700 and not any(b.isChecked() for b in panel.controls.size_buttons.values())
    panel.controls.seed.setValue(2**32 - 1)
    assert panel.model.value.seed == 2**32 - 1
    panel.controls.random_seed.click()
    panel.controls.quality.activated.emit(2)
    panel.controls.network.activated.emit(1)
    assert panel.model.value.steps == 800 and panel.model.value.network == "vgg19"
    assert "548" in panel.controls.download.text() and not panel.controls.download.isHidden()


def test_open_recipe_restores_every_control(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    refs = [panel.context.sources.add(path) for path in photos]
    recipe = StylizeRecipe(
        content=SAMPLE,
        styles=tuple(
            StyleUse(source=PhotoRecipe(photo=ref), weight=weight, scale=scale)
            for ref, weight, scale in zip(refs, (0.2, 0.8, 0.0), (1.0, 2.0, 0.5), strict=True)
        ),
        method="optimise",
        network="vgg19",
        size=4000,
        content_strength=0.3,
        style_strength=0.7,
        keep_colors=True,
        steps=77,
        seed=4_000_000_000,
    )
    panel.open_recipe(recipe)
    qtbot.waitUntil(lambda: panel.previews.latest is not None)
    assert panel.model.value.recipe("optimise") == recipe
    rows = panel.styles.rows()
    assert [(row.weight.value(), row.scale.value()) for row in rows] == [(0.2, 1.0), (0.8, 2.0), (0.0, 0.5)]
    controls = panel.controls
    assert controls.content.value() == 0.3 and controls.style_strength.value() == 0.7
    assert controls.keep_colors.isChecked() and controls.size_field.value() == 4000
    assert controls.quality.currentData() == 77 and controls.network.currentData() == "vgg19"
    assert controls.seed.value() == 4_000_000_000 and panel.side.photo_name.text() == "Seed 7"
    assert not panel.context.problems  # type: ignore[attr-defined]


def test_a_missing_photo_is_named_and_recognised_when_dropped(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path], tmp_path: Path
) -> None:
    elsewhere = SourceStore(tmp_path / "elsewhere")
    refs = [elsewhere.add(photos[0]), panel.context.sources.add(photos[1])]
    recipe = StylizeRecipe(
        content=PhotoRecipe(photo=refs[0]), styles=(StyleUse(source=PhotoRecipe(photo=refs[1])),), steps=50
    )
    with qtbot.waitSignal(panel.context.problem) as told:
        panel.open_recipe(recipe)
    assert "beach.png" in told.args[0].message
    assert "beach.png" in panel.canvas._message and not panel.card.render_button.isEnabled()
    assert not any(isinstance(asked, StylizeRecipe) for asked, _side in engine.asked)
    panel._on_style(dropped(photos[0]))
    qtbot.waitUntil(lambda: panel.previews.latest is not None)
    assert panel.model.value.recipe("preview") == recipe
    assert len(panel.context.problems) == 1  # type: ignore[attr-defined]


def test_final_render(panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    engine.fetch, engine.hold_at = True, {31}
    panel.commands.action("stylize.render").trigger()
    qtbot.waitUntil(lambda: colour(panel) == 30)
    assert "30 of 300" in panel.card.text.text() and panel.card.cancel_button.isVisible()
    assert "Rendering" in panel.bar.info.text()
    panel.card.pause_button.click()
    final = panel.finals.latest
    assert final is not None and final.job is not None and final.job.state is JobState.PAUSED
    assert "paused" in panel.card.text.text()
    panel.grab()
    panel.card.pause_button.click()
    engine.go.set()
    qtbot.waitUntil(lambda: colour(panel) == 255)
    assert panel.card.render_button.isVisible() and "Final render" in panel.bar.info.toolTip()
    with qtbot.waitSignal(panel.context.pictureSaved) as saved:
        panel.save()
    picture: Picture = saved.args[0]
    assert picture.recipe == panel.model.value.recipe("optimise")
    assert np.asarray(Image.open(picture.path))[0, 0, 0] == 255


def test_fetching_the_network_is_told(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(panel, qtbot, photos)
    engine.fetch, engine.hold_at = True, {1}
    texts: list[str] = []
    shown = panel.card.text.setText
    monkeypatch.setattr(panel.card.text, "setText", lambda text: (texts.append(text), shown(text)))
    panel.render_final()
    qtbot.waitUntil(lambda: any("Fetching the perceptual network" in text for text in texts))


def test_cancel_keeps_the_picture_and_saves_the_steps_done(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.hold_at = {46}
    panel.render_final()
    qtbot.waitUntil(lambda: panel.finals.latest is not None and panel.finals.latest.progress.step == 45)
    panel.card.cancel_button.click()
    engine.go.set()
    qtbot.waitUntil(lambda: "Stopped after 40 of 300" in panel.bar.info.toolTip())
    assert colour(panel) == 40
    with qtbot.waitSignal(panel.context.pictureSaved) as saved:
        panel.save()
    recipe = saved.args[0].recipe
    assert isinstance(recipe, StylizeRecipe) and recipe.steps == 300 and recipe.stop_after == 40
    # Opened again it comes from the gallery, with nothing rendered, and the quality as it was asked for.
    other = StylizerPanel(panel.context)
    qtbot.addWidget(other)
    engine.asked.clear()
    other.open_recipe(recipe)
    qtbot.waitUntil(lambda: colour(other) == 40)
    assert other.controls.quality.currentData() == 300 and other.recipe() == recipe
    assert not any(isinstance(asked, StylizeRecipe) for asked, _side in engine.asked)
    other.shutting_down()


def test_cancel_before_the_first_step(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.hold_at = {1}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 1)
    panel.finals.cancel()
    engine.go.set()
    qtbot.waitUntil(lambda: colour(panel) == 100)
    assert panel.recipe() == panel.model.value.recipe("preview")


def test_the_preview_stays_live_while_the_final_renders(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.hold_at = {11}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 10)
    asked_for = panel.model.value
    panel.controls.style_strength.set_value(0.4)
    panel.controls.style_strength.editingFinished.emit()
    assert panel.card.show_button.isVisible()
    engine.go.set()
    qtbot.waitUntil(lambda: panel.finals.latest is not None and not panel.finals.latest.running)
    qtbot.waitUntil(lambda: colour(panel) == 100)
    # The other settings only change how it is optimised: the picture stays.
    panel.card.show_button.click()
    assert panel.model.value == asked_for and colour(panel) == 255
    panel.controls.quality.activated.emit(0)
    assert colour(panel) == 255
    panel.undo()
    panel.undo()
    # Nothing but the strength differs: the finished picture is changed rather than left for the preview.
    qtbot.waitUntil(lambda: panel.finals.latest is not None and panel.finals.latest.recipe.start is not None)
    qtbot.waitUntil(lambda: panel.finals.latest is not None and not panel.finals.latest.running)
    assert panel.finals.latest is not None and panel.finals.latest.recipe.style_strength == 0.4 and colour(panel) == 255


def test_a_moved_slider_changes_the_finished_picture(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    panel.render_final()
    qtbot.waitUntil(lambda: panel.finals.latest is not None and not panel.finals.latest.running)
    done = panel.finals.latest
    assert done is not None
    for strength in (0.7, 0.6):
        panel.controls.style_strength.set_value(strength)
        panel.controls.style_strength.editingFinished.emit()

        def settled(wanted: float = strength) -> bool:
            final = panel.finals.latest
            return final is not None and final.recipe.style_strength == wanted and not final.running

        qtbot.waitUntil(settled)
        touched = panel.recipe()
        # Each touch-up starts from the same full render: by which way the slider came makes no difference.
        assert isinstance(touched, StylizeRecipe) and touched.start == done.recipe and touched.start.start is None
        remembered, image = engine.remembered
        assert remembered == done.recipe and int(image[0, 0, 0]) == 255
    # Back at its settings, the finished picture itself comes back.
    asked = len(engine.asked)
    panel.controls.style_strength.set_value(1.0)
    assert panel.finals.latest is done and len(engine.asked) == asked
    # Another photo is no touch-up.
    panel.add_style(SAMPLE)
    qtbot.waitUntil(lambda: colour(panel) == 100)


def test_a_stopped_render_is_continued_from_its_picture(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.hold_at = {31}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 30)
    panel.finals.cancel()
    engine.go.set()
    qtbot.waitUntil(lambda: panel.finals.latest is not None and not panel.finals.latest.running)
    assert panel.card.continue_button.isVisible() and panel.finals.latest is not None
    stopped = panel.finals.latest.recipe_of_image()
    assert stopped.stop_after == 30
    panel.card.continue_button.click()
    qtbot.waitUntil(lambda: panel.finals.latest is not None and not panel.finals.latest.running)
    continued = panel.recipe()
    assert isinstance(continued, StylizeRecipe) and continued.start == stopped
    assert continued.steps == stopped.steps - 30 and colour(panel) == 255
    assert not panel.card.continue_button.isVisible()


def test_the_pad_sets_the_weights_and_follows_the_sliders(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    assert panel.pad.isVisible() == (len(panel.model.value.styles) >= 2)
    panel.add_style(SAMPLE)
    panel.add_style(SAMPLE.model_copy(update={"truncation": 0.1}))
    count = len(panel.model.value.styles)
    pad = panel.pad
    assert pad.isVisible() and (pad.dot() - pad.rect().toRectF().center()).manhattanLength() < 3
    target = pad.corner(1).toPoint()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.dot().toPoint())
    QTest.mouseMove(pad, target)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=target)
    weights = [use.weight for use in panel.model.value.styles]
    assert weights[1] == 1 and sum(weights) < 1.1
    assert panel.styles.rows()[1].weight.value() == 1 and panel.styles.rows()[0].weight.value() < 0.1
    panel.undo()
    assert [use.weight for use in panel.model.value.styles] == [1.0] * count
    panel.styles.rows()[0].weight.set_value(0.0)
    assert pad.dot().y() > pad.rect().toRectF().center().y() + 5  # away from the first style, which is at the top


@given(st.integers(2, 8), st.floats(-2, 2), st.floats(-2, 2))
def test_shares_of_a_polygon(count: int, x: float, y: float) -> None:
    polygon = corners(count)
    found = shares_at((x, y), polygon)
    assert sum(found) == pytest.approx(1) and min(found) >= 0
    for index, corner in enumerate(polygon):
        assert shares_at(corner, polygon)[index] == pytest.approx(1, abs=1e-6)
    # Mean value coordinates give back the point itself, the nearest one of the polygon.
    back, near = point_of(found, polygon), inside((x, y), polygon)
    assert back == pytest.approx(near, abs=1e-5)
    halfway = ((polygon[0][0] + polygon[1][0]) / 2, (polygon[0][1] + polygon[1][1]) / 2)
    assert shares_at(halfway, polygon)[:2] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_mask_is_painted_inverted_undone_and_cleared(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    panel.where.set_expanded(True)
    panel.where.paint_button.setChecked(True)
    canvas = panel.canvas
    box = canvas.image_rect()
    panel.where.brush.set_value(20)
    assert canvas.brush() == pytest.approx(0.2)

    def stroke(share: float) -> None:
        at = QPointF(box.left() + share * box.width(), box.center().y()).toPoint()
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at)

    def painted(ref: FileRef | None) -> np.ndarray:
        assert ref is not None
        path = engine.sources.find(ref)
        assert path is not None
        return np.asarray(Image.open(path).convert("L"))

    stroke(0.25)
    qtbot.waitUntil(lambda: panel.model.value.mask is not None)
    first = panel.model.value.mask
    mask = painted(first)
    middle, width = mask.shape[0] // 2, mask.shape[1]
    assert mask[middle, width // 4] == 255 and mask[middle, 3 * width // 4] == 0
    panel.where.erase_button.click()
    stroke(0.25)
    qtbot.waitUntil(lambda: panel.model.value.mask is None)  # all was erased: there is no mask
    panel.undo()
    assert panel.model.value.mask == first
    qtbot.waitUntil(lambda: canvas.painted_mask() is not None)
    panel.where.invert_button.click()
    qtbot.waitUntil(lambda: panel.model.value.mask not in (None, first))
    assert np.array_equal(painted(panel.model.value.mask), 255 - mask)
    panel.where.feather.set_value(5)
    recipe = panel.model.value.recipe("preview")
    assert recipe is not None and recipe.mask == panel.model.value.mask and recipe.feather == pytest.approx(0.05)
    # A style's own region.
    panel.where.erase_button.click()
    panel.where.target.setCurrentIndex(1)
    panel.where.target.activated.emit(1)
    assert canvas.painted_mask() is None
    stroke(0.75)
    qtbot.waitUntil(lambda: panel.model.value.styles[0].region is not None)
    region = painted(panel.model.value.styles[0].region)  # as large as the picture was just then
    assert region[region.shape[0] // 2, 3 * region.shape[1] // 4] == 255
    panel.where.clear_button.click()
    qtbot.waitUntil(lambda: panel.model.value.styles[0].region is None)
    assert panel.model.value.mask is not None


def test_a_part_of_a_styles_own_picture_is_painted(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    row = panel.styles.rows()[0]
    qtbot.waitUntil(row.part_button.isEnabled)

    def asked() -> StylePartDialog:
        row.part_button.click()
        qtbot.waitUntil(lambda: any(each.isVisible() for each in panel.window().findChildren(StylePartDialog)))
        return next(each for each in panel.window().findChildren(StylePartDialog) if each.isVisible())

    def dab(dialog: StylePartDialog, share: float) -> None:
        box = dialog.canvas.image_rect()
        at = QPointF(box.left() + share * box.width(), box.center().y()).toPoint()
        QTest.mouseClick(dialog.canvas, Qt.MouseButton.LeftButton, pos=at)

    dialog = asked()
    dab(dialog, 0.25)
    dialog.reject()
    assert panel.model.value.styles[0].part is None and not row.part_button.isChecked()
    dialog = asked()
    assert dialog.mask_png() is None  # what was not accepted is gone
    dab(dialog, 0.25)
    dialog.accept()
    qtbot.waitUntil(lambda: panel.model.value.styles[0].part is not None and row.part_button.isChecked())
    ref = panel.model.value.styles[0].part
    assert ref is not None and panel.model.value.styles[0].region is None
    path = engine.sources.find(ref)
    assert path is not None
    mask = np.asarray(Image.open(path).convert("L"))
    middle, width = mask.shape[0] // 2, mask.shape[1]
    assert mask[middle, width // 4] == 255 and mask[middle, 3 * width // 4] == 0
    recipe = panel.model.value.recipe("preview")
    assert recipe is not None and recipe.styles[0].part == ref
    # It is there to be changed; cleared, all of the picture counts again, and undoing brings it back.
    dialog = asked()
    shown = dialog.canvas.painted_mask()
    assert shown is not None and dialog.clear_button.isEnabled()
    dialog.clear_button.click()
    dialog.accept()
    qtbot.waitUntil(lambda: panel.model.value.styles[0].part is None and not row.part_button.isChecked())
    panel.undo()
    assert panel.model.value.styles[0].part == ref and panel.styles.rows()[0].part_button.isChecked()


def test_the_advanced_controls_reach_the_recipe(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    controls = panel.controls
    controls.keep_colors.click()
    controls.color_transfer.activated.emit(controls.color_transfer.findData("histogram"))
    controls.detail.set_value(0.4)
    controls.loss.activated.emit(controls.loss.findData("gram"))
    controls.seamless.click()
    recipe = panel.model.value.recipe("optimise")
    assert recipe is not None and recipe.keep_colors and recipe.color_transfer == "histogram"
    assert recipe.detail == 0.4 and recipe.loss == "gram" and recipe.seamless
    controls.texture.click()
    assert not controls.content.isEnabled() and not panel.where.paint_button.isEnabled()
    panel._remove_photo()
    # Without a photo the first style gives the proportions.
    texture = panel.model.value.recipe("preview")
    assert texture is not None and texture.texture and texture.content == texture.styles[0].source
    qtbot.waitUntil(lambda: colour(panel) == 100)
    panel.open_recipe(recipe)
    assert not controls.texture.isChecked() and controls.seamless.isChecked()


def test_saving_a_preview_renders_it_at_full_size(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    panel.controls.size_buttons[2048].click()
    with qtbot.waitSignal(panel.context.pictureSaved) as saved:
        panel.save()
    assert (saved.args[0].width, saved.args[0].recipe.method) == (2048, "preview")


def test_a_refined_preview_follows_when_the_hand_rests(
    panel: StylizerPanel,
    engine: PaintingEngine,
    qtbot: QtBot,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(previews, "perceptual_ready", lambda network: True)
    panel.previews._refine_after.setInterval(0)
    engine.hold_at = {2}
    fill(panel, qtbot, photos)
    # It is seen before it is done, and saved as it will be.
    qtbot.waitUntil(lambda: colour(panel) == 1)
    assert panel.bar.info.toolTip().startswith("Refined preview")
    with qtbot.waitSignal(panel.context.pictureSaved) as early:
        panel.save()
        engine.let_go()
    assert early.args[0].recipe.method == "refined"
    qtbot.waitUntil(lambda: colour(panel) == 255)
    # While a control moves, the instant one is back.
    panel.previews._refine_after.setInterval(100_000)
    panel.model.edit(content_strength=0.9)
    qtbot.waitUntil(lambda: colour(panel) == 100)
    assert panel.bar.info.toolTip().startswith("Instant preview")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_export(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    fill(panel, qtbot, photos)
    path = tmp_path / f"out{suffix}"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *args: (str(path), ""))
    with qtbot.waitSignal(panel.context.notify):
        panel.export()
    assert read_recipe(path) == panel.recipe()


def test_the_feather_is_seen_while_painting(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    panel.where.set_expanded(True)
    panel.where.paint_button.setChecked(True)
    canvas = panel.canvas
    panel.where.feather.set_value(0.0)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.image_rect().center().toPoint())

    def greys() -> int:
        mask = canvas.shown_mask()
        assert mask is not None
        row = [mask.pixelColor(x, mask.height() // 2).red() for x in range(mask.width())]
        return sum(8 < grey < 247 for grey in row)

    hard = greys()
    panel.where.feather.set_value(4.0)
    assert panel.model.value.feather == pytest.approx(0.04)
    assert greys() > hard + 20
    plain = canvas.grab().toImage()
    panel.where.feather.set_value(0.0)
    assert canvas.grab().toImage() != plain


def test_a_style_whose_picture_is_known_already_joins_the_pad(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    known = panel.model.value.styles[0].source
    qtbot.waitUntil(lambda: panel.pad.has_picture(0))
    panel.add_style(known)
    assert len(panel.model.value.styles) == 3 and panel.pad.has_picture(2)


def test_what_is_painted_has_an_outline_and_erasing_ends_with_painting(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    panel.where.set_expanded(True)
    canvas = panel.canvas
    # As blue as the tint: without an outline nothing would be seen.
    canvas.set_image(np.full((64, 64, 3), [QColor(colors().accent).getRgb()[:3]], np.uint8))
    panel.where.paint_button.setChecked(True)

    def light() -> int:
        shown = from_qimage(canvas.grab(canvas.image_rect().toRect()).toImage())
        return int((shown.min(axis=2) > 180).sum())

    before = light()
    canvas.show_mask(QImage(64, 64, QImage.Format.Format_Grayscale8))
    painter = QPainter(canvas.painted_mask())
    painter.fillRect(0, 0, 64, 64, Qt.GlobalColor.black)
    painter.fillRect(16, 16, 32, 32, Qt.GlobalColor.white)
    painter.end()
    assert light() > before + 100
    panel.where.erase_button.click()
    assert panel.where.erase_button.isChecked()
    panel.where.paint_button.click()
    assert not panel.where.erase_button.isChecked() and not canvas._erasing


def test_a_final_render_belongs_to_its_photo(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    beach, look = panel.model.value.content, panel.model.value
    panel.model.edit(steps=20)
    panel.render_final()
    qtbot.waitUntil(lambda: not panel.finals.running() and colour(panel) == 255)
    panel.set_content(PhotoRecipe(photo=panel.context.sources.add(photos[1])))
    qtbot.waitUntil(lambda: colour(panel) == 100)
    assert panel.finals.shown() is None and not panel.card.show_button.isVisible()
    # One that runs is told under the name of its photo, and can be stopped, but not shown.
    engine.hold_at = {11}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 10)
    assert beach is not None
    panel.set_content(beach)
    qtbot.waitUntil(lambda: colour(panel) == 255)  # the finished picture of this photo is there again
    assert panel.card.text.text().startswith("waves") and panel.card.cancel_button.isVisible()
    assert not panel.card.show_button.isVisible()
    engine.go.set()
    qtbot.waitUntil(lambda: not panel.finals.running())
    assert colour(panel) == 255 and panel.model.value.content == beach
    panel.model.edit(styles=look.styles[:1])
    assert panel.card.show_button.isVisible()
    panel.card.show_button.click()
    assert panel.model.value.content == beach and colour(panel) == 255


def test_the_card_is_as_high_in_every_state_and_has_the_only_bar(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    status = JobStatus(panel.context.worker)
    qtbot.addWidget(status)
    status.show()
    fill(panel, qtbot, photos)
    heights = {panel.card.height()}
    engine.hold_at = {31}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 30)
    heights.add(panel.card.height())
    assert panel.card.bar.isVisible() and not status.isVisible() and status.jobs()
    panel.hide()  # another room: the status bar tells of it
    job = panel.finals.latest.job if panel.finals.latest is not None else None
    assert job is not None
    job.seconds_left = lambda: 130.0
    status.refresh()
    assert status.isVisible() and status._bar.value() == panel.card.bar.value() > 0, "one source"
    assert "about 2 min left" in status._title.toolTip()
    panel.show()
    panel.finals.cancel()
    engine.go.set()
    qtbot.waitUntil(panel.card.continue_button.isVisible)
    heights.add(panel.card.height())
    assert len(heights) == 1 and not panel.card.bar.isVisible()


def test_what_is_under_the_mouse_stays_there(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    panel.resize(1000, 640)
    fill(panel, qtbot, photos[:2])
    steady, button = panel.side.steady, panel.side.add_button
    steady.ensureWidgetVisible(button)

    def height() -> int:
        return button.mapTo(steady.viewport(), QPoint(0, 0)).y()

    before, scrolled = height(), steady.verticalScrollBar().value()
    steady.hold(button)
    panel.add_style(SAMPLE)  # the pad and a row more, both above the button
    qtbot.waitUntil(lambda: steady._held is None)
    assert panel.pad.isVisible() and steady.verticalScrollBar().value() > scrolled + 100
    assert height() == before
    steady.hold(button)
    steady.begin()  # a session that came back
    assert steady.verticalScrollBar().value() == 0 and steady._held is None


def test_every_place_for_pictures_asks_where_such_pictures_were_last(
    panel: StylizerPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    for name, nothing in (("getOpenFileName", ""), ("getOpenFileNames", [])):
        monkeypatch.setattr(QFileDialog, name, lambda *given, nothing=nothing: (asked.append(given[2]) or nothing, ""))
    places = panel.findChildren(ImageDrop)
    assert len(places) >= 5
    for place in places:
        place.choose()
    assert all(asked), "not where the program happened to be started"
    for purpose in ("photo", "style", "mask"):
        (tmp_path / purpose).mkdir()
        panel.context.settings.remember_folder(purpose, tmp_path / purpose)
    del asked[:]
    for place in (panel.invitation, panel.photo, panel.style_drop, panel.library.panel._intake, panel.where.intake):
        place.choose()
    assert [Path(folder).name for folder in asked] == ["photo", "photo", "style", "style", "mask"]


def test_nothing_to_save(panel: StylizerPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.context.notify):
        panel.save()
    panel.render_final()
    assert panel.finals.latest is None


def test_buttons_say_what_is_missing(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    button = panel.card.render_button
    usual = panel.card.render_button.property("usual-tooltip")

    def said() -> str:
        assert not button.isEnabled()
        return button.toolTip().splitlines()[0]

    assert said() == "Drop a photo and add a style first." and usual in button.toolTip()
    panel._on_style(dropped(photos[1]))
    qtbot.waitUntil(lambda: len(panel.model.value.styles) == 1)
    assert said() == "Drop a photo first."
    assert panel.library.panel.sheet_button.toolTip().startswith("Drop a photo first.")
    panel._on_photo(dropped(photos[0]))
    qtbot.waitUntil(button.isEnabled)
    assert button.toolTip() == usual
    panel.model.edit(styles=(), commit=False)
    assert said() == "Add a style first."
    for other in (panel.bar.save_button, panel.bar.export_button, panel.bar.wipe_button):
        assert not other.isEnabled() and other.toolTip().startswith("Add a style first.")
    missing = FileRef(hash="f" * 64, name="gone.jpg")
    panel._tell_missing([missing])
    panel.model.edit(content=PhotoRecipe(photo=missing), commit=False)
    assert said() == "Drop the missing photo “gone.jpg” first."


def test_another_rooms_picture_becomes_the_content(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    panel.set_content(SAMPLE)
    assert panel.model.value.content == SAMPLE
    qtbot.waitUntil(lambda: colour(panel) == 9)
    panel._on_style(dropped(photos[1]))
    qtbot.waitUntil(lambda: colour(panel) == 100)
    # A sample is rendered at its own size, once for the wipe and for the style transfer.
    assert (SAMPLE, None) in engine.asked


def test_one_of_our_pictures_on_the_invitation_restores_the_controls(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path], tmp_path: Path
) -> None:
    refs = [panel.context.sources.add(path) for path in photos]
    recipe = StylizeRecipe(
        content=PhotoRecipe(photo=refs[0]), styles=(StyleUse(source=PhotoRecipe(photo=refs[1])),), size=640
    )
    saved = panel.context.gallery.save(np.zeros((8, 8, 3), np.uint8), recipe)
    panel._on_invited(DroppedPicture(None, saved.path.read_bytes(), "x.png"))
    qtbot.waitUntil(lambda: panel.model.value.recipe("preview") == recipe)


def test_problems_of_the_preview_are_told_once(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.fail = True
    for strength in (0.9, 0.8, 0.7):
        panel.controls.style_strength.set_value(strength)
        job = panel.previews._preview_job
        assert job is not None
        qtbot.waitUntil(lambda job=job: job.is_over)  # type: ignore[misc]
    # The hand rests, and the preview at full size fails as well.
    qtbot.waitUntil(lambda: not panel.previews._rest.isActive() and panel.previews._preview_job.is_over)  # type: ignore[union-attr]
    assert len(panel.context.problems) == 1  # type: ignore[attr-defined]


def test_the_session_comes_back(panel: StylizerPanel, context: StudioContext, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    panel.model.edit(content_strength=0.8, mask=FileRef(hash="b" * 64, name="mask.png"), feather=0.1)
    draft = panel.model.value
    state = json.loads(json.dumps(panel.session()))
    again = StylizerPanel(context)
    qtbot.addWidget(again)
    again.offer_session(state)
    assert again.kept_session() == state and again.model.value.content is None, "not before it is shown"
    again.show()
    assert again.model.value == draft
    again.undo()
    assert again.model.value.content_strength != 0.8 and again.can_redo(), "undo goes back behind the start"
    again.redo()
    again.restore_session({"draft": {"size": "huge"}})
    assert again.model.value == draft
    qtbot.waitUntil(lambda: again.previews.latest is not None)
    again.shutting_down()


def test_a_final_render_that_is_finished_while_quitting_is_kept(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    engine.hold_at = {31}
    panel.render_final()
    assert panel.finals.latest is not None
    job = panel.finals.latest.job
    assert job is not None and job.asks and not job.must_finish
    job.must_finish = True  # what the answer "Finish, then quit" does
    panel.shutting_down()
    finishing = Finishing(panel.context.worker, thread_pool())
    QTimer.singleShot(0, engine.let_go)
    finishing.wait()
    (picture,) = panel.context.gallery.pictures()
    assert isinstance(picture.recipe, StylizeRecipe) and picture.recipe.method == "optimise"


def test_a_final_that_was_not_saved_is_offered_at_the_next_start(
    panel: StylizerPanel, context: StudioContext, engine: PaintingEngine, qtbot: QtBot, photos: list[Path]
) -> None:
    fill(panel, qtbot, photos)
    panel.model.edit(steps=60)
    panel.render_final()
    qtbot.waitUntil(lambda: not panel.finals.running() and colour(panel) == 255)
    done = panel.recipe()
    # A second photo, whose render runs when the session ends (as on SIGTERM): it is kept as far as it has come.
    panel.set_content(PhotoRecipe(photo=panel.context.sources.add(photos[1])))
    engine.hold_at = {31}
    panel.render_final()
    qtbot.waitUntil(lambda: colour(panel) == 30)
    panel.shutting_down()
    engine.go.set()
    Finishing(panel.context.worker, thread_pool()).wait()
    with opened_panel(context, qtbot) as again:
        bar = again.unsaved_bar
        qtbot.waitUntil(bar.isVisible)
        left = list(bar._waiting)
        assert {(each.recipe.steps, each.recipe.stop_after) for each in left} == {(60, None), (60, 30)}
        assert not bar.discard_button.hasFocus()
        bar.show_button.click()
        first = left[0].recipe
        assert again.recipe() == first and again.model.value.content == first.content
        assert colour(again) == (255 if first.stop_after is None else 30)
        with qtbot.waitSignal(context.pictureSaved) as saved:
            bar.save_button.click()
        assert saved.args[0].recipe == left[1].recipe and not bar.isVisible()
        with qtbot.waitSignal(context.pictureSaved):
            again.save()
        assert done in [each.recipe for each in left]
        qtbot.waitUntil(lambda: not list(recovery_dir().glob("*.png")))


def test_drop_halves(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    fill(panel, qtbot, photos)
    panel.halves.show_at(10)
    assert not panel.halves.is_style(10) and panel.halves.is_style(panel.halves.width() - 10)
    panel.grab()
    # A sample that is dragged here from Explore is no file, and keeps its recipe.
    mime = QMimeData()
    mime.setText(dumps(SAMPLE))
    assert panel.photo.may_take(mime) and panel.photo.take(mime) and panel.model.value.content == SAMPLE
    assert panel.style_drop.take(mime) and panel.model.value.styles[-1].source == SAMPLE
