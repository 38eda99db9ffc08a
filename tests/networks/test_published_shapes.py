"""Every published configuration of StyleGAN2-ADA and StyleGAN3 has the tensors of the original, name by name."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
import torch

from studio.networks.stylegan2 import StyleGAN2Config
from studio.networks.stylegan3 import StyleGAN3Config
from tests.support.foreign_files import discriminator_names, nvidia_names, stylegan3_names
from tests.support.paths import DATA

REFERENCE = json.loads((DATA / "reference_shapes.json").read_text())
STYLEGAN2: dict[str, dict[str, Any]] = REFERENCE["stylegan2-ada-pytorch"]
STYLEGAN3: dict[str, dict[str, Any]] = REFERENCE["stylegan3"]
WIDTHS = {"z_dim": 512, "w_dim": 512}


def digest(names: Mapping[str, torch.Size]) -> dict[str, object]:
    shapes = {name: list(shape) for name, shape in names.items()}
    return {
        "tensors": len(shapes),
        "numbers": sum(math.prod(shape) for shape in shapes.values()),
        "sha256": hashlib.sha256(json.dumps(sorted(shapes.items())).encode()).hexdigest(),
    }


@pytest.mark.parametrize("name", STYLEGAN2)
def test_stylegan2(name: str) -> None:
    entry = STYLEGAN2[name]
    config = StyleGAN2Config(**{**WIDTHS, "channel_max": 512, **entry["config"]})
    assert config.num_ws == entry["num_ws"]
    assert digest(nvidia_names(config)) == entry["G"]
    assert digest(discriminator_names(config, entry["discriminator_architecture"])) == entry["D"]


@pytest.mark.parametrize("name", STYLEGAN3)
def test_stylegan3(name: str) -> None:
    entry = STYLEGAN3[name]
    config = StyleGAN3Config(**{**WIDTHS, **entry["config"]})
    assert config.num_ws == entry["num_ws"]
    assert digest(stylegan3_names(config)) == entry["G"]
