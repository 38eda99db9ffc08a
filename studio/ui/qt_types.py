"""The Python types of Qt's classes, made before an event filter needs them.

PySide6 makes the type of a class when it is first asked for. Where an event filter is what asks, the making of one type
enters that of another and the process dies (seen with PySide6 6.11; it depends on which types there are by then,
so that a window may live for hours before).
"""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets


def make_types(ending: str = "") -> None:
    """Make the types of all classes whose names end with ``ending``, those of the styles of widgets among them.

    Events take 3 ms, and are enough for filters that watch widgets of ours. All classes take 70 ms, and are needed by
    a filter of the application, which sees every object.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            if name.endswith((ending, "Style")):
                getattr(module, name)
