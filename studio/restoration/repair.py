"""Filling parts of a picture, or new canvas around it, from what is there or by a network.

Patches: :mod:`studio.restoration.patch_filling`. Lines: Telea 2004, by OpenCV. Zones of a mask that lie apart are
filled one by one, each with some of its neighbourhood; new canvas side by side, each from what is near.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Progress, StudioError, Work, within
from studio.base.threads import beside
from studio.recipes import RepairSettings
from studio.restoration.continuation import eased
from studio.restoration.mask_edges import grown, softened
from studio.restoration.patch_filling import DOING, FIRST_RADII, RADII, STARTING, patches
from studio.restoration.resampling import Picture as AnyDepth
from studio.restoration.resampling import at_8_bits, most_of, with_more_levels, without_holes

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]
"""left, top, right, bottom."""
Edge = Literal["left", "right", "top", "bottom"]
Sides = list[tuple[Edge | None, Mask]]
"""Parts that are filled one after the other; new canvas at an edge with the name of that."""
Filler = Callable[[Picture, Mask, Mask], Work[Picture]]
"""Makes of a picture (h, w, 3), the part that is filled and another that nothing is taken from the filled picture."""

REACHES = (1.0, 0.6, 2.0)
"""Neighbourhood that a zone is filled from, in shares of its short side; the seed chooses. What is near fits best."""
EDGE = 2
"""So much of the picture's edge goes with new canvas, in times of what a mask grows by: edges are darker or worn."""
STRIP = 0.12
"""Width of the strips in which new canvas is filled, in shares of the picture's side; twice that for odd seeds. What
lies within a strip of the edge goes on; filled at once, things from farther away come a second time."""
_MOST_STRIPS = 8
EASED, _LEAST_EASED = 0.04, 8
"""Pixels within which new canvas is led over to the picture, in shares of the long side, and at least."""
_LEAST_REACH = 64
_TELEA_RADIUS = 4
_BLUR_REACH = 16
"""Pixels that :func:`with_more_levels` looks beyond, at most."""


def extended(picture: Picture, margins: tuple[int, int, int, int]) -> Picture:
    """``picture`` on a canvas larger by (left, right, top, bottom) pixels, mirrored there for the time being."""
    left, right, top, bottom = margins
    if not any(margins):
        return picture
    return np.pad(picture, ((top, bottom), (left, right), (0, 0)), "symmetric")


def hole_for(height: int, width: int, mask: NDArray[np.float32] | None, settings: RepairSettings) -> Mask:
    """The hole in a picture of ``height`` x ``width`` pixels: ``mask`` (any size), and new canvas around it."""
    left, right, top, bottom = settings.margins_for(width, height)
    hole = np.ones((top + height + bottom, left + width + right), bool)
    hole[top : top + height, left : left + width] = False if mask is None else _stretched(mask, height, width)
    x0, y0, x1, y1 = _kept(height, width, settings)
    hole[:, :x0] = hole[:, x1:] = hole[:y0] = hole[y1:] = True
    return hole


def _kept(height: int, width: int, settings: RepairSettings, more: int = 0) -> Box:
    """The picture in its new canvas, without the edge that is filled with the canvas, and ``more`` pixels."""
    left, right, top, bottom = settings.margins_for(width, height)
    worn = EDGE if settings.process > 1 else 0.0
    edge = round(worn * settings.grow * max(left + width + right, top + height + bottom)) + more
    x, y = min(edge, (width - 1) // 2), min(edge, (height - 1) // 2)
    return (
        left + (x if left else 0),
        top + (y if top else 0),
        left + width - (x if right else 0),
        top + height - (y if bottom else 0),
    )


def repair(
    picture: AnyDepth,
    mask: NDArray[np.float32] | None,
    settings: RepairSettings,
    filling: Picture | None = None,
    filler: Filler | None = None,
) -> Work[AnyDepth]:
    """``picture`` filled where ``mask`` (any size, 0..1) is white, and beyond its edges.

    New canvas is as transparent as the edge that it lies beside (opaque, in the first two processes); elsewhere alpha
    stays.

    Parameters
    ----------
    picture : uint8 or uint16 (h, w, 3 or 4). Fillings are found at 8 bits; what is not filled keeps all its levels.
    filling : uint8 of the result's size, what it is filled with; None: it is found.
    filler : finds it for methods that ask networks.

    Raises
    ------
    StudioError
        When everything is to be filled, so that there is nothing to fill it from.
    """
    yield from ()
    height, width = picture.shape[:2]
    margins = settings.margins_for(width, height)
    left, _right, top, _bottom = margins
    whole = extended(picture, margins)
    hole = hole_for(height, width, mask, settings)
    follows = picture.shape[2] == 4 and settings.process > 2
    if follows:
        whole, hole = _transparent_beyond(whole, hole, _kept(height, width, settings))
    if not hole.any():
        return whole
    color = whole[..., :3]
    unknown = hole
    if picture.shape[2] == 4:
        color = without_holes(color, np.where(hole, 0, whole[..., 3]))
        unknown = hole | (whole[..., 3] == 0)
    long = max(whole.shape[:2])
    grow, feather = round(settings.grow * long), round(settings.feather * long)
    # The soft edge lies outside of what was painted: nothing of that shines through. Whatever changes lies within a
    # box around it, which mostly is a small part of a large picture.
    box = _around(hole, grow + feather + _BLUR_REACH)
    painted = hole[box]
    area = grown(painted, grow + feather)
    filled_area = np.zeros_like(hole)
    filled_area[box] = area
    if (filled_area | unknown).all():
        if not (hole | unknown).all():
            filled_area, area, feather = hole, painted, 0
        else:
            raise StudioError(
                "Everything in the picture is to be filled: there is nothing to fill it from.",
                "Leave a part of the picture unpainted.",
            )
    if filling is None:
        fill = filler or partial(_filled, settings=settings, inside=_kept(height, width, settings, grow + feather))
        filling = yield from fill(at_8_bits(color), filled_area, unknown & ~hole)
    share = softened(grown(painted, grow), area, feather)[..., None]
    part = color[box]
    result = filling[box] if color.dtype == np.uint8 else with_more_levels(filling[box])
    mixed = (part * (1 - share) + result * share + 0.5).astype(color.dtype)
    made = whole.copy() if picture.shape[2] == 3 else np.dstack([color, whole[..., 3]])
    # Single precision rounds some of 65,536 levels.
    made[(*box, slice(0, 3))] = np.where(share > 0, mixed, part)
    if picture.shape[2] == 4 and not follows:
        inside = np.zeros_like(hole)
        inside[top : top + height, left : left + width] = True
        made[..., 3][~inside] = most_of(picture)
    return made


def _transparent_beyond(whole: AnyDepth, hole: Mask, kept: Box) -> tuple[AnyDepth, Mask]:
    """``whole`` (h, w, 4) with alpha beyond ``kept`` as at its edge, and ``hole`` without what is transparent there."""
    left, top, right, bottom = kept
    height, width = hole.shape
    alpha = np.pad(
        whole[top:bottom, left:right, 3], ((top, height - bottom), (left, width - right)), "edge"
    )  # fmt: skip
    beyond = np.ones_like(hole)
    beyond[top:bottom, left:right] = False
    return np.dstack([whole[..., :3], alpha]), hole & ~(beyond & (alpha == 0))


def _around(hole: Mask, reach: int) -> tuple[slice, slice]:
    """Rows and columns of the box around ``hole``, which is not empty, with ``reach`` pixels more on each side."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + 1 + reach),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + 1 + reach),
    )


def _filled(color: Picture, area: Mask, banned: Mask, *, settings: RepairSettings, inside: Box) -> Work[Picture]:
    """``color`` (h, w, 3) with ``area`` filled from the rest without ``banned``, zone by zone.

    ``inside``: the picture in its new canvas.
    """
    first = settings.process == 1
    result, left = color.copy(), area.copy()
    reach = max(_LEAST_EASED, round(EASED * max(area.shape)))
    share = REACHES[settings.seed % len(REACHES)]
    sides: Sides = [(None, area)] if first else _sides(area, inside)
    if settings.process > 2:
        sides = _strips(sides, inside, STRIP * (1 + settings.seed % 2))
    todo = [(edge, part, box) for edge, part in sides for box in zones(part, share)]
    for number, (edge, part, box) in enumerate(todo):
        pixels, hole = _cut(result, box), _cut(part, box)
        if settings.method == "lines":
            work = beside(partial(lines, pixels, hole), STARTING)
        else:  # what is still to be filled is no source
            hidden = _cut(banned if first else banned | left, box) & ~hole
            work = patches(pixels, hole, hidden, settings.seed, FIRST_RADII if first else RADII)
        made = yield from within(work, number / len(todo), (number + 1) / len(todo))
        if edge is not None:
            made = np.where(
                hole[..., None], _eased_at(edge, made, box, inside, reach, alike=settings.process > 2), made
            )
        result[box[1] : box[3], box[0] : box[2]] = made
        left[box[1] : box[3], box[0] : box[2]] &= ~hole
        if number + 1 < len(todo):
            yield Progress(number + 1, len(todo), DOING, preview=result.copy())
    return result


def _sides(area: Mask, inside: Box) -> Sides:
    """``area`` in parts, in the order they are filled in: what lies in the picture, left and right, above and below.

    A frame as a whole would be filled from the whole picture: heads came beside heads.
    """
    y, x = (np.arange(length) for length in area.shape)
    above, below = (y < inside[1])[:, None], (y >= inside[3])[:, None]
    before, behind = x < inside[0], x >= inside[2]
    between = ~(above | below)
    places: dict[Edge | None, Mask] = {
        None: between & ~(before | behind),
        "left": between & before,
        "right": between & behind,
        "top": np.broadcast_to(above, area.shape),
        "bottom": np.broadcast_to(below, area.shape),
    }
    parts = [(edge, area & place) for edge, place in places.items()]
    return [(edge, part) for edge, part in parts if part.any()]


def _strips(sides: Sides, inside: Box, share: float) -> Sides:
    """``sides`` cut into strips along the edge of the picture, from it outwards; only the first lies at an edge."""
    found: Sides = []
    for edge, part in sides:
        if edge is None:
            found.append((edge, part))
            continue
        upright = edge in ("top", "bottom")
        height, width = part.shape
        near, far, across = {
            "left": (inside[0], 0, inside[2] - inside[0]),
            "right": (inside[2], width, inside[2] - inside[0]),
            "top": (inside[1], 0, inside[3] - inside[1]),
            "bottom": (inside[3], height, inside[3] - inside[1]),
        }[edge]
        count = min(_MOST_STRIPS, max(1, round(abs(far - near) / (share * across))))
        cuts = np.linspace(near, far, count + 1).round().astype(int)
        for number, (one, other) in enumerate(pairwise(cuts)):
            strip = np.zeros_like(part)
            strip[slice(min(one, other), max(one, other)) if upright else slice(None)] = upright
            if not upright:
                strip[:, min(one, other) : max(one, other)] = True
            if (strip & part).any():
                found.append((edge if number == 0 else None, strip & part))
    return found


def _eased_at(edge: Edge, made: Picture, box: Box, inside: Box, reach: int, *, alike: bool) -> Picture:
    """The part ``box`` with new canvas at an edge of the picture, led over to it."""
    width = {
        "left": inside[0] - box[0],
        "top": inside[1] - box[1],
        "right": box[2] - inside[2],
        "bottom": box[3] - inside[3],
    }[edge]

    def turned(pixels: Picture) -> Picture:
        pixels = pixels[:, ::-1] if edge == "right" else pixels[::-1] if edge == "bottom" else pixels
        return pixels.swapaxes(0, 1) if edge in ("top", "bottom") else pixels

    found = eased(turned(made), width, reach, alike=alike)
    found = found.swapaxes(0, 1) if edge in ("top", "bottom") else found
    return found[:, ::-1] if edge == "right" else found[::-1] if edge == "bottom" else found


def zones(area: Mask, share: float = REACHES[0]) -> list[Box]:
    """Boxes around the parts of ``area`` with the neighbourhood that each is filled from; those that meet are one."""
    height, width = area.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(area.astype(np.uint8), connectivity=8)
    boxes: list[Box] = []
    for x, y, w, h, _size in stats[1:count]:
        reach = max(_LEAST_REACH, round(share * min(w, h)))
        boxes.append((max(0, x - reach), max(0, y - reach), min(width, x + w + reach), min(height, y + h + reach)))
    merged = True
    while merged:
        merged = False
        for a in range(len(boxes)):
            for b in range(a + 1, len(boxes)):
                one, other = boxes[a], boxes[b]
                if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]:
                    boxes[a] = (
                        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
                    )  # fmt: skip
                    del boxes[b]
                    merged = True
                    break
            if merged:
                break
    return [(int(left), int(top), int(right), int(bottom)) for left, top, right, bottom in boxes]


def lines(part: Picture, area: Mask) -> Picture:
    """``part`` (h, w, 3) with ``area`` closed by going on with what ends at its edge, always in the same way."""
    return np.asarray(cv2.inpaint(part, area.astype(np.uint8), _TELEA_RADIUS, cv2.INPAINT_TELEA), np.uint8)


def _cut(values: NDArray, box: Box) -> NDArray:  # type: ignore[type-arg]
    return np.ascontiguousarray(values[box[1] : box[3], box[0] : box[2]])


def _stretched(mask: NDArray[np.float32], height: int, width: int) -> Mask:
    if mask.shape != (height, width):
        mask = np.asarray(Image.fromarray(mask).resize((width, height), Image.Resampling.BILINEAR))
    return np.asarray(mask > 0.5)
