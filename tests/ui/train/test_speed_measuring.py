"""Measuring in the background how fast the planned run will be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from studio.base import Progress, Work
from studio.training.findings import FolderReport, PictureFinding
from studio.training.settings import TrainSettings
from studio.training.speeds import MeasuredSpeed, SpeedBook, work_key
from studio.ui.context import StudioContext
from studio.ui.train.setup import speed_measuring
from studio.ui.train.setup.form import RunForm
from studio.ui.train.setup.speed_measuring import SpeedMeasuring
from tests.support.training_room import context

__all__ = ["context"]


@pytest.fixture
def room(
    context: StudioContext, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A form with a folder, what measures it, and the settings that were measured."""
    monkeypatch.setattr(speed_measuring, "SETTLE_MS", 0)
    room = SimpleNamespace(measured=[], book=SpeedBook(), idle=True, endless=False, disturbed=False)

    def measure(settings: TrainSettings) -> Work[MeasuredSpeed]:
        room.measured.append(settings)
        yield Progress(0)
        while room.endless:
            yield Progress(0)
        return MeasuredSpeed(12.5, room.disturbed)

    monkeypatch.setattr(speed_measuring, "measured", measure)
    room.form = RunForm(
        lambda values, machine, name: room.book.find(values, name) or room.book.estimate(values, machine, name)
    )
    qtbot.addWidget(room.form)
    room.measuring = SpeedMeasuring(context.worker, room.form.model, room.book, lambda: room.idle)
    room.measuring.changed.connect(
        lambda: room.form.budget.show_measuring(room.measuring.measuring, disturbed=room.measuring.disturbed)
    )
    room.form.budget.againWanted.connect(room.measuring.again)
    room.measuring.changed.connect(room.form.update_estimate)
    found = tuple(PictureFinding(tmp_path / str(n), 300, 300, "used") for n in range(60))
    room.form.set_report(FolderReport(tmp_path, found))
    room.form._resolutions.button(64).click()
    yield room
    room.endless = False
    room.measuring.set_shown(False)


def test_the_plan_shown_is_measured_once(room: SimpleNamespace, qtbot: QtBot) -> None:
    assert room.form.model.value.speed.source == "estimated" and not room.measured
    room.measuring.set_shown(True)
    qtbot.waitUntil(lambda: room.form.model.value.speed.source == "measured")
    assert room.form.model.value.speed.images_per_second == 12.5 and "12.5" in room.form.budget._estimate.text()
    assert [settings.resolution for settings in room.measured] == [64]
    room.form.name.setText("Other")
    room.form.advanced.fields["learning_rate"].setValue(0.001)
    room.measuring.measure() if room.measuring._settle.isActive() else None
    assert len(room.measured) == 1, "nothing that matters has changed"
    plan = room.form.model.value
    assert SpeedBook().find(plan.values, plan.device_name) is not None, "the next start knows it"


def test_another_plan_ends_the_measuring_and_is_measured_itself(room: SimpleNamespace, qtbot: QtBot) -> None:
    room.endless = True
    room.measuring.set_shown(True)
    qtbot.waitUntil(lambda: len(room.measured) == 1)
    assert room.measuring.measuring and "Measuring" in room.form.budget._estimate.text()
    room.form._resolutions.button(32).click()
    qtbot.waitUntil(lambda: len(room.measured) == 2)
    room.endless = False
    qtbot.waitUntil(lambda: room.form.model.value.speed.source == "measured")
    assert [settings.resolution for settings in room.measured] == [64, 32]


def test_measuring_can_be_cancelled_and_stays_so(room: SimpleNamespace, qtbot: QtBot) -> None:
    room.endless = True
    room.form.budget.cancelWanted.connect(room.measuring.cancel)
    room.measuring.set_shown(True)
    qtbot.waitUntil(lambda: len(room.measured) == 1)
    room.form.budget.cancel.click()
    assert not room.measuring.measuring and "not measured" in room.form.budget._estimate.text()
    plan = room.form.model.value
    room.measuring.refresh()
    assert not room.measuring._settle.isActive() and work_key(plan.values, plan.device_name) in room.measuring._given_up


def test_a_disturbed_measurement_promises_nothing_and_can_be_repeated(room: SimpleNamespace, qtbot: QtBot) -> None:
    room.disturbed = True
    room.measuring.set_shown(True)
    qtbot.waitUntil(lambda: room.measuring.disturbed)
    budget = room.form.budget
    assert "busy" in budget._estimate.text() and not budget.again.isHidden()
    assert room.form.model.value.speed.source == "estimated" and not room.measuring._settle.isActive()
    room.disturbed = False
    budget.again.click()
    qtbot.waitUntil(lambda: room.form.model.value.speed.source == "measured")
    assert budget.again.isHidden() and "busy" not in budget._estimate.text()


def test_nothing_is_measured_beside_a_run_or_while_hidden(room: SimpleNamespace, qtbot: QtBot) -> None:
    room.idle = False
    room.measuring.set_shown(True)
    room.measuring.measure()
    assert not room.measuring.measuring and not room.measured
    room.idle = True
    room.measuring.set_shown(False)
    assert not room.measuring._settle.isActive()
