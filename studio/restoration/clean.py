"""Taking noise, traces of JPEG, dust and scratches, and a faded look out of pictures.

Noise and JPEG: thresholds on the DCT of every 8 x 8 square, all squares averaged (Yu and Sapiro 2011, IPOL 1; for JPEG
after Nosratinia 2001: the thresholds follow the quantisation that a JPEG of that strength has).
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.base import Message, Progress, Work
from studio.recipes import CleanSettings
from studio.restoration.resampling import Picture, at_8_bits, most_of

Ranges = tuple[tuple[float, float], ...]
"""Of red, green and blue, what becomes black and white by automatic levels, 0..1."""
BLOCK = 8
STRIDE = 2
"""Pixels from one square to the next: each pixel is in sixteen of them."""
ROWS = 512
"""Rows that are cleaned at a time."""
DOING = Message("Cleaning")

# ITU-T T.81, annex K: the tables that most programs scale.
_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
_TO_PLANES = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
"""RGB to Y'CbCr of JPEG (ITU-T T.871)."""
_CLIPPED = 0.004
"""Share of the pixels that become black, and white, by automatic levels."""
_LEAST_CONTRAST = 8 / 255
"""A channel with less has nothing to stretch."""


def clean(picture: Picture, settings: CleanSettings, ranges: Ranges | None = None) -> Work[Picture]:
    """``picture``, uint8 or uint16 (h, w, 3 or 4), cleaned as ``settings`` say; alpha stays. Yields how far it is.

    ``ranges``: what automatic levels stretch; None: what :func:`color_ranges` finds in the picture itself.
    """
    yield from ()
    color = picture[..., :3]
    if settings.scratches > 0:
        yield Progress(0, 0, DOING)
        color = without_scratches(color, settings.scratches)
    if settings.jpeg > 0 or settings.noise > 0:
        color = yield from _without_noise(color, settings)
    if settings.levels > 0:
        if ranges is None:
            ranges = color_ranges(color[picture[..., 3] > 0] if picture.shape[2] == 4 else color)
        color = with_levels(color, settings.levels, ranges)
    return color if picture.shape[2] == 3 else np.dstack([color, picture[..., 3]])


# ---- noise and JPEG


def _without_noise(color: Picture, settings: CleanSettings) -> Work[Picture]:
    """Luminance and colours without noise and traces of JPEG, some rows at a time."""
    most = most_of(color)
    planes = color.astype(np.float32) @ (_TO_PLANES.T * np.float32(255 / most))
    sigmas = [noise_level(planes[..., plane]) for plane in range(3)] if settings.noise > 0 else [0.0] * 3
    height = len(planes)
    made = np.empty_like(planes)
    step = 0
    starts = range(0, height, ROWS)
    for top in starts:
        low, high = max(0, top - BLOCK * 2), min(height, top + ROWS + BLOCK * 2)
        for plane in range(3):
            table = _thresholds(settings, sigmas[plane], colorful=plane > 0)
            smooth = _smoothed(planes[low:high, :, plane], table)
            made[top : top + ROWS, :, plane] = smooth[top - low : top - low + ROWS]
            step += 1
            yield Progress(step, 3 * len(starts), DOING)
    back = np.linalg.inv(_TO_PLANES).astype(np.float32)
    return np.clip(np.rint(made @ (back.T * np.float32(most / 255))), 0, most).astype(color.dtype)


def _thresholds(settings: CleanSettings, sigma: float, *, colorful: bool) -> Tensor:
    """(64,): below which size a DCT coefficient is taken for noise or a trace of JPEG. The mean is never touched."""
    table = np.zeros((BLOCK, BLOCK), np.float32)
    if settings.noise > 0:
        # 2.7 deviations are usual; colours bear more, since eyes see their detail less.
        table = np.maximum(table, 2.7 * sigma * 2 * settings.noise * (1.4 if colorful else 1.0))
    if settings.jpeg > 0:
        # Half a step of quantisation is the most that a coefficient is off; at full strength that of quality 10.
        quality = 90 - 80 * settings.jpeg
        factor = 50 / quality if quality < 50 else 2 - quality / 50
        steps = np.array(_LUMINANCE, np.float32) * factor * (1.5 if colorful else 1.0)
        table = np.maximum(table, 0.5 * np.minimum(steps, 255))
    table = np.broadcast_to(table, (BLOCK, BLOCK)).copy()
    table[0, 0] = 0
    return torch.from_numpy(table.reshape(-1))


@functools.cache
def _basis() -> Tensor:
    """(64, 1, 8, 8): the orthonormal DCT-II in two dimensions, rows of the coefficients first."""
    k, n = np.mgrid[0:BLOCK, 0:BLOCK]
    one = np.sqrt(np.where(k == 0, 1, 2) / BLOCK) * np.cos(np.pi * (2 * n + 1) * k / (2 * BLOCK))
    two = np.einsum("ay,bx->abyx", one, one).reshape(BLOCK * BLOCK, 1, BLOCK, BLOCK)
    return torch.from_numpy(two.astype(np.float32))


def _smoothed(plane: NDArray[np.float32], table: Tensor) -> NDArray[np.float32]:
    """``plane`` (h, w) with small coefficients of its squares of 8 x 8 at 0, the squares of a pixel averaged."""
    height, width = plane.shape
    around = BLOCK - 1
    # The last square must end at or behind the last pixel that counts.
    more = [around + (length + around) % STRIDE for length in (height, width)]
    padded = np.pad(plane, ((around, more[0]), (around, more[1])), "symmetric")
    with torch.inference_mode():
        coefficients = F.conv2d(torch.from_numpy(padded)[None, None], _basis(), stride=STRIDE)
        coefficients *= coefficients.abs() > table.view(1, -1, 1, 1)
        whole = F.conv_transpose2d(coefficients, _basis(), stride=STRIDE)[0, 0] * (STRIDE / BLOCK) ** 2
        found: NDArray[np.float32] = whole[around : around + height, around : around + width].numpy()
    return found


def noise_level(plane: NDArray[np.float32]) -> float:
    """Standard deviation of the noise in ``plane``, from the finest diagonal detail (Donoho and Johnstone 1994)."""
    height, width = (n // 2 * 2 for n in plane.shape)
    if min(height, width) < 2:
        return 0.0
    a, b = plane[:height:2, :width:2], plane[:height:2, 1:width:2]
    c, d = plane[1:height:2, :width:2], plane[1:height:2, 1:width:2]
    return float(np.median(np.abs(a - b - c + d)) / 2 / 0.6745)


# ---- scratches


def without_scratches(color: Picture, strength: float) -> Picture:
    """``color`` (h, w, 3) with thin lines and specks that stand out from what lies around closed."""
    eight = at_8_bits(color)
    found = scratches_in(eight, strength)
    if color.dtype == np.uint8:
        return np.asarray(cv2.inpaint(eight, found, 3, cv2.INPAINT_TELEA), np.uint8)
    # OpenCV closes holes at 16 bits in single planes only.
    planes = [cv2.inpaint(np.ascontiguousarray(color[..., n]), found, 3, cv2.INPAINT_TELEA) for n in range(3)]
    return np.dstack(planes)


def scratches_in(color: NDArray[np.uint8], strength: float) -> NDArray[np.uint8]:
    """A mask of scratches and dust, uint8 (h, w), 255 there; ``strength`` 0..1 says how readily.

    Both are thin, and lighter or darker than all around. A scratch is long and straight for a while; dust lies where
    nothing else has detail.
    """
    grey = cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
    side = max(3, round(max(grey.shape) / 250) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    lighter, darker = (cv2.morphologyEx(grey, how, kernel) for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT))
    least = 48 - 36 * strength
    found = np.zeros(grey.shape, np.uint8)
    long = round(side * (9 - 5 * strength))
    for stands_out in (lighter, darker):
        thin = (stands_out > least).astype(np.uint8)
        for angle in range(0, 180, 10):
            found |= np.asarray(cv2.morphologyEx(thin, cv2.MORPH_OPEN, _line(long, angle)), np.uint8)
        calm = cv2.blur(thin.astype(np.float32), (6 * side + 1, 6 * side + 1)) < 0.02 + 0.02 * strength
        found |= thin & calm.astype(np.uint8)
    return np.asarray(cv2.dilate(found * 255, np.ones((3, 3), np.uint8)), np.uint8)


@functools.cache
def _line(length: int, angle: int) -> NDArray[np.uint8]:
    """A line through the middle of a square of ``length`` pixels, ``angle`` in degrees, as a structuring element."""
    square = np.zeros((length, length), np.uint8)
    middle = (length - 1) / 2
    x, y = middle * np.cos(np.radians(angle)), middle * np.sin(np.radians(angle))
    ends = [(round(middle + sign * x), round(middle + sign * y)) for sign in (-1, 1)]
    cv2.line(square, ends[0], ends[1], 1)
    return square


# ---- levels


def color_ranges(color: Picture) -> Ranges:
    """The levels that nearly all of ``color`` (..., 3) lies within, channel by channel, of 1."""
    most = most_of(color)
    found = []
    for channel in range(3):
        counts = np.bincount(color[..., channel].ravel(), minlength=most + 1)
        share = np.cumsum(counts) / max(1, counts.sum())
        low, high = np.searchsorted(share, _CLIPPED), np.searchsorted(share, 1 - _CLIPPED)
        found.append((float(low) / most, float(high) / most))
    return tuple(found)


def with_levels(color: Picture, strength: float, ranges: Ranges) -> Picture:
    """``color`` (h, w, 3) with each channel's ``ranges`` stretched to the full range by a share of ``strength``."""
    made = np.empty_like(color)
    most = most_of(color)
    levels = np.arange(most + 1, dtype=np.float32)
    for channel, (low, high) in enumerate(ranges):
        if high - low < _LEAST_CONTRAST:
            made[..., channel] = color[..., channel]
            continue
        stretched = np.clip((levels - low * most) / (high - low), 0, most)
        table = np.rint(levels + (stretched - levels) * strength).astype(color.dtype)
        made[..., channel] = table[color[..., channel]]
    return made
