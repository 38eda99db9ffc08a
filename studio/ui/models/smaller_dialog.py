"""A smaller, faster copy of a model: how much of it, for how long, and what comes out beside the original."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from studio.base import Progress, StudioError, Work
from studio.checkpoints import ModelInfo
from studio.ui.context import StudioContext
from studio.ui.describe.model_names import model_name
from studio.ui.help import HelpButton
from studio.ui.theme import SPACE_L, SPACE_M
from studio.ui.widgets.convert import to_qimage
from studio.ui.widgets.questions import make_primary
from studio.worker import Job

if TYPE_CHECKING:
    from studio.engine import Engine
    from studio.training.shrink import Loss

PREVIEW = (512, 256)


class SmallerDialog(QDialog):
    """Makes a smaller copy of ``info``. Closing it stops the work; what was finished is in the library."""

    made = Signal(object)  # ModelInfo

    def __init__(self, context: StudioContext, info: ModelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A smaller, faster copy"))
        self.setMinimumWidth(PREVIEW[0] + 4 * SPACE_L)
        self._context = context
        self._info = info
        self._job: Job | None = None

        intro = QLabel(
            self.tr(
                "For weak machines: the copy of “{name}” has fewer channels and is taught to draw the same pictures. "
                "Seeds and directions mean the same in both."
            ).format(name=model_name(info))
        )
        intro.setWordWrap(True)
        self.keep = QButtonGroup(self)
        options = QVBoxLayout()
        for keep, text in (
            (0.75, self.tr("Three quarters of the channels: nearly the same, somewhat faster")),
            (0.5, self.tr("Half of the channels: a quarter of the size")),
            (0.25, self.tr("A quarter of the channels: the fastest, for sketching")),
        ):
            button = QRadioButton(text)
            button.setProperty("keep", keep)
            button.setChecked(keep == 0.5)
            self.keep.addButton(button)
            options.addWidget(button)
        self.effort = QComboBox()
        for text, images in (
            (self.tr("Short: 4,000 pictures"), 4_000),
            (self.tr("Good: 20,000 pictures"), 20_000),
            (self.tr("Thorough: 100,000 pictures"), 100_000),
        ):
            self.effort.addItem(text, images)
        self.effort.setCurrentIndex(1)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setPlaceholderText(self.tr("the original's name, with the share of its channels"))
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.addRow(self.tr("Keep"), options)
        form.addRow(self.tr("Teach it with"), self.effort)
        form.addRow(self.tr("Name"), self.name)

        self.preview = QLabel(self.tr("The original's pictures will be above, the copy's below."))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedHeight(PREVIEW[1])
        self.preview.setProperty("muted", True)
        self.bar = QProgressBar()
        self.bar.setVisible(False)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.start_button = QPushButton(self.tr("Make the copy"))
        make_primary(self.start_button)
        self.start_button.clicked.connect(self.start)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self._close_or_stop)
        buttons = QHBoxLayout()
        buttons.addWidget(HelpButton("smaller-copy", self))
        buttons.addStretch(1)
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addWidget(intro)
        layout.addLayout(form)
        layout.addWidget(self.preview)
        layout.addWidget(self.bar)
        layout.addWidget(self.said)
        layout.addLayout(buttons)
        self.start_button.setFocus()

    def start(self) -> None:
        """Make the copy with what the form says."""
        keep = next(float(button.property("keep")) for button in self.keep.buttons() if button.isChecked())
        images, name, info = int(self.effort.currentData()), self.name.text(), self._info

        def work(engine: Engine) -> Work[tuple[ModelInfo, Loss]]:
            from studio.engine.jobs.pruned_copy import smaller_copy

            return smaller_copy(engine, info, keep, images, name=name)

        self.said.clear()
        self._job = self._context.worker.submit(work, title=self.tr("Making a smaller copy"))
        self._job.progressed.connect(self._progressed)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._stopped)
        self._show_running(True)

    def _show_running(self, running: bool) -> None:
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.start_button.setEnabled(not running)
        self.effort.setEnabled(not running)
        self.name.setEnabled(not running)
        for button in self.keep.buttons():
            button.setEnabled(not running)
        self.close_button.setText(self.tr("Stop") if running else self.tr("Close"))

    def _progressed(self, progress: Progress) -> None:
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(progress.step)
        if progress.preview is not None:
            self.said.setText(self.tr("Above the original's pictures, below the copy's."))
            picture = QPixmap.fromImage(to_qimage(np.ascontiguousarray(progress.preview)))
            self.preview.setPixmap(
                picture.scaled(*PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            )

    def _finished(self, outcome: tuple[ModelInfo, Loss]) -> None:
        made, loss = outcome
        self._job = None
        self._show_running(False)
        self.said.setText(
            self.tr(
                "“{name}” is in your model library. Its pictures differ from the original's by {levels} of 255 levels "
                "({psnr} dB); it has {share} of the weights."
            ).format(
                name=made.name,
                levels=f"{loss.difference:.1f}",
                psnr=f"{loss.psnr:.1f}",
                share=f"{loss.weights:.0%}",
            )
        )
        self.made.emit(made)
        self._context.modelsChanged.emit()

    def _failed(self, problem: StudioError) -> None:
        self._job = None
        self._show_running(False)
        self._context.problem.emit(problem)

    def _stopped(self) -> None:
        self._job = None
        self._show_running(False)
        self.said.setText(self.tr("Stopped. Nothing was kept."))

    def _close_or_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._job.cancel()
        super().closeEvent(event)
