"""Going on at a higher resolution: a StyleGAN2 with new top layers that begins as the smaller network, enlarged.

In the spirit of progressive growing (Karras et al. 2018), but without a blend: the *skip* generator adds up the colours
of every resolution, so new layers whose colours are zero leave its picture as it is, enlarged. The discriminator begins
as the smaller one looking at reduced pictures. Both are exact, and every new weight can learn from the first step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from studio.networks.stylegan2 import SQRT2, Conv, Discriminator, DownBlock, Generator, StyleGAN2Config

WIDTH = 32
"""Channels that new layers have at least, if the smaller network's highest resolution has as many."""
LINEAR = 1.2 * SQRT2
"""leaky(v) - leaky(-v) = LINEAR v."""


def grown_config(config: StyleGAN2Config, resolution: int) -> StyleGAN2Config:
    """The shape of the same network with layers up to ``resolution``; those that were there keep their width.

    A chain (*orig*) becomes *skip*: only the latter can have layers without effect.

    Raises
    ------
    ValueError
        For a residual generator, which has no such layers, and for a resolution that is not higher.
    """
    if config.architecture == "resnet" or resolution <= config.resolution:
        raise ValueError(f"a {config.architecture} network of {config.resolution} px cannot grow to {resolution} px")
    least = max(config.channel_min, min(WIDTH, config.channels(config.resolution)))
    return replace(config, resolution=resolution, channel_min=least, architecture="skip")


def grown_weights(
    config: StyleGAN2Config, weights: Mapping[str, Tensor], grown: StyleGAN2Config, seed: int
) -> dict[str, Tensor]:
    """The weights of a generator of the shape ``grown`` that draws what the one of ``config`` draws, enlarged.

    ``w_avg`` and the noise pictures of the old layers stay as well; new layers have no noise at first.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = Generator(grown).state_dict()
    for r in grown.resolutions:
        # Of a chain, only the highest resolution had colours.
        for name in ("weight", "bias"):
            made[f"synthesis.blocks.{r}.to_rgb.{name}"].zero_()
    unknown = weights.keys() - made.keys()
    if unknown:
        raise ValueError(f"the larger network lacks {sorted(unknown)[0]}")
    return made | dict(weights)


@torch.no_grad()
def grown_discriminator(small: Discriminator, resolution: int, seed: int) -> Discriminator | None:
    """A discriminator for ``resolution`` that judges as ``small`` judges reduced pictures; the label stays.

    None when its new layers have too few channels to hand the colours on.
    """
    grown: Discriminator | None = small
    while grown is not None and grown.config.resolution < resolution:
        grown = _doubled(grown, seed)
    return grown


def new_layers(small: Discriminator, resolution: int) -> int:
    """Number of the first of ``layers_from_picture`` that are new when ``small`` has grown to ``resolution``."""
    doublings = int(math.log2(resolution // small.config.resolution))
    per_block = 3 if small.architecture == "resnet" else 2
    return 1 + doublings * per_block if doublings else 0


def _doubled(small: Discriminator, seed: int) -> Discriminator | None:
    top = 2 * small.config.resolution
    # The generator's architecture in it says nothing about the discriminator.
    config = grown_config(replace(small.config, architecture="skip"), top)
    residual, chain = small.architecture == "resnet", small.architecture != "skip"
    if chain and config.channels(top) < 2 * config.img_channels:
        return None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + top)
        made = Discriminator(config, small.architecture, group=small.group)
    weights = made.state_dict()
    for name, value in small.state_dict().items():
        kind, _, rest = name.partition(".")
        if kind in ("blocks", "colours"):
            index, _, rest = rest.partition(".")
            weights[f"{kind}.{int(index) + 1}.{rest}"] = value
        elif kind == "from_rgb":
            if not chain:
                weights[f"colours.0.{rest}"] = value
        else:
            weights[name] = value
    made.load_state_dict(weights)
    block = made.blocks[0]
    assert isinstance(block, DownBlock) and block.conv1.bias is not None
    block.conv1.weight.zero_()
    block.conv1.bias.zero_()
    if not chain:
        return made  # the block adds nothing; the colours of the old resolution are all there is
    _carry_colours(made.from_rgb, block.conv0, config.img_channels)
    # What the old first layer made of the reduced colours; the residual block divides by the square root of two.
    gain = SQRT2 if residual else 1.0
    old, bias = small.from_rgb, small.from_rgb.bias
    assert bias is not None
    for c in range(config.img_channels):
        column = old.weight[:, c, 0, 0] * (old.gain * gain / (LINEAR * block.conv1.gain))
        block.conv1.weight[:, 2 * c, 1, 1] = column
        block.conv1.weight[:, 2 * c + 1, 1, 1] = -column
    block.conv1.bias.copy_(bias * gain)
    if block.skip is not None:
        block.skip.weight.zero_()
    return made


def _carry_colours(from_rgb: Conv, conv: Conv, colours: int) -> None:
    """Let the first two channels for each colour be leaky(v) and leaky(-v), after either layer."""
    assert from_rgb.bias is not None and conv.bias is not None
    carried = 2 * colours
    from_rgb.weight[:carried] = 0
    from_rgb.bias[:carried] = 0
    conv.weight[:carried] = 0
    conv.bias[:carried] = 0
    for c in range(colours):
        for row, sign in ((2 * c, 1.0), (2 * c + 1, -1.0)):
            from_rgb.weight[row, c] = sign / from_rgb.gain
            conv.weight[row, 2 * c, 1, 1] = sign / (LINEAR * conv.gain)
            conv.weight[row, 2 * c + 1, 1, 1] = -sign / (LINEAR * conv.gain)
