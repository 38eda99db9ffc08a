"""Nearest places of the styles, and faces that keep more of the photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from studio.base import drain
from studio.base.paths import resources_dir
from studio.faces import Face
from studio.faces.face_map import face_map
from studio.networks.vgg import VGGFeatures
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, nearest, preview
from studio.stylization.nearest import MOST_PLACES, NearestRegion, Places, grid_of, on_grid, sizes_of
from studio.stylization.optimise import optimise
from tests.support.looks import halo

CHANNELS = 15 * 4
main_axes = nearest._main_axes


def random_features(places: int, seed: int = 0) -> Tensor:
    return torch.randn(CHANNELS, places, generator=torch.Generator().manual_seed(seed))


def test_every_place_finds_its_like_whatever_brightness_and_contrast() -> None:
    features = random_features(200)
    order = torch.randperm(200, generator=torch.Generator().manual_seed(1))
    region = NearestRegion([(1.0, Places.of(features, 10, 20))], voting=False)
    assert features.shape[1] > len(region.styles[0][1].features)  # the rim is left out
    inner = region.styles[0][1].features.T
    order = torch.randperm(inner.shape[1], generator=torch.Generator().manual_seed(1))
    region.choose(region.seen(3 * inner[:, order] + 5), 1, len(order))
    assert float(region.distance(inner[:, order], None).max()) < 1e-6
    # What all layers differ by together is about two: the variance of both.
    assert 1 < float(region.distance(inner, None).mean()) < 3


def test_a_moved_slider_finds_no_axes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Tensor] = []

    def counted(spread: Tensor) -> Tensor:
        found.append(main_axes(spread))
        return found[-1]

    monkeypatch.setattr(nearest, "_main_axes", counted)
    a, b = Places.of(random_features(100), 10, 10), Places.of(random_features(100, 1), 10, 10)
    for strength in (1.0, 0.7, 0.2):  # of one style, whatever the photo's share
        NearestRegion([(strength, a)], random_features(64, 2))
    assert len(found) == 1
    NearestRegion([(0.5, a), (0.5, b)])  # layers count otherwise in a blend
    assert len(found) == 3


def test_a_blend_lies_between_its_styles_and_the_photo() -> None:
    a, b, own = random_features(100), random_features(100, 1), random_features(64, 2)
    both = [Places.of(a, 10, 10), Places.of(b, 10, 10)]
    region = NearestRegion([(0.5, both[0]), (0.25, both[1])], own, voting=False)
    region.choose(region.seen(own), 8, 8)
    chosen = [style.wanted(slice(None)) for style in region._known]
    wanted = 0.5 * chosen[0] + 0.25 * chosen[1] + 0.25 * own
    assert float(region.distance(wanted, None).max()) < 1e-6


def test_neighbours_outvote_one_that_chose_another_place() -> None:
    """A piece of the style stays as it is, but for a place that is most like another one by chance."""
    features = random_features(400).view(CHANNELS, 20, 20)
    region = NearestRegion([(1.0, Places.of(features.flatten(1), 20, 20))])
    piece = features[:, 4:12, 5:13].clone()
    piece[:, 4, 4] = features[:, 16, 3]
    region.choose(region.seen(piece.flatten(1)), 8, 8)
    style = region._known[0]
    assert style.middle is not None and style.contrast is not None
    wanted = ((style.wanted(slice(None)) - style.middle) / style.contrast + style.middle).view(CHANNELS, 8, 8)
    true = features[:, 4:12, 5:13]
    inner = torch.ones(8, 8, dtype=torch.bool)
    inner[3:6, 3:6] = False
    assert torch.allclose(wanted[:, inner], true[:, inner], atol=1e-4)
    assert float((wanted - true)[:, 4, 4].norm() / (features[:, 16, 3] - true[:, 4, 4]).norm()) < 0.15  # one of nine
    # The contrast of what was chosen, which a mean would lose.
    rough = torch.randn(CHANNELS, 64, generator=torch.Generator().manual_seed(5))
    region.choose(region.seen(rough), 8, 8)
    own = style.places.features[style.matches[4]].T if style.matches is not None else rough
    for found, chosen in zip(
        style.wanted(slice(None)).split(sizes_of(CHANNELS)), own.split(sizes_of(CHANNELS)), strict=True
    ):
        assert float(found.var(1, correction=0).sum() / chosen.var(1, correction=0).sum()) == pytest.approx(1, abs=0.01)


def test_only_the_part_of_a_style_and_of_large_ones_a_choice() -> None:
    part = torch.zeros(1, 1, 40, 40)
    part[..., :20] = 1
    features = random_features(100)
    kept = Places.of(features, 10, 10, part).features
    assert len(kept) == 8 * 4
    assert Places.of(features, 10, 10).beside(torch.tensor([0, 9, 63, -1]), 0, 1).tolist() == [1, 10, -1, -1]
    large = Places.of(torch.zeros(15, 300 * 300), 300, 300).features
    assert MOST_PLACES / 2 < len(large) <= MOST_PLACES
    assert sizes_of(960) == [64, 128, 256, 512]


def test_no_white_ring_around_what_is_dark(shared_models: Path) -> None:
    """Neither at once, where there was one of 0.30, nor up to a detail of 0.8 in the end."""
    from safetensors.torch import load_file

    extractor = VGGFeatures("vgg16")
    extractor.load_convolutions(load_file(shared_models / "perceptual" / "vgg16-hed.safetensors"))
    down, right = np.mgrid[:96, :96]
    photo = np.where(np.hypot(down - 48, right - 48)[..., None] < 24, (40, 30, 25), (170, 170, 170)).astype(np.uint8)
    with Image.open(resources_dir() / "styles" / "Woodblock waves.jpg") as opened:
        style = [StyleInput(np.asarray(opened.convert("RGB").resize((128, 128))))]
    settings = StylizeSettings(method="optimise", size=96, steps=12, detail=0.8)
    assert abs(halo(drain(optimise(photo, style, settings, extractor=extractor)), photo)) < 0.04
    before, now = (halo(preview(photo, style, settings.model_copy(update={"process": n})), photo) for n in (2, 3))
    assert before > 0.2 and abs(now) < before / 3


def test_a_style_of_two_things_gives_each_to_its_like(shared_models: Path) -> None:
    """Statistics would spread both over the whole picture."""
    from safetensors.torch import load_file

    extractor = VGGFeatures("vgg16")
    extractor.load_convolutions(load_file(shared_models / "perceptual" / "vgg16-hed.safetensors"))
    photo = np.full((64, 64, 3), 40, np.uint8)
    photo[:, 32:] = 220
    style = np.zeros((96, 96, 3), np.uint8)
    style[48:] = (240, 200, 60)
    style[:48] = (30, 40, 120)
    style[::6, :] = (0, 0, 0)
    settings = StylizeSettings(method="optimise", size=64, steps=12, seed=1)
    out = drain(optimise(photo, [StyleInput(style)], settings, extractor=extractor)).astype(float)
    dark, light = out[8:-8, 4:26].mean((0, 1)), out[8:-8, 38:-4].mean((0, 1))
    assert dark[2] > dark[0] and light[0] > light[2] + 40
    faces = np.zeros((64, 64), np.float32)
    faces[16:48, 40:60] = 1
    kept = drain(optimise(photo, [StyleInput(style)], settings, extractor=extractor, faces=faces)).astype(float)
    inside = (slice(24, 40), slice(46, 54))
    stripes = [picture[inside].mean((1, 2)).std() for picture in (out, kept)]
    assert stripes[1] < 0.8 * stripes[0]


def test_the_map_of_faces_is_one_inside_and_nothing_far_away() -> None:
    assert face_map([], 100, 200) is None
    face = Face((80.0, 20.0, 120.0, 70.0), ((0.0, 0.0),) * 5, 1.0)
    found = face_map([face], 100, 200)
    assert found is not None and found.shape == (100, 200)
    assert found[45, 100] == 1 and found[45, 118] == 1 and found[90, 20] == 0 and found[45, 150] == 0
    large = face_map([face.scaled(40)], 4000, 8000)
    assert large is not None and large.shape == (256, 512) and large[45 * 256 // 100, 256] == 1


def test_the_grid_takes_means_of_fine_layers_and_repeats_coarse_ones() -> None:
    layers = {"relu1_2": 1, "relu2_2": 2, "relu3_3": 4, "relu4_1": 8}
    found = {name: torch.zeros(1, -(-18 // step), -(-10 // step)) for name, step in layers.items()}
    found["relu1_2"][0, :4, :4] = torch.arange(16.0).view(4, 4)
    found["relu4_1"][0, 2, 1] = 3.0
    rows, columns = grid_of(18, 10)
    grid = on_grid(found, rows, columns).view(4, rows, columns)
    assert grid[0, 0, 0] == 7.5 and grid[3, 4, 2] == 3.0 and grid[3, 3, 2] == 0
