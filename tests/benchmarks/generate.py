"""One StyleGAN2 picture on this machine's CPU: ours and NVIDIA's own PyTorch code, turn by turn in one run.

python -m tests.benchmarks.generate [FOLDER OF stylegan3 OR stylegan2-ada-pytorch] [resolutions ...]

Their code is not part of this repository (it wants the packages requests and click); without the folder only ours is
measured. The repository stylegan3 holds the newer form of their StyleGAN2, which is the one to be measured against. Set
OMP_NUM_THREADS and NUMBA_NUM_THREADS for the threads of both: with 1 it is the processor's time that counts, and other
programs disturb less. Weights are random: the time does not depend on them. All times are the fastest of several
rounds. "direct" is a plain 3x3 convolution of oneDNN, the fastest direct form this machine has; the share counts our
network's convolutions in direct form, so that Winograd's savings can lift it above 100 %. "sheet" is a picture of a
sheet, which the engine draws one by one; "batched" one of a batch of four in our plain network. "fine slider" draws the
last block and half of the one before it, "guess" is the time to the first picture that a moving slider shows. How good
that one is: tests.benchmarks.preview.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numba
import torch

from studio.engine.steps.sample import PREVIEW_SECONDS, PREVIEW_SECONDS_LARGE, SMALLEST_PREVIEW
from studio.networks.fast.stylegan2 import FastSynthesis, gflop
from studio.networks.stylegan2 import Generator, StyleGAN2Config

CHANNEL_BASE = {256: 16384, 512: 32768, 1024: 32768}
ROUNDS = 3


def milliseconds(function: Callable[[], object]) -> float:
    """Time of one call; with one thread the processor's, which other programs disturb less."""
    clock = time.thread_time if torch.get_num_threads() == numba.get_num_threads() == 1 else time.perf_counter
    began = clock()
    function()
    return (clock() - began) * 1000


def direct_convolution() -> Callable[[], float]:
    """GFLOP/s of a direct convolution, 256 features at 64x64 in channels-last memory."""
    x = torch.randn(1, 256, 64, 64).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(256, 256, 3, 3).contiguous(memory_format=torch.channels_last)
    operations = 2 * 9 * 256 * 256 * 64 * 64
    return lambda: operations / milliseconds(lambda: torch.nn.functional.conv2d(x, weight, padding=1)) / 1e6


def theirs(resolution: int, base: int, ws: torch.Tensor) -> Callable[[], object]:
    """Their synthesis network, constant noise, in single precision as everywhere on a processor."""
    sizes = {"channel_base": base, "channel_max": 512, "num_fp16_res": 0, "conv_clamp": None}
    mapping = {"num_layers": 8}
    try:
        from training.networks_stylegan2 import Generator as Newer  # type: ignore[import-not-found]

        peer = Newer(512, 0, 512, resolution, 3, mapping_kwargs=mapping, **sizes).eval()
    except ImportError:
        from training.networks import Generator as Older  # type: ignore[import-not-found]

        peer = Older(512, 0, 512, resolution, 3, mapping_kwargs=mapping, synthesis_kwargs=sizes).eval()
    return lambda: peer.synthesis(ws, noise_mode="const")


@torch.no_grad()
def measure(resolution: int, peer: bool) -> None:
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
    speed = direct_convolution()

    def whole() -> None:
        fast(torch.randn_like(ws))

    def fine() -> None:
        ws[:, -3:] = torch.randn_like(ws[:, -3:])
        fast(ws)

    def sheet() -> None:
        for _ in range(4):
            fast(torch.randn_like(ws))

    def batched() -> None:
        net.synthesis(torch.randn(4, net.config.num_ws, 512), noise_mode="const")

    def guess() -> None:
        budget = PREVIEW_SECONDS if resolution <= 512 else PREVIEW_SECONDS_LARGE
        began = before = time.perf_counter()
        for stage in fast.stages(torch.randn_like(ws)):
            now = time.perf_counter()
            if stage.resolution >= SMALLEST_PREVIEW and now - began + 1.2 * (now - before) > budget:
                reached.append(stage.resolution)
                stage.guess()
                return
            before = now
        reached.append(resolution)

    reached: list[int] = []
    best = dict.fromkeys(("theirs", "ours", "fine", "sheet", "batched", "guess"), float("inf"))
    direct = 0.0
    other = theirs(resolution, base, ws) if peer else None
    for _ in range(ROUNDS):
        if other is not None:
            best["theirs"] = min(best["theirs"], milliseconds(other))
        # Ours is so much shorter that each of its turns is two calls.
        for _ in range(2):
            best["ours"] = min(best["ours"], milliseconds(whole))
            direct = max(direct, speed())
        for _ in range(2):
            fast(ws)
            best["fine"] = min(best["fine"], milliseconds(fine))
        best["sheet"] = min(best["sheet"], milliseconds(sheet) / 4)
        best["batched"] = min(best["batched"], milliseconds(batched) / 4)
    # Last, because a network that was asked for guesses goes on learning from what it draws.
    for _ in range(ROUNDS):
        best["guess"] = min(best["guess"], milliseconds(guess))
        fast(ws)
    ratio = best["theirs"] / best["ours"]
    speed_reached = gflop(net.synthesis) / best["ours"] * 1000
    share = speed_reached / direct
    print(
        f"{resolution:5} {best['theirs']:9.0f} {best['ours']:8.0f} {ratio:6.1f}x {error:9.1e} {speed_reached:8.0f} "
        f"{direct:8.0f} {share:6.0%} {best['sheet']:6.0f} {best['batched']:8.0f} {best['fine']:11.0f} "
        f"{best['guess']:6.0f} at {max(reached)} px",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    folder = next((text for text in sys.argv[1:] if not text.isdecimal()), None)
    if folder is not None:
        sys.path.insert(0, str(Path(folder).resolve()))
    sizes = [int(text) for text in sys.argv[1:] if text.isdecimal()] or list(CHANNEL_BASE)
    print(f"{torch.get_num_threads()} threads; milliseconds a picture, GFLOP/s")
    print("   px    theirs     ours  ratio     error  GFLOP/s   direct  share  sheet  batched  fine slider  guess")
    for size in sizes:
        measure(size, folder is not None)


if __name__ == "__main__":
    main()
