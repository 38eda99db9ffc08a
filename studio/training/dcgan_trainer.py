"""Training a DCGAN (Radford et al. 2016) as Goodfellow et al. 2014 describe it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from studio.networks import dcgan
from studio.training.augmentation import Augmenter
from studio.training.gradient_accumulation import GradientAccumulation, MicroBatch, Precision
from studio.training.initialization import start_shape, start_weights
from studio.training.losses import discriminator_loss, generator_loss
from studio.training.parallel import Processes, share_batch_norm
from studio.training.settings import TrainSettings
from studio.training.trainers import StateDicts, Trainer

GROUP = 2
"""Batch normalisation needs more than one picture in every process."""


class DCGANTrainer(Trainer):
    """Binary cross-entropy, Adam 2e-4 with betas 0.5 and 0.999 (Radford et al. 2016)."""

    def __init__(self, settings: TrainSettings, processes: Processes) -> None:
        self.settings = settings
        self.device = device = processes.device
        shape = start_shape(settings)
        self.shape: dcgan.DCGANConfig = (
            shape if isinstance(shape, dcgan.DCGANConfig) else dcgan.DCGANConfig(settings.resolution)
        )
        weights = start_weights(settings)
        torch.manual_seed(settings.seed)
        self.generator = dcgan.Generator(self.shape)
        self.discriminator = dcgan.Discriminator(self.shape)
        if weights is not None:
            self.generator.load_state_dict(weights)
        for net in (self.generator, self.discriminator):
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            if processes.size > 1:
                share_batch_norm(net)
        self.optim_g = torch.optim.Adam(self.generator.parameters(), lr=settings.rate, betas=(0.5, 0.999))
        self.optim_d = torch.optim.Adam(self.discriminator.parameters(), lr=settings.rate, betas=(0.5, 0.999))
        share = processes.share(settings.batch, math.gcd(settings.batch, GROUP))
        self._gradients = GradientAccumulation(processes, share, settings.seed)
        self._precision = Precision(settings.precision, device)
        self._scaler_g, self._scaler_d = self._precision.scaler(), self._precision.scaler()
        self._augmenter = Augmenter(settings)
        self._parts = StateDicts(
            {
                "generator": self.generator,
                "discriminator": self.discriminator,
                "optim_g": self.optim_g,
                "optim_d": self.optim_d,
            },
            {"scaler_g": self._scaler_g, "scaler_d": self._scaler_d, "augmenter": self._augmenter},
        )

    def _judge(self, pictures: Tensor, samples: MicroBatch) -> Tensor:
        with self._precision.autocast():
            return self.discriminator(self._augmenter(pictures, samples.random)).float()

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """See :class:`Trainer`."""
        loss = self.settings.adversarial
        self.generator.train()
        made: list[Tensor] = []

        def discriminator_losses(samples: MicroBatch) -> Iterator[Tensor]:
            with torch.no_grad(), self._precision.autocast():
                fake = self.generator(samples.random.normal(self.shape.z_dim).to(self.device)).float()
            # Real and generated pictures go through separately: batch norm must not mix their statistics.
            real_logits, fake_logits = self._judge(real, samples), self._judge(fake, samples)
            samples.note("signs", real_logits.sign().mean())
            found = discriminator_loss(loss, real_logits, fake_logits)
            samples.note("loss_d", found)
            yield found

        def generator_losses(samples: MicroBatch) -> Iterator[Tensor]:
            with self._precision.autocast():
                fake = self.generator(samples.random.normal(self.shape.z_dim).to(self.device))
            made.append(fake)
            fake_logits = self._judge(fake, samples)
            real_logits = None
            if loss == "relativistic":
                with torch.no_grad():
                    real_logits = self._judge(real, samples)
            found = generator_loss(loss, fake_logits, real_logits)
            samples.note("loss_g", found)
            yield found

        self._gradients.run(0, number, discriminator_losses, (self.optim_d,), self._scaler_d, divisible=False)
        self.discriminator.requires_grad_(False)
        try:
            self._gradients.run(1, number, generator_losses, (self.optim_g,), self._scaler_g, divisible=False)
        finally:
            self.discriminator.requires_grad_(True)
        totals = self._gradients.totals()
        losses = {name: float(totals[name]) for name in ("loss_g", "loss_d")}
        return losses | self._augmenter.note(float(totals["signs"]), self.settings.batch)

    @torch.no_grad()
    def sample(self, z: Tensor) -> Tensor:
        """See :class:`Trainer`."""
        return self.generator.eval()(z.to(self.device))

    def exported(self) -> nn.Module:
        """See :class:`Trainer`."""
        return self.generator
