"""Pictures to teach an enlarger with: free photos and paintings, our own painters' pictures, drawn flat art."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
HELD_OUT = 7
"""Every seventh picture of a folder, in the order of names, is kept for measuring."""
STARTERS = Path(__file__).parents[1] / "starter_models"


def files_in(folders: list[Path]) -> list[Path]:
    """The pictures in folders, in the order of their names; tiny files are icons."""
    found = {p for f in folders for p in f.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file()}
    return sorted(p for p in found if p.stat().st_size > 20_000)


def split(files: list[Path]) -> tuple[list[Path], list[Path]]:
    """(files to learn from, files to measure with)."""
    held = files[HELD_OUT - 1 :: HELD_OUT]
    return [p for p in files if p not in held], held


def read(path: Path, most: int, random: np.random.Generator) -> Picture:
    """A picture of at most ``most`` pixels on its long side and at most 3/4 of its own size, on a plain ground.

    A picture as it comes has been softened by a lens or by JPEG; made smaller, its pixels are sharp.
    """
    with Image.open(path) as opened:
        opened.draft("RGB", (2 * most, 2 * most))
        picture = opened.convert("RGBA" if "A" in opened.getbands() or opened.mode == "P" else "RGB")
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, (*(int(v) for v in random.integers(0, 256, 3)), 255))
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    share = min(0.75, most / max(picture.size))
    size = (max(64, round(picture.width * share)), max(64, round(picture.height * share)))
    return np.asarray(picture.resize(size, Image.Resampling.BOX if share < 0.5 else Image.Resampling.LANCZOS))


def painted(number: int) -> Picture:
    """A picture of one of our own painters, which the starter models learnt from."""
    if str(STARTERS) not in sys.path:
        sys.path.insert(0, str(STARTERS))
    import abstract_paint
    import rosettes

    painter = (abstract_paint, rosettes)[number % 2]
    return np.asarray(painter.paint(painter.latent(number), 256 if number % 2 == 0 else 192))


def drawn(number: int, side: int = 256) -> Picture:
    """Flat art: shapes, lines and letters with smoothed edges."""
    random = np.random.default_rng(number)
    big = 4 * side

    def color() -> tuple[int, ...]:
        return tuple(int(v) for v in random.integers(0, 256, 3))

    picture = Image.new("RGB", (big, big), color())
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(12, 40))):
        x, y = (float(v) for v in random.uniform(0, big, 2))
        reach = float(random.uniform(0.02, 0.3)) * big
        kind = random.integers(5)
        if kind == 0:
            draw.ellipse((x - reach, y - reach / 2, x + reach, y + reach / 2), color())
        elif kind == 1:
            turns = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(3, 8))))
            draw.polygon([(x + reach * np.cos(t), y + reach * np.sin(t)) for t in turns], color())
        elif kind == 2:
            points = [(x + float(d), y + float(e)) for d, e in random.normal(0, reach, (4, 2))]
            draw.line(points, color(), width=int(random.integers(4, 40)), joint="curve")
        elif kind == 3:
            draw.arc((x - reach, y - reach, x + reach, y + reach), 0, int(random.integers(40, 360)), color(), 12)
        else:
            letters = "".join(chr(int(c)) for c in random.integers(33, 126, int(random.integers(2, 12))))
            draw.text((x / 2, y), letters, color(), font=ImageFont.load_default(int(random.integers(40, 260))))
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX))


def degraded(crop: Picture, scale: int, random: np.random.Generator) -> Picture:
    """What the network is given: made smaller in a usual way, at times through JPEG or with noise."""
    ways = (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)
    way = ways[int(random.choice(3, p=(0.5, 0.25, 0.25)))]
    small = Image.fromarray(crop).resize((crop.shape[1] // scale, crop.shape[0] // scale), way)
    luck = random.random()
    if luck < 0.12:
        held = io.BytesIO()
        small.save(held, "JPEG", quality=int(random.integers(80, 98)), subsampling=int(random.integers(0, 3)))
        small = Image.open(held)
    given = np.asarray(small)
    if 0.12 <= luck < 0.2:
        noise = random.normal(0, random.uniform(0.5, 3), given.shape)
        given = np.clip(np.rint(given + noise), 0, 255).astype(np.uint8)
    return given
