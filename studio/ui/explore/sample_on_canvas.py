"""The picture of the Explore room: rendered as its recipe changes, newest first, and shown on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QLabel

from studio.base import Progress, StudioError
from studio.engine.jobs.journey import frame_recipe
from studio.recipes import SampleRecipe
from studio.ui.explore.picks import PicksBar
from studio.ui.explore.previews import SamplePreviews
from studio.ui.model import Model
from studio.ui.widgets import Canvas
from studio.worker import Priority

if TYPE_CHECKING:
    from studio.engine import Rendered
    from studio.ui.context import StudioContext


class SampleOnCanvas(QObject):
    """Renders the model's recipe and shows it, unless a journey plays; never a picture older than the one shown.

    Attributes
    ----------
    image : the newest picture, uint8 (h, w, 3 or 4); None before the first.
    """

    drawn = Signal()
    """``image`` is a new one."""
    firstDrawn = Signal()
    """The first ``image`` is there."""

    def __init__(
        self,
        context: StudioContext,
        model: Model[SampleRecipe | None],
        canvas: Canvas,
        status: QLabel,
        previews: SamplePreviews,
        picks: PicksBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._canvas, self._status = context, model, canvas, status
        self._previews, self._picks = previews, picks
        self.image: NDArray[np.uint8] | None = None
        self._asked = 0
        self._shown = 0
        picks.frame.connect(self.show_frame)
        picks.frameKept.connect(self._go_on_from_frame)

    @property
    def is_newest(self) -> bool:
        """True when what was asked for last is there."""
        return self._shown == self._asked

    def request(self) -> None:
        """Ask for the picture of the recipe as it is now."""
        recipe = self._model.value
        if recipe is None:
            return
        self._asked += 1
        stamp = self._asked
        job = self._context.worker.submit(
            lambda engine: engine.render(recipe, live=True), priority=Priority.LIVE, key="explore"
        )
        job.progressed.connect(lambda progress: self._on_progress(stamp, progress))
        job.finished.connect(lambda rendered: self._on_rendered(stamp, rendered))
        job.failed.connect(self.show_failure)

    def show_frame(self, frame: NDArray[np.uint8]) -> None:
        """Show a picture on the way to another recipe."""
        self._canvas.set_image(frame)

    def show_own(self) -> None:
        """Show the recipe's own picture again."""
        if self.image is not None:
            self._canvas.set_image(self.image)

    def show_against(self, picture: NDArray[np.uint8] | None) -> None:
        """Show the picture against another one, under a wipe; None: alone."""
        self._canvas.set_before(picture, (self.tr("Photo"), self.tr("Picture")))
        self._canvas.set_wipe(picture is not None)

    def show_failure(self, error: StudioError) -> None:
        """Tell why there is no picture."""
        if self.image is None:
            self._canvas.set_message(self.tr("No picture: see the message above."))
        self._context.problem.emit(error)

    def _on_progress(self, stamp: int, progress: Progress) -> None:
        """Show how far a render has come that takes longer; the finished picture follows when the hand rests."""
        if progress.preview is not None and stamp > self._shown and not self._picks.is_playing():
            self._canvas.set_image(progress.preview)

    def _on_rendered(self, stamp: int, rendered: Rendered) -> None:
        if stamp <= self._shown:
            return
        self._shown = stamp
        first = self.image is None
        self.image = rendered.image
        if isinstance(rendered.recipe, SampleRecipe) and not self._model.in_gesture:
            self._previews.put(rendered.recipe, rendered.image)
        if not self._picks.is_playing():
            self._canvas.set_image(rendered.image)
        side, seconds = rendered.image.shape[0], rendered.seconds
        if seconds < 1:
            self._status.setText(self.tr("{n} px, {ms} ms").format(n=side, ms=max(1, round(seconds * 1000))))
        else:
            took = QLocale().toString(seconds, "f", 1)
            self._status.setText(self.tr("{n} px, {seconds} s").format(n=side, seconds=took))
        if first:
            self.firstDrawn.emit()
        self.drawn.emit()

    def _go_on_from_frame(self, frame: NDArray[np.uint8], keys: list[SampleRecipe], position: float) -> None:
        """Go on from a frame of the journey."""
        self._canvas.set_image(frame)
        asked = self._asked

        def known(recipe: SampleRecipe) -> None:
            if asked == self._asked:  # nothing else was chosen meanwhile
                self._model.set(recipe)

        job = self._context.worker.call(lambda engine: frame_recipe(engine, keys, position, loop=True))
        job.finished.connect(known)
        job.failed.connect(self.show_failure)
