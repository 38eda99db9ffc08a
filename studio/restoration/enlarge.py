"""Enlarging pictures by a network, in tiles, and by Lanczos for what is left to the size that is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.base import Message, Progress, StudioError, Work
from studio.base.memory import is_out_of_memory
from studio.checkpoints.enlargers import Enlarger
from studio.media.photos import MAX_PIXELS
from studio.recipes import EnlargeSettings
from studio.restoration.best_enlarging import REACH, Trust, agreeing, by_eight_views
from studio.restoration.resampling import Picture, most_of, resampled, without_holes
from studio.restoration.stopping import stoppable

MAX_SIDE = 32_768
TILE = 256
"""Pixels of a tile's side before it is enlarged, without what it sees beyond its edge."""
SMALLEST_TILE = 32
MOST_PASSES = 3
LITTLE = 1.1
"""A factor that is left to Lanczos after a network: another one is no nearer to the truth."""
DOING = Message("Enlarging")


def check_size(width: int, height: int) -> None:
    """Refuse a result that no file or memory holds.

    Raises
    ------
    StudioError
    """
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise StudioError(
            Message("The result would be too large ({width} x {height} pixels).", width=width, height=height),
            Message(
                "Choose less than {side:,} pixels a side and {megapixels} megapixels.",
                side=MAX_SIDE,
                megapixels=MAX_PIXELS // 10**6,
            ),
        )


def passes_for(factor: float, scales: Sequence[int], *, quick: bool = True) -> list[int]:
    """The scales of networks to be used one after the other for a ``factor``; what is too much is taken back after.

    Parameters
    ----------
    scales : the ones there are. A factor of 1 or less needs none, nor do networks that do not enlarge.
    quick : no second network for the last tenth, and the one that enlarges least first, as the last one has most
        pixels to do: 2x and then 4x take 5 units of time, not 17, and lose .01 to .12 dB.
    """
    found: list[int] = []
    useful = sorted(scale for scale in scales if scale > 1)
    while useful and factor > (LITTLE if quick and found else 1.001) and len(found) < MOST_PASSES:
        found.append(next((scale for scale in useful if scale >= factor - 0.001), useful[-1]))
        factor /= found[-1]
    return sorted(found) if quick else found


def enlarge(
    picture: Picture,
    settings: EnlargeSettings,
    enlarger: Callable[[int], Enlarger] | None,
    scales: Sequence[int],
    *,
    device: torch.device | str = "cpu",
    tile: int = TILE,
    trust: Trust | None = None,
) -> Work[Picture]:
    """``picture``, uint8 or uint16 (h, w, 3 or 4), at the size that ``settings`` ask for; yields how far it is.

    Parameters
    ----------
    enlarger : gives the network for one of ``scales``; None: Lanczos alone. A network of scale 1 is run once, before.
    tile : side of the tiles at first; they get smaller when the memory does not suffice.
    trust : how clean the picture is; None: it is looked at.

    Raises
    ------
    StudioError
        When the result would be too large.
    """
    yield from ()
    height, width = picture.shape[:2]
    wide, high = settings.size_for(width, height)
    check_size(wide, high)
    color, alpha = picture[..., :3], picture[..., 3] if picture.shape[2] == 4 else None
    if alpha is not None:
        color = without_holes(color, alpha)
    if enlarger is not None:
        factor = max(wide / width, high / height)
        steps = (
            [1]
            if 1 in scales
            else passes_for(factor, scales, quick=settings.enlarging > 2 and settings.quality == "quick")
        )
        total = _total(height, width, steps, tile, 1 if alpha is None else 2)
        done = 0
        if trust is None:
            trust = Trust.of(color)
        for scale in steps:
            plain = enlarger(scale)
            network = refined(plain, settings, trust)
            color, done = yield from _tiled(color, network, device, tile, done, total)
            if alpha is not None:
                grey = np.repeat(alpha[..., None], 3, 2)
                network = refined(plain, settings, Trust())
                grey, done = yield from _tiled(grey, network, device, tile, done, total)
                alpha = grey[..., 1]
    color = resampled(color, high, wide)
    if alpha is None:
        return color
    return np.dstack([color, resampled(alpha[..., None], high, wide)])


def refined(network: Enlarger, settings: EnlargeSettings, trust: Trust) -> Enlarger:
    """``network`` as ``settings`` want it: agreeing with what it is given, as far as that deserves ``trust``.

    At its best it is eight times as slow: the mean over turned and mirrored views. Networks that invent detail agree
    only then. Grey pictures stay grey.
    """
    first, best = settings.enlarging == 1, settings.quality == "best"
    agrees, grey = best or (not first and settings.network == "faithful"), not first and trust.grey
    if not agrees and not grey:
        return network

    def run(small: Tensor) -> Tensor:
        large = by_eight_views(network.run, small) if best else network.run(small)
        if agrees and network.scale > 1:
            large = agreeing(large, small, None if first else trust)
        return large.mean(1, keepdim=True).expand_as(large) if grey else large

    return Enlarger(run, network.scale, network.margin + REACH)


def enlarge_part(
    picture: Picture,
    box: tuple[int, int, int, int],
    settings: EnlargeSettings,
    enlarger: Callable[[int], Enlarger] | None,
    scales: Sequence[int],
    *,
    device: torch.device | str = "cpu",
) -> Work[Picture]:
    """The part ``box`` (left, top, right, bottom, in pixels of ``picture``) as it will be in the enlarged picture."""
    left, top, right, bottom = box
    height, width = picture.shape[:2]
    wide, high = settings.size_for(width, height)
    margin = 32  # no less than any network's, and what agreement with the picture looks at
    outer = max(0, left - margin), max(0, top - margin), min(width, right + margin), min(height, bottom + margin)
    part = np.ascontiguousarray(picture[outer[1] : outer[3], outer[0] : outer[2]])
    x, y = wide / width, high / height
    size = max(1, round(part.shape[1] * x)), max(1, round(part.shape[0] * y))
    # The same factor for the part, whatever the size was given as.
    exact = settings.model_copy(update={"measure": "pixels", "pixels": max(size)})
    trust = Trust.of(picture[..., :3])
    large = yield from enlarge(part, exact, enlarger, scales, device=device, trust=trust)
    fit_x, fit_y = large.shape[1] / part.shape[1], large.shape[0] / part.shape[0]
    inner = (
        round((left - outer[0]) * fit_x),
        round((top - outer[1]) * fit_y),
        round((right - outer[0]) * fit_x),
        round((bottom - outer[1]) * fit_y),
    )
    return np.ascontiguousarray(large[inner[1] : inner[3], inner[0] : inner[2]])


def _total(height: int, width: int, steps: Sequence[int], tile: int, planes: int) -> int:
    """Megapixels of all passes, in thousands of pixels: what progress counts."""
    total = 0.0
    for scale in steps:
        total += height * width * planes
        height, width = height * scale, width * scale
    return max(1, math.ceil(total / 1000))


def _tiled(
    color: Picture, network: Enlarger, device: torch.device | str, tile: int, done: int, total: int
) -> Work[tuple[Picture, int]]:
    """``color`` (h, w, 3) through the network, and how many thousands of pixels are done then.

    Each tile sees ``margin`` pixels more than it gives, so that there is no seam; beyond the edges the picture is
    mirrored. Only one tile at a time is in single precision.
    """
    height, width = color.shape[:2]
    scale, margin = network.scale, network.margin
    made = np.empty((height * scale, width * scale, 3), color.dtype)
    padded = np.pad(color, ((margin, margin), (margin, margin), (0, 0)), "symmetric")
    behind = done * 1000
    top = 0
    while top < height:
        left = 0
        high = min(tile, height - top)
        while left < width:
            wide = min(tile, width - left)
            part = padded[top : top + high + 2 * margin, left : left + wide + 2 * margin]
            here = min(total, (behind + top * width + left * high) // 1000)
            try:
                large = yield from stoppable(partial(_run, part, network, device), Progress(here, total, DOING))
            except Exception as error:
                if not is_out_of_memory(error) or tile <= SMALLEST_TILE:
                    raise
                tile //= 2
                high = min(tile, height - top)
                left = 0
                continue
            inner = large[margin * scale : (margin + high) * scale, margin * scale : (margin + wide) * scale]
            made[top * scale : (top + high) * scale, left * scale : (left + wide) * scale] = inner
            left += wide
            yield Progress(min(total, (behind + top * width + left * high) // 1000), total, DOING)
        top += high
    return made, (behind + height * width) // 1000


def _run(part: Picture, network: Enlarger, device: torch.device | str) -> Picture:
    """One tile through the network."""
    most = most_of(part)
    with torch.inference_mode():
        # torch knows few operations on uint16; single precision holds all its levels.
        x = torch.from_numpy(np.ascontiguousarray(part).astype(np.float32)).to(device)
        x = (x.permute(2, 0, 1)[None] / most).contiguous(memory_format=torch.channels_last)
        y = network.run(x)[0].clamp(0, 1).mul(most).round().permute(1, 2, 0)
        found: NDArray[np.float32] = y.float().cpu().numpy()
    return found.astype(part.dtype)
