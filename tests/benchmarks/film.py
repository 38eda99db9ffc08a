"""How much films flicker: warping error of ours beside frame by frame, by the true flow of a synthetic clip.

Run ``python -m tests.benchmarks.film [--frames N] [--size N] [--optimise]``. The clip is a pan and slow zoom over a
photo of scikit-image, before which a disc of another photo passes; where every pixel lies in the frame before is known
exactly. The warping error is the root mean square difference, of 0..255, of what two frames in a row both show; fine
contrast (the mean difference of neighbours) tells whether it was bought with blur. The style is a third photo, unless
one is named.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from pathlib import Path

# Read when torch is imported: waiting by spinning makes two threads four times slower on cores that others use, too.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from skimage import data

from studio.base import drain
from studio.base.photos import open_photo
from studio.checkpoints.perceptual import load_vgg
from studio.stylization import StyleInput
from studio.stylization.flow import best_flow, flow_between
from studio.stylization.video import ClipStyler, stylized
from tests.clips import Motion, Picture, moving, photos, warping_error


def fine_contrast(picture: Picture) -> float:
    """Mean difference of neighbouring pixels, of 0..255."""
    grey = picture.astype(np.float32).mean(-1)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()) / 2


def drift(pictures: list[Picture], alone: list[Picture]) -> float:
    """How far the mean colour of the last frame has moved away from that frame stylized for itself, of 0..255."""
    return float(np.abs(pictures[-1].mean((0, 1)) - alone[-1].mean((0, 1))).max())


def films(clip: list[Motion], style: Picture, size: int, optimise: bool, steps: int) -> Table:
    """One line a way of making the film."""
    frames = [each.frame for each in clip]
    table = Table(
        "method", "stabilise", "warping error", "of frame by frame", "fine contrast", "colour drift", "ms a frame",
        title=f"{len(frames)} frames of {size} px, flow {best_flow()}, {torch.get_num_threads()} threads",
    )  # fmt: skip
    extractor = drain(load_vgg("vgg16-hed", "cpu")) if optimise else None
    for name, network in (("preview", None), ("optimise", extractor)):
        if name == "optimise" and network is None:
            continue
        alone: list[Picture] = []
        first = 0.0
        for strength in (0.0, 0.5, 0.8, 1.0) if network is None else (0.0, 0.8):
            styler = ClipStyler(
                [StyleInput(style)], size=size, stabilise=strength, flow=best_flow(), extractor=network, steps=steps
            )
            began = time.perf_counter()
            made = [each.picture for each in drain(stylized(styler, frames))]
            taken = (time.perf_counter() - began) / len(made) * 1000
            alone = alone or made
            error = warping_error(made, clip)
            first = first or error
            table.add_row(
                name,
                f"{strength:.1f}" if strength else "0 (frame by frame)",
                f"{error:.2f}",
                f"{error / first:.2f}",
                f"{fine_contrast(made[-1]):.2f}",
                f"{drift(made, alone):.1f}",
                f"{taken:.0f}",
            )
    return table


def flow_facts(clip: list[Motion]) -> str:
    """Error of the flow against the truth, and its time."""
    apart, began = [], time.perf_counter()
    for before, after in itertools.pairwise(clip):
        found = flow_between(after.frame, before.frame, best_flow())
        apart.append(np.linalg.norm(found - after.flow, axis=-1)[after.seen])
    taken = (time.perf_counter() - began) / (len(clip) - 1) * 1000
    errors = np.concatenate(apart)
    text = f"end-point error mean {errors.mean():.3f}, median {np.median(errors):.3f} px"
    return f"Flow {best_flow()}: {text}; {taken:.0f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--style", type=Path)
    parser.add_argument("--optimise", action="store_true", help="the optimisation, too, which takes its time")
    parser.add_argument("--steps", type=int, default=40, help="optimisation steps of a frame for itself")
    options = parser.parse_args()
    console = Console()
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    clip = moving(*photos(1000), options.frames, options.size, options.size * 3 // 4)
    style = data.retina()[400:900, 400:900] if options.style is None else np.array(open_photo(options.style))[..., :3]
    console.print(flow_facts(clip))
    console.print(f"The clip itself: warping error {warping_error([each.frame for each in clip], clip):.2f}")
    console.print(films(clip, np.ascontiguousarray(style), options.size, options.optimise, options.steps))


if __name__ == "__main__":
    main()
