"""The edge of a mask of what is repaired: it takes something along, and what is filled fades into the picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def grown(hole: Mask, pixels: int) -> Mask:
    """``hole`` and everything within so many pixels of it."""
    if pixels <= 0:
        return hole
    distance = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance <= pixels)


def softened(full: Mask, area: Mask, feather: int) -> NDArray[np.float32]:
    """1 in ``full``, falling to 0 over ``feather`` pixels towards the edge of ``area``, float32."""
    share = full.astype(np.float32)
    if feather > 0:
        distance = cv2.distanceTransform((~full).astype(np.uint8), cv2.DIST_L2, 5)
        share = np.clip(1 - distance / np.float32(feather + 1), 0, 1).astype(np.float32)
    return np.where(area, share, np.float32(0))


def filled_share(painted: Mask, grow: float, feather: float) -> NDArray[np.float32]:
    """The share of every pixel that is replaced, 0..1, float32; ``grow`` and ``feather`` in shares of the long side."""
    long = max(painted.shape)
    wide, soft = round(grow * long), round(feather * long)
    return softened(grown(painted, wide), grown(painted, wide + soft), soft)
