"""A film that is being made: its state, speed and time left, and the list of those that are unfinished."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.base import Message, Progress
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.worker import Job, JobState

if TYPE_CHECKING:
    from studio.engine.jobs.film_folder import FilmInMaking

_WINDOW = 24
_PATIENCE = 1.0
"""Seconds of frames before a speed is said: those that a film that goes on has already come at once."""
MAKING, WRITING = Message("Stylizing the clip"), Message("Writing the film")
FINISHING = Message("Finishing the clip")


@dataclass
class FilmRun:
    """A film in making: ``out`` of ``clip``. ``image`` is its latest frame, uint8 (height, width, 3)."""

    out: Path
    clip: Path
    job: Job | None = None
    image: NDArray[np.uint8] | None = None
    progress: Progress = field(default_factory=lambda: Progress(0))
    _frames: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    _phase: Message = MAKING

    @property
    def running(self) -> bool:
        """True when more is to come."""
        return self.job is not None and not self.job.is_over

    def take(self, progress: Progress) -> None:
        """Note what the job yielded."""
        phase = WRITING if progress.message == WRITING else MAKING
        if phase != self._phase:
            self._phase = phase
            self._frames.clear()
        if not self._frames or progress.step > self._frames[-1][1]:
            self._frames.append((time.monotonic(), progress.step))
        if progress.preview is not None:
            self.image = progress.preview
        self.progress = progress

    def toggle_pause(self) -> None:
        """Pause, or go on; the time between does not count for the speed."""
        if self.job is None:
            return
        if self.job.state is JobState.PAUSED:
            self.job.resume()
        else:
            self.job.pause()
            self._frames.clear()

    def stop(self) -> None:
        """Stop it; its frames so far are kept."""
        if self.job is not None:
            self.job.cancel()

    def leave(self) -> None:
        """Stop it for the window that closes, unless the artist asked for it to be finished first."""
        if self.job is not None and not self.job.must_finish:
            self.stop()

    def speed(self) -> float | None:
        """Frames a second of late; None while it is too early to tell."""
        if len(self._frames) < 3:
            return None
        (began, first), (ended, last) = self._frames[0], self._frames[-1]
        return (last - first) / (ended - began) if ended - began >= _PATIENCE else None

    def seconds_left(self) -> float | None:
        """Estimate of the time left; None while it is too early to tell."""
        speed = self.speed()
        return None if not speed else max(0, self.progress.total - self.progress.step) / speed


class UnfinishedFilms(QDialog):
    """The films that were begun and not finished, to go on with or to give up."""

    continueWanted = Signal(object)
    """A ``FilmInMaking``."""
    removeWanted = Signal(object)
    """A ``FilmInMaking`` whose frames are not wanted any more."""

    def __init__(self, films: list[FilmInMaking], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Unfinished films"))
        self.setMinimumWidth(560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        self.rows: list[QWidget] = []
        for film in films:
            layout.addWidget(self._row(film))
        self._none = QLabel(self.tr("There is no unfinished film."))
        self._none.setProperty("muted", True)
        self._none.setVisible(not films)
        layout.addWidget(self._none)
        layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()  # not on what removes frames

    def _row(self, film: FilmInMaking) -> QWidget:
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_S)
        properties = film.properties
        counts = {"done": film.done, "total": max(properties.total, film.done), "clip": properties.clip}
        if properties.film.frame_side is not None:
            text = self.tr("{done} of {total} frames  ·  {size} px  ·  {clip}").format(
                size=properties.film.frame_side, **counts
            )
        else:
            text = self.tr("{done} of {total} frames  ·  {clip}").format(**counts)
        name = QLabel(properties.out.name)
        name.setStyleSheet("font-weight: 600")
        about = QLabel(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 340))
        about.setToolTip(text)
        about.setProperty("muted", True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(name)
        column.addWidget(about)
        go_on = QPushButton(icon("play"), self.tr("Continue"))
        go_on.setEnabled(properties.clip.is_file())
        go_on.setToolTip(
            self.tr("Go on with the next frame")
            if properties.clip.is_file()
            else self.tr("The clip is not there any more")
        )
        go_on.clicked.connect(lambda: self._chosen(film))
        remove = QPushButton(icon("trash"), self.tr("Remove"))
        remove.setToolTip(self.tr("Remove the frames made so far"))
        remove.setAutoDefault(False)
        remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        remove.clicked.connect(lambda: self._removed(film, row))
        box.addLayout(column, 1)
        box.addWidget(remove)
        box.addWidget(go_on)
        self.rows.append(row)
        return row

    def _chosen(self, film: FilmInMaking) -> None:
        self.continueWanted.emit(film)
        self.accept()

    def _removed(self, film: FilmInMaking, row: QWidget) -> None:
        self.removeWanted.emit(film)
        self.rows.remove(row)
        row.deleteLater()
        self._none.setVisible(not self.rows)
