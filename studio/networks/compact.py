"""A small enlarging network: convolutions at the size of the given picture, and one shuffle of pixels at the end.

The shape is that of "SRVGGNetCompact" (Wang et al. 2021, Real-ESRGAN; BSD-3), whose tensors carry the same names, so
that other programs open the network; the code is our own.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CompactEnlarger(nn.Module):
    """A network that enlarges (n, 3, h, w) in 0..1 to (n, 3, scale h, scale w): what it adds to the nearest pixel.

    ``width`` channels, ``depth`` convolutions between the first and the last, each with its own slopes below zero.
    """

    def __init__(self, width: int, depth: int, scale: int) -> None:
        super().__init__()
        self.width, self.depth, self.scale = width, depth, scale
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.PReLU(width)]
        for _ in range(depth):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.PReLU(width)]
        layers.append(nn.Conv2d(width, 3 * scale * scale, 3, padding=1))
        self.body = nn.ModuleList(layers)

    @property
    def reach(self) -> int:
        """Distance in pixels from which a pixel can be changed."""
        return self.depth + 2

    def forward(self, picture: Tensor) -> Tensor:
        """Return the enlarged picture; it may leave 0..1 a little."""
        x = picture
        for layer in self.body:
            x = layer(x)
        nearest = F.interpolate(picture, scale_factor=float(self.scale), mode="nearest")
        return F.pixel_shuffle(x, self.scale) + nearest


def compact_from(tensors: dict[str, Tensor]) -> CompactEnlarger:
    """Return the network that a state dict describes: its shape is read from the tensors'.

    Raises
    ------
    KeyError, ValueError, RuntimeError
        The tensors are not those of such a network.
    """
    last = max(int(name.split(".")[1]) for name in tensors)
    width = tensors["body.0.weight"].shape[0]
    scale = round((tensors[f"body.{last}.weight"].shape[0] / 3) ** 0.5)
    network = CompactEnlarger(width, last // 2 - 1, scale)
    network.load_state_dict({name: value.float() for name, value in tensors.items()})
    return network.eval()


def start_as_interpolation(network: CompactEnlarger) -> None:
    """Set the weights so that the network begins as a cubic interpolation (its taps within 3 x 3), and learns the rest.

    Three channels carry the picture through all layers; the others begin small and may do as they like.
    """
    scale = network.scale
    with torch.no_grad():
        convolutions = [layer for layer in network.body if isinstance(layer, nn.Conv2d)]
        for layer in convolutions[:-1]:
            layer.weight[:3] = 0
            for channel in range(3):
                layer.weight[channel, channel, 1, 1] = 1
            assert layer.bias is not None
            layer.bias.zero_()
        last = convolutions[-1]
        assert last.bias is not None
        last.bias.zero_()
        last.weight.mul_(0.1)
        last.weight[:, :3] = 0
        for row in range(scale):
            for column in range(scale):
                taps = torch.outer(_cubic_taps(row, scale), _cubic_taps(column, scale))
                taps[1, 1] -= 1
                for channel in range(3):
                    last.weight[channel * scale * scale + row * scale + column, channel] = taps


def _cubic_taps(index: int, scale: int) -> Tensor:
    """The weights of the pixel before, at and after, for the ``index``-th of ``scale`` new pixels (Catmull-Rom)."""
    place = (index + 0.5) / scale - 0.5
    distance = (torch.arange(-1, 2) - place).abs()
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    taps = torch.where(distance < 1, near, torch.where(distance < 2, far, torch.zeros(3)))
    return taps / taps.sum()
