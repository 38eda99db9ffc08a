"""Training a StyleGAN2 generator by drifting: no discriminator, a field in the feature space of a frozen network."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from studio.base import StudioError
from studio.networks import stylegan2
from studio.networks.efficientnet import EfficientNetLite0
from studio.training.collapse import CollapseDetector, pixel_statistics
from studio.training.drifting import RealFeatures, feature_spaces
from studio.training.gradient_accumulation import GradientAccumulation, MicroBatch, Precision
from studio.training.initialization import start_shape, start_weights
from studio.training.parallel import Processes
from studio.training.settings import TrainSettings
from studio.training.stylegan_trainer import average_into, fresh_shape
from studio.training.trainers import StateDicts, Trainer

GROUP = 1
"""Samples of a batch that must stay together: every process has a field of its own."""
REMEMBERED = 2
"""Batches of real pictures whose features the samples are compared with."""
MOST_KEPT = 4096
"""Of a folder with no more pictures than this, the features of all are kept: 45 kB a picture."""


class DriftingTrainer(Trainer):
    """Deng et al. 2026 (arXiv 2602.04770) with a StyleGAN2 generator; the averaged generator counts."""

    def __init__(
        self, settings: TrainSettings, processes: Processes, backbone: EfficientNetLite0, pictures: int
    ) -> None:
        """``backbone`` is what the ``pictures`` of the folder are looked at through."""
        self.settings = settings
        self.device = device = processes.device
        shape = start_shape(settings)
        self._precision = Precision(settings.precision, device)
        narrow = self._precision.kind == "fp16"
        shape = shape if shape is not None else fresh_shape(settings, narrow_range=narrow)
        if not isinstance(shape, stylegan2.StyleGAN2Config):
            raise ValueError("drifting needs a StyleGAN2 generator")
        self.shape: stylegan2.StyleGAN2Config = shape
        weights = start_weights(settings)
        torch.manual_seed(settings.seed)
        self.generator = stylegan2.Generator(shape)
        if weights is not None:
            self.generator.load_state_dict(weights)
        # The features hardly see grain: noise inputs would learn nothing.
        for layer in self.generator.modules():
            if isinstance(layer, stylegan2.ModulatedConv):
                layer.noise_strength.requires_grad_(False)
        self.generator.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.generator.parameters(), lr=settings.rate, betas=(0.0, 0.99), eps=1e-8)
        share = processes.share(settings.batch, math.gcd(settings.batch, GROUP))
        self._gradients = GradientAccumulation(processes, share, settings.seed)
        self._scaler = self._precision.scaler()
        # Held in a tuple, so that it is no part of any state.
        self._backbone = (backbone,)
        self.real_features = RealFeatures(REMEMBERED * share.size)
        # Mirrored ones would be looked at twice.
        self._kept: dict[int, list[Tensor]] | None = {} if pictures <= MOST_KEPT and not settings.mirror else None
        self._collapse = CollapseDetector()
        self._parts = StateDicts(
            {
                "generator": self.generator,
                "average": self.average,
                "optimiser": self.optimiser,
                "real": self.real_features,
                "scaler": self._scaler,
                "watch": self._collapse,
            },
            {},
        )

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """See :class:`Trainer`."""
        self.real_features.note(self._features_of(real, indices))

        def losses(samples: MicroBatch) -> Iterator[Tensor]:
            with self._precision.exactly():
                w = self.generator.mapping(samples.random.normal(self.shape.z_dim).to(self.device))
            samples.note("w", w.mean(dim=0))
            with self._precision.autocast():
                ws = self.generator.w_to_ws(w)
                pictures = self.generator.synthesis(ws, noise_mode="none").float()
            spaces = self._look(pictures)
            samples.note("real", pixel_statistics(real))
            samples.note("fake", pixel_statistics(pictures))
            samples.note("loss_g", self.real_features.distance(spaces))
            yield self.real_features.loss(spaces)

        # Samples push each other: all of them must be seen at once.
        self._gradients.run(0, number, losses, (self.optimiser,), self._scaler, divisible=False)
        totals = self._gradients.totals()
        with torch.no_grad():
            self.generator.mapping.track(totals["w"].to(self.device)[None])
            average_into(self.average, self.generator, self.settings, images)
        self._collapse.note(totals["real"], totals["fake"], self.settings.batch)
        return {"loss_g": float(totals["loss_g"])}

    @torch.no_grad()
    def _features_of(self, real: Tensor, indices: Sequence[int]) -> list[Tensor]:
        """The feature spaces of pictures, looked at once where all are kept.

        One at a time then: in batches of another make-up, as after a resumption, they would differ in the last bit.
        """
        if self._kept is None:
            return self._look(real)
        for picture, index in zip(real, indices, strict=True):
            if index not in self._kept:
                self._kept[index] = self._look(picture[None])
        return [torch.cat(spaces, dim=1) for spaces in zip(*(self._kept[index] for index in indices), strict=True)]

    def _look(self, pictures: Tensor) -> list[Tensor]:
        with self._precision.autocast():
            return [space.float() for space in feature_spaces(self._backbone[0], pictures)]

    # ---- what the loop asks

    @torch.no_grad()
    def sample(self, z: Tensor) -> Tensor:
        """See :class:`Trainer`."""
        return self.average(z.to(self.device), noise_mode="const")

    def exported(self) -> nn.Module:
        """See :class:`Trainer`."""
        return self.average

    def warning(self) -> StudioError | None:
        """See :class:`Trainer`."""
        if not self._collapse.collapsed:
            return None
        return StudioError(
            "The samples have become alike: the generator has collapsed.",
            "Stop, and start again with a larger batch or a lower learning rate; the best snapshot is kept.",
        )
