"""The final render: its state, and the card that shows how far it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.base import Progress
from studio.recipes import Recipe, StylizeRecipe
from studio.ui.stylize.draft import work_done
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets import enable_unless
from studio.worker import Job, JobState

_PATIENCE = 1.5
"""Seconds of optimising before a time left is said."""


@dataclass
class FinalRender:
    """A final render that runs, has ended or was stopped.

    Attributes
    ----------
    recipe : what was asked for.
    image : the latest picture of it, after ``steps`` steps; None before the first.
    """

    recipe: StylizeRecipe
    job: Job | None = None
    image: NDArray[np.uint8] | None = None
    steps: int = 0
    progress: Progress = field(default_factory=lambda: Progress(0))
    _optimising: float = 0.0
    _since: float | None = None

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

    def looks_like(self, recipe: Recipe | None) -> bool:
        """Return whether ``recipe`` differs from ours at most in how the optimisation is run."""
        same = {"network": "vgg16-hed", "steps": 1, "seed": 0, "method": "preview", "stop_after": None, "start": None}
        same["loss"] = "wasserstein"
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
        now = time.monotonic()
        if self._since is not None:
            self._optimising += now - self._since
        self._since = now
        if progress.preview is None or (progress.step == 0 and self.recipe.start is not None):
            return False  # a touch-up begins with the picture it starts from, which a newer one may have replaced
        self.image, self.steps = progress.preview, progress.step
        return True

    def hold(self) -> None:
        """The time from now to the next step does not count: the job is paused."""
        self._since = None

    def seconds_left(self) -> float | None:
        """Estimate of the time left; None while it is too early to tell."""
        if self.progress.total != self.recipe.steps or self._optimising < _PATIENCE:
            return None
        done = work_done(self.progress.step, self.progress.total, self.recipe.size)
        return self._optimising * (1 - done) / done if done > 0 else None


class FinalCard(QFrame):
    """The button that starts a final render; while one runs, its progress with pause and cancel."""

    renderWanted = Signal()
    showWanted = Signal()
    """Bring back the settings of the final render, which are not the ones edited now."""
    pauseToggled = Signal()
    continueWanted = Signal()
    """Go on with a render that was stopped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._final: FinalRender | None = None
        self.render_button = QPushButton(icon("stylize"), self.tr("Render final"), self)
        self.render_button.setProperty("primary", True)
        self.render_button.setMinimumHeight(34)
        self.render_button.setToolTip(self.tr("Render at full quality. The instant preview stays live meanwhile."))
        self.render_button.clicked.connect(self.renderWanted)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of the final render"))
        self.pause_button = QPushButton(self)
        self.pause_button.clicked.connect(self.pauseToggled)
        self.cancel_button = QPushButton(icon("stop"), self.tr("Stop"), self)
        self.cancel_button.setToolTip(self.tr("Stop rendering and keep the picture as it is now"))
        self.cancel_button.clicked.connect(self._cancel)
        self.continue_button = QPushButton(icon("play"), self.tr("Continue"), self)
        self.continue_button.setToolTip(self.tr("Go on from the picture as it is, for the steps it lacks"))
        self.continue_button.clicked.connect(self.continueWanted)
        self.show_button = QPushButton(self.tr("Show the final render"), self)
        self.show_button.setToolTip(self.tr("Bring back the picture of the final render and its settings"))
        self.show_button.clicked.connect(self.showWanted)

        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_M)
        buttons.addWidget(self.pause_button, 1)
        buttons.addWidget(self.cancel_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S + 2)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)
        layout.addWidget(self.continue_button)
        layout.addWidget(self.show_button)
        layout.addWidget(self.render_button)
        self.show_state(None, followed=True, missing="")

    def show_state(self, final: FinalRender | None, *, followed: bool, missing: str) -> None:
        """Show ``final``.

        Parameters
        ----------
        followed : the controls are at the settings of ``final``.
        missing : what to do before a render is possible; empty when it is.
        """
        self._final = final
        running = final is not None and final.running
        paused = running and final is not None and final.job is not None and final.job.state is JobState.PAUSED
        self.render_button.setVisible(not running)
        enable_unless(self.render_button, missing)
        self.text.setVisible(running)
        self.bar.setVisible(running)
        self.pause_button.setVisible(running)
        self.cancel_button.setVisible(running)
        self.continue_button.setVisible(
            final is not None and not running and followed and final.image is not None and final.stopped_early
        )
        self.show_button.setVisible(final is not None and final.image is not None and not followed)
        if final is None or not running:
            return
        progress = final.progress
        optimising = progress.total == final.recipe.steps
        self.bar.setRange(0, 1000 if progress.total else 0)
        share = work_done(progress.step, progress.total, final.recipe.size) if optimising else progress.fraction
        self.bar.setValue(round(share * 1000))
        if paused:
            self.pause_button.setIcon(icon("play"))
            self.pause_button.setText(self.tr("Resume"))
            self.pause_button.setToolTip(self.tr("Go on with the final render"))
        else:
            self.pause_button.setIcon(icon("pause"))
            self.pause_button.setText(self.tr("Pause"))
            self.pause_button.setToolTip(self.tr("Hold the final render; the instant preview has the device to itself"))
        self.text.setText(self._status_text(final, paused=paused, optimising=optimising))

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
        left = final.seconds_left()
        return status if left is None else f"{status}  ·  {duration_left(left)}"

    def _cancel(self) -> None:
        if self._final is not None and self._final.job is not None:
            self._final.job.cancel()


def duration_left(seconds: float) -> str:
    """The time left in words."""
    translate = QCoreApplication.translate
    if seconds < 90:
        return translate("FinalCard", "about {seconds} s left").format(seconds=max(1, round(seconds)))
    if seconds < 5400:
        return translate("FinalCard", "about {minutes} min left").format(minutes=round(seconds / 60))
    hours = QLocale().toString(seconds / 3600, "f", 1)
    return translate("FinalCard", "about {hours} h left").format(hours=hours)
