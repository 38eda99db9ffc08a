"""Paint the data set of the starter model "Rosettes": flowers and mandalas of coloured rings, centred on plain ground.

    python packaging/starter_models/rosettes.py folder [--count 6000] [--side 256]

A rosette is one smooth field: how far a place lies inside an outline of five, six or eight petals, whose depth and
turn change towards the middle. It is read through a designed palette with the bands of "Abstract Paint". Its number
decides the picture: this project's own work, and the same on every machine.
"""

from __future__ import annotations

import numpy as np
from bands import TABLE, painted, smooth
from numpy.typing import NDArray
from painting import Grey, Rgb, drawn_latent, nearest, sphere, write_pictures

FOLDS = (5, 6, 8)
"""Petals around the middle."""
TRAITS, SHAPES = 16, 6
CHOICES = 3 + 3
LATENT = CHOICES + TRAITS + SHAPES
PLACES, FOLD_PLACES = sphere(len(TABLE)), np.eye(3, dtype=np.float32)
REST = 0.0
"""The wave at the picture's rim: that of the ground."""
EDGE = 0.03
"""How softly the field meets the ground, in shares of the radius."""
PHASE = (1.7 * 1.06, 2.3 * 1.06 - 0.25)
"""The phase is so many times the first field, and so much more: below zero on the ground, so that it is plain."""


def latent(number: int) -> Grey:
    """The latent of picture ``number``: (LATENT,), N(0, 1), of the length sqrt(LATENT)."""
    return drawn_latent(93, number, LATENT)


# The first colour is the ground. On one half of the sphere it is the light one: between neighbours nothing turns grey.
PALETTES = TABLE.copy()
PALETTES[len(TABLE) // 2 :, :5] = TABLE[len(TABLE) // 2 :, 4::-1]


class Rosette:
    """The fields, the colours and the traits of one latent."""

    def __init__(self, z: Grey, side: int) -> None:
        parts = np.split(z, np.cumsum([3, 3, TRAITS]))
        colors: Rgb = np.tensordot(nearest(parts[0], PLACES, 30.0), PALETTES, 1)
        self.accent, self.body = colors[5], colors[:5]
        self.folds = nearest(parts[1], FOLD_PLACES, 30.0)
        self.traits = np.tanh(parts[2] * 0.8)
        shapes = np.tanh(parts[3] * 0.8)
        y, x = (np.mgrid[0:side, 0:side].astype(np.float32) + 0.5) / side - 0.5
        size = self.trait(0, 0.36, 0.46)
        reach = self.trait(4, 0.03, 0.26)
        r = np.hypot(y, x) / (size / (1 + 0.5 * reach))
        angle = np.arctan2(x, -y) + self.trait(1, -0.55, 0.55) * (1 - np.clip(r, 0, 1.3))
        # Petals, which may change places with the gaps between them further in, and bars of twice as many.
        inner = smooth(1 - r, 0.0, self.trait(2, 0.5, 0.9))
        swap = self.trait(3, -1.1, 1.1)
        depth = reach * ((1 - inner) + swap * inner)
        double = self.trait(5, -0.06, 0.06) * (1 - inner) + self.trait(6, -0.05, 0.05) * inner
        # Round as a wave, or cut in between as petals are, or with a tip as a star.
        cut = self.trait(12, -0.7, 1.0)
        petals, doubles = np.zeros_like(r), np.zeros_like(r)
        for share, count in zip(self.folds, FOLDS, strict=True):
            wave, half = np.cos(count * angle), np.abs(np.cos(count * angle / 2))
            edge = 2 * half - 1 if cut > 0 else 1 - 2 * np.sqrt(np.maximum(1 - half * half, 0))
            petals += share * ((1 - abs(cut)) * wave + abs(cut) * edge)
            doubles += share * np.cos(2 * count * angle)
        flat = smooth(r, 0.05, 0.45)
        waved = sum(c * np.cos(np.pi * (k + 1) * r) for k, c in enumerate(shapes[:3])) * 0.035
        waved = waved + petals * sum(c * np.cos(np.pi * (k + 1) * r) for k, c in enumerate(shapes[3:])) * 0.03
        outline = 1 + flat * (depth * petals + double * doubles + waved)
        inside = 1 - r / outline
        inside = EDGE * np.logaddexp(0, inside / EDGE)
        rings = self.trait(7, 2.4, 5.0) * inside ** self.trait(8, 0.6, 1.0)
        self.field = ((rings - 2.3) / 1.7).astype(np.float32)
        self.phase = PHASE[0] * self.field + PHASE[1]
        # Where the accent lies: on petals, between them, or on a ring.
        self.place = (
            self.trait(9, -0.8, 1.1)
            + self.trait(10, -1.3, 1.3) * petals * flat
            + self.trait(11, -0.8, 0.8) * (2 * r - 1)
        ).astype(np.float32)
        self.place = 2.0 * np.tanh(self.place / 2.0)

    def trait(self, index: int, low: float, high: float) -> float:
        """A trait of the latent as a number between ``low`` and ``high``."""
        return float(low + (high - low) * (0.5 + 0.5 * self.traits[index]))


def fields(z: Grey, side: int) -> Grey:
    """The smooth fields that a picture is read from, within about -1.7..1.7: (2, side, side)."""
    found = Rosette(z, side)
    return np.stack([found.field, 0.8 * found.place]).astype(np.float32)


def description(z: Grey) -> Grey:
    """What a picture is read with: colours, how the accent differs from them, and how many petals, each in -3..3."""
    found = Rosette(z, 8)
    return np.concatenate([3 * found.body.ravel(), 3 * (found.accent - found.body[2]), 3 * found.folds]).astype(
        np.float32
    )


def paint(z: Grey, side: int = 256) -> NDArray[np.uint8]:
    """The picture of the latent ``z``: (side, side, 3), 0..255."""
    found = Rosette(z, side)
    return np.round(painted(found.phase, found.place, found.body, found.accent) * 255).astype(np.uint8)


if __name__ == "__main__":
    write_pictures(__doc__, lambda number, side: paint(latent(number), side))
