"""One style in the blend: its picture, its weight and the size of its brush."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.recipes import Recipe, StyleUse
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import Slider, to_qimage

THUMBNAIL = 64


class StyleRow(QFrame):
    """Edits a :class:`StyleUse`."""

    changed = Signal()
    """A slider moved."""
    editingFinished = Signal()
    """A slider was let go."""
    removed = Signal()
    """The artist wants this style gone."""

    def __init__(self, use: StyleUse, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: Recipe = use.source
        self._picture = QLabel(self)
        self._picture.setFixedSize(THUMBNAIL, THUMBNAIL)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setObjectName("style-thumbnail")
        self._name = QLabel(self)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name.setText(name)
        self._name.setToolTip(name)
        remove = QToolButton(self)
        remove.setIcon(icon("cancel"))
        remove.setIconSize(QSize(14, 14))
        remove.setAutoRaise(True)
        remove.setToolTip(self.tr("Remove this style"))
        remove.setAccessibleName(self.tr("Remove {name}").format(name=name))
        remove.clicked.connect(self.removed)
        weight_tip = self.tr("How much of this style goes into the blend, relative to the others.")
        self.weight = Slider(self.tr("Weight"), 0.0, 1.0, 1.0, tooltip=weight_tip)
        scale_tip = self.tr("Size of the style's strokes and patterns in the result.")
        self.scale = Slider(self.tr("Brush size"), 0.25, 2.0, 1.0, tooltip=scale_tip)
        for slider, value in ((self.weight, use.weight), (self.scale, use.scale)):
            slider.set_value(value, silent=True)
            slider.valueChanged.connect(self.changed)
            slider.editingFinished.connect(self.editingFinished)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        layout.setHorizontalSpacing(SPACE_M)
        layout.setVerticalSpacing(2)
        layout.addWidget(self._picture, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._name, 0, 1)
        layout.addWidget(remove, 0, 2)
        layout.addWidget(self.weight, 1, 1, 1, 2)
        layout.addWidget(self.scale, 2, 1, 1, 2)
        layout.setColumnStretch(1, 1)

    def set_thumbnail(self, image: NDArray[np.uint8]) -> None:
        """Show the style's picture."""
        ratio = self.devicePixelRatioF()
        side = round(THUMBNAIL * ratio)
        pixmap = QPixmap.fromImage(to_qimage(image)).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)

    def use(self) -> StyleUse:
        """The style with the weight and scale that the sliders show."""
        return StyleUse(source=self.source, weight=self.weight.value(), scale=self.scale.value())

    def show_use(self, use: StyleUse) -> None:
        """Put the sliders where ``use`` has them, silently."""
        self.weight.set_value(use.weight, silent=True)
        self.scale.set_value(use.scale, silent=True)
