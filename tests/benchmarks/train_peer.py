"""Whole StyleGAN2 training steps: ours and NVIDIA's own PyTorch code on the same device, in turns, in one run.

python -m tests.benchmarks.train_peer FOLDER_OF_stylegan2-ada-pytorch [rounds] [resolutions ...]

Their code is not part of this repository. Both train the same networks (channel_base 16384, channel_max 512, latents of
512, the same mapping, resnet discriminator) on the same random pictures, batch 8, with lazy R1 in its share, without
augmentation, style mixing and path length regularisation. Each program has a process of its own, ours set up as our
training process is, and waits while the other is at work. A round is one step with and one without R1 each, in turns;
the fastest count. Memory is the peak of all these steps: of the resident set less what the imports alone take, on a
graphics card of what torch has allocated there.
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
from studio.base.allocator import keep_pages
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
    values = {
        "name": "benchmark", "folder": ".", "resolution": resolution, "batch": BATCH, "channel_base": BASE,
        "channel_max": WIDEST, "latent_size": LATENT, "r1_gamma": GAMMA, "r1_interval": INTERVAL, "style_mixing": 0.0,
        "augmentation": "none", "precision": "fp32",
    }  # fmt: skip
    settings = TrainSettings.model_validate(values)
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


def serve(name: str, resolution: int) -> None:
    """Take a step of a program for every number on the standard input, and print how many seconds it took; for
    "memory" the peak in GiB so far, above what the imports took."""
    import training.loss
    import training.networks  # noqa: F401

    device = choose_device()
    if name == "ours":
        keep_pages()  # as our training process does
    before = peak_gib()
    step = build(name, resolution, device)
    for line in sys.stdin:
        if line.strip() == "memory":
            peak = torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else peak_gib() - before
            print(peak, flush=True)
            continue
        began = time.perf_counter()
        step(int(line))
        if device.type == "cuda":
            torch.cuda.synchronize()
        print(time.perf_counter() - began, flush=True)


class Child:
    """A program in a process of its own, which waits while nothing is asked of it."""

    def __init__(self, folder: str, name: str, resolution: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.train_peer", folder, "serve", name, str(resolution)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what: str) -> float:
        """See :func:`serve`; NaN when it has come to an end, as for lack of memory."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            print(what, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return float("nan")
        answer = self._process.stdout.readline().split()
        return float(answer[-1]) if answer else float("nan")

    def end(self) -> None:
        """Let it go."""
        self._process.communicate()


def main() -> None:
    """Print the table."""
    import_peer(Path(sys.argv[1]))
    if sys.argv[2:3] == ["serve"]:
        serve(sys.argv[3], int(sys.argv[4]))
        return
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    resolutions = [int(text) for text in sys.argv[3:]] or [64, 128, 256]
    print(f"whole training steps on {choose_device()}, {torch.get_num_threads()} threads, batch {BATCH}")
    print(f"{'':>5}{'images/s':^25}{'peak memory, GiB':^25}")
    print(f"{'px':>5}" + f"{'theirs':>9}{'ours':>9}{'ratio':>7}" * 2)
    for resolution in resolutions:
        programs = {name: Child(sys.argv[1], name, resolution) for name in ("theirs", "ours")}
        # Of an interval, the first step has the R1 penalty.
        best = {(name, number): float("inf") for name in programs for number in (0, 1)}
        for _ in range(rounds):
            for name, number in best:
                best[name, number] = min(best[name, number], programs[name].ask(str(number)))
        speed = {name: INTERVAL * BATCH / (best[name, 0] + (INTERVAL - 1) * best[name, 1]) for name in programs}
        # The optimisers' state is there since the first step of each kind.
        peak = {name: program.ask("memory") for name, program in programs.items()}
        for program in programs.values():
            program.end()
        row = "".join(
            f"{found['theirs']:>9.2f}{found['ours']:>9.2f}{found['ours'] / found['theirs']:>7.2f}"
            for found in (speed, peak)
        )
        print(f"{resolution:>5}{row}", flush=True)


if __name__ == "__main__":
    main()
