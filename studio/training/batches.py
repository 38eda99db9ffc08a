"""Which pictures each step sees, and its random numbers: functions of the run's seed, so that no state is kept."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.training.picture_files import Pictures
from studio.training.random_streams import draw_seed


def step_seed(seed: int, number: int) -> int:
    """The seed of step ``number``: distinct for every run seed and step."""
    return draw_seed(seed, number)


def batch_indices(seed: int, first: int, batch: int, count: int) -> list[int]:
    """Indices, among ``count`` pictures, of the images number first..first+batch-1: a new permutation each epoch."""
    out: list[int] = []
    while len(out) < batch:
        epoch, position = divmod(first + len(out), count)
        order = np.random.default_rng([seed, epoch]).permutation(count)
        out.extend(order[position : position + batch - len(out)].tolist())
    return out


def real_batch(data: Pictures, indices: list[int], mirrored: Tensor, device: torch.device) -> Tensor:
    """Pictures as (n, 3, r, r) in -1..1, those ``mirrored`` (n,) the other way round."""
    pictures = torch.from_numpy(np.stack([data[i] for i in indices])).to(device)
    x = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    return torch.where(mirrored.to(device)[:, None, None, None], x.flip(3), x)
