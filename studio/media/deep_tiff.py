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

from studio.media.deep_channels import COLORS, Space, assembled, srgb_of_lab
from studio.media.number_ranges import NumberRange, range_of
from studio.media.tiff_segments import read_segments

_WHITE_IS_ZERO, _CMYK, _LAB, _ICC_LAB = 0, 5, 8, 9
_SPACES: dict[int, Space] = {_WHITE_IS_ZERO: "grey", 1: "grey", 2: "RGB", _CMYK: "CMYK", _LAB: "Lab", _ICC_LAB: "Lab"}
_SIGNED = 2
_PACKED = (5,)
"""Compressions that tifffile leaves to another package: LZW."""
_LIMITS = (341,)
"""SMaxSampleValue: what its writer calls white."""
_ASSOCIATED, _UNASSOCIATED = 1, 2

_NOT_CMYK = 2
"""InkSet of other inks than cyan, magenta, yellow and black."""


def read_deep_tiff(source: Path | bytes, most_pixels: int) -> Image.Image | None:
    """The first picture of a TIFF of 16 bits a channel and more, its profile and EXIF rotation in ``info``.

    Those of 8 bits, too, that Pillow refuses or gets wrong: Lab, inks with transparency, several channels beside the
    colours. See :func:`~studio.media.deep_channels.assembled`. None when the file is no such TIFF, and Pillow should
    read it; also when it has more than ``most_pixels``.

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
        extras = [int(each) for each in page.extrasamples]
        odd = bits == 8 and (kind in (_LAB, _ICC_LAB) or len(extras) > (0 if kind == _CMYK else 1))
        if kind == _CMYK and 332 in page.tags and int(page.tags[332].value) == _NOT_CMYK:
            return None
        if not (bits in (16, 32, 64) or signed or odd) or page.imagewidth * page.imagelength > most_pixels:
            return None
        if kind not in _SPACES or page.imagedepth != 1:
            return None
        try:
            values = page.asarray() if int(page.compression) not in _PACKED else read_segments(page)
        except (ValueError, KeyError, ImportError):  # what tifffile would ask another package for
            values = read_segments(page)
        if int(page.planarconfig) == 2 and samples > 1:
            values = np.moveaxis(values, 0, -1)
        profile = page.iccprofile
        orientation = page.tags.get(274)
        limits = tuple(page.tags[tag].value for tag in _LIMITS if tag in page.tags)
    values = np.ascontiguousarray(values.reshape(page.imagelength, page.imagewidth, samples))
    if values.dtype.byteorder not in "=|":
        values = values.astype(values.dtype.newbyteorder("="))
    picture = _picture(values, kind, extras, bool(profile), limits, deep=bits > 8 or signed)
    picture.format = "TIFF"
    if bits > 8 or signed:
        picture.info["bits"] = 16
    if profile and _SPACES[kind] != "Lab":
        picture.info["icc_profile"] = bytes(profile)
    if orientation is not None:
        picture.getexif()[274] = int(orientation.value)
    return picture


def _is_small_copy(page: object) -> bool:
    """Return whether a page is a smaller version of another one (NewSubfileType), which some scanners write first."""
    return bool(int(getattr(page, "subfiletype", 0)) & 1)


def _picture(
    values: NDArray[np.generic],
    kind: int,
    extras: list[int],
    managed: bool,
    limits: tuple[object, ...],
    *,
    deep: bool,
) -> Image.Image:
    space = _SPACES[kind]
    colors = COLORS[space]
    if values.shape[2] < colors:
        raise ValueError("there are fewer channels than colours")
    color = values[..., :colors]
    numbers = None if space == "Lab" else _range(color, managed or space == "CMYK", managed, limits)
    levels = srgb_of_lab(_lab(color, kind)) if numbers is None else numbers.levels(color)
    if kind == _WHITE_IS_ZERO:
        levels = 65535 - levels
    alpha = None
    place = next((n for n, extra in enumerate(extras) if extra in (_ASSOCIATED, _UNASSOCIATED)), None)
    if place is not None and values.shape[2] > colors + place:
        alpha = _alpha(values[..., colors + place], numbers)
        if extras[place] == _ASSOCIATED and space != "Lab":
            shares = np.maximum(alpha, 1)[..., None].astype(np.float32) / 65535
            levels = np.asarray(np.clip(levels / shares + 0.5, 0, 65535), np.uint16)
    return assembled(levels, space, alpha, numbers=numbers, deep=deep)


def _range(color: NDArray[np.generic], known: bool, managed: bool, limits: tuple[object, ...]) -> NumberRange:
    """The range of the numbers of colours; ``known``: their type says it, whatever they are."""
    numbers = range_of(color, colors_are_managed=known)
    most = limits[0][0] if limits and isinstance(limits[0], tuple) and limits[0] else limits[0] if limits else None
    if isinstance(most, int | float) and not managed and numbers.black == 0 and float(color.max()) <= most:
        return NumberRange(0.0, float(most), most == numbers.white and numbers.usual)
    return numbers


def _alpha(values: NDArray[np.generic], numbers: NumberRange | None) -> NDArray[np.uint16]:
    """Alpha on 0..65535: in the range of the colours, if they have one, unless it goes beyond."""
    if numbers is None or (values.size and float(values.max()) > numbers.white * 1.01):
        numbers = range_of(values, colors_are_managed=True)
    elif np.issubdtype(values.dtype, np.floating) and values.size and float(values.max()) <= 1:
        numbers = NumberRange(0.0, 1.0, True)
    return numbers.levels(values)


def _lab(values: NDArray[np.generic], kind: int) -> NDArray[np.float32]:
    """CIE L*a*b* of 8 or 16 bits: a and b are signed (TIFF 6.0, section 23), or as ICC profiles have them."""
    size = values.dtype.itemsize
    if size > 2 or not np.issubdtype(values.dtype, np.integer):
        raise ValueError("Lab colours with this many bits cannot be read")
    whole = values.astype(values.dtype.newbyteorder("=")).view(f"u{size}")
    unit = 256 ** (size - 1)
    if kind == _ICC_LAB:
        light, axes = whole[..., :1] * np.float32(100 / (255 * unit)), whole[..., 1:] / np.float32(unit) - 128
    else:
        light = whole[..., :1] * np.float32(100 / (256**size - 1))
        axes = whole[..., 1:].copy().view(f"i{size}") / np.float32(unit)
    return np.concatenate([light, axes], 2).astype(np.float32)
