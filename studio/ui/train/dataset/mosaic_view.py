"""The network's view of the pictures: a mosaic of squares, with the augmentations of the training if wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from numpy import uint8
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.base import Progress
from studio.training.findings import FolderReport
from studio.training.framing import Framing
from studio.training.mosaic import Changes, evenly, network_view
from studio.training.picture_decisions import PictureDecisions
from studio.training.prepared import Cut, cuts_from
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.train.dataset.mosaic import TILE, Mosaic
from studio.ui.train.dataset.prepared_set import PreparedSetStatus
from studio.ui.train.text import number, percent
from studio.worker import Job, thread_pool

MOSAIC_TILES = 300
"""A folder with more pictures is shown by an evenly spaced choice."""


class TrainingMosaic(QWidget):
    """The mosaic, what is to be said about it, and whether augmentations are shown."""

    wanted = Signal(str)
    """The content (see ``PictureFinding.content``) of the picture that was double-clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: FolderReport | None = None
        self._framing, self._decisions, self._changes = Framing(64), PictureDecisions(), Changes()
        self._work: Job | None = None
        self._shown: list[Cut] = []
        self.mosaic = Mosaic()
        self.mosaic.setToolTip(self.tr("What the network will see. Double-click a picture to crop it by hand."))
        self.mosaic.wanted.connect(self._on_wanted)
        self._note = QLabel()
        self._note.setProperty("muted", True)
        self._note.setWordWrap(True)
        self.augmented = QCheckBox(self.tr("With augmentations"))
        self.augmented.setToolTip(self.tr("As the training changes them while judging, newly drawn each time."))
        self.augmented.toggled.connect(self._on_augmented)
        self._again = QToolButton()
        self._again.setIcon(icon("random"))
        self._again.setToolTip(self.tr("Draw the augmentations again"))
        self._again.setAccessibleName(self._again.toolTip())
        self._again.setVisible(False)
        self._again.clicked.connect(self._show)
        under = QHBoxLayout()
        under.setSpacing(SPACE_M)
        under.addWidget(self._note, 1)
        under.addWidget(self.augmented, 0, Qt.AlignmentFlag.AlignTop)
        self.ada_when = QComboBox()
        self.ada_when.addItem(self.tr("At the start"), "start")
        self.ada_when.addItem(self.tr("At the most"), "most")
        self.ada_when.setCurrentIndex(1)
        self.ada_when.setAccessibleName(self.tr("How far ADA has gone"))
        self.ada_when.setToolTip(
            self.tr("ADA augments as much as is needed: as it begins, or the most it can come to within the budget.")
        )
        self.ada_when.setVisible(False)
        self.ada_when.currentIndexChanged.connect(self._show)
        under.addWidget(self.ada_when, 0, Qt.AlignmentFlag.AlignTop)
        under.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        self.set_status = PreparedSetStatus()
        self.set_status.emptied.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_M, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.mosaic, 1)
        column.addLayout(under)
        column.addWidget(self.set_status)

    def count(self) -> int:
        """Number of squares that the mosaic will have."""
        return len(self._shown)

    def clear(self) -> None:
        """Show nothing."""
        self.cancel()
        self._report = None
        self.mosaic.clear()
        self._shown = []
        self._note.clear()

    def cancel(self) -> None:
        """Stop drawing."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
        self.set_status.cancel()

    def grow(self, path: Path, picture: NDArray[uint8]) -> None:
        """Show a picture while the folder is still being looked through."""
        if self.mosaic.count() < MOSAIC_TILES:
            self.mosaic.add(path, picture)

    def show_folder(
        self, report: FolderReport, framing: Framing, decisions: PictureDecisions, changes: Changes
    ) -> None:
        """Show what is made of a folder."""
        self._report, self._framing, self._decisions, self._changes = report, framing, decisions, changes
        self._show()

    def set_changes(self, changes: Changes) -> None:
        """Take the changes that the training makes, for the next time that the pictures are drawn."""
        self._changes = changes

    def _show(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None
        report, framing, decisions = self._report, self._framing, self._decisions
        if report is None:
            return
        used = report.used
        pictures = evenly(used, max(1, MOSAIC_TILES // framing.per_picture))
        self._shown = cuts_from(pictures, framing, decisions)[:MOSAIC_TILES]
        own = sum(found.content in decisions.boxes for found in used) if decisions.boxes else 0
        total = own + (len(used) - own) * framing.per_picture
        self.mosaic.clear()
        notes = {
            "centre": self.tr("Centre squares at {size} × {size} pixels."),
            "salient": self.tr("The squares with most to see, at {size} × {size} pixels."),
            "fit": self.tr("Whole pictures on the background, at {size} × {size} pixels."),
            "random": self.tr("Several squares of each picture, at {size} × {size} pixels."),
        }
        note = notes[framing.crop].format(size=framing.resolution)
        if len(self._shown) < total:
            note += " " + self.tr("{n} of {total} are shown.").format(n=number(len(self._shown)), total=number(total))
        changes = self._changes if self.augmented.isChecked() else None
        self.ada_when.setVisible(changes is not None and bool(changes.ada_parts))
        if changes is not None and changes.ada_parts:
            p = changes.ada_start if self.ada_when.currentData() == "start" else changes.ada_most
            changes = replace(changes, ada_p=p)
            note += " " + self.tr("ADA at p = {p}: each change befalls {share} of the pictures.").format(
                p=QLocale().toString(p, "f", 2), share=percent(p)
            )
        self._note.setText(note)
        cuts, side = self._shown, 2 * TILE
        self._work = thread_pool().submit(lambda: network_view(cuts, framing, side, changes), owner=self)
        self._work.progressed.connect(self._on_tile)
        self.set_status.show_set(report, framing, decisions)

    def _on_augmented(self, on: bool) -> None:
        self._again.setVisible(on)
        self._show()

    def _on_wanted(self, path: Path, row: int) -> None:
        if row < len(self._shown):
            self.wanted.emit(self._shown[row].content)

    def _on_tile(self, progress: Progress) -> None:
        picture: NDArray[uint8] | None = progress.preview
        if picture is not None:
            self.mosaic.add(self._shown[progress.step].path, picture, progress.step)
