"""StyleGAN3 on a processor: the same pictures as :mod:`studio.networks.stylegan3`, several times as fast.

The convolutions are oneDNN's. Demodulation, bias, up-sampling, leaky ReLU, clamping and down-sampling are one loop
that never writes the up-sampled signal (four times the pixels) to memory: see
:func:`studio.networks.cpu.kernels.filtered_lrelu`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.networks.cpu import kernels
from studio.networks.stylegan3 import Layer, Synthesis

NO_CLAMP = 3.0e38


def supports(synthesis: Synthesis) -> bool:
    """Return whether the network has the filters of the published ones, for which the loops are written."""
    layers = [layer for layer in synthesis.layers if isinstance(layer, Layer) and not layer.colours]
    return synthesis.config.filter_size == kernels.TAPS and all(
        layer.down == 2 and layer.up in (2, 4) and max(map(abs, layer.padding)) <= 2 * kernels.MARGIN
        for layer in layers
    )


class FastStyleGAN3:
    """A synthesis network with its weights normalised once. Not thread-safe."""

    def __init__(self, synthesis: Synthesis) -> None:
        self.synthesis = synthesis
        self._weights = [self._prepared(index) for index in range(len(synthesis.layers))]

    def _prepared(self, index: int) -> tuple[Tensor, Tensor]:
        """The weights of a layer, normalised, and the sums of their squares."""
        layer = self.synthesis.layers[index]
        assert isinstance(layer, Layer)
        weight = layer.weight.detach()
        if not layer.colours:
            weight = weight * weight.square().mean(dim=(1, 2, 3), keepdim=True).rsqrt()
        weight = weight.contiguous(memory_format=torch.channels_last)
        return weight, weight.square().sum(dim=(2, 3)).t().contiguous()

    def refresh(self, layers: Iterable[int]) -> None:
        """Prepare the weights of ``layers`` anew: they have changed."""
        for index in layers:
            self._weights[index] = self._prepared(index)

    @property
    def nbytes(self) -> int:
        """Memory held besides the network's."""
        return sum(weight.nbytes + squares.nbytes for weight, squares in self._weights)

    @torch.no_grad()
    def __call__(self, ws: Tensor) -> Tensor:
        """ws (1, num_ws, w_dim) -> (1, img_channels, resolution, resolution), about -1..1."""
        x = self.synthesis.input(ws[:, 0]).contiguous(memory_format=torch.channels_last)
        for index, layer in enumerate(self.synthesis.layers):
            assert isinstance(layer, Layer)
            w = ws[:, index + 1]
            x = layer(x, w) if layer.colours else self._filtered(layer, index, x, w)
        return x * self.synthesis.config.output_scale

    def _filtered(self, layer: Layer, index: int, x: Tensor, w: Tensor) -> Tensor:
        assert layer.up_filter is not None and layer.down_filter is not None
        weight, squares = self._weights[index]
        styles = layer.affine(w)
        styles = styles * styles.square().mean(dim=1, keepdim=True).rsqrt()
        gains = (styles.square() @ squares + 1e-8).rsqrt()
        x = x * (styles * layer.magnitude_ema.rsqrt())[:, :, None, None]
        x = F.conv2d(x, weight, padding=weight.shape[-1] - 1)
        features = x[0].permute(1, 2, 0).contiguous().numpy()
        down = layer.down_filter.kernel
        size = (
            features.shape[0] * layer.up + sum(layer.padding) - len(layer.up_filter.kernel) + 1 - len(down)
        ) // 2 + 1
        y = np.empty((size, size, features.shape[2]), np.float32)
        kernels.filtered_lrelu(
            features,
            gains[0].numpy(),
            layer.bias.detach().numpy(),
            (layer.up_filter.kernel.flip(0) * layer.up).numpy(),
            layer.up,
            layer.padding[0],
            down.numpy() if down.dim() == 1 else np.zeros(2 * kernels.TAPS, np.float32),
            down.numpy() if down.dim() == 2 else np.zeros((0, 0), np.float32),
            math.sqrt(2.0),
            layer.clamp or NO_CLAMP,
            y,
        )
        return torch.from_numpy(y).permute(2, 0, 1)[None]
