"""VGG-16 and VGG-19 as feature extractors (Simonyan and Zisserman, 2015, arXiv:1409.1556).

Only the convolutions: perceptual losses never need the classifier. Layers go by the names that papers use, ``conv3_2``
for a convolution and ``relu3_2`` for what follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from studio.networks.cpu.vgg import FastVGG

Architecture = Literal["vgg16", "vgg19"]
Pooling = Literal["max", "average"]

_WIDTHS = (64, 128, 256, 512, 512)
_DEPTHS: dict[str, tuple[int, ...]] = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}


def conv_names(architecture: Architecture) -> list[str]:
    """The convolutions from the input on: ``["conv1_1", "conv1_2", "conv2_1", ...]``."""
    return [f"conv{b}_{i}" for b, depth in enumerate(_DEPTHS[architecture], 1) for i in range(1, depth + 1)]


def fold_input_scaling(
    weight: Tensor, bias: Tensor, *, scale: Iterable[float], mean: Iterable[float], bgr: bool = False
) -> tuple[Tensor, Tensor]:
    """Move the input convention ``x * scale - mean`` of a first convolution into its weights.

    Parameters
    ----------
    weight, bias : of a convolution over three channels, (out, 3, k, k) and (out,).
    scale, mean : one value per input channel, in the order of the channels of ``weight``.
    bgr : the channels of ``weight`` are blue, green, red.

    Returns
    -------
    Weight and bias of the convolution that does the same to RGB in 0..1. Exact up to the border as long as the
    convolution pads by replication (zeros would mean another colour before and after).
    """
    scale_t = torch.tensor(list(scale), dtype=weight.dtype).view(1, 3, 1, 1)
    mean_t = torch.tensor(list(mean), dtype=weight.dtype).view(1, 3, 1, 1)
    folded_bias = bias - (weight * mean_t).sum((1, 2, 3))
    folded = weight * scale_t
    return (folded.flip(1) if bgr else folded), folded_bias


class VGGFeatures(nn.Module):
    """Convolutional part of a VGG, returning named layers.

    Parameters
    ----------
    architecture : "vgg16" or "vgg19".
    pooling : "max" as trained, or "average" (Gatys et al. 2015 found it smoother).

    Notes
    -----
    The first layer pads by replication: zero padding puts an edge around the picture, which style statistics then
    paint along the border.
    """

    def __init__(self, architecture: Architecture = "vgg16", pooling: Pooling = "max") -> None:
        super().__init__()
        self.architecture = architecture
        self.pooling = pooling
        self._fast: FastVGG | None = None
        self.convs = nn.ModuleDict()
        channels = 3
        for name in conv_names(architecture):
            width = _WIDTHS[int(name[4]) - 1]
            self.convs[name] = nn.Conv2d(
                channels, width, 3, padding=1, padding_mode="replicate" if channels == 3 else "zeros"
            )
            channels = width
        self.requires_grad_(False)
        self.eval()

    @property
    def layer_names(self) -> list[str]:
        """Names that :meth:`forward` understands, from shallow to deep."""
        return [name.replace("conv", "relu") for name in self.convs]

    def load_convolutions(self, tensors: Mapping[str, Tensor]) -> None:
        """Fill in weights named ``conv1_1.weight``, ``conv1_1.bias``, ... that take RGB in 0..1.

        Raises
        ------
        RuntimeError
            When a tensor is missing, superfluous or of another shape.
        """
        self.convs.load_state_dict(dict(tensors))
        self._fast = None

    def _fast_form(self, image: Tensor) -> FastVGG | None:
        """The quick form, where there is one for such pictures."""
        plain = image.device.type == "cpu" and image.dtype == torch.float32 and not torch.is_autocast_enabled("cpu")
        if not plain or self.pooling != "max":
            return None
        if self._fast is None:
            from studio.networks.cpu.vgg import FastVGG  # Numba takes half a second to import

            self._fast = FastVGG(self.convs)
        return self._fast

    def _convolved(self, name: str, x: Tensor, circular: bool) -> Tensor:
        conv = self.convs[name]
        assert isinstance(conv, nn.Conv2d)
        if circular:
            return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), conv.weight, conv.bias)
        found: Tensor = conv(x)
        return found

    def forward(self, image: Tensor, layers: Iterable[str], *, circular: bool = False) -> dict[str, Tensor]:
        """Features of ``image`` (batch, 3, height, width; RGB in 0..1) at ``layers``, e.g. ``["relu1_1", "relu4_2"]``.

        Computes no further than the deepest layer asked for. Each result is (batch, channels, height / 2**k,
        width / 2**k), rounded up, so that pictures down to one pixel pass.

        ``circular`` sees the picture as one tile of an endless repetition; sides must be multiples of what the poolings
        divide by (16 for relu5_1) for that to be exact.
        """
        wanted = set(layers)
        unknown = wanted.difference(self.layer_names)
        if unknown:
            raise ValueError(f"{self.architecture} has no layers {sorted(unknown)}")
        found: dict[str, Tensor] = {}
        fast = self._fast_form(image)
        if fast is not None:
            z = self._convolved("conv1_1", image, circular)
            return fast.features(z, sorted(wanted, key=self.layer_names.index), circular=circular)
        x = image
        for name in self.convs:
            if len(found) == len(wanted):
                break
            if name.endswith("_1") and name != "conv1_1":
                pool = F.max_pool2d if self.pooling == "max" else F.avg_pool2d
                x = pool(x, 2, ceil_mode=True)
            x = self._convolved(name, x, circular)
            x = F.relu(x, inplace=True)
            relu = name.replace("conv", "relu")
            if relu in wanted:
                found[relu] = x
        return found
