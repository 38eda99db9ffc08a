"""Cleaning pictures."""

from __future__ import annotations

from studio.base import Work
from studio.engine.steps.registry import AnyDepth, Picture, RenderContext, renders
from studio.recipes import CleanRecipe, CleanSettings
from studio.restoration.clean import clean


@renders("clean")
class CleanRenderer:
    """Takes noise, traces of JPEG, scratches and a faded look away."""

    def render(
        self, recipe: CleanRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The cleaned picture; always made at its full size, since noise is something of single pixels."""
        content = yield from context.picture(recipe.content)
        return (yield from self.changed(recipe, content, context))

    def changed(self, recipe: CleanRecipe, picture: AnyDepth, context: RenderContext) -> Work[AnyDepth]:
        """See :class:`~studio.engine.steps.registry.FinishingRenderer`."""
        return clean(picture, CleanSettings.within(recipe))
