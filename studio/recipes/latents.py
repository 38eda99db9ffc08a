"""Points of a generator's latent space, and what moves them: directions and style mixing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from studio.base.fields import About
from studio.recipes.values import Real, Seed, Value


class LatentSeed(Value):
    """z drawn from a standard normal by ``torch.Generator().manual_seed(seed)`` on the CPU."""

    kind: Literal["seed"] = "seed"
    seed: Annotated[Seed, About("Seed", tip="Every seed is another picture, and always the same one.")] = 0


class LatentW(Value):
    """A w given directly: one vector for all layers, or one per layer (W+).

    ``values`` has shape (layers or 1, w_dim). Truncation is not applied to it again.
    """

    kind: Literal["w"] = "w"
    values: Annotated[tuple[tuple[Real, ...], ...], Field(min_length=1, max_length=64)]

    @model_validator(mode="after")
    def _rectangular(self) -> LatentW:
        if len({len(row) for row in self.values}) != 1 or not 1 <= len(self.values[0]) <= 8192:
            raise ValueError("the rows of w must all have the same length, 1 to 8192")
        return self


class LatentMix(Value):
    """Linear interpolation in w (in z, spherically, for networks without w): ``amount`` 0 is ``a``, 1 is ``b``."""

    kind: Literal["mix"] = "mix"
    a: Latent
    b: Latent
    amount: Annotated[Real, About("Amount")] = 0.5


Latent = Annotated[LatentSeed | LatentW | LatentMix, Field(discriminator="kind")]
LatentMix.model_rebuild()


class DirectionMove(Value):
    """A move along a direction of the model: ``amount`` in standard deviations of w along it."""

    index: Annotated[int, Field(ge=0, lt=512), About("Direction")]
    amount: Annotated[Real, About("Amount", unit="σ")]


class StyleMix(Value):
    """Style mixing: the layers named (0 is coarsest) take their w from ``latent``."""

    latent: Annotated[Latent, About("Latent")]
    layers: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=64)], ...], Field(min_length=1), About("Layers", tip="0 is the coarsest.")
    ]
