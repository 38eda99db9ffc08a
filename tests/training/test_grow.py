"""Growing: a run at a higher resolution begins as the smaller network, enlarged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.checkpoints.discriminators import save_discriminator
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.store import load_model, save_model
from studio.networks.operators import binomial_kernel, downsample2d, upsample2d
from studio.networks.stylegan2 import ARCHITECTURES, Architecture, Discriminator, Generator, StyleGAN2Config
from studio.training.grow import grown_config, grown_discriminator, grown_weights, new_layers
from studio.training.initialization import START_DISCRIMINATOR
from studio.training.loop import Session
from studio.training.runs import RunDirectory
from tests.support.training_runs import assert_same, folder, tiny, weights

__all__ = ["folder"]

SMALL = StyleGAN2Config(resolution=16, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
TOLERANCE = 1e-5
"""Of values in about -1..1: rounding in sums of another order."""


def stirred(network: torch.nn.Module) -> torch.nn.Module:
    """As if it had been trained: no bias and no noise strength is zero."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return network.eval()


@pytest.mark.parametrize("architecture", ["skip", "orig"])
@pytest.mark.parametrize("size", [32, 128])
def test_a_grown_generator_draws_the_smaller_picture_enlarged(architecture: Architecture, size: int) -> None:
    torch.manual_seed(0)
    small = stirred(Generator(replace(SMALL, architecture=architecture)))
    assert isinstance(small, Generator)
    small.mapping.w_avg.normal_()
    config = grown_config(small.config, size)
    assert [config.channels(r) for r in small.config.resolutions] == [16, 16, 16]
    assert config.channels(size) == 16, "new layers must not thin out"
    grown = Generator(config).eval()
    grown.load_state_dict(grown_weights(small.config, small.state_dict(), config, seed=5))
    again = grown_weights(small.config, small.state_dict(), config, seed=5)
    assert all(torch.equal(value, again[name]) for name, value in grown.state_dict().items())
    z = torch.randn(3, 16)
    with torch.no_grad():
        wanted = small(z, truncation=0.7, noise_mode="const")
        while wanted.shape[-1] < size:
            wanted = upsample2d(wanted, binomial_kernel())
        made = grown(z, truncation=0.7, noise_mode="const")
    assert wanted.std() > 0.1 and (made - wanted).abs().max() < TOLERANCE * wanted.abs().max()


def test_residual_generators_and_smaller_sizes_do_not_grow() -> None:
    for config, size in ((replace(SMALL, architecture="resnet"), 32), (SMALL, 16), (SMALL, 8)):
        with pytest.raises(ValueError, match="cannot grow"):
            grown_config(config, size)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_grown_discriminator_judges_like_the_smaller_one(architecture: Architecture) -> None:
    torch.manual_seed(0)
    small = stirred(Discriminator(SMALL, architecture))
    assert isinstance(small, Discriminator)
    grown = grown_discriminator(small, 64, seed=5)
    assert grown is not None and grown.config.resolution == 64
    pictures = torch.rand(4, 3, 64, 64) * 2 - 1
    wanted = small(downsample2d(downsample2d(pictures, binomial_kernel()), binomial_kernel()))
    logits = grown(pictures)
    assert (logits - wanted).abs().max() < 1e-4 * max(1.0, float(wanted.detach().abs().max()))
    # Every new weight can learn, at once or as soon as those after it are no longer zero: two a doubling.
    optimiser = torch.optim.Adam(grown.parameters(), lr=1e-3)
    before = {name: value.clone() for name, value in grown.named_parameters()}
    for _ in range(4):
        optimiser.zero_grad()
        grown(pictures).square().mean().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    still = [name for name, value in grown.named_parameters() if torch.equal(value, before[name])]
    assert not still
    count = new_layers(small, 64)
    kept = {id(layer) for layer in grown.layers_from_picture()[count:]}
    assert id(grown.blocks[1].conv0) not in kept and id(grown.blocks[2].conv0) in kept
    assert new_layers(small, 16) == 0


def test_colours_need_six_channels() -> None:
    narrow = replace(SMALL, channel_base=64, channel_max=4)
    assert grown_discriminator(Discriminator(narrow), 32, seed=0) is None
    assert grown_discriminator(Discriminator(narrow, "skip"), 32, seed=0) is not None


@pytest.mark.parametrize("with_discriminator", [False, True])
def test_a_run_grows_a_network_and_goes_on_exactly(folder: Path, tmp_path: Path, with_discriminator: bool) -> None:
    torch.manual_seed(0)
    small = replace(SMALL, resolution=32)
    network = stirred(Generator(small))
    start = tmp_path / "small.safetensors"
    save_model(start, network, ModelCard(name="Small one", architecture="stylegan2", config=small.to_dict()))
    judge, runs = Discriminator(small), []
    for name in ("whole", "broken"):
        settings = tiny(
            folder, resolution=64, start_from=str(start), images=24, snapshot_every=8, batch=8, mirror=False
        )
        runs.append(run := RunDirectory.create(settings, tmp_path / name))
        if with_discriminator:
            save_discriminator(run.path / START_DISCRIMINATOR, judge)
    whole, broken = runs
    list(Session(whole).train())
    for progress in Session(broken).train():
        if progress.step >= 16:
            break
    start.unlink()
    list(Session(broken).train())
    assert_same(whole, broken)

    grown = weights(whole)
    old = network.state_dict()
    assert set(old) < set(grown) and all(grown[name].shape == value.shape for name, value in old.items())
    assert grown["synthesis.blocks.64.to_rgb.weight"].abs().max() > 0, "the new layers must learn"
    model = load_model(whole.model_path or Path())
    assert model.config.channels(64) == small.channels(32) == 8  # type: ignore[union-attr]
    card = read_card(whole.model_path or Path())
    assert card.training["started_from"] == "Small one" and card.training["grown_from_resolution"] == 32
    assert "Small one" in card.data and "32 px" in card.data and str(tmp_path) not in json.dumps(card.model_dump())
