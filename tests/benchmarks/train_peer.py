"""Whole StyleGAN2 training steps: ours and NVIDIA's own PyTorch code on the same device, in turns, in one run.

python -m tests.benchmarks.train_peer FOLDER_OF_stylegan2-ada-pytorch [rounds] [resolutions ...]

Their code is not part of this repository. Both train the same networks (channel_base 16384, channel_max 512, latents of
512, the same mapping, resnet discriminator) on the same random pictures, batch 8, with lazy R1 in its share, without
augmentation, style mixing and path length regularisation. A round is one step with and one without R1 each, in turns;
the fastest count. Memory is measured apart, each program in a process of its own: the peak of two steps with R1, of
the resident set less what the imports alone take, on a graphics card of what torch has allocated there.
"""

from __future__ import annotations

import copy
import platform
import resource
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from studio.base import drain
from studio.networks.device import choose_device
from studio.networks.stylegan2 import StyleGAN2Config
from studio.training.loop import build_trainer
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings

BATCH = 8
INTERVAL = 16
GAMMA = 0.8192
BASE, WIDEST, LATENT = 16384, 512, 512


def ours(resolution: int, device: torch.device, real: torch.Tensor) -> Callable[[int], object]:
    """One of our steps, by its number."""
    settings = TrainSettings(
        name="benchmark", folder=".", resolution=resolution, batch=BATCH, channel_base=BASE, channel_max=WIDEST,
        latent_size=LATENT, r1_gamma=GAMMA, r1_interval=INTERVAL, style_mixing=0.0, augmentation="none",
        precision="fp32",
    )  # fmt: skip
    trainer = drain(build_trainer(settings, Processes(device=device), BATCH))
    return lambda number: trainer.step(real, range(BATCH), number, number * BATCH)


def import_peer(folder: Path) -> None:
    """Make stylegan2-ada-pytorch importable without what it needs for downloads and version numbers."""
    from packaging.version import parse

    stand_ins = {"requests": types.ModuleType("requests"), "pkg_resources": types.ModuleType("pkg_resources")}
    stand_ins["pkg_resources"].parse_version = parse  # type: ignore[attr-defined]
    for name, module in stand_ins.items():
        sys.modules.setdefault(name, module)
    sys.path.insert(0, str(folder.resolve()))


def take_phase(
    loss: Any,
    phase: str,
    module: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    real: torch.Tensor,
    labels: torch.Tensor,
    latent: int,
    gain: float,
) -> None:
    """One phase of a step of stylegan2-ada-pytorch, as its training loop takes it."""
    optimiser.zero_grad(set_to_none=True)
    module.requires_grad_(True)
    z = torch.randn(len(real), latent, device=real.device)
    loss.accumulate_gradients(phase, real, labels, z, labels, sync=True, gain=gain)
    module.requires_grad_(False)
    for parameter in module.parameters():
        if parameter.grad is not None:
            torch.nan_to_num(parameter.grad, nan=0, posinf=1e5, neginf=-1e5, out=parameter.grad)
    optimiser.step()


def theirs(resolution: int, device: torch.device, real: torch.Tensor, layers: int) -> Callable[[int], object]:
    """One of theirs, as their training loop takes it: the main phases every time, R1 every 16th."""
    from training.loss import StyleGAN2Loss  # type: ignore[import-not-found]
    from training.networks import Discriminator, Generator  # type: ignore[import-not-found]

    sizes: dict[str, Any] = {"channel_base": BASE, "channel_max": WIDEST, "num_fp16_res": 0, "conv_clamp": None}
    mapping = {"num_layers": layers}
    g = Generator(LATENT, 0, LATENT, resolution, 3, mapping_kwargs=mapping, synthesis_kwargs=sizes).to(device).train()
    d = Discriminator(0, resolution, 3, epilogue_kwargs={"mbstd_group_size": 4}, **sizes).to(device).train()
    average = copy.deepcopy(g).eval()
    loss = StyleGAN2Loss(device, g.mapping, g.synthesis, d, None, style_mixing_prob=0, r1_gamma=GAMMA, pl_weight=0)
    ratio = INTERVAL / (INTERVAL + 1)
    optimisers = {
        "G": torch.optim.Adam(g.parameters(), lr=0.0025, betas=(0.0, 0.99)),
        "D": torch.optim.Adam(d.parameters(), lr=0.0025 * ratio, betas=(0.0, 0.99**ratio)),
    }
    labels = torch.zeros(BATCH, 0, device=device)

    def step(number: int) -> None:
        phases = [("Gmain", g, 1), ("Dmain", d, 1)] + ([("Dreg", d, INTERVAL)] if number % INTERVAL == 0 else [])
        for phase, module, gain in phases:
            take_phase(loss, phase, module, optimisers[phase[0]], real, labels, LATENT, gain)
        with torch.no_grad():
            for kept, new in zip(average.parameters(), g.parameters(), strict=True):
                kept.copy_(new.lerp(kept, 0.999))

    return step


def seconds(step: Callable[[int], object], number: int, device: torch.device) -> float:
    """One step."""
    began = time.perf_counter()
    step(number)
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began


def peak_gib() -> float:
    """The largest resident set of this process so far, in GiB."""
    if platform.system() == "Linux":
        # Unlike ru_maxrss, this does not begin with what the process had that started this one.
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**20
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def build(name: str, resolution: int, device: torch.device) -> Callable[[int], object]:
    """One of the two programs, "theirs" or "ours", with random pictures."""
    real = torch.rand(BATCH, 3, resolution, resolution, device=device) * 2 - 1
    if name == "theirs":
        return theirs(resolution, device, real, StyleGAN2Config().mapping_layers)
    return ours(resolution, device, real)


def measure_memory(name: str, resolution: int) -> float:
    """Peak memory in GiB of steps of a program, which must have this process for itself."""
    import training.loss
    import training.networks  # noqa: F401

    device = choose_device()
    before = peak_gib()
    step = build(name, resolution, device)
    # Steps with R1 need the most, and the second of them has the state of the optimisers in memory as well.
    for number in (0, INTERVAL):
        step(number)
    return torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else peak_gib() - before


def memory(folder: str, name: str, resolution: int) -> float:
    """The same in a process of its own; NaN when it did not come to an end."""
    command = [sys.executable, "-m", "tests.benchmarks.train_peer", folder, "memory", name, str(resolution)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return float("nan")
    return float(done.stdout.split()[-1])


def main() -> None:
    """Print the table."""
    import_peer(Path(sys.argv[1]))
    if sys.argv[2:3] == ["memory"]:
        print(measure_memory(sys.argv[3], int(sys.argv[4])))
        return
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    resolutions = [int(text) for text in sys.argv[3:]] or [64, 128, 256]
    device = choose_device()
    print(f"whole training steps on {device}, {torch.get_num_threads()} threads, batch {BATCH}")
    print(f"{'':>5}{'images/s':^25}{'peak memory, GiB':^25}")
    print(f"{'px':>5}" + f"{'theirs':>9}{'ours':>9}{'ratio':>7}" * 2)
    for resolution in resolutions:
        # First, while the networks to be timed are not in memory.
        peak = {name: memory(sys.argv[1], name, resolution) for name in ("theirs", "ours")}
        steps = {name: build(name, resolution, device) for name in ("theirs", "ours")}
        best = {(name, number): float("inf") for name in steps for number in (0, 1)}
        for _ in range(rounds):
            for name, number in best:
                best[name, number] = min(best[name, number], seconds(steps[name], number, device))
        # Of an interval, the first step has the R1 penalty.
        speed = {name: INTERVAL * BATCH / (best[name, 0] + (INTERVAL - 1) * best[name, 1]) for name in steps}
        del steps
        row = "".join(
            f"{found['theirs']:>9.2f}{found['ours']:>9.2f}{found['ours'] / found['theirs']:>7.2f}"
            for found in (speed, peak)
        )
        print(f"{resolution:>5}{row}", flush=True)


if __name__ == "__main__":
    main()
