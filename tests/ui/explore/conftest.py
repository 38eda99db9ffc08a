"""The Explore room on the real worker and engine, with small networks made here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from studio.base import drain
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.networks import dcgan, stylegan2
from studio.ui.context import StudioContext
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.tools.directions import DirectionsTool
from tests.fakes import opened_context


def make_models(folder: Path) -> None:
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
    torch.manual_seed(0)
    net = stylegan2.Generator(config)
    for module in net.modules():
        if isinstance(module, stylegan2.ModulatedConv):
            torch.nn.init.constant_(module.noise_strength, 0.5)
    card = ModelCard(
        name="Alpha", architecture="stylegan2", config=config.to_dict(), direction_names=("", "", "Small to large")
    )
    save_model(folder / "style.safetensors", net, card)
    classic = dcgan.DCGANConfig(resolution=32, width=8)
    card = ModelCard(name="Classic", architecture="dcgan", config=classic.to_dict())
    save_model(folder / "classic.safetensors", dcgan.Generator(classic), card)


def add_conditional(library: ModelLibrary) -> None:
    config = stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, labels=3, channel_base=128, channel_max=8)
    torch.manual_seed(2)
    card = ModelCard(name="Kinds", architecture="stylegan2", config=config.to_dict())
    save_model(library.folders[0] / "kinds.safetensors", stylegan2.Generator(config), card)


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    folder = tmp_path / "models"
    folder.mkdir()
    return ModelLibrary([folder])


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, library: ModelLibrary) -> Iterator[StudioContext]:
    sources = SourceStore(tmp_path / "Sources")
    with opened_context(
        lambda: TorchEngine(sources, library, device="cpu"), tmp_path, sources=sources, start=False
    ) as made:
        yield made


@pytest.fixture
def panel(qtbot: QtBot, context: StudioContext, library: ModelLibrary) -> ExplorerPanel:
    make_models(library.folders[0])
    room = ExplorerPanel(context)
    qtbot.addWidget(room)
    room.resize(1200, 800)
    room.show()
    context.worker.start()
    # The canvas may show a guess before the first picture, and the buttons wait for that.
    qtbot.waitUntil(
        lambda: room.picture.image is not None and room.tools[DirectionsTool].direction_count > 0, timeout=20000
    )
    return room


def settled(qtbot: QtBot, panel: ExplorerPanel) -> np.ndarray:
    """The picture once everything asked for has been drawn."""
    qtbot.waitUntil(lambda: panel.picture.is_newest, timeout=10000)
    assert panel.picture.image is not None
    return panel.picture.image


def expected(panel: ExplorerPanel, library: ModelLibrary) -> np.ndarray:
    recipe = panel.recipe()
    assert recipe is not None
    return drain(TorchEngine(panel.context.sources, library, device="cpu").render(recipe)).image
