"""The inner loops of :mod:`studio.networks.fast_stylegan2`, compiled by Numba (LLVM, no compiler needed) on first use.

Pictures of features are float32 arrays (height + 2, width + 2, channels) with a border of zeros, so that no loop asks
where it is. Convolutions are Winograd's F(4x4, 3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural
networks"): tiles of 6x6 pixels, 36 matrix products in place of 144 multiplications a tile and channel.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Array = NDArray[np.float32]
F = np.float32
COMPILED: dict[str, Any] = {"parallel": True, "fastmath": True, "cache": True, "nogil": True, "boundscheck": False}

# Numba's own thread pool must not be entered by two threads at once.
LOCK = threading.RLock()


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def winograd_input(x: Array, styles: Array, v: Array, first: int, rows: int, columns: int) -> None:
    """Modulate and transform ``rows`` rows of tiles from ``first`` on: x (h + 2, w + 2, c) -> v (36, tiles, c)."""
    channels = x.shape[2]
    for row in prange(rows):
        t = np.empty((6, 6, channels), np.float32)
        y0 = (first + row) * 4
        for column in range(columns):
            x0 = column * 4
            for j in range(6):
                for c in range(channels):
                    s = styles[c]
                    d0 = x[y0, x0 + j, c] * s
                    d1 = x[y0 + 1, x0 + j, c] * s
                    d2 = x[y0 + 2, x0 + j, c] * s
                    d3 = x[y0 + 3, x0 + j, c] * s
                    d4 = x[y0 + 4, x0 + j, c] * s
                    d5 = x[y0 + 5, x0 + j, c] * s
                    a = d4 - F(4) * d2
                    b = d3 - F(4) * d1
                    e = d4 - d2
                    g = F(2) * (d3 - d1)
                    t[0, j, c] = F(4) * d0 - F(5) * d2 + d4
                    t[1, j, c] = a + b
                    t[2, j, c] = a - b
                    t[3, j, c] = e + g
                    t[4, j, c] = e - g
                    t[5, j, c] = F(4) * d1 - F(5) * d3 + d5
            tile = row * columns + column
            for i in range(6):
                for c in range(channels):
                    d0 = t[i, 0, c]
                    d1 = t[i, 1, c]
                    d2 = t[i, 2, c]
                    d3 = t[i, 3, c]
                    d4 = t[i, 4, c]
                    d5 = t[i, 5, c]
                    a = d4 - F(4) * d2
                    b = d3 - F(4) * d1
                    e = d4 - d2
                    g = F(2) * (d3 - d1)
                    v[i * 6, tile, c] = F(4) * d0 - F(5) * d2 + d4
                    v[i * 6 + 1, tile, c] = a + b
                    v[i * 6 + 2, tile, c] = a - b
                    v[i * 6 + 3, tile, c] = e + g
                    v[i * 6 + 4, tile, c] = e - g
                    v[i * 6 + 5, tile, c] = F(4) * d1 - F(5) * d3 + d5


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def winograd_output(
    m: Array, demod: Array, bias: Array, noise: Array, clamp: float, y: Array, first: int, rows: int, columns: int
) -> None:
    """m (36, tiles, c) back to pixels; demodulation, noise (h, w), bias, leaky ReLU; into y (h + 2, w + 2, c)."""
    channels = m.shape[2]
    limit = F(clamp)
    for row in prange(rows):
        t = np.empty((4, 6, channels), np.float32)
        for column in range(columns):
            tile = row * columns + column
            for j in range(6):
                for c in range(channels):
                    m0 = m[j, tile, c]
                    m1 = m[6 + j, tile, c]
                    m2 = m[12 + j, tile, c]
                    m3 = m[18 + j, tile, c]
                    m4 = m[24 + j, tile, c]
                    m5 = m[30 + j, tile, c]
                    p = m1 + m2
                    q = m1 - m2
                    r = m3 + m4
                    u = m3 - m4
                    t[0, j, c] = m0 + p + r
                    t[1, j, c] = q + F(2) * u
                    t[2, j, c] = p + F(4) * r
                    t[3, j, c] = q + F(8) * u + m5
            for i in range(4):
                h = (first + row) * 4 + i
                w = column * 4
                n0 = noise[h, w]
                n1 = noise[h, w + 1]
                n2 = noise[h, w + 2]
                n3 = noise[h, w + 3]
                for c in range(channels):
                    m0 = t[i, 0, c]
                    m1 = t[i, 1, c]
                    m2 = t[i, 2, c]
                    m3 = t[i, 3, c]
                    m4 = t[i, 4, c]
                    m5 = t[i, 5, c]
                    p = m1 + m2
                    q = m1 - m2
                    r = m3 + m4
                    u = m3 - m4
                    d = demod[c]
                    b = bias[c]
                    v0 = (m0 + p + r) * d + (n0 + b)
                    v1 = (q + F(2) * u) * d + (n1 + b)
                    v2 = (p + F(4) * r) * d + (n2 + b)
                    v3 = (q + F(8) * u + m5) * d + (n3 + b)
                    y[h + 1, w + 1, c] = min(max(max(v0, F(0.2) * v0), -limit), limit)
                    y[h + 1, w + 2, c] = min(max(max(v1, F(0.2) * v1), -limit), limit)
                    y[h + 1, w + 3, c] = min(max(max(v2, F(0.2) * v2), -limit), limit)
                    y[h + 1, w + 4, c] = min(max(max(v3, F(0.2) * v3), -limit), limit)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def modulate(x: Array, styles: Array, out: Array) -> None:
    """x (h + 2, w + 2, c) times styles (c) -> out (h, w, c), without the border."""
    for row in prange(out.shape[0]):
        for column in range(out.shape[1]):
            for c in range(out.shape[2]):
                out[row, column, c] = x[row + 1, column + 1, c] * styles[c]


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def finish(z: Array, demod: Array, bias: Array, noise: Array, clamp: float, y: Array) -> None:
    """Demodulation, noise, bias and leaky ReLU: z (h, w, c) -> y (h + 2, w + 2, c)."""
    limit = F(clamp)
    for row in prange(z.shape[0]):
        for column in range(z.shape[1]):
            n = noise[row, column]
            for c in range(z.shape[2]):
                v = z[row, column, c] * demod[c] + (n + bias[c])
                y[row + 1, column + 1, c] = min(max(max(v, F(0.2) * v), -limit), limit)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def filter_finish(z: Array, demod: Array, bias: Array, noise: Array, clamp: float, y: Array) -> None:
    """[1, 3, 3, 1] / 4 both ways on z (2h + 1, 2w + 1, c), then as :func:`finish` -> y (2h + 2, 2w + 2, c)."""
    limit = F(clamp)
    height, width, channels = z.shape
    for row in prange(height - 1):
        t = np.zeros((width + 2, channels), np.float32)
        for tap in range(4):
            source = row - 1 + tap
            if 0 <= source < height:
                weight = F(0.25) if tap == 0 or tap == 3 else F(0.75)
                for column in range(width):
                    for c in range(channels):
                        t[column + 1, c] += weight * z[source, column, c]
        for column in range(width - 1):
            n = noise[row, column]
            for c in range(channels):
                v = F(0.25) * (t[column, c] + t[column + 3, c]) + F(0.75) * (t[column + 1, c] + t[column + 2, c])
                v = v * demod[c] + (n + bias[c])
                y[row + 1, column + 1, c] = min(max(max(v, F(0.2) * v), -limit), limit)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def colours(x: Array, weight: Array, bias: Array, clamp: float, below: Array, out: Array) -> None:
    """Colours of x (h + 2, w + 2, c) by weight (k, c), on the skip picture ``below`` (h / 2, w / 2, k) -> (h, w, k).

    A picture ``below`` without pixels stands for none.
    """
    height, width, count = out.shape
    channels = x.shape[2]
    limit = F(clamp)
    half, across = below.shape[0], below.shape[1]
    for row in prange(height):
        # Even pixels lie a quarter above their source, odd ones a quarter below it.
        near = row // 2
        far = near - 1 if row % 2 == 0 else near + 1
        for column in range(width):
            beside = column // 2
            other = beside - 1 if column % 2 == 0 else beside + 1
            for k in range(count):
                total = F(0)
                for c in range(channels):
                    total += x[row + 1, column + 1, c] * weight[k, c]
                total = min(max(total + bias[k], -limit), limit)
                if half > 0:
                    total += F(0.5625) * below[near, beside, k]
                    if 0 <= far < half:
                        total += F(0.1875) * below[far, beside, k]
                        if 0 <= other < across:
                            total += F(0.0625) * below[far, other, k]
                    if 0 <= other < across:
                        total += F(0.1875) * below[near, other, k]
                out[row, column, k] = total


def prepare() -> None:
    """Compile everything now (some seconds, once); later processes find it on the disk."""
    side, channels = 4, 16
    x = np.zeros((side + 2, side + 2, channels), np.float32)
    row = np.zeros(channels, np.float32)
    noise = np.zeros((side, side), np.float32)
    tiles = np.zeros((36, 1, channels), np.float32)
    plain = np.zeros((side, side, channels), np.float32)
    with LOCK:
        winograd_input(x, row, tiles, 0, 1, 1)
        winograd_output(tiles, row, row, noise, 1.0, x, 0, 1, 1)
        modulate(x, row, plain)
        finish(plain, row, row, noise, 1.0, x)
        filter_finish(np.zeros((side + 1, side + 1, channels), np.float32), row, row, noise, 1.0, x)
        picture = np.zeros((side, side, 3), np.float32)
        colours(x, np.zeros((3, channels), np.float32), row[:3].copy(), 1.0, np.zeros((2, 2, 3), np.float32), picture)
