"""A clip in the Stylize room: its strip of frames, how it is filmed, and the film while it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QWidget

from studio.base import Progress, StudioError, Work
from studio.media.photos import CLIP_SUFFIXES
from studio.recipes import FilmRecipe, PhotoRecipe
from studio.recipes.sequences.film import film_size
from studio.recipes.steps.stylize import Method
from studio.ui.clip.film_bar import FilmBar
from studio.ui.clip.film_job import MAKING, FilmRun
from studio.ui.clip.frames import OpenedClip, ShownFrame
from studio.ui.clip.play_controls import PlayButtons
from studio.ui.clip.strip import clock
from studio.ui.context import StudioContext
from studio.ui.local_files import chosen_path
from studio.ui.model import Model
from studio.ui.stylize.clip.playback import Playback
from studio.ui.stylize.draft import Draft
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets import Slider

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.film import FilmMade
    from studio.engine.jobs.film_folder import FilmInMaking
    from studio.media.clips import ClipProperties

_SIDES = (3840, 2560, 1920, 1280, 960, 640, 480)
REST_MS = 400
"""The strip rests this long: the frame counts as chosen."""
_MOVING = {".gif", ".apng", ".webp", ".avif"}
"""Pictures that move: dropped they are photos, opened as clips they are clips."""


class ClipBar(FilmBar):
    """Below the canvas while a clip is open or a film is made.

    Parameters
    ----------
    model : of the draft; the frame that is looked at becomes its content, and a film is made with its settings.
    side : pixels of the long side that the canvas has room for; None for as many as there are.
    """

    filmFrame = Signal(object)
    """A frame of the film that is being made, uint8 (height, width, 3), while the artist watches it."""
    frameSettled = Signal()
    """The frame that is looked at has come to rest: it counts as chosen."""
    job_key = "stylize-film"
    film_kind = "film"

    def __init__(
        self,
        context: StudioContext,
        model: Model[Draft],
        side: Callable[[], int | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, model, parent)
        self._model = model
        self._film_first = False
        self._continued: FilmInMaking | None = None
        """A film that goes on, whose clip is being opened."""
        self.strip.moved.connect(self._on_moved)
        self.playback = Playback(context, self.strip, self.frames, side, self)
        self.playback.begun.connect(self._stop_following)
        self.playback.changed.connect(self.show_state)
        self.playback.pairShown.connect(lambda _pair: self._show_where())

        # From the latest frame on, which may come some time after the hand has come to rest.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle_frame)

        self._connect_film_row()
        self._lay_out(self._make_head(), self._make_settings())
        self.show_state()

    # The parts

    def _make_head(self) -> QHBoxLayout:
        self.buttons = PlayButtons()
        self.buttons.playWanted.connect(self.playback.toggle)
        self.buttons.loopsToggled.connect(self.playback.set_loops)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.buttons)
        row.addSpacing(SPACE_M)
        self._add_clip_buttons(row)
        return row

    def _make_settings(self) -> QHBoxLayout:
        self.method = QComboBox()
        self.method.addItem(self.tr("Fast"), "preview")
        self.method.addItem(self.tr("Final quality"), "optimise")
        self.method.setToolTip(
            self.tr("Fast: some frames a second, by the instant preview. Final quality: optimised frame by frame.")
        )
        self.method.setAccessibleName(self.tr("How frames are made"))
        self.method.currentIndexChanged.connect(self.show_state)
        self.film_size = QComboBox()
        self.film_size.setAccessibleName(self.tr("Size of the film"))
        self.film_size.setToolTip(
            self.tr("The clip's own size unless another is chosen. The picture in the room stays as it is.")
        )
        self.film_size.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.stabilise = Slider(
            self.tr("Stabilise"),
            0,
            100,
            80,
            decimals=0,
            tooltip=self.tr("How firmly strokes stay from frame to frame. At 0 every frame is made for itself."),
        )
        self.stabilise.setMaximumWidth(330)
        self.stabilise.set_label_width(0)  # the row is full in a narrow window
        self.make_button.setMinimumHeight(30)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self.method)
        row.addWidget(self.film_size)
        row.addSpacing(SPACE_M)
        row.addWidget(self.stabilise, 1)
        row.addStretch(1)
        row.addWidget(self.make_button)
        return row

    def _connect_film_row(self) -> None:
        row = self.film_row
        self.live_button, self.stop_button = row.live_button, row.stop_button
        row.view.chosen.connect(self.playback.set_view)
        row.liveToggled.connect(self._on_live)
        row.outsideWanted.connect(self.playback.open_outside)
        row.folderWanted.connect(self.playback.show_in_folder)
        row.continueWanted.connect(self._continue_shown)

    # The clip

    def is_open(self) -> bool:
        """Return whether there is a clip."""
        return self._path is not None

    def choose(self) -> None:
        """Ask for a clip and open it."""
        suffixes = " ".join(f"*{suffix}" for suffix in sorted(CLIP_SUFFIXES | _MOVING))
        kinds = f"{self.tr('Video clips')} ({suffixes})"
        folder = self._context.settings.start_folder("clip")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a video clip"), folder, kinds)
        if name:
            self.open(chosen_path(name))

    def _leave_clip(self) -> None:
        self._rest.stop()
        self.playback.close()

    def _on_opened(self, opened: OpenedClip) -> None:
        if self._opening is None:
            return
        properties, film = opened.properties, opened.film
        assert film is None or isinstance(film, FilmRecipe)
        self._path, self._opening, self._properties = opened.path, None, properties
        self._offer_sizes(properties)
        self.show_state()
        self.strip.set_clip(properties.seconds, float(1 / properties.fps), properties.width / properties.height)
        self.strip.setFocus()
        self.playback.open(opened)
        self._film_first = film is not None
        if film is not None:
            found = opened.path != opened.asked
            self._restore(film, found=found)
            self.playback.set_film(opened.asked, film if found else None)
        if self._continued is not None and self._continued.properties.clip.absolute() == opened.path.absolute():
            continued = self._continued.properties.film
            assert isinstance(continued, FilmRecipe)
            self._restore(continued, found=True)
            self.live_button.setChecked(self._busy())
        else:
            self._continued = None
            self._stop_following()
        self.frames.request(self.strip.position())

    def _offer_sizes(self, properties: ClipProperties) -> None:
        """The sizes of a film of the clip: its own, and smaller ones."""
        own = film_size(properties.width, properties.height)
        self.film_size.clear()
        self.film_size.addItem(self.tr("Clip: {size} px").format(size=own), own)
        for side in _SIDES:
            if side < own:
                self.film_size.addItem(self.tr("{size} px").format(size=side), side)

    def _show_size(self, side: int) -> None:
        """Choose a size that a film has, offered or not."""
        if self.film_size.findData(side) < 0:
            self.film_size.addItem(self.tr("{size} px").format(size=side), side)
        self.film_size.setCurrentIndex(self.film_size.findData(side))

    def _restore(self, film: FilmRecipe, *, found: bool) -> None:
        """Every control as it was for ``film``; ``found``: its clip is the one that is open."""
        self.filmOpened.emit(film)
        self.method.setCurrentIndex(max(0, self.method.findData(film.frame_recipe.method)))
        self.stabilise.set_value(film.stabilise * 100)
        self._show_size(film.frame_recipe.size)
        if found:
            self.strip.set_marks(film.start, film.end)
            self.strip.set_position(film.start)
            text = self.tr("This film was made in Latent Studio: its look and settings are back.")
            if self._continued is not None:
                text = self.tr("The film goes on; its look and settings are back.")
        else:
            text = self.tr("This film was made in Latent Studio of {name}, which is not beside it; its look is back.")
        self._context.notify.emit(text.format(name=film.clip.name))

    def _on_refused(self, problem: StudioError) -> None:
        self._continued = None
        super()._on_refused(problem)

    def _on_moved(self, seconds: float) -> None:
        self._stop_following()
        self.playback.show(seconds)

    def _on_frame(self, shown: ShownFrame) -> None:
        if self._path is None:
            return
        if shown.stepped and not self.playback.holds:
            self.strip.show_position(shown.seconds)
        self._model.edit(content=PhotoRecipe(photo=shown.ref), commit=False)
        self.frame_history.note()
        self._rest.start()
        self._show_where()
        if self._film_first:
            # What was opened is a film: with its first frame as the photo, it is what one wants to see.
            self._film_first = False
            self.playback.set_view("film")
        elif self._continued is not None:
            self._show_unfinished(self._continued)

    def _settle_frame(self) -> None:
        self.frame_history.settle()
        self.frameSettled.emit()

    def settle(self) -> None:
        """Let the frame count as chosen that comes to rest: something else is done now."""
        if self._rest.isActive():
            self._rest.stop()
            self._settle_frame()

    def take_key(self, event: QKeyEvent) -> bool:
        """A key that nothing else in the room wanted: those of the strip work from everywhere."""
        if self._path is None:
            return False
        event.accept()
        self.strip.keyPressEvent(event)
        return event.isAccepted()

    # The film

    def _changes_frames(self) -> bool:
        return self._model.value.recipe("preview") is not None

    def _film_name(self, clip: str) -> str:
        return self.tr("{clip} stylized").format(clip=clip)

    def make_film_at(self, out: Path) -> None:
        """Make the film of the marked part with the settings as they are, into ``out``."""
        method: Method = self.method.currentData()
        path, recipe = self._path, self._model.value.recipe(method)
        if path is None or recipe is None or self._busy():
            return
        place = self.playback.place
        if place is not None and place.path == out:
            self.playback.forget_film()  # who looks at a file keeps it from being replaced on some systems
        start, end = self.strip.marks()
        strength = self.stabilise.value() / 100
        recipe = recipe.model_copy(update={"size": self.film_size.currentData()})

        def work(engine: Engine) -> Work[FilmMade]:
            from studio.engine.jobs.film import film_clip

            return film_clip(engine, recipe, path, out, stabilise=strength, start=start, end=end)

        self._run(FilmRun(out, path), work)

    def _show_continued(self, run: FilmRun, unfinished: FilmInMaking) -> None:
        if self._is_of_clip(run):
            self._show_unfinished(unfinished)
        else:
            self._continued = unfinished
            self.open(run.clip)

    def _show_unfinished(self, unfinished: FilmInMaking) -> None:
        """Show the film that goes on, from its latest frame; further ones follow as they are made."""
        self._continued = None
        film = unfinished.properties.film
        assert isinstance(film, FilmRecipe)
        self._show_size(film.frame_recipe.size)
        self.playback.show_unfinished(unfinished)
        self.live_button.setChecked(self._busy())

    def _continue_shown(self) -> None:
        unfinished = self.playback.unfinished()
        if unfinished is not None and self.playback.film_there():
            self.continue_film(unfinished)

    def _remove_unfinished(self, film: FilmInMaking) -> None:
        place = self.playback.place
        if place is not None and place.path == film.folder.path:
            self.playback.forget_film()
        super()._remove_unfinished(film)

    def _run(self, run: FilmRun, work: Callable[[Engine], Work[FilmMade]]) -> None:
        super()._run(run, work)
        self.live_button.setChecked(True)
        self.show_state()

    def _on_progress(self, run: FilmRun, progress: Progress) -> None:
        first = run.image is None
        run.take(progress)
        if self._is_of_clip(run) and run.image is not None:
            if first:
                self.playback.find_unfinished(run.out)
            until = self.playback.show_done(progress.step) if progress.message == MAKING else None
            if until is not None and self.live_button.isChecked():
                self.strip.show_position(until - self.strip.step())
        if progress.preview is not None and self.live_button.isChecked():
            self.playback.leave()
            self.filmFrame.emit(progress.preview)
        self.show_state()

    def _is_of_clip(self, run: FilmRun) -> bool:
        return self._path is not None and run.clip.absolute() == self._path.absolute()

    def _on_made(self, run: FilmRun, made: FilmMade) -> None:
        text = self.tr("The film is in {path}").format(path=made.path)
        continued, self._continued = self._continued, None
        if self._is_of_clip(run):
            self.playback.set_film(made.path, made.film)
            text = self.tr("The film is in {path}. The space bar plays it.").format(path=made.path)
            self._show_made(made.film.start)
        elif continued is not None:
            # It was finished before its clip was open.
            self.open(made.path)
        self._tell_made(text, made)

    def _on_film_failed(self, run: FilmRun, problem: StudioError) -> None:
        super()._on_film_failed(run, problem)
        self._on_end_without_film(run)

    def _on_end_without_film(self, run: FilmRun) -> None:
        """Show the part of the film that there is, unless it goes on already."""
        if run is self.film and self._is_of_clip(run) and run.image is not None:
            self._show_made(self.strip.position())
        self.show_state()

    def _show_made(self, at: float) -> None:
        """Whoever watched the film while it was made goes on looking at it."""
        if self.live_button.isChecked() and self.playback.place is not None:
            self.strip.show_position(at)
            self.playback.set_view("film")

    def _on_stopped(self, run: FilmRun) -> None:
        super()._on_stopped(run)
        self._on_end_without_film(run)

    def playing(self) -> bool:
        """Return whether the clip or its film plays."""
        return self.playback.playing

    def holds_canvas(self) -> bool:
        """Return whether the canvas shows the clip or its film, and nothing else may draw there."""
        watched = (
            self._busy() and self.live_button.isChecked() and self.film is not None and self.film.image is not None
        )
        return self.playback.holds or watched

    def stop_watching(self) -> None:
        """The artist works at the picture: the canvas is for that."""
        watched = self.holds_canvas() and not self.playback.holds
        self._stop_following()
        self.playback.leave()
        if watched and self._path is not None and self.frames.shown_at != self.strip.position():
            self.frames.request(self.strip.position())

    def _stop_following(self) -> None:
        self.live_button.setChecked(False)

    def _on_live(self, on: bool) -> None:
        if on and self.film is not None and self.film.image is not None:
            self.playback.leave()
            self.filmFrame.emit(self.film.image)
        elif not on and self._path is not None:
            self.playback.show(self.strip.position())

    def shut_down(self) -> None:
        """The window closes: the frames so far are kept, unless the film was asked to be finished first."""
        self.playback.shut_down()
        super().shut_down()

    # Showing

    def show_state(self) -> None:
        """Texts and buttons as things are."""
        is_open, busy = self._path is not None, self._busy()
        self.setVisible(is_open or busy)
        self._show_make(busy)
        if not is_open and not busy:
            return  # nothing of it is seen
        self._clip_part.setVisible(is_open)
        place = self.playback.place
        run = self.film if busy else None
        # With a clip its place is kept, so that "Make film" stays under the mouse.
        kept = self.film_row.sizePolicy()
        kept.setRetainSizeWhenHidden(is_open)
        self.film_row.setSizePolicy(kept)
        self.film_row.setVisible(busy or place is not None)
        self.film_row.show_film(run, place, self.playback.frames_done, has_clip=is_open)
        watched = busy and self.live_button.isChecked() and place is not None
        self.film_row.view.show_view("film" if watched else self.playback.view)
        self.buttons.show_playing(self.playback.playing)
        self._show_where()
        properties = self._properties
        if properties is not None and self._path is not None:
            self._show_properties(self._path.name, properties)
            self.whole.setEnabled(self.strip.marks() != (0.0, None))

    def _show_make(self, busy: bool) -> None:
        possible = self._path is not None and self._changes_frames() and not busy
        self.make_button.setEnabled(possible)
        self.make_button.setToolTip(
            self.tr("Stylize the marked part with these settings; its sound stays")
            if possible or busy
            else self.tr("Add a style first")
        )

    def _show_properties(self, name: str, properties: ClipProperties) -> None:
        start, end = self.strip.marks()
        frames = self.tr("%n frames", "", properties.frames_between(start, end))
        size = f"{properties.width} × {properties.height}"
        fps = self.tr("{fps} fps").format(fps=self.locale().toString(float(properties.fps), "g", 4))
        part = f"{clock(start)} – {clock(properties.seconds if end is None else end)}"
        marked = [] if (start, end) == (0.0, None) else [part]
        rests = [size, fps, *marked, frames], [fps, *marked, frames], [*marked, frames]
        dot = "  ·  "
        versions = [dot.join([name, *rest]) for rest in rests]
        self.about.set_versions([*versions, dot.join(rests[-1])], dot.join([name, size, fps, part, frames]), name=name)

    def _show_where(self) -> None:
        if self._properties is not None:
            self.buttons.show_where(clock(self.strip.position()), clock(self._properties.seconds))
