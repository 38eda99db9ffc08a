"""Smaller, faster copies of models: what is kept, what it learns, what is measured; in the library, the window, the
command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from studio.base import StudioError, drain
from studio.checkpoints import ModelLibrary
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.store import save_model
from studio.cli import app
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.pruned_copy import smaller_copy
from studio.gallery import SourceStore
from studio.networks import dcgan
from studio.networks.stylegan2 import Architecture, Generator, StyleGAN2Config
from studio.training.shrink import BATCH, channel_energies, draw_ws, measure_loss, pruned, shrink, smaller_config
from studio.ui.models.smaller_dialog import SmallerDialog
from tests.fakes import opened_context

CONFIG = StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, mapping_layers=2, channel_base=512, channel_max=16)


def network(config: StyleGAN2Config = CONFIG, seed: int = 0) -> Generator:
    torch.manual_seed(seed)
    return Generator(config).eval().requires_grad_(False)


def with_idle_channels(config: StyleGAN2Config) -> Generator:
    """A network whose second half of channels hands nothing on."""
    net = network(config)
    state = net.state_dict()
    for name, value in state.items():
        if name.endswith(("conv0.weight", "conv1.weight", "to_rgb.weight", "shortcut.weight")):
            value[:, value.shape[1] // 2 :] = 0
    net.load_state_dict(state)
    return net


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@pytest.mark.parametrize("labels", [0, 3])
def test_channels_that_hand_nothing_on_can_go(architecture: Architecture, labels: int) -> None:
    net = with_idle_channels(replace(CONFIG, architecture=architecture, labels=labels))
    config = smaller_config(net.config, 0.5)
    assert [config.channels(r) for r in config.resolutions] == [8, 8, 8]
    small = pruned(net, config, channel_energies(net))
    ws = draw_ws(net, 2, 5)
    made, wanted = (g.synthesis(ws, noise_mode="const") for g in (small, net))
    assert (made - wanted).abs().max() < 1e-4 * wanted.std()


def test_the_channels_of_most_energy_stay() -> None:
    net = network()
    energies = channel_energies(net)
    assert set(energies) == {f"blocks.{r}.{layer}" for r in (4, 8, 16) for layer in ("conv0", "conv1", "to_rgb")} - {
        "blocks.4.conv0"
    }
    assert all(abs(float(energy.sum()) - 1) < 1e-4 for energy in energies.values())
    best = pruned(net, smaller_config(CONFIG, 0.5), energies)
    worst = pruned(net, smaller_config(CONFIG, 0.5), {name: -energy for name, energy in energies.items()})
    assert measure_loss(net, best).psnr > measure_loss(net, worst).psnr


def test_teaching_brings_it_closer_and_repeats() -> None:
    net = network()
    untaught = measure_loss(net, pruned(net, smaller_config(CONFIG, 0.5), channel_energies(net)))
    seen = []
    small, loss = drain(shrink(net, 0.5, 40 * BATCH), seen.append)
    assert loss.psnr > untaught.psnr + 1 and loss.difference < untaught.difference
    assert 0.2 < loss.weights < 0.45
    assert seen[-1].step == seen[-1].total == 40 * BATCH
    previews = [progress.preview for progress in seen if progress.preview is not None]
    assert previews and previews[0].shape == (32, 64, 3)
    again, _ = drain(shrink(net, 0.5, 40 * BATCH))
    assert all(torch.equal(a, b) for a, b in zip(small.parameters(), again.parameters(), strict=True))
    # Seeds and directions mean the same.
    assert torch.equal(net.mapping.w_avg, small.mapping.w_avg) and not any(p.requires_grad for p in small.parameters())
    torch.testing.assert_close(draw_ws(net, 3, 1), draw_ws(small, 3, 1))


def test_drawing_repeats_and_mixes() -> None:
    net = network(replace(CONFIG, labels=2))
    assert torch.equal(draw_ws(net, 4, 3), draw_ws(net, 4, 3))
    mixed = draw_ws(net, 4, 3, mixing=True)
    assert not torch.equal(mixed[0, 0], mixed[0, -1]) and torch.equal(mixed[1, 0], mixed[1, -1])


@pytest.mark.parametrize(("keep", "said"), [(0.3, "cannot be kept"), (0.25, "hardly anything")])
def test_what_cannot_be_kept_is_said(keep: float, said: str) -> None:
    with pytest.raises(StudioError, match=said):
        smaller_config(replace(CONFIG, channel_base=128, channel_max=8), keep)


# ---- in the library


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    own, mine = tmp_path / "own", tmp_path / "mine"
    own.mkdir()
    card = ModelCard(name="Blots", architecture="stylegan2", config=CONFIG.to_dict(), licence="CC0", data="blots")
    save_model(own / "blots.safetensors", network(), card)
    seeds = dcgan.DCGANConfig(resolution=32, z_dim=8, width=8)
    save_model(
        own / "seeds.safetensors",
        dcgan.Generator(seeds),
        ModelCard(name="Seeds", architecture="dcgan", config=seeds.to_dict()),
    )
    return ModelLibrary([own, mine])


@pytest.fixture
def engine(library: ModelLibrary, tmp_path: Path) -> Engine:
    return TorchEngine(SourceStore(tmp_path / "sources"), library, "cpu")


def test_the_copy_comes_into_the_library_with_its_loss(engine: Engine, library: ModelLibrary) -> None:
    info = library.find("Blots")
    made, loss = drain(smaller_copy(engine, info, 0.5, 4 * BATCH))
    assert made in library.models() and made.name == "Blots, 50% of the channels" and made.data == "blots"
    card = read_card(made.path)
    assert card.licence == "CC0" and card.config["channel_max"] == 8
    assert card.training["smaller_copy_of"] == info.hash and card.metrics["psnr_db"] == round(loss.psnr, 2)
    assert made.path.stat().st_size < 0.6 * info.path.stat().st_size
    assert engine.space(made.ref).generator.config.channel_max == 8


def test_a_cancelled_copy_leaves_nothing(engine: Engine, library: ModelLibrary) -> None:
    work = smaller_copy(engine, library.find("Blots"), 0.5, 100 * BATCH)
    for _ in range(4):
        next(work)
    work.close()
    assert len(library.models()) == 2


def test_other_networks_are_named(engine: Engine, library: ModelLibrary) -> None:
    with pytest.raises(StudioError, match=r"Seeds.*no StyleGAN2"):
        drain(smaller_copy(engine, library.find("Seeds"), 0.5, 8))


def test_on_the_command_line(library: ModelLibrary, latent_studio_home: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    added = runner.invoke(app, ["models", "--add", str(library.find("Blots").path)])
    assert added.exit_code == 0
    result = runner.invoke(app, ["models", "shrink", "Blots", "--keep", "0.5", "--images", "32", "--name", "Tiny"])
    assert result.exit_code == 0 and "of 255 levels" in result.stderr
    path = Path(result.stdout.strip())
    assert path.is_file() and read_card(path).name == "Tiny"
    wrong = runner.invoke(app, ["models", "shrink", "Blots", "--keep", "0.1"])
    assert wrong.exit_code != 0


# ---- in the window


@pytest.fixture
def dialog(qtbot: QtBot, engine: Engine, library: ModelLibrary, tmp_path: Path) -> Iterator[SmallerDialog]:
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as context:
        dialog = SmallerDialog(context, library.find("Blots"))
        qtbot.addWidget(dialog)
        dialog.effort.setItemData(0, 10 * BATCH)
        dialog.effort.setItemData(2, 100_000 * BATCH)
        dialog.show()
        yield dialog


def test_the_dialog_makes_one(qtbot: QtBot, dialog: SmallerDialog, library: ModelLibrary) -> None:
    dialog.effort.setCurrentIndex(0)
    dialog.name.setText("Quick blots")
    with qtbot.waitSignal(dialog.made, timeout=30_000) as caught:
        dialog.start_button.click()
        assert not dialog.start_button.isEnabled() and dialog.bar.isVisible()
    [made] = caught.args or ()
    assert made.name == "Quick blots" and made in library.models()
    assert not dialog.preview.pixmap().isNull() and "Quick blots" in dialog.said.text()
    assert dialog.start_button.isEnabled() and not dialog.bar.isVisible()


def test_the_dialog_stops_one(qtbot: QtBot, dialog: SmallerDialog, library: ModelLibrary) -> None:
    dialog.effort.setCurrentIndex(2)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=30_000)
    dialog.close_button.click()
    qtbot.waitUntil(lambda: "Nothing was kept" in dialog.said.text(), timeout=30_000)
    assert dialog.isVisible() and len(library.models()) == 2
