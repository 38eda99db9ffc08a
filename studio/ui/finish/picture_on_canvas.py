"""The picture on the canvas of the Finish room: repaired and cleaned as the draft says, beside the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from studio.base import Progress, StudioError, Work
from studio.recipes import Recipe, RepairRecipe
from studio.recipes.steps.repair import NETWORK_METHODS
from studio.recipes.tree import subjects_of
from studio.ui.context import StudioContext
from studio.ui.finish.canvas import FinishCanvas
from studio.ui.finish.draft import Draft
from studio.ui.finish.jobs import FinishJobs
from studio.ui.model import Model
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered

REST_MS = 200
"""The hand rests this long: what is shown is made anew."""
SOON_MS = 1000
"""What comes onto the canvas within this time needs no button to stop it."""
_Pixels = NDArray[np.uint8]


class PictureOnCanvas(QObject):
    """Renders what belongs on the canvas whenever the draft has rested for a moment."""

    changed = Signal()
    """Another picture is shown, or it takes so long that one may want to stop it."""
    replaced = Signal()
    """What lies on the picture, such as a part of it in finer pixels, is of another picture now."""
    came = Signal()
    """The picture that is wanted is there."""

    def __init__(
        self, context: StudioContext, model: Model[Draft], canvas: FinishCanvas, jobs: FinishJobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._canvas, self._jobs = context, model, canvas, jobs
        self.shown: Recipe | None = None
        self.picture: _Pixels | None = None
        """That of ``shown``."""
        self._before: tuple[Recipe, _Pixels] | None = None
        self._repaired: Recipe | None = None
        """What is repaired in the picture on the canvas; the mask is shown until that is what is wanted."""
        self._stopped: Recipe | None = None
        """What the artist stopped on its way to the canvas; it begins again when something else was wanted between."""
        self.rest = resting_timer(self, REST_MS)
        self.rest.timeout.connect(self._render)
        self._soon = resting_timer(self, SOON_MS)
        self._soon.timeout.connect(self.changed)

    def wanted(self) -> Recipe | None:
        """Return what belongs on the canvas: while it is painted on, the picture as it was before."""
        draft = self._model.value
        return draft.content if self._canvas.is_painting() else draft.cleaned()

    def is_result(self) -> bool:
        """Return whether the picture shown is the draft's, before it is enlarged."""
        return self.picture is not None and self.shown is not None and self.shown == self._model.value.cleaned()

    def update(self) -> None:
        """Bring the canvas to the draft: soon, or at once when there is no picture."""
        if self._model.value.content is not None:
            self.rest.start()
            return
        self.shown = self.picture = self._before = self._repaired = None
        self._canvas.set_awaits_filling(False)
        self._canvas.set_image(None)
        self.replaced.emit()

    def takes_long(self) -> bool:
        """Return whether what belongs on the canvas is being made, and one may have to wait for it."""
        slow = self._model.value.method in NETWORK_METHODS or not self._soon.isActive()
        return self._jobs.runs("picture") and slow

    def stop(self) -> None:
        """Show the picture as it was before, in place of what is being made."""
        content = self._model.value.content
        if content is None:
            return
        self._stopped, self.shown = self.wanted(), None
        self._canvas.set_awaits_filling(False)
        self._jobs.cancel("picture")
        self._show_content(content)
        self._context.notify.emit(self.tr("Stopped. Paint, or change something, to fill it again."))

    def shut_down(self) -> None:
        """Begin nothing more."""
        self.rest.stop()
        self._soon.stop()

    def _render(self) -> None:
        """Make the picture for the canvas, and the one before it."""
        wanted, content = self.wanted(), self._model.value.content
        if wanted is None or content is None:
            return
        known = self._before is not None and self._before[0] == content
        if self.shown == wanted and known:
            self.came.emit()
            return
        if self._stopped == wanted:
            return
        self._stopped = None

        def work(engine: Engine) -> Work[tuple[_Pixels, _Pixels]]:
            before = yield from engine.render(content)
            if not known and wanted != content:  # what it becomes may take a while
                yield Progress(0, preview=before.image)
            after = yield from engine.render(wanted)
            return before.image, after.image

        job = self._context.worker.submit(
            work, title=self.tr("Repairing and cleaning"), priority=Priority.LIVE, key="finish-preview"
        )
        self._soon.start()
        self._jobs.begin("picture", job)
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        repaired = content if wanted == content else self._model.value.repaired()
        self._canvas.set_awaits_filling(repaired not in (content, self._repaired))
        job.finished.connect(lambda pictures: self._on_made(wanted, content, repaired, *pictures))
        job.failed.connect(self._on_failed)
        if wanted != content:
            job.failed.connect(lambda _problem: self._show_content(content))

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is not self._jobs.newest("picture") or progress.preview is None or self._canvas.is_painting():
            return
        self.shown = None
        self.replaced.emit()
        self._canvas.set_image(progress.preview)
        if progress.total > 0:
            self._canvas.set_awaits_filling(False)
        else:  # it is another picture, as it was before
            self._canvas.set_before(progress.preview)

    def _on_made(
        self, wanted: Recipe, content: Recipe, repaired: Recipe | None, before: _Pixels, after: _Pixels
    ) -> None:
        if wanted != self.wanted():
            return
        self._repaired = repaired
        self._canvas.set_awaits_filling(False)
        self.shown, self._before, self.picture = wanted, (content, before), after
        self.replaced.emit()
        self._canvas.set_image(after)
        self._canvas.set_before(_placed(before, after, wanted))
        self.changed.emit()
        self.came.emit()

    def _on_failed(self, problem: StudioError) -> None:
        if not self._jobs.runs("picture"):
            self._canvas.set_awaits_filling(False)
        self._context.problem.emit(problem)

    def _show_content(self, content: Recipe) -> None:
        """Show the picture itself: what shall be done to it cannot be done, as when its mask is missing."""

        def show(rendered: Rendered) -> None:
            if self._model.value.content == content and self.shown is None:
                self._canvas.set_image(rendered.image)
                self.changed.emit()

        job = self._context.worker.submit(
            lambda engine: engine.render(content),
            title=self.tr("Repairing and cleaning"),
            priority=Priority.LIVE,
            key="finish-content",
        )
        job.finished.connect(show)


def resting_timer(parent: QObject, interval: int) -> QTimer:
    """A timer that runs out once, so many milliseconds after it was last started."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    return timer


def _placed(before: _Pixels, after: _Pixels, recipe: Recipe) -> _Pixels:
    """The picture before, where it lies on the canvas of ``after``, which may be larger."""
    step = next(subjects_of(recipe, RepairRecipe), None)
    if step is None or before.shape[:2] == after.shape[:2]:
        return before
    left, _right, top, _bottom = step.margins_for(before.shape[1], before.shape[0])
    whole = np.full((*after.shape[:2], 3), 96, np.uint8)
    whole[top : top + before.shape[0], left : left + before.shape[1]] = before[..., :3]
    return whole
