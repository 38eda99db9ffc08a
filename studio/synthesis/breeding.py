"""Breeding: children of one or two samples, by crossover or between both, and mutation. Recipes only, no torch."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import Literal

from studio.recipes import Latent, LatentMix, SampleRecipe
from studio.recipes.mixing import layer_latents, with_layer_latents
from studio.synthesis.variations import variation

Inheritance = Literal["layers", "parts", "blend"]
MIDDLE = (0.25, 0.75)
"""Between these shares of the second parent lie children of the inheritance "blend"."""


def child(
    a: SampleRecipe,
    b: SampleRecipe | None,
    seed: int,
    mutation: float,
    *,
    layers: int,
    inheritance: Inheritance = "layers",
    kept: Collection[int] = (),
    groups: Sequence[Collection[int]] = (),
) -> SampleRecipe:
    """A child of ``a`` and ``b``, or of ``a`` alone; the same one for the same seed.

    Class, truncation, noise and directions are those of ``a``: bring both parents to the same before
    (:func:`studio.engine.jobs.breeding.bred`).

    Parameters
    ----------
    mutation : share of the way, in every layer, to a sample that has nothing to do with the parents. 0: nothing but
        what the parents have, of one parent its very picture; 1: that other sample.
    layers : layers that take a w of their own; with fewer than two, children lie between their parents.
    inheritance : "layers": each layer is wholly that of one parent, and both give some (two-point crossover, Holland
        1975, "Adaptation in natural and artificial systems"); "parts": so is each of ``groups`` of layers; "blend": all
        layers lie at one place between both, as far from either as ``MIDDLE`` says.
    kept : layers that are ``a``'s, without any mutation.
    groups : layers that are inherited together.
    """
    draw = random.Random(f"breeding {seed}")
    born = a if b is None else _united(a, b, draw, layers, inheritance, groups)
    stranger = draw.randrange(2**32)
    if kept and layers and born is not a:
        own = layer_latents(a, layers)
        born = with_layer_latents(
            born, [own[layer] if layer in kept else latent for layer, latent in enumerate(layer_latents(born, layers))]
        )
    return born if mutation == 0 else variation(born, stranger, mutation, layers=layers, kept=kept)


def children(
    a: SampleRecipe,
    b: SampleRecipe | None,
    seeds: Sequence[int],
    mutation: float,
    *,
    layers: int,
    inheritance: Inheritance = "layers",
    kept: Collection[int] = (),
    groups: Sequence[Collection[int]] = (),
) -> list[SampleRecipe]:
    """A :func:`child` for each of ``seeds``."""
    return [
        child(a, b, seed, mutation, layers=layers, inheritance=inheritance, kept=kept, groups=groups) for seed in seeds
    ]


def _united(
    a: SampleRecipe,
    b: SampleRecipe,
    draw: random.Random,
    layers: int,
    inheritance: Inheritance,
    groups: Sequence[Collection[int]],
) -> SampleRecipe:
    """The inheritance of ``a`` and ``b``, before mutation."""
    if layers < 2 or inheritance == "blend":
        amount = draw.uniform(*MIDDLE)
        if not layers or not (a.style_mix or b.style_mix):
            return SampleRecipe(**{**dict(a), "latent": LatentMix(a=a.latent, b=b.latent, amount=amount)})
        pairs = zip(layer_latents(a, layers), layer_latents(b, layers), strict=True)
        return with_layer_latents(
            a, [one if one == two else LatentMix(a=one, b=two, amount=amount) for one, two in pairs]
        )
    first, second = layer_latents(a, layers), layer_latents(b, layers)
    if draw.random() < 0.5:
        first, second = second, first
    given = [group for group in groups if group]
    if inheritance == "parts" and len(given) > 1:
        # Of so many parts one at least is the other parent's, and not all are.
        others = draw.sample(given, draw.randrange(1, len(given)))
        inherited = {layer for group in others for layer in group}
        return with_layer_latents(a, [second[n] if n in inherited else first[n] for n in range(layers)])
    begin = draw.randrange(layers)
    length = draw.randrange(1, layers)
    inside = {(begin + step) % layers for step in range(length)}
    found: list[Latent] = [second[layer] if layer in inside else first[layer] for layer in range(layers)]
    return with_layer_latents(a, found)
