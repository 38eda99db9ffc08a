"""Notes that an artist keeps of a generator: named directions, and which of its layers draw what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, TypeAdapter, model_validator

from studio.base import Message, StudioError
from studio.base.fields import About
from studio.recipes.documents import ValueFormat, recipe_format
from studio.recipes.latents import Basis, DirectionMove
from studio.recipes.steps import SampleRecipe
from studio.recipes.values import FileRef, Real, Value

Layers = tuple[int, int]
MOST_COVERS = 48
"""As many as the largest page of the sheet has."""
_Layer = Annotated[int, Field(ge=0, lt=64)]


class LayerParts(Value):
    """The layers that draw the shape, the features and the colour of pictures, from the coarsest.

    Attributes
    ----------
    features : the first layer of the features; the layers before it draw composition and shape.
    colour : the first layer of the colours and textures.
    """

    features: Annotated[int, Field(ge=1, lt=64)]
    colour: Annotated[int, Field(ge=1, le=64)]

    @model_validator(mode="after")
    def _rising(self) -> LayerParts:
        if self.features > self.colour:
            raise ValueError("the colours begin before the features")
        return self

    def layers_of(self, part: int, layers: int) -> tuple[int, ...]:
        """The layers of part 0 (shape), 1 (features) or 2 (colour) of a network of so many ``layers``."""
        first = (0, self.features, self.colour)[part]
        end = (self.features, self.colour, layers)[part]
        return tuple(range(min(first, layers), min(end, layers)))


def usual_parts(layers: int) -> LayerParts:
    """The parts before anything was measured: up to 8 px and 32 px as in the StyleGAN paper, thirds in small networks.

    The paper: Karras et al. 2019, "A style-based generator architecture for generative adversarial networks".
    """
    if layers >= 10:
        return LayerParts(features=4, colour=8)
    return LayerParts(features=max(1, round(layers / 3)), colour=max(1, round(layers * 2 / 3)))


class NamedDirection(Value):
    """A direction under the artist's name for it.

    Attributes
    ----------
    name : the artist's; empty: none yet.
    basis, index, layers, vector : as of :class:`~studio.recipes.latents.DirectionMove`.
    locked : a random walk leaves it alone.
    """

    name: Annotated[str, Field(max_length=80)] = ""
    basis: Basis = "principal"
    index: Annotated[int, Field(ge=0, lt=512)] = 0
    layers: tuple[_Layer, _Layer] | None = None
    vector: Annotated[tuple[Real, ...], Field(min_length=1, max_length=8192)] | None = None
    locked: bool = False

    @model_validator(mode="after")
    def _whole(self) -> NamedDirection:
        DirectionMove(basis=self.basis, index=self.index, amount=0.0, layers=self.layers, vector=self.vector)
        return self

    def is_of(self, move: DirectionMove | NamedDirection) -> bool:
        """Return whether ``move`` goes along this direction.

        On other layers it is still the same one, but for those of the basis "style", which are found for their layers.
        """
        if move.basis != self.basis:
            return False
        if self.basis == "own":
            return move.vector == self.vector
        return move.index == self.index and (self.basis == "principal" or move.layers == self.layers)

    def find(self, recipe: SampleRecipe) -> DirectionMove | None:
        """The first move of ``recipe`` along this direction."""
        return next((move for move in recipe.directions if self.is_of(move)), None)

    def amount_in(self, recipe: SampleRecipe) -> float:
        """Amount by which ``recipe`` moves along this direction."""
        found = self.find(recipe)
        return found.amount if found is not None else 0.0

    def moved(self, recipe: SampleRecipe, amount: float, layers: Layers | None = None) -> SampleRecipe:
        """``recipe`` with another move along this direction; all other moves stay.

        The order of moves is always the same: principal ones by their number, then the others as they came.
        """
        found = self.find(recipe)
        moves = [move for move in recipe.directions if move is not found]
        if amount:
            new = DirectionMove(basis=self.basis, index=self.index, amount=amount, layers=layers, vector=self.vector)
            moves.insert(recipe.directions.index(found) if found is not None else len(moves), new)
        moves.sort(key=lambda move: move.index if move.basis == "principal" and move.layers is None else 512)
        return SampleRecipe(**{**dict(recipe), "directions": tuple(moves)})


class DirectionSet(Value):
    """The named directions of one model, its parts, and its covers.

    Attributes
    ----------
    directions : those of the artist's own, and those of a basis that got a name or a lock.
    parts : None: not measured yet.
    covers : pictures that the artist wants to see first, the newest in front; beside those that the card names.
    """

    model: FileRef
    directions: tuple[NamedDirection, ...] = ()
    parts: LayerParts | None = None
    covers: Annotated[tuple[SampleRecipe, ...], Field(max_length=MOST_COVERS), About(since=9)] = ()

    def noted(self, direction: NamedDirection) -> NamedDirection:
        """``direction`` as it is kept here, with its name and lock."""
        return next((found for found in self.directions if found.is_of(direction)), direction)

    def with_direction(self, direction: NamedDirection) -> DirectionSet:
        """A set in which ``direction`` takes the place of the one of its kind, or comes at the end."""
        found = [direction if one.is_of(direction) else one for one in self.directions]
        return self._with(found if direction in found else [*found, direction])

    def without(self, direction: NamedDirection) -> DirectionSet:
        """A set without ``direction``."""
        return self._with([one for one in self.directions if not one.is_of(direction)])

    def with_covers(self, recipes: Sequence[SampleRecipe]) -> DirectionSet:
        """A set with ``recipes`` of its model in front of the other covers, of which the oldest may have to go."""
        new = [recipe for recipe in dict.fromkeys(recipes) if recipe.model.hash == self.model.hash]
        kept = [*new, *(cover for cover in self.covers if cover not in new)][:MOST_COVERS]
        return DirectionSet(**{**dict(self), "covers": tuple(kept)})

    def without_covers(self, recipes: Sequence[SampleRecipe]) -> DirectionSet:
        """A set in which ``recipes`` are no covers."""
        kept = tuple(cover for cover in self.covers if cover not in recipes)
        return DirectionSet(**{**dict(self), "covers": kept})

    def _with(self, directions: Sequence[NamedDirection]) -> DirectionSet:
        return DirectionSet(**{**dict(self), "directions": tuple(directions)})


DIRECTIONS = ValueFormat(
    recipe_format("latent-studio-directions", "directions"),
    TypeAdapter(DirectionSet),
    damaged=Message("Export the directions again where they were made."),
    other=StudioError("This file holds no directions.", "Choose a file that was exported with Latent Studio."),
    too_large=Message("{name} is too large to hold directions."),
    full=StudioError("These are too many directions for one file.", "Take some away first."),
)
