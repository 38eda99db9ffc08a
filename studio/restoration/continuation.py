"""Going on smoothly where nothing is known, and pictures set into others without a seam."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
_SMOOTHINGS = 12
"""Of each size: coarse sizes have done the rest by then."""
_SHORT, _SHORTEST = 0.03, 1.5
"""Way within which what is uneven at an edge fades: in shares of the long side, and at least in pixels."""
_LEAST_LINE = 4
_STEEPEST = 1.5
"""Levels a pixel by which a filling is tilted at most."""
_TEXTURE = 3.0
"""Levels off a line from which on it says little."""
_OTHER_COLOR = 24.0
"""Levels by which a filling is off where it is of another thing than what it lies beside."""
_NEAR = 0.12
"""Distance from an edge at which a pixel counts 1/e for the match of colours, in shares of the long side."""
_RELUCTANCE = 0.002
_NEIGHBORS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4


def continued(values: Values, known: Mask) -> Values:
    """``values`` (h, w, c) where they are ``known``, and elsewhere the membrane hung between them, float32.

    That is Laplace's equation, solved from coarse sizes to fine ones by Jacobi's iteration. Nothing known gives 0.
    """
    if known.all():
        return values
    height, width = known.shape
    if min(height, width) <= 2:
        share = known.mean()
        mean = values[known].mean(axis=0) if share else np.zeros(values.shape[2], np.float32)
        return np.where(known[..., None], values, mean).astype(np.float32)
    weight = known.astype(np.float32)
    size = (width + 1) // 2, (height + 1) // 2
    small_weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    small = _channels(cv2.resize(values * weight[..., None], size, interpolation=cv2.INTER_AREA))
    small /= np.maximum(small_weight, 1e-6)[..., None]
    coarse = continued(small, small_weight > 1e-3)
    found = np.where(
        known[..., None], values, _channels(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))
    )
    # Only around what is not known: mostly that is a small part.
    rows, columns = np.flatnonzero(~known.all(axis=1)), np.flatnonzero(~known.all(axis=0))
    part = (
        slice(max(0, rows[0] - 1), rows[-1] + 2),
        slice(max(0, columns[0] - 1), columns[-1] + 2),
    )
    inner, fixed = found[part].astype(np.float32), known[part][..., None]
    for _ in range(_SMOOTHINGS):
        around = _channels(cv2.filter2D(inner, -1, _NEIGHBORS, borderType=cv2.BORDER_REPLICATE))
        inner = np.where(fixed, inner, around)
    found[part] = inner
    return found.astype(np.float32)


def set_in(
    filling: NDArray[np.uint8], picture: NDArray[np.uint8], area: Mask, *, fading: bool = True
) -> NDArray[np.uint8]:
    """``picture`` (h, w, 3) with ``filling`` in ``area``, its colours led over to those around (Pérez et al. 2003).

    Where they differ at the edge, so much is added, and less and less of it inwards: the filling keeps its gradients.
    What differs from one pixel of the edge to the next, as lines that do not meet, fades within a short way; led
    through the whole filling, it would be rays, as without ``fading`` (in the first process of repairs).
    """
    if not area.any() or area.all():
        return np.where(area[..., None], filling, picture)
    known = ~area
    weight, off = known.astype(np.float32), picture.astype(np.float32) - filling
    if not fading:
        return np.where(area[..., None], _rounded(filling + continued(off, known)), picture)
    short = max(_SHORTEST, _SHORT * max(area.shape))
    around = cv2.GaussianBlur(off * weight[..., None], (0, 0), short)
    smooth = around / np.maximum(cv2.GaussianBlur(weight, (0, 0), short), 1e-4)[..., None]
    depth = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    decline = np.exp(-np.maximum(depth - 1, 0) / np.float32(short))[..., None]
    led = continued(smooth.astype(np.float32), known) + continued((off - smooth).astype(np.float32), known) * decline
    return np.where(area[..., None], _rounded(filling + led), picture)


def _rounded(values: Values) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def eased(pixels: NDArray[np.uint8], edge: int, reach: int, *, alike: bool = True) -> NDArray[np.uint8]:
    """``pixels`` (h, w, 3) whose first ``edge`` columns are a filling, with its tone going on from that beside it.

    Row by row a line is laid through ``reach`` pixels on either side; what the two lines differ by where they meet, in
    height and slope, is added to the filling and fades within ``reach``. So a sky that gets darker towards the edge
    goes on getting darker for a while. Where there is texture, lines tell nothing and little is added; nor where two
    things of different colours meet, but for not ``alike`` (in the second process of repairs).
    """
    reach = min(reach, edge, pixels.shape[1] - edge)
    if reach < _LEAST_LINE:
        return pixels
    values = pixels.astype(np.float32)
    outer = _line(values[:, edge : edge + reach])
    inner = _line(values[:, edge - reach : edge][:, ::-1])
    # Rows near one another agree.
    height, slope, rough = (
        cv2.GaussianBlur(each, (0, 0), sigmaX=0.1, sigmaY=reach / 2).reshape(each.shape)
        for each in (outer[0] - inner[0], -outer[1] - inner[1], outer[2] + inner[2])
    )
    trust = np.exp(-rough.mean(axis=1, keepdims=True) / (2 * _TEXTURE**2))
    if alike:
        trust = trust * np.exp(-(np.abs(height).max(axis=1, keepdims=True) ** 2) / _OTHER_COLOR**2)
    depth = np.arange(edge, 0, -1, dtype=np.float32)[:, None] - 0.5
    off = height[:, None] + np.clip(slope, -_STEEPEST, _STEEPEST)[:, None] * depth
    values[:, :edge] += trust[:, None] * off * np.exp(-depth / reach)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _line(values: Values) -> tuple[Values, Values, Values]:
    """Of lines through each row of ``values`` (h, n, c): height before the first pixel, slope, mean square off it."""
    places = np.arange(values.shape[1], dtype=np.float32) + 0.5
    centered = places - places.mean()
    mean = values.mean(axis=1)
    slope = np.einsum("hnc,n->hc", values, centered) / (centered**2).sum()
    off = values - mean[:, None] - slope[:, None] * centered[None, :, None]
    return mean - slope * places.mean(), slope, (off**2).mean(axis=1)


def matched_colors(filling: NDArray[np.uint8], picture: NDArray[np.uint8], known: Mask) -> NDArray[np.uint8]:
    """``filling`` (h, w, 3) with its colours as ``picture`` has them where it is ``known``, near the edge above all.

    That is the linear map of colours, and a constant, with the least squared error there; it departs from leaving them
    as they are only as far as enough pixels say so.
    """
    near = cv2.distanceTransform(known.astype(np.uint8), cv2.DIST_L2, 5) / (_NEAR * max(known.shape))
    counted = known & (near < 3)
    if not counted.any():
        return filling
    weight = np.exp(-near[counted].astype(np.float64))[:, None]
    ours, theirs = (values[counted].astype(np.float64) / 255 for values in (filling, picture))
    ours_and_one = np.column_stack([ours, np.ones(len(ours))])
    squares = (ours_and_one * weight).T @ ours_and_one + _RELUCTANCE * weight.sum() * np.diag([1.0, 1.0, 1.0, 0.1])
    change = np.linalg.solve(squares, (ours_and_one * weight).T @ (theirs - ours)).astype(np.float32)
    values = filling.astype(np.float32) / 255
    return np.clip(np.rint(255 * (values + values @ change[:3] + change[3])), 0, 255).astype(np.uint8)


def _channels(values: Any) -> Values:
    """With a last axis for channels, which OpenCV drops when there is one."""
    found = np.asarray(values, np.float32)
    return found if found.ndim == 3 else found[..., None]
