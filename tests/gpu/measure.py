"""What is to be known of a graphics card, in at most eight minutes: is it right, how fast, how much memory it takes.

    python -m tests.gpu.measure [--device cuda] [--seconds 480] [--out card.json] [--rehearse]

Needs nothing but this tree and the packages it depends on: networks have random weights, pictures are made here. Prints
a row as soon as it is known and keeps the JSON file up to date, so that a run that is cut off leaves what it has found.
``--rehearse`` goes through the same lines with tiny sizes, by default on the processor.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.base import drain
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.vgg import VGGFeatures
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput
from studio.stylization.objective import Balance, Objective, StyleTarget, picture_statistics, to_tensor
from studio.stylization.optimise import optimise
from studio.stylization.statistics import WassersteinToStyle
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer

CHANNEL_BASE = {256: 16384, 512: 32768, 1024: 32768}
ROUNDS = 20
LARGEST_DIFFERENCE = 0.02
"""Of pictures in -1..1 in single precision; cards round convolutions more coarsely than processors (TF32)."""


@dataclass(frozen=True)
class Row:
    """One number: what was measured, in which case, and a word on it; None where it failed, the note says why."""

    what: str
    case: str
    value: float | None
    unit: str
    note: str = ""


@dataclass
class Report:
    """The rows so far, printed and written as they come.

    Attributes
    ----------
    small : whether this is a rehearsal with tiny sizes.
    """

    device: torch.device
    out: Path
    until: float
    small: bool
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Print a row and keep it on the disk."""
        self.rows.append(row)
        value = "failed" if row.value is None else f"{row.value:,.4g}"
        print(f"{row.what:<12} {row.case:<34} {value:>10} {row.unit:<8} {row.note}", flush=True)
        self.out.write_text(json.dumps(self.document(), indent=1), encoding="utf-8")

    def document(self) -> dict[str, Any]:
        """All that was found, for a file."""
        return {"about": about(self.device), "rows": [asdict(row) for row in self.rows]}

    def measure(self, what: str, case: str, unit: str, work: Callable[[], float], note: Callable[[], str]) -> None:
        """Add what ``work`` finds; a failure is a finding too, and without time left the case is left out."""
        if time.monotonic() > self.until:
            self.add(Row(what, case, None, unit, "no time left"))
            return
        reset_memory(self.device)
        try:
            value: float | None = work()
            said = note()
        except Exception as error:  # whatever it is: the other cases are still to be measured
            value, said = None, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        self.add(Row(what, case, value, unit, said))

    def peak(self) -> str:
        """The most memory that was in use since the measurement began."""
        return f"{torch.cuda.max_memory_allocated() / 1e9:.2f} GB" if self.device.type == "cuda" else ""


def about(device: torch.device) -> dict[str, str]:
    """Device and versions."""
    found = {"torch": torch.__version__, "python": sys.version.split()[0], "device": str(device)}
    if device.type == "cuda":
        found |= {"card": torch.cuda.get_device_name(device), "cuda": str(torch.version.cuda)}
        found["memory"] = f"{torch.cuda.get_device_properties(device).total_memory / 2**30:.0f} GiB"
    return found


def reset_memory(device: torch.device) -> None:
    """Forget what the case before needed."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def milliseconds(function: Callable[[], object], device: torch.device, rounds: int) -> float:
    """Median time of a call, after two that warm up."""
    times = []
    for number in range(rounds + 2):
        synchronize(device)
        began = time.perf_counter()
        function()
        synchronize(device)
        if number > 1:
            times.append((time.perf_counter() - began) * 1000)
    return float(np.median(times))


# ---- networks and pictures


def generator(resolution: int, *, small: bool) -> stylegan2.Generator:
    """A StyleGAN2 as large as NVIDIA's, or a tiny one, with random weights that are the same everywhere."""
    torch.manual_seed(0)
    if small:
        return stylegan2.Generator(
            stylegan2.StyleGAN2Config(resolution, 16, 16, channel_base=256, channel_max=16)
        ).eval()
    base = CHANNEL_BASE[resolution]
    config = stylegan2.StyleGAN2Config(resolution, 512, 512, mapping_layers=8, channel_base=base, channel_max=512)
    return stylegan2.Generator(config).eval()


def on(device: torch.device, network: nn.Module) -> Any:
    """A copy of a network on a device."""
    return copy.deepcopy(network).to(device).requires_grad_(False)


def picture(side: int, seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A picture with something to see at every size, uint8 (side, side * 3 / 4, 3)."""
    random = np.random.default_rng(seed)
    found = np.zeros((side, side * 3 // 4, 3))
    for cells in (4, 16, 64):
        small = random.random((cells, cells, 3))
        rows = np.arange(found.shape[0]) * cells // found.shape[0]
        columns = np.arange(found.shape[1]) * cells // found.shape[1]
        found += small[rows][:, columns]
    return np.asarray(found / 3 * 255, np.uint8)


# ---- the parts


def correctness(report: Report) -> None:
    """The same networks and losses on processor and device."""
    processor = torch.device("cpu")
    torch.manual_seed(1)
    side = 16 if report.small else 256
    width = {"channel_base": 256, "channel_max": 16} if report.small else {"channel_base": 8192, "channel_max": 256}
    third = stylegan3.Generator(stylegan3.StyleGAN3Config(resolution=side, z_dim=64, w_dim=64, **width)).eval()
    pairs: dict[str, tuple[nn.Module, Callable[[Any, torch.device], Tensor]]] = {
        "StyleGAN2": (generator(side, small=report.small), _drawn),
        "StyleGAN3": (third, _drawn),
        "DCGAN": (dcgan.Generator(dcgan.DCGANConfig(16 if report.small else 64, width=8)).eval(), _drawn_from_z),
    }
    for name, (network, draw) in pairs.items():

        def compare(network: nn.Module = network, draw: Callable[[Any, torch.device], Tensor] = draw) -> float:
            here, there = (draw(on(each, network), each).float().cpu() for each in (processor, report.device))
            return float((here - there).abs().max())

        report.measure("correct", f"{name}, largest difference", "of 2", compare, lambda: f"up to {LARGEST_DIFFERENCE}")
    vgg = random_vgg()

    def gradients() -> float:
        found = []
        for device in (processor, report.device):
            extractor = on(device, vgg)
            content, style = (to_tensor(picture(32 if report.small else 256, seed), device) for seed in (1, 2))
            balance = Balance(content=0.1)
            wanted = picture_statistics(extractor, style, tuple(balance.style), None, 2048)
            target = StyleTarget({name: WassersteinToStyle(each) for name, each in wanted.items()})
            found.append(Objective(extractor, content, [target], balance).gradient(content.clone())[1].cpu())
        return float((found[0] - found[1]).norm() / found[0].norm())

    report.measure("correct", "style loss, gradient's difference", "of 1", gradients, lambda: "up to 0.05")


@torch.no_grad()
def _drawn(network: Any, device: torch.device) -> Tensor:
    z = torch.randn(2, network.config.z_dim, generator=torch.Generator().manual_seed(3)).to(device)
    options = {"noise_mode": "const"}
    found: Tensor = network.synthesis(network.w_to_ws(network.mapping(z), 0.7), **options)
    return found


@torch.no_grad()
def _drawn_from_z(network: Any, device: torch.device) -> Tensor:
    found: Tensor = network(torch.randn(2, 100, generator=torch.Generator().manual_seed(3)).to(device))
    return found


def sampling(report: Report) -> None:
    """A picture of StyleGAN2, one at a time, in all forms that might be worth it."""
    device, rounds = report.device, 2 if report.small else ROUNDS
    sizes = (16,) if report.small else tuple(CHANNEL_BASE)
    half = torch.bfloat16 if device.type == "cpu" else torch.float16
    for size in sizes:
        network = on(device, generator(size, small=report.small))
        last = on(device, network).to(memory_format=torch.channels_last)
        ws = torch.randn(1, network.config.num_ws, network.config.w_dim, device=device)
        for name, net, dtype in (
            ("fp32", network, None),
            ("fp32, channels-last", last, None),
            ("fp16, channels-last", last, half),
            ("bf16, channels-last", last, torch.bfloat16),
        ):
            draw = drawing(net, ws, dtype)
            report.measure(
                "sampling", f"{size} px, {name}", "ms", lambda d=draw: milliseconds(d, device, rounds), report.peak
            )  # type: ignore[misc]
        if device.type == "cuda":
            graph = lambda net=last, ws=ws: milliseconds(graphed(drawing(net, ws, torch.float16)), device, rounds)  # noqa: E731
            report.measure("sampling", f"{size} px, fp16, CUDA graph", "ms", graph, report.peak)


def compiled(report: Report) -> None:
    """The same, compiled: at one size, for it takes a minute to prepare."""
    device = report.device
    if report.small:
        return
    network = on(device, generator(256, small=False)).to(memory_format=torch.channels_last)
    ws = torch.randn(1, network.config.num_ws, network.config.w_dim, device=device)
    network.synthesis.forward = torch.compile(network.synthesis.forward)
    draw = drawing(network, ws, torch.float16)
    report.measure(
        "sampling", "256 px, fp16, torch.compile", "ms", lambda: milliseconds(draw, device, ROUNDS), report.peak
    )


def drawing(network: Any, ws: Tensor, dtype: torch.dtype | None) -> Callable[[], Tensor]:
    """A call that draws one picture."""

    @torch.no_grad()
    def draw() -> Tensor:
        with torch.autocast(ws.device.type, dtype=dtype, enabled=dtype is not None):
            found: Tensor = network.synthesis(ws, noise_mode="const")
        return found

    return draw


def graphed(draw: Callable[[], Tensor]) -> Callable[[], None]:
    """``draw`` recorded once and played back."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            draw()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        draw()
    return graph.replay


def random_vgg() -> VGGFeatures:
    """A VGG-16 with random weights that are the same everywhere."""
    torch.manual_seed(2)
    return VGGFeatures("vgg16")


def stylizing(report: Report) -> None:
    """Steps of the optimisation at the largest size."""
    extractor = on(report.device, random_vgg())
    steps = 4 if report.small else 40
    for size in (32,) if report.small else (512, 1024, 2048):

        def work(size: int = size) -> float:
            return seconds_a_step(extractor, size, steps, report.device)

        report.measure("stylizing", f"{size} px, a step", "s", work, report.peak)


def seconds_a_step(extractor: nn.Module, size: int, steps: int, device: torch.device, tile: int | None = None) -> float:
    """Time of an optimisation divided by its steps, all sizes together."""
    settings = StylizeSettings(size=size, steps=steps, method="optimise")
    styles = [StyleInput(picture(min(size, 1024), 2), 1.0)]
    began = time.perf_counter()
    drain(optimise(picture(size, 1), styles, settings, extractor=extractor, device=device, largest_tile=tile))
    return (time.perf_counter() - began) / steps


def settings(report_small: bool, **changes: Any) -> TrainSettings:
    """The settings of a run at 256 pixels, or of a tiny one."""
    values: dict[str, Any] = {"name": "card", "folder": ".", "resolution": 256, "batch": 16}
    values |= {"channel_base": 16384, "channel_max": 512, "latent_size": 512}
    if report_small:
        values |= {"resolution": 32, "batch": 4, "channel_base": 256, "channel_max": 16, "latent_size": 16}
    return TrainSettings(**{**values, **changes})


def train_steps(wanted: TrainSettings, processes: Processes, count: int) -> list[dict[str, float]]:
    """The losses of the first steps on pictures of noise, the same for any number of processes."""
    trainer = StyleGANTrainer(wanted, processes, 64)
    random = torch.Generator().manual_seed(5)
    found = []
    for number in range(count):
        whole = torch.rand(wanted.batch, 3, wanted.resolution, wanted.resolution, generator=random) * 2 - 1
        mine = processes.share(wanted.batch, min(4, wanted.batch)).places()
        real = whole[mine].to(processes.device)
        found.append(trainer.step(real, mine.tolist(), number, number * wanted.batch))
    return found


def training(report: Report) -> None:
    """Pictures a second in each precision."""
    count = 2 if report.small else 17
    for precision in ("fp32",) if report.small else ("fp32", "bf16", "fp16"):
        wanted = settings(report.small, precision=precision)

        def work(wanted: TrainSettings = wanted) -> float:
            processes = Processes(device=report.device)
            trainer = StyleGANTrainer(wanted, processes, 64)
            side = wanted.resolution
            real = torch.rand(wanted.batch, 3, side, side, device=report.device) * 2 - 1
            trainer.step(real, list(range(wanted.batch)), 0, 0)
            synchronize(report.device)
            began = time.perf_counter()
            for number in range(1, count):
                trainer.step(real, list(range(wanted.batch)), number, number * wanted.batch)
            synchronize(report.device)
            return (count - 1) * wanted.batch / (time.perf_counter() - began)

        report.measure(
            "training", f"{wanted.resolution} px, {precision}, batch {wanted.batch}", "images/s", work, report.peak
        )


def recovery(report: Report) -> None:
    """Work that does not fit: it must come to its end in smaller parts."""
    device = report.device
    extractor = on(device, random_vgg())
    size = 160 if report.small else 2048
    with scarce_memory(device, 3.0, extractor):
        report.measure(
            "recovery",
            f"stylizing {size} px in 3 GB",
            "s/step",
            lambda: seconds_a_step(extractor, size, 10, device, size),
            report.peak,
        )
    wanted = settings(report.small, batch=8 if report.small else 64)

    def micro() -> float:
        trainer = StyleGANTrainer(wanted, Processes(device=device), 64)
        real = torch.zeros(wanted.batch, 3, wanted.resolution, wanted.resolution, device=device)
        with scarce_memory(device, 6.0, trainer.discriminator):
            trainer.step(real, list(range(wanted.batch)), 0, 0)
        return float(trainer.micro)

    report.measure("recovery", f"batch of {wanted.batch} in 6 GB", "a pass", micro, report.peak)


class scarce_memory:
    """Within, the device has no more than so many gigabytes; on the processor, ``network`` runs out of it once."""

    def __init__(self, device: torch.device, gigabytes: float, network: nn.Module) -> None:
        self.device, self.gigabytes, self.network = device, gigabytes, network

    def __enter__(self) -> None:
        if self.device.type == "cuda":
            total = torch.cuda.get_device_properties(self.device).total_memory
            torch.cuda.empty_cache()
            torch.cuda.set_per_process_memory_fraction(min(1.0, self.gigabytes * 1e9 / total), self.device)
            return
        calls: Iterator[int] = iter(range(1_000_000))

        def fail(module: nn.Module, inputs: object) -> None:
            if next(calls) == 1:
                raise torch.OutOfMemoryError("out of memory, as is rehearsed")

        self.hook = self.network.register_forward_pre_hook(fail)

    def __exit__(self, *_: object) -> None:
        if self.device.type == "cuda":
            torch.cuda.set_per_process_memory_fraction(1.0, self.device)
        else:
            self.hook.remove()


def two_processes(report: Report) -> None:
    """A run in two processes on the one device: the same losses as in one."""
    wanted = settings(report.small, batch=8, precision="fp32")

    def work() -> float:
        alone = train_steps(wanted, Processes(device=report.device), 2)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "losses.json"
            command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
            command += ["-m", "tests.gpu.measure", "--worker", str(out), "--device", str(report.device)]
            command += ["--rehearse"] if report.small else []
            left = max(30.0, report.until - time.monotonic())
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, capture_output=True, text=True, timeout=left, check=False, env=environment)
            if done.returncode != 0:
                raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word")
            together = json.loads(out.read_text())
        pairs = [(a[name], b[name]) for a, b in zip(alone, together, strict=True) for name in a]
        return max(abs(a - b) / max(abs(a), 1e-3) for a, b in pairs)

    report.measure("processes", "two on one device, losses", "of 1", work, lambda: "up to 0.01")


def worker(out: Path, device: torch.device, small: bool) -> None:
    """One of the two processes."""
    processes = Processes.join(device)
    found = train_steps(settings(small, batch=8, precision="fp32"), processes, 2)
    if processes.first:
        out.write_text(json.dumps(found), encoding="utf-8")
    processes.leave()


PARTS: tuple[Callable[[Report], None], ...] = (
    correctness, sampling, stylizing, training, recovery, two_processes, compiled,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> Report:
    """Measure everything; returns the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rehearse", action="store_true")
    parser.add_argument("--device", default="")
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--out", type=Path, default=Path("card.json"))
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    device = torch.device(given.device or ("cpu" if given.rehearse else "cuda"))
    report = Report(device, given.out, time.monotonic() + given.seconds, given.rehearse)
    if given.worker is not None:
        worker(given.worker, device, given.rehearse)
        return report
    if device.type == "cuda" and not torch.cuda.is_available():
        parser.error("there is no CUDA device here; --rehearse goes through everything on the processor")
    print(json.dumps(about(device)))
    for part in PARTS:
        part(report)
    return report


if __name__ == "__main__":
    main()
