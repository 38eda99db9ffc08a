"""The Inception-v3 of the Fréchet and kernel inception distances (Szegedy et al. 2015; Heusel et al. 2017).

Its published weights are the TensorFlow network of 2015-12-05, which departs from the paper in two places: averages in
the pooling branches leave the padding out, and the last block pools by maximum. For inference only: batch
normalisation is folded into the convolutions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.networks.efficientnet import fold_batch_norm

FEATURES = 2048
INPUT_SIDE = 299
BATCH_NORM_EPS = 1e-3

Pool = Literal["none", "average", "max", "shrink"]


class _Conv(nn.Conv2d):
    """A convolution with bias and ReLU; kernels keep the size unless ``valid`` or with a stride."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int | tuple[int, int] = 1, stride: int = 1, *, valid: bool = False
    ) -> None:
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (0, 0) if valid or stride > 1 else (height // 2, width // 2)
        super().__init__(inputs, outputs, (height, width), stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x), inplace=True)


# One branch: how it pools first, then its convolutions as (name, outputs, kernel, stride). A tuple of two such at the
# end stands for two convolutions side by side.
_Step = tuple[str, int, "int | tuple[int, int]", int]
_Branch = tuple[Pool, list["_Step | tuple[_Step, _Step]"]]


def _a(pool: int) -> list[_Branch]:
    return [
        ("none", [("branch1x1", 64, 1, 1)]),
        ("none", [("branch5x5_1", 48, 1, 1), ("branch5x5_2", 64, 5, 1)]),
        ("none", [("branch3x3dbl_1", 64, 1, 1), ("branch3x3dbl_2", 96, 3, 1), ("branch3x3dbl_3", 96, 3, 1)]),
        ("average", [("branch_pool", pool, 1, 1)]),
    ]


def _c(width: int) -> list[_Branch]:
    row, column = (1, 7), (7, 1)
    return [
        ("none", [("branch1x1", 192, 1, 1)]),
        ("none", [("branch7x7_1", width, 1, 1), ("branch7x7_2", width, row, 1), ("branch7x7_3", 192, column, 1)]),
        (
            "none",
            [
                ("branch7x7dbl_1", width, 1, 1),
                ("branch7x7dbl_2", width, column, 1),
                ("branch7x7dbl_3", width, row, 1),
                ("branch7x7dbl_4", width, column, 1),
                ("branch7x7dbl_5", 192, row, 1),
            ],
        ),
        ("average", [("branch_pool", 192, 1, 1)]),
    ]


def _e(pool: Pool) -> list[_Branch]:
    def fork(name: str) -> tuple[_Step, _Step]:
        return (f"{name}a", 384, (1, 3), 1), (f"{name}b", 384, (3, 1), 1)

    return [
        ("none", [("branch1x1", 320, 1, 1)]),
        ("none", [("branch3x3_1", 384, 1, 1), fork("branch3x3_2")]),
        ("none", [("branch3x3dbl_1", 448, 1, 1), ("branch3x3dbl_2", 384, 3, 1), fork("branch3x3dbl_3")]),
        (pool, [("branch_pool", 192, 1, 1)]),
    ]


_BLOCKS: dict[str, list[_Branch]] = {
    "Mixed_5b": _a(32),
    "Mixed_5c": _a(64),
    "Mixed_5d": _a(64),
    "Mixed_6a": [
        ("none", [("branch3x3", 384, 3, 2)]),
        ("none", [("branch3x3dbl_1", 64, 1, 1), ("branch3x3dbl_2", 96, 3, 1), ("branch3x3dbl_3", 96, 3, 2)]),
        ("shrink", []),
    ],
    "Mixed_6b": _c(128),
    "Mixed_6c": _c(160),
    "Mixed_6d": _c(160),
    "Mixed_6e": _c(192),
    "Mixed_7a": [
        ("none", [("branch3x3_1", 192, 1, 1), ("branch3x3_2", 320, 3, 2)]),
        (
            "none",
            [
                ("branch7x7x3_1", 192, 1, 1),
                ("branch7x7x3_2", 192, (1, 7), 1),
                ("branch7x7x3_3", 192, (7, 1), 1),
                ("branch7x7x3_4", 192, 3, 2),
            ],
        ),
        ("shrink", []),
    ],
    "Mixed_7b": _e("average"),
    "Mixed_7c": _e("max"),
}


def _pooled(x: Tensor, pool: Pool) -> Tensor:
    match pool:
        case "average":
            return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        case "max":
            return F.max_pool2d(x, 3, 1, 1)
        case "shrink":
            return F.max_pool2d(x, 3, 2)
    return x


class _Mixed(nn.Module):
    """Branches side by side."""

    def __init__(self, inputs: int, branches: list[_Branch]) -> None:
        super().__init__()
        self._branches = branches
        self.outputs = 0
        for _, steps in branches:
            width = inputs
            for step in steps:
                if isinstance(step[0], tuple):
                    for name, outputs, kernel, stride in step:  # type: ignore[misc]
                        self.add_module(name, _Conv(width, outputs, kernel, stride))
                    width = 2 * step[0][1]
                else:
                    name, outputs, kernel, stride = step  # type: ignore[misc]
                    self.add_module(name, _Conv(width, outputs, kernel, stride))
                    width = outputs
            self.outputs += width

    def forward(self, x: Tensor) -> Tensor:
        made = []
        for pool, steps in self._branches:
            y = _pooled(x, pool)
            for step in steps:
                if isinstance(step[0], tuple):
                    y = torch.cat([self.get_submodule(one[0])(y) for one in step], dim=1)  # type: ignore[index]
                else:
                    y = self.get_submodule(step[0])(y)
            made.append(y)
        return torch.cat(made, dim=1)


class FIDInception(nn.Module):
    """Pictures in, 2048 features out. Frozen, in evaluation mode."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = _Conv(3, 32, 3, 2)
        self.Conv2d_2a_3x3 = _Conv(32, 32, 3, valid=True)
        self.Conv2d_2b_3x3 = _Conv(32, 64, 3)
        self.Conv2d_3b_1x1 = _Conv(64, 80, 1)
        self.Conv2d_4a_3x3 = _Conv(80, 192, 3, valid=True)
        width = 192
        for name, branches in _BLOCKS.items():
            block = _Mixed(width, branches)
            self.add_module(name, block)
            width = block.outputs
        self.requires_grad_(False)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        """(n, 3, 299, 299), RGB in 0..255, as floating point -> (n, 2048)."""
        y = (x - 128) / 128
        y = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(y)))
        y = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(y, 3, 2)))
        y = F.max_pool2d(y, 3, 2)
        for name in _BLOCKS:
            y = self.get_submodule(name)(y)
        return y.mean(dim=(2, 3))


def from_published(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of the file ``pt_inception-2015-12-05`` under the names of :class:`FIDInception`.

    Raises
    ------
    KeyError
        When a tensor is missing.
    """
    out = {}
    for name, module in FIDInception().named_modules():
        if isinstance(module, _Conv):
            norm = {part: state[f"{name}.bn.{part}"] for part in ("weight", "bias", "running_mean", "running_var")}
            weight, bias = fold_batch_norm(state[f"{name}.conv.weight"], norm, BATCH_NORM_EPS)
            out[f"{name}.weight"], out[f"{name}.bias"] = weight, bias
    return out
