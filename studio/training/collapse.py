"""Noticing that a generator has collapsed: all its pictures have become alike."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 8
COLLAPSED = 0.12
"""Share of the pictures' variety below which samples are alike; healthy runs stay above 0.5."""
MEMORY = 0.98
PATIENCE_IMAGES = 2_000
"""Images for which it must stay below: single steps mean nothing."""


def pixel_statistics(pictures: Tensor) -> Tensor:
    """Mean and mean square at 8 x 8 pixels, (2, 3, 8, 8): enough to tell how much pictures differ."""
    small = F.adaptive_avg_pool2d(pictures.detach().float(), SIDE)
    return torch.stack([small.mean(dim=0), small.square().mean(dim=0)])


def variety(first: Tensor) -> float:
    """The standard deviation over the pictures, averaged over places, from :func:`pixel_statistics`."""
    mean, square = first
    return float((square - mean.square()).clamp(min=0).sqrt().mean())


class CollapseDetector:
    """Follows the variety of samples as a share of the pictures' own.

    Attributes
    ----------
    share : smoothed; 1 is as varied as the pictures.
    collapsed : whether samples have been alike for long.
    """

    def __init__(self) -> None:
        self.share = 1.0
        self.collapsed = False
        self._below = 0

    def note(self, real: Tensor, fake: Tensor, images: int) -> None:
        """Take the :func:`pixel_statistics` of a step's real and generated pictures, ``images`` of each."""
        wanted = variety(real)
        if wanted <= 0:
            return
        self.share = MEMORY * self.share + (1 - MEMORY) * min(2.0, variety(fake) / wanted)
        self._below = self._below + images if self.share < COLLAPSED else 0
        self.collapsed = self._below >= PATIENCE_IMAGES

    def state_dict(self) -> dict[str, float]:
        """The state that a resumed run needs to go on exactly."""
        return {"share": self.share, "below": self._below}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Undo :meth:`state_dict`."""
        self.share, self._below = float(state["share"]), int(state["below"])
        self.collapsed = self._below >= PATIENCE_IMAGES
