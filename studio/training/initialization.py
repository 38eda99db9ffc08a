"""The beginning of a run: a model of the library, its discriminator where there is one, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from torch import Tensor

from studio.checkpoints.discriminators import load_discriminator
from studio.checkpoints.info import read_card
from studio.checkpoints.store import Config, config_of, load_model
from studio.networks.stylegan2 import Discriminator, StyleGAN2Config
from studio.training.colored import colored_discriminator, colored_shape, colored_weights
from studio.training.grow import grown_config, grown_discriminator, grown_weights, new_layers
from studio.training.settings import TrainSettings
from studio.training.start_models import CHANNELS, refuse

START_DISCRIMINATOR = "start-discriminator.safetensors"
"""Beside the starting model in the run's folder."""


def start_shape(settings: TrainSettings) -> Config | None:
    """The shape of the starting model, which decides over the run's, grown to its resolution; None without one.

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
        residual=card.residual,
    )
    refuse(card.name, shape, settings.architecture, settings.resolution)
    config = colored_shape(config)
    if isinstance(config, StyleGAN2Config) and config.resolution < settings.resolution:
        return grown_config(config, settings.resolution)
    return config


def origin(settings: TrainSettings) -> dict[str, str | int]:
    """The starting model in the card's words: its name, and its resolution when the run has enlarged it.

    Raises
    ------
    StudioError
        When its file cannot be read.
    """
    if settings.start_from is None:
        return {}
    card = read_card(Path(settings.start_from))
    resolution = config_of(card).resolution
    grown = {"grown_from_resolution": resolution} if resolution < settings.resolution else {}
    return {"started_from": card.name, **grown}


def began(found: Mapping[str, str | int]) -> str:
    """Result of :func:`origin` in words, to follow what the model was trained on; empty without a starting model."""
    if not found:
        return ""
    size = found.get("grown_from_resolution")
    return f"; started as “{found['started_from']}”" + (f" of {size} px, enlarged" if size else "")


def start_weights(settings: TrainSettings) -> dict[str, Tensor] | None:
    """The generator's weights to go on from, enlarged where the run has a higher resolution; None for scratch.

    Raises
    ------
    StudioError
        When the file is damaged.
    """
    if settings.start_from is None:
        return None
    model = load_model(Path(settings.start_from))
    shape, config = start_shape(settings), colored_shape(model.config)
    weights = colored_weights(settings.architecture, model.config, model.state_dict())
    if isinstance(shape, StyleGAN2Config) and isinstance(config, StyleGAN2Config) and shape != config:
        return grown_weights(config, weights, shape, settings.seed)
    return weights


def start_discriminator(settings: TrainSettings) -> tuple[Discriminator, int] | None:
    """The discriminator that came with the starting model, grown with it; None when there is none that fits.

    And how many of its first layers are new.
    """
    if settings.start_from is None:
        return None
    path = Path(settings.start_from).with_name(START_DISCRIMINATOR)
    found = load_discriminator(path) if path.is_file() else None
    if found is None or found.config.labels or found.config.img_channels not in CHANNELS:
        return None
    found = colored_discriminator(found)
    if found.config.resolution > settings.resolution:
        return None
    grown = grown_discriminator(found, settings.resolution, settings.seed)
    return (grown, new_layers(found, settings.resolution)) if grown is not None else None
