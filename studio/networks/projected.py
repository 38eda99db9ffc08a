"""The projected discriminator (Sauer et al. 2021, "Projected GANs converge faster"), written from the paper.

Pictures are looked at through a fixed, pretrained network. Its features of four scales are mixed across channels and
across scales by fixed random convolutions, and every scale has a small discriminator of its own.

Departures: group instead of batch normalisation in the small discriminators, so that the judgement of a picture does
not depend on the others; power iterations once a step rather than once a pass.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.networks.efficientnet import FEATURE_CHANNELS, EfficientNetLite0

MIXED_CHANNELS = (64, 128, 256, 512)
"""Channels of the four scales after mixing, fine to coarse."""
SMALLEST_SIDE, LARGEST_SIDE = 128, 256
"""Pictures are looked at within these sizes: below, the coarsest features would be hardly a pixel."""


class SpectralConv(nn.Module):
    """Convolution divided by its largest singular value (Miyato et al. 2018)."""

    u: Tensor

    def __init__(self, inputs: int, outputs: int, size: int, *, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, size, size))
        nn.init.kaiming_normal_(self.weight, a=0.2)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.stride, self.padding = stride, padding
        self.register_buffer("u", F.normalize(torch.randn(outputs), dim=0))
        self.register_buffer("v", torch.zeros(inputs * size * size))
        for _ in range(15):
            self.update()

    @torch.no_grad()
    def update(self) -> None:
        """One power iteration; call it once after every change of the weights."""
        matrix = self.weight.flatten(1)
        self.v = F.normalize(matrix.t() @ self.u, dim=0)
        self.u = F.normalize(matrix @ self.v, dim=0)

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs, h, w) -> (n, outputs, h', w')."""
        largest = self.u @ self.weight.flatten(1) @ self.v
        return F.conv2d(x, self.weight / largest, self.bias, self.stride, self.padding)


class ScaleDiscriminator(nn.Module):
    """Judges one scale: halves the features down to 4 x 4 and gives a logit for every place that is left."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = channels
        while side > 4:
            narrower = max(64, width // 2)
            layers += [
                SpectralConv(width, narrower, 4, stride=2, padding=1),
                nn.GroupNorm(8, narrower),
                nn.LeakyReLU(0.2),
            ]
            width, side = narrower, side // 2
        layers.append(SpectralConv(width, 1, 3, padding=1))
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w) -> logits (n, places)."""
        return self.layers(x).flatten(1)


class ProjectedDiscriminator(nn.Module):
    """Pictures (n, 3, r, r) in -1..1 -> logits (n, k) of all scales and places.

    The pretrained network is no part of the state: it never changes and is loaded from its own file.
    """

    def __init__(self, backbone: EfficientNetLite0, resolution: int) -> None:
        super().__init__()
        # Held in a tuple, so that it is no submodule.
        self._backbone = (backbone,)
        self.side = min(LARGEST_SIDE, max(SMALLEST_SIDE, resolution))
        # Cross-channel mixing: random 1x1 convolutions (section 3.2).
        self.across = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 1) for inputs, outputs in zip(FEATURE_CHANNELS, MIXED_CHANNELS, strict=True)
        )
        # Cross-scale mixing: random 3x3 convolutions from coarse to fine.
        self.between = nn.ModuleList(nn.Conv2d(coarse, fine, 3, padding=1) for fine, coarse in pairwise(MIXED_CHANNELS))
        for mixing in (*self.across, *self.between):
            assert isinstance(mixing, nn.Conv2d) and mixing.bias is not None
            nn.init.kaiming_normal_(mixing.weight)
            nn.init.zeros_(mixing.bias)
            mixing.requires_grad_(False)
        self.judges = nn.ModuleList(
            ScaleDiscriminator(channels, max(4, self.side >> (2 + scale)))
            for scale, channels in enumerate(MIXED_CHANNELS)
        )

    def update(self) -> None:
        """Call once after every change of the weights."""
        for module in self.modules():
            if isinstance(module, SpectralConv):
                module.update()

    def mixed(self, x: Tensor) -> list[Tensor]:
        """The mixed features, fine to coarse."""
        x = F.interpolate(x, (self.side, self.side), mode="bilinear", align_corners=False)
        features = self._backbone[0].features((x + 1) / 2)
        mixed = [mix(feature) for mix, feature in zip(self.across, features, strict=True)]
        for scale in (2, 1, 0):
            finer = F.interpolate(mixed[scale + 1], mixed[scale].shape[2:], mode="bilinear", align_corners=False)
            mixed[scale] = mixed[scale] + self.between[scale](finer)
        return mixed

    def forward(self, x: Tensor) -> Tensor:
        """(n, 3, r, r) -> logits (n, k)."""
        judged = [judge(feature) for judge, feature in zip(self.judges, self.mixed(x), strict=True)]
        return torch.cat(judged, dim=1)
