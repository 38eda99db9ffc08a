"""Playing clips and their films: by the clock, to the right pixels, and with what may go wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studio.base import Message, Progress
from studio.engine.jobs.film import FilmMade
from studio.recipes import FileRef, PhotoRecipe
from studio.ui.clip.paired_frames import Reels
from studio.ui.clip.playing_times import FilmPlace, FramePair, Show
from studio.ui.context import StudioContext
from studio.ui.stylize import StylizerPanel
from studio.ui.stylize.clip.player import Player
from studio.ui.stylize.clip.read_ahead import AHEAD, Play, PlayReader, Seek
from studio.worker.jobs import JobState
from tests.fakes import DeviceOnly, opened_context
from tests.support.clips import write_clip
from tests.support.greys import FPS, HEIGHT, WIDTH, clip_file, flat, number_of, write_film, write_frames
from tests.support.stylize_room import opened_panel

__all__ = ["clip_file"]


# The clock


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Played:
    """A player with a clock of the test's own, and what it showed."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = FakeClock()
        self.player = Player(self.clock)
        self.numbers: list[int | None] = []
        self.ends: list[float | None] = []
        self.problems: list[object] = []
        self.player.shown.connect(lambda m: self.numbers.append(number_of(m.clip)))
        self.player.ended.connect(self.ends.append)
        self.player.failed.connect(self.problems.append)
        self._qtbot = qtbot

    def play(self, at: float = 0.0, begin: float = 0.0, end: float = 1.0) -> None:
        self.player.play(Play("clip", at, begin, end, None))

    def wait_for(self, number: int) -> None:
        self._qtbot.waitUntil(lambda: bool(self.numbers) and self.numbers[-1] == number, timeout=5000)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=5000)


@pytest.fixture
def played(qtbot: QtBot, clip_file: Path) -> Iterator[Played]:
    made = Played(qtbot)
    made.player.open(clip_file)
    yield made
    made.player.open(None)


def test_playing_goes_by_the_clock_and_drops_what_is_late(played: Played) -> None:
    played.play()
    played.wait_for(0)
    played.clock.now += 0.035
    played.player.tick()
    assert played.numbers == [0]  # the next one is not due yet
    played.clock.now += 0.006
    played.wait_for(1)
    played.wait(lambda: played.player._reader is not None and played.player._reader.waiting() >= 3)
    played.clock.now += 0.12
    played.wait_for(4)
    assert played.numbers == [0, 1, 4]
    # Far later than what has been read ahead: the reader leaves out, too, and time is kept.
    played.clock.now += 0.6
    played.wait_for(19)
    assert len(played.numbers) < 8
    assert played.player.playing and not played.ends
    played.clock.now += 1.0
    played.wait(lambda: played.ends == [None])
    assert not played.player.playing


def test_pause_and_exact_seeking(played: Played, qtbot: QtBot) -> None:
    played.play(at=0.4)
    played.wait_for(10)
    played.clock.now += 0.04
    played.wait_for(11)
    played.player.pause()
    shown = len(played.numbers)
    played.clock.now += 0.5
    played.player.tick()
    assert len(played.numbers) == shown and not played.player.playing
    for at, steps, number in ((0.84, 0, 21), (0.121, 0, 3), (0.12, 1, 4), (0.12, -2, 1), (0.0, -1, 0), (0.99, 3, 24)):
        played.numbers.clear()
        played.player.seek(Seek(at, steps))
        played.wait_for(number)
        assert played.numbers == [number]
    # Of a hand that moves fast only the last place counts.
    played.numbers.clear()
    for number in range(20):
        played.player.seek(Seek(number / FPS))
    played.wait_for(19)
    assert len(played.numbers) < 20
    played.play(at=0.2)  # and it plays from anywhere
    played.wait_for(5)


def test_round_and_round(played: Played) -> None:
    played.player.set_loops(True)
    played.play(at=0.28, begin=0.2, end=0.32)
    played.wait_for(7)
    for number in (5, 6, 7, 5):
        played.clock.now += 0.04
        played.wait_for(number)
    assert played.numbers == [7, 5, 6, 7, 5] and not played.ends
    # No more: what had been read of the next round is not shown.
    played.player.set_loops(False)
    played.clock.now += 0.3
    played.wait(lambda: played.ends == [None])
    assert played.numbers[5:] == [7]
    # Wanted after all was read.
    played.ends.clear()
    played.numbers.clear()
    played.play(at=0.2, begin=0.2, end=0.28)
    played.wait_for(5)
    played.wait(lambda: played.player._reader is not None and played.player._reader.waiting() == 2)  # 6 and the end
    played.player.set_loops(True)
    played.clock.now += 0.09
    played.wait_for(5)
    assert not played.ends and played.player.playing


def test_reading_ahead_is_bounded_and_threads_end(played: Played, clip_file: Path, qtbot: QtBot) -> None:
    played.play()
    played.wait_for(0)
    reader = played.player._reader
    assert reader is not None
    played.wait(lambda: reader.waiting() == AHEAD)
    thread = reader.thread
    played.player.open(clip_file.with_name("other.mp4"))
    thread.join()
    assert not thread.is_alive() and not played.player.playing and not played.player.thread_alive


def test_what_cannot_be_read_fast_enough_plays_slower(
    qtbot: QtBot, clip_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock on which every frame takes 0.3 s to be read."""
    clock = FakeClock()
    original = Reels.pairs

    def slow(
        self: Reels, show: Show, start: float, end: float | None, side: int | None, skipped: Callable[[float], bool]
    ) -> Iterator[FramePair]:
        def costly(seconds: float) -> bool:
            clock.now += 0.3
            return skipped(seconds)

        return original(self, show, start, end, side, costly)

    monkeypatch.setattr(Reels, "pairs", slow)
    player = Player(clock)
    shown: list[float] = []
    ends: list[object] = []
    player.shown.connect(lambda pair: shown.append(pair.seconds))
    player.ended.connect(ends.append)
    player.open(clip_file)
    player.play(Play("clip", 0.0, 0.0, 1.0, None))

    def on() -> bool:
        clock.now += 0.01
        return bool(ends)

    qtbot.waitUntil(on, timeout=10_000)
    assert len(shown) > 10 and shown == sorted(set(shown))  # it moved all the time, and nothing was shown twice
    player.open(None)


def test_damage_and_absence_are_said(qtbot: QtBot, clip_file: Path, tmp_path: Path) -> None:
    # Cut off in the middle; Matroska can be read as far as it goes.
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(50)]
    whole = write_clip(tmp_path / "whole.mkv", noise)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    clock = FakeClock()
    player = Player(clock)
    ends: list[float | None] = []
    seen: list[float] = []
    problems: list[object] = []
    player.shown.connect(lambda pair: seen.append(pair.seconds))
    player.ended.connect(ends.append)
    player.failed.connect(problems.append)
    player.open(cut)
    player.play(Play("clip", 0.0, 0.0, 3600.0, None))

    def on() -> bool:
        clock.now += 0.05
        return bool(ends)

    qtbot.waitUntil(on, timeout=10_000)
    assert ends[0] is not None and 0.2 < ends[0] < 1.8 and seen
    player.open(tmp_path / "nothing.mp4")
    player.play(Play("clip", 0.0, 0.0, 1.0, None))
    qtbot.waitUntil(lambda: bool(problems), timeout=5000)
    assert "not there any more" in problems[0].message and not player.playing  # type: ignore[attr-defined]
    player.open(clip_file, FilmPlace(tmp_path / "bad.mp4"))
    (tmp_path / "bad.mp4").write_text("no film")
    player.seek(Seek(0.0))
    qtbot.waitUntil(lambda: len(problems) == 2, timeout=5000)
    player.open(None)


def test_damage_is_told_once_and_closing_ends_the_threads(panel: StylizerPanel, qtbot: QtBot, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    noise = [rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(50)]
    cut = write_clip(tmp_path / "cut.mkv", noise)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 3])
    open_clip(panel, qtbot, cut)
    problems = panel.context.problems  # type: ignore[attr-defined]
    for _ in range(2):
        panel.clip.playback.start()
        qtbot.waitUntil(lambda: not panel.clip.playing(), timeout=10_000)
        panel.clip.strip.set_position(0.0)
    qtbot.waitUntil(lambda: bool(problems))
    assert len(problems) == 1 and "ends too soon" in problems[0].message
    panel.clip.playback.start()
    reader = panel.clip.playback.player._reader
    assert reader is not None
    panel.shutting_down()
    reader.thread.join()
    assert not reader.thread.is_alive() and not panel.clip.playing()


def test_the_reader_stops_at_once(clip_file: Path) -> None:
    arrived = threading.Event()
    reader = PlayReader(clip_file, None, arrived.set, lambda _due: 0.0, time.monotonic)
    reader.set_loops(True)
    reader.want(Play("clip", 0.0, 0.0, 1.0, None))
    arrived.wait()
    reader.close(wait=600)
    assert not reader.thread.is_alive() and reader.take() is None


# In the room


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    """With a device that never starts: nothing here needs it."""
    with opened_context(DeviceOnly, tmp_path, start=False) as made:
        yield made


@pytest.fixture
def panel(context: StudioContext, qtbot: QtBot) -> Iterator[StylizerPanel]:
    with opened_panel(context, qtbot) as made:
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow, timeout=5000)
        yield made


def open_clip(panel: StylizerPanel, qtbot: QtBot, path: Path) -> None:
    panel.open_clip(path)
    qtbot.waitUntil(lambda: panel.model.value.content is not None and panel.clip.isVisible(), timeout=10_000)
    qtbot.waitUntil(lambda: panel.clip.frames._waiting is None, timeout=10_000)


def on_canvas(panel: StylizerPanel) -> tuple[int | None, int | None]:
    """Numbers of the clip's and of the film's frame: one of them, or on either side of the wipe."""
    canvas = panel.canvas
    after, before = canvas._after, canvas._before if canvas._wiped() else None
    level = None if after is None else after.level(1.0).pixelColor(20, 20).red()
    other = None if before is None else before.level(1.0).pixelColor(20, 20).red()

    def number(value: int | None, film: bool) -> int | None:
        return None if value is None else number_of(flat(value), film=film)

    if panel.clip.playback.view == "film":
        return number(other, False), number(level, True)
    return number(level, False), None


def wait_canvas(panel: StylizerPanel, qtbot: QtBot, wanted: tuple[int | None, int | None]) -> None:
    def there() -> bool:
        try:
            return on_canvas(panel) == wanted
        except AssertionError:
            return False

    qtbot.waitUntil(there, timeout=10_000)


def test_space_plays_and_arrows_step(panel: StylizerPanel, qtbot: QtBot, clip_file: Path) -> None:
    open_clip(panel, qtbot, clip_file)
    clip, playback = panel.clip, panel.clip.playback
    assert clip.buttons.where.text() == "0:00.0 / 0:01.0"
    QTest.keyClick(clip.strip, Qt.Key.Key_Space)
    assert playback.playing and clip.holds_canvas() and not panel.bar.save_button.isEnabled()
    qtbot.waitUntil(lambda: clip.strip.position() > 0.1, timeout=5000)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Space)  # from anywhere
    assert not playback.playing
    at = clip.strip.position()
    qtbot.waitUntil(lambda: clip.frames.shown_at == at, timeout=5000)
    number = round(at * FPS)
    # The photo is the frame where it stopped.
    assert (
        isinstance(panel.model.value.content, PhotoRecipe)
        and f"{number / FPS:05.2f}s" in panel.model.value.content.photo.name
    )
    QTest.keyClick(clip.strip, Qt.Key.Key_Left)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: clip.strip.position() == pytest.approx((number - 2) / FPS, abs=1e-3), timeout=5000)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: clip.strip.position() == pytest.approx((number - 1) / FPS, abs=1e-3), timeout=5000)
    QTest.keyClick(panel.canvas, Qt.Key.Key_End)
    assert clip.strip.position() == pytest.approx(0.96)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Home)
    assert clip.strip.position() == 0
    # In a text field the space bar writes.
    field = QLineEdit(panel)
    field.show()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert field.text() == " " and not playback.playing
    # It plays to its end and stops there; then from the beginning.
    clip.strip.setFocus()
    clip.strip.set_position(0.8)
    QTest.keyClick(clip.strip, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not playback.playing, timeout=5000)
    assert clip.strip.position() == pytest.approx(0.96, abs=1e-3)
    playback.start()
    qtbot.waitUntil(lambda: 0 < clip.strip.position() < 0.5, timeout=5000)
    # Nothing plays unseen.
    panel.stack.setCurrentWidget(panel.library.sheet)
    assert not playback.playing
    panel.stack.setCurrentWidget(panel.canvas)
    # Closing the clip ends its thread.
    reader = playback.player._reader
    assert reader is not None
    clip.close_button.click()
    reader.thread.join()
    assert not reader.thread.is_alive() and not playback.playing
    QTest.keyClick(panel, Qt.Key.Key_Space)
    assert not playback.playing and panel.context.problems == []  # type: ignore[attr-defined]


def test_a_film_that_is_opened_plays_beside_its_clip(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    source = tmp_path / clip_file.name
    source.write_bytes(clip_file.read_bytes())
    out = tmp_path / "greys stylized.mp4"
    write_film(source, out, 0.2, 0.6)
    open_clip(panel, qtbot, out)
    clip, playback = panel.clip, panel.clip.playback
    assert clip._path == source and clip.strip.marks() == (0.2, 0.6)
    wait_canvas(panel, qtbot, (None, 5))
    row = clip.film_row
    assert row.view.button("film").isChecked() and row.outside_button.isVisible() and "stylized" in row.label.text()
    # The clip beside it, by the wipe; place by place.
    panel.bar.wipe_button.click()
    wait_canvas(panel, qtbot, (5, 5))
    clip.strip.set_position(0.44)
    wait_canvas(panel, qtbot, (11, 11))
    QTest.keyClick(clip.strip, Qt.Key.Key_Right)
    QTest.keyClick(clip.strip, Qt.Key.Key_Right)
    wait_canvas(panel, qtbot, (13, 13))
    # In step while it plays, to the end of the film.
    seen: list[tuple[int | None, int | None]] = []
    playback.pairShown.connect(lambda m: seen.append((number_of(m.clip), number_of(m.film, film=True))))
    clip.strip.set_position(0.2)
    wait_canvas(panel, qtbot, (5, 5))
    clip.buttons.play.click()
    qtbot.waitUntil(lambda: not playback.playing, timeout=5000)
    wait_canvas(panel, qtbot, (14, 14))
    assert len(set(seen)) > 3 and all(clip_number == film_number for clip_number, film_number in seen)
    # What is on the canvas is no picture to be saved.
    assert not panel.bar.save_button.isEnabled()
    # The photo followed; the clip itself is a click away, and so is the film.
    qtbot.waitUntil(lambda: clip.frames.shown_at == pytest.approx(0.56), timeout=5000)
    row.view.button("clip").click()
    assert not clip.holds_canvas()
    row.view.button("film").click()
    wait_canvas(panel, qtbot, (14, 14))
    # Whoever turns to the controls wants to see what they do.
    panel.model.edit(size=128, commit=False)
    assert not clip.holds_canvas() and playback.view == "clip" and row.view.button("clip").isChecked()
    problems = panel.context.problems  # type: ignore[attr-defined]
    assert all("style.png" in each.message for each in problems)  # the film's style is on no disk


def test_a_film_without_its_clip_plays_as_well(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    out = tmp_path / "alone" / "film.mp4"
    write_film(clip_file, out)
    open_clip(panel, qtbot, out)
    assert panel.clip._path == out
    wait_canvas(panel, qtbot, (None, 0))
    assert not panel.bar.wipe_button.isEnabled()  # there is nothing to compare it with
    panel.clip.buttons.play.click()
    qtbot.waitUntil(lambda: panel.clip.strip.position() > 0.1, timeout=5000)


def test_a_film_that_is_gone_is_missed_with_a_message(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    open_clip(panel, qtbot, clip_file)
    out = tmp_path / "film.mp4"
    film = write_film(clip_file, out)
    playback, row = panel.clip.playback, panel.clip.film_row
    playback.set_film(out, film)
    assert row.view.isVisible() and not row.view.button("film").isChecked()
    out.rename(tmp_path / "elsewhere.mp4")
    row.view.button("film").click()
    problems = panel.context.problems  # type: ignore[attr-defined]
    assert [str(each.message) for each in problems] == ["“film.mp4” is not there any more."]
    assert playback.view == "clip" and playback.place is None and not row.isVisible()
    # One that is damaged inside.
    (tmp_path / "bad.mp4").write_text("no film")
    playback.set_film(tmp_path / "bad.mp4", film)
    row.view.button("film").click()
    qtbot.waitUntil(lambda: len(problems) == 2, timeout=5000)
    assert "bad.mp4" in problems[1].message and playback.view == "clip" and not row.isVisible()
    # Show in folder, and the system's player, find out as well.
    playback.set_film(tmp_path / "none.mp4", film)
    row.outside_button.click()
    assert "none.mp4" in problems[2].message
    # The clip itself goes away.
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(clip_file.read_bytes())
    panel.clip.close_clip()
    open_clip(panel, qtbot, copy)
    copy.unlink()
    panel.clip.buttons.play.click()
    assert "copy.mp4" in problems[3].message and not playback.playing and not panel.clip.holds_canvas()


def test_the_systems_player_and_the_folder(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_clip(panel, qtbot, clip_file)
    out = tmp_path / "film.mp4"
    panel.clip.playback.set_film(out, write_film(clip_file, out))
    opened: list[str] = []
    answers = [True, False]

    def open_url(url: object) -> bool:
        opened.append(url.toLocalFile())  # type: ignore[attr-defined]
        return answers.pop(0)

    monkeypatch.setattr("studio.ui.stylize.clip.playback.QDesktopServices.openUrl", open_url)
    panel.clip.film_row.outside_button.click()
    assert opened == [str(out)]
    panel.clip.film_row.outside_button.click()
    (problem,) = panel.context.problems  # type: ignore[attr-defined]
    assert str(out) in problem.action
    shown: list[Path] = []
    monkeypatch.setattr("studio.ui.stylize.clip.playback.show_in_file_manager", shown.append)
    panel.clip.film_row.folder_button.click()
    assert shown == [out]


def test_frames_are_looked_at_while_the_film_is_made(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    open_clip(panel, qtbot, clip_file)
    clip, playback = panel.clip, panel.clip.playback
    out = tmp_path / "film.mp4"
    style = PhotoRecipe(photo=FileRef(hash="1" * 64, name="style.png"))
    panel.model.set(panel.model.value.with_style(style))
    clip.strip.set_marks(0.2, 0.6)
    clip.make_film_at(out)  # of which the device that never starts makes nothing
    run = clip.film
    assert run is not None and run.job is not None and not clip.film_row.view.isVisible()
    folder = write_frames(clip_file, out, 4, 0.2, 0.6)
    picture = folder.frame(3)[0]
    run.job.deliver_start()
    run.job.deliver_progress(Progress(4, 10, Message("Stylizing the clip"), picture))
    qtbot.waitUntil(lambda: playback.place is not None, timeout=5000)
    assert clip.strip._done == (0.2, pytest.approx(0.36))
    run.job.deliver_progress(Progress(4, 10, Message("Stylizing the clip"), picture))
    assert clip.strip.position() == pytest.approx(0.32) and clip.holds_canvas()  # it is watched
    assert clip.film_row.view.button("film").isChecked() and clip.film_row.bar.isVisible()
    # A finished frame, one that is not, and back.
    clip.strip.set_position(0.24)
    assert not clip.live_button.isChecked()
    clip.film_row.view.button("film").click()
    wait_canvas(panel, qtbot, (None, 6))
    clip.strip.set_position(0.5)
    qtbot.waitUntil(lambda: not playback.holds and clip.frames.shown_at == pytest.approx(0.48), timeout=5000)
    assert playback.view == "film"
    clip.strip.set_position(0.29)
    wait_canvas(panel, qtbot, (None, 7))
    # Stopped, what is there can still be looked at; another start of the program finds it, too.
    clip.film_row.stop_button.click()
    run.job.deliver_end(JobState.CANCELLED)
    assert clip.film_row.label.text().startswith("Unfinished film, 4")
    assert not clip.film_row.bar.isVisible() and clip.make_button.isEnabled()
    clip.close_clip()
    assert clip.strip._done is None
    open_clip(panel, qtbot, clip_file)
    qtbot.waitUntil(lambda: playback.place == FilmPlace(folder.path, 0.2, 0.6, unfinished=True), timeout=5000)
    assert playback.view == "clip" and playback.frames_done == 4
    assert panel.context.problems == []  # type: ignore[attr-defined]
    # It goes on from there, or is given up.
    assert clip.film_row.continue_button.isVisible()
    clip.film_row.continue_button.click()
    again = clip.film
    assert again is not None and again is not run and again.running and again.out == out
    assert not clip.film_row.continue_button.isVisible() and clip.film_row.stop_button.isVisible()
    clip.film_row.stop_button.click()
    unfinished = playback.unfinished()
    assert unfinished is not None
    clip.film_row.view.button("film").click()
    clip._remove_unfinished(unfinished)
    assert not folder.path.exists() and playback.place is None and playback.view == "clip"
    assert not clip.film_row.isVisible()


def test_a_finished_film_is_there_to_be_played(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    open_clip(panel, qtbot, clip_file)
    clip, playback = panel.clip, panel.clip.playback
    out = tmp_path / "film.mp4"
    panel.model.set(panel.model.value.with_style(PhotoRecipe(photo=FileRef(hash="1" * 64, name="style.png"))))
    clip.make_film_at(out)
    run = clip.film
    assert run is not None and run.job is not None
    folder = write_frames(clip_file, out, 25)
    run.job.deliver_start()
    run.job.deliver_progress(Progress(25, 25, Message("Stylizing the clip"), folder.frame(24)[0]))
    qtbot.waitUntil(lambda: playback.place is not None, timeout=5000)
    notes: list[str] = []
    panel.context.notify.connect(notes.append)
    # It plays while the frames turn into the film.
    clip.film_row.view.button("film").click()
    clip.buttons.loop.click()
    clip.buttons.play.click()
    qtbot.waitUntil(lambda: clip.strip.position() > 0.05, timeout=5000)
    film = write_film(clip_file, out)
    folder.remove()
    run.job.deliver_end(JobState.FINISHED, FilmMade(out, film, 25, 1.0, 0, None))
    assert playback.place == FilmPlace(out) and playback.playing and str(out) in notes[-1]
    assert clip.strip._done == (0.0, 1.0)
    seen: list[int | None] = []
    playback.pairShown.connect(lambda pair: seen.append(number_of(pair.film, film=True)))
    qtbot.waitUntil(lambda: len(seen) > 3, timeout=5000)
    assert None not in seen
    # Making it again lets go of the file first.
    clip.make_film_at(out)
    assert playback.place is None and not playback.player.thread_alive
    assert panel.context.problems == []  # type: ignore[attr-defined]
