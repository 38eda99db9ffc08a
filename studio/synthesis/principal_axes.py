"""Codes in standard deviations along the principal axes of w.

A step of so many deviations is as long in every direction as the network's own pictures differ there. A descent that
takes such steps keeps near what the network draws, and needs a fraction of those that the raw numbers of w need.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio.networks import dcgan
from studio.synthesis.latents import LatentSpace

_LEAST_DEVIATION = 0.02  # of the largest: so far w+ may leave the axes along which w hardly varies


class PrincipalAxes:
    """w in standard deviations along its principal axes, from its mean; z of a network without w as it is.

    Attributes
    ----------
    radius : root mean square distance of the network's w from their mean, in deviations.
    """

    def __init__(self, space: LatentSpace) -> None:
        net = space.generator
        self._mean: Tensor | None = None
        if isinstance(net, dcgan.Generator):
            self.radius = math.sqrt(net.config.z_dim)
            return
        values, vectors = torch.linalg.eigh(space.covariance())
        deviations = values.clamp(min=0).sqrt()
        deviations = deviations.clamp(min=max(_LEAST_DEVIATION * float(deviations.max()), 1e-8))
        self.radius = float((values.clamp(min=0) / deviations.square()).sum().sqrt())
        self._mean = net.mapping.w_avg
        self._outward = (vectors * deviations).t().float().to(space.device)
        self._inward = (vectors / deviations).float().to(space.device)

    def inward(self, code: Tensor) -> Tensor:
        """A code (..., w_dim) along the axes."""
        return code.clone() if self._mean is None else (code - self._mean) @ self._inward

    def outward(self, free: Tensor) -> Tensor:
        """The code of what lies along the axes."""
        return free if self._mean is None else self._mean + free @ self._outward

    def difference(self, free: Tensor) -> Tensor:
        """The difference of two codes that lie ``free`` apart along the axes."""
        return free if self._mean is None else free @ self._outward
