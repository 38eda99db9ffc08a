"""The controls for measuring a run while it trains."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from studio.training.settings import TrainSettings

STEP = 1000


class Interval(QSpinBox):
    """How often: automatically (-1), never (0), or every so many images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-1, 100_000_000)
        self.setGroupSeparatorShown(True)
        self.setValue(-1)

    def textFromValue(self, value: int) -> str:
        match value:
            case -1:
                return self.tr("Automatic")
            case 0:
                return self.tr("Never")
        return super().textFromValue(value)

    def valueFromText(self, text: str) -> int:
        names = {self.textFromValue(value): value for value in (-1, 0)}
        return names[text] if text in names else super().valueFromText(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if text in (self.textFromValue(-1), self.textFromValue(0)):
            return QValidator.State.Acceptable, text, position
        return super().validate(text, position)  # type: ignore[return-value]

    def stepBy(self, steps: int) -> None:
        # "Never" lies between automatic and numbers, which go by thousands.
        value = self.value()
        if value < 0 or (value == 0 and steps < 0):
            super().stepBy(1 if steps > 0 else -1)
        else:
            self.setValue(max(0, value + steps * STEP))

    def interval(self) -> int | None:
        """As :attr:`TrainSettings.evaluate_every`."""
        return None if self.value() < 0 else self.value()

    def set_interval(self, interval: int | None) -> None:
        """Show a setting."""
        self.setValue(-1 if interval is None else interval)


class MeasuringControls:
    """The four controls, made for the rows of a form. Not a widget: the form lays them out.

    Attributes
    ----------
    every, samples, features, patience : one for each setting.
    """

    def __init__(self) -> None:
        self.every = Interval()
        self.samples = QSpinBox()
        self.samples.setRange(0, 10_000)
        self.samples.setSingleStep(128)
        self.features = QComboBox()
        self.patience = QSpinBox()
        self.patience.setRange(0, 1000)

    def values(self) -> dict[str, Any]:
        """The settings, by name."""
        return {
            "evaluate_every": self.every.interval(),
            # Below eight there is nothing to compare.
            "evaluate_samples": max(8, self.samples.value()) if self.samples.value() else None,
            "features": self.features.currentData(),
            "patience": self.patience.value(),
        }

    def set_values(self, settings: TrainSettings) -> None:
        """Show settings."""
        self.every.set_interval(settings.evaluate_every)
        self.samples.setValue(settings.evaluate_samples or 0)
        self.features.setCurrentIndex(self.features.findData(settings.features))
        self.patience.setValue(settings.patience)
