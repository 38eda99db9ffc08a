"""The transformer of instant stylizing (Ghiasi et al. 2017, arXiv:1705.06830), in its small form.

Three convolutions down, five residual blocks at a quarter of the size, three convolutions up. Every layer from the
residual blocks on is normalised by its own mean and variance over the picture, then scaled and shifted by numbers that
follow linearly from the style: that is all the style does, so styles blend as their numbers do.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

VECTOR = 100
"""Numbers that describe a style."""

_CONTRACT = {"contract.0": (3, 8, 9, 1), "contract.1": (8, 16, 3, 2), "contract.2": (16, 32, 3, 2)}
_RESIDUAL = {f"residual.{block}.{half}": (32, 32, 3, 1) for block in range(5) for half in range(2)}
_EXPAND = {"expand.0": (32, 16, 3, 1), "expand.1": (16, 8, 3, 1), "expand.2": (8, 3, 9, 1)}
EPSILON = 1e-5
"""Variance that is added where a layer is normalised."""


class StyleTransformer(nn.Module):
    """Repaints a picture by a style vector.

    Parameters
    ----------
    vector : how many numbers describe a style.

    Attributes
    ----------
    convs : the convolutions by name. Those of normalised layers have no bias, which normalising would remove.
    style : from the vector to all shifts, then all scales.
    """

    def __init__(self, vector: int = VECTOR) -> None:
        super().__init__()
        self.convs = nn.ModuleDict()
        for name, (inside, outside, side, stride) in {**_CONTRACT, **_RESIDUAL, **_EXPAND}.items():
            self.convs[name.replace(".", "_")] = nn.Conv2d(inside, outside, side, stride=stride, bias=name in _CONTRACT)
        self.widths = [outside for _, outside, _, _ in (*_RESIDUAL.values(), *_EXPAND.values())]
        self.style = nn.Linear(vector, 2 * sum(self.widths))

    def forward(self, image: Tensor, vector: Tensor) -> Tensor:
        """Repaint ``image``, (batch, 3, height, width) in 0..1 with sides that are multiples of 4 and at least 8.

        Parameters
        ----------
        vector : (batch, numbers of the style).

        Returns
        -------
        (batch, 3, height, width) in 0..1.
        """
        shifts, scales = self.style(vector).split(sum(self.widths), 1)
        shift, scale = iter(shifts.split(self.widths, 1)), iter(scales.split(self.widths, 1))

        def styled(x: Tensor, name: str) -> Tensor:
            x = self._convolved(x, name)
            variance, mean = torch.var_mean(x, (2, 3), correction=0)
            factor = next(scale) * torch.rsqrt(variance + EPSILON)
            return x * factor[..., None, None] + (next(shift) - mean * factor)[..., None, None]

        x = image
        for name in _CONTRACT:
            x = F.relu(self._convolved(x, name))
        for block in range(5):
            x = x + styled(F.relu(styled(x, f"residual.{block}.0")), f"residual.{block}.1")
        for name in ("expand.0", "expand.1"):
            x = F.relu(styled(F.interpolate(x, scale_factor=2.0, mode="nearest"), name))
        return torch.sigmoid(styled(x, "expand.2"))

    def _convolved(self, x: Tensor, name: str) -> Tensor:
        conv = self.convs[name.replace(".", "_")]
        assert isinstance(conv, nn.Conv2d)
        margin = conv.kernel_size[0] // 2
        result: Tensor = conv(F.pad(x, (margin,) * 4, mode="reflect"))
        return result
