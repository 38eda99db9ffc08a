"""Where a run begins: a model of the library, its discriminator where there is one, or nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from torch import Tensor

from studio.checkpoints.discriminators import load_discriminator
from studio.checkpoints.info import read_card
from studio.checkpoints.store import Config, config_of, load_model
from studio.networks.stylegan2 import Discriminator
from studio.training.fits import refuse
from studio.training.settings import TrainSettings

START_DISCRIMINATOR = "start-discriminator.safetensors"
"""Beside the starting model in the run's folder."""


def start_shape(settings: TrainSettings) -> Config | None:
    """The shape of the starting model, which decides over the run's; None without one.

    Raises
    ------
    StudioError
        When the model does not fit the run; it says why.
    """
    if settings.start_from is None:
        return None
    card = read_card(Path(settings.start_from))
    config = config_of(card)
    shape = SimpleNamespace(
        architecture=card.architecture,
        resolution=config.resolution,
        labels=getattr(config, "labels", 0),
        img_channels=config.img_channels,
    )
    refuse(card.name, shape, settings.architecture, settings.resolution)
    return config


def start_weights(settings: TrainSettings) -> dict[str, Tensor] | None:
    """The generator's weights to go on from; None without a starting model.

    Raises
    ------
    StudioError
        When the file is damaged.
    """
    return load_model(Path(settings.start_from)).state_dict() if settings.start_from is not None else None


def start_discriminator(settings: TrainSettings) -> Discriminator | None:
    """The discriminator that came with the starting model, None when there is none that fits."""
    if settings.start_from is None:
        return None
    path = Path(settings.start_from).with_name(START_DISCRIMINATOR)
    found = load_discriminator(path) if path.is_file() else None
    if found is None or (found.config.resolution, found.config.img_channels, found.config.labels) != (
        settings.resolution, 3, 0,
    ):  # fmt: skip
        return None
    return found
