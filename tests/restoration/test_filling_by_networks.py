"""Filling holes by a generator and by networks made for it, on small random ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

import studio.restoration.network_filling as filling
from studio.base import StudioError, drain
from studio.checkpoints.enlargers import add_network
from studio.checkpoints.inpainters import Inpainter, add_inpainter, added_inpainters, load_inpainter
from studio.networks import stylegan2
from studio.networks.compact import CompactEnlarger
from studio.recipes import FileRef, LatentSeed, RepairSettings, SampleRecipe
from studio.restoration import stopping
from studio.restoration.continuation import continued, matched_colors, set_in
from studio.restoration.generator_filling import generator_filling, square_around
from studio.restoration.network_filling import network_filling
from studio.restoration.repair import repair
from studio.synthesis.latents import LatentSpace

MODEL = FileRef(hash="0" * 64, name="test")


def smooth_picture(height: int, width: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 / width, y * 255 / height, (x + y) * 100 / (width + height)], -1).astype(np.uint8)


def test_a_membrane_goes_on_with_what_is_around() -> None:
    ramp = smooth_picture(40, 60).astype(np.float32)
    known = np.ones((40, 60), bool)
    known[10:30, 15:45] = False
    made = continued(np.where(known[..., None], ramp, 999).astype(np.float32), known)
    assert np.array_equal(made[known], ramp[known]) and np.abs(made - ramp).max() < 6
    assert not continued(ramp, np.zeros_like(known)).any()


def test_a_filling_is_set_in_without_a_seam_and_keeps_its_gradients() -> None:
    picture = smooth_picture(48, 48)
    area = np.zeros((48, 48), bool)
    area[12:36, 12:36] = True
    stripes = np.where(np.arange(48)[None, :, None] % 8 < 4, 20, 0)
    other = np.clip(picture // 2 + 60 + stripes, 0, 255).astype(np.uint8)  # darker, with stripes
    made = set_in(other, picture, area)
    assert np.array_equal(made[~area], picture[~area])

    def steps(of: NDArray[np.uint8]) -> float:
        """How much changes across the upper and the lower rim."""
        return float(np.abs(np.diff(of.astype(int), axis=0))[[11, 35], 12:36].mean())

    assert steps(made) < 0.3 * steps(np.where(area[..., None], other, picture))
    across = np.abs(np.diff(made[20:28, 16:32].astype(int), axis=1)).max(-1)
    assert (across > 10).sum() > 15


def test_lines_that_do_not_meet_are_not_led_through_the_whole_filling() -> None:
    picture = np.full((96, 96, 3), 120, np.uint8)
    picture[:, 45:49] = 250  # ends at a hole whose filling knows nothing of it
    area = np.zeros((96, 96), bool)
    area[24:72, 24:72] = True
    made = set_in(np.full_like(picture, 100), picture, area).astype(int)
    middle = made[44:52, 30:66]
    assert np.ptp(middle) < 6 and abs(middle.mean() - 120) < 10 and made[24, 47, 0] > 180


def test_colours_are_matched_by_what_is_known() -> None:
    picture = np.random.default_rng(0).integers(40, 200, (40, 40, 3)).astype(np.uint8)
    known = np.ones((40, 40), bool)
    known[10:30, 10:30] = False
    tinted = np.clip(picture * np.array([0.8, 1.0, 0.7]) + 20, 0, 255).astype(np.uint8)
    made = matched_colors(tinted, np.where(known[..., None], picture, 0).astype(np.uint8), known)
    off = np.abs(made.astype(int) - picture).mean()
    assert off < 0.15 * np.abs(tinted.astype(int) - picture).mean()
    assert matched_colors(tinted, picture, np.zeros_like(known)) is tinted


def plain_eye(picture: torch.Tensor, layers: Sequence[str]) -> dict[str, torch.Tensor]:
    """In place of a VGG: averages of larger and larger places."""
    return {layer: torch.nn.functional.avg_pool2d(picture, 2**number) for number, layer in enumerate(layers)}


def test_a_generator_fills_what_agrees_with_the_rest() -> None:
    torch.manual_seed(0)
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
    space = LatentSpace(stylegan2.Generator(config).eval().requires_grad_(False))
    recipe = SampleRecipe(model=MODEL, latent=LatentSeed(seed=4711), truncation=1.0)
    whole = np.repeat(np.repeat(space.picture(space.recipe_code(recipe), recipe).numpy()[..., :3], 2, 0), 2, 1)
    whole = np.pad(whole, ((0, 0), (0, 20), (0, 0)), "edge")  # wider than high
    mask = np.zeros(whole.shape[:2], np.float32)
    mask[20:44, 16:40] = 1
    damaged = np.where(mask[..., None] > 0, 127, whole).astype(np.uint8)
    settings = RepairSettings(method="generator", model=MODEL, steps=20, grow=0, feather=0)
    seen = []

    def filled(settings: RepairSettings) -> NDArray[np.uint8]:
        return drain(
            repair(
                damaged,
                mask,
                settings,
                filler=lambda color, area, banned: generator_filling(space, plain_eye, color, area, banned, settings),  # type: ignore[arg-type]
            ),
            lambda progress: seen.append(progress.preview) if progress.preview is not None else None,
        )

    made = filled(settings)
    hole = mask > 0
    off = np.abs(made.astype(int) - whole)[hole].mean()
    assert np.array_equal(made[~hole], damaged[~hole]) and off < 0.8 * np.abs(127 - whole[hole].astype(int)).mean()
    assert len(seen) == 2 and all(each.shape == whole.shape for each in seen)
    assert not np.array_equal(filled(settings.model_copy(update={"seed": 1})), made)


def test_the_square_of_a_network_lies_around_the_hole() -> None:
    area = np.zeros((60, 100), bool)
    area[10:20, 80:90] = True
    assert square_around(area) == (40, 0, 60)
    area[30, 10:95] = True
    assert square_around(area) == (10, -13, 85)  # longer than the picture is high: partly beyond it


# ---- networks of other programs


@pytest.fixture
def tiny_lama(monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """The state dict of a LaMa with few channels, as the files that go around name its tensors."""
    import spandrel.architectures.LaMa as architecture

    module = __import__(architecture.LaMa.__module__, fromlist=["FFCResNetGenerator"])
    small = partial(module.FFCResNetGenerator, ngf=4, n_blocks=1, max_features=16)
    monkeypatch.setattr(module, "FFCResNetGenerator", small)
    torch.manual_seed(0)
    tensors = architecture.LaMa(in_nc=4).state_dict()
    return {name.replace("model.model", "generator.model"): tensor for name, tensor in tensors.items()}


def test_an_inpainting_network_is_added_by_file_and_fills(tmp_path: Path, tiny_lama: dict[str, torch.Tensor]) -> None:
    path = tmp_path / "big-lama.pth"
    torch.save({"state_dict": tiny_lama}, path)
    added = add_inpainter(path)
    assert added_inpainters() == [added] and added.name == "big-lama" and add_inpainter(path) == added
    inpainter = load_inpainter(added.ref)
    picture = smooth_picture(50, 70)
    area = np.zeros((50, 70), bool)
    area[20:30, 30:45] = True
    made = drain(network_filling(inpainter, picture, area, np.zeros_like(area)))
    assert np.array_equal(made[~area], picture[~area]) and not np.array_equal(made, picture)
    hidden = np.where(area[..., None], 255, picture).astype(np.uint8)
    assert np.array_equal(drain(network_filling(inpainter, hidden, area, np.zeros_like(area))), made), "it saw the hole"
    added.path.unlink()
    with pytest.raises(StudioError, match="big-lama"):
        load_inpainter(added.ref)


def test_a_filling_can_be_stopped_within_a_tile(monkeypatch: pytest.MonkeyPatch) -> None:
    layers: list[torch.nn.Module] = []

    class Layer(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            layers.append(self)
            started.set()
            assert closed.wait(30)
            return x

    class Stop(threading.Event):
        def set(self) -> None:
            super().set()
            closed.set()  # only now does the first layer end

    started, closed = threading.Event(), threading.Event()
    monkeypatch.setattr(stopping, "Event", Stop)
    network = torch.nn.Sequential(Layer(), Layer())
    area = np.zeros((40, 40), bool)
    area[10:20, 10:20] = True
    work = network_filling(
        Inpainter(lambda picture, _mask: network(picture)), smooth_picture(40, 40), area, np.zeros_like(area)
    )
    while not started.is_set():
        next(work)
    work.close()
    assert len(layers) == 1


def test_networks_for_another_purpose_say_where_they_belong(tmp_path: Path, tiny_lama: dict[str, torch.Tensor]) -> None:
    save_file(tiny_lama, tmp_path / "lama.safetensors")
    with pytest.raises(StudioError, match="fills holes") as refused:
        add_network(tmp_path / "lama.safetensors")
    assert "Repair" in str(refused.value.action)
    save_file(CompactEnlarger(8, 2, 2).state_dict(), tmp_path / "compact.safetensors")
    with pytest.raises(StudioError, match="larger") as refused:
        add_inpainter(tmp_path / "compact.safetensors")
    assert "Enlarge" in str(refused.value.action)
    save_file({"some.weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(StudioError, match="not a network that is known here"):
        add_inpainter(tmp_path / "other.safetensors")


def test_large_holes_are_filled_in_tiles_from_the_edge_inwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "TILE", 48)
    monkeypatch.setattr(filling, "AROUND", 8)
    monkeypatch.setattr(filling, "DEPTH", 12)
    sizes = []

    def run(picture: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        sizes.append(tuple(picture.shape[2:]))
        assert not (picture * mask).any(), "what shall go is shown"
        known = 1 - mask
        return (picture * known).sum((2, 3), keepdim=True) / known.sum().clamp(min=1) + torch.zeros_like(picture)

    picture = smooth_picture(130, 170)
    area = np.zeros((130, 170), bool)
    area[30:100, 40:120] = True
    made = drain(network_filling(Inpainter(run), picture, area, np.zeros_like(area)))
    assert max(max(size) for size in sizes) <= 48 and len(sizes) > 6
    assert np.array_equal(made[~area], picture[~area])
    assert np.abs(made.astype(int) - picture)[area].mean() < 30
