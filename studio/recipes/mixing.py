"""Style mixing layer by layer: which latent every layer of a sample takes its style from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studio.recipes.latents import Latent, StyleMix
from studio.recipes.steps import SampleRecipe


def layer_latents(recipe: SampleRecipe, layers: int) -> list[Latent]:
    """The latent that each of so many ``layers`` takes its style from: the recipe's own where nothing is mixed."""
    found: list[Latent] = [recipe.latent] * layers
    for mix in recipe.style_mix:
        for layer in mix.layers:
            if layer < layers:
                found[layer] = mix.latent
    return found


def with_layer_latents(recipe: SampleRecipe, latents: Sequence[Latent]) -> SampleRecipe:
    """``recipe`` with a latent for each layer; layers of the same one are one :class:`StyleMix`."""
    mixes: list[tuple[Latent, list[int]]] = []
    for layer, latent in enumerate(latents):
        if latent == recipe.latent:
            continue
        for known, chosen in mixes:
            if known == latent:
                chosen.append(layer)
                break
        else:
            mixes.append((latent, [layer]))
    styles = tuple(StyleMix(latent=latent, layers=tuple(chosen)) for latent, chosen in mixes)
    return SampleRecipe(**{**dict(recipe), "style_mix": styles})


def mixed(recipe: SampleRecipe, latent: Latent, layers: Iterable[int], count: int) -> SampleRecipe:
    """``recipe`` whose ``layers``, of ``count`` there are, take their style from ``latent``; the others stay."""
    found = layer_latents(recipe, count)
    for layer in layers:
        if layer < count:
            found[layer] = latent
    return with_layer_latents(recipe, found)


def mix_sources(recipe: SampleRecipe) -> list[Latent]:
    """The latents that are mixed in, each once, in their order."""
    found: list[Latent] = []
    for mix in recipe.style_mix:
        if mix.latent not in found:
            found.append(mix.latent)
    return found
