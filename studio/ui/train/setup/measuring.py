"""The control for how often a run is measured while it trains."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget

STEP = 1000


class Interval(QSpinBox):
    """The interval of something: automatic (-1), never (0), or every so many images."""

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
