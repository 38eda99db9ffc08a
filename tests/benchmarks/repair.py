"""How well holes are filled: PSNR in dB and SSIM within three holes, VGG distance of the whole, processor seconds.

python -m tests.benchmarks.repair [--pictures FOLDER ...] [--side 256] [--sheet FILE.png]

The twenty pictures of :mod:`tests.benchmarks.enlarge`, beside OpenCV's Telea and Navier-Stokes and pypatchmatch called
plainly: as its readme does it (a radius of 3 pixels), and with its own default (15).

A filling of other strokes is twice as far off in squares as their mean colour, however well it fits: Telea's blur
is ahead by PSNR wherever nothing says which strokes there were. The distance of features tells which is seen.

Middles of 256 pixels, five of a kind, paintings of Battle for Wesnoth; seconds of one processor core:

===============  ======================  ======================  ======================  ======================
.                photos                  paintings               flat art                samples
===============  ======================  ======================  ======================  ======================
Telea            23.87 / 0.604 / 0.0265  23.65 / 0.680 / 0.0272  17.52 / 0.648 / 0.0261  20.32 / 0.655 / 0.0350
Navier-Stokes    24.26 / 0.608 / 0.0262  23.30 / 0.678 / 0.0275  17.47 / 0.644 / 0.0273  20.76 / 0.676 / 0.0322
pypatchmatch 3   25.06 / 0.591 / 0.0248  22.86 / 0.679 / 0.0211  18.25 / 0.671 / 0.0197  24.42 / 0.804 / 0.0100
pypatchmatch 15  23.88 / 0.534 / 0.0260  22.20 / 0.676 / 0.0204  17.82 / 0.641 / 0.0245  23.70 / 0.762 / 0.0149
ours             25.03 / 0.596 / 0.0235  22.84 / 0.663 / 0.0215  18.25 / 0.683 / 0.0204  24.58 / 0.807 / 0.0103
===============  ======================  ======================  ======================  ======================

Seconds a picture: OpenCV's 0.01, pypatchmatch 0.32 and 1.71, ours 0.33.

Tried at the edge of holes, and not taken: smoothed differences of colour led inwards, PSNR 0.2 to 0.9 dB lower.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import patchmatch
import torch
from PIL import Image
from skimage.metrics import structural_similarity

from studio.base import drain
from studio.recipes import RepairSettings
from studio.restoration.repair import repair
from tests.benchmarks.enlarge import Picture, collected, distance, psnr

HOLES = ((0.25, 0.3), (0.55, 0.6), (0.75, 0.2))
"""Top and left of each, in shares of the picture."""
SIDE = 0.12


def hole_in(picture: Picture) -> Picture:
    """The mask of the holes, uint8 of 0 and 255."""
    height, width = picture.shape[:2]
    hole = np.zeros((height, width), np.uint8)
    for y, x in HOLES:
        hole[int(y * height) : int((y + SIDE) * height), int(x * width) : int((x + SIDE) * width)] = 255
    return hole


def plain(radius: int) -> Callable[[Picture, Picture], Picture]:
    """Filling by the library as it comes."""
    return lambda picture, hole: np.asarray(patchmatch.inpaint(picture, hole, patch_size=radius))


def ours(picture: Picture, hole: Picture) -> Picture:
    """Filling as the program does it, but for the rim, which would hide what is measured."""
    return drain(repair(picture, (hole / 255).astype(np.float32), RepairSettings(grow=0.0, feather=0.0)))


WAYS: dict[str, Callable[[Picture, Picture], Picture]] = {
    "Telea": lambda picture, hole: np.asarray(cv2.inpaint(picture, hole, 4, cv2.INPAINT_TELEA)),
    "Navier-Stokes": lambda picture, hole: np.asarray(cv2.inpaint(picture, hole, 4, cv2.INPAINT_NS)),
    "pypatchmatch 3": plain(3),
    "pypatchmatch 15": plain(15),
    "ours": ours,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="*", default=[])
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--sheet", type=Path, help="a picture of all fillings: damaged, then each way")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for kind, pictures in collected(options.pictures, options.side).items():
        damaged = [np.where(hole_in(picture)[..., None] > 0, np.uint8(127), picture) for picture in pictures]
        fillings = [damaged]
        for name, way in WAYS.items():
            began = time.process_time()
            made = [way(each, hole_in(each)) for each in damaged]
            seconds = (time.process_time() - began) / len(made)
            found = []
            for picture, filled in zip(pictures, made, strict=True):
                _, alike = structural_similarity(picture, filled, channel_axis=2, full=True)
                inside = hole_in(picture) > 0
                found.append((psnr(picture[inside], filled[inside]), alike[inside].mean(), distance(picture, filled)))
            dB, alike, far = np.mean(found, 0)
            print(f"{kind:10} {name:16} {dB:5.2f} / {alike:.3f} / {far:.4f}  ({seconds:.2f} s)", flush=True)
            fillings.append(made)
        for row in zip(*fillings, strict=True):
            rest = tuple(options.side - length for length in row[0].shape[:2])
            rows.append(np.hstack([np.pad(each, ((0, rest[0]), (0, rest[1]), (0, 0))) for each in row]))
    if options.sheet is not None:
        Image.fromarray(np.vstack(rows)).save(options.sheet)


if __name__ == "__main__":
    main()
