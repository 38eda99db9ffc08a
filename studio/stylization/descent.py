"""Optimisers that move a picture towards a smaller loss: Adam, and the faster L-BFGS.

Pictures are (1, 1 or 3, height, width) in 0..1 and stay there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

LossOf = Callable[[Tensor], tuple[float, Tensor]]
"""From a picture to its loss and the gradient of it, which the caller may overwrite."""

AVERAGING = 0.9
PAIRS = 12
PAIRS_BYTES = 2**28
"""Large pictures have fewer pairs, but never below FEWEST_PAIRS."""
FEWEST_PAIRS = 3
FIRST_STEP = 0.01
"""What pixels change by on average, of 0..1, while nothing is known of the curvature."""
LONGEST_STEP = 0.02
WORSE = 1.2
"""A step that makes the loss so many times as large is taken back."""


class Adam:
    """Adam (Kingma and Ba 2015) and the exponential average of its iterates, which is calmer than the last of them."""

    def __init__(self, image: Tensor) -> None:
        self.image = image
        self.first = torch.zeros_like(image)
        self.second = torch.zeros_like(image)
        self.steps = 0
        self.sum = torch.zeros_like(image)

    def descend(self, loss_of: LossOf, rate: float, pull: Callable[[Tensor], Tensor] | None = None) -> float:
        """One step of Adam, in place; returns the loss before it. ``pull``: from the image, the gradient of one more
        term."""
        loss, gradient = loss_of(self.image)
        if pull is not None:
            gradient = gradient + pull(self.image.detach())
        self.steps += 1
        self.first.lerp_(gradient, 0.1)
        self.second.lerp_(gradient.square_(), 0.01)
        spread = torch.div(self.second, 1 - 0.99**self.steps, out=gradient).sqrt_().add_(1e-12)
        self.image.sub_((self.first / (1 - 0.9**self.steps)).mul_(rate).div_(spread)).clamp_(0, 1)
        self.sum.lerp_(self.image, 1 - AVERAGING)
        return loss

    def average(self) -> Tensor:
        """Exponential average of the iterates."""
        return self.sum / (1 - AVERAGING**self.steps)


class _Point(NamedTuple):
    image: Tensor
    gradient: Tensor
    loss: float


class _Pair(NamedTuple):
    """A step, how the gradient changed by it, and the product of both."""

    step: Tensor
    bend: Tensor
    curvature: float


class LimitedMemory:
    """L-BFGS (Nocedal 1980, "Updating quasi-Newton matrices with limited storage") without a line search.

    Each step costs one gradient, as Adam's does, and a third to a half as many of them are needed here. In place of a
    line search the mean change of a pixel is bounded, and a step that makes things much worse is taken back. Pixels at
    0 or 1 that want to leave do not move (Bertsekas 1982, "Projected Newton methods").
    """

    def __init__(self, image: Tensor) -> None:
        self.image = image
        pairs = PAIRS_BYTES // (2 * image.nbytes)
        self._pairs: deque[_Pair] = deque(maxlen=max(FEWEST_PAIRS, min(PAIRS, pairs)))
        self._before: _Point | None = None
        self._longest = LONGEST_STEP

    def at(self, height: int, width: int, noise: torch.Generator | None) -> LimitedMemory:
        """The same picture, resized; with a little noise when a generator is given."""
        image = self.image
        if image.shape[2:] != (height, width):
            shrinks = height < image.shape[2]
            image = F.interpolate(image, (height, width), mode="bicubic", align_corners=False, antialias=shrinks)
        if noise is not None:
            image = image + 0.01 * torch.randn(image.shape, generator=noise).to(image.device)
        return LimitedMemory(image.clamp(0, 1))

    def descend(self, loss_of: LossOf) -> float:
        """One step; returns the loss before it."""
        loss, gradient = loss_of(self.image)
        here = _Point(self.image, gradient, loss)
        if self._before is not None:
            if not loss < WORSE * self._before.loss:
                here = self._before
                self._pairs.clear()
                self._longest /= 2
            else:
                step, bend = here.image - self._before.image, gradient - self._before.gradient
                curvature = _dot(step, bend)
                if curvature > 1e-10 * math.sqrt(_dot(step, step) * _dot(bend, bend)):
                    self._pairs.append(_Pair(step, bend, curvature))
        self._before = here
        direction = self._direction(here)
        length = float(direction.abs().mean())
        # Without curvature the gradient says no more than which way to go.
        wanted = min(length, self._longest) if self._pairs else min(FIRST_STEP, self._longest)
        direction.mul_(wanted / max(length, 1e-30))
        self.image = (here.image + direction).clamp_(0, 1)
        return loss

    def _direction(self, here: _Point) -> Tensor:
        leaving = ((here.image <= 0) & (here.gradient > 0)) | ((here.image >= 1) & (here.gradient < 0))
        wanted = here.gradient.masked_fill(leaving, 0)
        shares = []
        for pair in reversed(self._pairs):
            share = _dot(pair.step, wanted) / pair.curvature
            wanted.sub_(pair.bend, alpha=share)
            shares.append(share)
        if self._pairs:
            newest = self._pairs[-1]
            wanted.mul_(newest.curvature / _dot(newest.bend, newest.bend))
        for pair, share in zip(self._pairs, reversed(shares), strict=True):
            wanted.add_(pair.step, alpha=share - _dot(pair.bend, wanted) / pair.curvature)
        return wanted.masked_fill_(leaving, 0).neg_()


def _dot(a: Tensor, b: Tensor) -> float:
    return float(torch.dot(a.flatten(), b.flatten()))
