"""A seed with buttons for the one before, the next and a random one."""

from __future__ import annotations

import random

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets.number import RangedNumber, without_arrows
from studio.ui.widgets.slider import LABEL_WIDTH
from studio.ui.widgets.value_field import ValueField

HIGHEST = 2**32 - 1
# Random seeds stay short enough to be remembered and read out.
RANDOM_BELOW = 1_000_000


class SeedField(ValueField):
    """Edits a seed, 0 to 2**32 - 1; its name stands before it, in line with the sliders'."""

    def __init__(self, name: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed = 0
        # QSpinBox ends at 2**31 - 1.
        self._number = RangedNumber(self)
        self._number.setDecimals(0)
        self._number.setRange(0, HIGHEST)
        self._number.setKeyboardTracking(False)
        without_arrows(self._number)
        self._number.setMinimumWidth(84)  # ten digits; by itself it asks for half as much again
        self._number.setAccessibleName(name)
        self._number.setToolTip(tooltip)
        self.label = QLabel(name, self)
        self.label.setMinimumWidth(LABEL_WIDTH)
        self.label.setBuddy(self._number)
        self.label.setToolTip(tooltip)
        self._number.valueChanged.connect(self._on_number)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.label)
        layout.addSpacing(SPACE_M - SPACE_S)
        layout.addWidget(self._button("previous", self.tr("Previous seed"), lambda: self.step(-1)))
        layout.addWidget(self._number, 1)
        layout.addWidget(self._button("next", self.tr("Next seed"), lambda: self.step(+1)))
        layout.addWidget(self._button("random", self.tr("Random seed"), self.randomize))
        self.setFocusProxy(self._number)

    def _button(self, glyph: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(glyph))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(slot)
        return button

    def seed(self) -> int:
        """The seed shown."""
        return self._seed

    def show_value(self, value: int) -> None:
        """Show a seed, silently."""
        self._seed = value
        self._number.setValue(value)

    def step(self, by: int) -> None:
        """Go to a neighbouring seed; beyond the last comes the first."""
        self._number.setValue((self.seed() + by) % (HIGHEST + 1))

    def randomize(self) -> None:
        """Choose a seed by chance."""
        self._number.setValue(random.randrange(RANDOM_BELOW))

    def _on_number(self, value: float) -> None:
        if int(value) != self._seed:
            self._seed = int(value)
            self.changed.emit(self._seed)
