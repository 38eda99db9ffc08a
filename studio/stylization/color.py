"""Keeping the photo's colours, and sizes of pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709


def fitted(image: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """``image`` scaled by Lanczos so that its long side is ``long_side``; no side falls below 8 pixels."""
    height, width = image.shape[:2]
    factor = long_side / max(height, width)
    return resized(image, max(8, round(height * factor)), max(8, round(width * factor)))


def resized(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """``image`` at exactly ``height`` by ``width`` pixels, by Lanczos."""
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS))


def luma(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness Y' in 0..1, float32, (height, width)."""
    brightness: NDArray[np.float32] = np.dot(image.astype(np.float32) / np.float32(255.0), _LUMA)
    return brightness


def match_luma(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float32]:
    """``source`` shifted and scaled to the mean and spread of ``target`` (Gatys et al. 2016, arXiv:1606.05897, eq. 10).

    The scale stays within 2/3..3/2: a flat source would otherwise turn into amplified noise.
    """
    scale = float(np.clip(target.std() / max(float(source.std()), 1e-4), 2 / 3, 3 / 2))
    matched: NDArray[np.float32] = (source - source.mean()) * np.float32(scale) + target.mean()
    return matched


def with_colors_of(content: NDArray[np.uint8], brightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The colours of ``content`` at another brightness.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    brightness : Y' in 0..1, (height, width); clipped.

    Notes
    -----
    The chroma of YCbCr is kept, and where that would leave the RGB cube it is lessened just enough to stay inside:
    clipping each channel on its own would turn skies cyan and skin yellow.
    """
    rgb = content.astype(np.float32) / 255.0
    chroma = rgb - luma(content)[..., None]
    y = np.clip(brightness, 0.0, 1.0)
    highest, lowest = chroma.max(-1), chroma.min(-1)
    room = np.minimum((1.0 - y) / np.maximum(highest, 1e-6), y / np.maximum(-lowest, 1e-6))
    out = y[..., None] + chroma * np.minimum(room, 1.0)[..., None]
    return np.asarray(np.clip(out * 255.0 + 0.5, 0, 255), np.uint8)
