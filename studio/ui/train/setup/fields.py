"""The fields that the forms of the room are made of."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets.number import without_arrows
from studio.ui.widgets.wheel import WheelGuard

FIELD_WIDTH = 124


class FieldGrid(QGridLayout):
    """Rows of a name and a field, under headings.

    Attributes
    ----------
    rows : name -> label and field.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(SPACE_M)
        self.setVerticalSpacing(SPACE_S + 2)
        self.setColumnStretch(0, 1)
        self.rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._headings: list[tuple[QLabel, list[str]]] = []
        self._wheel = WheelGuard(self)

    def heading(self, text: str) -> None:
        """Add a heading over the fields that follow."""
        label = QLabel(text)
        label.setProperty("muted", True)
        label.setContentsMargins(0, SPACE_M if self.rows else 0, 0, 0)
        self.addWidget(label, self.rowCount(), 0, 1, 2)
        self._headings.append((label, []))

    def row(self, name: str, text: str, field: QWidget, tooltip: str) -> None:
        """Add a field."""
        label = QLabel(text)
        label.setToolTip(tooltip)
        label.setBuddy(field.findChild(QSpinBox) or field)
        field.setToolTip(tooltip)
        field.setAccessibleName(text)
        field.setFixedWidth(FIELD_WIDTH)
        row = self.rowCount()
        tall = field.sizeHint().height() > 40
        self.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag(0))
        self.addWidget(field, row, 1)
        self.rows[name] = (label, field)
        if self._headings:
            self._headings[-1][1].append(name)

    def show_rows(self, hidden: Iterable[str]) -> None:
        """Show all rows but these, and the headings of those that are left."""
        gone = set(hidden)
        for name, parts in self.rows.items():
            for part in parts:
                part.setVisible(name not in gone)
        for label, names in self._headings:
            label.setVisible(not gone.issuperset(names))

    def whole(self, least: int, most: int, value: int, step: int = 1) -> QSpinBox:
        """A field for whole numbers."""
        box = QSpinBox()
        box.setRange(least, most)
        box.setSingleStep(step)
        box.setGroupSeparatorShown(most >= 10_000)
        box.setValue(value)
        self.quieten(box)
        return box

    def real(self, least: float, most: float, value: float, decimals: int, step: float) -> QDoubleSpinBox:
        """A field for numbers."""
        box = QDoubleSpinBox()
        box.setDecimals(decimals)
        box.setRange(least, most)
        box.setSingleStep(step)
        box.setValue(value)
        self.quieten(box)
        return box

    def choice(self, entries: Iterable[tuple[str, str]]) -> QComboBox:
        """A field to choose from ``(text, value)``."""
        box = QComboBox()
        for text, value in entries:
            box.addItem(text, value)
        self.tame(box)
        return box

    def tame(self, box: QComboBox) -> None:
        """Make a box leave the wheel to the column, and as narrow as it must be."""
        box.installEventFilter(self._wheel)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def quieten(self, box: QAbstractSpinBox) -> None:
        """The same for fields with numbers, which lose their arrows too."""
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setKeyboardTracking(False)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        without_arrows(box)
        box.installEventFilter(self._wheel)


def labelled(text: str, field: QWidget | QBoxLayout) -> QHBoxLayout:
    """A field with its name at the left."""
    label = QLabel(text)
    label.setFixedWidth(76)
    row = QHBoxLayout()
    row.setSpacing(SPACE_M)
    if isinstance(field, QVBoxLayout):
        # Beside the first line of the field.
        label.setMinimumHeight(28)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    else:
        row.addWidget(label)
    if isinstance(field, QWidget):
        label.setBuddy(field)
        field.setAccessibleName(field.accessibleName() or text)
        row.addWidget(field, 1)
    else:
        row.addLayout(field, 1)
    return row
