"""The part of the picture that one looks at in the Finish room, as it will be enlarged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect

from studio.recipes import Recipe
from studio.ui.context import StudioContext
from studio.ui.finish.canvas import FinishCanvas
from studio.ui.finish.draft import Draft
from studio.ui.finish.jobs import FinishJobs
from studio.ui.finish.picture_on_canvas import REST_MS, resting_timer
from studio.ui.model import Model
from studio.worker import Priority

MOST_PIXELS = 700_000
"""Pixels of the picture that are enlarged for the look at a part; a larger part in view shows no more on a screen."""
LEAST_ZOOM = 1.2
"""Below it a part in finer pixels shows no more than the picture itself."""


class EnlargedPart(QObject):
    """Enlarges the part in view, where that shows more than the picture itself.

    Parameters
    ----------
    shown : gives the recipe of the picture on the canvas.
    """

    def __init__(
        self,
        context: StudioContext,
        model: Model[Draft],
        canvas: FinishCanvas,
        jobs: FinishJobs,
        shown: Callable[[], Recipe | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._canvas, self._jobs, self._shown = context, model, canvas, jobs, shown
        self._of: tuple[Recipe, QRect] | None = None
        """What is shown or being made: which enlargement, and which part."""
        self._rest = resting_timer(self, REST_MS)
        self._rest.timeout.connect(self.show)
        canvas.viewChanged.connect(self._rest.start)

    def clear(self) -> None:
        """Take the part away: it would lie on another picture."""
        self._of = None
        self._canvas.set_detail(QRect(), None)

    def show(self) -> None:
        """Enlarge the part in view."""
        recipe, box = self._model.value.enlargement(), self._canvas.visible_part()
        needless = self._canvas.zoom() < LEAST_ZOOM or box.width() * box.height() > MOST_PIXELS
        if (
            recipe is None
            or self._canvas.image() is None
            or self._shown() != recipe.content
            or box.isEmpty()
            or needless
        ):
            self.clear()
            return
        if self._of == (recipe, box):
            return
        if self._of is not None and self._of[0] != recipe:
            self._canvas.set_detail(QRect(), None)
        self._of = recipe, box
        corners = box.left(), box.top(), box.left() + box.width(), box.top() + box.height()
        job = self._context.worker.submit(
            lambda engine: engine.enlarged_part(recipe, corners),
            title=self.tr("Enlarging"),
            priority=Priority.LIVE,
            key="finish-detail",
        )
        self._jobs.begin("part", job)
        job.finished.connect(lambda part: self._on_made(recipe, box, part))
        job.failed.connect(self._context.problem)

    def show_result_pixels(self) -> None:
        """Show one pixel of the result in each of the device."""
        recipe, image = self._model.value.enlargement(), self._canvas.image()
        if recipe is None or image is None:
            self._canvas.actual_size()
        else:
            self._canvas.set_zoom(recipe.size_for(image.width(), image.height())[0] / image.width())

    def shut_down(self) -> None:
        """Begin nothing more."""
        self._rest.stop()

    def _on_made(self, recipe: Recipe, box: QRect, part: NDArray[np.uint8]) -> None:
        if self._of == (recipe, box):
            self._canvas.set_detail(box, part)
