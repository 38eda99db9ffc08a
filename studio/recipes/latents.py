"""Points of a generator's latent space, what moves them (directions, style mixing), and generators mixed of two."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from studio.base.fields import About
from studio.recipes.square import PhotoSquare
from studio.recipes.values import FileRef, FileRole, Real, Seed, Share, Value

_Layer = Annotated[int, Field(ge=0, lt=64)]


class LatentSeed(Value):
    """z drawn from a standard normal by ``torch.Generator().manual_seed(seed)`` on the CPU."""

    kind: Literal["seed"] = "seed"
    seed: Annotated[Seed, About("Seed", tip="Every seed is another picture, and always the same one.")] = 0


class LatentW(Value):
    """A w given directly: one vector for all layers, or one per layer (W+).

    ``values`` has shape (layers or 1, w_dim). Truncation is not applied to it again.

    Attributes
    ----------
    target : the photo that it was found for, if any. It does not change the picture; it brings back how that was cut.
    """

    keeps_text: ClassVar[bool] = True

    kind: Literal["w"] = "w"
    values: Annotated[tuple[tuple[Real, ...], ...], Field(min_length=1, max_length=64)]
    target: Annotated[PhotoSquare, About("Photo", since=5)] | None = None

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


Basis = Literal["principal", "style", "own"]


class DirectionMove(Value):
    """A move of the layers' w (of z, for networks without w) along a direction.

    Attributes
    ----------
    basis : "principal": principal components of w (Härkönen et al. 2020, "GANSpace"); "style": the directions that
        change the styles of ``layers`` most (Shen and Zhou 2021, "SeFa"); "own": ``vector``.
    index : which direction of the basis, the strongest first; without meaning for one's own.
    amount : in standard deviations of w along the direction; for one's own, the multiple of ``vector``.
    layers : first and last layer that are moved, 0 being the coarsest; None: all. Networks without w have no layers.
    vector : the direction of the basis "own", with as many numbers as w. It lies in the recipe, so that a picture is
        opened wherever its model is.
    """

    index: Annotated[int, Field(ge=0, lt=512), About("Direction")] = 0
    amount: Annotated[Real, About("Amount", unit="σ")]
    basis: Annotated[Basis, About("Basis", since=3)] = "principal"
    layers: Annotated[tuple[_Layer, _Layer], About("Layers", tip="0 is the coarsest.", since=3)] | None = None
    vector: Annotated[tuple[Real, ...], Field(min_length=1, max_length=8192), About("Vector", since=3)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> DirectionMove:
        if (self.vector is not None) != (self.basis == "own"):
            raise ValueError("a direction has a vector when, and only when, its basis is “own”")
        if self.layers is not None and self.layers[0] > self.layers[1]:
            raise ValueError("the first of the layers comes after the last")
        return self


class StyleMix(Value):
    """Style mixing: the layers named (0 is coarsest) take their w from ``latent``."""

    latent: Annotated[Latent, About("Latent")]
    layers: Annotated[tuple[_Layer, ...], Field(min_length=1), About("Layers", tip="0 is the coarsest.")]


class NetworkBlend(Value):
    """The weights of a second network of the same shape, mixed into those of the recipe's own.

    Attributes
    ----------
    model : the second network.
    amounts : its share in each layer, the coarsest first (:func:`studio.synthesis.network_blending.blend_layers`).
    mapping : its share in the mapping from z to w; 0 where the two mappings differ in size.
    own_styles : each layer has the w of the network that it is of, mixed as its weights are; there is no mixed mapping.
        One w has no meaning to layers of networks that were not trained from one another.
    """

    model: Annotated[FileRef, FileRole.MODEL, About("Second model", since=5)]
    amounts: Annotated[tuple[Share, ...], Field(min_length=1, max_length=64), About("Amounts", since=5)]
    mapping: Annotated[
        Share, About("Mapping", tip="How much the second model decides which picture a seed is.", since=5)
    ] = 0.0
    own_styles: Annotated[
        bool, About("Own styles", tip="Each layer follows the seed as the model does that it is of.", since=7)
    ] = False
