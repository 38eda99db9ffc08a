"""The catalogue in the model library's window, with a server on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from studio.base import Message, Progress
from studio.checkpoints import ModelLibrary
from studio.checkpoints import download as download_module
from studio.checkpoints.acquire import place, waiting
from studio.checkpoints.catalogue import Catalogue, Memory, load_catalogue
from studio.checkpoints.info import read_card
from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.ui.context import StudioContext
from studio.ui.models import ModelsWindow
from studio.ui.models import window as window_module
from studio.ui.models.downloads import AT_ONCE, Stage
from studio.ui.models.get_more import NetworkCard
from tests.checkpoints.test_catalogue import PLAIN
from tests.fakes import opened_context
from tests.support.foreign_files import filled, nvidia_names, nvidia_network, write_nvidia
from tests.support.local_server import LocalServer, serve

FREE = "self-distilled-lions-512"
RESTRICTED = "stylegan2-afhqcat-512"
LONG = 20_000


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    path = tmp_path / "published.pkl"
    write_nvidia(path, nvidia_network(PLAIN, filled(nvidia_names(PLAIN))))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download_module, "PAUSES", (0.01,))
    with serve(path.read_bytes()) as running:
        yield running


@pytest.fixture
def catalogue(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """All of the real catalogue, its addresses moved to the local server."""
    real = load_catalogue()
    changes = {"sha256": None, "bytes": None}
    networks = tuple(n.model_copy(update=changes | {"url": f"{server.base}/{n.file}"}) for n in real.networks)
    moved = real.model_copy(update={"networks": networks})
    monkeypatch.setattr(window_module, "load_catalogue", lambda: moved)
    return moved


@pytest.fixture
def context(tmp_path: Path) -> Iterator[StudioContext]:
    sources = SourceStore(tmp_path / "Sources")
    with opened_context(lambda: TorchEngine(sources, ModelLibrary(), device="cpu"), tmp_path, sources=sources) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, catalogue: Catalogue, context: StudioContext) -> ModelsWindow:
    window = ModelsWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: window.list.count() >= 1, timeout=20_000)
    return window


def stage(window: ModelsWindow, key: str) -> Stage:
    return window.downloads.standing(window.get_more.card(key).network).stage


def answer(qtbot: QtBot, accept: bool) -> list[str]:
    """Press a button of the next message box; the list gets what the box said."""
    said: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
            return
        said.append(box.text() + box.informativeText())
        role = QMessageBox.ButtonRole.AcceptRole if accept else QMessageBox.ButtonRole.RejectRole
        next(button for button in box.buttons() if box.buttonRole(button) == role).click()

    QTimer.singleShot(20, press)
    return said


def test_a_network_is_fetched_converted_and_explored(
    qtbot: QtBot, window: ModelsWindow, context: StudioContext, catalogue: Catalogue
) -> None:
    card = window.get_more.card(FREE)
    assert card.button.text() == "Download" and not card.bar.isVisible() and not card.discard.isVisible()
    assert "512 × 512" in card._kind() and "Commercial use allowed" in card.terms.text()
    assert "https://creativecommons.org/licenses/by/4.0/" in card.terms.text()
    with qtbot.waitSignal(context.notify, timeout=30_000) as told:
        card.button.click()
    assert "Lions" in told.args[0]
    qtbot.waitUntil(lambda: card.button.text() == "Explore it", timeout=10_000)
    assert "In your library: Lions, StyleGAN2 512" in card.state.text() and not card.bar.isVisible()
    qtbot.waitUntil(lambda: window.list.count() == 2, timeout=20_000)
    [info] = [m for m in ModelLibrary().models() if m.catalogue == FREE]
    assert read_card(info.path).licence == "CC BY 4.0" and not place(card.network).exists()
    with qtbot.waitSignal(context.openModel) as opened:
        card.button.click()
    assert opened.args[0].hash == info.hash and not window.isVisible()
    # Removed from the library, it can be had again.
    window.show()
    info.path.unlink()
    context.modelsChanged.emit()
    qtbot.waitUntil(lambda: card.button.text() == "Download", timeout=20_000)


def test_what_is_in_the_library_is_shown_as_such(qtbot: QtBot, window: ModelsWindow, context: StudioContext) -> None:
    window.get_more.card(FREE).button.click()
    qtbot.waitUntil(lambda: stage(window, FREE) is Stage.OWNED, timeout=30_000)
    other = ModelsWindow(context)
    qtbot.addWidget(other)
    other.show()
    other.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: other.get_more.card(FREE).button.text() == "Explore it", timeout=20_000)


def test_a_licence_is_asked_about_once(qtbot: QtBot, window: ModelsWindow, server: LocalServer) -> None:
    card = window.get_more.card(RESTRICTED)
    assert "Not for commercial use" in card.terms.text()
    said = answer(qtbot, accept=False)
    card.button.click()
    assert "NVIDIA Source Code License" in said[0] and "Not for commercial use" in said[0]
    assert stage(window, RESTRICTED) is Stage.AWAY and not server.behaviour.requests and not Memory.load().accepted
    said = answer(qtbot, accept=True)
    server.behaviour.stall = LONG
    card.button.click()
    assert len(said) == 1 and Memory.load().accepted == ("nvidia-stylegan2-ada",)
    qtbot.waitUntil(lambda: waiting(card.network) == LONG, timeout=10_000)
    card.button.click()
    # The same licence again: nothing is asked any more.
    window.get_more.card("stylegan2-afhqdog-512").button.click()
    assert stage(window, "stylegan2-afhqdog-512") is Stage.LOADING
    window.get_more.card("stylegan2-afhqdog-512").button.click()


def test_cancel_resume_and_discard(qtbot: QtBot, window: ModelsWindow, server: LocalServer) -> None:
    card = window.get_more.card(FREE)
    server.behaviour.stall = LONG
    card.button.click()
    qtbot.waitUntil(lambda: "MB of" in card.state.text() and waiting(card.network) == LONG, timeout=10_000)
    assert card.button.text() == "Cancel" and card.bar.isVisible() and 0 < card.bar.value() < 1000
    card.button.click()
    assert card.button.text() == "Resume" and card.discard.isVisible() and "have arrived" in card.state.text()
    server.behaviour.stall = None
    server.behaviour.go_on.set()
    card.button.click()
    qtbot.waitUntil(lambda: stage(window, FREE) is Stage.OWNED, timeout=30_000)
    first, second = server.ranges_asked()
    assert first is None and second is not None and int(second[6:-1]) >= LONG
    # What another session left is seen, and can be thrown away.
    other = window.get_more.card("self-distilled-parrots-512")
    server.behaviour.cuts = [LONG, 0]
    other.button.click()
    qtbot.waitUntil(lambda: stage(window, other.network.id) is Stage.FAILED, timeout=10_000)
    assert "kept" in other.state.text() and other.button.text() == "Resume" and other.state.property("problem")
    other.discard.click()
    assert other.button.text() == "Download" and waiting(other.network) == 0 and not other.state.isVisible()


def test_downloads_survive_closing_the_window_and_leave_the_device_alone(
    qtbot: QtBot, window: ModelsWindow, context: StudioContext, server: LocalServer
) -> None:
    card = window.get_more.card(FREE)
    server.behaviour.stall = LONG
    card.button.click()
    qtbot.waitUntil(lambda: waiting(card.network) == LONG, timeout=10_000)
    with qtbot.waitSignal(context.notify, timeout=5_000) as told:
        window.close()
    assert "go on" in told.args[0]
    # While the server says nothing, the device thread is free.
    job = context.worker.call(lambda engine: threading.current_thread().name, title="anything")
    with qtbot.waitSignal(job.finished, timeout=5_000) as done:
        pass
    assert done.args == ["device"] and stage(window, FREE) is Stage.LOADING
    server.behaviour.go_on.set()
    with qtbot.waitSignal(context.notify, timeout=30_000):
        pass
    assert stage(window, FREE) is Stage.OWNED
    # What fails meanwhile is said in the main window.
    server.behaviour.statuses = [404]
    window.downloads.start(window.downloads.catalogue.find("self-distilled-parrots-512"))
    with qtbot.waitSignal(context.problem, timeout=10_000) as problem:
        pass
    assert "404" in problem.args[0].message


def test_only_a_few_come_at_once(qtbot: QtBot, window: ModelsWindow, server: LocalServer) -> None:
    keys = [n.id for n in window.downloads.catalogue.search("self-distilled")][: AT_ONCE + 2]
    server.behaviour.stall = LONG
    for key in keys:
        window.get_more.card(key).button.click()
    assert [stage(window, key) for key in keys] == [Stage.LOADING] * AT_ONCE + [Stage.QUEUED] * 2
    assert "Waiting" in window.get_more.card(keys[-1]).state.text()
    window.get_more.card(keys[-1]).button.click()
    assert stage(window, keys[-1]) is Stage.AWAY
    window.get_more.card(keys[0]).button.click()
    assert stage(window, keys[AT_ONCE]) is Stage.LOADING, "the next one has its turn"
    for key in keys[1:-1]:
        window.get_more.card(key).button.click()


def test_a_broken_file_is_named_and_removed(qtbot: QtBot, window: ModelsWindow, server: LocalServer) -> None:
    server.behaviour.content = b"\x80\x04cposix\nsystem\n(X\x04\x00\x00\x00trueT R."
    card = window.get_more.card(FREE)
    card.button.click()
    qtbot.waitUntil(lambda: stage(window, FREE) is Stage.FAILED, timeout=30_000)
    assert "posix.system" in card.state.text() and card.button.text() == "Try again"
    assert waiting(card.network) == 0


def test_without_a_connection_the_card_says_so(
    qtbot: QtBot, window: ModelsWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    card = window.get_more.card(FREE)
    card.button.click()
    qtbot.waitUntil(lambda: stage(window, FREE) is Stage.FAILED, timeout=10_000)
    assert "no connection to the internet" in card.state.text() and card.button.text() == "Try again"


def test_searching(qtbot: QtBot, window: ModelsWindow, server: LocalServer) -> None:
    view = window.get_more

    def shown() -> set[str]:
        return {card.network.id for card in view.cards if card.isVisibleTo(view)}

    assert len(shown()) == len(view.cards)
    qtbot.keyClicks(view.search, "painted stylegan3-r")
    assert shown() == {"stylegan3-r-metfaces-1024", "stylegan3-r-metfacesu-1024"}
    view.search.setText("unicorn")
    assert not shown() and view.nothing.isVisible()
    view.search.clear()
    view.commercial.setChecked(True)
    assert len(shown()) == 7 and not view.nothing.isVisible()
    view.topic.setCurrentIndex(view.topic.findData("things"))
    assert shown() == {"self-distilled-bicycles-256"}
    assert not server.behaviour.requests, "looking asks nothing of the internet"


@pytest.fixture
def chinese() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    yield
    QLocale.setDefault(before)


def test_the_texts_of_the_catalogue_are_in_the_language_in_use(qtbot: QtBot, chinese: None) -> None:
    catalogue = load_catalogue()
    card = NetworkCard(catalogue.find(FREE), catalogue)
    qtbot.addWidget(card)
    assert "注明作者" in card.terms.text()


def test_speed_and_time_left(qtbot: QtBot) -> None:
    from studio.ui.models.downloads import Standing

    catalogue = load_catalogue()
    card = NetworkCard(catalogue.find("stylegan2-ffhq-1024"), catalogue)
    qtbot.addWidget(card)
    standing = Standing(Stage.LOADING, progress=Progress(181_000_000, 381_000_000, Message("Downloading ffhq.pkl")))
    for second in range(6):
        standing.rate.add(176_000_000 + second * 1_000_000, now=float(second))
    card.show_standing(standing)
    assert card.state.text() == "181.0 MB of 381.0 MB  ·  1.0 MB/s  ·  3 min left"
    assert card.bar.value() == round(1000 * 181 / 381)
