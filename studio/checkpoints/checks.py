"""Checks that every reader of model files makes: sizes that networks can have (anything larger than the published ones
would only take the machine's memory), shapes, numbers and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from studio.networks.operators import binomial_kernel
from studio.networks.stylegan2 import StyleGAN2Config

MAX_RESOLUTION = 2048
MAX_WIDTH = 4096
ANY = (0, 2**23)
LIMITS = {
    "resolution": (4, MAX_RESOLUTION),
    "z_dim": (1, MAX_WIDTH),
    "w_dim": (1, MAX_WIDTH),
    "width": (1, MAX_WIDTH),
    "channel_max": (1, MAX_WIDTH),
    "channel_min": (0, MAX_WIDTH),
    "img_channels": (1, 64),
    "mapping_layers": (1, 64),
    "labels": (0, 2**20),
}


def check_sizes(config: Mapping[str, object]) -> None:
    """Raise ValueError when a whole number in ``config`` is not one of a network that can exist."""
    for name, value in config.items():
        low, high = LIMITS.get(name, ANY)
        if isinstance(value, int) and not low <= value <= high:
            shown = value if abs(value) < 10**20 else "many digits"
            raise ValueError(f"its {name} of {shown} is not one of a network")
    base, resolution = config.get("channel_base"), config.get("resolution")
    if isinstance(base, int) and isinstance(resolution, int) and base < resolution and not config.get("channel_min"):
        raise ValueError("its highest resolution has no channels")


def stylegan2_config(**config: Any) -> StyleGAN2Config:
    """A config whose numbers are those of a network that can exist.

    Raises
    ------
    ValueError
        When they are not.
    """
    if not 8 <= config["resolution"] <= MAX_RESOLUTION:
        raise ValueError(f"its size ({config['resolution']} px) is not one of StyleGAN2")
    check_sizes(config)
    return StyleGAN2Config(**config)


def channel_base_of(widths: Mapping[int, int]) -> int:
    """The ``channel_base`` of a StyleGAN2 network with these widths by resolution: min(base // r, most) each.

    A base that is no multiple of the resolutions (3000) gives widths that are rounded down.

    Raises
    ------
    ValueError
        When there is no such base.
    """
    most = max(widths.values())
    low = max(width * r for r, width in widths.items())
    # The widest may have been wider still without the limit.
    free = [(width + 1) * r - 1 for r, width in widths.items() if width < most]
    if free and min(free) < low:
        raise ValueError("its widths are not those of StyleGAN2")
    return low


def check_shapes(network: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Raise ValueError when ``weights`` are not all those of ``network`` (which may lie on the meta device)."""
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    for name, shape in shapes.items():
        if name not in weights:
            raise ValueError(f"its weights {name} are missing")
        if tuple(weights[name].shape) != shape:
            raise ValueError(f"its weights {name} are of the shape {tuple(weights[name].shape)}, not {shape}")
    if unknown := sorted(name for name in weights if name not in shapes):
        raise ValueError(f"its weights {unknown[0][:100]} are not those of a known network")


def check_numbers(weights: Mapping[str, Tensor]) -> None:
    """Raise ValueError for weights that are not finite."""
    for name, value in weights.items():
        if not bool(torch.isfinite(value).all()):
            raise ValueError(f"{name} has entries that are no numbers")


def is_binomial(kernel: Tensor) -> bool:
    """Return whether a resampling filter is [1, 3, 3, 1] in both directions, whatever its gain."""
    return kernel.shape == (4, 4) and torch.allclose(kernel / kernel.sum(), binomial_kernel().to(kernel), atol=1e-6)


def flipped(kernel: Tensor) -> Tensor:
    """A kernel (out, in, h, w) turned by half a turn, in its own memory: a network's weights are not held twice."""
    return kernel.copy_(kernel.flip(2, 3))
