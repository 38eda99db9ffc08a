"""The Gallery room on a real gallery in a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.base import StudioError, drain
from studio.gallery import SourceStore
from studio.recipes import (
    DirectionMove,
    FileRef,
    LatentSeed,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
    loads,
    read_recipe,
)
from studio.ui.context import StudioContext
from studio.ui.file_manager import show_in_file_manager
from studio.ui.gallery import GalleryPanel
from studio.ui.gallery import panel as panel_module
from studio.ui.room_id import RoomId
from studio.ui.thumbnails import FileThumbnails
from studio.worker import thread_pool
from tests.fakes import DeviceOnly, opened_context

MODEL = FileRef(hash="a" * 64, name="little-people.safetensors")


def picture_of(seed: int, side: int = 32) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (side, side, 3), np.uint8)


def sample(seed: int) -> SampleRecipe:
    return SampleRecipe(model=MODEL, latent=LatentSeed(seed=seed), directions=(DirectionMove(index=1, amount=1.5),))


def stylized() -> StylizeRecipe:
    photo = PhotoRecipe(photo=FileRef(hash="b" * 64, name="beach.jpg"))
    waves = PhotoRecipe(photo=FileRef(hash="c" * 64, name="waves.jpg"))
    night = PhotoRecipe(photo=FileRef(hash="d" * 64, name="night.jpg"))
    return StylizeRecipe(
        content=photo,
        styles=(StyleUse(source=waves, weight=0.75), StyleUse(source=night, weight=0.25, scale=2.0)),
        method="optimise",
        steps=300,
        seed=5,
    )


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    sources = SourceStore(tmp_path / "Pictures" / "Sources")
    with opened_context(DeviceOnly, tmp_path, sources=sources, start=False) as made:
        yield made


@pytest.fixture
def filled(context: StudioContext) -> StudioContext:
    for seed in (1, 2, 3):
        context.gallery.save(picture_of(seed), sample(seed), stem=f"sample {seed}")
    context.gallery.save(picture_of(9, 64), stylized(), stem="beach in waves")
    Image.fromarray(picture_of(10)).save(context.gallery.folder / "by hand.png")
    return context


def shown(context: StudioContext, qtbot: QtBot, count: int) -> GalleryPanel:
    panel = GalleryPanel(context)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    panel.show()
    qtbot.waitUntil(lambda: panel.model.rowCount() == count, timeout=10_000)
    qtbot.waitUntil(lambda: not panel.scan.running)
    return panel


def choose(panel: GalleryPanel, stem: str) -> None:
    row = next(row for row, picture in enumerate(panel.model.files()) if picture.path.stem == stem)
    panel.view.clearSelection()
    panel.view.setCurrentIndex(panel.model.index(row))


@pytest.fixture
def panel(filled: StudioContext, qtbot: QtBot) -> Iterator[GalleryPanel]:
    made = shown(filled, qtbot, 5)
    yield made
    made.shutting_down()


def test_pictures_appear_with_thumbnails(panel: GalleryPanel, qtbot: QtBot) -> None:
    pictures = panel.model.files()
    assert {picture.path.stem for picture in pictures} >= {"sample 1", "beach in waves", "by hand"}
    qtbot.waitUntil(
        lambda: all(
            (pixmap := panel.thumbnails.get(picture, 256)) is not None and not pixmap.isNull() for picture in pictures
        ),
        timeout=10_000,
    )
    assert "5" in panel.count.text()


def test_a_damaged_picture_is_painted_as_such(panel: GalleryPanel, qtbot: QtBot) -> None:
    picture = panel.model.files()[0]
    picture.path.write_bytes(b"no picture")
    panel.thumbnails.close()
    qtbot.waitUntil(
        lambda: (pixmap := panel.thumbnails.get(picture, 512)) is not None and pixmap.isNull(), timeout=10_000
    )
    panel.grab()


def test_search_and_filters(panel: GalleryPanel, qtbot: QtBot) -> None:
    panel.filters["stylize"].click()
    qtbot.waitUntil(lambda: [p.path.stem for p in panel.model.files()] == ["beach in waves"])
    panel.filters["sample"].click()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    panel.filters["all"].click()
    panel.search.setText("seed 2")
    qtbot.waitUntil(lambda: [p.path.stem for p in panel.model.files()] == ["sample 2"])
    panel.search.setText("nothing at all")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0)
    panel.grab()
    panel.search.setText("")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 5)


def test_how_it_was_made(panel: GalleryPanel) -> None:
    choose(panel, "beach in waves")
    rows = dict(panel.info.rows())
    values = [value for _label, value in panel.info.rows()]
    assert rows["Photo"] == "beach"
    assert any("waves" in value and "75\N{NO-BREAK SPACE}%" in value for value in values)
    assert any("night" in value and "25\N{NO-BREAK SPACE}%" in value and "2" in value for value in values)
    assert "300" in rows["Method"] and rows["Size"] == "64 × 64"
    choose(panel, "sample 2")
    rows = dict(panel.info.rows())
    assert rows["Model"] == "little-people" and rows["Seed"] == "2" and rows["Variety (truncation)"] == "0.80"
    assert rows["Direction 2"].startswith("1.50")


def test_copying(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 2")
    panel.copy_recipe()
    assert loads(QGuiApplication.clipboard().text()) == sample(2)
    json.loads(QGuiApplication.clipboard().text())
    panel.copy_seed()
    assert QGuiApplication.clipboard().text() == "2"
    panel.copy()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.mimeData().urls()[0].toLocalFile().endswith("sample 2.png"), "the file can be pasted at once"
    qtbot.waitUntil(lambda: clipboard.mimeData().hasImage())
    assert clipboard.mimeData().urls()[0].toLocalFile().endswith("sample 2.png")
    panel.copy()
    clipboard.setText("copied meanwhile")
    qtbot.waitUntil(lambda: not thread_pool().jobs())
    assert clipboard.text() == "copied meanwhile" and not clipboard.mimeData().hasImage()
    choose(panel, "by hand")
    assert (
        not panel.commands.action("picture.copy-recipe").isEnabled()
        and not panel.commands.action("gallery.copy-seed").isEnabled()
    )


def test_a_picture_is_exported_with_its_recipe(
    panel: GalleryPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "out.jpg"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    choose(panel, "sample 2")
    panel.export()
    qtbot.waitUntil(path.exists)
    assert read_recipe(path) == sample(2)
    choose(panel, "by hand")
    with qtbot.waitSignal(panel.context.notify) as said:
        panel.export()
    assert "not made here" in said.args[0]
    panel.view.clearSelection()
    with qtbot.waitSignal(panel.context.notify) as said:
        panel.export()
    assert "Select one picture" in said.args[0]


def test_the_side_panel_serves_several_pictures_too(panel: GalleryPanel, qtbot: QtBot) -> None:
    info = panel.info
    panel.view.selectAll()
    assert info.star_many.isVisibleTo(panel) and info.trash_many.isVisibleTo(panel) and "5" in info.nothing.text()
    assert info.star_many.text() == "Add stars"
    info.star_many.click()
    assert all(picture.favourite for picture in panel.model.files())
    assert info.star_many.text() == "Remove stars" and "No" in panel.commands.action("picture.favourite").text()
    info.star_many.click()
    assert not any(picture.favourite for picture in panel.model.files())
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studio.ui.gallery.trash.ask", lambda _window, text, *_, **__: bool(asked.append(text)))
        info.trash_many.click()
    assert asked == ["Move 5 pictures to the trash?"]
    choose(panel, "sample 2")
    assert not info.star_many.isVisibleTo(panel) and info.export.isEnabled()
    choose(panel, "by hand")
    assert not info.export.isEnabled() and "no recipe" in info.export.toolTip()
    panel.search.setText("nothing at all")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0)
    assert info.nothing.text() == ""


def test_return_and_double_click_open_the_recipe(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 3")
    with qtbot.waitSignal(panel.context.openRecipe) as opened:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert opened.args == [sample(3)]
    center = panel.view.visualRect(panel.view.currentIndex()).center()
    seen: list[Recipe] = []
    panel.context.openRecipe.connect(seen.append)
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert seen == [sample(3)]


def test_a_picture_without_recipe_becomes_the_photo(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "by hand")
    with qtbot.waitSignal(panel.context.stylizePicture) as wanted:
        panel.open()
    recipe = wanted.args[0]
    assert isinstance(recipe, PhotoRecipe)
    kept = panel.context.sources.find(recipe.photo)
    assert kept is not None and np.array_equal(np.asarray(Image.open(kept)), picture_of(10))


def test_stylize_this(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 1")
    with qtbot.waitSignal(panel.context.stylizePicture) as wanted:
        panel.commands.action("picture.stylize").trigger()
    assert isinstance(wanted.args[0], PhotoRecipe) and wanted.args[0].photo.name == "sample 1.png"


def test_favourites(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 1")
    panel.commands.action("picture.favourite").trigger()
    assert panel.info.star.isChecked()
    # The star in the corner of the thumbnail.
    choose(panel, "sample 2")
    cell = panel.view.visualRect(panel.view.currentIndex())
    picture = panel.current()
    assert picture is not None
    star = panel.delegate.star_rect(cell, picture).center().toPoint()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=star)
    panel.filters["favourites"].click()
    qtbot.waitUntil(lambda: sorted(p.path.stem for p in panel.model.files()) == ["sample 1", "sample 2"])
    choose(panel, "sample 1")
    panel.commands.action("picture.favourite").trigger()
    qtbot.waitUntil(lambda: [p.path.stem for p in panel.model.files()] == ["sample 2"])


def test_trash_asks_and_the_neighbour_is_selected(
    panel: GalleryPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Path] = []
    monkeypatch.setattr("studio.base.trash.send2trash", lambda path: (gone.append(Path(path)), Path(path).unlink()))
    choose(panel, "sample 2")
    monkeypatch.setattr("studio.ui.gallery.trash.ask", lambda *_, **__: False)
    panel.trash()
    assert not gone
    monkeypatch.setattr("studio.ui.gallery.trash.ask", lambda *_, **__: True)
    with qtbot.waitSignal(panel.context.notify) as told:
        panel.trash()
    assert "sample 2.png" in told.args[0]
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    assert [path.name for path in gone] == ["sample 2.png"]
    assert panel.current() is not None
    assert panel.can_undo() and not panel.can_redo()
    panel.undo()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 5)
    assert gone[0].is_file() and panel.can_redo()
    panel.redo()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4 and not gone[0].exists())
    panel.undo()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 5 and gone[0].is_file())


def test_a_trash_that_fails_says_so(panel: GalleryPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError("no trash on this disk")

    monkeypatch.setattr("studio.base.trash.send2trash", refuse)
    monkeypatch.setattr("studio.ui.gallery.trash.ask", lambda *_, **__: True)
    choose(panel, "sample 2")
    with qtbot.waitSignal(panel.context.problem) as told:
        panel.trash()
    assert isinstance(told.args[0], StudioError) and "sample 2.png" in told.args[0].message
    assert panel.model.rowCount() == 5


def test_files_copied_into_the_folder_appear(panel: GalleryPanel, qtbot: QtBot) -> None:
    Image.fromarray(picture_of(20)).save(panel.context.gallery.folder / "new.png")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 6, timeout=10_000)


def test_a_folder_that_is_taken_away_is_told_once_and_seen_when_it_is_back(
    panel: GalleryPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    folder, told = panel.context.gallery.folder, list[StudioError]()
    panel.context.problem.connect(told.append)
    panel.scan._returns.setInterval(0)
    folder.rename(tmp_path / "away")
    panel.scan.start()
    qtbot.waitUntil(lambda: bool(told) and not panel.scan.running)
    assert "is its disk connected" in told[0].message and panel.model.rowCount() == 5
    Image.fromarray(picture_of(20)).save(tmp_path / "away" / "new.png")
    (tmp_path / "away").rename(folder)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 6)
    assert len(told) == 1 and not panel.scan._returns.isActive()


def test_a_saved_picture_appears_and_the_selection_stays(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 2")
    picture = panel.context.gallery.save(picture_of(30), sample(30))
    panel.context.pictureSaved.emit(picture)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 6)
    assert [chosen.path.stem for chosen in panel.selected()] == ["sample 2"]


def test_dragging_out_gives_files(panel: GalleryPanel) -> None:
    panel.view.selectAll()
    mime = panel.model.mimeData(panel.view.selectedIndexes())
    assert sorted(Path(url.toLocalFile()).name for url in mime.urls())[0] == "beach in waves.png"
    assert all(Path(url.toLocalFile()).is_file() for url in mime.urls())
    assert (
        not panel.commands.action("gallery.open").isEnabled() and panel.commands.action("selection.remove").isEnabled()
    )


def test_context_menu(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 2")
    panel._show_menu(panel.view.visualRect(panel.view.currentIndex()).center())
    menu = QApplication.activePopupWidget()
    assert menu is not None
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert "Stylize this" in texts and "Copy seed" in texts
    menu.close()
    panel._show_menu(QPoint(-5, -5))


def test_showing_a_missing_file(panel: GalleryPanel, qtbot: QtBot) -> None:
    choose(panel, "sample 2")
    calls: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_module, "show_in_file_manager", calls.append)
        panel.commands.action("gallery.show-file").trigger()
        qtbot.waitUntil(lambda: len(calls) == 1)
    with pytest.raises(StudioError, match="gone"):
        show_in_file_manager(Path("gone.png"))


def test_empty(context: StudioContext, qtbot: QtBot) -> None:
    panel = shown(context, qtbot, 0)
    qtbot.waitUntil(lambda: panel.welcome.isVisibleTo(panel))
    assert not panel.info.isVisibleTo(panel) and not panel.view.isVisibleTo(panel)
    with qtbot.waitSignal(context.roomWanted) as wanted:
        panel.welcome.explore_button.click()
    assert wanted.args == [RoomId.EXPLORE]
    with qtbot.waitSignal(context.roomWanted) as wanted:
        panel.welcome.stylize_button.click()
    assert wanted.args == [RoomId.STYLIZE]
    panel.filters["favourites"].click()
    qtbot.waitUntil(lambda: panel.view.isVisibleTo(panel) and "No favourites" in panel.view._headline)
    panel.filters["all"].click()
    qtbot.waitUntil(lambda: panel.welcome.isVisibleTo(panel))
    context.pictureSaved.emit(context.gallery.save(picture_of(1), sample(1)))
    qtbot.waitUntil(lambda: panel.view.isVisibleTo(panel) and panel.info.isVisibleTo(panel))
    panel.grab()
    panel.undo()
    panel.redo()
    panel.save()
    panel.copy()
    panel.trash()
    panel.shutting_down()


def test_thousands_of_pictures_do_not_block(
    context: StudioContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = context.gallery
    for seed in range(3):
        gallery.save(picture_of(seed), sample(seed))
    drain(gallery.rescan())
    panel = shown(context, qtbot, 3)
    some = gallery.pictures()[0]
    from dataclasses import replace

    many = [replace(some, path=some.path.with_name(f"{number}.png")) for number in range(5000)]
    painted: set[Path] = set()
    monkeypatch.setattr(FileThumbnails, "get", lambda _self, picture, _side: painted.add(picture.path))
    panel._show(many)
    panel.grab()
    panel.view.scrollToBottom()
    panel.grab()
    panel.side.setValue(96)
    panel.grab()
    assert 20 < len(painted) < 400, "only those in view are asked for"
    panel.shutting_down()
