"""XingangPan/DragGAN beside our dragging: the same network by copy of its weights, the same seeded tasks, one thread.

The peer is not part of this project. Clone it, then run::

    python -m tests.benchmarks.drag_peer CHECKOUT [--tasks 20] [--first 0] [--model Rosettes] [--corners]
        [--apart 20 40] [--only ours] [--pictures FOLDER]

A task is a seed, a point and a target ``--apart`` px away (at 256 px). With ``--corners`` the point is a corner of the
picture (Shi and Tomasi 1994, "Good features to track"), such as people drag; else it lies anywhere in the middle. The
peer's step is called as its window calls it, with its own settings; both programs draw the picture of every step, and
both end when they say that they have arrived, or after ``--steps``. Where a point came to is told by each program's own
tracking, and by two that are neither's: the place in the final picture, within 24 px of the way, whose features (of all
resolutions from 32 px) are nearest to those of the point in the first; and where optical flow carries the point, from
picture to picture along the straight way from the first w to the last. Along a smooth band no one can tell: there the
two differ. *Shown* is whether patches of pixels find the point at its target, and nowhere else on the way.

Corners, 20 to 40 px, Abstract Paint 0 to 9, and Rosettes 6 to 15; the peer's are of the day before. Two cores beside
fifteen other programs, processor seconds::

                            own tracking    neutral       seconds   shown
  Abstract Paint  ours      1.0 (1.0) px     4.2 (2.0)      8.9     7 of 10      mean (median)
                  DragGAN   2.9 (1.6)        6.3 (2.1)     32.1     5 of 10
  Rosettes        ours      9.4 (11.0)      13.0 (13.2)     6.5*
                  DragGAN  17.8 (7.6)       21.5 (25.3)    36.4     1 of 10

*: without drawing the picture of every step. Five of the tasks of Abstract Paint, on which steps of one length had
failed, were looked at while the steps' length was found. Of the Rosettes' points six, of the others four cannot be told
from what lies on their way in the first picture already; there the neutral tracker may say 3 and 23 px of two pictures
that no one can tell apart (Rosettes 10). Steps of one length, absolute differences: 11.3 (4.3) and 11.7 (8.8) px by the
neutral tracker, 5.3 and 7.3 px by their own tracking. Measured with three tries; with five, as now, Rosettes 12 and 14
come to 2.9 and 1.0 px by their own tracking in place of 11.8 and 14.4, in 14.4 and 16.6 seconds, and Abstract Paint 4
to 1.8 px by the neutral one in place of 19.2 (7 seconds): a mean of 2.4 px there.
Adam's steps: 6.9 and 6.5 px, and the whole picture redrawn.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import random
import re
import statistics
import sys
import tempfile
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.base import drain
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.dragging import drag_sample
from studio.gallery import SourceStore
from studio.networks import stylegan2
from studio.recipes import LatentSeed, SampleRecipe
from studio.synthesis.patch_matching import carried, has_moved

Point = tuple[float, float]


class Widths:
    """Stands for the peer's ``channel_base``: gives the widths of a network that no formula of theirs gives."""

    def __init__(self, config: stylegan2.StyleGAN2Config) -> None:
        self.config = config

    def __floordiv__(self, resolution: int) -> int:
        return self.config.channels(resolution)


def their_network(checkout: Path, net: stylegan2.Generator) -> Any:
    """The peer's generator with our weights."""
    for name in ("matplotlib", "matplotlib.cm", "legacy", "requests"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.path.insert(0, str(checkout))
    config = net.config
    theirs = importlib.import_module("training.networks_stylegan2").Generator(
        config.z_dim,
        0,
        config.w_dim,
        config.resolution,
        config.img_channels,
        mapping_kwargs={"num_layers": config.mapping_layers},
        channel_base=Widths(config),
        channel_max=4096,
    )
    weights = {}
    for name, value in net.state_dict().items():
        if name.endswith("conv0.weight"):
            value = value.flip(2, 3)
        name = re.sub(r"^synthesis\.blocks\.(\d+)\.", r"synthesis.b\1.", name).replace("to_rgb", "torgb")
        weights[re.sub(r"^mapping\.layers\.(\d+)\.", r"mapping.fc\1.", name)] = value
    missing = theirs.load_state_dict(weights, strict=False)
    assert not missing.unexpected_keys and all("filter" in name for name in missing.missing_keys), missing
    return theirs.eval().requires_grad_(False)


def they_drag(theirs: Any, code: Tensor, handle: Point, target: Point, steps: int) -> tuple[Tensor, Point, int, float]:
    """ws, place of the point, steps and processor seconds."""
    renderer = importlib.import_module("viz.renderer").Renderer
    one = renderer.__new__(renderer)
    one._device, one._dtype, one.G = torch.device("cpu"), torch.float32, theirs
    one.w0 = code.clone()
    one.w = code.clone().requires_grad_(True)
    one.w_optim = torch.optim.Adam([one.w], lr=0.001)  # as its window begins
    one.feat_refs = one.points0_pt = None
    points, goals = [[round(handle[1]), round(handle[0])]], [[round(target[1]), round(target[0])]]
    began = time.process_time()
    result = types.SimpleNamespace()
    for step in range(steps + 1):  # noqa: B007
        one._render_drag_impl(result, points=points, targets=goals, is_drag=True)
        points = result.points
        if result.stop:
            break
    ws = torch.from_numpy(result.w)
    return ws, (points[0][1], points[0][0]), step, time.process_time() - began


def we_drag(
    engine: Engine, recipe: SampleRecipe, handle: Point, target: Point, steps: int
) -> tuple[Tensor, Point, int, float]:
    """As :func:`they_drag`."""
    began = time.process_time()
    state = drain(drag_sample(engine, recipe, [handle], [target], steps=steps))
    seconds = time.process_time() - began
    return engine.space(recipe.model).recipe_code(state.recipe), state.handles[0], state.step, seconds


@torch.no_grad()
def neutral(net: stylegan2.Generator, first: Tensor, last: Tensor, handle: Point, target: Point) -> Point:
    """Where the point of the picture of ``first`` lies in that of ``last``."""
    size = net.config.resolution

    def features(code: Tensor) -> Tensor:
        found = []
        for x in net.synthesis.features(code, (32, 64, 128)):
            x = F.normalize(x, dim=1)
            found.append(F.interpolate(x, (size, size), mode="bilinear"))
        return torch.cat(found, dim=1)[0]

    wanted = features(first)[:, round(handle[1]), round(handle[0])]
    feature_distance = (features(last) - wanted[:, None, None]).square().sum(dim=0)
    rows, columns = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    way = torch.tensor([target[0] - handle[0], target[1] - handle[1]])
    along = ((columns - handle[0]) * way[0] + (rows - handle[1]) * way[1]) / way.square().sum()
    along = along.clamp(0, 1)
    off = torch.hypot(columns - handle[0] - along * way[0], rows - handle[1] - along * way[1])
    feature_distance[off > 24 * size / 256] = math.inf
    at = int(feature_distance.argmin())
    return at % size, at // size


def corner(picture: NDArray[np.uint8], draw: random.Random) -> Point:
    """One of the corners in the middle of a picture."""
    size = len(picture)
    gray = cv2.cvtColor(picture[..., :3], cv2.COLOR_RGB2GRAY)
    middle = np.zeros_like(gray)
    middle[size // 5 : -size // 5, size // 5 : -size // 5] = 1
    found = cv2.goodFeaturesToTrack(gray, 16, 0.05, size / 20, mask=middle, blockSize=9)
    x, y = draw.choice(found.reshape(-1, 2).tolist())
    return float(x), float(y)


def keep(path: Path, first: NDArray[np.uint8], last: NDArray[np.uint8], handle: Point, target: Point) -> None:
    """Write both pictures side by side, with the way that the point shall take."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [np.ascontiguousarray(picture[..., :3]) for picture in (first, last)]
    for picture in pictures:
        start, end = ((round(x), round(y)) for x, y in (handle, target))
        cv2.arrowedLine(picture, start, end, (255, 0, 0), 1, cv2.LINE_AA)
    Image.fromarray(np.hstack(pictures)).save(path)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="number of the first task")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--model", default="Rosettes")
    parser.add_argument("--corners", action="store_true", help="points are corners of the picture")
    parser.add_argument("--apart", type=float, nargs=2, default=(20, 40), help="least and greatest length of a drag")
    parser.add_argument("--only", choices=("ours", "DragGAN"), help="run one of both")
    parser.add_argument("--pictures", type=Path, help="a folder for each result beside the first picture")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        engine = TorchEngine(SourceStore(Path(folder)), device="cpu")
    model = engine.library.find(options.model).ref
    space = engine.space(model)
    net = space.generator
    assert isinstance(net, stylegan2.Generator)
    theirs = their_network(options.checkout, net)
    size = net.config.resolution
    warm = SampleRecipe(model=model, latent=LatentSeed(seed=0))
    code = space.recipe_code(warm)
    apart = (net.synthesis(code, noise_mode="const") - theirs.synthesis(code, noise_mode="const")).abs().max()
    print(f"The two networks' pictures differ by {float(apart):.1e}.")
    we_drag(engine, warm, (size / 2, size / 2), (size / 2 + 2, size / 2), 1)
    programs: dict[str, Callable[..., tuple[Tensor, Point, int, float]]] = {
        "ours": lambda recipe, _code, *task: we_drag(engine, recipe, *task),
        "DragGAN": lambda _recipe, code, *task: they_drag(theirs, code, *task),
    }
    if options.only:
        programs = {options.only: programs[options.only]}
    rows: dict[str, list[tuple[float, float, float, int, float, bool]]] = {name: [] for name in programs}
    for task in range(options.first, options.first + options.tasks):
        draw = random.Random(task)
        recipe = SampleRecipe(model=model, latent=LatentSeed(seed=1000 + task))
        code = space.recipe_code(recipe)
        first = space.picture(code, recipe).numpy()
        handle = (draw.uniform(0.3, 0.7) * size, draw.uniform(0.3, 0.7) * size)
        if options.corners:
            handle = corner(first, draw)
        angle, length = draw.uniform(0, 2 * math.pi), draw.uniform(*options.apart) * size / 256
        target = (handle[0] + length * math.cos(angle), handle[1] + length * math.sin(angle))
        target = (min(max(target[0], 0), size - 1), min(max(target[1], 0), size - 1))
        for name, run in programs.items():
            ws, own, steps, seconds = run(recipe, code, handle, target, options.steps)
            told = math.dist(own, target)
            seen = math.dist(neutral(net, code, ws, handle, target), target)
            way = [space.picture(torch.lerp(code, ws, amount / 12), recipe).numpy() for amount in range(13)]
            flown = math.dist(carried(way, handle), target)
            shown = has_moved(first, way[-1], handle, target)
            if options.pictures is not None:
                keep(options.pictures / f"{options.model} {task} {name}.png", first, way[-1], handle, target)
            rows[name].append((told, seen, flown, steps, seconds, shown))
            print(
                f"task {task} ({length:.0f} px) {name:8} own tracking {told:5.1f} px, neutral {seen:5.1f} px, "
                f"flow {flown:5.1f} px, {steps:3} steps, {seconds:6.1f} processor seconds{', shown' * shown}",
                flush=True,
            )
    for name, all_of in rows.items():
        told, seen, flown, steps, seconds, shown = (statistics.mean(column) for column in zip(*all_of, strict=True))
        places = f"{told:5.1f} px, neutral {seen:5.1f} px, flow {flown:5.1f} px"
        print(f"mean {name:8} {places}, {steps:.0f} steps, {seconds:.1f} s, shown {shown:.0%}")


if __name__ == "__main__":
    main()
