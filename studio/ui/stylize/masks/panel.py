"""The controls of the mask painter: what is painted, and with which brush."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from studio.ui.binding import FieldBinder
from studio.ui.command import with_keys
from studio.ui.masks.tools import (
    brush_slider,
    erase_button,
    hardness_slider,
    invert_button,
    strength_slider,
)
from studio.ui.model import Model
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.picture_drops import PictureDrops
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import ImageDrop, Section, enable_unless, tool_button

PHOTO = -1
MOST_FEATHER = 0.15
"""Of the feathers that a recipe may have, the ones offered: in shares of the long side."""


class WhereSection(Section):
    """The region of the photo for the styles: everywhere, or a painted mask; for each style too."""

    paintingToggled = Signal(bool)
    erasingToggled = Signal(bool)
    targetChanged = Signal(int)
    """What is painted now: the index of a style's region, or ``PHOTO``, the mask of the whole."""
    brushChanged = Signal(float)
    """Diameter in shares of the long side."""
    hardnessChanged = Signal(float)
    """Share of the brush at full strength."""
    strengthChanged = Signal(float)
    """Strength of one stroke, 0..1."""
    fileWanted = Signal(object)
    """A ``DroppedPicture`` to be the mask."""
    invertWanted = Signal()
    clearWanted = Signal()
    undoWanted = Signal()

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__("", parent, expanded=False, topic="masks")
        self.set_title(self.tr("Where"))
        self.target = QComboBox()
        self.target.setAccessibleName(self.tr("What is painted"))
        self.target.setToolTip(
            self.tr(
                "All styles: what is painted is restyled, the rest stays the photo. A style: it goes only where it is "
                "painted, and styles without a region fill the rest."
            )
        )
        self.target.activated.connect(lambda _: self.targetChanged.emit(self.chosen()))
        self.paint_button = QPushButton(icon("stylize"), self.tr("Paint on the photo"))
        self.paint_button.setCheckable(True)
        self.paint_button.setToolTip(
            self.tr("Paint with the left button, take away with Alt. [ and ], or Ctrl and the wheel, change the brush.")
        )
        self.paint_button.toggled.connect(self.paintingToggled)
        self.erase_button = erase_button()
        self.erase_button.toggled.connect(self.erasingToggled)
        self.invert_button = invert_button()
        self.invert_button.clicked.connect(self.invertWanted)
        self.undo_button = tool_button("undo", with_keys(self.tr("Undo the last stroke"), "edit.undo"), side=16)
        self.undo_button.clicked.connect(self.undoWanted)
        self.clear_button = tool_button("trash", self.tr("Clear: the style goes everywhere again"), side=16)
        self.clear_button.clicked.connect(self.clearWanted)
        self.brush = brush_slider(10.0)
        self.brush.valueChanged.connect(lambda value: self.brushChanged.emit(value / 100))
        self.hardness, self.strength = hardness_slider(), strength_slider()
        self.hardness.valueChanged.connect(lambda value: self.hardnessChanged.emit(value / 100))
        self.strength.valueChanged.connect(lambda value: self.strengthChanged.emit(value / 100))
        self.feather = FieldBinder(model, Draft).slider("feather", limits=(0.0, MOST_FEATHER), decimals=1, scale=100)
        self.hint = QLabel()
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.intake = ImageDrop(multiple=False, parent=self)  # never shown: it knows files, browsers, the clipboard
        self.intake.hide()
        self.intake.pictureDropped.connect(self.fileWanted)
        self.file_button = QPushButton(icon("folder"), self.tr("Mask from a file …"))
        self.file_button.setToolTip(
            self.tr("Take a picture as the mask: white is restyled, black stays. Or drop it here, or while painting.")
        )
        self.file_button.clicked.connect(self.intake.choose)
        PictureDrops(self, self.intake)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        tools.addWidget(self.paint_button, 1)
        for button in (self.erase_button, self.invert_button, self.undo_button, self.clear_button):
            tools.addWidget(button)
        self.body.setSpacing(SPACE_M)
        self.body.addWidget(self.target)
        self.body.addLayout(tools)
        self.body.addWidget(self.file_button)
        self.body.addWidget(self.brush)
        self.body.addWidget(self.hardness)
        self.body.addWidget(self.strength)
        self.body.addWidget(self.feather)
        self.body.addWidget(self.hint)
        self.toggled.connect(lambda open_: None if open_ else self.paint_button.setChecked(False))
        self.show_state([], [], masked=False, missing="")

    def chosen(self) -> int:
        """The target that is painted: the index of a style, or ``PHOTO``."""
        data = self.target.currentData()
        return PHOTO if data is None else int(data)

    def show_state(self, names: Sequence[str], regions: Sequence[bool], *, masked: bool, missing: str) -> None:
        """Show, silently, the styles by name, which of them have regions, and whether the whole has a mask."""
        chosen = self.chosen() if self.target.count() else PHOTO
        self.target.clear()
        dot = "  ●"
        self.target.addItem(self.tr("All styles") + (dot if masked else ""), PHOTO)
        for index, (name, has) in enumerate(zip(names, regions, strict=True)):
            self.target.addItem(self.tr("Only {style}").format(style=name) + (dot if has else ""), index)
        self.target.setCurrentIndex(max(0, self.target.findData(chosen)))
        # Seen while the section is closed, too: masks come back with the session and with recipes.
        self.set_title(self.tr("Where") + (dot if masked or any(regions) else ""))
        painted = masked if self.chosen() == PHOTO else regions[self.chosen()]
        for part in (self.target, self.paint_button, self.file_button, self.invert_button):
            enable_unless(part, missing)
        if missing:
            self.paint_button.setChecked(False)
        enable_unless(self.clear_button, missing or ("" if painted else self.tr("Nothing is painted.")))
        painting = self.paint_button.isChecked()
        if not painting:
            self.erase_button.setChecked(False)
        enable_unless(self.erase_button, missing or ("" if painting else self.tr("Press “Paint on the photo” first.")))
        self.hint.setText(
            self.tr("Only what is painted is restyled.")
            if painted and self.chosen() == PHOTO
            else self.tr("This style goes only where it is painted.")
            if painted
            else self.tr("Nothing painted: everywhere.")
        )
