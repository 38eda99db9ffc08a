"""The observable value that a room edits, and the widgets bound to its fields."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.base.fields import About
from studio.ui.binding import FieldBinder
from studio.ui.model import Derived, History, Model
from studio.ui.widgets.seed_field import SeedField


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    strength: Annotated[float, Field(ge=0, le=1), About("Strength", tip="How strong it is.")] = 0.5
    edge: Annotated[float, Field(ge=0, le=0.25)] = 0.02
    size: Annotated[int, Field(ge=32, le=4096), About("Size", unit="px")] = 512
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    mirror: Annotated[bool, About("Mirror")] = False
    method: Literal["quick", "good"] = "quick"
    name: Annotated[str, About("Name", shown_when=(("mirror", (True,)), ("method", ("good",))))] = ""
    steps: Literal[10, 20] = 10
    rate: Annotated[float, Field(gt=0, le=1)] | None = None


@pytest.fixture
def model(qapp: QApplication) -> Model[Settings]:
    return Model(Settings())


# The model


def test_a_gesture_is_one_step_of_undo(model: Model[Settings]) -> None:
    told: list[tuple[float, float]] = []
    model.changed.connect(lambda old, new: told.append((old.strength, new.strength)))
    for strength in (0.6, 0.7, 0.8):
        model.edit(strength=strength, commit=False)
    model.commit()
    model.edit(size=1024)
    assert told[:3] == [(0.5, 0.6), (0.6, 0.7), (0.7, 0.8)]
    assert model.undo() and model.value == Settings(strength=0.8)
    assert model.undo() and model.value == Settings() and not model.undo()
    assert model.redo() and model.redo() and model.value == Settings(strength=0.8, size=1024) and not model.redo()


def test_undo_in_the_middle_of_a_gesture_takes_the_gesture_back(model: Model[Settings]) -> None:
    model.edit(size=1024)
    model.edit(strength=0.9, commit=False)
    assert model.undo() and model.value == Settings(size=1024)
    model.commit()  # the hand lets go after that: there is nothing left of the gesture
    assert model.redo() and model.value == Settings(size=1024, strength=0.9)


def test_what_changes_nothing_is_not_told(model: Model[Settings]) -> None:
    told: list[object] = []
    model.changed.connect(lambda *values: told.append(values))
    model.edit(strength=0.5)
    model.set(Settings())
    assert not told and len(model.history) == 1


def test_edits_are_checked(model: Model[Settings]) -> None:
    with pytest.raises(ValidationError):
        model.edit(strength=2.0)
    with pytest.raises(AttributeError, match="colour"):
        model.edit(colour=1)
    assert model.value == Settings()


def test_a_model_may_begin_with_nothing(qapp: QApplication) -> None:
    model: Model[Settings | None] = Model(None)
    with pytest.raises(TypeError):
        model.edit(size=64)
    model.set(Settings())
    assert not model.undo() and model.value == Settings()


def test_derived_values_tell_only_their_own_changes(model: Model[Settings]) -> None:
    area = model.select(lambda value: value.size**2)
    told: list[object] = []
    area.changed.connect(lambda *values: told.append(values))
    seen: list[int] = []
    model.changed.connect(lambda *_: seen.append(area.value))  # never an old one, whoever is told first
    model.edit(strength=0.1)
    model.edit(size=100)
    assert told == [(512**2, 100**2)] and seen == [512**2, 100**2]
    text = Derived(lambda: f"{model.value.name} {area.value}", area.changed, model.changed)
    text.changed.connect(lambda *values: told.append(values))
    model.edit(name="a", size=32)
    assert told[-1] == (" 10000", "a 1024")


def test_a_history_forgets_the_oldest() -> None:
    history: History[int] = History(limit=3)
    assert history.undo() is None and history.redo() is None and history.current() is None
    for number in (1, 1, 2, 3):
        history.push(number)
    assert len(history) == 3
    assert history.undo() == 2 and history.undo() == 1 and history.undo() is None
    assert history.redo() == 2
    history.push(9)
    assert not history.can_redo() and history.current() == 9
    history.push(10)
    assert len(history) == 3
    history.clear()
    assert not history.can_undo()


@given(st.lists(st.sampled_from(["set", "step", "commit", "undo", "redo"]), max_size=40))
def test_a_model_is_a_list_with_an_index(steps: list[str]) -> None:
    model, values, index, now = Model(0), [0], 0, 0
    for number, step in enumerate(steps, 1):
        if step == "step":
            now = number
            model.set(number, commit=False)
            assert model.value == now
            continue
        if step == "set":
            now = number
        if now != values[index]:
            values, index = [*values[: index + 1], now], index + 1
        match step:
            case "set":
                model.set(number)
            case "commit":
                model.commit()
            case "undo":
                assert model.undo() == (index > 0)
                index = max(0, index - 1)
            case "redo":
                assert model.redo() == (index < len(values) - 1)
                index = min(len(values) - 1, index + 1)
        now = values[index]
        assert model.value == now
        assert model.history.can_undo() == (index > 0) and model.history.can_redo() == (index < len(values) - 1)


# Widgets


def test_a_slider_is_made_from_its_field(model: Model[Settings], qtbot: QtBot) -> None:
    slider = FieldBinder(model, Settings).slider("strength")
    qtbot.addWidget(slider)
    assert slider.title() == "Strength" and "How strong it is." in slider.toolTip() and slider.default() == 0.5
    slider.set_value(7)
    assert model.value.strength == 1.0 and not model.history.can_undo()
    slider.editingFinished.emit()
    model.undo()
    assert slider.value() == 0.5
    model.edit(strength=0.25)
    slider.reset()
    assert model.value.strength == 0.5 and model.undo() and slider.value() == 0.25


def test_a_slider_in_percent_shows_values_to_the_last_digit(model: Model[Settings], qtbot: QtBot) -> None:
    slider = FieldBinder(model, Settings).slider("edge", limits=(0, 0.15), scale=100, decimals=1)
    qtbot.addWidget(slider)
    model.edit(edge=0.0123456)
    assert slider.value() == pytest.approx(1.23456) and model.value.edge == 0.0123456
    slider.set_value(5)
    assert model.value.edge == pytest.approx(0.05)


def test_every_kind_of_field(model: Model[Settings], qtbot: QtBot) -> None:
    fields = FieldBinder(model, Settings)
    holder = QWidget()
    qtbot.addWidget(holder)
    size, mirror, name = QSpinBox(holder), QCheckBox(holder), QLineEdit(holder)
    seed, method, rate = SeedField("Seed", "", holder), QComboBox(holder), QDoubleSpinBox(holder)
    steps = QButtonGroup(holder)
    for number in (10, 20):
        button = QPushButton(str(number), holder)
        button.setCheckable(True)
        steps.addButton(button, number)
    for text in ("quick", "good"):
        method.addItem(text.title(), text)
    for field, widget in (
        ("size", size),
        ("mirror", mirror),
        ("name", name),
        ("seed", seed),
        ("method", method),
        ("steps", steps),
    ):
        fields.bind(field, widget)
    fields.bind("rate", rate, shown=lambda value: value or 0, read=lambda value: value or None)
    assert (size.minimum(), size.maximum(), size.suffix(), size.accessibleName()) == (32, 4096, " px", "Size")
    assert mirror.text() == "Mirror" and size.value() == 512 and steps.checkedId() == 10

    size.setValue(700)
    mirror.click()
    QTest.keyClicks(name, "Wave")
    seed.step(-1)
    method.setCurrentIndex(1)
    steps.button(20).click()
    rate.setValue(0.25)
    wanted = Settings(size=700, mirror=True, name="Wave", seed=2**32 - 1, method="good", steps=20, rate=0.25)
    assert model.value == wanted
    for _ in range(20):
        model.undo()
    assert model.value == Settings()
    assert (size.value(), mirror.isChecked(), name.text(), seed.seed()) == (512, False, "", 0)
    assert (method.currentData(), steps.checkedId(), rate.value()) == ("quick", 10, 0)
    model.set(wanted)
    assert (size.value(), mirror.isChecked(), name.text(), seed.seed()) == (700, True, "Wave", 2**32 - 1)
    assert (method.currentData(), steps.checkedId(), rate.value()) == ("good", 20, 0.25)


def test_a_field_that_rests_counts_as_let_go(model: Model[Settings], qtbot: QtBot) -> None:
    box = QSpinBox()
    qtbot.addWidget(box)
    FieldBinder(model, Settings).bind("size", box, settle_ms=1)
    with qtbot.waitSignal(model.history.changed):
        for _ in range(3):
            QTest.keyClick(box, Qt.Key.Key_Up)
    assert model.value.size == 515 and model.undo() and model.value.size == 512


def test_values_beyond_what_a_box_offers_are_shown_as_they_are(model: Model[Settings], qtbot: QtBot) -> None:
    box = QSpinBox()
    qtbot.addWidget(box)
    FieldBinder(model, Settings).bind("size", box, limits=(256, 1024))
    model.edit(size=4000)
    assert box.value() == 4000 and model.value.size == 4000
    model.edit(size=512)
    assert (box.minimum(), box.maximum()) == (256, 1024)


def test_a_widget_is_enabled_while_its_field_matters(model: Model[Settings], qtbot: QtBot) -> None:
    fields, box, line = FieldBinder(model, Settings), QSpinBox(), QLineEdit()
    for name, widget in (("size", box), ("name", line)):
        qtbot.addWidget(widget)
        fields.bind(name, widget)
    fields.enable_used(method="good")
    assert box.isEnabled() and not line.isEnabled()
    model.edit(mirror=True)
    assert line.isEnabled()
    line.deleteLater()
    QApplication.sendPostedEvents(line, QEvent.Type.DeferredDelete)
    model.edit(mirror=False)  # no word to a widget that is gone


def test_a_released_widget_neither_shows_nor_edits(model: Model[Settings], qtbot: QtBot) -> None:
    box = QSpinBox()
    qtbot.addWidget(box)
    binding = FieldBinder(model, Settings).bind("size", box)
    binding.release()
    model.edit(size=64)
    assert box.value() == 512
    box.setValue(100)
    assert model.value.size == 64
