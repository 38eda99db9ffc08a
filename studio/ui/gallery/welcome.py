"""The page of an empty gallery: what it is, how pictures come in, and the way to the rooms where they are made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.command import native_keys
from studio.ui.theme import SPACE_L, SPACE_M, icon
from studio.ui.widgets.glyph import Glyph

_GLYPH = 56
_WIDTH = 460


class Welcome(QWidget):
    """Stands in the place of the pictures while there are none.

    Parameters
    ----------
    folder : where the gallery's files lie.
    """

    exploreWanted = Signal()
    stylizeWanted = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        headline = QLabel(self.tr("Nothing saved yet"))
        headline.setStyleSheet("font-size: 20px; font-weight: 600;")
        headline.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = native_keys("file.save")
        texts = (
            self.tr(
                "The gallery keeps the pictures you save, each with the way it was made: open one, and every control "
                "stands where it stood."
            ),
            self.tr("Make a picture, then press {keys} or Save: it appears here.").format(keys=keys),
            self.tr("The files lie in {folder}. Pictures that you copy there appear here, too.").format(folder=folder),
        )
        self.explore_button = self._button("explore", self.tr("Explore a network"))
        self.explore_button.clicked.connect(self.exploreWanted)
        self.stylize_button = self._button("stylize", self.tr("Stylize a photo"))
        self.stylize_button.clicked.connect(self.stylizeWanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_M)
        buttons.addWidget(self.explore_button)
        buttons.addWidget(self.stylize_button)

        column = QVBoxLayout()
        column.setSpacing(SPACE_M)
        column.addStretch(1)
        column.addWidget(Glyph("gallery", _GLYPH))
        column.addSpacing(SPACE_M)
        column.addWidget(headline)
        for text in texts[:2]:
            column.addWidget(self._text(text))
        column.addSpacing(SPACE_L)
        column.addLayout(buttons)
        column.addSpacing(SPACE_L)
        column.addWidget(self._text(texts[2]))
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)

    def _text(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setFixedWidth(_WIDTH)
        return label

    def _button(self, glyph: str, text: str) -> QPushButton:
        button = QPushButton(icon(glyph), text)
        button.setMinimumHeight(34)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button
