"""Small runs for tests: pictures, settings, and what became of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from studio.training.runs import RunDirectory
from studio.training.settings import TrainSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty-four small, distinct pictures: coloured discs."""
    path = tmp_path / "art"
    path.mkdir()
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:40, 0:40]
    for number in range(24):
        picture = np.full((40, 40, 3), rng.integers(0, 255, 3), np.uint8)
        x, y, radius = rng.integers(10, 30, 3)
        picture[(rows - y) ** 2 + (columns - x) ** 2 < (radius // 2) ** 2] = rng.integers(0, 255, 3)
        Image.fromarray(picture).save(path / f"{number:02}.png")
    return path


def tiny(folder: Path, **changes: object) -> TrainSettings:
    values: dict[str, object] = {
        "name": "tiny", "folder": str(folder), "resolution": 32, "images": 64, "batch": 8, "seed": 3, "device": "cpu",
        "snapshot_every": 24, "preview_every": 32, "threads": 1, "channel_base": 256, "channel_max": 16,
        "latent_size": 16, "r1_interval": 2, "mirror": True, "evaluate_every": 0,
        "precision": "fp32",  # whatever processor it is
    }  # fmt: skip
    return TrainSettings(**{**values, **changes})


def weights(run: RunDirectory) -> dict[str, torch.Tensor]:
    assert run.model_path is not None
    return load_file(run.model_path)


def assert_same(a: RunDirectory, b: RunDirectory) -> None:
    first, second = weights(a), weights(b)
    assert first.keys() == second.keys()
    different = [name for name in first if not torch.equal(first[name], second[name])]
    assert not different, f"{len(different)} of {len(first)} tensors differ"
