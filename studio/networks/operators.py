"""Filtered up- and down-sampling, as in StyleGAN2 (Zhang 2019, "Making convolutional networks shift-invariant again").

All with the binomial filter [1, 3, 3, 1]. In channels-last memory a depthwise convolution applies the filter at several
times the speed of separate slices or poolings on a CPU (measured with ``tests/benchmarks``' machine, torch 2.15).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BINOMIAL = (1.0, 3.0, 3.0, 1.0)


def binomial_kernel() -> Tensor:
    """The 4x4 filter, shape (4, 4), sum 1."""
    row = torch.tensor(BINOMIAL)
    kernel = row[:, None] * row[None, :]
    return kernel / kernel.sum()


def filter2d(
    x: Tensor, kernel: Tensor, padding: tuple[int, int, int, int], *, gain: float = 1.0, down: int = 1
) -> Tensor:
    """Convolve every channel of ``x`` (n, c, h, w) with ``kernel`` (kh, kw), then keep every ``down``-th pixel.

    ``padding`` is (left, right, top, bottom), filled with zeros.
    """
    if x.dtype == torch.bfloat16 and x.device.type == "cpu":
        # A processor takes three times as long over a depthwise convolution's gradient in bf16.
        with torch.autocast("cpu", enabled=False):
            return filter2d(x.float(), kernel, padding, gain=gain, down=down).to(x.dtype)
    channels = x.shape[1]
    weight = (kernel * gain).to(x.dtype).expand(channels, 1, *kernel.shape)
    return F.conv2d(F.pad(x, padding), weight, stride=down, groups=channels)


def upsample2d(x: Tensor, kernel: Tensor) -> Tensor:
    """(n, c, h, w) -> (n, c, 2h, 2w): zeros between the pixels, then the filter with gain 4."""
    channels = x.shape[1]
    weight = (kernel * 4).to(x.dtype).expand(channels, 1, *kernel.shape)
    return F.conv_transpose2d(x, weight, stride=2, padding=1, groups=channels)


def downsample2d(x: Tensor, kernel: Tensor) -> Tensor:
    """(n, c, h, w) -> (n, c, h/2, w/2): the filter, then every second pixel."""
    return filter2d(x, kernel, (1, 1, 1, 1), down=2)


def up_conv2d(x: Tensor, weight: Tensor, kernel: Tensor) -> Tensor:
    """Up-sampling and a 3x3 convolution in one: (n, i, h, w), weight (o, i, 3, 3) -> (n, o, 2h, 2w).

    Filter and convolution commute, so the convolution runs transposed at the low resolution (a quarter of the work)
    and the filter follows.
    """
    # A transposed convolution correlates with the flipped kernel.
    flipped = weight.flip(2, 3).transpose(0, 1)
    return filter2d(F.conv_transpose2d(x, flipped, stride=2), kernel, (1, 1, 1, 1), gain=4)


def conv2d_down(x: Tensor, weight: Tensor, kernel: Tensor) -> Tensor:
    """The filter and a 3x3 convolution with stride 2: (n, i, h, w), weight (o, i, 3, 3) -> (n, o, h/2, w/2)."""
    return F.conv2d(filter2d(x, kernel, (2, 2, 2, 2)), weight, stride=2)


class FixedBuffer(nn.Module):
    """A non-persistent buffer ``kernel`` with a fixed content; it follows its owner to any device."""

    kernel: Tensor

    def content(self) -> Tensor:
        """The content of the buffer, on the CPU."""
        raise NotImplementedError


class FilterBuffer(FixedBuffer):
    """Holds the binomial filter."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", self.content(), persistent=False)

    def content(self) -> Tensor:
        """The filter, (4, 4)."""
        return binomial_kernel()


def refill(network: nn.Module) -> None:
    """Make the fixed buffers of a network that was built without memory (on the meta device)."""
    for module in network.modules():
        if isinstance(module, FixedBuffer):
            module.kernel = module.content()
