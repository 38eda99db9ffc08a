"""Shelf, sheet and batch dialog in the Stylize room, with a quick engine of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.engine.jobs.batch_record import RUN_FILE
from studio.gallery import SourceStore, Style
from studio.recipes import PhotoRecipe, StylizeRecipe, read_recipe
from studio.ui.describe.style_names import TEXTS
from studio.ui.stylize import StylizerPanel
from studio.ui.stylize.library import panel as library_module
from studio.ui.widgets import DroppedPicture, Section
from studio.ui.widgets.starred_files import FILE_ROLE
from tests.fakes import PaintingEngine, opened_context


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    found = []
    for number, name in enumerate(("beach", "waves", "night")):
        path = tmp_path / "in" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.random.default_rng(number).integers(0, 255, (40, 80, 3), np.uint8)).save(path)
        found.append(path)
    return found


@pytest.fixture
def engine(tmp_path: Path) -> PaintingEngine:
    return PaintingEngine(SourceStore(tmp_path / "Sources"))


@pytest.fixture
def panel(tmp_path: Path, engine: PaintingEngine, qapp: QApplication, qtbot: QtBot) -> Iterator[StylizerPanel]:
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as context:
        made = StylizerPanel(context)
        qtbot.addWidget(made)
        made.resize(1204, 740)
        made.show()
        qtbot.waitUntil(lambda: len(made.library.panel.shown()) >= 16)
        yield made
        engine.let_go()
        made.shutting_down()


def problems(panel: StylizerPanel) -> list[StudioError]:
    return panel.context.problems  # type: ignore[attr-defined, no-any-return]


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def named(panel: StylizerPanel, name: str) -> Style:
    return next(style for style in panel.library.panel.scan.styles if style.name == name)


def centre_of(panel: StylizerPanel, name: str) -> QPoint:
    view = panel.library.panel.view
    row = [style.name for style in panel.library.panel.shown()].index(name)
    view.scrollTo(view.model().index(row, 0))
    return view.visualRect(view.model().index(row, 0)).center()


def blend(panel: StylizerPanel) -> list[str]:
    return [use.source.photo.name for use in panel.model.value.styles if isinstance(use.source, PhotoRecipe)]


def drop_on(widget: QWidget, mime: QMimeData) -> None:
    at = QPointF(widget.rect().center())
    actions = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(at.toPoint(), *actions)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(at, *actions))


def drop_on_library(panel: StylizerPanel, mime: QMimeData) -> None:
    drop_on(panel.library.panel, mime)


def set_photo(panel: StylizerPanel, qtbot: QtBot, path: Path) -> None:
    panel._on_photo(DroppedPicture(path, None, path.name))
    qtbot.waitUntil(lambda: panel.canvas.image() is not None)


def test_a_click_tries_a_style_alone_and_a_plus_blends_it_in(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path]
) -> None:
    view = panel.library.panel.view
    set_photo(panel, qtbot, photos[0])
    assert "library" in panel.bar.info.toolTip()
    left, control = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    for name in ("Impasto", "Watercolour"):
        QTest.mouseClick(view.viewport(), left, pos=centre_of(panel, name))
        qtbot.waitUntil(lambda name=name: blend(panel) == [f"{name}.jpg"])  # type: ignore[misc]
    model = panel.library.panel.model
    assert model.is_used(named(panel, "Watercolour")) and not model.is_used(named(panel, "Impasto"))

    def plus(name: str) -> QPoint:
        at = centre_of(panel, name)
        return view._delegate.blend_rect(view.visualRect(view.indexAt(at))).center().toPoint()

    QTest.mouseClick(view.viewport(), left, pos=plus("Mosaic"))
    qtbot.waitUntil(lambda: blend(panel) == ["Watercolour.jpg", "Mosaic.jpg"])
    QTest.mouseClick(view.viewport(), left, control, centre_of(panel, "Impasto"))
    qtbot.waitUntil(lambda: blend(panel) == ["Watercolour.jpg", "Mosaic.jpg", "Impasto.jpg"])
    # Once more takes it out again; undo goes back click by click.
    QTest.mouseClick(view.viewport(), left, pos=plus("Mosaic"))
    qtbot.waitUntil(lambda: blend(panel) == ["Watercolour.jpg", "Impasto.jpg"])
    panel.undo()
    panel.undo()
    assert blend(panel) == ["Watercolour.jpg", "Mosaic.jpg"]
    # By the keyboard: Return alone, + blended in.
    view.setCurrentIndex(view.indexAt(centre_of(panel, "Gouache")))
    QTest.keyClick(view, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: blend(panel) == ["Watercolour.jpg", "Mosaic.jpg", "Gouache.jpg"])
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: blend(panel) == ["Gouache.jpg"])
    panel.grab()
    assert not problems(panel)


def test_search_folders_and_favourites(panel: StylizerPanel, qtbot: QtBot) -> None:
    library_panel = panel.library.panel
    everything = len(library_panel.shown())
    library_panel.search.setText("GLASS")
    assert [style.name for style in library_panel.shown()] == ["Stained glass"]
    library_panel.search.clear()
    library_panel.folders.setCurrentIndex(library_panel.folders.findData("ready/Nature"))
    assert {style.folder for style in library_panel.shown()} == {"Nature"} and library_panel.shown()
    library_panel.folders.setCurrentIndex(0)
    assert len(library_panel.shown()) == everything
    view = library_panel.view
    at = centre_of(panel, "Watercolour")
    star = (
        view._delegate.star_rect(view.visualRect(view.indexAt(at)), view.indexAt(at).data(FILE_ROLE)).center().toPoint()
    )
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=star)
    qtbot.waitUntil(lambda: named(panel, "Watercolour").favourite)
    library_panel.favourites.setChecked(True)
    assert [style.name for style in library_panel.shown()] == ["Watercolour"]
    assert blend(panel) == []  # the star is no pick
    library_panel.view.selectAll()
    library_panel._toggle_star()
    qtbot.waitUntil(lambda: library_panel.shown() == [])
    panel.grab()
    tip = str(library_panel.model.data(library_panel.model.index(0), Qt.ItemDataRole.ToolTipRole) or "")
    assert tip == ""
    library_panel.favourites.setChecked(False)
    tip = str(library_panel.model.data(library_panel.model.index(0), Qt.ItemDataRole.ToolTipRole))
    assert "Apache-2.0" in tip and "Latent Studio" in tip
    every = (*library_panel.shown(), *library_panel.scan.retired)
    assert {text for style in every for text in (style.name, style.folder, style.medium)} == set(TEXTS)


def test_dropping_renaming_moving_and_trash(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library_panel = panel.library.panel
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no")
    drop_on_library(panel, mime_of(photos[0], photos[1], broken))
    qtbot.waitUntil(lambda: len(library_panel.scan.chosen(ready=False)) == 2 and len(problems(panel)) == 1)
    assert "broken.png" in problems(panel)[0].message
    drop_on_library(panel, mime_of(photos[0]))
    with qtbot.waitSignal(panel.context.notify):
        pass
    assert len(list(library_panel.library.folder.glob("*.png"))) == 2
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: ("sea", True))
    library_panel._ask_folder([named(panel, "beach")])
    qtbot.waitUntil(lambda: named(panel, "beach").folder == "sea")
    # Shown is the folder: what is dropped goes there.
    library_panel.folders.setCurrentIndex(library_panel.folders.findData("own/sea"))
    drop_on_library(panel, mime_of(photos[2]))
    qtbot.waitUntil(lambda: {style.name for style in library_panel.shown()} == {"beach", "night"})
    library_panel.view.setCurrentIndex(library_panel.model.index(0))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: ("Shore", True))
    library_panel._ask_name()
    qtbot.waitUntil(lambda: {style.name for style in library_panel.shown()} == {"Shore", "night"})
    assert (library_panel.library.folder / "sea" / "Shore.png").exists()
    texts = [action.text() for action in library_panel.menu_for([named(panel, "night")]).actions()]
    assert any(text == "Move to" for text in texts)
    assert not any("trash" in action.text() for action in library_panel.menu_for([named(panel, "Mosaic")]).actions())
    library_panel.move_to([named(panel, "Shore")], "")
    qtbot.waitUntil(lambda: [style.name for style in library_panel.shown()] == ["night"])
    gone: list[str] = []
    monkeypatch.setattr("studio.base.trash.send2trash", lambda name: (gone.append(name), Path(name).unlink()))
    monkeypatch.setattr(library_module, "ask", lambda *_args, **_how: True)
    library_panel.view.selectAll()
    library_panel._ask_trash()
    qtbot.waitUntil(lambda: library_panel.shown() == [] and len(gone) == 1)
    # A file put there by another program is seen.
    Image.open(photos[0]).rotate(90).save(library_panel.library.folder / "sea" / "new.png")
    qtbot.waitUntil(lambda: [style.name for style in library_panel.shown()] == ["new"], timeout=8000)


def test_the_library_can_be_hidden_and_a_style_dragged(panel: StylizerPanel, qtbot: QtBot, photos: list[Path]) -> None:
    library_panel = panel.library.panel
    assert library_panel.isVisible() and panel.canvas.width() >= 0
    mime = library_panel.model.mimeData([library_panel.model.index(0)])
    assert mime.urls()[0].toLocalFile() == str(library_panel.shown()[0].path)
    # Onto the rows of the blend, not only the small place below them.
    section = panel.styles.parentWidget()
    while section is not None and not isinstance(section, Section):
        section = section.parentWidget()
    assert section is not None
    drop_on(section, mime)
    qtbot.waitUntil(lambda: blend(panel) == [library_panel.shown()[0].path.name])
    panel.commands.action("stylize.library").trigger()
    assert not library_panel.isVisible() and not panel.context.settings.show_style_library
    panel.commands.action("stylize.library").trigger()
    assert library_panel.isVisible() and panel.context.settings.show_style_library
    # A narrow window is for picture and controls, until the artist says otherwise.
    panel.library.fit(700)
    assert not library_panel.isVisible() and panel.context.settings.show_style_library
    panel.commands.action("stylize.library").trigger()
    assert library_panel.isVisible()
    panel.commands.action("stylize.library").trigger()
    panel.library.fit(1204)
    assert not library_panel.isVisible()  # that was the artist's last word
    panel.commands.action("stylize.library").trigger()
    panel.library.fit(700)
    panel.library.fit(1204)
    assert library_panel.isVisible()


def test_the_sheet_fills_stops_goes_on_and_is_saved(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path], tmp_path: Path
) -> None:
    controller = panel.library
    assert not panel.commands.action("stylize.sheet").isEnabled()
    set_photo(panel, qtbot, photos[0])
    controller.panel.folders.setCurrentIndex(controller.panel.folders.findData("ready/Drawing"))
    count = len(controller.panel.shown())
    engine.gate.clear()
    panel.commands.action("stylize.sheet").trigger()
    assert panel.stack.currentWidget() is controller.sheet and controller.sheet.list.count() == count
    controller.sheet.stop_button.click()
    engine.gate.set()
    qtbot.waitUntil(lambda: not panel.context.worker._tasks)
    assert len(controller.sheet.drawn()) < count
    controller.sheet.stop_button.click()
    qtbot.waitUntil(lambda: len(controller.sheet.drawn()) == count)
    assert not controller.sheet.stop_button.isVisible()
    asked = [recipe for recipe in engine.stylized() if recipe.method == "preview"]
    assert len({recipe.styles[0].source for recipe in asked}) == count
    # What was drawn stays when fewer styles are wanted, and is drawn anew under other settings.
    before = len(engine.stylized())
    controller.panel.search.setText("ink")
    qtbot.waitUntil(lambda: 0 < controller.sheet.list.count() < count)
    assert len(controller.sheet.drawn()) == controller.sheet.list.count() and len(engine.stylized()) == before
    panel.model.edit(content_strength=0.9, commit=False)
    qtbot.waitUntil(lambda: any(recipe.content_strength == 0.9 for recipe in engine.stylized()))
    qtbot.waitUntil(lambda: len(controller.sheet.drawn()) == controller.sheet.list.count())
    controller.sheet.save_to(tmp_path / "sheet.png")
    qtbot.waitUntil(lambda: (tmp_path / "sheet.png").exists())
    assert Image.open(tmp_path / "sheet.png").width > 250
    item = controller.sheet.list.item(0)
    controller.sheet.list.itemClicked.emit(item)
    qtbot.waitUntil(lambda: len(blend(panel)) == 1)
    assert controller.sheet.list.item(0).text().startswith("✓")
    panel.grab()
    QTest.keyClick(controller.sheet, Qt.Key.Key_Escape)
    assert panel.stack.currentWidget() is panel.canvas
    controller.show_sheet(True)
    panel._remove_photo()
    assert not controller.sheet_open


def test_a_batch_from_the_dialog_is_stopped_and_goes_on(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, photos: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "in" / "broken.jpg").write_bytes(b"no picture")
    panel.library._use(named(panel, "Mosaic"), replace=True)
    qtbot.waitUntil(lambda: len(blend(panel)) == 1)
    panel.model.edit(size=64, commit=False)
    panel.model.commit()
    panel.side.folder_button.click()
    dialog = panel.library._batch
    assert dialog is not None and not dialog.start_button.isEnabled()
    out = tmp_path / "out"
    whole = (tmp_path / "in" / "night.png").read_bytes()
    (tmp_path / "in" / "cut.png").write_bytes(whole[: len(whole) // 2])
    dialog.folder_in.setText(str(tmp_path / "in"))
    # A folder beside the photos is proposed; what is wrong with them is said before anything starts.
    qtbot.waitUntil(dialog.start_button.isEnabled)
    assert Path(dialog.folder_out.text()) == tmp_path / "in in Mosaic" and not Path(dialog.folder_out.text()).exists()
    qtbot.waitUntil(lambda: dialog.failed.count() == 2)
    said = [dialog.failed.item(row).text() for row in range(2)]
    assert "broken.jpg" in said[0] and "cut.png" in said[1] and "cut off" in said[1]
    assert "5 photos" in dialog.count.text() and "2 are damaged" in dialog.count.text()
    # Exactly these photos, as when several are opened at once; naming a folder takes all of it again.
    assert panel.many_pictures_offer(2) == "Restyle all 2 …"
    panel.open_pictures([tmp_path / "in" / "beach.png", tmp_path / "in" / "night.png"])
    qtbot.waitUntil(lambda: "2 photos" in dialog.count.text())
    settings = dialog.settings()
    assert settings is not None and [photo.name for photo in settings.photos] == ["beach.png", "night.png"]
    assert "beach.png, night.png" in dialog.only_text.text() and dialog.only.isVisible()
    dialog._use_whole_folder()
    qtbot.waitUntil(lambda: "5 photos" in dialog.count.text())
    assert not dialog.only.isVisible()
    (tmp_path / "in" / "cut.png").unlink()
    dialog.folder_out.setText(str(tmp_path / "in"))
    qtbot.waitUntil(lambda: "among the photos" in dialog.count.text())
    assert not dialog.start_button.isEnabled()
    dialog.folder_out.setText(str(out))
    qtbot.waitUntil(dialog.start_button.isEnabled)
    assert "4" in dialog.count.text() and "Mosaic" in dialog.summary.text()
    engine.gate.clear()
    dialog.start()
    qtbot.waitUntil(lambda: dialog._progress is not None and bool(dialog._progress.photo))
    assert not dialog.folder_in.isEnabled() and dialog.pause_button.isVisible()
    dialog.pause_button.click()
    assert dialog.pause_button.text() == "Resume" and "Ctrl+Shift+P" in dialog.pause_button.toolTip()
    assert dialog.commands.run("work.pause") and dialog.pause_button.text() == "Pause"
    dialog.stop_button.click()
    engine.gate.set()
    qtbot.waitUntil(lambda: dialog._job is None)
    assert dialog.start_button.text() == "Go on" and "restart" in dialog.sentence.text()
    dialog.grab()
    made = len(list(out.glob("*.jpg")))
    assert made < 3
    dialog.start()
    qtbot.waitUntil(lambda: dialog._report is not None)
    report = dialog._report
    assert report is not None and report.made == 3 - made and report.before == made
    assert dialog.failed.count() == 1 and "broken.jpg" in dialog.failed.item(0).text()
    assert sorted(path.name for path in out.iterdir()) == sorted(["beach.jpg", "night.jpg", "waves.jpg", RUN_FILE])
    recipe = read_recipe(out / "beach.jpg")
    assert isinstance(recipe, StylizeRecipe) and recipe.size == 64
    # Other settings: the folder says what lies there, and can be taken up again.
    panel.model.edit(size=128, commit=False)
    dialog.show_draft(panel.model.value)
    qtbot.waitUntil(lambda: dialog.other.isVisible())
    dialog.continue_button.click()
    qtbot.waitUntil(lambda: not dialog.other.isVisible() and dialog.start_button.isEnabled())
    settings = dialog.settings()
    assert settings is not None and settings.recipe.size == 64 and dialog.start_button.text() == "Go over it again"
    dialog.start()
    qtbot.waitUntil(lambda: dialog._report is not None and dialog._report.before == 3)
    dialog.grab()


def test_a_folder_proposed_for_other_photos_is_not_kept(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path], tmp_path: Path
) -> None:
    context = panel.context
    context.settings.remember_folder("batch-in", tmp_path / "in")
    (tmp_path / "old").mkdir()
    context.settings.remember_folder("batch-out", tmp_path / "old")  # of the batch before
    panel.side.folder_button.click()
    dialog = panel.library._batch
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog._photos))
    assert dialog.folder_out.text() == "", "without a style no name can be proposed"
    panel.library._use(named(panel, "Mosaic"), replace=True)
    qtbot.waitUntil(lambda: len(blend(panel)) == 1)
    dialog.show_draft(panel.model.value)
    qtbot.waitUntil(lambda: dialog.folder_out.text() == str(tmp_path / "in in Mosaic"))
    (tmp_path / "in").rename(tmp_path / "trip")
    dialog.folder_in.setText(str(tmp_path / "nowhere"))
    qtbot.waitUntil(lambda: dialog.folder_out.text() == "")
    dialog.folder_in.setText(str(tmp_path / "trip"))
    qtbot.waitUntil(lambda: dialog.folder_out.text() == str(tmp_path / "trip in Mosaic"))


def test_looks_are_saved_used_renamed_and_deleted_with_undo(
    panel: StylizerPanel, qtbot: QtBot, photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.base.trash.send2trash", lambda path: Path(path).unlink())
    page, pages = panel.library.panel.looks, panel.library.panel.pages
    assert not page.save_button.isEnabled()
    set_photo(panel, qtbot, photos[0])
    for name, replace in (("Mosaic", True), ("Gouache", False)):
        panel.library._use(named(panel, name), replace=replace)
    qtbot.waitUntil(lambda: len(blend(panel)) == 2)
    panel.model.set(panel.model.value.with_use(0, weight=0.4))
    panel.model.edit(content_strength=0.8, keep_colors=True, size=64)
    qtbot.waitUntil(lambda: panel.on_canvas.restyled() is not None)
    look = panel.model.value
    names = iter(["Tiles", "Tiles at night"])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: (next(names), True))
    page.save_button.click()
    qtbot.waitUntil(lambda: page.list.count() == 1)
    assert pages.currentIndex() == 1 and page.list.item(0).text() == "Tiles"
    # On another photo, at another size.
    panel.library._use(named(panel, "Impasto"), replace=True)
    qtbot.waitUntil(lambda: blend(panel) == ["Impasto.jpg"])
    panel.model.edit(content_strength=0.1, keep_colors=False, size=128)
    set_photo(panel, qtbot, photos[1])
    qtbot.waitUntil(lambda: panel.model.value.content not in (None, look.content))
    at = page.list.visualItemRect(page.list.item(0)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: panel.model.value.styles == look.styles)
    assert panel.model.value.content_strength == 0.8 and panel.model.value.keep_colors
    assert panel.model.value.size == 128 and panel.model.value.content != look.content
    page.list.setCurrentRow(0)
    page.commands.action("style.rename").trigger()
    qtbot.waitUntil(lambda: page.list.item(0).text() == "Tiles at night")
    page.list.setCurrentRow(0)
    page.commands.action("selection.remove").trigger()
    qtbot.waitUntil(lambda: page.list.count() == 0)
    panel.undo()
    qtbot.waitUntil(lambda: page.list.count() == 1)
    panel.redo()
    qtbot.waitUntil(lambda: page.list.count() == 0)
    panel.undo()
    qtbot.waitUntil(lambda: page.list.count() == 1)
    panel.undo()  # and on, to the settings before the look
    assert panel.model.value.content_strength == 0.1
    # Out to a file, and in again.
    page.export(page.scan.looks[0], tmp_path / "gift.look")
    qtbot.waitUntil((tmp_path / "gift.look").exists)
    mime = mime_of(tmp_path / "gift.look")
    drop_on(page, mime)
    qtbot.waitUntil(lambda: page.list.count() == 2)
    shown = [page.list.item(row).isHidden() for row in range(2)]
    assert shown == [False, False] and page.search.isHidden(), "two are found without searching"
    page.search.setText("night sea")
    assert [page.list.item(row).isHidden() for row in range(2)] == [True, True] and not page.search.isHidden()
    page.search.clear()
    panel.grab()
    assert not problems(panel)
