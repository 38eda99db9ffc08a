"""The wheel scrolls a column of controls; it must not turn the choices that happen to pass under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QScrollArea, QSlider, QWidget


class WheelGuard(QObject):
    """For an event filter: a field gets the wheel only while it has the focus, else what lies around it scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def guard_wheel(root: QWidget) -> None:
    """Let the fields in the scroll areas below ``root`` take the wheel only while they have the focus.

    The wheel does not give them the focus either. Fields made later guard themselves, as ``Slider`` does, or are
    guarded by whoever makes them (:func:`guard_fields`).
    """
    for area in root.findChildren(QScrollArea):
        guard_fields(area)


def guard_fields(root: QWidget) -> None:
    """Do so with the fields below ``root``, which is in a scroll area."""
    guard = WheelGuard(root)
    for kind in (QComboBox, QAbstractSpinBox, QSlider):
        for field in root.findChildren(kind):
            if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(guard)
