"""Pictures with transparent places: networks see them filled in, and results get the transparency back."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Progress, Work
from studio.stylization.masks import Mask

Picture = NDArray[np.uint8]


def split(picture: Picture) -> tuple[Picture, Picture | None]:
    """RGB, transparent places filled in, and alpha, uint8 (height, width), of a picture (height, width, 3 or 4).

    Alpha is None when nothing is transparent.
    """
    if picture.shape[2] == 3:
        return picture, None
    alpha = np.ascontiguousarray(picture[..., 3])
    if alpha.min() == 255:
        return np.ascontiguousarray(picture[..., :3]), None
    return filled(picture), alpha


def filled(picture: Picture) -> Picture:
    """RGB of ``picture``, (height, width, 4): where it is transparent, the colours around go on.

    White, or whatever an editor has left there, would come out as a rim around the subject, and the style's statistics
    would be spent on it. The holes are filled from ever coarser averages of what is opaque ("pull-push": Gortler et
    al. 1996, "The Lumigraph", section 3.5). Opaque pixels stay to the bit.
    """
    weight = picture[..., 3:].astype(np.float32) / np.float32(255)
    if not weight.any():
        return np.full((*picture.shape[:2], 3), 255, np.uint8)
    out = _pull_push(picture[..., :3].astype(np.float32), weight)
    opaque = picture[..., 3:] == 255
    return np.where(opaque, picture[..., :3], np.asarray(np.clip(out + 0.5, 0, 255), np.uint8))


def _pull_push(color: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = weight.shape[:2]
    if height == 1 and width == 1:
        return color
    pad = ((0, height % 2), (0, width % 2), (0, 0))
    heavy = np.pad(color * weight, pad).reshape(-(-height // 2), 2, -(-width // 2), 2, 3).sum((1, 3))
    total = np.pad(weight, pad).reshape(-(-height // 2), 2, -(-width // 2), 2, 1).sum((1, 3))
    coarse = _pull_push(heavy / np.maximum(total, 1e-6), np.minimum(total, 1.0))
    layers = [Image.fromarray(coarse[..., channel]) for channel in range(3)]
    behind = np.stack([np.asarray(layer.resize((width, height), Image.Resampling.BILINEAR)) for layer in layers], 2)
    mixed: NDArray[np.float32] = behind + weight * (color - behind)
    return mixed


def joined(picture: Picture, alpha: Picture | None) -> Picture:
    """``picture``, (height, width, 3), with ``alpha`` brought to its size; as it is without alpha."""
    if alpha is None:
        return picture
    height, width = picture.shape[:2]
    if alpha.shape != (height, width):
        alpha = np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.LANCZOS))
    return np.dstack([picture, alpha])


def with_alpha(work: Work[Picture], alpha: Picture | None) -> Work[Picture]:
    """``work`` with ``alpha`` given to all its pictures."""
    with closing(work):
        result = yield from _with_alpha(work, alpha)
    return result


def _with_alpha(work: Work[Picture], alpha: Picture | None) -> Generator[Progress, None, Picture]:
    while True:
        try:
            progress = next(work)
        except StopIteration as stop:
            return joined(stop.value, alpha)
        if progress.preview is not None:
            progress = replace(progress, preview=joined(progress.preview, alpha))
        yield progress


def opaque_part(alpha: Picture | None, part: Mask | None) -> Mask | None:
    """Mask of what counts of a style, when some of its picture is transparent: float32 (height, width) in 0..1."""
    if alpha is None:
        return part
    share = alpha.astype(np.float32) / np.float32(255)
    if part is None:
        return share
    height, width = share.shape
    painted = Image.fromarray(part).resize((width, height), Image.Resampling.BILINEAR)
    return share * np.asarray(painted, np.float32)


def thick_enough(picture: Picture, least: int = 8) -> Picture:
    """``picture`` with its rows or columns repeated until no side has fewer than ``least`` pixels."""
    for axis in (0, 1):
        if picture.shape[axis] < least:
            picture = np.repeat(picture, -(-least // picture.shape[axis]), axis)
    return picture
