"""Filling parts of pictures."""

from __future__ import annotations

from studio.base import Work
from studio.engine.steps.photo import read_mask
from studio.engine.steps.registry import Picture, RenderContext, renders
from studio.recipes import RepairRecipe, RepairSettings
from studio.restoration.repair import repair


@renders("repair")
class RepairRenderer:
    """Fills what a mask says, and new canvas."""

    def render(
        self, recipe: RepairRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The repaired picture; always made at its full size, since other sizes give other fillings."""
        content = yield from context.picture(recipe.content)
        mask = read_mask(recipe.mask, context.sources)
        return (yield from repair(content, mask, RepairSettings.within(recipe)))
