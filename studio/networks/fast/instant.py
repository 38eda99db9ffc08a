"""The transformer of instant stylizing, rearranged for processors: the same numbers in about half the time.

A processor convolves 16 or 32 channels as fast as 3 or 8, so the layers at full size are the slow ones: few channels,
many pixels. Here their pixels are gathered two by two into channels (space to depth), which turns a 9 x 9 convolution
of 3 channels into a 5 x 5 one of 12, and an enlargement with a convolution behind it into one convolution of the small
picture. Nothing is ever as large as the picture but the picture. Padding by reflection is rearranged alike.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.networks.instant import EPSILON, StyleTransformer


class FastStyleTransformer:
    """Computes what ``network`` does, for one picture at a time, without gradients."""

    def __init__(self, network: StyleTransformer) -> None:
        with torch.no_grad():
            weights = {name.removesuffix(".weight"): each for name, each in network.convs.state_dict().items()}
            self._weights = {
                "contract_0": _gathered(weights["contract_0"]),
                "contract_1": _halving(weights["contract_1"]),
                "expand_0": _enlarging(weights["expand_0"]),
                "expand_1": _enlarging(weights["expand_1"]),
                "expand_2": _gathered(weights["expand_2"]),
            }
            for name, weight in weights.items():
                if name not in self._weights and not name.endswith(".bias"):
                    self._weights[name] = weight.clone()
            self._weights = {
                name: each.contiguous(memory_format=torch.channels_last) for name, each in self._weights.items()
            }
            self._biases = {index: weights[f"contract_{index}.bias"].clone() for index in range(3)}
            self._biases[0] = self._biases[0].repeat_interleave(4)
            self._style = network.style.weight.clone(), network.style.bias.clone()
            self._widths = network.widths

    def __call__(self, image: Tensor, vector: Tensor) -> Tensor:
        """See :meth:`StyleTransformer.forward`, for a batch of one."""
        with torch.inference_mode():
            numbers = F.linear(vector, *self._style)[0].split(self._widths * 2)
            styles = iter(zip(numbers[len(self._widths) :], numbers[: len(self._widths)], strict=True))

            def normed(x: Tensor) -> Tensor:
                scale, shift = next(styles)
                if x.shape[1] == len(scale):
                    return F.batch_norm(x, None, None, scale, shift, training=True, eps=EPSILON)
                each = x.shape[1] // len(scale)
                scale, shift = scale.repeat_interleave(each), shift.repeat_interleave(each)
                return F.group_norm(x, x.shape[1] // each, scale, shift, EPSILON)

            w = self._weights
            x = F.pixel_unshuffle(F.pad(image, (4, 4, 4, 4), mode="reflect"), 2)
            x = F.conv2d(x.contiguous(memory_format=torch.channels_last), w["contract_0"], self._biases[0]).relu_()
            x = F.conv2d(F.pad(x, (1, 0, 1, 0), mode="replicate"), w["contract_1"], self._biases[1]).relu_()
            x = F.conv2d(F.pad(x, (1, 0, 1, 0), mode="reflect"), w["contract_2"], self._biases[2], 2).relu_()
            for block in range(5):
                y = normed(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), w[f"residual_{block}_0"])).relu_()
                x += normed(F.conv2d(F.pad(y, (1, 1, 1, 1), mode="reflect"), w[f"residual_{block}_1"]))
            x = normed(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), w["expand_0"])).relu_()
            x = F.pixel_shuffle(x, 2).contiguous(memory_format=torch.channels_last)
            x = normed(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), w["expand_1"])).relu_()
            x = normed(F.conv2d(_padded(x), w["expand_2"])).sigmoid_()
            return F.pixel_shuffle(x, 2)


def _gathered(weight: Tensor) -> Tensor:
    """A 9 x 9 kernel, for pixels gathered two by two on both sides: 5 x 5, four times the channels."""
    out, inside, side, _ = weight.shape
    blocks = side // 2 + 1
    result = weight.new_zeros(out, 2, 2, inside, 2, 2, blocks, blocks)
    for p in range(2):
        for q in range(2):
            for row in range(side):
                for column in range(side):
                    (a, r), (b, s) = divmod(p + row, 2), divmod(q + column, 2)
                    result[:, p, q, :, r, s, a, b] = weight[:, :, row, column]
    return result.view(4 * out, 4 * inside, blocks, blocks)


def _halving(weight: Tensor) -> Tensor:
    """A 3 x 3 kernel with stride 2 that begins one pixel before the picture, for gathered pixels: 2 x 2, stride 1."""
    out, inside, _, _ = weight.shape
    result = weight.new_zeros(out, inside, 2, 2, 2, 2)
    for row in range(3):
        for column in range(3):
            (a, r), (b, s) = divmod(row + 1, 2), divmod(column + 1, 2)
            result[:, :, r, s, a, b] = weight[:, :, row, column]
    return result.view(out, 4 * inside, 2, 2)


def _enlarging(weight: Tensor) -> Tensor:
    """A 3 x 3 kernel behind a doubling of every pixel, for the pixels before it: 3 x 3, gathered results."""
    out, inside, _, _ = weight.shape
    result = weight.new_zeros(out, 2, 2, inside, 3, 3)
    for p in range(2):
        for q in range(2):
            for row in range(3):
                for column in range(3):
                    result[:, p, q, :, (p + row + 1) // 2, (q + column + 1) // 2] += weight[:, :, row, column]
    return result.view(4 * out, inside, 3, 3)


def _padded(x: Tensor) -> Tensor:
    """Gathered pixels with 4 pixels of reflection around them, that is 2 gathered ones."""
    _, channels, height, width = x.shape
    out = x.new_empty(1, channels, height + 4, width + 4).contiguous(memory_format=torch.channels_last)
    out[:, :, 2:-2, 2:-2] = x
    parts = out.unflatten(1, (-1, 2, 2))
    # Of a pair, the first pixel is mirrored at the first pixel of its kind; the second is the mirror's neighbour.
    for odd in range(2):
        columns = parts[:, :, :, odd, 2:-2]
        for to, at in zip((1, 0, -2, -1), (3 - odd, 4 - odd, -3 - odd, -4 - odd), strict=True):
            columns[..., to] = columns[..., at]
    for odd in range(2):
        rows = parts[:, :, odd]
        for to, at in zip((1, 0, -2, -1), (3 - odd, 4 - odd, -3 - odd, -4 - odd), strict=True):
            rows[..., to, :] = rows[..., at, :]
    return out
