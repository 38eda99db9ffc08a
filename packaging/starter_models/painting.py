"""What the painters of starter models share: latents, colours by name, and choices on a sphere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

Grey = NDArray[np.float32]
Rgb = NDArray[np.float32]


def drawn_latent(stream: int, number: int, length: int) -> Grey:
    """The latent of picture ``number`` of a painter: (length,), N(0, 1), of the length sqrt(length)."""
    z = np.random.default_rng((stream, number)).standard_normal(length)
    return (z / np.sqrt(np.mean(z * z))).astype(np.float32)


def colors_of(names: tuple[str, ...]) -> Rgb:
    """Colours by name, (n, 3), 0..1."""
    return np.array([ImageColor.getrgb(name)[:3] for name in names], np.float32) / 255


def sphere(count: int) -> Grey:
    """Points spread over the unit sphere on a spiral, (count, 3)."""
    k = np.arange(count)
    z = 1 - (2 * k + 1) / count
    turn = np.pi * (1 + 5**0.5) * k
    flat = np.sqrt(1 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], 1).astype(np.float32)


def nearest(z: Grey, points: Grey, sharpness: float) -> Grey:
    """Shares of the ``points`` (k, 3) for the direction of ``z`` (3,): nearly all of it to the nearest."""
    e = np.exp(sharpness * (points @ (z / (np.linalg.norm(z) + 1e-6)) - 1))
    return e / e.sum()


def write_pictures(about: str | None, picture: Callable[[int, int], NDArray[np.uint8]]) -> None:
    """The command of a painter: write its pictures, ``picture(number, side)``, into a folder."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--side", type=int, default=256)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.count):
        Image.fromarray(picture(number, options.side)).save(options.folder / f"{number:05d}.png")
