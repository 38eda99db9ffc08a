"""Projection: the latent with which a network draws a given picture as nearly as it can.

In stages, each of which begins with what the one before has reached:

1. *search*: the nearest of pictures of some seeds and of the average;
2. *w*: one w for all layers (Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN", section 5,
   arXiv:1912.04958), z for a network without w;
3. *w+*: a w of its own for every layer (Abdal, Qin and Wonka 2019, "Image2StyleGAN", arXiv:1904.03189);
4. *tuned*: the w stays, and a copy of the network learns to draw the picture there (Roich et al. 2021, "Pivotal tuning
   for latent-based editing of real images", arXiv:2106.05744).

What is minimised is the distance of features of a VGG, as Zhang et al. 2018 ("The unreasonable effectiveness of deep
features as a perceptual metric", arXiv:1801.03924) normalise them, with the squared error of the pixels beside it. A w
is written in standard deviations along the principal axes of w: steps are as long in every direction as the network's
own pictures differ there, which needs a fraction of the steps that raw numbers need.

Where only a part of the picture is known, only that part counts, and w keeps near the middle of what the network draws:
the rest follows from what it has learnt.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.base import StudioError
from studio.networks import dcgan
from studio.networks.cpu.training_conv import pictures_only
from studio.recipes import LatentSeed, SampleRecipe
from studio.synthesis.directions import GeneratorNet
from studio.synthesis.latents import LatentSpace, draw_z, noise_options
from studio.synthesis.principal_axes import PrincipalAxes

if TYPE_CHECKING:
    from studio.networks.vgg import VGGFeatures

Stage = Literal["search", "w", "w+", "tuned"]

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
"""Those whose features are compared, the same for every VGG."""
MEASURED_SIDE = 256
"""Side of the pictures whose distance is told; networks of smaller pictures are compared at their size."""
_GUIDING_SIDE = 128  # of those that the descent looks at: a quarter of the time, and the same way down
_PIXEL_WEIGHT = 2.0
_PARTLY_KNOWN_PIXEL_WEIGHT = 4.0
_PRIOR_WEIGHT = 0.01  # of the squares of w in standard deviations, where a part of the picture is not known
_RATES: dict[Stage, float] = {"w": 0.15, "w+": 0.3, "tuned": 0.002}
_PARTLY_KNOWN_RATE = 0.06  # of w+, where a part of the picture is not known: it shall follow, not be made to fit
_ASTRAY = 1.05
"""Loss, as a share of the least so far, at which steps of tuning are too long."""
_CAREFUL = 0.1
"""Most that a step of tuning may change the loss by its slope, as a share of it, each layer as much as any other.
Networks that were made in part, not trained, have layers that a usual step, a million times too long, upsets."""
_OTHERS_EVERY = 3
_OTHERS_WEIGHT = 4.0
_SHARES: dict[tuple[Stage, ...], tuple[float, ...]] = {
    ("search", "w"): (0.15, 0.85),
    ("search", "w", "w+"): (0.15, 0.05, 0.8),
    ("search", "w", "w+", "tuned"): (0.07, 0.18, 0.35, 0.4),
}
_PARTLY_KNOWN_SHARES = (0.1, 0.3, 0.6)  # of search, w and w+


@dataclass(frozen=True)
class Likeness:
    """Nearness of two pictures.

    Attributes
    ----------
    psnr : peak signal-to-noise ratio in dB; above 30 few people see a difference.
    distance : of the features of a VGG, 0 for equal pictures and about 1 for unlike ones.
    """

    psnr: float
    distance: float


@dataclass(frozen=True)
class ProjectionStep:
    """The state of a projection after a step.

    Attributes
    ----------
    stage, step : the stage, and the changes so far.
    share : of the time or the steps that are allowed.
    code : the nearest so far, ws (1, num_ws, w_dim) or z (1, z_dim).
    picture : what it draws, (1, channels, h, w) in about -1..1.
    loss : what is minimised.
    psnr : of the picture, in dB.
    generator : the network that draws it: a copy from the last stage on.
    """

    stage: Stage
    step: int
    share: float
    code: Tensor
    picture: Tensor
    loss: float
    psnr: float
    generator: GeneratorNet


@dataclass(frozen=True)
class Budget:
    """The budget of a projection: seconds, steps or both; whichever ends first.

    Attributes
    ----------
    clock : tells the time in seconds.
    """

    seconds: float | None = 60.0
    steps: int | None = None
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def shares(self, part: float) -> Iterator[float]:
        """The share of ``part`` of it that is used, before every step, until it is used up."""
        began, step = self.clock(), 0
        while True:
            used = 0.0
            if self.seconds is not None:
                used = (self.clock() - began) / max(self.seconds * part, 1e-9)
            if self.steps is not None:
                used = max(used, step / max(self.steps * part, 1e-9))
            if used >= 1:
                return
            yield used
            step += 1


class Target:
    """The picture that shall be drawn, and the distance of others from it."""

    def __init__(self, picture: Tensor, vgg: VGGFeatures, side: int, known: Tensor | None = None) -> None:
        """
        Parameters
        ----------
        picture : (1, 3, h, h) in 0..1.
        side : of the pictures whose features are compared; larger ones are averaged down.
        known : (1, 1, h, h), 1 where the picture is known and 0 where nothing is, and between them where it counts
            less; None: it is known everywhere. What is not known must be filled with something that fits by and large.
        """
        self.picture, self._vgg, self._side, self.known = picture, vgg, side, known
        self._features = self._seen(picture)

    def _seen(self, picture: Tensor) -> list[Tensor]:
        if self.known is not None:
            # The same filling in both: then all that differs, and all that is learnt from, is known.
            picture = picture * self.known + self.picture * (1 - self.known)
        if picture.shape[-1] > self._side:
            picture = F.interpolate(picture, (self._side, self._side), mode="area")
        found = self._vgg(picture, LAYERS)
        return [F.normalize(found[layer], dim=1) for layer in LAYERS]

    def distance(self, picture: Tensor) -> Tensor:
        """The mean distance of features over places and layers, a scalar; ``picture`` as :func:`colors` gives it."""
        pairs = zip(self._seen(picture), self._features, strict=True)
        return torch.stack([(a - b).square().sum(dim=1).mean() for a, b in pairs]).mean()

    def error(self, picture: Tensor) -> Tensor:
        """The mean squared error of the pixels, a scalar; of a picture of another size at that size."""
        wanted, known = self.picture, self.known
        if wanted.shape[-1] != picture.shape[-1]:
            wanted = F.interpolate(wanted, picture.shape[-2:], mode="area")
        error = (picture - wanted).square()
        if known is None:
            return error.mean()
        return (error * known).sum() / (known.sum() * error.shape[1])

    def loss(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """The loss that is minimised, and the squared error in it."""
        error, distance = self.error(picture), self.distance(picture)
        if self.known is not None:
            return distance / self.known.mean() + _PARTLY_KNOWN_PIXEL_WEIGHT * error, error
        return distance + _PIXEL_WEIGHT * error, error


def colors(image: Tensor) -> Tensor:
    """Pictures of a network (n, 1 to 4 channels, h, w) as RGB in 0..1; transparent places on white."""
    levels = image / 2 + 0.5
    channels = levels.shape[1]
    shown = levels[:, :1].expand(-1, 3, -1, -1) if channels < 3 else levels[:, :3]
    if channels not in (2, 4):
        return shown
    alpha = levels[:, -1:].clamp(0, 1)
    return shown * alpha + (1 - alpha)


def likeness(picture: Tensor, target: Tensor, vgg: VGGFeatures) -> Likeness:
    """Likeness of ``picture`` to ``target``, both (1, 3, h, w) in 0..1."""
    with torch.no_grad():
        picture = picture.clamp(0, 1)
        measured = Target(target, vgg, MEASURED_SIDE)
        return Likeness(_psnr(float(measured.error(picture))), float(measured.distance(picture)))


def project(
    space: LatentSpace,
    target: Tensor,
    vgg: VGGFeatures,
    recipe: SampleRecipe,
    *,
    last: Stage = "w+",
    budget: Budget | None = None,
    known: Tensor | None = None,
    first_seed: int = 0,
) -> Iterator[ProjectionStep]:
    """The nearest so far to ``target`` after every step of a projection; the last is the result.

    Whoever stops early has the best until then. A network without w has no stage "w+". The same steps (not seconds)
    give the same result on the same device.

    Parameters
    ----------
    target : (1, 3, h, h) in 0..1, of the network's size.
    vgg : of any architecture, with the layers of ``LAYERS``.
    recipe : whose noise and class the picture has; its latent counts as one of those that are tried first.
    last : the stage that the projection ends with.
    known : (1, 1, h, h), 1 where the target is known, see :class:`Target`; None: everywhere.
    first_seed : of those that are tried first; another one may end at another picture.

    Raises
    ------
    StudioError
        When there is no room for a step in the budget.
    """
    budget = budget or Budget()
    stages = _stages(space.generator, last)
    state = _Descent(space, Target(target, vgg, _GUIDING_SIDE, known), recipe, first_seed)
    done = 0.0
    shares = _PARTLY_KNOWN_SHARES if known is not None and stages[-1] == "w+" else _SHARES[stages]
    for stage, part in zip(stages, shares, strict=True):
        for share in budget.shares(part):
            yield state.step(stage, share, done + part * share)
        done += part
    if state.best is None:
        raise StudioError("There was no time for a single picture.", "Allow a longer time.")


def _stages(net: GeneratorNet, last: Stage) -> tuple[Stage, ...]:
    every: tuple[Stage, ...] = ("search", "w", "w+", "tuned")
    stages = every[: every.index(last) + 1]
    if isinstance(net, dcgan.Generator):
        return stages[:2]
    return stages if len(stages) > 1 else every[:2]


class _Descent:
    """The state of one projection."""

    def __init__(self, space: LatentSpace, target: Target, recipe: SampleRecipe, first_seed: int = 0) -> None:
        self.space, self.target, self.recipe, self._first_seed = space, target, recipe, first_seed
        self.net: GeneratorNet = space.generator
        self.best: ProjectionStep | None = None
        self.count = 0
        self._stage: Stage = "search"
        self._axes = PrincipalAxes(space)
        self._free: list[Tensor] = []
        self._layers: list[list[Tensor]] = []
        self._optimizer: torch.optim.Optimizer | None = None
        self._nearest: GeneratorNet | None = None  # the tuned copy as it drew the nearest picture
        self._caution = 1.0  # factor of the rate

    def step(self, stage: Stage, share: float, whole: float) -> ProjectionStep:
        """One more picture tried, or one step down; gives the best so far."""
        if stage == "search":
            return self._compared(stage, self._tried(), None, whole)
        if stage != self._stage:
            self._begin(stage)
        elif self._optimizer is not None:
            partly = stage == "w+" and self.target.known is not None
            rate = (_PARTLY_KNOWN_RATE if partly else _RATES[stage]) * _rate(share) * self._caution
            for group in self._optimizer.param_groups:
                group["lr"] = min(rate, self._careful(group["params"])) if stage == "tuned" else rate
            self._optimizer.step()
        with torch.enable_grad():
            code = self._code()
            image = self._drawn(self.net, code)
            loss, error = self.target.loss(colors(image))
            step = self._compared(
                stage, code.detach(), (image.detach(), float(loss.detach()), float(error.detach())), whole
            )
            if stage == "tuned" and float(loss.detach()) > _ASTRAY * step.loss:
                self._go_back()
                return step
            if stage != "tuned" and self.target.known is not None:
                loss = loss + _PRIOR_WEIGHT * self._free[0].square().mean()
            if stage == "tuned" and self.count % _OTHERS_EVERY == 0:
                loss = loss + _OTHERS_WEIGHT * self._strayed()
            if stage == "tuned":
                gradients = torch.autograd.grad(loss, self._free, allow_unused=True)
            else:
                with pictures_only():
                    gradients = torch.autograd.grad(loss, self._free)
        for free, gradient in zip(self._free, gradients, strict=True):
            free.grad = gradient
        return step

    def _begin(self, stage: Stage) -> None:
        self._stage = stage
        if self.best is None:  # no time was left for the search
            self._compared("search", self._tried(), None, 0.0)
        assert self.best is not None
        code = self.best.code
        if stage == "tuned":
            self._pivot = code
            self._original = self.net
            self.net = copy.deepcopy(self.net)
            self._layers = _layers(self.net)
            self._free = [weights for layer in self._layers for weights in layer]
        elif stage == "w":
            self._free = [self._axes.inward(code if code.ndim == 2 else code.mean(dim=1, keepdim=True))]
        else:
            self._free = [self._axes.inward(code)]
        for free in self._free:
            free.requires_grad_(True)
        self._optimizer = _adam(self._layers if stage == "tuned" else [self._free], stage)

    def _keep_nearest(self) -> GeneratorNet:
        """A copy of the network that is tuned, as it is now."""
        if self._nearest is None:
            self._nearest = copy.deepcopy(self.net)
            self._nearest.requires_grad_(False)
        else:
            self._nearest.load_state_dict(self.net.state_dict())
        return self._nearest

    def _careful(self, layer: list[Tensor]) -> float:
        """The longest step of the weights of one layer."""
        slopes = [float(one.grad.abs().sum()) for one in layer if one.grad is not None]
        if not slopes or self.best is None:
            return 0.0
        return _CAREFUL * self._caution / len(self._layers) * self.best.loss / max(sum(slopes), 1e-12)

    def _go_back(self) -> None:
        """Tune from the nearest picture again, in steps half as long: these led away from it."""
        assert self._nearest is not None
        self.net.load_state_dict(self._nearest.state_dict())
        self._caution /= 2
        self._optimizer = _adam(self._layers, "tuned")
        self._optimizer.zero_grad()

    def _tried(self) -> Tensor:
        """The code of the next picture of the search: the recipe's, the average, then those of seeds."""
        net, recipe = self.space.generator, self.recipe
        if self.count == 0:
            return self.space.recipe_code(recipe)
        if self.count == 1 and not self._first_seed and not isinstance(net, dcgan.Generator):
            return net.w_to_ws(net.mapping.w_avg[None]).clone()
        latent = LatentSeed(seed=(self._first_seed + self.count) % 2**32)
        return self.space.code(latent, recipe.model_copy(update={"truncation": 1.0}))

    def _code(self) -> Tensor:
        if self._stage == "tuned":
            return self._pivot
        code = self._axes.outward(self._free[0])
        net = self.space.generator
        return code if isinstance(net, dcgan.Generator) else code.expand(-1, net.config.num_ws, -1)

    def _drawn(self, net: GeneratorNet, code: Tensor) -> Tensor:
        if isinstance(net, dcgan.Generator):
            return net(code)  # type: ignore[no-any-return]
        return net.synthesis(code, **noise_options(self.recipe))  # type: ignore[no-any-return]

    def _compared(
        self, stage: Stage, code: Tensor, drawn: tuple[Tensor, float, float] | None, whole: float
    ) -> ProjectionStep:
        """The best so far, which ``code`` may have become."""
        if drawn is None:
            with torch.no_grad():
                pixels = self.space.picture(code, self.recipe).to(code.device)  # on a CPU the quick form
                image = pixels.permute(2, 0, 1)[None].float() / 127.5 - 1
                loss, error = self.target.loss(colors(image))
            drawn = image, float(loss), float(error)
        image, found, squared = drawn
        best = self.best
        if best is None or found <= best.loss or (stage == "tuned" and self._nearest is None):
            net = self._keep_nearest() if stage == "tuned" else self.net
            best = ProjectionStep(stage, self.count, whole, code.clone(), image, found, _psnr(squared), net)
            self.best = best
        self.count += 1
        return ProjectionStep(stage, self.count, whole, best.code, best.picture, best.loss, best.psnr, best.generator)

    def _strayed(self) -> Tensor:
        """Distance between what the tuned network draws near the pivot and what the original drew there (PTI, 3.3)."""
        drawn = draw_z(self.count, self.net.config.z_dim)
        with torch.no_grad():
            other = self.space.code_of_z(drawn, self.recipe)
            near = torch.lerp(self._pivot, other, 0.5)
            before = self._drawn(self._original, near)
        return (colors(self._drawn(self.net, near)) - colors(before)).square().mean()


def _layers(net: GeneratorNet) -> list[list[Tensor]]:
    """The weights that are tuned, those of a layer together.

    The strengths of noise stay: they can teach no picture, have hardly a slope, and upset fine layers.
    """
    found: dict[str, list[Tensor]] = {}
    for name, weights in net.synthesis.named_parameters():  # type: ignore[union-attr]
        layer, _, what = name.rpartition(".")
        if what != "noise_strength":
            found.setdefault(layer, []).append(weights)
    return list(found.values())


def _adam(layers: list[list[Tensor]], stage: Stage) -> torch.optim.Optimizer:
    """Adam with a rate for each layer."""
    return torch.optim.Adam([{"params": layer} for layer in layers], lr=_RATES[stage], betas=(0.9, 0.99))


def _rate(share: float) -> float:
    """The rate as a share of the highest: it rises over the first twentieth and falls as a cosine."""
    return min(1.0, (share + 0.01) / 0.05) * (0.5 + 0.5 * math.cos(math.pi * share))


def _psnr(error: float) -> float:
    return 99.0 if error <= 1e-10 else -10 * math.log10(error)
