"""The instant preview of what is edited, the refined one after it, and the photo as it was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from studio.base import Progress, StudioError
from studio.base.messages import NOTHING
from studio.checkpoints.perceptual import perceptual_ready
from studio.recipes import Recipe, StylizeRecipe
from studio.recipes.steps.stylize import REFINED_SIDE, REFINED_STEPS
from studio.ui.stylize.render_time import Stopwatch, kind_of
from studio.worker import DeviceWorker, Job, Priority

if TYPE_CHECKING:
    from studio.engine import Rendered

REST_MS = 250
"""The hand rests this long: the preview is made at full size."""
REFINE_MS = 600
"""The instant preview is looked at this long: a better one is made, in seconds."""
_LIVE_SIDES = (160, 512)
_SLOW, _FAST = 0.16, 0.07
"""Seconds: a live preview slower than this gets smaller, a faster one larger."""

_Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Preview:
    """A preview that came; its recipe says whether it is a refined one.

    ``full`` when it is all that was asked for: of that size, and a refined one to its last step.
    """

    image: _Pixels
    recipe: StylizeRecipe
    full: bool


class Previews(QObject):
    """Previews by the device worker, newest wins: as small as the hand needs while it moves, full when it rests."""

    came = Signal(object)
    """A :class:`Preview`."""
    beforeCame = Signal(object)
    """The recipe whose picture :meth:`before` has now."""
    rested = Signal()
    """The hand rests: the preview is due at full size."""
    measured = Signal(str, object)
    """The kind of work, and what :meth:`Stopwatch.rates` gave of the steps of a refined preview."""
    failed = Signal(object)
    """A ``StudioError``, once, however often the slider moves."""

    def __init__(self, worker: DeviceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self.latest: Preview | None = None
        self._preview_job: Job | None = None
        self._before: tuple[Recipe, int, _Pixels] | None = None
        self._before_wanted: tuple[Recipe, int] | None = None
        self._last_problem = NOTHING
        self._live_side = 384
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.rested)
        self._refined: Preview | None = None
        self._refined_job: Job | None = None
        self._refine_after = QTimer(self)
        self._refine_after.setSingleShot(True)
        self._refine_after.setInterval(REFINE_MS)
        self._refine_after.timeout.connect(self._refine)

    def before(self, subject: Recipe | None) -> _Pixels | None:
        """The picture of ``subject`` itself, if it is the one made last."""
        before = self._before
        return before[2] if before is not None and before[0] == subject else None

    def render_before(self, content: Recipe, size: int) -> None:
        """The photo itself, for the wipe and while there is no style."""
        wanted = (content, size)
        if self._before_wanted == wanted:
            return
        self._before_wanted = wanted
        # Other contents are rendered at their own size, as the stylization does: one rendering serves both.
        side = size if content.opened_photo is not None else None
        job = self._worker.submit(
            lambda engine: engine.render(content, max_side=side), priority=Priority.LIVE, key="stylize-before"
        )
        job.finished.connect(lambda rendered: self._on_before(wanted, rendered.image))
        job.failed.connect(lambda problem: self._on_before_failed(wanted, problem))

    def _on_before(self, wanted: tuple[Recipe, int], image: _Pixels) -> None:
        self._before = (*wanted, image)
        self.beforeCame.emit(wanted[0])

    def _on_before_failed(self, wanted: tuple[Recipe, int], problem: StudioError) -> None:
        if self._before_wanted == wanted:
            self._before_wanted = None
        self._tell(problem)

    def best(self, recipe: StylizeRecipe) -> Preview | None:
        """The best picture of ``recipe``, an instant preview, that is there at full size, with the recipe it has.

        A refined one may be on its way still.
        """
        refined, latest = self._refined, self.latest
        if refined is not None and refined.recipe == _refined(recipe):
            return refined
        return latest if latest is not None and latest.full and latest.recipe == recipe else None

    def render(self, recipe: StylizeRecipe, *, live: bool) -> None:
        """Make the preview of ``recipe``, or, while a control moves, a smaller one and ``rested`` later."""
        side = min(self._live_side, recipe.size)
        full = not live or side >= recipe.size
        self._rest.stop()
        self._stop_refining()
        job = self._worker.submit(
            lambda engine: engine.render(recipe, max_side=None if full else side),
            priority=Priority.LIVE,
            key="stylize-preview",
        )
        self._preview_job = job
        job.finished.connect(lambda rendered: self._on_preview(recipe, rendered, full=full))
        job.failed.connect(self._tell)
        if not full:
            self._rest.start()

    def stop(self) -> None:
        """Make none: something better is shown, or nothing can be."""
        self._stop_refining()
        self._stop_instant()

    def hold(self, best: Preview) -> None:
        """Make no other instant preview: ``best`` is shown, which may become a refined one."""
        self._stop_instant()
        refines = self._refine_after.isActive() or (self._refined_job is not None and not self._refined_job.is_over)
        if not (best.recipe.method == "refined" and best.full) and not refines:
            self._refine_after.start()

    def _stop_instant(self) -> None:
        self._rest.stop()
        if self._preview_job is not None:
            self._preview_job.cancel()
            self._preview_job = None

    def shut_down(self) -> None:
        """The room closes; the worker ends with its own."""
        self._rest.stop()
        self._stop_refining()

    def _refine(self) -> None:
        """Make the refined preview of what was previewed last, unless its network must be fetched first."""
        if self.latest is None or not perceptual_ready(self.latest.recipe.network):
            return
        recipe = _refined(self.latest.recipe)
        stopwatch = Stopwatch(
            recipe.model_copy(update={"size": min(REFINED_SIDE, recipe.size), "steps": REFINED_STEPS})
        )
        job = self._worker.submit(
            lambda engine: stopwatch.measured(engine.render(recipe)),
            priority=Priority.BACKGROUND,
            key="stylize-refined",
        )
        self._refined_job = job
        job.shown_elsewhere = lambda: True  # nobody asked for it: the status bar is for what takes the artist's time
        job.progressed.connect(lambda progress: self._on_refining(progress, recipe))
        job.finished.connect(lambda rendered: self._on_refined(Preview(rendered.image, recipe, True), stopwatch))
        job.failed.connect(self._tell)

    def _stop_refining(self) -> None:
        self._refine_after.stop()
        if self._refined_job is not None:
            self._refined_job.cancel()
            self._refined_job = None

    def _on_refining(self, progress: Progress, recipe: StylizeRecipe) -> None:
        if progress.preview is not None:
            self._show_refined(Preview(progress.preview, recipe, full=False))

    def _on_refined(self, preview: Preview, stopwatch: Stopwatch) -> None:
        height, width = preview.image.shape[:2]
        self.measured.emit(kind_of(preview.recipe), stopwatch.rates(min(height, width) / max(height, width)))
        self._show_refined(preview)

    def _show_refined(self, preview: Preview) -> None:
        if self.latest is not None and preview.recipe == _refined(self.latest.recipe):
            self._refined = preview
            self.came.emit(preview)

    def _on_preview(self, recipe: StylizeRecipe, rendered: Rendered, *, full: bool) -> None:
        self._last_problem = NOTHING
        self.latest = Preview(rendered.image, recipe, full)
        if not full:
            smallest, largest = _LIVE_SIDES
            if rendered.seconds > _SLOW:
                self._live_side = max(smallest, round(self._live_side * 0.85))
            elif 0.001 < rendered.seconds < _FAST:
                self._live_side = min(largest, round(self._live_side * 1.1))
        else:
            self._refine_after.start()
        self.came.emit(self.latest)

    def _tell(self, problem: StudioError) -> None:
        """A problem of the preview, once, however often the slider moves."""
        if problem.message != self._last_problem:
            self._last_problem = problem.message
            self.failed.emit(problem)


def _refined(recipe: StylizeRecipe) -> StylizeRecipe:
    return recipe.model_copy(update={"method": "refined"})
