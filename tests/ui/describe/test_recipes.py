"""Recipes in words."""

from __future__ import annotations

from hypothesis import given
from PySide6.QtWidgets import QApplication

from studio.recipes import (
    DirectionMove,
    FileRef,
    LatentMix,
    LatentSeed,
    LatentW,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
)
from studio.ui.describe.recipes import recipe_name, recipe_rows, seed_of
from tests.recipes.test_recipes import RECIPES, UNHURRIED

BEACH = PhotoRecipe(photo=FileRef(hash="1" * 64, name="2026-11-24 15.04 beach.jpg"))
SAMPLE = SampleRecipe(model=FileRef(hash="2" * 64, name="people.safetensors"), latent=LatentSeed(seed=42))


def stylized(content: Recipe, **changes: object) -> StylizeRecipe:
    return StylizeRecipe.model_validate({"content": content, "styles": (StyleUse(source=BEACH),), **changes})


def test_names_and_seeds(qapp: QApplication) -> None:
    assert recipe_name(stylized(SAMPLE)) == "Seed 42 in beach"
    mixed = LatentMix(a=LatentSeed(seed=1), b=LatentW(values=((0.0,),)), amount=0.25)
    assert recipe_name(SAMPLE.model_copy(update={"latent": mixed})) == "Seed 1 to Own latent, 25 %"
    assert seed_of(stylized(SAMPLE)) == 42 and seed_of(stylized(SAMPLE, method="optimise", seed=7)) == 7
    assert seed_of(stylized(BEACH)) is None


def test_a_stylized_sample_tells_of_both(qapp: QApplication) -> None:
    rows = recipe_rows(stylized(SAMPLE, keep_colors=True))
    assert rows[:2] == [("Content", "Seed 42"), ("Style", "beach")]
    assert ("Colours", "Kept from the photo") in rows and ("Model", "people") in rows
    assert recipe_rows(stylized(BEACH))[0] == ("Photo", "beach")


def test_a_style_that_was_drawn_anew_keeps_its_name_in_older_recipes(qapp: QApplication) -> None:
    first = "39c4bbd8f937a1a71f70cdbae0d3b53cc48464c08b99a359c4a3dc00d1590d6d"  # Impasto until the 1st of December 2026
    older = PhotoRecipe(photo=FileRef(hash=first, name="9f31.jpg"))
    assert recipe_name(StylizeRecipe(content=BEACH, styles=(StyleUse(source=older),))) == "beach in Impasto"


def test_directions_say_their_basis_and_layers(qapp: QApplication) -> None:
    moves = (
        DirectionMove(index=0, amount=1.5),
        DirectionMove(index=2, amount=-0.5, basis="style", layers=(3, 7)),
        DirectionMove(amount=2, basis="own", vector=(1.0,)),
        DirectionMove(index=5, amount=0),
    )
    rows = recipe_rows(SAMPLE.model_copy(update={"directions": moves}))
    assert rows[-3:] == [
        ("Direction 1", "1.50 σ"),
        ("Style direction 3", "-0.50 σ  ·  layers 4 to 8"),
        ("Own direction", "× 2.00"),
    ]


@UNHURRIED
@given(RECIPES)
def test_every_recipe_can_be_described(qapp: QApplication, recipe: Recipe) -> None:
    assert recipe_name(recipe) and all(label for label, _ in recipe_rows(recipe))
