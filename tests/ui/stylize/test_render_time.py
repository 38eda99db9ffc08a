"""The time of final renders: what a step costs, what is measured and kept, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.base import Progress, Work, drain
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe
from studio.ui.describe.times import duration
from studio.ui.stylize import render_time
from studio.ui.stylize.render_time import RenderTimes, Stopwatch, kind_of, schedule, step_cost, work_done

PHOTO = PhotoRecipe(photo=FileRef(hash="a" * 64, name="photo.jpg"))


def recipe(size: int, steps: int) -> StylizeRecipe:
    return StylizeRecipe(content=PHOTO, styles=(StyleUse(source=PHOTO),), method="optimise", size=size, steps=steps)


@given(st.integers(32, 4096), st.integers(1, 900))
def test_the_schedule_is_the_optimisations_own(size: int, steps: int) -> None:
    from studio.stylization.optimise import scales, steps_per_scale

    sides = scales(size)
    assert schedule(size, steps) == list(zip(sides, steps_per_scale(steps, len(sides)), strict=True))


def test_later_steps_count_dearer() -> None:
    values = [work_done(step, 300, 512) for step in range(301)]
    assert values[0] == 0 and values[-1] == pytest.approx(1) and values == sorted(values)
    assert values[150] < 0.3
    assert work_done(5, 10, 64) == pytest.approx(0.5)


def played(watch: Stopwatch, made: StylizeRecipe, seconds_of: float, until: int) -> None:
    """Tell the stopwatch of steps that take so many seconds for what they cost, and twice as long at a new size."""
    step = 0
    for side, steps in schedule(made.size, made.steps):
        for number in range(steps):
            step += 1
            if step <= until:
                watch.note(step, seconds_of * step_cost(side) * (2 if number == 0 else 1))


def whole(made: StylizeRecipe, seconds_of: float) -> float:
    return sum(seconds_of * step_cost(side) * (steps + 1) for side, steps in schedule(made.size, made.steps))


def test_the_time_before_the_click_is_measured_here(tmp_path: Path) -> None:
    times = RenderTimes("this machine")
    small, large = recipe(256, 120), recipe(512, 300)
    assert times.seconds(small, 1.0) is None  # nothing is made up
    watch = Stopwatch(small)
    played(watch, small, 3.0, small.steps)
    assert times.learn(kind_of(small), watch.rates(1.0))
    assert times.seconds(small, 1.0) == pytest.approx(whole(small, 3.0), rel=0.02)
    assert times.seconds(large, 1.0) == pytest.approx(whole(large, 3.0), rel=0.02)
    assert times.seconds(recipe(4096, 300), 1.0) is None  # too far from anything that was measured
    for other in ({"network": "vgg19"}, {"loss": "gram"}):
        assert times.seconds(large.model_copy(update=other), 1.0) is None
    # It is there at the next start; on another device it says nothing.
    render_time.keep_times(times.dumps())
    known = RenderTimes.load()
    assert RenderTimes("this machine", known).seconds(large, 1.0) == times.seconds(large, 1.0)
    assert RenderTimes("another", known).seconds(large, 1.0) is None
    damaged = tmp_path / "times.json"
    damaged.write_text('{"format": "latent-studio-render-times", "version": 1, "times": {"x": {"128": 3}}}')
    assert RenderTimes.load(damaged) == {} == RenderTimes.load(tmp_path / "none.json")


@pytest.mark.parametrize("slower", [1.0, 4.0])
@pytest.mark.parametrize("known", [True, False])
def test_the_time_left_is_right_from_the_first_size_on(known: bool, slower: float) -> None:
    made = recipe(512, 300)
    times = RenderTimes("this machine")
    if known:
        before = Stopwatch(made)
        played(before, made, 1.0, made.steps)
        times.learn(kind_of(made), before.rates(1.0))
    for step in (30, 100, 250):
        watch = Stopwatch(made)
        played(watch, made, slower, step)  # something else may run on the machine this time
        behind = Stopwatch(made)
        played(behind, made, slower, step)
        left = times.seconds_left(made, step, watch, 1.0)
        assert left is not None
        assert left == pytest.approx(whole(made, slower) - behind.seconds(), rel=0.25)


@pytest.mark.parametrize("known", [True, False])
def test_times_of_a_busier_moment_mislead_no_longer_than_a_few_steps(known: bool) -> None:
    """What was kept of large sizes is 2.6 times as slow, and the first step of all also loads what is needed."""
    made = recipe(512, 300)
    times = RenderTimes("this machine")
    if known:
        rates = {side: (2.6 if side > 200 else 1.0, 2.6 if side > 200 else 1.0) for side, _ in schedule(512, 300)}
        times.learn(kind_of(made), rates)
    for step, within in ((2, None), (10, 1.65), (280, 1.05)):
        watch, behind = Stopwatch(made), Stopwatch(made)
        played(watch, made, 1.0, step)
        played(behind, made, 1.0, step)
        watch._sides[schedule(512, 300)[0][0]].first += 4.0
        left = times.seconds_left(made, step, watch, 1.0)
        if within is None:
            assert left is None
        else:
            assert left is not None and 1 / within < left / (whole(made, 1.0) - behind.seconds()) < within


def test_only_steps_are_measured() -> None:
    made = recipe(128, 10)
    ticks: Iterator[float] = iter(range(1000))

    def work() -> Work[str]:
        yield Progress(5, 55)  # fetching the network
        yield Progress(0, 10)
        for step in range(1, 11):
            yield Progress(step, 10)
        return "picture"

    watch = Stopwatch(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render_time.time, "perf_counter", lambda: next(ticks))
        assert drain(watch.measured(work())) == "picture"
    assert watch.seconds() == 10
    assert watch.rates(1.0) == {128: (1 / step_cost(128), 0.0)}


def test_durations_in_words() -> None:
    assert [duration(seconds) for seconds in (0.2, 43, 125, 5400)] == [
        "about 1 s",
        "about 45 s",
        "about 2 min",
        "about 1.5 h",
    ]
