"""Peak memory and seconds a step of stylizing in final quality, by size: ``python -m tests.benchmarks.stylize_memory``.

Every size runs in a process of its own, from the first sketch to the finished picture; of the sizes on the way only
with ``--whole``, for the largest needs the most. Peaks are the process's largest resident set (``ru_maxrss``); what
Python, torch and the network take before the first step is told apart. On a graphics card (``--device cuda``) the peak
is what torch had allocated there.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

SIZES = (512, 1024, 2048, 4096)


def peak_gib() -> float:
    """The largest resident set of this process so far, in GiB."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def measure(size: int, device: str, tile: int | None, steps: int, whole: bool) -> dict[str, float]:
    """Stylize at ``size`` in this process; peaks in GiB, times in seconds."""
    import numpy as np
    import torch
    from PIL import Image
    from skimage import data

    from studio.base import drain
    from studio.checkpoints.perceptual import load_vgg
    from studio.recipes import StylizeSettings
    from studio.stylization import StyleInput
    from studio.stylization.optimise import scales
    from studio.stylization.problem import tile_side

    optimisation = importlib.import_module("studio.stylization.optimise")  # the package's name is the function

    extractor = drain(load_vgg("vgg16-hed", device))
    photo = np.asarray(Image.fromarray(data.astronaut()).resize((size, size), Image.Resampling.BICUBIC))
    before = peak_gib()
    began = last = time.perf_counter()
    seconds = 0.0
    if whole:
        steps += len(scales(size)) - 1
    else:
        vars(optimisation)["scales"] = lambda size: [size]
    work = optimisation.optimise(
        photo,
        [StyleInput(data.coffee())],
        StylizeSettings(size=size, steps=steps),
        extractor=extractor,
        device=device,
        largest_tile=tile,
    )
    for progress in work:
        now = time.perf_counter()
        if progress.step == steps:
            seconds = now - last
        last = now
    cuda = torch.cuda.max_memory_allocated() / 2**30 if device == "cuda" else 0.0
    return {
        "before": before,
        "peak": peak_gib(),
        "cuda": cuda,
        "step": seconds,
        "total": time.perf_counter() - began,
        "tile": tile or tile_side(torch.device(device)),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="long sides in pixels")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--tile", type=int, help="largest tile in pixels; default what the program chooses here")
    parser.add_argument("--steps", type=int, default=2, help="steps at the size itself")
    parser.add_argument("--whole", action="store_true", help="a step at each of the smaller sizes, too")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.sizes[0], options.device, options.tile, options.steps, options.whole)))
        return
    table = Table("long side", "tile", "before, GiB", "peak, GiB", "a step, s", "all, s", title="Final quality")
    for size in options.sizes:
        command = [sys.executable, "-m", "tests.benchmarks.stylize_memory", str(size), "--child"]
        command += ["--device", options.device, *(["--tile", str(options.tile)] if options.tile else [])]
        command += ["--steps", str(options.steps), *(["--whole"] if options.whole else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            ending = done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]
            table.add_row(str(size), "", "", "", "", ending[0])
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        print(json.dumps({"size": size, **found}), file=sys.stderr, flush=True)
        peak = found["cuda"] if options.device == "cuda" else found["peak"]
        table.add_row(
            str(size),
            str(found["tile"]),
            f"{found['before']:.2f}",
            f"{peak:.2f}",
            f"{found['step']:.1f}",
            f"{found['total']:.0f}",
        )
    console = Console()
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    console.print(table)


if __name__ == "__main__":
    main()
