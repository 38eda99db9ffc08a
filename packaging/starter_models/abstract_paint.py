"""Paint the data set of the starter model "Abstract Paint": marbled paper and cut agate.

    python packaging/starter_models/abstract_paint.py folder [--count 6000] [--side 256]

Every picture is domain-warped noise (Perlin 1985; Quilez, "Domain warping") read through a designed palette: mirrored
and layered bands, seams of another colour, and light from the upper left. Its number decides the picture: this
project's own work, and the same on every machine.
"""

from __future__ import annotations

import numpy as np
from bands import TABLE, painted
from numpy.typing import NDArray
from painting import Grey, Rgb, drawn_latent, nearest, sphere, write_pictures

# The latent's parts: which palette, the coefficients of the fields, and single traits.
BASE, WARP, FINE, TRAITS = 16, 8, 12, 18
CHOICES = 3
LATENT = CHOICES + BASE + 2 * WARP + FINE + TRAITS
WAVES = sorted(((i, j) for i in range(7) for j in range(7) if i + j), key=lambda w: (w[0] ** 2 + w[1] ** 2, w))


def latent(number: int) -> Grey:
    """The latent of picture ``number``: (LATENT,), N(0, 1), of the length sqrt(LATENT)."""
    return drawn_latent(91, number, LATENT)


def wave_field(coefficients: Grey, y: Grey, x: Grey, fall: float) -> Grey:
    """A sum of cosines at the places (y, x), of about unit deviation; a high ``fall`` leaves few fine waves."""
    waves = WAVES[: len(coefficients)]
    top = max(max(w) for w in waves)
    first = np.cos(np.pi * y), np.cos(np.pi * x)
    tables = []
    for c in first:
        table = [np.ones_like(c), c]
        while len(table) <= top:
            table.append(2 * c * table[-1] - table[-2])
        tables.append(table)
    gains = np.array([(1 + 0.3 * (i * i + j * j)) ** -fall for i, j in waves], np.float32)
    scale = 1 / np.sqrt(np.sum((gains * np.array([0.5 if i and j else 0.7 for i, j in waves])) ** 2))
    total = np.zeros_like(y)
    for i in range(top + 1):
        row = None
        for (a, b), gain, value in zip(waves, gains, coefficients, strict=True):
            if a == i:
                part = (gain * scale * value) * tables[1][b]
                row = part if row is None else row + part
        if row is not None:
            total += row * tables[0][i]
    return total


def even(values: Grey) -> Grey:
    """The same field spread over 0..1 by the logistic curve nearest to the normal distribution's."""
    z = (values - values.mean()) / (values.std() + 1e-6)
    return (1 / (1 + np.exp(-1.7 * z))).astype(np.float32)


PLACES = sphere(len(TABLE))
PHASE = (1.7, 2.3)
"""The phase is so many times the first field, and so much more."""
REST = 0.5
"""The wave that the layers take for granted at the picture's rim: where it is so, nothing is lost by enlarging."""


class Scene:
    """The fields, the colours and the traits of one latent."""

    def __init__(self, z: Grey, side: int) -> None:
        parts = np.split(z, np.cumsum([CHOICES, BASE, WARP, WARP, FINE]))
        weights = nearest(parts[0], PLACES, 26.0)
        self.colors: Rgb = np.tensordot(weights, TABLE, 1)
        self.accent, self.body = self.colors[5], self.colors[:5]
        t = parts[5]
        self.traits = np.tanh(t * 0.8)
        self.y, self.x = (np.mgrid[0:side, 0:side].astype(np.float32) + 0.5) / side
        v, u = 0.2 + 0.6 * self.y, 0.2 + 0.6 * self.x
        self.q = wave_field(parts[2], v, u, 0.9), wave_field(parts[3], v, u, 0.9)
        first, second = self.trait(1, 0.04, 0.14), self.trait(2, 0.02, 0.10)
        wv, wu = v + first * self.q[0], u + first * self.q[1]
        self.r = wave_field(parts[4], wv, wu, 0.6), wave_field(np.roll(parts[4], 5), wu, wv, 0.6)
        wv, wu = wv + second * self.r[0], wu + second * self.r[1]
        self.base = wave_field(parts[1], wv, wu, 0.75)
        self.turn: Grey = t[3:5] / np.hypot(*t[3:5])
        self.flow = self.turn[1] * wv + self.turn[0] * wu + 0.05 * self.base
        self.flow -= self.flow.mean()
        along = self.trait(5, -0.5, 1.0)
        field = even(self.base + max(along, 0) * 6 * self.flow)
        # Where in the run of bands a place lies: how many there are, and where they begin, is part of the field.
        self.phase = field * self.trait(8, 2.0, 4.2) + self.trait(9, 0, 1)

    def fields(self) -> Grey:
        """The smooth fields that a picture is read from, within about -1.7..1.7: (2, side, side)."""
        return np.stack([(self.phase - PHASE[1]) / PHASE[0], 0.8 * self.q[0]]).astype(np.float32)

    def description(self) -> Grey:
        """What a picture is read with: colours, how the seams' differs from them, and the slant, each in -3..3."""
        seam = self.accent - self.body[2]
        return np.concatenate([3 * self.body.ravel(), 3 * seam, 1 + self.turn]).astype(np.float32)

    def trait(self, index: int, low: float, high: float) -> float:
        """A trait of the latent as a number between ``low`` and ``high``."""
        return float(low + (high - low) * (0.5 + 0.5 * self.traits[index]))


def paint(z: Grey, side: int = 256) -> NDArray[np.uint8]:
    """The picture of the latent ``z``: (side, side, 3), 0..255."""
    s = Scene(z, side)
    return np.round(painted(s.phase, s.q[0], s.body, s.accent) * 255).astype(np.uint8)


def fields(z: Grey, side: int) -> Grey:
    """See :meth:`Scene.fields`."""
    return Scene(z, side).fields()


def description(z: Grey) -> Grey:
    """See :meth:`Scene.description`."""
    return Scene(z, 8).description()


if __name__ == "__main__":
    write_pictures(__doc__, lambda number, side: paint(latent(number), side))
