"""The outward form of a field made of several widgets."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class ValueField(QWidget):
    """Edits one value, whatever it is made of."""

    changed = Signal(object)
    """The artist gave it this value."""

    def show_value(self, value: Any) -> None:
        """Show ``value``, silently."""
        raise NotImplementedError
