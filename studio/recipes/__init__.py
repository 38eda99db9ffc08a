"""Recipes: small immutable values that say how a picture is made."""

from typing import TYPE_CHECKING, Any

from studio.recipes.documents import dumps, loads
from studio.recipes.latents import DirectionMove, Latent, LatentMix, LatentSeed, LatentW, NetworkBlend, StyleMix
from studio.recipes.sequences.film import FilmRecipe, FinishedFilmRecipe, film_of
from studio.recipes.sequences.journey import JourneyRecipe
from studio.recipes.square import PhotoSquare, Square
from studio.recipes.steps import (
    CleanRecipe,
    CleanSettings,
    EnlargeRecipe,
    EnlargeSettings,
    PhotoRecipe,
    Recipe,
    RepairRecipe,
    RepairSettings,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
    StylizeSettings,
)
from studio.recipes.tree import files_in, on_photo, photo_behind, photo_shown, pictures_in, recipe_hash, steps_in, walk
from studio.recipes.values import FileRef, FileRole

if TYPE_CHECKING:
    from studio.recipes.embed import read_recipe, save_picture

__all__ = [
    "CleanRecipe",
    "CleanSettings",
    "DirectionMove",
    "EnlargeRecipe",
    "EnlargeSettings",
    "FileRef",
    "FileRole",
    "FilmRecipe",
    "FinishedFilmRecipe",
    "JourneyRecipe",
    "Latent",
    "LatentMix",
    "LatentSeed",
    "LatentW",
    "NetworkBlend",
    "PhotoRecipe",
    "PhotoSquare",
    "Recipe",
    "RepairRecipe",
    "RepairSettings",
    "SampleRecipe",
    "Square",
    "StyleMix",
    "StyleUse",
    "StylizeRecipe",
    "StylizeSettings",
    "dumps",
    "files_in",
    "film_of",
    "loads",
    "on_photo",
    "photo_behind",
    "photo_shown",
    "pictures_in",
    "read_recipe",
    "recipe_hash",
    "save_picture",
    "steps_in",
    "walk",
]


def __getattr__(name: str) -> Any:
    # Pictures take numpy and Pillow; the command line knows its options sooner without.
    if name in ("read_recipe", "save_picture"):
        from studio.recipes import embed

        return getattr(embed, name)
    raise AttributeError(name)
