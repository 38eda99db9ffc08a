"""Choosing a folder and seeing what a network would learn from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError
from studio.training.findings import FolderProgress, FolderReport, Near, PictureFinding
from studio.training.folder import inspect_folder, settle
from studio.training.framing import Framing
from studio.training.mosaic import Changes
from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
from studio.training.runs import RunDirectory
from studio.training.summary import Summary, summarise
from studio.ui.context import StudioContext
from studio.ui.describe.lists import listed
from studio.ui.file_manager import show_in_file_manager
from studio.ui.local_files import chosen_path
from studio.ui.theme import SPACE_L, SPACE_M, icon
from studio.ui.train.dataset.crop_dialog import CropDialog
from studio.ui.train.dataset.duplicates import NearDuplicates
from studio.ui.train.dataset.findings import FindingsView
from studio.ui.train.dataset.folder_drop import ElidedLabel, FolderDrop, dropped_folder
from studio.ui.train.dataset.histogram import SizeHistogram
from studio.ui.train.dataset.mosaic_view import TrainingMosaic
from studio.ui.train.dataset.thumbnails import FindingThumbnails
from studio.ui.train.text import number
from studio.worker import Job, thread_pool

FEW_PICTURES = 50
NARROW = 460
PROGRESS_SECONDS = 0.05


class FolderView(QWidget):
    """The folder chosen, its inspection on a thread of its own, and what came out of it."""

    reported = Signal(object, bool, object)
    """The ``FolderReport``, or None while there is none; whether it is being scanned; the ``PictureDecisions``."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._folder: Path | None = None
        self._report: FolderReport | None = None
        self._inspection: Job | None = None
        self._summary_of: Summary | None = None
        self._decisions = PictureDecisions.load()
        self._framing, self._every, self._changes = Framing(64), 0, Changes()
        self._near: Near = "keep"
        self.setAcceptDrops(True)

        self._drop = FolderDrop()
        self._drop.clicked.connect(self.choose)

        self._name = ElidedLabel()
        self._name.setProperty("heading", True)
        self._path = ElidedLabel()
        self._path.setProperty("muted", True)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._path)
        again = QToolButton()
        again.setIcon(icon("refresh"))
        again.setIconSize(QSize(18, 18))
        again.setToolTip(self.tr("Look through the folder again"))
        again.setAccessibleName(again.toolTip())
        again.clicked.connect(lambda: self._folder and self.set_folder(self._folder))
        show = QToolButton()
        show.setIcon(icon("show-file"))
        show.setIconSize(QSize(18, 18))
        show.setToolTip(self.tr("Show the folder in the file manager"))
        show.setAccessibleName(show.toolTip())
        show.clicked.connect(lambda: self._folder and self._show_in_file_manager(self._folder))
        self._other = other = QPushButton(icon("folder"), self.tr("Other folder …"))
        other.setToolTip(self.tr("Choose another folder with pictures; you can also drop one here."))
        other.clicked.connect(self.choose)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addLayout(names, 1)
        for button in (again, show, other):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._doing = ElidedLabel()
        self._doing.setProperty("muted", True)
        self._cancel = QPushButton(icon("cancel"), self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel)
        busy = QHBoxLayout()
        busy.setContentsMargins(0, 0, 0, 0)
        busy.setSpacing(SPACE_M)
        busy.addWidget(self._bar, 1)
        busy.addWidget(self._doing, 1)
        busy.addWidget(self._cancel)
        self._busy = QWidget()
        self._busy.setLayout(busy)

        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._caption = QLabel(self.tr("Short sides in pixels"))
        self._caption.setProperty("muted", True)
        summary = QHBoxLayout()
        summary.setSpacing(SPACE_M)
        summary.addWidget(self._summary, 1)
        summary.addWidget(self._caption, 0, Qt.AlignmentFlag.AlignBottom)
        self._advice = QLabel()
        self._advice.setWordWrap(True)
        self._advice.setProperty("muted", True)
        self.histogram = SizeHistogram()
        self.thumbnails = FindingThumbnails(self)
        self.findings = FindingsView(self.thumbnails)
        self.near_duplicates = NearDuplicates()
        self.tabs = QTabWidget()
        self.mosaic_view = TrainingMosaic()
        self.mosaic_view.wanted.connect(self._on_tile_wanted)
        self.tabs.addTab(self.mosaic_view, self.tr("As the network sees them"))
        self.tabs.addTab(self.findings, self.tr("Pictures"))
        self.tabs.addTab(self.near_duplicates, self.tr("Look-alikes"))
        self.findings.wanted.connect(self._show_in_file_manager)
        self.findings.decided.connect(self.decide)
        self.findings.cropWanted.connect(self.crop)
        self.near_duplicates.decided.connect(self._on_pair)

        whole = QWidget()
        body = QVBoxLayout(whole)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        body.setSpacing(SPACE_M)
        body.addLayout(top)
        body.addWidget(self._busy)
        body.addLayout(summary)
        body.addWidget(self.histogram)
        body.addWidget(self._advice)
        body.addWidget(self.tabs, 1)

        empty = QWidget()
        frame = QVBoxLayout(empty)
        frame.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        frame.addWidget(self._drop)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(whole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

        # Sliding over resolutions and colours must not start a new look at every picture each time.
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(150)
        self._refresh_timer.timeout.connect(lambda: self._refresh())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        self._other.setText(self.tr("Other folder …") if wide else "")
        self.tabs.setTabText(0, self.tr("As the network sees them") if wide else self.tr("Mosaic"))

    # ---- what others ask

    def folder(self) -> Path | None:
        """The folder chosen."""
        return self._folder

    def report(self) -> FolderReport | None:
        """The report on the folder, once the inspection has ended."""
        return self._report

    def choose(self) -> None:
        """Ask for a folder."""
        settings = self._context.settings
        start = str(self._folder) if self._folder else settings.start_folder("training")
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder with pictures"), start)
        if name:
            self.set_folder(chosen_path(name))

    def set_folder(self, folder: Path) -> None:
        """Look through ``folder``."""
        self.cancel()
        self._folder = folder
        self._decisions = PictureDecisions.load()
        self._set_report(None)
        self.thumbnails.reset(self._every)
        self._name.set_text(folder.name or str(folder))
        self._path.set_text(str(folder))
        self.mosaic_view.clear()
        self._bar.setRange(0, 0)
        self._doing.set_text(self.tr("Looking for pictures"))
        self._busy.show()
        was_here = self._drop.hasFocus()
        self._pages.setCurrentIndex(1)
        if was_here:
            self.mosaic_view.mosaic.setFocus()
        every, near, decisions = self._every, self._near, self._decisions.model_copy(deep=True)
        work = thread_pool().submit(
            lambda: inspect_folder(folder, every=every, near=near, decisions=decisions),
            every=PROGRESS_SECONDS,
            owner=self,
        )
        work.progressed.connect(self._on_progress)
        work.finished.connect(self._on_report)
        work.failed.connect(self._on_failed)
        self._inspection = work

    def set_view(self, framing: Framing, near: Near, every: int, changes: Changes) -> None:
        """Show the folder for a network's ``framing``.

        ``near`` is the fate of near-duplicates, ``every`` the step between frames of films, ``changes`` are those of
        the training.
        """
        self.histogram.set_resolution(framing.resolution)
        before = (self._framing, self._near, self._every, self._changes)
        self._framing, self._near, self._every, self._changes = framing, near, every, changes
        self.mosaic_view.set_changes(changes)
        if before == (framing, near, every, changes) or self._report is None:
            return
        if before[:3] == (framing, near, every) and not self.mosaic_view.augmented.isChecked():
            return  # only augmentations changed, and they are not shown
        self._refresh_timer.start()

    def decisions(self) -> PictureDecisions:
        """The artist's decisions about single pictures."""
        return self._decisions

    def keep_decisions_in(self, run: RunDirectory) -> None:
        """Write them into a run, as far as they are about its pictures.

        Raises
        ------
        StudioError
            When they cannot be written.
        """
        if self._report is not None:
            self._decisions.only(found.content for found in self._report.findings).save(run.path / DECISIONS_FILE)

    def decide(self, findings: list[PictureFinding], verdict: str) -> None:
        """Note the artist's verdict on pictures: "keep", "drop", or "" for none."""
        for found in findings:
            if verdict:
                self._decisions.verdicts[found.content] = verdict  # type: ignore[assignment]
            else:
                self._decisions.verdicts.pop(found.content, None)
        self._keep_decisions()

    def crop(self, finding: PictureFinding) -> None:
        """Open the crop editor at a picture; it goes through all pictures that are used."""
        report = self._report
        if report is None:
            return
        pictures = [found for found in report.findings if found.verdict == "used" or found is finding]
        place = next(place for place, found in enumerate(pictures) if found is finding)
        decisions = self._decisions.model_copy(deep=True)
        dialog = CropDialog(pictures, place, self._framing, decisions, self)
        dialog.exec()
        if decisions != self._decisions:
            self._decisions = decisions
            self._keep_decisions()

    def _on_pair(self, kept: list[PictureFinding], dropped: list[PictureFinding]) -> None:
        for found in kept:
            self._decisions.verdicts[found.content] = "keep"
        self.decide(dropped, "drop")

    def _keep_decisions(self) -> None:
        try:
            self._decisions.save()
        except StudioError as problem:
            self._context.problem.emit(problem)
        self._refresh(decided=True)

    def _refresh(self, *, decided: bool = False) -> None:
        """Judge again what was found, under the settings of now; ``decided``: and under new decisions."""
        self._refresh_timer.stop()
        report = self._report
        if report is None or self._folder is None:
            return
        if report.every != self._every and any(found.frame is not None for found in report.findings):
            self.set_folder(self._folder)
            return
        if decided or report.near != self._near:
            report = settle(report, self._near, self._decisions)
        self._set_report(report)
        self._summarise()
        self._show_mosaic()

    def cancel(self) -> None:
        """Stop looking through the folder; without a result the room is as before any folder was chosen."""
        self._refresh_timer.stop()
        self.mosaic_view.cancel()
        self.near_duplicates.cancel()
        if self._inspection is not None:
            self._inspection.cancel()
            self._inspection = None
            self._forget()

    def shutting_down(self) -> None:
        """Stop everything."""
        self.cancel()
        self.thumbnails.close()

    # ---- the inspection

    def _forget(self) -> None:
        self._folder = None
        self._busy.hide()
        self._pages.setCurrentIndex(0)
        self._set_report(None)

    def _set_report(self, report: FolderReport | None) -> None:
        self._report = report
        for part in (self._summary, self._caption, self.histogram):
            part.setVisible(report is not None)
        self._summary_of = summarise(report, self._framing, self._decisions) if report is not None else None
        self.findings.set_report(report, self._summary_of)
        self.near_duplicates.set_report(report)
        seen = self._summary_of
        self.histogram.set_sides(seen.sides[seen.used].astype(np.int64).tolist() if seen is not None else [])
        self.histogram.set_proposed(seen.proposal.resolution if seen is not None and seen.used.any() else 0)
        self._advise()
        alike = len(self.near_duplicates.model.pairs)
        label = self.tr("Look-alikes ({n})").format(n=number(alike)) if alike else self.tr("Look-alikes")
        self.tabs.setTabText(2, label)
        count = len(report.findings) if report is not None else 0
        title = self.tr("Pictures ({n})").format(n=number(count)) if report is not None else self.tr("Pictures")
        self.tabs.setTabText(1, title)
        self.reported.emit(report, report is None and self._folder is not None, self._decisions)

    def _on_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.step)
        self._doing.set_text(
            self.tr("{n} of {total} · {name}").format(
                n=number(progress.step), total=number(progress.total), name=progress.message
            )
        )
        if isinstance(progress, FolderProgress) and self._folder is not None:
            self.findings.model.grow(self._folder, progress.findings, len(progress.findings))
        if progress.preview is not None:
            self.mosaic_view.grow(Path(str(progress.message)), progress.preview)

    def _on_report(self, report: FolderReport) -> None:
        self._inspection = None
        self._busy.hide()
        self._context.settings.remember_folder("training", report.folder)
        if not report.used:
            self.tabs.setCurrentWidget(self.findings)  # there is no mosaic; here are the reasons
        if report.near != self._near or self._every != report.every:
            self._set_report(report)
            self._refresh()
            return
        self._set_report(report)
        self._summarise()
        self._show_mosaic()

    def _summarise(self) -> None:
        """The line above everything: how many, and why not the others."""
        report, seen = self._report, self._summary_of
        if report is None or seen is None:
            return
        text = self.tr("{n} used").format(n=number(int(seen.used.sum())))
        frames = sum(found.frame is not None for found in report.used)
        done = (
            (frames, self.tr("frames of films: {n}")),
            (int(seen.cropped.sum()), self.tr("cropped: {n}")),
            (int(seen.enlarged.sum()), self.tr("enlarged: {n}")),
            (int((seen.alike & seen.used).sum()), self.tr("look-alikes: {n}")),
        )
        how = listed(label.format(n=number(count)) for count, label in done if count)
        text += f" ({how})" if how else ""
        skipped = report.skipped
        if skipped:
            causes: Counter[str] = Counter(found.reasons[0] for found in skipped)
            reasons = (
                ("dropped", self.tr("by you: {n}")),
                ("duplicate", self.tr("duplicates: {n}")),
                ("near_duplicate", self.tr("near-duplicates: {n}")),
                ("too_small", self.tr("too small: {n}")),
                ("too_narrow", self.tr("too narrow: {n}")),
                ("blurred", self.tr("blurred: {n}")),
                ("blank", self.tr("empty: {n}")),
                ("unreadable", self.tr("unreadable: {n}")),
            )
            why = listed(label.format(n=number(causes[cause])) for cause, label in reasons if causes[cause])
            text += " · " + self.tr("{n} left out ({why})").format(n=number(len(skipped)), why=why)
        if report.others:
            text += " · " + self.tr("other files: {n}").format(n=number(len(report.others)))
        self._summary.setText(text)
        self._summary.setToolTip("\n".join(path.name for path in report.others[:30]))

    def _on_failed(self, problem: StudioError) -> None:
        self._inspection = None
        self._forget()
        self._context.problem.emit(problem)

    def _advise(self) -> None:
        """One remark that matters, or nothing."""
        text = ""
        if self._report is not None:
            used, small = len(self._report.used), self.histogram.enlarged()
            if used < 2:
                text = self.tr("Training needs two pictures at least; see the findings for what was left out.")
            elif used < FEW_PICTURES:
                text = self.tr(
                    "These are few pictures: the network will soon repeat them. Start from a model of the library "
                    "and use “mirror”, or add more pictures."
                )
            elif small * 10 > used:
                text = self.tr("{n} of them are smaller than {size} pixels and will be enlarged.").format(
                    n=number(small), size=self._framing.resolution
                )
        self._advice.setText(text)
        self._advice.setVisible(bool(text))

    # ---- what the network sees

    def _on_tile_wanted(self, content: str) -> None:
        if self._report is None:
            return
        finding = next((found for found in self._report.findings if found.content == content), None)
        if finding is not None:
            self.crop(finding)

    def _show_mosaic(self) -> None:
        if self._report is not None:
            self.mosaic_view.show_folder(self._report, self._framing, self._decisions, self._changes)

    def _show_in_file_manager(self, path: Path) -> None:
        try:
            show_in_file_manager(path)
        except StudioError as problem:
            self._context.problem.emit(problem)

    # ---- drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_folder(event.mimeData()) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.set_folder(folder)

    def _mark(self, dragging: bool) -> None:
        self._drop.setProperty("dragging", dragging)
        self._drop.style().unpolish(self._drop)
        self._drop.style().polish(self._drop)
