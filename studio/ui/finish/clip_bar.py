"""The bar of a video clip in the Finish room: the frame one looks at, the part that is filmed, and the film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress, StudioError, Work
from studio.recipes import FinishedFilmRecipe, Recipe
from studio.ui.clip.film_job import FilmRun, UnfinishedFilms
from studio.ui.clip.film_row import FilmRow
from studio.ui.clip.frames import ClipFrames, OpenedClip, ShownFrame
from studio.ui.clip.play_controls import FittingLabel
from studio.ui.clip.playing_times import FilmPlace
from studio.ui.clip.strip import ClipStrip, clock
from studio.ui.context import StudioContext
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import tool_button
from studio.ui.widgets.save_name import completed_name

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.film import FilmMade
    from studio.engine.jobs.film_folder import FilmInMaking
    from studio.media.clips import ClipProperties

SUFFIXES = (".mp4", ".mov", ".mkv")


class FinishClipBar(QFrame):
    """A clip that is open, and the film that is made of it.

    Parameters
    ----------
    recipe : gives the recipe of the frame that is shown; None when nothing would change it.
    """

    frameShown = Signal(object)
    """The ``FileRef`` of a frame, to be worked on."""
    filmOpened = Signal(object)
    """The ``FinishedFilmRecipe`` of a film made here that was opened: its settings shall come back."""
    closed = Signal()
    """The artist closed the clip."""

    def __init__(
        self, context: StudioContext, recipe: Callable[[], Recipe | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self._context, self._recipe = context, recipe
        self._path: Path | None = None
        self._opening: Path | None = None
        self._properties: ClipProperties | None = None
        self._made: Path | None = None
        self.film: FilmRun | None = None
        self.frames = ClipFrames(context, self, side=None, films=FinishedFilmRecipe)
        self.frames.opened.connect(self._on_opened)
        self.frames.refused.connect(self._on_refused)
        self.frames.frame.connect(self._on_frame)
        self.strip = ClipStrip(self)
        self.strip.stepper = lambda steps: self.frames.request(self.strip.position(), steps)
        self.frames.thumbnail.connect(self.strip.set_thumbnail)
        self.strip.thumbnailsWanted.connect(self.frames.request_thumbnails)
        self.strip.moved.connect(self.frames.request)
        self.strip.marked.connect(lambda _start, _end: self.show_state())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_S)
        layout.setSpacing(SPACE_S + 2)
        self._clip_part = QWidget(self)
        clip = QVBoxLayout(self._clip_part)
        clip.setContentsMargins(0, 0, 0, 0)
        clip.setSpacing(SPACE_S + 2)
        clip.addLayout(self._make_head())
        clip.addWidget(self.strip)
        layout.addWidget(self._clip_part)
        self.film_row = FilmRow(self)
        self.film_row.pauseToggled.connect(self._toggle_pause)
        self.film_row.stopWanted.connect(self.stop)
        self.film_row.outsideWanted.connect(lambda: self._open_made(folder=False))
        self.film_row.folderWanted.connect(lambda: self._open_made(folder=True))
        layout.addWidget(self.film_row)
        self.show_state()

    def _make_head(self) -> QHBoxLayout:
        self.about = FittingLabel()
        self.mark_in = tool_button("clip-in", self.tr("Begin the film with this frame (I)"), self.strip.mark_start)
        self.mark_out = tool_button("clip-out", self.tr("End the film after this frame (O)"), self.strip.mark_end)
        self.whole = tool_button("reset", self.tr("Film the whole clip"), lambda: self.strip.set_marks(0.0, None))
        self.close_button = tool_button("cancel", self.tr("Close the clip"), self._on_close)
        self.make_button = QPushButton(icon("film"), self.tr("Make film …"))
        self.make_button.setProperty("primary", True)
        self.make_button.clicked.connect(self.make_film)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.about, 1)
        for button in (self.mark_in, self.mark_out, self.whole, self.close_button):
            row.addWidget(button)
        row.addSpacing(SPACE_M)
        row.addWidget(self.make_button)
        return row

    # The clip

    def path(self) -> Path | None:
        """The clip that is open."""
        return self._path

    def open(self, path: Path) -> None:
        """Open a clip; its first frame becomes the picture of the room."""
        self._context.settings.remember_folder("clip", path)
        self._opening = path
        self.frames.open(path)

    def close_clip(self) -> None:
        """Put the clip away; a film of it that is being made goes on."""
        if self._path is not None or self._opening is not None:
            self._path = self._opening = self._properties = None
            self.frames.close()
            self.show_state()

    def _on_close(self) -> None:
        self.close_clip()
        self.closed.emit()

    def _on_opened(self, opened: OpenedClip) -> None:
        if self._opening is None:
            return
        properties = opened.properties
        self._path, self._opening, self._properties, self._made = opened.path, None, properties, None
        self.strip.set_clip(properties.seconds, float(1 / properties.fps), properties.width / properties.height)
        self.strip.setFocus()
        if isinstance(opened.film, FinishedFilmRecipe):
            self._restore(opened.film, found=opened.path != opened.asked)
        self.show_state()
        self.frames.request(self.strip.position())

    def _restore(self, film: FinishedFilmRecipe, *, found: bool) -> None:
        """The settings that a film was made with; ``found``: its clip is the one that is open."""
        self.filmOpened.emit(film)
        if found:
            self.strip.set_marks(film.start, film.end)
            self.strip.show_position(film.start)
            text = self.tr("This film was finished in Latent Studio: its clip and settings are back.")
        else:
            text = self.tr("This film was finished in Latent Studio from {name}, which is not beside it.")
        self._context.notify.emit(text.format(name=film.clip.name))

    def _on_refused(self, problem: StudioError) -> None:
        self._opening = self._path = self._properties = None
        self.show_state()
        self._context.problem.emit(problem)

    def _on_frame(self, shown: ShownFrame) -> None:
        if self._path is not None:
            self.strip.show_position(shown.seconds)
            self.frameShown.emit(shown.ref)

    # The film

    def make_film(self) -> None:
        """Ask for a file name and make the film, or go on with it."""
        if self._path is None or self._recipe() is None or self._busy():
            return
        folder = self._context.settings.last_folder("film")
        stem = self.tr("{clip} finished").format(clip=self._path.stem)
        proposed = (Path(folder) if folder else self._path.parent) / f"{stem}.mp4"
        kinds = self.tr("Films") + " (*.mp4 *.mov *.mkv)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Make film"), str(proposed), kinds)
        out = completed_name(self, name, SUFFIXES, ".mp4")
        if out is not None:
            self._context.settings.remember_folder("film", out)
            self.make_film_at(out)

    def make_film_at(self, out: Path) -> None:
        """Make the film of the marked part with the settings as they are, into ``out``."""
        clip, recipe = self._path, self._recipe()
        if clip is None or recipe is None or self._busy():
            return
        start, end = self.strip.marks()

        def work(engine: Engine) -> Work[FilmMade]:
            from studio.engine.jobs.film import finish_clip

            return finish_clip(engine, recipe, clip, out, start=start, end=end)

        self._run(work, FilmRun(out, clip))

    def continue_film(self, unfinished: FilmInMaking) -> None:
        """Go on with a film that was not finished."""
        if self._busy():
            self._context.notify.emit(self.tr("One film at a time: this one waits until you continue it again."))
            return
        properties = unfinished.properties

        def work(engine: Engine) -> Work[FilmMade]:
            from studio.engine.jobs.film import make_film

            return make_film(engine, properties.film, properties.clip, properties.out)

        self._run(work, FilmRun(properties.out, properties.clip))

    def show_unfinished(self) -> None:
        """The list of unfinished films."""
        from studio.engine.jobs.film_folder import films_in_making

        films = [film for film in films_in_making("finished-film") if not film.folder.owner()]
        dialog = UnfinishedFilms(films, self.window())
        dialog.continueWanted.connect(self.continue_film)
        dialog.removeWanted.connect(lambda film: film.folder.remove())
        dialog.exec()

    def _busy(self) -> bool:
        return self.film is not None and self.film.running

    def _run(self, work: Callable[[Engine], Work[FilmMade]], run: FilmRun) -> None:
        self.film, self._made = run, None
        self._context.notify.emit("")  # what was said of an earlier one is no news any more
        title = self.tr("Film {name}").format(name=run.out.name)
        job = self._context.worker.submit(work, title=title, key="finish-film", asks=True)
        run.job = job
        job.shown_elsewhere = self.film_row.isVisible
        job.seconds_left = run.seconds_left
        job.progressed.connect(lambda progress: self._on_progress(run, progress))
        job.finished.connect(self._on_made)
        job.failed.connect(self._context.problem)
        job.cancelled.connect(lambda: self._on_stopped(run))
        job.stateChanged.connect(lambda _state: self.show_state())
        self.show_state()

    def _on_progress(self, run: FilmRun, progress: Progress) -> None:
        run.take(progress)
        self.show_state()

    def _on_made(self, made: FilmMade) -> None:
        self._made = made.path
        self._context.notify.emit(self.tr("The film is in {path}").format(path=made.path))
        if made.broken_at is not None:
            self._context.problem.emit(
                StudioError(
                    self.tr("The clip is damaged or ends too soon at {time}.").format(time=clock(made.broken_at)),
                    self.tr("What could be read is in the film."),
                )
            )
        self.show_state()

    def _on_stopped(self, run: FilmRun) -> None:
        text = self.tr("Stopped after {done} of {total} frames. They are kept: Make film goes on with them.")
        self._context.notify.emit(text.format(done=run.progress.step, total=run.progress.total))

    def _toggle_pause(self) -> None:
        if self.film is not None:
            self.film.toggle_pause()

    def stop(self) -> None:
        """Stop the film; its frames so far are kept."""
        if self.film is not None:
            self.film.stop()

    def _open_made(self, *, folder: bool) -> None:
        if self._made is not None:
            path = self._made.parent if folder else self._made
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def shut_down(self) -> None:
        """The window closes: the frames so far are kept, unless the film was asked to be finished first."""
        if self.film is not None:
            self.film.leave()
        self.frames.shut_down()

    # Showing

    def show_state(self) -> None:
        """Texts and buttons as things are."""
        is_open, busy = self._path is not None, self._busy()
        self.setVisible(is_open or busy)
        self._clip_part.setVisible(is_open)
        changes = self._recipe() is not None
        self.make_button.setEnabled(is_open and changes and not busy)
        self.make_button.setToolTip(
            self.tr("Do to every frame of the marked part what is done to this one; its sound stays")
            if changes
            else self.tr("Repair, clean or enlarge something first")
        )
        place = None if self._made is None else FilmPlace(self._made)
        self.film_row.setVisible(busy or place is not None)
        self.film_row.show_film(self.film if busy else None, place, 0, has_clip=False)
        self.film_row.live_button.hide()
        properties = self._properties
        if properties is None or self._path is None:
            return
        start, end = self.strip.marks()
        self.whole.setEnabled((start, end) != (0.0, None))
        frames = self.tr("%n frames", "", properties.frames_between(start, end))
        at = f"{clock(self.strip.position())} / {clock(properties.seconds)}"
        part = f"{clock(start)} – {clock(properties.seconds if end is None else end)}"
        marked = [] if (start, end) == (0.0, None) else [part]
        name, dot = self._path.name, "  ·  "
        rests = [at, f"{properties.width} × {properties.height}", *marked, frames], [at, *marked, frames], [at]
        self.about.set_versions([*(dot.join([name, *rest]) for rest in rests), at], dot.join([name, *rests[0]]))
