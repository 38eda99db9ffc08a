"""Discriminators beside the models of the library: a fine-tune that has one starts from what it knows.

A model file holds the generator alone. Its discriminator, where there is one, lies in ``models/discriminators/`` under
the model's hash, as safetensors with its shape in the header; that of a starter model beside it in the program's own
folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base.files import atomic_path, sha256_of
from studio.base.paths import models_dir, resources_dir
from studio.checkpoints.info import parse_header, read_card

if TYPE_CHECKING:
    from studio.networks.stylegan2 import Discriminator

KEY = "latent_studio_discriminator"


def discriminator_path(model_hash: str) -> Path:
    """The path of the discriminator of a model of one's own with this hash, whether or not it is there."""
    return _below(models_dir(), model_hash)


def _below(models: Path, model_hash: str) -> Path:
    return models / "discriminators" / f"{model_hash}.safetensors"


def _found(model_hash: str) -> Path | None:
    places = (discriminator_path(model_hash), _below(resources_dir() / "models", model_hash))
    return next((path for path in places if path.is_file()), None)


def find_discriminator(model: Path) -> Path | None:
    """The file of the discriminator that belongs to a model file, under its present or a former hash."""
    for known in (sha256_of(model), *reversed(read_card(model).former)):
        if (path := _found(known)) is not None:
            return path
    return None


def has_discriminator(hashes: Iterable[str]) -> bool:
    """Return whether there is one for a model known by any of these hashes. Reads no file and imports no torch."""
    return any(_found(known) is not None for known in hashes)


def save_discriminator(path: Path, discriminator: Discriminator) -> None:
    """Write it with its shape, atomically.

    Raises
    ------
    StudioError
        When the folder cannot be written or the disk is full.
    """
    from safetensors.torch import save_file

    shape = {
        "config": asdict(discriminator.config),
        "architecture": discriminator.architecture,
        "group": discriminator.group,
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in discriminator.state_dict().items()}
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={KEY: json.dumps(shape)})


def load_discriminator(path: Path) -> Discriminator | None:
    """Read it; None when the file is damaged or of another kind: a fresh one does its work then."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from studio.checkpoints.checks import check_sizes
    from studio.networks.stylegan2 import Discriminator, StyleGAN2Config

    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(2**21, path.stat().st_size):
                return None
            header = parse_header(file.read(length))
        shape = json.loads(header["__metadata__"][KEY])
        check_sizes(shape["config"])
        config = StyleGAN2Config(**shape["config"])
        discriminator = Discriminator(config, shape["architecture"], group=int(shape["group"]))
        discriminator.load_state_dict(load_file(path))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ArithmeticError, RecursionError, SafetensorError):
        return None
    return discriminator
