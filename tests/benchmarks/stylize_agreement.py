"""Whether the instant and the refined preview tell what the final render will be, and how much lattice is in them.

python -m tests.benchmarks.stylize_agreement [--size 128] [--steps 24] [--pairs 4] [--positions 5]

Pairs of sample photos and ready styles, at several positions of the content strength. "Palette" is the sliced
Wasserstein distance of colours, "content" the distance of features from the photo's, "strokes" the mean period of
strokes and edges in pixels; see :mod:`tests.support.looks`. At 128 px, 24 steps, all twelve pairs at five positions,
third process:

    palette   instant / final 0.015 .. 0.126 apart, 0.047 on average; refined / final 0.002 .. 0.019 and 0.006
              (0.02 is hard to see)
    strokes   instant 0.81 .. 1.58 times as large as the final's, 1.06 on average; refined 0.87 .. 1.03
    content   falls with the position in eleven of twelve finals (Palette knife: 0.82 at 0, 0.83 at 0.25) and eleven
              instant previews (not Stained glass). The instant preview is 0.54 to 7.4 times as far from the photo as
              the final, 1.39 on average (Poured acrylic at 1: 1.39 against 0.19); the refined one 0.91 to 1.03
    lattice   of twelve pairs 0.0061 on average in place of 0.0119 by the first process
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table
from skimage import data

from studio.base import drain
from studio.base.paths import resources_dir
from studio.checkpoints.perceptual import load_vgg
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, preview
from studio.stylization.color import fitted
from studio.stylization.optimise import optimise
from studio.stylization.refined import refined_preview
from tests.support.looks import Picture, content_distance, lattice, palette_distance, stroke_size

PAIRS = (
    ("astronaut", "Watercolour"),
    ("rocket", "Stained glass"),
    ("chelsea", "Charcoal"),
    ("coffee", "Impasto"),
    ("astronaut", "Night swirls"),
    ("rocket", "Palette knife"),
    ("chelsea", "Poured acrylic"),
    ("coffee", "Ink wash"),
    ("astronaut", "Woodblock waves"),
    ("rocket", "Nebula"),
    ("chelsea", "Gouache"),
    ("coffee", "Marbling"),
)


def photo(name: str) -> Picture:
    """A sample photo of scikit-image."""
    return np.ascontiguousarray(getattr(data, name)()[..., :3])


def ready(name: str) -> Picture:
    """A ready style."""
    with Image.open(resources_dir() / "styles" / f"{name}.jpg") as opened:
        return np.asarray(opened.convert("RGB"))


def agreement(pairs: Sequence[tuple[str, str]], size: int, steps: int, positions: int) -> Table:
    """A row for each pair and position: instant, refined and final."""
    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    table = Table("pair", "content strength", "palette i-f, r-f", "content i, r, f", "strokes i, r, f")
    for name, style_name in pairs:
        content, style = photo(name), [StyleInput(ready(style_name))]
        small = fitted(content, size)
        for strength in np.linspace(0, 1, positions):
            settings = StylizeSettings(size=size, steps=steps, content_strength=float(strength))
            instant = preview(content, style, settings)
            refined = drain(refined_preview(content, style, settings, extractor=extractor))
            final = drain(optimise(content, style, settings, extractor=extractor))
            every = (instant, refined, final)
            table.add_row(
                f"{name}, {style_name}",
                f"{strength:.2f}",
                ", ".join(f"{palette_distance(each, final):.3f}" for each in every[:2]),
                ", ".join(f"{content_distance(extractor, each, small):.3f}" for each in every),
                ", ".join(f"{stroke_size(each):.1f}" for each in every),
            )
    return table


def lattices(pairs: Sequence[tuple[str, str]]) -> Table:
    """The lattice at 256 pixels by the first and the second process, and how far the palettes are from the style's."""
    table = Table("pair", "lattice before", "lattice now", "palette before", "palette now", title="Instant preview")
    for name, style_name in pairs:
        content, style = photo(name), ready(style_name)
        before, now = (
            preview(content, [StyleInput(style)], settings)
            for settings in (StylizeSettings(size=256, process=1, detail=0.0), StylizeSettings(size=256))
        )
        small = fitted(content, 256)
        table.add_row(
            f"{name}, {style_name}",
            *(f"{lattice(each, small):.4f}" for each in (before, now)),
            *(f"{palette_distance(each, style):.3f}" for each in (before, now)),
        )
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--positions", type=int, default=5)
    options = parser.parse_args()
    console = Console()
    console.print(lattices(PAIRS))
    console.print(agreement(PAIRS[: options.pairs], options.size, options.steps, options.positions))


if __name__ == "__main__":
    main()
