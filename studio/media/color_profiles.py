"""Colour profiles (ICC.1:2010): reading them, converting by LittleCMS, and making the few that cameras only name.

Everything in the program is sRGB with 8 bits. A photo's own profile matters twice: on the way in, where its numbers
become sRGB, and on the way out, where a picture made from it may go back into the space that the artist works in.
"""

from __future__ import annotations

import functools
import io
import struct

import numpy as np
from PIL import Image, ImageCms

_D50 = np.array([0.9642, 1.0, 0.8249])  # the profile connection space's white
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_D65 = (0.3127, 0.3290)
_SAME = 3
"""Levels by which the many profiles that are called sRGB, and are, differ from one another."""


def matrix_profile(
    name: str, primaries: tuple[tuple[float, float], ...], white: tuple[float, float], gamma: float | None
) -> bytes:
    """An ICC profile (version 2.1) of a display-like RGB space.

    Parameters
    ----------
    name : what programs show.
    primaries : xy of red, green and blue.
    white : xy of the white.
    gamma : exponent of the curve; None is the curve of sRGB (IEC 61966-2-1), as a table of 1024 values.
    """
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    source = np.array([white[0] / white[1], 1.0, (1 - white[0] - white[1]) / white[1]])
    adapt = np.linalg.inv(_BRADFORD) @ np.diag((_BRADFORD @ _D50) / (_BRADFORD @ source)) @ _BRADFORD
    columns = adapt @ (columns * np.linalg.solve(columns, source))

    def xyz(values: np.ndarray) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))

    if gamma is None:
        ramp = np.arange(1024) / 1023
        table = np.where(ramp <= 0.04045, ramp / 12.92, ((ramp + 0.055) / 1.055) ** 2.4)
        curve = b"curv\0\0\0\0" + struct.pack(">I", 1024) + (table * 65535).round().astype(">u2").tobytes()
    else:
        curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    text = name.encode("ascii")
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + b"\0" * 78
    blocks = {
        b"desc": described,
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": xyz(source),
        b"rXYZ": xyz(columns[:, 0]),
        b"gXYZ": xyz(columns[:, 1]),
        b"bXYZ": xyz(columns[:, 2]),
        b"rTRC": curve,
    }
    at = 128 + 4 + 12 * 9
    table_of_tags, body = b"", b""
    where = {}
    for tag, block in blocks.items():
        where[tag] = (at + len(body), len(block))
        body += block + b"\0" * (-len(block) % 4)
    where[b"gTRC"] = where[b"bTRC"] = where[b"rTRC"]  # one curve for all
    for tag, (start, length) in where.items():
        table_of_tags += tag + struct.pack(">II", start, length)
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += struct.pack(">3i", *(round(value * 65536) for value in _D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(where)) + table_of_tags + body


@functools.cache
def srgb_profile() -> bytes:
    """The profile that saved pictures carry."""
    return matrix_profile("sRGB", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), _D65, None)


@functools.cache
def adobe_rgb_profile() -> bytes:
    """Adobe RGB (1998), which cameras often only name in EXIF."""
    return matrix_profile("Adobe RGB (1998)", ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), _D65, 563 / 256)


@functools.cache
def display_p3_profile() -> bytes:
    """Display P3, which HEIC and AVIF files may name by a number (ITU-T H.273) only."""
    return matrix_profile("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _D65, None)


def profile_space(profile: bytes) -> str:
    """Colour space of a profile: "RGB", "CMYK", "GRAY", "Lab"; empty when it is damaged."""
    return profile[16:20].decode("latin-1").strip() if len(profile) > 132 and profile[36:40] == b"acsp" else ""


def profile_name(profile: bytes) -> str:
    """The name of a profile, e.g. "Display P3"; empty when it has none."""
    try:
        return str(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))).strip()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return ""


@functools.lru_cache(maxsize=64)
def is_srgb(profile: bytes) -> bool:
    """Return whether a profile means the colours of sRGB, by what it does to them: names may say anything."""
    if profile_space(profile) != "RGB":
        return False
    steps = np.linspace(0, 255, 6).round().astype(np.uint8)
    patches = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(1, -1, 3)
    shown = to_srgb(Image.fromarray(patches), profile)
    return int(np.abs(np.asarray(shown).astype(int) - patches).max()) <= _SAME


def to_srgb(picture: Image.Image, profile: bytes, *, exact: bool = False) -> Image.Image:
    """``picture`` (RGB, RGBA, CMYK, L, LA or LAB, in the space of ``profile``) as sRGB, its alpha kept.

    A damaged profile, or one of another space than the picture, leaves it alone: the plain numbers are the best guess.
    ``exact`` computes every pixel rather than by a coarse table, for a few of them.

    Notes
    -----
    Spaces given by matrices (sRGB, Display P3, Adobe RGB, ProPhoto) have one meaning, whatever the intent. Those given
    by tables, as of printing presses, are taken relative to the paper with black point compensation: paper becomes
    white and the deepest ink black, as picture editors do it.
    """
    if profile == srgb_profile():
        return picture
    if picture.mode in ("CMYK", "LAB"):
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    else:
        intent, flags = ImageCms.Intent.PERCEPTUAL, ImageCms.Flags.NONE
    if exact:
        flags |= ImageCms.Flags.NOOPTIMIZE
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
        plain = picture.convert(picture.mode.removesuffix("A")) if alpha is not None else picture
        if plain.mode == "L" and profile_space(profile) == "RGB":  # a grey picture in a space of colours
            plain = plain.convert("RGB")
        out = ImageCms.profileToProfile(plain, source, target, intent, "RGB", flags=flags)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    if out is None:
        return picture
    if alpha is not None:
        out.putalpha(alpha)
    return out


def from_srgb(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """``picture`` (RGB or RGBA, sRGB) in the RGB space of ``profile``; None when that cannot be done."""
    if profile == srgb_profile():
        return picture
    try:
        source = ImageCms.createProfile("sRGB")
        target = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
        out = ImageCms.profileToProfile(picture.convert("RGB"), source, target, intent, "RGB", flags=flags)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if out is not None and alpha is not None:
        out.putalpha(alpha)
    return out


def lab_profile() -> bytes:
    """CIE L*a*b*, in which Lab TIFFs are."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
