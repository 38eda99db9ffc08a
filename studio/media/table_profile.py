"""Colour profiles made of tables (ICC.1:2010, 10.8 to 10.10), as scanners and raw developers write them, at full depth.

From the numbers of the device to a connection space: curves, a grid of colours between which is interpolated, curves
and a matrix. What is read here is compared with LittleCMS, which knows every kind, but 8 bits only.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles
from studio.media.profile_tags import Curve, curve_length, curve_of, fixed_numbers, resampled, tags_of

Colors = NDArray[np.float32]
Step = Callable[[Colors], Colors]

D50 = np.array([0.9642, 1.0, 0.8249])
_VERSION_4_BLACK = np.array([0.00336, 0.0034731, 0.00287])
"""XYZ of the deepest black of the perceptual intent (ICC.1:2010, 6.3.3)."""
_FULL = 65_535
_LARGEST_GRID = 2_000_000
_SAME = 3
"""Levels of 8 bits within which the two readers must agree."""


@dataclass(frozen=True)
class TableProfile:
    """``steps`` from the device's numbers on 0..1, float32 (n, channels), to XYZ under D50, (n, 3).

    ``black`` is the XYZ that becomes black.
    """

    channels: int
    steps: tuple[Step, ...]
    black: NDArray[np.float64]

    def xyz(self, device: Colors) -> Colors:
        """XYZ, float32 (n, 3), of ``device``, float32 (n, channels)."""
        return functools.reduce(lambda colors, step: step(colors), self.steps, device)

    def linear(self, color: NDArray[np.uint16]) -> Colors:
        """Linear sRGB, float32 (h, w, 3), of ``color``, uint16 (h, w, 1 or ``channels``)."""
        height, width, given = color.shape
        device = np.asarray(color.reshape(-1, given) * np.float32(1 / _FULL), np.float32)
        found = self.xyz(np.repeat(device, self.channels, 1) if given < self.channels else device)
        scale = D50 / (D50 - self.black)
        matrix = _from_xyz() * scale
        offset = -_from_xyz() @ (scale * self.black)
        shown = found @ matrix.T.astype(np.float32) + offset.astype(np.float32)
        return np.asarray(shown, np.float32).reshape(height, width, 3)


@functools.cache
def _from_xyz() -> NDArray[np.float64]:
    tags = tags_of(color_profiles.srgb_profile())
    return np.linalg.inv(np.array([fixed_numbers(tags[name][8:], 3) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T)


def table_profile(profile: bytes) -> TableProfile | None:
    """The tables of an ICC profile of grey or RGB; None without any, when damaged, or when LittleCMS differs."""
    try:
        tags = tags_of(profile)
        space = color_profiles.profile_space(profile)
        if space not in ("GRAY", "RGB") or b"D2B0" in tags:
            return None
        channels = 1 if space == "GRAY" else 3
        is_lab = {b"Lab ": True, b"XYZ ": False}[profile[20:24]]
        tag = tags[b"A2B0"]
        steps = _modern(tag) if tag[:4] == b"mAB " else _classic(tag)
        legacy = tag[:4] == b"mft2"
        decode = functools.partial(_xyz_of_lab, legacy=legacy) if is_lab else _xyz
        found = TableProfile(channels, (*steps, decode), np.zeros(3))
        if struct.unpack(">2B", tag[8:10]) != (channels, 3):
            return None
        found = TableProfile(channels, found.steps, _black(found, profile[8] >= 4))
        return found if _agrees(found, profile) else None
    except (KeyError, ValueError, IndexError, struct.error, np.linalg.LinAlgError):
        return None


def _agrees(found: TableProfile, profile: bytes) -> bool:
    levels = np.linspace(0, 255, 6 if found.channels == 3 else 16).round().astype(np.uint8)
    patches = np.stack(np.meshgrid(*[levels] * found.channels), -1).reshape(1, -1, found.channels)
    picture = Image.fromarray(patches if found.channels == 3 else patches[..., 0])
    shown = np.asarray(color_profiles.to_srgb(picture, profile, exact=True).convert("RGB"))
    light = np.clip(found.linear(patches.astype(np.uint16) * 257), 0, 1)
    ours = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055) * 255
    return bool(np.abs(ours - shown).max() <= _SAME)


def _black(found: TableProfile, version_4: bool) -> NDArray[np.float64]:
    """XYZ of the black point, as LittleCMS takes it for the perceptual intent."""
    if version_4:
        return _VERSION_4_BLACK
    y = float(found.xyz(np.zeros((1, found.channels), np.float32))[0, 1])
    return D50 * min(max(y, 0.0), _Y_OF_L50)


_Y_OF_L50 = ((50 + 16) / 116) ** 3


def _classic(tag: bytes) -> list[Step]:
    """The steps of a table of 8 or 16 bits (``mft1``, ``mft2``); its matrix is for XYZ going in, which is not here."""
    if tag[:4] not in (b"mft1", b"mft2"):
        raise ValueError("another kind of table")
    wide = tag[:4] == b"mft2"
    given, made, side = tag[8], tag[9], tag[10]
    before, after = struct.unpack(">2H", tag[48:52]) if wide else (256, 256)
    at, kind = (52, ">u2") if wide else (48, ">u1")
    grid = (side,) * given
    counts = (given * before, _nodes(grid) * made, made * after)
    numbers = np.frombuffer(tag, kind, sum(counts), at).astype(np.float32) / np.float32(_FULL if wide else 255)
    first, table, last = np.split(numbers, np.cumsum(counts)[:-1])
    return [
        _curves([resampled(each) for each in first.reshape(given, before)]),
        _grid(table.reshape(-1, made), grid),
        _curves([resampled(each) for each in last.reshape(made, after)]),
    ]


def _modern(tag: bytes) -> list[Step]:
    """The steps of a ``lutAToBType``: A curves, grid, M curves, matrix, B curves, of which only the last must be."""
    given, made = tag[8], tag[9]
    b, matrix, m, table, a = struct.unpack(">5I", tag[12:32])
    steps: list[Step] = []
    if a and table:
        grid = tuple(tag[table : table + given])
        kind, scale = {1: (">u1", 255), 2: (">u2", _FULL)}[tag[table + 16]]
        numbers = np.frombuffer(tag, kind, _nodes(grid) * made, table + 20).astype(np.float32) / np.float32(scale)
        steps += [_curves(_curves_at(tag, a, given)), _grid(numbers.reshape(-1, made), grid)]
    if m and matrix:
        numbers = fixed_numbers(tag[matrix:], 12).astype(np.float32)
        steps += [_curves(_curves_at(tag, m, made)), _matrix(numbers[:9].reshape(3, 3), numbers[9:])]
    return [*steps, _curves(_curves_at(tag, b, made))]


def _nodes(grid: Sequence[int]) -> int:
    count = int(np.prod(grid, dtype=np.int64)) if min(grid) > 1 else 0
    if not 0 < count <= _LARGEST_GRID:
        raise ValueError("a grid of no use")
    return count


def _curves_at(tag: bytes, at: int, count: int) -> list[Curve]:
    curves = []
    for _ in range(count):
        curves.append(curve_of(tag[at:]))
        at += curve_length(tag[at:])
    return curves


def _curves(curves: list[Curve]) -> Step:
    def step(colors: Colors) -> Colors:
        places = (np.clip(colors, 0, 1) * np.float32(_FULL) + np.float32(0.5)).astype(np.int32)
        return np.stack([curve[places[:, number]] for number, curve in enumerate(curves)], -1)

    return step


def _matrix(matrix: Colors, offset: Colors) -> Step:
    return lambda colors: np.asarray(colors @ matrix.T + offset, np.float32)


def _grid(table: Colors, grid: tuple[int, ...]) -> Step:
    """Interpolation between the nodes of a grid along the diagonal simplex: tetrahedra, of three channels."""
    strides = np.array([int(np.prod(grid[number + 1 :], dtype=np.int64)) for number in range(len(grid))], np.int32)

    def step(colors: Colors) -> Colors:
        lowest = np.zeros(len(colors), np.int32)
        parts = []
        for number, side in enumerate(grid):
            place = np.clip(colors[:, number], 0, 1) * np.float32(side - 1)
            node = np.minimum(place.astype(np.int32), side - 2)
            lowest += node * strides[number]
            parts.append(place - node)
        order = np.argsort(-np.stack(parts, -1), 1, kind="stable")
        fractions = np.take_along_axis(np.stack(parts, -1), order, 1)
        places = lowest[:, None] + np.cumsum(strides[order], 1)
        ends = np.concatenate([np.ones_like(fractions[:, :1]), fractions, np.zeros_like(fractions[:, :1])], 1)
        weights = ends[:, :-1] - ends[:, 1:]
        result = table[lowest] * weights[:, :1]
        for number in range(len(grid)):
            result += table[places[:, number]] * weights[:, number + 1, None]
        return result

    return step


def _xyz(colors: Colors) -> Colors:
    return np.asarray(colors * np.float32(_FULL / 32_768), np.float32)


def _xyz_of_lab(colors: Colors, legacy: bool) -> Colors:
    """XYZ of CIE L*a*b* on 0..1; ``legacy``: 16 bits as version 2 has them, where 0xff00 is the end."""
    colors = colors * np.float32(_FULL / 65_280) if legacy else colors
    y = (colors[:, 0] * np.float32(100) + np.float32(16)) / np.float32(116)
    a, b = (colors[:, number] * np.float32(255) - np.float32(128) for number in (1, 2))
    f = np.stack([y + a / np.float32(500), y, y - b / np.float32(200)], -1)
    linear = (f - np.float32(16 / 116)) * np.float32(108 / 841)
    return np.asarray(np.where(f > np.float32(24 / 116), f * f * f, linear) * D50.astype(np.float32), np.float32)
