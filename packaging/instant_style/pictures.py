"""Styles drawn by formula, and pictures from folders, for the training of the instant network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage
from scipy.spatial import cKDTree

Picture = NDArray[np.uint8]
MEASURED = 10
"""Numbers of a style that :func:`measured` gives."""

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def read(path: Path, short_side: int, random: np.random.Generator) -> Picture:
    """A picture at most so large that its short side is ``short_side``; what is see-through gets a random colour."""
    with Image.open(path) as opened:
        opened.draft("RGB", (4 * short_side, 4 * short_side))
        image = opened.convert("RGBA")
    ground = Image.new("RGBA", image.size, (*(int(c) for c in random.integers(20, 236, 3)), 255))
    image = Image.alpha_composite(ground, image).convert("RGB")
    factor = min(1.0, short_side / min(image.size))
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def found(folders: list[Path], short_side: int, least: int, random: np.random.Generator) -> list[Picture]:
    """All pictures below ``folders`` with a short side of at least ``least`` pixels."""
    pictures = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file()):
            picture = read(path, short_side, random)
            if min(picture.shape[:2]) >= least:
                pictures.append(picture)
    return pictures


def measured(square: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What is measured of a style, uint8 (256, 256, 3): mean and deviation of red, green and blue, then the
    deviation of the brightness between averages over 1, 2, 4, 8 and 16 pixels. About -1 to 1."""
    picture = square.astype(np.float32) / 255
    numbers = [2 * picture.mean((0, 1)) - 1, 4 * picture.std((0, 1)) - 1]
    grey = picture @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    for _ in range(4):
        half = len(grey) // 2
        coarse = grey.reshape(half, 2, half, 2).mean((1, 3))
        numbers.append(np.atleast_1d(8 * (grey - coarse.repeat(2, 0).repeat(2, 1)).std() - 0.5))
        grey = coarse
    return np.concatenate(numbers).astype(np.float32)


def palette(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Colours 0..255 that go together: around one or two hues, from dark to light."""
    hues = (
        random.random() + random.choice([0.0, 0.5, 0.33]) * (np.arange(count) % 2) + 0.06 * random.normal(size=count)
    ) % 1
    value = np.linspace(random.uniform(0.05, 0.35), random.uniform(0.7, 1.0), count)
    saturation = np.clip(random.uniform(0.1, 0.9) + 0.15 * random.normal(size=count), 0, 1)
    sector = (hues[:, None] * 6 + np.array([5.0, 3.0, 1.0])) % 6
    return 255 * value[:, None] * (1 - saturation[:, None] * np.clip(np.minimum(sector, 4 - sector), 0, 1))


def noise(random: np.random.Generator, side: int, cell: float, octaves: int = 4) -> NDArray[np.float64]:
    """Smooth noise of mean 0 and deviation 1."""
    total = np.zeros((side, side))
    for octave in range(octaves):
        total += ndimage.gaussian_filter(random.standard_normal((side, side)), cell / 2**octave, mode="wrap") * (
            cell / 2 ** (2 * octave)
        )
    return np.asarray((total - total.mean()) / total.std())


def ramp(values: NDArray[np.float64], colors: NDArray[np.float64]) -> Picture:
    """Colours for values 0..1."""
    at = np.clip(values, 0, 1) * (len(colors) - 1)
    low = np.minimum(at.astype(int), len(colors) - 2)
    share = (at - low)[..., None]
    return np.asarray(np.clip(colors[low] * (1 - share) + colors[low + 1] * share, 0, 255), np.uint8)


def marbling(random: np.random.Generator, side: int) -> Picture:
    """Veins along bent coordinates."""
    rows, columns = np.mgrid[:side, :side] / side
    bend = noise(random, side, side / random.uniform(6, 16))
    angle = random.uniform(0, np.pi)
    wave = np.sin(2 * np.pi * (random.uniform(3, 14) * (rows * np.cos(angle) + columns * np.sin(angle)) + 0.5 * bend))
    return ramp(0.5 + 0.5 * wave, palette(random, 5)[random.permutation(5)])


def hatching(random: np.random.Generator, side: int) -> Picture:
    """Pen strokes in two or three directions over tones."""
    tone = 0.5 + 0.25 * noise(random, side, side / 8)
    rows, columns = np.mgrid[:side, :side]
    ink = np.zeros((side, side))
    step = random.uniform(4, 9)
    for level, angle in zip((0.75, 0.5, 0.3), random.uniform(0, np.pi, 3), strict=True):
        wobble = 1.5 * noise(random, side, side / 30)
        line = np.cos(2 * np.pi * ((rows * np.cos(angle) + columns * np.sin(angle) + wobble) / step))
        ink = np.maximum(ink, (line > random.uniform(0.3, 0.8)) * (tone < level))
    paper, pen = palette(random, 4)[[3, 0]]
    smooth = ndimage.gaussian_filter(ink, 0.6)[..., None]
    return np.asarray(
        np.clip(paper * (1 - smooth) + pen * smooth + 4 * random.normal(size=(side, side, 1)), 0, 255), np.uint8
    )


def mosaic(random: np.random.Generator, side: int) -> Picture:
    """Stones around random points, with joints."""
    count = int(random.integers(150, 900))
    points = random.uniform(0, side, (count, 2))
    places = np.stack(np.mgrid[:side, :side], -1).reshape(-1, 2)
    distance, nearest = cKDTree(points).query(places, 2)
    tone = 0.5 + 0.28 * noise(random, side, side / 6)
    values = tone[points[:, 0].astype(int), points[:, 1].astype(int)] + 0.08 * random.normal(size=count)
    stones = ramp(values[nearest[:, 0]], palette(random, 6)).reshape(side, side, 3).astype(float)
    joint = np.clip((distance[:, 1] - distance[:, 0]).reshape(side, side) / random.uniform(1.5, 4), 0, 1)[..., None]
    return np.asarray(stones * joint + palette(random, 3)[0] * (1 - joint), np.uint8)


def brushwork(random: np.random.Generator, side: int) -> Picture:
    """Strokes along a field of directions."""
    tone, turn = 0.5 + 0.25 * noise(random, side, side / 7), noise(random, side, side / 5)
    colors = palette(random, 6)
    image = Image.fromarray(ramp(tone, colors))
    draw = ImageDraw.Draw(image)
    length, width = random.uniform(10, 40), random.uniform(2, 9)
    for row, column in random.uniform(0, side, (int(14 * side * side / (length * width) / 4), 2)):
        angle = turn[int(row), int(column)] * 1.2
        value = tone[int(row), int(column)] + 0.12 * random.normal()
        color = ramp(np.array([value]), colors)[0] + 10 * random.normal(size=3)
        dx, dy = length / 2 * np.cos(angle), length / 2 * np.sin(angle)
        fill = tuple(int(c) for c in np.clip(color, 0, 255))
        draw.line(
            (column - dx, row - dy, column + dx, row + dy),
            fill=fill,
            width=max(1, round(width * random.uniform(0.5, 1.4))),
        )
    return np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)))


def dots(random: np.random.Generator, side: int) -> Picture:
    """A printed screen: dots whose size is the tone."""
    tone = 0.5 + 0.25 * noise(random, side, side / 6)
    rows, columns = np.mgrid[:side, :side]
    angle, step = random.uniform(0, np.pi), random.uniform(5, 14)
    u, v = rows * np.cos(angle) + columns * np.sin(angle), columns * np.cos(angle) - rows * np.sin(angle)
    grid = 0.25 * (2 + np.cos(2 * np.pi * u / step) + np.cos(2 * np.pi * v / step))
    ink = 1 / (1 + np.exp(-12 * (grid - tone)))[..., None]
    colors = palette(random, 5)
    return np.asarray(ramp(tone, colors[2:]) * (1 - ink) + colors[0] * ink, np.uint8)


def washes(random: np.random.Generator, side: int) -> Picture:
    """Watercolour: flat areas with darker rims, on paper with a grain."""
    field = noise(random, side, side / random.uniform(5, 10))
    levels = int(random.integers(4, 8))
    steps = np.floor((field + 2) / 4 * levels) / levels
    rim = ndimage.gaussian_gradient_magnitude(steps, 1.5)
    grain = 0.05 * noise(random, side, 2, 2)
    return ramp(steps - 1.5 * rim + grain + 0.08 * noise(random, side, side / 20), palette(random, 6))


def stripes(random: np.random.Generator, side: int) -> Picture:
    """Geometric shapes with hard edges."""
    image = Image.fromarray(np.full((side, side, 3), palette(random, 4)[3], np.uint8))
    draw, colors = ImageDraw.Draw(image), palette(random, 7)
    for _ in range(int(random.integers(40, 160))):
        x, y = random.uniform(-20, side, 2)
        w, h = random.uniform(8, side / 4, 2)
        fill = tuple(int(c) for c in colors[random.integers(7)])
        outline = tuple(int(c) for c in colors[0]) if random.random() < 0.5 else None
        kind = random.integers(3)
        if kind == 0:
            draw.ellipse((x, y, x + w, y + w), fill=fill, outline=outline, width=2)
        elif kind == 1:
            draw.rectangle((x, y, x + w, y + h), fill=fill, outline=outline, width=2)
        else:
            draw.polygon([(x, y), (x + w, y + h / 3), (x + w / 3, y + h)], fill=fill, outline=outline)
    return np.asarray(image)


DRAWN: tuple[Callable[[np.random.Generator, int], Picture], ...] = (
    marbling, hatching, mosaic, brushwork, dots, washes, stripes,
)  # fmt: skip
"""Draw a square picture of a given side."""
