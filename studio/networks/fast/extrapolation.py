"""A guess at a picture of which only the coarse layers are drawn yet.

Features know more than the skip picture they lend their colours to: a linear map from them to the pixels of the
finished picture, fitted by ridge regression to the pictures seen so far, tells most of what fine layers are about to
add. What no linear map can tell is taken from the picture finished last, where that one is still alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

# The map speaks for so many pixels across each of its features.
LARGEST_PATCH = 4
# Pixels a side from which it learns, of every picture.
GRID = 16
# Older pictures count a little less each time: they were farther from where the artist is now.
MEMORY = 0.95
RIDGE = 1e-3
# How much of a change a guess may miss, in squares, and how long what older ones missed counts.
MISSED = 0.75
RECENT = 0.8
# Pictures seen before guesses are judged.
JUDGED = 4
# Finer than this nothing is guessed: it would take longer than it is worth.
LARGEST_REACH = 256


@dataclass(frozen=True)
class Stage:
    """A picture on its way: its layers are drawn as far as ``resolution``; ``final``: that is all.

    ``guess()`` is what the finished picture will be like, or is: float32 (side, side, channels), about -1..1. It is
    good until the next stage is asked for, and belongs to the network: copy what is kept. ``worthwhile``: guesses from
    here were clearly nearer than the picture before, or there were none yet.
    """

    resolution: int
    final: bool
    guess: Callable[[], Tensor]
    worthwhile: bool = True


def resized(image: Tensor, side: int) -> Tensor:
    """(h, h, channels) at ``side`` pixels: bicubic up, averages down."""
    batch = image.permute(2, 0, 1)[None]
    if side > image.shape[0]:
        batch = F.interpolate(batch, size=(side, side), mode="bicubic")
    elif side < image.shape[0]:
        batch = F.adaptive_avg_pool2d(batch, side)
    return batch[0].permute(1, 2, 0)


class ImageExtrapolator:
    """Guesses from the features of one resolution; learns from every finished picture it is shown."""

    def __init__(self, resolution: int, features: int, side: int, channels: int) -> None:
        self.resolution = resolution
        self.side = side
        self.patch = min(LARGEST_PATCH, side // resolution, max(1, LARGEST_REACH // resolution))
        self.reach = resolution * self.patch
        self._covariances = torch.zeros(features + 1, features + 1, dtype=torch.float64)
        self._products = torch.zeros(features + 1, channels * self.patch**2, dtype=torch.float64)
        self._map: Tensor | None = None
        self._seen = 0
        # The guess at the picture finished last, and what it missed.
        self._last_guess: Tensor | None = None
        self._residual: Tensor | None = None
        # Squared errors of the guesses, and of the pictures before them in their place.
        self._missed = self._changed = 0.0

    @property
    def nbytes(self) -> int:
        """Memory held."""
        parts = (self._covariances, self._products, self._map, self._last_guess, self._residual)
        return sum(part.nbytes for part in parts if part is not None)

    def learn(self, features: Tensor, image: Tensor, finished: Tensor) -> None:
        """Features (r, r, n) and skip picture (r, r, channels) that went into ``finished`` (side, side, channels)."""
        last = resized(finished, self.reach)
        if self._last_guess is not None and self._residual is not None:
            before = self._last_guess + self._residual
            missed = (self._guess_at_reach(features, image) - last).square().mean()
            self._missed = RECENT * self._missed + float(missed)
            self._changed = RECENT * self._changed + float((before - last).square().mean())
        missing = last - resized(image, self.reach)
        patches = missing.unflatten(0, (-1, self.patch)).unflatten(2, (-1, self.patch)).transpose(1, 2)
        step = max(1, self.resolution // GRID)
        # Another grid every time, so that all pixels have their turn.
        rows, columns = divmod(self._seen % step**2, step)
        x = self._rows(features[rows::step, columns::step])
        y = patches[rows::step, columns::step].flatten(0, 1).flatten(1)
        self._seen += 1
        self._covariances.mul_(MEMORY).add_(x.t() @ x)
        self._products.mul_(MEMORY).add_(x.t() @ y)
        ridge = RIDGE * self._covariances.diagonal().mean()
        kept = self._covariances + ridge * torch.eye(len(self._covariances), dtype=torch.float64)
        self._map = torch.linalg.solve(kept, self._products).float()
        self._last_guess = self._extrapolated(features, image)
        self._residual = last - self._last_guess

    @staticmethod
    def _rows(features: Tensor) -> Tensor:
        return F.pad(features.flatten(0, 1), (0, 1), value=1.0)

    def _extrapolated(self, features: Tensor, image: Tensor) -> Tensor:
        assert self._map is not None
        rows = torch.addmm(self._map[-1], features.flatten(0, 1), self._map[:-1])
        patches = rows.view(self.resolution, self.resolution, self.patch, self.patch, image.shape[2])
        return resized(image, self.reach) + patches.transpose(1, 2).reshape(self.reach, self.reach, -1)

    @property
    def ready(self) -> bool:
        """True when there was a picture to learn from."""
        return self._last_guess is not None

    @property
    def worthwhile(self) -> bool:
        """True unless the guesses of late were hardly nearer than the pictures before them would have been."""
        return self._seen < JUDGED or self._missed <= MISSED * self._changed

    def guess(self, features: Tensor, image: Tensor, finished: Tensor) -> Tensor:
        """The finished picture (side, side, channels), ``finished`` being the one shown last to :meth:`learn`."""
        if self._last_guess is None or self._residual is None:
            raise ValueError("nothing is learnt yet")
        guess = self._guess_at_reach(features, image)
        if self.reach == self.side:
            return guess
        return finished + resized(guess - self._last_guess - self._residual, self.side)

    def _guess_at_reach(self, features: Tensor, image: Tensor) -> Tensor:
        assert self._last_guess is not None and self._residual is not None
        now = self._extrapolated(features, image)
        # As Wiener's filter: what the map missed last time is worth keeping where little has changed since.
        strength = self._around(self._residual)
        share = strength / (strength + self._around(now - self._last_guess) + 1e-12)
        kept = F.interpolate(share, size=(self.reach, self.reach), mode="bilinear")[0, 0, :, :, None]
        return now + kept * self._residual

    def _around(self, values: Tensor) -> Tensor:
        """Energy in the neighbourhood of every feature, (1, 1, r, r)."""
        energy = F.avg_pool2d(values.square().mean(dim=2)[None, None], self.patch)
        return F.avg_pool2d(energy, 3, 1, 1, count_include_pad=False)
