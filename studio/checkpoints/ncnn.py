"""Networks in ncnn's two files: the layers as text (``.param``), the numbers behind each other (``.bin``).

Only what the enlargers need: convolutions and the slopes of PReLU. Layout: ncnn's wiki, "param and model file
structure". Weights of a convolution begin with a tag; 0x01306B47 says half precision, 0 single precision.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAGIC = "7767517"
HALF = 0x01306B47
_NUM_OUTPUT, _KERNEL, _HAS_BIAS, _WEIGHTS = 0, 1, 5, 6


@dataclass(frozen=True)
class NcnnLayer:
    """A layer with numbers: "Convolution" (``weight`` (out, in, k, k), ``bias`` (out)) or "PReLU" (``weight`` (n))."""

    kind: str
    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None = None


def read_ncnn(param: str, numbers: bytes) -> list[NcnnLayer]:
    """The layers that have numbers, in their order.

    Raises
    ------
    ValueError
        When the files are damaged, do not belong together, or use layers or formats that are not known here.
    """
    lines = param.split("\n")
    if not lines or lines[0].strip() != MAGIC:
        raise ValueError("it is no ncnn network")
    reader = _Reader(numbers)
    layers = list(_layers(lines[2:], reader))
    if reader.left:
        raise ValueError(f"{reader.left} bytes are left over")
    return layers


def _layers(lines: list[str], reader: _Reader) -> Iterator[NcnnLayer]:
    for line in lines:
        words = line.split()
        if len(words) < 4 or words[0] not in ("Convolution", "PReLU"):
            continue
        inputs, outputs = int(words[2]), int(words[3])
        settings = dict(_setting(word) for word in words[4 + inputs + outputs :] if not word.startswith("-"))
        count = settings[_NUM_OUTPUT]
        if words[0] == "PReLU":
            yield NcnnLayer("PReLU", reader.floats(count))
            continue
        side, size = settings.get(_KERNEL, 1), settings[_WEIGHTS]
        depth, rest = divmod(size, count * side * side)
        if rest:
            raise ValueError(f"{words[1]} has {size} weights")
        weight = reader.tagged(size).reshape(count, depth, side, side)
        yield NcnnLayer("Convolution", weight, reader.floats(count) if settings.get(_HAS_BIAS) else None)


def _setting(word: str) -> tuple[int, int]:
    key, _, value = word.partition("=")
    return int(key), int(float(value))


class _Reader:
    """Takes numbers off the front of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def floats(self, count: int) -> NDArray[np.float32]:
        return self._array("<f4", count)

    def tagged(self, count: int) -> NDArray[np.float32]:
        (tag,) = struct.unpack("<I", self._bytes(4))
        if tag == HALF:
            found = self._array("<f2", count)
            self._bytes(-2 * count % 4)  # padded to whole words
            return found
        if tag == 0:
            return self.floats(count)
        raise ValueError(f"weights of an unknown format ({tag:#x})")

    def _array(self, kind: str, count: int) -> NDArray[np.float32]:
        dtype = np.dtype(kind)
        return np.frombuffer(self._bytes(count * dtype.itemsize), dtype).astype(np.float32)

    def _bytes(self, count: int) -> bytes:
        if count > self.left or count < 0:
            raise ValueError("the numbers end too early")
        self._at += count
        return self._data[self._at - count : self._at]
