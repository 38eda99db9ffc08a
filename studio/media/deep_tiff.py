"""TIFFs with more than 8 bits a channel that Pillow refuses or misreads, read with tifffile.

Tried with Pillow 13: 16-bit planes come out with every second column swapped, 16 bits of white-is-zero are not turned,
32-bit integers wrap around, and two channels, half or single precision colours and 16-bit Lab are refused.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _LAB = 0, 1, 2, 5, 8
_FLOAT = 3
_ASSOCIATED, _UNASSOCIATED = 1, 2


def read_deep_tiff(source: Path | bytes, most_pixels: int) -> Image.Image | None:
    """The first picture of a TIFF, in mode L, RGB, RGBA, CMYK or LAB, its profile and EXIF rotation in ``info``.

    None when the file is no such TIFF, and Pillow should read it; also when it has more than ``most_pixels``.

    Raises
    ------
    Exception
        Whatever tifffile raises over damaged files, and ``ValueError`` for a compression that it cannot undo.
    """
    import tifffile  # takes a while, and few photos need it

    with tifffile.TiffFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
        page = file.pages[0]
        assert isinstance(page, tifffile.TiffPage)
        bits, samples = page.bitspersample, page.samplesperpixel
        kind, floats = int(page.photometric), int(page.sampleformat) == _FLOAT
        planes = int(page.planarconfig) == 2 and samples > 1
        misread = bits in (16, 32, 64) and (
            planes or bits > 16 or floats or kind in (_WHITE_IS_ZERO, _LAB) or samples == 2
        )
        plain_float = floats and bits == 32 and samples == 1 and kind == _BLACK_IS_ZERO
        if not misread or plain_float or page.imagewidth * page.imagelength > most_pixels or page.imagedepth != 1:
            return None
        if kind not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _LAB):
            return None
        values = page.asarray()
        if planes:
            values = np.moveaxis(values, 0, -1)
        profile = page.iccprofile
        extra = int(page.extrasamples[0]) if page.extrasamples else None
        orientation = page.tags.get(274)
    values = values.reshape(page.imagelength, page.imagewidth, samples)
    picture = _picture(values, kind, extra)
    picture.format = "TIFF"
    picture.info["bits"] = 16
    if profile:
        picture.info["icc_profile"] = bytes(profile)
    if orientation is not None:
        picture.getexif()[274] = int(orientation.value)
    return picture


def _picture(values: NDArray[np.generic], kind: int, extra: int | None) -> Image.Image:
    if kind == _LAB:
        return Image.fromarray(_lab(values), "LAB")
    eight = _eight_bits(values)
    colours = {_RGB: 3, _CMYK: 4}.get(kind, 1)
    if kind == _WHITE_IS_ZERO:
        eight[..., 0] = 255 - eight[..., 0]
    alpha = eight[..., colours] if extra in (_ASSOCIATED, _UNASSOCIATED) and eight.shape[2] > colours else None
    if kind == _CMYK:
        return Image.fromarray(np.ascontiguousarray(eight[..., :4]), "CMYK")
    colour = eight[..., :colours]
    if alpha is None:
        return Image.fromarray(np.ascontiguousarray(colour if colours == 3 else colour[..., 0]))
    if extra == _ASSOCIATED:
        shares = np.maximum(alpha, 1)[..., None].astype(np.float32) / 255
        colour = np.asarray(np.clip(colour / shares + 0.5, 0, 255), np.uint8)
    return Image.fromarray(np.concatenate([np.repeat(colour, 3 // colours, 2), alpha[..., None]], 2))


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scaled to 0..255 and rounded. Floats are taken as 0..1, or to their largest value if that is more."""
    if np.issubdtype(values.dtype, np.floating):
        numbers = np.nan_to_num(values.astype(np.float32), posinf=1.0, neginf=0.0)
        return np.asarray(np.clip(numbers, 0, 1) * 255 + 0.5, np.uint8)
    top = float(np.iinfo(values.dtype).max)  # type: ignore[type-var]
    return np.asarray(np.clip(values.astype(np.float64) / top, 0, 1) * 255 + 0.5, np.uint8)


def _lab(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """8-bit Lab as Pillow keeps it from 16 bits: L unsigned, a and b signed with 128 as zero."""
    if values.dtype.itemsize != 2:
        raise ValueError("Lab colours with this many bits cannot be read")
    light = np.round(values[..., :1].astype(np.uint16) / 257)
    axes = np.round(values[..., 1:3].astype(np.uint16).view(np.int16) / 256)
    return np.concatenate([light, np.clip(axes, -128, 127)], 2).astype(np.int16).astype(np.uint8)
