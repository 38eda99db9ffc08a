"""Widgets bound to fields of a model's value: they show the field, and what the artist does to them edits it.

Range, default, name, unit and tip of a widget come from the field itself (:func:`studio.base.fields.describe_field`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from studio.base.fields import FieldDescription, describe_field, is_shown
from studio.ui.help import explain_field
from studio.ui.model import Derived, Model, edited
from studio.ui.widgets.slider import Slider
from studio.ui.widgets.value_field import ValueField
from studio.ui.widgets.wheel import WheelGuard

SETTLE_MS = 500
"""Fields without an end of editing of their own rest this long before a change of theirs counts as whole."""


def field_text(text: str) -> str:
    """Return words of a field (its label, tip or unit) in the language in use."""
    return QCoreApplication.translate("Fields", text) if text else ""


class Binding(QObject):
    """Keeps a widget and a part of a model's value in step, for as long as the widget lives.

    Parameters
    ----------
    get : gives what the widget shows of the model's value; None for nothing: the widget stays as it is.
    put : gives the model's value with what the widget has now.
    settle_ms : after this rest a change counts as whole, for widgets that do not say when one lets go; 0: at once.
    prepare : makes the widget able to show a value, such as by offering it, before it is shown.
    """

    edited = Signal(object)
    """The artist gave the widget this value."""

    def __init__(
        self,
        model: Model[Any],
        widget: QWidget | QButtonGroup,
        get: Callable[[Any], Any],
        put: Callable[[Any, Any], Any],
        *,
        settle_ms: int = 0,
        prepare: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__(widget)
        self._model, self._widget, self._get, self._put = model, widget, get, put
        self._prepare = prepare
        self._busy = False  # the widget and the model are being brought into step: what the widget says is no news
        self._settle: QTimer | None = None
        if settle_ms:
            self._settle = QTimer(self)
            self._settle.setSingleShot(True)
            self._settle.setInterval(settle_ms)
            self._settle.timeout.connect(model.commit)
        self._gesture = isinstance(widget, Slider | QLineEdit) or (isinstance(widget, ValueField) and widget.dragged)
        self._limits: tuple[Any, Any] | None = None
        if isinstance(widget, QSpinBox | QDoubleSpinBox):
            self._limits = widget.minimum(), widget.maximum()
        self._listen()
        self.show()
        model.changed.connect(self._on_changed)

    def show(self) -> None:
        """Show the part of the value as it is."""
        value = self._model.value
        found = None if value is None else self._get(value)
        if found is None:
            return
        self._busy = True
        try:
            if self._prepare is not None:
                self._prepare(found)
            if isinstance(self._widget, QSpinBox | QDoubleSpinBox) and self._limits is not None:
                # A value from elsewhere may lie beyond what is offered here; it is shown as it is.
                low, high = self._limits
                self._widget.setRange(min(low, found), max(high, found))
            show_in(self._widget, found)
        finally:
            self._busy = False

    def set_limits(self, low: float, high: float) -> None:
        """Offer another range."""
        self._limits = low, high
        self.show()

    def release(self) -> None:
        """End the binding, before the widget is gone."""
        self._model.changed.disconnect(self._on_changed)
        self._busy = True

    def _on_changed(self, old: Any, new: Any) -> None:
        if not self._busy and (old is None or new is None or self._get(old) != self._get(new)):
            self.show()

    def _on_edited(self, shown: Any) -> None:
        if self._busy or self._model.value is None:
            return
        self._busy = True  # the field has what the widget shows: it must not lose digits or the cursor
        try:
            self._model.set(self._put(self._model.value, shown), commit=not self._gesture and self._settle is None)
        finally:
            self._busy = False
        if self._settle is not None:
            self._settle.start()
        self.edited.emit(shown)

    def _listen(self) -> None:
        widget = self._widget
        if isinstance(widget, Slider):
            widget.valueChanged.connect(self._on_edited)
            widget.editingFinished.connect(self._model.commit)
        elif isinstance(widget, ValueField):
            widget.changed.connect(self._on_edited)
            widget.editingFinished.connect(self._model.commit)
        elif isinstance(widget, QSpinBox | QDoubleSpinBox):
            widget.valueChanged.connect(self._on_edited)
        elif isinstance(widget, QComboBox):
            for signal in (widget.currentIndexChanged, widget.activated):
                signal.connect(lambda row: self._on_edited(widget.itemData(row)))
        elif isinstance(widget, QLineEdit):
            widget.textChanged.connect(self._on_edited)
            widget.editingFinished.connect(self._model.commit)
        elif isinstance(widget, QButtonGroup):
            widget.idToggled.connect(lambda id_, on: self._on_edited(id_) if on else None)
        elif isinstance(widget, QAbstractButton):
            widget.toggled.connect(self._on_edited)
        else:
            raise TypeError(f"nothing is known of {type(widget).__name__}")


def show_in(widget: QWidget | QButtonGroup, value: Any) -> None:
    """Show ``value`` in a field; a choice by its data. A widget that has it already is left alone."""
    if isinstance(widget, Slider):
        widget.set_value(value, silent=True)
    elif isinstance(widget, ValueField):
        widget.show_value(value)
    elif isinstance(widget, QComboBox):
        widget.setCurrentIndex(widget.findData(value))
    elif isinstance(widget, QLineEdit):
        if widget.text() != value:
            widget.setText(value)
    elif isinstance(widget, QButtonGroup):
        button = widget.button(value)
        if button is not None:
            button.setChecked(True)
    elif isinstance(widget, QAbstractButton):
        widget.setChecked(value)
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        widget.setValue(value)
    else:
        raise TypeError(f"nothing is known of {type(widget).__name__}")


class FieldBinder:
    """Binds widgets to the fields of a model's value by name.

    Parameters
    ----------
    model : of a value of class ``of``, or None while there is nothing to edit.
    """

    def __init__(self, model: Model[Any], of: type[BaseModel]) -> None:
        self.model, self.of = model, of
        self._bound: dict[str, QWidget] = {}

    def describe(self, name: str) -> FieldDescription:
        """Return what field ``name`` says of itself."""
        return describe_field(self.of, name)

    def label(self, name: str) -> str:
        """Return the name of the field on a form, in the language in use."""
        return field_text(self.describe(name).about.label)

    def tip(self, name: str) -> str:
        """Return what the field does to the picture, in the language in use."""
        return field_text(self.describe(name).about.tip)

    def slider(
        self,
        name: str,
        *,
        limits: tuple[float, float] | None = None,
        decimals: int | None = None,
        scale: float = 1.0,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> Slider:
        """Return a new slider bound to a number.

        Parameters
        ----------
        limits : its ends, in the field's units, where they are others than what the field takes.
        decimals : digits after the point; as the field's kind says if None: 2, or 0 for whole numbers.
        scale : the slider shows so many times the field's value (100 for percent).
        unit : stands behind the number.
        """
        made = self.make_slider(name, limits=limits, decimals=decimals, scale=scale, unit=unit, parent=parent)
        number = int if self.describe(name).kind is int else float
        self.bind(name, made, shown=lambda value: value * scale, read=lambda value: number(value / scale))
        return made

    def make_slider(
        self,
        name: str,
        *,
        limits: tuple[float, float] | None = None,
        decimals: int | None = None,
        scale: float = 1.0,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> Slider:
        """Return a new slider as :meth:`slider` does, to be bound by :meth:`bind`."""
        described = self.describe(name)
        low, high = limits if limits is not None else (described.minimum, described.maximum)
        if low is None or high is None:
            raise ValueError(f"{name} has no range")
        if decimals is None:
            decimals = 0 if described.kind is int else 2
        default = high if described.default is None else float(described.default)
        return Slider(
            self.label(name),
            low * scale,
            high * scale,
            default * scale,
            decimals=decimals,
            tooltip=self.tip(name),
            unit=unit,
            parent=parent,
        )

    def bind(
        self,
        name: str,
        widget: QWidget | QButtonGroup,
        *,
        shown: Callable[[Any], Any] | None = None,
        read: Callable[[Any], Any] | None = None,
        limits: tuple[float, float] | None = None,
        settle_ms: int = 0,
        prepare: Callable[[Any], None] | None = None,
    ) -> Binding:
        """Bind ``widget`` to field ``name``, and give it the field's range, unit, tip and name.

        A unit, name or tip that the widget has already is its own business.

        Parameters
        ----------
        shown : gives what the widget shows for a value of the field; None: the value itself.
        read : gives the field's value for what the widget shows; None: that itself.
        limits : what a box offers, in what it shows, where that is not all that the field takes.
        settle_ms, prepare : see :class:`Binding`.
        """

        def get(value: BaseModel) -> Any:
            found = getattr(value, name)
            return found if shown is None else shown(found)

        def put(value: BaseModel, found: Any) -> BaseModel:
            return edited(value, **{name: found if read is None else read(found)})

        if isinstance(widget, QWidget):
            self._dress(name, widget, limits)
            self._bound[name] = widget
        return Binding(self.model, widget, get, put, settle_ms=settle_ms, prepare=prepare)

    def enable_used(self, **given: object) -> None:
        """Keep each widget that is bound by now enabled just while its field matters (``shown_when``).

        Parameters
        ----------
        given : values of fields that are taken for the model's, as where a form has the fields of every method.
        """
        for name, widget in self._bound.items():
            if self.describe(name).about.shown_when is None:
                continue
            used = Derived(partial(self._is_used, name, given), self.model.changed, parent=widget)
            used.changed.connect(lambda _old, now, widget=widget: widget.setEnabled(now))
            widget.setEnabled(used.value)

    def _is_used(self, name: str, given: Mapping[str, object]) -> bool:
        return is_shown(self.of, name, {**dict(self.model.value), **given})

    def _dress(self, name: str, widget: QWidget, limits: tuple[float, float] | None) -> None:
        described = self.describe(name)
        label, tip = self.label(name), self.tip(name)
        explain_field(widget, self.of, name)
        if isinstance(widget, QAbstractButton):
            if label and not widget.text():
                widget.setText(label)
        elif label and not widget.accessibleName():
            widget.setAccessibleName(label)
        if tip and not widget.toolTip():
            widget.setToolTip(tip)
        if isinstance(widget, QSpinBox):
            low, high = limits if limits is not None else _limits(described, 2**31 - 1)
            widget.setRange(int(low), int(high))
        elif isinstance(widget, QDoubleSpinBox):
            widget.setRange(*(limits if limits is not None else _limits(described, 2**53)))
        if isinstance(widget, QSpinBox | QDoubleSpinBox) and described.about.unit and not widget.suffix():
            widget.setSuffix(f" {field_text(described.about.unit)}")
        if isinstance(widget, QAbstractSpinBox | QComboBox):
            if widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(WheelGuard(widget))


def _limits(described: FieldDescription, most: float) -> tuple[float, float]:
    """The range of a field; ``most`` is the largest number that a box takes."""
    low = -most if described.minimum is None else max(-most, described.minimum)
    return low, most if described.maximum is None else min(most, described.maximum)
