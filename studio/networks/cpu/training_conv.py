"""3x3 convolutions for training on a CPU: Winograd's F(4x4, 3x3) in place of the direct form, 2.5 times as fast.

Three operations are enough, for the convolution is linear in the features and in the kernels: the convolution itself;
the gradient of the features, which is a convolution with the kernels turned round; and that of the kernels, for which
the transposed transforms serve (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 3 and
4.1). Their own gradients are the same three again, so that penalties of gradients (R1, path lengths) are as quick.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from numba import get_num_threads
from torch import Tensor

from studio.networks.cpu import kernels
from studio.networks.cpu.conv_loops import convolve_batch, transform_tiles, transform_weights, weights_gradient
from studio.networks.cpu.vectors import LANES
from studio.networks.cpu.winograd import Scratch
from studio.networks.cpu.winograd_loops import COLUMNS, ROWS

LARGEST_BLOCK = 64
"""Tiles that share one pass over the weights."""
FEWEST_TILES = 32
"""Of a batch; for fewer the direct form is as quick."""
STEP = 128
"""Tiles that the kernels' gradient takes at once: transformed, they stay near the core."""
FEWEST_CHANNELS = 32
"""For fewer the transforms cost more than they save."""
_scratch = Scratch()
_asked = threading.local()


@contextmanager
def pictures_only() -> Iterator[None]:
    """Within, gradients are asked for of pictures or latents, not of kernels: those would be made in vain.

    An operation of our own cannot see what ``torch.autograd.grad`` was asked for, as torch's can.
    """
    before = getattr(_asked, "pictures_only", False)
    _asked.pictures_only = True
    try:
        yield
    finally:
        _asked.pictures_only = before


def conv3x3(x: Tensor, weight: Tensor) -> Tensor:
    """A 3x3 convolution with a border of zeros: (n, i, h, w), weight (o, i, 3, 3) -> (n, o, h, w)."""
    if not _pays(x, weight):
        return F.conv2d(x, weight, padding=1)
    result: Tensor = _Convolution.apply(x, weight)
    return result


def _pays(x: Tensor, weight: Tensor) -> bool:
    """Return whether a network is trained on a CPU here, with shapes that whole vectors and tiles fit.

    What only draws takes another way (:mod:`studio.networks.fast.stylegan2`).
    """
    n, inputs, height, width = x.shape
    return (
        torch.is_grad_enabled()
        and (x.requires_grad or weight.requires_grad)
        and x.device.type == "cpu"
        and x.dtype == weight.dtype == torch.float32
        and not torch.is_autocast_enabled("cpu")
        and min(inputs, weight.shape[0]) >= FEWEST_CHANNELS
        and inputs % LANES == 0
        and weight.shape[0] % LANES == 0
        and height % 4 == 0
        and width % 4 == 0
        and n * height * width >= 16 * FEWEST_TILES
    )


def _turned(weight: Tensor) -> Tensor:
    """The kernels for the way back."""
    return weight.flip(2, 3).transpose(0, 1)


class _Convolution(torch.autograd.Function):
    """Features, weight -> features."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(x, weight)
        return _convolved(x, weight)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        to_x, to_weight = ctx.needs_input_grad
        to_weight = to_weight and not getattr(_asked, "pictures_only", False)
        return (
            _Convolution.apply(g, _turned(weight)) if to_x else None,
            _WeightGradient.apply(x, g) if to_weight else None,
        )


class _WeightGradient(torch.autograd.Function):
    """Features and the gradient of what they were convolved to -> the gradient of the kernels."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, g: Tensor) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(x, g)
        return _weight_gradient(x, g)

    @staticmethod
    def backward(ctx: Any, h: Tensor) -> tuple[Tensor | None, Tensor | None]:
        x, g = ctx.saved_tensors
        to_x, to_g = ctx.needs_input_grad
        return (
            _Convolution.apply(g, _turned(h)) if to_x else None,
            _Convolution.apply(x, h) if to_g else None,
        )


def _rows(x: Tensor) -> Tensor:
    """(n, c, h, w) -> (n, h, w, c) in one run of memory; channels-last features are not copied."""
    return x.detach().permute(0, 2, 3, 1).contiguous()


def _workers() -> int:
    """A run may be told to leave cores free, and one of several processes on a machine must."""
    return min(get_num_threads(), torch.get_num_threads())


def _block(tiles: int, workers: int) -> int:
    share = -(-tiles // workers)
    return min(LARGEST_BLOCK, -(-share // ROWS) * ROWS)


def _convolved(x: Tensor, weight: Tensor) -> Tensor:
    n, inputs, height, width = x.shape
    outputs = weight.shape[0]
    panels = -(-outputs // COLUMNS)
    w = F.pad(weight.detach().permute(2, 3, 1, 0), (0, panels * COLUMNS - outputs)).contiguous()
    features = _rows(x)
    y = torch.empty(n, height, width, outputs)
    workers = _workers()
    block = _block(n * height * width // 16, workers)
    with kernels.LOCK:
        u = _scratch.take("weights", panels, 36, inputs, COLUMNS)
        transform_weights(w.numpy(), u)
        v = _scratch.take("tiles", workers, 36, block, inputs)
        m = _scratch.take("products", workers, 36, block, COLUMNS)
        edge = _scratch.take("edge", workers, 36, inputs)
        convolve_batch(features.numpy(), u, v, m, edge, y.numpy())
    return y.permute(0, 3, 1, 2)


def _weight_gradient(x: Tensor, g: Tensor) -> Tensor:
    n, inputs, height, width = x.shape
    outputs = g.shape[1]
    features, gradient = _rows(x), _rows(g)
    tiles = n * height * width // 16
    workers = _workers()
    w = torch.empty(3, 3, inputs, outputs)
    with kernels.LOCK:
        u = torch.from_numpy(_scratch.take("weights", 36, inputs, outputs))
        edge = _scratch.take("edge", workers, 36, inputs)
        for first in range(0, tiles, STEP):
            count = min(STEP, tiles - first)
            v = _scratch.take("tiles", 36, count, inputs)
            d = _scratch.take("products", 36, count, outputs)
            transform_tiles(features.numpy(), gradient.numpy(), first, edge, v, d)
            left, right = torch.from_numpy(v).transpose(1, 2), torch.from_numpy(d)
            if first:
                u.baddbmm_(left, right)
            else:
                torch.bmm(left, right, out=u)
        weights_gradient(u.numpy(), w.numpy())
    return w.permute(3, 2, 0, 1)


def compile_kernels() -> None:
    """Compile, on the smallest layer there is."""
    x = torch.zeros(1, LANES, 4, 4, requires_grad=True)
    weight = torch.zeros(LANES, LANES, 3, 3, requires_grad=True)
    _Convolution.apply(x, weight).sum().backward()
