"""From a recipe's latent to the generator's input, and the directions one can move along.

Networks with w (StyleGAN2, StyleGAN3) work on ws of shape (n, num_ws, w_dim); networks without (DCGAN) on z of shape
(n, z_dim). Both are called *codes* here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.fast.extrapolation import Stage
from studio.networks.fast.stylegan2 import FastSynthesis
from studio.networks.fast.stylegan3 import FastStyleGAN3, supports
from studio.networks.pixels import to_pixels
from studio.recipes import DirectionMove, Latent, LatentMix, LatentSeed, LatentW, SampleRecipe
from studio.recipes.latents import Basis
from studio.synthesis.directions import (
    GeneratorNet,
    Layers,
    eigenvectors,
    first_layer_directions,
    learned_direction,
    style_directions,
    w_covariance,
)


def draw_z(seed: int, z_dim: int) -> Tensor:
    """z of a seed, (1, z_dim): always drawn on the CPU, so that it is the same on every device."""
    return torch.randn(1, z_dim, generator=torch.Generator().manual_seed(seed))


def slerp(a: Tensor, b: Tensor, amount: float) -> Tensor:
    """Spherical interpolation between rows (White 2016), lengths interpolated linearly; the natural path for z."""
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1).clamp(-1, 1)
    angle = torch.acos(cosine)[..., None]
    if bool((angle.sin().abs() < 1e-4).any()):
        return torch.lerp(a, b, amount)
    mixed = torch.sin((1 - amount) * angle) * torch.nn.functional.normalize(a, dim=-1)
    mixed = mixed + torch.sin(amount * angle) * torch.nn.functional.normalize(b, dim=-1)
    length = torch.lerp(a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True), amount)
    return mixed / angle.sin() * length


@dataclass(frozen=True)
class Growing:
    """A picture on its way, see :class:`studio.networks.fast.extrapolation.Stage`."""

    stage: Stage

    @property
    def resolution(self) -> int:
        """Side in pixels of the finest layers that are drawn."""
        return self.stage.resolution

    @property
    def final(self) -> bool:
        """True when this is the picture itself."""
        return self.stage.final

    @property
    def worthwhile(self) -> bool:
        """True unless the picture before is as good a guess as this."""
        return self.stage.worthwhile

    def picture(self) -> Tensor:
        """uint8 (side, side, 3 or 4) at full size on the CPU: the picture, or a guess at it."""
        return to_pixels(self.stage.guess())


def noise_options(recipe: SampleRecipe) -> dict[str, Any]:
    """The recipe's noise as a synthesis network takes it, the same at every call."""
    drawn = torch.Generator().manual_seed(recipe.noise_seed) if recipe.noise == "random" else None
    return {"noise_mode": recipe.noise, "noise_gain": recipe.noise_strength, "generator": drawn}


class LatentSpace:
    """The latent space of one generator: codes of latents and principal directions (computed once)."""

    def __init__(self, generator: GeneratorNet) -> None:
        self.generator = generator
        self.device = next(generator.parameters()).device
        self._directions: dict[tuple[Basis, Layers], tuple[Tensor, Tensor]] = {}
        self._covariance: Tensor | None = None
        self._fast: FastSynthesis | None = None
        self._fast3: FastStyleGAN3 | None = None

    @torch.no_grad()
    def code(self, latent: Latent, recipe: SampleRecipe) -> Tensor:
        """The code of ``latent`` under the recipe's truncation and label: (1, num_ws, w_dim) or (1, z_dim).

        Raises
        ------
        StudioError
            When a w given directly does not fit the network, or the label is missing or too large.
        """
        net = self.generator
        if isinstance(latent, LatentMix):
            a, b = self.code(latent.a, recipe), self.code(latent.b, recipe)
            if isinstance(net, dcgan.Generator):
                return slerp(a, b, latent.amount)
            return torch.lerp(a, b, latent.amount)
        if isinstance(latent, LatentSeed):
            return self.code_of_z(draw_z(latent.seed, net.config.z_dim), recipe)
        return self._given(latent)

    @torch.no_grad()
    def code_of_z(self, z: Tensor, recipe: SampleRecipe) -> Tensor:
        """The codes of ``z`` (n, z_dim) under the recipe's truncation and label: (n, num_ws, w_dim) or (n, z_dim).

        Raises
        ------
        StudioError
            When the label is missing or too large.
        """
        net, z = self.generator, z.to(self.device)
        if isinstance(net, dcgan.Generator):
            return z
        label = self._label(recipe)
        w = net.mapping(z, None if label is None else label.expand(len(z), -1))
        return net.w_to_ws(w, recipe.truncation, recipe.truncation_cutoff)

    def _given(self, latent: LatentW) -> Tensor:
        net = self.generator
        values = torch.tensor(latent.values, device=self.device)
        layers, width = self._shape()
        if values.shape[1] != width or values.shape[0] not in (1, layers):
            raise StudioError(
                Message(
                    "The latent has {rows} x {columns} numbers, this network takes {layers} x {width}.",
                    rows=values.shape[0],
                    columns=values.shape[1],
                    layers=layers,
                    width=width,
                ),
                "It belongs to another model: choose that model, or draw a new seed.",
            )
        return values if isinstance(net, dcgan.Generator) else values.expand(layers, width)[None]

    def _shape(self) -> tuple[int, int]:
        """Layers and numbers a layer of a code."""
        net = self.generator
        return (1, net.config.z_dim) if isinstance(net, dcgan.Generator) else (net.config.num_ws, net.config.w_dim)

    def _label(self, recipe: SampleRecipe) -> Tensor | None:
        labels = getattr(self.generator.config, "labels", 0)
        if not labels:
            return None
        label = recipe.label or 0
        if label >= labels:
            raise StudioError(
                Message("This network has {labels} classes; there is no class {label}.", labels=labels, label=label),
                Message("Choose 0 to {most}.", most=labels - 1),
            )
        return torch.nn.functional.one_hot(torch.tensor([label], device=self.device), labels).float()

    @torch.no_grad()
    def recipe_code(self, recipe: SampleRecipe) -> Tensor:
        """The code of a recipe with its style mixing and direction moves.

        Moves come after truncation, so that a slider changes the picture by the same amount at every psi.
        """
        code = self.code(recipe.latent, recipe)
        if not isinstance(self.generator, dcgan.Generator):
            layers = code.shape[1]
            code = code.clone()
            for mix in recipe.style_mix:
                chosen = [layer for layer in mix.layers if layer < layers]
                code[:, chosen] = self.code(mix.latent, recipe)[:, chosen]
        for move in recipe.directions:
            step = self._step(move)
            if step is None:
                continue
            if move.layers is None or isinstance(self.generator, dcgan.Generator):
                code = code + step
            else:
                first, last = move.layers
                code = code.clone()
                code[:, first : last + 1] += step
        return code

    def _step(self, move: DirectionMove) -> Tensor | None:
        """The step of a move in the code of each of its layers, (dim,); None for a direction that the network lacks."""
        if move.vector is not None:
            width = self._shape()[1]
            if len(move.vector) != width:
                raise StudioError(
                    Message(
                        "The direction has {given} numbers, this network takes {wanted}.",
                        given=len(move.vector),
                        wanted=width,
                    ),
                    "It belongs to another model: choose that model, or remove the direction.",
                )
            return torch.tensor(move.vector, device=self.device) * move.amount
        vectors, deviations = self.directions(move.basis, move.layers)
        if move.index >= len(vectors):
            return None
        return vectors[move.index] * (deviations[move.index] * move.amount)

    @torch.no_grad()
    def directions(self, basis: Basis = "principal", layers: Layers = None) -> tuple[Tensor, Tensor]:
        """Directions of a basis: unit vectors (k, dim) and the standard deviations (k,) of w along them, k <= 16.

        See :mod:`studio.synthesis.directions`. The principal directions are the same for all layers, and a network
        without w has one basis for both. Found once for each basis and range of layers.

        Parameters
        ----------
        layers : those whose styles the basis "style" is made of; beyond the network's layers there are no directions.
        """
        net = self.generator
        if isinstance(net, dcgan.Generator):
            key: tuple[Basis, Layers] = ("style", None)
        elif basis == "principal" or layers is None:
            key = (basis, None)
        else:
            key = (basis, (layers[0], min(layers[1], net.config.num_ws - 1)))
        if key not in self._directions:
            self._directions[key] = self._find_directions(*key)
        return self._directions[key]

    def deviations(self, basis: Basis = "principal", layers: Layers = None) -> list[float]:
        """Standard deviation of the codes along each of :meth:`directions`, in their order."""
        return [float(value) for value in self.directions(basis, layers)[1]]

    @torch.no_grad()
    def learned(self, more: Sequence[SampleRecipe], less: Sequence[SampleRecipe] = ()) -> tuple[float, ...]:
        """A direction towards samples that are liked, away from those that are not, for a move of the basis "own".

        One unit of it is a standard deviation of codes along it. Without ``less`` it leads away from the average.

        Raises
        ------
        StudioError
            When nothing is liked, or both choices are alike.
        """
        if not more:
            raise StudioError("Nothing was chosen to go towards.", "Choose samples that you want more of.")
        net = self.generator
        plain = isinstance(net, dcgan.Generator)

        def codes(recipes: Sequence[SampleRecipe]) -> Tensor:
            found = torch.cat([self.recipe_code(recipe) for recipe in recipes]).cpu()
            return found if plain else found.mean(dim=1)

        towards, away = codes(more), codes(less) if less else None
        if away is None and not isinstance(net, dcgan.Generator):
            towards = towards - net.mapping.w_avg.cpu()
        try:
            found = learned_direction(towards, away, None if plain else self.covariance())
        except ValueError as error:
            raise StudioError(
                "Both choices are alike: there is no way from one to the other.", "Choose other samples."
            ) from error
        return tuple(float(value) for value in found)

    def covariance(self) -> Tensor:
        """Covariance of w, float64 (w_dim, w_dim) on the CPU; found once."""
        if self._covariance is None:
            assert not isinstance(self.generator, dcgan.Generator)
            self._covariance = w_covariance(self.generator)
        return self._covariance

    def _find_directions(self, basis: Basis, layers: Layers) -> tuple[Tensor, Tensor]:
        net = self.generator
        if isinstance(net, dcgan.Generator):
            vectors = first_layer_directions(net)
            deviations = torch.ones(len(vectors), dtype=torch.double)
        elif layers is not None and layers[0] >= net.config.num_ws:
            vectors, deviations = torch.zeros(0, net.config.w_dim), torch.zeros(0)
        else:
            if basis == "principal":
                vectors, variances = eigenvectors(self.covariance())
            else:
                vectors = style_directions(net, layers)
                variances = ((vectors @ self.covariance()) * vectors).sum(dim=1)
            deviations = variances.clamp(min=0).sqrt()
        return vectors.float().to(self.device), deviations.float().to(self.device)

    def fast(self) -> FastSynthesis | None:
        """The CPU's quick form of a StyleGAN2 network with skip outputs, made on first use; None for others."""
        net = self.generator
        if self.device.type != "cpu" or not isinstance(net, stylegan2.Generator) or net.config.architecture != "skip":
            return None
        if self._fast is None:
            self._fast = FastSynthesis(net.synthesis)
        return self._fast

    def _quick(self) -> FastStyleGAN3 | None:
        """The CPU's quick form of a StyleGAN3 network with the published filters; None for others."""
        net = self.generator
        if self.device.type != "cpu" or not isinstance(net, stylegan3.Generator) or not supports(net.synthesis):
            return None
        if self._fast3 is None:
            self._fast3 = FastStyleGAN3(net.synthesis)
        return self._fast3

    @property
    def nbytes(self) -> int:
        """Memory held by the network and what was prepared from it."""
        weights = sum(tensor.nbytes for tensor in self.generator.state_dict().values())
        return weights + sum(form.nbytes for form in (self._fast, self._fast3) if form is not None)

    @torch.no_grad()
    def picture(self, code: Tensor, recipe: SampleRecipe) -> Tensor:
        """The picture of a code under the recipe's noise: uint8 (resolution, resolution, 3 or 4) on the CPU."""
        *_, last = self.stages(code, recipe)
        return last.picture()

    @torch.no_grad()
    def glimpse(self, code: Tensor, recipe: SampleRecipe) -> Tensor:
        """As :meth:`picture`, where layers finer than 256 px may be guessed: to compare pictures, not to keep them."""
        return next(stage for stage in self.stages(code, recipe) if stage.final or stage.resolution >= 256).picture()

    @torch.no_grad()
    def stages(self, code: Tensor, recipe: SampleRecipe) -> Iterator[Growing]:
        """The picture of a code as it grows, the last stage being the picture.

        On the CPU a StyleGAN2 network has something to show after every block that had to be computed; elsewhere the
        finished picture is all there is.
        """
        net = self.generator
        if isinstance(net, dcgan.Generator):
            yield self._finished(net(code))
            return
        options = noise_options(recipe)
        quick = self._quick()
        fast = self.fast()
        if quick is not None:
            yield self._finished(quick(code))
        elif fast is None:
            yield self._finished(net.synthesis(code, **options))
        else:
            yield from map(Growing, fast.stages(code, **options))

    @staticmethod
    def _finished(images: Tensor) -> Growing:
        image = images[0].permute(1, 2, 0)
        return Growing(Stage(image.shape[0], True, lambda: image))

    @torch.no_grad()
    def path(self, codes: list[Tensor], position: float, *, loop: bool) -> Tensor:
        """The code at ``position`` (0 at the first key, 1 at the second, ...) of a smooth path through ``codes``.

        With w a Catmull-Rom spline, which passes every key without a corner; in z the spherical path.
        """
        count = len(codes)
        index = math.floor(position)
        amount = position - index

        def key(i: int) -> Tensor:
            return codes[i % count] if loop else codes[min(max(i, 0), count - 1)]

        if amount == 0:
            return key(index)
        if isinstance(self.generator, dcgan.Generator):
            return slerp(key(index), key(index + 1), amount)
        before, a, b, after = (key(index + k) for k in (-1, 0, 1, 2))
        return 0.5 * (
            2 * a
            + (b - before) * amount
            + (2 * before - 5 * a + 4 * b - after) * amount**2
            + (3 * a - before - 3 * b + after) * amount**3
        )
