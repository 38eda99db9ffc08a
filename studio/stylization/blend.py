"""Styles, and how the weights of several become a blend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, StudioError


@dataclass(frozen=True, eq=False)
class StyleInput:
    """One style of a blend.

    Attributes
    ----------
    image : uint8, (height, width, 3), sRGB.
    weight : relative to the other styles' weights; at least 0.
    scale : size of the style relative to the content's long side: 2 makes brush strokes twice as large.
    region : where on the photo the style goes, float32 (h, w) in 0..1, stretched over the photo; None is everywhere
        that no other style claims.
    part : which part of the style's own picture is the style, float32 (h, w) in 0..1; None is all of it.
    """

    image: NDArray[np.uint8]
    weight: float = 1.0
    scale: float = 1.0
    region: NDArray[np.float32] | None = None
    part: NDArray[np.float32] | None = None


def blend_weights(styles: Sequence[StyleInput]) -> list[float]:
    """Weights that sum to one. All zero counts as all equal: sliders pulled to zero still name a blend.

    Raises
    ------
    StudioError
        Without any style.
    """
    if not styles:
        raise StudioError("There is no style to apply.", "Add at least one style picture.")
    raw = [max(0.0, float(style.weight)) for style in styles]
    total = sum(raw)
    return [weight / total for weight in raw] if total > 0 else [1.0 / len(raw)] * len(raw)


def check_picture(image: NDArray[np.uint8], what: Message) -> None:
    """Refuse anything but uint8 (height, width, 3) with at least 8 pixels a side.

    Raises
    ------
    StudioError
        Naming ``what`` ("The photo", "Style 2").
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise StudioError(Message("{what} is not an RGB picture.", what=what), "Choose another picture.")
    if min(image.shape[:2]) < 8:
        height, width = image.shape[:2]
        raise StudioError(
            Message("{what} is too small ({width} × {height} pixels).", what=what, width=width, height=height),
            "Choose a picture of 8 pixels or more.",
        )
