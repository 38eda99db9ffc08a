"""A map of a latent space: an endless plane, every place of which is a picture. NumPy only, no torch.

The map is a Gaussian random field. z at a place is the sum of octaves; each is a lattice whose nodes hold numbers
drawn from a standard normal, hashed from octave and node, with smooth interpolation between them (value noise, in z
instead of grey; octaves as of Perlin 1985, "An image synthesizer"). The weights of the nodes, and those of the octaves,
have squares that sum to 1: z is standard normal at every place, between the nodes too. However far one wanders, the
network is never asked for what it did not learn, and w and truncation follow as for any seed.

Pictures that are not of the map are given a place on it: around such an *anchor* the codes are bent towards the
picture's own, which lies at the place itself. Far from all anchors the map is the same for everybody.

The field depends on the place alone, not on the zoom. Every octave is twice as fine and weighs :data:`PERSISTENCE` of
the one before: zooming in by two leaves that share of the variety that was seen. What octaves beyond these would add,
a picture of 8 bits could not show.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from studio.recipes import SampleRecipe
from studio.recipes.values import Real, Value

Place = tuple[float, float]
OCTAVES = 16
PERSISTENCE = 0.6
NEAREST, FARTHEST = 4096.0, 1 / 256
"""Bounds of the zoom."""
REACH = 2.0
"""How far an anchor bends the map."""
_ANCHORS = 4096
"""Columns and rows of places for anchors."""
EDGE = 1e6
"""Places are within ±this: beyond it numbers are too coarse for the finest octaves."""
_SHIFT = 0.618034
"""Each octave's lattice is shifted, lest one place is a node of all, around which the map would stand still."""


class MapPin(Value):
    """A landmark of the artist's own: a picture under a name, at a place of the map."""

    name: Annotated[str, Field(max_length=80)] = ""
    x: Real
    y: Real
    recipe: SampleRecipe


def z_at(place: Place, z_dim: int) -> NDArray[np.float32]:
    """z at a place of the map, (z_dim,): continuous in the place, standard normal over places."""
    x, y = (min(max(value, -EDGE), EDGE) for value in place)
    found = np.zeros(z_dim, np.float32)
    for octave, strength in enumerate(_strengths()):
        u, v = (value * 2.0**octave + octave * _SHIFT for value in (x, y))
        column, row = math.floor(u), math.floor(v)
        for i, across in enumerate(_weights(u - column)):
            for j, down in enumerate(_weights(v - row)):
                if across and down:
                    found += np.float32(strength * across * down) * _node(octave, column + i, row + j, z_dim)
    return found


def anchor_place(name: str) -> Place:
    """The place that a picture with this hash (hexadecimal) is given: a landmark at every zoom, far from all others."""
    number = int(name[:8], 16)
    return tuple(((part % _ANCHORS) - _ANCHORS // 2) * FARTHEST**-1 for part in divmod(number, 2**16))  # type: ignore[return-value]


def nearness(place: Place, anchor: Place) -> float:
    """Share by which the code at ``place`` follows the picture at ``anchor``: 1 there, smoothly 0 at :data:`REACH`."""
    share = math.dist(place, anchor) / REACH
    return (1 - share * share) ** 2 if share < 1 else 0.0


def spacing(zoom: float) -> float:
    """The distance of the landmarks seen at ``zoom``: the power of two in (1/2, 1] / zoom.

    Lattices are nested: zooming in keeps the landmarks there are and puts others between them.
    """
    return 2.0 ** math.floor(-math.log2(zoom))


def landmarks(middle: Place, zoom: float, width: float, height: float) -> list[Place]:
    """Places of the small pictures, those next to ``middle`` first.

    Parameters
    ----------
    width, height : what is seen, in units of the map at zoom 1: at ``zoom`` it is so much less of the map.
    """
    step = spacing(zoom)
    spans = [
        range(math.floor((at - size / zoom / 2) / step), math.ceil((at + size / zoom / 2) / step) + 1)
        for at, size in zip(middle, (width, height), strict=True)
    ]
    found = [(i * step, j * step) for j in spans[1] for i in spans[0]]
    return sorted(found, key=lambda place: math.dist(place, middle))


def grid(middle: Place, zoom: float, columns: int, rows: int) -> list[Place]:
    """Places of a sheet around ``middle``, row by row from its upper left, 1 / zoom apart."""
    return [
        (middle[0] + (column - (columns - 1) / 2) / zoom, middle[1] + (row - (rows - 1) / 2) / zoom)
        for row in range(rows)
        for column in range(columns)
    ]


def _strengths() -> Iterator[float]:
    """The share of each octave; their squares sum to 1."""
    whole = math.sqrt(sum(PERSISTENCE ** (2 * octave) for octave in range(OCTAVES)))
    return (PERSISTENCE**octave / whole for octave in range(OCTAVES))


def _weights(share: float) -> tuple[float, float]:
    """Weights of the two nodes around a place; their squares sum to 1, their slopes are 0 at the nodes."""
    smooth = share * share * share * (share * (share * 6 - 15) + 10)
    return math.cos(math.pi / 2 * smooth), math.sin(math.pi / 2 * smooth)


@lru_cache(maxsize=8192)
def _node(octave: int, column: int, row: int, z_dim: int) -> NDArray[np.float32]:
    """The numbers of a node: the same ones always. Not to be written to."""
    # Entropy must not be negative; two's complement keeps every node its own.
    key = (octave, column & 0xFFFFFFFFFFFF, row & 0xFFFFFFFFFFFF)
    return np.random.default_rng(key).standard_normal(z_dim, np.float32)
