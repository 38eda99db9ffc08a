"""Twelve pairs of a photo and a style: crowsonkb/style-transfer-pytorch and our final render, by two judges.

The peer is not part of this project. Clone it, then run::

    python -m tests.benchmarks.stylize_pairs peer FOLDER --checkout CHECKOUT --size 256
    python -m tests.benchmarks.stylize_pairs ours FOLDER --size 256
    python -m tests.benchmarks.stylize_pairs table FOLDER --size 256

Both have the same VGG-16 weights and one thread, the peer its own settings, ours its defaults; ``--share 0.08`` gives
the peer that share of its steps, so that both take the same time. Pictures and seconds of the processor are kept in
FOLDER, and a second start goes on. ``table`` measures them, and draws two sheets: one with
names, and one that does not say whose picture is left and whose right (``key.txt`` does).

"Style" is the distance between means and covariances of features, on average over layers (2-Wasserstein, a share of
the style's energy); "content" the squared distance from the photo's features, a share of their energy. The judges are
VGG-16, which both programs look through, and EfficientNet-Lite0, which neither does.

The twelve pairs at 256 px on one core of a two-core Intel Xeon (2026-12-01), the peer with ``--share 0.08``, beside
other work; peer / ours::

  pair                        style, VGG-16  content      style, EfficientNet  content     palette      seconds
  astronaut, Watercolour      .062 / .090    .59 / .28    .41 / .53            1.06 / .65  .042 / .064  90 / 109
  rocket, Stained glass       .063 / .122    5.12 / 3.23  .32 / .51            1.53 / 1.12 .063 / .082  82 / 58
  chelsea, Charcoal           .085 / .059    .77 / .52    .46 / .34            .91 / .75   .037 / .035  82 / 56
  coffee, Impasto             .080 / .122    .57 / .47    .47 / .64            1.15 / .73  .019 / .060  81 / 59
  astronaut, Night swirls     .071 / .120    .86 / .59    .44 / .47            1.17 / .88  .044 / .071  89 / 96
  rocket, Palette knife       .057 / .168    1.05 / .74   .40 / .64            1.43 / .91  .055 / .105  83 / 61
  chelsea, Poured acrylic     .063 / .108    3.26 / 1.59  .34 / .72            1.06 / .68  .031 / .074  82 / 59
  coffee, Ink wash            .085 / .099    .63 / .49    .58 / .60            1.23 / .91  .055 / .023  82 / 59
  astronaut, Woodblock waves  .073 / .094    .57 / .30    .37 / .53            1.13 / .79  .028 / .055  89 / 83
  rocket, Nebula              .055 / .145    1.16 / .55   .45 / .89            1.39 / .86  .020 / .051  81 / 62
  chelsea, Gouache            .062 / .091    .87 / .48    .49 / .71            1.24 / .62  .020 / .093  82 / 56
  coffee, Marbling            .063 / .143    .93 / .49    .42 / .62            1.37 / .88  .040 / .096  84 / 57
  mean                        .068 / .113    1.36 / .81   .43 / .60            1.22 / .81  .038 / .067  84 / 68

The first four at 512 px, same machine, peer / ours::

  astronaut, Watercolour      .028 / .074    .85 / .32    .35 / .44            1.26 / .68  .032 / .063  228 / 288
  rocket, Stained glass       .037 / .143    6.57 / 2.61  .31 / .45            1.97 / 1.17 .050 / .092  183 / 183
  chelsea, Charcoal           .079 / .057    1.46 / .71   .46 / .44            1.32 / .83  .029 / .039  183 / 178
  coffee, Impasto             .030 / .106    .79 / .43    .38 / .50            1.37 / .73  .016 / .060  187 / 181
  mean                        .044 / .095    2.42 / 1.02  .38 / .46            1.48 / .85  .032 / .064  195 / 207

Ours is nearer to the photo in all twelve by both judges (two fifths, a third), and farther from the style in eleven.
By eye, on the sheet without names: ours keeps every face, where the peer loses three; the peer's strokes are bolder in
Impasto, Palette knife and Nebula.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table
from torch import Tensor

from studio.base import drain
from studio.checkpoints.feature_networks import load_efficientnet
from studio.checkpoints.perceptual import load_vgg
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput
from studio.stylization.color import fitted
from studio.stylization.objective import CONTENT_LAYER, STYLE_LAYERS, features, to_tensor
from studio.stylization.optimise import optimise
from studio.stylization.statistics import WassersteinToStyle, feature_statistics
from tests.benchmarks.stylize_agreement import PAIRS, photo, ready
from tests.benchmarks.stylize_peer import peer_module
from tests.support.looks import Picture, palette_distance

Features = Callable[[Picture], Mapping[str, Tensor]]
PROGRAMS = ("peer", "ours")


def run_peer(checkout: Path, content: Picture, style: Picture, size: int, share: float) -> Picture:
    """The peer's picture at its own settings, but a ``share`` of its steps."""
    module = peer_module(checkout)
    torch.manual_seed(0)
    transfer = module.StyleTransfer()
    steps = {"initial_iterations": round(1000 * share), "iterations": round(500 * share)}
    transfer.stylize(Image.fromarray(content), [Image.fromarray(style)], end_scale=size, **steps)
    return np.asarray(transfer.get_image())


def run_ours(content: Picture, style: Picture, size: int) -> Picture:
    """Our final render at its defaults."""
    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    return drain(optimise(content, [StyleInput(style)], StylizeSettings(size=size), extractor=extractor))


def judges() -> dict[str, tuple[Features, str]]:
    """Features of a picture by layer, and the layer that stands for content, of both judges."""
    vgg = drain(load_vgg("vgg16-hed", "cpu"))
    efficientnet = drain(load_efficientnet("cpu"))

    def by_vgg(picture: Picture) -> Mapping[str, Tensor]:
        return features(vgg, to_tensor(picture, "cpu"), [*STYLE_LAYERS, CONTENT_LAYER])

    def by_efficientnet(picture: Picture) -> Mapping[str, Tensor]:
        found = efficientnet.features(to_tensor(picture, "cpu"))
        return {str(number): each for number, each in enumerate(found)}

    return {"VGG-16": (by_vgg, CONTENT_LAYER), "EfficientNet": (by_efficientnet, "2")}


def style_distance(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor], leave: str | None) -> float:
    """Mean over layers of the 2-Wasserstein distance of the features' means and covariances."""
    distances = []
    for name in wanted:
        if name != leave:
            style, made = (feature_statistics(each[name].flatten(-2).squeeze(0)) for each in (wanted, found))
            distances.append(float(WassersteinToStyle(style).of_statistics(made)))
    return float(np.mean(distances))


def content_distance(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor], layer: str) -> float:
    """Squared distance of one layer's features, as a share of those of the photo."""
    return float((found[layer] - wanted[layer]).square().mean() / wanted[layer].square().mean())


def measured(folder: Path, size: int) -> Table:
    """A row a pair, and the means; style and content by both judges, palette, processor seconds: peer / ours."""
    columns = [f"{what}, {judge}" for judge in ("VGG-16", "EfficientNet") for what in ("style", "content")]
    table = Table("pair", *columns, "palette", "seconds", title=f"peer / ours at {size} px")
    rows: list[list[tuple[float, float]]] = []
    for name, style_name in PAIRS:
        paths = [_path(folder, program, name, style_name, size) for program in PROGRAMS]
        if not all(path.exists() for path in paths):
            continue
        pictures = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
        style = fitted(ready(style_name), size)
        row = []
        with torch.no_grad():
            for judge, (seen, layer) in judges().items():
                wanted, found = seen(style), [seen(picture) for picture in pictures]
                own = [seen(fitted(photo(name), max(picture.shape[:2]))) for picture in pictures]
                leave = layer if judge == "VGG-16" else None
                row.append(tuple(style_distance(each, wanted, leave) for each in found))
                row.append(tuple(content_distance(*each, layer) for each in zip(found, own, strict=True)))
        row.append(tuple(palette_distance(picture, style) for picture in pictures))
        row.append(tuple(json.loads(path.with_suffix(".json").read_text())["seconds"] for path in paths))
        rows.append([(first, second) for first, second in row])
        table.add_row(f"{name}, {style_name}", *(f"{first:.3g} / {second:.3g}" for first, second in rows[-1]))
    if rows:
        means = np.asarray(rows).mean(0)
        table.add_row("mean", *(f"{first:.3g} / {second:.3g}" for first, second in means))
    return table


def draw_sheets(folder: Path, size: int) -> None:
    """``sheet.png`` with names, and ``blind.png`` with both pictures in an order that ``key.txt`` tells."""
    choice, key = random.Random(1), []
    rows: dict[str, list[list[Image.Image]]] = {"sheet": [], "blind": []}
    for name, style_name in PAIRS:
        paths = [_path(folder, program, name, style_name, size) for program in PROGRAMS]
        if all(path.exists() for path in paths):
            before = [Image.fromarray(fitted(each, size)) for each in (photo(name), ready(style_name))]
            both = [Image.open(path).convert("RGB") for path in paths]
            rows["sheet"].append([*before, *both])
            order = choice.sample(range(2), 2)
            rows["blind"].append([*before, *(both[place] for place in order)])
            key.append(f"{name}, {style_name}: " + ", ".join(PROGRAMS[place] for place in order))
    for sheet, lines in rows.items():
        if not lines:
            continue
        whole = Image.new("RGB", (4 * size, len(lines) * size), "white")
        for row, line in enumerate(lines):
            for column, tile in enumerate(line):
                whole.paste(tile, (column * size, row * size))
        if sheet == "sheet":
            pen = ImageDraw.Draw(whole)
            for column, title in enumerate(("photo", "style", *PROGRAMS)):
                pen.text((column * size + 4, 4), title, "red", ImageFont.load_default(16))
        whole.save(folder / f"{sheet}-{size}.png")
    (folder / "key.txt").write_text("\n".join(key))


def _path(folder: Path, program: str, name: str, style: str, size: int) -> Path:
    return folder / f"{name} {style} {program} {size}.png"


def main() -> None:
    """Render with one of the programs, or measure what both have made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=(*PROGRAMS, "table"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=len(PAIRS))
    parser.add_argument("--share", type=float, default=1.0, help="peer: this share of its steps, 0..1")
    parser.add_argument("--checkout", type=Path, help="peer: a clone of style-transfer-pytorch")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.which == "table":
        Console(width=200).print(measured(options.folder, options.size))
        draw_sheets(options.folder, options.size)
        return
    torch.set_num_threads(1)
    for name, style_name in PAIRS[: options.pairs]:
        path = _path(options.folder, options.which, name, style_name, options.size)
        if path.exists():
            continue
        content, style = photo(name), ready(style_name)
        start = time.process_time()
        if options.which == "peer":
            picture = run_peer(options.checkout, content, style, options.size, options.share)
        else:
            picture = run_ours(content, style, options.size)
        seconds = time.process_time() - start
        path.with_suffix(".json").write_text(json.dumps({"seconds": seconds}))
        Image.fromarray(picture).save(path)
        print(f"{name}, {style_name}: {seconds:.0f} s of the processor", flush=True)


if __name__ == "__main__":
    main()
