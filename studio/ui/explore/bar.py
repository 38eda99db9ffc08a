"""The bar below the picture: how long it took, the states kept, and where the picture may go."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from studio.recipes import SampleRecipe
from studio.ui.explore.previews import SamplePreviews
from studio.ui.explore.slots import StateSlots
from studio.ui.model import Model
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon


class ExploreBar(QWidget):
    """The status, the slots for states, and buttons to stylize, finish, export and save."""

    def __init__(
        self, model: Model[SampleRecipe | None], previews: SamplePreviews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.status = QLabel(self)
        self.status.setProperty("muted", True)
        self.slots = StateSlots(model, previews, self)
        self.stylize_button = self._button("stylize", self.tr("Stylize"), self.tr("Use this picture in the stylizer"))
        self.finish_button = self._button("finish", self.tr("Finish"), self.tr("Repair, clean or enlarge this picture"))
        self.export_button = self._button(
            "export", self.tr("Export …"), self.tr("Write a PNG, JPEG, TIFF or WebP file")
        )
        self.save_button = self._button("save", self.tr("Save"), self.tr("Save to the gallery"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_M, SPACE_M)
        row.setSpacing(SPACE_S)
        row.addWidget(self.status, 1)
        row.addWidget(self.slots)
        row.addSpacing(SPACE_M)
        for button in (self.stylize_button, self.finish_button, self.export_button, self.save_button):
            row.addWidget(button)

    def _button(self, glyph: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(icon(glyph), text, self)
        button.setToolTip(tip)
        return button
