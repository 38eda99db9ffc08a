"""Widgets bound to the settings of a run that is planned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QWidget

from studio.training.settings import TrainSettings
from studio.ui.binding import Binding
from studio.ui.help import explain_field
from studio.ui.model import Model
from studio.ui.train.setup.plan import RunPlan


def bind_setting(
    model: Model[RunPlan],
    name: str,
    widget: QWidget | QButtonGroup,
    *,
    shown: Callable[[Any], Any] | None = None,
    read: Callable[[Any], Any] | None = None,
    prepare: Callable[[Any], None] | None = None,
) -> Binding:
    """Bind ``widget`` to a setting: it shows the value in force, and what the artist does sets it by hand.

    Parameters
    ----------
    shown : gives what the widget shows for a value of the setting; None: the value itself.
    read : gives the setting's value for what the widget shows; None: that itself.
    prepare : see :class:`Binding`.
    """

    if isinstance(widget, QWidget):
        explain_field(widget, TrainSettings, name)

    def get(plan: RunPlan) -> Any:
        value = plan.values[name]
        return value if shown is None else shown(value)

    def put(plan: RunPlan, found: Any) -> RunPlan:
        return plan.with_own(name, found if read is None else read(found))

    return Binding(model, widget, get, put, prepare=prepare)
