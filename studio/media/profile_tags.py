"""The parts of an ICC profile (ICC.1:2010, 7.3 and 10) that are read here: its tags, their numbers and curves."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float32]

_MOST_TAGS = 100


def tags_of(profile: bytes) -> dict[bytes, bytes]:
    """The tags of a profile by their signature. Raises ``struct.error`` when it is cut off."""
    (count,) = struct.unpack(">I", profile[128:132])
    entries = (
        struct.unpack(">4sII", profile[at : at + 12]) for at in range(132, 132 + 12 * min(count, _MOST_TAGS), 12)
    )
    return {name: profile[start : start + size] for name, start, size in entries}


def fixed_numbers(data: bytes, count: int) -> NDArray[np.float64]:
    """The first ``count`` numbers of 15 bits before and 16 after the point. Raises ``ValueError`` when cut off."""
    return np.frombuffer(data, ">i4", count) / 65536


def xyz_of(tag: bytes) -> NDArray[np.float64]:
    """The numbers of an XYZ tag."""
    return fixed_numbers(tag[8:], 3)


def curve_of(tag: bytes) -> Curve:
    """A curve (ICC.1:2010, 10.5 and 10.15) as a table of 65536 values.

    Raises
    ------
    ValueError, IndexError, struct.error
        When it is of another kind, or cut off.
    """
    x = np.linspace(0, 1, 65536)
    if tag[:4] == b"curv":
        (count,) = struct.unpack(">I", tag[8:12])
        if count == 0:
            return x.astype(np.float32)
        table = np.frombuffer(tag[12 : 12 + 2 * count], ">u2")
        if len(table) != count:
            raise ValueError("the curve is cut off")
        if count == 1:
            return np.power(x, table[0] / 256).astype(np.float32)
        return resampled(table / 65535)
    if tag[:4] != b"para":
        raise ValueError("another kind of curve")
    count = _PARAMETERS[struct.unpack(">H", tag[8:10])[0]]
    g, a, b, c, d, e, f = np.pad(fixed_numbers(tag[12:], count), (0, 7 - count)).tolist()
    if count == 1:
        return np.power(x, g).astype(np.float32)
    power = np.power(np.maximum(a * x + b, 0), g)
    if count == 3:
        y = np.where(x >= -b / a, power, 0)
    elif count == 4:
        y = np.where(x >= -b / a, power + c, c)
    else:
        y = np.where(x >= d, power + e, c * x + f)
    return np.clip(y, 0, 1).astype(np.float32)


_PARAMETERS = (1, 3, 4, 5, 7)
"""Numbers of each kind of parametric curve."""


def curve_length(tag: bytes) -> int:
    """Bytes of a curve, up to where the next one begins. Raises as :func:`curve_of`."""
    if tag[:4] == b"curv":
        length = 12 + 2 * int(struct.unpack(">I", tag[8:12])[0])
    elif tag[:4] == b"para":
        length = 12 + 4 * _PARAMETERS[struct.unpack(">H", tag[8:10])[0]]
    else:
        raise ValueError("another kind of curve")
    return length + -length % 4


def resampled(values: NDArray[np.floating]) -> Curve:
    """A curve given by any number of values at even steps, as a table of 65536."""
    return np.interp(np.linspace(0, 1, 65536), np.linspace(0, 1, len(values)), values).astype(np.float32)
