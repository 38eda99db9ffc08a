"""How many images a run is trained on, and how long that takes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from studio.base.fields import describe_field
from studio.training.automatic import QUICK_IMAGES
from studio.training.settings import TrainSettings
from studio.ui.binding import Binding, field_text
from studio.ui.model import Model
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.train.setup.fields import FieldGrid
from studio.ui.train.setup.plan import BUDGETS, RunPlan
from studio.ui.train.text import duration, number, speed
from studio.ui.widgets import Section


class Budget(Section):
    """A quick look, a night, or a number of one's own, bound to the plan of a run."""

    def __init__(self, model: Model[RunPlan], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Budget"))
        self._model = model
        self._choice = QButtonGroup(self)
        self.quick = QRadioButton(self.tr("Quick look"))
        self.quick.setToolTip(self.tr("Long enough to see whether it will work out."))
        self.overnight = QRadioButton(self.tr("Overnight"))
        self.overnight.setToolTip(self.tr("About eight hours, once the speed is known."))
        self.custom = QRadioButton(self.tr("Own choice"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        self._labels: list[QLabel] = []
        for row, button in enumerate((self.quick, self.overnight, self.custom)):
            self._choice.addButton(button, row)
            grid.addWidget(button, row, 0)
            if row < 2:
                label = QLabel()
                label.setProperty("muted", True)
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._labels.append(label)
                grid.addWidget(label, row, 1)
        about = describe_field(TrainSettings, "images").about
        self.images = FieldGrid().whole(1, 100_000_000, 1, int(about.step))
        self.images.setSuffix(f" {field_text(about.unit)}")
        self.images.setFixedWidth(150)
        self.images.setAccessibleName(field_text(about.label))
        self.images.setToolTip(field_text(about.tip))
        grid.addWidget(self.images, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self.body.addLayout(grid)
        self._estimate = QLabel()
        self._estimate.setWordWrap(True)
        self._estimate.setProperty("muted", True)
        self.body.addWidget(self._estimate)
        Binding(
            model,
            self._choice,
            lambda plan: BUDGETS.index(plan.budget),
            lambda plan, row: replace(plan, budget=BUDGETS[row]),
        )
        Binding(
            model,
            self.images,
            lambda plan: plan.images,
            lambda plan, images: replace(plan, images=images, budget="own"),
        )
        model.changed.connect(self.show_plan)
        self.show_plan()

    def show_plan(self) -> None:
        """Say how many images it will be and how long they take, at the speed that was measured last."""
        plan = self._model.value
        for label, images in zip(self._labels, (QUICK_IMAGES, plan.overnight_images), strict=True):
            label.setText(self.tr("{n} images").format(n=number(images)))
        known = plan.known_speed
        if known is None:
            text = self.tr("How long that takes will be known after the first minute.")
        else:
            text = self.tr("About {time}, at the {speed} of “{run}”.").format(
                time=duration(plan.total_images / known[0]), speed=speed(known[0]), run=known[1]
            )
        self._estimate.setText(text)
