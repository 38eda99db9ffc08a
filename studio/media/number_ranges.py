"""Black and white in a picture of numbers: TIFFs may hold 0..255 as floats, or 12 bits in 16.

The type of numbers says where white is, as a rule. Where the numbers plainly contradict it, the next range that people
use is taken, and the picture's remarks say so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_OVERSHOOT = 1.5
"""Floats up to here are taken for 0..1 with something brighter than white (sharpening, or light sources)."""
_BITS = (255.0, 1023.0, 4095.0, 65535.0)
"""Whites of 8, 10, 12 and 16 bits."""
_SATURATED = (16383.0, 32768.0)
"""Whites of 14 bits, and of programs that count to half of 16: believed only where something is about as white."""
_SIGNED = -0.25
"""Share of the largest number below zero from which on negative numbers are no noise around black."""
_NOTHING = 1e30
"""Floats from here on say that nothing is known there, as -3.4e38 does in maps and depths."""
_SAMPLED = 2_000_000


@dataclass(frozen=True)
class NumberRange:
    """``black`` and ``white`` in a picture's numbers; ``usual`` when they are what its type says."""

    black: float
    white: float
    usual: bool

    def levels(self, values: NDArray[np.generic]) -> NDArray[np.uint16]:
        """``values`` on 0..65535, clipped and rounded; what is no number is black."""
        if values.dtype == np.uint16 and (self.black, self.white) == (0.0, 65535.0):
            return np.asarray(values, np.uint16)
        out = np.empty(values.shape, np.uint16)
        for row in range(0, len(values), 64):  # in parts, since each of them takes eight bytes a number
            part = np.nan_to_num(values[row : row + 64].astype(np.float64), nan=self.black)
            scaled = (part - self.black) * (65535.0 / (self.white - self.black))
            out[row : row + 64] = np.clip(scaled, 0, 65535) + 0.5
        return out


def range_of(values: NDArray[np.generic], *, colors_are_managed: bool = False) -> NumberRange:
    """The range that ``values`` of a picture are meant in.

    Parameters
    ----------
    values : of any integer or float type, without alpha.
    colors_are_managed : a colour profile lies in the file, so that the program that wrote it knew what the numbers
        mean: dark pictures are dark then.
    """
    flat = values.reshape(-1)
    if np.issubdtype(values.dtype, np.floating):
        flat = flat[:: max(1, flat.size // _SAMPLED)].astype(np.float64)
        flat = flat[np.isfinite(flat)]
        if flat.size == 0:
            return NumberRange(0.0, 1.0, True)
        known = flat[np.abs(flat) < _NOTHING]
        flat = known if known.size else flat
        least, median, most = (float(each) for each in np.quantile(flat, (0.001, 0.5, 0.999)))
        return _floats(least, float(flat.max()), most, median)
    kind = np.iinfo(values.dtype)  # type: ignore[type-var]
    low, high = (float(flat.min()), float(flat.max())) if flat.size else (0.0, 0.0)
    return _integers(low, high, float(kind.min), float(kind.max), colors_are_managed)


def _floats(low: float, high: float, most: float, median: float) -> NumberRange:
    """``low`` and ``most``: one number in a thousand only is smaller, or larger."""
    if high <= 0 and low >= 0:
        return NumberRange(0.0, 1.0, True)
    if low < _SIGNED * high:
        if low >= -1.05 and high <= 1.05:
            return NumberRange(-1.0, 1.0, False)
        return NumberRange(low, max(high, low + 1e-9), False)
    if most <= _OVERSHOOT or (median <= 1 and most <= 16):
        # Nothing above a 255th: not a dark picture, but other units.
        return NumberRange(0.0, 1.0, True) if high > 1 / 255 else NumberRange(0.0, high, False)
    if most <= 16:
        return NumberRange(0.0, most, False)
    return NumberRange(0.0, next((white for white in (*_saturated(high), *_BITS) if most <= white + 0.5), most), False)


def _saturated(high: float) -> list[float]:
    return [white for white in _SATURATED if 0.98 * white <= high <= white]


def _integers(low: float, high: float, least: float, top: float, managed: bool) -> NumberRange:
    if low < _SIGNED * max(high, 1.0):
        if least < -128 and low >= -128 and high <= 127:
            return NumberRange(-128.0, 127.0, False)
        return NumberRange(least, top, False) if low < least / 256 else NumberRange(low, max(high, low + 1), False)
    if managed or high <= 0 or top <= 255:
        return NumberRange(0.0, top, True)
    if top <= 65535:
        fitting = [white for white in (*_BITS[:3], *_saturated(high)) if high <= white < top]
        return NumberRange(0.0, fitting[0], False) if fitting else NumberRange(0.0, top, True)
    fitting = [white for white in _BITS if high <= white]
    if fitting:
        return NumberRange(0.0, fitting[0], False)
    # Sums of many pictures lie anywhere between.
    return NumberRange(0.0, top, True) if high > top / 16 else NumberRange(0.0, high, False)
