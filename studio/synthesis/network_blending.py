"""Two networks of one shape as one: their weights mixed layer by layer.

Networks that were fine-tuned from one another share their features, so that weights between theirs draw what lies
between, and coarse layers of one with fine layers of the other draw the shapes of one in the manner of the other
(Pinkney and Adler 2020, "Resolution dependent GAN interpolation", arXiv:2010.05334). Networks that share nothing but
their shape can be mixed as well; what comes of it is a surprise. Their w mean different things: layers of theirs want
the w of the network that they are of, or colours and shapes leave all that either ever drew.

A layer here is a convolution with what belongs to it: the colours of a resolution go with its last convolution.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.checkpoints.store import Config
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.fast.stylegan2 import FastSynthesis
from studio.recipes import NetworkBlend, SampleRecipe
from studio.recipes.latents import Basis
from studio.synthesis.directions import Layers
from studio.synthesis.latents import LatentSpace

_MAPPING_FIELDS = ("z_dim", "mapping_layers", "labels")
"""What only the mapping depends on."""


@dataclass(frozen=True)
class BlendLayer:
    """A layer that can be taken from either network.

    Attributes
    ----------
    resolution : of its features, in pixels.
    prefixes : beginnings of the names of its weights.
    """

    resolution: int
    prefixes: tuple[str, ...]


def blend_layers(config: Config) -> tuple[BlendLayer, ...]:
    """The layers of a network, the coarsest first."""
    return tuple(_layers(config))


def _layers(config: Config) -> Iterator[BlendLayer]:
    if isinstance(config, stylegan2.StyleGAN2Config):
        for side in config.resolutions:
            block = f"synthesis.blocks.{side}."
            if side > 4:
                yield BlendLayer(side, (f"{block}conv0.", f"{block}shortcut."))
            yield BlendLayer(side, (f"{block}conv1.", f"{block}to_rgb.", *((f"{block}const",) if side == 4 else ())))
    elif isinstance(config, stylegan3.StyleGAN3Config):
        for index, band in enumerate(config.bands()):
            first = ("synthesis.input.",) if index == 0 else ()
            yield BlendLayer(min(band.rate, config.resolution), (*first, f"synthesis.layers.{index}."))
    else:
        # A convolution, the norm of its features, and the activation.
        for number in range(len(config.widths) + 1):
            yield BlendLayer(4 * 2**number, (f"layers.{3 * number}.", f"layers.{3 * number + 1}."))


def shape_difference(a: Config, b: Config) -> Message | None:
    """Message on why two networks cannot be mixed; None: they can, at least all but their mappings."""
    if type(a) is not type(b):
        return Message("It is another kind of network.")
    if a.resolution != b.resolution:
        return Message("It draws {there} px, this one {here} px.", there=b.resolution, here=a.resolution)
    if a.img_channels != b.img_channels:
        return Message("One of the two draws in grey.")
    if isinstance(a, stylegan2.StyleGAN2Config) and isinstance(b, stylegan2.StyleGAN2Config):
        if a.architecture != b.architecture:
            return Message("Its layers are connected in another way.")
        same = a.w_dim == b.w_dim and [*map(a.channels, a.resolutions)] == [*map(b.channels, b.resolutions)]
    else:
        ignored = () if isinstance(a, dcgan.DCGANConfig) else _MAPPING_FIELDS
        same = all(getattr(a, f.name) == getattr(b, f.name) for f in fields(a) if f.name not in ignored)
    return None if same else Message("Its layers are of another width.")


def mappings_compatible(a: Config, b: Config) -> bool:
    """Return whether the mappings of two networks that :func:`shape_difference` lets pass can be mixed, too."""
    if isinstance(a, dcgan.DCGANConfig):
        return True  # it has none
    return all(getattr(a, name) == getattr(b, name) for name in _MAPPING_FIELDS)


class BlendedSpace(LatentSpace):
    """The latent space of two networks as one. Directions are those of the first.

    Attributes
    ----------
    first, second : the spaces of the two.
    """

    def __init__(self, first: LatentSpace, second: LatentSpace) -> None:
        """
        Raises
        ------
        StudioError
            When the two are of different shapes.
        """
        a, b = first.generator, second.generator
        if (difference := shape_difference(a.config, b.config)) is not None:
            raise StudioError(
                Message("These two models cannot be one network: {reason}", reason=difference),
                "Choose a second model of the same shape.",
            )
        super().__init__(copy.deepcopy(a))
        self.first, self.second = first, second
        self.layers = blend_layers(a.config)
        held = (a.state_dict(), b.state_dict(), self.generator.state_dict())
        self._weights = [_triples(held, layer.prefixes) for layer in self.layers]
        self._amounts = [0.0] * len(self.layers)
        self._mapping_amount = 0.0
        self._own_styles = False
        self._mappings_compatible = mappings_compatible(a.config, b.config)
        self._mapping = _triples(held, ("mapping.",)) if self._mappings_compatible else []

    @torch.no_grad()
    def set(self, blend: NetworkBlend) -> None:
        """Take the weights that ``blend`` names; only layers whose amount is another than before are worked out.

        Raises
        ------
        StudioError
            When it names another number of layers, or mixes mappings that do not fit.
        """
        if len(blend.amounts) != len(self.layers):
            raise StudioError(
                Message(
                    "The blend has amounts for {given} layers, these networks have {layers}.",
                    given=len(blend.amounts),
                    layers=len(self.layers),
                ),
                "It belongs to another pair of models: choose the second model again.",
            )
        if not self._mappings_compatible and blend.mapping not in (0, 1):
            raise StudioError(
                "The mappings of these two models differ in size: they cannot be mixed.",
                "Take the mapping of one of the two.",
            )
        changed = [index for index, amount in enumerate(blend.amounts) if amount != self._amounts[index]]
        for index in changed:
            self._amounts[index] = blend.amounts[index]
            _mix(self._weights[index], blend.amounts[index])
        if changed:
            self._refresh(changed)
        self._own_styles = blend.own_styles and not isinstance(self.generator, dcgan.Generator)
        mapping = 0.0 if self._own_styles else blend.mapping
        if mapping != self._mapping_amount:
            self._mapping_amount = mapping
            if self._mappings_compatible:
                _mix(self._mapping, mapping)
            else:
                self._take_mapping(self.second if mapping else self.first)

    @torch.no_grad()
    def code_of_z(self, z: Tensor, recipe: SampleRecipe) -> Tensor:
        """As that of any space; with styles of their own, each layer has a mean of both networks' w by its amount.

        z of a network that takes more numbers are those of the other, over and over.
        """
        if not self._own_styles:
            return super().code_of_z(z, recipe)
        width = self.second.generator.config.z_dim
        others = z.repeat(1, -(-width // z.shape[1]))[:, :width]
        first, second = self.first.code_of_z(z, recipe), self.second.code_of_z(others, recipe)
        return torch.lerp(first, second, self._style_amounts(first.shape[1]).to(first)[None, :, None])

    def _style_amounts(self, layers: int) -> Tensor:
        """The second network's amount in each of the styles: of StyleGAN2 the last colours', of StyleGAN3 the input's
        are one more than there are layers."""
        first = isinstance(self.generator, stylegan3.Generator)
        amounts = [self._amounts[0], *self._amounts] if first else [*self._amounts, self._amounts[-1]]
        assert len(amounts) == layers
        return torch.tensor(amounts)

    def _take_mapping(self, of: LatentSpace) -> None:
        net, source = self.generator, of.generator
        assert not isinstance(net, dcgan.Generator)
        assert not isinstance(source, dcgan.Generator)
        net.mapping = source.mapping
        of_mapping = {name: getattr(source.config, name) for name in _MAPPING_FIELDS}
        net.config = replace(net.config, **of_mapping)  # type: ignore[assignment]

    def _refresh(self, changed: Sequence[int]) -> None:
        """Bring the processor's quick forms in line with the weights."""
        if self._fast is not None:
            self._blend_fast(self._fast, changed)
        if self._fast3 is not None:
            self._fast3.refresh(changed)

    def _blend_fast(self, fast: FastSynthesis, changed: Sequence[int]) -> None:
        a, b = self.first.fast(), self.second.fast()
        assert a is not None and b is not None
        fast.blend(a, b, {index: self._amounts[index] for index in changed})

    def fast(self) -> FastSynthesis | None:
        """As that of any space. Its weights are always mixed of prepared ones: pictures are the same at any time."""
        new = self._fast is None
        fast = super().fast()
        if new and fast is not None:
            self._blend_fast(fast, range(len(self.layers)))
        return fast

    def directions(self, basis: Basis = "principal", layers: Layers = None) -> tuple[Tensor, Tensor]:
        """Those of the first network: what a slider means stays while the weights move."""
        return self.first.directions(basis, layers)

    def covariance(self) -> Tensor:
        """Covariance of the first network's w."""
        return self.first.covariance()


def _triples(
    held: tuple[Mapping[str, Tensor], Mapping[str, Tensor], Mapping[str, Tensor]], prefixes: tuple[str, ...]
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """The numbers whose names begin so, of three networks."""
    names = (name for name, value in held[0].items() if name.startswith(prefixes) and value.is_floating_point())
    return [(held[0][name], held[1][name], held[2][name]) for name in names]


def _mix(weights: Sequence[tuple[Tensor, Tensor, Tensor]], amount: float) -> None:
    for a, b, mixed in weights:
        torch.lerp(a, b, amount, out=mixed)
