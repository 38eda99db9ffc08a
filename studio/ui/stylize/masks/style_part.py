"""Painting which part of its own picture is a style."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.masks.canvas import MaskCanvas
from studio.ui.masks.tools import (
    GLYPH,
    brush_slider,
    erase_button,
    hardness_slider,
    invert_button,
    strength_slider,
)
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets import tool_button
from studio.ui.widgets.dialog_size import resize_within_screen
from studio.ui.widgets.questions import make_primary

_BRUSH = 15.0


class StylePartDialog(QDialog):
    """The picture of a style, to paint what of it counts; nothing painted is all of it."""

    def __init__(
        self, name: str, picture: NDArray[np.uint8], mask: QImage | None, parent: QWidget | None = None
    ) -> None:
        """``picture`` uint8 (height, width, 3); ``mask``, grey, is what is painted already."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Part of the style – {name}").format(name=name))
        resize_within_screen(self, 640, 640)
        self.canvas = MaskCanvas()
        self.canvas.set_image(picture)
        self.canvas.set_feather(0.0)
        self.canvas.show_mask(mask)
        self.canvas.set_painting(True)
        hint = QLabel(
            self.tr("Only what you paint counts as the style: a texture, a sky, a patch of colour. Alt takes away.")
        )
        hint.setWordWrap(True)
        hint.setProperty("muted", True)
        self.brush = brush_slider(_BRUSH)
        self.brush.valueChanged.connect(lambda value: self.canvas.set_brush(value / 100))
        self.canvas.set_brush(_BRUSH / 100)
        self.canvas.brushChanged.connect(lambda size: self.brush.set_value(size * 100, silent=True))
        self.erase_button = erase_button()
        self.erase_button.toggled.connect(self.canvas.set_erasing)
        self.invert_button = invert_button()
        self.invert_button.clicked.connect(self.canvas.invert_mask)
        self.clear_button = tool_button(
            "trash", self.tr("Clear: all of the picture is the style again"), self.canvas.clear_mask, side=GLYPH
        )
        self.canvas.maskPainted.connect(self._update)
        self.hardness, self.strength = hardness_slider(), strength_slider()
        self.hardness.valueChanged.connect(lambda value: self.canvas.set_hardness(value / 100))
        self.strength.valueChanged.connect(lambda value: self.canvas.set_strength(value / 100))
        edge = QHBoxLayout()
        edge.setSpacing(SPACE_M)
        edge.addWidget(self.hardness, 1)
        edge.addWidget(self.strength, 1)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        tools.addWidget(self.brush, 1)
        for button in (self.erase_button, self.invert_button, self.clear_button):
            tools.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        make_primary(buttons.button(QDialogButtonBox.StandardButton.Ok))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE_M)
        column.addWidget(hint)
        column.addWidget(self.canvas, 1)
        column.addLayout(tools)
        column.addLayout(edge)
        column.addWidget(buttons)
        self._update()

    def mask_png(self) -> bytes | None:
        """The painted mask as a PNG file, None for all of the picture."""
        return self.canvas.mask_png()

    def _update(self) -> None:
        self.clear_button.setEnabled(self.canvas.painted_mask() is not None)
