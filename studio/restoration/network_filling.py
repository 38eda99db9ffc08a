"""Filling parts of a picture by a network that was made for it (inpainting: LaMa, Suvorov et al. 2022, for example).

Such networks see a few hundred pixels. A larger part is filled at their size first, which settles what is where; then
in full size, tile by tile from the edge inwards, for the fine strokes. Of the second, only what the first cannot show
is taken.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from studio.base import Progress, Work, within
from studio.restoration.continuation import set_in
from studio.restoration.patch_filling import DOING, STARTING
from studio.restoration.repair import Box, zones
from studio.restoration.resampling import resampled
from studio.restoration.stopping import stoppable

if TYPE_CHECKING:
    from studio.checkpoints.inpainters import Inpainter

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]

TILE = 512
"""Side of what a network is shown at once; these networks learnt from 256 to 512 pixels."""
AROUND = 64
"""Pixels of a tile beside those that are taken from it."""
DEPTH = 160
"""Pixels that are filled inwards before the next round begins."""


def network_filling(
    inpainter: Inpainter,
    color: Picture,
    area: Mask,
    banned: Mask,
    device: torch.device | str = "cpu",
    *,
    fading: bool = True,
) -> Work[Picture]:
    """``color`` (h, w, 3) with ``area`` filled by a network, zone by zone, each set in without a seam.

    What is ``banned`` is filled too for the time being, so that nothing is taken from it. ``fading`` as in
    :func:`~studio.restoration.continuation.set_in`.
    """
    result = color.copy()
    boxes = zones(area)
    for number, box in enumerate(boxes):
        yield Progress(number, len(boxes), DOING)
        part = result[box[1] : box[3], box[0] : box[2]]
        wanted, hidden = (mask[box[1] : box[3], box[0] : box[2]] for mask in (area, banned))
        work = _zone(inpainter, np.ascontiguousarray(part), wanted | hidden, device)
        made = yield from within(work, number / len(boxes), (number + 1) / len(boxes))
        result[box[1] : box[3], box[0] : box[2]] = set_in(made, part, wanted, fading=fading)
    return result


def _zone(inpainter: Inpainter, part: Picture, hole: Mask, device: torch.device | str) -> Work[Picture]:
    height, width = hole.shape
    factor = TILE / max(height, width)
    if factor >= 1:
        return (yield from stoppable(partial(_shown, inpainter, part, hole, device), STARTING))
    small_size = max(16, round(height * factor)), max(16, round(width * factor))
    # What a small pixel sees of the hole would shine through.
    small_hole = cv2.resize(hole.astype(np.float32), small_size[::-1], interpolation=cv2.INTER_AREA) > 0
    small = partial(_shown, inpainter, resampled(part, *small_size), small_hole, device)
    coarse = resampled((yield from stoppable(small, STARTING)), height, width)
    fine = yield from _inwards(inpainter, part, hole, device)
    # All that is coarser than a small pixel.
    off = cv2.GaussianBlur(coarse.astype(np.float32) - fine, (0, 0), max(2.0, 2 / factor))
    return np.clip(np.rint(fine + np.where(hole[..., None], off, 0)), 0, 255).astype(np.uint8)


def _inwards(inpainter: Inpainter, part: Picture, hole: Mask, device: torch.device | str) -> Work[Picture]:
    """``part`` with ``hole`` filled in full size: tiles around the edge first, then those that lie behind."""
    result, left = part.copy(), hole.copy()
    total = max(1, int(hole.sum()))
    while left.any():
        distance = cv2.distanceTransform(left.astype(np.uint8), cv2.DIST_L2, 3)
        ring = left & (distance <= DEPTH)
        for top, start, bottom, end in _tiles(ring):
            place = slice(top, bottom), slice(start, end)
            outer = _grown_box((start, top, end, bottom), ring.shape)
            seen = slice(outer[1], outer[3]), slice(outer[0], outer[2])
            run = partial(_shown, inpainter, np.ascontiguousarray(result[seen]), left[seen], device)
            made = yield from stoppable(run, Progress(total - int(left.sum()), total, DOING))
            inner = made[top - outer[1] : bottom - outer[1], start - outer[0] : end - outer[0]]
            result[place] = np.where(ring[place][..., None], inner, result[place])
            left[place] &= ~ring[place]  # the next tile goes on from here
            yield Progress(total - int(left.sum()), total, DOING)
    return result


def _tiles(ring: Mask) -> list[tuple[int, int, int, int]]:
    """The tiles (top, left, bottom, right) in which there is something to fill."""
    step = TILE - 2 * AROUND
    height, width = ring.shape
    found = []
    for top in range(0, height, step):
        for left in range(0, width, step):
            bottom, right = min(height, top + step), min(width, left + step)
            if ring[top:bottom, left:right].any():
                found.append((top, left, bottom, right))
    return found


def _grown_box(box: Box, shape: tuple[int, ...]) -> Box:
    """A tile with what is around it: of the full size wherever the picture has it."""
    height, width = shape
    left, top = (max(0, min(at - AROUND, size - TILE)) for at, size in ((box[0], width), (box[1], height)))
    return left, top, min(width, max(box[2] + AROUND, left + TILE)), min(height, max(box[3] + AROUND, top + TILE))


def _shown(inpainter: Inpainter, part: Picture, hole: Mask, device: torch.device | str) -> Picture:
    """``part`` as the network fills ``hole`` in it."""
    if not hole.any():
        return part
    with torch.inference_mode():
        picture = torch.from_numpy(part.astype(np.float32)).to(device).permute(2, 0, 1)[None] / 255
        mask = torch.from_numpy(np.ascontiguousarray(hole)).to(device)[None, None].float()
        # The colours that shall go must not be seen: not every network covers them itself.
        made = inpainter.run(picture * (1 - mask), mask)[0].clamp(0, 1).mul(255).round().permute(1, 2, 0)
        found: NDArray[np.float32] = made.float().cpu().numpy()
    return np.where(hole[..., None], found.astype(np.uint8), part)
