"""What the drawings share: noise, flow, palettes, brush strokes, relief. Pictures are float, 0..1, (h, w, 3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw
from scipy import ndimage

Grey = NDArray[np.float64]
Rgb = NDArray[np.float64]
SIDE = 768
"""Everything is drawn at this size and then made smaller."""


def grid(side: int = SIDE) -> tuple[Grey, Grey]:
    """y and x of every pixel in 0..1."""
    y, x = np.mgrid[0:side, 0:side] / side
    return y, x


def noise(seed: int, cells: float = 4, octaves: int = 5, side: int = SIDE, gain: float = 0.5) -> Grey:
    """Smooth noise in 0..1 with about ``cells`` hills along a side, and finer ones on them."""
    random = np.random.default_rng(seed)
    total, weight = np.zeros((side, side)), 1.0
    for octave in range(octaves):
        count = round(cells * 2**octave) + 4
        coarse = random.standard_normal((count, count))
        position = np.linspace(1, count - 3, side)
        total += weight * ndimage.map_coordinates(
            coarse, np.meshgrid(position, position, indexing="ij"), order=3, mode="nearest"
        )
        weight *= gain
    return stretched(total)


def stretched(values: Grey, low: float = 0.5, high: float = 99.5) -> Grey:
    """``values`` with its darkest and lightest percents at 0 and 1."""
    a, b = np.percentile(values, [low, high])
    return np.clip((values - a) / max(b - a, 1e-9), 0, 1)


def warped(image: NDArray[np.float64], dy: Grey, dx: Grey, *, mode: str = "reflect") -> NDArray[np.float64]:
    """``image`` taken from places moved by ``dy`` and ``dx`` pixels."""
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    where = [y + dy, x + dx]
    if image.ndim == 2:
        return ndimage.map_coordinates(image, where, order=1, mode=mode)
    return np.stack([ndimage.map_coordinates(image[..., c], where, order=1, mode=mode) for c in range(3)], -1)


def color(name: str) -> NDArray[np.float64]:
    """``#rrggbb`` as three floats."""
    return np.array(ImageColor.getrgb(name)[:3]) / 255


def shade(values: Grey, *names: str) -> Rgb:
    """Colours along a ramp, 0 being the first."""
    stops = np.stack([color(name) for name in names])
    places = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(values, places, stops[:, c]) for c in range(3)], -1)


def steps(values: Grey, *names: str) -> Rgb:
    """As :func:`shade`, in flat colours."""
    stops = np.stack([color(name) for name in names])
    return stops[np.clip((values * len(stops)).astype(int), 0, len(stops) - 1)]


def mix(a: NDArray[np.float64], b: NDArray[np.float64], share: Grey) -> NDArray[np.float64]:
    """``b`` over ``a`` as far as ``share`` says."""
    return a + (b - a) * share[..., None]


def luma(image: Rgb) -> Grey:
    """Brightness."""
    return image @ np.array([0.299, 0.587, 0.114])


def soft(image: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Blurred."""
    return ndimage.gaussian_filter(image, (sigma, sigma, 0) if image.ndim == 3 else sigma)


def step(values: Grey, at: float, width: float = 0.02) -> Grey:
    """0 below ``at``, 1 above, with a soft edge."""
    return np.clip((values - at) / width + 0.5, 0, 1)


def lit(height: Grey, strength: float = 2.0, angle: float = 2.2) -> Grey:
    """Light on a relief: about 1 where it is flat."""
    dy, dx = np.gradient(height)
    return 1 + strength * (np.cos(angle) * dx + np.sin(angle) * -dy)


def paper(seed: int, coarse: float = 1.0) -> Grey:
    """The grain of paper or canvas, about 0 on average."""
    random = np.random.default_rng(seed)
    fine = soft(random.standard_normal((SIDE, SIDE)), 0.8 * coarse)
    wide = soft(random.standard_normal((SIDE, SIDE)), 2.5 * coarse)
    return fine / fine.std() * 0.6 + wide / wide.std() * 0.4


def along(image: Rgb, sigma: float = 6) -> Grey:
    """The angle of the edges in ``image`` (along them), from its structure tensor."""
    grey = soft(luma(image), 1.5)
    dy, dx = np.gradient(grey)
    xx, yy, xy = soft(dx * dx, sigma), soft(dy * dy, sigma), soft(dx * dy, sigma)
    return 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2


def smeared(values: Grey, angle: Grey, length: int) -> Grey:
    """``values`` averaged along the flow ``angle`` over ``length`` pixels both ways (line integral convolution)."""
    total, count = values.copy(), 1
    for sign in (1, -1):
        y, x = np.mgrid[0:SIDE, 0:SIDE].astype(float)
        for _ in range(length):
            at = np.clip(y, 0, SIDE - 1).astype(int), np.clip(x, 0, SIDE - 1).astype(int)
            y += sign * np.sin(angle[at])
            x += sign * np.cos(angle[at])
            total += values[np.clip(y, 0, SIDE - 1).astype(int), np.clip(x, 0, SIDE - 1).astype(int)]
            count += 1
    return total / count


def brushed(
    image: Rgb,
    angle: Grey,
    sizes: Sequence[float] = (26, 14, 7),
    *,
    seed: int = 0,
    stretch: float = 4.0,
    jitter: float = 0.06,
    cover: float = 2.2,
    bend: float = 1.0,
    ground: str | None = None,
    detail: float = 0.05,
) -> tuple[Rgb, Grey]:
    """``image`` repainted with brush strokes along ``angle``, the widest first; finer ones only where they are needed.

    Returns the painting and its relief.
    """
    random = np.random.default_rng(seed)
    canvas = Image.new("RGB", (SIDE, SIDE), ground or _hex(image.mean((0, 1))))
    relief = Image.new("L", (SIDE, SIDE), 90)
    for number, size in enumerate(sizes):
        seen = soft(image, size / 2.5)
        count = int(cover * SIDE * SIDE / (size * size * stretch))
        places = random.uniform(0, SIDE, (count, 2))
        done = np.asarray(canvas, float) / 255
        wrong = soft(np.abs(done - seen).mean(-1), size / 2)
        pen, bump = ImageDraw.Draw(canvas), ImageDraw.Draw(relief)
        for y, x in places:
            at = int(y), int(x)
            if number and wrong[at] < detail * random.uniform(0.6, 1.4):
                continue
            tint = np.clip(seen[at] + random.normal(0, jitter) + random.normal(0, jitter / 2, 3), 0, 1)
            length = size * stretch * random.uniform(0.6, 1.2)
            points, heading = [(x, y)], 0.0
            for sign in (1, -1):
                py, px = y, x
                side: list[tuple[float, float]] = []
                for _ in range(5):
                    inside = int(np.clip(py, 0, SIDE - 1)), int(np.clip(px, 0, SIDE - 1))
                    heading = angle[at] + bend * _turn(angle[inside] - angle[at])
                    px += sign * np.cos(heading) * length / 10
                    py += sign * np.sin(heading) * length / 10
                    side.append((px, py))
                points = points + side if sign == 1 else side[::-1] + points
            width = size * random.uniform(0.7, 1.1)
            _stroke(pen, bump, points, width, tint, random)
    return np.asarray(canvas, float) / 255, soft(np.asarray(relief, float) / 255, 0.7)


def _stroke(
    pen: ImageDraw.ImageDraw,
    bump: ImageDraw.ImageDraw,
    points: list[tuple[float, float]],
    width: float,
    tint: NDArray[np.float64],
    random: np.random.Generator,
) -> None:
    """One stroke: a bundle of bristles, each a little lighter or darker and higher or lower."""
    bristles = max(2, round(width / 2.2))
    x, y = np.array(points).T
    across = np.stack([-np.gradient(y), np.gradient(x)])
    across /= np.maximum(np.hypot(*across), 1e-6)
    for bristle in range(bristles):
        offset = (bristle + 0.5) / bristles * width - width / 2
        light = np.clip(tint * (1 + random.normal(0, 0.05)), 0, 1)
        shown = len(x) - int(random.integers(0, 3))
        line = list(zip(x[:shown] + across[0, :shown] * offset, y[:shown] + across[1, :shown] * offset, strict=True))
        pen.line(line, fill=_rgb(light), width=max(1, round(width / bristles + 1.4)), joint="curve")
        height = int(120 + 90 * random.random() + 30 * abs(offset) / max(width, 1))
        bump.line(line, fill=min(255, height), width=max(1, round(width / bristles + 0.6)))


def _turn(difference: float) -> float:
    """The smallest turn between two directions without arrowheads."""
    return (difference + np.pi / 2) % np.pi - np.pi / 2


def _rgb(tint: NDArray[np.float64]) -> tuple[int, int, int]:
    r, g, b = (round(value * 255) for value in np.clip(tint, 0, 1))
    return r, g, b


def _hex(tint: NDArray[np.float64]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*_rgb(tint))


def cells(points: NDArray[np.float64], power: float = 2.0) -> tuple[NDArray[np.intp], Grey, Grey]:
    """Voronoi cells of ``points`` (y, x in pixels): number of each pixel's cell, distance to its point, and how far
    the next point is beyond that (0 on the edges)."""
    from scipy.spatial import cKDTree

    y, x = np.mgrid[0:SIDE, 0:SIDE]
    distance, index = cKDTree(points).query(np.stack([y.ravel(), x.ravel()], -1), k=2, p=power)
    shape = (SIDE, SIDE)
    return index[:, 0].reshape(shape), distance[:, 0].reshape(shape), (distance[:, 1] - distance[:, 0]).reshape(shape)


def cell_means(image: Rgb, index: NDArray[np.intp]) -> Rgb:
    """The mean colour of ``image`` in every cell, (cells, 3)."""
    count = np.maximum(np.bincount(index.ravel()), 1)
    return np.stack([np.bincount(index.ravel(), image[..., c].ravel()) / count for c in range(3)], -1)


def scattered(seed: int, count: int, rounds: int = 6) -> NDArray[np.float64]:
    """Evenly scattered points, (count, 2), y and x in pixels (Lloyd's relaxation)."""
    points = np.random.default_rng(seed).uniform(0, SIDE, (count, 2))
    y, x = np.mgrid[0:SIDE:2, 0:SIDE:2]
    from scipy.spatial import cKDTree

    for _ in range(rounds):
        _, index = cKDTree(points).query(np.stack([y.ravel(), x.ravel()], -1))
        number = np.maximum(np.bincount(index, minlength=count), 1)
        points = np.stack(
            [np.bincount(index, v.ravel(), minlength=count) / number for v in (y.astype(float), x.astype(float))], -1
        )
    return points


def landscape(seed: int, sky: Sequence[str], land: Sequence[str], *, sun: str | None = None, layers: int = 5) -> Rgb:
    """Hills behind hills under a sky, as a motif for the painters."""
    y, x = grid()
    picture = shade(np.clip(y * 1.7 + 0.25 * (noise(seed, 3, 4) - 0.5), 0, 1), *sky)
    clouds = step(noise(seed + 1, 3, 5) - 0.15 * y, 0.55, 0.25) * step(0.6 - y, 0.1, 0.3)
    picture = mix(picture, np.ones(3) * color(sky[-1]), 0.7 * clouds)
    if sun:
        disc = np.hypot(y - 0.27, x - 0.66)
        picture = mix(picture, np.ones_like(picture) * color(sun), np.clip(1.15 - disc / 0.075, 0, 1) ** 0.5)
        picture = mix(picture, np.ones_like(picture) * color(sun), 0.5 * np.exp(-disc * 6))
    for layer in range(layers):
        depth = (layer + 1) / layers
        line = 0.38 + 0.5 * depth**1.3 + (0.16 - 0.07 * depth) * (noise(seed + 10 + layer, 3 + layer, 5)[:1] - 0.5)
        inside = step(y - line, 0, 0.006)
        tone = np.clip(depth * 0.9 + 0.3 * (noise(seed + 30 + layer, 7, 5) - 0.5), 0, 1)
        picture = mix(picture, shade(tone, *land), inside)
    return picture


def still_life(seed: int, wall: Sequence[str], table: Sequence[str]) -> Rgb:
    """A jug and fruit on a table before a wall, lit from the left: round shapes, skin-like warm tones, deep shadows.

    ``wall`` goes from light to shade, ``table`` from front to back.
    """
    y, x = grid()
    picture = shade(np.clip(0.15 + 0.75 * x + 0.5 * (noise(seed, 3, 4) - 0.5), 0, 1), *wall)
    edge = 0.6 + 0.012 * np.sin(9 * x)
    top = shade(np.clip((1 - y) * 2.2 + 0.3 * (noise(seed + 1, 4, 4) - 0.5), 0, 1), *table)
    picture = mix(picture, top, step(y - edge, 0, 0.006))
    # The jug: a body, a neck and a handle, as half widths along the height.
    height = np.clip((y - 0.16) / 0.54, 0, 1)
    half = 0.055 + 0.015 * np.cos(height * 9) + 0.115 * np.exp(-(((height - 0.66) / 0.26) ** 2))
    handle = np.abs(np.hypot((x - 0.82) / 0.075, (y - 0.38) / 0.13) - 1) * 0.08
    across = (x - 0.68) / half
    jug = step(1 - np.abs(across), 0, 0.05) * step(y, 0.16, 0.006) * step(0.7 - y, 0, 0.006)
    jug = np.maximum(jug, step(0.016 - handle, 0, 0.004) * step(x, 0.76, 0.01))
    glaze = shade(np.clip(0.5 + 0.46 * across + 0.18 * (noise(seed + 2, 8, 4) - 0.5), 0, 1), *JUG)
    picture = mix(picture, picture * 0.5, 0.8 * np.exp(-(((x - 0.86) / 0.2) ** 2) - ((y - 0.7) / 0.035) ** 2))
    picture = mix(picture, glaze, jug)
    for number, (cx, cy, radius, ramp) in enumerate(FRUIT):
        shadow = np.exp(
            -(((x - cx - 0.8 * radius) / (1.5 * radius)) ** 2) - ((y - cy - 0.85 * radius) / (0.35 * radius)) ** 2
        )
        picture = mix(picture, picture * 0.42, 0.85 * shadow)
        far = np.hypot(x - cx, (y - cy) * 1.06) / radius
        light = np.hypot(x - cx + 0.42 * radius, y - cy + 0.45 * radius) / radius
        tone = np.clip(0.62 * light + 0.22 * (noise(seed + 5 + number, 9, 4) - 0.5), 0, 1)
        picture = mix(picture, shade(tone, *ramp), step(1 - far, 0, 0.04))
    return picture


JUG = ("#f4f1e6", "#a9c2d8", "#4a77a8", "#23406e", "#101c38")
FRUIT = (
    (0.34, 0.6, 0.115, ("#fff0d0", "#f6b98a", "#e0764a", "#8f3a2f")),
    (0.52, 0.68, 0.085, ("#fbe58a", "#f2bf3a", "#c9832a", "#6f4a1f")),
    (0.16, 0.7, 0.1, ("#f9d8c8", "#e88f86", "#b8384a", "#5a1a33")),
    (0.36, 0.79, 0.105, ("#f8e0c4", "#f0a878", "#c9583f", "#6a2a2f")),
    (0.62, 0.82, 0.075, ("#d9dcf0", "#7f7fb8", "#4a3f7f", "#221c40")),
    (0.84, 0.8, 0.095, ("#f2e2b0", "#cfa860", "#8f6436", "#45301f")),
)
"""Where each fruit lies (x, y, radius) and its colours from light to shade."""


def bouquet(seed: int, wall: Sequence[str], table: Sequence[str], blooms: Sequence[Sequence[str]]) -> Rgb:
    """Flowers in a vase before a wall: each of ``blooms`` is a ramp from a flower's heart to its rim."""
    y, x = grid()
    random = np.random.default_rng(seed)
    picture = shade(np.clip(0.2 + 0.6 * x + 0.6 * (noise(seed, 4, 4) - 0.5), 0, 1), *wall)
    picture = mix(
        picture,
        shade(np.clip(0.4 + 0.7 * x + 0.3 * (noise(seed + 1, 5, 3) - 0.5), 0, 1), *table),
        step(y - 0.8, 0, 0.006),
    )
    half = 0.09 + 0.06 * np.sin(np.clip((y - 0.58) / 0.33, 0, 1) * 3.0)
    across = (x - 0.5) / half
    vase = step(1 - np.abs(across), 0, 0.04) * step(y, 0.58, 0.006) * step(0.91 - y, 0, 0.006)
    picture = mix(picture, shade(np.clip(0.5 + 0.5 * across, 0, 1), *JUG), vase)
    for _ in range(60):
        turn, far = random.uniform(0, 2 * np.pi), random.uniform(0.1, 0.34)
        cy, cx, lean = 0.38 + 0.8 * far * np.sin(turn), 0.5 + 1.15 * far * np.cos(turn), random.uniform(0, np.pi)
        along_leaf = np.cos(lean) * (x - cx) + np.sin(lean) * (y - cy)
        beside = -np.sin(lean) * (x - cx) + np.cos(lean) * (y - cy)
        leaf = step(1 - np.hypot(along_leaf / 0.09, beside / 0.022), 0, 0.1)
        tone = np.clip(random.uniform(0.1, 0.7) + 6 * beside, 0, 1)
        picture = mix(picture, shade(tone, "#a9bf63", "#5f8a45", "#2f5f3f", "#173a33"), leaf)
    for place in _spread(random, 13, 0.125):
        cy, cx = 0.36 + 0.27 * place[0], 0.5 + 0.36 * place[1]
        radius = random.uniform(0.075, 0.115)
        ramp = blooms[int(random.integers(len(blooms)))]
        angle, far = np.arctan2(y - cy, x - cx), np.hypot((y - cy) * random.uniform(1, 1.25), x - cx) / radius
        petals = 0.82 + 0.18 * np.abs(np.cos(random.integers(3, 6) * angle + random.uniform(0, 3)))
        tone = np.clip(far + 0.16 * np.cos(11 * angle + 5 * far) + 0.18 * (x - cx + y - cy) / radius, 0, 1)
        picture = mix(picture, picture * 0.55, 0.6 * np.exp(-((np.hypot(x - cx - 0.02, y - cy - 0.03) / radius) ** 4)))
        picture = mix(picture, shade(tone, *ramp), step(petals - far, 0, 0.05))
    return picture


def _spread(random: np.random.Generator, count: int, apart: float) -> list[NDArray[np.float64]]:
    """Points of the unit disc, the farther ``apart`` the fewer fit."""
    found: list[NDArray[np.float64]] = []
    for _ in range(4000):
        point = random.uniform(-1, 1, 2)
        if np.hypot(*point) < 1 and all(np.hypot(*((point - other) * (0.27, 0.36))) > apart for other in found):
            found.append(point)
    return found[:count]
