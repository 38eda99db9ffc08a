"""Matching of patches: where a part of one picture is found in another, and whether it can be told from what is near.

The part is compared as structural similarity compares (Wang et al. 2004, "Image quality assessment: from error
visibility to structural similarity": contrast and structure, without brightness), in two sizes, turned and scaled a
little either way. It looks at pixels alone: what a network's features said of the same point can be checked by it.
Nothing tells two places of a smooth band, of a plain ground or of a repeated pattern apart: there every place along
the way is as like the point as the point itself (the aperture problem). Where both pictures and some between them are
known, optical flow carries a point from one to the next: that tells repeated patterns apart, and a band that slid along
itself is thought to have stayed. NumPy and OpenCV only, no torch.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Pixels = NDArray[np.uint8]
Places = NDArray[np.float64]

_SIDE = 256  # of the pictures that are compared
_RADII = (8, 14)  # of the patches, at that side
_ANGLES = (-16.0, -8.0, 0.0, 8.0, 16.0)
_SCALES = (0.87, 1.0, 1.15)
_OFF = 5.0  # how far to the side of the way a place still counts
_CALM = 58.5  # (0.03 * 255)²: variance beneath which there is no structure


_AWAY = 8.0  # a place farther away than this is another one
_SAME = 0.9  # likeness of places that nobody tells apart
_LIKE = 0.5  # the least likeness of what has moved to what was there first
_CARRIED = 5.0  # a point that optical flow carries so near to its target has arrived
_CLEARLY = 0.05  # by how much it must be more like it than all other places along the way


def is_distinct(picture: Pixels, point: Point, target: Point) -> bool:
    """Return whether what is at ``point`` can be told from all that lies on the way to ``target``.

    Parameters
    ----------
    picture : uint8 (h, w, 3 or 4), square.
    point, target : (x, y) in pixels.
    """
    places, likeness = _along(picture, picture, point, target)
    scale = _SIDE / len(picture)
    elsewhere = likeness[np.linalg.norm(places - np.array(point), axis=1) * scale > _AWAY]
    return not len(elsewhere) or float(elsewhere.max()) < _SAME


def has_moved(before: Pixels, after: Pixels, point: Point, target: Point) -> bool:
    """Return whether ``after`` shows at ``target``, and nowhere else on the way, what ``before`` shows at ``point``.

    Parameters
    ----------
    before, after : uint8 (h, w, 3 or 4), square and of the same size.
    point, target : (x, y) in pixels.
    """
    places, likeness = _along(before, after, point, target)
    near = np.linalg.norm(places - np.array(target), axis=1) * _SIDE / len(before) <= _AWAY
    here = float(likeness[near].max())
    return here >= _LIKE and (near.all() or here > float(likeness[~near].max()) + _CLEARLY)


def carried(pictures: Iterable[Pixels], point: Point) -> Point:
    """Where optical flow (Kroeger et al. 2016, "Fast optical flow using dense inverse search") carries ``point``.

    Parameters
    ----------
    pictures : uint8 (h, w, 3 or 4), square and of one size: from one to the next little moves.
    point : (x, y) in pixels of the first.
    """
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    before, scale = None, 1.0
    place = np.array([[point]], np.float32)
    for picture in pictures:
        gray = cv2.cvtColor(_sized(picture).astype(np.uint8), cv2.COLOR_RGB2GRAY)
        if before is None:
            scale = _SIDE / len(picture)
            place = (place + 0.5) * scale - 0.5
        else:
            moves = flow.calc(before, gray, np.zeros((*gray.shape, 2), np.float32))
            place = place + cv2.remap(moves, place[..., 0], place[..., 1], cv2.INTER_LINEAR)
        before = gray
    x, y = ((place[0, 0] + 0.5) / scale - 0.5).tolist()
    return x, y


def was_carried(pictures: Iterable[Pixels], point: Point, target: Point) -> bool:
    """Return whether optical flow carries ``point`` of the first picture to ``target`` in the last one.

    Parameters as of :func:`carried`.
    """
    known = list(pictures)
    return math.dist(carried(known, point), target) * _SIDE / len(known[0]) <= _CARRIED


def _along(before: Pixels, after: Pixels, point: Point, target: Point) -> tuple[Places, NDArray[np.float32]]:
    """Places (n, 2) in and beside the way, in pixels of ``after``, and how like each is to ``point`` of ``before``."""
    scale = _SIDE / len(before)
    at, end = (np.array([(x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5]) for x, y in (point, target))
    margin = math.ceil(_OFF)
    low = np.floor(np.minimum(at, end)).astype(int) - margin
    high = np.ceil(np.maximum(at, end)).astype(int) + margin + 1
    likeness = _likeness(_sized(before), _sized(after), at, low, high)
    rows, columns = np.mgrid[low[1] : high[1], low[0] : high[0]]
    places = np.stack([columns, rows], axis=-1).astype(np.float64)
    way = end - at
    along = np.clip((places - at) @ way / max(float(way @ way), 1e-9), 0, 1)
    off = np.linalg.norm(places - at - along[..., None] * way, axis=-1)
    kept = (off <= _OFF) & ((places >= 0) & (places < _SIDE)).all(axis=-1)
    return (places[kept] + 0.5) / scale - 0.5, likeness[kept]


def _sized(pixels: Pixels) -> NDArray[np.float32]:
    """The picture at the side that is compared."""
    sized = cv2.resize(pixels[..., :3], (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return sized.astype(np.float32)


def _likeness(
    patch: NDArray[np.float32],
    ground: NDArray[np.float32],
    at: NDArray[np.float64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Likeness of every place of ``ground`` from ``low`` up to ``high`` (x, y) to what ``patch`` shows at ``at``."""
    shift = max(_RADII) + math.ceil(_OFF) + 1
    wide = cv2.copyMakeBorder(ground, shift, shift, shift, shift, cv2.BORDER_REFLECT_101)
    sizes = []
    for radius in _RADII:
        side = 2 * radius + 1
        (left, top), (right, bottom) = low + shift - radius, high + shift + radius
        cut = wide[top:bottom, left:right]
        mean, square = (cv2.blur(one, (side, side))[radius:-radius, radius:-radius] for one in (cut, cut * cut))
        spread = np.maximum(square - mean * mean, 0).sum(axis=-1)
        turned = []
        for angle, scale in itertools.product(_ANGLES, _SCALES):
            turn = cv2.getRotationMatrix2D((float(at[0]), float(at[1])), angle, scale)
            turn[:, 2] = turn[:, 2] + radius - at
            part = cv2.warpAffine(patch, turn, (side, side), borderMode=cv2.BORDER_REFLECT_101)
            shared = cv2.matchTemplate(cut, part, cv2.TM_CCOEFF) / side**2
            turned.append((2 * shared + _CALM) / (part.var(axis=(0, 1)).sum() + spread + _CALM))
        sizes.append(np.max(turned, axis=0))
    return np.mean(sizes, axis=0, dtype=np.float32)
