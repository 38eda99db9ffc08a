"""Adaptive discriminator augmentation (Karras et al. 2020, "Training generative adversarial networks with limited
data"), written from the paper: the whole pipeline of appendix B, and the controller of section 3.1.

Pictures are (n, 3, h, w) in -1..1. Everything is differentiable with respect to them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.random_streams import RandomStream

AugmentationKind = Literal["blit", "geometry", "color", "filter", "noise", "cutout"]
AUGMENTATION_KINDS: tuple[AugmentationKind, ...] = get_args(AugmentationKind)

# The low-pass filter of the symlet with six vanishing moments: orthogonal, so a picture that is enlarged and made
# smaller again with it, without a transform between, is exactly itself.
SYM6 = (
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
    0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
    0.0017677118642428036, -0.007800708325034148,
)  # fmt: skip
# The symlet with two, for the frequency bands of the image-space filters.
SYM2 = tuple((a + b * math.sqrt(3)) / (4 * math.sqrt(2)) for a, b in ((1, 1), (3, 1), (3, -1), (1, -1)))

LOG2 = math.log(2)
LUMA = torch.full((3,), 1 / math.sqrt(3))
# How much power natural pictures have in the four bands (appendix B, from 1/f).
BAND_POWER = torch.tensor([10.0, 1.0, 1.0, 1.0]) / 13


def augment_adaptively(
    x: Tensor, p: float, kinds: Sequence[AugmentationKind] = AUGMENTATION_KINDS, random: RandomStream | None = None
) -> Tensor:
    """The pipeline of appendix B with probability ``p`` (0..1); at 0 the pictures come back as they are."""
    if p <= 0:
        return x
    random = random if random is not None else RandomStream(len(x))
    if "blit" in kinds or "geometry" in kinds:
        x = warp(x, inverse_transforms(random, p, kinds, x.shape[3], x.shape[2]))
    if "color" in kinds:
        matrices = color_transforms(random, p).to(x)
        flat = x.flatten(2)
        x = (matrices[:, :3, :3] @ flat + matrices[:, :3, 3:]).view_as(x)
    if "filter" in kinds:
        x = filter_bands(x, band_gains(random, p))
    if "noise" in kinds:
        sigma = _with_chance(random, p, random.normal(1).abs() * 0.1, 0.0).to(x)
        x = x + random.noise(x.shape, x.device).to(x) * sigma[:, :, None, None]
    return cut_out(x, random, p) if "cutout" in kinds else x


def _with_chance(random: RandomStream, p: float, values: Tensor, neutral: float | Tensor) -> Tensor:
    """``values`` (n, k), each row with probability ``p``, else ``neutral``."""
    return torch.where(random.uniform(1) < p, values, torch.as_tensor(neutral, dtype=values.dtype))


# ---- geometry


def _matrices(a: Tensor, b: Tensor, c: Tensor, d: Tensor, dx: Tensor, dy: Tensor) -> Tensor:
    """[[a, b, dx], [c, d, dy], [0, 0, 1]] for every sample, (n, 3, 3)."""
    zero, one = torch.zeros_like(a), torch.ones_like(a)
    return torch.stack([a, b, dx, c, d, dy, zero, zero, one], dim=1).view(-1, 3, 3)


def scaling(sx: Tensor, sy: Tensor) -> Tensor:
    """(n,), (n,) -> (n, 3, 3)."""
    zero = torch.zeros_like(sx)
    return _matrices(sx, zero, zero, sy, zero, zero)


def rotation(angle: Tensor) -> Tensor:
    """Radians (n,) -> (n, 3, 3); from the x axis towards the y axis, which points down in pictures."""
    zero = torch.zeros_like(angle)
    return _matrices(angle.cos(), -angle.sin(), angle.sin(), angle.cos(), zero, zero)


def shifting(dx: Tensor, dy: Tensor) -> Tensor:
    """Pixels (n,), (n,) -> (n, 3, 3)."""
    zero, one = torch.zeros_like(dx), torch.ones_like(dx)
    return _matrices(one, zero, zero, one, dx, dy)


def inverse_transforms(
    random: RandomStream, p: float, kinds: Sequence[AugmentationKind], width: int, height: int
) -> Tensor:
    """Random transforms (n, 3, 3) from a place in the augmented picture to the one it shows.

    In pixels from the centre. The random transforms T1, T2, ... follow each other, so the inverse is T1' T2' ...
    """
    inverse = torch.eye(3).expand(len(random.uniform(1)), 3, 3)
    size = torch.tensor([width, height], dtype=torch.float32)
    if "blit" in kinds:
        flip = _with_chance(random, p, random.integers(0, 2, 1).float(), 0.0)[:, 0]
        inverse = inverse @ scaling(1 - 2 * flip, torch.ones_like(flip))
        quarter = _with_chance(random, p, random.integers(0, 4, 1).float(), 0.0)[:, 0]
        inverse = inverse @ rotation(quarter * (math.pi / 2))
        shift = _with_chance(random, p, (random.uniform(2) * 2 - 1) * 0.125, 0.0)
        shift = (shift * size).round()
        inverse = inverse @ shifting(-shift[:, 0], -shift[:, 1])
    if "geometry" in kinds:
        # Rotating before and after the anisotropic scaling: together with probability p.
        p_turn = 1 - math.sqrt(1 - min(p, 1.0))
        zoom = _with_chance(random, p, (random.normal(1) * (0.2 * LOG2)).exp(), 1.0)[:, 0]
        inverse = inverse @ scaling(1 / zoom, 1 / zoom)
        inverse = inverse @ rotation(_with_chance(random, p_turn, _angles(random), 0.0)[:, 0])
        stretch = _with_chance(random, p, (random.normal(1) * (0.2 * LOG2)).exp(), 1.0)[:, 0]
        inverse = inverse @ scaling(1 / stretch, stretch)
        inverse = inverse @ rotation(_with_chance(random, p_turn, _angles(random), 0.0)[:, 0])
        shift = _with_chance(random, p, random.normal(2) * 0.125, 0.0) * size
        inverse = inverse @ shifting(-shift[:, 0], -shift[:, 1])
    return inverse


def _angles(random: RandomStream) -> Tensor:
    return (random.uniform(1) * 2 - 1) * math.pi


def warp(x: Tensor, inverse: Tensor) -> Tensor:
    """Show at every place q of the result what lies at ``inverse`` q in ``x``.

    The picture is continued by reflection, enlarged twice and made smaller again with the orthogonal filter SYM6, and
    read bilinearly at the double size: no aliasing, and the identity changes nothing.

    Parameters
    ----------
    x : (n, c, h, w).
    inverse : (n, 3, 3) on the CPU, in pixels from the centre; x right, y down.
    """
    channels, height, width = x.shape[1:]
    taps = torch.tensor(SYM6, dtype=torch.float64)
    support = len(SYM6)
    before = support // 2 - 1
    # Sample m of the picture lies at index 2 m + place of the enlarged one: the filter is not quite symmetric.
    place = float((taps * torch.arange(support)).sum() / taps.sum()) - before
    kernel = taps.to(x)
    # Indices of the enlarged picture that the last filter reads.
    columns = torch.arange(-before, 2 * width + support // 2 - 1, dtype=torch.float32)
    rows = torch.arange(-before, 2 * height + support // 2 - 1, dtype=torch.float32)
    qx, qy = (columns - place) / 2 - (width - 1) / 2, (rows - place) / 2 - (height - 1) / 2
    corners = torch.stack([qx[[0, -1, 0, -1]], qy[[0, 0, -1, -1]], torch.ones(4)])
    reached = (inverse @ corners)[:, :2].abs().amax(dim=(0, 2))
    pads = [
        min(max(math.ceil(float(reach) - (side - 1) / 2) + support // 2, 0), side - 1)
        for reach, side in zip(reached, (width, height), strict=True)
    ]
    x = F.pad(x, (pads[0], pads[0], pads[1], pads[1]), mode="reflect")
    up = (kernel * math.sqrt(2)).expand(channels, 1, support)
    x = F.conv_transpose2d(x, up[:, :, None], stride=(1, 2), groups=channels)
    x = F.conv_transpose2d(x, up[:, :, :, None], stride=(2, 1), groups=channels)

    moved = inverse.to(x.device)
    qx, qy = qx.to(x.device), qy.to(x.device)
    # (n, rows, columns): where each place of the result is read.
    px = moved[:, 0, 0, None, None] * qx + moved[:, 0, 1, None, None] * qy[:, None] + moved[:, 0, 2, None, None]
    py = moved[:, 1, 0, None, None] * qx + moved[:, 1, 1, None, None] * qy[:, None] + moved[:, 1, 2, None, None]
    ix = 2 * (px + (width - 1) / 2 + pads[0]) + place + before
    iy = 2 * (py + (height - 1) / 2 + pads[1]) + place + before
    grid = torch.stack([ix / (x.shape[3] - 1), iy / (x.shape[2] - 1)], dim=3) * 2 - 1
    x = F.grid_sample(x, grid.to(x.dtype), mode="bilinear", padding_mode="zeros", align_corners=True)

    down = (kernel / math.sqrt(2)).expand(channels, 1, support)
    x = F.conv2d(x, down[:, :, None], stride=(1, 2), groups=channels)
    return F.conv2d(x, down[:, :, :, None], stride=(2, 1), groups=channels)


# ---- colour


def color_transforms(random: RandomStream, p: float) -> Tensor:
    """Random affine transforms of the colours, (n, 4, 4): brightness, contrast, luma flip, hue, saturation."""
    n = len(random.uniform(1))
    eye = torch.eye(4).expand(n, 4, 4)
    brightness = _with_chance(random, p, random.normal(1) * 0.2, 0.0)
    matrix = eye.clone()
    matrix[:, :3, 3] = brightness
    contrast = _with_chance(random, p, (random.normal(1) * (0.5 * LOG2)).exp(), 1.0)
    matrix = _linear(contrast[:, :, None] * torch.eye(3)) @ matrix
    along = torch.outer(LUMA, LUMA)
    flip = _with_chance(random, p, random.integers(0, 2, 1).float(), 0.0)
    matrix = _linear(torch.eye(3) - 2 * flip[:, :, None] * along) @ matrix
    matrix = _linear(hue_rotation(_with_chance(random, p, _angles(random), 0.0)[:, 0])) @ matrix
    saturation = _with_chance(random, p, (random.normal(1) * LOG2).exp(), 1.0)
    return _linear(along + (torch.eye(3) - along) * saturation[:, :, None]) @ matrix


def hue_rotation(angle: Tensor) -> Tensor:
    """Rotation of the colours about the grey axis by ``angle`` (n,), (n, 3, 3): Rodrigues' formula."""
    x, y, z = LUMA.tolist()
    cross = torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    cosine, sine = angle.cos()[:, None, None], angle.sin()[:, None, None]
    return cosine * torch.eye(3) + sine * cross + (1 - cosine) * torch.outer(LUMA, LUMA)


def _linear(matrix: Tensor) -> Tensor:
    """(n, 3, 3) -> (n, 4, 4)."""
    out = torch.eye(4).repeat(len(matrix), 1, 1)
    out[:, :3, :3] = matrix
    return out


# ---- image-space filters


def band_filters() -> Tensor:
    """Zero-phase filters of the bands up to pi/8, pi/4, pi/2 and pi, (4, 43). Together they are the identity."""
    taps = torch.tensor(SYM2, dtype=torch.float64)
    low = _convolve(taps, taps.flip(0)) / 2
    high = -low
    high[len(high) // 2] += 1
    bands = []
    rest = torch.ones(1, dtype=torch.float64)
    for level in (1, 2, 4):
        bands.append(_convolve(rest, _spread(high, level)))
        rest = _convolve(rest, _spread(low, level))
    bands.append(rest)
    length = max(map(len, bands))
    centred = [F.pad(band, [(length - len(band)) // 2] * 2) for band in reversed(bands)]
    return torch.stack(centred).float()


def _convolve(a: Tensor, b: Tensor) -> Tensor:
    return F.conv1d(a.view(1, 1, -1), b.flip(0).view(1, 1, -1), padding=len(b) - 1).flatten()


def _spread(taps: Tensor, step: int) -> Tensor:
    """With ``step`` - 1 zeros between the taps."""
    out = taps.new_zeros((len(taps) - 1) * step + 1)
    out[::step] = taps
    return out


def band_gains(random: RandomStream, p: float) -> Tensor:
    """Random gains of the four bands, (n, 4): each band is changed with probability p, the power kept."""
    gains = torch.ones(len(random.uniform(1)), 4)
    for band in range(4):
        change = torch.ones_like(gains)
        change[:, band] = _with_chance(random, p, (random.normal(1) * LOG2).exp(), 1.0)[:, 0]
        gains = gains * change / (BAND_POWER * change.square()).sum(dim=1, keepdim=True).sqrt()
    return gains


def filter_bands(x: Tensor, gains: Tensor) -> Tensor:
    """Amplify the four bands of ``x`` (n, c, h, w) by ``gains`` (n, 4)."""
    n, channels, height, width = x.shape
    kernels = (gains @ band_filters()).to(x).repeat_interleave(channels, dim=0)
    reach = kernels.shape[1] // 2
    flat = x.reshape(1, n * channels, height, width)
    # Reflection reaches as far as the picture does.
    inside_x, inside_y = min(reach, width - 1), min(reach, height - 1)
    flat = F.pad(flat, (inside_x, inside_x, inside_y, inside_y), mode="reflect")
    flat = F.pad(flat, (reach - inside_x, reach - inside_x, reach - inside_y, reach - inside_y))
    flat = F.conv2d(flat, kernels[:, None, None], groups=n * channels)
    flat = F.conv2d(flat, kernels[:, None, :, None], groups=n * channels)
    return flat.view(n, channels, height, width)


# ---- corruptions


def cut_out(x: Tensor, random: RandomStream, p: float) -> Tensor:
    """Blank a rectangle of half the sides around a random centre, with probability ``p``."""
    height, width = x.shape[2:]
    half = _with_chance(random, p, torch.full((len(x), 1), 0.25), 0.0).to(x)
    centre = random.uniform(2).to(x)
    across = (torch.arange(width, device=x.device) + 0.5) / width
    down = (torch.arange(height, device=x.device) + 0.5) / height
    outside_x = (across - centre[:, :1]).abs() >= half
    outside_y = (down - centre[:, 1:]).abs() >= half
    return x * (outside_x[:, None, :] | outside_y[:, :, None])[:, None].to(x.dtype)


# ---- the controller


class Controller:
    """Keeps r_t = E sign(D(x)) at its target by moving p (section 3.1): above it the discriminator overfits.

    Attributes
    ----------
    p : the probability, 0..1.
    overfitting : r_t when it was last looked at.
    """

    INTERVAL = 4
    """Steps between two looks."""

    def __init__(self, target: float = 0.6, images: int = 500_000, p: float = 0.0) -> None:
        """``images``: how many it takes p to go from 0 to 1 (500,000 in the paper; fine-tunes want 100,000)."""
        self.target = target
        self.images = images
        self.p = p
        self.overfitting = 0.0
        self._signs = 0.0
        self._seen = 0
        self._steps = 0

    def note(self, signs: float, pictures: int) -> None:
        """Take the sum of the signs of a step's logits of ``pictures`` real pictures, and move p every few steps."""
        self._signs += signs
        self._seen += pictures
        self._steps += 1
        if self._steps < self.INTERVAL:
            return
        self.overfitting = self._signs / self._seen
        towards = (self.overfitting > self.target) - (self.overfitting < self.target)
        self.p = min(1.0, max(0.0, self.p + towards * self._seen / self.images))
        self._signs, self._seen, self._steps = 0.0, 0, 0

    def state_dict(self) -> dict[str, float]:
        """The state that a resumed run needs to go on exactly."""
        return {
            "p": self.p,
            "overfitting": self.overfitting,
            "signs": self._signs,
            "seen": self._seen,
            "steps": self._steps,
        }

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Undo :meth:`state_dict`."""
        self.p, self.overfitting, self._signs = (float(state[name]) for name in ("p", "overfitting", "signs"))
        self._seen, self._steps = int(state["seen"]), int(state["steps"])
