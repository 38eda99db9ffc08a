"""DiffAugment (Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training"), from the paper.

Every function takes and returns (n, 3, h, w) in -1..1 and is differentiable.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def color(x: Tensor) -> Tensor:
    """Random brightness (+-0.5), saturation (0..2) and contrast (0.5..1.5)."""
    n = x.shape[0]

    def rand() -> Tensor:
        return torch.rand(n, 1, 1, 1, device=x.device, dtype=x.dtype)

    x = x + (rand() - 0.5)
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * (rand() * 2)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return mean + (x - mean) * (rand() + 0.5)


def translation(x: Tensor, share: float = 0.125) -> Tensor:
    """Shift by up to an eighth of the side, zeros flowing in."""
    n, _, h, w = x.shape
    reach_y, reach_x = int(h * share + 0.5), int(w * share + 0.5)
    dy = torch.randint(-reach_y, reach_y + 1, (n, 1, 1), device=x.device)
    dx = torch.randint(-reach_x, reach_x + 1, (n, 1, 1), device=x.device)
    batch = torch.arange(n, device=x.device)[:, None, None]
    # Index 0 and the last of the padded picture are zeros: everything outside clamps to them.
    rows = (torch.arange(h, device=x.device)[None, :, None] + dy + 1).clamp(0, h + 1)
    columns = (torch.arange(w, device=x.device)[None, None, :] + dx + 1).clamp(0, w + 1)
    padded = torch.nn.functional.pad(x, (1, 1, 1, 1)).permute(0, 2, 3, 1)
    return padded[batch, rows, columns].permute(0, 3, 1, 2)


def cutout(x: Tensor, share: float = 0.5) -> Tensor:
    """Blank a square of half the side."""
    n, _, h, w = x.shape
    side_y, side_x = int(h * share + 0.5), int(w * share + 0.5)
    top = torch.randint(0, h + (1 - side_y % 2), (n, 1), device=x.device) - side_y // 2
    left = torch.randint(0, w + (1 - side_x % 2), (n, 1), device=x.device) - side_x // 2
    rows = torch.arange(h, device=x.device)[None]
    columns = torch.arange(w, device=x.device)[None]
    in_rows = (rows >= top) & (rows < top + side_y)
    in_columns = (columns >= left) & (columns < left + side_x)
    hole = in_rows[:, :, None] & in_columns[:, None, :]
    return x * (~hole)[:, None].to(x.dtype)


POLICIES = {"color": color, "translation": translation, "cutout": cutout}


def augment(x: Tensor, policies: Sequence[str], share: float = 1.0) -> Tensor:
    """Apply the named policies in order, each to its own random ``share`` of the pictures.

    Below about 0.8 the generator does not learn the augmentations themselves: grey holes, shifts, odd colours (Karras
    et al. 2020, "Training generative adversarial networks with limited data", section 2.2).
    """
    for policy in policies:
        changed = POLICIES[policy](x)
        if share < 1:
            drawn = torch.rand(x.shape[0], 1, 1, 1, device=x.device) < share
            changed = torch.where(drawn, changed, x)
        x = changed
    return x
