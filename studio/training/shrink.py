"""A smaller, faster copy of a StyleGAN2 generator for weak machines.

Channels that matter least are left out (structured pruning by the energy they hand on, in the spirit of Molchanov et
al. 2019, "Importance estimation for neural network pruning"); the rest then learns to draw the original's pictures
(Hinton et al. 2015, "Distilling the knowledge in a neural network"). The mapping stays as it is, so that seeds,
directions and recipes mean the same in both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.base import Message, Progress, StudioError, Work
from studio.base.memory import OutOfMemory, is_out_of_memory
from studio.networks.pixels import on_white, to_pixels
from studio.networks.stylegan2 import Generator, ModulatedConv, StyleGAN2Config, SynthesisBlock, ToRGB

KEEPS = (0.75, 0.5, 0.25)
"""Shares of the channels that can be kept."""
FEWEST = 4
BATCH = 8
RATE = 0.015
PREVIEWED = 4
MEASURED = 64
MEASURED_TRUNCATION = 0.7
SCALES = 4


@dataclass(frozen=True)
class Loss:
    """The loss of a smaller copy, over 64 pictures that it was not taught with, at truncation 0.7.

    Attributes
    ----------
    psnr : peak signal-to-noise ratio against the original's pictures, in dB; above 30 few people see a difference.
    difference : mean absolute difference, in levels of 0..255.
    weights : share of the original's numbers.
    """

    psnr: float
    difference: float
    weights: float


def smaller_config(config: StyleGAN2Config, keep: float) -> StyleGAN2Config:
    """The shape with ``keep`` of the channels at every resolution.

    Raises
    ------
    StudioError
        When ``keep`` is not one of :data:`KEEPS`, or too few channels would be left.
    """
    if keep not in KEEPS:
        raise StudioError(
            Message("A share of {keep:g} of the channels cannot be kept.", keep=keep),
            "Choose 0.75, 0.5 or 0.25 of the channels.",
        )
    small = replace(
        config,
        channel_base=int(config.channel_base * keep),
        channel_max=int(config.channel_max * keep),
        channel_min=int(config.channel_min * keep),
    )
    if min(small.channels(r) for r in small.resolutions) < FEWEST:
        raise StudioError(
            "This network is so small that hardly anything would be left of it.", "Keep more of its channels."
        )
    return small


@torch.no_grad()
def channel_energies(generator: Generator, pictures: int = 32, seed: int = 0) -> dict[str, Tensor]:
    """Energy that each input channel of each layer adds to the layer's output: name of the layer -> (inputs,).

    The energy of the modulated feature times that of its weights, as a share of the layer's whole.
    """
    found: dict[str, Tensor] = {}
    layers = {name: m for name, m in generator.synthesis.named_modules() if isinstance(m, ModulatedConv | ToRGB)}

    def record_energy(name: str, layer: ModulatedConv | ToRGB) -> torch.utils.hooks.RemovableHandle:
        weights = layer.weight.square().sum(dim=(0, 2, 3))

        def add_energy(_module: torch.nn.Module, arguments: tuple[Tensor, ...]) -> None:
            x, w = arguments[:2]
            energy = (x * layer.affine(w)[:, :, None, None]).square().mean(dim=(0, 2, 3)) * weights
            found[name] = found.get(name, torch.zeros_like(energy)) + energy

        return layer.register_forward_pre_hook(add_energy)

    handles = [record_energy(name, layer) for name, layer in layers.items()]
    try:
        for start in range(0, pictures, BATCH):
            ws = draw_ws(generator, min(BATCH, pictures - start), seed + start)
            generator.synthesis(ws, noise_mode="const")
    finally:
        for handle in handles:
            handle.remove()
    return {name: energy / energy.sum().clamp(min=1e-20) for name, energy in found.items()}


def draw_ws(generator: Generator, count: int, seed: int, *, truncation: float = 1.0, mixing: bool = False) -> Tensor:
    """Random ws (count, num_ws, w_dim) of random classes; ``mixing``: half of them take a part from another seed."""
    random = torch.Generator().manual_seed(seed)
    device = generator.mapping.w_avg.device
    config = generator.config
    label = None
    if config.labels:
        chosen = torch.randint(config.labels, (count,), generator=random)
        label = F.one_hot(chosen, config.labels).float().to(device)
    pair = []
    for _ in range(2 if mixing else 1):
        z = torch.randn(count, config.z_dim, generator=random).to(device)
        pair.append(generator.w_to_ws(generator.mapping(z, label), truncation))
    ws = pair[0].clone()
    if mixing:
        for row in range(0, count, 2):
            cut = int(torch.randint(1, config.num_ws, (1,), generator=random))
            ws[row, cut:] = pair[1][row, cut:]
    return ws


@torch.no_grad()
def pruned(generator: Generator, config: StyleGAN2Config, energies: dict[str, Tensor]) -> Generator:
    """The generator with the channels of ``config``, those of the most energy in the layers that read them."""
    small = Generator(config).to(generator.mapping.w_avg.device)
    small.mapping.load_state_dict(generator.mapping.state_dict())
    before: Tensor | None = None
    resolutions = config.resolutions
    for index, r in enumerate(resolutions):
        old, new = (g.synthesis.blocks[str(r)] for g in (generator, small))
        assert isinstance(old, SynthesisBlock) and isinstance(new, SynthesisBlock)
        count = config.channels(r)
        middle = _best(energies[f"blocks.{r}.conv1"], count)
        readers = [f"blocks.{r}.to_rgb"] if old.to_rgb is not None else []
        if index + 1 < len(resolutions):
            readers.append(f"blocks.{resolutions[index + 1]}.conv0")
        after = _best(torch.stack([energies[name] for name in readers]).sum(0), count)
        if old.conv0 is None:
            new.const.copy_(old.const[middle])
        else:
            assert before is not None and new.conv0 is not None
            _take(new.conv0, old.conv0, before, middle)
            if old.shortcut is not None and new.shortcut is not None:
                # Scaled by the number of its inputs when it runs.
                gain = (len(before) / old.shortcut.weight.shape[1]) ** 0.5
                new.shortcut.weight.copy_(old.shortcut.weight[after][:, before] * gain)
        _take(new.conv1, old.conv1, middle, after)
        if old.to_rgb is not None and new.to_rgb is not None:
            _take_affine(new.to_rgb, old.to_rgb, after)
            new.to_rgb.weight.copy_(old.to_rgb.weight[:, after] * (old.to_rgb.gain / new.to_rgb.gain))
            new.to_rgb.bias.copy_(old.to_rgb.bias)
        before = after
    return small


def _best(energy: Tensor, count: int) -> Tensor:
    """The ``count`` channels of the most energy, in their old order."""
    return energy.argsort(descending=True)[:count].sort().values


def _take_affine(new: ModulatedConv | ToRGB, old: ModulatedConv | ToRGB, inputs: Tensor) -> None:
    new.affine.weight.copy_(old.affine.weight[inputs])
    new.affine.bias.copy_(old.affine.bias[inputs])


def _take(new: ModulatedConv, old: ModulatedConv, inputs: Tensor, outputs: Tensor) -> None:
    _take_affine(new, old, inputs)
    new.weight.copy_(old.weight[outputs][:, inputs])
    new.bias.copy_(old.bias[outputs])
    new.noise_strength.copy_(old.noise_strength)
    new.noise_const.copy_(old.noise_const)


def picture_loss(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean absolute difference of pictures (n, c, r, r) and of their edges, at full, half, quarter ... size."""
    total = made.new_zeros(())
    for _ in range(SCALES):
        total = total + (made - wanted).abs().mean()
        for dim in (2, 3):
            total = total + (made.diff(dim=dim) - wanted.diff(dim=dim)).abs().mean()
        if made.shape[-1] < 16:
            break
        made, wanted = F.avg_pool2d(made, 2), F.avg_pool2d(wanted, 2)
    return total


@torch.no_grad()
def measure_loss(original: Generator, small: Generator, seed: int = 2**31) -> Loss:
    """Compare pictures of the same latents; see :class:`Loss`."""
    squares, absolutes = [], []
    for start in range(0, MEASURED, BATCH):
        ws = draw_ws(original, BATCH, seed + start, truncation=MEASURED_TRUNCATION)
        a, b = ((g.synthesis(ws, noise_mode="const").clamp(-1, 1) + 1) * 127.5 for g in (original, small))
        squares.append(float((a - b).square().mean()))
        absolutes.append(float((a - b).abs().mean()))
    error = max(float(np.mean(squares)), 1e-10)
    numbers = [sum(p.numel() for p in g.synthesis.parameters()) for g in (small, original)]
    return Loss(10 * float(np.log10(255**2 / error)), float(np.mean(absolutes)), numbers[0] / numbers[1])


def shrink(generator: Generator, keep: float, images: int, *, seed: int = 0) -> Work[tuple[Generator, Loss]]:
    """Make a smaller copy, taught with ``images`` pictures of the original.

    Progress counts pictures; its preview shows the original's above the copy's. The same arguments give the same
    weights on the same device.

    Parameters
    ----------
    generator : on its device, not changed.
    keep : share of the channels, one of :data:`KEEPS`; the time for a picture falls nearly with its square.

    Raises
    ------
    StudioError
        When hardly any channels would be left, or the device's memory does not suffice.
    """
    config = smaller_config(generator.config, keep)
    yield Progress(0, images, Message("Looking for the channels that matter"))
    was = torch.random.get_rng_state()
    torch.manual_seed(seed)
    try:
        small = pruned(generator, config, channel_energies(generator, seed=seed))
    finally:
        torch.random.set_rng_state(was)
    try:
        yield from _teach(generator, small, images, seed)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            "The device has not enough memory to make a smaller copy.", "Choose the CPU in the settings and try again."
        ) from error
    small.eval().requires_grad_(False)
    yield Progress(images, images, Message("Measuring what was lost"))
    return small, measure_loss(generator, small)


def _teach(original: Generator, small: Generator, images: int, seed: int) -> Iterator[Progress]:
    small.mapping.requires_grad_(False)
    parameters = list(small.synthesis.requires_grad_(True).parameters())
    average = [p.detach().clone() for p in parameters]
    optimiser = torch.optim.Adam(parameters, lr=RATE, betas=(0.9, 0.99))
    shown = draw_ws(original, PREVIEWED, 2**30, truncation=MEASURED_TRUNCATION)
    steps = max(1, images // BATCH)
    last = 0.0
    for step in range(steps):
        ws = draw_ws(original, BATCH, seed + 1 + step, mixing=True)
        with torch.no_grad():
            wanted = original.synthesis(ws, noise_mode="const")
        for group in optimiser.param_groups:
            # A short rise, for Adam's averages to settle, then half a cosine down.
            group["lr"] = RATE * min(1.0, (step + 1) / 50) * 0.5 * (1 + np.cos(np.pi * step / steps))
        loss = picture_loss(small.synthesis(ws, noise_mode="const"), wanted)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        with torch.no_grad():
            # Over the last steps, and never over more than there were.
            torch._foreach_lerp_(average, list[Tensor](parameters), max(0.01, 1 / (step + 1)))
        preview = None
        if step == 0 or time.monotonic() - last > 2:
            last = time.monotonic()
            preview = comparison(original, small, shown)
        yield Progress((step + 1) * BATCH, steps * BATCH, Message("Teaching the smaller copy"), preview)
    with torch.no_grad():
        for parameter, kept in zip(parameters, average, strict=True):
            parameter.copy_(kept)


@torch.no_grad()
def comparison(original: Generator, small: Generator, ws: Tensor) -> NDArray[np.uint8]:
    """The original's pictures above the copy's, uint8 (2 r, n r, 3)."""
    rows = []
    for generator in (original, small):
        made = on_white(to_pixels(generator.synthesis(ws, noise_mode="const").permute(0, 2, 3, 1)))
        rows.append(np.concatenate(list(made.numpy()), axis=1))
    return np.concatenate(rows)
