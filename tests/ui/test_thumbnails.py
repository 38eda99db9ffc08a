"""The one cache of small pictures: bounded, newest wish first, and a failure is an answer too."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.ui.thumbnails import FileThumbnails, ThumbnailService
from studio.worker import ThreadPool


def picture(side: int = 10) -> QImage:
    return QImage(side, side, QImage.Format.Format_RGB32)


@pytest.fixture
def pool(qtbot: QtBot) -> Iterator[ThreadPool]:
    yield ThreadPool(threads=1)


def test_an_image_comes_once_and_stays(qtbot: QtBot, pool: ThreadPool) -> None:
    service = ThumbnailService(pool=pool)
    made: list[int] = []

    def make() -> QImage:
        made.append(1)
        return picture()

    with qtbot.waitSignal(service.arrived) as arrived:
        assert service.get(("file", "a"), make) is None
        assert service.get(("file", "a"), make) is None
    assert arrived.args == [("file", "a")]
    image = service.get(("file", "a"), make)
    assert image is not None and image.width() == 10 and made == [1]


def test_what_cannot_be_made_is_answered_with_a_null_image(qtbot: QtBot, pool: ThreadPool) -> None:
    service = ThumbnailService(pool=pool)
    with qtbot.waitSignal(service.arrived):
        service.get("broken", lambda: QImage(str(1 // 0)))
    image = service.get("broken", picture)
    assert image is not None and image.isNull()


@dataclass(frozen=True)
class File:
    path: Path
    stamp: int


class Maker:
    def thumbnail(self, picture: File, side: int) -> Path:
        return picture.path


def test_a_replaced_file_shows_its_new_picture_at_once(qtbot: QtBot, pool: ThreadPool, tmp_path: Path) -> None:
    thumbnails = FileThumbnails(Maker(), "files", service=ThumbnailService(pool=pool))
    path = tmp_path / "a.png"
    for stamp, colour in enumerate(("red", "blue")):
        whole = picture()
        whole.fill(colour)
        whole.save(str(path))
        with qtbot.waitSignal(thumbnails.ready):
            assert thumbnails.get(File(path, stamp), 10) is None
        image = thumbnails.get(File(path, stamp), 10)
        assert image is not None and image.pixelColor(0, 0).name() == {"red": "#ff0000", "blue": "#0000ff"}[colour]


def test_the_cache_is_bounded_and_keeps_what_was_used_last(pool: ThreadPool) -> None:
    one = picture().sizeInBytes()
    service = ThumbnailService(pool=pool, most=3 * one)
    for name in "abc":
        service.put(name, picture())
    assert service.find("a") is not None
    service.put("d", picture())
    assert [name for name in "abcd" if service.find(name) is not None] == ["a", "c", "d"]
    service.put("a", picture(5))
    assert service.size_bytes() == 2 * one + picture(5).sizeInBytes()
    service.forget(lambda key: key in ("a", "c"))
    assert service.size_bytes() == one


def test_the_newest_wish_comes_first_and_those_scrolled_away_are_given_up(qtbot: QtBot, pool: ThreadPool) -> None:
    gate = threading.Event()
    service = ThumbnailService(pool=pool)
    arrived: list[Hashable] = []
    service.arrived.connect(arrived.append)

    def slow() -> QImage:
        assert gate.wait(20)
        return picture()

    for number in range(3):
        service.get(("busy", number), slow)  # as many as are made at the same time
    for number in range(400):
        service.get(number, picture)
    gate.set()
    qtbot.waitUntil(lambda: not service._wanted and not service._making)
    assert arrived[3:] == list(range(399, 99, -1)), "three hundred wishes are kept, the newest first"
