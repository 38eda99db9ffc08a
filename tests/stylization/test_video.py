"""Optical flow and stylizing in a row, on clips whose true motion is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.base import Progress, StudioError, Work, drain
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput
from studio.stylization.flow import (
    Mask,
    Picture,
    best_flow,
    confidence,
    consistent,
    flow_between,
    flow_folder,
    histogram_distance,
    is_cut,
    motion_boundaries,
    settled,
    warp,
)
from studio.stylization.video import ClipStyler, follow_steps, stylized
from tests.support.clips import Motion, moving, photos, warping_error


@pytest.fixture(scope="module")
def clip() -> list[Motion]:
    return moving(*photos(), 7, 256, 192)


@pytest.fixture(scope="module")
def style() -> StyleInput:
    from skimage import data

    return StyleInput(np.ascontiguousarray(data.retina()[400:900, 400:900]))


def test_flow_is_close_to_the_truth(clip: list[Motion]) -> None:
    flow = flow_between(clip[3].frame, clip[2].frame)
    assert flow.dtype == np.float32 and flow.shape == (192, 256, 2)
    apart = np.linalg.norm(flow - clip[3].flow, axis=-1)[clip[3].seen]
    assert np.median(apart) < 0.15 and apart.mean() < 0.5
    # Without motion found, both would be larger than this by far.
    assert np.linalg.norm(clip[3].flow, axis=-1)[clip[3].seen].mean() > 1.5


def test_flow_of_large_frames_is_enlarged(clip: list[Motion], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.stylization.flow.FLOW_SIDE", 128)
    flow = flow_between(clip[3].frame, clip[2].frame)
    apart = np.linalg.norm(flow - clip[3].flow, axis=-1)[clip[3].seen]
    assert flow.shape == (192, 256, 2) and np.median(apart) < 0.3


def test_warping_by_the_true_flow_gives_the_frame(clip: list[Motion]) -> None:
    moved = warp(clip[2].frame.astype(np.float32), clip[3].flow)
    assert np.abs(moved - clip[3].frame)[clip[3].seen].mean() < 2
    assert np.abs(clip[2].frame.astype(np.float32) - clip[3].frame)[clip[3].seen].mean() > 6


def test_what_was_hidden_is_not_trusted(clip: list[Motion]) -> None:
    frame, before = clip[3].frame, clip[2].frame
    flow, back = flow_between(frame, before), flow_between(before, frame)
    known = confidence(frame, before, flow, back)
    assert known.shape == (192, 256) and known.min() >= 0 and known.max() <= 1
    assert known[clip[3].seen].mean() > 0.85
    assert known[~clip[3].seen].mean() < 0.35
    # By the true flow alone, with no photometry: consistency finds the hidden, boundaries the rim of the disc.
    truth = clip[3].flow
    assert motion_boundaries(truth).mean() < 0.1
    edge = np.abs(np.diff(truth[..., 0], axis=1)) > 1
    assert motion_boundaries(truth)[:, 1:][edge].mean() > 0.9
    assert consistent(truth, np.zeros_like(truth))[clip[3].seen].mean() < 0.1


def test_a_change_of_light_is_not_trusted_but_is_no_cut(clip: list[Motion]) -> None:
    frame, before = np.asarray(np.clip(clip[3].frame * 0.5, 0, 255), np.uint8), clip[2].frame
    dark = confidence(frame, before, flow_between(frame, before), flow_between(before, frame))
    assert dark.mean() < 0.6
    half = np.asarray(np.clip(clip[3].frame * 0.9, 0, 255), np.uint8)
    known = confidence(half, before, flow_between(half, before), flow_between(before, half))
    assert not is_cut(half, before, known)


def test_cuts_are_found_and_pans_are_none(clip: list[Motion]) -> None:
    far, near = photos()
    other = near[100:292, 100:356]
    flow, back = flow_between(other, clip[2].frame), flow_between(clip[2].frame, other)
    assert is_cut(other, clip[2].frame, confidence(other, clip[2].frame, flow, back))
    for pan, anew in (
        (16, False),
        (40, True),
    ):  # in 256 pixels; from a whip of the camera there is nothing to take over
        fast = moving(far, near, 2, 256, 192, pan=pan)
        flow, back = flow_between(fast[1].frame, fast[0].frame), flow_between(fast[0].frame, fast[1].frame)
        assert is_cut(fast[1].frame, fast[0].frame, confidence(fast[1].frame, fast[0].frame, flow, back)) == anew
    assert histogram_distance(other, other) == 0


def test_shots_of_like_colours_are_cut_apart(clip: list[Motion]) -> None:
    # Upside down the colours are the very same: only that nothing is known tells.
    other = np.ascontiguousarray(clip[2].frame[::-1])
    flow, back = flow_between(other, clip[2].frame), flow_between(clip[2].frame, other)
    assert histogram_distance(other, clip[2].frame) < 0.01
    assert is_cut(other, clip[2].frame, confidence(other, clip[2].frame, flow, back))


def test_where_a_flow_wanders_a_guess_makes_good(clip: list[Motion]) -> None:
    frame, before = clip[3].frame, clip[2].frame
    flow, back = flow_between(frame, before), flow_between(before, frame)
    known = confidence(frame, before, flow, back)
    # A flow that is lost over some of what is far, as it is on plain walls.
    lost = np.zeros(known.shape, bool)
    lost[10:50, 150:230] = True
    assert clip[3].seen[lost].mean() > 0.9
    wild = np.where(lost[..., None], flow + np.float32(7), flow)
    better, sure = settled(frame, before, wild, np.where(lost, 0, known).astype(np.float32))
    assert sure[lost].mean() > 0.3
    found = lost & (sure > 0.3)
    assert np.abs(better - clip[3].flow)[found].mean() < 1.5
    # What comes into view is not taken for what is around, and what was known is as it was.
    assert sure[~clip[3].seen].mean() < known[~clip[3].seen].mean() + 0.1
    kept = ~lost & (known > 0.9)
    assert np.array_equal(better[kept], flow[kept]) and np.array_equal(sure[kept], known[kept])


def test_stabilised_frames_flicker_far_less(clip: list[Motion], style: StyleInput) -> None:
    frames = [each.frame for each in clip]
    alone = drain(stylized(ClipStyler([style], StylizeSettings(size=256), stabilise=0), frames))
    steady = drain(stylized(ClipStyler([style], StylizeSettings(size=256), stabilise=0.8), frames))
    errors = [warping_error([each.picture for each in made], clip) for made in (alone, steady)]
    assert errors[1] < 0.65 * errors[0]
    # Not by blur: as much fine contrast as the frames for themselves have.
    assert _fine(steady[-1].picture) > 0.9 * _fine(alone[-1].picture)
    # Nor by a ghost of the disc: what it has left looks as it does for itself.
    hidden = ~clip[-1].seen
    apart = np.abs(steady[-1].picture.astype(np.float32) - alone[-1].picture)
    assert apart[hidden].mean() < 14
    assert not any(each.cut for each in steady[1:])


def _fine(picture: np.ndarray) -> float:
    grey = picture.astype(np.float32).mean(-1)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def test_nothing_bleeds_across_a_cut(clip: list[Motion], style: StyleInput) -> None:
    near = photos()[1][300:492, 200:456]
    styler = ClipStyler([style], StylizeSettings(size=256), stabilise=1.0)
    made = drain(stylized(styler, [clip[0].frame, clip[1].frame, near]))
    alone = drain(styler.frame(near))
    assert [each.cut for each in made] == [True, False, True]
    assert np.array_equal(made[2].picture, alone.picture)


def test_a_frame_depends_on_the_one_before_alone(clip: list[Motion], style: StyleInput) -> None:
    frames = [each.frame for each in clip[:4]]
    styler = ClipStyler([style], StylizeSettings(size=256))
    whole = drain(stylized(styler, frames))
    rest = drain(stylized(ClipStyler([style], StylizeSettings(size=256)), frames[2:], whole[1].before))
    assert np.array_equal(whole[-1].picture, rest[-1].picture)


def test_where_no_style_goes_the_clip_stays(clip: list[Motion], style: StyleInput) -> None:
    mask = np.zeros((10, 10), np.float32)
    mask[:, :5] = 1
    made = drain(
        stylized(ClipStyler([style], StylizeSettings(size=256, feather=0), mask), [each.frame for each in clip[:3]])
    )
    assert np.array_equal(made[2].picture[:, 160:], clip[2].frame[:, 160:])
    assert np.abs(made[2].picture[:, :100].astype(int) - clip[2].frame[:, :100]).mean() > 5


def test_optimised_frames_follow_each_other(perceptual_models: Path) -> None:
    from skimage import data

    from studio.checkpoints.perceptual import load_vgg

    style = StyleInput(data.immunohistochemistry())  # of one that is full of detail, frames alone flicker

    extractor = drain(load_vgg("vgg16-hed", "cpu"))
    small = moving(*photos(), 2, 96, 72)
    frames = [each.frame for each in small]
    steps: list[str] = []
    settings = StylizeSettings(size=96, steps=8)
    steady = drain(
        stylized(ClipStyler([style], settings, stabilise=0.8, extractor=extractor), frames),
        lambda p: steps.append(str(p.message)),
    )
    alone = drain(stylized(ClipStyler([style], settings, stabilise=0, extractor=extractor), frames))
    errors = [warping_error([each.picture for each in made], small) for made in (alone, steady)]
    assert errors[1] < 0.6 * errors[0]
    assert steps.count("Following the frame before") == follow_steps(8) - 1


def test_too_little_memory_for_a_following_frame_takes_smaller_tiles(
    style: StyleInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles = []

    def descended(self: ClipStyler, content: Picture, start: Picture, known: Mask, tile: int) -> Work[Picture]:
        tiles.append(tile)
        yield Progress(1, 2)
        if tile > least:
            torch.empty(2**50)  # on a CPU this raises a plain RuntimeError
        return start

    monkeypatch.setattr(ClipStyler, "_descended", descended)
    frame = np.full((600, 800, 3), 90, np.uint8)
    known = np.ones((600, 800), np.float32)
    styler = ClipStyler([style], StylizeSettings(size=800), extractor=torch.nn.Identity(), largest_tile=1024)
    for least in (300, 300, 100):
        work = styler._followed(frame, frame / np.float32(255), known)
        if least == 100:
            with pytest.raises(RuntimeError, match="memory"):
                drain(work)
        else:
            assert drain(work).shape == frame.shape
    assert tiles == [1024, 400, 256, 256, 256] and styler.largest_tile == 256


def test_raft_is_used_when_its_weights_are_there(clip: list[Motion]) -> None:
    from torchvision.models.optical_flow import raft_small

    assert best_flow() == "dis"
    with pytest.raises(StudioError, match="weights of raft_small"):
        flow_between(clip[1].frame, clip[0].frame, "raft_small")
    flow_folder().mkdir(parents=True)
    path = flow_folder() / "raft_small_C_T_V2-01064c6d.pth"
    torch.manual_seed(0)
    network = raft_small(weights=None, progress=False)
    torch.save(network.state_dict(), path)
    assert best_flow() == "raft_small"
    found = flow_between(clip[1].frame[:101, :133], clip[0].frame[:101, :133], "raft_small")
    assert found.shape == (101, 133, 2) and np.isfinite(found).all()
    torch.save({"other": torch.zeros(1)}, path)
    with pytest.raises(StudioError, match="does not hold"):
        flow_between(clip[1].frame, clip[0].frame, "raft_small")
