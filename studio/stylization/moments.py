"""Statistics of features, and how far one picture's are from a style's.

A layer's features are summarised by their mean and raw second moment over all positions. Both are sums over positions,
so that they can be collected tile by tile, and both blend linearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Moments:
    """Mean (channels,) and raw second moment (channels, channels) of a layer's features over all positions."""

    mean: Tensor
    second: Tensor

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.mean + other.mean, self.second + other.second)

    def scaled(self, factor: float) -> Moments:
        """Both multiplied by ``factor``."""
        return Moments(self.mean * factor, self.second * factor)

    def to(self, device: torch.device | str) -> Moments:
        """On another device."""
        return Moments(self.mean.to(device), self.second.to(device))


def moments_of(features: Tensor, share: Tensor | None = None) -> Moments:
    """Moments of ``features``, (channels, positions), float32.

    ``share``, (positions,), weights the positions; for moments of a whole picture it sums to one. None: all alike.
    """
    if share is None:
        return Moments(features.mean(1), features @ features.T / features.shape[1])
    weighted = features * share
    return Moments(weighted.sum(1), weighted @ features.T)


class StyleLoss(Protocol):
    """A distance to a style's moments, divided by the style's energy."""

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """Distance of ``features``, (channels, positions), float32; ``share`` as for :func:`moments_of`."""

    def of_moments(self, found: Moments) -> Tensor:
        """Distance of a picture with the moments ``found``."""


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

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """See :class:`StyleLoss`."""
        channels, positions = features.shape
        if share is None:
            mean = features.mean(1)
            centred = (features - mean[:, None]) * positions**-0.5
        else:
            mean = (features * share).sum(1)
            centred = (features - mean[:, None]) * share.sqrt()
        # Both forms have the same eigenvalues apart from zeros: take the smaller matrix.
        if positions < channels:
            product = centred.T @ self.covariance @ centred
        else:
            product = self.root @ (centred @ centred.T) @ self.root
        return self._distance(mean, centred.square().sum(), product)

    def of_moments(self, found: Moments) -> Tensor:
        """See :class:`StyleLoss`."""
        covariance = found.second - torch.outer(found.mean, found.mean)
        return self._distance(found.mean, covariance.trace(), self.root @ covariance @ self.root)

    def _distance(self, mean: Tensor, trace: Tensor, product: Tensor) -> Tensor:
        cross = trace_of_root(product, 1e-10 * self.energy**2)
        return ((mean - self.mean).square().sum() + trace + self.trace - 2 * cross) / self.energy


class GramToStyle:
    """Squared difference of the Gram matrices (Gatys et al. 2016, eq. 5), divided by that of the style."""

    def __init__(self, target: Moments) -> None:
        self.gram = target.second
        self.energy = float(self.gram.square().sum().clamp(min=1e-12))

    def of_features(self, features: Tensor, share: Tensor | None = None) -> Tensor:
        """See :class:`StyleLoss`."""
        return self.of_moments(moments_of(features, share))

    def of_moments(self, found: Moments) -> Tensor:
        """See :class:`StyleLoss`."""
        return (found.second - self.gram).square().sum() / self.energy


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


def trace_of_root(matrix: Tensor, floor: float) -> Tensor:
    """tr(M^1/2) of a symmetric matrix; eigenvalues below ``floor`` count as ``floor``."""
    result: Tensor = _TraceOfRoot.apply(matrix, floor)
    return result
