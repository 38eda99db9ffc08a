"""Networks with random weights and pictures made here, the same on every machine: nothing is fetched."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from studio.networks import stylegan2
from studio.networks.vgg import VGGFeatures

CHANNEL_BASE = {256: 16384, 512: 32768, 1024: 32768}


def generator(resolution: int, *, small: bool) -> stylegan2.Generator:
    """A StyleGAN2 as large as NVIDIA's, or a tiny one."""
    torch.manual_seed(0)
    if small:
        return stylegan2.Generator(
            stylegan2.StyleGAN2Config(resolution, 16, 16, channel_base=256, channel_max=16)
        ).eval()
    base = CHANNEL_BASE[resolution]
    config = stylegan2.StyleGAN2Config(resolution, 512, 512, mapping_layers=8, channel_base=base, channel_max=512)
    return stylegan2.Generator(config).eval()


def on(device: torch.device, network: nn.Module) -> Any:
    """A copy of a network on a device."""
    return copy.deepcopy(network).to(device).requires_grad_(False)


def picture(side: int, seed: int) -> NDArray[np.uint8]:
    """A picture with something to see at every size, uint8 (side, side * 3 / 4, 3)."""
    random = np.random.default_rng(seed)
    found = np.zeros((side, side * 3 // 4, 3))
    for cells in (4, 16, 64):
        small = random.random((cells, cells, 3))
        rows = np.arange(found.shape[0]) * cells // found.shape[0]
        columns = np.arange(found.shape[1]) * cells // found.shape[1]
        found += small[rows][:, columns]
    return np.asarray(found / 3 * 255, np.uint8)


def random_vgg() -> VGGFeatures:
    """A VGG-16."""
    torch.manual_seed(2)
    return VGGFeatures("vgg16")
