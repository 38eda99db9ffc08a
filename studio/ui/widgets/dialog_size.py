"""The size in which a dialog opens."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME: Final = QSize(16, 48)
"""Room for the frame that the system puts around a window, whose size is known only when it is there."""


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give ``window`` a size in pixels, or as much of it as the screen has room for with a frame around it."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableGeometry().size() - FRAME))
