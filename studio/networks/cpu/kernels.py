"""The inner loops of the CPU's quick forms, compiled by Numba (LLVM, no compiler needed) on first use.

For StyleGAN2, pictures of features are float32 arrays (height + 2, width + 2, channels) with a border of zeros, so
that no loop asks where it is. Its large convolutions are in :mod:`studio.networks.cpu.winograd`.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import torch
from numba import get_num_threads, njit, prange
from numpy.typing import NDArray

Array = NDArray[np.float32]
F = np.float32
COMPILED: dict[str, Any] = {"parallel": True, "fastmath": True, "cache": True, "nogil": True, "boundscheck": False}

# Numba's own thread pool must not be entered by two threads at once.
LOCK = threading.RLock()


def start_threads() -> None:
    """Let Numba begin with its threads, and leave torch with as many as it had.

    Both compute with OpenMP's, and Numba asks for one a core when it begins: torch would take those, too.
    """
    threads = torch.get_num_threads()
    get_num_threads()
    torch.set_num_threads(threads)


start_threads()


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
    channels = weight.shape[1]
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


# ---- StyleGAN3

TAPS = 6
MARGIN = 24
LANES = 16
STRIPE = 32


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def _filtered_lrelu(
    x: Array,
    gains: Array,
    bias: Array,
    up_filter: Array,
    up: int,
    low: int,
    down: Array,
    radial: Array,
    scale: float,
    clamp: float,
    y: Array,
) -> None:
    height, width, channels = x.shape
    size = y.shape[0]
    length = 2 * size + 2 * TAPS - 2
    stripes = (size + STRIPE - 1) // STRIPE
    chunks = (channels + LANES - 1) // LANES
    limit = F(clamp)
    gain = F(scale)
    leak = F(scale * 0.2)
    for task in prange(stripes * chunks):
        stripe = task // chunks
        c0 = (task - stripe * chunks) * LANES
        lanes = min(LANES, channels - c0)
        top = stripe * STRIPE
        rows = min(STRIPE, size - top)
        # A row between the samples' rows, one at full up-sampling, one after down-sampling; whole lanes each.
        v = np.zeros((width + 2 * MARGIN, LANES), np.float32)
        u = np.zeros((length, LANES), np.float32)
        h = np.zeros((size, LANES), np.float32)
        out = np.zeros((rows, size, LANES), np.float32)
        g = np.zeros(LANES, np.float32)
        b = np.zeros(LANES, np.float32)
        for c in range(lanes):
            g[c] = gains[c0 + c]
            b[c] = bias[c0 + c]
        at = np.zeros(TAPS, np.int64)
        f = np.zeros(TAPS, np.float32)
        for t in range(2 * top, 2 * (top + rows) + 2 * TAPS - 2):
            first = (low - t) % up
            total = F(0)
            for k in range(TAPS):
                n = (t + first - low) // up + k
                inside = 0 <= n < height
                at[k] = n if inside else 0
                f[k] = up_filter[first + k * up] if inside else F(0)
                total += f[k]
            n0, n1, n2, n3, n4, n5 = at[0], at[1], at[2], at[3], at[4], at[5]
            f0, f1, f2, f3, f4, f5 = f[0], f[1], f[2], f[3], f[4], f[5]
            if lanes == LANES:
                for i in range(width):
                    for c in range(LANES):
                        s = f0 * x[n0, i, c0 + c] + f1 * x[n1, i, c0 + c] + f2 * x[n2, i, c0 + c]
                        s += f3 * x[n3, i, c0 + c] + f4 * x[n4, i, c0 + c] + f5 * x[n5, i, c0 + c]
                        v[i + MARGIN, c] = s * g[c] + total * b[c]
            else:
                for i in range(width):
                    for c in range(lanes):
                        s = f0 * x[n0, i, c0 + c] + f1 * x[n1, i, c0 + c] + f2 * x[n2, i, c0 + c]
                        s += f3 * x[n3, i, c0 + c] + f4 * x[n4, i, c0 + c] + f5 * x[n5, i, c0 + c]
                        v[i + MARGIN, c] = s * g[c] + total * b[c]
            for phase in range(up):
                first = (low - phase) % up
                f0 = up_filter[first]
                f1 = up_filter[first + up]
                f2 = up_filter[first + 2 * up]
                f3 = up_filter[first + 3 * up]
                f4 = up_filter[first + 4 * up]
                f5 = up_filter[first + 5 * up]
                i = (phase + first - low) // up + MARGIN
                for j in range(phase, length, up):
                    for c in range(LANES):
                        s = f0 * v[i, c] + f1 * v[i + 1, c] + f2 * v[i + 2, c]
                        s += f3 * v[i + 3, c] + f4 * v[i + 4, c] + f5 * v[i + 5, c]
                        s *= gain if s >= F(0) else leak
                        u[j, c] = min(max(s, -limit), limit)
                    i += 1
            if radial.shape[0] > 0:
                for r in range(max(0, (t - 2 * TAPS + 2) // 2 - top), min(rows, t // 2 + 1 - top)):
                    k = t - 2 * (top + r)
                    for o in range(size):
                        j = 2 * o
                        for c in range(LANES):
                            s = radial[k, 0] * u[j, c] + radial[k, 1] * u[j + 1, c] + radial[k, 2] * u[j + 2, c]
                            s += radial[k, 3] * u[j + 3, c] + radial[k, 4] * u[j + 4, c] + radial[k, 5] * u[j + 5, c]
                            s += radial[k, 6] * u[j + 6, c] + radial[k, 7] * u[j + 7, c] + radial[k, 8] * u[j + 8, c]
                            s += radial[k, 9] * u[j + 9, c] + radial[k, 10] * u[j + 10, c]
                            out[r, o, c] += s + radial[k, 11] * u[j + 11, c]
            else:
                for o in range(size):
                    j = 2 * o
                    for c in range(LANES):
                        s = down[0] * u[j, c] + down[1] * u[j + 1, c] + down[2] * u[j + 2, c]
                        s += down[3] * u[j + 3, c] + down[4] * u[j + 4, c] + down[5] * u[j + 5, c]
                        s += down[6] * u[j + 6, c] + down[7] * u[j + 7, c] + down[8] * u[j + 8, c]
                        s += down[9] * u[j + 9, c] + down[10] * u[j + 10, c] + down[11] * u[j + 11, c]
                        h[o, c] = s
                for r in range(max(0, (t - 2 * TAPS + 2) // 2 - top), min(rows, t // 2 + 1 - top)):
                    k = t - 2 * (top + r)
                    d = down[k]
                    for o in range(size):
                        for c in range(LANES):
                            out[r, o, c] += d * h[o, c]
        for r in range(rows):
            for o in range(size):
                for c in range(lanes):
                    y[top + r, o, c0 + c] = out[r, o, c]


def filtered_lrelu(
    x: Array,
    gains: Array,
    bias: Array,
    up_filter: Array,
    up: int,
    low: int,
    down: Array,
    radial: Array,
    scale: float,
    clamp: float,
    y: Array,
) -> None:
    """x (h, w, c) times ``gains`` plus ``bias``; up-sampled, leaky ReLU times ``scale``, clamped, halved: y (s, s, c).

    ``up_filter`` (6 up,) is flipped, with gain ``up``; ``low`` samples come before the first (negative: cut off).
    ``down`` (12,) filters separably; with ``radial`` (12, 12), that is used instead. Karras et al. 2021, appendix D.
    """
    with LOCK:
        _filtered_lrelu(x, gains, bias, up_filter, up, low, down, radial, scale, clamp, y)


def compile_kernels() -> None:
    """Compile this module's loops, on the smallest arrays there are; under :data:`LOCK`."""
    side, channels = 4, 16
    x = np.zeros((side + 2, side + 2, channels), np.float32)
    row = np.zeros(channels, np.float32)
    noise = np.zeros((side, side), np.float32)
    plain = np.zeros((side, side, channels), np.float32)
    modulate(x, row, plain)
    finish(plain, row, row, noise, 1.0, x)
    filter_finish(np.zeros((side + 1, side + 1, channels), np.float32), row, row, noise, 1.0, x)
    picture = np.zeros((side, side, 3), np.float32)
    colours(x, np.zeros((3, channels), np.float32), row[:3].copy(), 1.0, np.zeros((2, 2, 3), np.float32), picture)
    taps = np.zeros(2 * TAPS, np.float32)
    few = np.zeros((TAPS, TAPS, channels), np.float32)
    for radial in (np.zeros((0, 0), np.float32), np.zeros((2 * TAPS, 2 * TAPS), np.float32)):
        _filtered_lrelu(few, row, row, taps, 2, 9, taps, radial, 1.0, 1.0, few)
