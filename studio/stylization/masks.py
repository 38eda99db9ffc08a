"""Masks: painted ones, regions of a picture, and pictures that continue at their opposite edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.base import Message, StudioError
from studio.stylization.blend import StyleInput
from studio.stylization.color import fitted, resized

GRID = 16
"""Sides of seamless pictures are multiples of this: what the perceptual network's four poolings divide by."""

Mask = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Region:
    """A part of the picture and the styles that share it.

    ``share`` is the part's weight at every pixel, float32 (height, width) in 0..1; None is 1 everywhere.
    """

    styles: tuple[StyleInput, ...]
    share: Mask | None


def check_mask(mask: Mask, what: Message) -> None:
    """Refuse anything but (height, width) of at least one pixel.

    Raises
    ------
    StudioError
        Naming ``what`` ("The mask of style 2").
    """
    if mask.ndim != 2 or mask.size == 0:
        raise StudioError(
            Message("{what} is not a grey picture.", what=what), "Paint the mask again, or choose another one."
        )


def fitted_mask(mask: Mask, height: int, width: int, feather: float = 0.0) -> Mask:
    """``mask`` stretched to ``height`` by ``width``, its edge softened.

    Parameters
    ----------
    feather : standard deviation of the blur (Gaussian), in shares of the long side.
    """
    levels = np.asarray(np.clip(mask, 0, 1) * 255 + 0.5, np.uint8)
    picture = Image.fromarray(levels)
    shrinks = height * width < levels.size
    picture = picture.resize((width, height), Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR)
    if feather > 0:
        picture = picture.filter(ImageFilter.GaussianBlur(feather * max(height, width)))
    return np.asarray(picture, np.float32) / np.float32(255)


def plan_regions(
    styles: Sequence[StyleInput], mask: Mask | None, feather: float, height: int, width: int
) -> tuple[list[Region], Mask | None]:
    """Share the picture among the styles.

    Styles with the same region blend in it. Styles without a region fill what no region covers; without any such
    style, that stays the photo. Where regions overlap they share by their strength.

    Returns
    -------
    regions : those that cover anything.
    coverage : how much of each pixel is repainted, float32 (height, width) in 0..1; None is all of every pixel.
    """
    coverage = None if mask is None else fitted_mask(mask, height, width, feather)
    groups: dict[bytes, list[StyleInput]] = {}
    maps: dict[bytes, Mask] = {}
    everywhere = []
    for style in styles:
        if style.region is None:
            everywhere.append(style)
            continue
        key = np.asarray(style.region.shape, np.int64).tobytes() + style.region.tobytes()
        groups.setdefault(key, []).append(style)
        if key not in maps:
            maps[key] = fitted_mask(style.region, height, width, feather)
    if not groups:
        return [Region(tuple(everywhere), coverage)], coverage
    total: Mask = np.sum(list(maps.values()), axis=0, dtype=np.float32)
    excess = np.maximum(total, np.float32(1))
    regions = [Region(tuple(group), np.asarray(maps[key] / excess, np.float32)) for key, group in groups.items()]
    if everywhere:
        regions.append(Region(tuple(everywhere), 1 - np.minimum(total, 1)))
    else:
        covered = np.minimum(total, 1)
        coverage = covered if coverage is None else coverage * covered
    if mask is not None:
        painted = fitted_mask(mask, height, width, feather)
        regions = [Region(r.styles, r.share * painted) for r in regions if r.share is not None]
    return [r for r in regions if r.share is not None and r.share.mean() > 1e-4], coverage


def on_grid(image: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """``image`` fitted to ``long_side``, both sides rounded to multiples of 16 (at least 32), and made to continue at
    its opposite edges."""
    height, width = fitted(image, long_side).shape[:2]
    height, width = (max(2 * GRID, round(side / GRID) * GRID) for side in (height, width))
    return periodic(resized(image, height, width))


def periodic(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The periodic part of ``image``: alike, but without a step from each edge to the opposite one.

    The step is spread smoothly over the whole picture (Moisan 2011, "Periodic plus smooth image decomposition").
    """
    height, width = image.shape[:2]
    cosines = 2 * np.cos(2 * np.pi * np.arange(height) / height)[:, None]
    cosines = cosines + 2 * np.cos(2 * np.pi * np.arange(width // 2 + 1) / width)[None] - 4
    cosines[0, 0] = 1
    out = np.empty_like(image)
    for channel in range(image.shape[2]):
        u = image[..., channel].astype(np.float64)
        border = np.zeros_like(u)
        border[0] += u[-1] - u[0]
        border[-1] += u[0] - u[-1]
        border[:, 0] += u[:, -1] - u[:, 0]
        border[:, -1] += u[:, 0] - u[:, -1]
        spectrum = np.fft.rfft2(border) / cosines
        spectrum[0, 0] = 0
        out[..., channel] = np.clip(u - np.fft.irfft2(spectrum, u.shape) + 0.5, 0, 255)
    return out
