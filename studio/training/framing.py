"""From a picture of any shape to the square that the network sees: what is cut out, and what is behind it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

if TYPE_CHECKING:
    from studio.training.settings import TrainSettings

Crop = Literal["centre", "salient", "fit", "random"]
Box = tuple[float, float, float]
"""Left, top and side of a square, in pixels of the upright picture. It may reach beyond the picture."""

MIDDLE = (0.5, 0.5)
_SALIENCY_SIDE = 64
_GROUND_SIDE = 48
# A random crop is at least a third of the short side: smaller ones show another kind of picture.
_LEAST_SHARE = 1 / 3


@dataclass(frozen=True)
class Framing:
    """Settings by which pictures become squares.

    Attributes
    ----------
    resolution : side of the squares in pixels.
    crop : "centre"; "salient", the square where most is to be seen; "fit", the whole picture with ``background``
        beside it; "random", ``crops`` squares of different sizes out of each picture.
    background : "#rrggbb", "mean" (the picture's own mean colour) or "blur" (its own colours, blurred): what lies under
        transparent parts and beside pictures that do not fill the square.
    """

    resolution: int
    crop: Crop = "centre"
    crops: int = 4
    background: str = "#ffffff"

    @classmethod
    def of(cls, settings: TrainSettings) -> Framing:
        """The framing in a run's settings."""
        return cls(settings.resolution, settings.crop, settings.crops, settings.background)

    @property
    def per_picture(self) -> int:
        """Squares that come of one picture, unless the artist has chosen one."""
        return self.crops if self.crop == "random" else 1


def boxes_of(
    width: int,
    height: int,
    framing: Framing,
    *,
    content: str = "",
    salient: tuple[float, float] = MIDDLE,
    chosen: Box | None = None,
) -> list[Box]:
    """The squares cut out of a picture of ``width`` x ``height`` pixels.

    Parameters
    ----------
    content : the file's hash, from which random crops are drawn: the same file gives the same crops.
    salient : from :func:`interest`.
    chosen : the artist's own square, which counts before everything else.
    """
    short = float(min(width, height))
    if chosen is not None:
        return [chosen]
    if framing.crop == "fit":
        side = float(max(width, height))
        return [((width - side) / 2, (height - side) / 2, side)]
    if framing.crop == "salient":
        return [((width - short) * salient[0], (height - short) * salient[1], short)]
    if framing.crop == "random":
        rng = np.random.default_rng(list((content or f"{width}x{height}").encode()))
        least = min(short, max(framing.resolution, short * _LEAST_SHARE))
        found: list[Box] = []
        for _ in range(framing.crops):
            side = float(round(rng.uniform(least, short)))
            found.append((float(rng.uniform(0, width - side)), float(rng.uniform(0, height - side)), side))
        return found
    return [((width - short) / 2, (height - short) / 2, short)]


def lost_share(width: int, height: int, box: Box) -> float:
    """The share (0..1) of the picture's area that lies outside ``box``."""
    left, top, side = box
    across = max(0.0, min(width, left + side) - max(0.0, left))
    down = max(0.0, min(height, top + side) - max(0.0, top))
    return 1 - across * down / (width * height)


def cut_out(picture: Image.Image, box: Box, framing: Framing) -> NDArray[np.uint8]:
    """The square ``box`` of a picture (RGB or RGBA) as the network sees it: uint8 (resolution, resolution, 3)."""
    side = framing.resolution
    left, top, extent = box
    inside = left >= 0 and top >= 0 and left + extent <= picture.width and top + extent <= picture.height
    if inside and (picture.mode != "RGBA" or framing.background != "blur"):
        flat = on_background(picture, framing.background)
        square = flat.resize((side, side), Image.Resampling.LANCZOS, box=(left, top, left + extent, top + extent))
        return np.array(square)
    # What there is of the picture, where it lies in the square; at least a pixel of it.
    scale = side / extent
    x0, y0 = max(0.0, left), max(0.0, top)
    x1, y1 = min(float(picture.width), left + extent), min(float(picture.height), top + extent)
    place = (
        min(side - 1, max(0, round((x0 - left) * scale))),
        min(side - 1, max(0, round((y0 - top) * scale))),
    )
    size = (max(1, round((x1 - left) * scale) - place[0]), max(1, round((y1 - top) * scale) - place[1]))
    part = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS, box=(x0, y0, x1, y1))
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    sheet.paste(part, place)
    if framing.background == "blur":
        return np.array(Image.alpha_composite(_blurred_ground(sheet), sheet).convert("RGB"))
    color = _mean_color(picture) if framing.background == "mean" else ImageColor.getrgb(framing.background)[:3]
    ground = Image.new("RGBA", sheet.size, (*color, 255))
    return np.array(Image.alpha_composite(ground, sheet).convert("RGB"))


def on_background(picture: Image.Image, background: str) -> Image.Image:
    """The picture without transparency, on ``background`` (as :class:`Framing` has it)."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    if background == "blur":
        return Image.alpha_composite(_blurred_ground(picture), picture).convert("RGB")
    color = _mean_color(picture) if background == "mean" else ImageColor.getrgb(background)[:3]
    ground = Image.new("RGBA", picture.size, (*color, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _small_premultiplied(picture: Image.Image, side: int) -> NDArray[np.float64]:
    small = picture.convert("RGBA").convert("RGBa").resize((side, side), Image.Resampling.BOX)
    return np.asarray(small).astype(np.float64)


def _mean_color(picture: Image.Image) -> tuple[int, int, int]:
    values = _small_premultiplied(picture, _GROUND_SIDE)
    weight = values[..., 3].sum()
    if weight == 0:
        return (128, 128, 128)
    red, green, blue = (round(float(values[..., c].sum() * 255 / weight)) for c in range(3))
    return (min(255, red), min(255, green), min(255, blue))


def _blurred_ground(picture: Image.Image) -> Image.Image:
    """The visible colours of ``picture`` flowing out over its whole area: blurred colour over blurred alpha."""
    values = _small_premultiplied(picture, _GROUND_SIDE) / 255
    # A little of the mean everywhere, so that there is a colour also far from everything visible.
    mean = np.array([*(c / 255 for c in _mean_color(picture)), 1.0]) * 1e-3
    wide = np.zeros_like(values) + mean
    for radius, weight in ((3, 1.0), (9, 0.1), (24, 0.01)):
        wide += weight * np.stack([_blur(values[..., c], radius) for c in range(4)], axis=2)
    color = wide[..., :3] / wide[..., 3:]
    small = Image.fromarray((color.clip(0, 1) * 255).round().astype(np.uint8))
    return small.resize(picture.size, Image.Resampling.BICUBIC).convert("RGBA")


def _blur(plane: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Gaussian blur; zeros flow in from outside."""
    return _gauss(plane.shape[0], radius) @ plane @ _gauss(plane.shape[1], radius)


@functools.cache
def _gauss(size: int, radius: float) -> NDArray[np.float64]:
    place = np.arange(size)
    kernel: NDArray[np.float64] = np.exp(-0.5 * ((place[:, None] - place[None]) / radius) ** 2)
    return kernel / (radius * np.sqrt(2 * np.pi))


def saliency(picture: Image.Image) -> NDArray[np.float64]:
    """Map of how much there is to see, (64, 64), summing to 1; transparent parts have nothing.

    The spectral residual of the brightness (Hou and Zhang 2007, "Saliency detection: a spectral residual approach"),
    the distance of colours from the picture's edge, where the background mostly is, and the strength of edges.
    """
    values = _small_premultiplied(picture, _SALIENCY_SIDE) / 255
    alpha = values[..., 3]
    rgb = values[..., :3] + 0.5 * (1 - alpha[..., None])
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    spectrum = np.fft.fft2(grey)
    log = np.log(np.abs(spectrum) + 1e-8)
    smooth = sum(np.roll(log, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) / 9
    residual = np.abs(np.fft.ifft2(np.exp(log - smooth + 1j * np.angle(spectrum)))) ** 2
    chroma = np.stack([grey, rgb[..., 0] - rgb[..., 1], rgb[..., 2] - (rgb[..., 0] + rgb[..., 1]) / 2], axis=2)
    rim = np.concatenate([chroma[0], chroma[-1], chroma[:, 0], chroma[:, -1]])
    contrast = np.linalg.norm(chroma - np.median(rim, axis=0), axis=2)
    dy, dx = np.gradient(grey)
    total = np.zeros_like(grey)
    for part, blur, weight in ((residual, 2.5, 1.0), (contrast, 1.5, 1.0), (np.hypot(dx, dy), 1.5, 0.7)):
        part = _blur(part, blur)
        total += weight * part / max(1e-9, float(part.max()))
    # Squared: a subject, not the sum of a wide quiet ground, decides.
    total = total**2 * alpha
    amount = float(total.sum())
    return total / amount if amount > 1e-9 else np.full_like(total, 1 / total.size)


def interest(picture: Image.Image) -> tuple[float, float]:
    """The place of the square with most to see on its way (x, y): 0 at the left or top end, 1 at the other."""
    width, height = picture.size
    if width == height:
        return MIDDLE
    seen = saliency(picture)
    along = seen.sum(axis=0 if width > height else 1)
    steps = 101
    # The sum within a window that slides along, by the integral of the profile.
    edges = np.concatenate([[0.0], np.cumsum(along)])
    share = min(width, height) / max(width, height)
    starts = np.linspace(0, 1 - share, steps)
    places = np.linspace(0, 1, len(edges))
    inside = np.interp(starts + share, places, edges) - np.interp(starts, places, edges)
    # The middle wins where there is little to choose.
    inside = inside - 0.05 * np.abs(np.linspace(-1, 1, steps))
    best = float(np.flatnonzero(inside >= inside.max() - 1e-6).mean()) / (steps - 1)
    return (best, 0.5) if width > height else (0.5, best)


def sharpness(picture: Image.Image) -> float:
    """Variance of the Laplacian of the brightness at 256 pixels: small in blurred pictures."""
    grey = picture.convert("L")
    grey.thumbnail((256, 256), Image.Resampling.BOX)
    values = np.asarray(grey, np.float32)
    if min(values.shape) < 3:
        return 0.0
    inner = values[1:-1, 1:-1]
    laplacian = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:] - 4 * inner
    return float(laplacian.var())
