"""Opening any picture an artist may have: rotated, CMYK, 16-bit, with a colour profile, HEIC, animated, damaged.

Everything else is refused by name with the reason and what to do. What is worth knowing about a picture that does open
(cut off, animated, ...) says :mod:`studio.media.photo_notes`.
"""

from __future__ import annotations

import errno
import functools
import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pillow_heif
import psutil
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageFile, ImageOps, TiffImagePlugin, UnidentifiedImageError

from studio.base.errors import StudioError
from studio.base.messages import Message
from studio.media import color_profiles
from studio.media.deep_channels import DEEP, INK_ALPHA
from studio.media.deep_tiff import read_deep_tiff
from studio.media.foreign_kinds import is_raw, refusal
from studio.media.full_depth import DeepPicture, deep_profile
from studio.media.number_ranges import NumberRange, range_of
from studio.media.numbered_colors import NumberedColors, Special, gamma_profile, jp2_profile, numbers_in, png_chunks
from studio.media.photoshop import lacks_merged_picture, read_photoshop
from studio.media.truncated import salvaged

pillow_heif.register_heif_opener()

MAX_SIDE = 20_000
MAX_PIXELS = MAX_SIDE**2
LARGE_PIXELS = 200_000_000
"""Pictures of more pixels are made smaller (if they shall be) before anything else is done with them."""
# Our own limits (above) give the clear message; Pillow's would come first.
Image.MAX_IMAGE_PIXELS = None

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"}
    | {".ppm", ".pgm", ".pbm", ".tga", ".jp2", ".ico", ".apng", ".mpo", ".psd", ".psb"}
)
"""File name endings looked at in folders."""

CLIP_SUFFIXES = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv", ".ogv"}
    | {".3gp", ".mxf"}
)
"""File name endings of video clips, which :mod:`studio.media.clips` opens; here, since that loads a video library."""

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
_INKS = "inks"
"""In the ``info`` of a JPEG 2000 picture whose four channels are inks by its profile, and no RGBA as Pillow says."""
_PHOTOSHOP = b"8BPS"
_MULTICHANNEL = b"\0\7"
"""The mode of a Photoshop file of spot colours, which Pillow takes for grey."""
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")


@dataclass(frozen=True)
class PhotoProperties:
    """The properties of a picture file, from its header. ``width`` and ``height`` are as shown, after EXIF rotation."""

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
    profile: str = ""
    """What its colour profile calls itself, or what the numbers mean that name its colours; empty without either."""
    srgb: bool = True
    """Whether its colours are those of sRGB, by what its profile does, or no profile says otherwise."""
    by_tables: bool = False
    """Whether it has more than 8 bits, and a colour profile that can be applied to 8 only."""
    numbers: NumberRange | None = None
    """What was taken for black and white where the file's numbers contradict their type."""


_COPY = re.compile(r"[0-9a-f]{16}-(?=.)")
"""What our copies of photos have before their names (see ``studio.gallery.sources``): nothing that artists know."""


def _name(source: Path | bytes) -> Message:
    if isinstance(source, bytes):
        return Message("The dropped picture")
    return Message("“{name}”", name=_COPY.sub("", source.name, count=1))


def _refused(source: Path | bytes, error: Exception) -> StudioError:
    if isinstance(error, FileNotFoundError):
        return StudioError(
            Message("{picture} is not there any more.", picture=_name(source)),
            "Check that the file was not moved or renamed.",
        )
    if isinstance(error, IsADirectoryError):
        return StudioError(
            Message("{picture} is a folder, not a picture.", picture=_name(source)), "Choose a picture in it."
        )
    if isinstance(error, PermissionError):
        return StudioError(
            Message("{picture} cannot be read: {reason}.", picture=_name(source), reason=error.strerror),
            "Check the file's permissions.",
        )
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.ENAMETOOLONG, errno.EIO):
        return StudioError(
            Message("{picture} cannot be read: {reason}.", picture=_name(source), reason=error.strerror),
            "Check that the file was not moved or renamed.",
        )
    if isinstance(error, UnidentifiedImageError):
        head = _head(source)
        if head is None:
            return _refused(source, FileNotFoundError())
        named = refusal(_name(source), source.name if isinstance(source, Path) else "", head)
        if named is not None:
            return named
        return StudioError(
            Message("{picture} is not a picture, or of a kind that cannot be read.", picture=_name(source))
            if head
            else Message("{picture} is empty.", picture=_name(source)),
            "Choose a PNG, JPEG, WebP, HEIC, TIFF or GIF file.",
        )
    if isinstance(error, MemoryError):
        return StudioError(
            Message("There is not enough memory to open {picture}.", picture=_name(source)),
            "Make the picture smaller first.",
        )
    reason = " ".join(str(error).split()).rstrip(" .")
    return StudioError(
        Message("{picture} is damaged: {reason}.", picture=_name(source), reason=reason),
        "Get the file again from where it came.",
    )


@functools.cache
def formats() -> tuple[str, ...]:
    """The kinds of files that are pictures, by Pillow's names."""
    Image.init()
    return tuple(name for name in _WANTED if name in Image.OPEN)  # AVIF is not in every Pillow


def named_refusal(path: Path) -> StudioError | None:
    """Reason to refuse a file of a kind that artists take for a picture (SVG, raw, PDF ...); else None."""
    return refusal(_name(path), path.name, _head(path) or b"")


def _head(source: Path | bytes) -> bytes | None:
    """The first bytes; None when the file is gone."""
    if isinstance(source, bytes):
        return source[:4096]
    try:
        with source.open("rb") as file:
            return file.read(4096)
    except OSError:
        return None


def opened(source: Path | bytes) -> Image.Image:
    """A picture of which only the header was read and checked; to be closed. Raises what is in ``DAMAGE``, too."""
    head = _head(source) or b""
    if is_raw(source.name if isinstance(source, Path) else "", head):  # Pillow would open its thumbnail
        raise UnidentifiedImageError
    if head[:4] == _PHOTOSHOP and (head[24:26] == _MULTICHANNEL or lacks_merged_picture(source)):
        raise UnidentifiedImageError
    picture = _open_deep(source, head)
    if picture is None:
        picture = Image.open(source if isinstance(source, Path) else io.BytesIO(source), formats=formats())
    if isinstance(picture, TiffImagePlugin.TiffImageFile) and ExifTags.Base.DNGVersion in picture.tag_v2:
        picture.close()
        raise _raw_refusal(source)
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        # Pillow maps plain files of a known name into memory, and then takes the sides of turned pictures for another.
        picture.filename = ""
    _mend(source, picture)
    width, height = picture.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        picture.close()
        raise StudioError(
            Message(
                "{picture} is too large ({width} x {height} pixels).", picture=_name(source), width=width, height=height
            ),
            Message(
                "Make it smaller than {side:,} pixels a side and {megapixels} megapixels first.",
                side=MAX_SIDE,
                megapixels=MAX_PIXELS // 10**6,
            ),
        )
    return picture


def _mend(source: Path | bytes, picture: Image.Image) -> None:
    """Put right what Pillow gets wrong of an open picture."""
    if isinstance(picture, TiffImagePlugin.TiffImageFile) and _is_small_copy(picture):
        # Some scanners write the small version first.
        for number in range(1, min(picture.n_frames, 50)):
            picture.seek(number)
            if not _is_small_copy(picture):
                return
        picture.seek(0)
    elif picture.format == "JPEG2000" and "icc_profile" not in picture.info:
        if (profile := jp2_profile(source)) is not None:
            picture.info["icc_profile"] = profile
            if picture.mode == "RGBA" and color_profiles.profile_space(profile) == "CMYK":
                picture.info[_INKS] = True
    elif picture.format == "PNG" and picture.mode in ("1", "L") and 0 < (bits := _depth(source, picture)) < 8:
        hidden = picture.info.get("transparency")
        if isinstance(hidden, int):  # of 1, 2 or 4 bits, as its greys were
            picture.info["transparency"] = min(hidden, 2**bits - 1) * 255 // (2**bits - 1)


def _is_small_copy(picture: TiffImagePlugin.TiffImageFile) -> bool:
    return bool(int(picture.tag_v2.get(254, 0)) & 1)


def _raw_refusal(source: Path | bytes) -> StudioError:
    error = refusal(_name(source), "x.dng", b"")
    assert error is not None
    return error


def _open_deep(source: Path | bytes, head: bytes) -> Image.Image | None:
    """TIFFs and Photoshop files that Pillow gets wrong; None for all others."""
    if head[:4] == _PHOTOSHOP:
        return read_photoshop(source, MAX_PIXELS)
    try:
        return read_deep_tiff(source, MAX_PIXELS) if head[:2] in (b"II", b"MM") else None
    except Exception:  # the other reader's complaints do not matter, since Pillow is asked next
        return None


def open_photo(source: Path | str | bytes, *, max_side: int | None = None, salvage: bool = False) -> Image.Image:
    """Open a picture as sRGB, mode RGB or (if it has transparency) RGBA, the way up it was taken.

    Parameters
    ----------
    source : a path, or the bytes of a picture file.
    max_side : scale down to at most this many pixels on the long side.
    salvage : of a JPEG or PNG that is cut off, open what is there instead of refusing it.

    Raises
    ------
    StudioError
        Naming the file and the reason: missing, no picture, damaged, cut off, too large.
    """
    return examine_photo(Path(source) if isinstance(source, str) else source, max_side=max_side, salvage=salvage)[1]


def rgb_pixels(source: Path | str | bytes, *, max_side: int | None = None) -> NDArray[np.uint8]:
    """The pixels of a picture, uint8 (h, w, 3), without its transparency. Otherwise as :func:`open_photo`."""
    return np.asarray(open_photo(source, max_side=max_side).convert("RGB"))


def examine_photo(
    source: Path | bytes, *, max_side: int | None = None, salvage: bool = False
) -> tuple[PhotoProperties, Image.Image]:
    """Results of :func:`describe_photo` and :func:`open_photo`, decoding only once. Raises as :func:`open_photo`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd EXIF data help no artist
            try:
                with opened(source) as picture:
                    properties = _properties(source, picture)
                    converted = _decoded(source, picture, max_side)
            except DAMAGE as error:
                part = _part(source) if salvage and not isinstance(error, MemoryError) else None
                if part is None:
                    raise
                properties = describe_photo(source)
                converted = _upright_srgb(source, _likely_inks(part))
    except StudioError:
        raise
    except DAMAGE as error:
        raise _refused(source, error) from error
    if max_side is not None and max(converted.size) > max_side:
        converted.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return properties, converted


def _part(source: Path | bytes) -> Image.Image | None:
    """The part that is there of a file that is cut off."""
    found = salvaged(source if isinstance(source, bytes) else source.read_bytes())
    return None if found is None else found[0]


def _decoded(source: Path | bytes, picture: Image.Image, max_side: int | None) -> Image.Image:
    if max_side is not None and picture.format == "JPEG" and picture.mode == "RGB":
        picture.draft("RGB", (max_side, max_side))  # decodes at a fraction of the size
    large = picture.width * picture.height > LARGE_PIXELS
    if large:
        _check_memory(source, picture, max_side)
    picture.load()
    if _INKS in picture.info:
        rgba, picture = picture, Image.frombytes("CMYK", picture.size, picture.tobytes())
        picture.info, picture.format = rgba.info, rgba.format
    if picture.format == "JPEG":
        picture = _likely_inks(picture)
    if large and max_side is not None:
        picture = _reduced(picture, max_side)
    return _upright_srgb(source, picture)


def _likely_inks(picture: Image.Image) -> Image.Image:
    """The inks of a JPEG that does not say whether 255 means all ink (as libjpeg has it) or none (as Adobe).

    Pillow took it for none. No press lays on nearly all of four inks, so the reading whose darkest place has less of
    them is the likelier one; where both have the same, libjpeg's. Pictures of other colours stay as they are.
    """
    if picture.mode != "CMYK" or "adobe" in picture.info:
        return picture
    laid = np.asarray(picture).sum(-1, dtype=np.int32)
    most, least = np.quantile(laid, (0.999, 0.001))
    if most < 4 * 255 - least:
        return picture
    turned = ImageChops.invert(picture)
    turned.info, turned.format = picture.info, picture.format
    if exif := _exif(picture):
        turned.getexif().update(exif)
    return turned


def _check_memory(source: Path | bytes, picture: Image.Image, max_side: int | None) -> None:
    """Refuse a picture that would bring the computer to its knees, before it is decoded."""
    a_copy = picture.width * picture.height * (1 if picture.mode in ("1", "L", "P") else 4)
    needed = a_copy * (1.3 if max_side is not None else 3)
    if needed > psutil.virtual_memory().available:
        raise StudioError(
            Message(
                "{picture} has {width} x {height} pixels, which take {needed:.1f} GB of memory to open; "
                "so much is not free.",
                picture=_name(source),
                width=picture.width,
                height=picture.height,
                needed=needed / 2**30,
            ),
            "Close other programs, or make the picture smaller first.",
        )


def _reduced(picture: Image.Image, max_side: int) -> Image.Image:
    """A large picture at two to four times the size wanted, by averages of whole squares of pixels."""
    factor = max(picture.size) // (2 * max_side)
    if factor < 2 or picture.mode not in ("1", "L", "P", "RGB", "RGBA", "CMYK", "LA"):
        return picture
    exif, info, shape = picture.getexif(), picture.info, picture.format
    if picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in info else "RGB")
    small = picture.reduce(factor)
    small.format = shape
    small.info = {name: value for name, value in info.items() if picture.mode != "RGBA" or name != "transparency"}
    if exif:
        small.getexif().update(exif)
    return small


def _upright_srgb(source: Path | bytes, picture: Image.Image) -> Image.Image:
    profile, numbers = own_profile(source, picture), numbers_in(source, picture)
    special = None if numbers is None else numbers.special()
    deep = picture.info.get(DEEP) or _deep(source, picture)
    alpha = picture.info.get(INK_ALPHA)
    if alpha is not None:
        shown, orientation = _to_srgb(picture, profile, special), _exif(picture).get(ExifTags.Base.Orientation, 1)
        shown.putalpha(alpha if alpha.size == shown.size else alpha.resize(shown.size))
        shown.getexif()[ExifTags.Base.Orientation] = orientation
        return ImageOps.exif_transpose(shown)
    if deep is None:
        return _to_srgb(_full_range(ImageOps.exif_transpose(picture), numbers), profile, special)
    if numbers is not None:
        deep = replace(deep, color=numbers.full_range(deep.color))
    shown = deep.converted(profile, special)
    shown = shown if shown.mode in ("RGB", "RGBA") else shown.convert("RGB")
    orientation = _exif(picture).get(ExifTags.Base.Orientation, 1)
    if orientation in range(2, 9):
        shown.getexif()[ExifTags.Base.Orientation] = orientation
        shown = ImageOps.exif_transpose(shown)
    return shown


def _full_range(picture: Image.Image, numbers: NumberedColors | None) -> Image.Image:
    if numbers is None or not numbers.limited:
        return picture
    if picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    spread = (numbers.full_range(np.arange(256, dtype=np.uint16) * 257) // 257).tolist()
    colors = len(picture.getbands()) - picture.mode.endswith("A")
    return picture.point(spread * colors + list(range(256)) * picture.mode.endswith("A"))


def open_full_depth(source: Path | bytes) -> tuple[DeepPicture, bytes | None] | None:
    """All bits of a picture with more than 8 a channel, the way up it was taken, and its colour profile.

    None for other pictures, for high dynamic range (whose numbers go beyond white), and for what cannot be read so.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened(source) as picture:
                numbers = numbers_in(source, picture)
                if numbers is not None and numbers.special() is not None:
                    return None
                deep = picture.info.get(DEEP) or _deep(source, picture)
                orientation = int(_exif(picture).get(ExifTags.Base.Orientation, 1))
                profile = own_profile(source, picture)
    except (StudioError, *DAMAGE):
        return None
    if not isinstance(deep, DeepPicture):
        return None
    spread = deep.color if numbers is None else numbers.full_range(deep.color)
    parts = (None if part is None else _turned(part, orientation) for part in (spread, deep.alpha))
    color, alpha = parts
    assert color is not None
    return replace(deep, color=color, alpha=alpha), profile


def _turned(values: np.ndarray, orientation: int) -> np.ndarray:
    """``values`` (h, w, ...) turned and mirrored as a value of EXIF's Orientation says."""
    if orientation in (5, 6, 7, 8):
        values = values.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        values = values[::-1]
    if orientation in (2, 3, 6, 7):
        values = values[:, ::-1]
    return np.ascontiguousarray(values)


def _deep(source: Path | bytes, picture: Image.Image) -> DeepPicture | None:
    """All bits of a PNG, HEIC or AVIF file with more than 8 a channel; None for others, and what cannot be read so."""
    if picture.width * picture.height > LARGE_PIXELS:
        return None
    try:
        if picture.format == "PNG" and _depth(source, picture) == 16:
            return _deep_png(source)
        if picture.format == "HEIF" and int(picture.info.get("bit_depth", 8)) > 8:
            opened_again = pillow_heif.open_heif(
                source if isinstance(source, Path) else io.BytesIO(source), convert_hdr_to_8bit=False
            )
            return _deep_of(np.asarray(opened_again))
        if picture.format == "AVIF":
            from studio.media.deep_avif import deep_avif  # FFmpeg takes a while, and few photos need it

            values = deep_avif(source, picture)
            return None if values is None else _deep_of(values)
    except DAMAGE:
        return None
    return None


_GREY_WITH_ALPHA = b"\x04"
"""A PNG's type of colours."""
_PIXELS = (b"IHDR", b"tRNS", b"IDAT", b"IEND")


def _pixels_of_png(data: bytes) -> bytes | None:
    """A PNG without what is no part of its pixels, over which the decoder would complain on the terminal.

    None for one that is cut off.
    """
    at, kept = 8, [data[:8]]
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind in _PIXELS:
            kept.append(data[at : at + 12 + length])
        if kind == b"IEND":
            return b"".join(kept)
        at += 12 + length
    return None


def _deep_png(source: Path | bytes) -> DeepPicture | None:
    import cv2  # takes a while, and few photos need it

    data = _pixels_of_png(source if isinstance(source, bytes) else source.read_bytes())
    values = None if data is None else cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.dtype != np.uint16:
        return None
    if values.ndim == 3:
        grey = data is not None and data[25:26] == _GREY_WITH_ALPHA
        values = np.ascontiguousarray(values[..., [0, 3] if grey else [2, 1, 0, 3][: values.shape[2]]])
    deep = _deep_of(values)
    hidden = png_chunks(source).get(b"tRNS", b"")
    if deep is None or deep.alpha is not None or len(hidden) != 2 * deep.color.shape[2]:
        return deep
    # The one colour that is transparent, at its full depth.
    colour = np.frombuffer(hidden, ">u2").astype(np.uint16)
    return DeepPicture(deep.color, np.where((deep.color == colour).all(-1), 0, 65535).astype(np.uint16))


def _deep_of(values: np.ndarray) -> DeepPicture | None:
    """uint16 (h, w) or (h, w, 1 to 4): grey, grey with alpha, RGB, RGB with alpha."""
    values = values if values.ndim == 3 else values[..., None]
    if values.dtype != np.uint16 or not 1 <= values.shape[2] <= 4:
        return None
    colours = 3 if values.shape[2] >= 3 else 1
    alpha = np.ascontiguousarray(values[..., -1]) if values.shape[2] in (2, 4) else None
    return DeepPicture(np.ascontiguousarray(values[..., :colours]), alpha)


def _to_srgb(picture: Image.Image, profile: bytes | None, special: Special | None) -> Image.Image:
    grey = bool(profile) and color_profiles.profile_space(profile or b"") == "GRAY"
    if picture.mode in _SIXTEEN_BIT:
        picture = _sixteen_to_eight(picture)
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "LAB":
        return color_profiles.to_srgb(picture, color_profiles.lab_profile())
    elif picture.mode in _WITH_ALPHA or (picture.mode in ("RGB", "L", "1") and "transparency" in picture.info):
        picture = picture.convert("LA" if grey and picture.mode in ("L", "LA", "La") else "RGBA")
    if profile and grey and picture.mode in ("RGB", "RGBA"):
        return picture
    if profile and grey and picture.mode in ("L", "LA"):
        # LittleCMS runs grey through a coarse table; of the darkest levels that leaves half.
        levels = np.asarray(picture).reshape(picture.height, picture.width, -1).astype(np.uint16) * 257
        alpha = levels[..., 1] if levels.shape[2] == 2 else None
        picture = DeepPicture(levels[..., :1], alpha).converted(profile, None)
    elif profile and picture.mode in ("RGB", "RGBA", "CMYK", "L", "LA"):
        picture = color_profiles.to_srgb(picture, profile)
    elif special is not None:
        whole = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        pixels = np.asarray(whole)
        shown = special(pixels[..., :3].astype(np.uint16) * 257)
        picture = Image.fromarray(np.concatenate([shown, pixels[..., 3:]], 2))
    if picture.mode == "LA":
        return picture.convert("RGBA")
    return picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")


def own_profile(source: Path | bytes, picture: Image.Image) -> bytes | None:
    """The colour profile of an open picture: the one inside, or one of the colours that the file names otherwise.

    Files name them by numbers (AVIF, HEIC, PNG), by a gamma (PNG), or in EXIF (Adobe RGB). None for sRGB, for high
    dynamic range, and where nothing is said.
    """
    numbers = numbers_in(source, picture)
    if numbers is not None:
        return numbers.profile()
    profile = picture.info.get("icc_profile")
    if profile:
        return bytes(profile)
    if picture.mode == "CMYK":
        return None
    if (named := gamma_profile(source, picture)) is not None:
        return named
    if picture.mode not in ("RGB", "RGBA"):
        return None
    try:
        interop = _exif(picture).get_ifd(ExifTags.IFD.Interop)
    except DAMAGE:
        return None
    # Cameras set to Adobe RGB say so in no other way (DCF 2.0, "optional colour space").
    return color_profiles.adobe_rgb_profile() if str(interop.get(1, "")).startswith("R03") else None


def _exif(picture: Image.Image) -> Image.Exif:
    """The EXIF data; none where it cannot be read."""
    if picture.format == "PNG" and "exif" not in picture.info and picture.width * picture.height > LARGE_PIXELS:
        return Image.Exif()  # it may stand behind the pixels, but to decode all of these for it takes too long
    try:
        return picture.getexif()
    except DAMAGE:
        return Image.Exif()


def _sixteen_to_eight(picture: Image.Image) -> Image.Image:
    """Pillow clips 16-bit greys instead of scaling them."""
    values = np.asarray(picture)
    levels = range_of(values).levels(values) if picture.mode == "F" else np.clip(values, 0, 65535).astype(np.uint16)
    grey = Image.fromarray(((levels.astype(np.uint32) + 128) // 257).astype(np.uint8))
    grey.info = {name: value for name, value in picture.info.items() if name == "icc_profile"}
    return grey


def describe_photo(source: Path | bytes) -> PhotoProperties:
    """Facts from the header, without decoding the picture.

    Raises
    ------
    StudioError
        As :func:`open_photo`, except for damage beyond the header.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened(source) as picture:
                return _properties(source, picture)
    except StudioError:
        raise
    except DAMAGE as error:
        raise _refused(source, error) from error


def _properties(source: Path | bytes, picture: Image.Image) -> PhotoProperties:
    orientation = _exif(picture).get(ExifTags.Base.Orientation, 1)
    profile, named = own_profile(source, picture), numbers_in(source, picture)
    width, height = picture.size
    deep = picture.info.get(DEEP)
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        width, height = int(picture.tag_v2.get(256, width)), int(picture.tag_v2.get(257, height))
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return PhotoProperties(
        width=width,
        height=height,
        mode=picture.mode,
        format=picture.format or "",
        exif_rotated=orientation in range(2, 9),
        animated=bool(getattr(picture, "is_animated", False)) and picture.format not in _NEVER_ANIMATED,
        alpha=_has_alpha(picture),
        cmyk=picture.mode == "CMYK" or _INKS in picture.info,
        sixteen_bit=picture.mode in _SIXTEEN_BIT or _depth(source, picture) == 16,
        grey=picture.mode in ("1", "L", "LA", *_SIXTEEN_BIT) or (deep is not None and deep.color.shape[2] == 1),
        profile=color_profiles.profile_name(profile) if profile else named.name() if named is not None else "",
        srgb=color_profiles.is_srgb(profile) if profile else named is None or named.special() is None,
        by_tables=bool(profile) and _is_deep(source, picture) and deep_profile(profile or b"") is None,
        numbers=None if deep is None or deep.numbers is None or deep.numbers.usual else deep.numbers,
    )


def _has_alpha(picture: Image.Image) -> bool:
    if _INKS in picture.info:
        return False
    return picture.mode in ("RGBA", *_WITH_ALPHA) or "transparency" in picture.info or INK_ALPHA in picture.info


def _is_deep(source: Path | bytes, picture: Image.Image) -> bool:
    bits = _depth(source, picture)
    return picture.mode in _SIXTEEN_BIT or bits > 8 or int(picture.info.get("bit_depth", 8)) > 8


def _depth(source: Path | bytes, picture: Image.Image) -> int:
    """Bits per channel of a PNG or TIFF (Pillow hides it for colour pictures); 0 for other files."""
    if "bits" in picture.info:
        return int(picture.info["bits"])
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
