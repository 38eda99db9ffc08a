"""Masks that come from files: any picture, of which white is restyled."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, StudioError
from studio.media.photos import open_photo

MOST_SIDE = 4096
"""Longer sides say no more about where something is."""
SPREAD = 12
"""Of 255: colours that differ less are greys, and brightness that differs less is the same everywhere."""
PROPORTIONS = 0.03
"""Masks whose proportions differ more from the photo's are said to be stretched."""


@dataclass(frozen=True)
class MaskFile:
    """A mask from a file.

    Attributes
    ----------
    png : a grey PNG, as masks are kept.
    notes : what is worth knowing about how it was taken.
    """

    png: bytes
    notes: tuple[Message, ...]


def mask_from(source: Path | bytes, name: str, size: tuple[int, int]) -> MaskFile:
    """Take a picture as a mask: its transparency where that says where, else its brightness. Not for the main thread.

    Parameters
    ----------
    name : of the file, for what is said.
    size : width and height of what is masked, to which it will be stretched.

    Raises
    ------
    StudioError
        When it is no picture, or everywhere the same: it would hide all of the style or nothing.
    """
    with_alpha = open_photo(source, max_side=MOST_SIDE, salvage=True)
    pixels = np.asarray(with_alpha.convert("RGBA"))
    notes = []
    color, alpha = pixels[..., :3], pixels[..., 3]
    grey = np.asarray(Image.fromarray(color).convert("L"))
    if _spread(alpha) > SPREAD:
        opaque = alpha > 0
        if _spread(grey[opaque]) <= SPREAD:
            # A shape cut out: what is there counts, of whatever colour it is.
            grey = alpha
            notes.append(Message("Its shape was taken: what is not transparent is restyled."))
        else:
            grey = (grey.astype(np.uint16) * alpha // 255).astype(np.uint8)
            notes.append(Message("Its brightness was taken; what is transparent counts as black."))
    elif int(np.ptp(color, axis=2).max(initial=0)) > SPREAD:
        notes.append(Message("It has colours; their brightness was taken."))
    if _spread(grey) <= SPREAD:
        raise _same_everywhere(name, float(grey.mean()))
    height, width = grey.shape
    if abs(width / height / (size[0] / size[1]) - 1) > PROPORTIONS:
        notes.append(
            Message(
                "It is {width} × {height}, the photo {photo_width} × {photo_height}: it was stretched over it.",
                width=width,
                height=height,
                photo_width=size[0],
                photo_height=size[1],
            )
        )
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    return MaskFile(buffer.getvalue(), tuple(notes))


def _spread(values: NDArray[np.uint8]) -> int:
    return int(np.ptp(values)) if values.size else 0


def _same_everywhere(name: str, mean: float) -> StudioError:
    action = Message("A mask is white where the style goes and black where the photo stays.")
    if mean >= 128:
        return StudioError(Message("“{name}” is white everywhere: it masks nothing.", name=name), action)
    return StudioError(Message("“{name}” is black everywhere: nothing would be restyled.", name=name), action)
