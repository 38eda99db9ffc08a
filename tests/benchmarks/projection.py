"""Projection beside NVIDIA's ``projector.py`` (stylegan2-ada-pytorch): same network, same VGG weights, same machine.

The peer is not part of this project. Fetch its file, then run::

    python -m tests.benchmarks.projection PROJECTOR.py --seconds 10 30 60 --own 3 [--pictures FOLDER] PHOTO ...

Its code runs as it is, on our module of the network (so that only the method differs, not the speed of convolutions),
and with our VGG-16 in place of the one that it would download: features normalised as LPIPS does, without LPIPS' own
weights. Its schedule depends on the number of steps: for every time a run of its own with as many steps as fit. Ours
gets the same seconds. Time is the processor's, on one thread, so that other work on the machine hardly counts; the
noise that NVIDIA's code optimises beside w is in its picture.

Abstract Paint, on one thread beside other programs: VGG distance and PSNR of seeds 50001 to 50003, coffee and chelsea;
after 30 s without chelsea. NVIDIA's has 11 and 32 steps, ours 26 to 28 and 77 to 88 (w+)::

    10 s  NVIDIA's  0.874  0.805  0.980  0.847  0.940    8.9   8.6   7.5   8.1  10.1 dB
          ours      0.859  0.694  0.873  0.829  0.926   11.1  10.2  12.7  10.3  10.9 dB
    30 s  NVIDIA's  0.661  0.618  0.922  0.749          11.8   8.9   7.0   9.2 dB
          ours      0.503  0.333  0.964  0.740          15.7  20.1  13.0  12.8 dB

Two more photos, flower and astronaut, for which NVIDIA's had 7 and 20 steps (8 to 10 and 23 to 24 s): 1.133, 1.212 and
1.066, 1.137, ours 1.010, 1.195 and 0.931, 1.077; by PSNR ours is 3 dB or more ahead.

Before, with half of the rate for w+, twice the weight of the pixels and a third of the time for the search, ours had
0.793, 0.705, 1.165, 0.963 and 1.062 after 10 s, 0.686, 0.466, 0.808 and 0.819 after 30 s. A rate of 0.45, a weight of
0.3 or 1, and features of the whole picture in the last 40 % were no better.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import sys
import time
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from studio.base import drain
from studio.checkpoints import ModelLibrary
from studio.checkpoints.perceptual import load_vgg
from studio.checkpoints.store import load_model
from studio.faces.alignment import cut_square
from studio.networks import dcgan
from studio.networks.vgg import VGGFeatures
from studio.recipes import LatentSeed, SampleRecipe, Square
from studio.synthesis.latents import LatentSpace
from studio.synthesis.projection import LAYERS, Budget, colors, likeness, project

FIRST_SEED = 50_001
"""Of the pictures that the network drew itself: far beyond those that are tried first."""


class PeersVGG(nn.Module):
    """Our VGG as NVIDIA's code calls its own: squared differences of what it returns add up to our distance."""

    def __init__(self, vgg: VGGFeatures) -> None:
        super().__init__()
        self.vgg = vgg

    def forward(self, images: Tensor, resize_images: bool = False, return_lpips: bool = True) -> Tensor:
        """Features (1, n) of pictures (1, 3, h, w) in 0..255."""
        found = self.vgg(images / 255, LAYERS)
        parts = [F.normalize(found[layer], dim=1) for layer in LAYERS]
        return torch.cat([part.flatten(1) / (part[0, 0].numel() * len(LAYERS)) ** 0.5 for part in parts], dim=1)


class PeersMapping(nn.Module):
    """Our mapping with the interface of NVIDIA's."""

    def __init__(self, net: Any) -> None:
        super().__init__()
        self.net, self.num_ws = net.mapping, net.config.num_ws

    def forward(self, z: Tensor, _label: None) -> Tensor:
        """z (n, z_dim) -> (n, num_ws, w_dim)."""
        w: Tensor = self.net(z.float())
        return w[:, None].expand(-1, self.num_ws, -1)


class PeersNetwork(nn.Module):
    """Our network with the interface of NVIDIA's; it keeps what it drew last, noise included."""

    def __init__(self, net: Any) -> None:
        super().__init__()
        self.mapping, self.synthesis = PeersMapping(net), net.synthesis
        self.z_dim, self.img_channels, self.img_resolution = net.config.z_dim, 3, net.config.resolution

    def __deepcopy__(self, _memo: object) -> PeersNetwork:
        return self  # made anew for each run here: so the noise that it ends with can be seen


def load_projector(path: Path, vgg: VGGFeatures) -> Any:
    """NVIDIA's ``project`` from its file; what it would import and download is replaced."""
    for name in ("click", "imageio", "legacy", "dnnlib"):
        if importlib.util.find_spec(name) is None:
            sys.modules[name] = types.ModuleType(name)
    code = path.read_text(encoding="utf-8").split("@click.command()")[0]
    module: dict[str, Any] = {}
    exec(compile(code, str(path), "exec"), module)
    module["dnnlib"].util = types.SimpleNamespace(open_url=lambda _url: contextlib.nullcontext())
    vars(torch.jit)["load"] = lambda _file: PeersVGG(vgg)
    return module["project"]


def peer(run: Any, make: Any, target: Tensor, seconds: float, step_seconds: float) -> tuple[Tensor, float, int]:
    """NVIDIA's picture after about ``seconds``, the seconds, and the steps."""
    steps = max(2, round(seconds / step_seconds))
    network = PeersNetwork(make())
    torch.manual_seed(303)
    began = time.process_time()
    ws = run(network, target[0] * 255, num_steps=steps, device=torch.device("cpu"))[-1:]
    took = time.process_time() - began
    with torch.no_grad():
        return colors(network.synthesis(ws, noise_mode="const")), took, steps


def ours(space: LatentSpace, target: Tensor, vgg: VGGFeatures, recipe: SampleRecipe, seconds: float, last: Any) -> Any:
    """Our picture after ``seconds``, the seconds, and the steps."""
    began = time.process_time()
    budget = Budget(seconds, clock=time.process_time)
    *_, step = project(space, target, vgg, recipe, last=last, budget=budget)
    return colors(step.picture), time.process_time() - began, step.step


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projector", type=Path)
    parser.add_argument("photos", type=Path, nargs="*")
    parser.add_argument("--model", default="Abstract Paint")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10, 30, 60])
    parser.add_argument("--own", type=int, default=3, help="pictures that the network drew itself")
    parser.add_argument("--stages", nargs="+", default=["w", "w+"], help="ours end with; also tuned")
    parser.add_argument("--pictures", type=Path, help="a folder for what was found, each beside what was wanted")
    options = parser.parse_args()
    torch.set_num_threads(1)
    info = ModelLibrary().find(options.model)
    net = load_model(info.path)
    assert not isinstance(net, dcgan.Generator)
    space, recipe = LatentSpace(net), SampleRecipe(model=info.ref, truncation=1.0)
    vgg = drain(load_vgg("vgg16-hed"))
    run = load_projector(options.projector, vgg)
    size = net.config.resolution
    targets: list[tuple[str, Any]] = []
    for seed in range(FIRST_SEED, FIRST_SEED + options.own):
        drawn = space.picture(space.code(LatentSeed(seed=seed), recipe), recipe)
        targets.append((f"seed {seed}", drawn.numpy()[..., :3]))
    for path in options.photos:
        targets.append((path.stem, cut_square(np.array(Image.open(path).convert("RGB")), Square(), size)))

    def make() -> Any:
        return load_model(info.path)

    print(f"load {os.getloadavg()}, one thread, processor seconds, {info.name} {size} px", flush=True)
    first = torch.rand(1, 3, size, size)
    peer(run, make, first, 2, 1)  # compiles
    step_seconds = peer(run, make, first, 3, 1)[1] / 3
    list(project(space, first, vgg, recipe, budget=Budget(None, 6)))
    print(f"{'picture':16} {'seconds':>8} {'what':14} {'steps':>6} {'took':>6} {'PSNR dB':>8} {'VGG':>7}", flush=True)
    for name, pixels in targets:
        target = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
        for seconds in options.seconds:
            found = [("NVIDIA", peer(run, make, target, seconds, step_seconds))]
            found += [(f"ours, {last}", ours(space, target, vgg, recipe, seconds, last)) for last in options.stages]
            for what, (picture, took, steps) in found:
                near = likeness(picture, target, vgg)
                if options.pictures is not None:
                    both = (torch.cat([target, picture], dim=3)[0].permute(1, 2, 0).clamp(0, 1) * 255).byte()
                    options.pictures.mkdir(parents=True, exist_ok=True)
                    Image.fromarray(both.numpy()).save(options.pictures / f"{name}, {what}, {seconds:.0f} s.png")
                print(
                    f"{name:16} {seconds:8.0f} {what:14} {steps:6d} {took:6.1f} {near.psnr:8.2f} {near.distance:7.4f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
