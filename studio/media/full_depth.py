"""Pictures of 16 bits a channel to sRGB at their full depth: the profile is applied first, and only then is rounded.

LittleCMS as Pillow has it knows 8 bits only: of a dark ramp in linear light that leaves a dozen levels. Profiles made
of curves and a matrix (ICC.1:2010, 8.3.3 and 8.4.3) are applied here, those made of tables in
:mod:`studio.media.table_profile`; what neither can read is left to LittleCMS.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles
from studio.media.number_ranges import NumberRange
from studio.media.profile_tags import Curve, curve_of, tags_of, xyz_of
from studio.media.table_profile import TableProfile, table_profile

_ROWS = 64
_FINE = 65_535

Levels = NDArray[np.uint16]


@dataclass(frozen=True)
class DeepPicture:
    """A picture of more than 8 bits a channel.

    Attributes
    ----------
    color : uint16 (h, w, 1 or 3), grey or RGB on 0..65535.
    alpha : uint16 (h, w), straight; None when it has none.
    numbers : how the file's own numbers were read; None for formats in which their type says it.
    """

    color: Levels
    alpha: Levels | None = None
    numbers: NumberRange | None = field(default=None)

    def plain(self) -> Image.Image:
        """The picture in 8 bits as it stands, mode L, RGB or RGBA."""
        eight = _eight(self.color)
        return _image(eight, self.alpha)

    def converted(self, profile: bytes | None, special: Callable[[Levels], NDArray[np.uint8]] | None) -> Image.Image:
        """The picture as sRGB, mode RGB or RGBA.

        Parameters
        ----------
        profile : its ICC profile.
        special : what brings it to sRGB instead, uint16 RGB to uint8 RGB.
        """
        if special is not None:
            parts = [
                special(np.ascontiguousarray(np.broadcast_to(part, (*part.shape[:2], 3))))
                for part in _parts(self.color)
            ]
            return _image(np.concatenate(parts), self.alpha)
        if profile is None or profile == color_profiles.srgb_profile():
            return _image(_eight(self.color), self.alpha)
        known = deep_profile(profile)
        if known is None or known.channels < self.color.shape[2]:
            picture = _image(_eight(self.color), None)
            shown = np.asarray(color_profiles.to_srgb(picture, profile).convert("RGB"))
            return _image(shown, self.alpha)
        encoded = [_encoding()[_places(known.linear(part))] for part in _parts(self.color)]
        return _image(np.concatenate(encoded), self.alpha)


@dataclass(frozen=True)
class MatrixProfile:
    """``curves`` from 0..65535 to linear light, one or three of (65536,); ``matrix`` from there to linear sRGB.

    The matrix is None for profiles of grey.
    """

    curves: tuple[Curve, ...]
    matrix: NDArray[np.float32] | None

    @property
    def channels(self) -> int:
        """Number of channels."""
        return 1 if self.matrix is None else 3

    def linear(self, color: Levels) -> NDArray[np.float32]:
        """Linear sRGB, float32, of ``color``, uint16 (h, w, 1 or 3): of the same shape, or three channels."""
        if self.matrix is None:
            return self.curves[0][color]
        linear = np.stack([curve[color[..., min(n, color.shape[2] - 1)]] for n, curve in enumerate(self.curves)], -1)
        return np.asarray(linear @ self.matrix.T, np.float32)


def _parts(color: Levels) -> list[Levels]:
    return [color[row : row + _ROWS] for row in range(0, len(color), _ROWS)]


def _places(linear: NDArray[np.float32]) -> NDArray[np.int32]:
    return (np.clip(linear, 0, 1) * np.float32(_FINE) + np.float32(0.5)).astype(np.int32)


@functools.cache
def _encoding() -> NDArray[np.uint8]:
    """The curve of sRGB, from 0..65535 of linear light to 0..255."""
    light = np.arange(_FINE + 1) / _FINE
    code = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055)
    return np.asarray(code * 255 + 0.5, np.uint8)


def _eight(levels: Levels) -> NDArray[np.uint8]:
    # Rounded division by 257, without leaving 32 bits.
    return ((levels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _image(eight: NDArray[np.uint8], alpha: Levels | None) -> Image.Image:
    grey = eight.shape[2] == 1
    if alpha is None:
        return Image.fromarray(np.ascontiguousarray(eight[..., 0] if grey else eight))
    color = np.repeat(eight, 3, 2) if grey else eight
    return Image.fromarray(np.concatenate([color, _eight(alpha)[..., None]], 2))


@functools.lru_cache(maxsize=8)
def deep_profile(profile: bytes) -> MatrixProfile | TableProfile | None:
    """The transform of an ICC profile of grey or RGB at full depth; None for damaged ones, and kinds of LittleCMS."""
    return _matrix_of(profile) or table_profile(profile)


def _matrix_of(profile: bytes) -> MatrixProfile | None:
    try:
        tags = tags_of(profile)
        space = color_profiles.profile_space(profile)
        if any(name in tags for name in (b"A2B0", b"A2B1", b"D2B0")):
            return None
        if space == "GRAY":
            return MatrixProfile((curve_of(tags[b"kTRC"]),), None)
        if space != "RGB":
            return None
        to_xyz = np.array([xyz_of(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T
        srgb = tags_of(color_profiles.srgb_profile())
        from_xyz = np.linalg.inv(np.array([xyz_of(srgb[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T)
        curves = tuple(curve_of(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
        return MatrixProfile(curves, (from_xyz @ to_xyz).astype(np.float32))
    except (KeyError, ValueError, IndexError, struct.error, np.linalg.LinAlgError):
        return None
