"""StyleGAN2's convolutions on a CPU, each one pass: from features to features, with all that comes before and after.

Features are float32 arrays (height + 2, width + 2, channels) with a border of zeros, so that no loop asks where it is,
and channels in whole vectors: see :func:`features`.

* Plain 3x3 convolutions are Winograd's F(4x4, 3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural
  networks"): tiles of 6x6 pixels, 36 matrix products in place of 144 multiplications a tile and channel.
* Up-sampling ones are transposed convolutions of stride 2, followed by the filter [1, 3, 3, 1] / 4. On two pixels
  x0, x1 of a row the kernel k0, k1, k2 leaves x0 k0, x0 k1, x1 k0 + x0 k2, x1 k1, x1 k2. The middle one is
  (x0 + x1)(k0 + k2) - x0 k0 - x1 k2 (Karatsuba): 5 multiplications in place of 6, both ways 25 in place of 36, and of
  features and kernels no more than sums of two.

Products of a few dozen tiles and COLUMNS features never leave the cache of the core that made them.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numba import get_num_threads
from torch import Tensor

from studio.networks.cpu.kernels import Array
from studio.networks.cpu.vectors import LANES
from studio.networks.cpu.winograd_loops import COLUMNS, LEAK, RING, ROWS, convolve, convolve_up

# A worker's tiles and their products stay in its second-level cache, from here on.
BLOCK_BYTES = 5 * 2**18
LARGEST_BLOCK = 64
UP_BLOCK = 32
# Larger weights are read once by one worker each, not by all workers for every block.
LARGE_WEIGHTS = 16 * 2**20
_G = torch.tensor(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    dtype=torch.float64,
)
# k0, k1, k2, k0 + k2.
_SUMS = torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1]], dtype=torch.float64)


def whole(channels: int) -> int:
    """``channels`` filled up to whole vectors."""
    return -(-channels // LANES) * LANES


def padded(values: Tensor, count: int) -> Array:
    """A vector, one number a channel, filled up with zeros to ``count``."""
    return torch.nn.functional.pad(values, (0, count - len(values))).contiguous().numpy()


def _panelled(u: Tensor) -> Array:
    """(n, inputs, outputs) -> (panels, n, inputs, COLUMNS): a panel is one run of memory."""
    n, inputs, outputs = u.shape
    panels = -(-outputs // COLUMNS)
    u = torch.nn.functional.pad(u, (0, panels * COLUMNS - outputs, 0, whole(inputs) - inputs))
    return u.view(n, -1, panels, COLUMNS).permute(2, 0, 1, 3).contiguous().numpy()


def plain_weights(weight: Tensor) -> Array:
    """Weights (o, i, 3, 3) for :func:`convolve`: (panels, 36, i, COLUMNS)."""
    u = torch.einsum("ka,ocab,lb->klco", _G, weight.double(), _G).float()
    return _panelled(u.flatten(0, 1))


def up_weights(weight: Tensor) -> Array:
    """Weights (o, i, 3, 3) for :func:`convolve_up`: (panels, 16, i, COLUMNS)."""
    # A transposed convolution correlates with the flipped kernel.
    u = torch.einsum("ka,ocab,lb->klco", _SUMS, weight.flip(2, 3).double(), _SUMS).float()
    return _panelled(u.flatten(0, 1))


def blocks(weights: Array, tiles: int, inputs: int, workers: int) -> tuple[bool, int]:
    """Plan of :func:`convolve`: whether all tiles are transformed before the first product, and how many
    go through at once, a multiple of ROWS.

    Parameters
    ----------
    weights : of :func:`plain_weights`.
    inputs : channels of a tile.
    """
    ahead = weights.nbytes > LARGE_WEIGHTS or tiles < ROWS * workers
    block = min(LARGEST_BLOCK, -(-tiles // ROWS) * ROWS)
    while not ahead and block > ROWS and (36 * 4 * block * inputs > BLOCK_BYTES or tiles // block < workers):
        block = -(-block // 2 // ROWS) * ROWS
    return ahead, block


class Scratch:
    """Memory for what lives no longer than a layer, kept: fresh pages would cost more than the passes over them."""

    def __init__(self) -> None:
        self._memory: dict[str, Tensor] = {}

    def take(self, name: str, *shape: int) -> Array:
        """Uninitialised; valid until the same name is taken again."""
        size = math.prod(shape)
        if name not in self._memory or self._memory[name].numel() < size:
            # PyTorch's memory begins where vectors do.
            self._memory[name] = torch.empty(size)
        return self._memory[name][:size].view(shape).numpy()

    def features(self, resolution: int, channels: int) -> Array:
        """Room for features with their border of zeros."""
        room = self.take("features", resolution + 2, resolution + 2, whole(channels))
        room[[0, -1]] = 0
        room[:, [0, -1]] = 0
        room[:, :, channels:] = 0
        return room

    @property
    def nbytes(self) -> int:
        """Memory held."""
        return sum(tensor.nbytes for tensor in self._memory.values())


def features(resolution: int, channels: int) -> Array:
    """Features of nothing but zeros."""
    return torch.zeros(resolution + 2, resolution + 2, whole(channels)).numpy()


class Convolution:
    """A modulated 3x3 convolution of features ``resolution`` pixels wide, or twice that after up-sampling."""

    def __init__(self, weight: Tensor, resolution: int, scratch: Scratch, *, up: bool) -> None:
        """weight (o, i, 3, 3), float32; ``resolution`` of the input, a power of two from 16 up."""
        self.up = up
        self.scratch = scratch
        self.weights = up_weights(weight) if up else plain_weights(weight)
        self.channels = self.weights.shape[0] * COLUMNS
        self.inputs = whole(weight.shape[1])
        self.workers = get_num_threads()
        side = resolution
        if up:
            self.block = min(UP_BLOCK, -(-side // 2 // ROWS) * ROWS)
            self.bands = min(-(-self.workers // self.weights.shape[0]), side // 4)
        else:
            tiles = (side // 4) ** 2
            self.ahead, self.block = blocks(self.weights, tiles, self.inputs, self.workers)
            self.places = tiles // self.block if self.ahead else self.workers
        self._rooms(side)

    @property
    def nbytes(self) -> int:
        """Memory of the transformed weights."""
        return self.weights.nbytes

    def _rooms(self, side: int) -> list[Array]:
        take, workers, inputs, block = self.scratch.take, self.workers, self.inputs, self.block
        if not self.up:
            return [
                take("tiles", self.places, 36, block, inputs),
                take("products", workers, 36, block, COLUMNS),
            ]
        return [
            take("tiles", workers, 9, -(-side // 2 // ROWS) * ROWS, inputs),
            take("products", workers, 25, block, COLUMNS),
            take("ring", workers, RING, 2 * side + 3, COLUMNS),
        ]

    def run(self, x: Array, styles: Tensor, gain: Tensor, bias: Tensor, noise: Array, clamp: float, y: Array) -> None:
        """Modulate x by ``styles`` (i), convolve, demodulate by ``gain`` (o), add noise (h, w) and bias (o); finish.

        Leaky ReLU (0.2) without a gain of its own, then the clamp. Under kernels.LOCK.
        """
        rooms = self._rooms(x.shape[0] - 2)
        given = (
            x,
            padded(styles, self.inputs),
            self.weights,
            padded(gain, self.channels),
            padded(bias, self.channels),
            noise,
        )
        if self.up:
            convolve_up(*given, clamp, self.bands, *rooms, y)
        else:
            convolve(*given, LEAK, clamp, self.ahead, *rooms, y)


def compile_kernels() -> None:
    """Compile, on the smallest layers there are; under kernels.LOCK."""
    scratch = Scratch()
    zeros = torch.zeros(1)
    for up in (False, True):
        side = 16 * (1 + up)
        layer = Convolution(torch.zeros(1, 1, 3, 3), 16, scratch, up=up)
        layer.run(features(16, 1), zeros, zeros, zeros, np.zeros((side, side), np.float32), 1.0, features(side, 1))
