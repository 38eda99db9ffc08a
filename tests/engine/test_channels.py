"""Networks of one, two and four channels are drawn, filmed, laid out, exported and looked over like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from studio.base import drain
from studio.base.paths import models_dir
from studio.checkpoints.export import export_onnx, export_safetensors
from studio.checkpoints.info import ModelCard, ModelInfo, read_card
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import build_generator, load_model, save_model
from studio.cli import app
from studio.engine import TorchEngine
from studio.engine.jobs.journey import export_journey
from studio.engine.jobs.survey import survey
from studio.gallery import SourceStore
from studio.media.clips import Clip
from studio.networks import dcgan, stylegan2, stylegan3
from studio.networks.pixels import on_white, to_pixels
from studio.recipes import LatentSeed, SampleRecipe, StyleUse, StylizeRecipe
from studio.training.colored import colored_discriminator, colored_shape, colored_weights
from studio.training.shrink import comparison
from studio.training.start_models import incompatibility

NETWORKS = {
    "stylegan2": lambda channels: stylegan2.Generator(
        stylegan2.StyleGAN2Config(
            resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, img_channels=channels
        )
    ),
    "stylegan3": lambda channels: stylegan3.Generator(
        stylegan3.StyleGAN3Config(
            resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, num_layers=6, img_channels=channels
        )
    ),
    "dcgan": lambda channels: dcgan.Generator(dcgan.DCGANConfig(resolution=16, img_channels=channels)),
}


@pytest.fixture(params=[(kind, channels) for kind in NETWORKS for channels in (1, 2, 4)], ids=lambda each: str(each))
def model(request: pytest.FixtureRequest, latent_studio_home: Path) -> tuple[ModelInfo, int]:
    kind, channels = request.param
    torch.manual_seed(channels)
    net = NETWORKS[kind](channels)
    card = ModelCard(name="odd", architecture=kind, config=net.config.to_dict())
    save_model(models_dir() / "odd.safetensors", net.eval(), card)
    return ModelLibrary().find("odd"), channels


def test_everything_is_done_with_them(model: tuple[ModelInfo, int], latent_studio_home: Path, tmp_path: Path) -> None:
    info, channels = model
    engine = TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")
    keys = [SampleRecipe(model=info.ref, latent=LatentSeed(seed=seed)) for seed in (3, 4)]
    image = drain(engine.render(keys[0], live=True)).image
    assert image.shape == (16, 16, 3 if channels == 1 else 4)
    if channels < 3:
        assert (image[..., :3] == image[..., :1]).all() and image.std() > 0
    # On one sheet, in a film, looked over, and as a style and a photo.
    assert drain(survey(engine, info)).sheet.any()
    drain(export_journey(engine, keys, tmp_path / "film.mp4", frames_per_leg=2))
    with Clip(tmp_path / "film.mp4") as clip:
        assert len(list(clip.frames())) == 4
    styled = StylizeRecipe(content=keys[0], styles=(StyleUse(source=keys[1]),), size=64)
    assert drain(engine.render(styled)).image.shape == (64, 64, image.shape[2])
    # Copies in our own format draw the same; a training that starts from them begins with the same colours.
    export_safetensors(info, tmp_path / "copy.safetensors")
    net = load_model(tmp_path / "copy.safetensors")
    assert net.config == load_model(info.path).config
    card = read_card(info.path)
    colored = build_generator(card.model_copy(update={"config": colored_shape(net.config).to_dict()}))
    colored.load_state_dict(colored_weights(card.architecture, net.config, net.state_dict()))
    z = torch.randn(2, net.config.z_dim)
    with torch.no_grad():
        noise = {"noise_mode": "const"} if info.architecture == "stylegan2" else {}
        before, after = (each.eval()(z, **noise) for each in (net, colored))
    assert after.shape[1] == 3 and torch.allclose(after, before[:, :3] if channels == 4 else before[:, :1], atol=1e-5)
    assert incompatibility(info, info.architecture, 32) == "size"  # of 16 px; and not for its channels


@pytest.mark.parametrize("architecture", ["resnet", "skip"])
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_a_discriminator_judges_as_before(architecture: Any, channels: int) -> None:
    torch.manual_seed(channels)
    config = stylegan2.StyleGAN2Config(
        resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, img_channels=channels
    )
    small = stylegan2.Discriminator(config, architecture, group=2)
    image = torch.rand(2, 3, 16, 16) * 2 - 1
    seen = image if channels == 4 else image.mean(1, keepdim=True)
    seen = seen if channels == 1 else torch.cat([seen, torch.ones_like(seen[:, :1])], 1)
    with torch.no_grad():
        a, b = small.from_rgb(seen), colored_discriminator(small).from_rgb(image)
        assert torch.allclose(a, b, atol=1e-5)
        if architecture == "resnet":  # skip also reads the picture filtered, whose edges are no more opaque
            assert torch.allclose(small(seen), colored_discriminator(small)(image), atol=1e-4)


@pytest.mark.parametrize("channels", [1, 4])
def test_commands(latent_studio_home: Path, tmp_path: Path, channels: int) -> None:
    net = NETWORKS["stylegan2"](channels)
    card = ModelCard(name="odd", architecture="stylegan2", config=net.config.to_dict())
    save_model(models_dir() / "odd.safetensors", net.eval(), card)
    run = CliRunner().invoke
    mode = "RGB" if channels == 1 else "RGBA"
    for arguments, name, shown in (
        (["sample", "--seed", "0"], "one.png", (mode, 16, 16)),
        (["sample", "--seed", "0-2", "--sheet"], "sheet.png", (mode, 32, 32)),
        (["sample", "--seed", "0-2", "--sheet"], "sheet.jpg", ("RGB", 32, 32)),
        (["sample", "--seed", "0"], "one.jpg", ("RGB", 16, 16)),
    ):
        out = tmp_path / name
        found = run(app, [*arguments, "--model", "odd", "--out", str(out), "--json"])
        assert found.exit_code == 0, found.output
        assert json.loads(found.stdout)
        with Image.open(out) as picture:
            assert (picture.mode, *picture.size) == shown


def test_onnx_of_a_grey_network(latent_studio_home: Path, tmp_path: Path) -> None:
    net = NETWORKS["dcgan"](1)
    save_model(
        tmp_path / "grey.safetensors",
        net.eval(),
        ModelCard(name="grey", architecture="dcgan", config=net.config.to_dict()),
    )
    engine = TorchEngine(SourceStore(latent_studio_home / "Sources"), ModelLibrary([tmp_path]), device="cpu")
    assert drain(export_onnx(engine.library.find("grey"), tmp_path / "grey.onnx")) < 1e-3


def test_comparing_a_smaller_copy(latent_studio_home: Path) -> None:
    for channels in (1, 4):
        net = NETWORKS["stylegan2"](channels).eval()
        sheet = comparison(net, net, torch.randn(2, net.config.num_ws, 8))
        assert sheet.shape == (32, 32, 3) and np.array_equal(sheet[:16], sheet[16:])


def test_pixels_of_any_number_of_channels() -> None:
    image = torch.tensor([-1.0, 1.0, 0.0, -1.0, 0.5])[None, None]
    assert to_pixels(image[..., :1]).tolist() == [[[0, 0, 0]]]
    assert to_pixels(image[..., :2]).tolist() == [[[0, 0, 0]]]  # opaque
    assert to_pixels(image[..., 1:3]).tolist() == [[[255, 255, 255, 128]]]
    assert to_pixels(image[..., :3]).tolist() == [[[0, 255, 128]]]
    assert to_pixels(image[..., :4]).tolist() == [[[0, 255, 128, 0]]]
    assert to_pixels(image).tolist() == [[[0, 255, 128]]]
    assert on_white(to_pixels(image[..., :4])).tolist() == [[[255, 255, 255]]]
