"""Paint the data set of the starter model "Painted Landscapes", skies, suns, hills, mountains, lakes and trees, and say
how it was trained.

    python packaging/starter_models/painted_landscapes.py folder [--count 2400] [--side 128]
    latent-studio train folder --name "Landscapes 64" --resolution 64 --images 85000 --batch 16 --seed 1 --mirror \
        --set channel_base=1024 --set latent_size=64 --set noise=none --set augment_share=0.3 --set r1_gamma=0.1 \
        --set style_mixing=0.1 --set ema_images=8000 --set evaluate_every=20000
    latent-studio train folder --name "Painted Landscapes" --from "Landscapes 64 (best)" --resolution 128 \
        --images 20240 --batch 16 --seed 1 --mirror --set channel_base=1024 --set latent_size=64 \
        --set augment_share=0.3 --set r1_gamma=0.4 --set style_mixing=0.1 --set ema_images=5000 \
        --set learning_rate=0.002

At 64 px without noise inputs the scenes form (best KID after 40,000 images; later ones imitate strokes with contour
lines); enlarged to 128 px, the noise inputs, now on, make the grain of the strokes within some thousand images. One
processor core took less than two hours beside other work.

Needs scipy (scikit-image of the ``test`` extra brings it). Every picture is arithmetic and brush strokes, drawn by its
number: this project's own work, and the same on every machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw
from scipy import ndimage

Grey = NDArray[np.float64]
Rgb = NDArray[np.float64]
SIDE = 256
"""Painted at this size, then made smaller."""

# Sky from the zenith to the horizon, light (sun or moon), land from the farthest layer to the nearest.
HOURS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "dawn": (("#5d7fb8", "#b9b3d6", "#f7c9b4", "#fde6c4"), "#fff4d6", ("#b9a7c4", "#8a87a8", "#5a6b7c", "#33484a")),
    "noon": (("#2f74c4", "#6aaee6", "#bfe0f4", "#eaf5f4"), "#fffbe6", ("#a9c6d0", "#7fae86", "#5a9a4c", "#2f6a34")),
    "gold": (("#4a7fa8", "#c9b98a", "#f6c667", "#fbe2a0"), "#fff3c4", ("#d3b27a", "#c48f4a", "#8f6a34", "#4a3c20")),
    "dusk": (("#2b2f6b", "#7b4a8c", "#e0706a", "#fbb45c"), "#ffe0a0", ("#8c5a86", "#5c3f70", "#37305a", "#1b1c38")),
    "night": (("#0b1230", "#16275a", "#2c4a86", "#5f7fae"), "#f4f6ff", ("#3a5486", "#273c68", "#182848", "#0b1428")),
    "storm": (("#2f3a44", "#56656e", "#8c9a9c", "#c6ccc2"), "#e8ece4", ("#83918f", "#5f7468", "#445a48", "#24342a")),
    "autumn": (("#5a8fb4", "#a8c4cc", "#e8dcc0", "#f6ead0"), "#fff6dc", ("#c0a08c", "#d08a3c", "#b0542a", "#5c2a20")),
    "winter": (("#7fa0c4", "#b4cade", "#e0e8f0", "#f8f0ec"), "#ffffff", ("#c6d4e4", "#dfe8f0", "#f0f4f8", "#b4c4d8")),
    "desert": (("#3f86b4", "#8fc0cc", "#f4dcb4", "#fae8c8"), "#fffae0", ("#e0b49a", "#d9986a", "#c4713f", "#8a4428")),
}


def noise(random: np.random.Generator, cells: float, octaves: int = 4) -> Grey:
    """Smooth noise, about -1..1, with ``cells`` hills along a side and finer ones on them."""
    total, weight = np.zeros((SIDE, SIDE)), 1.0
    for octave in range(octaves):
        count = round(cells * 2**octave) + 4
        position = np.linspace(1, count - 3, SIDE)
        rows = ndimage.map_coordinates(
            random.standard_normal((count, count)), np.meshgrid(position, position, indexing="ij"), order=1
        )
        total += weight * ndimage.gaussian_filter(rows, SIDE / count / 5)
        weight *= 0.5
    return total / 1.3


def ridge(random: np.random.Generator, cells: float, peaked: float) -> Grey:
    """A line of hills, about -1..1 along x; ``peaked`` 0..1 turns hills into mountains."""
    rolling, sharp, weight = np.zeros(SIDE), np.zeros(SIDE), 1.0
    for octave in range(6):
        count = round(cells * 2**octave) + 3
        where = np.linspace(0.5, count - 1.5, SIDE)
        points = random.standard_normal(count)
        rolling += weight * ndimage.gaussian_filter1d(np.interp(where, range(count), points), SIDE / count / 4)
        sharp += weight * np.interp(where, range(count), points)
        weight *= 0.42
    return np.clip((1 - peaked) * rolling + peaked * sharp, -2.2, 2.2) / 1.6


def palette(random: np.random.Generator) -> tuple[Rgb, Rgb, Rgb]:
    """Sky, light and land of an hour, with a share of another: (4, 3), (3,), (4, 3)."""

    def colors(name: str) -> tuple[Rgb, Rgb, Rgb]:
        sky, light, land = HOURS[name]

        def rgb(names: tuple[str, ...]) -> Rgb:
            return np.array([ImageColor.getrgb(each)[:3] for each in names]) / 255

        return rgb(sky), rgb((light,))[0], rgb(land)

    first, second = random.choice(list(HOURS), 2, replace=False)
    share = 0.35 * random.random() ** 2
    tint = random.normal(0, 0.018, 3)
    one, other = (
        np.clip((1 - share) * a + share * b + tint, 0, 1)
        for a, b in list(zip(colors(first), colors(second), strict=True))[::2]
    )
    return one, colors(first)[1], other


def ramp(values: Grey, colors: Rgb) -> Rgb:
    """Colours along a ramp, 0 being the first."""
    at = np.linspace(0, 1, len(colors))
    return np.stack([np.interp(values, at, colors[:, channel]) for channel in range(3)], -1)


def blended(below: Rgb, above: Rgb, share: Grey) -> Rgb:
    """``above`` over ``below`` where ``share`` is one."""
    return below + share[..., None] * (above - below)


def motif(random: np.random.Generator) -> tuple[Rgb, Grey]:
    """What is painted, and the direction of the strokes at every place."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    sky, light, land = palette(random)
    horizon = random.uniform(0.4, 0.66)
    soft = noise(random, 3)
    picture = ramp(np.clip(y / horizon + 0.06 * soft, 0, 1), sky)
    angle = 0.35 * noise(random, 2, 2)
    # Clouds, lit from below.
    amount = random.uniform(-0.9, 0.3)
    clouds = np.clip(noise(random, 2.5, 5) * 1.1 + amount - 0.8 * np.abs(y / horizon - random.uniform(0.2, 0.6)), 0, 1)
    picture = blended(picture, ramp(np.clip(clouds + 0.3 * soft, 0, 1), np.stack([sky[2], sky[3], light])), clouds**0.7)
    # The sun or the moon, with its glow.
    sun_x, sun_y, size = random.uniform(0.15, 0.85), horizon * random.uniform(0.25, 0.95), random.uniform(0.03, 0.07)
    bright = random.random() < 0.75
    if bright:
        far = np.hypot(x - sun_x, y - sun_y)
        glow = np.clip(0.75 * np.exp(-far * 7) + np.clip((size - far) * 60, 0, 1), 0, 1)
        picture = blended(picture, np.broadcast_to(light, picture.shape), glow)
    # Hills behind hills, each darker, larger and nearer.
    layers, peaked = int(random.integers(2, 5)), random.random() * (random.random() < 0.6)
    water = horizon + random.uniform(0.06, 0.16) if random.random() < 0.45 else None
    last = 0.96 if water is None else water
    for layer in range(layers):
        depth = (layer + 1) / layers
        base = horizon + (last - horizon) * (depth**1.2 - 1 / layers) + 0.02
        height = (0.17 - 0.1 * depth) * (1 if water is None else 0.75) * random.uniform(0.6, 1.3)
        line = base - height * ridge(random, random.uniform(1.5, 4), peaked * (1 - 0.6 * depth))
        below = y - line
        inside = np.clip(below * SIDE / 2 + 0.5, 0, 1)
        tone = np.clip(depth - 0.25 + 0.10 * noise(random, 8, 3) + 0.5 * below, 0, 1)
        picture = blended(picture, ramp(tone, land), inside)
        slope = np.broadcast_to(np.arctan(np.gradient(ndimage.gaussian_filter1d(line, 5)) * SIDE), angle.shape)
        angle = np.where(inside > 0.5, slope * np.exp(-np.clip(below, 0, 1) * 6), angle)
    if water is not None:
        inside = np.clip((y - water) * SIDE / 2, 0, 1)
        rows = np.clip(((2 * water - y[:, 0]) * SIDE).round().astype(int), 0, SIDE - 1)
        ripple = np.clip((x * SIDE + 3 * noise(random, 24, 2) * (1 + 20 * (y - water))).astype(int), 0, SIDE - 1)
        mirrored = picture[rows[:, None], ripple]
        mirrored = blended(mirrored, np.broadcast_to(sky[1], picture.shape), np.clip(0.2 + 0.5 * (y - water), 0, 1))
        if bright:
            path = np.exp(-(((x - sun_x) / (0.03 + 0.12 * (y - water))) ** 2)) * (noise(random, 26, 2) > -0.1)
            mirrored = blended(mirrored, np.broadcast_to(light, picture.shape), 0.7 * path)
        picture = blended(picture, mirrored, inside)
        angle = np.where(inside > 0.5, 0.0, angle)
    return picture, angle


def trees(random: np.random.Generator, painting: Image.Image, dark: tuple[int, int, int]) -> None:
    """A few firs or round trees in the foreground."""
    pen = ImageDraw.Draw(painting)
    firs = random.random() < 0.5
    center = random.uniform(0.1, 0.9)
    for _ in range(int(random.integers(1, 6))):
        x = (center + random.normal(0, 0.16)) * SIDE
        foot = SIDE * random.uniform(0.86, 1.02)
        tall = SIDE * random.uniform(0.16, 0.42) * (1.0 if firs else 0.8)
        tint = [int(value * random.uniform(0.8, 1.1)) for value in dark]
        pen.line([(x, foot), (x, foot - tall * 0.6)], fill=tuple(tint), width=max(2, round(tall / 22)))
        for _ in range(60 if firs else 90):
            if firs:
                up = random.random()
                wide = tall * 0.24 * (1 - up) + 1
                at = x + random.uniform(-1, 1) * wide, foot - tall * (0.12 + 0.88 * up)
                size = 2 + tall / 26
            else:
                turn, far = random.uniform(0, 2 * np.pi), tall * 0.27 * np.sqrt(random.random())
                at = x + np.cos(turn) * far * 1.1, foot - tall * 0.7 + np.sin(turn) * far
                size = 2 + tall / 20
            lit = random.uniform(0.85, 1.5)
            light = tuple(min(255, int(value * lit)) for value in tint)
            pen.ellipse([at[0] - size, at[1] - size / 1.6, at[0] + size, at[1] + size / 1.6], fill=light)


def painted(picture: Rgb, angle: Grey, random: np.random.Generator) -> Image.Image:
    """``picture`` in brush strokes, wide ones first."""
    canvas = Image.fromarray((np.clip(ndimage.gaussian_filter(picture, (5, 5, 0)), 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(canvas)
    for width, count in ((13, 500), (7, 1500), (4, 2600)):
        seen = ndimage.gaussian_filter(picture, (width / 4, width / 4, 0))
        for y, x in random.uniform(0, SIDE, (count, 2)):
            at = int(y), int(x)
            tint = np.clip(seen[at] * (1 + random.normal(0, 0.05)) + random.normal(0, 0.012, 3), 0, 1)
            dx, dy = np.cos(angle[at]) * width * 1.5, np.sin(angle[at]) * width * 1.5
            pen.line([(x - dx, y - dy), (x + dx, y + dy)], fill=tuple(int(value * 255) for value in tint), width=width)
    return canvas


def landscape(number: int, side: int) -> Image.Image:
    """The painting of that number."""
    random = np.random.default_rng([number, 7])
    picture, angle = motif(random)
    canvas = painted(picture, angle, random)
    if random.random() < 0.4:
        r, g, b = (int(value * 120) for value in picture[SIDE // 2 :].min(0).mean(0))
        trees(random, canvas, (r, g, b))
    return canvas.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=2400)
    parser.add_argument("--side", type=int, default=128)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        landscape(number, options.side).save(options.folder / f"{number:05d}.png")
    print(f"{options.count} pictures in {options.folder}")


if __name__ == "__main__":
    main()
