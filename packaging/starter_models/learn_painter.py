"""Teach a StyleGAN2 generator what a script paints: the starter models "Abstract Paint" and "Rosettes".

    python packaging/starter_models/learn_painter.py abstract_paint out.safetensors --minutes 87 5
    python packaging/starter_models/learn_painter.py rosettes out.safetensors --minutes 38 20

The painter knows the latent of every picture, and the smooth fields that the picture is read from. So nothing has to be
guessed by an adversary, and each part is made for itself, from exact inputs ("hints": Romero et al. 2015):

1. the layers up to 32 px learn the fields of a latent, as hinges at many thresholds (the channels at 32 px);
2. the layers above are set to the formulas by which fields become a picture (``band_layers.py``);
3. the mapping learns the latent's description: its own numbers, which it passes, and colours and shares.

Joined, they are an ordinary StyleGAN2. What the lower layers do not hit exactly moves a shape, and blurs nothing.
The minutes are a core's; every finished part is kept in a folder beside the model, and a second start goes on there.
Beside it lies what an unfinished part had come to, to be put in its place.
A finished model can be learnt further too, with new latents, smaller steps and more channels:

    python packaging/starter_models/learn_painter.py abstract_paint out.safetensors --minutes 60 5 \
        --start resources/models/abstract-paint-256.safetensors --seed 31 --rate 0.003 --channels 256

For a folder of pictures, whose latents nobody knows, this cannot serve: train on it with Latent Studio.
"""

from __future__ import annotations

import argparse
import copy
import importlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import torch
import torch.nn.functional as F
from band_layers import set_band_layers
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import load_model, save_model
from studio.networks.operators import upsample2d
from studio.networks.stylegan2 import Dense, Generator, StyleGAN2Config, SynthesisBlock

Array = NDArray[np.float32]
HINT_SIDE = 32
"""Pixels of the layers that learn the fields."""
FIELDS_RATE = 0.008
"""The layers that learn the fields take steps of this size at first, in units of Adam."""
W_DIM = 256
MAPPING_LAYERS = 3
LEAKY_GAIN = 1.2 * math.sqrt(2)
"""leaky(v) - leaky(-v) = LEAKY_GAIN v."""
SEEN = 60
"""So many pictures tell how fields are read from hinges."""
SMOOTHNESS = 12.0
"""How much differences of the error from pixel to pixel weigh: a smooth error moves a shape, a rough one makes its
outline tremble."""
RIM = (4.0, 2.0)
"""How much more the outermost pixels at 32 px weigh, and the next: they have fewer neighbours, and look restless."""
THRESHOLDS = {"abstract_paint": (76, 52), "rosettes": (84, 44)}
"""Hinges of each field; as many in all as there are channels at 32 px."""
CHANNELS = 192
"""The most channels of a layer at first: what there are up to 16 px."""
REACH = 1.7
"""Thresholds lie within plus and minus this many deviations."""


class Painter(Protocol):
    """What a painter's module offers."""

    LATENT: int
    CHOICES: int
    """So many first numbers of a latent choose palettes; the rest are passed on as they are."""
    PHASE: tuple[float, float]
    """How the phase of ``bands.py`` comes from the first field: times the first number, plus the second."""
    REST: float
    """The wave that is usual at the picture's rim, see ``bands.py``."""

    def latent(self, number: int) -> Array: ...
    def paint(self, z: Array, side: int) -> NDArray[np.uint8]: ...
    def fields(self, z: Array, side: int) -> Array: ...
    def description(self, z: Array) -> Array: ...


def leaky(x: Tensor) -> Tensor:
    """Leaky ReLU (0.2) scaled by sqrt 2."""
    return F.leaky_relu(x, 0.2) * math.sqrt(2)


def exact_w(painter: Painter, z: Array) -> Tensor:
    """The w that the mapping is to give for latents (n, z_dim): passed numbers both ways, the description, zeros."""
    own = torch.from_numpy(z[:, painter.CHOICES :])
    passed = leaky(torch.stack([own, -own], dim=2).flatten(1))
    told = torch.from_numpy(np.stack([painter.description(row) for row in z]))
    return F.pad(torch.cat([passed, told], dim=1), (0, W_DIM - passed.shape[1] - told.shape[1]))


class Hinges:
    """Fields (n, k, h, w) as leaky hinges at many thresholds, alternately up and down: (n, channels, h, w).

    The last channel is constant instead.
    """

    def __init__(self, counts: tuple[int, ...]) -> None:
        rows, offsets = [], []
        for field, count in enumerate(counts):
            for index, threshold in enumerate(np.linspace(-REACH, REACH, count)):
                sign = 1.0 if index % 2 == 0 else -1.0
                rows.append(sign * np.eye(len(counts))[field])
                offsets.append(-sign * threshold)
        rows[-1], offsets[-1] = np.zeros(len(counts)), 1.0
        self.matrix = torch.tensor(np.stack(rows), dtype=torch.float32)
        self.offset = torch.tensor(offsets, dtype=torch.float32)[:, None, None]
        # Fields of few hinges count as much as those of many.
        self.weight = torch.tensor([len(counts) / count for count in counts for _ in range(count)]).sqrt()

    def __call__(self, fields: Tensor) -> Tensor:
        return leaky(torch.einsum("cf,nfhw->nchw", self.matrix, fields) + self.offset)


def blocks_of(generator: Generator, *, above: bool) -> list[SynthesisBlock]:
    """The blocks up to 32 px, or those ``above``."""
    return [
        cast(SynthesisBlock, block)
        for resolution, block in generator.synthesis.blocks.items()
        if (int(resolution) > HINT_SIDE) == above
    ]


def lower(generator: Generator, w: Tensor) -> Tensor:
    """The features at 32 px."""
    x = torch.empty(0)
    for block in blocks_of(generator, above=False):
        if block.conv0 is None:
            x = block.const.expand(len(w), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        else:
            x = block.conv0(x, w, "none")
        x = block.conv1(x, w, "none")
    return x


def upper(generator: Generator, x: Tensor, w: Tensor) -> Tensor:
    """The picture from the features at 32 px."""
    picture: Tensor | None = None
    x = x.contiguous(memory_format=torch.channels_last)
    for block in blocks_of(generator, above=True):
        assert block.conv0 is not None and block.to_rgb is not None
        x = block.conv1(block.conv0(x, w, "none"), w, "none")
        colors = block.to_rgb(x, w)
        picture = colors if picture is None else upsample2d(picture, block.filter.kernel) + colors
    assert picture is not None
    return picture


Losses = Callable[[], Iterator[Tensor]]


def learn(
    modules: list[nn.Module],
    averages: list[nn.Module],
    losses: Losses,
    minutes: float,
    rate: float,
    name: str,
    keep: Callable[[], None],
) -> None:
    """Take losses for some minutes; the rate falls after two fifths of them. ``averages`` follow the ``modules``.

    ``keep`` is called now and then. In no minutes all stays as it is.
    """
    if not minutes:
        return
    parameters = [p for module in modules for n, p in module.named_parameters() if "noise" not in n]
    optimiser = torch.optim.Adam(parameters, lr=rate, betas=(0.9, 0.99))
    step, total, shown = 0, 0.0, 0.0
    source = losses()
    loss = next(source)
    # What was prepared before the first loss does not count.
    began = time.process_time()
    while (share := (time.process_time() - began) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 50) * min(1.0, max(0.05, 1.64 - 1.6 * share))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        beta = min(0.998, (1 + step) / (10 + step))
        with torch.no_grad():
            for average, module in zip(averages, modules, strict=True):
                for mean, now in zip(average.parameters(), module.parameters(), strict=True):
                    mean.lerp_(now, 1 - beta)
        step, total = step + 1, total + loss.item()
        if step - shown >= 500:
            print(f"{name}: {share:.0%}, step {step}, loss {total / (step - shown):.4f}", flush=True)
            shown, total = step, 0.0
            keep()
        loss = next(source)


def latents(painter: Painter, random: np.random.Generator, count: int) -> Array:
    """Latents of the length that the mapping gives them anyway."""
    z = random.standard_normal((count, painter.LATENT))
    return (z / np.sqrt(np.mean(z * z, axis=1, keepdims=True))).astype(np.float32)


def hint_losses(painter: Painter, generator: Generator, hinges: Hinges, seed: int, batch: int = 12) -> Iterator[Tensor]:
    """How far the features at 32 px are from the hinges of the exact fields, of new latents each time.

    (Of 8,000 latents, taken again and again, the layers learnt everything by heart: 0.0003 of these, 0.002 of others.)
    """
    random = np.random.default_rng(seed)
    rim = torch.ones(HINT_SIDE - 2 * len(RIM), HINT_SIDE - 2 * len(RIM))
    for weight in reversed(RIM):
        rim = F.pad(rim, (1, 1, 1, 1), value=weight)
    rim /= rim.mean()
    while True:
        z = latents(painter, random, batch)
        wanted = hinges(torch.from_numpy(np.stack([painter.fields(row, HINT_SIDE) for row in z])))
        apart = lower(generator, exact_w(painter, z)) - wanted
        error = (apart.square() * rim).mean(dim=(0, 2, 3))
        for axis in (2, 3):
            error = error + SMOOTHNESS * apart.diff(dim=axis).square().mean(dim=(0, 2, 3))
        yield (error * hinges.weight).mean()


def mapping_losses(painter: Painter, generator: Generator, count: int = 40_000) -> Iterator[Tensor]:
    """How far the mapping is from the exact w."""
    random = np.random.default_rng(1)
    z = latents(painter, random, count)
    wanted = exact_w(painter, z)
    passed = 2 * (painter.LATENT - painter.CHOICES)
    while True:
        chosen = random.integers(count, size=384)
        error = (generator.mapping(torch.from_numpy(z[chosen])) - wanted[chosen]).square()
        yield error[:, :passed].mean() + 4 * error[:, passed:].mean()


@torch.no_grad()
def prepare(painter: Painter, generator: Generator) -> None:
    """Begin well: the mapping passes numbers from the first step.

    A field that is a sum of waves (``WAVES`` of the painter) finds them among the constants at 4 px.
    """
    for number, layer in enumerate(generator.mapping.layers):
        assert isinstance(layer, Dense)
        for index in range(painter.LATENT - painter.CHOICES):
            for row, sign in ((2 * index, 1.0), (2 * index + 1, -1.0)):
                layer.weight[row] = 0
                if number == 0:
                    layer.weight[row, painter.CHOICES + index] = sign / layer.gain
                else:
                    layer.weight[row, 2 * index] = sign / (LEAKY_GAIN * layer.gain)
                    layer.weight[row, 2 * index + 1] = -sign / (LEAKY_GAIN * layer.gain)
    waves = getattr(painter, "WAVES", None)
    if waves is None:
        return
    sizes: tuple[int, ...] = tuple(getattr(painter, name) for name in ("BASE", "WARP", "WARP", "FINE"))
    found = [waves[index] for size in sizes for index in range(size)]
    at = 0.2 + 0.6 * (torch.arange(4) + 0.5) / 4
    first = blocks_of(generator, above=False)[0]
    affine = first.conv1.affine
    for channel in range(min(4 * len(found), len(first.const))):
        index = channel % len(found)
        y, x = found[index]
        first.const[channel] = 1.6 * torch.cos(math.pi * y * at)[:, None] * torch.cos(math.pi * x * at)
        affine.weight[channel] = 0
        affine.bias[channel] = 0
        affine.weight[channel, 2 * index] = 1 / (LEAKY_GAIN * affine.gain)
        affine.weight[channel, 2 * index + 1] = -1 / (LEAKY_GAIN * affine.gain)


@torch.no_grad()
def finish(painter: Painter, generator: Generator) -> None:
    """No colours come from below 64 px, numbers of w that mean nothing become zero, and the mean of w is measured."""
    for block in blocks_of(generator, above=False):
        assert block.to_rgb is not None
        block.to_rgb.weight.zero_()
    last = generator.mapping.layers[-1]
    assert isinstance(last, Dense)
    used = 2 * (painter.LATENT - painter.CHOICES) + len(painter.description(painter.latent(0)))
    last.weight[used:] = 0
    last.bias[used:] = 0
    z = torch.randn(10_000, painter.LATENT, generator=torch.Generator().manual_seed(0))
    generator.mapping.w_avg.copy_(generator.mapping(z).mean(dim=0))


def shape(painter: Painter, channels: int = CHANNELS) -> StyleGAN2Config:
    """The network: 128 channels at 32 px, which hold the hinges, and at most ``channels`` below."""
    return StyleGAN2Config(
        resolution=256, z_dim=painter.LATENT, w_dim=W_DIM, mapping_layers=MAPPING_LAYERS, channel_base=4096,
        channel_max=channels, channel_min=40,
    )  # fmt: skip


def teach(
    name: str,
    minutes: tuple[float, float],
    work: Path,
    start: Path | None = None,
    seed: int = 5,
    rate: float = FIELDS_RATE,
    channels: int = CHANNELS,
) -> Generator:
    """A generator that paints as the painter ``name`` does, after so many minutes for its fields and its mapping.

    What is finished lies in the folder ``work``; ``start`` is learnt further: an earlier model's file, which may have
    fewer ``channels``, or the folder of an earlier run's parts.
    """
    painter = cast(Painter, importlib.import_module(name))
    torch.manual_seed(1)
    generator = Generator(shape(painter, channels))
    prepare(painter, generator)
    average = copy.deepcopy(generator)
    hinges = Hinges(THRESHOLDS[name])
    stages: tuple[tuple[str, Losses, Callable[[Generator], Sequence[nn.Module]], float], ...] = (
        ("fields", partial(hint_losses, painter, generator, hinges, seed), partial(blocks_of, above=False), rate),
        ("mapping", partial(mapping_losses, painter, generator), lambda g: [g.mapping], 0.4),
    )
    work.mkdir(parents=True, exist_ok=True)
    for (stage, losses, modules, rate), length in zip(stages, minutes, strict=True):
        kept = work / f"{stage}.pt"
        if not kept.exists():
            if start is not None:
                for both in (generator, average):
                    begin(modules, both, start, kept.name)
            keep = partial(save, modules(average), kept.with_suffix(".unfinished.pt"))
            learn(modules(generator), modules(average), losses, length, rate, stage, keep)
            save(modules(average), kept)
        load(modules(average), kept)
    set_upper(painter, average, hinges)
    finish(painter, average)
    return average


def save(modules: list[nn.Module], file: Path) -> None:
    """Keep what the modules hold."""
    torch.save([module.state_dict() for module in modules], file)


def load(modules: list[nn.Module], file: Path) -> None:
    """Give the modules what a finished part holds."""
    for module, state in zip(modules, torch.load(file, weights_only=True), strict=True):
        module.load_state_dict(state)


def begin(modules: Callable[[Generator], Sequence[nn.Module]], generator: Generator, start: Path, part: str) -> None:
    """Give a part's modules what they were in an earlier model's file, or in a folder that has the part."""
    if start.is_file():
        earlier = cast(Generator, load_model(start))
        for module, before in zip(modules(generator), modules(earlier), strict=True):
            begin_wider(module, before.state_dict())
    elif (start / part).exists():
        load(list(modules(generator)), start / part)


@torch.no_grad()
def begin_wider(module: nn.Module, earlier: dict[str, Tensor]) -> None:
    """Give ``module`` what a narrower one held: it computes the same, since its new channels are not listened to yet.

    (Net2Net: Chen et al. 2016; the modulated convolutions have no gain that depends on their width.)
    """
    for name, now in module.state_dict().items():
        before = earlier[name]
        now[tuple(slice(length) for length in before.shape)] = before
        if before.dim() == 4:
            now[: before.shape[0], before.shape[1] :] = 0


def set_upper(painter: Painter, generator: Generator, hinges: Hinges) -> None:
    """Set the layers above 32 px, by the fields of some pictures of the painter."""
    z = np.stack([painter.latent(number) for number in range(SEEN)])
    fields = torch.from_numpy(np.stack([painter.fields(row, HINT_SIDE) for row in z]))
    columns = (part.permute(0, 2, 3, 1).flatten(0, 2)[::7] for part in (fields, hinges(fields)))
    first_color = 2 * (painter.LATENT - painter.CHOICES)
    last = blocks_of(generator, above=False)[-1].conv1
    with torch.no_grad():
        last.weight[-1].zero_()
        last.bias[-1] = 1
    set_band_layers(generator, *columns, first_color, painter.PHASE, painter.REST)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("painter", choices=sorted(THRESHOLDS))
    parser.add_argument("model", type=Path)
    parser.add_argument("--minutes", type=float, nargs=2, default=(19, 5), help="for the fields and the mapping")
    parser.add_argument("--start", type=Path, help="an earlier model, or the folder of its parts, to learn it further")
    parser.add_argument("--rate", type=float, default=FIELDS_RATE, help="of the fields; smaller to learn further")
    parser.add_argument("--seed", type=int, default=5, help="of the latents; another one to learn further")
    parser.add_argument("--channels", type=int, default=CHANNELS, help="most of a layer; more to learn further")
    options = parser.parse_args()
    work = options.model.with_suffix(".parts")
    generator = teach(
        options.painter, tuple(options.minutes), work, options.start, options.seed, options.rate, options.channels
    )
    card = ModelCard(name=options.model.stem, architecture="stylegan2", config=generator.config.to_dict())
    save_model(options.model, generator, card, half=True)


if __name__ == "__main__":
    main()
