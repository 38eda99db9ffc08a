"""The filling of a hole in a film, carried along from the frame before, so that it does not boil.

In the hole nothing is known of the motion (what is to go mostly stands still there, a logo for example); it is taken
from around it.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from studio.recipes import RepairSettings
from studio.restoration.mask_edges import grown
from studio.restoration.repair import Picture, hole_for
from studio.stylization.flow import flow_between, warp

MOST_OFF = 14.0
"""Levels of 255 that the carried picture may differ around the hole, on average; then it is filled anew."""
RING = 0.02
"""Width of what is compared around the hole, in shares of the long side."""
STILL = 0.15
"""Pixels; less motion than this is none, since every move blurs a little."""
_SMALL = 256
"""Long side at which the motion is led into the hole: it is smooth there anyhow."""


def carried_filling(
    content: Picture,
    content_before: Picture,
    before: Picture,
    mask: NDArray[np.float32] | None,
    settings: RepairSettings,
    device: torch.device | str = "cpu",
) -> Picture | None:
    """The frame before as it would be now, of the repaired size; None when it does not fit, as after a cut.

    Parameters
    ----------
    content, content_before : the frame and the one before it, as they are in the clip, uint8 (h, w, 3).
    before : the repaired frame before.
    mask, settings : as :func:`studio.restoration.repair.repair` takes them.
    """
    height, width = content.shape[:2]
    left, right, top, bottom = settings.margins_for(width, height)
    hole = hole_for(height, width, mask, settings)
    if not hole.any() or hole.all():
        return None
    flow = flow_between(content, content_before, "dis", device)
    flow = np.pad(flow, ((top, bottom), (left, right), (0, 0)), "edge")
    long = max(hole.shape)
    wide = grown(hole, max(2, round((settings.grow + settings.feather) * long)))
    flow = _led_into(flow, wide)
    if float(np.abs(flow[wide]).max()) < STILL:
        moved = before
    else:
        moved = np.clip(np.rint(warp(before.astype(np.float32), flow)), 0, 255).astype(np.uint8)
    inside = (slice(top, top + height), slice(left, left + width))
    ring = (grown(wide, max(3, round(RING * long))) & ~wide)[inside]
    if not ring.any():
        return None
    # Of the frames of the clip: what is done to them later must not count.
    seen = np.clip(warp(content_before.astype(np.float32), flow[inside]), 0, 255)
    off = np.abs(seen - content.astype(np.float32))[ring].mean()
    return moved if off < MOST_OFF else None


def _led_into(flow: NDArray[np.float32], hole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """``flow`` (h, w, 2) with that around ``hole`` going on in it."""
    height, width = hole.shape
    factor = min(1.0, _SMALL / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    small_hole = (cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    led = flow.copy()
    for axis in range(2):
        small = cv2.resize(np.ascontiguousarray(flow[..., axis]), size, interpolation=cv2.INTER_AREA)
        filled = cv2.inpaint(small, small_hole, 3, cv2.INPAINT_NS)
        large = cv2.resize(cv2.blur(filled, (3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
        led[..., axis][hole] = large[hole]
    return led
