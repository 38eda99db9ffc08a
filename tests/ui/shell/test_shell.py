"""The window around the rooms, with small rooms of our own in place of the real ones."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
)
from pytestqt.qtbot import QtBot

from studio.base import Message, Progress, StudioError, Work, drain
from studio.base.app_settings import AppSettings
from studio.checkpoints import MODEL_SUFFIXES
from studio.engine.jobs.journey_file import write_video
from studio.gallery import sources
from studio.recipes import (
    FileRef,
    JourneyRecipe,
    LatentSeed,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
)
from studio.recipes.documents import dumps
from studio.recipes.embed import save_picture
from studio.recipes.sequences.journey import JOURNEY, journey_comment
from studio.ui.binding import show_in
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.model import History
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.shell import app as app_module
from studio.ui.shell import window as main_window_module
from studio.ui.shell.help import HelpWindow
from studio.ui.shell.quitting import QuitQuestion, RestartQuestion
from studio.ui.shell.rooms import ROOMS
from studio.ui.shell.session import Session
from studio.ui.shell.settings_dialog import SettingsDialog
from studio.ui.shell.shown_canvases import ZOOM_STEP
from studio.ui.shell.window import MainWindow
from studio.ui.translated import translators
from studio.ui.widgets import Canvas
from studio.worker import DeviceWorker, Finishing, thread_pool
from tests.fakes import DeviceOnly, opened_context

MODEL = FileRef(hash="a" * 64, name="model.safetensors")
SAMPLE = SampleRecipe(model=MODEL, latent=LatentSeed(seed=7))


class SmallRoom(Room):
    """A room that does nothing but record what it was asked."""

    def __init__(self, context: StudioContext) -> None:
        super().__init__(context)
        self.asked: list[object] = []
        self.history: History[Recipe] = History(self)
        self.history.changed.connect(self.stateChanged)
        self.canvas = Canvas(self)
        self.splitter = QSplitter(self)
        self.splitter.setObjectName("small-splitter")
        self.splitter.addWidget(self.canvas)
        self.splitter.addWidget(QLabel("controls"))
        QHBoxLayout(self).addWidget(self.splitter)
        self.possible = True
        self.commands.add(
            Command("explore.random", "Random", lambda: self.asked.append("random"), enabled=lambda: self.possible)
        )
        context.modelDropped.connect(lambda path: self.asked.append(("model", path)))

    def open_recipe(self, recipe: Recipe) -> None:
        self.asked.append(("open", recipe))

    def open_clip(self, path: Path) -> None:
        self.asked.append(("clip", path))

    def open_journey(self, journey: JourneyRecipe) -> None:
        self.asked.append(("journey", journey))

    def set_content(self, recipe: Recipe) -> None:
        self.asked.append(("stylize", recipe))

    def open_folder(self, path: Path) -> None:
        self.asked.append(("folder", path))

    def many_pictures_offer(self, count: int) -> str:
        return f"All {count}"

    def open_pictures(self, paths: Sequence[Path]) -> None:
        self.asked.append(("all", paths))

    def can_undo(self) -> bool:
        return self.history.can_undo()

    def can_redo(self) -> bool:
        return self.history.can_redo()

    def undo(self) -> None:
        self.asked.append("undo")

    def redo(self) -> None:
        self.asked.append("redo")

    def save(self) -> None:
        self.asked.append("save")

    def session(self) -> dict[str, Any]:
        return {"asked": [one for one in self.asked if isinstance(one, str)]}

    def restore_session(self, state: dict[str, Any]) -> None:
        self.asked.append(("session", state))

    def shutting_down(self) -> None:
        self.asked.append("shutting down")


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[StudioContext]:
    monkeypatch.setenv("LATENT_STUDIO_HOME", str(tmp_path / "home"))
    with opened_context(DeviceOnly, tmp_path, start=False) as made:
        yield made


@pytest.fixture
def window(context: StudioContext, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> MainWindow:
    monkeypatch.setattr(main_window_module, "ROOMS", tuple(replace(kind, make=SmallRoom) for kind in ROOMS))
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def room(window: MainWindow, which: RoomId) -> SmallRoom:
    made = window.room(which)
    assert isinstance(made, SmallRoom)
    return made


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def photo(path: Path) -> Path:
    Image.fromarray(np.full((20, 30, 3), 128, np.uint8)).save(path)
    return path


# Starting


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_the_window_is_up_before_torch(tmp_path: Path) -> None:
    code = """
import sys
from PySide6.QtTest import QTest
from studio.ui.shell import app
from studio.base.app_settings import AppSettings
settings = AppSettings.load()
application = app.make_application(["latent-studio"], settings)
window = app.make_window(settings)
window.show()
window.make_all_rooms()
assert QTest.qWaitForWindowExposed(window, 600_000)
assert window.isVisible()
assert len(window._rooms) == 4, window._rooms
loaded = sorted(name for name in sys.modules if name.split(".")[0] in ("torch", "torchvision", "onnxruntime"))
print("loaded:", loaded)
"""
    done = run_python(code, LATENT_STUDIO_HOME=str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert "loaded: []" in done.stdout, done.stdout + done.stderr


def test_without_a_display_one_line_and_exit_code_2(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    environment["LATENT_STUDIO_HOME"] = str(tmp_path)
    code = "import sys; from studio.ui.shell.app import run; sys.exit(run(['latent-studio']))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    for word in ("sample", "stylize", "train", "--help"):
        assert word in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_a_display_that_does_not_answer_and_missing_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.setattr(app_module, "_loads", lambda name: True)
    assert ":987 does not answer" in str(app_module.why_no_window())
    monkeypatch.setattr(app_module, "_loads", lambda name: name not in ("libxcb-cursor.so.0", "libEGL.so.1"))
    reason = str(app_module.why_no_window())
    assert "libegl1 libxcb-cursor0" in reason and "latent-studio sample" in reason
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert app_module.why_no_window() is None


def test_our_icon_is_drawn(qapp: QApplication) -> None:
    image = app_module.application_icon().pixmap(64, 64).toImage()
    assert image.pixelColor(32, 32).alpha() == 255 and image.pixelColor(0, 0).alpha() == 0


def test_chinese_loads_what_is_there(qapp: QApplication) -> None:
    from PySide6.QtCore import QLocale

    before = QLocale()
    try:
        assert all(found.objectName() == "latent_studio_en" for found in translators("en"))  # plurals
        found = translators("zh_CN")
        assert found and found[0].translate("QPlatformTheme", "Cancel") == "取消"
    finally:
        QLocale.setDefault(before)


# Rooms


def test_rooms_by_keyboard_and_rail(window: MainWindow, qtbot: QtBot) -> None:
    for which in RoomId:
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + int(which)), Qt.KeyboardModifier.ControlModifier)
        assert window.current_room() is window.room(which)
        assert window.rail.tabs.checkedId() == which
        reached = [tab.isChecked() for tab in window.rail.tabs.buttons() if tab.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert reached == [True], "the Tab key comes to the tab of the room that is shown"
    window.rail.tabs.button(RoomId.EXPLORE).click()
    assert window.current_room() is window.room(RoomId.EXPLORE)


def test_only_the_rooms_own_actions_are_in_the_window(window: MainWindow) -> None:
    explore, stylize = room(window, RoomId.EXPLORE), room(window, RoomId.STYLIZE)
    own, other = explore.commands.action("explore.random"), stylize.commands.action("explore.random")
    window.show_room(RoomId.EXPLORE)
    assert own in window._room_menu.actions() and other not in window._room_menu.actions()
    window.show_room(RoomId.STYLIZE)
    assert other in window._room_menu.actions() and own not in window._room_menu.actions()


def test_menu_reaches_the_room(window: MainWindow) -> None:
    window.show_room(RoomId.STYLIZE)
    shown = room(window, RoomId.STYLIZE)
    undo, redo = window.edit_commands.action("edit.undo"), window.edit_commands.action("edit.redo")
    assert not undo.isEnabled()
    shown.history.push(SAMPLE)
    shown.history.push(SampleRecipe(model=MODEL))
    assert undo.isEnabled() and not redo.isEnabled()
    for key in (Qt.Key.Key_S, Qt.Key.Key_Z):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    shown.history.undo()
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert shown.asked == ["save", "undo", "redo"]
    assert not window.file_commands.action("file.export").isEnabled(), "this room exports nothing"


def test_view_actions_reach_the_canvas(window: MainWindow) -> None:
    canvas = room(window, RoomId.EXPLORE).canvas
    canvas.set_image(np.zeros((2000, 2000, 3), np.uint8))
    view = window.view_commands
    view.action("view.actual-size").trigger()
    assert canvas.zoom() == 1 and window.zoom_status.text() == "100 %"
    QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom() == ZOOM_STEP
    QTest.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom() == 1
    view.action("view.fit").trigger()
    assert canvas.is_fitting()
    canvas.set_before(np.zeros((20, 20, 3), np.uint8))
    window._update_actions()
    view.action("view.wipe").trigger()
    assert canvas.wipe()
    window.edit_commands.action("edit.copy").trigger()
    assert QApplication.clipboard().image().width() == 2000


# What comes in


def test_picture_with_a_recipe_opens_where_it_was_made(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    stylized = StylizeRecipe(content=SAMPLE, styles=(StyleUse(source=SAMPLE),))
    for recipe, which in ((SAMPLE, RoomId.EXPLORE), (stylized, RoomId.STYLIZE)):
        path = tmp_path / f"{recipe.kind}.png"
        save_picture(np.zeros((8, 8, 3), np.uint8), path, recipe)
        window.show_room(RoomId.TRAIN)
        assert window.intake.take(urls(path))
        qtbot.waitUntil(lambda which=which: window.current_room() is window.room(which))
        assert room(window, which).asked[-1] == ("open", recipe)


def test_a_journey_opens_from_its_film_and_its_recipe_and_other_films_are_clips(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    journey = JourneyRecipe(keys=(SAMPLE, SAMPLE.model_copy(update={"truncation": 0.25})), fps=12, loop=False)
    frames = [np.full((16, 16, 3), 40 * number, np.uint8) for number in range(3)]
    for name, comment in (("journey", journey_comment(journey)), ("other", "a holiday")):
        drain(write_video(tmp_path / f"{name}.mp4", frames, fps=12, total=3, comment=comment))
    (tmp_path / "journey.json").write_text(JOURNEY.dumps(journey))
    explore = room(window, RoomId.EXPLORE)
    for number, name in enumerate(("journey.mp4", "journey.json"), 1):
        window.intake.take(urls(tmp_path / name))
        qtbot.waitUntil(lambda number=number: explore.asked == [("journey", journey)] * number)
    window.intake.take(urls(tmp_path / "other.mp4"))
    stylize = room(window, RoomId.STYLIZE)
    qtbot.waitUntil(lambda: bool(stylize.asked) and stylize.asked[-1] == ("clip", tmp_path / "other.mp4"))


def test_recipe_file_and_pasted_recipe_open(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "seven.json").write_text(dumps(SAMPLE))
    window.intake.take(urls(tmp_path / "seven.json"))
    explore = room(window, RoomId.EXPLORE)
    qtbot.waitUntil(lambda: explore.asked == [("open", SAMPLE)])
    QApplication.clipboard().setText(dumps(SAMPLE))
    window.paste()
    qtbot.waitUntil(lambda: explore.asked == [("open", SAMPLE)] * 2)


def test_plain_picture_is_to_be_stylized(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    assert window.intake.take(urls(photo(tmp_path / "beach.png"), photo(tmp_path / "other.png")))
    stylize = room(window, RoomId.STYLIZE)
    qtbot.waitUntil(lambda: len(stylize.asked) > 0)
    assert window.current_room() is stylize
    ((name, recipe),) = [what for what in stylize.asked if isinstance(what, tuple)]
    assert name == "stylize" and isinstance(recipe, PhotoRecipe) and recipe.photo.name == "beach.png"
    assert window.context.sources.find(recipe.photo) is not None
    # Of several the first was opened; what the room does with all is offered.
    window.hints.button.click()
    assert stylize.asked[-1] == ("all", [tmp_path / "beach.png", tmp_path / "other.png"])
    assert not window.hints.isVisible()


def test_pasted_picture_is_to_be_stylized(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    encoded, pixels = QMimeData(), QMimeData()
    encoded.setData("image/png", photo(tmp_path / "a.png").read_bytes())
    pixels.setImageData(QImage(str(tmp_path / "a.png")))
    for number, mime in enumerate((encoded, pixels), 1):
        QApplication.clipboard().setMimeData(mime)
        window.paste()
        qtbot.waitUntil(lambda number=number: len(room(window, RoomId.STYLIZE).asked) == number)  # type: ignore[misc]
    QApplication.clipboard().setText("words")
    place = window._stack.mapTo(window, QPoint())
    window.paste()
    assert "clipboard" in window.hints.text() and window.hints.isVisible()
    assert window._stack.mapTo(window, QPoint()) == place, "the room moved under the hand"


def test_files_are_read_off_the_main_thread(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing and copying too; the status bar can cancel it, and nothing is left of a copy then."""
    where: set[int] = set()
    going, may = threading.Event(), threading.Event()
    copying = sources._copying

    def watched(*arguments: Any) -> Work[str]:
        where.add(threading.get_ident())
        going.set()
        assert may.wait(20)
        return (yield from copying(*arguments))

    monkeypatch.setattr(sources, "_copying", watched)
    window.intake.take(urls(photo(tmp_path / "beach.png")))
    assert going.wait(20)
    (job,) = window.job_status.jobs()
    assert "beach.png" in job.title and where.isdisjoint({threading.get_ident()})
    with qtbot.waitSignal(job.cancelled):
        window.job_status.cancel()
        may.set()
    assert room(window, RoomId.STYLIZE).asked == []
    assert list(window.context.sources.folder.glob("*")) == []
    window.intake.take(urls(tmp_path / "beach.png"))
    qtbot.waitUntil(lambda: len(room(window, RoomId.STYLIZE).asked) == 1)
    assert threading.get_ident() not in where


def test_dragging_over_a_tab_opens_the_room(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    mime = urls(photo(tmp_path / "beach.png"))
    tab = window.rail.tabs.button(RoomId.TRAIN)
    everywhere, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.show_room(RoomId.EXPLORE)
    for on_its_way in (True, False):
        enter = QDragEnterEvent(QPoint(3, 3), everywhere, mime, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(tab, enter)
        assert enter.isAccepted()
        if on_its_way:
            QApplication.sendEvent(tab, QDragLeaveEvent())
            assert not tab._linger.isActive() and window.current_room() is window.room(RoomId.EXPLORE)
    qtbot.waitUntil(lambda: window.current_room() is window.room(RoomId.TRAIN))
    words = QMimeData()
    words.setText("words")
    enter = QDragEnterEvent(QPoint(3, 3), everywhere, words, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(tab, enter)
    assert not enter.isAccepted()


def test_a_sample_dropped_on_the_tab_of_stylize_is_to_be_restyled(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    save_picture(np.zeros((8, 8, 3), np.uint8), tmp_path / "sample.png", SAMPLE)
    stylize, explore = room(window, RoomId.STYLIZE), room(window, RoomId.EXPLORE)
    for which, asked, expected in (
        (RoomId.STYLIZE, stylize, ("stylize", SAMPLE)),
        (RoomId.GALLERY, explore, ("open", SAMPLE)),
    ):
        window.show_room(which)
        window.rail.dropped.emit(urls(tmp_path / "sample.png"))
        qtbot.waitUntil(lambda asked=asked, expected=expected: expected in asked.asked)  # type: ignore[misc]
    assert ("open", SAMPLE) not in stylize.asked


def test_model_is_handed_on(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(b"x")
    window.intake.take(urls(path))
    assert ("model", path) in room(window, RoomId.EXPLORE).asked


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"hello", "cannot open a.txt"),
        ("a.json", b"{}", ""),
        ("b.json", b"\xff\xfe\x00", "b.json"),
        ("a.png", b"not a picture", "a.png"),
        ("missing.png", None, "missing.png"),
        ("missing.json", None, "missing.json"),
    ],
)
def test_what_cannot_be_opened_is_said(
    window: MainWindow, tmp_path: Path, name: str, content: bytes | None, says: str, qtbot: QtBot
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    window.intake.take(urls(tmp_path / name))
    qtbot.waitUntil(window.message_bar.isVisible)
    assert says in window.message_bar.text()


def test_what_opens_is_named_in_full(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"hello")
    window.intake.take(urls(tmp_path / "a.txt"))
    assert all(suffix in window.message_bar.text() for suffix in (*MODEL_SUFFIXES, "StyleGAN3", "DCGAN"))


def test_a_folder_is_to_train_on(window: MainWindow, tmp_path: Path) -> None:
    window.intake.take(urls(tmp_path))
    assert window.current_room() is window.room(RoomId.TRAIN)
    assert room(window, RoomId.TRAIN).asked == [("folder", tmp_path)]
    assert not window.intake.take(QMimeData())


# Status bar and messages


def test_device_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert "Starting" in window.device_status.text()
    with qtbot.waitSignal(window.context.worker.deviceReady):
        window.context.worker.start()
    qtbot.waitUntil(lambda: "Test device" in window.device_status.text())
    number = window.locale().toString(1.5, "f", 1)
    assert number in window.device_status.text() and "16" in window.device_status.text()


def test_failed_device_is_said(window: MainWindow) -> None:
    window.context.worker.deviceFailed.emit(StudioError("There is no CUDA device.", "Choose another in the settings."))
    assert "There is no CUDA device." in window.message_bar.text()


def slow(engine: object) -> Work[int]:
    """Goes on for ever; the worker holds it while nobody takes its progress."""
    for step in itertools.cycle(range(1000)):
        yield Progress(step, 1000, Message("Optimising at 256 px"))
    return 1


def test_running_job_is_shown_and_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = window.context.worker
    worker.start()
    assert window.job_status.isHidden()
    job = worker.submit(slow, title="Stylizing", asks=True, must_finish=True)
    qtbot.waitUntil(window.job_status.isVisible, timeout=3000)
    qtbot.waitUntil(lambda: "Optimising at 256 px" in window.job_status._title.toolTip(), timeout=3000)
    assert "Stylizing" in window.job_status._title.text() and window.job_status._bar.maximum() == 1000
    # What is given up is dropped by its room, which keeps what there is of it.
    monkeypatch.setattr(QuitQuestion, "ask", lambda _self: "discard")
    assert window._may_close(Finishing(worker, thread_pool(), window)) and not job.must_finish and not job.is_over
    with qtbot.waitSignal(job.cancelled):
        window.job_status._cancel.click()
    qtbot.waitUntil(window.job_status.isHidden, timeout=3000)


def test_short_jobs_do_not_flicker(window: MainWindow, qtbot: QtBot) -> None:
    window.job_status._delay.setInterval(1_000_000)  # whatever is not over by then is no short job
    window.context.worker.start()
    job = window.context.worker.call(lambda engine: 1, title="Short")
    with qtbot.waitSignal(job.finished):
        pass
    assert window.job_status.isHidden()


def test_problem_and_news(window: MainWindow) -> None:
    window.context.problem.emit(StudioError("The disk is full.", "Free some space."))
    assert window.message_bar.isVisible()
    window.context.notify.emit("Saved as a.png")
    assert window.statusBar().currentMessage() == "Saved as a.png"


# Closing and coming back


def test_closing_while_a_job_runs(window: MainWindow, qtbot: QtBot) -> None:
    window.context.worker.start()
    job = window.context.worker.submit(slow, title="Stylizing")
    with qtbot.waitSignal(job.started):
        pass
    assert window.close()
    assert job.is_over
    assert "shutting down" in room(window, RoomId.EXPLORE).asked


def test_window_comes_back_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.show_room(RoomId.GALLERY)
    window.resize(900, 600)
    window.open_models()
    assert window._models is not None
    window._models.resize(window._models.minimumSizeHint().width(), 555)
    library = window._models.size()
    room(window, RoomId.GALLERY).splitter.setSizes([300, 500])
    sizes = room(window, RoomId.GALLERY).splitter.sizes()
    window.close()
    context = window.context
    again = MainWindow(
        StudioContext(DeviceWorker(DeviceOnly), context.gallery, context.sources, AppSettings.load())  # type: ignore[arg-type, return-value]
    )
    qtbot.addWidget(again)
    again.show()
    assert again.current_room() is again.room(RoomId.GALLERY)
    assert (again.width(), again.height()) == (900, 600)
    assert room(again, RoomId.GALLERY).splitter.sizes() == sizes
    again.open_models()
    assert again._models is not None and again._models.size() == library
    again._models.close()
    again.close()


def test_the_rooms_get_their_session_back(window: MainWindow, qtbot: QtBot) -> None:
    window._save()
    window.close()
    context = window.context
    worker = DeviceWorker(lambda: DeviceOnly())  # type: ignore[arg-type, return-value]
    again = MainWindow(StudioContext(worker, context.gallery, context.sources, AppSettings.load()))
    qtbot.addWidget(again)
    assert room(again, RoomId.EXPLORE).kept_session() == {"asked": ["save"]}
    again.show()
    assert room(again, RoomId.EXPLORE).asked == [("session", {"asked": ["save"]})]
    again.close()


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"format": "latent-studio-session", "version": 99, "rooms": {}}', "é"])
def test_a_session_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_bytes(text.encode("latin-1"))
    assert Session.load(tmp_path / "session.json").rooms == {}


def test_damaged_window_state_is_ignored(context: StudioContext, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(main_window_module, "ROOMS", tuple(replace(kind, make=SmallRoom) for kind in ROOMS))
    context.settings.geometry = "AAAA"
    context.settings.window_state = "not base64 !"
    context.settings.splitters["small-splitter"] = "é"
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    assert window.width() >= 900


# Settings and help


def test_settings_dialog(context: StudioContext, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    assert list(dialog.boxes) == ["language", "theme", "device", "export_profile"]
    dialog.show()
    buttons = dialog.findChildren(QPushButton)
    qtbot.waitUntil(lambda: [button.text() for button in buttons if button.isDefault()] == ["OK"])
    assert dialog.boxes["export_profile"].currentData() == "photo"
    assert [dialog.boxes["theme"].itemText(row) for row in range(3)] == ["Dark", "Light", "Same as the system"]
    for name, value in (("language", "zh_CN"), ("device", "cpu"), ("export_profile", "srgb")):
        show_in(dialog.boxes[name], value)
    dialog.folder.setText(str(tmp_path / "nowhere"))
    dialog.accept()
    assert "nowhere" in dialog.error.text() and context.settings.language == "system"
    dialog.folder.setText(str(tmp_path))
    with qtbot.waitSignal(context.settingsChanged):
        dialog.accept()
    saved = AppSettings.load()
    assert (saved.language, saved.device, saved.gallery_folder) == ("zh_CN", "cpu", str(tmp_path))
    assert saved.export_profile == "srgb"


@pytest.mark.parametrize("now", [True, False])
def test_a_language_offers_to_start_again(window: MainWindow, monkeypatch: pytest.MonkeyPatch, now: bool) -> None:
    monkeypatch.setattr(SettingsDialog, "exec", lambda dialog: setattr(window.context.settings, "language", "zh_CN"))
    monkeypatch.setattr(RestartQuestion, "ask", lambda question: now)
    window.open_settings()
    assert window.starts_again == now == (not window.isVisible())
    if not now:
        monkeypatch.setattr(RestartQuestion, "ask", lambda question: pytest.fail("nothing has changed"))
        window.open_settings()


def test_cancelled_settings_bring_the_theme_back(context: StudioContext, qtbot: QtBot) -> None:
    from studio.ui import theme

    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    show_in(dialog.boxes["theme"], "light")
    assert not theme.is_dark()
    dialog.reject()
    assert theme.is_dark() and context.settings.theme == "dark"


def test_help_names_rooms_and_shortcuts(window: MainWindow) -> None:
    for which in RoomId:
        window.show_room(which)
        window.open_guide()
        assert window._help is not None and window._help.isVisible()
        assert window._help.page.toPlainText().startswith(ROOMS[which].title())
    window.open_shortcuts()
    text = window._help.page.toPlainText()
    for words in ("Ctrl+Z", "Save to gallery", "Random", "F11", "double-click"):
        assert words in text
    window._help.close()


def test_help_names_commands_without_their_letters(qtbot: QtBot) -> None:
    commands = [
        Command("file.models", "模型库(&M)…", lambda: None),
        Command("file.open", "&Open …", lambda: None),
        Command("edit.redo", "&Redo", lambda: None),
    ]
    help_window = HelpWindow([("文件", commands)])
    qtbot.addWidget(help_window)
    help_window.show_topic("keyboard")
    words = help_window.page.toPlainText().split()
    assert words[:8] == ["文件", "模型库", "Ctrl+M", "Open", "Ctrl+O", "Redo", "Ctrl+Shift+Z,", "Ctrl+Y"]


def test_the_model_library_opens_with_its_catalogue(window: MainWindow, qtbot: QtBot) -> None:
    window.open_models()
    library = window._models
    assert library is not None and library.isVisible()
    library.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: library.get_more.cards[0].isVisible(), timeout=5_000)
    library.close()
    window.open_models()
    assert window._models is library, "what is being fetched is still there"
    library.close()


@pytest.mark.parametrize("which", RoomId)
def test_every_room_can_be_the_last_one(
    which: RoomId, window: MainWindow, context: StudioContext, qtbot: QtBot
) -> None:
    window.show_room(which)
    assert window.close()
    again = MainWindow(StudioContext(context.worker, context.gallery, context.sources, AppSettings.load()))
    qtbot.addWidget(again)
    assert again._current == which
    context.settings.last_room = 77  # of a later version
    other = MainWindow(context)
    qtbot.addWidget(other)
    assert other._current == RoomId.EXPLORE
