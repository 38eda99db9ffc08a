"""The controls of the final render: network, quality, the button, progress, pause and cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress
from studio.ui.theme import SPACE_M, icon
from studio.worker import Job

QUALITIES = {"quick": 120, "good": 300, "best": 800}
"""Optimisation steps by name."""


class FinalBox(QWidget):
    """Chooses how the final picture is made and shows the job that makes it."""

    renderRequested = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._began = 0.0
        self._first_step = 0
        self.network = QComboBox(self)
        self.network.addItem(self.tr("VGG-16 (55 MB, fetched once)"), "vgg16-hed")
        self.network.addItem(self.tr("VGG-19 (548 MB, fetched once)"), "vgg19")
        self.network.setToolTip(self.tr("The network whose features compare the picture with photo and styles."))
        self.quality = QComboBox(self)
        for name, text in (("quick", self.tr("Quick")), ("good", self.tr("Good")), ("best", self.tr("Best"))):
            self.quality.addItem(
                self.tr("{name}, {steps} steps").format(name=text, steps=QUALITIES[name]), QUALITIES[name]
            )
        self.quality.setCurrentIndex(1)
        self.quality.setToolTip(self.tr("More steps look better and take longer."))
        self.network.currentIndexChanged.connect(self.changed)
        self.quality.currentIndexChanged.connect(self.changed)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(SPACE_M)
        form.setVerticalSpacing(SPACE_M)
        form.addRow(self.tr("Quality"), self.quality)
        form.addRow(self.tr("Network"), self.network)
        self.render_button = QPushButton(icon("stylize"), self.tr("Render final"), self)
        self.render_button.setProperty("primary", True)
        self.render_button.setToolTip(self.tr("Make the picture at full quality and size (Ctrl+Return)."))
        self.render_button.clicked.connect(self.renderRequested)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.pause = QPushButton(icon("pause"), self.tr("Pause"), self)
        self.pause.setCheckable(True)
        self.pause.setToolTip(self.tr("Pause: the sliders' preview stays live meanwhile."))
        self.pause.clicked.connect(self._pause)
        self.cancel = QPushButton(icon("cancel"), self.tr("Cancel"), self)
        self.cancel.setToolTip(self.tr("Stop here and keep the picture as it is now."))
        self.cancel.clicked.connect(self._cancel)
        buttons = QHBoxLayout()
        buttons.addWidget(self.pause)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(form)
        layout.addWidget(self.render_button)
        layout.addWidget(self.bar)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self._show_running(False)

    def steps(self) -> int:
        """Optimisation steps chosen."""
        return int(self.quality.currentData())

    def show_choice(self, network: str, steps: int) -> None:
        """Show a recipe's choice; a number of steps of its own gets an entry of its own. Silent."""
        for box in (self.network, self.quality):
            box.blockSignals(True)
        self.network.setCurrentIndex(max(0, self.network.findData(network)))
        index = self.quality.findData(steps)
        if index < 0:
            self.quality.addItem(self.tr("{steps} steps").format(steps=steps), steps)
            index = self.quality.count() - 1
        self.quality.setCurrentIndex(index)
        for box in (self.network, self.quality):
            box.blockSignals(False)

    def watch(self, job: Job) -> None:
        """Show the progress of ``job`` until it is over."""
        self._job = job
        self._began, self._first_step = 0.0, 0
        self.pause.setChecked(False)
        self.pause.setText(self.tr("Pause"))
        self.bar.setRange(0, 0)
        self.text.setText(self.tr("Waiting for the device …"))
        self._show_running(True)
        job.progressed.connect(self._progressed)
        for over in (job.finished, job.failed, job.cancelled):
            over.connect(lambda *_: self._over(job))

    def is_running(self) -> bool:
        """Whether a final render is under way."""
        return self._job is not None

    def _progressed(self, progress: Progress) -> None:
        if progress.total <= 0:
            self.bar.setRange(0, 0)
            self.text.setText(progress.message)
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.step)
        now = time.monotonic()
        if self._began == 0.0 or progress.step < self._first_step:
            self._began, self._first_step = now, progress.step
        done = progress.step - self._first_step
        text = progress.message
        if done >= 5:
            left = (now - self._began) / done * (progress.total - progress.step)
            text = self.tr("{what}, about {time} left").format(what=progress.message, time=self._duration(left))
        self.text.setText(text)

    def _duration(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{n} s").format(n=max(1, round(seconds)))
        return self.tr("{n} min").format(n=round(seconds / 60))

    def _over(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._show_running(False)

    def _pause(self) -> None:
        if self._job is None:
            return
        if self.pause.isChecked():
            self._job.pause()
            self._began = 0.0
            self.pause.setText(self.tr("Go on"))
            self.text.setText(self.tr("Paused"))
        else:
            self._job.resume()
            self.pause.setText(self.tr("Pause"))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show_running(self, running: bool) -> None:
        self.render_button.setVisible(not running)
        for part in (self.bar, self.text, self.pause, self.cancel):
            part.setVisible(running)
        for part in (self.network, self.quality):
            part.setEnabled(not running)
