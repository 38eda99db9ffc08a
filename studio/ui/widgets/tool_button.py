"""Small buttons that show a sign and say in words what it means."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton

from studio.ui.theme import icon


def tool_button(glyph: str, tip: str, slot: Callable[[], object] | None = None, *, side: int = 18) -> QToolButton:
    """A flat button.

    Parameters
    ----------
    glyph : the icon's name.
    tip : the tooltip, and what screen readers say.
    slot : called without arguments when it is clicked.
    side : of the icon, in device independent pixels.
    """
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(icon(glyph))
    button.setIconSize(QSize(side, side))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    if slot is not None:
        button.clicked.connect(lambda: slot())
    return button
