"""Pictures that repeat others: hashes of what they look like, searched by brute force over packed bits.

The perceptual hash has 64 bits: the signs of the lowest frequencies of a cosine transform against their median. A
hundred thousand of them are 0.8 MB, and numpy counts the differing bits of all of them in a tenth of a millisecond:
no tree beats that at this size. What comes near by the hash is compared again on tiny thumbnails, which takes out the
false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.training.framing import on_background

CELLS = 16
"""Side of the thumbnails that are compared."""

NEAR_BITS = 10
# In levels of 0..255, over the cells of two thumbnails; copies saved again as JPEG or at half the size stay below.
SAME_MEAN = 2.0
SAME_CELL = 12
# Near ones, after brightness and contrast are made equal: crops by some percent, captions, filters. A red and a blue
# version of the same shape are two pictures: the mean colour may not differ by more.
NEAR_MEAN = 10.0
NEAR_TINT = 16.0
FLAT = 4.0
_MOST_COMPARED = 256
_MOST_DUPLICATES = 32
_HASH_SIDE = 32


@dataclass(frozen=True, slots=True)
class PictureHash:
    """A perceptual hash of a picture: 64 bits, and (16, 16, 3) levels as bytes."""

    bits: int
    cells: bytes


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier picture (``index`` in the order of adding) that looks the same, or nearly: ``distance`` in bits."""

    index: int
    exact: bool
    distance: int


def _cosines() -> NDArray[np.float64]:
    place = np.arange(_HASH_SIDE) + 0.5
    return np.cos(np.pi / _HASH_SIDE * np.arange(8)[:, None] * place[None])


_COSINES = _cosines()


def hash_picture(picture: Image.Image) -> PictureHash:
    """The print of a picture (RGB or RGBA); transparent parts count as grey."""
    flat = on_background(picture, "#808080")
    cells = np.asarray(flat.resize((CELLS, CELLS), Image.Resampling.BOX))
    grey = np.asarray(flat.convert("L").resize((_HASH_SIDE, _HASH_SIDE), Image.Resampling.BOX), np.float64)
    bits = 0
    if grey.std() >= FLAT:  # the transform of a flat picture is nothing but rounding
        low = (_COSINES @ grey @ _COSINES.T).ravel()[1:]
        bits = int.from_bytes(np.packbits(low > np.median(low)).tobytes(), "big")
    return PictureHash(bits, cells.tobytes())


class Likeness:
    """Finds earlier pictures like a new one. 0.8 KB a picture."""

    def __init__(self) -> None:
        self._count = 0
        self._bits = np.empty(64, np.uint64)
        self._cells = np.empty((64, CELLS * CELLS * 3), np.uint8)
        self._index = np.empty(64, np.int64)

    def add(self, picture_hash: PictureHash, index: int) -> None:
        """Remember the picture ``index``."""
        if self._count == len(self._bits):
            self._bits = np.concatenate([self._bits, np.empty_like(self._bits)])
            self._cells = np.concatenate([self._cells, np.empty_like(self._cells)])
            self._index = np.concatenate([self._index, np.empty_like(self._index)])
        at = self._count
        self._bits[at], self._index[at] = picture_hash.bits, index
        self._cells[at] = np.frombuffer(picture_hash.cells, np.uint8)
        self._count += 1

    def find(self, picture_hash: PictureHash) -> tuple[Duplicate, ...]:
        """Earlier pictures like this one, the same first, then by distance; at most 32."""
        differing = np.bitwise_count(self._bits[: self._count] ^ np.uint64(picture_hash.bits))
        near = np.flatnonzero(differing <= NEAR_BITS)
        if not near.size:
            return ()
        if near.size > _MOST_COMPARED:
            near = near[np.argsort(differing[near], kind="stable")[:_MOST_COMPARED]]
        mine = np.frombuffer(picture_hash.cells, np.uint8).astype(np.float32)
        theirs = self._cells[near].astype(np.float32)
        apart = np.abs(theirs - mine)
        same = (apart.max(axis=1) <= SAME_CELL) & (apart.mean(axis=1) <= SAME_MEAN)
        alike = same | (_apart(theirs, mine) <= NEAR_MEAN)
        found = [
            Duplicate(int(self._index[place]), bool(is_same), int(differing[place]))
            for place, is_same in zip(near[alike], same[alike], strict=True)
        ]
        found.sort(key=lambda duplicate: (not duplicate.exact, duplicate.distance, duplicate.index))
        return tuple(found[:_MOST_DUPLICATES])


def _apart(theirs: NDArray[np.float32], mine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean distance (k,) in levels after equalising brightness and contrast; flat ones are as far as can be."""
    spread, own = theirs.std(axis=1), float(mine.std())
    level = (mine - mine.mean()) / max(own, FLAT)
    levels = (theirs - theirs.mean(axis=1, keepdims=True)) / np.maximum(spread, FLAT)[:, None]
    # Back to levels of a picture of usual contrast.
    distance = np.abs(levels - level).mean(axis=1) * 50
    distance[(spread < FLAT) | (own < FLAT)] = np.inf
    tint = mine.reshape(-1, 3).mean(axis=0) - mine.mean()
    tints = theirs.reshape(len(theirs), -1, 3).mean(axis=1) - theirs.mean(axis=1, keepdims=True)
    distance[np.abs(tints - tint).max(axis=1) > NEAR_TINT] = np.inf
    return distance.astype(np.float32)
