"""Pictures at another size by Lanczos, and colours under transparent places."""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture: TypeAlias = NDArray[Any]
"""uint8 or uint16, (height, width, channels)."""


def most_of(picture: Picture) -> int:
    """The number that stands for white: 255 or 65535."""
    return int(np.iinfo(picture.dtype).max)


def at_8_bits(picture: Picture) -> NDArray[np.uint8]:
    """``picture`` rounded to 255 levels; one of uint8 is given back as it is."""
    if picture.dtype == np.uint8:
        return picture
    return ((picture.astype(np.uint32) + 128) // 257).astype(np.uint8)


def with_more_levels(picture: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """``picture`` as uint16, with the levels between those of 8 bits where it is smooth: no value moves by more than
    half a level."""
    deep = picture.astype(np.float32) * 257
    smooth = cv2.GaussianBlur(deep, (0, 0), 3)
    return np.clip(np.rint(np.clip(smooth, deep - 128, deep + 128)), 0, 65535).astype(np.uint16)


def resampled(picture: Picture, height: int, width: int) -> Picture:
    """``picture`` (uint8 or uint16, any channels) at exactly ``height`` by ``width`` pixels, by Lanczos (3 lobes)."""
    if picture.shape[:2] == (height, width):
        return picture
    if picture.dtype == np.uint8 and picture.shape[2] == 3:
        return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))
    made = np.empty((height, width, picture.shape[2]), picture.dtype)
    for channel in range(picture.shape[2]):  # one at a time: in single precision they take much memory
        plane = Image.fromarray(picture[..., channel].astype(np.float32))
        larger = np.asarray(plane.resize((width, height), Image.Resampling.LANCZOS))
        made[..., channel] = np.clip(np.rint(larger), 0, most_of(picture))
    return made


def without_holes(color: Picture, alpha: Picture) -> Picture:
    """``color`` with the colours of the nearest visible pixel wherever ``alpha`` (h, w) is 0.

    What lies there is never seen but mixes into the edge as soon as pixels are mixed; mostly it is black.
    """
    hidden = alpha == 0
    if not hidden.any() or hidden.all():
        return color
    _, labels = cv2.distanceTransformWithLabels(hidden.astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    # Every visible pixel has a label of its own; which pixel that is, in their order.
    places = np.zeros(int(labels.max()) + 1, np.int64)
    visible = np.flatnonzero(~hidden)
    places[labels.ravel()[visible]] = visible
    filled: Picture = color.reshape(-1, color.shape[2])[places[labels.ravel()]].reshape(color.shape)
    return filled
