"""Ours and its peers behind one interface, for ``tests.benchmarks.train_kid``. The peers' code is not part of this
repository: it is imported from folders named on the command line, and trained with the settings its authors ship.
"""

from __future__ import annotations

import copy
import random
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.base import drain
from studio.networks.device import choose_device
from studio.training.automatic import Machine, advise
from studio.training.batches import batch_indices, real_batch
from studio.training.loop import build_trainer
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from tests.benchmarks.train_peer import import_peer, take_phase

SEED = 0
FASTGAN_SIDE = 256
"""The smallest pictures that FastGAN's own networks make."""

OURS: dict[str, tuple[str, dict[str, Any]]] = {
    "ours": ("ours, automatic", {}),
    "ours-anchors": ("ours, anchors 10", {"anchor": 10.0, "anchor_first": 3_000}),
    "ours-projected": ("ours, projected", {"discriminator": "projected"}),
    "ours-drifting": ("ours, drifting", {"discriminator": "none", "batch": 48}),
}
PEERS = {
    "ada": "stylegan2-ada, auto",
    "ada-narrow": "stylegan2-ada, our width",
    "light": "lightweight-gan",
    "fastgan": f"FastGAN at {FASTGAN_SIDE}",
}
NAMES = {name: label for name, (label, _) in OURS.items()} | PEERS


@dataclass(frozen=True)
class Program:
    """One program in training.

    Attributes
    ----------
    step : takes the number of the step and of the images shown before it; returns how many images it has shown.
    draw : latents (n, z_dim) -> pictures (n, 3, r, r) in -1..1 of the generator that the program would save.
    z_dim : numbers in a latent.
    """

    step: Callable[[int, int], int]
    draw: Callable[[Tensor], Tensor]
    z_dim: int


def build(name: str, data: NDArray[np.uint8], folders: dict[str, Path]) -> Program:
    """The program ``name`` (a key of :data:`NAMES`) for pictures (n, r, r, 3), before its first step."""
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)
    if name in OURS:
        return ours(data, OURS[name][1])
    if name == "fastgan":
        return fastgan(data, folders["fastgan"])
    if name == "light":
        return lightweight(data, folders["light"])
    return ada(data, folders["ada"], narrow=name == "ada-narrow")


def automatic(pictures: int, resolution: int) -> dict[str, Any]:
    """What the product chooses for so many pictures on a processor."""
    return advise("auto", pictures, resolution, Machine("cpu")).values | {"resolution": resolution}


def ours(data: NDArray[np.uint8], changes: dict[str, Any]) -> Program:
    """Our trainer with the automatic settings, some changed."""
    values = automatic(len(data), data.shape[1]) | changes
    settings = TrainSettings.model_validate({"name": "benchmark", "folder": ".", "seed": SEED, **values})
    device = choose_device("cpu")
    trainer = drain(build_trainer(settings, Processes(device=device), len(data)))
    straight = torch.zeros(settings.batch, dtype=torch.bool)

    def step(number: int, images: int) -> int:
        indices = batch_indices(SEED, images, settings.batch, len(data))
        trainer.step(real_batch(data, indices, straight, device), indices, number, images)
        return settings.batch

    return Program(step, trainer.sample, trainer.z_dim)


def batches(data: NDArray[np.uint8], batch: int, mirror: bool = False) -> Callable[[int], Tensor]:
    """Batches in the same order as ours, by the images shown before."""

    def take(images: int) -> Tensor:
        mirrored = torch.rand(batch) < (0.5 if mirror else 0.0)
        return real_batch(data, batch_indices(SEED, images, batch, len(data)), mirrored, torch.device("cpu"))

    return take


# ---- stylegan2-ada-pytorch


class _Sampled(torch.autograd.Function):
    """Bilinear ``grid_sample`` that R1 can be taken through: linear in the picture, so its own second derivative."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        ctx.shape = x.shape
        return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return _Spread.apply(gradients[0], *ctx.saved_tensors, ctx.shape), None


class _Spread(torch.autograd.Function):
    """The gradient of :class:`_Sampled` as a function of its own."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, grid: Tensor, shape: torch.Size) -> Tensor:
        ctx.save_for_backward(grid)
        wanted = [True, False]
        return torch.ops.aten.grid_sampler_2d_backward(y, y.new_zeros(shape), grid, 0, 0, False, wanted)[0]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:  # type: ignore[override]
        return _Sampled.apply(gradients[0], *ctx.saved_tensors), None, None


def import_ada(folder: Path) -> None:
    """Make stylegan2-ada-pytorch importable without what it needs for downloads, compilers and other days' torch."""
    import_peer(folder)
    from torch_utils.ops import grid_sample_gradfix  # type: ignore[import-not-found]

    # Theirs knows torch up to 1.9 only; torch's own has no second derivative, which R1 needs.
    grid_sample_gradfix.grid_sample = _Sampled.apply


def ada(data: NDArray[np.uint8], folder: Path, *, narrow: bool) -> Program:
    """stylegan2-ada-pytorch as ``train.py --cfg=auto --aug=ada --gpus=1`` sets it up, in fp32, as a processor needs it.

    ``narrow`` gives it the width, latents and batch that we choose for a processor.
    """
    import_ada(folder)
    from torch_utils import training_stats  # type: ignore[import-not-found]
    from training.augment import AugmentPipe  # type: ignore[import-not-found]
    from training.loss import StyleGAN2Loss  # type: ignore[import-not-found]
    from training.networks import Discriminator, Generator  # type: ignore[import-not-found]

    side = data.shape[1]
    batch, widths, latent = max(min(4096 // side, 32), 1), (32768 if side >= 512 else 16384, 512), 512
    if narrow:
        own = automatic(len(data), side)
        batch, widths, latent = own["batch"], (own["channel_base"], own["channel_max"]), own["latent_size"]
    sizes: dict[str, Any] = {"channel_base": widths[0], "channel_max": widths[1], "num_fp16_res": 0, "conv_clamp": 256}
    g = Generator(latent, 0, latent, side, 3, mapping_kwargs={"num_layers": 2}, synthesis_kwargs=sizes).train()
    d = Discriminator(0, side, 3, epilogue_kwargs={"mbstd_group_size": min(batch, 4)}, **sizes).train()
    average = copy.deepcopy(g).eval().requires_grad_(False)
    g.requires_grad_(False)
    d.requires_grad_(False)
    geometry = ("xflip", "rotate90", "xint", "scale", "rotate", "aniso", "xfrac")
    colour = ("brightness", "contrast", "lumaflip", "hue", "saturation")
    pipe = AugmentPipe(**dict.fromkeys((*geometry, *colour), 1)).train().requires_grad_(False)
    pipe.p.zero_()
    cpu = torch.device("cpu")
    loss = StyleGAN2Loss(cpu, g.mapping, g.synthesis, d, pipe, r1_gamma=0.0002 * side**2 / batch)
    signs = training_stats.Collector(regex="Loss/signs/real")
    phases = []
    for name, module, interval in (("G", g, 4), ("D", d, 16)):
        share = interval / (interval + 1)
        optimiser = torch.optim.Adam(module.parameters(), lr=0.0025 * share, betas=(0.0, 0.99**share), eps=1e-8)
        phases += [(f"{name}main", module, optimiser, 1), (f"{name}reg", module, optimiser, interval)]
    take, labels = batches(data, batch), torch.zeros(batch, 0)

    def step(number: int, images: int) -> int:
        real = take(images)
        for phase, module, optimiser, interval in phases:
            if number % interval:
                continue
            take_phase(loss, phase, module, optimiser, real, labels, latent, interval)
        with torch.no_grad():
            half_life = min(batch * 10_000 / 32, images * 0.05)
            beta = 0.5 ** (batch / max(half_life, 1e-8))
            for kept, new in zip(average.parameters(), g.parameters(), strict=True):
                kept.copy_(new.lerp(kept, beta))
            for kept, new in zip(average.buffers(), g.buffers(), strict=True):
                kept.copy_(new)
        if (number + 1) % 4 == 0:
            signs.update()
            by = np.sign(signs["Loss/signs/real"] - 0.6) * batch * 4 / 500_000
            pipe.p.copy_((pipe.p + by).clamp(min=0))
        return batch

    return Program(step, lambda z: average(z, torch.zeros(len(z), 0), noise_mode="const"), latent)


# ---- FastGAN


class _Perceptual(nn.Module):
    """Stands in for the LPIPS of FastGAN's reconstruction loss, whose VGG-16 would be downloaded: the same five layers,
    normalised across channels, of the VGG-16 that we have, weighed alike instead of by learnt weights."""

    LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")

    def __init__(self) -> None:
        super().__init__()
        from studio.checkpoints.perceptual import load_vgg

        self.vgg = drain(load_vgg("vgg16-hed", "cpu"))

    def forward(self, made: Tensor, wanted: Tensor) -> Tensor:
        """Pictures (n, 3, r, r) in -1..1 -> distances (n,)."""
        a = self.vgg((made + 1) / 2, self.LAYERS)
        with torch.no_grad():
            b = self.vgg((wanted + 1) / 2, self.LAYERS)
        layers = [(F.normalize(a[k]) - F.normalize(b[k])).square().sum(dim=1).mean(dim=(1, 2)) for k in self.LAYERS]
        return torch.stack(layers).mean(dim=0)


def fastgan(data: NDArray[np.uint8], folder: Path) -> Program:
    """FastGAN as its ``train.py`` trains 256 pixels: batch 8, width 64, mirrored pictures, DiffAugment."""
    sys.path.insert(0, str(folder.resolve()))
    from diffaug import DiffAugment  # type: ignore[import-not-found]
    from models import Discriminator, Generator, weights_init  # type: ignore[import-not-found]

    batch, latent, policy = 8, 256, "color,translation"
    g, d = Generator(ngf=64, nz=latent, im_size=FASTGAN_SIDE), Discriminator(ndf=64, im_size=FASTGAN_SIDE)
    g.apply(weights_init)
    d.apply(weights_init)
    percept = _Perceptual()
    average = [p.data.clone() for p in g.parameters()]
    optimisers = {net: torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (g, d)}
    take = batches(data, batch, mirror=True)
    shown = [0]

    def step(number: int, images: int) -> int:
        real = DiffAugment(take(images), policy=policy)
        fakes = [DiffAugment(fake, policy=policy) for fake in g(torch.randn(batch, latent))]
        d.zero_grad()
        part = random.randint(0, 3)
        top, left = (part // 2) * FASTGAN_SIDE // 2, (part % 2) * FASTGAN_SIDE // 2
        quarter = real[:, :, top : top + FASTGAN_SIDE // 2, left : left + FASTGAN_SIDE // 2]
        logits, made = d(real, "real", part=part)
        loss = F.relu(torch.rand_like(logits) * 0.2 + 0.8 - logits).mean()
        for again, wanted in zip(made, (real, real, quarter), strict=True):
            loss = loss + percept(again, F.interpolate(wanted, again.shape[2])).sum()
        loss.backward()
        logits = d([fake.detach() for fake in fakes], "fake")
        F.relu(torch.rand_like(logits) * 0.2 + 0.8 + logits).mean().backward()
        optimisers[d].step()
        g.zero_grad()
        (-d(fakes, "fake").mean()).backward()
        optimisers[g].step()
        for kept, new in zip(average, g.parameters(), strict=True):
            kept.mul_(0.999).add_(new.data, alpha=0.001)
        shown[0] = number + 1
        return batch

    def draw(z: Tensor) -> Tensor:
        # Its average weighs the untrained network with 0.999^steps: before 1000 steps the present one is fairer.
        present = [p.data for p in g.parameters()]
        if shown[0] >= 1000:
            for p, kept in zip(g.parameters(), average, strict=True):
                p.data = kept
        try:
            picture: Tensor = g(z)[0]  # in training mode, as it draws its own samples
        finally:
            for p, kept in zip(g.parameters(), present, strict=True):
                p.data = kept
        return picture

    return Program(step, draw, latent)


# ---- lightweight-gan


def import_lightweight(folder: Path) -> Any:
    """The module of lightweight-gan, which wants CUDA and packages that it does not need here."""
    sys.path.insert(0, str(folder.resolve()))
    for name, content in (("kornia", ""), ("kornia.filters", "filter2d"), ("adabelief_pytorch", "AdaBelief")):
        module = types.ModuleType(name)
        if content:
            setattr(module, content, None)
        sys.modules[name] = module
    with patch("torch.cuda.is_available", return_value=True):
        from lightweight_gan import lightweight_gan  # type: ignore[import-not-found]
    lightweight_gan.Blur = nn.Identity  # what its trainer does unless told to antialias
    return lightweight_gan


def lightweight(data: NDArray[np.uint8], folder: Path) -> Program:
    """lightweight-gan (FastGAN's design for any size) with the defaults of its command line, but batches of 16 without
    accumulation. It averages from step 20,000 on only, so the present generator is drawn from."""
    module = import_lightweight(folder)
    batch, latent = 16, 256
    with patch.object(nn.Module, "cuda", lambda self, *_: self):
        gan = module.LightweightGAN(
            latent_dim=latent, image_size=data.shape[1], attn_res_layers=[32], disc_output_size=1, lr=2e-4
        )
    gan.train()
    augmented = {"prob": min(0.5, (1e5 - len(data)) * 3e-6), "types": ["cutout", "translation"]}
    take = batches(data, batch)

    def step(number: int, images: int) -> int:
        real, penalise = (take(images) + 1) / 2, number % 4 == 0
        gan.D_opt.zero_grad()
        with torch.no_grad():
            fake = gan.G(torch.randn(batch, latent))
        real.requires_grad_(penalise)
        fake, (*fake_logits, _) = gan.D_aug(
            fake, detach=True, input_requires_grad=penalise, return_discr_input=True, **augmented
        )
        *real_logits, reconstruction = gan.D_aug(real, calc_aux_loss=True, **augmented)
        loss = reconstruction + sum(map(module.hinge_loss, real_logits, fake_logits))
        if penalise:
            for logits, pictures in ((real_logits, real), (fake_logits, fake)):
                (slope,) = torch.autograd.grad([x.sum() for x in logits], pictures, create_graph=True)
                loss = loss + 10 * slope.flatten(1).square().sum(dim=1).mean() / 2
        loss.backward()
        gan.D_opt.step()
        gan.G_opt.zero_grad()
        *fake_logits, _ = gan.D_aug(gan.G(torch.randn(batch, latent)), **augmented)
        sum(module.gen_hinge_loss(logits, None) for logits in fake_logits).backward()
        gan.G_opt.step()
        return batch

    def draw(z: Tensor) -> Tensor:
        gan.G.eval()
        picture: Tensor = gan.G(z).clamp(0, 1) * 2 - 1
        gan.G.train()
        return picture

    return Program(step, draw, latent)
