"""Number fields that look like the other fields."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPoint
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QToolTip

_ROOM = 4  # pixels between a field's edge and its number: Qt ignores a style sheet's padding here


def without_arrows(box: QAbstractSpinBox) -> None:
    """Show ``box`` as a plain field for a number, with a frame around it and no arrows."""
    # Not Qt's NoButtons: a style sheet that draws the frame leaves no place for the number then.
    box.setProperty("arrows", False)
    box.lineEdit().setTextMargins(_ROOM, 0, _ROOM, 0)


def with_arrows(box: QAbstractSpinBox) -> None:
    """Show ``box`` with the arrows of our theme."""
    box.setProperty("arrows", True)
    box.lineEdit().setTextMargins(_ROOM, 0, 0, 0)


class RangedNumber(QDoubleSpinBox):
    """A field for a number that lets one type any: what is out of its range becomes the nearest within, and is told."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        state, text, position = super().validate(text, position)
        if state == QValidator.State.Invalid and self._typed(text) is not None:
            state = QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str) -> str:
        typed = self._typed(text)
        if typed is None:
            return super().fixup(text)
        nearest = min(self.maximum(), max(self.minimum(), typed))
        if nearest != typed:
            self._tell(text.strip())
        return self.textFromValue(nearest)

    def _typed(self, text: str) -> float | None:
        number, ok = self.locale().toDouble(text.strip())
        if not ok:
            number, ok = QLocale.c().toDouble(text.strip())
        return number if ok else None

    def _tell(self, text: str) -> None:
        low, high = self.textFromValue(self.minimum()), self.textFromValue(self.maximum())
        message = self.tr("{number} is out of range: {low} to {high}").format(number=text, low=low, high=high)
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), message, self)
