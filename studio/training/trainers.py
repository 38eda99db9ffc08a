"""One training step for each architecture: networks, optimisers and what a checkpoint must hold."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from studio.base import StudioError
from studio.checkpoints.info import read_card
from studio.checkpoints.store import Config, config_of, load_model
from studio.networks import dcgan, stylegan2
from studio.training.augment import augment
from studio.training.losses import discriminator_logistic, generator_nonsaturating, pyramid_l1, r1_penalty
from studio.training.settings import TrainSettings

# The anchors see each picture once an epoch only, so they move in larger steps than weights.
ANCHOR_RATE = 0.02


class Trainer(Protocol):
    """What the loop needs of an architecture."""

    settings: TrainSettings

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """Train on one batch ``real`` (n, 3, r, r) in -1..1, the pictures ``indices`` of the set; returns the losses.

        Step ``number`` counts from 0; ``images`` have been shown before it.
        """
        ...

    def sample(self, z: Tensor) -> Tensor:
        """Pictures of the network to be exported, (n, 3, r, r)."""
        ...

    def exported(self) -> nn.Module:
        """The generator that becomes the model."""
        ...

    def config(self) -> Mapping[str, int | float | str | bool]:
        """Its shape, for the model card."""
        ...

    @property
    def z_dim(self) -> int:
        """Numbers in a latent z."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything that must come back for an exact resume (the random state is a function of the step)."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`."""
        ...


class _Parts:
    """Saves and restores a set of modules and optimisers by name."""

    def __init__(self, parts: dict[str, nn.Module | torch.optim.Optimizer]) -> None:
        self.parts = parts

    def state_dict(self) -> dict[str, Any]:
        return {name: part.state_dict() for name, part in self.parts.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, part in self.parts.items():
            part.load_state_dict(state[name])


def start_weights(settings: TrainSettings, config: Config) -> dict[str, Tensor] | None:
    """The weights to continue from, after checking that they fit.

    Raises
    ------
    StudioError
        When the starting model has another architecture or shape.
    """
    if settings.start_from is None:
        return None
    path = Path(settings.start_from)
    card = read_card(path)
    if config_of(card) != config:
        raise StudioError(
            f"The starting model “{card.name}” ({card.architecture}, {card.config.get('resolution')} px) "
            f"does not fit this run ({settings.architecture}, {settings.resolution} px).",
            "Choose a starting model of the same kind, resolution and width, or start from scratch.",
        )
    return load_model(path).state_dict()


class StyleGAN2Trainer:
    """Non-saturating logistic loss with lazy R1 (Karras et al. 2020, sec. 3 and B), DiffAugment, averaged generator."""

    def __init__(self, settings: TrainSettings, device: torch.device, pictures: int) -> None:
        self.settings = settings
        self.device = device
        self.shape = stylegan2.StyleGAN2Config(
            resolution=settings.resolution,
            z_dim=settings.latent_size,
            w_dim=settings.latent_size,
            channel_base=settings.channel_base,
            channel_max=settings.channel_max,
        )
        if settings.start_from is not None:
            # The starting model decides the width, else the artist would have to know it.
            card = read_card(Path(settings.start_from))
            shape = config_of(card)
            if isinstance(shape, stylegan2.StyleGAN2Config) and shape.resolution == settings.resolution:
                self.shape = shape
        weights = start_weights(settings, self.shape)
        torch.manual_seed(settings.seed)
        self.generator = stylegan2.Generator(self.shape)
        self.discriminator = stylegan2.Discriminator(self.shape)
        if weights is not None:
            self.generator.load_state_dict(weights)
        for net in (self.generator, self.discriminator):
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        rate = settings.rate
        # Lazy regularisation: the optimiser of the discriminator is slowed to match (Karras et al. 2020, appendix B).
        share = settings.r1_interval / (settings.r1_interval + 1)
        self.optim_g = torch.optim.Adam(self.generator.parameters(), lr=rate, betas=(0.0, 0.99), eps=1e-8)
        self.optim_d = torch.optim.Adam(
            self.discriminator.parameters(), lr=rate * share, betas=(0.0, 0.99**share), eps=1e-8
        )
        parts: dict[str, nn.Module | torch.optim.Optimizer] = {
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
        self._parts = _Parts(parts)
        self.state_dict = self._parts.state_dict
        self.load_state_dict = self._parts.load_state_dict

    def _fake(self, n: int) -> Tensor:
        w = self.generator.mapping(torch.randn(n, self.shape.z_dim).to(self.device))
        self.generator.mapping.track(w)
        ws = self.generator.w_to_ws(w)
        if torch.rand(()).item() < self.settings.style_mixing:
            cut = int(torch.randint(1, self.shape.num_ws, ()).item())
            other = self.generator.mapping(torch.randn(n, self.shape.z_dim).to(self.device))
            ws = torch.cat([ws[:, :cut], self.generator.w_to_ws(other)[:, cut:]], dim=1)
        return self.generator.synthesis(ws)

    def _reconstruct(self, anchors: nn.Embedding, real: Tensor, indices: Sequence[int]) -> float:
        """Add the gradient of the reconstruction loss to the generator's, move the anchors; returns the loss."""
        z = anchors(torch.tensor(indices, device=self.device))
        w = self.generator.mapping(z)
        self.generator.mapping.track(w)
        ws = self.generator.w_to_ws(w)
        loss = pyramid_l1(self.generator.synthesis(ws, noise_mode="none"), real)
        self.optim_anchors.zero_grad(set_to_none=True)
        (loss * self.settings.anchor).backward()
        self.optim_anchors.step()
        return loss.item()

    def _judge(self, pictures: Tensor) -> Tensor:
        return self.discriminator(augment(pictures, self.settings.augment, self.settings.augment_share))

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """See :class:`Trainer`."""
        n = real.shape[0]
        if self.anchors is not None and images < self.settings.anchor_first:
            self.optim_g.zero_grad(set_to_none=True)
            loss = self._reconstruct(self.anchors, real, indices)
            self.optim_g.step()
            self._average(n, images)
            return {"anchor": loss}
        self.discriminator.requires_grad_(False)
        fake = self._fake(n)
        loss_g = generator_nonsaturating(self._judge(fake))
        self.optim_g.zero_grad(set_to_none=True)
        loss_g.backward()
        losses = {"loss_g": loss_g.item()}
        if self.anchors is not None:
            losses["anchor"] = self._reconstruct(self.anchors, real, indices)
        self.optim_g.step()

        self.discriminator.requires_grad_(True)
        # The pictures just made serve the discriminator too: one pass of the generator a step instead of two.
        logits = self._judge(torch.cat([real, fake.detach()]))
        loss_d = discriminator_logistic(logits[:n], logits[n:])
        self.optim_d.zero_grad(set_to_none=True)
        loss_d.backward()
        self.optim_d.step()
        losses["loss_d"] = loss_d.item()

        if self.settings.r1_gamma and number % self.settings.r1_interval == 0:
            pictures = real.detach().requires_grad_(True)
            penalty = r1_penalty(self._judge(pictures), pictures)
            self.optim_d.zero_grad(set_to_none=True)
            (penalty * (self.settings.r1_gamma / 2 * self.settings.r1_interval)).backward()
            self.optim_d.step()
            losses["r1"] = penalty.item()

        self._average(n, images)
        return losses

    @torch.no_grad()
    def _average(self, n: int, images: int) -> None:
        """Move the averaged generator towards the present one."""
        # Ramp-up: at the start the average follows closely, or it would long show noise.
        half_life: float = self.settings.ema_images
        if self.settings.start_from is None:
            half_life = min(half_life, max(1.0, images * 0.05))
        beta = 0.5 ** (n / half_life)
        for mean, now in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            mean.lerp_(now, 1 - beta)
        for mean_buffer, now_buffer in zip(self.average.buffers(), self.generator.buffers(), strict=True):
            mean_buffer.copy_(now_buffer)

    @torch.no_grad()
    def sample(self, z: Tensor) -> Tensor:
        """See :class:`Trainer`."""
        return self.average(z.to(self.device), noise_mode="const")

    def exported(self) -> nn.Module:
        """See :class:`Trainer`."""
        return self.average

    def config(self) -> Mapping[str, int | float | str | bool]:
        """See :class:`Trainer`."""
        return self.shape.to_dict()

    @property
    def z_dim(self) -> int:
        """See :class:`Trainer`."""
        return self.shape.z_dim


class DCGANTrainer:
    """Binary cross-entropy, Adam 2e-4 with betas 0.5 and 0.999 (Radford et al. 2016)."""

    def __init__(self, settings: TrainSettings, device: torch.device) -> None:
        self.settings = settings
        self.device = device
        self.shape = dcgan.DCGANConfig(resolution=settings.resolution)
        weights = start_weights(settings, self.shape)
        torch.manual_seed(settings.seed)
        self.generator = dcgan.Generator(self.shape)
        self.discriminator = dcgan.Discriminator(self.shape)
        if weights is not None:
            self.generator.load_state_dict(weights)
        for net in (self.generator, self.discriminator):
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optim_g = torch.optim.Adam(self.generator.parameters(), lr=settings.rate, betas=(0.5, 0.999))
        self.optim_d = torch.optim.Adam(self.discriminator.parameters(), lr=settings.rate, betas=(0.5, 0.999))
        self._parts = _Parts(
            {
                "generator": self.generator,
                "discriminator": self.discriminator,
                "optim_g": self.optim_g,
                "optim_d": self.optim_d,
            }
        )
        self.state_dict = self._parts.state_dict
        self.load_state_dict = self._parts.load_state_dict

    def _judge(self, pictures: Tensor) -> Tensor:
        return self.discriminator(augment(pictures, self.settings.augment, self.settings.augment_share))

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """See :class:`Trainer`."""
        self.generator.train()
        fake = self.generator(torch.randn(real.shape[0], self.shape.z_dim).to(self.device))
        # Real and generated pictures go through separately: batch norm must not mix their statistics.
        self.optim_d.zero_grad(set_to_none=True)
        loss_d = discriminator_logistic(self._judge(real), self._judge(fake.detach()))
        loss_d.backward()
        self.optim_d.step()
        self.optim_g.zero_grad(set_to_none=True)
        loss_g = generator_nonsaturating(self._judge(fake))
        loss_g.backward()
        self.optim_g.step()
        return {"loss_g": loss_g.item(), "loss_d": loss_d.item()}

    @torch.no_grad()
    def sample(self, z: Tensor) -> Tensor:
        """See :class:`Trainer`."""
        return self.generator.eval()(z.to(self.device))

    def exported(self) -> nn.Module:
        """See :class:`Trainer`."""
        return self.generator

    def config(self) -> Mapping[str, int | float | str | bool]:
        """See :class:`Trainer`."""
        return self.shape.to_dict()

    @property
    def z_dim(self) -> int:
        """See :class:`Trainer`."""
        return self.shape.z_dim


def build_trainer(settings: TrainSettings, device: torch.device, pictures: int) -> Trainer:
    """The trainer of the settings' architecture, for a set of ``pictures``."""
    if settings.architecture == "dcgan":
        return DCGANTrainer(settings, device)
    return StyleGAN2Trainer(settings, device, pictures)
