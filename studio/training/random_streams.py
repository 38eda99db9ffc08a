"""Random numbers that do not depend on how a batch is divided among passes and processes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def draw_seed(seed: int, *place: int) -> int:
    """A seed below 2^63 of its own for every run and place in it (step, phase, ...)."""
    return int(np.random.SeedSequence([seed, *place]).generate_state(1, np.uint64)[0] >> 1)


class RandomStream:
    """Random numbers for some samples of a batch.

    Those of the whole batch are drawn and the others dropped, so a sample gets the same ones however the batch is
    divided. Small ones come from the CPU (the same on every device), pictures full of noise from the device.

    Every method gives (n, *shape) for the n samples kept.
    """

    def __init__(self, total: int, *, seed: int | None = None, keep: Tensor | None = None) -> None:
        """``keep`` holds the places of the samples in the batch of ``total`` (None: all of them, in order).

        Without a ``seed`` the numbers come from torch's global random state.
        """
        self.total = total
        self.keep = keep
        self._seed = seed
        self._generators: dict[str, torch.Generator] = {}

    def normal(self, *shape: int) -> Tensor:
        """N(0, 1), on the CPU."""
        return self._kept(torch.randn(self.total, *shape, generator=self._generator("cpu")))

    def uniform(self, *shape: int) -> Tensor:
        """U(0, 1), on the CPU."""
        return self._kept(torch.rand(self.total, *shape, generator=self._generator("cpu")))

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """Whole numbers from ``low`` to below ``high``, on the CPU."""
        return self._kept(torch.randint(low, high, (self.total, *shape), generator=self._generator("cpu")))

    def number(self) -> float:
        """One number U(0, 1) for the whole batch."""
        return torch.rand((), generator=self._generator("cpu")).item()

    def noise(self, shape: Sequence[int], device: torch.device) -> Tensor:
        """N(0, 1) on ``device``, of the ``shape`` (n, ...)."""
        whole = (self.total, *shape[1:])
        return self._kept(torch.randn(whole, generator=self._generator(str(device)), device=device))

    def _generator(self, device: str) -> torch.Generator | None:
        if self._seed is None:
            return None
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        return self._generators[device]

    def _kept(self, drawn: Tensor) -> Tensor:
        return drawn if self.keep is None else drawn[self.keep.to(drawn.device)]
