"""Megapixels a second and peak memory of enlarging, beside spandrel's plain call on the same network.

python -m tests.benchmarks.enlarge_speed [--sides 512 1024 2048] [--scale 2] [--file NETWORK.safetensors]

Each way and size runs in a process of its own, one after the other, on one thread; megapixels are those that go in.
Peaks are the process's largest resident set less what it had before the first pixel. The load of the machine is told
with every line: on a busy one, megapixels a processor second tell more.

Ours / spandrel's plain call, megapixels a processor second and MiB more. Faithful at 2x, where ours agrees with the
picture besides, at load 16: 0.122 / 0.141 and 48 / 101 at 512 pixels, 0.107 / 0.125 and 132 / 409 at 1,024 pixels.

Fetched networks at 4x and 128 pixels: film 0.028 / 0.051 and 29 / 18, drawing 0.003 / 0.005 and 253 / 167, photo
0.001 / 0.002 and 243 / 193. So small a picture is one tile, and a tile sees 16 pixels more on every side: 1.6 times the
pixels. Tiles save memory on large pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

from studio.base import drain
from studio.checkpoints.enlargers import own_path
from studio.recipes import EnlargeSettings
from studio.restoration.enlarge import enlarge

WAYS = ("ours", "spandrel")


def peak_mib() -> float:
    """The largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if platform.system() == "Darwin" else 1024)


def measured(way: str, side: int, scale: int, file: Path) -> dict[str, float]:
    """Seconds of one picture of ``side`` x ``side`` pixels after a small one to warm up, and the peak."""
    from spandrel import ModelLoader

    from studio.checkpoints.enlargers import Enlarger

    network = ModelLoader(device="cpu").load_from_file(file)
    network.eval()
    ours = Enlarger(network, scale, 16)
    random = np.random.default_rng(0)

    def run(picture: np.ndarray) -> None:
        if way == "ours":
            drain(enlarge(picture, EnlargeSettings(factor=float(scale)), lambda _scale: ours, (scale,)))
            return
        with torch.inference_mode():
            tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255
            made = network(tensor)[0].clamp(0, 1).mul(255).round().byte().permute(1, 2, 0)
            made.numpy()

    run(random.integers(0, 256, (64, 64, 3), np.uint8))
    before, picture = peak_mib(), random.integers(0, 256, (side, side, 3), np.uint8)
    began, spent = time.perf_counter(), time.process_time()
    run(picture)
    seconds, spent = time.perf_counter() - began, time.process_time() - spent
    return {"seconds": seconds, "spent": spent, "peak": peak_mib() - before}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=int, nargs="*", default=[512, 1024, 2048])
    parser.add_argument("--scale", type=int, default=2)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "SIDE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    file = options.file or own_path(options.scale)
    torch.set_num_threads(1)
    if options.one:
        print(json.dumps(measured(options.one[0], int(options.one[1]), options.scale, file)))
        return
    again = [sys.executable, "-m", "tests.benchmarks.enlarge_speed", "--scale", str(options.scale), "--file", str(file)]
    for side in options.sides:
        for way in WAYS:
            ended = subprocess.run([*again, "--one", way, str(side)], capture_output=True, text=True)
            if ended.returncode:
                print(f"{side:5} px  {way:9}  failed: {ended.stderr.strip().splitlines()[-1:]}", flush=True)
                continue
            found = json.loads(ended.stdout)
            speed, net = (side * side / 1e6 / found[what] for what in ("seconds", "spent"))
            print(
                f"{side:5} px  {way:9}  {speed:.3f} MP/s  {net:.3f} MP a processor second  "
                f"{found['peak']:7.0f} MiB more  (load {os.getloadavg()[0]:.1f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
