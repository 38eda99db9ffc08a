"""Paint the data set of the starter model "Abstract Paint": marbled paper and cut agate.

    python packaging/starter_models/abstract_paint.py folder [--count 6000] [--side 256]

Every picture is domain-warped noise (Perlin 1985; Quilez, "Domain warping") read through a designed palette: mirrored
and layered bands, seams of another colour, and light from the upper left. Its number decides the picture: this
project's own work, and the same on every machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from painting import Grey, Rgb, colors_of, drawn_latent, nearest, sphere
from PIL import Image

# From deep to light; the last one is the accent of seams and glints.
PALETTES: tuple[tuple[str, ...], ...] = (
    ("#3a2218", "#7a4a2a", "#bf8a52", "#e6c99c", "#f9f1e2", "#3f7c8a"),  # sandstone
    ("#0e2a24", "#1d5a48", "#5c9c6e", "#c3d59c", "#f7f2d8", "#d8694a"),  # malachite
    ("#30101a", "#8c2030", "#e0583c", "#f9a03f", "#fde9a9", "#27425e"),  # saffron
    ("#2b1420", "#6e2f46", "#b0646a", "#e0a890", "#f8e6d0", "#4a6f8e"),  # rosewood
    ("#0c1420", "#1f3a5a", "#4a7a9a", "#a9c4c8", "#f6efdf", "#d99a2b"),  # slate and gold
    ("#26120c", "#7a3a1c", "#d07a34", "#f2c078", "#fdf1dc", "#1f7f8a"),  # copper and verdigris
    ("#0f2233", "#25566a", "#57949a", "#b2ccb8", "#f5ecd2", "#d85a52"),  # petrol and cream
    ("#0d1f14", "#2f4f22", "#76853a", "#c9b65c", "#f6ebc4", "#a8442c"),  # moss and rust
    ("#400c2a", "#8e1f4e", "#d4587a", "#f2a4ac", "#fdebe2", "#5a7a58"),  # peony
    ("#0b1d3a", "#12507a", "#2f9aa8", "#a8dcd0", "#f6f1e2", "#e7a23c"),  # sea and brass
    ("#2a0d12", "#7a1a22", "#c6442e", "#ee9a50", "#fbe6b8", "#2f7f86"),  # ember and teal
    ("#12343a", "#3a7a6e", "#86b88a", "#d6dca6", "#faf5e0", "#dc6f86"),  # sage and rose
    ("#0a2018", "#0f4a4a", "#1f7f8f", "#6fb8c8", "#e2f0ea", "#e6c14a"),  # peacock
    ("#101018", "#3a1e4a", "#8a2f6e", "#e0507a", "#ffb48a", "#74d0d8"),  # neon plum
    ("#052a36", "#0a6470", "#24aaa0", "#8fe0c4", "#f4f7dc", "#f26d5b"),  # lagoon and coral
    ("#1e0c06", "#5a2410", "#a85420", "#e0963c", "#fbdc8c", "#f9f4e4"),  # amber
    ("#221040", "#5a2f96", "#9a6cd0", "#d4b8ee", "#faf0f6", "#eeb04e"),  # amethyst
    ("#041a2c", "#084a78", "#1c86c0", "#7cc4e6", "#f0f8fa", "#f4a64e"),  # glacier and sun
    ("#1a1030", "#4a1c5c", "#a02c70", "#ea6f6a", "#fbd09a", "#fff3d8"),  # magenta dusk
    ("#13294a", "#2c6a9e", "#74b2d6", "#c4e0ea", "#fdf7ea", "#e8784a"),  # mist and terracotta
    ("#180a20", "#3c1852", "#6c3aa0", "#5f8ad8", "#86e0dc", "#fbf6d2"),  # northern lights
    ("#150d33", "#3b2a86", "#7d5fd6", "#c99af0", "#fbe4f4", "#ffb057"),  # violet and apricot
    ("#0a1230", "#1f2f86", "#4f62d2", "#9fb0f2", "#eef0fc", "#f28aa0"),  # ultramarine and rose
    ("#0c0f1e", "#22305c", "#5c5fa4", "#b58ac4", "#f4c4cc", "#fdf0d8"),  # aurora dusk
)

# The latent's parts: which palette, the coefficients of the fields, and single traits.
BASE, WARP, FINE, TRAITS = 16, 8, 12, 18
CHOICES = 3
LATENT = CHOICES + BASE + 2 * WARP + FINE + TRAITS
WAVES = sorted(((i, j) for i in range(7) for j in range(7) if i + j), key=lambda w: (w[0] ** 2 + w[1] ** 2, w))


def latent(number: int) -> Grey:
    """The latent of picture ``number``: (LATENT,), N(0, 1), of the length sqrt(LATENT)."""
    return drawn_latent(91, number, LATENT)


TABLE = np.stack([colors_of(names) for names in PALETTES])


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


def smooth(values: Grey, low: float, high: float) -> Grey:
    """0 below ``low``, 1 above ``high``, a smooth step between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def ramp(values: Grey, colors: Rgb) -> Rgb:
    """Colours along a smooth ramp: 0 is the first, 1 the last."""
    at = np.linspace(0, 1, 256)
    table = np.stack([np.interp(at, np.linspace(0, 1, len(colors)), colors[:, c]) for c in range(3)], -1)
    table = cv2.GaussianBlur(table.astype(np.float32)[None], (0, 0), 7, borderType=cv2.BORDER_REPLICATE)[0]
    place = np.clip(values, 0, 1) * 254.999
    low = place.astype(np.int32)
    return table[low] + (place - low)[..., None] * (table[low + 1] - table[low])


def relief(height: Grey, strength: float) -> Grey:
    """Shading -1..1 of a surface of that height over a side of one, lit from the upper left."""
    gy, gx = np.gradient(height * np.float32(height.shape[0] * strength))
    return np.tanh(-0.3 * gx - 0.4 * gy)


PLACES = sphere(len(PALETTES))
STEPS = 4
"""Bands between the darkest and the lightest colour."""


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
        return np.stack([(self.phase - 2.3) / 1.7, 0.8 * self.q[0]]).astype(np.float32)

    def description(self) -> Grey:
        """What a picture is read with: colours, how the seams' differs from them, and the slant, each in -3..3."""
        seam = self.accent - self.body[2]
        return np.concatenate([3 * self.body.ravel(), 3 * seam, 1 + self.turn]).astype(np.float32)

    def trait(self, index: int, low: float, high: float) -> float:
        """A trait of the latent as a number between ``low`` and ``high``."""
        return float(low + (high - low) * (0.5 + 0.5 * self.traits[index]))


def band_shares(wave: Grey) -> Grey:
    """How much of each of the five colours a place has, (..., 5): bands with soft insides, outlined as in agate."""
    steps = STEPS * wave
    level = (np.floor(steps) + smooth(np.mod(steps, 1), 0.0, 0.22)) / STEPS
    value = 0.66 * level + 0.34 * wave
    one = np.eye(5, dtype=np.float32)
    shares = np.concatenate([ramp(value, one[:, :3]), ramp(value, one[:, 2:])[..., 1:]], axis=-1)
    line = np.exp(-np.square((np.mod(steps + 0.5, 1) - 0.5) / 0.07)) * smooth(wave, 0.1, 0.3)
    line = 0.4 * line * (1 - smooth(wave, 0.85, 0.95))
    return (shares * (1 - line[..., None]) + line[..., None] * one[0]).astype(np.float32)


def seam(wave: Grey, place: Grey) -> Grey:
    """How much of the accent a place has: along the middle band, where the field ``place`` is high."""
    return np.maximum(np.exp(-np.square((wave - 0.5) / 0.05)) + smooth(place, -0.6, 0.8) - 1, 0)


def wave_of(phase: Grey) -> Grey:
    """Up and down through the colours, 0..1, with the phase."""
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)


def paint(z: Grey, side: int = 256) -> NDArray[np.uint8]:
    """The picture of the latent ``z``: (side, side, 3), 0..255."""
    s = Scene(z, side)
    wave = wave_of(s.phase)
    picture = band_shares(wave) @ s.body + 0.85 * seam(wave, s.q[0])[..., None] * (s.accent - s.body[2])
    picture = picture + 0.12 * relief(wave, 0.07)[..., None]
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def fields(z: Grey, side: int) -> Grey:
    """See :meth:`Scene.fields`."""
    return Scene(z, side).fields()


def description(z: Grey) -> Grey:
    """See :meth:`Scene.description`."""
    return Scene(z, 8).description()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--side", type=int, default=256)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        Image.fromarray(paint(latent(number), options.side)).save(options.folder / f"{number:05d}.png")


if __name__ == "__main__":
    main()
