"""Draw the sheet of all ready styles that the README shows: each on one portrait, as a small final render.

    python packaging/style_sheet.py resources/screenshots/styles.jpg   (about 20 minutes of two cores)
    python packaging/style_sheet.py resources/screenshots/styles.jpg --only Watercolour "Ink wash"

Settings are the defaults but for the size and the number of steps, and nothing is chosen. The photo is NASA's portrait
of Eileen Collins, in the public domain, from scikit-image.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.base import drain
from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.gallery.styles import StyleLibrary
from studio.recipes import PhotoRecipe, StyleUse, StylizeRecipe

SIDE, STEPS, TILE = 256, 90, 72
COLUMNS, GAP = 7, 4


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--only", nargs="*", metavar="STYLE", help="draw these anew, and leave the others as they are")
    options = parser.parse_args()
    before = None if options.only is None else Image.open(options.sheet).convert("RGB")
    with tempfile.TemporaryDirectory() as folder:
        engine = TorchEngine(SourceStore(Path(folder) / "sources"))
        photo = Path(folder) / "portrait.png"
        Image.fromarray(np.asarray(data.astronaut())).save(photo)
        content = PhotoRecipe(photo=engine.sources.add(photo))
        drain(engine.perceptual_network("vgg16-hed"))
        cells = []
        for number, style in enumerate(StyleLibrary(Path(folder) / "styles").scan().styles):
            if before is not None and style.name not in options.only:
                cells.append(before.crop(place_of(number)))
                continue
            use = StyleUse(source=PhotoRecipe(photo=engine.sources.add(style.path)))
            recipe = StylizeRecipe(content=content, styles=(use,), method="optimise", size=SIDE, steps=STEPS)
            cells.append(cell(drain(engine.render(recipe)).image, style.path))
            print(style.name, flush=True)
    laid_out(cells).save(options.sheet, quality=88)


def cell(picture: NDArray[np.uint8], style: Path) -> Image.Image:
    """A picture with its style in the corner."""
    made = Image.fromarray(picture[..., :3])
    with Image.open(style) as opened:
        tile = opened.convert("RGB").resize((TILE, TILE), Image.Resampling.LANCZOS)
    framed = Image.new("RGB", (TILE + 2 * GAP, TILE + 2 * GAP), "white")
    framed.paste(tile, (GAP, GAP))
    made.paste(framed, (made.width - framed.width, made.height - framed.height))
    return made


def laid_out(cells: list[Image.Image]) -> Image.Image:
    """The cells in rows on white."""
    rows = -(-len(cells) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (SIDE + GAP) - GAP, rows * (SIDE + GAP) - GAP), "white")
    for number, each in enumerate(cells):
        sheet.paste(each, place_of(number)[:2])
    return sheet


def place_of(number: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a cell of the sheet."""
    left, top = number % COLUMNS * (SIDE + GAP), number // COLUMNS * (SIDE + GAP)
    return left, top, left + SIDE, top + SIDE


if __name__ == "__main__":
    main()
