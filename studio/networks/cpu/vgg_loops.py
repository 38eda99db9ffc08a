"""The loops between the convolutions of :mod:`studio.networks.cpu.vgg`, compiled by Numba.

Features are float32 arrays (rows + 2, columns + 2, channels) with a border, rows and columns filled up to multiples
of 4; ``height`` and ``width`` say how many of them the picture has.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from studio.networks.cpu.kernels import COMPILED, Array

_ZERO = np.float32(0)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def surround(y: Array, height: int, width: int, circular: bool) -> None:
    """Zeros around the picture; with ``circular`` its opposite edge comes first.

    Zeros farther out too: what a tile does not need cancels out in Winograd's sums, unless it is huge.
    """
    for row in prange(y.shape[0]):
        if 0 < row <= height:
            y[row, 0] = 0
            y[row, width + 1 :] = 0
            if circular:
                y[row, 0] = y[row, width]
                y[row, width + 1] = y[row, 1]
        else:
            y[row] = 0
    if circular:
        y[0] = y[height]
        y[height + 1] = y[1]


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def rectify(z: Array, y: Array) -> None:
    """ReLU: z (height, width, channels) into y."""
    height, width, channels = z.shape
    for row in prange(height):
        for column in range(width):
            for c in range(channels):
                y[row + 1, column + 1, c] = max(z[row, column, c], _ZERO)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def take(y: Array, out: Array) -> None:
    """The picture of y without its border -> (height, width, channels)."""
    height, width, _ = out.shape
    for row in prange(height):
        out[row] = y[row + 1, 1 : width + 1]


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def pool(y: Array, height: int, width: int, p: Array) -> None:
    """The largest of 2x2 pixels, none of which is negative; of fewer at odd edges. ``height``, ``width`` of p."""
    channels = y.shape[2]
    for row in prange(height):
        for column in range(width):
            i, j = 2 * row + 1, 2 * column + 1
            for c in range(channels):
                upper = max(y[i, j, c], y[i, j + 1, c])
                lower = max(y[i + 1, j, c], y[i + 1, j + 1, c])
                p[row + 1, column + 1, c] = max(upper, lower)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def back_through_relu(g: Array, y: Array, height: int, width: int) -> None:
    """The gradient g of y becomes that of what the ReLU was given."""
    channels = y.shape[2]
    for row in prange(1, height + 1):
        for column in range(1, width + 1):
            for c in range(channels):
                g[row, column, c] = g[row, column, c] if y[row, column, c] > 0 else _ZERO


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def back_through_pool(g_p: Array, y: Array, height: int, width: int, g: Array) -> None:
    """The gradient of pooled features to g, that of what the ReLU before the pooling was given (its result is y)."""
    channels = y.shape[2]
    for row in prange((height + 1) // 2):
        for column in range((width + 1) // 2):
            i, j = 2 * row + 1, 2 * column + 1
            for c in range(channels):
                a, b, d, e = y[i, j, c], y[i, j + 1, c], y[i + 1, j, c], y[i + 1, j + 1, c]
                largest = max(max(a, b), max(d, e))
                left = g_p[row + 1, column + 1, c] if largest > 0 else _ZERO
                # As torch does: the first of equals takes all of it.
                g[i, j, c] = left if a == largest else _ZERO
                left = _ZERO if a == largest else left
                g[i, j + 1, c] = left if b == largest else _ZERO
                left = _ZERO if b == largest else left
                g[i + 1, j, c] = left if d == largest else _ZERO
                left = _ZERO if d == largest else left
                g[i + 1, j + 1, c] = left


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def add_where_positive(given: Array, y: Array, g: Array) -> None:
    """Add the gradient ``given`` (height, width, channels) of y to g, that of what the ReLU was given."""
    height, width, channels = given.shape
    for row in prange(height):
        for column in range(width):
            for c in range(channels):
                plus = given[row, column, c] if y[row + 1, column + 1, c] > 0 else _ZERO
                g[row + 1, column + 1, c] += plus
