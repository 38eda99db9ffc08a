"""Sizes that networks can have. Anything larger than the published ones would only take the machine's memory."""

from __future__ import annotations

from collections.abc import Mapping

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
    "img_channels": (1, 64),
    "mapping_layers": (1, 64),
    "labels": (0, 2**20),
}


def check_sizes(config: Mapping[str, object]) -> None:
    """Raise ValueError when a whole number in ``config`` is not one of a network that can exist."""
    for name, value in config.items():
        low, high = LIMITS.get(name, ANY)
        if isinstance(value, int) and not low <= value <= high:
            raise ValueError(f"its {name} of {str(value)[:30]} is not one of a network")


def stylegan2_config(**config: int) -> StyleGAN2Config:
    """A config whose numbers are those of a network that can exist.

    Raises
    ------
    ValueError
        When they are not.
    """
    if not 8 <= config["resolution"] <= MAX_RESOLUTION:
        raise ValueError(f"its size ({config['resolution']} px) is not one of StyleGAN2")
    check_sizes(config)
    if config["channel_base"] < config["resolution"]:
        raise ValueError("its highest resolution has no channels")
    return StyleGAN2Config(**config)
