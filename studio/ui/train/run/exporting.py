"""Films and contact sheets of runs, written on a thread of their own, with progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path
from studio.training.exports import contact_sheet
from studio.training.runs import RunDirectory
from studio.ui.context import StudioContext
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.train.dataset.folder_drop import ElidedLabel
from studio.ui.widgets import tool_button
from studio.ui.widgets.save_name import completed_name, free_name
from studio.worker import Job, thread_pool

PROGRESS_SECONDS = 0.1


class RunExports(QWidget):
    """Writes what is exported, and shows each that is being written. Hidden while there is none."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rows: dict[Job, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_M)
        self.hide()

    def count(self) -> int:
        """Number of files that are being written."""
        return len(self._rows)

    def film(self, run: RunDirectory) -> None:
        """Ask where to, and write a film of the samples from untrained to trained."""
        path = self._ask_path(run, "film", ".mp4", self.tr("MP4 film (*.mp4)"))
        if path is None:
            return

        def write() -> Work[Path]:
            from studio.engine.jobs.training_film import export_training_film

            return (yield from export_training_film(run, path))

        title = self.tr("Film of “{name}”").format(name=run.settings.name)
        self._start(write, title, self.tr("The film is in {path}").format(path=path))

    def sheet(self, run: RunDirectory) -> None:
        """Ask where to, and write a picture of the same latents over time."""
        path = self._ask_path(run, "picture", ".png", self.tr("PNG picture (*.png)"))
        if path is None:
            return

        def write() -> Work[Path]:
            yield Progress(0, 1, Message("Contact sheet"))
            sheet = contact_sheet(run)
            with atomic_path(path) as temporary:
                sheet.save(temporary)
            return path

        title = self.tr("Contact sheet of “{name}”").format(name=run.settings.name)
        self._start(write, title, self.tr("The contact sheet is in {path}").format(path=path))

    def _ask_path(self, run: RunDirectory, kind: str, suffix: str, kinds: str) -> Path | None:
        start = Path(self._context.settings.start_folder(kind)) / f"{run.settings.name}{suffix}"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), free_name(start), kinds)
        path = completed_name(self, name, (suffix,), suffix)
        if path is None:
            return None
        self._context.settings.remember_folder(kind, path)
        return path

    def _start(self, write: Callable[[], Work[Path]], title: str, done: str) -> None:
        work = thread_pool().submit(write, title=title, must_finish=True, asks=True, every=PROGRESS_SECONDS)
        row = _Row(title)
        row.cancel.clicked.connect(lambda: self._cancel(work))
        self._rows[work] = row
        self._column.addWidget(row)
        self.show()

        def on_done(_path: object) -> None:
            self._take_out(work)
            self._context.notify.emit(done)

        def on_failed(problem: StudioError) -> None:
            self._take_out(work)
            self._context.problem.emit(problem)

        work.progressed.connect(row.show_progress)
        work.finished.connect(on_done)
        work.failed.connect(on_failed)

    def _cancel(self, work: Job) -> None:
        work.cancel()
        self._take_out(work)

    def _take_out(self, work: Job) -> None:
        row = self._rows.pop(work, None)
        if row is not None:
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))


class _Row(QWidget):
    """One export: its name, how far it is, and a button to stop it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = ElidedLabel()
        name.set_text(title)
        name.setProperty("muted", True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setMinimumWidth(10)
        self._bar.setAccessibleName(title)
        self.cancel = tool_button("cancel", self.tr("Cancel"), side=16)
        below = QHBoxLayout()
        below.setSpacing(SPACE_S)
        below.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(name)
        column.addLayout(below)

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is; a single step is not counted."""
        self._bar.setRange(0, progress.total if progress.total > 1 else 0)
        self._bar.setValue(progress.step)
