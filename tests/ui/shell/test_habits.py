"""Habits of the window that are the same everywhere: dialogs, messages, words of the system's and of the language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.base import Hint, StudioError
from studio.base.app_settings import AppSettings
from studio.base.paths import data_dir, resources_dir
from studio.checkpoints.library import ModelLibrary
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.ui.describe.dates import date_text
from studio.ui.describe.devices import device_name
from studio.ui.describe.model_names import TEXTS, direction_name, model_description, model_name
from studio.ui.describe.recipes import file_title
from studio.ui.saving import PictureKeeping
from studio.ui.shell.focus_keeper import FocusKeeper
from studio.ui.shell.session import SESSION_FILE
from studio.ui.shell.window_memory import SessionKeeper
from studio.ui.theme import apply_theme, colors
from studio.ui.widgets import MessageBar
from studio.ui.widgets.glyph import Glyph
from studio.ui.widgets.hint_line import HintLine
from studio.ui.widgets.questions import ask
from studio.worker import JobGroup
from tests.fakes.context import RecordingContext, opened_context
from tests.fakes.engines import DeviceOnly


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[RecordingContext]:
    with opened_context(DeviceOnly, tmp_path, start=False) as made:
        yield made


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("latent_studio_zh_CN", str(resources_dir() / "i18n"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.parametrize(("destructive", "default", "colored"), [(True, "Cancel", []), (False, "Do it", ["Do it"])])
def test_the_button_that_takes_away_is_never_the_one_that_return_presses(
    destructive: bool, default: str, colored: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def shown(box: QMessageBox) -> int:
        buttons = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
        assert [name for name, button in buttons.items() if button.isDefault()] == [default]
        assert [name for name, button in buttons.items() if button.property("primary")] == colored
        buttons[press].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", shown)
    for press in ("Do it", "Cancel"):
        assert ask(parent, "Sure?", yes="Do it", destructive=destructive) == (press == "Do it")


def test_a_hint_is_one_quiet_line_and_goes_by_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    line, bar = HintLine(window), MessageBar(window)
    window.show()
    bar.show_problem(StudioError("It broke.", "Mend it."))
    assert bar.isVisible() and bar.text() == "It broke.\nMend it."
    line.show_hint(Hint("There is nothing to paste.", "Copy something first."))
    assert line.isVisible() and line.text() == "There is nothing to paste. Copy something first."
    for shown in (line, bar):
        assert shown.leaves.isActive() and shown.leaves.isSingleShot()
        monkeypatch.setattr(shown, "isActiveWindow", lambda: False)
        shown.leaves.timeout.emit()  # the time is over, but nobody is there to read it
        assert shown.isVisible() and shown.leaves.isActive()
        monkeypatch.setattr(shown, "isActiveWindow", lambda: True)
        shown.leaves.timeout.emit()
        assert not shown.isVisible()
    done: list[str] = []
    line.show_offer("Two of it are left.", "Do it", lambda: done.append("done"))
    line.show_hint(Hint("Another."))
    assert not line.button.isVisible(), "what was offered is gone with its line"
    line.show_offer("Two of it are left.", "Do it", lambda: done.append("done"))
    line.button.click()
    assert done == ["done"] and not line.isVisible()


def test_what_cannot_be_edited_does_not_look_so(qtbot: QtBot, qapp: QApplication) -> None:
    before = qapp.styleSheet()
    apply_theme(qapp, "dark")
    try:
        parent = QWidget()
        qtbot.addWidget(parent)
        line = QLineEdit(parent)
        line.resize(100, 30)
        grounds = []
        for read_only in (False, True):
            line.setReadOnly(read_only)
            line.ensurePolished()
            grounds.append(parent.grab().toImage().pixelColor(50, 8).name())
        assert grounds == [colors().base, colors().window]
    finally:
        qapp.setStyleSheet(before)


def test_dialogs_begin_where_such_files_lie_and_where_the_last_one_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pictures", "videos", "downloads"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(platformdirs, f"user_{name}_dir", lambda name=name: str(tmp_path / name))
    settings = AppSettings()
    assert settings.start_folder("photo") == str(tmp_path / "pictures")
    assert settings.start_folder("clip") == str(tmp_path / "videos")
    assert settings.start_folder("model") == str(tmp_path / "downloads")
    settings.remember_folder("photo", tmp_path / "beach.jpg")
    assert settings.start_folder("photo") == str(tmp_path) and settings.start_folder("style") != str(tmp_path)
    (tmp_path / "videos").rmdir()
    assert settings.start_folder("clip") == str(Path.home())


def test_exports_of_one_name_are_proposed_under_other_names(
    qtbot: QtBot, tmp_path: Path, context: RecordingContext
) -> None:
    """Pictures with other edits of one seed have one name: none is offered for being written over."""
    room = QWidget()
    qtbot.addWidget(room)
    keeping, proposed = PictureKeeping(context, JobGroup(room), room), list[str]()
    context.settings.remember_folder("export", tmp_path)
    recipe = SampleRecipe(model=FileRef(hash="a" * 64), latent=LatentSeed(seed=7))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getSaveFileName", lambda *given: (bool(proposed.append(given[2])) or given[2], ""))
        for _ in range(3):
            path = keeping.choose_file(recipe)
            assert path is not None
            path.write_bytes(b"")
    assert [Path(path).stem for path in proposed] == ["Seed 7", "Seed 7 (2)", "Seed 7 (3)"]


def test_dates_are_written_as_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_DE"))
    assert date_text(datetime(2026, 11, 30, 14, 5)) == "30.11.26 14:05"


@pytest.mark.usefixtures("chinese")
def test_starter_models_devices_and_names_of_files_are_chinese() -> None:
    starters = [model for model in ModelLibrary().models() if model.starter]
    assert starters
    for model in starters:
        named = set(filter(None, model.direction_names))
        assert named and {model.name, model.description, model.data} | named <= set(TEXTS), "cards need translations"
        assert direction_name(model, 0) not in model.direction_names and not direction_name(model, 99)
        assert model_name(model) != model.name and model_description(model) != model.description
    assert device_name("CPU, 4 threads") == "处理器，4 线程" and device_name("RTX 4090") == "RTX 4090"
    seed = SampleRecipe(model=FileRef(hash="a" * 64), latent=LatentSeed(seed=7))
    assert file_title(seed) == "种子 7" and seed.title == "seed 7"


def test_a_glyph_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    before = qapp.styleSheet()
    try:
        apply_theme(qapp, "light")
        glyph = Glyph("photo", 16)
        qtbot.addWidget(glyph)
        light = glyph.pixmap().toImage()
        apply_theme(qapp, "dark")
        assert glyph.pixmap().toImage() != light
    finally:
        qapp.setStyleSheet(before)


def test_of_two_windows_the_first_writes_the_session(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    first = SessionKeeper({}, AppSettings, owner)
    second = SessionKeeper({}, AppSettings, owner)
    assert first.ours and not second.ours
    second.keep_now()
    assert not (data_dir() / SESSION_FILE).exists()
    first.keep_now()
    assert (data_dir() / SESSION_FILE).exists()
    first.close()
    # Now and then the settings are written with it: after a crash, too, the last room is shown.
    third = SessionKeeper({}, lambda: AppSettings(last_room=3), owner)
    assert third.ours
    third._keep_in_pool()
    qtbot.waitUntil(lambda: AppSettings.load().last_room == 3)


@pytest.mark.parametrize("way", ["hidden", "greyed"])
def test_the_focus_of_a_button_that_goes_away_falls_on_no_other_button(way: str, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    go_on, remove, place = QPushButton("Continue", window), QPushButton("Remove", window), QLineEdit(window)
    FocusKeeper(window, lambda: place)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    go_on.setFocus()
    qtbot.waitUntil(go_on.hasFocus)
    go_on.setVisible(way != "hidden")
    go_on.setEnabled(way != "greyed")
    qtbot.waitUntil(place.hasFocus)
    assert not remove.hasFocus()
