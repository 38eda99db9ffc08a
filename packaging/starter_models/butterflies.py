"""Paint the data set of the starter model "Butterflies": butterflies of no known species, on plain ground.

    python packaging/starter_models/butterflies.py folder [--count 6000] [--side 128]

Wings are drawn in polar coordinates around their hinges, with margins, bands, veins and eyespots; the left half is
the right one mirrored. Its number decides the picture: this project's own work, and the same on every machine.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from painting import Grey, Rgb, blended, colors_of, drawn_latent, nearest, sphere
from PIL import Image

# Margin and veins, root of the wing, field, light of the field, spots.
PALETTES: tuple[tuple[str, ...], ...] = (
    ("#0b1020", "#10306e", "#1f6fd6", "#7cd0f4", "#f4fbff"),  # morpho
    ("#2a1030", "#7a2a86", "#c86ac4", "#f4bfe0", "#fff2c4"),  # orchid
    ("#101418", "#0e4a5a", "#1e9aa8", "#8fe4dc", "#f58a6a"),  # lagoon
    ("#180c2a", "#3c1f86", "#6f52d8", "#b6a8f8", "#f9d36a"),  # violet
    ("#1a1d2e", "#6d7aa8", "#b8c4e6", "#eef2fb", "#f0a050"),  # pale blue
    ("#06201a", "#0b5a48", "#17a67c", "#9ae6ba", "#f6e9a0"),  # emerald
    ("#200a0c", "#a01c4a", "#ee5a86", "#fbb4bc", "#fff0e0"),  # rose
    ("#2b1a12", "#7a5236", "#c49a66", "#eed9ae", "#2f6f7a"),  # satyr
    ("#120e0e", "#3a1c18", "#7a2e22", "#d88a4a", "#f6d9a0"),  # mourning cloak
    ("#1c1410", "#a8781a", "#f7e7b0", "#fffaec", "#d8482e"),  # apollo
    ("#0e1c10", "#3c6a1c", "#92b82e", "#dcec84", "#f9f6dc"),  # lime
    ("#1a0a10", "#6e1224", "#c4283a", "#f2805c", "#6fb2e8"),  # peacock
    ("#14140f", "#8a6a10", "#efc22c", "#fbeb9a", "#3d78c8"),  # swallowtail
    ("#1c0f0a", "#8a2f0e", "#e2701c", "#f9b64a", "#fff4dc"),  # monarch
)
# Ground: middle and rim.
GROUNDS: tuple[tuple[str, str], ...] = (
    ("#e4eef6", "#a9c4da"),
    ("#244038", "#0c1a16"),
    ("#fdeee6", "#efc9ba"),
    ("#f0e6f4", "#cdb6da"),
    ("#2a3448", "#10141f"),
    ("#fbf5e8", "#eadcc0"),
    ("#f4f6f2", "#cfdcd8"),
)
CHOICES = 3 + 3
FORE, HIND, TRAITS = 7, 7, 26
LATENT = CHOICES + FORE + HIND + TRAITS


def latent(number: int) -> Grey:
    """The latent of picture ``number``: (LATENT,), N(0, 1), of the length sqrt(LATENT)."""
    return drawn_latent(92, number, LATENT)


PALETTE_TABLE = np.stack([colors_of(names) for names in PALETTES])
GROUND_TABLE = np.stack([colors_of(names) for names in GROUNDS])


PALETTE_PLACES, GROUND_PLACES = sphere(len(PALETTES)), sphere(len(GROUNDS))


def smooth(values: Grey, low: float, high: float) -> Grey:
    """0 below ``low``, 1 above ``high``, a smooth step between."""
    t = np.clip((values - low) / (high - low + 1e-9), 0, 1)
    return t * t * (3 - 2 * t)


def through(angles: Grey, knots: Grey, values: Grey) -> Grey:
    """A smooth curve through (knots, values): Gaussian-weighted means of a fine linear one."""
    fine = np.linspace(knots[0] - 0.4, knots[-1] + 0.4, 512)
    curve = cv2.GaussianBlur(np.interp(fine, knots, values)[None], (0, 0), 13, borderType=cv2.BORDER_REPLICATE)[0]
    return np.interp(angles, fine, curve).astype(np.float32)


class Traits:
    """The single traits of a latent, read one after the other."""

    def __init__(self, z: Grey) -> None:
        self.values = iter(np.tanh(z * 0.8))

    def __call__(self, low: float, high: float) -> float:
        """The next one, between ``low`` and ``high``."""
        return float(low + (high - low) * (0.5 + 0.5 * next(self.values)))


@dataclass(frozen=True)
class Look:
    """What fore and hind wing share."""

    colors: Rgb
    margin: float
    wave: float
    band: float
    bands: float
    veins: float
    spots: float
    light: float


@dataclass(frozen=True)
class Wing:
    """The outline of a wing: its hinge (y, x), radii at angles, and how its rim waves; and what it wears."""

    hinge: tuple[float, float]
    knots: Grey
    radii: Grey
    scallop: float
    count: int
    look: Look
    eye: tuple[float, float, float]

    def place(self, y: Grey, x: Grey) -> tuple[Grey, Grey, Grey]:
        """Where points lie in the wing: from the hinge (0) to the rim (1), along the rim 0..1, and inside the rim."""
        y, x = y - self.hinge[0], x - self.hinge[1]
        r = np.hypot(y, x) + 1e-6
        angle = np.arctan2(-y, x).astype(np.float32)
        along = (angle - self.knots[0]) / (self.knots[-1] - self.knots[0])
        edge = through(angle, self.knots, self.radii) * (1 + self.scallop * np.cos(2 * np.pi * along * self.count))
        return r / np.maximum(edge, 1e-3), along, edge - r


def painted(wing: Wing, y: Grey, x: Grey) -> tuple[Rgb, Grey]:
    """A wing and how far it covers."""
    depth, along, inside = wing.place(y, x)
    look, eye, count = wing.look, wing.eye, wing.count
    cover = smooth(inside, -0.006, 0.006) * smooth(along, -0.16, -0.08) * (1 - smooth(along, 1.08, 1.16))
    dark, root, field, light, spot = look.colors
    # The field, lighter outwards, with a band across.
    picture = blended(np.broadcast_to(root, (*depth.shape, 3)), field, smooth(depth, 0.05, 0.45))
    center = look.band + 0.06 * look.wave * np.cos(2 * np.pi * along * 2)
    wide = np.exp(-np.square((depth - center) / 0.15))
    picture = blended(picture, light, look.light * wide)
    stripes = smooth(np.cos(2 * np.pi * (depth * 3.2 + 0.5 * along * look.wave)), 0.35, 0.8)
    picture = blended(picture, dark, look.bands * stripes * smooth(depth, 0.15, 0.3) * (1 - smooth(depth, 0.75, 0.9)))
    # Veins run out from the hinge.
    period = np.abs(np.mod(along * count, 1) - 0.5) * 2
    vein = smooth(period * depth, 1.03 * depth - 0.055 / count * 5, depth * 1.0)
    picture = blended(picture, dark, look.veins * vein * smooth(depth, 0.12, 0.3))
    # The margin, scalloped inwards, with a row of spots in it.
    inner = 1 - look.margin * (1 + 0.22 * np.cos(2 * np.pi * along * count))
    picture = blended(picture, dark, smooth(depth, inner - 0.03, inner + 0.03))
    to_spot = np.hypot((depth - (1 - 0.48 * look.margin)) / (0.32 * look.margin), (1 - period) / 0.42)
    picture = blended(picture, spot, look.spots * (1 - smooth(to_spot, 0.75, 1.1)) * smooth(along, 0.02, 0.08))
    # An eyespot.
    place, side, size = eye
    far = np.hypot(depth - place, (along - side) * 1.25) / max(size, 1e-3)
    strength = float(np.clip(size * 14 - 0.5, 0, 1))
    for color, radius in ((dark, 1.25), (spot, 1.0), (dark, 0.68), (light, 0.3)):
        picture = blended(picture, color, strength * (1 - smooth(far, radius - 0.14, radius + 0.14)))
    # Silky light along the wing, a darker root.
    sheen = 1 + 0.16 * np.cos(2.4 * np.pi * (along - 0.3)) * smooth(depth, 0.1, 0.6) - 0.3 * np.exp(-depth / 0.14)
    return picture * sheen[..., None], cover


def description(z: Grey) -> Grey:
    """What a picture shows beside the latent's own numbers: the colours of butterfly and ground, each in 0..3."""
    parts = np.split(z, np.cumsum([3, 3]))
    colors = np.tensordot(nearest(parts[0], PALETTE_PLACES, 18.0), PALETTE_TABLE, 1)
    ground = np.tensordot(nearest(parts[1], GROUND_PLACES, 14.0), GROUND_TABLE, 1)
    return np.concatenate([3 * colors.ravel(), 3 * ground.ravel()]).astype(np.float32)


class Butterfly:
    """What one latent says: colours, both wings, size, body and feelers."""

    def __init__(self, z: Grey) -> None:
        parts = np.split(z, np.cumsum([3, 3, FORE, HIND]))
        self.colors: Rgb = np.tensordot(nearest(parts[0], PALETTE_PLACES, 18.0), PALETTE_TABLE, 1)
        self.middle, self.rim = np.tensordot(nearest(parts[1], GROUND_PLACES, 14.0), GROUND_TABLE, 1)
        trait = Traits(parts[4])
        self.size = trait(0.84, 0.96)
        look = Look(
            self.colors, trait(0.10, 0.30), trait(-1, 1), trait(0.4, 0.75), max(trait(-0.7, 0.8), 0),
            trait(0.15, 0.85), float(np.clip(trait(-0.4, 1.4), 0, 1)), trait(0.2, 1.0),
        )  # fmt: skip
        lean, spread = trait(-0.12, 0.16), trait(0.92, 1.06)
        fore_knots = np.radians(np.array([-14, 4, 20, 36, 50, 64, 80], np.float32)) + lean
        fore = np.array([0.27, 0.35, 0.43, 0.52, 0.56, 0.40, 0.20], np.float32) * spread
        fore = fore * (1 + np.array([0.10, 0.12, 0.13, 0.11, 0.10, 0.08, 0.05], np.float32) * np.tanh(parts[2] * 0.8))
        hind_knots = np.radians(np.array([-100, -80, -62, -44, -26, -8, 44], np.float32)) + 0.5 * lean
        hind = np.array([0.26, 0.40, 0.42, 0.40, 0.37, 0.33, 0.26], np.float32)
        hind = hind * (1 + np.array([0.08, 0.10, 0.12, 0.12, 0.11, 0.08, 0.05], np.float32) * np.tanh(parts[3] * 0.8))
        tail = max(trait(-0.6, 1.0), 0.0)
        hind[1] += 0.13 * tail
        hind[3] -= 0.02 * tail
        eye_fore = (trait(0.5, 0.72), trait(0.45, 0.75), trait(-0.06, 0.13))
        eye_hind = (trait(0.5, 0.7), trait(0.25, 0.6), trait(-0.03, 0.15))
        scallop = trait(0.0, 0.035)
        second = np.clip(self.colors + trait(-0.06, 0.08), 0, 1)
        other = Look(
            second, look.margin * trait(0.8, 1.3), trait(-1, 1), trait(0.35, 0.7), max(trait(-0.9, 0.7), 0),
            look.veins, look.spots, trait(0.2, 1.0),
        )  # fmt: skip
        self.hind = Wing((0.035, -0.02), hind_knots, hind, scallop, 6, other, eye_hind)
        self.fore = Wing((-0.02, -0.02), fore_knots, fore, 0.4 * scallop, 5, look, eye_fore)
        self.body, self.feelers = trait(0.16, 0.22), trait(0.6, 1.3)


def fields(z: Grey, side: int) -> Grey:
    """The smooth fields that a picture is read from, of about unit size: places in both wings and on the ground."""
    found = Butterfly(z)
    y, x = (np.mgrid[0:side, 0:side].astype(np.float32) + 0.5) / side - 0.5
    y, x = y / found.size, np.abs(x) / found.size
    out = []
    for wing in (found.fore, found.hind):
        depth, along, _ = wing.place(y, x)
        out += [2.5 * (np.clip(depth, 0, 1.5) - 0.75), 3 * (np.clip(along, -0.3, 1.3) - 0.5)]
    return np.stack([*out, 6 * (x - 0.25), 3 * y]).astype(np.float32)


def paint(z: Grey, side: int = 128) -> NDArray[np.uint8]:
    """The picture of the latent ``z``: (side, side, 3), 0..255."""
    big = 2 * side
    found = Butterfly(z)
    colors, middle = found.colors, found.middle
    y, x = (np.mgrid[0:big, 0 : big // 2].astype(np.float32) + 0.5) / big
    y, x = y - 0.5, x.copy()
    far = np.hypot(y, x)
    ground = blended(np.broadcast_to(middle, (*y.shape, 3)), found.rim, smooth(far, 0.15, 0.72))
    y, x = y / found.size, x / found.size
    hind_picture, hind_cover = painted(found.hind, y, x)
    fore_picture, fore_cover = painted(found.fore, y, x)
    # The shadow on the ground.
    cover = np.maximum(hind_cover, fore_cover)
    moved = np.concatenate([np.zeros_like(cover[: big // 40]), cover[: -(big // 40)]])
    shadow = cv2.GaussianBlur(moved, (0, 0), big / 42, borderType=cv2.BORDER_REFLECT)
    picture = ground * (1 - 0.3 * shadow[..., None])
    picture = blended(picture, hind_picture, hind_cover)
    under = cv2.GaussianBlur(fore_cover, (0, 0), big / 60, borderType=cv2.BORDER_REFLECT)
    picture = picture * (1 - 0.25 * (under * hind_cover)[..., None])
    picture = blended(picture, fore_picture, fore_cover)
    # Body and feelers.
    reach = found.body
    thick = (
        0.024 * (1 - 0.35 * smooth(y, 0.0, reach)) * np.sqrt(np.clip(1 - np.square((y - 0.02) / (reach - 0.01)), 0, 1))
    )
    body = smooth(thick - x, -0.004, 0.006) * smooth(thick, 0.002, 0.008)
    head = smooth(0.024 - np.hypot(y + 0.145, x), -0.004, 0.006)
    lit = np.clip(1.0 - x / 0.03, 0, 1)
    fur = colors[0] + (0.25 * colors[1] + 0.12) * (lit * (0.8 + 0.2 * np.cos(y * 240)))[..., None]
    curve = 0.012 + 0.13 * found.feelers * np.clip((-y - 0.15) / 0.16, 0, 1) ** 1.3
    feeler = (1 - smooth(np.abs(x - curve), 0.003, 0.008)) * smooth(-y, 0.15, 0.16) * (1 - smooth(-y, 0.30, 0.31))
    knob = 1 - smooth(np.hypot(y + 0.305, x - curve), 0.006, 0.013)
    feeler_tone = colors[0] if middle.mean() > 0.4 else 0.5 * colors[4] + 0.5 * colors[3]
    picture = blended(picture, feeler_tone, np.maximum(feeler, knob) * 0.9)
    picture = blended(picture, fur, np.maximum(body, head))
    whole = np.concatenate([picture[:, ::-1], picture], 1)
    small = cv2.resize(np.clip(whole, 0, 1).astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.round(small * 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--side", type=int, default=128)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        Image.fromarray(paint(latent(number), options.side)).save(options.folder / f"{number:05d}.png")


if __name__ == "__main__":
    main()
