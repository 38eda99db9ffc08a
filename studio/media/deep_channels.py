"""Channels of numbers, as TIFF and Photoshop files keep them, put together to a picture at their full depth."""

from __future__ import annotations

import functools
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles
from studio.media.full_depth import DeepPicture
from studio.media.number_ranges import NumberRange
from studio.media.profile_tags import tags_of, xyz_of

Space: TypeAlias = Literal["grey", "RGB", "CMYK", "Lab"]
COLORS: dict[Space, int] = {"grey": 1, "RGB": 3, "CMYK": 4, "Lab": 3}
"""How many channels a space has."""

DEEP = "deep"
"""Where in a picture's ``info`` its :class:`~studio.media.full_depth.DeepPicture` lies."""
INK_ALPHA = "ink alpha"
"""Where in the ``info`` of a picture in CMYK, which has no room for it, its transparency lies: mode L."""

_ROWS = 64
_D50 = np.array((0.9642, 1.0, 0.8249))


def assembled(
    levels: NDArray[np.uint16],
    space: Space,
    alpha: NDArray[np.uint16] | None,
    *,
    numbers: NumberRange | None = None,
    deep: bool = True,
) -> Image.Image:
    """The picture of ``levels``: mode L, RGB or RGBA, or CMYK.

    Parameters
    ----------
    levels : (h, w, colours of ``space``) on 0..65535; of CMYK 65535 is all ink; Lab comes as :func:`srgb_of_lab`.
    alpha : (h, w), straight. Pictures of inks have it in ``info[INK_ALPHA]``.
    numbers : how the file's own numbers were read.
    deep : the picture has more than 8 bits; all of them are in ``info[DEEP]``, but those of inks.
    """
    if space == "CMYK":
        inks = Image.fromarray(_to_eight(levels), "CMYK")
        if alpha is not None:
            inks.info[INK_ALPHA] = Image.fromarray(_to_eight(alpha))
        return inks
    whole = DeepPicture(levels, alpha, numbers)
    picture = whole.plain()
    if deep:
        picture.info[DEEP] = whole
    return picture


def _to_eight(levels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def srgb_of_lab(lab: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Colours of CIE L*a*b* (white D50; L 0..100), (h, w, 3), in sRGB on 0..65535; what it cannot show is clipped."""
    out = np.empty(lab.shape, np.uint16)
    for row in range(0, len(lab), _ROWS):
        part = lab[row : row + _ROWS]
        y = (part[..., 0] + 16) / 116
        f = np.stack([y + part[..., 1] / 500, y, y - part[..., 2] / 200], -1)
        light = np.where(f > 6 / 29, f**3, (f - 4 / 29) * (108 / 841)) * _D50
        linear = np.clip(light @ _from_xyz().T, 0, 1)
        code = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
        out[row : row + _ROWS] = code * 65535 + 0.5
    return out


@functools.cache
def _from_xyz() -> NDArray[np.float64]:
    """From XYZ under D50 to linear sRGB, as the profile of sRGB has it."""
    tags = tags_of(color_profiles.srgb_profile())
    return np.linalg.inv(np.array([xyz_of(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T)
