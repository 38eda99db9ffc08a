"""Documents of every version that was ever written open, and what they hold keeps its hash."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.recipes import StylizeRecipe, StylizeSettings, dumps, loads, recipe_hash
from studio.recipes.sequences.film import dumps_film, film_hash, loads_film
from studio.recipes.steps import STEPS, Step
from tests.support.paths import DATA

WRITTEN = DATA / "documents"


def written(name: str) -> list[dict[str, Any]]:
    return json.loads((WRITTEN / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", written("recipe_2.json"), ids=lambda entry: entry["hash"][:8])
def test_recipes_of_version_2_keep_their_json_and_hash(entry: dict[str, Any]) -> None:
    recipe = loads(json.dumps(entry["document"]))
    assert recipe_hash(recipe) == entry["hash"]
    assert json.loads(dumps(recipe)) == entry["document"]


def test_films_of_version_1_keep_their_json_and_hash() -> None:
    for entry in written("film_1.json"):
        film = loads_film(json.dumps(entry["document"]))
        assert film_hash(film) == entry["hash"]
        assert json.loads(dumps_film(film)) == entry["document"]


def test_every_step_is_entered_by_its_kind() -> None:
    def below(base: type[Step]) -> list[type[Step]]:
        return [found for step in base.__subclasses__() for found in (step, *below(step))]

    assert {name: step.__name__ for name, step in STEPS.items()} == {
        str(step.model_fields["kind"].default): step.__name__ for step in below(Step)
    }


def test_a_stylization_gives_away_its_settings() -> None:
    recipe = loads(json.dumps(written("recipe_2.json")[-1]["document"]))
    assert isinstance(recipe, StylizeRecipe)
    settings = recipe.settings
    assert type(settings) is StylizeSettings
    assert settings.loss == "gram" and settings.mask == recipe.mask
    again = StylizeRecipe(content=recipe.content, styles=recipe.styles, start=recipe.start, **dict(settings))
    assert again == recipe
