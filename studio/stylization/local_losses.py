"""The parts of the loss that compare neighbouring pixels: smoothness, and the photo's fine detail.

They need no network, only pixels, yet their way back through a large picture would hold a dozen copies of it. Seen
with a few rows more to either side, a band of rows has exactly the gradient that it has in the whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

DETAIL_STEPS = (1, 4)
"""Pixels over which the picture is averaged before its Laplacian is taken: fine edges, and larger ones."""

BAND_PIXELS = 2**20
"""Pixels of a band."""

_MARGIN = 16
"""Rows to either side of a band. Two of the coarsest step are needed; a multiple of it keeps the averages in step."""


class Neighbours:
    """Smoothness and detail of a picture at one size.

    Parameters
    ----------
    smoothness, detail : weights, see :class:`studio.stylization.objective.Balance`.
    edges : the photo's Laplacian at each of ``DETAIL_STEPS``; empty without detail.
    circular : the picture continues at its opposite edges.
    importance : how many times the detail counts, (1, 1, height, width); None: once.
    """

    def __init__(
        self,
        smoothness: float,
        detail: float,
        edges: Sequence[Tensor],
        circular: bool,
        importance: Tensor | None = None,
    ) -> None:
        self.smoothness, self.detail, self.edges, self.circular = smoothness, detail, edges, circular
        self._importance: list[Tensor] = []
        if importance is not None:
            self._importance = [F.avg_pool2d(importance, step, ceil_mode=True) for step in DETAIL_STEPS[: len(edges)]]
        self._energies = [wanted.square().mean().clamp(min=1e-6) for wanted in edges]

    def loss(self, image: Tensor) -> Tensor:
        """Loss of ``image``, (1, 3, height, width) in 0..1."""
        return self._of(image, self.edges, self._importance, None, image.shape[2])

    def gradient(self, image: Tensor) -> tuple[float, Tensor]:
        """Loss of ``image``, (1, 1 or 3, height, width) in 0..1, and its gradient, by bands of rows."""
        height, width = image.shape[2:]
        total, gradient = 0.0, torch.zeros_like(image)
        if not self.smoothness and not self.edges:
            return total, gradient
        rows = max(_MARGIN, BAND_PIXELS // width // _MARGIN * _MARGIN)
        for top in range(0, height, rows):
            bottom = min(height, top + rows)
            if rows + 2 * _MARGIN >= height:  # no band is worth it, and none may meet itself around the edge
                top, bottom = 0, height
            loss, part = self._band(image, top, bottom)
            gradient[:, :, top:bottom] = part
            total += loss
            if bottom == height:
                break
        return total, gradient

    def _band(self, image: Tensor, top: int, bottom: int) -> tuple[float, Tensor]:
        height = image.shape[2]
        first, last = top - _MARGIN, bottom + _MARGIN
        if not self.circular:
            first, last = max(0, first), min(height, last)
        elif bottom - top == height:
            first, last = top, bottom

        def cut(x: Tensor, step: int = 1) -> Tensor:
            if first >= 0 and last <= height:
                return x[:, :, first // step : -(-last // step)]
            return x[:, :, torch.arange(first // step, -(-last // step), device=x.device) % x.shape[2]]

        seen = cut(image).clone().requires_grad_()
        edges = [cut(wanted, step) for step, wanted in zip(DETAIL_STEPS, self.edges, strict=False)]
        importance = [cut(each, step) for step, each in zip(DETAIL_STEPS, self._importance, strict=False)]
        colored = seen.expand(1, 3, -1, -1)
        (gradient,) = torch.autograd.grad(self._of(colored, edges, importance, None, height), seen)
        own = (top - first, bottom - first)
        with torch.no_grad():
            loss = float(self._of(colored, edges, importance, own, height))
        return loss, gradient[:, :, own[0] : own[1]]

    def _of(
        self,
        image: Tensor,
        edges: Sequence[Tensor],
        importance: Sequence[Tensor],
        own: tuple[int, int] | None,
        height: int,
    ) -> Tensor:
        """Loss of the rows ``own`` (None: all) of ``image``, as a share of a picture of ``height`` rows."""
        loss = image.new_zeros(())
        if self.smoothness:
            loss = loss + self.smoothness * _roughness(image, self.circular, own, height)
        for number, (step, wanted, energy) in enumerate(zip(DETAIL_STEPS, edges, self._energies, strict=False)):
            distance = (laplacian(image, step, self.circular) - wanted).square()
            if importance:
                distance = distance * importance[number]
            loss = loss + self.detail / len(DETAIL_STEPS) * _mean(distance, own, height, step) / energy
        return loss


def laplacian(image: Tensor, step: int, circular: bool = False) -> Tensor:
    """Laplacian of the brightness of ``image``, (1, 3, height, width), averaged over ``step`` pixels before."""
    grey = (image * image.new_tensor([0.2126, 0.7152, 0.0722]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    if step > 1:
        grey = F.avg_pool2d(grey, step, ceil_mode=True)
    padded = F.pad(grey, (1, 1, 1, 1), mode="circular" if circular else "replicate")
    around = padded[..., :-2, 1:-1] + padded[..., 2:, 1:-1] + padded[..., 1:-1, :-2] + padded[..., 1:-1, 2:]
    return around - 4 * grey


def _roughness(image: Tensor, circular: bool, own: tuple[int, int] | None, height: int) -> Tensor:
    """Mean squared difference of neighbours: to the sides by 2/3, along the diagonals by 1/6 (Patra and Karttunen
    2006, the isotropic nine-point stencil)."""
    padded = F.pad(image, (1, 1, 1, 1), mode="circular" if circular else "replicate")
    low, here, high = slice(0, -2), slice(1, -1), slice(2, None)

    def apart(rows: slice, columns: slice) -> Tensor:
        return _mean((padded[..., rows, columns] - image).square(), own, height)

    sides = apart(here, high) + apart(high, here)
    falling = apart(high, high)
    rising = apart(low, high)
    return 2 / 3 * sides + 1 / 6 * (falling + rising)


def _mean(values: Tensor, own: tuple[int, int] | None, height: int, step: int = 1) -> Tensor:
    """Sum over the rows ``own``, of a picture of ``height`` rows, divided by the number of all values of that."""
    count = values.shape[1] * -(-height // step) * values.shape[3]
    if own is not None:
        values = values[:, :, own[0] // step : -(-own[1] // step)]
    return values.sum() / count
