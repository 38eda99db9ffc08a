"""Small pictures of samples for the whole room: drawn in the background, kept, and told when they are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from studio.base import Progress
from studio.engine.jobs.sample_grid import draw_samples
from studio.recipes import SampleRecipe, recipe_hash
from studio.ui.thumbnails import ThumbnailService, thumbnail_service
from studio.ui.widgets import to_qimage
from studio.worker import Job, Priority

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

SIDE = 224
"""The long side of the pictures, in pixels."""


class SamplePreviews(QObject):
    """A cache of small pictures by recipe. Whoever shows some says which, under a name; the newest wish of a name wins.

    What nobody waits for is drawn last, may be dropped, and never delays a slider.
    """

    arrived = Signal(str)
    """The hash of a recipe whose picture can be had now."""

    def __init__(
        self, context: StudioContext, parent: QObject | None = None, *, service: ThumbnailService | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._service = service if service is not None else thumbnail_service()
        self._jobs: dict[str, Job] = {}

    def find(self, recipe: SampleRecipe) -> QImage | None:
        """The picture of ``recipe``, if it is there."""
        return self._service.find(("sample", recipe_hash(recipe)))

    def put(self, recipe: SampleRecipe, image: NDArray[np.uint8]) -> None:
        """Keep the picture of ``recipe``, which was drawn for another reason: uint8 (h, w, 3 or 4)."""
        whole = to_qimage(image)
        smooth = Qt.TransformationMode.SmoothTransformation
        small = whole.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth) if whole.width() > SIDE else whole
        name = recipe_hash(recipe)
        self._service.put(("sample", name), small)
        self.arrived.emit(name)

    def want(self, name: str, recipes: Sequence[SampleRecipe]) -> None:
        """Draw those of ``recipes`` that are not there, in their order; an earlier wish of ``name`` is given up."""
        self.give_up(name)
        missing = [recipe for recipe in recipes if self.find(recipe) is None]
        if not missing:
            return
        job = self._context.worker.submit(
            lambda engine: draw_samples(engine, missing, max_side=SIDE),
            priority=Priority.BACKGROUND,
            key=f"previews-{name}",
        )
        self._jobs[name] = job
        job.progressed.connect(lambda progress: self._drawn(missing, progress))
        job.failed.connect(self._context.problem)

    def give_up(self, name: str) -> None:
        """Draw no more for ``name``."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.cancel()

    def is_drawing(self, name: str) -> bool:
        """Return whether pictures for ``name`` are still to come."""
        return name in self._jobs and not self._jobs[name].is_over

    def close(self) -> None:
        """Draw nothing more."""
        for name in list(self._jobs):
            self.give_up(name)

    def _drawn(self, recipes: Sequence[SampleRecipe], progress: Progress) -> None:
        if progress.preview is not None:
            self.put(recipes[progress.step - 1], progress.preview)
