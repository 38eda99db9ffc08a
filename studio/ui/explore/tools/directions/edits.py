"""Changes that the parts of the tool make: of the picture, and of what is noted of a direction."""

from __future__ import annotations

from studio.recipes import SampleRecipe
from studio.recipes.direction_set import Layers, NamedDirection
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.model import edited


def layers_of(context: ToolContext, direction: NamedDirection, recipe: SampleRecipe) -> Layers | None:
    """The layers that a move along ``direction`` goes on: those it has, else those that were noted."""
    if not context.layers:
        return None
    found = direction.find(recipe)
    return found.layers if found is not None else direction.layers


def moved(context: ToolContext, direction: NamedDirection, recipe: SampleRecipe, amount: float) -> SampleRecipe:
    """``recipe`` with another move along ``direction``, on the layers it goes on already."""
    return direction.moved(recipe, amount, layers_of(context, direction, recipe))


def note(context: ToolContext, direction: NamedDirection | None, **changes: object) -> None:
    """Keep a name, a lock or layers of ``direction``."""
    if direction is not None and context.notes.value is not None:
        context.notes.edit(context.notes.value.with_direction(edited(direction, **changes)))
