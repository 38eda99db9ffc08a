"""Keeping what the Stylize room shows: saved, exported, copied or handed on, enlarged where that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from studio.base import Work
from studio.recipes import EnlargeRecipe, Recipe, StylizeRecipe
from studio.ui.context import StudioContext
from studio.ui.model import Model
from studio.ui.saving import PictureKeeping
from studio.ui.stylize.canvas_source import CanvasSource
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_renders import FinalRenders
from studio.ui.stylize.picture_on_canvas import PictureOnCanvas
from studio.ui.stylize.previews import Previews
from studio.ui.stylize.unsaved_finals import UnsavedFinals

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered

_Pixels = NDArray[np.uint8]


class StylizedKeeping(QObject):
    """Takes the picture shown, with its recipe; a final render that runs or was stopped as far as it has come."""

    def __init__(
        self,
        context: StudioContext,
        model: Model[Draft],
        on_canvas: PictureOnCanvas,
        previews: Previews,
        finals: FinalRenders,
        unsaved: UnsavedFinals,
        keeping: PictureKeeping,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._on_canvas, self._previews = context, model, on_canvas, previews
        self._finals, self._unsaved, self._keeping = finals, unsaved, keeping

    def save(self) -> None:
        """Save it to the gallery."""
        self._with_picture(self._enlarged(self._keeping.save))

    def export(self) -> None:
        """Ask for a file name and write it as PNG, JPEG, TIFF or WebP, with its recipe."""
        shown = self._on_canvas.recipe()
        if shown is None or self._on_canvas.source() is CanvasSource.CLIP:
            self._with_picture(self._keeping.export)  # says why there is nothing to export
        elif (path := self._keeping.choose_file(shown)) is not None:
            self._with_picture(self._enlarged(lambda image, recipe: self._export_to(path, image, recipe)))

    def copy(self) -> bool:
        """Copy it, with its recipe, and return whether there is something to copy; a clip's frame has no recipe."""
        if self._on_canvas.recipe() is None or self._on_canvas.source() is CanvasSource.CLIP:
            return False
        self._with_picture(self._keeping.copy)
        return True

    def copy_recipe(self) -> None:
        """Copy its recipe as text."""
        if (recipe := self._on_canvas.recipe()) is not None:
            self._keeping.copy_recipe(recipe)

    def finish(self) -> None:
        """Hand it to the room where it is repaired, cleaned and enlarged."""

        def finish(image: _Pixels, recipe: StylizeRecipe) -> None:
            # What was optimised for minutes is not made once more.
            self._context.worker.call(lambda engine: engine.remember(recipe, image))
            self._context.finishPicture.emit(recipe)

        self._with_picture(finish)

    def _export_to(self, path: Path, image: _Pixels, recipe: Recipe) -> None:
        self._keeping.write(lambda: image, path, recipe)
        styled = recipe.content if isinstance(recipe, EnlargeRecipe) else recipe
        if isinstance(styled, StylizeRecipe):
            self._unsaved.forget(styled)

    def _enlarged(self, use: Callable[[_Pixels, Recipe], None]) -> Callable[[_Pixels, StylizeRecipe], None]:
        """Do with the enlarged picture, if that is wanted, what is to be done with a picture."""
        factor = self._model.value.enlarged
        if factor == 1:
            return use

        def enlarge(image: _Pixels, recipe: StylizeRecipe) -> None:
            large = EnlargeRecipe(content=recipe, factor=float(factor))

            def work(engine: Engine) -> Work[Rendered]:
                engine.remember(recipe, image)
                return (yield from engine.render(large))

            job = self._context.worker.submit(work, title=self.tr("Enlarging"), must_finish=True)
            job.finished.connect(lambda rendered: use(rendered.image, large))
            job.failed.connect(self._context.problem)

        return enlarge

    def _with_picture(self, use: Callable[[_Pixels, StylizeRecipe], None]) -> None:
        """``use`` the picture shown and its recipe; a preview that is not there in full is rendered first."""
        recipe = self._model.value.recipe("preview")
        final = self._finals.shown()
        if recipe is None:
            self._context.notify.emit(self.tr("There is nothing to save yet: it takes a photo and a style."))
        elif self._on_canvas.source() is CanvasSource.CLIP:
            self._context.notify.emit(
                self.tr("Choose Clip, and pause: the frame in the present look can be saved then.")
            )
        elif final is not None and final.image is not None:
            use(final.image, final.recipe_of_image())
        elif (preview := self._previews.best(recipe)) is not None and preview.full:
            use(preview.image, preview.recipe)
        else:
            shown = recipe if preview is None else preview.recipe
            job = self._context.worker.submit(
                lambda engine: engine.render(shown), title=self.tr("Stylize"), must_finish=True
            )
            job.finished.connect(lambda rendered: use(rendered.image, shown))
            job.failed.connect(self._context.problem)
