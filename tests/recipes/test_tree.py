"""Recipes as trees: children, files, the photo behind a picture, and hashes that are computed once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from studio.recipes import (
    DirectionMove,
    FileRef,
    FileRole,
    LatentMix,
    LatentSeed,
    LatentW,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleMix,
    StyleUse,
    StylizeRecipe,
    files_in,
    photo_behind,
    photo_shown,
    pictures_in,
    recipe_hash,
    steps_in,
    tree,
    walk,
)
from studio.recipes.sequences.film import film_of
from tests.recipes.test_recipes import RECIPES, UNHURRIED


def ref(letter: str) -> FileRef:
    return FileRef(hash=letter * 64)


def photo(letter: str) -> PhotoRecipe:
    return PhotoRecipe(photo=ref(letter))


W = LatentW(values=((0.5, 1.0), (2.0, -3.0)))
SAMPLE = SampleRecipe(
    model=ref("a"),
    latent=LatentMix(a=LatentSeed(seed=1), b=W),
    directions=(DirectionMove(index=0, amount=1),),
    style_mix=(StyleMix(latent=LatentSeed(seed=2), layers=(0,)),),
)
STYLIZED = StylizeRecipe(
    content=photo("b"),
    styles=(StyleUse(source=SAMPLE, region=ref("c"), part=ref("d")),),
    mask=ref("e"),
    start=photo("f"),
)


def test_every_value_tells_its_children_and_files() -> None:
    assert list(STYLIZED.children()) == [photo("b"), STYLIZED.styles[0], photo("f")]
    assert list(SAMPLE.children()) == [SAMPLE.latent, *SAMPLE.directions, *SAMPLE.style_mix]
    assert list(SAMPLE.files()) == [(FileRole.MODEL, ref("a"))]
    assert list(STYLIZED.styles[0].files()) == [(FileRole.MASK, ref("c")), (FileRole.MASK, ref("d"))]
    assert W in walk(STYLIZED) and not list(W.children())


def test_files_are_found_at_any_depth() -> None:
    outer = StylizeRecipe(content=STYLIZED, styles=(StyleUse(source=photo("0")),))
    assert {used.ref.hash[0] for used in files_in(outer)} == set("abcdef0")
    assert {found.hash[0] for found in pictures_in(outer)} == set("bcdef0")
    assert {used.ref.hash[0] for used in files_in(film_of(STYLIZED, ref("9")))} == set("acde9")


def test_the_steps_in_a_recipe_are_outermost_first_and_start_is_one() -> None:
    outer = StylizeRecipe(content=STYLIZED, styles=(StyleUse(source=photo("0")),))
    assert list(steps_in(outer)) == [STYLIZED, photo("b"), SAMPLE, photo("f"), photo("0")]


def test_the_photo_behind_a_picture_is_found_through_all_steps() -> None:
    style = (StyleUse(source=photo("0")),)
    twice = StylizeRecipe(content=STYLIZED, styles=style)
    assert photo_behind(twice) == photo_shown(twice) == photo("b")
    texture = StylizeRecipe(content=STYLIZED, styles=style, texture=True)
    assert photo_behind(texture) == photo("b") and photo_shown(texture) is None
    assert photo_behind(StylizeRecipe(content=SAMPLE, styles=style)) is None


def dumped(node: object) -> list[dict[str, object]]:
    """All objects in the JSON of a recipe."""
    if isinstance(node, dict):
        return [node, *(found for part in node.values() for found in dumped(part))]
    return [found for part in node for found in dumped(part)] if isinstance(node, list) else []


STEP_KINDS = ("sample", "photo", "stylize", "enlarge", "repair", "clean")


@UNHURRIED
@given(RECIPES)
def test_the_walk_misses_nothing_of_the_json(recipe: Recipe) -> None:
    nodes = dumped(recipe.model_dump(mode="json"))
    refs = [node["hash"] for node in nodes if node.keys() == {"hash", "name"}]
    assert sorted(used.ref.hash for used in files_in(recipe)) == sorted(map(str, refs))
    assert sum(1 for _ in walk(recipe)) == len(nodes) - len(refs)
    kinds = [str(node["kind"]) for node in nodes if node.get("kind") in STEP_KINDS]
    assert sorted(step.kind for step in (recipe, *steps_in(recipe))) == sorted(kinds)


def test_the_hash_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []

    def counted(held: object, **options: object) -> str:
        written.append(held)
        return real(held, **options)  # type: ignore[arg-type]

    real = json.dumps
    monkeypatch.setattr(tree.json, "dumps", counted)
    recipe = SampleRecipe(model=ref("a"), latent=LatentW(values=W.values))
    first = recipe_hash(recipe)
    assert W.values in written
    written.clear()
    assert recipe_hash(recipe) == first and not written
    # Another recipe around the same latent does not write its numbers again, and has a hash of its own.
    moved = recipe.model_copy(update={"truncation": 0.1})
    assert recipe_hash(moved) != first and W.values not in written
    other = recipe.model_copy(update={"latent": recipe.latent.model_copy(update={"values": ((1.0,),)})})
    assert recipe_hash(other) == recipe_hash(SampleRecipe(model=ref("a"), latent=LatentW(values=((1.0,),))))
    assert recipe == SampleRecipe(model=ref("a"), latent=LatentW(values=W.values))
