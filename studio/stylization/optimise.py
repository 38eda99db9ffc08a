"""Style transfer by optimising the picture itself (Gatys, Ecker and Bethge 2016), as it is done best today.

The picture is changed by gradient descent until its features in a perceptual network have the photo's content and the
styles' statistics. What is done here beyond the paper, and why:

* **Style loss.** Features of one layer are summarised by their mean and covariance, and compared by the 2-Wasserstein
  distance between the two Gaussians, instead of by the difference of Gram matrices. It is the cost of the cheapest way
  to move one cloud of features onto the other: strong and weak channels count alike, so palettes and fine strokes come
  out clean where Gram matrices leave noise. (Mroueh 2020, "Wasserstein Style Transfer", arXiv:1905.12828; the Gaussian
  formula is eq. 5.)
* **Blending.** Means and *raw* second moments of several styles add up linearly, covariances do not. They are kept per
  style and size, so that a moved slider costs no new pass over any style. The photo takes part with weight
  1 - style_strength.
* **Coarse to fine** from 128 pixels on in steps of sqrt(2), each size starting from the one before together with
  Adam's averages; few steps are needed where they are dear.
* **Start** from the instant preview, not from noise or the photo: layout and palette are there from the first second.
* **Layers.** Each layer's distance is divided by the energy of its target, which makes the weights below mean the same
  for every network. Shallow layers count most, since they carry palette and strokes.
* The result is an **exponential average of the iterates**, which is calmer than the last of them.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.base import Progress, StudioError, Work
from studio.stylization.blend import StyleInput, blend_weights, check_picture
from studio.stylization.color import fitted, luma, match_luma, resized, with_colors_of
from studio.stylization.feedforward import guided_enlarge, preview

STYLE_LAYERS: dict[str, float] = {"relu1_1": 256, "relu2_1": 64, "relu3_1": 16, "relu4_1": 4, "relu5_1": 1}
"""Layers whose statistics are matched, with their weights (their sum is scaled to 1)."""

CONTENT_LAYER = "relu4_2"
CONTENT_WEIGHT = 0.2
"""Weight of the content at the slider's middle; the slider spans a factor of 16 to either side."""

SMALLEST_SIDE = 128
LEARNING_RATE = 0.03
AVERAGING = 0.9
PREVIEW_SECONDS = 0.5
_MOMENTS_KEPT = 48


@dataclass(frozen=True)
class Moments:
    """Mean (channels,) and raw second moment (channels, channels) of a layer's features over all positions."""

    mean: Tensor
    second: Tensor


class WassersteinToStyle:
    """Squared 2-Wasserstein distance to a Gaussian with given moments, divided by that Gaussian's energy.

    ``|m - m*|^2 + tr(C) + tr(C*) - 2 tr((C*^1/2 C C*^1/2)^1/2)``, with the last trace taken from eigenvalues.
    """

    def __init__(self, target: Moments) -> None:
        mean, second = _precise(target.mean), _precise(target.second)
        covariance = second - torch.outer(mean, mean)
        values, vectors = torch.linalg.eigh(covariance)
        self.energy = float(second.trace().clamp(min=1e-12))
        self.mean = target.mean
        self.trace = float(covariance.trace())
        self.covariance = covariance.to(target.second)
        self.root = ((vectors * values.clamp(min=0).sqrt()) @ vectors.T).to(target.second)

    def __call__(self, features: Tensor) -> Tensor:
        """Distance of ``features``, (channels, positions), float32."""
        channels, positions = features.shape
        mean = features.mean(1)
        centred = features - mean[:, None]
        # Both forms have the same eigenvalues apart from zeros: take the smaller matrix.
        if positions < channels:
            product = centred.T @ self.covariance @ centred / positions
        else:
            product = self.root @ (centred @ centred.T / positions) @ self.root
        cross = _trace_of_root(product, 1e-10 * self.energy**2)
        distance = (mean - self.mean).square().sum() + centred.square().sum() / positions + self.trace - 2 * cross
        return distance / self.energy


def _precise(x: Tensor) -> Tensor:
    """float64; on the CPU where the device has none (Apple's MPS)."""
    return x.cpu().double() if x.device.type == "mps" else x.double()


class _TraceOfRoot(torch.autograd.Function):
    """tr(M^1/2) of a positive semi-definite matrix. Its gradient is M^-1/2 / 2 (Petersen and Pedersen, eq. 131)."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, matrix: Tensor, floor: float) -> Tensor:  # type: ignore[override]
        # Single precision does not converge on the rank-deficient matrices of small pictures.
        values, vectors = torch.linalg.eigh(_precise(matrix.detach()))
        roots = values.clamp(min=floor).sqrt()
        ctx.gradient = ((vectors / (2 * roots)) @ vectors.T).to(matrix)  # type: ignore[attr-defined]
        return roots.sum().to(matrix)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, above: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return above * ctx.gradient, None  # type: ignore[attr-defined]


def _trace_of_root(matrix: Tensor, floor: float) -> Tensor:
    result: Tensor = _TraceOfRoot.apply(matrix, floor)
    return result


def scales(size: int) -> list[int]:
    """Long sides to work at, ascending by sqrt(2) to ``size``: 512 gives [128, 181, 256, 362, 512]."""
    sides = [size]
    while sides[-1] / math.sqrt(2) >= SMALLEST_SIDE - 1:
        sides.append(round(sides[-1] / math.sqrt(2)))
    return sides[::-1]


def steps_per_scale(steps: int, count: int) -> list[int]:
    """How ``steps`` are shared among ``count`` sizes: each gets 1/sqrt(2) of the one below, and at least one."""
    shares = [2 ** (-index / 2) for index in range(count)]
    shared = [max(1, round(steps * share / sum(shares))) for share in shares]
    shared[0] = max(1, shared[0] + steps - sum(shared))
    return shared


def optimise(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    *,
    extractor: nn.Module,
    size: int = 512,
    content_strength: float = 0.5,
    style_strength: float = 1.0,
    keep_colors: bool = False,
    steps: int = 300,
    stop_after: int | None = None,
    seed: int = 0,
    device: torch.device | str = "cpu",
    start: NDArray[np.uint8] | None = None,
) -> Work[NDArray[np.uint8]]:
    """Restyle ``content`` by a blend of ``styles``, at full quality.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    extractor : a :class:`studio.networks.vgg.VGGFeatures` on ``device``.
    size : long side of the result in pixels.
    content_strength : 0..1, how much of the photo's shapes stays.
    style_strength : 0..1; 0 is the photo itself.
    keep_colors : stylize the brightness only (Gatys et al. 2016, arXiv:1606.05897).
    steps : optimisation steps over all sizes.
    stop_after : return the picture of this step, on the way to ``steps``: what an artist saw who cancelled then.
    seed : of the little noise the start is given. The same input on the same device gives the same pixels.
    start : a picture to start from instead of the instant preview.

    Yields
    ------
    Progress a step; the first, and one every half second, carries a preview of the size of the result. Whoever stops
    early keeps the last preview as result.

    Raises
    ------
    StudioError
        Without styles, with a picture that is none, or when not even a small picture fits into the memory.
    """
    check_picture(content, "The photo")
    blend_weights(styles)
    if start is not None:
        check_picture(start, "The picture to start from")
    target = fitted(content, size)
    if style_strength <= 0:
        return target
    if start is None:
        start = preview(
            content, styles, size=min(size, 256), content_strength=content_strength, style_strength=style_strength
        )
    yield Progress(0, steps, "Sketching", _finished(_unit(resized(start, *target.shape[:2])), target, keep_colors))

    job = _Job(content, styles, extractor, content_strength, style_strength, keep_colors, torch.device(device))
    sides = scales(size)
    shares = steps_per_scale(steps, len(sides))
    image = _to_tensor(start, job.device)
    if keep_colors:
        brightness = torch.from_numpy(luma(start))
        image = brightness[None, None].to(job.device)
    noise = torch.Generator().manual_seed(seed)
    state = _State(image)
    done, shown = 0, time.monotonic()
    reduced = 1.0
    index = 0
    while index < len(sides):
        side = max(32, round(sides[index] * reduced))
        message = f"Optimising at {side} px"
        try:
            scale = job.at(side)
            state = state.at(scale.height, scale.width, noise if index == 0 else None)
            for step in range(shares[index]):
                rate = LEARNING_RATE * (0.15 + 0.85 * 0.5 * (1 + math.cos(math.pi * (done + step) / max(1, steps))))
                state.descend(scale, rate)
                preview_image = None
                last = step == shares[index] - 1 or done + step + 1 == stop_after
                if last or time.monotonic() - shown > PREVIEW_SECONDS:
                    preview_image = job.enlarged(state.average(), scale.content, target)
                    shown = time.monotonic()
                yield Progress(min(steps, done + step + 1), steps, message, preview_image)
                if done + step + 1 == stop_after and preview_image is not None:
                    return preview_image
        except (MemoryError, RuntimeError) as error:  # torch.OutOfMemoryError is a RuntimeError
            if not _is_out_of_memory(error):
                raise
            if side <= SMALLEST_SIDE:
                raise StudioError(
                    f"There is not enough memory for style transfer at {side} pixels.",
                    "Close other programs, or choose a smaller size.",
                ) from error
            # Go on with what the sizes before gave, a little smaller than asked for.
            reduced *= 0.75
            if job.device.type == "cuda":
                torch.cuda.empty_cache()
            continue
        done += shares[index]
        index += 1
    return job.enlarged(state.average(), scale.content, target)


def _is_out_of_memory(error: BaseException) -> bool:
    text = str(error).lower()
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        phrase in text for phrase in ("out of memory", "not enough memory", "can't allocate memory")
    )


class _Job:
    """What stays the same over all sizes."""

    def __init__(
        self,
        content: NDArray[np.uint8],
        styles: Sequence[StyleInput],
        extractor: nn.Module,
        content_strength: float,
        style_strength: float,
        keep_colors: bool,
        device: torch.device,
    ) -> None:
        self.content, self.styles, self.extractor = content, styles, extractor
        self.weights = blend_weights(styles)
        self.style_strength = min(1.0, style_strength)
        self.content_weight = CONTENT_WEIGHT * 16 ** (2 * content_strength - 1)
        self.keep_colors = keep_colors
        self.device = device

    def at(self, side: int) -> _Scale:
        """Everything needed to optimise at one size."""
        content = fitted(self.content, side)
        shown = _grey(luma(content)) if self.keep_colors else content
        with torch.no_grad():
            features = _features(self.extractor, _to_tensor(shown, self.device), (*STYLE_LAYERS, CONTENT_LAYER))
        blend = {name: _moments(features[name]) for name in STYLE_LAYERS}
        blend = {name: _scaled(m, 1.0 - self.style_strength) for name, m in blend.items()}
        for style, weight in zip(self.styles, self.weights, strict=True):
            if weight == 0:
                continue
            for name, moments in self._style_moments(style, side).items():
                blend[name] = _plus(blend[name], _scaled(moments, weight * self.style_strength))
        losses = {name: WassersteinToStyle(moments) for name, moments in blend.items()}
        return _Scale(self.extractor, content, features[CONTENT_LAYER], losses, self.content_weight)

    def _style_moments(self, style: StyleInput, side: int) -> dict[str, Moments]:
        long_side = max(32, round(side * style.scale))
        # With the colours kept the style's brightness is matched to the photo's, so its moments depend on the photo.
        reference = luma(fitted(self.content, 256)) if self.keep_colors else None
        key = (
            hashlib.blake2b(style.image.tobytes()).hexdigest(),
            style.image.shape,
            long_side,
            None if reference is None else hashlib.blake2b(reference.tobytes()).hexdigest(),
        )
        known = _known_moments.setdefault(self.extractor, OrderedDict())
        if key in known:
            known.move_to_end(key)
            return {name: Moments(m.mean.to(self.device), m.second.to(self.device)) for name, m in known[key].items()}
        check_picture(style.image, "The style")
        picture = fitted(style.image, long_side)
        if reference is not None:
            picture = _grey(match_luma(luma(picture), reference))
        with torch.no_grad():
            features = _features(self.extractor, _to_tensor(picture, self.device), tuple(STYLE_LAYERS))
            found = {name: _moments(features[name]) for name in STYLE_LAYERS}
        known[key] = {name: Moments(m.mean.cpu(), m.second.cpu()) for name, m in found.items()}
        while len(known) > _MOMENTS_KEPT:
            known.popitem(last=False)
        return found

    def enlarged(self, image: Tensor, small: NDArray[np.uint8], target: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``image`` as uint8 of the size of ``target``."""
        picture = image.expand(1, 3, -1, -1)[0].permute(1, 2, 0).float().cpu().numpy()
        if picture.shape != target.shape:
            picture = guided_enlarge(picture, small, target)
        return _finished(picture, target, self.keep_colors)


_known_moments: WeakKeyDictionary[nn.Module, OrderedDict[tuple[object, ...], dict[str, Moments]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Scale:
    """The loss at one size."""

    extractor: nn.Module
    content: NDArray[np.uint8]
    content_features: Tensor
    losses: dict[str, WassersteinToStyle]
    content_weight: float

    @property
    def height(self) -> int:
        return self.content.shape[0]

    @property
    def width(self) -> int:
        return self.content.shape[1]

    def loss(self, image: Tensor) -> Tensor:
        """Weighted content and style loss of ``image``, (1, 1 or 3, height, width) in 0..1."""
        features = _features(self.extractor, image.expand(1, 3, -1, -1), (*STYLE_LAYERS, CONTENT_LAYER))
        wanted = self.content_features
        content = (features[CONTENT_LAYER] - wanted).square().mean() / wanted.square().mean().clamp(min=1e-12)
        total = sum(STYLE_LAYERS.values())
        style = sum(weight / total * self.losses[name](features[name]) for name, weight in STYLE_LAYERS.items())
        loss: Tensor = style + self.content_weight * content
        return loss


class _State:
    """The picture being optimised with Adam's averages (Kingma and Ba 2015) and the average of its iterates."""

    def __init__(self, image: Tensor) -> None:
        self.image = image
        self.first = torch.zeros_like(image)
        self.second = torch.zeros_like(image)
        self.steps = 0
        self.sum = torch.zeros_like(image)
        self.sum_steps = 0

    def at(self, height: int, width: int, noise: torch.Generator | None) -> _State:
        """The same, resized; with a little noise when a generator is given."""

        def to_size(x: Tensor) -> Tensor:
            if x.shape[2:] == (height, width):
                return x.clone()
            shrinks = height < x.shape[2]
            return F.interpolate(x, (height, width), mode="bicubic", align_corners=False, antialias=shrinks)

        image = to_size(self.average() if self.sum_steps else self.image)
        if noise is not None:
            image = image + 0.01 * torch.randn(image.shape, generator=noise).to(image.device)
        twin = _State(image.clamp(0, 1))
        twin.first, twin.second = to_size(self.first), to_size(self.second).clamp(min=0)
        twin.steps = self.steps
        return twin

    def descend(self, scale: _Scale, rate: float) -> float:
        """One step of Adam; returns the loss before it."""
        variable = self.image.detach().requires_grad_()
        loss = scale.loss(variable)
        (gradient,) = torch.autograd.grad(loss, variable)
        self.steps += 1
        self.first.lerp_(gradient, 0.1)
        self.second.lerp_(gradient.square(), 0.01)
        mean = self.first / (1 - 0.9**self.steps)
        spread = (self.second / (1 - 0.99**self.steps)).sqrt()
        self.image = (variable.detach() - rate * mean / (spread + 1e-12)).clamp(0, 1)
        self.sum.lerp_(self.image, 1 - AVERAGING)
        self.sum_steps += 1
        return float(loss.detach())

    def average(self) -> Tensor:
        """Exponential average of the iterates at this size."""
        return self.sum / (1 - AVERAGING**self.sum_steps)


def _features(extractor: nn.Module, image: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:
    """Features of ``image`` as float32, (channels, positions) each."""
    with _fast_precision(image.device):
        found = extractor(image.contiguous(memory_format=torch.channels_last), layers)
    return {name: value[0].float().flatten(1) for name, value in found.items()}


def _fast_precision(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 convolutions where the processor has instructions for them: twice as fast, and looks the same."""
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        fast = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def _moments(features: Tensor) -> Moments:
    return Moments(features.mean(1), features @ features.T / features.shape[1])


def _scaled(moments: Moments, factor: float) -> Moments:
    return Moments(moments.mean * factor, moments.second * factor)


def _plus(a: Moments, b: Moments) -> Moments:
    return Moments(a.mean + b.mean, a.second + b.second)


def _to_tensor(image: NDArray[np.uint8], device: torch.device) -> Tensor:
    """(1, 3, height, width) in 0..1 on ``device``."""
    return torch.tensor(image, device=device).permute(2, 0, 1)[None].float() / 255


def _unit(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = image.astype(np.float32) / 255.0
    return unit


def _grey(brightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    grey = np.asarray(np.clip(brightness * 255.0 + 0.5, 0, 255), np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _finished(picture: NDArray[np.float32], target: NDArray[np.uint8], keep_colors: bool) -> NDArray[np.uint8]:
    """uint8 from float 0..1, with the colours of ``target`` if they are to be kept."""
    result = np.asarray(np.clip(picture * 255.0 + 0.5, 0, 255), np.uint8)
    return with_colors_of(target, luma(result)) if keep_colors else result
