"""The settings' lines about the device: what the installer says of this machine, and fetching through it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.ui.room_id import RoomId
from studio.ui.shell.device_section import DeviceSection
from studio.ui.shell.installation import Installation
from studio.ui.shell.pytorch_notice import PyTorchNotice
from studio.worker import DeviceInfo, DeviceWorker

CARD = {"graphics": "nvidia", "name": "RTX 4070", "build": "cu130", "why": "for RTX 4070", "used": "cpu"}


@pytest.fixture(autouse=True)
def nothing_fetched_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Installation, "finished", False)


def installer(folder: Path, says: dict[str, str], code: int = 0) -> Path:
    """A script that stands for the installer: notes its arguments and speaks as it does."""
    script = folder / "bootstrap.py"
    script.write_text(
        "import pathlib, sys\n"
        f"pathlib.Path({str(folder / 'asked')!r}).write_text(' '.join(sys.argv[1:]))\n"
        f"print({json.dumps(says)!r} if 'explain' in sys.argv else '  1,000 of 2,000 MB, 9.0 MB/s\\nInstalled')\n"
        f"sys.exit({code} if 'install' in sys.argv else 0)\n"
    )
    return script


@pytest.mark.parametrize("code", [0, 1])
def test_the_cards_build_is_fetched_when_asked_for(qtbot: QtBot, tmp_path: Path, code: int) -> None:
    section = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=installer(tmp_path, CARD, code))
    qtbot.addWidget(section)
    qtbot.waitUntil(lambda: not section.busy)
    assert "RTX 4070" in section.reason.text() and not section.fetch.isHidden()
    section.fetch.click()
    # Opened once more meanwhile, the settings show what goes on instead of beginning again.
    again = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=tmp_path / "bootstrap.py")
    qtbot.addWidget(again)
    assert again.busy and not again.bar.isHidden() and not again.fetch.isVisible()
    qtbot.waitUntil(lambda: not section.busy and not again.busy)
    assert again.reason.text() == section.reason.text()
    assert (tmp_path / "asked").read_text() == "--device cuda install"
    assert section.bar.isHidden() and section.fetch.isHidden() is (code == 0)
    assert ("started again" in section.reason.text()) is (code == 0)
    assert section.again.isHidden() is (code != 0)
    if code == 0:
        # Opened once more, they do not ask the installer, for which all is in use.
        later = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=tmp_path / "bootstrap.py")
        qtbot.addWidget(later)
        assert "started again" in later.reason.text() and not later.again.isHidden()
        with qtbot.waitSignal(later.againWanted):
            later.again.click()


def test_fetching_is_stopped_and_offered_again(qtbot: QtBot, tmp_path: Path) -> None:
    script = installer(tmp_path, CARD)
    section = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=script)
    qtbot.addWidget(section)
    qtbot.waitUntil(lambda: not section.busy)
    # In the words of either language.
    words = "import os, sys\nprint(os.environ['LATENT_STUDIO_LANGUAGE'], '  10 / 2,000 MB，9.0 MB/s', flush=True)\n"
    script.write_text(f"{words}sys.stdin.read()", encoding="utf-8")
    section.fetch.click()
    qtbot.waitUntil(lambda: section.bar.value() == 10)
    assert not section.stop.isHidden()
    section.stop.click()
    qtbot.waitUntil(lambda: not section.busy)
    assert "kept" in section.reason.text() and not section.fetch.isHidden() and section.stop.isHidden()


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"used": "cu130"}, "Choose the device automatically"),
        ({"build": "cpu"}, "needs a newer driver"),
        ({"graphics": "amd", "name": "AMD", "build": "rocm6.4"}, "for the processor only"),
    ],
)
def test_it_says_why_the_card_is_not_used(qtbot: QtBot, tmp_path: Path, about: dict[str, str], reason: str) -> None:
    script = installer(tmp_path, {**CARD, **about})
    section = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=script)
    qtbot.addWidget(section)
    qtbot.waitUntil(lambda: not section.busy)
    assert reason in section.reason.text()


def test_without_a_card_and_without_torch_it_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    none = {**CARD, "graphics": "none", "name": "", "build": "cpu"}
    section = DeviceSection(DeviceWorker(lambda: pytest.fail("not started")), script=installer(tmp_path, none))
    qtbot.addWidget(section)
    qtbot.waitUntil(lambda: not section.busy)
    assert section.fetch.isHidden() and "No graphics card" in section.reason.text()

    def missing() -> object:
        raise StudioError("PyTorch is not installed.", "Fetch it.")

    worker = DeviceWorker(missing)  # type: ignore[arg-type]
    with qtbot.waitSignal(worker.deviceFailed):
        worker.start()
    section = DeviceSection(worker, script=installer(tmp_path, none))
    qtbot.addWidget(section)
    qtbot.waitUntil(lambda: not section.busy)
    assert "PyTorch is not installed" in section.used.text() and not section.fetch.isHidden()
    worker.shutdown()


@pytest.mark.parametrize("code", [0, 1])
def test_where_pytorch_is_missed_the_notice_fetches_it(qtbot: QtBot, tmp_path: Path, code: int) -> None:
    worker = DeviceWorker(lambda: pytest.fail("not started"))
    none = {**CARD, "graphics": "none", "name": "", "build": "cpu"}
    notice = PyTorchNotice(worker, script=installer(tmp_path, none, code))
    qtbot.addWidget(notice)
    assert notice.isHidden()
    worker._tell_device(DeviceInfo("cpu", "CPU, without PyTorch", 8, 1, pytorch=False))
    notice.show_room(RoomId.STYLIZE)
    assert notice.isHidden()
    notice.show_room(RoomId.EXPLORE)
    assert not notice.isHidden() and "instant preview" in notice.text.text()
    # A final that was asked for misses it in Stylize, too.
    notice.show_room(RoomId.STYLIZE)
    notice.miss()
    assert not notice.isHidden()
    qtbot.waitUntil(lambda: not notice.fetch.isHidden())
    assert "0.2 GB" in notice.fetch.text()
    notice.fetch.click()
    assert not notice.bar.isHidden() and notice.fetch.isHidden()
    notice.show_room(RoomId.GALLERY)
    assert not notice.isHidden()
    qtbot.waitUntil(lambda: not notice.offer.busy)
    assert (tmp_path / "asked").read_text() == "--device cpu install"
    if code:
        assert "could not be fetched" in notice.text.text() and not notice.fetch.isHidden()
        return
    with qtbot.waitSignal(notice.againWanted):
        notice.again.click()
