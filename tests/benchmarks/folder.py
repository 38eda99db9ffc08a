"""A large folder from its first look to the training: times, memory, and pictures a second out of the prepared set.

python -m tests.benchmarks.folder [pictures] [side]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    side = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENT_STUDIO_HOME"] = home
        measure(Path(home), count, side)


def measure(home: Path, count: int, side: int) -> None:
    """Make ``count`` small JPEGs, look at them twice, prepare them, and read them in batches of 16."""
    from studio.training import prepared
    from studio.training.folder import inspect_folder, settle
    from studio.training.framing import Framing
    from studio.training.picture_decisions import PictureDecisions
    from studio.training.picture_files import open_pictures

    folder = home / "pictures"
    rng = np.random.default_rng(0)
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(rng.integers(0, 255, (5, 6, 3), np.uint8))
        coarse.resize((96, 80), Image.Resampling.BICUBIC).save(path, quality=85)
    report = timed("first look", lambda: inspect_folder(folder))
    timed("second look", lambda: inspect_folder(folder))
    began = time.perf_counter()
    settle(report, "drop", PictureDecisions())
    print(f"{'judged again':14} {time.perf_counter() - began:8.2f} s")
    framing = Framing(side)
    cuts = prepared.cuts_of(report, framing, PictureDecisions())
    made = timed("prepared", lambda: prepared.prepare_set(cuts, framing, folder))
    timed("found prepared", lambda: prepared.prepare_set(cuts, framing, folder))
    data = open_pictures(made.data)
    began = time.perf_counter()
    for _ in range(500):
        np.stack([data[i] for i in rng.integers(0, len(data), 16)])
    print(f"{'read':14} {8000 / (time.perf_counter() - began):8.0f} pictures/s, set of {made.size / 2**20:.0f} MB")


def timed(name: str, make: Callable[[], Any]) -> Any:
    """Drive the work; print wall and CPU seconds, and the most memory beyond what there was."""
    process = psutil.Process()
    before, peak = process.memory_info().rss, 0
    began, cpu = time.perf_counter(), time.process_time()
    work = make()
    while True:
        try:
            progress = next(work)
        except StopIteration as end:
            wall, busy = time.perf_counter() - began, time.process_time() - cpu
            print(f"{name:14} {wall:8.2f} s, {busy:8.2f} s CPU, {max(0, peak) / 2**20:5.0f} MB more memory")
            return end.value
        if progress.step % 100 == 0:
            peak = max(peak, process.memory_info().rss - before)


if __name__ == "__main__":
    main()
