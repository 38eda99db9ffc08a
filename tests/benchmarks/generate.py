"""One StyleGAN2 picture on this machine's CPU: ours and NVIDIA's own PyTorch code, in one run.

python -m tests.benchmarks.generate [FOLDER OF stylegan2-ada-pytorch] [resolutions ...]

Their code is not part of this repository; without the folder only ours is measured. Weights are random: the time does
not depend on them. "direct" is a plain 3x3 convolution of oneDNN, the fastest direct form this machine has; the share
counts our network's convolutions in direct form, so that Winograd's savings can lift it above 100 %.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from studio.networks.fast_stylegan2 import FastSynthesis, gflop
from studio.networks.stylegan2 import Generator, StyleGAN2Config

CHANNEL_BASE = {256: 16384, 512: 32768, 1024: 32768}


def milliseconds(function: Callable[[], object], rounds: int = 5) -> float:
    """Median after two rounds that do not count."""
    times = []
    for number in range(rounds + 2):
        began = time.perf_counter()
        function()
        if number >= 2:
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def ceiling() -> float:
    """GFLOP/s of a direct convolution, 256 features at 64x64 in channels-last memory."""
    x = torch.randn(1, 256, 64, 64).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(256, 256, 3, 3).contiguous(memory_format=torch.channels_last)
    took = milliseconds(lambda: torch.nn.functional.conv2d(x, weight, padding=1), 9)
    return 2 * 9 * 256 * 256 * 64 * 64 / took / 1e6


def theirs(resolution: int, base: int, ws: torch.Tensor) -> float:
    """Their synthesis network, constant noise."""
    from training.networks import Generator as Peer  # type: ignore[import-not-found]

    sizes = {"channel_base": base, "channel_max": 512, "num_fp16_res": 0, "conv_clamp": None}
    peer = Peer(512, 0, 512, resolution, 3, mapping_kwargs={"num_layers": 8}, synthesis_kwargs=sizes).eval()
    return milliseconds(lambda: peer.synthesis(ws, noise_mode="const"), 3)


@torch.no_grad()
def measure(resolution: int, peer: bool, direct: float) -> None:
    """One row of the table."""
    base = CHANNEL_BASE[resolution]
    net = Generator(
        StyleGAN2Config(
            resolution=resolution, z_dim=512, w_dim=512, mapping_layers=8, channel_base=base, channel_max=512
        )
    )
    net.eval().requires_grad_(False)
    fast = FastSynthesis(net.synthesis)
    ws = torch.randn(1, net.config.num_ws, 512)
    error = float((fast(ws) - net.synthesis(ws, noise_mode="const")).abs().max())

    def whole() -> None:
        fast(torch.randn_like(ws))

    def fine() -> None:
        ws[:, -3:] = torch.randn_like(ws[:, -3:])
        fast(ws)

    def first() -> None:
        budget = 0.1 if resolution > 512 else 0.033
        began = before = time.perf_counter()
        for stage in fast.stages(torch.randn_like(ws)):
            now = time.perf_counter()
            reached.append(stage.resolution)
            if now - began + 1.2 * (now - before) > budget and stage.resolution >= 32:
                return
            before = now

    reached: list[int] = []
    ours, again, preview = milliseconds(whole), milliseconds(fine), milliseconds(first)
    other = theirs(resolution, base, ws) if peer else float("nan")
    share = gflop(net.synthesis) / ours * 1000 / direct
    print(
        f"{resolution:5} {other:9.0f} {ours:8.0f} {other / ours:6.1f}x {share:8.0%} {error:9.1e} "
        f"{again:11.0f} {preview:9.0f} ms at {reached[-1]} px"
    )


def main() -> None:
    """Print the table."""
    folder = next((text for text in sys.argv[1:] if not text.isdecimal()), None)
    if folder is not None:
        sys.path.insert(0, str(Path(folder).resolve()))
    sizes = [int(text) for text in sys.argv[1:] if text.isdecimal()] or list(CHANNEL_BASE)
    direct = ceiling()
    print(f"{torch.get_num_threads()} threads, direct convolution {direct:.0f} GFLOP/s; milliseconds a picture")
    print("   px    theirs     ours  ratio   of direct   error  fine slider  first picture")
    for size in sizes:
        measure(size, folder is not None, direct)


if __name__ == "__main__":
    main()
