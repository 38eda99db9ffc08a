"""How faithful enlargements and repairs are: PSNR in dB, SSIM and VGG distance on pictures no network here learnt from.

python -m tests.benchmarks.enlarge [--pictures FOLDER ...] [--networks film drawing photo] [--repair] [--side 256]

Pictures are made smaller by a plain cubic and enlarged again. Photos: scikit-image's. Wallpapers and paintings: of the
folders that ``packaging/enlarger/train.py`` was given (the paintings last), every seventh picture, held out. Flat
art: numbers that it does not draw. Samples: the starter models'. Repair: three holes each, measured within.
Fetched networks must be there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cv2
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
from studio.recipes import EnlargeSettings, FileRef, LatentSeed, RepairSettings, SampleRecipe
from studio.recipes.steps.enlarge import Quality
from studio.restoration.enlarge import enlarge
from studio.restoration.repair import repair
from studio.synthesis.latents import LatentSpace
from studio.synthesis.projection import likeness

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging" / "enlarger"))
import pictures as learnt

Picture = NDArray[np.uint8]


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
    """Pictures of the starter models."""
    for path in sorted((resources_dir() / "models").glob("*.safetensors")):
        space = LatentSpace(load_model(path, "cpu"))
        for seed in (1, 2):
            recipe = SampleRecipe(model=FileRef(hash="0" * 64), latent=LatentSeed(seed=seed))
            *_, last = space.stages(space.recipe_code(recipe), recipe)
            yield last.picture().numpy()


def collected(folders: list[Path], side: int) -> dict[str, list[Picture]]:
    """Pictures by kind, at most ``side`` pixels a side."""
    random = np.random.default_rng(0)
    photos = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket(), data.cat(), data.hubble_deep_field()]
    found = {"photos": [_cut(np.asarray(photo), side) for photo in photos]}
    if folders:
        held = learnt.split(learnt.files_in(folders))[1]
        painted = [path for path in held if path.is_relative_to(folders[-1])]
        for kind, paths in (("paintings", painted), ("wallpapers", [path for path in held if path not in painted])):
            chosen = paths[:: max(1, len(paths) // 6)][:6]
            found[kind] = [_cut(learnt.read(path, 480, random), side) for path in chosen]
    else:
        drawn = sorted((resources_dir() / "styles").glob("*.jpg"))[::5]
        found["styles"] = [_cut(learnt.read(path, 480, random), side) for path in drawn]
    found["flat art"] = [_cut(learnt.drawn(number), side) for number in range(2000, 2004)]
    found["samples"] = [_cut(picture, side) for picture in samples()]
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


def measure_enlarging(kinds: dict[str, list[Picture]], networks: list[str]) -> None:
    """Print a table."""
    ways = {
        "bicubic": by_filter(Image.Resampling.BICUBIC),
        "Lanczos": by_filter(Image.Resampling.LANCZOS),
        "faithful": by_network(load_own, OWN_SCALES),
        "faithful, best": by_network(load_own, OWN_SCALES, "best"),
    }
    for name in networks:
        fetched = drain(load_fetched(name))  # type: ignore[arg-type]
        ways[name] = by_network(lambda _scale, fetched=fetched: fetched, (fetched.scale,))  # type: ignore[misc]
    for scale in (2, 4):
        for kind, pictures in kinds.items():
            line = f"{scale}x {kind:10}"
            for name, way in ways.items():
                began, found = time.perf_counter(), []
                for picture in pictures:
                    size = picture.shape[1] // scale, picture.shape[0] // scale
                    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
                    made = way(small, scale)
                    alike = structural_similarity(picture, made, channel_axis=2)
                    found.append((psnr(picture, made), alike, distance(picture, made)))
                seconds = (time.perf_counter() - began) / len(pictures)
                dB, alike, far = np.mean(found, 0)
                line += f"  {name} {dB:.2f} / {alike:.3f} / {far:.3f} ({seconds:.2f} s)"
            print(line, flush=True)


def measure_repairs(kinds: dict[str, list[Picture]]) -> None:
    """Print a table of what is within holes: PSNR and SSIM there, VGG distance of the whole, seconds.

    A filling of other strokes is twice as far off in squares as their mean colour, however well it fits: Telea's blur
    is ahead by PSNR wherever nothing says which strokes there were. The distance of features tells which is seen.

    Tried on six of our styles, and not taken: the mean of eight fillings (20.24 / 0.469 / 0.0352 for 19.32 / 0.414 /
    0.0385, eight times as long) is grey and has ghosts; the one of eight that agrees best at its rim (19.50 / 0.434 /
    0.0367) is what proposals are for; a membrane over the jumps at the rim changes nothing (19.52 for 19.62).
    """
    import patchmatch

    def plain(picture: Picture, hole: Picture) -> Picture:
        return np.asarray(patchmatch.inpaint(picture, hole, patch_size=7))

    def ours(picture: Picture, hole: Picture) -> Picture:
        return drain(repair(picture, hole.astype(np.float32) / 255, RepairSettings(grow=0.0, feather=0.0)))

    ways: dict[str, Callable[[Picture, Picture], Picture]] = {
        "Telea": lambda picture, hole: np.asarray(cv2.inpaint(picture, hole, 4, cv2.INPAINT_TELEA)),
        "Navier-Stokes": lambda picture, hole: np.asarray(cv2.inpaint(picture, hole, 4, cv2.INPAINT_NS)),
        "PatchMatch": plain,
        "ours": ours,
    }
    for kind, pictures in kinds.items():
        line = f"repair {kind:10}"
        for name, way in ways.items():
            spent, found = 0.0, []
            for picture in pictures:
                height, width = picture.shape[:2]
                hole = np.zeros((height, width), np.uint8)
                for y, x in ((0.25, 0.3), (0.55, 0.6), (0.75, 0.2)):
                    hole[int(y * height) : int((y + 0.12) * height), int(x * width) : int((x + 0.12) * width)] = 255
                damaged = picture.copy()
                damaged[hole > 0] = 127
                began = time.process_time()
                made = way(damaged, hole)
                spent += time.process_time() - began
                _, alike = structural_similarity(picture, made, channel_axis=2, full=True)
                inside = hole > 0
                found.append((psnr(picture[inside], made[inside]), alike[inside].mean(), distance(picture, made)))
            dB, alike, far = np.mean(found, 0)
            line += f"  {name} {dB:.2f} / {alike:.3f} / {far:.4f} ({spent / len(pictures):.2f} s)"
        print(line, flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="*", default=[])
    parser.add_argument("--networks", nargs="*", default=[])
    parser.add_argument("--repair", action="store_true", help="repairs too")
    parser.add_argument("--only-repair", action="store_true")
    parser.add_argument("--side", type=int, default=256)
    options = parser.parse_args()
    torch.set_num_threads(1)
    kinds = collected(options.pictures, options.side)
    if not options.only_repair:
        measure_enlarging(kinds, options.networks)
    if options.repair or options.only_repair:
        measure_repairs(kinds)


if __name__ == "__main__":
    main()
