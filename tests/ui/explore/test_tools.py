"""The tools of the Explore room, its history and its two slots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.networks import stylegan2
from studio.recipes import FileRef, LatentMix, LatentSeed, LatentW, SampleRecipe, loads
from studio.recipes.direction_set import DIRECTIONS, NamedDirection
from studio.recipes.family import FamilyTree
from studio.synthesis import patch_matching
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.drag_overlay import DragPair
from studio.ui.explore.family import Family
from studio.ui.explore.family_drawing import _line, lay_out
from studio.ui.explore.map_view import MapView
from studio.ui.explore.recipe_list import samples_in
from studio.ui.explore.tools.breeding import BreedingTool
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.dragging import DragTool
from studio.ui.explore.tools.map import MapTool
from studio.ui.explore.tools.mixing import MixTool
from studio.ui.explore.tools.networks import NetworksTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.variations import VariationsTool
from tests.ui.explore.conftest import expected, settled


def use_classic(panel: ExplorerPanel) -> None:
    """Change to the network without w."""
    panel.column.modelChosen.emit(panel.column.model_box.findText("Classic", Qt.MatchFlag.MatchStartsWith))


def test_tools_are_built_when_they_are_wanted_or_there_is_time(qtbot: QtBot, panel: ExplorerPanel) -> None:
    fresh = ExplorerPanel(panel.context)
    qtbot.addWidget(fresh)
    assert [tool.name for tool in fresh.tools.as_they_are() if tool.is_built] == ["picture"]
    fresh.commands.refresh()
    assert not fresh.commands.run("explore.vary") and not fresh.tools.as_it_is(VariationsTool).is_built
    fresh.commands.run("explore.reset-directions")
    directions = fresh.tools.as_it_is(DirectionsTool)
    policies = {box.focusPolicy() for box in directions.findChildren(QComboBox)}
    assert directions.is_built and policies == {Qt.FocusPolicy.StrongFocus}, "the wheel changes nothing"
    qtbot.waitUntil(lambda: all(tool.is_built for tool in fresh.tools.as_they_are()))
    fresh.shutting_down()


def test_the_history_keeps_what_undo_leaves_behind_and_a_click_goes_back(qtbot: QtBot, panel: ExplorerPanel) -> None:
    for _ in range(3):
        panel.tools[PictureTool].seed.step(+1)
    panel.undo()
    panel.undo()
    panel.tools[PictureTool].seed.randomize()
    seeds = [recipe.latent.seed for recipe in panel.history_strip.recipes() if isinstance(recipe.latent, LatentSeed)]
    assert seeds[1:] == [3, 2, 1, 0], "the newest first, each once"
    assert panel.history_strip.currentRow() == 0
    panel.history_strip.itemClicked.emit(panel.history_strip.item(1))
    assert (
        panel.tools[PictureTool].seed.seed() == 3
        and len(panel.history_strip.recipes()) == 5
        and panel.history_strip.currentRow() == 1
    )
    panel.undo()
    assert panel.tools[PictureTool].seed.seed() == seeds[0]


def test_copying_keeps_the_recipe(qtbot: QtBot, panel: ExplorerPanel) -> None:
    panel.tools[PictureTool].truncation.set_value(0.3)
    with qtbot.waitSignal(panel.context.notify, timeout=10000):
        assert panel.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage() and loads(mime.text()) == panel.recipe()
    panel.commands.run("picture.copy-recipe")
    assert loads(QGuiApplication.clipboard().text()) == panel.recipe()


def test_saving_twice_makes_no_twin(qtbot: QtBot, panel: ExplorerPanel) -> None:
    with qtbot.waitSignal(panel.context.pictureSaved, timeout=10000):
        panel.save()
    said: list[str] = []
    panel.context.notify.connect(said.append)
    panel.save()
    qtbot.waitUntil(lambda: any("already" in text for text in said), timeout=10000)
    assert len(panel.context.gallery.pictures()) == 1


def test_picks_are_put_where_they_are_dropped_and_named_apart(panel: ExplorerPanel) -> None:
    for seed in (1, 2, 3):
        panel.tools[PictureTool].seed.show_value(seed - 1)
        panel.tools[PictureTool].seed.step(+1)
        panel.pick()
    picks = panel.picks.list
    picks.move_items([picks.item(2)], 1)
    assert [recipe.latent for recipe in picks.recipes()] == [LatentSeed(seed=n) for n in (1, 3, 2)]
    panel.undo()
    assert [recipe.latent for recipe in picks.recipes()] == [LatentSeed(seed=n) for n in (1, 2, 3)]
    panel.tools[PictureTool].truncation.set_value(0.2)
    panel.pick()
    assert [picks.item(row).text() for row in (2, 3)] == ["3", "3 (2)"]
    assert "variety 0.20" in picks.tip_of(picks.item(3))
    # From another list: the place is what counts.
    mime: QMimeData = panel.history_strip.mimeData([panel.history_strip.item(1)])
    [dragged] = samples_in(mime)
    picks.received.emit([dragged], 0)
    assert picks.recipes()[0] == dragged and picks.count() == 5
    panel.undo()
    assert picks.count() == 4


def test_a_number_out_of_range_is_taken_as_the_nearest_and_told(
    qtbot: QtBot, panel: ExplorerPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("studio.ui.widgets.number.QToolTip.showText", lambda _at, text, *_: told.append(text))
    number = panel.tools[PictureTool].truncation._number
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "9")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert panel.recipe().truncation == 1.5 and "-1.00 to 1.50" in told[0]  # type: ignore[union-attr]


def test_directions_are_named_locked_and_kept_for_the_model(qtbot: QtBot, panel: ExplorerPanel, tmp_path: Path) -> None:
    tool = panel.tools[DirectionsTool]
    panel.hand.take("directions")
    assert [row.slider.title() for row in tool.list.rows[1:4]] == ["Direction 2", "Small to large", "Direction 4"]
    tool.list.rows[3].chosen.emit()
    tool.details.name_field.setText("Waves")
    tool.details.name_field.editingFinished.emit()
    tool.list.rows[3].lockToggled.emit(True)
    assert tool.list.rows[3].slider.title() == "Waves" and tool.list.rows[3].lock.isChecked()
    assert [direction.index for direction in tool.free()] == [index for index in range(16) if index != 3]
    panel.undo()
    assert not tool.list.rows[3].lock.isChecked() and tool.list.rows[3].slider.title() == "Waves"
    # Another network and back: the name is still there, from its file.
    home = panel.column.model_box.currentIndex()
    use_classic(panel)
    assert tool.list.rows[3].slider.title() != "Waves"
    qtbot.waitUntil(lambda: tool.direction_count > 0, timeout=10000)
    panel.column.modelChosen.emit(home)
    qtbot.waitUntil(lambda: tool.list.rows[3].slider.title() == "Waves", timeout=10000)
    assert panel.notes.value is not None
    DIRECTIONS.write(panel.notes.value, tmp_path / "mine.json")
    assert DIRECTIONS.read(tmp_path / "mine.json") == panel.notes.value


def test_a_random_walk_stops_where_it_began_or_keeps_what_it_found(qtbot: QtBot, panel: ExplorerPanel) -> None:
    tool = panel.tools[DirectionsTool]
    panel.hand.take("directions")
    before = panel.recipe()
    tool.walk.toggle()
    for _ in range(5):
        tool.walk.step()
    assert panel.recipe() != before and tool.walk.is_walking() and tool.walk.keep_button.isVisible()
    tool.walk.toggle()
    assert panel.recipe() == before and not panel.can_undo(), "nothing happened"
    tool.walk.toggle()
    for _ in range(5):
        tool.walk.step()
    tool.walk.keep_button.click()
    kept = panel.recipe()
    assert kept != before and not tool.walk.is_walking()
    panel.undo()
    assert panel.recipe() == before


def test_deep_variations_become_numbers_and_stay_the_same_picture(qtbot: QtBot, panel: ExplorerPanel) -> None:
    deep = LatentMix(a=LatentSeed(seed=0), b=LatentSeed(seed=1), amount=0.1)
    for seed in range(2, 9):
        deep = LatentMix(a=deep, b=LatentSeed(seed=seed), amount=0.1)
    panel.open_recipe(panel.recipe().model_copy(update={"latent": deep}))  # type: ignore[union-attr]
    panel.hand.take("variations")
    wanted = panel.tools[VariationsTool].grid.recipes()[0]
    panel.tools[VariationsTool].grid.itemClicked.emit(panel.tools[VariationsTool].grid.item(0))
    qtbot.waitUntil(lambda: isinstance(panel.recipe().latent, LatentW), timeout=10000)  # type: ignore[union-attr]
    image = settled(qtbot, panel).copy()
    panel._go_on(wanted)
    assert np.abs(settled(qtbot, panel).astype(int) - image).max() <= 1


def test_a_network_without_w_has_variations_but_nothing_to_keep(qtbot: QtBot, panel: ExplorerPanel) -> None:
    use_classic(panel)
    panel.hand.take("variations")
    assert not panel.tools[VariationsTool].kept.isVisible() and not panel.toolbar.button("mix").isEnabled()
    assert "StyleGAN" in panel.toolbar.button("mix").toolTip()
    recipe = panel.tools[VariationsTool].grid.recipes()[0]
    panel.tools[VariationsTool].grid.itemClicked.emit(panel.tools[VariationsTool].grid.item(0))
    assert panel.recipe() == recipe and isinstance(recipe.latent, LatentMix)
    settled(qtbot, panel)


def test_styles_come_from_any_picture_by_parts_and_by_layers(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    tool, base = panel.tools[MixTool], panel.recipe()
    assert base is not None
    panel.hand.take("mix")
    plain = base.model_copy(update={"latent": LatentSeed(seed=7)})
    bold = SampleRecipe(model=base.model, latent=LatentSeed(seed=9), truncation=1.2)
    tool.add_pictures([plain, bold])
    qtbot.waitUntil(lambda: len(tool.sources()) == 2, timeout=10000)
    assert tool.sources()[0] == LatentSeed(seed=7) and isinstance(tool.sources()[1], LatentW)
    tool.parts.buttons[2].click()
    colour = panel.notes.parts.layers_of(2, 8)
    assert [(mix.latent, mix.layers) for mix in panel.recipe().style_mix] == [(tool.sources()[1], colour)]  # type: ignore[union-attr]
    assert tool.parts.chosen() == [2]
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    tool._choose(0)
    tool.take_layers([7], True)
    assert [mix.layers for mix in panel.recipe().style_mix] == [colour[:-1], (7,)]  # type: ignore[union-attr]
    tool._remove(0)
    assert [mix.layers for mix in panel.recipe().style_mix] == [colour[:-1]]  # type: ignore[union-attr]
    tool.reset()
    assert panel.recipe() == base
    panel.tools[PictureTool].seed.step(+1)
    assert len(tool.sources()) == 1, "what was brought stays at hand"


def test_a_picked_direction_of_another_model_is_refused(panel: ExplorerPanel) -> None:
    notes = panel.notes.value
    assert notes is not None
    problems: list[object] = []
    panel.context.problem.connect(problems.append)
    wrong = notes.with_direction(NamedDirection(basis="own", vector=(1.0, 2.0)))
    panel.tools[DirectionsTool].files.take_in(wrong)
    assert len(problems) == 1 and panel.notes.value == notes


def test_the_menu_of_samples_offers_what_makes_sense(panel: ExplorerPanel) -> None:
    recipe = panel.recipe()
    assert recipe is not None
    one = {action.data(): action.isEnabled() for action in panel.menu.build([recipe]).actions() if action.data()}
    two = {action.data(): action.isEnabled() for action in panel.menu.build([recipe] * 2).actions() if action.data()}
    assert {"open", "pick", "more", "less", "mix", "save", "export", "copy", "recipe", "stylize"} <= one.keys()
    assert one["open"] and one["export"] and not two["open"] and two["save"]


def test_children_are_bred_taken_and_picked_and_their_tree_walks_back_and_is_printed(
    qtbot: QtBot, panel: ExplorerPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = panel.tools[BreedingTool]
    first = panel.recipe()
    assert first is not None
    panel.hand.take("breeding")
    qtbot.waitUntil(lambda: tool.grid.count() == 9, timeout=10000)
    tool.set_parent(1, first.model_copy(update={"latent": LatentSeed(seed=5)}))
    qtbot.waitUntil(lambda: len(tool._bred_from) == 2, timeout=10000)
    child = tool.grid.recipes()[0]
    tool.grid.itemClicked.emit(tool.grid.item(0))
    assert panel.recipe() == child
    tree = tool.family.tree
    assert tree is not None and [person.parents for person in tree.persons] == [(), (), (1, 2)]
    panel.undo()
    assert panel.recipe() == first and tool.family.tree.persons == (), "picture and tree in one step"  # type: ignore[union-attr]
    panel.redo()
    assert panel.recipe() == child and tool.family.tree == tree
    panel.undo()
    panel.undo()
    assert tool.parents == [first, None], "parents come back"
    panel.redo()
    panel.redo()
    panel.undo()
    tool.family.put_back(tree)
    monkeypatch.setattr(
        "studio.ui.explore.tools.breeding.QApplication.keyboardModifiers", lambda: Qt.KeyboardModifier.ShiftModifier
    )
    tool.grid.itemClicked.emit(tool.grid.item(1))
    assert panel.picks.list.recipes() == [tool.grid.recipes()[1]] and panel.recipe() == first
    tool.tree_button.click()
    assert panel.stack.currentWidget() is tool.view
    tool.view.chosen.emit(tool.family.tree.persons[1])  # type: ignore[union-attr]
    assert panel.recipe().latent == LatentSeed(seed=5)  # type: ignore[union-attr]
    tool.person_name.setText("Mother")
    tool.person_name.editingFinished.emit()
    path = tmp_path / "tree.png"
    tool.print_tree(path)
    qtbot.waitUntil(path.exists, timeout=10000)
    with Image.open(path) as printed:
        assert printed.width >= 960 and printed.getpixel((2, 2)) == (255, 255, 255)
        assert len(set(printed.convert("L").tobytes())) > 20, "pictures and lines, not a white sheet"
    # Files are written one after the other: with the export the name is on the disk, too.
    exported = tmp_path / "family.json"
    tool.family.export(exported)
    qtbot.waitUntil(exported.exists, timeout=10000)
    again = Family(panel.tool_context.studio)
    again.show_network(panel.tool_context.network)
    qtbot.waitUntil(lambda: again.tree == tool.family.tree, timeout=10000)
    assert [person.name for person in again.tree.persons] == ["", "Mother", "", ""]  # type: ignore[union-attr]


def test_a_point_is_dragged_stopped_kept_and_undone_in_one_step(
    qtbot: QtBot, panel: ExplorerPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool, before = panel.tools[DragTool], panel.recipe()
    panel.hand.take("drag")
    assert not tool.start_button.isEnabled()

    def press(x: float, y: float, to: tuple[float, float] | None = None, button: str = "LeftButton") -> None:
        target = panel.canvas.image_rect()
        places = [
            QPoint(round(target.left() + a * target.width()), round(target.top() + b * target.height()))
            for a, b in ((x, y), to or (x, y))
        ]
        qtbot.mousePress(panel.canvas, Qt.MouseButton[button], pos=places[0])
        qtbot.mouseMove(panel.canvas, places[1])
        qtbot.mouseRelease(panel.canvas, Qt.MouseButton[button], pos=places[1])

    press(0.3, 0.3, (0.9, 0.4))
    press(0.6, 0.7, (0.7, 0.7))
    assert len(tool.points.pairs) == 2 and abs(tool.points.pairs[0].target.x() - 0.9) < 0.01
    press(0.6, 0.7, button="RightButton")
    assert len(tool.points.pairs) == 1
    panel.undo()
    assert len(tool.points.pairs) == 2 and panel.recipe() == before, "a point is a step of undo"
    panel.redo()
    assert len(tool.points.pairs) == 1
    with monkeypatch.context() as patch:
        patch.setattr(patch_matching, "is_distinct", lambda *_: False)
        press(0.9, 0.4, (0.9, 0.41))
        qtbot.waitUntil(lambda: tool.points.doubtful == {0}, timeout=10000)
        assert "structure" in tool.status.text() and tool.start_button.isEnabled(), "a warning forbids nothing"
    tool.paint_button.setChecked(True)
    press(0.2, 0.3, (0.9, 0.4))
    movable = tool.points.movable()
    assert movable is not None and movable[80, 80] and not movable[240, 20]
    pairs = list(tool.points.pairs)
    tool.start()
    assert tool.is_dragging() and tool.points.locked and not tool.points.painting
    qtbot.waitUntil(lambda: tool._state is not None and tool._state.step >= 2, timeout=60000)
    assert panel.recipe() == before, "nothing is kept while it goes on"
    best = tool._best
    tool.stop()
    after = panel.recipe()
    assert best is not None and tool._state == best and after == best.recipe, "the nearest step, not the last"
    assert after is not None and isinstance(after.latent, LatentW) and len(after.latent.values) == 8
    assert not tool.is_dragging() and tool.start_button.isEnabled()
    assert "Stopped" in tool.status.text() and not tool.progress.isVisibleTo(tool)
    moved = list(tool.points.pairs)
    panel.undo()
    assert panel.recipe() == before and tool.points.pairs == pairs != moved, "points come back"
    panel.redo()
    assert panel.recipe() == after and tool.points.pairs == moved
    panel.undo()
    panel.hand.take("picture")
    press(0.5, 0.5, (0.6, 0.6))
    assert len(tool.points.pairs) == 1, "another tool sets no points"


def test_a_drag_is_given_up_for_another_picture(qtbot: QtBot, panel: ExplorerPanel) -> None:
    tool = panel.tools[DragTool]
    panel.hand.take("drag")
    tool.points.pairs.append(DragPair(QPointF(0.3, 0.3), QPointF(0.8, 0.3)))
    tool.toggle()
    panel.tools[PictureTool].seed.step(+1)
    assert not tool.is_dragging() and isinstance(panel.recipe().latent, LatentSeed)  # type: ignore[union-attr]
    settled(qtbot, panel)


def test_the_lines_of_a_family_tree_pass_between_pictures() -> None:
    model = FileRef(hash="0" * 64, name="test")
    one = [SampleRecipe(model=model, latent=LatentSeed(seed=seed)) for seed in range(9)]
    tree = FamilyTree(model=model).with_child(one[2], [one[0], one[1]]).with_child(one[3], [one[0], one[1]])
    for child, parents in ((4, (2,)), (5, (2, 3)), (6, (4, 0)), (7, (5, 1)), (8, (6, 0))):
        tree = tree.with_child(one[child], [one[parent] for parent in parents])
    layout = lay_out(tree)
    squares = {person.number: layout.square(person.number) for person in tree.persons}
    for number, square in squares.items():
        assert not any(square.intersects(other) for name, other in squares.items() if name != number)
        assert square.left() >= 0 and square.right() <= layout.width and square.bottom() <= layout.height
    lines = [_line(layout, parent, person.number, 0.0) for person in tree.persons for parent in person.parents]
    points = [line.pointAtPercent(step / 100) for line in lines for step in range(101)]
    assert not any(square.contains(point) for point in points for square in squares.values())


def test_a_walk_on_the_map_is_one_step_and_a_pin_goes_back(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    tool, view, before = panel.tools[MapTool], panel.tools[MapTool].view, panel.recipe()
    panel.hand.take("map")
    home = view.place
    assert home is not None and home == view.middle and home in view.landmarks(), "it begins at the picture"
    qtbot.waitUntil(lambda: all(view.has_picture(place) for place in view.landmarks()), timeout=20000)
    start = view.rect().center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, QPoint(start.x() + 40, start.y() + 9))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.waitUntil(lambda: tool._walking is None and not panel.model.in_gesture, timeout=10000)
    there, place = panel.recipe(), view.place
    assert there is not None and there != before and isinstance(there.latent, LatentW) and place is not None
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    tool.name_field.setText("Here")
    tool.pin_button.click()
    panel.undo()
    assert panel.recipe() == before and view.place == home, "a walk is one step"
    state = panel.session()
    tool.pins, tool.anchors = {}, {}
    panel.restore_session(state)
    assert [(one.x, one.y) for one in tool.anchors[there.model.hash]] == [home]
    panel.hand.take("picture")
    view.center_on((0.0, 0.0))
    panel.hand.take("map")
    assert view.middle == home, "taken up again it shows the picture"
    view.center_on(place)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.point_of(place).toPoint())
    assert panel.recipe() == there and view.place == place and tool.pins[there.model.hash][0].name == "Here"


def test_the_map_is_zoomed_around_the_mouse_and_walked_with_keys(qtbot: QtBot, panel: ExplorerPanel) -> None:
    use_classic(panel)
    panel.hand.take("map")
    view = panel.tools[MapTool].view
    at = QPointF(20.0, 30.0)
    before = view.place_at(at)
    view.zoom_by(8.0, at)
    assert view.place_at(at) == pytest.approx(before) and view.zoom == pytest.approx(12)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: panel.tools[MapTool]._walking is None and not panel.model.in_gesture, timeout=10000)
    recipe = panel.recipe()
    assert recipe is not None and isinstance(recipe.latent, LatentW), "a network without w has its map in z"


def test_every_widget_of_a_tool_belongs_to_another(panel: ExplorerPanel) -> None:
    # Python's collector frees what belongs to nobody on any thread, and Qt crashes.
    for tool in panel.tools.as_they_are():
        tool.ready()
        widgets = {name: value for name, value in vars(tool).items() if isinstance(value, QWidget)}
        assert not [name for name, widget in widgets.items() if widget.parent() is None], tool.name


def test_two_models_are_mixed_swapped_undone_and_kept_as_one(
    qtbot: QtBot, panel: ExplorerPanel, library: ModelLibrary
) -> None:
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=8, w_dim=16, channel_base=256, channel_max=16)
    torch.manual_seed(9)
    card = ModelCard(name="Omega", architecture="stylegan2", config=config.to_dict())
    save_model(library.folders[0] / "omega.safetensors", stylegan2.Generator(config), card)
    panel.context.modelsChanged.emit()
    tool, before = panel.tools[NetworksTool], panel.recipe()
    assert before is not None
    panel.hand.take("networks")
    qtbot.waitUntil(lambda: tool.second.count() == 3, timeout=10000)
    assert not tool.shapes_button.isEnabled() and tool.nothing.text()
    classic = tool.second.findText("Classic", Qt.MatchFlag.MatchStartsWith)
    assert "kind" in tool.second.itemText(classic), "why it does not fit"
    tool.second.activated.emit(tool.second.findText("Omega"))
    blend = panel.recipe().blend  # type: ignore[union-attr]
    assert blend is not None and blend.amounts == (1, 1, 1, 0, 0, 0, 0)
    assert blend.own_styles and tool.own_styles.isChecked() and not tool.its_seeds.isVisible()
    assert np.array_equal(settled(qtbot, panel), expected(panel, library))
    for share in (0.25, 0.5):
        tool.sliders[1].set_value(share)
    tool.sliders[1].editingFinished.emit()
    assert panel.recipe().blend.amounts == (1, 0.5, 0.5, 0, 0, 0, 0)  # type: ignore[union-attr]
    panel.undo()
    assert panel.recipe().blend == blend, "a drag is one step"  # type: ignore[union-attr]
    tool.colours_button.click()
    assert panel.recipe().blend.mapping == 1 and tool.its_seeds.isChecked()  # type: ignore[union-attr]
    drawn = settled(qtbot, panel)
    tool.keep_as("Child")
    qtbot.waitUntil(lambda: panel.recipe().model.name == "Child", timeout=10000)  # type: ignore[union-attr]
    assert panel.recipe().blend is None and not tool.sliders[1].isVisible()  # type: ignore[union-attr]
    assert np.abs(settled(qtbot, panel).astype(int) - drawn).max() <= 1
    panel.undo()
    panel.undo()
    assert panel.recipe().blend == blend  # type: ignore[union-attr]
    tool.without_button.click()
    assert panel.recipe() == before


def test_the_map_shows_what_it_has_until_the_pictures_of_another_zoom_are_there(qtbot: QtBot) -> None:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    first, rest = view.wanted()[:4], view.wanted()
    for place in first:
        view.set_picture(place, image)
    (level, places), (step, own) = view.layout_of_pictures()
    assert level == 2 * step and set(places) <= set(first) and not own, "coarse ones fill the view"
    for place in rest:
        view.set_picture(place, image)
    [(step, whole)] = view.layout_of_pictures()
    assert set(whole) == set(view.landmarks())
    for factor in (8.0, 1 / 32):
        view.zoom_by(factor)
        kept = {level: places for level, places in view.layout_of_pictures() if places}
        assert step in kept, "the zoom before is seen, larger or smaller"
    for place in view.wanted()[:4]:
        view.set_picture(place, image)
    levels = [level for level, _places in view.layout_of_pictures()]
    assert step in levels and levels.index(step) < levels.index(max(levels)), "new ones are not drawn on"
