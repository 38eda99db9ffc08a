"""A folder of photos in the settings of a room: what goes in, what comes out, how far it is, what failed.

Each room that works on many photos has an heir of :class:`BatchDialog`, which says what is done to each.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError
from studio.base.files import size_text
from studio.base.paths import pictures_dir
from studio.engine.jobs.batch import BatchProgress, BatchReport, run_batch
from studio.engine.jobs.batch_photos import PhotosSurvey, batch_photos, common_folder, survey_photos
from studio.engine.jobs.batch_record import BatchFailure, BatchRecord, BatchSettings, FolderRecipe, read_batch
from studio.ui.command import Command, CommandSet
from studio.ui.describe.lists import listed
from studio.ui.describe.times import time_left
from studio.ui.theme import SPACE_L, SPACE_M, icon
from studio.ui.translated import inherited_plural, translated
from studio.ui.widgets import enable_unless, to_qimage
from studio.worker import Job, JobGroup, JobState, Priority

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

_SETTLE_MS = 250
_PREVIEW = 112


class BatchDialog(QDialog):
    """Stays open beside the work; a batch goes on when it is closed, and after the program was ended.

    Attributes
    ----------
    key : of the job: a room has one batch at a time.
    """

    key = "batch"

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._context = context
        self._recorded: BatchRecord | None = None
        self._only: tuple[Path, ...] = ()
        """The photos that were chosen one by one; none: all of the folder."""
        self._photos: list[Path] = []
        self._survey: PhotosSurvey | None = None
        self._survey_job: Job | None = None
        self._surveyed = 0
        self._proposed: str | None = None
        """The folder for the pictures that was proposed; None when the artist has chosen one."""
        self._problem = ""
        self._job: Job | None = None
        self._progress: BatchProgress | None = None
        self._report: BatchReport | None = None
        self._background = JobGroup(self, ordered=True)
        self._surveys = JobGroup(self)
        self._settles = QTimer(self)
        self._settles.setSingleShot(True)
        self._settles.setInterval(_SETTLE_MS)
        self._settles.timeout.connect(self._find_photos)
        self.resize(600, 0)
        self._lay_out()
        self.folder_in.setText(context.settings.last_folder("batch-in") or context.settings.last_folder("photo"))
        self.folder_out.setText(context.settings.last_folder("batch-out"))
        self._proposed = self.folder_out.text()
        self._update()

    def tr(self, text: str, /, disambiguation: str | None = None, n: int = -1) -> str:
        """As Qt's, but a plural is found for heirs too."""
        return super().tr(text, disambiguation) if n < 0 else inherited_plural(type(self), text, n)

    # What an heir says

    @abstractmethod
    def recipe(self) -> FolderRecipe | None:
        """The recipe of each picture, with ``ANY_PHOTO`` in place of its photo; None while something is missing."""

    @abstractmethod
    def missing(self) -> str:
        """A sentence on what is missing in the room before there is a :meth:`recipe`; empty when there is one."""

    @abstractmethod
    def summary_text(self) -> str:
        """The sentence at the top: what is done to every photo, or what is missing for it."""

    @abstractmethod
    def adopt(self, recipe: FolderRecipe) -> None:
        """Take the settings of ``recipe``, which a batch that lies in the folder has."""

    @abstractmethod
    def takes(self, recipe: FolderRecipe) -> bool:
        """Return whether this dialog makes batches of such a recipe."""

    @abstractmethod
    def folder_name(self, folder: str) -> str:
        """The name of the folder for the pictures of those in the one called ``folder``."""

    @abstractmethod
    def done_text(self, made: int) -> str:
        """The news that so many pictures are made."""

    def rows(self) -> list[tuple[str, QWidget]]:
        """Controls of an heir, each with its label, which may be empty; called once."""
        return []

    def least_side(self) -> int:
        """The long side in pixels that photos should have at least; 0: any."""
        return 0

    # What every batch does

    def is_running(self) -> bool:
        """Return whether pictures are being made."""
        return self._job is not None

    def refresh(self) -> None:
        """Something that an heir decides has changed."""
        self._find_photos()

    def show_photos(self, photos: Sequence[Path]) -> None:
        """Take exactly these photos; a batch that runs keeps its own."""
        if self._job is not None:
            return
        try:
            folder = common_folder(photos)
        except StudioError as problem:
            self._context.problem.emit(problem)
            return
        self._choose(folder, tuple(photo.absolute() for photo in photos))
        self._find_photos()

    def _choose(self, folder: Path, only: tuple[Path, ...]) -> None:
        """Name the folder, and which of its photos are meant; none: all."""
        self._only = ()
        self.folder_in.setText(str(folder))
        self._only = only
        self.only.setVisible(bool(only))
        names = listed(photo.name for photo in only[:3]) + (" …" if len(only) > 3 else "")
        self.only_text.setText(self.tr("Only %n photos: {names}", "", len(only)).format(names=names))
        self.subfolders.setVisible(not only)

    def _use_whole_folder(self) -> None:
        self._choose(Path(self.folder_in.text()), ())
        self._find_photos()

    def stop(self) -> None:
        """The window closes; what is made is made."""
        self._settles.stop()
        if self._job is not None and not self._job.must_finish:
            self._job.cancel()
        self._background.close()
        self._surveys.close()

    def settings(self) -> BatchSettings | None:
        """The settings of the batch as the dialog stands; None while something is missing."""
        recipe = self.recipe()
        if recipe is None or not self.folder_in.text():
            return None
        return BatchSettings(
            folder=Path(self.folder_in.text()),
            photos=self._only,
            recipe=recipe,
            subfolders=self.subfolders.isChecked(),
            existing=self.existing.currentData(),
            suffix=self.kind.currentData(),
            keep_photos=self.keep_photos.isChecked(),
        )

    def start(self) -> None:
        """Begin, or go on where an earlier batch was."""
        settings, out = self.settings(), Path(self.folder_out.text())
        if settings is None or self._job is not None:
            return
        self._progress = self._report = None
        self._recorded = None
        self._context.settings.remember_folder("batch-in", settings.folder)
        self._context.settings.last_folders["batch-out"] = str(out)  # made by the batch, and not there yet
        if self._survey_job is not None:
            self._survey_job.cancel()
        self.failed.clear()
        self.preview.clear()
        job = self._context.worker.submit(
            lambda engine: run_batch(engine, settings, out),
            priority=Priority.BACKGROUND,
            key=self.key,
            title=self.tr("Folder of photos"),
            asks=True,
        )
        self._job = job
        job.shown_elsewhere = self.isVisible
        job.seconds_left = lambda: None if self._progress is None else self._progress.seconds_left
        job.progressed.connect(self._on_progress)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.stateChanged.connect(lambda _state: self._update())
        self._update()

    # The parts

    def _lay_out(self) -> None:
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.folder_in, choose_in = self._folder_field(self.tr("Folder of photos"), "batch-in")
        self.folder_out, choose_out = self._folder_field(self.tr("Folder for the pictures"), "batch-out")
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.count.setWordWrap(True)
        self.count.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.only = QWidget()
        only = QHBoxLayout(self.only)
        only.setContentsMargins(0, 0, 0, 0)
        self.only_text = QLabel()
        self.only_text.setWordWrap(True)
        self.only_text.setTextFormat(Qt.TextFormat.PlainText)
        whole = QPushButton(self.tr("All of the folder"))
        whole.setAutoDefault(False)
        whole.clicked.connect(self._use_whole_folder)
        only.addWidget(self.only_text, 1)
        only.addWidget(whole)
        self.only.hide()
        self.subfolders = QCheckBox(self.tr("Photos in sub-folders too"))
        self.subfolders.setChecked(True)
        self.subfolders.toggled.connect(lambda _on: self._find_photos())
        self.kind = QComboBox()
        for name in (".jpg", ".png", ".webp"):
            self.kind.addItem({".jpg": "JPEG", ".png": "PNG", ".webp": "WebP"}[name], name)
        self.existing = QComboBox()
        self.existing.addItem(self.tr("Keep both, under another name"), "keep")
        self.existing.addItem(self.tr("Write over it"), "overwrite")
        self.existing.addItem(self.tr("Leave the photo out"), "skip")
        self.existing.setToolTip(
            self.tr("Pictures that were made with these very settings are never made again, whatever is chosen here.")
        )
        self.keep_photos = QCheckBox(self.tr("Keep copies of the photos"))
        self.keep_photos.setToolTip(
            self.tr(
                "Takes as much room again. Without, opening a picture later asks for its photo, which is then "
                "recognised by its content."
            )
        )

        form = QGridLayout()
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_M)
        form.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget, QWidget | None], ...] = (
            (self.tr("Photos"), self.folder_in, choose_in),
            ("", self.only, None),
            ("", self.count, None),
            ("", self.subfolders, None),
            (self.tr("Pictures"), self.folder_out, choose_out),
            *((text, field, None) for text, field in self.rows()),
            (self.tr("Files"), self.kind, None),
            (self.tr("A name is taken"), self.existing, None),
            ("", self.keep_photos, None),
        )
        for row, (text, field, button) in enumerate(rows):
            if text:
                label = QLabel(text)
                label.setBuddy(field)
                form.addWidget(label, row, 0)
            form.addWidget(field, row, 1, 1, 1 if button is not None else 2)
            if button is not None:
                form.addWidget(button, row, 2)
        self._form = [field for _, field, _ in rows if field is not self.count] + [choose_in, choose_out]

        self.other = QWidget()
        other = QHBoxLayout(self.other)
        other.setContentsMargins(0, 0, 0, 0)
        self.other_text = QLabel()
        self.other_text.setWordWrap(True)
        self.continue_button = QPushButton(self.tr("Use its settings"))
        self.continue_button.clicked.connect(self._use_recorded)
        other.addWidget(self.other_text, 1)
        other.addWidget(self.continue_button)

        self.preview = QLabel()
        self.preview.setFixedSize(_PREVIEW, _PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.running = QWidget()
        running = QHBoxLayout(self.running)
        running.setContentsMargins(0, 0, 0, 0)
        running.setSpacing(SPACE_L)
        side = QVBoxLayout()
        side.setSpacing(SPACE_M)
        side.addStretch(1)
        side.addWidget(self.bar)
        side.addWidget(self.sentence)
        side.addStretch(1)
        running.addWidget(self.preview)
        running.addLayout(side, 1)
        self.failed = QListWidget()
        self.failed.setAccessibleName(self.tr("Photos that could not be used"))
        self.failed.setMaximumHeight(110)
        self.failed.setWordWrap(True)

        self.start_button, self.pause_button = QPushButton(self.tr("Start")), QPushButton(self.tr("Pause"))
        self.start_button.setProperty("primary", True)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.commands = CommandSet(self)
        self.commands.add(
            Command("batch.start", self.tr("Start"), self.start, "play", self._start_missing),
            Command("work.pause", self.tr("Pause or resume"), self._toggle_pause, "pause", self.is_running),
            Command("batch.stop", self.tr("Stop"), self._cancel, "stop", self.is_running),
        )
        for button, command in (
            (self.start_button, "batch.start"),
            (self.pause_button, "work.pause"),
            (self.stop_button, "batch.stop"),
        ):
            self.commands.attach(button, command)
        self.commands.add_keys(self)
        self.show_button = QPushButton(icon("folder"), self.tr("Show folder"))
        self.show_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder_out.text())))
        close = QPushButton(self.tr("Close"))
        close.setToolTip(self.tr("A batch that runs goes on"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_M)
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        for button in (self.start_button, self.stop_button, self.pause_button, close):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        for button in (choose_in, choose_out, self.show_button, self.continue_button):
            button.setAutoDefault(False)

        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_L)
        column.addWidget(self.summary)
        column.addLayout(form)
        column.addWidget(self.other)
        column.addWidget(self.running)
        column.addWidget(self.failed)
        column.addStretch(1)
        column.addLayout(buttons)

    def _folder_field(self, name: str, purpose: str) -> tuple[QLineEdit, QPushButton]:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(name)
        if purpose == "batch-in":
            field.textChanged.connect(lambda _text: self._settles.start())
            field.textChanged.connect(self._forget_chosen)
        else:  # a folder is proposed after all was looked for there
            field.textChanged.connect(lambda text: None if text == self._proposed else self._settles.start())
        button = QPushButton(icon("folder"), self.tr("Choose …"))
        button.setAccessibleName(self.tr("Choose: {name}").format(name=name))

        def choose() -> None:
            start = field.text() or self._context.settings.start_folder(purpose)
            chosen = QFileDialog.getExistingDirectory(self, name, start)
            if chosen:
                field.setText(chosen)
                self._context.settings.remember_folder(purpose, chosen)

        button.clicked.connect(choose)
        return field, button

    # Before

    def _forget_chosen(self, folder: str) -> None:
        """Another folder was named: all of its photos are meant."""
        if self._only:
            self._choose(Path(folder), ())

    def _find_photos(self) -> None:
        """Find the photos, and see whether the other folder holds a batch; propose one if none was chosen."""
        self._settles.stop()
        folder, out = self.folder_in.text().strip(), self.folder_out.text().strip()
        if out != self._proposed:
            self._proposed = None if out else ""
        proposing = self._proposed is not None
        subfolders, settings, only = self.subfolders.isChecked(), self.settings(), self._only
        wanted = self.folder_name(Path(folder).name)

        def work() -> tuple[list[Path], str, BatchRecord | None, str]:
            record, problem, found, proposed = None, "", [], out
            try:
                if proposing:  # anew: what was proposed for another folder is wrong for this one
                    proposed = ""
                    if folder and settings is not None and Path(folder).is_dir():
                        proposed = str(_proposed_folder(Path(folder), wanted, settings, out))
                record = read_batch(Path(proposed)) if proposed else None
                if record is not None and not self.takes(record.settings.recipe):
                    record = None
                if folder:
                    out_folder = Path(proposed) if proposed else None
                    found = batch_photos(Path(folder), out_folder, subfolders=subfolders, only=only)
            except StudioError as error:
                problem = f"{translated(error.message)} {translated(error.action)}"
            return found, problem, record, proposed

        def show(outcome: tuple[list[Path], str, BatchRecord | None, str]) -> None:
            found, self._problem, self._recorded, proposed = outcome
            if proposing and self.folder_out.text().strip() == out and proposed != out:
                self._proposed = proposed
                self.folder_out.setText(proposed)
            if found != self._photos:
                self._photos = found
                self._survey_photos(Path(folder))
            self._update()

        # The newest wins: what a search of another folder proposes would keep the right one away.
        self._background.run(work, show, key="photos")

    def _survey_photos(self, folder: Path) -> None:
        """See how large the photos are, and which of them are damaged."""
        if self._survey_job is not None:
            self._survey_job.cancel()
        self._survey, self._survey_job, self._surveyed = None, None, 0
        photos = list(self._photos)
        if self._job is not None or not photos:
            return
        if self._progress is None:
            self.failed.clear()

        def on_progress(progress: Progress) -> None:
            self._surveyed = progress.step
            self._update()

        def done(survey: PhotosSurvey) -> None:
            self._survey, self._survey_job = survey, None
            self.failed.clear()
            self._update()

        job = self._surveys.work(lambda: survey_photos(folder, photos), done, lambda _problem: None)
        if job is not None:
            self._survey_job = job
            job.progressed.connect(on_progress)

    def _photos_text(self) -> str:
        """Sentence on the photos: how many, how large, and what becomes of them."""
        text = self.tr("%n photos", "", len(self._photos))
        survey = self._survey
        if survey is None:
            if self._photos and self._job is None:
                looking = self.tr("looking through them: {done}").format(done=self._surveyed)
                return f"{text}  ·  {looking}"
            return text
        if not survey.sizes:
            return text
        small, large = ("{} × {}".format(*size) for size in (survey.smallest, survey.largest))
        between = small if small == large else self.tr("{small} to {large}").format(small=small, large=large)
        parts = [text, self.tr("{sizes} pixels").format(sizes=between), size_text(survey.size_bytes)]
        less = survey.smaller_than(self.least_side())
        if less:
            parts.append(self.tr("%n are smaller than the pictures", "", less))
        if survey.damaged:
            parts.append(self.tr("%n are damaged", "", len(survey.damaged)))
        return "  ·  ".join(parts)

    def _use_recorded(self) -> None:
        """Take over what a batch in that folder was doing."""
        if self._recorded is None:
            return
        settings = self._recorded.settings
        self.adopt(settings.recipe)
        self._choose(settings.folder, settings.photos)
        self.subfolders.setChecked(settings.subfolders)
        self.kind.setCurrentIndex(self.kind.findData(settings.suffix))
        self.existing.setCurrentIndex(self.existing.findData(settings.existing))
        self.keep_photos.setChecked(settings.keep_photos)
        self._find_photos()

    # During and after

    def _on_progress(self, progress: object) -> None:
        if not isinstance(progress, BatchProgress):
            return
        self._progress = progress
        if progress.preview is not None:
            ratio = self.devicePixelRatioF()
            pixmap = QPixmap.fromImage(to_qimage(progress.preview)).scaled(
                round(_PREVIEW * ratio),
                round(_PREVIEW * ratio),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            pixmap.setDevicePixelRatio(ratio)
            self.preview.setPixmap(pixmap)
        self._update()

    def _on_finished(self, report: BatchReport) -> None:
        self._job, self._report = None, report
        self._list_failures(report.failures)
        self._context.notify.emit(self.done_text(report.made))
        self._update()
        self._find_photos()

    def _on_failed(self, problem: StudioError) -> None:
        self._job = None
        self._context.problem.emit(problem)
        self._update()
        self.sentence.setText(f"{translated(problem.message)} {translated(problem.action)}")
        self.running.show()

    def _on_cancelled(self) -> None:
        self._job = None
        self._update()
        self._find_photos()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _toggle_pause(self) -> None:
        if self._job is not None:
            (self._job.resume if self._job.state is JobState.PAUSED else self._job.pause)()

    def _list_failures(self, failures: Sequence[BatchFailure]) -> None:
        for failure in failures[self.failed.count() :]:
            self.failed.addItem(f"{failure.photo}: {translated(failure.message)} {translated(failure.action)}")

    def _update(self) -> None:
        running, progress, report = self._job is not None, self._progress, self._report
        settings = self.settings()
        self.summary.setText(self.summary_text())
        for field in self._form:
            field.setEnabled(not running)
        self.count.setText(self._problem or self._photos_text())
        self.count.setVisible(bool(self._problem or self.folder_in.text()))
        self.commands.refresh()
        self.start_button.setVisible(not running)
        recorded = self._recorded
        others = recorded is not None and not running and (settings is None or recorded.settings != settings)
        self.other.setVisible(others)
        if others and recorded is not None:
            self.other_text.setText(
                self.tr("In the folder for the pictures lies a batch with other settings, of {folder}.").format(
                    folder=recorded.settings.folder
                )
            )
        goes_on = recorded is not None and not others
        stopped = not running and report is None and progress is not None
        if goes_on and report is not None:
            self.start_button.setText(self.tr("Go over it again"))
        else:
            self.start_button.setText(self.tr("Go on") if goes_on or stopped else self.tr("Start"))
        paused = self._job is not None and self._job.state is JobState.PAUSED
        self.pause_button.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause_button.setIcon(icon("play" if paused else "pause"))
        self.pause_button.setVisible(running)
        self.stop_button.setVisible(running)
        there = bool(self.folder_out.text()) and Path(self.folder_out.text()).is_dir()
        enable_unless(self.show_button, "" if there else self.tr("The folder for the pictures is not there yet."))
        self.running.setVisible(running or progress is not None)
        if progress is not None:
            self._list_failures(progress.failures)
            # While the photos are looked through, nothing is made yet.
            looking = running and not progress.photo
            self.bar.setRange(0, 0 if looking else max(1, progress.total) * 100)
            self.bar.setValue(round((progress.step + progress.part) * 100) if report is None else self.bar.maximum())
        elif running:
            self.bar.setRange(0, 0)
        elif self._survey is not None:
            self._list_failures(self._survey.damaged)
        self.failed.setVisible(self.failed.count() > 0)
        self.sentence.setText(self._status_text(paused=paused, running=running))

    def _start_missing(self) -> str:
        """A sentence on what has to be done before it can start; empty when nothing is missing."""
        ready = self.settings() is not None and self._photos and not self._problem
        if ready and self.folder_out.text().strip():
            return ""
        if missing := self.missing():
            return missing
        if not self.folder_in.text().strip():
            return self.tr("Choose the folder of photos first.")
        if not self._photos or self._problem:
            return self._problem or self.tr("No photos are in that folder.")
        return self.tr("Choose the folder for the pictures first.")

    def _status_text(self, *, paused: bool, running: bool) -> str:
        report, progress = self._report, self._progress
        if report is not None:
            parts = [self.tr("%n pictures made", "", report.made)]
            if report.before:
                parts.append(self.tr("%n there before", "", report.before))
            if report.skipped:
                parts.append(self.tr("%n left out", "", report.skipped))
            if report.failures:
                parts.append(self.tr("%n failed", "", len(report.failures)))
            return self.tr("Done: {what}.").format(what=listed(parts))
        if progress is None:
            return self.tr("Waiting for the device …") if running else ""
        if not running:
            return self.tr("Stopped at {done} of {total}. It can go on at any time, also after a restart.").format(
                done=progress.step, total=progress.total
            )
        if not progress.photo:
            return self.tr("Looking through the photos: {done} of {total}").format(
                done=progress.step, total=progress.total
            )
        sentence = self.tr("{done} of {total}  ·  {photo}").format(
            done=progress.step, total=progress.total, photo=progress.photo
        )
        if paused:
            return f"{sentence}  ·  {self.tr('paused')}"
        return sentence if progress.seconds_left is None else f"{sentence}  ·  {time_left(progress.seconds_left)}"


def _proposed_folder(photos: Path, name: str, settings: BatchSettings, last: str) -> Path:
    """A folder called ``name`` beside the photos that is not there yet, or one where this very batch can go on."""
    beside = photos.parent if os.access(photos.parent, os.W_OK) else pictures_dir()
    if last and _holds(Path(last), settings):
        return Path(last)
    number, folder = 2, beside / name
    while folder.exists() and not _holds(folder, settings):
        folder, number = beside / f"{name} {number}", number + 1
    return folder


def _holds(folder: Path, settings: BatchSettings) -> bool:
    try:
        record = read_batch(folder)
    except StudioError:
        return False
    return record is not None and record.settings == settings
