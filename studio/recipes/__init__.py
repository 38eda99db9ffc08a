"""Recipes: small immutable values that say how a picture is made."""

from studio.recipes.model import (
    ENTRY_KINDS,
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
    "ENTRY_KINDS",
    "DirectionMove",
    "FileRef",
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
    "recipe_hash",
]
