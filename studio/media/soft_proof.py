"""A picture in a printer's colours, and its numbers for that printer, by LittleCMS."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from studio.base import Message, StudioError
from studio.media.color_profiles import profile_space, srgb_profile

INTENTS = {
    "perceptual": ImageCms.Intent.PERCEPTUAL,
    "relative": ImageCms.Intent.RELATIVE_COLORIMETRIC,
    "saturation": ImageCms.Intent.SATURATION,
    "absolute": ImageCms.Intent.ABSOLUTE_COLORIMETRIC,
}
MODES = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}
"""Pillow's mode of the colour spaces that prints are made in."""
_BAD = "Choose the .icc or .icm file of a printer, from its maker or the print shop."
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear sRGB (ITU-R BT.709)."""
_ERRORS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def read_profile(path: Path) -> bytes:
    """The ICC profile in a file.

    Raises
    ------
    StudioError
        When it cannot be read, or is no profile of a printer or display.
    """
    try:
        profile = path.read_bytes()
    except OSError as error:
        raise StudioError(Message("{name} cannot be read.", name=path.name), _BAD) from error
    if profile_space(profile) not in MODES:
        raise StudioError(Message("{name} is no colour profile of a printer.", name=path.name), _BAD)
    try:
        print_colors(Image.new("RGB", (1, 1)), profile, "relative", black_point=True)
    except StudioError as error:
        raise StudioError(Message("The colour profile {name} cannot be printed with.", name=path.name), _BAD) from error
    return profile


def print_colors(picture: Image.Image, profile: bytes, intent: str, *, black_point: bool) -> Image.Image:
    """``picture`` (RGB, sRGB) in the numbers of the printer's ``profile``: RGB, CMYK or L.

    ``intent`` is one of :data:`INTENTS`.

    Raises
    ------
    StudioError
        When the profile has no way into its colours.
    """
    try:
        made = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile())),
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            INTENTS[intent],
            MODES[profile_space(profile)],
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION if black_point else ImageCms.Flags.NONE,
        )
    except _ERRORS as error:
        raise StudioError("The colours cannot be brought into the printer's profile.", _BAD) from error
    assert made is not None
    return made


def soft_proof(picture: Image.Image, profile: bytes, intent: str, *, black_point: bool) -> Image.Image:
    """``picture`` (RGB, sRGB) as it will look on the printer, white on white: RGB, sRGB.

    Raises
    ------
    StudioError
        When the profile has no way into its colours, or back.
    """
    return _proof(picture, profile, intent, black_point=black_point, flags=ImageCms.Flags.NONE)


def out_of_gamut(picture: Image.Image, profile: bytes, *, black_point: bool = False) -> NDArray[np.bool_]:
    """A mask (height, width) of the colours in ``picture`` (RGB, sRGB) that the printer cannot print.

    With ``black_point``, the picture's black is the printer's first: else all shadows would be beyond a weak black,
    which LittleCMS does not see to when it checks.

    Raises
    ------
    StudioError
        As :func:`soft_proof`.
    """
    if black_point:
        black = _proof(Image.new("RGB", (1, 1)), profile, "relative", black_point=False, flags=ImageCms.Flags.NONE)
        picture = picture.point(_lightened(float(_linear(np.asarray(black)[0, 0] / 255) @ _LUMINANCE)) * 3)
    plain = _proof(picture, profile, "relative", black_point=False, flags=ImageCms.Flags.NONE)
    told = _proof(picture, profile, "relative", black_point=False, flags=ImageCms.Flags.GAMUTCHECK)
    # LittleCMS paints them in one grey, whatever is there.
    return (np.asarray(plain) != np.asarray(told)).any(-1)


def _lightened(black: float) -> list[int]:
    """The 256 levels of sRGB when what was black has the luminance ``black``, 0..1: scaled in linear light."""
    light = _linear(np.arange(256) / 255) * (1 - black) + black
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return [int(level) for level in np.rint(255 * levels)]


def _linear(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light of levels of sRGB, both 0..1 (IEC 61966-2-1)."""
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def _proof(
    picture: Image.Image, profile: bytes, intent: str, *, black_point: bool, flags: ImageCms.Flags
) -> Image.Image:
    flags |= ImageCms.Flags.SOFTPROOFING
    if black_point:
        flags |= ImageCms.Flags.BLACKPOINTCOMPENSATION
    screen = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    try:
        transform = ImageCms.buildProofTransform(
            screen,
            screen,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            "RGB",
            "RGB",
            INTENTS[intent],
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags,
        )
        made = ImageCms.applyTransform(picture, transform)
    except _ERRORS as error:
        raise StudioError("The colours cannot be brought into the printer's profile.", _BAD) from error
    assert made is not None
    return made
