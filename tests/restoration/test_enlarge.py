"""Enlarging: sizes, tiles without seams, memory, alpha, depth, and better pictures than Lanczos."""

from __future__ import annotations

import io
import math
import threading

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.base import StudioError, drain
from studio.base.memory import is_out_of_memory
from studio.checkpoints.enlargers import OWN_SCALES, Enlarger, load_own
from studio.recipes import EnlargeSettings
from studio.restoration import stopping
from studio.restoration.best_enlarging import Trust, by_eight_views, made_larger, made_smaller
from studio.restoration.enlarge import LITTLE, SMALLEST_TILE, check_size, enlarge, enlarge_part, passes_for
from studio.restoration.resampling import resampled, without_holes

TIMES = EnlargeSettings()


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(-10 * np.log10(np.mean((a / 255.0 - b / 255.0) ** 2)))


def halved(picture: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    size = picture.shape[1] // by, picture.shape[0] // by
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def repeating(scale: int, margin: int = 0) -> Enlarger:
    """A network that repeats pixels."""
    return Enlarger(lambda x: x.repeat_interleave(scale, 2).repeat_interleave(scale, 3), scale, margin)


@given(width=st.integers(1, 5000), height=st.integers(1, 5000), factor=st.floats(1, 8))
def test_sizes_by_a_factor(width: int, height: int, factor: float) -> None:
    wide, high = EnlargeSettings(factor=factor).size_for(width, height)
    assert abs(wide - width * factor) <= 1 and abs(high - height * factor) <= 1


def test_sizes_of_prints_and_in_pixels() -> None:
    assert EnlargeSettings(measure="cm", length=25.4, dpi=300).size_for(600, 300) == (3000, 1500)
    assert EnlargeSettings(measure="inch", length=10, dpi=150).size_for(300, 600) == (750, 1500)
    assert EnlargeSettings(measure="pixels", pixels=1000).size_for(300, 400) == (750, 1000)
    with pytest.raises(StudioError, match="too large"):
        check_size(40_000, 10)
    with pytest.raises(StudioError, match="too large"):
        drain(enlarge(np.zeros((9000, 9000, 3), np.uint8), EnlargeSettings(factor=8), None, ()))


@given(factor=st.floats(0.1, 8), scales=st.sets(st.sampled_from([1, 2, 3, 4]), max_size=3))
def test_passes_reach_every_factor(factor: float, scales: set[int]) -> None:
    passes = passes_for(factor, sorted(scales))
    if factor <= 1 or not scales - {1}:
        assert passes == []
    else:
        slow = passes_for(factor, sorted(scales), quick=False)
        assert math.prod(slow) >= factor - 0.01 and math.prod(slow[:-1]) < factor
        assert set(passes) <= scales and math.prod(passes) * LITTLE >= factor - 0.01 and passes == sorted(passes)


def test_older_enlargements_keep_the_order_of_their_networks() -> None:
    def scales(**values: object) -> list[int]:
        asked: list[int] = []

        def load(scale: int) -> Enlarger:
            asked.append(scale)
            return repeating(scale)

        settings = EnlargeSettings.model_validate(values)
        made = drain(enlarge(np.full((6, 6, 3), 9, np.uint8), settings, load, OWN_SCALES))
        assert made.shape[0] == settings.size_for(6, 6)[0]
        return asked

    assert scales(factor=8.0) == [2, 4] and scales(factor=8.0, quality="best") == [4, 2]
    assert scales(factor=8.0, enlarging=2) == [4, 2]
    assert scales(measure="pixels", pixels=26) == [4] and scales(measure="pixels", pixels=26, enlarging=1) == [4, 2]


def test_tiles_leave_no_seam() -> None:
    picture = np.asarray(data.astronaut()[40:125, 100:197])
    own = load_own(2)
    whole = drain(enlarge(picture, TIMES, lambda _scale: own, (2,), tile=500))
    tiled = drain(enlarge(picture, TIMES, lambda _scale: own, (2,), tile=32))
    # The order of additions may differ by a bit of single precision, which rounds to one level at most.
    assert np.abs(whole.astype(int) - tiled).max() <= 1


@pytest.mark.parametrize("factor", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_depth_and_alpha_stay(factor: float, kind: type[np.uint8] | type[np.uint16]) -> None:
    most = np.iinfo(kind).max
    picture = np.zeros((10, 14, 4), kind)
    picture[..., 0] = most
    picture[:, 7:, 3] = most  # the left half is transparent, and black there but for red
    picture[:, 7:, 1] = most
    made = drain(enlarge(picture, EnlargeSettings(factor=factor), lambda _scale: repeating(2), (2,)))
    assert made.dtype == kind and made.shape == (round(10 * factor), round(14 * factor), 4)
    assert made[0, 0, 3] == 0 and made[0, -1, 3] == most
    # No dark fringe: the colour of visible places goes on below the edge.
    assert made[..., 1].min() > most * 0.98


def test_progress_counts_up_to_its_total() -> None:
    picture = np.zeros((70, 90, 3), np.uint8)
    seen = []
    drain(enlarge(picture, EnlargeSettings(factor=4), lambda _s: repeating(2), (2,), tile=32), seen.append)
    steps = [progress.step for progress in seen]
    assert steps == sorted(steps) and len({progress.total for progress in seen}) == 1
    assert 0.95 <= seen[-1].fraction <= 1


def test_too_little_memory_makes_smaller_tiles() -> None:
    sides = []

    def run(x: torch.Tensor) -> torch.Tensor:
        sides.append(x.shape[-1])
        if x.shape[-1] > 2 * SMALLEST_TILE:
            raise MemoryError
        return repeating(2).run(x)

    picture = np.asarray(data.coffee()[:150, :130])
    made = drain(enlarge(picture, EnlargeSettings(enlarging=1), lambda _s: Enlarger(run, 2, 0), (2,), tile=128))
    assert np.array_equal(made, picture.repeat(2, 0).repeat(2, 1)) and max(sides) > min(sides)

    def never(_x: torch.Tensor) -> torch.Tensor:
        raise MemoryError

    with pytest.raises(MemoryError) as caught:
        drain(enlarge(picture, TIMES, lambda _s: Enlarger(never, 2, 0), (2,)))
    assert is_out_of_memory(caught.value)


def test_a_part_is_what_the_whole_becomes_there() -> None:
    picture = np.asarray(data.astronaut()[:160, :200])
    own = load_own(2)
    whole = drain(enlarge(picture, TIMES, lambda _scale: own, (2,)))
    part = drain(enlarge_part(picture, (60, 50, 120, 90), TIMES, lambda _scale: own, (2,)))
    assert part.shape == (80, 120, 3)
    assert np.abs(part.astype(int) - whole[100:180, 120:240]).max() <= 1


def test_small_and_narrow_pictures() -> None:
    own = load_own(2)
    for shape in ((1, 1, 3), (1, 300, 3), (3, 2, 4)):
        made = drain(enlarge(np.full(shape, 200, np.uint8), TIMES, lambda _scale: own, (2,)))
        assert made.shape == (2 * shape[0], 2 * shape[1], shape[2])
        assert np.abs(made.astype(int) - 200).max() <= 6


@pytest.mark.parametrize("scale", OWN_SCALES)
def test_our_own_network_is_better_than_lanczos(scale: int) -> None:
    gains = []
    for picture in (data.astronaut(), data.coffee(), data.rocket()):
        whole = np.asarray(picture[: 320 // scale * scale, : 320 // scale * scale])
        small = halved(whole, scale)
        own = load_own(scale)
        made = drain(enlarge(small, EnlargeSettings(factor=scale), lambda _s, own=own: own, (scale,)))
        gains.append(psnr(whole, made) - psnr(whole, resampled(small, *whole.shape[:2])))
    assert min(gains) > 0.3 and np.mean(gains) > 0.6, gains


def test_each_quality_agrees_with_the_picture_and_is_nearer_to_the_true_one() -> None:
    own, plain, best = load_own(2), EnlargeSettings(enlarging=1), EnlargeSettings(quality="best")
    gains = []
    for picture in (data.astronaut()[60:180, 180:300], data.coffee()[100:220, 200:320]):
        small = halved(np.asarray(picture), 2)
        ways = [drain(enlarge(small, each, lambda _s: own, (2,), tile=500)) for each in (plain, TIMES, best)]
        first, quick, slow = (psnr(picture, each) for each in ways)
        gains.append((quick - first, slow - quick))
        off = [np.abs(halved(each, 2).astype(int) - small).mean() for each in ways]
        assert max(off[1:]) < min(0.5, 0.6 * off[0])
        tiled = drain(enlarge(small, best, lambda _s: own, (2,), tile=32))
        assert np.abs(ways[2].astype(int) - tiled).max() <= 1  # no seams
    assert np.min(gains, 0)[0] > 0.1 and np.mean(gains, 0)[1] > 0, gains


@pytest.mark.parametrize("quality", ["quick", "best"])
def test_grey_pictures_get_no_colours(quality: str) -> None:
    grey = np.repeat(data.camera()[100:148, 200:248, None], 3, 2)

    def channels(**values: object) -> NDArray[np.uint8]:
        settings = EnlargeSettings.model_validate({"quality": quality, **values})
        return drain(enlarge(grey, settings, load_own, OWN_SCALES))

    large = channels()
    assert (large == large[..., :1]).all()
    before = channels(enlarging=1)
    assert 0 < np.ptp(before.astype(int), axis=2).max() < 32
    assert np.abs(before.mean(axis=2) - large[..., 0]).mean() < 2


def test_noise_and_traces_of_jpeg_are_not_agreed_with() -> None:
    whole = np.asarray(data.astronaut()[20:260, 150:390])
    small, own = halved(whole, 2), load_own(2)
    noisy = np.clip(small + np.random.default_rng(0).normal(0, 4, small.shape), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(small).save(file, "JPEG", quality=75)
    for each in (noisy, np.asarray(Image.open(file))):
        first, now = (
            psnr(whole, drain(enlarge(each, EnlargeSettings(enlarging=process), lambda _s: own, (2,))))
            for process in (1, 2)
        )
        assert now > first - 0.1
    assert Trust.of(small).share == 1 and Trust.of(small).noise < 1.5 / 255 < 3 / 255 < Trust.of(noisy).noise
    assert Trust.of(np.asarray(Image.open(file))[3:, 5:]).share == 0  # wherever its grid begins
    deep = noisy.astype(np.uint16) * 257
    assert Trust.of(deep).noise == pytest.approx(Trust.of(noisy).noise)


def test_eight_views_are_the_picture_again() -> None:
    small = torch.rand(1, 3, 5, 8, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(by_eight_views(repeating(2).run, small), repeating(2).run(small))
    # What favours one side favours none any more.
    leaning = by_eight_views(lambda x: x.roll(1, 3), small)
    assert torch.allclose(leaning.flip(3), by_eight_views(lambda x: x.roll(1, 3), small.flip(3)), atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_smaller_and_larger_are_as_pillow_makes_them(scale: int) -> None:
    picture = np.asarray(data.coffee()[: 20 * scale, : 24 * scale])
    values = torch.from_numpy(picture / np.float32(255)).permute(2, 0, 1)[None]
    made = made_smaller(values, scale)[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255
    assert np.abs(made - halved(picture, scale))[3:-3, 3:-3].max() < 1.01
    larger = made_larger(values, scale)[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255
    size = picture.shape[1] * scale, picture.shape[0] * scale
    expected = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
    assert np.abs(larger - expected)[3 * scale : -3 * scale, 3 * scale : -3 * scale].max() < 1.6


def test_colors_under_holes_are_those_of_the_nearest_visible_pixel() -> None:
    color = np.zeros((5, 6, 3), np.uint8)
    color[:, 0] = (10, 20, 30)
    color[:, 5] = (200, 100, 50)
    alpha = np.zeros((5, 6), np.uint8)
    alpha[:, [0, 5]] = 255
    filled = without_holes(color, alpha)
    assert (filled[:, :3] == (10, 20, 30)).all() and (filled[:, 3:] == (200, 100, 50)).all()
    assert without_holes(color, np.zeros_like(alpha)) is color


def test_one_stops_within_a_tile(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, going, layers = threading.Event(), threading.Event(), []

    class Layer(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            layers.append(self)
            begun.set()
            assert going.wait(30)
            return x

    class Stop(threading.Event):
        def set(self) -> None:
            super().set()
            going.set()  # only now does the first layer end

    network = Enlarger(torch.nn.Sequential(Layer(), Layer(), Layer()), 1, 0)
    monkeypatch.setattr(stopping, "Event", Stop)
    work = enlarge(np.zeros((8, 8, 3), np.uint8), EnlargeSettings(factor=1.0), lambda _scale: network, (1,))
    next(work)
    assert begun.wait(30)
    work.close()
    assert len(layers) == 1
