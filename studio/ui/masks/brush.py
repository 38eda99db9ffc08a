"""The brush that masks are painted with: soft or hard at its edge, strong or weak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Point = tuple[float, float]


@dataclass(frozen=True)
class Brush:
    """A round brush.

    Attributes
    ----------
    size : diameter in shares of the long side of the mask.
    hardness : 0..1: how much of the radius is at full strength; towards the edge it falls to nothing.
    strength : 0..1: how far a stroke goes, however often it crosses itself; the next stroke goes on from there.
    """

    size: float = 0.1
    hardness: float = 1.0
    strength: float = 1.0


class Stroke:
    """A stroke of a brush, from pressing the button to letting go.

    Parameters
    ----------
    mask : uint8 (height, width), as it is before.
    """

    def __init__(self, mask: Mask, brush: Brush, *, erases: bool) -> None:
        self._brush = brush
        self._before = mask.astype(np.float32)
        self._cover = np.zeros(mask.shape, np.float32)
        self._goal = 0.0 if erases else 255.0

    def draw(self, mask: Mask, start: Point, end: Point) -> None:
        """Draw a straight piece on ``mask``, from x, y to x, y in its pixels."""
        height, width = mask.shape
        radius = max(0.5, self._brush.size * max(height, width) / 2)
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        x0, x1 = max(0, int(left - radius - 1)), min(width, int(right + radius + 2))
        y0, y1 = max(0, int(top - radius - 1)), min(height, int(bottom + radius + 2))
        if x0 >= x1 or y0 >= y1:
            return
        box = np.s_[y0:y1, x0:x1]
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32) + np.float32(0.5)
        distance = _distance(x, y, start, end)
        # A hard edge is a pixel wide, so that it is smooth.
        edge = max(1.0, radius * (1 - self._brush.hardness))
        share = np.clip((radius + 0.5 - distance) / edge, 0, 1)
        if edge > 1:
            share = share * share * (3 - 2 * share)
        np.maximum(self._cover[box], share, out=self._cover[box])
        before = self._before[box]
        drawn = before + (self._goal - before) * self._cover[box] * self._brush.strength
        mask[box] = (drawn + 0.5).astype(np.uint8)


def _distance(x: NDArray[np.float32], y: NDArray[np.float32], start: Point, end: Point) -> NDArray[np.float32]:
    """Distances of points to the piece of a line from ``start`` to ``end``."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    squared = along_x * along_x + along_y * along_y
    # Of a piece without length, its one point.
    share = np.clip(((x - start[0]) * along_x + (y - start[1]) * along_y) / max(squared, 1e-9), 0, 1)
    distance: NDArray[np.float32] = np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
    return distance.astype(np.float32)


def is_empty(mask: Mask) -> bool:
    """Return whether nothing is painted. The rim that erasing leaves of a smooth edge is thin and dark: it is none."""
    if mask.max(initial=0) > 64:
        return False
    inner = mask
    for axis in (0, 1, 0, 1):
        inner = np.minimum(inner, np.minimum(_moved(inner, 1, axis), _moved(inner, -1, axis)))
    return int(inner.max(initial=0)) <= 8


def _moved(mask: Mask, step: int, axis: int) -> Mask:
    """The mask moved by a pixel, its edge repeated."""
    index = np.clip(np.arange(mask.shape[axis]) - step, 0, mask.shape[axis] - 1)
    return np.take(mask, index, axis)
