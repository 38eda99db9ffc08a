"""Training images a second on this machine, for both architectures at 32, 64 and 128 px.

python -m tests.benchmarks.train [seconds a row]
"""

from __future__ import annotations

import sys
import time

import torch

from studio.base import drain
from studio.networks.device import choose_device
from studio.training.loop import build_trainer
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings


def speed(architecture: str, resolution: int, seconds: float, device: torch.device) -> float:
    """Images a second of whole training steps, R1 steps in their share; the first steps are not counted."""
    values = {"name": "benchmark", "folder": ".", "architecture": architecture, "resolution": resolution}
    settings = TrainSettings.model_validate(values)
    trainer = drain(build_trainer(settings, Processes(device=device), settings.batch))
    real = torch.rand(settings.batch, 3, resolution, resolution, device=device) * 2 - 1
    number = images = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds or number < 2 * settings.r1_interval:
        if number == settings.r1_interval:
            began, images = time.perf_counter(), 0
        trainer.step(real, range(settings.batch), number, images)
        number += 1
        images += settings.batch
    return images / (time.perf_counter() - began)


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    device = choose_device()
    print(f"training images/s on {device}, batch 16, {torch.get_num_threads()} threads, default widths")
    print(f"{'':12}{'32 px':>8}{'64 px':>8}{'128 px':>8}")
    for architecture in ("stylegan2", "dcgan"):
        row = [speed(architecture, resolution, seconds, device) for resolution in (32, 64, 128)]
        print(f"{architecture:12}" + "".join(f"{value:8.1f}" for value in row))


if __name__ == "__main__":
    main()
