"""Filling parts of a picture, or new canvas around it, from what is there or by a network.

Patches: PatchMatch (Barnes et al. 2009, SIGGRAPH; completion after Wexler et al. 2007), by ``pypatchmatch``.
Lines: Telea 2004, by OpenCV. Zones of a mask that lie apart are filled one by one, each with some of its neighbourhood.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.recipes import RepairSettings
from studio.restoration.resampling import Picture as AnyDepth
from studio.restoration.resampling import at_8_bits, most_of, with_more_levels, without_holes

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]
"""left, top, right, bottom."""
Filler = Callable[[Picture, Mask, Mask], Work[Picture]]
"""Makes of a picture (h, w, 3), the part that is filled and another that nothing is taken from the filled picture."""

MOST_FILLED = 1_500_000
"""Pixels of a zone with its neighbourhood; larger ones are filled at a smaller size, which takes seconds."""
PATCHES = (7, 5, 9, 11)
"""Sides of the patches; the seed chooses."""
REACHES = (1.0, 0.6, 2.0)
"""Neighbourhood that a zone is filled from, in shares of its short side; the seed chooses. What is near fits best."""
_LEAST_REACH = 64
_TELEA_RADIUS = 4
_BLUR_REACH = 16
"""Pixels that :func:`with_more_levels` looks beyond, at most."""
DOING = Message("Repairing")
_lock = threading.Lock()
"""The library has one stream of random numbers."""


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
    return hole


def repair(
    picture: AnyDepth,
    mask: NDArray[np.float32] | None,
    settings: RepairSettings,
    filling: Picture | None = None,
    filler: Filler | None = None,
) -> Work[AnyDepth]:
    """``picture`` filled where ``mask`` (any size, 0..1) is white, and beyond its edges.

    What is filled becomes opaque where it is new canvas; elsewhere alpha stays.

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
    if not hole.any():
        return picture
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
        fill = filler or partial(_filled, settings=settings)
        filling = yield from fill(at_8_bits(color), filled_area, unknown & ~hole)
    share = _softened(grown(painted, grow), area, feather)[..., None]
    part = color[box]
    result = filling[box] if color.dtype == np.uint8 else with_more_levels(filling[box])
    mixed = (part * (1 - share) + result * share + 0.5).astype(color.dtype)
    made = whole.copy() if picture.shape[2] == 3 else np.dstack([color, whole[..., 3]])
    # Single precision rounds some of 65,536 levels.
    made[(*box, slice(0, 3))] = np.where(share > 0, mixed, part)
    if picture.shape[2] == 4:
        inside = np.zeros_like(hole)
        inside[top : top + height, left : left + width] = True
        made[..., 3][~inside] = most_of(picture)
    return made


def _around(hole: Mask, reach: int) -> tuple[slice, slice]:
    """Rows and columns of the box around ``hole``, which is not empty, with ``reach`` pixels more on each side."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + 1 + reach),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + 1 + reach),
    )


def _filled(color: Picture, area: Mask, banned: Mask, *, settings: RepairSettings) -> Work[Picture]:
    """``color`` (h, w, 3) with ``area`` filled from the rest without ``banned``, zone by zone."""
    result = color.copy()
    boxes = zones(area, REACHES[settings.seed % len(REACHES)])
    for number, box in enumerate(boxes):
        fill = lines if settings.method == "lines" else patches
        parts = _cut(result, box), _cut(area, box), _cut(banned, box)
        made = yield from _beside(partial(fill, *parts, settings.seed), number, len(boxes))
        result[box[1] : box[3], box[0] : box[2]] = made
        if number + 1 < len(boxes):
            yield Progress(number + 1, len(boxes), DOING, preview=result.copy())
    return result


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


def patches(part: Picture, area: Mask, banned: Mask, seed: int) -> Picture:
    """``part`` (h, w, 3) with ``area`` filled by patches from the rest without ``banned``; ``seed`` chooses a filling.

    Raises
    ------
    StudioError
        When the library does not work on this system.
    """
    if (area | banned).all():
        banned = np.zeros_like(banned)
    height, width = area.shape
    scale = min(1.0, (MOST_FILLED / (height * width)) ** 0.5)
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        small_area = cv2.resize(area.astype(np.uint8), size, interpolation=cv2.INTER_LINEAR) > 0
        small_banned = cv2.resize(banned.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        made = _patchmatch(small, small_area, small_banned, seed)
        large = cv2.resize(made, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.where(area[..., None], large, part)
    return _patchmatch(part, area, banned, seed)


def _patchmatch(part: Picture, area: Mask, banned: Mask, seed: int) -> Picture:
    # Mirrored pictures are searched in another order: with the side of the patches that makes many fillings.
    flip = (seed // len(PATCHES)) % 4
    turned = [np.ascontiguousarray(_flipped(each, flip)) for each in (part, area, banned)]
    side = PATCHES[seed % len(PATCHES)]
    side = max(3, min(side, (min(area.shape) - 1) // 2 * 2 - 1))
    with _lock:
        try:
            import patchmatch

            patchmatch.set_random_seed(seed % 2**31)
        except (ImportError, OSError, RuntimeError) as error:
            raise StudioError(
                "Filling by patches does not work on this computer: its library cannot be loaded.",
                "Choose “Lines from the edge”, or install the package pypatchmatch again.",
            ) from error
        made = patchmatch.inpaint(
            turned[0],
            np.where(turned[1], 255, 0).astype(np.uint8),
            global_mask=np.where(turned[2], 255, 0).astype(np.uint8) if banned.any() else None,
            patch_size=side,
        )
    return np.ascontiguousarray(_flipped(np.asarray(made, np.uint8), flip))


def _flipped(values: NDArray, how: int) -> NDArray:  # type: ignore[type-arg]
    axes = tuple(axis for axis in (0, 1) if how >> axis & 1)
    return np.flip(values, axes) if axes else values


def lines(part: Picture, area: Mask, banned: Mask, seed: int) -> Picture:
    """``part`` (h, w, 3) with ``area`` closed by going on with what ends at its edge, always in the same way."""
    del banned, seed
    return np.asarray(cv2.inpaint(part, area.astype(np.uint8), _TELEA_RADIUS, cv2.INPAINT_TELEA), np.uint8)


def _beside(fill: Callable[[], Picture], number: int, total: int) -> Work[Picture]:
    """Call ``fill`` on a thread of its own: it tells nothing while it works, and the window goes on."""
    found: list[Picture] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(fill())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="repair", daemon=True)
    thread.start()
    while thread.is_alive():
        yield Progress(number, total, DOING)
        thread.join(0.05)
    if failed:
        raise failed[0]
    return found[0]


def _cut(values: NDArray, box: Box) -> NDArray:  # type: ignore[type-arg]
    return np.ascontiguousarray(values[box[1] : box[3], box[0] : box[2]])


def _stretched(mask: NDArray[np.float32], height: int, width: int) -> Mask:
    if mask.shape != (height, width):
        mask = np.asarray(Image.fromarray(mask).resize((width, height), Image.Resampling.BILINEAR))
    return np.asarray(mask > 0.5)


def grown(hole: Mask, pixels: int) -> Mask:
    """``hole`` and everything within so many pixels of it."""
    if pixels <= 0:
        return hole
    distance = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance <= pixels)


def _softened(full: Mask, area: Mask, feather: int) -> NDArray[np.float32]:
    """1 in ``full``, falling to 0 at the edge of ``area``, float32."""
    share = full.astype(np.float32)
    if feather > 0:
        distance = cv2.distanceTransform((~full).astype(np.uint8), cv2.DIST_L2, 5)
        share = np.clip(1 - distance / np.float32(feather + 1), 0, 1).astype(np.float32)
    return np.where(area, share, np.float32(0))
