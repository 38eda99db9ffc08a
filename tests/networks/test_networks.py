"""The networks against independent formulations of the same mathematics."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.networks import dcgan, stylegan2
from studio.networks.operators import binomial_kernel, conv2d_down, downsample2d, up_conv2d, upsample2d

SMALL = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=24, channel_base=256, channel_max=32)


def zero_insertion(x: Tensor) -> Tensor:
    """Zeros between the pixels, written the slow and obvious way."""
    n, c, h, w = x.shape
    y = x.new_zeros(n, c, 2 * h, 2 * w)
    y[:, :, ::2, ::2] = x
    return y


def direct_filter(x: Tensor, pad: tuple[int, int, int, int]) -> Tensor:
    row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    kernel = torch.outer(row, row)[None, None]
    n, c, h, w = x.shape
    return F.conv2d(F.pad(x.reshape(n * c, 1, h, w), pad), kernel).unflatten(0, (n, c)).squeeze(2)


def test_upsampling_is_zero_insertion_and_filter() -> None:
    x = torch.randn(2, 3, 5, 7)
    expected = direct_filter(zero_insertion(x), (2, 1, 2, 1)) * 4
    assert torch.allclose(upsample2d(x, binomial_kernel()), expected, atol=1e-6)


def test_upsampling_keeps_a_flat_picture_flat_inside() -> None:
    y = upsample2d(torch.ones(1, 1, 8, 8), binomial_kernel())
    assert torch.allclose(y[:, :, 2:-2, 2:-2], torch.ones(1, 1, 12, 12), atol=1e-6)


def test_downsampling_is_filter_and_decimation() -> None:
    x = torch.randn(2, 3, 8, 8)
    assert torch.allclose(downsample2d(x, binomial_kernel()), direct_filter(x, (1, 1, 1, 1))[:, :, ::2, ::2], atol=1e-6)


def test_the_filter_computes_in_32_bits_what_comes_in_bf16() -> None:
    x = torch.randn(2, 3, 8, 8)
    with torch.autocast("cpu", torch.bfloat16):
        y = downsample2d(x.bfloat16(), binomial_kernel())
    assert y.dtype == torch.bfloat16
    assert torch.equal(y, downsample2d(x.bfloat16().float(), binomial_kernel()).bfloat16())


def test_merged_up_convolution_equals_up_sampling_then_convolution() -> None:
    x, weight = torch.randn(2, 3, 8, 8), torch.randn(5, 3, 3, 3)
    plain = F.conv2d(upsample2d(x, binomial_kernel()), weight, padding=1)
    merged = up_conv2d(x, weight, binomial_kernel())
    assert merged.shape == (2, 5, 16, 16)
    # At the rim the two differ by design: merged, what the filter spreads over the rim is convolved as well.
    assert torch.allclose(merged[:, :, 2:-2, 2:-2], plain[:, :, 2:-2, 2:-2], atol=1e-4)


def test_down_convolution_halves_and_filters() -> None:
    x, weight = torch.randn(2, 3, 8, 8), torch.randn(5, 3, 3, 3)
    expected = F.conv2d(direct_filter(x, (2, 2, 2, 2)), weight, stride=2)
    assert torch.allclose(conv2d_down(x, weight, binomial_kernel()), expected, atol=1e-5)


def test_modulation_equals_modulated_weights() -> None:
    """Karras et al. 2020, eqs. 1 and 3: scale the weights by the style, normalise each output to unit length."""
    torch.manual_seed(0)
    layer = stylegan2.ModulatedConv(6, 5, 24, 8)
    x, w = torch.randn(3, 6, 8, 8), torch.randn(3, 24)
    expected = []
    for one, style in zip(x, layer.affine(w), strict=True):
        weight = layer.weight * style[None, :, None, None]
        weight = weight / weight.square().sum(dim=(1, 2, 3), keepdim=True).add(1e-8).sqrt()
        expected.append(F.conv2d(one[None], weight, padding=1))
    plain = F.leaky_relu(torch.cat(expected), 0.2) * math.sqrt(2)
    assert torch.allclose(layer(x, w, "none"), plain, atol=1e-5)


def test_generator_shapes_and_truncation() -> None:
    torch.manual_seed(0)
    net = stylegan2.Generator(SMALL).eval()
    z = torch.randn(2, 16)
    assert net(z).shape == (2, 3, 32, 32)
    assert SMALL.num_ws == 8
    with torch.no_grad():
        net.mapping.w_avg.copy_(torch.randn(24))
        w = net.mapping(z)
        ws = net.w_to_ws(w, truncation=0.5, cutoff=3)
    assert torch.allclose(ws[:, 0], (w + net.mapping.w_avg) / 2, atol=1e-6)
    assert torch.allclose(ws[:, 2], ws[:, 0]) and torch.equal(ws[:, 3], w)
    assert torch.allclose(net.w_to_ws(w, 0.0)[1, 4], net.mapping.w_avg)


def test_noise_modes() -> None:
    torch.manual_seed(0)
    net = stylegan2.Generator(SMALL).eval()
    for module in net.modules():
        if isinstance(module, stylegan2.ModulatedConv):
            torch.nn.init.constant_(module.noise_strength, 0.3)
    ws = net.w_to_ws(net.mapping(torch.randn(1, 16)))

    def draw(mode: stylegan2.NoiseMode, seed: int = 0, gain: float = 1.0) -> Tensor:
        return net.synthesis(ws, noise_mode=mode, noise_gain=gain, generator=torch.Generator().manual_seed(seed))

    assert torch.equal(draw("const"), draw("const", 5))
    assert torch.equal(draw("random", 1), draw("random", 1))
    assert not torch.allclose(draw("random", 1), draw("random", 2))
    assert not torch.allclose(draw("const"), draw("none"))
    assert torch.allclose(draw("const", gain=0.0), draw("none"), atol=1e-6)


def test_conditional_networks_need_and_use_their_label() -> None:
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, labels=3, channel_base=128, channel_max=16)
    torch.manual_seed(0)
    net, judge = stylegan2.Generator(config), stylegan2.Discriminator(config)
    z, labels = torch.randn(1, 8).repeat(2, 1), torch.eye(3)[:2]
    pictures = net(z, labels, noise_mode="none")
    assert not torch.allclose(pictures[0], pictures[1])
    assert judge(pictures, labels).shape == (2, 1)
    with pytest.raises(ValueError, match="label"):
        net(z)


def test_minibatch_std_sees_variety() -> None:
    same = stylegan2.minibatch_std(torch.ones(4, 2, 4, 4))[:, -1]
    varied = stylegan2.minibatch_std(torch.randn(4, 2, 4, 4))[:, -1]
    assert same.max() < 1e-3 < 0.1 < varied.min()


@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_dcgan_shapes_and_range(resolution: int) -> None:
    config = dcgan.DCGANConfig(resolution=resolution, width=8)
    pictures = dcgan.Generator(config)(torch.randn(2, 100))
    assert pictures.shape == (2, 3, resolution, resolution)
    assert pictures.abs().max() <= 1
    assert dcgan.Discriminator(config)(pictures).shape == (2, 1)


@pytest.mark.parametrize("resolution", [0, 7, 48])
def test_wrong_resolutions_are_refused(resolution: int) -> None:
    with pytest.raises(ValueError, match="resolution"):
        stylegan2.StyleGAN2Config(resolution=resolution)
    with pytest.raises(ValueError, match="resolution"):
        dcgan.DCGANConfig(resolution=resolution)
