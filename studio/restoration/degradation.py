"""How clean a picture is: noise, and the traces of JPEG, told from samples of its pixels."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.restoration.resampling import Picture, most_of

BLOCK = 8
"""Pixels of a side of JPEG's blocks."""
_SAMPLE, _IN_A_ROW = 256, 4
"""Side of the squares that are looked at, and how many of them side by side: 16 tell of the largest picture."""
_SMOOTHEST = 0.1
_CLIPPED = 4.0
"""Levels of 255 next to black and white where noise is cut off."""
_ENOUGH = 0.25
_WINDOW = 9
_LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
"""Immerkaer 1996: what of it is left in smooth parts is noise, of the same standard deviation."""
_STEP_LIMIT = 6.0
"""Levels of 255 above which a step is an edge of the picture."""


def noise_level(picture: Picture) -> float:
    """Standard deviation of the noise in ``picture``, uint8 or uint16 (h, w, 3), in levels of 255.

    That of the smoothest tenth, since texture looks like noise elsewhere.
    """
    found: list[NDArray[np.float32]] = []
    clipped: list[NDArray[np.bool_]] = []
    for values in _samples(picture):
        left = cv2.filter2D(values, -1, _LAPLACIAN)[1:-1, 1:-1]
        found.append(cv2.blur((left**2).mean(axis=2), (_WINDOW, _WINDOW)).ravel())
        around = cv2.blur(values.mean(axis=2), (_WINDOW, _WINDOW))[1:-1, 1:-1].ravel()
        clipped.append((around < _CLIPPED) | (around > 255 - _CLIPPED))
    if not found:
        return 0.0
    squares, hidden = np.concatenate(found), np.concatenate(clipped)
    if (~hidden).mean() >= _ENOUGH:
        squares = squares[~hidden]
    return float(np.sqrt(np.quantile(squares, _SMOOTHEST)))


def blockiness(picture: Picture) -> float:
    """How much higher steps are every eighth pixel than elsewhere, in levels of 255; ``picture`` as above.

    Below 0.15 without JPEG; about 0.3 for its quality of 95, 0.5 for 90, 1 for 75. Both ways must have it, wherever
    the grid begins.
    """
    ways: list[list[NDArray[np.float32]]] = [[], []]
    for values in _samples(picture):
        for way, grey in zip(ways, (values.mean(axis=2), values.mean(axis=2).T), strict=True):
            steps = np.diff(grey, axis=1)
            odd = np.minimum(np.abs(steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2), _STEP_LIMIT).mean(axis=0)
            if len(odd) >= 2 * BLOCK:
                way.append(np.array([odd[phase::BLOCK].mean() for phase in range(BLOCK)], np.float32))
    if not all(ways):
        return 0.0
    means = [np.mean(way, axis=0) for way in ways]
    return float(min(mean.max() - np.median(mean) for mean in means))


def _samples(picture: Picture) -> Iterator[NDArray[np.float32]]:
    """Squares spread over ``picture``, or all of a small one, in levels of 255; they begin at whole blocks."""
    height, width = picture.shape[:2]
    factor = np.float32(255 / most_of(picture))
    for top in _starts(height):
        for left in _starts(width):
            part = picture[top : top + _SAMPLE, left : left + _SAMPLE].astype(np.float32) * factor
            if min(part.shape[:2]) > 2:
                yield part


def _starts(length: int) -> list[int]:
    count = min(_IN_A_ROW, -(-length // _SAMPLE))
    last = max(0, length - _SAMPLE)
    return [round(number * last / max(1, count - 1)) // BLOCK * BLOCK for number in range(count)]
