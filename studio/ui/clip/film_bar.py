"""What the bars of a clip share: the clip that is open, its strip with marks, and the film while it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress, StudioError, Work
from studio.recipes import FilmRecipe, FinishedFilmRecipe
from studio.ui.clip.film_job import FilmRun, UnfinishedFilms
from studio.ui.clip.film_row import FilmRow
from studio.ui.clip.frame_history import FrameHistory
from studio.ui.clip.frames import FRAME_SIDE, ClipFrames, OpenedClip, ShownFrame
from studio.ui.clip.play_controls import FittingLabel
from studio.ui.clip.strip import ClipStrip, clock
from studio.ui.context import StudioContext
from studio.ui.model import Model
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import tool_button
from studio.ui.widgets.save_name import completed_name, free_name

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.engine.jobs.film import FilmMade
    from studio.engine.jobs.film_folder import FilmInMaking
    from studio.media.clips import ClipProperties

FILM_SUFFIXES = (".mp4", ".mov", ".mkv")


class FilmBar(QFrame):
    """Below the canvas while a clip is open or a film is made; a room says what it does to frames.

    Parameters
    ----------
    side, films : see :class:`ClipFrames`.

    Attributes
    ----------
    job_key : of the room's films among jobs: the newest wins.
    film_kind : the kind of recipe of the room's films.
    """

    filmOpened = Signal(object)
    """The recipe of a film made here that was opened: its settings shall come back."""
    closed = Signal()
    """The artist closed the clip."""

    job_key: ClassVar[str]
    film_kind: ClassVar[Literal["film", "finished-film"]]

    def __init__(
        self,
        context: StudioContext,
        model: Model[Any],
        parent: QWidget | None = None,
        *,
        side: int | None = FRAME_SIDE,
        films: type[FilmRecipe] | type[FinishedFilmRecipe] = FilmRecipe,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self._context = context
        self._path: Path | None = None
        self._opening: Path | None = None
        self._properties: ClipProperties | None = None
        self.film: FilmRun | None = None
        self.frame_history = FrameHistory(model)
        self.frames = ClipFrames(context, self, side=side, films=films)
        self.frames.opened.connect(self._on_opened)
        self.frames.refused.connect(self._on_refused)
        self.frames.frame.connect(self._on_frame)
        self.strip = ClipStrip(self)
        self.frames.thumbnail.connect(self.strip.set_thumbnail)
        self.strip.thumbnailsWanted.connect(self.frames.request_thumbnails)
        self.strip.marked.connect(lambda _start, _end: self.show_state())
        self.about = FittingLabel()
        self.mark_in = tool_button("clip-in", self.tr("Begin the film with this frame (I)"), self.strip.mark_start)
        self.mark_out = tool_button("clip-out", self.tr("End the film after this frame (O)"), self.strip.mark_end)
        self.whole = tool_button("reset", self.tr("Film the whole clip"), lambda: self.strip.set_marks(0.0, None))
        self.close_button = tool_button("cancel", self.tr("Close the clip"), self._on_close)
        self.make_button = QPushButton(icon("film"), self.tr("Make film …"))
        self.make_button.setProperty("primary", True)
        self.make_button.clicked.connect(self.make_film)
        self.film_row = FilmRow(self)
        self.film_row.pauseToggled.connect(self._toggle_pause)
        self.film_row.stopWanted.connect(self.stop)

    def _lay_out(self, head: QHBoxLayout, settings: QHBoxLayout | None = None) -> None:
        """Put the rows below one another; ``settings`` lie below the strip."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_S)
        layout.setSpacing(SPACE_S + 2)
        self._clip_part = QWidget(self)
        clip = QVBoxLayout(self._clip_part)
        clip.setContentsMargins(0, 0, 0, 0)
        clip.setSpacing(SPACE_S + 2)
        clip.addLayout(head)
        clip.addWidget(self.strip)
        if settings is not None:
            clip.addLayout(settings)
        layout.addWidget(self._clip_part)
        layout.addWidget(self.film_row)

    def _add_clip_buttons(self, row: QHBoxLayout) -> None:
        row.addWidget(self.about, 1)
        for button in (self.mark_in, self.mark_out, self.whole, self.close_button):
            row.addWidget(button)

    # What a room says

    def make_film_at(self, out: Path) -> None:
        """Make the film of the marked part with the settings as they are, into ``out``."""
        raise NotImplementedError

    def show_state(self) -> None:
        """Texts and buttons as things are."""
        raise NotImplementedError

    def _changes_frames(self) -> bool:
        """Whether the settings as they are change a frame at all."""
        raise NotImplementedError

    def _film_name(self, clip: str) -> str:
        """The name that is proposed for the film of a clip; both without ending."""
        raise NotImplementedError

    def _on_opened(self, opened: OpenedClip) -> None:
        raise NotImplementedError

    def _on_frame(self, shown: ShownFrame) -> None:
        raise NotImplementedError

    def _on_made(self, run: FilmRun, made: FilmMade) -> None:
        raise NotImplementedError

    def _leave_clip(self) -> None:
        """The clip is put away, or another one could not be opened."""

    def _show_continued(self, run: FilmRun, unfinished: FilmInMaking) -> None:
        """A film is about to go on."""

    # The clip

    def path(self) -> Path | None:
        """The clip that is open."""
        return self._path

    def open(self, path: Path, *, resumes: bool = False) -> None:
        """Open a clip; its first frame becomes the picture of the room.

        ``resumes``: it was open at the end of the last session, which is no step of undo.
        """
        self.frame_history.begin(resumes=resumes)
        self._context.settings.remember_folder("clip", path)
        self._opening = path
        self.frames.open(path)

    def close_clip(self) -> None:
        """Put the clip away; a film of it that is being made goes on."""
        if self._path is not None or self._opening is not None:
            self._path = self._opening = self._properties = None
            self._leave_clip()
            self.frames.close()
            self.show_state()

    def close_left_clip(self) -> None:
        """Put the clip away when undo or redo have led to what there was before it was opened."""
        if self._path is not None and self.frame_history.left():
            self.close_clip()

    def _on_close(self) -> None:
        self.close_clip()
        self.closed.emit()

    def _on_refused(self, problem: StudioError) -> None:
        self._opening = self._path = self._properties = None
        self._leave_clip()
        self.show_state()
        self._context.problem.emit(problem)

    # The film

    def make_film(self) -> None:
        """Ask for a file name and make the film, or go on with it."""
        if self._path is None or not self._changes_frames() or self._busy():
            return
        folder = self._context.settings.last_folder("film")
        proposed = (Path(folder) if folder else self._path.parent) / f"{self._film_name(self._path.stem)}.mp4"
        kinds = self.tr("Films") + " (*.mp4 *.mov *.mkv)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Make film"), free_name(proposed), kinds)
        out = completed_name(self, name, FILM_SUFFIXES, ".mp4")
        if out is not None:
            self._context.settings.remember_folder("film", out)
            self.make_film_at(out)

    def continue_film(self, unfinished: FilmInMaking) -> None:
        """Go on with a film that was not finished."""
        if self._busy():
            self._context.notify.emit(self.tr("One film at a time: this one waits until you continue it again."))
            return
        properties = unfinished.properties
        run = FilmRun(properties.out, properties.clip)
        self._show_continued(run, unfinished)

        def work(engine: Engine) -> Work[FilmMade]:
            from studio.engine.jobs.film import make_film

            return make_film(engine, properties.film, properties.clip, properties.out)

        self._run(run, work)

    def show_unfinished(self) -> None:
        """The list of unfinished films."""
        from studio.engine.jobs.film_folder import films_in_making

        films = [film for film in films_in_making(self.film_kind) if not film.folder.owner()]
        dialog = UnfinishedFilms(films, self.window())
        dialog.continueWanted.connect(self.continue_film)
        dialog.removeWanted.connect(self._remove_unfinished)
        dialog.exec()

    def _remove_unfinished(self, film: FilmInMaking) -> None:
        film.folder.remove()

    def _busy(self) -> bool:
        return self.film is not None and self.film.running

    def _run(self, run: FilmRun, work: Callable[[Engine], Work[FilmMade]]) -> None:
        self.film = run
        self._context.notify.emit("")  # what was said of an earlier one is no news any more
        title = self.tr("Film {name}").format(name=run.out.name)
        job = self._context.worker.submit(work, title=title, key=self.job_key, asks=True)
        run.job = job
        job.shown_elsewhere = self.film_row.isVisible
        job.seconds_left = run.seconds_left
        job.progressed.connect(lambda progress: self._on_progress(run, progress))
        job.finished.connect(lambda made: self._on_made(run, made))
        job.failed.connect(lambda problem: self._on_film_failed(run, problem))
        job.cancelled.connect(lambda: self._on_stopped(run))
        job.stateChanged.connect(lambda _state: self.show_state())
        self.show_state()

    def _on_progress(self, run: FilmRun, progress: Progress) -> None:
        run.take(progress)
        self.show_state()

    def _tell_made(self, text: str, made: FilmMade) -> None:
        """Say that the film is there, and of a clip that ended too soon where."""
        self._context.notify.emit(text)
        if made.broken_at is not None:
            self._context.problem.emit(
                StudioError(
                    self.tr("The clip is damaged or ends too soon at {time}.").format(time=clock(made.broken_at)),
                    self.tr("What could be read is in the film."),
                )
            )
        self.show_state()

    def _on_film_failed(self, run: FilmRun, problem: StudioError) -> None:
        self._context.problem.emit(problem)

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

    def shut_down(self) -> None:
        """The window closes: the frames so far are kept, unless the film was asked to be finished first."""
        if self.film is not None:
            self.film.leave()
        self.frames.shut_down()
