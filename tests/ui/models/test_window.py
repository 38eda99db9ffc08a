"""The model library: cards that change, files that go, exports that other programs open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.base.files import sha256_of
from studio.base.progress import drain
from studio.checkpoints import ModelInfo, ModelLibrary
from studio.checkpoints.export import export_onnx, export_safetensors
from studio.checkpoints.info import ModelCard, read_card
from studio.checkpoints.store import architecture_of, load_model, save_model
from studio.engine import TorchEngine
from studio.engine.jobs.survey import COLUMNS, ROWS, TILE, kept_survey, survey
from studio.gallery import SourceStore
from studio.networks import dcgan, stylegan2, stylegan3
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.synthesis.latents import LatentSpace, draw_z
from studio.ui.models import ModelsWindow
from tests.fakes import opened_context

NETWORKS = {
    "stylegan2": lambda: stylegan2.Generator(
        stylegan2.StyleGAN2Config(resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=16)
    ),
    "conditional": lambda: stylegan2.Generator(
        stylegan2.StyleGAN2Config(
            resolution=16, z_dim=8, w_dim=8, labels=3, channel_base=128, channel_max=16, architecture="resnet"
        )
    ),
    "stylegan3": lambda: stylegan3.Generator(
        stylegan3.StyleGAN3Config(
            resolution=16, z_dim=8, w_dim=8, channel_base=128, channel_max=16, num_layers=6, margin=4
        )
    ),
    "dcgan": lambda: dcgan.Generator(dcgan.DCGANConfig(resolution=16, z_dim=8, width=8)),
}


def make(path: Path, kind: str = "stylegan2", name: str = "Faces") -> Path:
    torch.manual_seed(0)
    net = NETWORKS[kind]().eval()
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    for layer in net.modules() if kind != "dcgan" else ():
        if isinstance(layer, stylegan2.ModulatedConv):
            layer.weight.data[0] = 0  # a channel that says nothing, as our starter models have
    for layer in net.mapping.layers if hasattr(net, "mapping") else ():
        torch.nn.init.normal_(layer.weight, std=100)  # so that every z has a w of its own
    save_model(path, net, ModelCard(name=name, architecture=architecture_of(net), config=net.config.to_dict()))
    return path


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    own, mine = tmp_path / "program", tmp_path / "mine"
    make(own / "starter.safetensors", "dcgan", "Starter")
    make(mine / "faces.safetensors")
    return ModelLibrary((own, mine))


def faces(library: ModelLibrary) -> ModelInfo:
    return next(info for info in library.models() if not info.starter)


def test_a_renamed_model_is_found_by_old_recipes(library: ModelLibrary) -> None:
    first = faces(library)
    recipe = SampleRecipe(model=first.ref, latent=LatentSeed(seed=3))

    def draw() -> torch.Tensor:
        space = LatentSpace(load_model(library.find(recipe.model).path))
        return space.picture(space.recipe_code(recipe), recipe)

    before = draw()
    second = library.edit(first, name="Portraits", licence="CC0")
    third = library.edit(second, description="Faces of people")
    assert third.hash == sha256_of(third.path) and len({first.hash, second.hash, third.hash}) == 3
    assert (third.name, third.licence, third.description) == ("Portraits", "CC0", "Faces of people")
    assert third.former == (first.hash, second.hash)
    assert library.find(recipe.model).hash == third.hash and library.find("Portraits").hash == third.hash
    assert torch.equal(before, draw())
    assert library.edit(third, name="Portraits") == third, "nothing changed, so the file stays"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_odd_names_are_refused(library: ModelLibrary, name: str) -> None:
    info = faces(library)
    with pytest.raises(StudioError, match="name"):
        library.edit(info, name=name)
    assert sha256_of(info.path) == info.hash


def test_starter_models_stay(library: ModelLibrary) -> None:
    starter = library.models()[0]
    with pytest.raises(StudioError, match="travels"):
        library.edit(starter, name="Mine")
    with pytest.raises(StudioError, match="travels"):
        library.remove(starter)
    assert starter.path.is_file()


def test_a_full_disk_while_renaming_loses_nothing(library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    info = faces(library)
    monkeypatch.setattr("studio.checkpoints.info.shutil.copyfileobj", full)
    with pytest.raises(StudioError, match="No space left"):
        library.edit(info, name="Other")
    assert sha256_of(info.path) == info.hash and len(list(info.path.parent.iterdir())) == 1


def test_removing_goes_to_the_trash(library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    info = faces(library)
    gone: list[str] = []
    monkeypatch.setattr("studio.base.trash.send2trash", gone.append)
    library.remove(info)
    assert gone == [str(info.path)]

    def fails(_: str) -> None:
        raise OSError("no trash here")

    monkeypatch.setattr("studio.base.trash.send2trash", fails)
    with pytest.raises(StudioError, match="no trash here"):
        library.remove(info)


def test_copies_keep_card_and_weights(library: ModelLibrary, tmp_path: Path) -> None:
    info = faces(library)
    whole, half = tmp_path / "whole.safetensors", tmp_path / "half.safetensors"
    export_safetensors(info, whole)
    export_safetensors(info, half, half=True)
    assert read_card(whole) == read_card(info.path) == read_card(half)
    assert half.stat().st_size < 0.6 * whole.stat().st_size
    kept, copied = (load_model(file).state_dict() for file in (info.path, whole))
    assert kept.keys() == copied.keys() and all(torch.equal(kept[name], copied[name]) for name in kept)
    # A name that somebody else took meanwhile is left alone.
    before = whole.read_bytes()
    with pytest.raises(StudioError, match="is there already"):
        export_safetensors(info, whole, half=True)
    assert whole.read_bytes() == before
    export_safetensors(info, whole, half=True, overwrite=True)
    assert whole.stat().st_size == half.stat().st_size and not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("kind", NETWORKS)
def test_other_programs_draw_the_same_from_onnx(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path / "models" / f"{kind}.safetensors", kind)
    library = ModelLibrary((tmp_path / "models",))
    info = library.models()[0]
    target = tmp_path / "out.onnx"
    assert drain(export_onnx(info, target)) < 1e-3
    net = load_model(path)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    feeds = {"z": draw_z(5, info.z_dim).numpy()}
    if kind == "dcgan":
        expected = net(torch.from_numpy(feeds["z"]))
    else:
        feeds["truncation"] = np.array([0.5], np.float32)
        label = torch.eye(3)[[2]] if info.labels else None
        if label is not None:
            feeds["label"] = label.numpy()
        expected = net.synthesis(net.w_to_ws(net.mapping(torch.from_numpy(feeds["z"]), label), 0.5), noise_mode="const")
    assert {entry.name for entry in session.get_inputs()} == set(feeds)
    (picture,) = session.run(None, feeds)
    assert np.abs(picture - expected.numpy()).max() < 1e-3 * max(1.0, float(expected.abs().max()))
    if kind == "dcgan":
        with pytest.raises(StudioError, match="is there already"):
            drain(export_onnx(info, target))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["models", "out.onnx"]


def test_an_onnx_file_that_draws_something_else_is_not_kept(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.checkpoints.export._run", lambda *_: np.ones((1, 3, 16, 16), np.float32) * 9)
    target = tmp_path / "out.onnx"
    with pytest.raises(StudioError, match="another picture"):
        drain(export_onnx(faces(library), target))
    assert not target.exists() and not list(tmp_path.glob(".out*"))


def test_a_survey_is_made_once(library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = faces(library)
    engine = TorchEngine(SourceStore(tmp_path / "sources"), library, device="cpu")
    assert kept_survey(info) is None
    found = drain(survey(engine, info))
    assert found.sheet.shape == (ROWS * TILE, COLUMNS * TILE, 3) and found.milliseconds > 0
    tiles = found.sheet.reshape(ROWS, TILE, COLUMNS, TILE, 3).swapaxes(1, 2).reshape(-1, TILE, TILE, 3)
    assert len({tile.tobytes() for tile in tiles}) == ROWS * COLUMNS
    monkeypatch.setattr(TorchEngine, "space", lambda *_: pytest.fail("drawn again"))
    again = drain(survey(engine, info))
    assert np.array_equal(again.sheet, found.sheet) and again.milliseconds == found.milliseconds


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, library: ModelLibrary) -> Iterator[ModelsWindow]:
    sources = SourceStore(tmp_path / "Sources")
    with opened_context(lambda: TorchEngine(sources, library, device="cpu"), tmp_path, sources=sources) as context:
        window = ModelsWindow(context)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.list.count() == 2, timeout=20_000)
        yield window


def choose(qtbot: QtBot, window: ModelsWindow, name: str) -> ModelInfo:
    for row in range(window.list.count()):
        if window.list.item(row).text().startswith(name):
            window.list.setCurrentRow(row)
    qtbot.waitUntil(lambda: not window.preview.pixmap().isNull(), timeout=20_000)
    info = window.current()
    assert info is not None and info.name == name
    return info


def test_the_window_shows_draws_and_renames(qtbot: QtBot, window: ModelsWindow) -> None:
    choose(qtbot, window, "Starter")
    assert window.name.isReadOnly() and not window.remove_button.isEnabled()
    first = choose(qtbot, window, "Faces")
    assert "ms a picture" in window.properties.text() and "16 × 16" in window.properties.text()
    assert not window.save_button.isEnabled()
    window.name.selectAll()
    qtbot.keyClicks(window.name, "Portraits")
    assert window.save_button.isEnabled()
    window.save_button.click()
    qtbot.waitUntil(lambda: (c := window.current()) is not None and c.name == "Portraits", timeout=20_000)
    current = window.current()
    assert current is not None and current.former == (first.hash,) and read_card(current.path).name == "Portraits"


def test_pictures_drawn_before_are_in_the_list_at_once(qtbot: QtBot, window: ModelsWindow) -> None:
    choose(qtbot, window, "Starter")
    choose(qtbot, window, "Faces")
    again = ModelsWindow(window._context)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.list.count() == 2, timeout=20_000)
    drawn = [again.list.item(row).icon().pixmap(48).toImage() for row in range(2)]
    assert drawn == [window.list.item(row).icon().pixmap(48).toImage() for row in range(2)] and drawn[0] != drawn[1]


def test_models_of_one_name_say_how_long_they_were_trained(qtbot: QtBot, window: ModelsWindow) -> None:
    faces = choose(qtbot, window, "Faces")
    starter = choose(qtbot, window, "Starter")
    window._loaded([replace(starter, images_shown=7), faces, replace(faces, hash="b" * 64, images_shown=1500)])
    texts = [window.list.item(row).text() for row in range(3)]
    assert "1500 images" in texts[2].replace(",", "") and not any("images" in text for text in texts[:2])
    assert "channels" not in window.properties.text()
    window._loaded([replace(faces, img_channels=5)])
    window.list.setCurrentRow(0)
    assert "It draws 5 channels: the first three are shown" in window.properties.text()


def test_the_window_adds_exports_removes_and_explores(
    qtbot: QtBot, window: ModelsWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.add(make(tmp_path / "new.safetensors", "dcgan", "Waves"))
    qtbot.waitUntil(lambda: (c := window.current()) is not None and c.name == "Waves", timeout=20_000)
    info = choose(qtbot, window, "Waves")
    with qtbot.waitSignal(window._context.notify, timeout=60_000) as said:
        window.export_to(info, tmp_path / "out.onnx", "onnx")
    assert "onnxruntime" in said.args[0] and (tmp_path / "out.onnx").stat().st_size > 1000
    with qtbot.waitSignal(window._context.notify, timeout=20_000):
        window.export_to(info, tmp_path / "out.safetensors", "half")
    assert read_card(tmp_path / "out.safetensors").name == "Waves"
    with qtbot.waitSignal(window._context.openModel) as opened:
        window.use_button.click()
    assert opened.args[0] == FileRef(hash=info.hash, name="Waves")
    window.show()
    monkeypatch.setattr("studio.base.trash.send2trash", lambda path: Path(path).unlink())
    window.remove(info)
    qtbot.waitUntil(lambda: window.list.count() == 2, timeout=20_000)
    assert not info.path.exists()


def test_a_file_that_is_no_model_is_named(qtbot: QtBot, window: ModelsWindow, tmp_path: Path) -> None:
    (tmp_path / "page.pkl").write_text("<!DOCTYPE html><html></html>")
    with qtbot.waitSignal(window._context.problem, timeout=20_000) as problem:
        window.add(tmp_path / "page.pkl")
    assert "web page" in problem.args[0].message


def test_the_card_of_a_renamed_file_is_json_that_other_readers_open(library: ModelLibrary) -> None:
    info = library.edit(faces(library), name="Ünïcødé 模型")
    with info.path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        assert length % 8 == 0 and "__metadata__" in json.loads(file.read(length))
