"""Layers of a network that draw the shape, the features and the colour, measured by changing each alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from studio.base import Message, Progress, Work
from studio.networks import dcgan
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.recipes.direction_set import LayerParts, usual_parts
from studio.synthesis.latents import LatentSpace

PAIRS = 4
"""Pairs of seeds of which one gives each layer in turn to the other."""
COARSE_SIDE = 8
FINE_SIDE = 64
SHAPE_SHARE = 0.5
"""The layers of the shape make so much of the change of the coarse structure."""
COLOUR_SHARE = 0.12
"""The layers of the colour make, together, at most so much of the change of the fine structure."""


@torch.no_grad()
def measure_parts(space: LatentSpace, model: FileRef) -> Work[LayerParts]:
    """Change the w of one layer after the other and see what of the picture changes; one yield a picture.

    A picture's structure is its lightness without mean and contrast, which another colouring leaves nearly as it is:
    coarse at 8 px, fine at 64 px. The first layers with half of all change of the coarse structure are the shape, the
    last ones with at most 12 % of that of the fine structure the colour, and what lies between the features.

    Raises
    ------
    ValueError
        For a network without w.
    """
    net = space.generator
    if isinstance(net, dcgan.Generator):
        raise ValueError("a network without w has no layers to tell apart")
    layers = net.config.num_ws
    coarse, fine = torch.zeros(layers), torch.zeros(layers)
    total = PAIRS * (layers + 1)
    for pair in range(PAIRS):
        recipes = [
            SampleRecipe(model=model, latent=LatentSeed(seed=2 * pair + k), truncation=0.8, label=_label(net))
            for k in (0, 1)
        ]
        code, other = (space.recipe_code(recipe) for recipe in recipes)
        base = space.picture(code, recipes[0])
        yield Progress(pair * (layers + 1) + 1, total, Message("Measuring the layers"))
        for layer in range(layers):
            changed = code.clone()
            changed[:, layer] = other[:, layer]
            picture = space.picture(changed, recipes[0])
            coarse[layer] += structure_change(base, picture, COARSE_SIDE)
            fine[layer] += structure_change(base, picture, FINE_SIDE)
            yield Progress(pair * (layers + 1) + layer + 2, total, Message("Measuring the layers"))
    return parts_from(coarse.tolist(), fine.tolist())


def structure_change(a: Tensor, b: Tensor, side: int) -> float:
    """Mean square of the difference of two pictures' structures, uint8 (h, w, c) each; 0 for the same structure."""
    return float((_structure(a, side) - _structure(b, side)).square().mean())


def parts_from(coarse: Sequence[float], fine: Sequence[float]) -> LayerParts:
    """The parts that changes of the coarse and fine structure by each layer give; each part has a layer at least."""
    layers = len(coarse)
    if layers < 3 or sum(coarse) <= 0 or sum(fine) <= 0:
        return usual_parts(layers)
    colour = layers - 1
    while colour > 2 and sum(fine[colour - 1 :]) <= COLOUR_SHARE * sum(fine):
        colour -= 1
    features = min(max(1, layers // 6), colour - 1)
    while features < colour - 1 and sum(coarse[:features]) < SHAPE_SHARE * sum(coarse):
        features += 1
    return LayerParts(features=features, colour=colour)


def _structure(picture: Tensor, side: int) -> Tensor:
    light = picture[..., :3].float().mean(dim=-1)[None, None]
    small = torch.nn.functional.adaptive_avg_pool2d(light, min(side, light.shape[-1]))
    small = small - small.mean()
    return small / small.square().mean().sqrt().clamp(min=4.0)


def _label(net: object) -> int | None:
    return 0 if getattr(getattr(net, "config", None), "labels", 0) else None
