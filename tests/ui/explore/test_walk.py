"""One walk through the room with the starter models, as an artist would take it: a stretch for every tool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from studio.base import paths
from studio.checkpoints.library import ModelLibrary
from studio.recipes import LatentMix, LatentSeed, LatentW, SampleRecipe, Square, loads
from studio.recipes.direction_set import DIRECTIONS, LayerParts
from studio.ui.command import SHORTCUTS
from studio.ui.context import StudioContext
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.tools.blend import BlendTool
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.dragging import DragTool
from studio.ui.explore.tools.map import MapTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.networks import NetworksTool
from studio.ui.explore.tools.photo import PhotoTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.explore.tools.variations import VariationsTool
from studio.ui.widgets import Slider
from tests.ui.explore.conftest import expected, settled

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    """Both starter models, in a folder that can be written to."""
    folder = tmp_path / "models"
    folder.mkdir()
    for path in (paths.resources_dir() / "models").glob("*.safetensors"):
        (folder / path.name).symlink_to(path)
    return ModelLibrary([folder])


@pytest.fixture
def room(qtbot: QtBot, context: StudioContext) -> ExplorerPanel:
    panel = ExplorerPanel(context)
    qtbot.addWidget(panel)
    panel.resize(1280, 740)  # what the window's menu and bars leave of 1280 x 800
    panel.show()
    context.worker.start()
    qtbot.waitUntil(lambda: panel.picture.image is not None and panel.tools[DirectionsTool].direction_count > 0)
    return panel


def recipe_of(panel: ExplorerPanel) -> SampleRecipe:
    recipe = panel.recipe()
    assert recipe is not None
    return recipe


def drag_mouse(qtbot: QtBot, widget: QWidget, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(widget, LEFT, pos=start)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, LEFT, pos=end)


def test_every_point_of_the_room(
    qtbot: QtBot,
    room: ExplorerPanel,
    library: ModelLibrary,
    tmp_path: Path,
    perceptual_models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    covers(qtbot, room)
    bar_and_states(qtbot, room)
    variations(qtbot, room, monkeypatch)
    directions(qtbot, room, library, tmp_path)
    mixing(qtbot, room, library, tmp_path)
    map_and_pad(qtbot, room)
    breeding(qtbot, room, tmp_path)
    two_networks(qtbot, room)
    dragging(qtbot, room)
    own_photo(qtbot, room, tmp_path)


def covers(qtbot: QtBot, room: ExplorerPanel) -> None:
    """A new model opens on its first cover, and any picture can be made one."""
    named = room.tool_context.network.covers  # type: ignore[union-attr]
    assert named and recipe_of(room).latent == LatentSeed(seed=named[0])
    room.tools[PictureTool].seed.step(+1)
    own = recipe_of(room)
    room.commands.run("explore.cover")
    room.toolbar.button("sheet").click()
    seeds = [LatentSeed(seed=seed) for seed in named]
    assert (
        room.tools[SheetTool].list.recipes()[0] == own
        and [one.latent for one in room.tools[SheetTool].list.recipes()[1:]] == seeds
    )
    room.undo()
    assert [one.latent for one in room.tools[SheetTool].list.recipes()] == seeds
    room.undo()
    assert not room.can_undo()


def bar_and_states(qtbot: QtBot, room: ExplorerPanel) -> None:
    """Every tool is a button and a key away, explains each control and needs no scrolling; states come back."""
    for tool in room.tools.as_they_are():
        tool.ready()
        name = tool.name
        room.toolbar.button(name).click()
        assert room.hand.tool is tool and room.column.heading.text() == tool.title() and tool.command in SHORTCUTS
        assert tool.tip() and room.stack.currentWidget() is (tool.page() or room.canvas)
        area = room.column.stack.currentWidget()
        assert isinstance(area, QScrollArea) and area.verticalScrollBar().maximum() == 0, f"{name} scrolls"
        for control in tool.findChildren(QWidget):
            if isinstance(control, QAbstractButton | QComboBox | Slider) and control.isVisible():
                assert control.toolTip() or control.parentWidget().toolTip(), (
                    f"{name}: {control.accessibleName() or control}"
                )
    assert not room.can_undo(), "taking tools in hand changes nothing"
    room.toolbar.button("picture").click()
    first = recipe_of(room)
    room.slots.press("A")
    room.tools[PictureTool].seed.step(+1)
    room.slots.press("B")
    second = recipe_of(room)
    assert room.commands.run("explore.flip") and recipe_of(room) == first
    room.slots.flip()
    assert recipe_of(room) == second
    room.history_strip.itemClicked.emit(room.history_strip.item(1))
    assert recipe_of(room) == first
    room.undo()
    assert recipe_of(room) == second, "going back in time is a step like all others"
    room.commands.run("picture.copy-recipe")
    assert loads(QGuiApplication.clipboard().text()) == second


def variations(qtbot: QtBot, room: ExplorerPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid around the picture, near or far, with what must stay; a click moves there, one with Shift picks."""
    held = Qt.KeyboardModifier.NoModifier  # Qt's own answer is that of the last key of any test before
    monkeypatch.setattr("studio.ui.explore.tools.variations.QApplication.keyboardModifiers", lambda: held)
    tool, before = room.tools[VariationsTool], recipe_of(room)
    notes = room.notes.value
    assert notes is not None
    room.notes.edit(notes.model_copy(update={"parts": LayerParts(features=4, colour=9)}))  # as measuring them would
    room.hand.take("variations")
    assert room.stack.currentWidget() is tool.grid and tool.grid.count() == 9 and tool.grid.recipes()[4] == before
    tool.distance.set_value(0.1)
    tool._draw()
    near = tool.grid.recipes()[0].latent
    assert isinstance(near, LatentMix) and near.a == before.latent and near.amount <= 0.1
    tool.kept.buttons[0].click()
    tool._draw()
    chosen = tool.grid.recipes()[0]
    changed = {layer for mix in chosen.style_mix for layer in mix.layers}
    assert chosen.latent == before.latent and changed == set(range(4, 14)), "the composition stays"
    tool.grid.itemClicked.emit(tool.grid.item(0))
    assert recipe_of(room) == chosen
    held = Qt.KeyboardModifier.ShiftModifier
    tool.grid.itemClicked.emit(tool.grid.item(8))
    held = Qt.KeyboardModifier.NoModifier
    assert room.picks.list.recipes() == [tool.grid.recipes()[8]] and recipe_of(room) == chosen
    room.undo()
    room.undo()
    assert recipe_of(room) == before and not room.picks.list.recipes()


def directions(qtbot: QtBot, room: ExplorerPanel, library: ModelLibrary, tmp_path: Path) -> None:
    """Principal, closed-form and learned directions: named, locked, limited to layers, shown, kept and walked."""
    tool, before = room.tools[DirectionsTool], recipe_of(room)
    room.hand.take("directions")
    assert tool.list.rows[0].slider.title() != "Direction 1", "the card names the first ones"
    tool.list.rows[0].chosen.emit()
    tool.details.name_field.setText("Dawn")
    tool.details.name_field.editingFinished.emit()
    tool.list.rows[0].lockToggled.emit(True)
    tool.details.layer_range.set_ends(1, 6)
    tool.details.layer_range.sliderReleased.emit()
    tool.list.rows[0].slider.set_value(2.0)
    [move] = recipe_of(room).directions
    assert move.layers == (0, 5) and move.amount == 2.0
    assert np.array_equal(settled(qtbot, room), expected(room, library))
    recipes = tool.details.recipes()
    qtbot.waitUntil(lambda: room.previews.find(recipes[0]) is not None)
    tool.details.pictures[0].click()
    assert recipe_of(room).directions[0].amount == -3.0, "a picture of the strip is a place to go"
    tool.shown.show_view("style")
    qtbot.waitUntil(lambda: len(tool.shown.directions()) == 16)
    tool.list.rows[1].slider.set_value(1.0)
    tool.shown.show_view("used")
    assert [one.basis for one in tool.shown.directions()] == ["principal", "style"]
    room.learn([before.model_copy(update={"latent": LatentSeed(seed=45)})], liked=True)
    room.learn([before.model_copy(update={"latent": LatentSeed(seed=78)})], liked=False)
    tool.learning.learn()
    qtbot.waitUntil(lambda: [one.basis for one in tool.shown.directions()] == ["own"])
    tool.list.rows[0].slider.set_value(1.0)
    assert recipe_of(room).directions[-1].vector is not None
    tool.shown.show_view("principal")
    qtbot.waitUntil(lambda: len(tool.shown.directions()) == 16)
    assert room.notes.value is not None
    DIRECTIONS.write(room.notes.value, tmp_path / "directions.json")
    kept = DIRECTIONS.read(tmp_path / "directions.json")
    assert any(one.name == "Dawn" and one.locked for one in kept.directions)
    moved = recipe_of(room)
    tool.walk.toggle()
    for _ in range(3):
        tool.walk.step()
    [locked] = [one for one in recipe_of(room).directions if one.basis == "principal" and one.index == 0]
    assert recipe_of(room) != moved and locked.amount == -3.0, "what is locked stays"
    tool.walk.toggle()
    assert recipe_of(room) == moved
    tool.reset()
    assert recipe_of(room) == before


def mixing(qtbot: QtBot, room: ExplorerPanel, library: ModelLibrary, tmp_path: Path) -> None:
    """Colours from a pick, layer by layer too, and the papers' grid as a file."""
    tool, before = room.tools[MixTool], recipe_of(room)
    assert not room.picks.list.recipes()
    room.hand.take("mix")
    with qtbot.waitSignal(room.context.problem) as caught:
        tool.from_picks.click()
    assert "picks" in caught.args[0].action, "no button does nothing"
    room.picks.insert([before.model_copy(update={"latent": LatentSeed(seed=seed)}) for seed in (16, 79, 2)])
    room.hand.take("mix")
    while tool.sources():  # of the variations
        tool._remove(0)
    tool.from_picks.click()
    qtbot.waitUntil(lambda: len(tool.sources()) == 3)
    tool._choose(0)
    tool.parts.buttons[2].click()
    [mix] = recipe_of(room).style_mix
    assert mix.latent == LatentSeed(seed=16) and mix.layers == tuple(range(9, 14))
    assert np.array_equal(settled(qtbot, room), expected(room, library))
    tool._layer_buttons[13].click()
    assert recipe_of(room).style_mix[0].layers == tuple(range(9, 13))
    tool.grid_button.click()
    qtbot.waitUntil(lambda: tool.grid.count() == 16)
    cell = tool.grid.recipe(tool.grid.item(5))
    tool.grid.itemClicked.emit(tool.grid.item(5))
    assert recipe_of(room) == cell
    tool.export_grid(tmp_path / "grid.png")
    qtbot.waitUntil((tmp_path / "grid.png").exists)
    with Image.open(tmp_path / "grid.png") as sheet:
        assert sheet.width == sheet.height > 4 * 64
    assert b"trainedAlgorithmicMedia" in (tmp_path / "grid.png").read_bytes()
    tool.grid_button.click()
    for _ in range(3):
        room.undo()
    assert recipe_of(room) == before


def map_and_pad(qtbot: QtBot, room: ExplorerPanel) -> None:
    """A walk on the map is one step; the pad blends what is pinned at its corners."""
    view, before = room.tools[MapTool].view, recipe_of(room)
    room.hand.take("map")
    start = view.rect().center()
    drag_mouse(qtbot, view, start, start + QPoint(40, 9))
    qtbot.waitUntil(lambda: room.tools[MapTool]._walking is None and not room.model.in_gesture)
    there = recipe_of(room)
    assert there != before and isinstance(there.latent, LatentW)
    room.tools[MapTool].name_field.setText("Here")
    room.tools[MapTool].pin_button.click()
    zoom = view.zoom
    room.tools[MapTool].closer.click()
    assert view.zoom == 2 * zoom
    room.undo()
    assert recipe_of(room) == before
    room.tools[MapTool]._open_pin(0)
    assert recipe_of(room) == there and room.tools[MapTool].pins[there.model.hash][0].name == "Here"
    room.undo()
    room.hand.take("blend")
    room.tools[BlendTool].picks_button.click()
    qtbot.waitUntil(lambda: len(room.tools[BlendTool]._latents) == 3)
    for shares in ((1.0, 0.0, 1.0), (0.5, 0.0, 1.0)):
        room.tools[BlendTool].pad.changed.emit(shares)
    room.tools[BlendTool].pad.editingFinished.emit()
    assert recipe_of(room).latent == LatentMix(a=LatentSeed(seed=16), b=LatentSeed(seed=2), amount=0.6667)
    room.undo()
    assert recipe_of(room) == before


def breeding(qtbot: QtBot, room: ExplorerPanel, tmp_path: Path) -> None:
    """Children of two pictures, and their tree to be seen, walked back and printed."""
    tool, before = room.tools[BreedingTool], recipe_of(room)
    room.hand.take("breeding")
    tool.set_parent(1, before.model_copy(update={"latent": LatentSeed(seed=45)}))
    qtbot.waitUntil(lambda: len(tool._bred_from) == 2)
    child = tool.grid.recipes()[0]
    tool.grid.itemClicked.emit(tool.grid.item(0))
    assert recipe_of(room) == child
    tree = tool.family.tree
    assert tree is not None and [one.parents for one in tree.persons] == [(), (), (1, 2)]
    tool.tree_button.click()
    assert room.stack.currentWidget() is tool.view
    tool.view.chosen.emit(tree.persons[1])
    assert recipe_of(room).latent == LatentSeed(seed=45)
    tool.print_tree(tmp_path / "tree.png")
    qtbot.waitUntil((tmp_path / "tree.png").exists)
    with Image.open(tmp_path / "tree.png") as printed:
        assert len(set(printed.convert("L").tobytes())) > 20, "pictures and lines, not a white sheet"
    tool.tree_button.click()
    room.undo()
    room.undo()
    assert recipe_of(room) == before


def two_networks(qtbot: QtBot, room: ExplorerPanel) -> None:
    """The other starter model's shapes with this one's colours, by slider and in one click, kept as a model."""
    tool, before = room.tools[NetworksTool], recipe_of(room)
    assert isinstance(tool, NetworksTool)
    room.hand.take("networks")
    qtbot.waitUntil(lambda: tool.second.count() == 2)
    tool.second.activated.emit(1)
    blend = recipe_of(room).blend
    assert blend is not None and set(blend.amounts) == {0.0, 1.0} and blend.amounts[0] == 1
    drawn = settled(qtbot, room).copy()
    tool.sliders[-1].set_value(0.5)
    tool.sliders[-1].editingFinished.emit()
    assert recipe_of(room).blend.amounts[-1] == 0.5  # type: ignore[union-attr]
    assert not np.array_equal(settled(qtbot, room), drawn)
    room.undo()
    tool.keep_as("Child")
    qtbot.waitUntil(lambda: recipe_of(room).model.name == "Child")
    card = room.tool_context.network
    assert card is not None and "Rosettes" in card.description and "Abstract Paint" in card.description
    assert np.abs(settled(qtbot, room).astype(int) - drawn).max() <= 2
    while recipe_of(room) != before:
        room.undo()


def dragging(qtbot: QtBot, room: ExplorerPanel) -> None:
    """A point is drawn to its target, each step seen, stopped when one likes, and undone at once."""
    tool, before = room.tools[DragTool], recipe_of(room)
    room.hand.take("drag")
    rect = room.canvas.image_rect()
    places = [
        QPoint(round(rect.left() + x * rect.width()), round(rect.top() + y * rect.height()))
        for x, y in ((0.4, 0.4), (0.55, 0.4))
    ]
    drag_mouse(qtbot, room.canvas, *places)
    tool.start()
    qtbot.waitUntil(lambda: tool._state is not None and tool._state.step >= 2)
    assert recipe_of(room) == before
    tool.stop()
    assert isinstance(recipe_of(room).latent, LatentW) and not tool.is_dragging()
    room.undo()
    assert recipe_of(room) == before


def own_photo(qtbot: QtBot, room: ExplorerPanel, tmp_path: Path) -> None:
    """A photo is dropped, aligned, found with live progress, compared by a wipe, and moved like any picture."""
    tool, path = room.tools[PhotoTool], tmp_path / "my cat.png"
    pixels = np.random.default_rng(0).integers(0, 256, (5, 8, 3), np.uint8)
    Image.fromarray(pixels).resize((160, 100), Image.Resampling.BICUBIC).save(path)
    room.hand.take("photo")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    room.dropEvent(QDropEvent(QPoint(200, 200).toPointF(), Qt.DropAction.CopyAction, mime, LEFT, none))
    qtbot.waitUntil(lambda: tool._faces is not None)
    tool.view.set_square(Square(side=0.75, angle=5))
    tool.start()
    qtbot.waitUntil(lambda: tool._state is not None)
    tool.stop()
    qtbot.waitUntil(lambda: not tool.is_searching())
    found = recipe_of(room).latent
    assert isinstance(found, LatentW) and found.target is not None and found.target.square.angle == 5
    assert room.canvas.wipe() and "dB" in tool.status.text()
    room.tools[DirectionsTool].list.rows[0].slider.set_value(1.0)
    assert recipe_of(room).latent == found and len(recipe_of(room).directions) == 1
