"""Recipes: small immutable values that say how a picture is made."""

from studio.recipes.document import dumps, loads
from studio.recipes.embed import read_recipe, save_picture
from studio.recipes.film import FilmRecipe, film_of
from studio.recipes.model import (
    DirectionMove,
    FileRef,
    Latent,
    LatentMix,
    LatentSeed,
    LatentW,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleMix,
    StyleUse,
    StylizeRecipe,
    recipe_hash,
)

__all__ = [
    "DirectionMove",
    "FileRef",
    "FilmRecipe",
    "Latent",
    "LatentMix",
    "LatentSeed",
    "LatentW",
    "PhotoRecipe",
    "Recipe",
    "SampleRecipe",
    "StyleMix",
    "StyleUse",
    "StylizeRecipe",
    "dumps",
    "film_of",
    "loads",
    "read_recipe",
    "recipe_hash",
    "save_picture",
]
