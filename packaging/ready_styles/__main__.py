"""Draw the ready styles.

    python packaging/ready_styles [NAME ...] [--out FOLDER] [--side 512]

Needs scikit-image (in the ``test`` extra): four of its sample photos, all in the public domain or CC0, are motifs.
Everything else is arithmetic, so that the pictures are this project's own work.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

import crafted
import painted

DRAWINGS = {
    "Impasto": painted.impasto,
    "Night swirls": painted.swirls,
    "Palette knife": painted.palette_knife,
    "Watercolour": painted.watercolour,
    "Gouache": painted.gouache,
    "Pointillism": painted.pointillism,
    "Cubist": painted.cubist,
    "Ink wash": painted.ink_wash,
    "Pen hatching": painted.pen,
    "Engraving": painted.engraving,
    "Woodcut": painted.woodcut,
    "Charcoal": painted.charcoal,
    "Pastel": painted.pastel,
    "Crayon": painted.crayon,
    "Poster": painted.poster,
    "Woodblock waves": crafted.waves,
    "Halftone": crafted.halftone,
    "Risograph": crafted.risograph,
    "Cyanotype": crafted.cyanotype,
    "Cut paper": crafted.cut_paper,
    "Geometric": crafted.geometric,
    "Marbling": crafted.marbling,
    "Batik": crafted.batik,
    "Embroidery": crafted.embroidery,
    "Mosaic": crafted.mosaic,
    "Stained glass": crafted.stained_glass,
    "Agate": crafted.agate,
    "Poured acrylic": crafted.pour,
    "Nebula": crafted.nebula,
    "Neon": crafted.neon,
}


def main() -> None:
    """Draw what is named, or everything."""
    parser = argparse.ArgumentParser(description="Draw the ready styles.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[2] / "resources" / "styles")
    parser.add_argument("--side", type=int, default=512)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in chosen.names or DRAWINGS:
        drawn = np.asarray(np.clip(DRAWINGS[name](), 0, 1) * 255 + 0.5, np.uint8)
        picture = Image.fromarray(drawn).resize((chosen.side, chosen.side), Image.Resampling.LANCZOS)
        picture.save(chosen.out / f"{name}.jpg", quality=86, optimize=True)
        print(name)


if __name__ == "__main__":
    main()
