"""The picks: latents put aside, and the journey through them, played live or exported as a film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from studio.base import Progress, StudioError
from studio.engine.jobs.journey import export_journey, journey_frames
from studio.recipes import JourneyRecipe, SampleRecipe
from studio.ui.command import with_keys
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets import enable_unless, tool_button
from studio.ui.widgets.number import with_arrows
from studio.ui.widgets.questions import make_primary
from studio.ui.widgets.save_name import completed_name
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

THUMBNAIL = 64
PLAY_FPS = 24
THUMBNAIL_SIDE = 256


class JourneyDialog(QDialog):
    """Asks how the film shall be."""

    def __init__(self, picks: int, parent: QWidget | None = None, *, filmed: JourneyRecipe | None = None) -> None:
        """``filmed``: a journey that begins as this one was filmed before."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export film"))
        self._picks = picks
        self.seconds = QDoubleSpinBox(self)
        with_arrows(self.seconds)
        self.seconds.setRange(0.2, 120)
        self.seconds.setValue(2.0)
        self.seconds.setSuffix(self.tr(" s"))
        self.fps = QSpinBox(self)
        with_arrows(self.fps)
        self.fps.setRange(1, 60)
        self.fps.setValue(30)
        self.loop = QCheckBox(self.tr("Return to the first pick at the end"), self)
        self.loop.setChecked(True)
        self._length = QLabel(self)
        self._length.setProperty("muted", True)
        if filmed is not None:
            self.fps.setRange(1, max(60, filmed.fps))
            self.fps.setValue(filmed.fps)
            seconds = filmed.frames_per_leg / filmed.fps
            self.seconds.setDecimals(3)  # so that the number of frames comes out as it was
            self.seconds.setRange(min(0.2, seconds), max(120.0, seconds))
            self.seconds.setValue(seconds)
            self.loop.setChecked(filmed.loop)
        form = QFormLayout()
        form.addRow(self.tr("Seconds between two picks"), self.seconds)
        form.addRow(self.tr("Pictures a second"), self.fps)
        form.addRow("", self.loop)
        form.addRow("", self._length)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Choose file …"))
        make_primary(buttons.button(QDialogButtonBox.StandardButton.Ok))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addLayout(form)
        layout.addWidget(buttons)
        for signal in (self.seconds.valueChanged, self.fps.valueChanged, self.loop.toggled):
            signal.connect(self._show_length)
        self._show_length()

    def frames_per_leg(self) -> int:
        """Frames from one pick to the next."""
        return max(1, round(self.seconds.value() * self.fps.value()))

    def _show_length(self) -> None:
        legs = self._picks if self.loop.isChecked() else self._picks - 1
        frames = legs * self.frames_per_leg()
        text = self.tr("{seconds} seconds, {frames} pictures")
        self._length.setText(text.format(seconds=round(frames / self.fps.value(), 1), frames=frames))


class PicksBar(QWidget):
    """A strip of picked latents; two or more make a journey."""

    opened = Signal(object)
    """A ``SampleRecipe`` to go on with."""
    addRequested = Signal()
    """The artist wants the present sample among the picks."""
    frame = Signal(object)
    """A frame of the journey, uint8 (h, w, 3), to be shown now."""
    playing = Signal(bool)
    taken = Signal(object)
    """Picks were taken out by the artist: a list of the rows where they were, and their items."""
    stopped = Signal(object, object, float)
    """The artist stopped the journey: the frame that is shown, the ``SampleRecipe`` of every pick, and where the frame
    is among them: 0 at the first pick, 1 at the second."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._frames: list[NDArray[np.uint8]] = []
        self._shown = 0
        self._complete = False
        self._job: Job | None = None
        self._filmed: JourneyRecipe | None = None
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._next_frame)
        self.list = RecipeList(THUMBNAIL, self)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMovement(QListView.Movement.Snap)
        self.list.setDragDropMode(RecipeList.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setFixedHeight(THUMBNAIL + 44)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Picks"))
        self.list.set_placeholder(self.tr("Pick samples you like. Two or more make a journey to play or to film."))
        self.list.setToolTip(self.tr("Drag to reorder, double-click to open, Delete to remove."))
        self.list.itemDoubleClicked.connect(lambda item: self.opened.emit(self.list.recipe(item)))
        self.list.installEventFilter(self)
        for signal in (self.list.model().rowsInserted, self.list.model().rowsRemoved, self.list.model().rowsMoved):
            signal.connect(self._changed)
        self.add_button = QPushButton(icon("add"), self.tr("Pick"), self)
        self.add_button.setToolTip(with_keys(self.tr("Put the present sample among the picks"), "explore.pick"))
        self.add_button.clicked.connect(self.addRequested)
        self.play_button = QPushButton(icon("play"), self.tr("Play"), self)
        self.play_button.setCheckable(True)
        self.play_button.setToolTip(
            with_keys(
                self.tr("Travel through the picks, round and round; stop at a picture to keep it"), "explore.play"
            )
        )
        self.play_button.clicked.connect(self._toggle_play)
        self.seconds = QDoubleSpinBox(self)
        with_arrows(self.seconds)
        self.seconds.setRange(0.2, 20)
        self.seconds.setSingleStep(0.5)
        self.seconds.setValue(1.5)
        self.seconds.setSuffix(self.tr(" s"))
        self.seconds.setToolTip(self.tr("Seconds from one pick to the next"))
        self.seconds.setAccessibleName(self.tr("Seconds from one pick to the next"))
        self.seconds.valueChanged.connect(self._changed)
        self.export_button = QPushButton(icon("movie"), self.tr("Export MP4 …"), self)
        self.export_button.setToolTip(self.tr("Write the journey as a film"))
        self.export_button.clicked.connect(self.export)
        self.remove_button = tool_button("trash", self.tr("Take the selected picks out"), self.remove_selected)
        self.list.itemSelectionChanged.connect(self._update)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        between = QElidingLabel(self.tr("From pick to pick"), self)
        between.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        between.setBuddy(self.seconds)
        between.setMinimumWidth(1)  # the first to give way in a narrow window
        buttons.addWidget(between, 1)
        buttons.addWidget(self.seconds)
        buttons.addSpacing(SPACE_S)
        buttons.addWidget(self.play_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, 0, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        self._update()

    def add(self, recipe: SampleRecipe, image: NDArray[np.uint8] | None = None) -> None:
        """Append a pick; without a picture it is drawn in the background."""
        item = self.list.add(recipe, image)
        self.list.scrollToItem(item)
        if image is None:
            job = self._context.worker.submit(
                lambda engine: engine.render(recipe, max_side=THUMBNAIL_SIDE), priority=Priority.BACKGROUND
            )
            job.finished.connect(lambda rendered: self._drawn(recipe, rendered.image))
            job.failed.connect(self._context.problem)

    def _drawn(self, recipe: SampleRecipe, image: NDArray[np.uint8]) -> None:
        for row, found in enumerate(self.list.recipes()):
            if found == recipe:
                self.list.set_image(row, image)

    def show_journey(self, journey: JourneyRecipe) -> None:
        """Put the keys of a journey in the place of the picks; the next film is offered as this one was."""
        self.stop()
        before = [(row, self.list.item(row)) for row in range(self.list.count())]
        if before:
            self.take_out(before)
            self.taken.emit(before)
        for key in journey.keys:
            self.add(key)
        self.seconds.setValue(journey.frames_per_leg / journey.fps)
        self._filmed = journey

    def remove_selected(self) -> None:
        """Take the selected picks out."""
        chosen = [(self.list.row(item), item) for item in self.list.selected()]
        if chosen:
            self.take_out(chosen)
            self.taken.emit(chosen)

    def take_out(self, items: list[tuple[int, QListWidgetItem]]) -> None:
        """Take picks out; see :meth:`put_back`."""
        for _, item in items:
            self.list.takeItem(self.list.row(item))

    def put_back(self, items: list[tuple[int, QListWidgetItem]]) -> None:
        """Put picks back to the rows where they were."""
        for row, item in items:
            self.list.insertItem(row, item)

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
        self.play_button.setChecked(False)
        self.play_button.setIcon(icon("play"))
        self.play_button.setText(self.tr("Play"))
        if not self._complete:
            self._forget()
        if was:
            self.playing.emit(False)

    def _toggle_play(self) -> None:
        if not self.is_playing():
            self.play()
            return
        frame = self._frames[self._shown - 1] if self._shown else None
        position = (self._shown - 1) / self._frames_per_leg()
        self.stop()
        if frame is not None:
            self.stopped.emit(frame, self.list.recipes(), position)

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
        dialog = JourneyDialog(self.list.count(), self, filmed=self._filmed)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        start = str(Path(self._context.settings.start_folder("film")) / self.tr("Journey.mp4"))
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export film"), start, self.tr("MP4 film (*.mp4)"))
        path = completed_name(self, name, (".mp4",), ".mp4")
        if path is None:
            return
        self._context.settings.remember_folder("film", path)
        self.export_to(path, dialog.frames_per_leg(), dialog.fps.value(), dialog.loop.isChecked())

    def export_to(self, path: Path, frames_per_leg: int, fps: int, loop: bool) -> Job:
        """Write the film to ``path``."""
        keys = self.list.recipes()
        job = self._context.worker.submit(
            lambda engine: export_journey(engine, keys, path, frames_per_leg=frames_per_leg, fps=fps, loop=loop),
            title=self.tr("Film {name}").format(name=path.name),
            must_finish=True,
            asks=True,
        )
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
