"""The prospects of the run that is planned: pictures of comparable runs, and whether it is worth it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.training.measured_runs import Expectation, MeasuredRun, expect, measured_runs, method_of
from studio.training.start_models import RESOLUTIONS, incompatibility
from studio.ui.model import Model
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S
from studio.ui.train.setup.plan import RunPlan
from studio.ui.train.text import duration, kid, method_name, number
from studio.ui.translated import translated
from studio.ui.widgets import Section
from studio.ui.widgets.dialog_size import resize_within_screen

WIDTH = 270
"""Of the pictures in the column."""


def expectation(plan: RunPlan) -> Expectation:
    """The expectation of ``plan``."""
    resolution, architecture = plan.resolution, plan.architecture
    smaller = [side for side in RESOLUTIONS[architecture] if 64 <= side < resolution]
    night = plan.budgeted("overnight")
    return expect(
        plan.values,
        plan.total_images,
        plan.used,
        plan.speed.images_per_second,
        night=(method_of(night.values), night.total_images),
        faster_at={side: plan.with_own("resolution", side).speed.images_per_second for side in smaller},
        on_processor=plan.trainer_machine.kind == "cpu",
        model_compatible=any(not incompatibility(model, architecture, resolution) for model in plan.models),
    )


class Expectations(Section):
    """The pictures and words, bound to the plan of a run; quiet while there are no pictures to train on."""

    def __init__(self, model: Model[RunPlan], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("What to expect"))
        self._model = model
        self._shown: Expectation | None = None
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.body.addWidget(self.says)
        self._pictures = QVBoxLayout()
        self._pictures.setSpacing(SPACE_S)
        self.body.addLayout(self._pictures)
        self.details = QLabel()
        self.details.setWordWrap(True)
        self.details.setProperty("muted", True)
        self.body.addWidget(self.details)
        self.all = QPushButton(self.tr("All measured runs …"))
        self.all.setToolTip(self.tr("Pictures of runs after more and fewer images, with their time on this computer."))
        self.all.clicked.connect(self._show_all)
        self.body.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        model.changed.connect(self.show_plan)
        self.show_plan()

    def show_plan(self) -> None:
        """Show what the plan may come to."""
        plan = self._model.value
        self.setVisible(plan.used > 1)
        if plan.used < 2:
            return
        found = expectation(plan)
        if found == self._shown:
            return
        if self._shown is None or found.runs != self._shown.runs:
            _clear(self._pictures)
            for run in found.runs:
                self._pictures.addWidget(picture_of(run, WIDTH))
                beyond = run.images > 1.1 * plan.total_images
                self._pictures.addWidget(_caption(run, self.tr("more than planned") if beyond else ""))
        self._shown = found
        self.says.setText(translated(found.says))
        lines = [f"• {translated(line)}" for line in found.helps]
        if lines:
            lines.insert(0, self.tr("What would help:"))
        self.details.setText("\n".join([translated(line) for line in found.limits] + lines))
        self.details.setVisible(bool(found.limits or lines))

    def _show_all(self) -> None:
        MeasuredRunsDialog(self._model.value, self).exec()


class MeasuredRunsDialog(QDialog):
    """All measured runs as pictures, each with the time that so many images take on this computer."""

    def __init__(self, plan: RunPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Measured runs"))
        inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setSpacing(SPACE_S)
        introduction = QLabel(
            self.tr(
                "Runs of this project, with the first samples of each, not chosen. The times are those of this "
                "computer with the settings proposed for such a run."
            )
        )
        introduction.setWordWrap(True)
        column.addWidget(introduction)
        for run in measured_runs():
            column.addSpacing(SPACE_M)
            column.addWidget(picture_of(run, 384))
            seconds = run.images / plan.speed_of_method(run.method, run.resolution).images_per_second
            column.addWidget(_caption(run, self.tr("≈ {time} here").format(time=duration(seconds))))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        resize_within_screen(self, 460, 600)


def picture_of(run: MeasuredRun, width: int) -> QLabel:
    """The samples of a measured run, ``width`` wide."""
    label = QLabel()
    label.setPixmap(_pixmap(run.picture, width))
    label.setAccessibleName(translated(run.folder))
    return label


@cache
def _pixmap(path: Path, width: int) -> QPixmap:
    """A picture of some kilobytes that travels with the program."""
    return QPixmap(str(path)).scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)


def _caption(run: MeasuredRun, more: str = "") -> QLabel:
    parts = [
        QCoreApplication.translate("Training", "{n} images").format(n=number(run.images)),
        f"{run.resolution} px",
        method_name(run.method == "drifting"),
    ]
    if run.kid is not None:
        parts.append(QCoreApplication.translate("Training", "distance (KID × 1000) {kid}").format(kid=kid(run.kid)))
    if more:
        parts.append(more)
    label = QLabel(f"{translated(run.folder)}: {' · '.join(parts)}")
    label.setToolTip(translated(run.note))
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
