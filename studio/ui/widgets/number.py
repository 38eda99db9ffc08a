"""Number fields that look like the other fields."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox

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
