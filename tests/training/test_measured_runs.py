"""What is promised of a run that is planned, and what the promises rest on."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from studio.training.automatic import ENOUGH, ENOUGH_FROM_A_MODEL
from studio.training.measured_runs import (
    COLOURS,
    COLOURS_DRIFTED,
    COLUMNS,
    DRIFTED,
    ROWS,
    Expectation,
    Method,
    comparable,
    expect,
    measured_runs,
)
from studio.training.settings import TrainSettings


def values(**changes: object) -> dict[str, Any]:
    return {**dict(TrainSettings(name="x", folder="", **changes)), "start_from": changes.get("start_from", "")}


def expected(
    images: int,
    *,
    pictures: int = 500,
    rate: float = 1.0,
    night: tuple[Method | None, int] = ("stylegan2", 28_800),
    **changes: object,
) -> Expectation:
    faster = {64: 12.0 * rate}
    made = values(**changes)
    return expect(
        made, images, pictures, rate, night=night, faster_at=faster, on_processor=True, model_compatible=False
    )


def said(found: Expectation) -> str:
    return " ".join(map(str, (found.says, *found.limits, *found.helps)))


def test_every_line_of_the_table_has_its_pictures_and_says_how_they_were_made() -> None:
    runs = measured_runs()
    assert {run.method for run in runs} == {"drifting", "stylegan2"}
    for run in runs:
        with Image.open(run.picture) as picture:
            assert picture.size == (COLUMNS * 64, ROWS * 64)
        assert run.images > 0 and str(run.folder) and str(run.note)
        assert run.kid is None or 0 < run.kid < 1
    assert sum(run.picture.stat().st_size for run in runs) < 400_000


def test_the_pictures_shown_are_of_as_many_images_as_are_planned() -> None:
    runs = measured_runs()
    for method in ("drifting", "stylegan2"):
        for images in (500, 4_100, 20_000, 10**7):
            found = comparable(runs, method, images)
            assert found
            for run in found:
                alike = sorted(other.images for other in runs if (other.method, other.folder) == (method, run.folder))
                shorter = [n for n in alike if n <= 1.1 * images]
                longer = alike[len(shorter) :]
                shown = [other.images for other in found if other.folder == run.folder]
                between = longer[:1] if not shorter or shorter[-1] < images / 2 else []
                assert shown == shorter[-1:] + between


def test_what_was_not_measured_is_said() -> None:
    assert "Not measured: longer" in said(expected(10**8))
    assert "Not measured: so few" in said(expected(100))
    assert "Not measured at 512 px" in said(expected(200_000, resolution=512))
    other = expected(200_000, architecture="stylegan3")
    assert other.runs == () and "this kind of network" in said(other)
    started = expected(20_000, start_from="/some/model.safetensors")
    assert started.runs == () and "start from a model" in said(started)
    assert not any(resolution.runs == () for resolution in (expected(100), expected(10**8)))


@pytest.mark.parametrize(
    ("images", "changes", "verdict"),
    [
        (ENOUGH, {}, "worth it"),
        (COLOURS, {}, "early"),
        (COLOURS - 1, {}, "not worth it"),
        (ENOUGH_FROM_A_MODEL, {"start_from": "/m.safetensors"}, "worth it"),
        (ENOUGH_FROM_A_MODEL - 1, {"start_from": "/m.safetensors"}, "early"),
        (COLOURS_DRIFTED, {"discriminator": "none"}, "early"),
        (COLOURS_DRIFTED - 1, {"discriminator": "none"}, "not worth it"),
    ],
)
def test_the_verdict_follows_the_images(images: int, changes: dict[str, Any], verdict: str) -> None:
    found = expected(images, **changes)
    assert found.verdict == verdict and str(found.says)
    assert bool(found.helps) == (verdict != "worth it"), "who does well needs no advice"


def test_what_would_help_is_named_with_figures() -> None:
    text = said(expected(1_000, pictures=40, resolution=256, rate=0.5, night=("stylegan2", 14_400)))
    assert "14 times as many images" in text and "at 64 px it is 12 times as fast" in text
    assert "Get more networks" in text and "graphics card" in text and "40 will be learnt by heart" in text
    few = expected(ENOUGH, pictures=3)
    assert few.verdict == "not worth it" and "only repeat" in said(few) and "3 will be learnt by heart" in said(few)
    drifted = expected(DRIFTED, discriminator="none", night=("stylegan2", 140_000))
    assert drifted.verdict == "worth it" and "StyleGAN2, which draws details (140,000 images)" in said(drifted)
    night: tuple[Method, int] = ("stylegan2", 2_000_000)
    own = expect(values(), 1_000, 500, 100.0, night=night, faster_at={}, on_processor=False, model_compatible=True)
    assert "a model of your library" in said(own) and "graphics card" not in said(own) and "pixels" not in said(own)
