"""VGG's features and their gradient on a CPU, twice as fast as the general form.

All convolutions but the first, of three channels, are Winograd's (:mod:`studio.networks.cpu.winograd`), on the way back
with the kernels turned round. Features stay in the form that those want, from the first layer to the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numba import get_num_threads
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from studio.networks.cpu import kernels, vgg_loops
from studio.networks.cpu.kernels import Array
from studio.networks.cpu.winograd import Scratch, blocks, plain_weights
from studio.networks.cpu.winograd_loops import COLUMNS, convolve

NO_LIMIT = 1e30
LARGEST_TILES = 64 * 2**20
"""Bytes of transformed tiles at once, where all are made before the first product."""


class Step:
    """One step from features to features: a 3x3 convolution and ReLU, a pooling, or what stands before the first.

    Attributes
    ----------
    name : of what it makes; that of a pooling is empty.
    channels : of what it makes.
    """

    def __init__(self, name: str, channels: int, conv: nn.Module | None = None) -> None:
        self.name, self.channels, self._conv = name, channels, conv

    @property
    def convolves(self) -> bool:
        """True when it is a convolution that is made here."""
        return self._conv is not None

    def _tensor(self, name: str) -> Tensor:
        found = getattr(self._conv, name)
        assert isinstance(found, Tensor)
        return found.detach()

    # Transformed weights take four times the room of the plain ones: no more of them than are used.

    @cached_property
    def there(self) -> Array:
        """Transformed weights for the way there."""
        return plain_weights(self._tensor("weight"))

    @cached_property
    def back(self) -> Array:
        """Transformed weights for the way back: the kernels turned round."""
        return plain_weights(self._tensor("weight").flip(2, 3).transpose(0, 1))

    @cached_property
    def bias(self) -> Array:
        """One number a channel."""
        return self._tensor("bias").contiguous().numpy()


@dataclass(frozen=True)
class Made:
    """Features of a picture; see :mod:`studio.networks.cpu.vgg_loops`."""

    y: Array
    height: int
    width: int


def _room(height: int, width: int, channels: int) -> Array:
    return torch.empty(-(-height // 4) * 4 + 2, -(-width // 4) * 4 + 2, channels).numpy()


class FastVGG:
    """The compiled form of one network: its weights, transformed, and memory for the work on one layer."""

    def __init__(self, convs: nn.ModuleDict) -> None:
        """convs : 3x3 convolutions by the names that VGG gives them, all of them."""
        self.steps: list[Step] = []
        for name, conv in convs.items():
            assert isinstance(conv, nn.Conv2d)
            if self.steps and name.endswith("_1"):
                self.steps.append(Step("", conv.in_channels))
            self.steps.append(Step(name.replace("conv", "relu"), conv.out_channels, conv if self.steps else None))
        self._scratch = Scratch()
        self._ones = np.ones(max(step.channels for step in self.steps), np.float32)
        self._zeros = np.zeros_like(self._ones)

    def features(self, z: Tensor, layers: Sequence[str], *, circular: bool = False) -> dict[str, Tensor]:
        """Features of pictures by layer, (n, channels, rows, columns).

        Parameters
        ----------
        z : what the first convolution gave, before its ReLU, (n, channels, height, width), float32 on the CPU.
            Gradients flow back to it, once.
        layers : names, "relu1_1" to the last.
        circular : beyond an edge lies the opposite one.
        """
        return dict(zip(layers, _Features.apply(z, self, layers, circular), strict=True))

    def _convolve(self, x: Array, weights: Array, bias: Array, slope: float, y: Array) -> None:
        rows, columns, inputs = x.shape[0] - 2, x.shape[1] - 2, x.shape[2]
        workers = get_num_threads()
        across, down = columns // 4, rows // 4
        ahead, block = blocks(weights, across * down, inputs, workers)
        # By bands of rows, so that what is made ahead stays small.
        band = min(down, max(1, LARGEST_TILES // (36 * 4 * inputs * across))) if ahead else down
        noise = np.zeros((4 * band, columns), np.float32)
        v = self._scratch.take("tiles", -(-across * band // block) if ahead else workers, 36, block, inputs)
        m = self._scratch.take("products", workers, 36, block, COLUMNS)
        for top in range(0, down, band):
            first, last = 4 * top, 4 * min(down, top + band)
            part, made = x[first : last + 2], y[first : last + 2]
            styles = gain = self._ones
            convolve(part, styles, weights, gain, bias, noise, slope, NO_LIMIT, ahead, v, m, made)

    def there(self, z: Array, count: int, circular: bool) -> list[Made]:
        """From what the first convolution gave, (height, width, channels), to what each of the first ``count`` steps
        makes. Under kernels.LOCK."""
        height, width, channels = z.shape
        made = [Made(_room(height, width, channels), height, width)]
        vgg_loops.rectify(z, made[0].y)
        vgg_loops.surround(made[0].y, height, width, circular)
        for step in self.steps[1:count]:
            below = made[-1]
            if not step.convolves:
                height, width = (below.height + 1) // 2, (below.width + 1) // 2
                y = _room(height, width, step.channels)
                vgg_loops.pool(below.y, height, width, y)
            else:
                y = _room(height, width, step.channels)
                self._convolve(below.y, step.there, step.bias, 0.0, y)
            made.append(Made(y, height, width))
            vgg_loops.surround(y, height, width, circular)
        return made

    def back(self, made: list[Made], given: Mapping[str, Array], circular: bool) -> Array:
        """The gradient of what the first convolution gave, (height, width, channels). Under kernels.LOCK.

        Parameters
        ----------
        made : by :meth:`there`; used up.
        given : gradients of the features by their names, (height, width, channels) each.
        """
        at = made.pop()
        g = np.zeros_like(at.y)
        while True:
            step = self.steps[len(made)]
            if step.name in given:
                vgg_loops.add_where_positive(given[step.name], at.y, g)
            vgg_loops.surround(g, at.height, at.width, circular)
            if not made:
                return g[1 : at.height + 1, 1 : at.width + 1]
            at = made.pop()
            following = _room(at.height, at.width, at.y.shape[2])
            if not step.convolves:
                vgg_loops.back_through_pool(g, at.y, at.height, at.width, following)
            else:
                self._convolve(g, step.back, self._zeros, 1.0, following)
                if self.steps[len(made)].name:
                    vgg_loops.back_through_relu(following, at.y, at.height, at.width)
            g = following


class _Features(torch.autograd.Function):
    """Features of pictures from what the first convolution gave, (n, channels, height, width)."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, fast: FastVGG, layers: Sequence[str], circular: bool) -> tuple[Tensor, ...]:  # type: ignore[override]
        names = [step.name for step in fast.steps]
        numbers = [names.index(name) for name in layers]
        kept, found = [], []
        for picture in z.permute(0, 2, 3, 1).contiguous().numpy():
            with kernels.LOCK:
                made = fast.there(picture, max(numbers) + 1, circular)
                taken = [_taken(made[number]) for number in numbers]
            kept.append(made)
            found.append(taken)
        if ctx.needs_input_grad[0]:
            ctx.fast, ctx.layers, ctx.circular, ctx.made = fast, tuple(layers), circular, kept
        return tuple(_stacked(each) for each in zip(*found, strict=True))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor, None, None, None]:
        given = {
            name: g.permute(0, 2, 3, 1).contiguous().numpy()
            for name, g in zip(ctx.layers, gradients, strict=True)
            if g is not None
        }
        found = []
        for number, made in enumerate(ctx.made):
            with kernels.LOCK:
                parts = {name: g[number] for name, g in given.items()}
                found.append(torch.from_numpy(ctx.fast.back(made, parts, ctx.circular)))
        return _stacked(found), None, None, None


def _stacked(pictures: Sequence[Tensor]) -> Tensor:
    """Pictures (height, width, channels) -> (n, channels, height, width) with the channels side by side."""
    whole = pictures[0][None] if len(pictures) == 1 else torch.stack(list(pictures))
    return whole.permute(0, 3, 1, 2)


def _taken(made: Made) -> Tensor:
    out = torch.empty(made.height, made.width, made.y.shape[2])
    vgg_loops.take(made.y, out.numpy())
    return out


def compile_kernels() -> None:
    """Compile, on the smallest network there is."""
    convs = {name: nn.Conv2d(16, 16, 3) for name in ("conv1_1", "conv1_2", "conv2_1")}
    z = torch.zeros(1, 16, 4, 4, requires_grad=True)
    found = FastVGG(nn.ModuleDict(convs)).features(z, ["relu1_2", "relu2_1"])
    torch.stack([each.sum() for each in found.values()]).sum().backward()  # type: ignore[no-untyped-call]
