"""The tools that every mask is painted with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QToolButton

from studio.ui.widgets import Slider, tool_button

GLYPH = 16


def brush_slider(percent: float) -> Slider:
    """The diameter of the brush in percent of the picture's long side; ``percent`` at first."""
    translate = QCoreApplication.translate
    tip = translate("MaskTools", "Diameter, in percent of the long side.")
    return Slider(translate("MaskTools", "Brush"), 0.5, 50.0, percent, decimals=1, tooltip=tip, unit=" %")


def hardness_slider() -> Slider:
    """Slider for the share of the brush that is at full strength, in percent."""
    translate = QCoreApplication.translate
    tip = translate("MaskTools", "How hard the brush's edge is: at 0 it fades from the middle on.")
    return Slider(translate("MaskTools", "Hardness"), 0.0, 100.0, 100.0, decimals=0, tooltip=tip, unit=" %")


def strength_slider() -> Slider:
    """Slider for the strength of one stroke, in percent."""
    translate = QCoreApplication.translate
    tip = translate("MaskTools", "How strongly one stroke paints or takes away; strokes over one another add up.")
    return Slider(translate("MaskTools", "Strength"), 1.0, 100.0, 100.0, decimals=0, tooltip=tip, unit=" %")


def erase_button() -> QToolButton:
    """Pressed, the brush takes away."""
    button = tool_button("eraser", QCoreApplication.translate("MaskTools", "Erase: the brush takes away"), side=GLYPH)
    button.setCheckable(True)
    return button


def invert_button() -> QToolButton:
    """Swaps painted and unpainted."""
    tip = QCoreApplication.translate("MaskTools", "Invert: swap painted and unpainted")
    return tool_button("invert", tip, side=GLYPH)
