"""Pictures of 16 bits a channel to be worked on, in the colours of their own profile, and back into files of it.

Everything else in the program is sRGB with 8 bits. Who repairs or enlarges a photo of 16 bits wants its levels back,
and the colours that sRGB has not; so the numbers stay those of the photo's own profile. Only where these are
proportional to light, as raw developers write, they get the curve of sRGB in between: networks and noise know no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles
from studio.media.full_depth import MatrixProfile, deep_profile
from studio.media.photos import open_full_depth
from studio.media.profile_tags import Curve

Levels = NDArray[np.uint16]
_MIDDLE = 0.4
"""Light at half of the numbers from which on these are taken to be proportional to it; of sRGB it is 0.21."""
_ROWS = 64


@dataclass(frozen=True)
class WorkingPicture:
    """A picture of 16 bits a channel.

    Attributes
    ----------
    pixels : uint16 (h, w, 3 or 4), RGB with straight alpha.
    profile : the RGB profile that the photo has; None for sRGB.
    curved : whether the curve of sRGB stands in for the profile's own.
    """

    pixels: Levels
    profile: bytes | None = None
    curved: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """(height, width, channels)."""
        return self.pixels.shape

    def with_pixels(self, pixels: NDArray[Any]) -> WorkingPicture:
        """The same colours on other ``pixels``, uint16."""
        return replace(self, pixels=pixels)

    def in_own(self) -> Levels:
        """The pixels with the numbers of ``profile``, or of sRGB when there is none."""
        known = _matrix(self.profile) if self.curved else None
        return self.pixels if known is None else _mapped(self.pixels, [_back(curve) for curve in known.curves])

    def in_srgb(self) -> Levels:
        """The pixels with the numbers of sRGB; colours that it lacks become the nearest it has."""
        known = None if self.profile is None else deep_profile(self.profile)
        if self.profile is None:
            return self.pixels
        own = self.in_own()
        if known is None:  # a profile that LittleCMS alone can read, which as Pillow has it knows 8 bits only
            shown = color_profiles.to_srgb(Image.fromarray(rounded_to_8_bits(own[..., :3])), self.profile)
            color = np.asarray(shown.convert("RGB")).astype(np.uint16) * 257
        else:
            parts = [own[row : row + _ROWS, :, :3] for row in range(0, len(own), _ROWS)]
            color = np.concatenate([_codes(known.linear(np.ascontiguousarray(part))) for part in parts])
        return color if own.shape[2] == 3 else np.dstack([color, own[..., 3]])


def open_working(source: Path) -> WorkingPicture | None:
    """A photo with more than 8 bits a channel; None for others, for high dynamic range, and what cannot be read so."""
    found = open_full_depth(source)
    if found is None:
        return None
    deep, profile = found
    color = deep.color
    grey = color.shape[2] == 1
    if profile is not None and color_profiles.profile_space(profile) != "RGB":
        known = deep_profile(profile) if grey and color_profiles.profile_space(profile) == "GRAY" else None
        color, profile = (color if known is None else _codes(known.linear(color))), None
    if grey:
        color = np.repeat(color, 3, 2)
    pixels = color if deep.alpha is None else np.dstack([color, deep.alpha])
    if profile is not None and color_profiles.is_srgb(profile):
        profile = None
    known = _matrix(profile)
    if known is None or all(curve[32768] < _MIDDLE for curve in known.curves):
        return WorkingPicture(np.ascontiguousarray(pixels), profile)
    forth = [_codes(curve) for curve in known.curves]
    return WorkingPicture(_mapped(pixels, forth), profile, curved=True)


def _matrix(profile: bytes | None) -> MatrixProfile | None:
    known = None if profile is None else deep_profile(profile)
    return known if isinstance(known, MatrixProfile) and known.matrix is not None else None


def _mapped(pixels: Levels, tables: list[Levels]) -> Levels:
    """``pixels`` with one table a colour; alpha stays."""
    made = pixels.copy()
    for channel, table in enumerate(tables):
        made[..., channel] = table[pixels[..., channel]]
    return made


def _codes(light: NDArray[np.float32]) -> Levels:
    """Linear light 0..1 with the curve of sRGB, on 0..65535."""
    light = np.clip(light, 0, 1)
    code = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055)
    return np.rint(code * 65535).astype(np.uint16)


def _back(curve: Curve) -> Levels:
    """From codes of sRGB to the numbers that ``curve`` leads to the same light."""
    code = np.arange(65536) / 65535
    light = np.where(code <= 0.04045, code / 12.92, np.power((code + 0.055) / 1.055, 2.4))
    rising = np.maximum.accumulate(curve.astype(np.float64) + np.arange(65536) * 1e-12)
    return np.rint(np.interp(light, rising, np.arange(65536))).astype(np.uint16)


def rounded_to_8_bits(levels: Levels) -> NDArray[np.uint8]:
    """``levels`` of 0..65535 on 0..255."""
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)
