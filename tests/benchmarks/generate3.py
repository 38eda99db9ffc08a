"""StyleGAN3 at 256 px on the CPU, batch 1: NVIDIA's own code beside ours, same weights' shapes, one run.

    python -m tests.benchmarks.generate3 FOLDER

FOLDER holds NVIDIA's stylegan3 repository (fetched, never committed). Prints milliseconds, the ratio, and the largest
difference between our quick and our plain form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from studio.networks.fast.stylegan3 import FastStyleGAN3
from studio.networks.stylegan3 import Generator, StyleGAN3Config
from tests.benchmarks.generate import milliseconds

CASES = {
    "T": StyleGAN3Config(channel_base=16384),
    "R": StyleGAN3Config(channel_base=32768, channel_max=1024, conv_kernel=1, radial_filters=True),
}


def fastest(draw: Callable[[], Tensor], runs: int = 3) -> float:
    """Milliseconds of the best of some runs, after one that does not count."""
    draw()
    times = []
    for _ in range(runs):
        times.append(milliseconds(draw))
    return min(times)


@torch.no_grad()
def main() -> None:
    """Print the table."""
    sys.path.insert(0, sys.argv[1])
    from training import networks_stylegan3  # type: ignore[import-not-found]

    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{'':4}{'NVIDIA ms':>12}{'plain ms':>12}{'quick ms':>12}{'ratio':>8}{'difference':>12}")
    for name, config in CASES.items():
        torch.manual_seed(0)
        peer = networks_stylegan3.Generator(
            config.z_dim, 0, config.w_dim, config.resolution, 3, channel_base=config.channel_base,
            channel_max=config.channel_max, conv_kernel=config.conv_kernel, use_radial_filters=config.radial_filters,
        ).eval()  # fmt: skip
        ours = Generator(config).eval()
        quick = FastStyleGAN3(ours.synthesis)
        ws = torch.randn(1, config.num_ws, config.w_dim)
        times = [fastest(partial(form, ws)) for form in (peer.synthesis, ours.synthesis, quick)]
        difference = float((quick(ws) - ours.synthesis(ws)).abs().max())
        print(f"{name:4}" + "".join(f"{t:12.0f}" for t in times) + f"{times[0] / times[2]:8.1f}{difference:12.1e}")


if __name__ == "__main__":
    main()
