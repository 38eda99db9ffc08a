"""Words for every kind of step."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import pytest
from pydantic import Field

from studio.base.fields import About
from studio.recipes import FileRef, LatentSeed, PhotoRecipe, Recipe, SampleRecipe, StyleUse, StylizeRecipe
from studio.recipes.steps import STEPS, FinishingStep
from studio.recipes.steps.step import Step
from studio.ui.describe.recipes import finished_text, recipe_name, recipe_rows, seed_of

SAMPLE = SampleRecipe(model=FileRef(hash="1" * 64, name="faces.safetensors"), latent=LatentSeed(seed=42))


class Unknown(Step):
    """A step that nobody has written words for."""

    kind: Literal["unknown"] = "unknown"
    content: Annotated[SampleRecipe, About("Content")]
    amount: Annotated[float, Field(ge=0, le=1), About("Amount")] = 0.5
    mode: Annotated[Literal["soft", "hard"], About("Mode", value_labels={"hard": "As hard as stone"})] = "soft"
    twice: Annotated[bool, About("Twice")] = False

    @property
    def subject(self) -> Recipe | None:
        """The picture that it changes."""
        return self.content


def test_a_step_without_words_of_its_own_is_told_by_its_fields(qapp: object) -> None:
    step = Unknown(content=SAMPLE, amount=0.25, mode="hard", twice=True)
    assert (recipe_name(step), seed_of(step)) == ("Seed 42", 42)  # type: ignore[arg-type]
    rows = recipe_rows(step)  # type: ignore[arg-type]
    assert rows[:4] == [("Content", "Seed 42"), ("Amount", "0.25"), ("Mode", "As hard as stone"), ("Twice", "Yes")]
    assert rows[4:] == recipe_rows(SAMPLE)
    assert recipe_rows(Unknown(content=SAMPLE))[0] == ("Content", "Seed 42")  # type: ignore[arg-type]
    assert "Amount" not in dict(recipe_rows(Unknown(content=SAMPLE)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_every_step_has_words_of_its_own(kind: str) -> None:
    plain = {words.dispatch(object) for words in (recipe_name, recipe_rows)}
    assert plain.isdisjoint(words.dispatch(STEPS[kind]) for words in (recipe_name, recipe_rows))
    finishing = issubclass(STEPS[kind], get_args(FinishingStep))
    assert finishing is (finished_text.dispatch(STEPS[kind]) is not finished_text.dispatch(object))


def test_what_lies_below_a_stylization_is_told_too(qapp: object) -> None:
    photo = PhotoRecipe(photo=FileRef(hash="2" * 64, name="sea.jpg"))
    rows = recipe_rows(StylizeRecipe(content=SAMPLE, styles=(StyleUse(source=photo),)))
    assert rows[0] == ("Content", "Seed 42") and rows[-len(recipe_rows(SAMPLE)) :] == recipe_rows(SAMPLE)
