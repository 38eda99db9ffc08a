"""The picks: latents put aside, and the journey through them, played live or exported as a film."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Pace, Progress, StudioError
from studio.engine.jobs.journey import export_journey, journey_frames
from studio.recipes import JourneyRecipe, SampleRecipe
from studio.ui.command import with_keys
from studio.ui.describe.lists import listed
from studio.ui.explore.film_dialog import SECONDS, FilmChoice, FilmDialog
from studio.ui.explore.previews import SamplePreviews
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import enable_unless, tool_button
from studio.ui.widgets.eliding_label import ElidingLabel
from studio.ui.widgets.number import RangedNumber, with_arrows
from studio.ui.widgets.save_name import completed_name, free_name
from studio.worker import Job

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

THUMBNAIL = 64
PLAY_FPS = 24


class Filming(BaseModel):
    """A film of a journey that is being made, for a session that may end before it.

    Attributes
    ----------
    keys : the picks.
    begun : when, in seconds since 1970.
    """

    path: Path
    keys: Annotated[list[SampleRecipe], Field(min_length=2)]
    choice: FilmChoice
    begun: float

    def is_there(self) -> bool:
        """Return whether it was finished after all."""
        try:
            return self.path.stat().st_mtime >= self.begun
        except OSError:
            return False


class PicksBar(QWidget):
    """A strip of picked latents; two or more make a journey."""

    opened = Signal(object)
    """A ``SampleRecipe`` to go on with."""
    addRequested = Signal()
    """The artist wants the present sample among the picks."""
    menuWanted = Signal(object, QPoint)
    """As :attr:`RecipeList.menuWanted`."""
    frame = Signal(object)
    """A frame of the journey, uint8 (h, w, 3), to be shown now."""
    playing = Signal(bool)
    changed = Signal(object, object)
    """The artist put picks in or out, or moved them: the items before, and as they are now; see :meth:`set_items`."""
    frameKept = Signal(object, object, float)
    """The artist keeps a frame of the journey: the frame that is shown, the ``SampleRecipe`` of every pick, and where
    the frame is among them: 0 at the first pick, 1 at the second."""

    def __init__(self, context: StudioContext, previews: SamplePreviews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._previews = context, previews
        self._frames: list[NDArray[np.uint8]] = []
        self._shown = 0
        self._complete = False
        self._job: Job | None = None
        self._filmed: FilmChoice | None = None
        self._filming: list[Filming] = []
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._next_frame)
        self.list = RecipeList(THUMBNAIL, self)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.use_previews(previews)
        self.list.accept_order()
        self.list.setFixedHeight(THUMBNAIL + 40)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Picks"))
        self.list.set_placeholder(self.tr("Pick samples you like. Two or more make a journey to play or to film."))
        self.list.setToolTip(self.tr("Drag to reorder, double-click to open, Delete to remove."))
        self.list.itemDoubleClicked.connect(lambda item: self.opened.emit(self.list.recipe(item)))
        self.list.installEventFilter(self)
        self.list.menuWanted.connect(self.menuWanted)
        self.list.reordered.connect(self.changed)
        self.list.received.connect(self.insert)
        for signal in (self.list.model().rowsInserted, self.list.model().rowsRemoved, self.list.model().rowsMoved):
            signal.connect(self._changed)
        self.add_button = QPushButton(icon("add"), self.tr("Pick"), self)
        self.add_button.setToolTip(with_keys(self.tr("Put the present sample among the picks"), "explore.pick"))
        self.add_button.clicked.connect(self.addRequested)
        self.play_button = QPushButton(icon("play"), self.tr("Play"), self)
        self.play_button.setCheckable(True)
        self.play_button.setToolTip(
            with_keys(
                self.tr("Travel through the picks, round and round; Stop brings back the picture you had"),
                "explore.play",
            )
        )
        self.play_button.clicked.connect(self._toggle_play)
        self.keep_button = QPushButton(icon("check"), self.tr("Keep this one"), self)
        self.keep_button.setToolTip(with_keys(self.tr("Stop, and go on from the picture shown"), "explore.keep"))
        self.keep_button.clicked.connect(self.keep)
        self.keep_button.hide()
        self.seconds = RangedNumber(self)
        with_arrows(self.seconds)
        self.seconds.setRange(*SECONDS)
        self.seconds.setSingleStep(0.5)
        self.seconds.setValue(1.5)
        self.seconds.setSuffix(self.tr(" s"))
        self.seconds.setToolTip(self.tr("Seconds from one pick to the next"))
        self.seconds.setAccessibleName(self.tr("Seconds from one pick to the next"))
        self.seconds.valueChanged.connect(self._changed)
        self.export_button = QPushButton(icon("film"), self.tr("Export MP4 …"), self)
        self.export_button.setToolTip(self.tr("Write the journey as a film"))
        self.export_button.clicked.connect(self.export)
        self.remove_button = tool_button("trash", self.tr("Take the selected picks out"), self.remove_selected)
        self.list.itemSelectionChanged.connect(self._update)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        between = ElidingLabel(self.tr("From pick to pick"), self)
        between.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        between.setBuddy(self.seconds)
        between.setMinimumWidth(1)  # the first to give way in a narrow window
        buttons.addWidget(between, 1)
        buttons.addWidget(self.seconds)
        buttons.addSpacing(SPACE_S)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.play_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, 0, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        self._update()

    def add(self, recipe: SampleRecipe, image: NDArray[np.uint8] | None = None) -> None:
        """Append a pick that was there before: a session's, which is nothing to undo."""
        if image is not None:
            self._previews.put(recipe, image)
        self.list.scrollToItem(self.list.add(recipe))
        self._draw_missing()

    def insert(self, recipes: Sequence[SampleRecipe], row: int | None = None) -> None:
        """Put samples among the picks, before ``row``, or at the end."""
        before = self.list.items_now()
        for number, recipe in enumerate(recipes):
            item = self.list.make_item(recipe)
            self.list.insertItem(self.list.count() if row is None else row + number, item)
            self.list.scrollToItem(item)
        self.changed.emit(before, self.list.items_now())
        self._draw_missing()

    def _draw_missing(self) -> None:
        self._previews.want("picks", self.list.recipes())

    def show_journey(self, journey: JourneyRecipe) -> None:
        """Put the keys of a journey in the place of the picks; the next film is offered as this one was."""
        self.stop()
        before = self.list.items_now()
        self.list.set_items([])
        for key in journey.keys:
            self.list.add(key)
        self._draw_missing()
        self.changed.emit(before, self.list.items_now())
        self.seconds.setValue(journey.frames_per_leg / journey.fps)
        self._filmed = FilmChoice(journey.frames_per_leg, journey.fps, journey.loop, easing=journey.easing)

    def remove_selected(self) -> None:
        """Take the selected picks out."""
        before, chosen = self.list.items_now(), self.list.selected()
        if chosen:
            for item in chosen:
                self.list.takeItem(self.list.row(item))
            self.changed.emit(before, self.list.items_now())

    def set_items(self, items: Sequence[QListWidgetItem]) -> None:
        """Show these picks in this order, as they were before or after a change."""
        self.list.set_items(items)

    def show_recipes(self, recipes: Sequence[SampleRecipe]) -> None:
        """Show picks with these recipes, as an earlier session had them."""
        self.list.set_items([self.list.make_item(recipe) for recipe in recipes])
        self._draw_missing()

    # -- playing -------------------------------------------------------------------------------------------------

    def is_playing(self) -> bool:
        """Return whether the journey is shown."""
        return self._clock.isActive()

    def play(self) -> None:
        """Show the journey; frames are drawn once and then repeat from memory."""
        if self.list.count() < 2:
            self.play_button.setChecked(False)
            return
        self.play_button.setChecked(True)
        self.play_button.setIcon(icon("stop"))
        self.play_button.setText(self.tr("Stop"))
        self.keep_button.show()
        if not self._frames and self._job is None:
            keys = self.list.recipes()
            frames = self._frames_per_leg()
            job = self._context.worker.submit(
                lambda engine: journey_frames(engine, keys, frames, loop=True), key="play", title=self.tr("Journey")
            )
            self._job = job
            job.progressed.connect(lambda progress: self._drawn_frame(job, progress))
            job.finished.connect(lambda _: self._all_drawn(job))
            job.failed.connect(self._failed)
        self._clock.start(round(1000 / PLAY_FPS))
        self.playing.emit(True)

    def stop(self) -> None:
        """Stop playing."""
        was = self.is_playing()
        self._clock.stop()
        if self.keep_button.hasFocus():
            self.play_button.setFocus()  # else the next field would have the keyboard
        self.keep_button.hide()
        self.play_button.setChecked(False)
        self.play_button.setIcon(icon("play"))
        self.play_button.setText(self.tr("Play"))
        if not self._complete:
            self._forget()
        if was:
            self.playing.emit(False)

    def _toggle_play(self) -> None:
        if self.is_playing():
            self.stop()
        else:
            self.play()

    def keep(self) -> None:
        """Stop, and let the room go on from the frame that is shown."""
        if not self.is_playing() or not self._shown:
            return
        frame, position = self._frames[self._shown - 1], (self._shown - 1) / self._frames_per_leg()
        self.stop()
        self.frameKept.emit(frame, self.list.recipes(), position)

    def _frames_per_leg(self) -> int:
        return max(1, round(self.seconds.value() * PLAY_FPS))

    def _drawn_frame(self, job: Job, progress: Progress) -> None:
        if job is self._job and progress.preview is not None:
            self._frames.append(progress.preview)

    def _all_drawn(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._complete = True

    def _failed(self, error: StudioError) -> None:
        self.stop()
        self._context.problem.emit(error)

    def _next_frame(self) -> None:
        if self._shown >= len(self._frames):
            if not self._complete:
                return  # the next frame is being drawn
            self._shown = 0
        self.frame.emit(self._frames[self._shown])
        self._shown += 1

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._frames = []
        self._shown = 0
        self._complete = False

    def _changed(self) -> None:
        """Picks or speed changed: the frames in memory belong to another journey."""
        playing = self.is_playing()
        self._forget()
        if playing:
            if self.list.count() >= 2:
                self.play()
            else:
                self.stop()
        self._update()

    def _update(self) -> None:
        journey = self.list.count() >= 2
        missing = "" if journey else self.tr("Pick two samples or more first.")
        enable_unless(self.play_button, missing)
        enable_unless(self.export_button, missing)
        enable_unless(self.remove_button, "" if self.list.selectedItems() else self.tr("Select picks first."))

    # -- the film --------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask how and where, then write the film as a job that the status bar shows."""
        keys = self.list.recipes()
        dialog = FilmDialog(len(keys), self.seconds.value(), self, filmed=self._filmed)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        self.seconds.setValue(dialog.seconds.value())
        start = free_name(Path(self._context.settings.start_folder("film")) / self.tr("Journey.mp4"))
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export film"), start, self.tr("MP4 film (*.mp4)"))
        path = completed_name(self, name, (".mp4",), ".mp4")
        if path is None:
            return
        self._context.settings.remember_folder("film", path)
        self._filmed = dialog.choice()
        self.export_to(path, dialog.choice())

    def export_to(self, path: Path, choice: FilmChoice) -> Job:
        """Write the film to ``path``."""
        return self._make(Filming(path=path, keys=self.list.recipes(), choice=choice, begun=time.time()))

    def films(self) -> list[Filming]:
        """The films that are being made now, or will be."""
        return list(self._filming)

    def offer_films(self, films: Sequence[Filming]) -> None:
        """Offer to make films once more that were given up when the program ended."""
        left = [film for film in films if not film.is_there()]
        if left:
            names = listed(film.path.name for film in left)
            said = self.tr("Not finished when Latent Studio ended: {names}.").format(names=names)
            self._context.offer.emit(said, self.tr("Make it now"), lambda: [self._make(film) for film in left])

    def _make(self, film: Filming) -> Job:
        path, keys, choice = film.path, film.keys, film.choice
        self._filming.append(film)
        job = self._context.worker.submit(
            lambda engine: export_journey(
                engine,
                keys,
                path,
                frames_per_leg=choice.frames_per_leg,
                fps=choice.fps,
                loop=choice.loop,
                side=choice.side,
                codec=choice.codec,
                easing=choice.easing,
            ),
            title=self.tr("Film {name}").format(name=path.name),
            must_finish=True,
            asks=True,
        )
        job.stateChanged.connect(lambda _state: self._filming.remove(film) if job.is_over else None)
        pace = Pace()
        job.progressed.connect(pace.take)
        job.seconds_left = lambda: pace.left
        job.finished.connect(lambda _: self._context.notify.emit(self.tr("The film is in {path}").format(path=path)))
        job.failed.connect(self._context.problem)
        return job

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.list
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        ):
            self.remove_selected()
            return True
        return super().eventFilter(watched, event)
