"""The row of the film: while it is made its progress, then where it is; and whether clip or film is looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.ui.clip.film_job import FINISHING, MAKING, WRITING, FilmRun
from studio.ui.clip.play_controls import FittingLabel, ViewChoice
from studio.ui.clip.playing_times import FilmPlace
from studio.ui.describe.times import time_left
from studio.ui.theme import SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets import tool_button
from studio.worker import JobState

_HEIGHT = 31
"""Pixels of the highest of its buttons, which are styled only when they are shown."""


class FilmRow(QWidget):
    """Words and buttons about one film, or an offer to look at it."""

    liveToggled = Signal(bool)
    pauseToggled = Signal()
    stopWanted = Signal()
    outsideWanted = Signal()
    """The film shall be opened in the system's player."""
    folderWanted = Signal()
    continueWanted = Signal()
    """The film that is not finished shall go on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ViewChoice()
        self.label = FittingLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setStyleSheet("min-height: 4px; max-height: 4px; border: none; border-radius: 2px;")
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of the film"))
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.live_button = tool_button("eye", self.tr("Watch the film while it is made"))
        self.live_button.setCheckable(True)
        self.live_button.setChecked(True)
        self.live_button.clicked.connect(lambda: self.liveToggled.emit(self.live_button.isChecked()))
        self.pause_button = tool_button("pause", "", self.pauseToggled.emit)
        self.stop_button = tool_button(
            "stop",
            self.tr("Stop, and keep the frames so far: making the same film goes on with them"),
            self.stopWanted.emit,
        )
        self.outside_button = tool_button(
            "show-file", self.tr("Open in the system's player, with its sound"), self.outsideWanted.emit
        )
        self.continue_button = QPushButton(icon("play"), self.tr("Continue"))
        self.continue_button.setToolTip(self.tr("Go on with the next frame, with the settings that the film has"))
        self.continue_button.clicked.connect(lambda: self.continueWanted.emit())
        self.folder_button = tool_button("folder", self.tr("Show in folder"), self.folderWanted.emit)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.view)
        row.addSpacing(SPACE_S)
        row.addWidget(self.label, 1)
        for button in (self.live_button, self.pause_button, self.stop_button, self.outside_button, self.folder_button):
            row.addWidget(button)
        row.addWidget(self.continue_button)
        # As high in every state: what is above stays where it is.
        row.addStrut(_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.setSpacing(SPACE_S)

    def show_film(self, run: FilmRun | None, place: FilmPlace | None, frames_done: int, *, has_clip: bool) -> None:
        """Say how it stands.

        Parameters
        ----------
        run : the film that is being made; None while none is.
        place : of the film of the open clip.
        frames_done : how many it has, when it is not finished.
        has_clip : whether a clip is open.
        """
        self.view.setVisible(place is not None and has_clip)
        for part in (self.bar, self.live_button, self.pause_button, self.stop_button):
            part.setVisible(run is not None)
        finished = place is not None and not place.unfinished and run is None
        for part in (self.outside_button, self.folder_button):
            part.setVisible(finished)
        self.continue_button.setVisible(place is not None and place.unfinished and run is None)
        if run is not None:
            self._show_run(run)
        elif place is not None and place.unfinished:
            text = self.tr("Unfinished film, %n frames", "", frames_done)
            self.label.set_versions([text])
        elif place is not None:
            self.label.set_versions([place.path.name], str(place.path), name=place.path.name)

    def _show_run(self, run: FilmRun) -> None:
        progress = run.progress
        self.bar.setRange(0, 1000 if progress.total else 0)
        self.bar.setValue(round(progress.fraction * 1000))
        paused = run.job is not None and run.job.state is JobState.PAUSED
        tip = (
            self.tr("Go on with the film")
            if paused
            else self.tr("Hold the film; previews have the device to themselves")
        )
        self.pause_button.setIcon(icon("play" if paused else "pause"))
        self.pause_button.setToolTip(tip)
        self.pause_button.setAccessibleName(tip)
        name = run.out.name
        if not progress.message:
            self.label.set_versions([self.tr("Film {name}: starting …").format(name=name), self.tr("Starting …")])
            return
        if run.image is None:
            self.label.set_versions([translated(progress.message)])
            return
        count = self.tr("frame {step} of {total}").format(step=progress.step, total=progress.total)
        phase = [] if progress.message in (MAKING, FINISHING) else [translated(progress.message)]
        left: list[str] = []
        speed: list[str] = []
        if paused:
            phase.append(self.tr("paused"))
        elif (rate := run.speed()) is not None:
            shown = self.locale().toString(rate, "f", 1 if rate >= 0.95 else 2)
            speed = [self.tr("{speed} frames/s").format(speed=shown)]
            seconds = run.seconds_left()
            if seconds is not None and progress.message != WRITING:
                left = [time_left(seconds)]
        versions = ([name, count, *phase, *speed, *left], [count, *phase, *speed, *left], [count, *phase, *left])
        self.label.set_versions(["  ·  ".join(parts) for parts in (*versions, [count, *phase], [count])])
