"""The final render: its state, and the card that shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from studio.base import Progress
from studio.recipes import Recipe, StylizeRecipe
from studio.ui.describe.times import duration, time_left
from studio.ui.stylize.render_time import RenderTimes, Stopwatch, work_done
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets.eliding_label import ElidingLabel
from studio.worker import Job, JobState

_PATIENCE = 1.5
"""Seconds of optimising before a time left is said."""
_HEAD = 24
_BUTTONS = 30
"""Heights in pixels of the row above the progress and of the one below."""


@dataclass
class FinalRender:
    """A final render that runs, has ended or was stopped.

    Attributes
    ----------
    recipe : what was asked for.
    image : the latest picture of it, after ``steps`` steps; None before the first.
    stopwatch : measures its steps.
    """

    recipe: StylizeRecipe
    job: Job | None = None
    image: NDArray[np.uint8] | None = None
    steps: int = 0
    progress: Progress = field(default_factory=lambda: Progress(0))
    stopwatch: Stopwatch = field(init=False)

    def __post_init__(self) -> None:
        self.stopwatch = Stopwatch(self.recipe)

    @property
    def running(self) -> bool:
        """True when more is to come."""
        return self.job is not None and not self.job.is_over

    @property
    def stopped_early(self) -> bool:
        """True when the picture has had fewer steps than asked for."""
        return self.steps < self.recipe.steps

    def recipe_of_image(self) -> StylizeRecipe:
        """The recipe that makes exactly ``image``: with the step at which it was stopped, if it was."""
        stop = max(1, self.steps) if self.stopped_early else None
        return self.recipe.model_copy(update={"stop_after": stop})

    def has_settings_of(self, recipe: Recipe | None) -> bool:
        """Return whether ``recipe`` differs from ours at most in how the optimisation is run."""
        same = {"network": "vgg16-hed", "steps": 1, "seed": 0, "method": "preview", "stop_after": None, "start": None}
        same |= {"loss": "nearest", "faces": 0.5}
        return isinstance(recipe, StylizeRecipe) and recipe.model_copy(update=same) == self.recipe.model_copy(
            update=same
        )

    def is_kin(self, recipe: StylizeRecipe) -> bool:
        """Return whether ``recipe`` is of the same pictures at the same size, so that it can start from ours."""
        ours, theirs = self.recipe, recipe
        pictures = ("content", "size", "seamless", "texture", "network")
        return all(getattr(ours, name) == getattr(theirs, name) for name in pictures) and [
            use.source for use in ours.styles
        ] == [use.source for use in theirs.styles]

    def take(self, progress: Progress) -> bool:
        """Note what the job yielded; returns whether there is a new picture."""
        self.progress = progress
        if progress.total != self.recipe.steps:
            return False  # fetching the network
        if progress.preview is None or (progress.step == 0 and self.recipe.start is not None):
            return False  # a touch-up begins with the picture it starts from, which a newer one may have replaced
        self.image, self.steps = progress.preview, progress.step
        return True

    @property
    def proportion(self) -> float:
        """Short by long side of the picture."""
        if self.image is None:
            return 1.0
        return min(self.image.shape[:2]) / max(self.image.shape[:2])

    def share(self) -> float | None:
        """Share of the work that is done, 0..1; None before the optimisation."""
        if self.progress.total != self.recipe.steps:
            return None
        return work_done(self.progress.step, self.progress.total, self.recipe.size)

    def seconds_left(self, times: RenderTimes) -> float | None:
        """Estimate of the time left; None while it is too early to tell."""
        if self.progress.total != self.recipe.steps or self.stopwatch.seconds() < _PATIENCE:
            return None
        return times.seconds_left(self.recipe, self.progress.step, self.stopwatch, self.proportion)


class FinalCard(QFrame):
    """The button that starts a final render; while one runs, its progress with pause and cancel.

    The room attaches the buttons of its commands. It is as high in every state, so that nothing moves under the mouse.

    Attributes
    ----------
    times : what renders take here.
    """

    showWanted = Signal()
    """Bring back the settings of the final render, which are not the ones edited now."""
    continueWanted = Signal()
    """Go on with a render that was stopped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.times = RenderTimes()
        self.render_button = QPushButton(icon("stylize"), self.tr("Render final"))
        self.render_button.setProperty("primary", True)
        self.render_button.setToolTip(self.tr("Render at full quality. The instant preview stays live meanwhile."))
        self.answers_button = QPushButton(icon("grid"), self.tr("Try three"))
        self.answers_button.setToolTip(
            self.tr("Three small answers in a few seconds, from near to the photo to free: choose one, then render.")
        )
        self.text = ElidingLabel(parent=self)
        self.text.setProperty("muted", True)
        self.text.setMinimumWidth(1)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of the final render"))
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.pause_button = QPushButton()
        self.pause_button.setToolTip(
            self.tr("Hold the final render, so that the instant preview has the device to itself, or go on with it")
        )
        self.cancel_button = QPushButton(icon("stop"), self.tr("Stop"))
        self.cancel_button.setToolTip(self.tr("Stop rendering and keep the picture as it is now"))
        self.continue_button = QPushButton(icon("play"), self.tr("Continue"), self)
        self.continue_button.setToolTip(self.tr("Go on from the picture as it is, for the steps it lacks"))
        self.continue_button.clicked.connect(self.continueWanted)
        self.show_button = QPushButton(self.tr("Show it"), self)
        self.show_button.setToolTip(self.tr("Bring back the picture of the final render and its settings"))
        self.show_button.clicked.connect(self.showWanted)

        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addWidget(self.text, 1)
        for button in (self.continue_button, self.show_button):
            button.setFixedHeight(_HEAD)
            button.setStyleSheet("padding: 0 8px;")
            head.addWidget(button)
        head.addStrut(_HEAD)
        self._buttons = QStackedWidget(self)
        for left, right in ((self.answers_button, self.render_button), (self.pause_button, self.cancel_button)):
            page = QWidget()
            row = QHBoxLayout(page)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(SPACE_M)
            row.addWidget(left, 1)
            row.addWidget(right, 2 if right is self.render_button else 1)
            self._buttons.addWidget(page)
        self._buttons.setFixedHeight(_BUTTONS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S + 2)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self._buttons)
        self.text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.show_state(None, followed=True)

    def show_state(
        self,
        final: FinalRender | None,
        *,
        followed: bool,
        other_photo: str = "",
        estimate: float | None = None,
    ) -> None:
        """Show ``final``, the render that runs or else the one of the photo.

        Parameters
        ----------
        followed : the controls are at the settings of ``final``.
        other_photo : the name of the photo of ``final``, if it is another than the one that is edited.
        estimate : seconds that a render as the controls are will take; None when nothing is known.
        """
        running = final is not None and final.running
        paused = running and final is not None and final.job is not None and final.job.state is JobState.PAUSED
        self._buttons.setCurrentIndex(int(running))
        self.bar.setVisible(running)
        there = final is not None and final.image is not None and not other_photo
        stopped = there and not running and followed and final is not None and final.stopped_early
        self.continue_button.setVisible(stopped)
        self.show_button.setVisible(there and not followed)
        if final is None or not running:
            self.text.setText(self._idle_text(final, stopped=stopped, there=there and not followed, estimate=estimate))
            self.text.setToolTip(self.text.text())
            return
        progress = final.progress
        optimising = progress.total == final.recipe.steps
        self.bar.setRange(0, 1000 if progress.total else 0)
        share = final.share()
        self.bar.setValue(round(1000 * (progress.fraction if share is None else share)))
        if paused:
            self.pause_button.setIcon(icon("play"))
            self.pause_button.setText(self.tr("Resume"))
        else:
            self.pause_button.setIcon(icon("pause"))
            self.pause_button.setText(self.tr("Pause"))
        status = self._status_text(final, paused=paused, optimising=optimising)
        self.text.setText(f"{other_photo}  ·  {status}" if other_photo else status)
        self.text.setToolTip(self.text.text())

    def _idle_text(self, final: FinalRender | None, *, stopped: bool, there: bool, estimate: float | None) -> str:
        if stopped and final is not None:
            return self.tr("Stopped after {steps} of {total} steps").format(steps=final.steps, total=final.recipe.steps)
        if there:
            return self.tr("There is a final render")
        return "" if estimate is None else self.tr("Takes {time} here").format(time=duration(estimate))

    def _status_text(self, final: FinalRender, *, paused: bool, optimising: bool) -> str:
        progress = final.progress
        if not optimising:
            # What takes long before the first step is fetching the network; it says so itself.
            status = translated(progress.message) if progress.message else self.tr("Starting …")
            if progress.total:
                status = f"{status}  ·  {round(progress.fraction * 100)} %"
            return status
        status = self.tr("Step {step} of {total}").format(step=progress.step, total=progress.total)
        if paused:
            return self.tr("{progress}  ·  paused").format(progress=status)
        left = final.seconds_left(self.times)
        return status if left is None else f"{status}  ·  {time_left(left)}"
