"""DiffAugment (Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training"), from the paper.

Every function takes and returns (n, 3, h, w) in -1..1 and is differentiable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from studio.training.random_streams import RandomStream


def color(x: Tensor, random: RandomStream) -> Tensor:
    """Random brightness (+-0.5), saturation (0..2) and contrast (0.5..1.5)."""

    def drawn() -> Tensor:
        return random.uniform(1, 1, 1).to(x)

    x = x + (drawn() - 0.5)
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * (drawn() * 2)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return mean + (x - mean) * (drawn() + 0.5)


def translation(x: Tensor, random: RandomStream, share: float = 0.125) -> Tensor:
    """Shift by up to an eighth of the side, zeros flowing in."""
    n, _, h, w = x.shape
    reach_y, reach_x = int(h * share + 0.5), int(w * share + 0.5)
    dy = random.integers(-reach_y, reach_y + 1, 1, 1).to(x.device)
    dx = random.integers(-reach_x, reach_x + 1, 1, 1).to(x.device)
    batch = torch.arange(n, device=x.device)[:, None, None]
    # Index 0 and the last of the padded picture are zeros: everything outside clamps to them.
    rows = (torch.arange(h, device=x.device)[None, :, None] + dy + 1).clamp(0, h + 1)
    columns = (torch.arange(w, device=x.device)[None, None, :] + dx + 1).clamp(0, w + 1)
    padded = torch.nn.functional.pad(x, (1, 1, 1, 1)).permute(0, 2, 3, 1)
    return padded[batch, rows, columns].permute(0, 3, 1, 2)


def cutout(x: Tensor, random: RandomStream, share: float = 0.5) -> Tensor:
    """Blank a square of half the side."""
    h, w = x.shape[2:]
    side_y, side_x = int(h * share + 0.5), int(w * share + 0.5)
    top = random.integers(0, h + (1 - side_y % 2), 1).to(x.device) - side_y // 2
    left = random.integers(0, w + (1 - side_x % 2), 1).to(x.device) - side_x // 2
    rows = torch.arange(h, device=x.device)[None]
    columns = torch.arange(w, device=x.device)[None]
    in_rows = (rows >= top) & (rows < top + side_y)
    in_columns = (columns >= left) & (columns < left + side_x)
    hole = in_rows[:, :, None] & in_columns[:, None, :]
    return x * (~hole)[:, None].to(x.dtype)


POLICIES: dict[str, Callable[[Tensor, RandomStream], Tensor]] = {
    "color": color,
    "translation": translation,
    "cutout": cutout,
}


def augment(x: Tensor, policies: Sequence[str], share: float = 1.0, random: RandomStream | None = None) -> Tensor:
    """Apply the named policies in order, each to its own random ``share`` of the pictures.

    Below about 0.8 the generator does not learn the augmentations themselves: grey holes, shifts, odd colours (Karras
    et al. 2020, "Training generative adversarial networks with limited data", section 2.2).
    """
    random = random if random is not None else RandomStream(len(x))
    for policy in policies:
        changed = POLICIES[policy](x, random)
        if share < 1:
            chosen = (random.uniform(1, 1, 1) < share).to(x.device)
            changed = torch.where(chosen, changed, x)
        x = changed
    return x
