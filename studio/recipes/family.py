"""A family tree of samples: who was bred from whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, TypeAdapter, model_validator

from studio.base import Message, StudioError
from studio.recipes.documents import ValueFormat, recipe_format
from studio.recipes.steps import SampleRecipe
from studio.recipes.tree import recipe_hash
from studio.recipes.values import FileRef, Value

MOST = 2000
"""Pictures that a tree can hold."""


class Person(Value):
    """A picture of a family.

    Attributes
    ----------
    number : its own in the tree, from 1; parents have smaller ones than their children.
    parents : the numbers of its parents, none to two.
    name : the artist's; empty: none.
    """

    number: Annotated[int, Field(ge=1)]
    recipe: SampleRecipe
    parents: Annotated[tuple[int, ...], Field(max_length=2)] = ()
    name: Annotated[str, Field(max_length=80)] = ""


class FamilyTree(Value):
    """The pictures of one model that were bred, by rising number."""

    model: FileRef
    persons: Annotated[tuple[Person, ...], Field(max_length=MOST)] = ()

    @model_validator(mode="after")
    def _grown(self) -> FamilyTree:
        known: set[int] = set()
        last = 0
        for person in self.persons:
            if person.number <= last:
                raise ValueError("the numbers of a family rise")
            if not known.issuperset(person.parents):
                raise ValueError("a parent is missing from the family")
            if person.recipe.model.hash != self.model.hash:
                raise ValueError("a picture of the family is of another model")
            known.add(person.number)
            last = person.number
        return self

    def find(self, recipe: SampleRecipe) -> Person | None:
        """The person with this recipe."""
        wanted = recipe_hash(recipe)
        return next((person for person in self.persons if recipe_hash(person.recipe) == wanted), None)

    def with_child(self, recipe: SampleRecipe, parents: Sequence[SampleRecipe] = ()) -> FamilyTree:
        """A tree with ``recipe`` as the child of ``parents``, which join before it; who is there stays as it is.

        Raises
        ------
        StudioError
            When the tree is full.
        """
        tree = self
        for parent in parents:
            tree = tree.with_child(parent)
        if tree.find(recipe) is not None:
            return tree
        if len(tree.persons) >= MOST:
            raise StudioError("The family tree is full.", "Export it, and begin a new tree.")
        numbers = {found.number for parent in parents if (found := tree.find(parent)) is not None}
        number = tree.persons[-1].number + 1 if tree.persons else 1
        person = Person(number=number, recipe=recipe, parents=tuple(sorted(numbers)))
        return FamilyTree(model=tree.model, persons=(*tree.persons, person))

    def without(self, number: int) -> FamilyTree:
        """A tree without the person of this number; its children become those of its parents, where there is room."""
        gone = next(one for one in self.persons if one.number == number)
        persons = []
        for one in self.persons:
            if number in one.parents:
                left = [parent for parent in one.parents if parent != number]
                both = sorted({*left, *gone.parents})
                one = one.model_copy(update={"parents": tuple(both if len(both) <= 2 else left)})
            if one.number != number:
                persons.append(one)
        return FamilyTree(model=self.model, persons=tuple(persons))

    def renamed(self, number: int, name: str) -> FamilyTree:
        """A tree in which the person of this number has another name."""
        persons = tuple(one.model_copy(update={"name": name}) if one.number == number else one for one in self.persons)
        return FamilyTree(model=self.model, persons=persons)

    def generations(self) -> list[list[Person]]:
        """The persons by generation: first those without parents, then each one below the later of its parents."""
        depths: dict[int, int] = {}
        rows: list[list[Person]] = []
        for person in self.persons:
            depth = 1 + max((depths[parent] for parent in person.parents), default=-1)
            depths[person.number] = depth
            if depth == len(rows):
                rows.append([])
            rows[depth].append(person)
        return rows


FAMILY = ValueFormat(
    recipe_format("latent-studio-family", "family"),
    TypeAdapter(FamilyTree),
    damaged=Message("Export the family tree again where it was made."),
    other=StudioError("This file holds no family tree.", "Choose a file that was exported with Latent Studio."),
    too_large=Message("{name} is too large to hold a family tree."),
    full=StudioError("The family tree is full.", "Export it, and begin a new tree."),
)
