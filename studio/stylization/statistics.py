"""Statistics of features, and how far one picture's are from a style's.

A layer's features are summarised by their mean and raw second moment over all positions. Both are sums over positions,
so that they can be collected tile by tile, and both blend linearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


@dataclass(frozen=True)
class FeatureStatistics:
    """Mean (channels,) and raw second moment (channels, channels) of a layer's features over all positions."""

    mean: Tensor
    second: Tensor

    def __add__(self, other: FeatureStatistics) -> FeatureStatistics:
        return FeatureStatistics(self.mean + other.mean, self.second + other.second)

    def scaled(self, factor: float) -> FeatureStatistics:
        """Both multiplied by ``factor``."""
        return FeatureStatistics(self.mean * factor, self.second * factor)

    def to(self, device: torch.device | str) -> FeatureStatistics:
        """On another device."""
        return FeatureStatistics(self.mean.to(device), self.second.to(device))


def feature_statistics(features: Tensor, share: Tensor | None = None) -> FeatureStatistics:
    """Statistics of ``features``, (channels, positions), float32.

    ``share``, (positions,), weights the positions; for statistics of a whole picture it sums to one. None: all alike.
    """
    if share is None:
        return FeatureStatistics(features.mean(1), features @ features.T / features.shape[1])
    weighted = features * share
    return FeatureStatistics(weighted.sum(1), weighted @ features.T)


class StyleLoss(Protocol):
    """A distance to a style's statistics, divided by the style's energy."""

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """Distance of ``features``, (channels, positions), float32; ``share`` as for :func:`feature_statistics`."""

    def of_statistics(self, found: FeatureStatistics) -> Tensor:
        """Distance of a picture with the statistics ``found``."""


class WassersteinToStyle:
    """Squared 2-Wasserstein distance to a Gaussian with given moments, divided by that Gaussian's energy.

    ``|m - m*|^2 + tr(C) + tr(C*) - 2 tr((C*^1/2 C C*^1/2)^1/2)``, with the last trace taken from eigenvalues.
    """

    def __init__(self, target: FeatureStatistics) -> None:
        mean, second = _precise(target.mean), _precise(target.second)
        covariance = second - torch.outer(mean, mean)
        values, vectors = torch.linalg.eigh(covariance)
        self.energy = float(second.trace().clamp(min=1e-12))
        self.mean = target.mean
        self.trace = float(covariance.trace())
        self.covariance = covariance.to(target.second)
        self.root = ((vectors * values.clamp(min=0).sqrt()) @ vectors.T).to(target.second)

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """See :class:`StyleLoss`."""
        channels, positions = features.shape
        if positions >= channels:
            distance: Tensor = _Distance.apply(features, share, self)
            return distance
        # Both forms have the same eigenvalues apart from zeros: this is the smaller matrix.
        mean, centred = _centred(features, share)
        scaled = centred * (positions**-0.5 if share is None else share.sqrt())
        return self._distance(mean, scaled.square().sum(), scaled.T @ self.covariance @ scaled)

    def of_statistics(self, found: FeatureStatistics) -> Tensor:
        """See :class:`StyleLoss`."""
        covariance = found.second - torch.outer(found.mean, found.mean)
        return self._distance(found.mean, covariance.trace(), self.root @ covariance @ self.root)

    @property
    def floor(self) -> float:
        """Smaller eigenvalues of the product are rounding."""
        return 1e-10 * self.energy**2

    def _distance(self, mean: Tensor, trace: Tensor, product: Tensor) -> Tensor:
        return self.together(mean, trace, trace_of_root(product, self.floor))

    def together(self, mean: Tensor, trace: Tensor, cross: Tensor) -> Tensor:
        """The distance from its parts; ``cross`` is the trace of the root."""
        return ((mean - self.mean).square().sum() + trace + self.trace - 2 * cross) / self.energy


class GramToStyle:
    """Squared difference of the Gram matrices (Gatys et al. 2016, eq. 5), divided by that of the style."""

    def __init__(self, target: FeatureStatistics) -> None:
        self.gram = target.second
        self.energy = float(self.gram.square().sum().clamp(min=1e-12))

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """See :class:`StyleLoss`."""
        return self.of_statistics(feature_statistics(features, share))

    def of_statistics(self, found: FeatureStatistics) -> Tensor:
        """See :class:`StyleLoss`."""
        return (found.second - self.gram).square().sum() / self.energy


def _precise(x: Tensor) -> Tensor:
    """float64; on the CPU where the device has none (Apple's MPS)."""
    return x.cpu().double() if x.device.type == "mps" else x.double()


def _centred(features: Tensor, share: Tensor | None) -> tuple[Tensor, Tensor]:
    """The mean of features, (channels, positions), and they less it."""
    mean = features.mean(1) if share is None else features @ share
    return mean, features - mean[:, None]


def _root(matrix: Tensor, floor: float) -> tuple[Tensor, Tensor]:
    """tr(M^1/2) of a positive semi-definite matrix, and M^-1/2."""
    # Single precision does not converge on the rank-deficient matrices of small pictures.
    values, vectors = torch.linalg.eigh(_precise(matrix))
    roots = values.clamp(min=floor).sqrt()
    return roots.sum().to(matrix), ((vectors / roots) @ vectors.T).to(matrix)


class _Distance(torch.autograd.Function):
    """The distance of features, with its gradient in one product.

    With R the root of the style's covariance and C the features', the gradient by C is P = 1 - R (R C R)^-1/2 R, and
    by a feature f, which counts ``share`` (or one of so many): 2 share (P (f - mean) + mean - style's mean).
    """

    @staticmethod
    def forward(ctx: Any, features: Tensor, share: Tensor | None, style: WassersteinToStyle) -> Tensor:  # type: ignore[override]
        positions = features.shape[1]
        mean, centred = _centred(features, share)
        covariance = centred @ centred.T / positions if share is None else (centred * share) @ centred.T
        cross, inverse = _root(style.root @ covariance @ style.root, style.floor)
        ctx.style = style
        ctx.save_for_backward(features, share, mean, inverse)
        return style.together(mean, covariance.trace(), cross)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, above: Tensor) -> tuple[Tensor, None, None]:
        features, share, mean, inverse = ctx.saved_tensors
        style: WassersteinToStyle = ctx.style
        worth = 2 * above / style.energy / (features.shape[1] if share is None else 1)
        price = (torch.eye(len(mean)).to(inverse) - style.root @ inverse @ style.root) * worth
        offset = (mean - style.mean) * worth - price @ mean
        # Features come with their channels side by side.
        gradient = (features.T @ price).add_(offset)
        return (gradient if share is None else gradient * share[:, None]).T, None, None


class _TraceOfRoot(torch.autograd.Function):
    """tr(M^1/2) of a positive semi-definite matrix. Its gradient is M^-1/2 / 2 (Petersen and Pedersen, eq. 131)."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, matrix: Tensor, floor: float) -> Tensor:  # type: ignore[override]
        total, inverse = _root(matrix.detach(), floor)
        ctx.gradient = inverse / 2  # type: ignore[attr-defined]
        return total

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, above: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return above * ctx.gradient, None  # type: ignore[attr-defined]


def trace_of_root(matrix: Tensor, floor: float) -> Tensor:
    """tr(M^1/2) of a symmetric matrix; eigenvalues below ``floor`` count as ``floor``."""
    result: Tensor = _TraceOfRoot.apply(matrix, floor)
    return result
