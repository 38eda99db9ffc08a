"""Opening any picture an artist may have: rotated, CMYK, 16-bit, with a colour profile, HEIC, animated, damaged."""

from __future__ import annotations

import functools
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, TiffImagePlugin, UnidentifiedImageError

from studio.base.errors import StudioError

pillow_heif.register_heif_opener()

MAX_SIDE = 20_000
MAX_PIXELS = 200_000_000
# Our own limits (above) give the clear message; Pillow's would come first.
Image.MAX_IMAGE_PIXELS = None

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"}
    | {".ppm", ".pgm", ".pbm", ".tga", ".jp2", ".ico"}
)
"""File name endings looked at in folders."""

CLIP_SUFFIXES = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv", ".ogv"}
    | {".3gp", ".mxf"}
)
"""File name endings of video clips, which :mod:`studio.base.clips` opens; here, since that loads a video library."""

# By content, whatever the name says. Named, because Pillow would hand PostScript to another program.
_WANTED = (
    *("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "HEIF", "AVIF", "PPM", "TGA", "JPEG2000", "ICO"),
    *("PSD", "QOI"),
)
# Phones put depth and gain maps, and bursts, into these as further pictures.
_NEVER_ANIMATED = ("MPO", "HEIF", "ICO", "PSD")
DAMAGE = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError, TypeError, KeyError, IndexError),
    *(AttributeError, RuntimeError, ZeroDivisionError, struct.error, zlib.error),
)
"""What Pillow and its plugins raise over damaged files."""

_WITH_ALPHA = ("LA", "PA", "La", "RGBa")
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")


@dataclass(frozen=True)
class PhotoFacts:
    """What a picture file is, from its header. ``width`` and ``height`` are as shown, after EXIF rotation."""

    width: int
    height: int
    mode: str
    format: str
    exif_rotated: bool
    animated: bool
    alpha: bool
    cmyk: bool
    sixteen_bit: bool
    grey: bool


def _name(source: Path | bytes) -> str:
    return f"“{source.name}”" if isinstance(source, Path) else "The dropped picture"


def _refused(source: Path | bytes, error: Exception) -> StudioError:
    if isinstance(error, FileNotFoundError):
        return StudioError(f"{_name(source)} is not there any more.", "Check that the file was not moved or renamed.")
    if isinstance(error, IsADirectoryError | PermissionError):
        return StudioError(f"{_name(source)} cannot be read: {error.strerror}.", "Check the file's permissions.")
    if isinstance(error, UnidentifiedImageError):
        empty = (source.stat().st_size if isinstance(source, Path) else len(source)) == 0
        reason = "is empty" if empty else "is not a picture, or of a kind that cannot be read"
        return StudioError(f"{_name(source)} {reason}.", "Choose a PNG, JPEG, WebP, HEIC, TIFF or GIF file.")
    if isinstance(error, MemoryError):
        return StudioError(f"There is not enough memory to open {_name(source)}.", "Make the picture smaller first.")
    return StudioError(f"{_name(source)} is damaged: {error}.", "Get the file again from where it came.")


@functools.cache
def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in _WANTED if name in Image.OPEN)  # AVIF is not in every Pillow


def _open(source: Path | bytes) -> Image.Image:
    """Open and check the header only."""
    picture = Image.open(source if isinstance(source, Path) else io.BytesIO(source), formats=_formats())
    width, height = picture.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        picture.close()
        raise StudioError(
            f"{_name(source)} is too large ({width} x {height} pixels).",
            f"Make it smaller than {MAX_SIDE:,} pixels a side and {MAX_PIXELS // 10**6} megapixels first.",
        )
    return picture


def open_photo(source: Path | str | bytes, *, max_side: int | None = None) -> Image.Image:
    """Open a picture as sRGB, mode RGB or (if it has transparency) RGBA, the way up it was taken.

    Parameters
    ----------
    source : a path, or the bytes of a picture file.
    max_side : scale down to at most this many pixels on the long side.

    Raises
    ------
    StudioError
        Naming the file and the reason: missing, no picture, damaged, cut off, too large.
    """
    source = Path(source) if isinstance(source, str) else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd EXIF data help no artist
            with _open(source) as picture:
                if max_side is not None and picture.format == "JPEG" and picture.mode == "RGB":
                    picture.draft("RGB", (max_side, max_side))  # decodes at a fraction of the size
                picture.load()
                converted = _to_srgb(ImageOps.exif_transpose(picture))
    except StudioError:
        raise
    except DAMAGE as error:
        raise _refused(source, error) from error
    if max_side is not None and max(converted.size) > max_side:
        converted.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return converted


def _to_srgb(picture: Image.Image) -> Image.Image:
    if picture.mode in _SIXTEEN_BIT:
        picture = _sixteen_to_eight(picture)
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode in _WITH_ALPHA or (picture.mode in ("RGB", "L") and "transparency" in picture.info):
        picture = picture.convert("RGBA")
    elif picture.mode == "LAB":
        return _apply_profile(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        picture = _apply_profile(picture, profile)
    return picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")


def _sixteen_to_eight(picture: Image.Image) -> Image.Image:
    """Pillow clips 16-bit greys instead of scaling them."""
    values = np.asarray(picture).astype(np.float64)
    top = 65535.0 if picture.mode != "F" or values.max(initial=0) > 1 else 1.0
    if picture.mode == "I" and values.max(initial=0) <= 255:
        top = 255.0
    grey = Image.fromarray((np.clip(np.nan_to_num(values) / top, 0, 1) * 255).round().astype(np.uint8))
    if "icc_profile" in picture.info:
        grey.info["icc_profile"] = picture.info["icc_profile"]
    return grey


def _apply_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        plain = picture.convert("RGB") if alpha is not None else picture
        out = ImageCms.profileToProfile(plain, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture  # a damaged profile: the plain numbers are the best guess
    if out is None:
        return picture
    if alpha is not None:
        out.putalpha(alpha)
    return out


def describe_photo(source: Path | bytes) -> PhotoFacts:
    """Facts from the header, without decoding the picture.

    Raises
    ------
    StudioError
        As :func:`open_photo`, except for damage beyond the header.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _open(source) as picture:
                orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
                width, height = picture.size
                if orientation in (5, 6, 7, 8):
                    width, height = height, width
                return PhotoFacts(
                    width=width,
                    height=height,
                    mode=picture.mode,
                    format=picture.format or "",
                    exif_rotated=orientation in range(2, 9),
                    animated=bool(getattr(picture, "is_animated", False)) and picture.format not in _NEVER_ANIMATED,
                    alpha=picture.mode in ("RGBA", *_WITH_ALPHA) or "transparency" in picture.info,
                    cmyk=picture.mode == "CMYK",
                    sixteen_bit=picture.mode in _SIXTEEN_BIT or _depth(source, picture) == 16,
                    grey=picture.mode in ("1", "L", "LA", *_SIXTEEN_BIT),
                )
    except StudioError:
        raise
    except DAMAGE as error:
        raise _refused(source, error) from error


def _depth(source: Path | bytes, picture: Image.Image) -> int:
    """Bits per channel of a PNG or TIFF (Pillow hides it for colour pictures); 0 for other files."""
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        return int(max(picture.tag_v2.get(ExifTags.Base.BitsPerSample, (0,))))
    if isinstance(source, Path):
        with source.open("rb") as file:
            head = file.read(25)
    else:
        head = source[:25]
    return head[24] if head[:8] == b"\x89PNG\r\n\x1a\n" and len(head) == 25 else 0


# A cut-off file is refused by name; Pillow's default would be the same, other libraries may have switched it.
ImageFile.LOAD_TRUNCATED_IMAGES = False
