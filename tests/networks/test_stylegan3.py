"""StyleGAN3 and the other architectures of StyleGAN2: the same pictures and logits as the originals'."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from studio.base import StudioError
from studio.checkpoints import ModelLibrary
from studio.checkpoints.foreign import import_discriminator, import_network
from studio.checkpoints.store import load_model
from studio.networks.fast.stylegan3 import FastStyleGAN3, supports
from studio.networks.stylegan2 import Architecture, StyleGAN2Config
from studio.networks.stylegan3 import Generator, StyleGAN3Config, decimate2d, interpolate2d, lowpass
from studio.recipes import FileRef, LatentMix, LatentSeed, SampleRecipe, StyleMix
from studio.synthesis.latents import LatentSpace
from tests.support.foreign_files import (
    discriminator_names,
    filled,
    nvidia_names,
    nvidia_network,
    stylegan3_names,
    stylegan3_network,
    write_nvidia,
)
from tests.support.paths import DATA

REFERENCE = json.loads((DATA / "reference_stylegan3.json").read_text())
CONFIGS = {
    "t": StyleGAN3Config(resolution=64, z_dim=16, w_dim=24, channel_base=1024, channel_max=32),
    "r": StyleGAN3Config(
        resolution=32, z_dim=16, w_dim=16, labels=3, mapping_layers=3, channel_base=1024, channel_max=48,
        conv_kernel=1, radial_filters=True,
    ),
    "odd": StyleGAN3Config(
        resolution=32, z_dim=16, w_dim=16, img_channels=1, channel_base=256, channel_max=16, num_layers=8,
        num_critical=1, first_stopband=5.0, last_stopband_rel=1.4, margin=6, output_scale=0.5, conv_clamp=1,
        filter_size=4,
    ),
}  # fmt: skip
SMALL = CONFIGS["odd"]
STYLEGAN2 = StyleGAN2Config(
    resolution=32, z_dim=16, w_dim=24, labels=3, mapping_layers=2, channel_base=512, channel_max=32, conv_clamp=3
)


def write(path: Path, config: StyleGAN3Config = SMALL, **changes: object) -> Path:
    write_nvidia(path, stylegan3_network(config, filled(stylegan3_names(config)), **changes))
    return path


@pytest.mark.parametrize("tag", CONFIGS)
def test_pictures_are_those_of_the_original(tmp_path: Path, tag: str) -> None:
    config = CONFIGS[tag]
    net, card = import_network(write(tmp_path / "network.pkl", config))
    assert net.config == config and card.architecture == "stylegan3"
    assert isinstance(net, Generator)
    z = torch.from_numpy(np.random.RandomState(3).randn(2, config.z_dim)).float()
    label = torch.eye(3)[[1, 2]] if config.labels else None
    picture = net.synthesis(net.w_to_ws(net.mapping(z, label), 0.7, 5))
    expected = torch.tensor(REFERENCE[tag]["picture"])
    step = REFERENCE[tag]["step"]
    # The pictures of these random weights are faint: measure the error against their contrast, far below 1e-4.
    assert (picture[:, :, ::step, ::step] - expected).abs().max() < 1e-4 * expected.std()


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_every_architecture_of_stylegan2(tmp_path: Path, architecture: Architecture) -> None:
    config = replace(STYLEGAN2, architecture=architecture)
    generator = nvidia_network(config, filled(nvidia_names(config)), architecture=architecture)
    weights = filled(discriminator_names(config, architecture))
    path = tmp_path / "network.pkl"
    write_nvidia(path, generator, nvidia_network(config, weights, architecture=architecture))
    net, _ = import_network(path)
    assert net.config == config
    z = torch.from_numpy(np.random.RandomState(3).randn(2, 16)).float()
    ws = net.w_to_ws(net.mapping(z, torch.eye(3)[[1, 2]]), 0.7, 5)
    picture = net.synthesis(ws, noise_mode="const")
    assert (picture[:, :, ::4, ::4] - torch.tensor(REFERENCE[architecture]["picture"])).abs().max() < 1e-4
    discriminator = import_discriminator(path)
    assert discriminator is not None
    pictures = torch.from_numpy(np.random.RandomState(5).randn(4, 3, 32, 32)).float()
    logits = discriminator(pictures, torch.eye(3)[[0, 1, 2, 1]]).flatten()
    assert (logits - torch.tensor(REFERENCE[architecture]["logits"])).abs().max() < 1e-5


def test_a_file_without_discriminator_says_so(tmp_path: Path) -> None:
    assert import_discriminator(write(tmp_path / "network.pkl")) is None


def test_networks_without_noise_inputs_open(tmp_path: Path) -> None:
    config = replace(STYLEGAN2, labels=0)
    weights = filled(nvidia_names(config))
    silent = {name: value for name, value in weights.items() if "noise" not in name}
    write_nvidia(tmp_path / "silent.pkl", nvidia_network(config, silent, use_noise=False))
    write_nvidia(tmp_path / "noisy.pkl", nvidia_network(config, weights))
    silent_net, _ = import_network(tmp_path / "silent.pkl")
    noisy_net, _ = import_network(tmp_path / "noisy.pkl")
    ws = torch.randn(1, config.num_ws, config.w_dim, generator=torch.Generator().manual_seed(1))
    drawn = silent_net.synthesis(ws, noise_mode="const")
    assert torch.allclose(drawn, noisy_net.synthesis(ws, noise_mode="none"), atol=1e-6)


def test_another_learning_rate_of_the_mapping_is_taken_into_account(tmp_path: Path) -> None:
    config = replace(STYLEGAN2, labels=0)
    weights = filled(nvidia_names(config))
    scaled = {
        name: value / 10 if name.startswith("mapping.fc") else value for name, value in weights.items()
    }  # a rate of 0.1 makes the same of weights of a tenth
    write_nvidia(tmp_path / "a.pkl", nvidia_network(config, weights))
    write_nvidia(tmp_path / "b.pkl", nvidia_network(config, scaled, bias_gain=0.1))
    z = torch.randn(2, config.z_dim, generator=torch.Generator().manual_seed(1))
    a, b = (import_network(tmp_path / name)[0].mapping(z) for name in ("a.pkl", "b.pkl"))
    assert torch.allclose(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"in_cutoff": 3.0}, "filters"),
        ({"num_critical": 3}, "filters"),
        ({"_init_kwargs": {"channel_base": 99, "first_stopband": 5.0, "last_stopband_rel": 1.4}}, "shape"),
        ({"_init_kwargs": {"channel_base": 256, "channel_max": 16}}, "filters"),
        ({"img_resolution": 1 << 20}, "size"),
        ({"img_resolution": "64"}, "no number"),
        ({"output_scale": float("nan")}, "no number"),
        ({"activation": "swish"}, None),
    ],
)
def test_settings_that_do_not_go_with_the_weights_are_refused(
    tmp_path: Path, changes: dict[str, object], reason: str | None
) -> None:
    path = write(tmp_path / "network.pkl", **changes)
    if reason is None:
        import_network(path)  # StyleGAN3 has no choice of activation: the attribute is not one of its layers'
        return
    with pytest.raises(StudioError, match=reason):
        import_network(path)


def test_it_goes_into_the_library_and_draws(tmp_path: Path) -> None:
    library = ModelLibrary((tmp_path / "own", tmp_path / "mine"))
    path = write(tmp_path / "network.pkl")
    info = library.add(path)
    assert (info.architecture, info.num_ws, info.has_noise, info.resolution) == ("stylegan3", 10, False, 32)
    net = load_model(info.path)
    direct, _ = import_network(path)
    space, other = LatentSpace(net), LatentSpace(direct)
    recipe = SampleRecipe(
        model=FileRef(hash=info.hash),
        latent=LatentMix(a=LatentSeed(seed=1), b=LatentSeed(seed=2), amount=0.3),
        style_mix=(StyleMix(latent=LatentSeed(seed=3), layers=(6, 7, 8, 9)),),
    )
    code = space.recipe_code(recipe)
    assert code.shape == (1, 10, 16) and space.fast() is None
    drawn = space.picture(code, recipe)
    assert drawn.shape == (32, 32, 3) and int(drawn.max()) - int(drawn.min()) > 3
    assert torch.equal(drawn, other.picture(other.recipe_code(recipe), recipe))
    vectors, _ = space.directions()
    assert vectors.shape[1] == 16


@pytest.mark.parametrize("up", [2, 4])
@pytest.mark.parametrize("pad", [(3, 4), (-2, -3), (8, -3)])
def test_interpolation_is_zeros_then_filter(up: int, pad: tuple[int, int]) -> None:
    x = torch.randn(2, 3, 9, 9, generator=torch.Generator().manual_seed(0))
    kernel = lowpass(6 * up, 2.0, 1.5, 8.0 * up)
    zeros = torch.zeros(2, 3, 9 * up, 9 * up)
    zeros[:, :, ::up, ::up] = x
    square = (kernel[:, None] * kernel[None, :]).flip(0, 1) * up**2
    spread = F.pad(zeros, (*pad, *pad))
    expected = F.conv2d(spread, square.expand(3, 1, -1, -1), groups=3)
    assert torch.allclose(interpolate2d(x, kernel, up, pad), expected, atol=1e-5)


def test_decimation_separable_and_radial() -> None:
    x = torch.randn(1, 2, 20, 20, generator=torch.Generator().manual_seed(0))
    kernel = lowpass(6, 2.0, 1.5, 16.0)
    square = kernel[:, None] * kernel[None, :]
    assert torch.allclose(decimate2d(x, kernel, 2), decimate2d(x, square, 2), atol=1e-6)
    radial = lowpass(12, 2.0, 1.5, 16.0, radial=True)
    assert radial.shape == (12, 12)
    assert (
        torch.allclose(radial, radial.t())
        and torch.allclose(radial, radial.flip(0))
        and radial.sum() == pytest.approx(1)
    )


def test_a_shift_of_the_input_shifts_the_picture() -> None:
    """What StyleGAN3 is for: equivariance to translation, here by one pixel of the picture."""
    torch.manual_seed(0)
    config = StyleGAN3Config(resolution=32, z_dim=8, w_dim=8, channel_base=512, channel_max=32)
    net = Generator(config).eval().requires_grad_(False)
    ws = torch.randn(1, config.num_ws, 8)
    still = net.synthesis(ws)
    net.synthesis.input.transform[0, 2] = 1 / 32
    moved = net.synthesis(ws)
    inner = (moved[..., 4:-4, 3:-5] - still[..., 4:-4, 4:-4]).abs().max()
    assert inner < 0.05 * still.std() < 0.2 * (moved - still).abs().max()


@pytest.mark.parametrize("tag", ["t", "r"])
def test_the_quick_form_draws_the_same(tag: str) -> None:
    torch.manual_seed(2)
    config = replace(CONFIGS[tag], labels=0, conv_clamp=3, channel_max=40)
    net = Generator(config).eval().requires_grad_(False)
    for layer in net.synthesis.layers:
        torch.nn.init.normal_(layer.bias, std=0.5)
        layer.magnitude_ema.fill_(0.8)
    assert supports(net.synthesis)
    ws = torch.randn(1, config.num_ws, config.w_dim)
    expected = net.synthesis(ws)
    drawn = FastStyleGAN3(net.synthesis)(ws)
    assert drawn.shape == expected.shape and expected.std() > 0.02
    assert (drawn - expected).abs().max() < 1e-4 * expected.abs().max()


def test_unusual_filters_are_drawn_the_plain_way() -> None:
    assert not supports(Generator(SMALL).synthesis)


def test_impossible_shapes_are_named() -> None:
    for changes in ({"resolution": 48}, {"num_critical": 14}, {"conv_kernel": 5}, {"first_cutoff": 9.0}):
        with pytest.raises(ValueError):
            StyleGAN3Config(**changes)  # type: ignore[arg-type]
