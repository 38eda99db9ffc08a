"""Filling holes and new canvas."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.base import Progress, StudioError, drain
from studio.recipes import RepairSettings
from studio.restoration import patch_filling
from studio.restoration.mask_edges import filled_share
from studio.restoration.repair import repair, zones


def brickwork(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """A regular texture, which patches must go on with."""
    y, x = np.mgrid[0:height, 0:width]
    joint = ((y % 12) < 2) | (((x + (y // 12 % 2) * 10) % 20) < 2)
    return np.where(joint[..., None], (210, 205, 190), (150, 70, 50)).astype(np.uint8)


def a_hole(shape: tuple[int, int], box: tuple[int, int, int, int]) -> NDArray[np.float32]:
    mask = np.zeros(shape, np.float32)
    mask[box[0] : box[1], box[2] : box[3]] = 1
    return mask


def test_patches_go_on_with_a_texture() -> None:
    whole = brickwork()
    damaged = whole.copy()
    damaged[36:60, 50:80] = (0, 255, 0)
    mask = a_hole((96, 128), (36, 60, 50, 80))
    made = drain(repair(damaged, mask, RepairSettings(seed=0)))
    hole = mask > 0
    error = np.abs(made[hole].astype(int) - whole[hole]).mean()
    assert error < 25, error  # a flat filling is 45 off
    assert not (made == (0, 255, 0)).all(-1).any()
    far = drain(repair(damaged, mask, RepairSettings(method="lines")))
    assert error < np.abs(far[hole].astype(int) - whole[hole]).mean()


def test_nothing_changes_outside_the_mask_and_its_soft_edge() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (64, 80, 3), np.uint8)
    mask = a_hole((64, 80), (20, 30, 30, 44))
    made = drain(repair(picture, mask, RepairSettings(grow=0.025, feather=0.025)))
    y, x = np.mgrid[0:64, 0:80]
    beyond = np.maximum(np.maximum(20 - y, y - 29), np.maximum(30 - x, x - 43)) > 5  # 2 and 2 pixels, and rounding
    assert np.array_equal(made[beyond], picture[beyond]) and not np.array_equal(made, picture)
    # What changes is what the window shows as the mask's edge.
    shown = filled_share(mask > 0.5, 0.025, 0.025)
    changed = (made != picture).any(axis=2)
    assert not changed[shown == 0].any() and changed[shown > 0.3].mean() > 0.9
    assert shown[18, 35] == 1 > shown[17, 35] > shown[16, 35] > 0 == shown[14, 35]


def test_the_same_seed_gives_the_same_and_others_give_others() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (48, 48, 3), np.uint8)
    mask = a_hole((48, 48), (16, 30, 16, 30))
    first, again, other = (drain(repair(picture, mask, RepairSettings(seed=seed))) for seed in (5, 5, 6))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize("alpha", [False, True])
def test_new_canvas(alpha: bool) -> None:
    picture = brickwork(48, 60)
    if alpha:
        picture = np.dstack([picture, np.full((48, 60), 128, np.uint8)])
        picture[:, 40:, 3] = 0
    made = drain(repair(picture, None, RepairSettings(left=0.2, bottom=0.25, feather=0, grow=0)))
    assert made.shape == (60, 72, picture.shape[2])
    if alpha:  # canvas beside what is transparent is transparent, too
        assert (made[:, :52, 3] == 128).all() and not made[:, 52:, 3].any()
        assert np.array_equal(made[:48, 12:52], picture[:, :40])
        first = drain(repair(picture, None, RepairSettings(left=0.2, bottom=0.25, feather=0, grow=0, process=2)))
        assert (first[48:, :, 3] == 255).all() and (first[:, :12, 3] == 255).all()
        picture[..., 3] = 0
        assert not drain(repair(picture, None, RepairSettings(left=0.2)))[..., 3].any()
    else:
        assert np.array_equal(made[:48, 12:], picture)
    # What is new is made of the colours there are.
    new = np.abs(made[:48, :12, :3].astype(int)[:, :, None] - np.array([(210, 205, 190), (150, 70, 50)])).sum(-1)
    assert np.median(new.min(-1)) < 30


def test_each_side_of_new_canvas_goes_on_with_what_is_near() -> None:
    picture = np.zeros((120, 240, 3), np.uint8)
    picture[:, :120], picture[:, 120:] = (200, 60, 40), (30, 70, 190)
    picture += np.random.default_rng(3).integers(0, 30, picture.shape, np.uint8)
    made = drain(repair(picture, None, RepairSettings(left=0.2, right=0.2, top=0.2)))
    assert made.shape == (144, 336, 3)
    left, right = made[30:, :48].astype(int), made[30:, -48:].astype(int)
    assert (left[..., 0] > left[..., 2]).all() and (right[..., 2] > right[..., 0]).all()
    # The edge goes along, and nothing else.
    kept = made[24 + 9 :, 48 + 9 : -48 - 9]
    assert np.array_equal(kept, picture[9:, 9:-9])


def test_things_away_from_the_edge_do_not_come_again_in_new_canvas() -> None:
    y, x = np.mgrid[:90, :150]
    picture = np.full((90, 150, 3), (120, 140, 90), np.uint8)
    picture += np.random.default_rng(3).integers(0, 40, picture.shape, np.uint8)
    picture[30:60, 128:] = (240, 240, 30)  # cut by the edge, and beside it something else
    picture[(y - 45) ** 2 + (x - 108) ** 2 < 15**2] = (250, 10, 10)
    reds = []
    for process in (2, 3):
        new = drain(repair(picture, None, RepairSettings(right=0.4, process=process)))[:, 150:].astype(int)
        reds.append(((new[..., 0] > 180) & (new[..., 1] < 90)).mean())
    assert reds[1] < 0.01 and reds[1] <= reds[0], reds


@pytest.mark.parametrize("turns", range(4))
def test_a_smooth_tone_goes_on_beyond_the_edge(turns: int) -> None:
    """A sky that gets darker towards the edge: patches alone would get lighter again at once."""
    x = np.arange(160)[None, :, None]
    rng = np.random.default_rng(5)
    sky = np.clip(60 + 0.5 * x + rng.normal(0, 0.6, (100, 160, 3)), 0, 255).round().astype(np.uint8)
    edge = ("left", "bottom", "right", "top")[turns]
    made = drain(repair(np.rot90(sky, turns), None, RepairSettings(**{edge: 0.25})))
    columns = np.rot90(made, -turns).mean((0, 2))
    assert len(columns) == 200 and columns[36] < columns[46] < columns[60]


def test_a_large_filling_is_made_in_a_process_that_ends_when_it_is_wanted_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture, mask = brickwork(), a_hole((96, 128), (36, 60, 50, 80))
    here = drain(repair(picture, mask, RepairSettings(seed=2)))
    monkeypatch.setattr(patch_filling, "IN_PROCESS", 0)
    started: list[subprocess.Popen[bytes]] = []

    def note(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **options))
        return started[-1]

    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", note)
    shares: list[float] = []
    made = drain(repair(picture, mask, RepairSettings(seed=2)), lambda step: shares.append(step.fraction))
    assert np.array_equal(made, here) and shares == sorted(shares)
    work = repair(picture, mask, RepairSettings(seed=2))
    assert isinstance(next(work), Progress) and started[-1].poll() is None
    work.close()
    assert len(started) == 2 and started[0].returncode == 0 and started[1].returncode not in (0, None)


def test_what_the_library_says_tells_how_far_it_is() -> None:
    said = patch_filling._Said()
    shares = []
    for line in (b"Inpainting level: 2\n", b"  EM Iteration: 4\n", b"Inpainting level: 1", b"EM Iteration: 2", b"x",
                 b"Inpainting level: 0"):  # fmt: skip
        said.take(line)
        shares.append(round(said.share, 3))
    work = np.array([0, 4 / 16, 5 / 16, 5 / 16 + 2 / 4, 5 / 16 + 2 / 4, 5 / 16 + 3 / 4]) / (5 / 16 + 3 / 4 + 1)
    assert shares == [round(each, 3) for each in work.tolist()]


def test_a_small_mask_is_stretched_and_an_empty_one_does_nothing() -> None:
    picture = brickwork(40, 40)
    made = drain(repair(picture, a_hole((4, 4), (1, 2, 1, 2)), RepairSettings(method="lines", grow=0, feather=0)))
    changed = np.argwhere((made != picture).any(-1))
    assert len(changed) > 0 and changed.min() >= 8 and changed.max() <= 21
    assert drain(repair(picture, np.zeros((4, 4), np.float32), RepairSettings())) is picture


def test_everything_masked_is_refused() -> None:
    with pytest.raises(StudioError, match="nothing to fill it from"):
        drain(repair(brickwork(20, 20), np.ones((20, 20), np.float32), RepairSettings()))


def test_zones_that_lie_apart_are_filled_apart() -> None:
    area = np.zeros((1000, 1000), bool)
    area[10:20, 10:20] = area[900:910, 900:910] = area[905:915, 925:930] = True
    assert sorted(zones(area)) == [(0, 0, 84, 84), (836, 836, 994, 979)]


def test_the_first_process_fills_as_it_did() -> None:
    y, x = np.mgrid[:150, :200]
    waves = np.stack([128 + 90 * np.sin(x / 7), 128 + 90 * np.cos(y / 9 + x / 30), (x + y) % 255], axis=-1)
    picture = np.asarray(waves, np.uint8)
    first, second = (
        drain(repair(picture, None, RepairSettings(left=0.2, bottom=0.1, process=process))) for process in (1, 2)
    )
    # The picture's edge stays, where the second fills it with the canvas.
    assert np.array_equal(first[:145, 45:], picture[:145, 5:])
    assert not np.array_equal(second[:145, 42:], first[:145, 42:])
