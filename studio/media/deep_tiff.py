"""TIFFs with more than 8 bits a channel, which Pillow cuts to 8, refuses or misreads: read with tifffile.

Tried with Pillow 13: colours of 16 bits are cut, 16-bit planes come out with every second column swapped, 16 bits of
white-is-zero are not turned, 32-bit integers wrap around, and two channels, half or single precision colours and
16-bit Lab are refused.
"""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media.full_depth import DeepPicture
from studio.media.number_ranges import NumberRange, range_of
from studio.media.tiff_segments import read_segments

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _LAB = 0, 1, 2, 5, 8
_SIGNED = 2
_PACKED = (5,)
"""Compressions that tifffile leaves to another package: LZW."""
_LIMITS = (341,)
"""SMaxSampleValue: what its writer calls white."""
_ASSOCIATED, _UNASSOCIATED = 1, 2


DEEP = "deep"
"""Where in a picture's ``info`` its :class:`~studio.media.full_depth.DeepPicture` lies."""
INK_ALPHA = "ink alpha"
"""Where in the ``info`` of a picture in CMYK, which has no room for it, its transparency lies: mode L."""
_NOT_CMYK = 2
"""InkSet of other inks than cyan, magenta, yellow and black."""


def read_deep_tiff(source: Path | bytes, most_pixels: int) -> Image.Image | None:
    """The first picture of a TIFF of 16 bits a channel and more, its profile and EXIF rotation in ``info``.

    It has mode L, RGB or RGBA, with a :class:`~studio.media.full_depth.DeepPicture` as ``info[DEEP]``; or LAB; or CMYK
    (of 8 bits, too, when something is transparent: ``info[INK_ALPHA]``). None when the file is no such TIFF, and Pillow
    should read it; also when it has more than ``most_pixels``.

    Raises
    ------
    Exception
        Whatever tifffile raises over damaged files, and ``ValueError`` for a compression that it cannot undo.
    """
    import tifffile  # takes a while, and few photos need it

    with tifffile.TiffFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
        page = next((each for each in islice(file.pages, 50) if not _is_small_copy(each)), file.pages[0])
        assert isinstance(page, tifffile.TiffPage)
        bits, samples = page.bitspersample, page.samplesperpixel
        kind = int(page.photometric)
        signed = int(page.sampleformat) == _SIGNED and bits == 8
        inks = kind == _CMYK and samples > 4 and bits == 8 and bool(page.extrasamples)
        if kind == _CMYK and 332 in page.tags and int(page.tags[332].value) == _NOT_CMYK:
            return None
        if not (bits in (16, 32, 64) or signed or inks) or page.imagewidth * page.imagelength > most_pixels:
            return None
        if kind not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _LAB) or page.imagedepth != 1:
            return None
        try:
            values = page.asarray() if int(page.compression) not in _PACKED else read_segments(page)
        except (ValueError, KeyError, ImportError):  # what tifffile would ask another package for
            values = read_segments(page)
        if int(page.planarconfig) == 2 and samples > 1:
            values = np.moveaxis(values, 0, -1)
        profile = page.iccprofile
        extra = int(page.extrasamples[0]) if page.extrasamples else None
        orientation = page.tags.get(274)
        limits = tuple(page.tags[tag].value for tag in _LIMITS if tag in page.tags)
    values = np.ascontiguousarray(values.reshape(page.imagelength, page.imagewidth, samples))
    if values.dtype.byteorder not in "=|":
        values = values.astype(values.dtype.newbyteorder("="))
    picture = _picture(values, kind, extra, bool(profile), limits)
    picture.format = "TIFF"
    if bits > 8 or signed:
        picture.info["bits"] = 16
    if profile:
        picture.info["icc_profile"] = bytes(profile)
    if orientation is not None:
        picture.getexif()[274] = int(orientation.value)
    return picture


def _is_small_copy(page: object) -> bool:
    """Return whether a page is a smaller version of another one (NewSubfileType), which some scanners write first."""
    return bool(int(getattr(page, "subfiletype", 0)) & 1)


def _picture(
    values: NDArray[np.generic], kind: int, extra: int | None, managed: bool, limits: tuple[object, ...]
) -> Image.Image:
    if kind == _LAB:
        return Image.fromarray(_lab(values), "LAB")
    colors = {_RGB: 3, _CMYK: 4}.get(kind, 1)
    if values.shape[2] < colors:
        raise ValueError("there are fewer channels than colours")
    color = values[..., :colors]
    numbers = range_of(color, colors_are_managed=managed or kind == _CMYK)
    most = limits[0][0] if limits and isinstance(limits[0], tuple) and limits[0] else limits[0] if limits else None
    if isinstance(most, int | float) and not managed and numbers.black == 0 and float(color.max()) <= most:
        numbers = NumberRange(0.0, float(most), most == numbers.white and numbers.usual)
    levels = numbers.levels(color)
    if kind == _WHITE_IS_ZERO:
        levels = 65535 - levels
    alpha = None
    if extra in (_ASSOCIATED, _UNASSOCIATED) and values.shape[2] > colors:
        alpha = _alpha(values[..., colors], numbers)
        if extra == _ASSOCIATED:
            shares = np.maximum(alpha, 1)[..., None].astype(np.float32) / 65535
            levels = np.asarray(np.clip(levels / shares + 0.5, 0, 65535), np.uint16)
    if kind == _CMYK:
        inks = Image.fromarray(_to_eight(levels), "CMYK")
        if alpha is not None:
            inks.info[INK_ALPHA] = Image.fromarray(_to_eight(alpha))
        return inks
    deep = DeepPicture(levels, alpha, numbers)
    picture = deep.plain()
    picture.info[DEEP] = deep
    return picture


def _to_eight(levels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _alpha(values: NDArray[np.generic], numbers: NumberRange) -> NDArray[np.uint16]:
    """Alpha on 0..65535: in the range of the colours, unless it goes beyond."""
    if values.size and float(values.max()) > numbers.white * 1.01:
        numbers = range_of(values, colors_are_managed=True)
    elif np.issubdtype(values.dtype, np.floating) and values.size and float(values.max()) <= 1:
        numbers = NumberRange(0.0, 1.0, True)
    return numbers.levels(values)


def _lab(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """8-bit Lab as Pillow keeps it from 16 bits: L unsigned, a and b signed with 128 as zero."""
    if values.dtype.itemsize != 2:
        raise ValueError("Lab colours with this many bits cannot be read")
    light = np.round(values[..., :1].astype(np.uint16) / 257)
    axes = np.round(values[..., 1:3].astype(np.uint16).view(np.int16) / 256)
    return np.concatenate([light, np.clip(axes, -128, 127)], 2).astype(np.int16).astype(np.uint8)
