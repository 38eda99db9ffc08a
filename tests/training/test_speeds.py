"""How fast a machine trains: measured speeds, estimates, and what the measuring measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.base import drain
from studio.training import speed_measurement
from studio.training.automatic import GIB, Machine, advise
from studio.training.settings import TrainSettings
from studio.training.speed_measurement import SECONDS, measure_speed, step_kinds
from studio.training.speeds import Speed, SpeedBook, rounded, work_key, work_per_image
from studio.training.stylegan_trainer import StyleGANTrainer
from tests.support.training_runs import tiny


def values(**changes: object) -> dict[str, Any]:
    return dict(TrainSettings(name="x", folder="", **changes))


def test_what_does_not_change_the_work_has_the_same_key() -> None:
    one = values()
    assert work_key(one, "CPU") == work_key(one | {"name": "y", "images": 5, "seed": 3, "learning_rate": 0.001}, "CPU")
    assert work_key(one, "CPU") == work_key(one | {"r1_gamma": 5.0}, "CPU") != work_key(one | {"r1_gamma": 0.0}, "CPU")
    for other in ({"resolution": 128}, {"discriminator": "none"}, {"start_from": "/m.safetensors"}, {"threads": 1}):
        assert work_key(one, "CPU") != work_key(one | other, "CPU")
    assert work_key(one, "CPU") != work_key(one, "Card")


def test_speeds_are_kept_and_other_settings_estimated_from_them(tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    book, one, larger = SpeedBook(path), values(), values(resolution=128, channel_base=4096)
    careful = book.estimate(one, Machine(cores=2), "CPU")
    assert careful.source == "estimated" and careful.images_per_second > 0
    book.add(one, "CPU", 12.0)
    book = SpeedBook(path)
    assert book.find(one, "CPU") == Speed(12.0, "measured") and book.find(larger, "CPU") is None
    guess = book.estimate(larger, Machine(), "CPU")
    assert guess.images_per_second == pytest.approx(12 * work_per_image(one) / work_per_image(larger))
    assert guess.images_per_second < 12 / 3
    path.write_text('[{"key": 3}, 5, null]')
    assert SpeedBook(path).find(one, "CPU") is None
    path.write_bytes(b"\xff{")
    assert SpeedBook(path).find(one, "CPU") is None


def test_faster_machines_are_expected_to_be_faster() -> None:
    book = SpeedBook(Path("/nowhere/speeds.json"))
    speeds = [
        book.estimate(values(), machine, "").images_per_second
        for machine in (Machine(cores=2), Machine(cores=8), Machine("mps"), Machine("cuda", 24 * GIB))
    ]
    assert speeds == sorted(speeds) and len(set(speeds)) == 4


@pytest.mark.parametrize("kind", ["stylegan2", "stylegan3", "dcgan"])
def test_more_pixels_are_more_work(kind: str) -> None:
    works = []
    for side in (32, 64, 128):
        made = advise("auto", 500, side, Machine(), architecture=kind).values
        works.append(work_per_image(values(architecture=kind, resolution=side, **made)))
    assert works == sorted(works) and works[2] > 4 * works[0]


def test_two_digits_are_promised() -> None:
    assert [rounded(n) for n in (0.2, 7, 99, 104, 123_456, 2_944)] == [1, 7, 99, 100, 120_000, 2_900]


def test_steps_with_penalties_count_as_often_as_they_come() -> None:
    plain = step_kinds(tiny(Path(), r1_interval=16))
    assert plain == {16: 1 / 16, 1: 15 / 16}
    both = step_kinds(tiny(Path(), r1_interval=16, path_weight=2.0, path_interval=4))
    assert both == {16: 1 / 16, 1: 12 / 16, 4: 3 / 16}
    assert step_kinds(tiny(Path(), architecture="dcgan")) == {1: 1.0}


def test_the_measured_speed_is_that_of_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock on which a plain step takes half a second and one with the penalty two."""
    now = [0.0]

    def step(_self: object, real: Any, _indices: object, number: int, _images: int) -> dict[str, float]:
        now[0] += 2.0 if number % 16 == 0 else 0.5
        return {}

    monkeypatch.setattr(StyleGANTrainer, "step", step)
    found = drain(measure_speed(tiny(Path(), r1_interval=16), lambda: now[0], lambda: (0.0, now[0])))
    assert not found.disturbed
    assert found.images_per_second == pytest.approx(8 / (0.5 * 15 / 16 + 2.0 / 16)) and now[0] < 2 * SECONDS


def test_slow_steps_are_measured_with_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    now, batches = [0.0], []

    def step(_self: object, real: Any, *_: object) -> dict[str, float]:
        batches.append(len(real))
        now[0] += 6.0
        return {}

    monkeypatch.setattr(StyleGANTrainer, "step", step)
    found = drain(measure_speed(tiny(Path(), batch=16, processes=2), lambda: now[0]))
    assert set(batches) == {4} and found.images_per_second == pytest.approx(2 * 4 / 6) and len(batches) == 4


@pytest.mark.parametrize(("share", "disturbed"), [(0.3, True), (0.9, False)])
def test_a_busy_machine_is_noticed_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, share: float, disturbed: bool
) -> None:
    """Steps of 20 s of which the process has a share: three are enough, although one kind was not timed then."""
    now, steps = [0.0], []

    def step(_self: object, _real: object, _indices: object, number: int, _images: int) -> dict[str, float]:
        steps.append(number)
        now[0] += 20.0
        return {}

    monkeypatch.setattr(StyleGANTrainer, "step", step)
    made = tiny(Path(), r1_interval=16, batch=4)
    found = drain(measure_speed(made, lambda: now[0], lambda: (share * now[0], 0.1 * now[0])))
    assert len(steps) == 3 and found.images_per_second == pytest.approx(4 / 20)
    assert found.disturbed == disturbed


@pytest.mark.parametrize("changes", [{}, {"architecture": "dcgan"}, {"discriminator": "none"}])
def test_every_kind_can_be_measured_without_fetching_anything(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr(speed_measurement, "SECONDS", 0.0)
    assert drain(measure_speed(tiny(Path(), batch=4, **changes))).images_per_second > 0
