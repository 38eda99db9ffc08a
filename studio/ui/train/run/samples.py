"""The samples of a run over time: the newest as they come, earlier ones by a slider, and the film of them all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from studio.base import StudioError
from studio.media.photos import rgb_pixels
from studio.training.exports import blend, images_of
from studio.ui.theme import SPACE_M, icon
from studio.ui.train.run.follower import RunFollower
from studio.ui.train.text import number
from studio.ui.widgets import Canvas, tool_button
from studio.worker import JobGroup

FILM_MS = 60
FILM_SECONDS = 12
"""The time slider plays a whole run in about this time."""

LONGEST_STILL = 0.6
"""A short run plays faster: seconds from one preview to the next."""

FRAMES_KEPT = 3


class RunSamples(QWidget):
    """A canvas over a time slider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follower: RunFollower | None = None
        self._shown: Path | None = None
        self._frames: dict[Path, NDArray[np.uint8] | None] = {}
        self._wanted: tuple[Path, ...] = ()
        self._reading: set[Path] = set()
        self._background = JobGroup(self, ordered=True)
        self._film = QTimer(self)
        self._film.setInterval(FILM_MS)
        self._film.timeout.connect(self._next_frame)
        self._film_at = 0.0

        self.canvas = Canvas()
        self.canvas.setMinimumHeight(160)
        self.canvas.setAccessibleName(self.tr("Samples of the model"))
        self.play = tool_button("play", self.tr("Play the samples from the first to the latest"))
        self.play.setCheckable(True)
        self.play.toggled.connect(self._on_play)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 0)
        self.slider.setAccessibleName(self.tr("Time"))
        self.slider.setToolTip(
            self.tr("Look back at earlier samples; at the right end new ones are shown as they come.")
        )
        self.slider.valueChanged.connect(self._show_preview)
        self.slider.sliderPressed.connect(lambda: self.play.setChecked(False))
        self.when = QLabel()
        self.when.setProperty("muted", True)
        self.when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self.when)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)

    def set_run(self, follower: RunFollower) -> None:
        """Show the latest samples of another run."""
        self.play.setChecked(False)
        self._follower = None  # the slider's way to the latest samples shows none
        self._shown = None
        self._frames.clear()
        self._wanted = ()
        self.canvas.set_image(None)
        # As wide as it will ever be, or the slider would shrink while it is dragged.
        widest = self.tr("after {n} images").format(n=number(follower.run.settings.images))
        self.when.setMinimumWidth(self.when.fontMetrics().horizontalAdvance(widest) + 2)
        self.slider.setRange(0, max(0, len(follower.previews) - 1))
        self.slider.setValue(self.slider.maximum())
        self._follower = follower
        self._show_preview()

    def refresh(self) -> None:
        """Take in samples that are new; who looks at the latest goes on doing so."""
        assert self._follower is not None
        newest = max(0, len(self._follower.previews) - 1)
        following = self.slider.value() == self.slider.maximum() and not self.play.isChecked()
        self.slider.setMaximum(newest)
        if following:
            self.slider.setValue(newest)
            self._show_preview()

    def show_state(self) -> None:
        """Say why there is nothing to see, where there is nothing."""
        follower = self._follower
        if follower is None:
            return
        several = self.slider.maximum() > 0
        self.slider.setEnabled(several)
        self.play.setEnabled(several)
        if follower.previews:
            return
        if not follower.was_read:
            text = ""
        elif follower.state.alive:
            text = self.tr("The first samples appear here when the pictures are prepared.")
        elif follower.status in ("new", "queued"):
            text = self.tr("The samples appear here when the run has started.")
        else:
            text = self.tr("This run has no samples.")
        self.canvas.set_message(text)

    def show_images(self, images: int) -> None:
        """Show the samples made after about so many images."""
        follower = self._follower
        if follower is None or not follower.previews:
            return
        self.play.setChecked(False)
        gaps = [abs(images_of(path) - images) for path in follower.previews]
        self.slider.setValue(gaps.index(min(gaps)))

    def stop(self) -> None:
        """Stop playing."""
        self.play.setChecked(False)

    def _show_preview(self) -> None:
        follower = self._follower
        if follower is None or not follower.previews:
            self.when.setText("")
            return
        path = follower.previews[min(self.slider.value(), len(follower.previews) - 1)]
        self.when.setText(self.tr("after {n} images").format(n=number(images_of(path))))
        if path == self._shown:
            return
        if self._is_read(path):
            frame = self._frames[path]
            if frame is None:
                del self._frames[path]  # looked for again when it is wanted again
            else:
                self.canvas.set_image(frame)
                self._shown = path

    def _is_read(self, *paths: Path) -> bool:
        """Return whether these previews are at hand, None for one that is gone; else have them read."""
        self._wanted = paths
        for path in paths:
            if path not in self._frames and path not in self._reading:
                self._read(path)
        return all(path in self._frames for path in paths)

    def _read(self, path: Path) -> None:
        def read() -> tuple[NDArray[np.uint8] | None, bool]:
            if path not in self._wanted:
                return None, False  # the artist has gone on
            try:
                return rgb_pixels(path), True
            except StudioError:
                return None, True

        def use(found: tuple[NDArray[np.uint8] | None, bool]) -> None:
            frame, was_read = found
            self._reading.discard(path)
            if path not in self._wanted:
                return
            if not was_read:  # gone on, and come back meanwhile
                self._read(path)
                return
            unwanted = [kept for kept in self._frames if kept not in self._wanted]
            for kept in unwanted[: len(self._frames) + 1 - FRAMES_KEPT]:
                del self._frames[kept]
            self._frames[path] = frame
            if not self._film.isActive():
                self._show_preview()

        self._reading.add(path)
        self._background.run(read, use)

    def _on_play(self, on: bool) -> None:
        self.play.setIcon(icon("pause" if on else "play"))
        if on:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(0)
            self._film_at = float(self.slider.value())
            self._film.start()
        else:
            self._film.stop()

    def _next_frame(self) -> None:
        """Morph on from where the film is towards the next samples."""
        follower = self._follower
        last = self.slider.maximum()
        seconds = min(FILM_SECONDS, last * LONGEST_STILL)
        film_at = min(float(last), self._film_at + last * FILM_MS / 1000 / max(seconds, FILM_MS / 1000))
        before = int(film_at)
        if before >= last or follower is None:
            self._film_at = film_at
            self.play.setChecked(False)
            self.slider.setValue(last)
            return
        first, second, *_ = around = follower.previews[before : before + FRAMES_KEPT]
        if not self._is_read(*around):
            return  # the film waits for its frames
        self._film_at = film_at
        self.slider.setValue(before)
        a, b = self._frames[first], self._frames[second]
        if a is not None and b is not None and a.shape == b.shape:
            self.canvas.set_image(blend(a, b, film_at - before))
            self._shown = None
