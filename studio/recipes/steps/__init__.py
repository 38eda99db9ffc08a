"""The steps that pictures are made by, one module each.

How to add one: write ``steps/<kind>.py`` with a class that extends :class:`Step`, has a ``kind`` of its own as a
``Literal`` with that default, says on every field its range and :class:`~studio.base.fields.About`, and takes other
pictures in fields of the type ``Recipe`` (imported for type checking only: it is put in here). Then enter the class
into the union ``Recipe`` below, or into ``FinishingStep`` when it changes a whole picture as repairing does. Walks,
files, hashes, documents and the gallery follow from the fields; beside this a step has its renderer in
``engine/steps/``, its words in ``ui/describe/`` and its command in ``cli/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from studio.recipes.steps.clean import CleanRecipe, CleanSettings
from studio.recipes.steps.enlarge import EnlargeRecipe, EnlargeSettings
from studio.recipes.steps.photo import PhotoRecipe
from studio.recipes.steps.repair import RepairRecipe, RepairSettings
from studio.recipes.steps.sample import SampleRecipe
from studio.recipes.steps.step import Step
from studio.recipes.steps.stylize import StyleUse, StylizeRecipe, StylizeSettings
from studio.recipes.values import Value

FinishingStep = EnlargeRecipe | RepairRecipe | CleanRecipe
"""The steps that change a whole picture at its full depth, and the frames of clips alike."""

Recipe = Annotated[SampleRecipe | PhotoRecipe | StylizeRecipe | FinishingStep, Field(discriminator="kind")]


def _below(base: type[Value]) -> Iterator[type[Value]]:
    for value in base.__subclasses__():
        yield value
        yield from _below(value)


# Steps hold other steps, which are all known only here.
for _value in _below(Value):
    _value.model_rebuild(_types_namespace={"Recipe": Recipe})

STEPS: Mapping[str, type[Step]] = {step.model_fields["kind"].default: step for step in get_args(get_args(Recipe)[0])}
"""Every step by its kind."""

recipe_adapter: TypeAdapter[Recipe] = TypeAdapter(Recipe)

__all__ = [
    "STEPS",
    "CleanRecipe",
    "CleanSettings",
    "EnlargeRecipe",
    "EnlargeSettings",
    "FinishingStep",
    "PhotoRecipe",
    "Recipe",
    "RepairRecipe",
    "RepairSettings",
    "SampleRecipe",
    "Step",
    "StyleUse",
    "StylizeRecipe",
    "StylizeSettings",
    "recipe_adapter",
]
