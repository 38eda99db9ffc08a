"""What every reader of other programs' networks checks alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from studio.networks.operators import binomial_kernel
from studio.networks.stylegan2 import StyleGAN2Config

# Anything larger than the published networks is no network; it would only take the machine's memory.
MAX_RESOLUTION = 2048
MAX_WIDTH = 4096


def stylegan2_config(**entries: Any) -> StyleGAN2Config:
    """A config whose numbers are those of a network that can exist.

    Raises
    ------
    ValueError
        When they are not.
    """
    widths = [entries[name] for name in ("z_dim", "w_dim", "channel_max")]
    if not 8 <= entries["resolution"] <= MAX_RESOLUTION or not all(1 <= width <= MAX_WIDTH for width in widths):
        raise ValueError(f"its size ({entries['resolution']} px) is not one of StyleGAN2")
    return StyleGAN2Config(**entries)


def is_binomial(kernel: Tensor) -> bool:
    """Whether a resampling filter is [1, 3, 3, 1] in both directions, whatever its gain."""
    return kernel.shape == (4, 4) and torch.allclose(kernel / kernel.sum(), binomial_kernel().to(kernel), atol=1e-6)


def check_numbers(weights: Mapping[str, Tensor]) -> None:
    """Refuse weights that are not finite.

    Raises
    ------
    ValueError
        Naming the first of them.
    """
    for name, value in weights.items():
        if not bool(torch.isfinite(value).all()):
            raise ValueError(f"{name} has entries that are no numbers")
