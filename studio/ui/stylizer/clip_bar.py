"""A clip in the Stylize room: its strip of frames, how it is filmed, and the film while it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError
from studio.base.photos import CLIP_SUFFIXES
from studio.recipes import FilmRecipe, PhotoRecipe, StylizeRecipe
from studio.ui.context import StudioContext
from studio.ui.spoken import spoken
from studio.ui.stylizer.clip_film import MAKING, WRITING, FilmRun, UnfinishedFilms
from studio.ui.stylizer.clip_frames import ClipFrames, OpenedClip, ShownFrame
from studio.ui.stylizer.clip_strip import ClipStrip, clock
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import Slider, tool_button
from studio.worker import JobState

if TYPE_CHECKING:
    from studio.base.clips import ClipFacts
    from studio.engine.film import FilmMade
    from studio.engine.film_folder import FilmInMaking

Method = Literal["preview", "optimise"]
REST_MS = 400
"""The strip rests this long: the frame counts as chosen."""
_MOVING = {".gif", ".apng"}
"""Pictures that move: dropped they are photos, opened as clips they are clips."""


class ClipBar(QFrame):
    """Below the canvas while a clip is open or a film is made.

    Parameters
    ----------
    look : the recipe of the picture as the room's controls are, for a method; None while there is no style.
    """

    frameShown = Signal(object)
    """A ``PhotoRecipe`` of the frame looked at, which shall be the content."""
    settled = Signal()
    """The hand on the strip rests, and the frame there is shown."""
    filmFrame = Signal(object)
    """A frame of the film that is being made, uint8 (height, width, 3), while the artist watches it."""
    filmOpened = Signal(object)
    """The ``FilmRecipe`` of a film made here that was opened: its look shall come back."""
    closed = Signal()
    """The artist closed the clip."""

    def __init__(
        self, context: StudioContext, look: Callable[[Method], StylizeRecipe | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self._context, self._look = context, look
        self._path: Path | None = None
        self._opening: Path | None = None
        self._facts: ClipFacts | None = None
        self.film: FilmRun | None = None
        self.frames = ClipFrames(context, self)
        self.frames.opened.connect(self._on_opened)
        self.frames.refused.connect(self._on_refused)
        self.frames.frame.connect(self._on_frame)
        self.strip = ClipStrip(self)
        self.frames.thumbnail.connect(self.strip.set_thumbnail)
        self.strip.thumbnailsWanted.connect(self.frames.request_thumbnails)
        self.strip.moved.connect(self._on_moved)
        self.strip.marked.connect(lambda _start, _end: self.show_state())

        # From the latest frame on, which may come some time after the hand has come to rest.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.settled)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_S)
        layout.setSpacing(SPACE_S + 2)
        self._clip_part = QWidget(self)
        clip = QVBoxLayout(self._clip_part)
        clip.setContentsMargins(0, 0, 0, 0)
        clip.setSpacing(SPACE_S + 2)
        clip.addLayout(self._make_head())
        clip.addWidget(self.strip)
        clip.addLayout(self._make_settings())
        layout.addWidget(self._clip_part)
        self._film_part = self._make_film_part()
        layout.addWidget(self._film_part)
        self.show_state()

    # The parts

    def _make_head(self) -> QHBoxLayout:
        self.about = QLabel()
        self.about.setProperty("muted", True)
        self.where = QLabel()
        self.mark_in = tool_button("clip-in", self.tr("Begin the film with this frame (I)"), self.strip.mark_start)
        self.mark_out = tool_button("clip-out", self.tr("End the film after this frame (O)"), self.strip.mark_end)
        self.whole = tool_button("reset", self.tr("Film the whole clip"), lambda: self.strip.set_marks(0.0, None))
        self.close_button = tool_button("cancel", self.tr("Close the clip"), self._on_close)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.where)
        row.addSpacing(SPACE_M)
        row.addWidget(self.about, 1)
        for button in (self.mark_in, self.mark_out, self.whole, self.close_button):
            row.addWidget(button)
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
        self.stabilise = Slider(
            self.tr("Stabilise"),
            0,
            100,
            80,
            decimals=0,
            tooltip=self.tr("How firmly strokes stay from frame to frame. At 0 every frame is made for itself."),
        )
        self.stabilise.setMaximumWidth(330)
        self.make_button = QPushButton(icon("movie"), self.tr("Make film …"))
        self.make_button.setProperty("primary", True)
        self.make_button.setMinimumHeight(30)
        self.make_button.clicked.connect(self.make_film)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self.method)
        row.addSpacing(SPACE_M)
        row.addWidget(self.stabilise, 1)
        row.addStretch(1)
        row.addWidget(self.make_button)
        return row

    def _make_film_part(self) -> QWidget:
        part = QWidget(self)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of the film"))
        self.words = QLabel()
        self.watch = tool_button("eye", self.tr("Watch the film while it is made"), self._on_watch)
        self.watch.setCheckable(True)
        self.watch.setChecked(True)
        self.pause_button = QPushButton()
        self.pause_button.clicked.connect(self._toggle_pause)
        self.stop_button = QPushButton(icon("stop"), self.tr("Stop"))
        self.stop_button.setToolTip(self.tr("Stop, and keep the frames so far: making the same film goes on with them"))
        self.stop_button.clicked.connect(self._stop)
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        column = QVBoxLayout()
        column.setSpacing(SPACE_S)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row.addLayout(column, 1)
        row.addWidget(self.watch)
        row.addWidget(self.pause_button)
        row.addWidget(self.stop_button)
        return part

    # The clip

    def is_open(self) -> bool:
        """Whether there is a clip."""
        return self._path is not None

    def choose(self) -> None:
        """Ask for a clip and open it."""
        suffixes = " ".join(f"*{suffix}" for suffix in sorted(CLIP_SUFFIXES | _MOVING))
        kinds = f"{self.tr('Video clips')} ({suffixes})"
        folder = self._context.settings.last_folder("clip")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a video clip"), folder, kinds)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open a clip; its first frame becomes the content."""
        self._context.settings.remember_folder("clip", path)
        self._opening = path
        self.frames.open(path)

    def close_clip(self) -> None:
        """Put the clip away; a film of it that is being made goes on."""
        if self._path is not None or self._opening is not None:
            self._path = self._opening = self._facts = None
            self._rest.stop()
            self.frames.close()
            self.show_state()

    def _on_close(self) -> None:
        self.close_clip()
        self.closed.emit()

    def _on_opened(self, opened: OpenedClip) -> None:
        if self._opening is None:
            return
        facts, film = opened.facts, opened.film
        self._path, self._opening, self._facts = opened.path, None, facts
        self.show_state()
        self.strip.set_clip(facts.seconds, float(1 / facts.fps), facts.width / facts.height)
        self.strip.setFocus()
        if film is not None:
            self._restore(film, found=film.clip.name == opened.path.name)
        self.frames.request(self.strip.position())

    def _restore(self, film: FilmRecipe, *, found: bool) -> None:
        """Every control as it was for ``film``; ``found``: its clip is the one that is open."""
        self.filmOpened.emit(film)
        self.method.setCurrentIndex(max(0, self.method.findData(film.look.method)))
        self.stabilise.set_value(film.stabilise * 100)
        if found:
            self.strip.set_marks(film.start, film.end)
            self.strip.set_position(film.start)
            text = self.tr("This film was made in Latent Studio: its look and settings are back.")
        else:
            text = self.tr("This film was made in Latent Studio of {name}, which is not beside it; its look is back.")
        self._context.notify.emit(text.format(name=film.clip.name))

    def _on_refused(self, problem: StudioError) -> None:
        self._opening = None
        self._path = self._facts = None
        self.show_state()
        self._context.problem.emit(problem)

    def _on_moved(self, seconds: float) -> None:
        self.stop_watching()
        self.frames.request(seconds)
        self.show_state()

    def _on_frame(self, shown: ShownFrame) -> None:
        if self._path is not None:
            self.frameShown.emit(PhotoRecipe(photo=shown.ref))
            self._rest.start()

    # The film

    def make_film(self) -> None:
        """Ask for a file name and make the film, or go on with it."""
        if self._path is None or self._look("preview") is None or self._busy():
            return
        folder = self._context.settings.last_folder("film")
        stem = self.tr("{clip} stylized").format(clip=self._path.stem)
        proposed = (Path(folder) if folder else self._path.parent) / f"{stem}.mp4"
        kinds = self.tr("Films") + " (*.mp4 *.mov *.mkv)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Make film"), str(proposed), kinds)
        if not name:
            return
        out = Path(name) if Path(name).suffix.lower() in (".mp4", ".mov", ".mkv") else Path(f"{name}.mp4")
        self._context.settings.remember_folder("film", out)
        self.make_film_at(out)

    def make_film_at(self, out: Path) -> None:
        """Make the film of the marked part with the settings as they are, into ``out``."""
        method: Method = self.method.currentData()
        path, look = self._path, self._look(method)
        if path is None or look is None or self._busy():
            return
        start, end = self.strip.marks()
        strength = self.stabilise.value() / 100
        run = FilmRun(out)
        run.job = self._context.worker.submit(
            lambda engine: engine.film_clip(look, path, out, stabilise=strength, start=start, end=end),
            title=self.tr("Film {name}").format(name=out.name),
            key="stylize-film",
        )
        self._follow(run)

    def continue_film(self, unfinished: FilmInMaking) -> None:
        """Go on with a film that was not finished."""
        if self._busy():
            self._context.notify.emit(self.tr("One film at a time: this one waits until you continue it again."))
            return
        facts = unfinished.facts
        run = FilmRun(facts.out)
        run.job = self._context.worker.submit(
            lambda engine: engine.make_film(facts.film, facts.clip, facts.out),
            title=self.tr("Film {name}").format(name=facts.out.name),
            key="stylize-film",
        )
        self._follow(run)

    def show_unfinished(self) -> None:
        """The list of unfinished films."""
        from studio.engine.film_folder import films_in_making

        dialog = UnfinishedFilms([film for film in films_in_making() if not film.folder.owner()], self.window())
        dialog.continueWanted.connect(self.continue_film)
        dialog.removeWanted.connect(lambda film: film.folder.remove())
        dialog.exec()

    def _busy(self) -> bool:
        return self.film is not None and self.film.running

    def _follow(self, run: FilmRun) -> None:
        self.film = run
        self.watch.setChecked(True)
        job = run.job
        assert job is not None
        job.progressed.connect(lambda progress: self._on_progress(run, progress))
        job.finished.connect(lambda made: self._on_made(made))
        job.failed.connect(self._context.problem)
        job.cancelled.connect(lambda: self._on_stopped(run))
        job.stateChanged.connect(lambda _state: self.show_state())
        self.show_state()

    def _on_progress(self, run: FilmRun, progress: Progress) -> None:
        run.take(progress)
        if progress.preview is not None and self.watch.isChecked():
            self.filmFrame.emit(progress.preview)
        self.show_state()

    def _on_made(self, made: FilmMade) -> None:
        text = self.tr("The film is in {path}").format(path=made.path)
        self._context.notify.emit(text)
        if made.broken_at is not None:
            self._context.problem.emit(
                StudioError(
                    self.tr("The clip is damaged or ends too soon at {time}.").format(time=clock(made.broken_at)),
                    self.tr("What could be read is in the film."),
                )
            )
        self.show_state()

    def _on_stopped(self, run: FilmRun) -> None:
        self._context.notify.emit(
            self.tr("Stopped after {done} of {total} frames. They are kept: Make film goes on with them.").format(
                done=run.progress.step, total=run.progress.total
            )
        )
        self.show_state()

    def stop_watching(self) -> None:
        """The artist looks at something else than the film that is being made."""
        self.watch.setChecked(False)

    def _on_watch(self) -> None:
        if self.watch.isChecked() and self.film is not None and self.film.image is not None:
            self.filmFrame.emit(self.film.image)

    def _toggle_pause(self) -> None:
        if self.film is None or self.film.job is None:
            return
        if self.film.job.state is JobState.PAUSED:
            self.film.job.resume()
        else:
            self.film.job.pause()
            self.film.hold()

    def _stop(self) -> None:
        if self.film is not None and self.film.job is not None:
            self.film.job.cancel()

    def shut_down(self) -> None:
        """The window closes: the frames so far are kept."""
        self._stop()
        self.frames.shut_down()

    # Showing

    def show_state(self) -> None:
        """Texts and buttons as things are."""
        is_open, busy = self._path is not None, self._busy()
        self.setVisible(is_open or busy)
        self._clip_part.setVisible(is_open)
        self._film_part.setVisible(busy)
        facts = self._facts
        if facts is not None and self._path is not None:
            start, end = self.strip.marks()
            frames = facts.frames_between(start, end)
            fps = self.locale().toString(float(facts.fps), "g", 4)
            part = f"{clock(start)} – {clock(facts.seconds if end is None else end)}"
            text = self.tr("{name}  ·  {width} × {height}  ·  {fps} fps  ·  {part}, {frames} frames").format(
                name=self._path.name, width=facts.width, height=facts.height, fps=fps, part=part, frames=frames
            )
            room = max(240, self.width() - 300)
            self.about.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room))
            self.about.setToolTip(text)
            self.where.setText(f"{clock(self.strip.position())} / {clock(facts.seconds)}")
            self.whole.setEnabled((start, end) != (0.0, None))
        possible = is_open and self._look("preview") is not None and not busy
        self.make_button.setEnabled(possible)
        self.make_button.setToolTip(
            self.tr("Stylize the marked part with these settings; its sound stays")
            if possible or busy
            else self.tr("Add a style first")
        )
        if busy and self.film is not None:
            self._show_film(self.film)

    def _show_film(self, run: FilmRun) -> None:
        progress = run.progress
        self.bar.setRange(0, 1000 if progress.total else 0)
        self.bar.setValue(round(progress.fraction * 1000))
        paused = run.job is not None and run.job.state is JobState.PAUSED
        self.pause_button.setIcon(icon("play" if paused else "pause"))
        self.pause_button.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause_button.setToolTip(
            self.tr("Go on with the film")
            if paused
            else self.tr("Hold the film; previews have the device to themselves")
        )
        if not progress.message:
            self.words.setText(self.tr("Film {name}: starting …").format(name=run.out.name))
            return
        if run.image is None:
            self.words.setText(spoken(progress.message))
            return
        parts = [
            self.tr("{name}: frame {step} of {total}").format(
                name=run.out.name, step=progress.step, total=progress.total
            )
        ]
        if progress.message not in (MAKING,):
            parts.append(spoken(progress.message))
        if paused:
            parts.append(self.tr("paused"))
        elif (speed := run.speed()) is not None:
            shown = self.locale().toString(speed, "f", 1 if speed >= 0.95 else 2)
            parts.append(self.tr("{speed} frames/s").format(speed=shown))
            left = run.seconds_left()
            if left is not None and progress.message != WRITING:
                parts.append(self._left(left))
        self.words.setText("  ·  ".join(parts))

    def _left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("about {seconds} s left").format(seconds=max(1, round(seconds)))
        if seconds < 5400:
            return self.tr("about {minutes} min left").format(minutes=round(seconds / 60))
        return self.tr("about {hours} h left").format(hours=self.locale().toString(seconds / 3600, "f", 1))
