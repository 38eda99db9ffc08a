"""What is to be known of a graphics card, in at most eight minutes: is it right, how fast, how much memory it takes.

    python -m tests.gpu.measure [--device cuda] [--seconds 480] [--out card.json] [--peer FOLDER] [--rehearse]
    python -m tests.gpu.measure --needs

Needs nothing but this tree and the packages it depends on (``--needs`` names those it imports, for a machine that
nothing can be fetched on): networks have random weights, pictures are made here. Every part has its share of the time,
ends when that is used up and leaves the rest to the others. A row is printed as soon as it is known and the JSON file
kept up to date, so that a run that is cut off leaves what it has found; a call that does not come back is ended.
The exit code is 0 when nothing is wrong, 1 when something failed or differs more than it may, 3 when it was ended.

``--rehearse`` goes through the same lines with tiny sizes, by default on the processor. ``--peer`` names a checkout of
NVIDIA's stylegan2-ada-pytorch, whose licence keeps it out of this tree, to be measured beside ours.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studio.networks import dcgan, stylegan3
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import StyleGANTrainer
from tests.gpu import tools
from tests.gpu.report import Part, Report, about, both, synchronize
from tests.gpu.subjects import CHANNEL_BASE, generator, on, random_vgg

ROUNDS = 20
UNHURRIED = 6000.0
"""Seconds of a rehearsal, which is to go through every line however busy the processor is."""
LARGEST_DIFFERENCE = 0.02
"""Of pictures in -1..1 in single precision; cards round convolutions more coarsely than processors (TF32)."""


# ---- the parts


def right_networks(report: Report) -> None:
    """The same networks on processor and device."""
    torch.manual_seed(1)
    side = 16 if report.small else 256
    width: dict[str, Any] = {"channel_base": 256, "channel_max": 16}
    if not report.small:
        width = {"channel_base": 8192, "channel_max": 256}
    third = stylegan3.Generator(stylegan3.StyleGAN3Config(resolution=side, z_dim=64, w_dim=64, **width)).eval()
    pairs: dict[str, tuple[nn.Module, Callable[[Any, torch.device], Tensor]]] = {
        "StyleGAN2": (generator(side, small=report.small), _drawn),
        "StyleGAN3": (third, _drawn),
        "DCGAN": (dcgan.Generator(dcgan.DCGANConfig(16 if report.small else 64, width=8)).eval(), _drawn_from_z),
    }
    for name, (network, draw) in pairs.items():

        def compare(network: nn.Module = network, draw: Callable[[Any, torch.device], Tensor] = draw) -> float:
            here, there = (draw(on(each, network), each).float().cpu() for each in both(report.device))
            return float((here - there).abs().max())

        report.measure("right", f"{name}, largest difference", "of 2", compare, most=LARGEST_DIFFERENCE)


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
                "sampling",
                f"{size} px, {name}",
                "ms",
                lambda draw=draw: report.milliseconds(draw, rounds),  # type: ignore[misc]
            )
        if device.type == "cuda":

            def graph(net: Any = last, ws: Tensor = ws) -> float:
                return report.milliseconds(graphed(drawing(net, ws, torch.float16)), rounds)

            report.measure("sampling", f"{size} px, fp16, CUDA graph", "ms", graph)


def compiled(report: Report) -> None:
    """The same, compiled: at one size, for it takes a minute to prepare."""
    device = report.device
    if report.small:
        return
    network = on(device, generator(256, small=False)).to(memory_format=torch.channels_last)
    ws = torch.randn(1, network.config.num_ws, network.config.w_dim, device=device)
    network.synthesis.forward = torch.compile(network.synthesis.forward)
    draw = drawing(network, ws, torch.float16)
    report.measure("sampling", "256 px, fp16, torch.compile", "ms", lambda: report.milliseconds(draw, ROUNDS))


def peer(report: Report) -> None:
    """NVIDIA's own StyleGAN2 with random weights, where ``--peer`` named it; its operators are compiled if need be."""
    if report.peer is None:
        return
    sys.path.insert(0, str(report.peer))
    from training.networks import Generator  # type: ignore[import-not-found]

    for size, base in CHANNEL_BASE.items():
        network = Generator(
            z_dim=512,
            c_dim=0,
            w_dim=512,
            img_resolution=size,
            img_channels=3,
            mapping_kwargs={"num_layers": 8},
            synthesis_kwargs={"channel_base": base, "channel_max": 512, "num_fp16_res": 4, "conv_clamp": 256},
        )
        network = network.eval().requires_grad_(False).to(report.device)
        ws = torch.randn(1, network.num_ws, 512, device=report.device)
        for name, options in {"fp32": {"force_fp32": True}, "fp16 in four sizes": {}}.items():

            def draw(network: Any = network, ws: Tensor = ws, options: Any = options) -> Tensor:
                found: Tensor = network.synthesis(ws, noise_mode="const", **options)
                return found

            report.measure(
                "NVIDIA's",
                f"{size} px, {name}",
                "ms",
                lambda draw=draw: report.milliseconds(draw, ROUNDS),  # type: ignore[misc]
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
            done = 0
            for number in range(1, count):
                trainer.step(real, list(range(wanted.batch)), number, number * wanted.batch)
                done += 1
                if report.left <= 0:
                    break
            synchronize(report.device)
            return done * wanted.batch / (time.perf_counter() - began)

        report.measure("training", f"{wanted.resolution} px, {precision}, batch {wanted.batch}", "images/s", work)


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
            lambda: tools.seconds_a_step(report, extractor, size, 10, tile=size),
        )
    wanted = settings(report.small, batch=8 if report.small else 64)

    def micro() -> float:
        trainer = StyleGANTrainer(wanted, Processes(device=device), 64)
        real = torch.zeros(wanted.batch, 3, wanted.resolution, wanted.resolution, device=device)
        with scarce_memory(device, 6.0, trainer.discriminator):
            trainer.step(real, list(range(wanted.batch)), 0, 0)
        return float(trainer.micro)

    report.measure("recovery", f"batch of {wanted.batch} in 6 GB", "a pass", micro)


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
            left = max(20.0, report.left)
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, capture_output=True, text=True, timeout=left, check=False, env=environment)
            if done.returncode != 0:
                raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word")
            together = json.loads(out.read_text())
        pairs = [(a[name], b[name]) for a, b in zip(alone, together, strict=True) for name in a]
        return max(abs(a - b) / max(abs(a), 1e-3) for a, b in pairs)

    report.measure("processes", "two on one device, losses", "of 1", work, most=0.01)


def worker(out: Path, device: torch.device, small: bool) -> None:
    """One of the two processes."""
    processes = Processes.join(device)
    found = train_steps(settings(small, batch=8, precision="fp32"), processes, 2)
    if processes.first:
        out.write_text(json.dumps(found), encoding="utf-8")
    processes.leave()


PARTS: tuple[tuple[Part, float], ...] = (
    (right_networks, 40),
    (tools.right_tools, 70),
    (sampling, 50),
    (tools.stylizing, 70),
    (tools.films, 15),
    (tools.faces, 5),
    (tools.projection, 35),
    (tools.dragging, 10),
    (tools.merging, 5),
    (tools.enlarging, 15),
    (training, 50),
    (recovery, 35),
    (two_processes, 30),
    (compiled, 40),
    (peer, 10),
)
"""What is measured, in this order, and the seconds of 480 that each may take."""


def needs() -> list[str]:
    """The packages that this program imports, with their versions here."""
    owners = importlib.metadata.packages_distributions()
    found = {owner for name in list(sys.modules) if "." not in name for owner in owners.get(name, ())}
    return sorted(f"{name}=={importlib.metadata.version(name)}" for name in found)


def main(arguments: Sequence[str] | None = None) -> Report:
    """Measure everything; returns the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rehearse", action="store_true")
    parser.add_argument("--device", default="")
    parser.add_argument("--seconds", type=float, help="480; when it is rehearsed, as long as it takes")
    parser.add_argument("--out", type=Path, default=Path("card.json"))
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--needs", action="store_true")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    device = torch.device(given.device or ("cpu" if given.rehearse else "cuda"))
    seconds = given.seconds if given.seconds is not None else UNHURRIED if given.rehearse else 480.0
    report = Report(device, given.out, time.monotonic() + seconds, given.rehearse, given.peer)
    if given.needs:
        print("\n".join(needs()))
        return report
    if given.worker is not None:
        worker(given.worker, device, given.rehearse)
        return report
    if device.type == "cuda" and not torch.cuda.is_available():
        parser.error("there is no CUDA device here; --rehearse goes through everything on the processor")
    print(json.dumps(about(device)))
    watch = report.watch()
    report.run(PARTS)
    watch.cancel()
    print(report.summary())
    return report


if __name__ == "__main__":
    sys.exit(any(row.wrong for row in main().rows))
