"""The outward form of a field made of several widgets."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class ValueField(QWidget):
    """Edits one value, whatever it is made of.

    Attributes
    ----------
    dragged : whether it is dragged: then it changes in steps, until ``editingFinished`` says that it was let go.
    """

    dragged = False
    changed = Signal(object)
    """The artist gave it this value."""
    editingFinished = Signal()

    def show_value(self, value: Any) -> None:
        """Show ``value``, silently."""
        raise NotImplementedError
