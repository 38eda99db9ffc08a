"""The Explore room on the real worker and engine, with small networks made here."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine.jobs.journey import journey_length
from studio.gallery import Picture
from studio.media.clips import read_comment
from studio.networks import stylegan2
from studio.recipes import (
    DirectionMove,
    FileRef,
    LatentMix,
    LatentSeed,
    LatentW,
    SampleRecipe,
    StyleMix,
    read_recipe,
)
from studio.recipes.sequences.journey import journey_in_comment
from studio.ui.context import StudioContext
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.film_dialog import FilmChoice, FilmDialog
from studio.ui.explore.model_notes import newest_covers
from studio.ui.explore.session import SessionState
from studio.ui.explore.tools.blend import BlendTool
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.theme import CONTROLS_WIDTH, apply_theme
from studio.ui.widgets import from_qimage
from tests.ui.explore.conftest import add_conditional, expected, make_models, settled


def test_it_opens_on_the_first_model_and_shows_what_the_recipe_says(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    recipe = panel.recipe()
    assert recipe is not None and recipe.model.name == "Alpha"
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    assert re.fullmatch(r"32 px, [\d.]+ m?s", panel.bar.status.text())
    panel.hand.take("directions")
    assert [row.isVisibleTo(panel) for row in panel.tools[DirectionsTool].list.rows].count(True) == 16
    assert panel.tools[PictureTool].cutoff.value() == 8


def test_the_seed_and_the_time_between_picks_have_names_to_see(panel: ExplorerPanel) -> None:
    assert (
        panel.tools[PictureTool].seed.label.isVisibleTo(panel) and panel.tools[PictureTool].seed.label.text() == "Seed"
    )
    assert panel.tools[MixTool].seed.label.text() == "Second seed"
    named = [label.text() for label in panel.picks.findChildren(QLabel) if label.buddy() is panel.picks.seconds]
    assert named == ["From pick to pick"]


def test_the_column_of_controls_is_wide_enough_for_all_of_them(
    panel: ExplorerPanel, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, "dark")
    panel.tools[MixTool]._make_layer_buttons(18)  # 1024 px
    panel.resize(1204, 748)  # the room in a window of 1280 x 800
    for tool in panel.tools.as_they_are():
        tool.ready()
        name = tool.name
        panel.hand.take(name)
        scroll = next(area for area in panel.column.findChildren(QScrollArea) if area.widget().isAncestorOf(tool))
        qtbot.waitUntil(scroll.isVisible)
        assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width() <= CONTROLS_WIDTH, name
        assert scroll.verticalScrollBar().maximum() == 0, name


def test_every_control_changes_the_recipe_and_the_picture(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    def change(act: object, field: str, value: object) -> None:
        before = settled(qtbot, panel).copy()
        assert callable(act)
        act()
        assert getattr(panel.recipe(), field) == value
        after = settled(qtbot, panel)
        assert not np.array_equal(before, after), field
        assert np.array_equal(after, expected(panel, library)), field

    change(lambda: panel.tools[PictureTool].seed.step(+1), "latent", LatentSeed(seed=1))
    change(lambda: panel.tools[PictureTool].truncation.set_value(0.3), "truncation", 0.3)
    change(lambda: panel.tools[PictureTool].cutoff.set_value(3), "truncation_cutoff", 3)
    change(
        lambda: panel.tools[DirectionsTool].list.rows[2].slider.set_value(-1.5),
        "directions",
        (DirectionMove(index=2, amount=-1.5),),
    )
    change(lambda: panel.tools[PictureTool].noise_strength.set_value(3.0), "noise_strength", 3.0)
    change(lambda: panel.tools[PictureTool].noise_box.setCurrentIndex(2), "noise", "none")
    change(lambda: panel.tools[PictureTool].noise_box.setCurrentIndex(1), "noise", "random")
    change(panel.tools[PictureTool].noise_button.click, "noise_seed", 1)
    panel.tools[MixTool].seed.show_value(77)
    change(
        lambda: panel.tools[MixTool]._layer_buttons[4].click(),
        "style_mix",
        (StyleMix(latent=LatentSeed(seed=77), layers=(4,)),),
    )
    change(
        lambda: panel.tools[MixTool].take_layers((0, 1), True),
        "style_mix",
        (StyleMix(latent=LatentSeed(seed=77), layers=(0, 1, 4)),),
    )
    assert panel.tools[PictureTool].cutoff.set_value(8) is None and panel.recipe().truncation_cutoff is None  # type: ignore[union-attr]


def test_undo_and_redo_restore_picture_and_controls(qtbot: QtBot, panel: ExplorerPanel) -> None:
    first = settled(qtbot, panel).copy()
    panel.tools[PictureTool].seed.step(+5)
    panel.tools[PictureTool].truncation.set_value(0.4)
    panel.tools[PictureTool].truncation.editingFinished.emit()
    third = settled(qtbot, panel).copy()
    panel.undo()
    assert panel.tools[PictureTool].truncation.value() == 0.8 and panel.tools[PictureTool].seed.seed() == 5
    panel.undo()
    assert panel.tools[PictureTool].seed.seed() == 0
    assert np.array_equal(settled(qtbot, panel), first)
    panel.redo()
    panel.redo()
    assert panel.tools[PictureTool].truncation.value() == 0.4
    assert np.array_equal(settled(qtbot, panel), third)
    assert not panel.history.can_redo()


def test_a_recipe_restores_every_control(qtbot: QtBot, panel: ExplorerPanel) -> None:
    model = panel.recipe().model  # type: ignore[union-attr]
    recipe = SampleRecipe(
        model=model,
        latent=LatentSeed(seed=4_000_000_000),
        truncation=-0.5,
        truncation_cutoff=2,
        directions=(DirectionMove(index=12, amount=2.0), DirectionMove(index=0, amount=-1.0)),
        style_mix=(StyleMix(latent=LatentSeed(seed=8), layers=(1, 7)),),
        noise="random",
        noise_seed=5,
        noise_strength=2.0,
    )
    panel.open_recipe(recipe)
    assert panel.recipe() == recipe
    assert (
        panel.tools[PictureTool].seed.seed() == 4_000_000_000
        and panel.tools[PictureTool].truncation.value() == -0.5
        and panel.tools[PictureTool].cutoff.value() == 2
    )
    assert panel.tools[DirectionsTool].list.rows[12].slider.value() == 2.0
    assert panel.tools[MixTool].sources() == [mix.latent for mix in recipe.style_mix]
    assert panel.tools[PictureTool].noise_box.currentData() == "random"
    # Touching one control leaves the others alone.
    panel.tools[PictureTool].truncation.set_value(0.1)
    assert panel.recipe() == recipe.model_copy(update={"truncation": 0.1})


@pytest.mark.parametrize(
    "latent", [LatentW(values=((0.25,) * 16,)), LatentMix(a=LatentSeed(seed=1), b=LatentSeed(seed=2), amount=0.3)]
)
def test_latents_that_are_no_seeds_are_kept(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary, latent: LatentW | LatentMix
) -> None:
    panel.open_recipe(panel.recipe().model_copy(update={"latent": latent}))  # type: ignore[union-attr]
    assert panel.tools[PictureTool].latent_text.isVisibleTo(panel)
    panel.tools[DirectionsTool].list.rows[0].slider.set_value(1.0)
    assert panel.recipe().latent == latent  # type: ignore[union-attr]
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    panel.tools[PictureTool].seed.step(+1)
    assert isinstance(panel.recipe().latent, LatentSeed)  # type: ignore[union-attr]
    assert not panel.tools[PictureTool].latent_text.isVisibleTo(panel)


def test_a_recipe_of_a_missing_model_says_which(qtbot: QtBot, panel: ExplorerPanel, context: StudioContext) -> None:
    before = panel.recipe()
    with qtbot.waitSignal(context.problem) as caught:
        panel.open_recipe(SampleRecipe(model=FileRef(hash="9" * 64, name="Lost")))
    assert "Lost" in caught.args[0].message and caught.args[0].action
    assert panel.recipe() == before


def test_snapshots_of_one_name_are_told_apart(panel: ExplorerPanel, library: ModelLibrary) -> None:
    classic = next(info for info in library.models() if info.name == "Classic")
    again = replace(classic, hash="b" * 64, images_shown=900)
    panel.column.set_models([replace(classic, images_shown=200), again, replace(again, name="Alone")])
    texts = [panel.column.model_box.itemText(row) for row in range(3)]
    size = f"{classic.resolution} px"
    assert texts == [f"Classic ({size}, 200 images)", f"Classic ({size}, 900 images)", f"Alone ({size})"]


def test_a_network_without_w_hides_what_it_has_not(qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary) -> None:
    index = panel.column.model_box.findText("Classic", Qt.MatchFlag.MatchStartsWith)
    panel.column.model_box.setCurrentIndex(index)
    panel.column.model_box.activated.emit(index)
    assert not panel.tools[PictureTool].truncation.isVisibleTo(panel) and not panel.toolbar.button("mix").isEnabled()
    assert not panel.tools[PictureTool].noise_section.isVisibleTo(panel)
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    panel.tools[DirectionsTool].list.rows[0].slider.set_value(2.0)
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    panel.hand.take("directions")
    qtbot.waitUntil(lambda: panel.tools[DirectionsTool].list.rows[0].slider.isVisibleTo(panel))


def test_a_conditional_network_lets_the_class_be_chosen(
    qtbot: QtBot, context: StudioContext, library: ModelLibrary
) -> None:
    make_models(library.folders[0])
    add_conditional(library)
    room = ExplorerPanel(context)
    qtbot.addWidget(room)
    room.show()
    context.worker.start()
    qtbot.waitUntil(room.canvas.has_image, timeout=20000)
    assert not room.tools[PictureTool].class_row.isVisibleTo(room)
    index = room.column.model_box.findText("Kinds", Qt.MatchFlag.MatchStartsWith)
    room.column.model_box.setCurrentIndex(index)
    room.column.model_box.activated.emit(index)
    assert room.tools[PictureTool].class_row.isVisibleTo(room) and room.tools[PictureTool].class_box.maximum() == 2
    first = settled(qtbot, room).copy()
    room.tools[PictureTool].class_box.setValue(2)
    second = settled(qtbot, room).copy()
    assert not np.array_equal(first, second)
    assert np.array_equal(second, expected(room, library))
    room.undo()
    assert room.tools[PictureTool].class_box.value() == 0
    assert np.array_equal(settled(qtbot, room), first)


def test_fast_dragging_shows_the_newest_and_never_an_older_picture(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    drawn: list[int] = []
    panel.picture.drawn.connect(lambda: drawn.append(panel.picture._shown))
    for step in range(200):
        panel.tools[PictureTool].truncation.set_value(step / 200)
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    assert drawn == sorted(set(drawn))
    assert len(drawn) < 200, "a drag must not build a queue"


def test_the_sheet_fills_pages_opens_and_picks(qtbot: QtBot, panel: ExplorerPanel) -> None:
    panel.hand.take("sheet")
    sheet = panel.tools[SheetTool]
    qtbot.waitUntil(lambda: not panel.previews.is_drawing("sheet"), timeout=20000)
    assert sheet.list.count() == 24 and list(sheet.seeds()) == list(range(24))
    centre = panel.stack.geometry()
    for width, height in ((1024, 640), (1280, 760), (1900, 1000)):
        panel.resize(width, height)
        for choice in range(sheet._count.count()):
            sheet._count.setCurrentIndex(choice)
            sheet._choose_count()
            qtbot.waitUntil(lambda: sheet.list.verticalScrollBar().maximum() == 0)  # it is paged, and does not scroll
        assert panel.stack.geometry().left() == centre.left()
    sheet._count.setCurrentIndex(sheet._count.findData(24))
    sheet._choose_count()
    qtbot.waitUntil(lambda: not panel.previews.is_drawing("sheet"), timeout=20000)
    sheet.turn(+1)
    assert sheet.list.recipe(sheet.list.item(0)).latent == LatentSeed(seed=24)
    for layers, kept in ((range(3), True), (range(8), False)):
        panel.model.edit(style_mix=(StyleMix(latent=LatentSeed(seed=5), layers=tuple(layers)),))
        sheet.take()
        assert bool(sheet.list.recipe(sheet.list.item(0)).style_mix) is kept
    panel.undo()
    panel.undo()
    sheet.take()
    sheet.turn(+1)
    sheet.list.item(1).setSelected(True)
    sheet.list.item(3).setSelected(True)
    sheet._pick.click()
    assert [recipe.latent for recipe in panel.picks.list.recipes()] == [LatentSeed(seed=25), LatentSeed(seed=27)]
    sheet.list.itemDoubleClicked.emit(sheet.list.item(5))
    assert panel.stack.currentWidget() is panel.canvas and panel.tools[PictureTool].seed.seed() == 29


@pytest.mark.parametrize("name", ["out.png", "out.jpg", "out.tif", "out.webp", "out"])
def test_the_picture_is_exported_in_full_size_with_its_recipe(
    qtbot: QtBot,
    panel: ExplorerPanel,
    library: ModelLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    asked = []

    def chosen(_parent: object, _title: str, proposed: str, filters: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / name), next(kind for kind in filters.split(";;") if "*.png" in kind)

    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", chosen)
    panel.tools[PictureTool].seed.step(+1)
    assert panel.bar.export_button.isEnabled()
    with qtbot.waitSignal(panel.context.notify, timeout=30000) as said:
        panel.bar.export_button.click()
    path = tmp_path / (name if "." in name else f"{name}.png")
    assert path.name in said.args[0] and Path(asked[0]).name == "Seed 1.jpg"
    assert read_recipe(path) == panel.recipe()
    with Image.open(path) as picture:
        assert picture.info["icc_profile"]
        pixels = np.asarray(picture.convert("RGB"))
    wanted = expected(panel, library)
    assert pixels.shape == wanted.shape and (path.suffix not in (".png", ".tif") or np.array_equal(pixels, wanted))


def test_on_the_sheet_saving_and_exporting_mean_what_is_selected(
    qtbot: QtBot, panel: ExplorerPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved: list[SampleRecipe] = []
    said: list[str] = []
    panel.context.pictureSaved.connect(lambda picture: saved.append(picture.recipe))
    panel.context.notify.connect(said.append)
    panel.hand.take("sheet")
    panel.save()
    assert said == ["Select a sample on the sheet first."]
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "out.png"), "PNG (*.png)")
    )
    panel.tools[SheetTool].list.item(3).setSelected(True)
    panel.export()
    qtbot.waitUntil((tmp_path / "out.png").exists, timeout=30000)
    exported = read_recipe(tmp_path / "out.png")
    assert isinstance(exported, SampleRecipe) and exported.latent == LatentSeed(seed=3)
    panel.tools[SheetTool].list.item(5).setSelected(True)
    panel.save()
    qtbot.waitUntil(lambda: len(saved) == 2, timeout=30000)
    assert {recipe.latent for recipe in saved} == {LatentSeed(seed=3), LatentSeed(seed=5)}
    panel.export()
    assert "one sample" in said[-1]


def test_the_journey_plays_round_and_round_and_stops_at_a_touch(qtbot: QtBot, panel: ExplorerPanel) -> None:
    panel.pick()
    assert not panel.picks.play_button.isEnabled()
    panel.tools[PictureTool].seed.step(+1)
    panel.pick()
    panel.picks.seconds.setValue(0.2)
    frames: list[bytes] = []
    panel.picks.frame.connect(lambda frame: frames.append(frame.tobytes()))
    panel.picks.play_button.click()
    total = journey_length(2, 5, loop=True)
    qtbot.waitUntil(lambda: len(frames) > total + 2, timeout=15000)
    assert frames[0] == frames[total] and len(set(frames[:total])) > total // 2
    panel.tools[PictureTool].truncation.set_value(0.5)
    assert not panel.picks.is_playing() and panel.picks.play_button.text() == "Play"


def test_a_stopped_journey_brings_the_picture_back_and_one_can_be_kept(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    panel.tools[PictureTool].truncation.set_value(0.5)
    panel.tools[DirectionsTool].list.rows[0].slider.set_value(1.0)
    panel.model.commit()
    panel.pick()
    panel.tools[PictureTool].seed.step(+1)
    panel.pick()
    before, image = panel.recipe(), settled(qtbot, panel).copy()
    panel.picks.seconds.setValue(0.5)
    frames: list[np.ndarray] = []
    panel.picks.frame.connect(frames.append)
    panel.picks.play_button.click()
    qtbot.waitUntil(lambda: len(frames) >= 5, timeout=15000)
    panel.picks.play_button.click()
    shown = panel.canvas.image()
    assert panel.recipe() == before and shown is not None and not panel.picks.keep_button.isVisible()
    assert np.array_equal(from_qimage(shown), image)
    panel.picks.play_button.click()
    del frames[:]
    qtbot.waitUntil(lambda: len(frames) >= 3, timeout=15000)
    panel.picks.keep_button.click()
    kept = frames[-1]
    qtbot.waitUntil(lambda: panel.recipe() != before, timeout=10000)
    recipe = panel.recipe()
    assert recipe is not None and isinstance(recipe.latent, LatentW) and recipe.directions == ()
    assert np.array_equal(settled(qtbot, panel), kept)
    assert np.array_equal(expected(panel, library), kept) and panel.tools[PictureTool].latent_text.isVisibleTo(panel)
    assert (
        not panel.tools[PictureTool].truncation.isEnabled()
        and "truncated" in panel.tools[PictureTool].truncation.toolTip()
    )
    panel.undo()
    assert panel.recipe() == before and panel.tools[PictureTool].truncation.isEnabled()


def test_the_film_has_the_right_number_of_frames(qtbot: QtBot, panel: ExplorerPanel, tmp_path: Path) -> None:
    for _ in range(3):
        panel.pick()
        panel.tools[PictureTool].seed.step(+1)
    path = tmp_path / "journey.mp4"
    with qtbot.waitSignal(panel.context.notify, timeout=30000):
        panel.picks.export_to(path, FilmChoice(4, 12, False))
        (film,) = SessionState.model_validate_json(json.dumps(panel.session())).films
    # Given up by the end of the program it is offered at the next start, unless it was finished after all.
    offers: list[tuple[str, object]] = []
    panel.context.offer.connect(lambda said, _label, run: offers.append((said, run)))
    panel.picks.offer_films([film])
    assert not offers and not panel.picks.films()
    path.unlink()
    panel.picks.offer_films([film])
    ((said, run),) = offers
    assert "journey.mp4" in said and callable(run)
    with qtbot.waitSignal(panel.context.notify, timeout=30000):
        run()
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 9
    dialog = FilmDialog(3, 1.5)
    qtbot.addWidget(dialog)
    assert dialog.seconds.value() == 1.5
    dialog.seconds.setValue(0.5)
    dialog.fps.setValue(10)
    assert dialog.choice().frames_per_leg == 5 and "15" in dialog._length.text()
    dialog.loop.setChecked(False)
    assert "11" in dialog._length.text(), "the first picture counts"


def test_a_journey_comes_back_from_its_film(qtbot: QtBot, panel: ExplorerPanel, tmp_path: Path) -> None:
    for _ in range(3):
        panel.pick()
        panel.tools[PictureTool].seed.step(+1)
    keys = panel.picks.list.recipes()
    path = tmp_path / "journey.mp4"
    with qtbot.waitSignal(panel.context.notify, timeout=30000):
        panel.picks.export_to(path, FilmChoice(4, 12, False, easing="smooth"))
    journey = journey_in_comment(read_comment(path))
    assert journey is not None and list(journey.keys) == keys
    panel.picks.set_items([panel.picks.list.item(0)])
    panel.open_journey(journey)
    assert panel.picks.list.recipes() == keys and panel.recipe() == keys[0]
    before = FilmChoice(4, 12, False, 720, "hevc", "smooth")
    dialog = FilmDialog(3, panel.picks.seconds.value(), filmed=before)
    qtbot.addWidget(dialog)
    assert dialog.choice() == before and panel.picks._filmed == FilmChoice(4, 12, False, easing="smooth")
    # What was there before comes back with undo.
    panel.undo()
    panel.undo()
    assert panel.picks.list.recipes()[0] == keys[0]


def test_picks_can_be_removed_and_opened(qtbot: QtBot, panel: ExplorerPanel) -> None:
    for _ in range(2):
        panel.pick()
        panel.tools[PictureTool].seed.step(+1)
    panel.picks.list.itemDoubleClicked.emit(panel.picks.list.item(0))
    assert panel.tools[PictureTool].seed.seed() == 0
    panel.picks.list.item(0).setSelected(True)
    qtbot.keyClick(panel.picks.list, Qt.Key.Key_Delete)
    assert [recipe.latent for recipe in panel.picks.list.recipes()] == [LatentSeed(seed=1)]


def test_saving_and_stylizing(qtbot: QtBot, panel: ExplorerPanel, context: StudioContext) -> None:
    panel.tools[PictureTool].truncation.set_value(0.2)
    with qtbot.waitSignal(context.pictureSaved, timeout=10000) as saved:
        panel.save()
    picture = saved.args[0]
    assert isinstance(picture, Picture) and read_recipe(picture.path) == panel.recipe()
    with qtbot.waitSignal(context.stylizePicture) as sent:
        panel.bar.stylize_button.click()
    assert sent.args[0] == panel.recipe()


def test_without_models_it_says_what_to_do_and_new_ones_appear(
    qtbot: QtBot, context: StudioContext, library: ModelLibrary
) -> None:
    room = ExplorerPanel(context)
    qtbot.addWidget(room)
    context.worker.start()
    qtbot.waitUntil(lambda: "no model" in room.canvas._message, timeout=20000)
    assert not room.bar.save_button.isEnabled()
    make_models(library.folders[0])
    context.modelsChanged.emit()
    qtbot.waitUntil(room.canvas.has_image, timeout=10000)
    assert room.column.model_box.count() == 2


def test_a_damaged_model_is_told_and_the_room_goes_on(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary, context: StudioContext
) -> None:
    card = ModelCard(name="Broken", architecture="stylegan2", config={"resolution": 64})
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=64, channel_max=8)
    save_model(library.folders[0] / "broken.safetensors", stylegan2.Generator(config), card)
    context.modelsChanged.emit()
    qtbot.waitUntil(lambda: panel.column.model_box.count() == 3, timeout=10000)
    problems: list[StudioError] = []
    context.problem.connect(problems.append)
    index = panel.column.model_box.findText("Broken", Qt.MatchFlag.MatchStartsWith)
    panel.column.model_box.activated.emit(index)
    qtbot.waitUntil(lambda: bool(problems), timeout=10000)
    assert "broken.safetensors" in problems[0].message
    panel.column.model_box.activated.emit(panel.column.model_box.findText("Alpha", Qt.MatchFlag.MatchStartsWith))
    panel.tools[PictureTool].seed.step(+1)
    settled(qtbot, panel)


def test_picks_that_were_taken_out_come_back_with_undo(panel: ExplorerPanel) -> None:
    for seed in (1, 2, 3):
        panel.tools[PictureTool].seed.show_value(seed)
        panel.pick()
    before = panel.picks.list.recipes()
    panel.picks.list.item(0).setSelected(True)
    panel.picks.list.item(2).setSelected(True)
    panel.picks.remove_selected()
    assert panel.picks.list.recipes() == before[1:2]
    panel.undo()
    assert panel.picks.list.recipes() == before
    panel.redo()
    assert panel.picks.list.recipes() == before[1:2]


def test_the_session_comes_back(
    qtbot: QtBot, panel: ExplorerPanel, context: StudioContext, library: ModelLibrary
) -> None:
    panel.tools[PictureTool].truncation.set_value(0.25)
    panel.pick()
    panel.tools[PictureTool].seed.step(+1)
    recipe, picks = panel.recipe(), panel.picks.list.recipes()
    assert recipe is not None
    panel.tools[BlendTool].pin([recipe, *picks])
    panel.tools[BreedingTool].parents = [None, picks[0]]
    state = json.loads(json.dumps(panel.session()))
    strange = SampleRecipe(model=FileRef(hash="f" * 64, name="gone.safetensors")).model_dump(mode="json")
    state["picks"].append(strange)
    again = ExplorerPanel(context)
    qtbot.addWidget(again)
    again.restore_session(state)
    assert again.session() == state, "kept until the models are known"
    qtbot.waitUntil(lambda: again.recipe() == recipe)
    assert again.picks.list.recipes() == picks, "what is of a model that is gone is left out"
    assert again.session()["picks"][-1] == strange, "and waits for it"
    assert again.session()["tools"] == state["tools"]
    assert again.tools[BlendTool].pins() == [recipe, *picks] and again.tools[BreedingTool].parents == [
        None,
        picks[0],
    ]
    again.undo()
    assert again.picks.list.recipes() == picks
    again.undo()
    assert again.picks.list.recipes() == [], "picks that were put in and taken out keep their turn"
    again.undo()
    assert again.recipe() != recipe and (back := again.recipe()) is not None and back.truncation != 0.25
    for _ in range(3):
        again.redo()
    assert again.picks.list.recipes() == picks
    again.restore_session({"recipe": "nonsense"})
    assert again.recipe() == recipe


def test_a_model_opens_on_its_cover_and_the_sheet_begins_with_covers(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8)
    card = ModelCard(name="Covered", architecture="stylegan2", config=config.to_dict(), covers=(42, 7, 300))
    save_model(library.folders[0] / "covered.safetensors", stylegan2.Generator(config), card)
    panel.context.modelsChanged.emit()
    qtbot.waitUntil(lambda: any(info.name == "Covered" for info in panel.models.infos))
    panel.use_model(next(info for info in panel.models.infos if info.name == "Covered"))
    recipe = panel.recipe()
    assert recipe is not None and recipe.latent == LatentSeed(seed=42)
    panel.hand.take("sheet")
    assert list(panel.tools[SheetTool].seeds()) == [42, 7, 300] and not panel.tools[SheetTool]._previous.isEnabled()
    panel.tools[SheetTool].turn(+1)
    assert list(panel.tools[SheetTool].seeds()) == list(range(24)) and panel.tools[SheetTool]._previous.isEnabled()
    panel.tools[SheetTool].turn(-1)
    assert panel.tools[SheetTool].list.count() == 3
    # Any picture can be one: the sheet begins with it, and the model opens on it; undone like all else.
    own = recipe.model_copy(update={"latent": LatentSeed(seed=5), "directions": (DirectionMove(index=1, amount=2.0),)})
    panel.hand.take("picture")
    panel.open_recipe(own)
    qtbot.waitUntil(lambda: panel.notes.is_read)
    panel.commands.run("explore.cover")
    panel.hand.take("sheet")
    assert panel.tools[SheetTool].list.recipes()[0] == own and panel.tools[SheetTool].list.count() == 4
    assert panel.covers.has_all([own]) and not panel.covers.has_all([own, recipe])
    panel.use_model(next(info for info in panel.models.infos if info.name != "Covered"))
    panel.use_model(next(info for info in panel.models.infos if info.name == "Covered"))
    assert panel.recipe() == own, "at once: no other picture comes first"
    panel.open_recipe(recipe)
    panel.open_model(own.model)
    assert panel.recipe() == recipe, "of the one that is explored the picture stays"
    panel.use_model(next(info for info in panel.models.infos if info.name != "Covered"))
    panel.open_model(own.model)
    assert panel.recipe() == own
    qtbot.waitUntil(lambda: list(newest_covers(panel.models.infos).values()) == [own])  # what the next start looks at
    qtbot.waitUntil(lambda: panel.notes.is_read)
    panel.hand.take("sheet")
    named = own.model_copy(update={"latent": recipe.latent})
    panel.covers.add([named])
    assert panel.tools[SheetTool].list.recipes()[:2] == [named, own] and panel.tools[SheetTool].list.count() == 4, (
        "a cover twice"
    )
    panel.undo()
    panel.covers.remove([own])
    panel.undo()
    assert panel.notes.value is not None and panel.notes.value.covers == (own,)


def test_moves_along_directions_without_a_slider_are_kept(panel: ExplorerPanel) -> None:
    far = DirectionMove(index=40, amount=0.5)
    panel.open_recipe(panel.recipe().model_copy(update={"directions": (far,)}))  # type: ignore[union-attr]
    panel.tools[DirectionsTool].list.rows[1].slider.set_value(2.0)
    assert panel.recipe().directions == (DirectionMove(index=1, amount=2.0), far)  # type: ignore[union-attr]
    panel.tools[DirectionsTool].list.rows[1].slider.set_value(0.0)
    assert panel.recipe().directions == (far,)  # type: ignore[union-attr]


def test_the_box_of_networks_shows_the_one_in_use_when_others_come(
    panel: ExplorerPanel, qtbot: QtBot, library: ModelLibrary, context: StudioContext
) -> None:
    row = panel.column.model_box.findText("Classic", Qt.MatchFlag.MatchStartsWith)
    panel.column.modelChosen.emit(row)
    add_conditional(library)
    context.modelsChanged.emit()
    qtbot.waitUntil(lambda: panel.column.model_box.count() == 3)
    assert panel.column.model_box.currentText().startswith("Classic")
