"""Styles of crafts and of nature: glass, stone, cloth, print, paper, sky."""

from __future__ import annotations

import numpy as np
from painted import DAY, photo
from PIL import Image, ImageDraw
from tools import (
    SIDE,
    Rgb,
    along,
    bouquet,
    cell_means,
    cells,
    color,
    grid,
    landscape,
    lit,
    luma,
    mix,
    noise,
    paper,
    scattered,
    shade,
    smeared,
    soft,
    step,
    steps,
    stretched,
    warped,
)  # fmt: skip


def marbling() -> Rgb:
    """Drops of colour, combed: every drop pushes aside what is there (Lu et al. 2012, mathematical marbling)."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE * 1.0
    # Backwards from the finished sheet to the drops: first the combs, the last one first.
    for axis, period, pull, sharp in ((0, 0.11, 0.09, 0.018), (1, 0.16, 0.16, 0.03), (0, 0.33, 0.12, 0.06)):
        along_, across = (y, x) if axis == 0 else (x, y)
        comb = sum(np.exp(-np.abs((across % period) - period / 2) / sharp) for _ in range(1))
        moved = along_ - pull * comb + 0.02 * np.sin(across * 25)
        y, x = (moved, x) if axis == 0 else (y, moved)
    random = np.random.default_rng(5)
    inks = [color(name) for name in ("#12284f", "#f3e9d2", "#b5322c", "#e3a93c", "#1f6f74", "#f7f1e3", "#2a4f8a")]
    drops = [
        (
            random.uniform(-0.2, 1.2),
            random.uniform(-0.2, 1.2),
            random.uniform(0.07, 0.16),
            int(random.integers(len(inks))),
        )
        for _ in range(150)
    ]
    ink = np.full((SIDE, SIDE), -1)
    for cy, cx, r, number in reversed(drops):
        dy, dx = y - cy, x - cx
        far = np.hypot(dy, dx)
        hit = (far < r) & (ink < 0)
        ink[hit] = number
        scale = np.sqrt(np.maximum(1 - (r / np.maximum(far, 1e-6)) ** 2, 0))
        y, x = np.where(far > r, cy + dy * scale, y), np.where(far > r, cx + dx * scale, x)
    picture = np.array([*inks, color("#12284f")])[ink]
    return soft(picture, 0.9) * (1 + 0.015 * paper(6)[..., None])


def agate() -> Rgb:
    field = noise(11, 2, 6, gain=0.5)
    field = warped(field, 90 * (noise(12, 3, 4) - 0.5), 90 * (noise(13, 3, 4) - 0.5))
    bands = 0.5 + 0.5 * np.sin(field * 75 + 3 * noise(14, 20, 3))
    slow = stretched(0.7 * field + 0.3 * noise(15, 3, 4))
    stone = shade(slow, "#0f2f3f", "#1f7a80", "#8fcfc4", "#f4ead6", "#d98a4a", "#7a2f2a", "#2a1626")
    stone = stone * (0.72 + 0.42 * bands)[..., None]
    glitter = step(noise(16, 120, 2), 0.9, 0.1) * step(slow, 0.75, 0.1)
    return np.clip(mix(stone, np.ones_like(stone), 0.5 * glitter) * lit(soft(bands, 1), 0.25)[..., None], 0, 1)


def mosaic() -> Rgb:
    motif = bouquet(
        11,
        ("#f0dcae", "#e2bd72", "#c9984a"),
        ("#3f7f8f", "#245a72", "#163a55"),
        (
            ("#f2d48f", "#e07a4a", "#b8382f", "#7a1f2a"),
            ("#f4ead2", "#f4c9b0", "#e0907a", "#b85a58"),
            ("#f7e6a0", "#8fb8d0", "#3f7fae", "#1f4a80"),
        ),
    )
    index, _near, edge = cells(scattered(72, 2900, 7), power=2)
    tint = cell_means(motif, index)
    random = np.random.default_rng(73)
    tint = np.clip(tint * (1 + random.normal(0, 0.12, (len(tint), 1))) + random.normal(0, 0.03, tint.shape), 0, 1)
    gold = random.random(len(tint)) < 0.07
    tint[gold] = color("#e8c25a")
    stones = tint[index]
    tilt = random.normal(0, 0.09, len(tint))[index]
    dome = lit(soft(np.clip(edge, 0, 6), 1) / 6, 0.55)
    stones = stones * (dome + tilt + 0.05 * (noise(74, 90, 2) - 0.5))[..., None]
    return np.clip(mix(np.ones_like(stones) * color("#3a332c"), stones, step(edge, 2.6, 1.6)), 0, 1)


def stained_glass() -> Rgb:
    y, x = grid()
    random = np.random.default_rng(82)
    points = scattered(81, 190, 2)
    far = np.hypot(y - 0.5, x - 0.5)
    index, _, edge = cells(points)
    hue = np.array(
        [
            color(name)
            for name in (
                "#0f3f9f",
                "#1f7fc4",
                "#b5122a",
                "#e86a12",
                "#f7c21f",
                "#1f8f4f",
                "#6f1f8f",
                "#0f6f7f",
                "#f2e6b0",
            )
        ]
    )
    centre = np.hypot(points[:, 0] / SIDE - 0.5, points[:, 1] / SIDE - 0.5)
    ring = np.clip((centre * 9 + random.normal(0, 0.9, len(points))).astype(int), 0, 8)
    order = np.array([4, 3, 2, 4, 1, 0, 6, 1, 5])
    panes = hue[order[ring]][index]
    glow = 0.62 + 0.55 * noise(83, 9, 5) + 0.35 * np.exp(-far * 3)
    streak = stretched(smeared(random.random((SIDE, SIDE)), np.full((SIDE, SIDE), 0.4), 24))
    panes = np.clip(panes * (glow + 0.2 * (streak - 0.5))[..., None], 0, 1)
    rings = np.min([np.abs(far - r) for r in (0.16, 0.33, 0.47)], 0) * SIDE
    lead = np.minimum(edge, rings * 1.4)
    metal = color("#15151a") * (1 + 1.8 * np.clip(lit(soft(np.clip(lead, 0, 5), 1), 0.25) - 1, 0, 1)[..., None])
    return np.clip(mix(metal, panes, step(lead, 5.2, 1.8)), 0, 1)


def batik() -> Rgb:
    y, x = grid()
    u, v = x * 5, y * 5
    petals = np.zeros_like(x)
    for shift in (0.0, 0.5):
        cy, cx = (v + shift) % 1 - 0.5, (u + shift) % 1 - 0.5
        far, turn = np.hypot(cy, cx), np.arctan2(cy, cx)
        flower = far / (0.24 + 0.12 * np.cos(turn * (8 if shift else 6)))
        petals = np.maximum(petals, np.where(flower < 1.15, 0.5 + 0.5 * np.cos(flower * 11), 0))
        petals = np.maximum(petals, step(0.05 - far, 0, 0.01))
    dots = np.hypot((u * 4) % 1 - 0.5, (v * 4) % 1 - 0.5)
    petals = np.maximum(petals, 0.9 * step(0.17 - dots, 0, 0.05))
    wax = warped(petals, 7 * (noise(3, 25, 3) - 0.5), 7 * (noise(4, 25, 3) - 0.5))
    crackle = np.zeros_like(x)
    for seed, count in ((5, 70), (6, 260)):
        _index, _, edge = cells(np.random.default_rng(seed).uniform(0, SIDE, (count, 2)))
        edge = warped(edge, 22 * (noise(seed + 9, 12, 4) - 0.5), 22 * (noise(seed + 19, 12, 4) - 0.5))
        crackle = np.maximum(crackle, step(2.0 - edge, 0, 2.2) * (0.9 if count < 100 else 0.5))
    dye = shade(stretched(noise(8, 5, 6, gain=0.6)), "#0f1f4a", "#1c3a7a", "#2f5aa0")
    cloth = mix(dye, np.ones_like(dye) * color("#f0e4c8"), step(wax, 0.5, 0.2))
    rust = step(wax, 0.86, 0.08)
    cloth = mix(cloth, np.ones_like(dye) * color("#b5652a"), 0.85 * rust)
    cloth = mix(cloth, np.ones_like(dye) * color("#13244f"), crackle * step(wax, 0.3, 0.3) * 0.85)
    yy, xx = np.mgrid[0:SIDE, 0:SIDE]
    weave = 0.5 + 0.25 * (np.sin(yy * 1.6) + np.sin(xx * 1.6))
    return np.clip(cloth * (0.9 + 0.16 * weave)[..., None], 0, 1)


def halftone() -> Rgb:
    image = photo("rocket")
    grey = stretched(luma(soft(image, 2)), 2, 98)
    flat = shade(stretched(0.75 * grey + 0.35 * noise(9, 2, 2)), "#1f2f8f", "#e8322f", "#f7c71f", "#fdf3d8")
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    result = np.ones((SIDE, SIDE, 3)) * color("#fdf6e3")
    inks = ("#00a3dd", "#e6197f", "#ffdf1f", "#15151a")
    darkest = 1 - flat.max(-1)
    parts = [*(np.clip(1 - flat[..., c] - 0.6 * darkest, 0, 1) for c in range(3)), darkest * 1.1]
    for ink, part, angle in zip(inks, parts, np.radians((15, 75, 0, 45)), strict=True):
        u = (np.cos(angle) * x + np.sin(angle) * y) / 11
        v = (-np.sin(angle) * x + np.cos(angle) * y) / 11
        dot = np.hypot(u % 1 - 0.5, v % 1 - 0.5)
        covered = step(np.sqrt(soft(part, 3)) * 0.72 - dot, 0, 0.1)
        result = result * (1 - covered[..., None] * (1 - color(ink)))
    line = step(np.hypot(*np.gradient(soft(grey, 1.5))), 0.035, 0.02)
    return mix(result, np.ones_like(result) * color("#15151a"), line)


def nebula() -> Rgb:
    a = warped(noise(31, 3, 7, gain=0.55), 120 * (noise(32, 3, 5) - 0.5), 120 * (noise(33, 3, 5) - 0.5))
    b = warped(noise(34, 4, 7, gain=0.55), 100 * (noise(35, 4, 5) - 0.5), 100 * (noise(36, 4, 5) - 0.5))
    sky = shade(a**1.3, "#03040c", "#1a1240", "#5a1f6f", "#d8467a", "#ffb37a", "#fff0d8")
    sky = mix(sky, shade(b, "#03040c", "#0f3f5f", "#2fb0b5", "#d8fff0"), np.clip(b * 1.4 - 0.65, 0, 1))
    sky *= (1 - 0.75 * step(noise(37, 5, 6), 0.7, 0.25))[..., None] + 0.05
    random = np.random.default_rng(38)
    stars = np.zeros((SIDE, SIDE))
    for count, size, bright in ((1700, 0.9, 3.0), (150, 1.7, 14), (16, 3.0, 60)):
        layer = np.zeros_like(stars)
        layer[tuple(random.integers(0, SIDE, (2, count)))] = random.uniform(0.4, 1, count) * bright
        stars += soft(layer, size)
    return np.clip(sky + stars[..., None] * np.array([1.0, 0.96, 0.9]), 0, 1)


def cut_paper() -> Rgb:
    tints = ("#f4efe2", "#1f5fa8", "#e2462f", "#f2b632", "#2f8f5f", "#14213d", "#f08fa8", "#6fb7c9")
    result = np.ones((SIDE, SIDE, 3)) * color("#f4efe2")
    y, x = grid()
    random = np.random.default_rng(54)
    for number in range(30):
        cy, cx, size = random.uniform(0, 1), random.uniform(0, 1), random.uniform(0.07, 0.2)
        turn = np.arctan2(y - cy, x - cx) + random.uniform(0, 6)
        lobes = int(random.integers(3, 9))
        outline = size * (1 + 0.45 * np.cos(turn * lobes) * random.choice([1, 0.3]) + 0.25 * np.sin(turn * 2 + number))
        inside = step(outline - np.hypot(y - cy, (x - cx) * random.uniform(0.7, 1.3)), 0, 0.004)
        shadow = soft(np.roll(inside, (5, 4), (0, 1)), 4)
        result = result * (1 - 0.35 * shadow * (1 - inside))[..., None]
        sheet = color(tints[int(random.integers(len(tints)))]) * (1 + 0.02 * paper(100 + number, 0.8)[..., None])
        strokes = (
            smeared(random.random((SIDE, SIDE)), np.full((SIDE, SIDE), random.uniform(0, 3)), 14)
            if number % 3 == 0
            else None
        )
        if strokes is not None:
            sheet = sheet * (1 + 0.12 * (stretched(strokes) - 0.5))[..., None]
        result = mix(result, sheet, inside)
    return np.clip(result, 0, 1)


def waves() -> Rgb:
    """Woodblock sea: bands of blue with dark outlines and claws of foam."""
    y, x = grid()
    sky = shade(np.clip(y * 1.6, 0, 1), "#d8c7a0", "#efe2c4", "#f2e8d2")
    result, ink = sky, np.zeros_like(y)
    for layer in range(7):
        depth = layer / 6
        base = 0.3 + 0.62 * depth
        crest = 0.11 * np.sin(x * (9 - 3 * depth) + layer * 2.1) + 0.05 * np.sin(x * 23 + layer)
        curl = 0.045 * (noise(60 + layer, 10, 4) - 0.5)
        below = warped(y - base - crest, SIDE * curl, SIDE * 0.07 * np.sin(y * 16 + layer)) + 0.02 * (
            noise(70 + layer, 24, 3) - 0.5
        )
        inside = step(below, 0, 0.004)
        bands = np.clip(below / 0.16, 0, 0.999)
        body = steps(bands, "#f5efdf", "#9fc4cf", "#4f8fb5", "#1f5a94", "#16386f", "#102a57")
        lines = np.abs((below / 0.022 + 0.6 * noise(80 + layer, 9, 3)) % 1 - 0.5)
        result = mix(result, body, inside)
        ink = ink * (1 - inside)
        ink = np.maximum(ink, inside * step(0.1 - lines, 0, 0.08) * step(below, 0.02, 0.02) * 0.75)
        ink = np.maximum(ink, step(0.004 - np.abs(below), 0, 0.003))
    foam = noise(90, 46, 2)
    result = mix(
        result,
        np.ones_like(result) * color("#f7f2e4"),
        step(foam, 0.8, 0.04) * step(y, 0.3, 0.2) * step(noise(91, 4, 3), 0.5, 0.2),
    )
    result = mix(result, np.ones_like(result) * color("#0f1f3f"), soft(ink, 0.6))
    wood = smeared(np.random.default_rng(92).random((SIDE, SIDE)), np.zeros((SIDE, SIDE)), 40)
    return np.clip(result * (1 + 0.06 * (stretched(wood) - 0.5))[..., None], 0, 1)


def geometric() -> Rgb:
    canvas = Image.new("RGB", (SIDE * 2, SIDE * 2), "#efe4cc")
    random = np.random.default_rng(47)
    tints = ("#c8372d", "#1d3f78", "#e3b23c", "#16191f", "#3f7f78", "#d9785a", "#7f9fb8", "#f4efe2")
    for _ in range(44):
        layer = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        cx, cy, r = random.uniform(0, SIDE * 2), random.uniform(0, SIDE * 2), random.uniform(30, 260)
        tint = (
            *Image.new("RGB", (1, 1), tints[int(random.integers(len(tints)))]).getpixel((0, 0)),
            int(random.integers(150, 255)),
        )
        kind = random.integers(6)
        if kind == 0:
            pen.ellipse([cx - r, cy - r, cx + r, cy + r], fill=tint)
            pen.ellipse([cx - r * 0.6, cy - r * 0.6, cx + r * 0.6, cy + r * 0.6], fill=(*tint[:3][::-1], 230))
        elif kind == 1:
            pen.ellipse([cx - r, cy - r, cx + r, cy + r], outline=(22, 25, 31, 255), width=int(random.integers(4, 16)))
        elif kind == 2:
            turn = random.uniform(0, 6.3)
            pen.polygon(
                [(cx + r * np.cos(turn + k * 2.1), cy + r * np.sin(turn + k * 2.1)) for k in range(3)], fill=tint
            )
        elif kind == 3:
            turn = random.uniform(0, 3.1)
            dx, dy = np.cos(turn) * 900, np.sin(turn) * 900
            for k in range(int(random.integers(1, 5))):
                pen.line(
                    [(cx - dx + k * 22, cy - dy), (cx + dx + k * 22, cy + dy)],
                    fill=(22, 25, 31, 255),
                    width=int(random.integers(3, 9)),
                )
        elif kind == 4:
            turn = random.uniform(0, 6.3)
            a, b = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            corner = np.array([cx, cy])
            pen.polygon(
                [tuple(corner + s * a * r + t * b * r * 0.35) for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))],
                fill=tint,
            )
        else:
            step_ = r / 5
            for i in range(5):
                for j in range(3):
                    if (i + j) % 2:
                        pen.rectangle(
                            [cx + i * step_, cy + j * step_, cx + (i + 1) * step_, cy + (j + 1) * step_], fill=tint
                        )
        canvas.paste(Image.alpha_composite(canvas.convert("RGBA"), layer).convert("RGB"))
    image = np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.LANCZOS), float) / 255
    return np.clip(image * (1 + 0.05 * (noise(48, 5, 6)[..., None] - 0.5) + 0.022 * paper(49)[..., None]), 0, 1)


def neon() -> Rgb:
    field = warped(noise(21, 3, 4), 70 * (noise(22, 4, 3) - 0.5), 70 * (noise(23, 4, 3) - 0.5))
    lines = np.abs((field * 13) % 1 - 0.5)
    width = np.hypot(*np.gradient(field * 13)) + 1e-4
    core = np.exp(-((lines / (1.6 * width)) ** 2))
    hue = shade(noise(24, 2, 2), "#ff2fa0", "#8f4fff", "#1fb5ff", "#2fffc4", "#ffd23f")
    glow = soft(core, 4) * 1.7 + soft(core, 14) * 1.6
    night = shade(noise(25, 3, 4), "#05040f", "#0f0a24")
    return np.clip(night + hue * glow[..., None] + core[..., None] * 0.8, 0, 1)


def cyanotype() -> Rgb:
    # A print of a negative on paper that was coated with a wide brush, which shows at its rim.
    grey = stretched(soft(luma(photo("coffee")), 1.2), 1, 99)
    y, x = grid()
    rim = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)) + 0.035 * (noise(62, 9, 4) - 0.5)
    streaks = smeared(np.random.default_rng(65).random((SIDE, SIDE)), np.zeros((SIDE, SIDE)), 60)
    coated = step(rim + 0.012 * (stretched(streaks) - 0.5), 0.028, 0.006)
    tone = np.clip(grey + 0.10 * (noise(63, 5, 5) - 0.5) + 0.03 * paper(66, 1.3), 0, 1)
    # Nearly a straight line of colours: what is drawn with it stays in this one ink.
    toned = shade(tone, "#071f4a", "#1d3f71", "#46709a", "#9cb6cd", "#eef4f7")
    sheet = color("#eef3f6") * (1 + 0.012 * paper(64, 1.4)[..., None])
    return np.clip(mix(sheet, toned, coated), 0, 1)


def embroidery() -> Rgb:
    motif = landscape(9, *DAY, sun="#ffd76a")
    index, _, _ = cells(scattered(14, 420, 3))
    tint = cell_means(motif, index)
    flow = along(motif, 10) + np.random.default_rng(15).normal(0, 0.35, len(tint))[index]
    threads = stretched(smeared(np.random.default_rng(16).random((SIDE, SIDE)), flow, 13))
    warm = tint[index]
    grey = warm.mean(-1, keepdims=True)
    warm = np.clip(grey + (warm - grey) * 1.35, 0, 1)
    return np.clip(warm * (0.55 + 0.75 * threads)[..., None] * lit(soft(threads, 0.7), 0.9)[..., None], 0, 1)


def pour() -> Rgb:
    """Poured acrylic: colours in layers, with cells where one broke through another."""
    field = warped(noise(41, 2, 4), 130 * (noise(42, 2, 3) - 0.5), 130 * (noise(43, 3, 3) - 0.5))
    flow = shade(
        stretched(0.5 + 0.5 * np.sin(field * 16)), "#0f3f5f", "#1f9fb0", "#f5f1e8", "#e85a7a", "#2a1f4a", "#f2c14e"
    )
    index, near, _edge = cells(warped_points(44, 240))
    size = np.random.default_rng(45).uniform(0, 1, 240)[index]
    cell = step(size, 0.4, 0.01) * step(26 * size - near, 0, 2.5) * step(noise(46, 3, 3), 0.42, 0.1)
    rim = cell * step(near - 26 * size + 6, 0, 3)
    inner = shade(np.random.default_rng(47).random(240)[index], "#f5f1e8", "#1f9fb0", "#e85a7a", "#0f3f5f")
    flow = mix(flow, inner, soft(cell, 0.8))
    flow = mix(flow, np.ones_like(flow) * color("#141a33"), 0.85 * soft(rim, 0.8))
    return np.clip(flow * lit(soft(luma(flow), 3), 1.2)[..., None], 0, 1)


def warped_points(seed: int, count: int) -> np.ndarray:
    """Scattered points in clusters."""
    random = np.random.default_rng(seed)
    heart = random.uniform(0, SIDE, (12, 2))
    return np.clip(heart[random.integers(0, 12, count)] + random.normal(0, 120, (count, 2)), 0, SIDE)


def risograph() -> Rgb:
    image = photo("astronaut")
    grey = stretched(luma(soft(image, 1.5)), 2, 98)
    random = np.random.default_rng(51)
    grain = random.random((SIDE, SIDE))
    sheet = np.ones((SIDE, SIDE, 3)) * color("#f5f0e4")
    for ink, tone, shift in (
        ("#ff6f4f", 1 - grey**0.7, 0),
        ("#1f5f9f", np.clip(1.15 - grey * 2.0, 0, 1), 5),
        ("#f7cf3f", np.clip(grey * 1.3 - 0.55, 0, 0.7), -4),
    ):
        covered = soft((np.roll(tone, (shift, -shift), (0, 1)) > 0.08 + 0.84 * grain).astype(float), 0.75)
        sheet = sheet * (1 - covered[..., None] * (1 - color(ink)))
    return sheet
