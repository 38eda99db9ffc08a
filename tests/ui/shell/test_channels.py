"""Networks of one and of four channels in every place of the real window: sheet, film, gallery, Stylize, library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
import torch
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.base.app_settings import AppSettings
from studio.base.paths import models_dir
from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import save_model
from studio.networks import dcgan, stylegan2
from studio.recipes import StylizeRecipe, read_recipe
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.film_dialog import FilmChoice
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.explore.tools.sheet import SheetTool
from studio.ui.room_id import RoomId
from studio.ui.shell.app import make_window
from studio.ui.shell.window import MainWindow
from studio.ui.stylize import StylizerPanel


def add_networks() -> None:
    torch.manual_seed(0)
    for name, channels in (("Grey", 1), ("Alpha", 4)):
        config = stylegan2.StyleGAN2Config(
            resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=8, img_channels=channels
        )
        card = ModelCard(name=name, architecture="stylegan2", config=config.to_dict())
        save_model(models_dir() / f"{name}.safetensors", stylegan2.Generator(config), card)
    grey = dcgan.DCGANConfig(resolution=16, z_dim=8, width=6, img_channels=1)
    card = ModelCard(name="Classic grey", architecture="dcgan", config=grey.to_dict())
    save_model(models_dir() / "classic.safetensors", dcgan.Generator(grey), card)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, perceptual_models: Path) -> Iterator[MainWindow]:
    add_networks()
    window = make_window(AppSettings(device="cpu"))
    window.show()
    window.context.worker.start()
    yield window
    window.end()
    assert window.context.worker.shutdown()


def test_grey_and_transparent_networks_go_through_every_room(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    problems: list[StudioError] = []
    window.context.problem.connect(problems.append)
    explorer = window.room(RoomId.EXPLORE)
    stylizer = window.room(RoomId.STYLIZE)
    assert isinstance(explorer, ExplorerPanel) and isinstance(stylizer, StylizerPanel)
    qtbot.waitUntil(lambda: len(explorer.models.infos) >= 3 and explorer.canvas.has_image())
    for name, channels in (("Grey", 1), ("Classic grey", 1), ("Alpha", 4)):
        window.show_room(RoomId.EXPLORE)
        info = next(info for info in explorer.models.infos if info.name == name)
        assert info.img_channels == channels
        explorer.use_model(info)
        qtbot.waitUntil(lambda: explorer.picture.image is not None and explorer.picture.is_newest)
        qtbot.waitUntil(lambda: explorer.picture.image is not None and explorer.picture.image.shape[:2] == (16, 16))
        explorer.picks.list.clear()
        for seed in (3, 11):
            explorer.tools[PictureTool].seed.show_value(seed)
            explorer.tools[PictureTool].seed.step(+1)
            explorer.pick()
        explorer.hand.take("sheet")
        qtbot.waitUntil(lambda: all(not explorer.tools[SheetTool].list.item(n).icon().isNull() for n in range(4)))
        explorer.hand.take("picture")
        film = tmp_path / f"{name}.mp4"
        with qtbot.waitSignal(window.context.notify):
            explorer.picks.export_to(film, FilmChoice(2, 12, False))
        with av.open(str(film)) as container:
            assert sum(1 for _ in container.decode(video=0)) >= 2
        with qtbot.waitSignal(window.context.pictureSaved) as saved:
            window._save()
        sample = saved.args[0]
        assert read_recipe(sample.path) == explorer.recipe()
        assert Image.open(sample.path).mode == ("RGBA" if channels == 4 else "RGB")
        window.context.stylizePicture.emit(explorer.recipe())
        stylizer.model.edit(size=64)
        if not stylizer.model.value.styles:
            stylizer.add_style(explorer.recipe())
        wanted = explorer.recipe()

        def restyled(wanted: object = wanted) -> bool:
            latest = stylizer.previews.latest
            return latest is not None and latest.full and latest.recipe.content == wanted

        qtbot.waitUntil(restyled)
        with qtbot.waitSignal(window.context.pictureSaved) as saved:
            window._save()
        assert isinstance(read_recipe(saved.args[0].path), StylizeRecipe)
    window.open_models()
    library = window._models
    assert library is not None
    for name in ("Grey", "Classic grey", "Alpha"):
        qtbot.waitUntil(lambda: library.list.count() >= 3)
        rows = [row for row in range(library.list.count()) if library.list.item(row).text().startswith(f"{name}\n")]
        library.list.setCurrentRow(rows[0])
        qtbot.waitUntil(lambda: not library.preview.pixmap().isNull())
    library.close()
    assert not problems
