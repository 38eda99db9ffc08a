"""The right end of the status bar: the job that runs, with cancel, and the device with its memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from studio.base import Progress
from studio.ui.describe.devices import device_name
from studio.ui.describe.times import time_left
from studio.ui.theme import SPACE_M, icon
from studio.ui.translated import translated
from studio.worker import DeviceInfo, Job, JobState, Priority

if TYPE_CHECKING:
    from studio.worker import DeviceWorker

_SHOW_AFTER_MS = 250
_GIB = 2**30
_FINE = 1000


class JobStatus(QWidget):
    """Title, progress and a cancel button of the job that was started last; hidden while nothing runs.

    Live previews and jobs that are over within a quarter of a second are not shown: they would only flicker.
    """

    def __init__(self, worker: DeviceWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._progress: dict[Job, Progress] = {}
        self._title = QLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setFixedWidth(140)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QToolButton(self)
        self._cancel.setAutoRaise(True)
        self._cancel.setIcon(icon("cancel"))
        self._cancel.setToolTip(self.tr("Cancel what is running"))
        self._cancel.setAccessibleName(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE_M, 0)
        layout.setSpacing(SPACE_M)
        for part in (self._title, self._bar, self._cancel):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_SHOW_AFTER_MS)
        self._delay.timeout.connect(self._show)
        worker.jobStarted.connect(self.add)
        self.hide()

    def add(self, job: Job) -> None:
        """Follow ``job`` until it is over."""
        if job.priority == Priority.LIVE or job.is_over:
            return
        self._jobs.append(job)
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.stateChanged.connect(lambda state: self._on_state(job))
        if not self.isVisible():
            self._delay.start()
        else:
            self._show()

    def refresh(self) -> None:
        """Show what is told nowhere else now: another room has come into sight."""
        if self._jobs and not self._delay.isActive():
            self._show()

    def jobs(self) -> list[Job]:
        """The jobs followed, the one shown last."""
        return list(self._jobs)

    def cancel(self) -> None:
        """Cancel the job shown."""
        jobs = [job for job in self._jobs if not job.shown_elsewhere()]
        if jobs:
            jobs[-1].cancel()

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job in self._jobs:
            self._progress[job] = progress
            if self.isVisible() or not self._delay.isActive():  # whoever told of it may be out of sight by now
                self._show()

    def _on_state(self, job: Job) -> None:
        if job.is_over and job in self._jobs:
            self._jobs.remove(job)
            self._progress.pop(job, None)
            self._show()

    def _show(self) -> None:
        jobs = [job for job in self._jobs if not job.shown_elsewhere()]
        if not jobs:
            self._delay.stop()
            self.hide()
            return
        if not self.isVisible() and self._delay.isActive():
            return
        job = jobs[-1]
        progress = self._progress.get(job, Progress(0))
        message = "" if progress.message is None else translated(progress.message)
        parts = [part for part in dict.fromkeys((job.title, message)) if part] or [self.tr("Working")]
        left = None if job.state is JobState.PAUSED else job.seconds_left()
        if left is not None:
            parts.append(time_left(left))
        if len(jobs) > 1:
            parts.append(self.tr("%n more", "", len(jobs) - 1))
        text = "  ·  ".join(parts)
        self._title.setText(self._title.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 420))
        self._title.setToolTip(text)
        show_share(self._bar, job, progress)
        self.show()


def show_share(bar: QProgressBar, job: Job, progress: Progress) -> None:
    """Show in ``bar`` how far ``job`` is, whose latest progress is given: without an end while that is unknown."""
    share = job.share()
    bar.setRange(0, _FINE if progress.total or share is not None else 0)
    bar.setValue(round(_FINE * (progress.fraction if share is None else share)))


class DeviceStatus(QLabel):
    """The device that computes, and how much of its memory is used."""

    def __init__(self, worker: DeviceWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        self.setProperty("muted", True)
        self.setText(self.tr("Starting the engine …"))
        worker.deviceReady.connect(self.show_device)
        worker.memoryChanged.connect(self.show_device)
        worker.deviceFailed.connect(self._on_failed)

    def show_device(self, info: DeviceInfo) -> None:
        """Show ``info``."""
        used, total = info.memory_used / _GIB, info.memory_total / _GIB
        self.setText(
            self.tr("{device}  ·  {used} of {total} GB").format(
                device=device_name(info.name),
                used=self.locale().toString(used, "f", 1),
                total=self.locale().toString(total, "f", 0),
            )
        )
        if info.kind == "cpu":
            self.setToolTip(self.tr("Computing on the processor. Memory: used by Latent Studio, of the machine's."))
        else:
            self.setToolTip(self.tr("Computing on the graphics card. Memory: in use on it, of its total."))

    def _on_failed(self, _problem: object) -> None:
        self.setText(self.tr("The engine did not start"))
        self.setToolTip("")
