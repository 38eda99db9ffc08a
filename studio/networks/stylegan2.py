"""StyleGAN2 (Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN"), written from the paper.

Generator: mapping z -> w, synthesis w -> picture with modulated convolutions and noise inputs.
Discriminator: minibatch standard deviation, the label projected on the features.
Both in the paper's three architectures: *skip* (colours of every resolution are added up), *resnet* (residual blocks)
and *orig* (plain chains); *skip* generators and *resnet* discriminators are the usual ones.
Pictures are float tensors (n, 3, r, r) in about -1..1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Generic, Literal, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.networks.cpu.training_conv import conv3x3
from studio.networks.operators import FilterBuffer, conv2d_down, downsample2d, up_conv2d, upsample2d

NoiseMode = Literal["const", "random", "none"]


class NoiseSource(Protocol):
    """Draws the noise inputs in another way than a ``torch.Generator``."""

    def noise(self, shape: Sequence[int], device: torch.device) -> Tensor:
        """N(0, 1) of ``shape`` on ``device``."""
        ...


Architecture = Literal["skip", "resnet", "orig"]
ARCHITECTURES: tuple[Architecture, ...] = ("skip", "resnet", "orig")
SQRT2 = math.sqrt(2.0)


@dataclass(frozen=True)
class StyleGAN2Config:
    """Shape of a StyleGAN2 generator and its discriminator.

    ``channels(r) = min(channel_base // r, channel_max)`` feature maps at resolution r, but ``channel_min`` at least
    (for networks that have grown); ``labels`` > 0 is conditional.
    ``architecture`` is the generator's.
    ``conv_clamp`` > 0 limits every layer's output to +-conv_clamp, as networks trained in half precision expect.
    """

    resolution: int = 64
    z_dim: int = 128
    w_dim: int = 128
    labels: int = 0
    mapping_layers: int = 4
    channel_base: int = 2048
    channel_max: int = 128
    img_channels: int = 3
    conv_clamp: int = 0
    architecture: Architecture = "skip"
    channel_min: int = 0

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ValueError(f"the architecture “{self.architecture}” is unknown")
        if self.resolution < 8 or self.resolution & (self.resolution - 1):
            raise ValueError(f"resolution must be a power of two from 8 up, not {self.resolution}")

    def channels(self, resolution: int) -> int:
        """Feature maps at ``resolution``."""
        return max(min(self.channel_base // resolution, self.channel_max), self.channel_min)

    @property
    def resolutions(self) -> list[int]:
        """4, 8, ... up to the full resolution."""
        return [2**i for i in range(2, int(math.log2(self.resolution)) + 1)]

    @property
    def num_ws(self) -> int:
        """Number of layers that take a w of their own: 2 log2(resolution) - 2."""
        return 2 * int(math.log2(self.resolution)) - 2

    def to_dict(self) -> dict[str, int | str]:
        """Plain values, for a model file's header; earlier versions do not know ``channel_min``."""
        return {name: value for name, value in asdict(self).items() if value or name != "channel_min"}


def leaky(x: Tensor) -> Tensor:
    """Leaky ReLU (0.2) scaled by sqrt 2, which keeps the variance."""
    return F.leaky_relu(x, 0.2) * SQRT2


def rectified(x: Tensor, clamp: float = 0.0) -> Tensor:
    """:func:`leaky` of x / sqrt 2, in the memory of ``x``; ``clamp`` > 0 limits the result to +-clamp."""
    y = F.leaky_relu(x, 0.2, inplace=True)
    return y.clamp(-clamp, clamp) if clamp else y


class Dense(nn.Module):
    """Fully connected layer with equalised learning rate (Karras et al. 2018): weights N(0, 1), scaled at run time."""

    def __init__(
        self, inputs: int, outputs: int, *, bias: float = 0.0, lr: float = 1.0, activate: bool = False
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr)
        self.bias = nn.Parameter(torch.full((outputs,), bias / lr))
        self.gain = lr / math.sqrt(inputs)
        self.lr = lr
        self.activate = activate

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs) -> (n, outputs)."""
        y = F.linear(x, self.weight * self.gain, self.bias * self.lr)
        return leaky(y) if self.activate else y


def normalize_moment(x: Tensor) -> Tensor:
    """Scale each row to unit second moment."""
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


class StyleConfig(Protocol):
    """The description that every network with w has of itself."""

    @property
    def z_dim(self) -> int: ...
    @property
    def w_dim(self) -> int: ...
    @property
    def labels(self) -> int: ...
    @property
    def mapping_layers(self) -> int: ...
    @property
    def num_ws(self) -> int: ...
    @property
    def resolution(self) -> int: ...
    @property
    def img_channels(self) -> int: ...


class Mapping(nn.Module):
    """z (and a class) -> w. Keeps ``w_avg``, the running mean of w that truncation pulls towards."""

    w_avg: Tensor

    def __init__(self, config: StyleConfig) -> None:
        super().__init__()
        self.embed = Dense(config.labels, config.w_dim) if config.labels else None
        widths = [config.z_dim + (config.w_dim if config.labels else 0)] + [config.w_dim] * config.mapping_layers
        self.layers = nn.ModuleList(Dense(a, b, lr=0.01, activate=True) for a, b in pairwise(widths))
        self.register_buffer("w_avg", torch.zeros(config.w_dim))

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """z (n, z_dim), one-hot label (n, labels) -> w (n, w_dim)."""
        x = normalize_moment(z)
        if self.embed is not None:
            if label is None:
                raise ValueError("this network is conditional: it needs a label")
            x = torch.cat([x, normalize_moment(self.embed(label))], dim=1)
        for layer in self.layers:
            x = layer(x)
        return x

    def track(self, w: Tensor, beta: float = 0.998) -> None:
        """Move ``w_avg`` towards the mean of a training batch."""
        self.w_avg.lerp_(w.detach().mean(dim=0), 1 - beta)


class ModulatedConv(nn.Module):
    """Modulated, demodulated 3x3 convolution, optionally up-sampling, with noise, bias and leaky ReLU.

    Modulation scales the input features and demodulation the output features instead of the weights, so that one
    ordinary convolution serves the whole batch.
    """

    noise_const: Tensor

    def __init__(
        self, inputs: int, outputs: int, w_dim: int, resolution: int, *, up: bool = False, clamp: float = 0.0
    ) -> None:
        super().__init__()
        self.up = up
        self.clamp = clamp
        self.resolution = resolution
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.randn(resolution, resolution))
        self.filter = FilterBuffer() if up else None

    def forward(
        self,
        x: Tensor,
        w: Tensor,
        noise_mode: NoiseMode = "random",
        noise_gain: float = 1.0,
        generator: torch.Generator | NoiseSource | None = None,
    ) -> Tensor:
        """x (n, inputs, h, h), w (n, w_dim) -> (n, outputs, resolution, resolution)."""
        styles = self.affine(w)
        demod = (styles.square() @ self.weight.square().sum(dim=(2, 3)).t() + 1e-8).rsqrt()
        x = x * styles[:, :, None, None].to(x.dtype)
        x = up_conv2d(x, self.weight, self.filter.kernel) if self.filter else conv3x3(x, self.weight)
        # The activation's gain comes before it: there it costs no pass over the features of its own.
        x = x * (demod * SQRT2)[:, :, None, None].to(x.dtype)
        strength = self.noise_strength * (noise_gain * SQRT2)
        if noise_mode == "const":
            x = x + (self.noise_const * strength).to(x.dtype)
        elif noise_mode == "random":
            # Drawn on the generator's own device: the same seed gives the same noise on every device.
            shape = (x.shape[0], 1, self.resolution, self.resolution)
            if generator is None or isinstance(generator, torch.Generator):
                device = generator.device if generator is not None else x.device
                noise = torch.randn(shape, generator=generator, device=device).to(x)
            else:
                noise = generator.noise(shape, x.device).to(x)
            x = x + (noise * strength).to(x.dtype)
        return rectified(x + (self.bias * SQRT2)[:, None, None].to(x.dtype), self.clamp)


class ToRGB(nn.Module):
    """Modulated 1x1 convolution to colours, without demodulation."""

    def __init__(self, inputs: int, w_dim: int, img_channels: int, clamp: float = 0.0) -> None:
        super().__init__()
        self.clamp = clamp
        self.affine = Dense(w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(img_channels, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(img_channels))
        self.gain = 1 / math.sqrt(inputs)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """x (n, inputs, r, r), w (n, w_dim) -> (n, img_channels, r, r)."""
        styles = self.affine(w) * self.gain
        y = F.conv2d(x * styles[:, :, None, None], self.weight, self.bias)
        return y.clamp(-self.clamp, self.clamp) if self.clamp else y


class Shortcut(nn.Module):
    """The residual generator's way past a block: 1x1 convolution and up-sampling."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 1, 1))
        self.filter = FilterBuffer()

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs, r, r) -> (n, outputs, 2r, 2r)."""
        # The two commute; this way round the convolution has a quarter of the pixels.
        return upsample2d(F.conv2d(x, self.weight / math.sqrt(self.weight.shape[1])), self.filter.kernel)


class SynthesisBlock(nn.Module):
    """One resolution: up-sampling convolution (none at 4x4), convolution, colours where the architecture has them."""

    def __init__(self, config: StyleGAN2Config, resolution: int) -> None:
        super().__init__()
        outputs = config.channels(resolution)
        skip = config.architecture == "skip"
        self.shortcut: Shortcut | None = None
        if resolution == 4:
            self.const = nn.Parameter(torch.randn(outputs, 4, 4))
            self.conv0 = None
        else:
            inputs = config.channels(resolution // 2)
            self.conv0 = ModulatedConv(inputs, outputs, config.w_dim, resolution, up=True, clamp=config.conv_clamp)
            if skip:
                self.filter = FilterBuffer()
            if config.architecture == "resnet":
                self.shortcut = Shortcut(inputs, outputs)
        self.conv1 = ModulatedConv(outputs, outputs, config.w_dim, resolution, clamp=config.conv_clamp)
        self.to_rgb = (
            ToRGB(outputs, config.w_dim, config.img_channels, config.conv_clamp)
            if skip or resolution == config.resolution
            else None
        )

    @property
    def num_convs(self) -> int:
        """Convolutions that take a w, the colour layer not counted."""
        return 1 if self.conv0 is None else 2


class Synthesis(nn.Module):
    """w for every layer -> picture."""

    def __init__(self, config: StyleGAN2Config) -> None:
        super().__init__()
        self.config = config
        self.blocks = nn.ModuleDict({str(r): SynthesisBlock(config, r) for r in config.resolutions})

    def forward(
        self,
        ws: Tensor,
        *,
        noise_mode: NoiseMode = "random",
        noise_gain: float = 1.0,
        generator: torch.Generator | NoiseSource | None = None,
    ) -> Tensor:
        """ws (n, num_ws, w_dim) -> (n, img_channels, resolution, resolution), about -1..1."""
        img: Tensor | None = None
        for _, colours in self._grow(ws, noise_mode, noise_gain, generator):
            img = colours
        assert img is not None
        return img

    def features(
        self,
        ws: Tensor,
        sides: Sequence[int],
        *,
        noise_mode: NoiseMode = "const",
        noise_gain: float = 1.0,
        generator: torch.Generator | NoiseSource | None = None,
    ) -> list[Tensor]:
        """Feature maps of the last block that is not finer than each of ``sides``, the coarsest first: (n, c, r, r).

        They cover the picture exactly; finer blocks are not computed. Only the first 2 log2(r) - 3 of ``ws`` have a
        part in them.
        """
        found = []
        wanted = sorted(sides)
        for x, _ in self._grow(ws, noise_mode, noise_gain, generator, colours=False):
            while wanted and 2 * x.shape[-1] > wanted[0]:
                found.append(x)
                del wanted[0]
            if not wanted:
                break
        return found + [x] * len(wanted)

    def _grow(
        self,
        ws: Tensor,
        noise_mode: NoiseMode,
        noise_gain: float,
        generator: torch.Generator | NoiseSource | None,
        *,
        colours: bool = True,
    ) -> Iterator[tuple[Tensor, Tensor | None]]:
        """Features and, unless they are not wanted, colours after every block, the coarsest first."""
        x: Tensor | None = None
        img: Tensor | None = None
        index = 0
        noise = (noise_mode, noise_gain, generator)
        for block in self.blocks.values():
            assert isinstance(block, SynthesisBlock)
            past: Tensor | None = None
            if block.conv0 is None:
                x = block.const.expand(ws.shape[0], -1, -1, -1).contiguous(memory_format=torch.channels_last)
            else:
                assert x is not None
                if block.shortcut is not None:
                    past = block.shortcut(x)
                x = block.conv0(x, ws[:, index], *noise)
            assert x is not None
            last = index + block.num_convs
            x = block.conv1(x, ws[:, last - 1], *noise)
            if past is not None:
                # Both ways together keep the variance.
                x = (x + past) / SQRT2
            if colours and block.to_rgb is not None:
                rgb = block.to_rgb(x, ws[:, last])
                img = rgb if img is None else upsample2d(img, block.filter.kernel) + rgb
            index = last
            yield x, img


Config = TypeVar("Config", bound=StyleConfig)


class StyleGenerator(nn.Module, Generic[Config]):
    """A generator with an intermediate latent w: mapping and truncation trick; subclasses bring ``synthesis``."""

    synthesis: nn.Module

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.mapping = Mapping(config)

    def w_to_ws(self, w: Tensor, truncation: float = 1.0, cutoff: int | None = None) -> Tensor:
        """w (n, w_dim) -> ws (n, num_ws, w_dim), the first ``cutoff`` layers pulled towards ``w_avg`` by psi."""
        ws = w[:, None].expand(-1, self.config.num_ws, -1)
        return self.truncate(ws, truncation, cutoff)

    def truncate(self, ws: Tensor, truncation: float, cutoff: int | None = None) -> Tensor:
        """Truncation trick: w_avg + psi (w - w_avg) on the first ``cutoff`` layers (None: all)."""
        if truncation == 1.0:
            return ws
        cutoff = ws.shape[1] if cutoff is None else cutoff
        head = self.mapping.w_avg.lerp(ws[:, :cutoff], truncation)
        return torch.cat([head, ws[:, cutoff:]], dim=1)

    def forward(self, z: Tensor, label: Tensor | None = None, *, truncation: float = 1.0, **noise: object) -> Tensor:
        """z (n, z_dim) -> pictures (n, img_channels, resolution, resolution)."""
        picture: Tensor = self.synthesis(self.w_to_ws(self.mapping(z, label), truncation), **noise)
        return picture


class Generator(StyleGenerator[StyleGAN2Config]):
    """Mapping and synthesis together."""

    synthesis: Synthesis

    def __init__(self, config: StyleGAN2Config) -> None:
        super().__init__(config)
        self.synthesis = Synthesis(config)


class Conv(nn.Module):
    """Convolution of the discriminator with equalised learning rate, optional filtered down-sampling."""

    def __init__(
        self, inputs: int, outputs: int, size: int, *, down: bool = False, activate: bool = True, clamp: float = 0.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs)) if activate else None
        self.gain = 1 / math.sqrt(inputs * size * size)
        self.size = size
        self.clamp = clamp
        self.filter = FilterBuffer() if down else None

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs, h, w) -> (n, outputs, h, w), halved when down-sampling."""
        weight = self.weight * (self.gain if self.bias is None else self.gain * SQRT2)
        if self.filter is None:
            x = conv3x3(x, weight) if self.size == 3 else F.conv2d(x, weight)
        elif self.size == 1:
            x = F.conv2d(downsample2d(x, self.filter.kernel), weight)
        else:
            x = conv2d_down(x, weight, self.filter.kernel)
        return x if self.bias is None else rectified(x + (self.bias * SQRT2)[:, None, None].to(x.dtype), self.clamp)


class DownBlock(nn.Module):
    """Two convolutions, halving the resolution; with a shortcut in the *resnet* architecture."""

    def __init__(self, inputs: int, outputs: int, *, residual: bool = True, clamp: float = 0.0) -> None:
        super().__init__()
        self.conv0 = Conv(inputs, inputs, 3, clamp=clamp)
        self.conv1 = Conv(inputs, outputs, 3, down=True, clamp=clamp)
        self.skip = Conv(inputs, outputs, 1, down=True, activate=False) if residual else None

    def forward(self, x: Tensor) -> Tensor:
        """(n, inputs, h, w) -> (n, outputs, h/2, w/2)."""
        y: Tensor = self.conv1(self.conv0(x))
        return y if self.skip is None else (y + self.skip(x)) / SQRT2


def minibatch_std(x: Tensor, group: int = 4) -> Tensor:
    """Append the standard deviation over groups of the batch as one more feature (Karras et al. 2018)."""
    n, c, h, w = x.shape
    group = math.gcd(n, group)
    y = x.reshape(group, -1, c, h, w)
    y = (y.var(dim=0, unbiased=False) + 1e-8).sqrt().mean(dim=(1, 2, 3))
    return torch.cat([x, y.reshape(-1, 1, 1, 1).repeat(group, 1, h, w)], dim=1)


class Discriminator(nn.Module):
    """The discriminator that goes with a generator's config; conditional ones project the label on the features.

    ``architecture`` is its own: *skip* reads the picture at every resolution, *resnet* and *orig* at the full one.
    ``group`` pictures share a minibatch standard deviation.
    """

    def __init__(self, config: StyleGAN2Config, architecture: Architecture = "resnet", *, group: int = 4) -> None:
        super().__init__()
        self.config = config
        self.architecture = architecture
        self.group = group
        clamp = config.conv_clamp
        top_down = config.resolutions[::-1]
        self.from_rgb = Conv(config.img_channels, config.channels(config.resolution), 1, clamp=clamp)
        self.blocks = nn.ModuleList(
            DownBlock(config.channels(r), config.channels(r // 2), residual=architecture == "resnet", clamp=clamp)
            for r in top_down
            if r > 4
        )
        # The picture at every lower resolution, for *skip*.
        self.colours = nn.ModuleList(
            Conv(config.img_channels, config.channels(r), 1, clamp=clamp if r > 4 else 0.0)
            for r in top_down[1:]
            if architecture == "skip"
        )
        self.filter = FilterBuffer() if architecture == "skip" else None
        last = config.channels(4)
        self.conv = Conv(last + 1, last, 3, clamp=clamp)
        self.dense = Dense(last * 16, last, activate=True)
        self.out = Dense(last, last if config.labels else 1)
        self.embed = LabelMapping(config.labels, last) if config.labels else None

    def layers_from_picture(self) -> list[nn.Module]:
        """The layers in the order in which the picture meets them, for freezing the first ones (Mo et al. 2020)."""
        found: list[nn.Module] = [self.from_rgb]
        for block in self.blocks:
            assert isinstance(block, DownBlock)
            found += [layer for layer in (block.conv0, block.conv1, block.skip) if layer is not None]
        return [*found, self.conv, self.dense]

    def forward(self, img: Tensor, label: Tensor | None = None) -> Tensor:
        """(n, img_channels, r, r) -> logits (n, 1)."""
        img = img.contiguous(memory_format=torch.channels_last)
        x = self.from_rgb(img)
        for index, block in enumerate(self.blocks):
            x = block(x)
            if self.filter is not None:
                img = downsample2d(img, self.filter.kernel)
                x = x + self.colours[index](img)
        # The last layers compare the pictures of a batch: 16 bits would be too coarse.
        with torch.autocast(x.device.type, enabled=False):
            x = self.conv(minibatch_std(x.float(), self.group))
            x = self.out(self.dense(x.flatten(1)))
        if self.embed is not None:
            if label is None:
                raise ValueError("this network is conditional: it needs a label")
            projection = self.embed(label)
            x = (x * projection).sum(dim=1, keepdim=True) / math.sqrt(projection.shape[1])
        return x


class LabelMapping(nn.Module):
    """The discriminator's mapping of a label to the vector its features are projected on."""

    def __init__(self, labels: int, width: int, layers: int = 8) -> None:
        super().__init__()
        self.embed = Dense(labels, width)
        self.layers = nn.ModuleList(Dense(width, width, lr=0.01, activate=True) for _ in range(layers))

    def forward(self, label: Tensor) -> Tensor:
        """One-hot label (n, labels) -> (n, width)."""
        x = normalize_moment(self.embed(label))
        for layer in self.layers:
            x = layer(x)
        return x
