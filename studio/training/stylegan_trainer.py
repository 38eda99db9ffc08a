"""Training a StyleGAN2 or StyleGAN3 generator, from scratch or from a model of the library."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from studio.base import StudioError
from studio.networks import stylegan2, stylegan3
from studio.networks.efficientnet import EfficientNetLite0
from studio.networks.projected import ProjectedDiscriminator
from studio.training.augmentation import Augmenter
from studio.training.collapse import CollapseDetector, pixel_statistics
from studio.training.gradient_accumulation import GradientAccumulation, MicroBatch, Precision
from studio.training.initialization import start_discriminator, start_shape, start_weights
from studio.training.losses import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    lazy_gain,
    path_lengths,
    path_penalty,
    pyramid_l1,
)
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from studio.training.trainers import Numbers, StateDicts, Stateful, Trainer

# The anchors see each picture once an epoch only, so they move in larger steps than weights.
ANCHOR_RATE = 0.02
GROUP = 4
"""Pictures that share a minibatch standard deviation."""
PATH_DECAY = 0.01
MAGNITUDE_DECAY = 0.001
"""How fast StyleGAN3's running magnitudes follow, a step."""

Shape = stylegan2.StyleGAN2Config | stylegan3.StyleGAN3Config


class StyleGANTrainer(Trainer):
    """The losses of Karras et al. 2020 and their kin, lazily regularised, augmented; the averaged generator counts."""

    def __init__(
        self, settings: TrainSettings, processes: Processes, pictures: int, backbone: EfficientNetLite0 | None = None
    ) -> None:
        """``backbone`` is what a projected discriminator looks through."""
        self.settings = settings
        self.device = device = processes.device
        # The starting model decides the width, else the artist would have to know it.
        shape = start_shape(settings)
        self._precision = Precision(settings.precision, device)
        self.shape: Shape = (
            shape if isinstance(shape, Shape) else fresh_shape(settings, narrow_range=self._precision.kind == "fp16")
        )
        weights, start = start_weights(settings), start_discriminator(settings)
        torch.manual_seed(settings.seed)
        self.generator: stylegan2.Generator | stylegan3.Generator
        if isinstance(self.shape, stylegan2.StyleGAN2Config):
            self.generator = stylegan2.Generator(self.shape)
        else:
            self.generator = stylegan3.Generator(self.shape)
        if weights is not None:
            self.generator.load_state_dict(weights)
        self._noise_mode: stylegan2.NoiseMode = settings.noise
        if settings.noise == "none":
            # What is drawn from the finished model must be without noise, too.
            for layer in self.generator.modules():
                if isinstance(layer, stylegan2.ModulatedConv):
                    layer.noise_strength.requires_grad_(False).zero_()
        self.discriminator = self._make_discriminator(start, backbone)
        for net in (self.generator, self.discriminator):
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._trained_d = [p for p in self.discriminator.parameters() if p.requires_grad]
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.optim_g = lazy_adam(
            list(self.generator.parameters()), settings.rate, settings.path_interval if settings.path_weight else 0
        )
        self.optim_d = lazy_adam(self._trained_d, settings.discriminator_rate, settings.r1_interval)
        group = math.gcd(settings.batch, GROUP)
        if isinstance(self.discriminator, stylegan2.Discriminator):
            self.discriminator.group = group
        share = processes.share(settings.batch, group)
        self._gradients = GradientAccumulation(processes, share, settings.seed, settings.micro_batch)
        self._scaler_g, self._scaler_d = self._precision.scaler(), self._precision.scaler()
        self._augmenter = Augmenter(settings)
        self._numbers = Numbers()
        self._collapse = CollapseDetector()
        self._made = torch.empty(0)
        self._listening: MicroBatch | None = None
        if isinstance(self.generator, stylegan3.Generator):
            for index, layer in enumerate(self.generator.synthesis.layers):
                layer.register_forward_pre_hook(self._magnitude_hook(index))
        parts: dict[str, Stateful] = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "average": self.average,
            "optim_g": self.optim_g,
            "optim_d": self.optim_d,
        }
        self.anchors: nn.Embedding | None = None
        if settings.anchor:
            # nn.Embedding draws from a normal distribution, as z is drawn.
            self.anchors = nn.Embedding(pictures, self.shape.z_dim).to(device)
            self.optim_anchors = torch.optim.Adam(self.anchors.parameters(), lr=ANCHOR_RATE, betas=(0.5, 0.99))
            parts |= {"anchors": self.anchors, "optim_anchors": self.optim_anchors}
        self._parts = StateDicts(
            parts,
            {
                "scaler_g": self._scaler_g,
                "scaler_d": self._scaler_d,
                "augmenter": self._augmenter,
                "numbers": self._numbers,
                "watch": self._collapse,
            },
        )

    def _make_discriminator(
        self, start: tuple[stylegan2.Discriminator, int] | None, backbone: EfficientNetLite0 | None
    ) -> stylegan2.Discriminator | ProjectedDiscriminator:
        settings = self.settings
        if settings.discriminator == "projected":
            if backbone is None:
                raise ValueError("a projected discriminator needs its pretrained network")
            return ProjectedDiscriminator(backbone, settings.resolution)
        made, new = start if start is not None else (stylegan2.Discriminator(discriminator_config(self.shape)), 0)
        made.requires_grad_(True)
        # Layers that a grown discriminator has got on top know nothing yet that would be worth keeping.
        for layer in made.layers_from_picture()[new : new + settings.freeze_layers]:
            layer.requires_grad_(False)
        return made

    # ---- a step

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """See :class:`Trainer`."""
        settings = self.settings
        anchors_only = self.anchors is not None and images < settings.anchor_first
        warming = not anchors_only and images < settings.warm_up
        if not warming:
            self._teach_generator(real, indices, number, anchors_only=anchors_only)
        if anchors_only:
            totals = self._take_totals()
            self._average(images)
            return {"anchor": float(totals["anchor"])}
        if warming:
            self._draw_samples(real, number)
        self._teach_discriminator(real, number)
        gain = lazy_gain(number, settings.r1_interval)
        if gain and settings.discriminator == "stylegan2":
            self._penalise(real, number, gain)
        gain = lazy_gain(number, settings.path_interval)
        if gain and settings.path_weight and not warming:
            self._straighten_paths(number, gain)
        totals = self._take_totals()
        if not warming:
            self._average(images)
        self._collapse.note(totals["real"], totals["fake"], settings.batch)
        names = ("loss_g", "loss_d", "anchor", "r1", "r2", "path")
        losses = {name: float(totals[name]) for name in names if name in totals}
        return losses | self._augmenter.note(float(totals["signs"]), settings.batch)

    def _take_totals(self) -> dict[str, Tensor]:
        """The means over the whole batch, and what follows from them."""
        totals = self._gradients.totals()
        with torch.no_grad():
            if "w" in totals:
                self.generator.mapping.track(totals["w"].to(self.device)[None])
            if "path_length" in totals:
                self._numbers.path_mean.lerp_(totals["path_length"], PATH_DECAY)
            if isinstance(self.generator, stylegan3.Generator):
                for index, layer in enumerate(self.generator.synthesis.layers):
                    if f"magnitude{index}" in totals:
                        seen = totals[f"magnitude{index}"].to(self.device)
                        layer.magnitude_ema.lerp_(seen, MAGNITUDE_DECAY)  # type: ignore[operator,union-attr]
        return totals

    def _magnitude_hook(self, index: int) -> Any:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            if self._listening is not None:
                self._listening.note(f"magnitude{index}", inputs[0].detach().float().square().mean())

        return hook

    def _ws(self, samples: MicroBatch) -> Tensor:
        """Random ws (n, num_ws, w_dim), two latents mixed now and then; always in 32 bits."""
        with self._precision.exactly():
            w = self.generator.mapping(samples.random.normal(self.shape.z_dim).to(self.device))
            samples.note("w", w.mean(dim=0))
            ws = self.generator.w_to_ws(w)
            if samples.random.number() < self.settings.style_mixing:
                cut = 1 + int(samples.random.number() * (self.shape.num_ws - 1))
                other = self.generator.mapping(samples.random.normal(self.shape.z_dim).to(self.device))
                ws = torch.cat([ws[:, :cut], self.generator.w_to_ws(other)[:, cut:]], dim=1)
        return ws

    def _paint(self, ws: Tensor, samples: MicroBatch) -> Tensor:
        self._listening = samples
        try:
            picture: Tensor = self.generator.synthesis(
                ws, noise_mode=self._noise_mode, generator=samples.random
            ).float()
        finally:
            self._listening = None
        return picture

    def _judge(self, pictures: Tensor, samples: MicroBatch) -> Tensor:
        with self._precision.autocast():
            return self.discriminator(self._augmenter(pictures, samples.random)).float()

    def _keep(self, samples: MicroBatch, fake: Tensor, real: Tensor) -> None:
        """The pictures just made serve the discriminator too: one pass of the generator a step instead of two."""
        if self._made.shape != real.shape or self._made.device != real.device:
            self._made = torch.empty_like(real)
        self._made[samples.local] = fake.detach()

    def _teach_generator(self, real: Tensor, indices: Sequence[int], number: int, *, anchors_only: bool) -> None:
        loss = self.settings.adversarial

        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            if not anchors_only:
                with self._precision.autocast():
                    fake = self._paint(self._ws(samples), samples)
                self._keep(samples, fake, real)
                fake_logits = self._judge(fake, samples)
                real_logits = None
                if loss == "relativistic":
                    with torch.no_grad():
                        real_logits = self._judge(real[samples.local], samples)
                found = generator_loss(loss, fake_logits, real_logits)
                samples.note("loss_g", found)
                yield found
            if self.anchors is not None:
                places = torch.tensor(indices)[samples.local].to(self.device)
                w = self.generator.mapping(self.anchors(places))
                if anchors_only:
                    samples.note("w", w.mean(dim=0))
                with self._precision.autocast():
                    made = self.generator.synthesis(self.generator.w_to_ws(w), noise_mode="none").float()
                distance = pyramid_l1(made, real[samples.local])
                samples.note("anchor", distance)
                yield distance * self.settings.anchor

        optimisers: tuple[torch.optim.Optimizer, ...] = (self.optim_g,)
        if self.anchors is not None:
            optimisers = (self.optim_g, self.optim_anchors)
        self.discriminator.requires_grad_(False)
        try:
            self._gradients.run(0, number, losses, optimisers, self._scaler_g)
        finally:
            self._unfreeze()

    def _unfreeze(self) -> None:
        for parameter in self._trained_d:
            parameter.requires_grad_(True)

    def _draw_samples(self, real: Tensor, number: int) -> None:
        """While the generator stands still, its samples are all the discriminator needs."""

        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            with torch.no_grad(), self._precision.autocast():
                self._keep(samples, self._paint(self._ws(samples), samples), real)
            yield from ()

        self._gradients.run(0, number, losses)

    def _teach_discriminator(self, real: Tensor, number: int) -> None:
        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            pictures, fake = real[samples.local], self._made[samples.local]
            # Separately: generated pictures must be compared with each other, not with real ones.
            real_logits, fake_logits = self._judge(pictures, samples), self._judge(fake, samples)
            found = discriminator_loss(self.settings.adversarial, real_logits, fake_logits)
            samples.note("loss_d", found)
            samples.note("signs", real_logits.sign().mean())
            samples.note("real", pixel_statistics(pictures))
            samples.note("fake", pixel_statistics(fake))
            yield found

        self._gradients.run(1, number, losses, (self.optim_d,), self._scaler_d)
        if isinstance(self.discriminator, ProjectedDiscriminator):
            self.discriminator.update()

    def _penalise(self, real: Tensor, number: int, gain: float) -> None:
        """R1, and R2 with the relativistic loss: at what the discriminator is shown, that is, after augmentation."""
        settings = self.settings
        r2 = settings.r2_gamma if settings.adversarial == "relativistic" else 0.0
        if not settings.r1_gamma and not r2:
            return

        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            for name, gamma, pictures in (("r1", settings.r1_gamma, real), ("r2", r2, self._made)):
                if gamma:
                    with torch.no_grad():
                        shown = self._augmenter(pictures[samples.local], samples.random)
                    shown.requires_grad_(True)
                    penalty = gradient_penalty(self.discriminator(shown), shown)
                    samples.note(name, penalty)
                    yield penalty * (gamma / 2 * gain)

        self._gradients.run(2, number, losses, (self.optim_d,))

    def _straighten_paths(self, number: int, gain: float) -> None:
        mean = self._numbers.path_mean.to(self.device)

        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            # A copy for every sample, or torch could not tell the layers' derivatives apart.
            ws = self._ws(samples).clone()
            pictures = self._paint(ws, samples)
            lengths = path_lengths(pictures, ws, samples.random.noise(pictures.shape, self.device))
            samples.note("path_length", lengths.mean())
            penalty = path_penalty(lengths, mean)
            samples.note("path", penalty)
            yield penalty * (self.settings.path_weight * gain)

        self._gradients.run(3, number, losses, (self.optim_g,))

    def _average(self, images: int) -> None:
        """Move the averaged generator towards the present one."""
        average_into(self.average, self.generator, self.settings, images)

    # ---- what the loop asks

    @torch.no_grad()
    def sample(self, z: Tensor) -> Tensor:
        """See :class:`Trainer`."""
        return self.average(z.to(self.device), noise_mode="const")

    def exported(self) -> nn.Module:
        """See :class:`Trainer`."""
        return self.average

    def discriminator_to_keep(self) -> nn.Module | None:
        """See :class:`Trainer`."""
        return self.discriminator if isinstance(self.discriminator, stylegan2.Discriminator) else None

    def warning(self) -> StudioError | None:
        """See :class:`Trainer`."""
        if not self._collapse.collapsed:
            return None
        if self.settings.discriminator == "projected":
            return StudioError(
                "The samples have become alike: the generator has collapsed, as it can with the projected "
                "discriminator on flat pictures.",
                "Stop, and start again with StyleGAN2's own discriminator; the best snapshot is kept.",
            )
        return StudioError(
            "The samples have become alike: the generator has collapsed.",
            "Stop, and start again with a higher R1 weight or more augmentation; the best snapshot is kept.",
        )

    def state_dict(self) -> dict[str, Any]:
        """See :class:`Trainer`."""
        return super().state_dict() | {"micro": self._gradients.micro}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See :class:`Trainer`."""
        super().load_state_dict(state)
        # How a pass is divided changes sums in their last digits.
        self._gradients.micro = min(int(state.get("micro", self._gradients.micro)), self._gradients.micro)


@torch.no_grad()
def average_into(average: nn.Module, generator: nn.Module, settings: TrainSettings, images: int) -> None:
    """Move ``average`` towards ``generator`` by a step of the settings' batch; ``images`` were shown before it."""
    # Ramp-up: at the start the average follows closely, or it would long show noise. A trained start needs none.
    half_life: float = settings.ema_images
    if settings.start_from is None:
        half_life = min(half_life, max(1.0, images * 0.05))
    beta = 0.5 ** (settings.batch / half_life)
    for mean, now in zip(average.parameters(), generator.parameters(), strict=True):
        mean.lerp_(now, 1 - beta)
    for mean_buffer, now_buffer in zip(average.buffers(), generator.buffers(), strict=True):
        mean_buffer.copy_(now_buffer)


def fresh_shape(settings: TrainSettings, *, narrow_range: bool = False) -> Shape:
    """The networks of a run from scratch; ``narrow_range`` when it computes with fp16."""
    sizes: dict[str, Any] = {
        "resolution": settings.resolution,
        "z_dim": settings.latent_size,
        "w_dim": settings.latent_size,
        "channel_base": settings.channel_base,
        "channel_max": settings.channel_max,
    }
    if settings.architecture == "stylegan3":
        return stylegan3.StyleGAN3Config(**sizes)
    # fp16 needs its activations limited, as NVIDIA's networks have it.
    clamp = 256 if narrow_range else 0
    return stylegan2.StyleGAN2Config(conv_clamp=clamp, **sizes)


def discriminator_config(shape: Shape) -> stylegan2.StyleGAN2Config:
    """StyleGAN2's discriminator as wide as the generator; StyleGAN3 is trained with the same."""
    if isinstance(shape, stylegan2.StyleGAN2Config):
        return shape
    return stylegan2.StyleGAN2Config(
        resolution=shape.resolution,
        z_dim=shape.z_dim,
        w_dim=shape.w_dim,
        channel_base=max(shape.channel_base, shape.resolution),
        channel_max=shape.channel_max,
        img_channels=shape.img_channels,
        conv_clamp=shape.conv_clamp,
    )


def lazy_adam(parameters: list[nn.Parameter], rate: float, interval: int) -> torch.optim.Adam:
    """Adam slowed to match the extra steps of a penalty every ``interval`` steps (StyleGAN2, appendix B); 0: none."""
    share = interval / (interval + 1) if interval else 1.0
    return torch.optim.Adam(parameters, lr=rate * share, betas=(0.0, 0.99**share), eps=1e-8)
