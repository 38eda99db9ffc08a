"""Settings say of themselves what forms and the command line show of them."""

from __future__ import annotations

from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from studio.base.app_settings import AppSettings
from studio.base.fields import describe_fields, is_shown
from studio.training.settings import TrainSettings


@pytest.mark.parametrize("model", [TrainSettings, AppSettings])
def test_choices_are_named_and_nothing_else(model: type[BaseModel]) -> None:
    for name, field in describe_fields(model).items():
        if not field.about.label:
            assert model is AppSettings, name  # what the window remembers has no name
            continue
        values = field.values
        if get_origin(field.kind) is tuple:
            values = get_args(get_args(field.kind)[0])
        if name != "resolution" and values:
            assert set(field.about.value_labels) == set(values), name


def test_conditions_name_settings_and_values_that_there_are() -> None:
    values = TrainSettings(name="a", folder="b").model_dump()
    shown = {name for name in describe_fields(TrainSettings) if is_shown(TrainSettings, name, values)}
    assert "r1_gamma" in shown and "r2_gamma" not in shown and "path_interval" not in shown
    classic = {name for name in shown if is_shown(TrainSettings, name, values | {"architecture": "dcgan"})}
    assert {"batch", "loss", "augment"} <= classic and not {"r1_gamma", "discriminator", "anchor"} & classic
    for field in describe_fields(TrainSettings).values():
        when = field.about.shown_when or ()
        for other, wanted in (when,) if when and isinstance(when[0], str) else when:
            if not isinstance(wanted, type):
                assert set(wanted) <= set(describe_fields(TrainSettings)[other].values), field.name
