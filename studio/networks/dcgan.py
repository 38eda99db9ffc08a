"""DCGAN (Radford et al. 2016): the seed architecture.

Generator: 100-d noise, transposed convolutions, batch norm, ReLU, tanh.
Discriminator: strided convolutions, leaky ReLU.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import pairwise

from torch import Tensor, nn


@dataclass(frozen=True)
class DCGANConfig:
    """``width`` feature maps at half resolution, doubling towards 4x4 (at most 8 x width)."""

    resolution: int = 64
    z_dim: int = 100
    width: int = 64
    img_channels: int = 3

    def __post_init__(self) -> None:
        if self.resolution not in (16, 32, 64, 128, 256):
            raise ValueError(f"resolution must be 16, 32, 64, 128 or 256, not {self.resolution}")

    @property
    def widths(self) -> list[int]:
        """Feature maps at 4x4, 8x8, ... resolution / 2."""
        steps = int(math.log2(self.resolution)) - 2
        return [self.width * min(8, 2 ** (steps - 1 - i)) for i in range(steps)]

    def to_dict(self) -> dict[str, int]:
        """Plain values, for a model file's header."""
        return asdict(self)


class Generator(nn.Module):
    """z (n, z_dim) -> pictures (n, img_channels, r, r) in -1..1."""

    def __init__(self, config: DCGANConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.widths
        layers: list[nn.Module] = [nn.ConvTranspose2d(config.z_dim, widths[0], 4, 1, 0, bias=False)]
        for a, b in pairwise(widths):
            layers += [nn.BatchNorm2d(a), nn.ReLU(inplace=True), nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(inplace=True)]
        layers += [nn.ConvTranspose2d(widths[-1], config.img_channels, 4, 2, 1), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        self.apply(init_dcgan)

    def forward(self, z: Tensor) -> Tensor:
        """z (n, z_dim) -> (n, img_channels, r, r)."""
        return self.layers(z[:, :, None, None])


class Discriminator(nn.Module):
    """Pictures (n, img_channels, r, r) -> logits (n, 1)."""

    def __init__(self, config: DCGANConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.widths[::-1]
        layers: list[nn.Module] = [nn.Conv2d(config.img_channels, widths[0], 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
        for a, b in pairwise(widths):
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.LeakyReLU(0.2, inplace=True)]
        layers += [nn.Conv2d(widths[-1], 1, 4, 1, 0)]
        self.layers = nn.Sequential(*layers)
        self.apply(init_dcgan)

    def forward(self, img: Tensor) -> Tensor:
        """(n, img_channels, r, r) -> logits (n, 1)."""
        return self.layers(img).flatten(1)


def init_dcgan(module: nn.Module) -> None:
    """Weights N(0, 0.02), batch norm N(1, 0.02), as in the paper."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
