"""Clips in the Stylize room, on the real engine: any frame as the photo, films with stop and continuation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studio.base import Progress
from studio.base.files import sha256_of
from studio.engine.jobs.film_folder import films_in_making
from studio.gallery import SourceStore
from studio.media.clips import Clip
from studio.recipes import PhotoRecipe
from studio.ui.clip.film_job import UnfinishedFilms
from studio.ui.context import StudioContext
from studio.ui.stylize import StylizerPanel
from studio.ui.stylize.draft import Draft
from studio.ui.widgets.dropped import dropped_clip
from tests.fakes import opened_context
from tests.support.clips import moving, photos, write_clip
from tests.support.stylize_room import panel

__all__ = ["panel"]


@pytest.fixture(scope="module")
def clip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = [each.frame for each in moving(*photos(), 25, 96, 72)]
    return write_clip(tmp_path_factory.mktemp("clip") / "harbour.mp4", frames, sound="aac")


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    sources = SourceStore(tmp_path / "Sources")

    def make() -> object:
        from studio.engine import TorchEngine

        return TorchEngine(sources, device="cpu")

    with opened_context(make, tmp_path, sources=sources) as made:
        yield made


def style(panel: StylizerPanel, tmp_path: Path) -> PhotoRecipe:
    from skimage import data

    path = tmp_path / "style.png"
    Image.fromarray(data.retina()[400:700, 400:700]).save(path)
    return PhotoRecipe(photo=panel.context.sources.add(path))


def mime_of(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def test_a_dropped_clip_gives_any_frame_as_the_photo(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    assert dropped_clip(mime_of(clip_file)) == clip_file
    assert not panel.clip.isVisible()
    assert panel.invitation.take(mime_of(clip_file))
    qtbot.waitUntil(
        lambda: isinstance(panel.model.value.content, PhotoRecipe) and panel.clip.isVisible(), timeout=20_000
    )
    assert "25 frames" in panel.clip.about.text() and panel.canvas.isVisible()
    # One coloured button a room: with a clip it is the film's.
    render, make = panel.card.render_button, panel.clip.make_button
    assert make.property("primary") and not render.property("primary")
    qtbot.waitUntil(lambda: len(panel.clip.strip._pictures) == panel.clip.strip._count, timeout=20_000)
    panel.model.edit(size=96, commit=False)
    panel.add_style(style(panel, tmp_path))
    first = panel.model.value.content
    panel.clip.strip.set_position(0.52)
    qtbot.waitUntil(
        lambda: panel.model.value.content != first and panel.side.photo_name.text() == "harbour 0m00.52s",
        timeout=20_000,
    )
    content = panel.model.value.content
    assert isinstance(content, PhotoRecipe)
    path = panel.context.sources.find(content.photo)
    assert path is not None and path.parent.parent.parent.name == "cache"
    with Clip(clip_file) as clip:
        assert np.array_equal(np.asarray(Image.open(path)), clip.frame_at(0.52).image)
    qtbot.waitUntil(
        lambda: (
            panel.previews.latest is not None
            and panel.previews.latest.full
            and panel.previews.latest.recipe.content == content
        ),
        timeout=60_000,
    )
    # A saved picture keeps its frame: nothing of the cache is needed for its recipe.
    assert not list((tmp_path / "Sources").glob("*harbour*"))
    panel.save()
    qtbot.waitUntil(lambda: bool(list((tmp_path / "Sources").glob("*harbour*.png"))), timeout=20_000)
    kept = panel.context.sources._kept(content.photo)
    assert kept is not None and sha256_of(kept) == content.photo.hash
    panel.set_content(content)
    assert not panel.clip.is_open() and not panel.clip.isVisible() and render.property("primary")
    assert panel.context.problems == []  # type: ignore[attr-defined]


def test_a_film_is_made_stopped_and_continued(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    panel.open_clip(clip_file)
    qtbot.waitUntil(lambda: panel.model.value.content is not None, timeout=20_000)
    assert not panel.clip.make_button.isEnabled()  # no style yet
    panel.model.edit(size=64, commit=False)
    panel.add_style(style(panel, tmp_path))
    assert panel.clip.make_button.isEnabled()
    panel.clip.strip.set_marks(0.2, 0.8)
    assert "15 frames" in panel.clip.about.text()
    panel.clip.stabilise.set_value(60)
    shown: list[np.ndarray] = []
    panel.clip.filmFrame.connect(shown.append)
    out = tmp_path / "film.mp4"
    panel.clip.make_film_at(out)
    run = panel.clip.film
    assert run is not None and run.job is not None and run.running and panel.clip.stop_button.isVisible()
    assert not panel.clip.make_button.isEnabled()

    def stop_early(progress: Progress) -> None:
        if progress.step >= 3 and run.image is not None:
            panel.clip.stop()

    run.job.progressed.connect(stop_early)
    qtbot.waitUntil(lambda: not run.running, timeout=60_000)
    assert not out.exists() and shown and not panel.clip.stop_button.isVisible()
    (unfinished,) = films_in_making()
    assert 3 <= unfinished.done < 15
    assert (unfinished.properties.film.stabilise, unfinished.properties.film.start, unfinished.properties.film.end) == (
        0.6,
        0.2,
        0.8,
    )
    dialog = UnfinishedFilms([unfinished])
    qtbot.addWidget(dialog)
    first = dialog.focusWidget()
    assert isinstance(first, QPushButton) and first.text().replace("&", "") == "Close", "not what removes frames"
    dialog.continueWanted.connect(panel.clip.continue_film)
    panel._remove_photo()
    assert not panel.clip.isVisible() and panel.stack.currentWidget() is panel.invitation
    shown.clear()
    dialog._chosen(unfinished)
    assert panel.clip.isVisible()  # the film shows its progress at once, then itself
    again = panel.clip.film
    assert again is not None and again is not run
    qtbot.waitUntil(lambda: not again.running, timeout=60_000)
    with Clip(out) as film:
        assert len(list(film.frames())) == 15 and film.properties.has_sound
    qtbot.waitUntil(lambda: panel.clip.playback.view == "film" and panel.clip.holds_canvas(), timeout=20_000)
    assert shown and panel.stack.currentWidget() is panel.canvas
    assert films_in_making() == [] and panel.clip.stabilise.value() == 60
    # The film brings everything back: its look, and the clip that lies beside it with its marks.
    beside = clip_file.with_name("film.mp4")
    beside.write_bytes(out.read_bytes())
    before = panel.model.value
    panel._remove_photo()
    panel._apply(Draft())
    panel.clip.stabilise.set_value(10)
    panel.open_clip(beside)
    qtbot.waitUntil(lambda: panel.model.value.content is not None, timeout=20_000)
    assert (panel.model.value.styles, panel.model.value.size) == (before.styles, Draft().size)
    assert panel.clip.film_size.currentData() == 96  # as large as the clip, whatever the picture in the room
    assert panel.clip._path == clip_file and panel.clip.strip.marks() == (0.2, 0.8)
    assert panel.clip.stabilise.value() == 60
    assert panel.context.problems == []  # type: ignore[attr-defined]


def test_undo_beside_a_clip_keeps_its_frame_and_leads_out_of_it(
    panel: StylizerPanel, qtbot: QtBot, clip_file: Path, tmp_path: Path
) -> None:
    look = style(panel, tmp_path)
    panel.set_content(look)
    panel.open_clip(clip_file)
    qtbot.waitUntil(lambda: panel.model.value.content != look)
    panel.model.edit(size=96)
    before = panel.model.value.content
    panel.clip.strip.set_position(0.52)
    qtbot.waitUntil(lambda: panel.model.value.content != before)
    panel.model.edit(detail=0.9)  # before the frame has come to rest
    before = panel.model.value.content
    panel.clip.strip.set_position(0.8)
    qtbot.waitUntil(lambda: panel.model.value.content != before)
    last = panel.model.value.content
    panel.undo()
    assert (panel.model.value.detail, panel.model.value.content) == (Draft().detail, last) and panel.clip.is_open()
    state = json.loads(json.dumps(panel.session()))
    panel.undo()
    assert (panel.model.value.size, panel.model.value.content) == (Draft().size, last) and panel.clip.is_open()
    panel.undo()
    assert panel.model.value.content == look and not panel.clip.is_open() and panel.clip.isHidden()
    panel.restore_session(state)
    qtbot.waitUntil(lambda: panel.clip.is_open() and panel.model.value.content is not None)
    panel.clip.settle()
    assert panel.model.value.size == 96 and panel.can_redo()
    panel.redo()
    assert panel.model.value.detail == 0.9 and panel.model.value.content is not None and panel.clip.is_open()
    panel.undo()
    panel.undo()
    assert panel.model.value.size == Draft().size and panel.clip.is_open() and not panel.can_undo()
    assert panel.context.problems == []  # type: ignore[attr-defined]


def test_looking_elsewhere_leaves_the_canvas_alone(panel: StylizerPanel) -> None:
    panel.clip.live_button.setChecked(True)
    panel.model.edit(size=128, commit=False)
    assert not panel.clip.live_button.isChecked()


def test_what_is_no_clip_is_refused(panel: StylizerPanel, qtbot: QtBot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("no clip")
    panel.open_clip(bad)
    problems = panel.context.problems  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: len(problems) == 1, timeout=20_000)
    assert "no video clip" in problems[0].message and not panel.clip.isVisible()
