"""Several fillings of what is painted, shown small, for the artist to choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from studio.base import Progress, Work, within
from studio.recipes import RepairRecipe
from studio.recipes.steps.repair import PROPOSING
from studio.ui.context import StudioContext
from studio.ui.finish.controls import RepairSection, proposals_for
from studio.ui.finish.draft import Draft
from studio.ui.finish.jobs import FinishJobs
from studio.ui.model import Model, edited
from studio.worker import Job

if TYPE_CHECKING:
    from studio.engine import Engine

_Pixels = NDArray[np.uint8]


class Proposals(QObject):
    """Makes proposals by other seeds, and takes them away when another repair is wanted."""

    def __init__(
        self, context: StudioContext, model: Model[Draft], controls: RepairSection, jobs: FinishJobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._controls, self._jobs = context, model, controls, jobs
        self._shown_of: Job | None = None
        """Whose proposals are shown."""
        model.changed.connect(self._on_changed)

    def are_possible(self) -> bool:
        """Return whether something is to be filled, in a way that has several answers."""
        draft = self._model.value
        return draft.repaired() != draft.content and draft.method in PROPOSING

    def make(self) -> None:
        """Fill what is painted in several ways, and show each when it is there."""
        recipe = self._model.value.repaired()
        if not isinstance(recipe, RepairRecipe):
            return
        self._controls.paint_button.setChecked(False)
        seeds = [(recipe.seed + number) % 2**32 for number in range(proposals_for(self._model.value))]
        found: list[tuple[int, _Pixels]] = []

        def work(engine: Engine) -> Work[None]:
            for number, seed in enumerate(seeds):
                proposal = engine.render(recipe.model_copy(update={"seed": seed}))
                made = yield from within(proposal, number / len(seeds), (number + 1) / len(seeds))
                content = yield from engine.render(recipe.content)
                found.append((seed, _changed_part(content.image, made.image)))
                yield Progress(number + 1, len(seeds))

        self.forget()
        job = self._context.worker.submit(work, title=self.tr("Making proposals"), key="finish-proposals")
        self._shown_of = job
        told = 0

        def show(*_: object) -> None:
            nonlocal told
            if self._shown_of is job and len(found) > told:
                told = len(found)
                self._controls.show_proposals(list(found))

        self._jobs.begin("proposals", job)
        for news in (job.progressed, job.finished, job.failed, job.cancelled):
            news.connect(show)
        job.failed.connect(self._context.problem)

    def forget(self) -> None:
        """Take away proposals for another repair."""
        self._shown_of = None
        self._jobs.cancel("proposals")
        self._controls.show_proposals([])

    def _on_changed(self, old: Draft, new: Draft) -> None:
        if old.repaired() != edited(new, seed=old.seed).repaired():
            self.forget()


def _changed_part(before: _Pixels, after: _Pixels) -> _Pixels:
    """A square around what differs, for a small picture of a proposal."""
    if before.shape[:2] != after.shape[:2]:
        return after
    rows, columns = np.nonzero((before != after).any(-1))
    if not len(rows):
        return after
    side = max(int(np.ptp(rows)), int(np.ptp(columns))) * 3 // 2 + 32
    middle = (int(rows.min()) + int(rows.max())) // 2, (int(columns.min()) + int(columns.max())) // 2
    top, left = (max(0, min(at - side // 2, length - side)) for at, length in zip(middle, after.shape, strict=False))
    return np.ascontiguousarray(after[top : top + side, left : left + side])
