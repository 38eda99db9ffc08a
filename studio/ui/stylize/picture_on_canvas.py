"""The picture on the canvas of the Stylize room: the photo, a preview or a final render, as the room's state says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studio.recipes import FileRef, Recipe, StylizeRecipe
from studio.recipes.steps.stylize import Method
from studio.ui.masks.canvas import MaskCanvas
from studio.ui.model import Model
from studio.ui.stylize.canvas_source import CanvasSource, canvas_source
from studio.ui.stylize.clip.bar import ClipBar
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_renders import FinalRenders
from studio.ui.stylize.missing_photos import MissingPhotos
from studio.ui.stylize.previews import Preview, Previews
from studio.ui.widgets import from_qimage

_Pixels = NDArray[np.uint8]


class PictureOnCanvas(QObject):
    """Brings the canvas to the draft, and has previews rendered where they are what belongs there."""

    changed = Signal()
    """Another picture is on the canvas."""

    def __init__(
        self,
        model: Model[Draft],
        canvas: MaskCanvas,
        clip: ClipBar,
        previews: Previews,
        finals: FinalRenders,
        missing: MissingPhotos,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model, self._canvas, self._clip = model, canvas, clip
        self._previews, self._finals, self._missing = previews, finals, missing
        self._styled: Recipe | None = None
        """Whose picture, restyled, is on the canvas."""
        self._looking = 0
        previews.came.connect(self._on_preview)
        previews.beforeCame.connect(self._on_before)
        previews.rested.connect(lambda: self._render_preview(live=False))
        finals.pictureCame.connect(self._on_final)

    def look_for_photos(self, on: bool) -> None:
        """Leave the canvas as it is while the photos of an opened recipe are looked for; one may follow another."""
        self._looking += 1 if on else -1

    def source(self) -> CanvasSource:
        """Return who may draw on the canvas."""
        final = self._finals.shown()
        return canvas_source(
            self._model.value,
            clip_holds=self._clip.holds_canvas(),
            looking=self._looking > 0,
            missing=self.missing_photo(),
            has_final=final is not None and final.image is not None,
        )

    def missing_photo(self) -> FileRef | None:
        """Return a photo of the draft that is not on this computer."""
        return self._missing.missing(self._model.value)

    def recipe(self) -> StylizeRecipe | None:
        """Return the recipe of what is shown; None while photo or styles are missing."""
        shown = self._finals.shown()
        if shown is not None and shown.image is not None:
            return shown.recipe_of_image()
        recipe = self._model.value.recipe("preview")
        best = None if recipe is None else self._previews.best(recipe)
        return recipe if best is None else best.recipe

    def restyled(self) -> _Pixels | None:
        """Return the restyled picture on the canvas; None when something else is there."""
        image = self._canvas.image()
        restyled = self._styled is not None and self._styled == self._model.value.subject()
        return from_qimage(image) if image is not None and restyled and not self._clip.holds_canvas() else None

    def previewed(self) -> Method | None:
        """Return the method of the preview on the canvas; None before there is one."""
        recipe, latest = self._model.value.recipe("preview"), self._previews.latest
        best = None if recipe is None else self._previews.best(recipe)
        return best.recipe.method if best is not None else None if latest is None else latest.recipe.method

    def update(self, *, live: bool = False) -> None:
        """Bring the canvas to the draft; ``live`` while a control moves."""
        source, subject = self.source(), self._model.value.subject()
        if source in (CanvasSource.NOBODY, CanvasSource.MISSING, CanvasSource.PHOTO, CanvasSource.FINAL):
            self._previews.stop()
        if source in (CanvasSource.PHOTO, CanvasSource.FINAL, CanvasSource.PREVIEW) and subject is not None:
            self._previews.render_before(subject, self._model.value.size)
        match source:
            case CanvasSource.MISSING:
                self._tell_missing(self.missing_photo())
            case CanvasSource.PHOTO:
                self._show_photo()
            case CanvasSource.FINAL:
                final = self._finals.shown()
                if final is not None and final.image is not None:
                    self._show(final.image)
            case CanvasSource.PREVIEW:
                self._show_preview(live=live)

    def _tell_missing(self, missing: FileRef | None) -> None:
        name = "" if missing is None else missing.name
        self._canvas.set_image(None)
        self._canvas.set_before(None)
        self._canvas.set_message(self.tr("{name} is missing. Drop it here.").format(name=f"“{name}”"))

    def _show(self, image: _Pixels) -> None:
        subject = self._model.value.subject()
        self._styled = subject
        self._canvas.set_image(image)
        self._canvas.set_before(self._previews.before(subject))
        self.changed.emit()

    def _show_photo(self) -> None:
        before = self._previews.before(self._model.value.subject())
        self._styled = None
        self._canvas.set_before(None)
        if before is not None:
            self._canvas.set_image(before)
        self.changed.emit()

    def _show_preview(self, *, live: bool) -> None:
        """The instant preview, unless a finished render can be touched up to the settings as they are."""
        recipe = self._model.value.recipe("preview")
        if recipe is None or self._finals.touch_up():
            self._previews.stop()
        elif (preview := self._previews.best(recipe)) is not None:
            self._previews.hold(preview)
            self._show(preview.image)
        else:
            self._render_preview(live=live)

    def _render_preview(self, *, live: bool) -> None:
        recipe = self._model.value.recipe("preview")
        if recipe is not None and self.missing_photo() is None:
            self._previews.render(recipe, live=live)

    def _on_preview(self, preview: Preview) -> None:
        # While dragging, a preview that is one position late is still better than none; other pictures are not.
        now = self._model.value.recipe("preview")
        other = now is None or (now.content != preview.recipe.content and not self._clip.is_open())
        if not other and self.source() is CanvasSource.PREVIEW:
            self._show(preview.image)

    def _on_before(self, subject: Recipe) -> None:
        source = self.source()
        if subject != self._model.value.subject() or source in (CanvasSource.CLIP, CanvasSource.LOOKING):
            return
        if source is not CanvasSource.PHOTO and self._styled == subject:
            self._canvas.set_before(self._previews.before(subject))
        else:
            self._show_photo()

    def _on_final(self, image: _Pixels) -> None:
        if self.source() is not CanvasSource.CLIP:
            self._previews.stop()
            self._show(image)
