"""A new run as a value: what is set by hand, what follows from pictures, machine and models."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.training.automatic import ENOUGH, NIGHT_SECONDS, QUICK_SECONDS, Machine
from studio.training.findings import FolderReport, PictureFinding
from studio.training.picture_decisions import PictureDecisions
from studio.training.settings import TrainSettings
from studio.training.speeds import Speed
from studio.ui.train.setup.plan import RunPlan


def report(folder: Path, count: int, side: int = 300) -> FolderReport:
    return FolderReport(folder, tuple(PictureFinding(folder / str(n), side, side, "used") for n in range(count)))


@pytest.fixture
def plan() -> RunPlan:
    fast = RunPlan(speed_of=lambda _values, _machine, _name: Speed(50.0, "measured"))
    return fast.with_report(report(Path("my_own  art"), 60), scanning=False, decisions=PictureDecisions())


def test_a_folder_suggests_name_and_resolution_until_they_are_chosen(plan: RunPlan) -> None:
    assert (plan.values["name"], plan.resolution) == ("my own art", 256)
    chosen = plan.with_own("name", "Mine").with_own("resolution", 64)
    other = chosen.with_report(report(Path("other"), 60, 40), scanning=False, decisions=PictureDecisions())
    assert (other.values["name"], other.resolution) == ("Mine", 64)
    assert plan.with_report(report(Path("none"), 0), scanning=False, decisions=PictureDecisions()).resolution == 256


def test_what_a_network_cannot_make_is_not_set(plan: RunPlan) -> None:
    small = plan.with_own("architecture", "dcgan").with_own("discriminator", "projected").with_own("anchor", 2.0)
    made = small.settings()
    assert (made.resolution, made.discriminator, made.anchor) == (128, "stylegan2", 0.0)
    assert small.values["anchor"] == 2.0 and not small.can_anchor
    assert small.with_own("architecture", "stylegan2").settings().anchor == 2.0, "the choice is not forgotten"


def test_advice_fills_what_is_not_set_by_hand(plan: RunPlan) -> None:
    for machine in (Machine(), Machine("cuda", 24 * 2**30, 2)):
        asked = replace(plan, machine=machine)
        advised = asked.advice.values["batch"]
        assert asked.settings().batch == advised and asked.with_own("batch", 6).settings().batch == 6
        assert asked.with_own("batch", 6).without_advanced(frozenset({"batch"})).settings().batch == advised
    own = plan.with_own("loss", "relativistic")
    assert own.settings().r2_gamma == own.settings().r1_gamma > 0
    assert own.with_own("r2_gamma", 0.0).settings().r2_gamma == 0


def at(speed: float) -> RunPlan:
    """A plan on a machine that shows so many images of 64 px a second, a quarter of it at twice the side."""
    made = RunPlan(speed_of=lambda values, _machine, _name: Speed(speed * (64 / values["resolution"]) ** 2, "measured"))
    return made.with_report(report(Path("art"), 60), scanning=False, decisions=PictureDecisions())


def test_budgets_are_times_of_this_machine() -> None:
    slow, fast = at(2.0).with_own("resolution", 64), at(50.0).with_own("resolution", 64)
    assert slow.total_images == 2 * QUICK_SECONDS and replace(slow, budget="own", images=7).total_images == 7
    for plan in (slow, fast):
        night = replace(plan, budget="overnight")
        assert night.seconds == pytest.approx(NIGHT_SECONDS, rel=0.05)
        assert night.with_preset("quick").budget == "quick" and night.with_preset("large").budget == "overnight"
        assert replace(plan, budget="own", unit="hours", hours=2.0).seconds == pytest.approx(7200, rel=0.05)
    assert at(1e-6).total_images == slow.settings().batch, "one step at least"


def test_a_budget_too_short_for_a_discriminator_is_spent_drifting() -> None:
    plan = at(10.0).with_own("resolution", 64)
    night = plan.budgeted("overnight")
    assert plan.values["discriminator"] == "none" and night.values["discriminator"] == "stylegan2"
    assert plan.settings().batch == 48 and plan.budgeted("own").values["discriminator"] == "stylegan2"
    assert replace(plan, budget="own", images=ENOUGH - 1).values["discriminator"] == "none"
    assert replace(plan, budget="own", unit="hours", hours=2.0).values["discriminator"] == "none"
    by_hand = plan.with_own("discriminator", "stylegan2")
    assert by_hand.settings().batch == night.settings().batch, "nothing is advised against the artist's own hand"


def test_the_size_suggested_is_one_that_a_night_is_enough_for() -> None:
    assert [at(speed).resolution for speed in (1.0, 10.0, 15.0, 1000.0)] == [64, 64, 128, 256]
    assert at(15.0).night_at(128) >= ENOUGH > at(15.0).night_at(256)
    assert at(1.0).with_own("start_from", "/some/model.safetensors").resolution == 64
    assert at(2.0).with_own("start_from", "/some/model.safetensors").resolution == 128
    assert at(1.0).with_own("resolution", 256).resolution == 256, "the artist's own hand"


def test_the_processor_is_another_machine_than_the_card() -> None:
    asked: list[tuple[str, str]] = []

    def speed_of(_values: object, machine: Machine, name: str) -> Speed:
        asked.append((machine.kind, name))
        return Speed(1.0, "estimated")

    plan = replace(RunPlan(speed_of=speed_of), machine=Machine("cuda", 8 * 2**30, name="Card X"))
    assert plan.speed and plan.with_own("device", "cpu").speed
    assert asked[0] == ("cuda", "cuda Card X") and set(asked[1:]) == {("cpu", "cpu")}


def test_settings_that_were_set_come_back(plan: RunPlan) -> None:
    settings = TrainSettings(name="Again", folder="", batch=12, loss="hinge", crop="fit", seed=5)
    own = {name: value for name, value in settings if name not in ("folder", "images", "start_from")}
    again = replace(RunPlan(own=own), budget="own", images=settings.images).settings()
    assert again == settings


def test_what_was_chosen_comes_back_and_what_is_no_setting_does_not(plan: RunPlan) -> None:
    chosen = (
        plan.with_own("anchor", 0.5).with_own("augment", ("color", "cutout")).with_own("start_from", "m.safetensors")
    )
    state = json.loads(json.dumps({**replace(chosen, budget="own", images=4321).chosen()}))
    state["own"] |= {"batch": "many", "resolution": 64, "gone": 1}
    again = RunPlan(own={"seed": 7}).with_chosen(state)
    assert again.own == {
        "seed": 7,
        "anchor": 0.5,
        "augment": ("color", "cutout"),
        "start_from": "m.safetensors",
        "resolution": 64,
    }
    assert (again.budget, again.images, again.preset) == ("own", 4321, "auto")
    assert plan.with_chosen({"own": None, "preset": "no", "budget": 3, "images": "x"}) == plan
