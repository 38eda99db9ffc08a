"""Networks of one, two and four channels as networks of three, so that runs can start from them.

Training pictures are RGB. What draws grey draws the same greys three times, and learns colours from there; what draws
transparency loses it: pictures lie on a background before they are trained on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import Config, build_generator
from studio.networks.stylegan2 import Conv, Discriminator

COLORS = 3
_FROM = {1: (0, 0, 0), 2: (0, 0, 0), 4: (0, 1, 2)}
"""Which of so many channels (grey, grey with alpha, RGB with alpha) become red, green and blue."""
_OPAQUE = 1.0


def colored_shape(config: Config) -> Config:
    """The shape of the network of three channels that a network of the shape ``config`` becomes."""
    return replace(config, img_channels=COLORS)


def colored_weights(architecture: str, config: Config, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a generator of the shape ``config`` for :func:`colored_shape` of it: it draws the same colours."""
    if config.img_channels == COLORS:
        return dict(weights)
    card = ModelCard(name="", architecture=architecture, config=colored_shape(config).to_dict())
    with torch.device("meta"):
        wanted = build_generator(card).state_dict()
    channels = torch.tensor(_FROM[config.img_channels])
    found = {}
    for name, value in weights.items():
        differ = [at for at, (a, b) in enumerate(zip(value.shape, wanted[name].shape, strict=True)) if a != b]
        found[name] = value.index_select(differ[0], channels) if differ else value
    return found


def colored_discriminator(small: Discriminator) -> Discriminator:
    """A discriminator of three channels that says of pictures what ``small`` says of them as grey, or as opaque."""
    count = small.config.img_channels
    if count == COLORS:
        return small
    made = Discriminator(replace(small.config, img_channels=COLORS), small.architecture, group=small.group)
    weights = small.state_dict()
    for name, layer in small.named_modules():
        if not isinstance(layer, Conv) or not (name == "from_rgb" or name.startswith("colours.")):
            continue
        assert layer.bias is not None
        # Layers divide by the root of how many channels they read.
        kept = layer.weight[:, list(_FROM[count])] * math.sqrt(COLORS / count)
        weights[f"{name}.weight"] = (kept / COLORS if count < COLORS else kept).detach()
        if count in (2, 4):
            weights[f"{name}.bias"] = (layer.bias + _OPAQUE * layer.weight[:, -1, 0, 0] * layer.gain).detach()
    made.load_state_dict(weights)
    return made
