"""Styles of painters and draughtsmen: brush, pen, knife, chalk."""

from __future__ import annotations

import numpy as np
import skimage.data
from PIL import Image, ImageDraw
from scipy import ndimage
from tools import (
    SIDE,
    Grey,
    Rgb,
    along,
    bouquet,
    brushed,
    color,
    grid,
    landscape,
    lit,
    luma,
    mix,
    noise,
    paper,
    shade,
    smeared,
    soft,
    step,
    steps,
    still_life,
    stretched,
    warped,
)  # fmt: skip

DAY = (("#3f7fb5", "#8fbcd8", "#f6e3c0", "#f7d9a0"), ("#8aa0b8", "#6f9a7a", "#4e7a3f", "#2f5a2c"))
EVENING_LAND = ("#a89cc4", "#e8b48a", "#d98a6a", "#8fb060", "#3f7a5f", "#2a3a68")


def photo(name: str) -> Rgb:
    """A public domain photo of scikit-image, cut to a square."""
    image = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(square, float) / 255


def impasto() -> Rgb:
    motif = bouquet(
        7,
        ("#8fc4b8", "#5f9f9f", "#3a6f86", "#27486a"),
        ("#e0a860", "#b8763f", "#7a4a33"),
        (
            ("#6f3a1f", "#e0902a", "#f7c93f", "#fbe48a"),
            ("#8f2f3a", "#d95a5f", "#f4a08f", "#fbdccb"),
            ("#c9a04a", "#f4ead0", "#fbf6e6", "#dfe4e8"),
            ("#3a2a5f", "#6a5fae", "#a9a4dc", "#d9d6ef"),
        ),
    )
    # Thick paint is laid on with few wide strokes: narrow ones would be read as grain.
    flow = 0.8 * along(motif, 12) + 0.7 * (noise(5, 2, 2) - 0.5)
    painted, relief = brushed(motif, flow, (58, 38, 24), seed=1, stretch=2.6, jitter=0.045, cover=2.6, detail=0.05)
    ridges = soft(relief, 1.6) + 0.5 * (luma(painted) - 0.5)
    return np.clip(painted * lit(ridges, 2.2)[..., None], 0, 1)


def swirls() -> Rgb:
    y, x = grid()
    dy, dx = np.zeros_like(y), 0.35 + np.zeros_like(y)
    for cy, cx, turn, wide in (
        (0.28, 0.42, 1.0, 0.16),
        (0.36, 0.68, -0.9, 0.12),
        (0.2, 0.82, 0.8, 0.1),
        (0.16, 0.12, -0.7, 0.1),
    ):
        ry, rx = y - cy, x - cx
        pull = turn * np.exp(-(ry**2 + rx**2) / (2 * wide**2)) / wide
        dy += pull * rx
        dx -= pull * ry
    angle = np.arctan2(dy, dx)
    streaks = stretched(smeared(np.random.default_rng(3).random((SIDE, SIDE)), angle, 26))
    sky = shade(stretched(0.55 * noise(8, 4, 4) + 0.6 * streaks), "#12265c", "#1f4a96", "#4f8cc4", "#b9d8dc")
    for cy, cx, wide in (
        (0.28, 0.42, 0.05),
        (0.36, 0.68, 0.035),
        (0.2, 0.82, 0.06),
        (0.16, 0.12, 0.035),
        (0.09, 0.55, 0.025),
        (0.45, 0.2, 0.03),
        (0.5, 0.9, 0.025),
    ):
        far = np.hypot(y - cy, x - cx)
        rings = 0.75 + 0.25 * np.cos(far / wide * 6)
        sky = mix(
            sky,
            shade(np.clip(far / wide / 2.4, 0, 1), "#fff4c0", "#f4c53a", "#e0a52a"),
            np.clip(1.5 * np.exp(-((far / wide) ** 2) / 2.2) * rings, 0, 1),
        )
    ridge = 0.66 + 0.12 * (noise(21, 3, 4)[:1] - 0.5)
    hills = shade(stretched(noise(22, 6, 4)), "#0d1b33", "#1d3f5a", "#2f6a5e")
    motif = mix(sky, hills, step(y - ridge, 0, 0.008))
    angle = np.where(y > ridge, 0.5 * np.sin(x * 9), angle)
    painted, relief = brushed(motif, angle, (16, 10, 7), seed=4, stretch=4.6, jitter=0.05, cover=2.8, detail=0.03)
    return painted * lit(relief, 2.0)[..., None]


def watercolour() -> Rgb:
    motif = still_life(12, ("#fbf3e2", "#cfe0e4", "#8fb4cc", "#6f86ac"), ("#f0d9b4", "#d9a878", "#b5784f"))
    dy, dx = 22 * (noise(31, 9, 4) - 0.5), 22 * (noise(32, 9, 4) - 0.5)
    motif = warped(motif, dy, dx)
    # Glazes: each tone is a wash of its own with a rim where its pigment dried.
    levels = 7
    smooth = soft(motif, 4)
    tone = luma(smooth)
    flat = soft(np.clip(smooth + (np.round(tone * levels) / levels - tone)[..., None], 0, 1), 1.2)
    edges = np.hypot(*np.gradient(luma(flat)))
    wet = soft(edges, 1.2) * 7
    pools = noise(33, 5, 6, gain=0.65)
    blooms = np.abs(noise(37, 7, 4) - 0.5)
    grain = paper(34)
    thickness = np.clip(1.05 + 0.9 * (pools - 0.5) + wet + 0.35 * (0.12 - blooms) + 0.07 * grain, 0.25, 2.4)
    vivid = np.clip(luma(flat)[..., None] + 1.25 * (flat - luma(flat)[..., None]), 0.02, 1)
    washed = vivid ** thickness[..., None]
    bare = step(noise(35, 6, 6), 0.88, 0.06)
    rim = step(
        np.minimum.reduce([*grid(), 1 - grid()[0], 1 - grid()[1]]) + 0.03 * (noise(36, 14, 4) - 0.5), 0.03, 0.012
    )
    sheet = color("#faf6ec") * (1 + 0.012 * grain[..., None])
    return mix(sheet, washed, rim * (1 - 0.85 * bare))


def ink_wash() -> Rgb:
    y, _ = grid()
    sheet = color("#efe8d8") * (1 + 0.015 * paper(41)[..., None] + 0.05 * (noise(42, 4, 3)[..., None] - 0.5))
    ink = np.zeros_like(y)
    for layer in range(5):
        depth = (layer + 1) / 5
        jag = noise(50 + layer, 2 + layer, 7, gain=0.55)[:1]
        line = 0.15 + 0.72 * depth - 0.32 * (jag - 0.3) * (1.1 - 0.4 * depth)
        below = y - line
        body = step(below, 0, 0.004) * np.exp(-np.clip(below, 0, 1) * (7 - 4 * depth))
        strokes = smeared(
            np.random.default_rng(60 + layer).random((SIDE, SIDE)), 1.35 + 0.9 * (noise(70 + layer, 8, 4) - 0.5), 12
        )
        dry = 0.7 + 0.9 * (stretched(strokes) - 0.35)
        ink = np.maximum(ink * (1 - 0.5 * step(below, 0, 0.02)), np.clip(1.25 * depth**1.2 * body * dry, 0, 1))
    picture = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(picture)
    random = np.random.default_rng(9)

    def branch(px: float, py: float, heading: float, width: float) -> None:
        for _ in range(int(random.integers(5, 9))):
            heading += random.normal(0, 0.22)
            qx, qy = px + np.cos(heading) * width * 2.6, py + np.sin(heading) * width * 2.6
            pen.line([(px, py), (qx, qy)], fill=245, width=max(1, int(width)))
            pen.ellipse([qx - width / 2, qy - width / 2, qx + width / 2, qy + width / 2], fill=245)
            px, py = qx, qy
            width *= 0.9
            if width > 1.6 and random.random() < 0.5:
                branch(px, py, heading + random.choice([-0.8, 0.8]), width * 0.62)
        if width < 4:
            for _ in range(9):
                ox, oy = random.normal(0, 14, 2)
                r = random.uniform(1.5, 4.5)
                pen.ellipse(
                    [px + ox - r, py + oy - r / 1.6, px + ox + r, py + oy + r / 1.6],
                    fill=int(random.integers(120, 235)),
                )

    branch(SIDE * 0.86, SIDE * 1.0, -2.0, 24)
    branch(SIDE * 0.8, SIDE * 1.0, -1.75, 15)
    tree = soft(
        warped(np.asarray(picture, float) / 255, 5 * (noise(80, 40, 2) - 0.5), 5 * (noise(81, 40, 2) - 0.5)), 0.8
    )
    ink = np.maximum(ink, tree * (0.8 + 0.3 * (noise(82, 20, 3) - 0.5)))
    return mix(sheet, np.ones_like(sheet) * color("#17181c"), np.clip(ink, 0, 0.96))


def _hatched(tone: Grey, angles: tuple[Grey | float, ...], period: float, seed: int) -> Grey:
    """Ink of layers of parallel lines, the darker the more layers and the wider the lines."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    ink = np.zeros_like(tone)
    wobble = 5 * (noise(seed, 10, 3) - 0.5)
    pressure = noise(seed + 1, 50, 2)
    for number, angle in enumerate(angles):
        phase = (np.cos(angle) * y - np.sin(angle) * x + wobble) / period
        line = np.abs((phase + 0.13 * number) % 1 - 0.5) * 2
        dark = 1 - tone
        width = np.clip(dark * (len(angles) + 0.6) - number, 0, 1) * (0.45 + 0.45 * pressure)
        ink = np.maximum(ink, np.clip((width - line) * period / 2.2, 0, 1))
    return ink


def pen() -> Rgb:
    motif = still_life(17, ("#ffffff", "#e0e0e0", "#909090", "#606060"), ("#f8f8f8", "#c0c0c0", "#808080"))
    tone = stretched(luma(motif) + 0.12 * (noise(18, 10, 5) - 0.5)) ** 0.7
    ink = _hatched(tone, (0.7, 2.3, 1.45, 0.1), 9, 100)
    outline = step(np.hypot(*np.gradient(soft(luma(motif), 1.2))), 0.02, 0.02)
    ink = np.maximum(ink, outline * (0.6 + 0.4 * noise(19, 60, 2)))
    sheet = color("#f4eddc") * (1 + 0.01 * paper(101)[..., None])
    return mix(sheet, np.ones_like(sheet) * color("#1d2433"), soft(ink, 0.6))


def engraving() -> Rgb:
    grey = soft(luma(photo("astronaut")), 2.2)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    bump = soft(grey, 9) * 70
    tone = stretched(ndimage.gaussian_filter(grey, 0.6), 2, 98) ** 0.9
    ink = np.zeros_like(tone)
    for number, (angle, start) in enumerate(((0.35, 0.0), (1.25, 0.42), (-0.5, 0.7))):
        phase = (np.cos(angle) * y - np.sin(angle) * x + bump) / 7.4
        line = np.abs(phase % 1 - 0.5) * 2
        width = np.clip((1 - tone - start) / (1 - start), 0, 1) * (0.95 if number == 0 else 0.7)
        ink = np.maximum(ink, np.clip((width - line) * 3.4, 0, 1))
    sheet = color("#f2ead6") * (1 + 0.01 * paper(111)[..., None])
    return mix(sheet, np.ones_like(sheet) * color("#2b2118"), soft(ink, 0.7))


def woodcut() -> Rgb:
    # Planks of black and paper, and between them gouge marks that follow the form and taper towards the light.
    image = photo("astronaut")
    grey = stretched(soft(luma(image), 3), 2, 98)
    flow = along(image, 14)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    bump = soft(grey, 16) * 150
    phase = (0.55 * y + 0.84 * x + bump + 8 * noise(26, 5, 3)) / 17
    line = np.abs(phase % 1 - 0.5) * 2
    tone = np.clip((grey - 0.2) / 0.5, 0, 1)
    chipped = 0.12 * (smeared(np.random.default_rng(27).random((SIDE, SIDE)), flow, 8) - 0.5)
    cut = step(tone * 1.2 - line - 0.06 + chipped, 0.0, 0.14)
    edges = step(np.hypot(*np.gradient(soft(luma(image), 2.5))), 0.022, 0.012)
    cut = np.minimum(cut, 1 - edges)
    wood = smeared(np.random.default_rng(28).random((SIDE, SIDE)), np.zeros((SIDE, SIDE)), 40)
    black = color("#15110f") * (1 + 0.9 * (stretched(wood) - 0.5)[..., None])
    sheet = color("#f3e9d4") * (1 + 0.012 * paper(29)[..., None])
    warmth = soft(image[..., 0] - image[..., 2], 5)
    red = np.ones_like(sheet) * color("#cf3b22") * (1 + 0.25 * (stretched(wood) - 0.5)[..., None])
    sheet = mix(sheet, red, step(warmth, 0.3, 0.06))
    return mix(np.clip(black, 0, 1), sheet, cut)


def pointillism() -> Rgb:
    motif = landscape(6, ("#6f9fd8", "#f2c9cf", "#fbe0b0"), EVENING_LAND, sun="#fff1b0", layers=6)
    random = np.random.default_rng(7)
    canvas = Image.new("RGB", (SIDE, SIDE), "#efe6d2")
    pen = ImageDraw.Draw(canvas)
    blurred = soft(motif, 3)
    for size, count in ((9, 5200), (6.5, 12000), (5, 15000)):
        for y, x in random.uniform(0, SIDE, (count, 2)):
            tint = blurred[int(y), int(x)]
            grey = tint.mean()
            tint = grey + (tint - grey) * 1.7
            turn = random.normal(0, 0.13, 3)
            if random.random() < 0.2:
                tint = 1 - tint * 0.9  # complementary dots make the others glow
                tint = 0.6 * tint + 0.4 * blurred[int(y), int(x)]
            r = size / 2 * random.uniform(0.8, 1.15)
            fill = tuple(int(v) for v in np.clip((tint + turn) * 255, 0, 255))
            pen.ellipse([x - r, y - r, x + r, y + r], fill=fill)
    return np.asarray(canvas, float) / 255


def crayon() -> Rgb:
    motif = landscape(
        44, ("#4aa3df", "#9fd3f0", "#d9f0fa"), ("#f5c242", "#7cbf3f", "#3f9a4a", "#e8553d"), sun="#ffd21f"
    )
    grain = paper(45, 1.3)
    sheet = color("#fbf8f0") * (1 + 0.01 * grain[..., None])
    result = sheet
    for number, angle in enumerate((0.9, -0.5, 0.25)):
        strokes = smeared(
            np.random.default_rng(46 + number).random((SIDE, SIDE)), angle + 0.7 * (noise(48 + number, 4, 2) - 0.5), 16
        )
        body = stretched(strokes) + 0.14 * grain
        tinted = np.clip(
            soft(motif, 6) * (1.02 - 0.1 * number) + 0.12 * (noise(52 + number, 6, 3)[..., None] - 0.5), 0, 1
        )
        result = mix(result, tinted, 0.92 * step(body, 0.5, 0.16))
    line = step(np.hypot(*np.gradient(soft(luma(motif), 2))), 0.012, 0.012)
    dark = warped(line, 6 * (noise(54, 12, 2) - 0.5), 6 * (noise(55, 12, 2) - 0.5)) * step(grain, -0.4, 0.9)
    return mix(result, np.ones_like(result) * color("#27345e"), 0.85 * dark)


def pastel() -> Rgb:
    motif = still_life(61, ("#c9b8d8", "#8f7fb0", "#4f4a7f", "#2a2748"), ("#f2c9a0", "#c98a6a", "#7a4a5a"))
    grain = paper(62, 1.4)
    sheet = color("#8a6f6a") * (1 + 0.04 * grain[..., None])
    result = mix(sheet, soft(motif, 9), np.full_like(grain, 0.55))
    # Sticks of chalk: long strokes of one colour each, that leave the paper's valleys bare.
    flow = along(motif, 10)
    for number, (length, blur) in enumerate(((30, 7.0), (20, 3.5), (12, 1.5))):
        turned = flow + 0.5 * (noise(63 + number, 4, 3) - 0.5) + (0.35, -0.3, 0.0)[number]
        strokes = stretched(smeared(np.random.default_rng(64 + number).random((SIDE, SIDE)), turned, length))
        tinted = np.clip(soft(motif, blur) * 1.08 + 0.3 * (strokes - 0.5)[..., None], 0, 1)
        result = mix(result, tinted, 0.94 * step(strokes + 0.1 * grain, 0.36 + 0.07 * number, 0.3))
    return result


def charcoal() -> Rgb:
    grey = stretched(soft(luma(photo("chelsea")), 2.5), 1, 99)
    grain = paper(72, 1.2)
    flow = along(photo("chelsea"), 9)
    strokes = stretched(smeared(np.random.default_rng(73).random((SIDE, SIDE)), flow, 18))
    dark = np.clip((1 - grey) * 1.35 - 0.12, 0, 1)
    laid = step(dark * 1.15 + 0.55 * (strokes - 0.5) + 0.13 * grain, 0.5, 0.45)
    smudge = soft(dark, 10) * 0.35
    sheet = color("#ece6da") * (1 + 0.015 * grain[..., None])
    return mix(sheet, np.ones_like(sheet) * color("#1b1a1a"), np.clip(np.maximum(laid * 0.95, smudge), 0, 1))


def gouache() -> Rgb:
    # Opaque and matt: few tones a thing, each laid beside the other with a wide brush, its rim dry here and there.
    motif = still_life(81, ("#f7e3c4", "#f0b79a", "#d97f86"), ("#3f6f86", "#2c4f70", "#22365a"))
    tones = soft(ndimage.median_filter(np.round(soft(motif, 3) * 5) / 5, (15, 15, 1)), 1.5)
    flow = along(motif, 16) + 0.6 * (noise(82, 2, 2) - 0.5)
    painted, relief = brushed(
        0.65 * tones + 0.35 * motif, flow, (64, 40, 22), seed=83, stretch=2.4, jitter=0.016, cover=3, detail=0.06
    )
    matt = soft(painted, 1.0)
    return np.clip(matt * (lit(soft(relief, 1.2), 0.35) + 0.01 * paper(84, 1.2))[..., None], 0, 1)


def palette_knife() -> Rgb:
    motif = landscape(
        91, ("#264f8c", "#4f93c4", "#f5e6c8", "#f2b56a"), ("#3f7f9f", "#1f5f6a", "#e0b04a", "#a8352a", "#2a1f2a")
    )
    angle = 1.5 * (noise(92, 4, 2) - 0.5) + np.where(noise(93, 5, 2) > 0.5, 0.2, 1.4)
    painted, relief = brushed(
        motif, angle, (60, 38, 24), seed=94, stretch=1.7, jitter=0.1, cover=3.4, bend=0.2, detail=0.03
    )
    return painted * lit(relief, 1.6)[..., None]


def cubist() -> Rgb:
    image = photo("coffee")
    random = np.random.default_rng(12)
    y, x = grid()
    result = shade(stretched(0.5 * luma(image) + 0.5 * noise(13, 3, 3)), "#2a211c", "#7a5a3a", "#b8925a", "#dfc79a")
    edges = np.zeros((SIDE, SIDE))
    for _ in range(46):
        cy, cx, turn, wide = (
            random.uniform(0, 1),
            random.uniform(0, 1),
            random.uniform(0, np.pi),
            random.uniform(0.08, 0.3),
        )
        a = np.cos(turn) * (y - cy) + np.sin(turn) * (x - cx)
        b = -np.sin(turn) * (y - cy) + np.cos(turn) * (x - cx)
        slant = random.uniform(-0.6, 0.6)
        inside = (np.abs(a + slant * b) < wide) & (np.abs(b) < wide * random.uniform(0.5, 1.2))
        moved = np.roll(image, (int(random.normal(0, 60)), int(random.normal(0, 60))), (0, 1))
        tone = stretched(
            luma(moved) * random.uniform(0.5, 1.0) + 0.9 * (a / wide if random.random() < 0.5 else b / wide)
        )
        ramp = [
            ("#1a1210", "#8a5a2a", "#f2d48f"),
            ("#10222a", "#3f7f86", "#eef0dc"),
            ("#3a0f0a", "#c2502a", "#ffdfa0"),
            ("#0f1420", "#3a5a8a", "#d8d8d0"),
        ][int(random.integers(4))]
        result = mix(result, shade(tone, *ramp), inside * 0.82)
        rim = inside & ~ndimage.binary_erosion(inside, iterations=4)
        edges = np.maximum(edges * (1 - 0.3 * inside), rim * random.uniform(0.7, 1))
    strokes = stretched(smeared(random.random((SIDE, SIDE)), 0.6 + 1.6 * (noise(15, 5, 2) - 0.5), 14))
    result = result * (1 + 0.28 * (strokes - 0.5))[..., None]
    return mix(np.clip(result, 0, 1), np.ones_like(result) * color("#1a1412"), soft(edges, 0.7) * 0.9)


def poster() -> Rgb:
    motif = landscape(
        29,
        ("#f2e3c2", "#f2b441", "#e8743a", "#c93a36"),
        ("#1f6f78", "#174f66", "#12354f", "#0d1f33"),
        sun="#fff3d0",
        layers=6,
    )
    tone = luma(soft(motif, 1.5))
    flat = steps(stretched(tone), "#0d1f33", "#174f66", "#1f8a8a", "#e8743a", "#f2b441", "#f7e8c8")
    return soft(flat, 0.8) * (1 + 0.02 * paper(30)[..., None])
