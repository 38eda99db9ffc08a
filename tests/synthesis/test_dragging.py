"""Dragging points of pictures, on small random networks."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.base import StudioError
from studio.networks import dcgan, stylegan2, stylegan3
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.synthesis import dragging
from studio.synthesis.dragging import drag
from studio.synthesis.latents import LatentSpace
from studio.synthesis.patch_matching import has_moved, is_distinct, was_carried
from studio.synthesis.principal_axes import PrincipalAxes

RECIPE = SampleRecipe(model=FileRef(hash="0" * 64, name="test"), latent=LatentSeed(seed=1))
HANDLES, TARGETS = [(14.0, 16.0)], [(18.0, 16.0)]


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    torch.manual_seed(0)
    config = stylegan2.StyleGAN2Config(resolution=32, z_dim=16, w_dim=16, channel_base=256, channel_max=16)
    return LatentSpace(stylegan2.Generator(config).eval().requires_grad_(False))


def test_points_come_nearer_and_the_nearest_state_is_last(space: LatentSpace) -> None:
    steps = list(drag(space, RECIPE, HANDLES, TARGETS, steps=16))
    assert steps[0].distance == 4.0 and torch.equal(steps[0].code, space.recipe_code(RECIPE))
    assert steps[-1].distance == min(step.distance for step in steps) < 4.0
    assert steps[-1].outcome == "steps" and 0 < steps[-1].feature_distance < dragging.LOST
    assert not torch.equal(steps[-1].code[:, :4], steps[0].code[:, :4])
    axes = PrincipalAxes(space)
    middle = axes.inward(steps[-1].code).mean(dim=1).norm()
    assert middle <= 1.1501 * max(axes.radius, axes.inward(steps[0].code)[0, 0].norm()), "what the network draws"
    again = list(drag(space, RECIPE, HANDLES, TARGETS, steps=3))
    for one, other in zip(again[:3], steps, strict=False):
        assert one.handles == other.handles and torch.equal(one.code, other.code)


def test_how_a_drag_ended_is_said(space: LatentSpace, monkeypatch: pytest.MonkeyPatch) -> None:
    *_, arrived = drag(space, RECIPE, HANDLES, HANDLES)
    assert arrived.outcome == "arrived" and arrived.step == 0
    # The features are near enough at once, and the pixels show that nothing has moved.
    with monkeypatch.context() as patch:
        patch.setattr(dragging, "NEAR", 1000.0)
        *_, unsure = drag(space, RECIPE, HANDLES, [(29.0, 16.0)])
    assert unsure.outcome == "unsure" and unsure.step == 0
    monkeypatch.setattr(dragging, "PATIENCE", 2)
    *_, stuck = drag(space, RECIPE, HANDLES, TARGETS)
    assert stuck.outcome == "stuck" and 6 <= stuck.step < 12
    # Whatever the network draws is unlike what was there: no state but the first counts.
    monkeypatch.setattr(dragging, "LOST", 0.0)
    *_, lost = drag(space, RECIPE, HANDLES, TARGETS)
    assert lost.outcome == "lost" and torch.equal(lost.code, space.recipe_code(RECIPE)) and lost.distance == 4.0


def test_what_may_not_move_changes_less(space: LatentSpace) -> None:
    movable = torch.zeros(32, 32, dtype=torch.bool)
    movable[8:24, 8:24] = True
    first = space.generator.synthesis(space.recipe_code(RECIPE), noise_mode="const")  # type: ignore[operator, union-attr]
    changed = []
    for mask in (None, movable):
        *_, last = drag(space, RECIPE, HANDLES, [(31.0, 16.0)], mask, steps=8)
        picture = space.generator.synthesis(last.code, noise_mode="const")  # type: ignore[operator, union-attr]
        changed.append(float((picture - first).abs().mean(dim=1)[0][~movable].mean()))
    assert changed[1] < changed[0]


def test_features_of_stylegan3_cover_the_picture_and_can_be_dragged() -> None:
    torch.manual_seed(0)
    config = stylegan3.StyleGAN3Config(resolution=32, z_dim=8, w_dim=8, channel_base=256, channel_max=8)
    space = LatentSpace(stylegan3.Generator(config).eval().requires_grad_(False))
    [features] = space.generator.synthesis.features(space.recipe_code(RECIPE), [16])  # type: ignore[operator, union-attr]
    assert features.shape[2:] == (16, 16)
    steps = list(drag(space, RECIPE, HANDLES, TARGETS, steps=2))
    assert not torch.equal(steps[2].code, steps[0].code)


def test_what_cannot_be_dragged_is_said(space: LatentSpace) -> None:
    classic = LatentSpace(dcgan.Generator(dcgan.DCGANConfig(resolution=32, width=8)).eval())
    for where, handles, targets in (
        (classic, HANDLES, TARGETS),
        (space, [], []),
        (space, HANDLES, []),
        (space, HANDLES, [(32.0, 1.0)]),
    ):
        with pytest.raises(StudioError):
            next(drag(where, RECIPE, handles, targets))


@pytest.mark.parametrize("size", [32, 256, 400])
def test_a_point_of_a_band_is_told_from_its_neighbours_only_by_a_mark(size: int) -> None:
    def band(mark: float | None) -> NDArray[np.uint8]:
        picture = np.full((size, size, 3), 40, np.uint8)
        picture[round(0.46 * size) : round(0.54 * size)] = 220, 150, 60
        if mark is not None:
            cv2.circle(picture, (round(mark * size), size // 2), size // 30, (250, 250, 250), -1)
        return picture

    point, target = (0.4 * size, 0.5 * size), (0.52 * size, 0.5 * size)
    assert not is_distinct(band(None), point, target) and is_distinct(band(0.4), point, target)
    assert is_distinct(band(None), point, (0.4 * size, 0.62 * size)), "across the band it can be told"
    assert not is_distinct(np.full((size, size, 4), 99, np.uint8), point, target)
    assert has_moved(band(0.4), band(0.52), point, target)
    assert was_carried([band(0.4), band(0.44), band(0.48), band(0.52)], point, target)
    assert not was_carried([band(None), band(None)], point, target), "a band that slides along itself seems to stay"
    assert not has_moved(band(0.4), band(0.4), point, target) and not has_moved(band(None), band(None), point, target)
