"""The result of the Finish room: the whole draft made at full size, to be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.base import Pace, Progress, Work
from studio.recipes import Recipe
from studio.recipes.embed import AnyPicture
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.finish.bar import FinishBar
from studio.ui.finish.draft import Draft
from studio.ui.finish.jobs import FinishJobs
from studio.ui.model import Model
from studio.worker import Job

if TYPE_CHECKING:
    from studio.engine import Engine


class ResultMaking(QObject):
    """Makes one result at a time, and says in the bar how far it is."""

    begun = Signal()
    """A result is being made."""

    def __init__(
        self, context: StudioContext, model: Model[Draft], bar: FinishBar, jobs: FinishJobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._bar, self._jobs = context, model, bar, jobs

    def make(self, use: Callable[[AnyPicture, Recipe], None]) -> None:
        """Make what the draft says, then ``use`` picture and recipe."""
        recipe = self._model.value.result()
        if recipe is None:
            self.tell_empty()
            return
        if self._jobs.runs("result"):
            self._context.notify.emit(self.tr("One picture is being made already. Wait for it, or stop it."))
            return
        self._model.commit()

        def work(engine: Engine) -> Work[AnyPicture]:
            from studio.engine.jobs.finishing import finished_picture

            return finished_picture(engine, recipe)

        job = self._context.worker.submit(work, title=recipe_name(recipe), key="finish-result", asks=True)
        pace = Pace()
        job.shown_elsewhere = self._bar.isVisible
        job.seconds_left = lambda: pace.left
        self._jobs.begin("result", job)
        job.progressed.connect(lambda progress: self._on_progress(job, pace, progress))
        job.finished.connect(lambda made: use(made, recipe))
        job.failed.connect(self._context.problem)
        self.begun.emit()

    def tell_empty(self) -> None:
        """Say that there is no picture."""
        self._context.notify.emit(self.tr("There is nothing to save yet: drop a picture first."))

    def _on_progress(self, job: Job, pace: Pace, progress: Progress) -> None:
        pace.take(progress)
        if job is self._jobs.newest("result"):
            self._bar.show_running(progress, pace.left)
