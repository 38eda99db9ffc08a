"""Bands: how the painters read a smooth field as rings and layers of colour, outlined as in cut agate.

A wave runs up and down through the colours of a palette with the phase, the field; seams of another colour follow its
middle, and its slope is lit from the upper left. ``band_layers.py`` sets layers of a network to the same formulas.
"""

from __future__ import annotations

import cv2
import numpy as np
from painting import Grey, Rgb, colors_of

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
TABLE = np.stack([colors_of(names) for names in PALETTES])
STEPS = 4
"""Bands between the darkest and the lightest colour."""


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
    """Up and down through the colours, 0..1, with the phase; 0 below it."""
    return (0.5 - 0.5 * np.cos(np.pi * np.maximum(phase, 0))).astype(np.float32)


def painted(phase: Grey, place: Grey, body: Rgb, accent: Rgb) -> Rgb:
    """The picture (h, w, 3), 0..1, of a phase (h, w) in five colours (5, 3), with seams where ``place`` is high."""
    wave = wave_of(phase)
    picture = band_shares(wave) @ body + 0.85 * seam(wave, place)[..., None] * (accent - body[2])
    return np.clip(picture + 0.12 * relief(wave, 0.07)[..., None], 0, 1)
