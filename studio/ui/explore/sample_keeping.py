"""Keeping samples: saved, exported and copied as their recipes say, whatever the canvas shows at the moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studio.recipes import SampleRecipe
from studio.ui.saving import PictureKeeping

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class SampleKeeping(QObject):
    """Renders samples at full size and hands their pictures to :class:`PictureKeeping`."""

    failed = Signal(object)
    """A picture could not be made: a ``StudioError``."""

    def __init__(self, context: StudioContext, keeping: PictureKeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._keeping = context, keeping

    def save(self, samples: list[SampleRecipe]) -> None:
        """Save all of them to the gallery."""
        for recipe in samples:
            self._render(recipe, self.tr("Saving"), partial(self._keeping.save, recipe=recipe))

    def export(self, samples: list[SampleRecipe]) -> None:
        """Ask for a file name and write a picture with its recipe; of several only one is taken."""
        if len(samples) > 1:
            self._context.notify.emit(self.tr("Select one sample to export it. Saving takes several."))
        elif samples and (path := self._keeping.choose_file(samples[0])) is not None:
            recipe = samples[0]
            self._render(recipe, self.tr("Exporting"), lambda image: self._keeping.write(lambda: image, path, recipe))

    def copy(self, samples: list[SampleRecipe]) -> None:
        """Copy the first picture, together with its recipe as text."""
        for recipe in samples[:1]:
            self._render(recipe, self.tr("Copying"), partial(self._keeping.copy, recipe=recipe))

    def copy_recipe(self, samples: list[SampleRecipe]) -> None:
        """Copy the recipe of the first as text."""
        for recipe in samples[:1]:
            self._keeping.copy_recipe(recipe)

    def _render(self, recipe: SampleRecipe, title: str, use: Callable[[NDArray[np.uint8]], None]) -> None:
        """Hand ``use`` exactly the recipe's picture at full size: the canvas may lag behind the controls."""
        job = self._context.worker.submit(lambda engine: engine.render(recipe), title=title, must_finish=True)
        job.finished.connect(lambda rendered: use(rendered.image))
        job.failed.connect(self.failed)
