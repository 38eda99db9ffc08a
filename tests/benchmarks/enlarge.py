"""How faithful enlargements are: PSNR in dB, SSIM and VGG distance on pictures no network here learnt from.

python -m tests.benchmarks.enlarge [--pictures FOLDER ...] [--networks film drawing photo] [--side 256] [--scales 2 4]

Twenty pictures, five of each kind, are made smaller by a plain cubic and enlarged again. Photos: scikit-image's.
Paintings: of the last of the folders that ``packaging/enlarger/train.py`` was given, every seventh picture, held out;
without folders, our styles. Flat art: numbers that it does not draw. Samples: the starter models'. Fetched networks
must be there.

Middles of 128 pixels; paintings of Battle for Wesnoth here, of which the network may have learnt some (the folders were
others; the card in ``resources/enlargers`` has those held out):

==============  =====================  =====================  =====================  =====================
2x              photos                 paintings              flat art               samples
==============  =====================  =====================  =====================  =====================
bicubic         29.29 / 0.889 / 0.106  28.89 / 0.859 / 0.185  28.09 / 0.941 / 0.030  29.74 / 0.917 / 0.118
Lanczos         29.65 / 0.897 / 0.097  29.21 / 0.870 / 0.171  28.66 / 0.945 / 0.026  29.98 / 0.921 / 0.109
faithful        31.03 / 0.918 / 0.066  30.37 / 0.903 / 0.112  30.97 / 0.963 / 0.009  32.13 / 0.953 / 0.034
faithful, best  31.20 / 0.924 / 0.057  30.62 / 0.910 / 0.102  31.63 / 0.969 / 0.007  32.33 / 0.955 / 0.031
film            28.24 / 0.858 / 0.117  27.20 / 0.851 / 0.171  25.34 / 0.876 / 0.036  27.99 / 0.895 / 0.101
drawing         26.29 / 0.820 / 0.140  25.19 / 0.784 / 0.251  24.61 / 0.840 / 0.050  25.05 / 0.850 / 0.141
photo           27.21 / 0.843 / 0.098  -                      -                      -
==============  =====================  =====================  =====================  =====================

==============  =====================  =====================  =====================  =====================
4x              photos                 paintings              flat art               samples
==============  =====================  =====================  =====================  =====================
bicubic         25.54 / 0.749 / 0.288  25.42 / 0.690 / 0.460  23.13 / 0.811 / 0.142  26.53 / 0.812 / 0.376
Lanczos         25.72 / 0.757 / 0.285  25.60 / 0.699 / 0.452  23.43 / 0.814 / 0.134  26.62 / 0.812 / 0.366
faithful        26.64 / 0.792 / 0.209  26.20 / 0.736 / 0.375  24.80 / 0.860 / 0.079  27.63 / 0.856 / 0.225
faithful, best  26.77 / 0.801 / 0.203  26.34 / 0.747 / 0.358  25.16 / 0.872 / 0.071  27.73 / 0.861 / 0.214
film            24.48 / 0.713 / 0.271  24.62 / 0.682 / 0.423  21.18 / 0.704 / 0.167  25.09 / 0.784 / 0.319
drawing         22.73 / 0.665 / 0.294  22.50 / 0.616 / 0.507  20.54 / 0.701 / 0.166  20.79 / 0.665 / 0.352
photo           23.66 / 0.697 / 0.232  22.07 / 0.600 / 0.418  21.66 / 0.747 / 0.163  21.09 / 0.665 / 0.352
==============  =====================  =====================  =====================  =====================

Those are of the first process. In the second, with our styles for paintings, on Lanczos at 2x, quick and best: photos
1.50 and 1.51 dB, paintings 1.11 and 1.33, flat art 2.69 and 2.93, samples 2.57 and 2.66. Networks
taught to look crisp lose PSNR. SPAN's package is GPL and is not fetched.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data
from skimage.metrics import structural_similarity

from studio.base import drain
from studio.base.paths import resources_dir
from studio.checkpoints.enlargers import OWN_SCALES, Enlarger, load_fetched, load_own
from studio.checkpoints.perceptual import load_vgg
from studio.checkpoints.store import load_model
from studio.recipes import EnlargeSettings, FileRef, LatentSeed, SampleRecipe
from studio.recipes.steps.enlarge import Quality
from studio.restoration.enlarge import enlarge
from studio.synthesis.latents import LatentSpace
from studio.synthesis.projection import likeness

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging" / "enlarger"))
import pictures as learnt

Picture = NDArray[np.uint8]
OF_A_KIND = 5
"""Pictures of each of four kinds."""


def psnr(a: Picture, b: Picture) -> float:
    """Peak signal to noise in dB."""
    return float(-10 * np.log10(np.mean((a / 255.0 - b / 255.0) ** 2) + 1e-10))


@cache
def eye() -> torch.nn.Module:
    """The network that distances are seen with."""
    return drain(load_vgg("vgg16-hed", "cpu"))


def distance(a: Picture, b: Picture) -> float:
    """The distance of features of a VGG, as :func:`studio.synthesis.projection.likeness` has it; 0 for equal ones."""
    one, other = (torch.from_numpy(each.copy()).permute(2, 0, 1)[None].float() / 255 for each in (a, b))
    return likeness(one, other, eye()).distance  # type: ignore[arg-type]


def samples() -> Iterator[Picture]:
    """Pictures of the starter models, by turns."""
    files = sorted((resources_dir() / "models").glob("*.safetensors"))
    spaces = [LatentSpace(load_model(path, "cpu")) for path in files]
    for seed in range(1, OF_A_KIND):
        for space in spaces:
            recipe = SampleRecipe(model=FileRef(hash="0" * 64), latent=LatentSeed(seed=seed))
            *_, last = space.stages(space.recipe_code(recipe), recipe)
            yield last.picture().numpy()


def collected(folders: list[Path], side: int) -> dict[str, list[Picture]]:
    """Five pictures of each kind, at most ``side`` pixels a side."""
    random = np.random.default_rng(0)
    photos = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket(), data.stereo_motorcycle()[0]]
    found = {"photos": [_cut(np.asarray(photo), side) for photo in photos]}
    if folders:
        held = learnt.split(learnt.files_in(folders))[1]
        painted = [path for path in held if path.is_relative_to(folders[-1])]
    else:
        painted = sorted((resources_dir() / "styles").glob("*.jpg"))
    chosen = painted[:: max(1, len(painted) // OF_A_KIND)][:OF_A_KIND]
    found["paintings"] = [_cut(learnt.read(path, 480, random), side) for path in chosen]
    found["flat art"] = [_cut(learnt.drawn(number), side) for number in range(2000, 2000 + OF_A_KIND)]
    found["samples"] = [_cut(picture, side) for picture in islice(samples(), OF_A_KIND)]
    return found


def _cut(picture: Picture, side: int) -> Picture:
    height, width = (min(length, side) // 4 * 4 for length in picture.shape[:2])
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return np.ascontiguousarray(picture[top : top + height, left : left + width, :3])


def by_filter(which: Image.Resampling) -> Callable[[Picture, int], Picture]:
    """Enlarging by a filter of Pillow's."""

    def run(small: Picture, scale: int) -> Picture:
        size = small.shape[1] * scale, small.shape[0] * scale
        return np.asarray(Image.fromarray(small).resize(size, which))

    return run


def by_network(
    load: Callable[[int], Enlarger], scales: tuple[int, ...], quality: Quality = "quick"
) -> Callable[[Picture, int], Picture]:
    """Enlarging as the program does it."""
    return lambda small, scale: drain(
        enlarge(small, EnlargeSettings(factor=float(scale), quality=quality), load, scales)
    )


def measure_enlarging(kinds: dict[str, list[Picture]], networks: list[str], scales: list[int]) -> None:
    """Print a table; seconds are the processor's."""
    ways = {
        "bicubic": by_filter(Image.Resampling.BICUBIC),
        "Lanczos": by_filter(Image.Resampling.LANCZOS),
        "faithful": by_network(load_own, OWN_SCALES),
        "faithful, best": by_network(load_own, OWN_SCALES, "best"),
    }
    for name in networks:
        fetched = drain(load_fetched(name))  # type: ignore[arg-type]
        ways[name] = by_network(lambda _scale, fetched=fetched: fetched, (fetched.scale,))  # type: ignore[misc]
    for scale in scales:
        for kind, pictures in kinds.items():
            line = f"{scale}x {kind:10}"
            for name, way in ways.items():
                began, found = time.process_time(), []
                for picture in pictures:
                    size = picture.shape[1] // scale, picture.shape[0] // scale
                    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
                    made = way(small, scale)
                    alike = structural_similarity(picture, made, channel_axis=2)
                    found.append((psnr(picture, made), alike, distance(picture, made)))
                seconds = (time.process_time() - began) / len(pictures)
                dB, alike, far = np.mean(found, 0)
                line += f"  {name} {dB:.2f} / {alike:.3f} / {far:.3f} ({seconds:.2f} s)"
            print(line, flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="*", default=[])
    parser.add_argument("--networks", nargs="*", default=[])
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--scales", type=int, nargs="*", default=[2, 4])
    options = parser.parse_args()
    torch.set_num_threads(1)
    kinds = collected(options.pictures, options.side)
    measure_enlarging(kinds, options.networks, options.scales)


if __name__ == "__main__":
    main()
