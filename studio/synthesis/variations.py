"""Variations of a sample: other pictures near it, or far, of which some layers stay. Recipes only, no torch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from studio.recipes import Latent, LatentMix, LatentSeed, SampleRecipe
from studio.recipes.mixing import layer_latents, with_layer_latents

DEEPEST = 8
"""Variations of variations are latents in latents; beyond this depth they are worked out to numbers."""


def variation(
    recipe: SampleRecipe, seed: int, distance: float, *, layers: int, kept: Collection[int] = ()
) -> SampleRecipe:
    """A sample on the way from ``recipe`` to another seed.

    Parameters
    ----------
    distance : 0 is the recipe itself, 1 the sample of the other seed, under the recipe's truncation and directions.
    layers : layers that take a w of their own; 0 for networks without w, of which nothing can be kept.
    kept : layers that stay as they are.
    """
    towards = LatentSeed(seed=seed)
    if (not kept and not recipe.style_mix) or not layers:
        latent = LatentMix(a=recipe.latent, b=towards, amount=distance)
        return SampleRecipe(**{**dict(recipe), "latent": latent})
    found: list[Latent] = [
        latent if layer in kept else LatentMix(a=latent, b=towards, amount=distance)
        for layer, latent in enumerate(layer_latents(recipe, layers))
    ]
    return with_layer_latents(recipe, found)


def variations(
    recipe: SampleRecipe, seeds: Sequence[int], distance: float, *, layers: int, kept: Collection[int] = ()
) -> list[SampleRecipe]:
    """A :func:`variation` for each of ``seeds``."""
    return [variation(recipe, seed, distance, layers=layers, kept=kept) for seed in seeds]


def depth(recipe: SampleRecipe) -> int:
    """Depth of latents within latents: 1 for a seed."""
    return max(map(_depth, (recipe.latent, *(mix.latent for mix in recipe.style_mix))))


def _depth(latent: Latent) -> int:
    return 1 + max(_depth(latent.a), _depth(latent.b)) if isinstance(latent, LatentMix) else 1
