"""Getting more out of an enlarging network without teaching it anew: eight views of a picture, and agreement with it.

Eight views: "geometric self-ensemble" of Lim et al. 2017 (EDSR). Agreement: iterative back-projection, Irani and Peleg
1991.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

ROUNDS = 2
"""Times that a picture is brought nearer to agreement; the third would change a hundredth of a decibel."""
REACH = 4 * ROUNDS
"""Pixels of the small picture beyond which nothing matters to :func:`agreeing`."""


def by_eight_views(run: Callable[[Tensor], Tensor], small: Tensor) -> Tensor:
    """The mean of what ``run`` makes of ``small`` (1, 3, h, w) in all its turned and mirrored forms, turned back."""
    total: Tensor | None = None
    for across in (False, True):
        turned = small.transpose(2, 3) if across else small
        for axes in ((), (2,), (3,), (2, 3)):
            made = run(turned.flip(axes).contiguous() if axes else turned.contiguous())
            made = made.flip(axes) if axes else made
            made = made.transpose(2, 3) if across else made
            total = made if total is None else total + made
    assert total is not None
    return total / 8


def agreeing(large: Tensor, small: Tensor) -> Tensor:
    """``large`` (1, 3, sh, sw), changed little, so that made smaller by a plain cubic it is ``small`` (1, 3, h, w).

    Values are of 0..1; ``s`` is a whole number. With noise in ``small``, that comes along.
    """
    scale = large.shape[2] // small.shape[2]
    large = large.clamp(0, 1)
    for _ in range(ROUNDS):
        off = small - made_smaller(large, scale)
        large = (large + F.interpolate(off, scale_factor=scale, mode="bicubic")).clamp(0, 1)
    return large


def made_smaller(large: Tensor, scale: int) -> Tensor:
    """``large`` (1, c, sh, sw) by Keys' cubic (1981), widened so that nothing flickers, to 1/``scale`` of its size.

    As Pillow does it, but for the edges, which are repeated.
    """
    reach = 2 * scale
    places = torch.arange(-reach, reach + scale, dtype=torch.float64)
    taps = _cubic((places + 0.5) / scale - 0.5)
    taps = (taps / taps.sum()).to(large)
    channels = large.shape[1]
    padded = F.pad(large, (reach, reach, reach, reach), "replicate")
    rows = F.conv2d(padded, taps.view(1, 1, -1, 1).expand(channels, 1, -1, 1), stride=(scale, 1), groups=channels)
    return F.conv2d(rows, taps.view(1, 1, 1, -1).expand(channels, 1, 1, -1), stride=(1, scale), groups=channels)


def _cubic(x: Tensor) -> Tensor:
    """Keys' kernel with a = -1/2."""
    x = x.abs()
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return torch.where(x < 1, near, torch.where(x < 2, far, torch.zeros_like(x)))
