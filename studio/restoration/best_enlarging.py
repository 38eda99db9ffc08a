"""Getting more out of an enlarging network without teaching it anew: eight views of a picture, and agreement with it.

Eight views: "geometric self-ensemble" of Lim et al. 2017 (EDSR). Agreement: iterative back-projection, Irani and Peleg
1991; where the picture is noisy or has traces of JPEG, less of it, or these would come back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.restoration.degradation import blockiness, noise_level
from studio.restoration.resampling import Picture

ROUNDS = 2
"""Times that a picture is brought nearer to agreement; the third would change a hundredth of a decibel."""
REACH = 4 * ROUNDS
"""Pixels of the small picture beyond which nothing matters to :func:`agreeing`."""
_AROUND = 5
"""Side of the square, in pixels of the small picture, whose contrast stands against the noise."""
_DOUBT = 32.0
"""Variance of the picture, in times of the noise's, up to which it is not trusted at all. Less brings noise back, more
costs texture."""
_CLEAN, _BLOCKY = 0.15, 0.4
"""Traces of JPEG, as :func:`~studio.restoration.degradation.blockiness` has them: none, and too many for agreement."""


@dataclass(frozen=True)
class Trust:
    """How far a picture is believed, so that the larger one shall agree with it.

    Attributes
    ----------
    noise : its standard deviation, of values of 0..1.
    share : 1 for a picture without traces of JPEG, 0 for one with many.
    grey : it has no colours, and shall get none.
    """

    noise: float = 0.0
    share: float = 1.0
    grey: bool = False

    @classmethod
    def of(cls, picture: Picture) -> Trust:
        """What is to be said of ``picture``, uint8 or uint16 (h, w, 3)."""
        share = 1 - (blockiness(picture) - _CLEAN) / (_BLOCKY - _CLEAN)
        grey = bool((picture == picture[..., :1]).all())
        return cls(noise_level(picture) / 255, min(1.0, max(0.0, share)), grey)

    def across(self, small: Tensor) -> Tensor:
        """The share of agreement at each place of ``small`` (1, 3, h, w): less where it is hardly more than noise."""
        grey = small.mean(1, keepdim=True)
        if self.noise == 0:
            return torch.full_like(grey, self.share)
        mean, square = (_blurred(each) for each in (grey, grey * grey))
        variance = (square - mean * mean).clamp_min(1e-9)
        return self.share * (1 - _DOUBT * self.noise**2 / variance).clamp(0, 1)


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


def agreeing(large: Tensor, small: Tensor, trust: Trust | None = None) -> Tensor:
    """``large`` (1, 3, sh, sw), changed little, so that made smaller by a plain cubic it is ``small`` (1, 3, h, w).

    Values are of 0..1; ``s`` is a whole number. Without ``trust`` it agrees everywhere, and noise in ``small`` comes
    along, as in the first process of enlarging.
    """
    scale = large.shape[2] // small.shape[2]
    large = large.clamp(0, 1)
    share = None if trust is None else trust.across(small)
    for _ in range(ROUNDS):
        off = small - made_smaller(large, scale)
        if share is None:
            more = F.interpolate(off, scale_factor=scale, mode="bicubic")
        else:
            more = made_larger(off * share, scale)
        large = (large + more).clamp(0, 1)
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


def made_larger(small: Tensor, scale: int) -> Tensor:
    """``small`` (1, c, h, w) by Keys' cubic to ``scale`` times its size; its edges are repeated.

    Every pixel becomes scale x scale, each with weights of its own: a fraction of the time of torch's interpolation.
    """
    inside = (torch.arange(scale, dtype=torch.float64) + 0.5) / scale - 0.5
    taps = _cubic(inside[:, None] - torch.arange(-2, 3))
    weights = torch.einsum("iy,jx->ijyx", taps, taps).reshape(scale**2, 1, 5, 5).to(small)
    planes = F.pad(small.transpose(0, 1).contiguous(), (2, 2, 2, 2), "replicate")
    return F.pixel_shuffle(F.conv2d(planes, weights), scale).transpose(0, 1)


def _cubic(x: Tensor) -> Tensor:
    """Keys' kernel with a = -1/2."""
    x = x.abs()
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return torch.where(x < 1, near, torch.where(x < 2, far, torch.zeros_like(x)))


def _blurred(values: Tensor) -> Tensor:
    edge = _AROUND // 2
    return F.avg_pool2d(F.pad(values, (edge, edge, edge, edge), "replicate"), _AROUND, 1)
