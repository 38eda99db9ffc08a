"""StyleGAN3 generators (Karras et al. 2021, "Alias-free generative adversarial networks"), written from the paper.

Signals are band-limited at every layer: the picture's details stick to the surfaces they belong to, not to the pixels.
Configuration T (translation) has 3x3 convolutions and separable filters, R (rotation) 1x1 convolutions, twice the
channels and radially symmetric down-sampling filters. There are no noise inputs.
Pictures are float tensors (n, img_channels, r, r) in about -1..1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.networks.operators import FixedBuffer
from studio.networks.stylegan2 import SQRT2, Dense, StyleGenerator

MAX_LAYERS = 64


@dataclass(frozen=True)
class StyleGAN3Config:
    """Shape of a StyleGAN3 generator; the defaults are those of configuration T.

    Attributes
    ----------
    num_layers : layers besides the Fourier features and the colour layer.
    num_critical : layers at the end that are sampled critically (their cutoff is the Nyquist frequency).
    first_cutoff, first_stopband : of the first layer, in cycles over the picture.
    last_stopband_rel : the last layer's stopband over its cutoff.
    margin : pixels around the picture on each side, so that its border is not seen by the convolutions.
    conv_kernel : 3 (T) or 1 (R).
    radial_filters : radially symmetric down-sampling (R).
    filter_size : taps of a filter per sampling factor.
    """

    resolution: int = 256
    z_dim: int = 512
    w_dim: int = 512
    labels: int = 0
    mapping_layers: int = 2
    channel_base: int = 32768
    channel_max: int = 512
    img_channels: int = 3
    num_layers: int = 14
    num_critical: int = 2
    first_cutoff: float = 2.0
    first_stopband: float = 2**2.1
    last_stopband_rel: float = 2**0.3
    margin: int = 10
    output_scale: float = 0.25
    conv_kernel: int = 3
    filter_size: int = 6
    radial_filters: bool = False
    conv_clamp: int = 256

    def __post_init__(self) -> None:
        if self.resolution < 16 or self.resolution & (self.resolution - 1):
            raise ValueError(f"resolution must be a power of two from 16 up, not {self.resolution}")
        if not 0 <= self.num_critical < self.num_layers <= MAX_LAYERS:
            raise ValueError(f"{self.num_layers} layers, {self.num_critical} of them critical, make no network")
        if self.conv_kernel not in (1, 3) or not 1 <= self.filter_size <= 16 or not 0 <= self.margin <= 64:
            raise ValueError("its filters are not those of StyleGAN3")
        # Frequencies grow from layer to layer, and end a little above what a picture of this size can show.
        last = self.resolution / 2
        if not (
            0 < self.first_cutoff < self.first_stopband
            and 1 < self.last_stopband_rel <= 4
            and self.first_cutoff <= last
            and self.first_stopband <= last * self.last_stopband_rel
        ):
            raise ValueError("its frequencies are not those of StyleGAN3")
        if not 0 < self.output_scale <= 100 or min(band.channels for band in self.bands()) < 1:
            raise ValueError("its layers are empty, or its colours have no scale")

    @property
    def num_ws(self) -> int:
        """Number of layers that take a w of their own: the Fourier features, every layer and the colours."""
        return self.num_layers + 2

    def to_dict(self) -> dict[str, int | float | bool]:
        """Plain values, for a model file's header."""
        return asdict(self)

    def bands(self) -> list[Band]:
        """Frequencies and sizes after every layer, the colour layer last (appendix C.1 of the paper)."""
        bands = []
        last_cutoff = self.resolution / 2
        last_stopband = last_cutoff * self.last_stopband_rel
        for index in range(self.num_layers + 1):
            amount = min(index / (self.num_layers - self.num_critical), 1.0)
            cutoff = self.first_cutoff * (last_cutoff / self.first_cutoff) ** amount
            stopband = self.first_stopband * (last_stopband / self.first_stopband) ** amount
            rate = 2 ** math.ceil(math.log2(min(stopband * 2, self.resolution)))
            # The margin goes with the last two layers, which leave the picture alone.
            inside = index >= self.num_layers - 1
            bands.append(
                Band(
                    rate=rate,
                    cutoff=cutoff,
                    half_width=max(stopband, rate / 2) - cutoff,
                    size=self.resolution if inside else rate + 2 * self.margin,
                    channels=(
                        self.img_channels
                        if index == self.num_layers
                        else round(min(self.channel_base / 2 / cutoff, self.channel_max))
                    ),
                )
            )
        return bands


@dataclass(frozen=True)
class Band:
    """A band-limited signal: sampling ``rate`` and ``cutoff`` in units of the picture's width, the half of the filter's
    transition band, the ``size`` of its grid in samples (margin included), and its ``channels``."""

    rate: int
    cutoff: float
    half_width: float
    size: int
    channels: int


def kaiser_beta(taps: int, width: float) -> float:
    """Kaiser's shape parameter for a filter with that many taps and a transition band of ``width`` (1: Nyquist)."""
    attenuation = 2.285 * (taps - 1) * math.pi * width + 7.95
    if attenuation > 50:
        return 0.1102 * (attenuation - 8.7)
    if attenuation > 21:
        return 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21)
    return 0.0


def lowpass(taps: int, cutoff: float, width: float, rate: float, *, radial: bool = False) -> Tensor:
    """A Kaiser-windowed low-pass filter with sum 1.

    Parameters
    ----------
    cutoff, width, rate : cutoff frequency, width of the transition band and sampling rate, in the same unit.
    radial : the two-dimensional, radially symmetric form (jinc) instead of the separable one (sinc).

    Returns
    -------
    float32 (taps,), or (taps, taps) when radial.
    """
    options = {"dtype": torch.float64, "device": "cpu"}
    beta = kaiser_beta(taps, width / (rate / 2))
    window = torch.kaiser_window(taps, periodic=False, beta=beta, **options)  # type: ignore[call-overload]
    place = (torch.arange(taps, **options) - (taps - 1) / 2) / rate  # type: ignore[call-overload]
    if radial:
        radius = torch.hypot(place[:, None], place[None, :])
        window = window[:, None] * window[None, :]
        # The limit at the centre, where an odd number of taps has one.
        kernel = torch.where(
            radius == 0,
            cutoff**2 * math.pi,
            cutoff * torch.special.bessel_j1(2 * math.pi * cutoff * radius) / radius.clamp(min=1e-12),
        )
    else:
        kernel = 2 * cutoff * torch.sinc(2 * cutoff * place)
    kernel = kernel * window
    return (kernel / kernel.sum()).float()


class Lowpass(FixedBuffer):
    """Holds a low-pass filter as a non-persistent buffer."""

    def __init__(self, taps: int, cutoff: float, width: float, rate: float, *, radial: bool = False) -> None:
        super().__init__()
        self.design = (taps, cutoff, width, rate)
        self.radial = radial
        self.register_buffer("kernel", self.content(), persistent=False)

    def content(self) -> Tensor:
        """The filter as :func:`lowpass` designs it."""
        taps, cutoff, width, rate = self.design
        return lowpass(taps, cutoff, width, rate, radial=self.radial)


def interpolate2d(x: Tensor, kernel: Tensor, up: int, pad: tuple[int, int]) -> Tensor:
    """Insert ``up`` - 1 zeros after every sample, pad ``pad`` (low, high; negative crops) and filter separably.

    x (n, c, h, w), kernel (taps,), gain ``up`` per axis. Computed as ``up`` short filters, one for each place between
    two samples, so that the zeros are never multiplied.
    """
    low, high = pad
    taps = len(kernel)
    length = x.shape[3] * up + low + high - taps + 1
    for axis in (2, 3):
        phases = []
        for phase in range(up):
            # Output sample i covers padded samples i .. i+taps-1, of which those at multiples of `up` are not zero.
            first = (low - phase) % up
            short = kernel.flip(0)[first::up] * up
            begin = (phase + first - low) // up
            count = -(-(length - phase) // up)
            end = begin + count + len(short) - 1
            spread = [0, 0, 0, 0]
            spread[2 * (3 - axis)] = -begin
            spread[2 * (3 - axis) + 1] = end - x.shape[axis]
            shape = (-1, 1) if axis == 2 else (1, -1)
            phases.append(_depthwise(F.pad(x, spread), short.view(shape)))
        x = _interleave(phases, axis, length)
    return x


def _interleave(phases: list[Tensor], axis: int, length: int) -> Tensor:
    shape = list(phases[0].shape)
    shape[axis] = length
    first = phases[0]
    last = first.is_contiguous(memory_format=torch.channels_last)
    layout = torch.channels_last if last else torch.contiguous_format
    mixed = torch.empty(shape, dtype=first.dtype, device=first.device, memory_format=layout)
    for number, phase in enumerate(phases):
        if axis == 2:
            mixed[:, :, number :: len(phases)] = phase
        else:
            mixed[:, :, :, number :: len(phases)] = phase
    return mixed


def _depthwise(x: Tensor, kernel: Tensor, stride: tuple[int, int] = (1, 1)) -> Tensor:
    channels = x.shape[1]
    weight = kernel.to(x.dtype).expand(channels, 1, *kernel.shape)
    return F.conv2d(x, weight, stride=stride, groups=channels)


def decimate2d(x: Tensor, kernel: Tensor, down: int) -> Tensor:
    """Filter with ``kernel`` (taps,) separably or (taps, taps), keep every ``down``-th sample: no padding."""
    if kernel.dim() == 2:
        return _depthwise(x, kernel, (down, down))
    x = _depthwise(x, kernel.view(-1, 1), (down, 1))
    return _depthwise(x, kernel.view(1, -1), (1, down))


class FourierFeatures(nn.Module):
    """The input: sine waves over the plane, turned and shifted by w, mixed by a learned matrix."""

    freqs: Tensor
    phases: Tensor
    transform: Tensor

    def __init__(self, w_dim: int, band: Band) -> None:
        super().__init__()
        self.band = band
        channels = band.channels
        freqs = torch.randn(channels, 2)
        radii = freqs.norm(dim=1, keepdim=True)
        # Uniform over a disc of the layer's bandwidth.
        self.register_buffer("freqs", freqs / (radii * radii.square().exp().pow(0.25)) * band.cutoff)
        self.register_buffer("phases", torch.rand(channels) - 0.5)
        self.register_buffer("transform", torch.eye(3))
        self.weight = nn.Parameter(torch.randn(channels, channels))
        self.affine = Dense(w_dim, 4)
        nn.init.zeros_(self.affine.weight)
        nn.init.ones_(self.affine.bias[:1].detach())

    def forward(self, w: Tensor) -> Tensor:
        """w (n, w_dim) -> (n, channels, size, size)."""
        t = self.affine(w)
        t = t / t[:, :2].norm(dim=1, keepdim=True)
        cosine, sine, dx, dy = t.unbind(dim=1)
        zero, one = torch.zeros_like(cosine), torch.ones_like(cosine)
        turn = torch.stack([cosine, -sine, zero, sine, cosine, zero, zero, zero, one], dim=1).view(-1, 3, 3)
        shift = torch.stack([one, zero, -dx, zero, one, -dy, zero, zero, one], dim=1).view(-1, 3, 3)
        plane = turn @ shift @ self.transform
        phases = self.phases + (self.freqs @ plane[:, :2, 2:]).squeeze(2)
        freqs = self.freqs @ plane[:, :2, :2]
        # A transform of the user's that shrinks the picture would bring in frequencies that the grid cannot hold.
        over = (freqs.norm(dim=2) - self.band.cutoff) / (self.band.rate / 2 - self.band.cutoff)
        amplitudes = (1 - over).clamp(0, 1)
        size, rate = self.band.size, self.band.rate
        places = (torch.arange(size, device=w.device, dtype=w.dtype) + 0.5 - size / 2) / rate
        # x of the grid varies along the last axis, and is the first coordinate of a frequency.
        waves = freqs[:, None, None, :, 0] * places[None, None, :, None]
        waves = waves + freqs[:, None, None, :, 1] * places[None, :, None, None] + phases[:, None, None]
        x = torch.sin(waves * (2 * math.pi)) * amplitudes[:, None, None]
        return (x @ (self.weight / math.sqrt(self.band.channels)).t()).permute(0, 3, 1, 2)


class Layer(nn.Module):
    """Modulated convolution, then the leaky ReLU at twice the sampling rate between two low-pass filters; the colour
    layer convolves only."""

    magnitude_ema: Tensor

    def __init__(self, config: StyleGAN3Config, index: int, before: Band, after: Band) -> None:
        super().__init__()
        self.colours = index == config.num_layers
        self.clamp = config.conv_clamp
        kernel = 1 if self.colours else config.conv_kernel
        self.affine = Dense(config.w_dim, before.channels, bias=1.0)
        self.weight = nn.Parameter(torch.randn(after.channels, before.channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(after.channels))
        self.register_buffer("magnitude_ema", torch.ones(()))
        rate = max(before.rate, after.rate) * (1 if self.colours else 2)
        self.up, self.down = rate // before.rate, rate // after.rate
        self.up_filter: Lowpass | None = None
        self.down_filter: Lowpass | None = None
        self.padding = (0, 0)
        if self.colours:
            return
        radial = config.radial_filters and index < config.num_layers - config.num_critical
        up_taps, down_taps = config.filter_size * self.up, config.filter_size * self.down
        self.up_filter = Lowpass(up_taps, before.cutoff, 2 * before.half_width, rate)
        self.down_filter = Lowpass(down_taps, after.cutoff, 2 * after.half_width, rate, radial=radial)
        total = (after.size - 1) * self.down + 1 - (before.size + kernel - 1) * self.up + up_taps + down_taps - 2
        # Sample positions are those of pixel centres (appendix C.3).
        low = (total + self.up) // 2
        self.padding = (low, total - low)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """x (n, inputs, before.size, before.size), w (n, w_dim) -> (n, outputs, after.size, after.size)."""
        styles = self.affine(w)
        weight: Tensor = self.weight
        if self.colours:
            styles = styles / math.sqrt(weight[0].numel())
            gains = None
        else:
            weight = weight * weight.square().mean(dim=(1, 2, 3), keepdim=True).rsqrt()
            styles = styles * styles.square().mean(dim=1, keepdim=True).rsqrt()
            gains = (styles.square() @ weight.square().sum(dim=(2, 3)).t() + 1e-8).rsqrt()
        # The convolution is linear in the weights: scaling features does the same, for a whole batch at once.
        x = x * (styles * self.magnitude_ema.rsqrt())[:, :, None, None]
        x = F.conv2d(x, weight, padding=weight.shape[-1] - 1)
        if gains is not None:
            x = x * gains[:, :, None, None]
        x = x + self.bias[:, None, None]
        if self.up_filter is not None:
            x = F.leaky_relu(interpolate2d(x, self.up_filter.kernel, self.up, self.padding), 0.2) * SQRT2
        if self.clamp:
            x = x.clamp(-self.clamp, self.clamp)
        return decimate2d(x, self.down_filter.kernel, self.down) if self.down_filter is not None else x


class Synthesis(nn.Module):
    """w for every layer -> picture."""

    def __init__(self, config: StyleGAN3Config) -> None:
        super().__init__()
        self.config = config
        bands = config.bands()
        self.input = FourierFeatures(config.w_dim, bands[0])
        self.layers = nn.ModuleList(
            Layer(config, index, bands[max(index - 1, 0)], after) for index, after in enumerate(bands)
        )

    def forward(self, ws: Tensor, **_noise: object) -> Tensor:
        """ws (n, num_ws, w_dim) -> (n, img_channels, resolution, resolution), about -1..1.

        Settings of noise inputs, which other networks have, are taken and have no effect.
        """
        x = self.input(ws[:, 0]).contiguous(memory_format=torch.channels_last)
        for index, layer in enumerate(self.layers):
            x = layer(x, ws[:, index + 1])
        return x * self.config.output_scale

    def features(self, ws: Tensor, sides: Sequence[int], **_noise: object) -> list[Tensor]:
        """Feature maps of the last layer before the colours that is sampled no finer than each of ``sides``.

        The coarsest first, (n, c, rate, rate). They cover the picture exactly: the margin around it is cut off. Finer
        layers are not computed.
        """
        bands = self.config.bands()[:-1]
        ends = [max((n for n, band in enumerate(bands) if band.rate <= side), default=0) for side in sorted(sides)]
        x = self.input(ws[:, 0]).contiguous(memory_format=torch.channels_last)
        found = []
        for index in range(ends[-1] + 1):
            x = self.layers[index](x, ws[:, index + 1])
            margin = max(0, (bands[index].size - bands[index].rate) // 2)
            cut = x[:, :, margin : x.shape[2] - margin, margin : x.shape[3] - margin]
            found += [cut] * ends.count(index)
        return found


class Generator(StyleGenerator[StyleGAN3Config]):
    """Mapping and synthesis together."""

    synthesis: Synthesis

    def __init__(self, config: StyleGAN3Config) -> None:
        super().__init__(config)
        self.synthesis = Synthesis(config)
