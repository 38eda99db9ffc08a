"""The bar over the gallery's pictures: search, which kinds are shown, how many there are, and how large."""

from __future__ import annotations

from functools import partial
from typing import Literal, get_args

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSlider, QWidget

from studio.recipes.steps import FinishingStep
from studio.ui.command import with_keys
from studio.ui.gallery.view import LARGEST, SMALLEST, USUAL
from studio.ui.help import HelpButton
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets.glyph import Glyph

TYPING_MS = 150

Filter = Literal["all", "sample", "stylize", "finish", "favourites"]
KINDS: dict[Filter, tuple[str, ...]] = {
    "sample": ("sample",),
    "stylize": ("stylize",),
    "finish": tuple(step.model_fields["kind"].default for step in get_args(FinishingStep)),
}
"""The kinds of recipes that a filter leaves; of those that are not here, all."""


class GalleryBar(QWidget):
    """Says what is looked for; :attr:`wanted` tells when that is something else."""

    wanted = Signal()
    """Other words, once typing has rested, or another filter."""
    entered = Signal()
    """Return was pressed in the search field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter: Filter = "all"
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.wanted)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(140)
        self.search.setMaximumWidth(320)
        self.search.setToolTip(
            with_keys(self.tr("Search names, models, seeds and styles; every word must occur"), "gallery.search")
        )
        self.search.setAccessibleName(self.tr("Search"))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.entered)
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(SMALLEST, LARGEST)
        self.side.setValue(USUAL)
        self.side.setPageStep(32)
        self.side.setFixedWidth(120)
        self.side.setToolTip(self.tr("Size of the thumbnails"))
        self.side.setAccessibleName(self.tr("Size of the thumbnails"))

        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_M + 2, SPACE_L, SPACE_M + 2)
        row.setSpacing(SPACE_M)
        row.addWidget(self.search, 4)
        row.addLayout(self._make_filters())
        row.addStretch(1)
        row.addWidget(self.count)
        row.addSpacing(SPACE_S)
        row.addWidget(Glyph("gallery", 13))
        row.addWidget(self.side)
        row.addWidget(Glyph("photo", 18))
        row.addWidget(HelpButton("gallery"))

    def _make_filters(self) -> QHBoxLayout:
        self.filters: dict[Filter, QPushButton] = {}
        group = QButtonGroup(self)
        chips = QHBoxLayout()
        chips.setSpacing(SPACE_S)
        names: tuple[tuple[Filter, str, str], ...] = (
            ("all", self.tr("All"), self.tr("Show every picture")),
            ("sample", self.tr("Samples"), self.tr("Show pictures drawn from a model")),
            ("stylize", self.tr("Stylized"), self.tr("Show restyled pictures")),
            ("finish", self.tr("Finished"), self.tr("Show enlarged, repaired and cleaned pictures")),
            ("favourites", self.tr("Favourites"), self.tr("Show pictures with a star")),
        )
        for which, text, tip in names:
            button = QPushButton(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.clicked.connect(partial(self._on_filter, which))
            group.addButton(button)
            chips.addWidget(button)
            self.filters[which] = button
        self.filters["all"].setChecked(True)
        return chips

    def words(self) -> str:
        """Return what is searched for."""
        return self.search.text().strip()

    def to_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def restore(self, words: str, which: str) -> None:
        """Show other words, and the filter called ``which`` if there is one, without telling of the filter."""
        self.search.setText(words)
        self.filter = next((name for name in self.filters if name == which), "all")
        self.filters[self.filter].setChecked(True)

    def empty_text(self) -> tuple[str, str]:
        """Return a heading, and what to do, for where nothing is found; both empty where there is nothing at all."""
        if words := self.words():
            return self.tr("Nothing found"), self.tr("No picture matches “{words}”.").format(words=words)
        match self.filter:
            case "favourites":
                return self.tr("No favourites yet"), self.tr("Click the star on a picture, or press Ctrl+D.")
            case "sample":
                return self.tr("No samples yet"), self.tr("Save a picture in Explore, and it is here.")
            case "stylize":
                return self.tr("Nothing stylized yet"), self.tr("Save a picture in Stylize, and it is here.")
            case "finish":
                return self.tr("Nothing finished yet"), self.tr("Save a picture in Finish, and it is here.")
        return "", ""

    def shut_down(self) -> None:
        """Tell nothing more."""
        self._typing.stop()

    def _on_filter(self, which: Filter) -> None:
        self.filter = which
        self.filters[which].setChecked(True)
        self.wanted.emit()
