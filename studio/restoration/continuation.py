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


def set_in(filling: NDArray[np.uint8], picture: NDArray[np.uint8], area: Mask) -> NDArray[np.uint8]:
    """``picture`` (h, w, 3) with ``filling`` in ``area``, its colours led over to those around (Pérez et al. 2003).

    Where they differ at the edge, so much is added, and less and less of it inwards: the filling keeps its gradients.
    """
    if not area.any() or area.all():
        return np.where(area[..., None], filling, picture)
    off = continued(picture.astype(np.float32) - filling, ~area)
    made = np.clip(np.rint(filling + off), 0, 255).astype(np.uint8)
    return np.where(area[..., None], made, picture)


def _channels(values: Any) -> Values:
    """With a last axis for channels, which OpenCV drops when there is one."""
    found = np.asarray(values, np.float32)
    return found if found.ndim == 3 else found[..., None]
