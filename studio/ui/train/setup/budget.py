"""The length of a run, and the number of images it makes at the speed of this computer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QPushButton, QRadioButton, QWidget

from studio.base.fields import describe_field
from studio.training.automatic import NIGHT_SECONDS, QUICK_SECONDS
from studio.training.settings import TrainSettings
from studio.ui.binding import Binding, field_text
from studio.ui.model import Model
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.train.setup.fields import FieldGrid
from studio.ui.train.setup.plan import BUDGETS, RunPlan
from studio.ui.train.text import duration, method_name, number, speed
from studio.ui.widgets import Section

MOST_HOURS = 10_000


class Budget(Section):
    """A quick look, a night, or hours or images of one's own, bound to the plan of a run."""

    cancelWanted = Signal()
    """The speed shall not be measured."""
    againWanted = Signal()
    """The speed shall be measured once more."""

    def __init__(self, model: Model[RunPlan], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Budget"))
        self._model = model
        self._choice = QButtonGroup(self)
        self.quick = QRadioButton(self.tr("Quick look"))
        self.quick.setToolTip(self.tr("Long enough to see whether it will work out."))
        self.overnight = QRadioButton(self.tr("Overnight"))
        self.overnight.setToolTip(self.tr("As many images as this computer trains on in eight hours."))
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
        fields = FieldGrid()
        self.images = fields.whole(1, 100_000_000, 1, int(about.step))
        self.images.setAccessibleName(field_text(about.label))
        self.images.setToolTip(field_text(about.tip))
        self.hours = fields.real(0.1, MOST_HOURS, 1.0, 1, 0.5)
        self.hours.setAccessibleName(self.tr("Hours to train"))
        self.unit = fields.choice([(field_text(about.unit), "images"), (self.tr("hours"), "hours")])
        self.unit.setAccessibleName(self.tr("What the budget counts"))
        self.unit.setMinimumContentsLength(5)
        own = QHBoxLayout()
        own.setSpacing(SPACE_S)
        for widget in (self.images, self.hours, self.unit):
            own.addWidget(widget)
        self.images.setFixedWidth(92)
        self.hours.setFixedWidth(92)
        self.unit.setFixedWidth(88)
        grid.addLayout(own, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self.body.addLayout(grid)
        self._estimate = QLabel()
        self._estimate.setWordWrap(True)
        self._estimate.setProperty("muted", True)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Do not measure; times stay estimates."))
        self.cancel.clicked.connect(self.cancelWanted)
        self.cancel.hide()
        self.again = QPushButton(self.tr("Measure again"))
        self.again.setToolTip(self.tr("Best when nothing else is at work; it takes about ten seconds."))
        self.again.clicked.connect(self.againWanted)
        self.again.hide()
        said = QHBoxLayout()
        said.setSpacing(SPACE_M)
        said.addWidget(self._estimate, 1)
        for push in (self.cancel, self.again):
            said.addWidget(push, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(said)
        self._measuring = self._disturbed = False
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
            lambda plan, images: replace(plan, images=images, budget="own", unit="images"),
        )
        Binding(
            model,
            self.hours,
            lambda plan: plan.hours,
            lambda plan, hours: replace(plan, hours=hours, budget="own", unit="hours"),
        )
        Binding(
            model,
            self.unit,
            lambda plan: plan.unit,
            lambda plan, unit: replace(plan, unit=unit, budget="own"),
        )
        model.changed.connect(self.show_plan)
        self.show_plan()

    def show_measuring(self, measuring: bool, *, disturbed: bool = False) -> None:
        """Say that the speed is being measured, or not any more; or that other programs disturbed that."""
        self._measuring, self._disturbed = measuring, disturbed
        self.cancel.setVisible(measuring)
        self.again.setVisible(disturbed)
        self.show_plan()

    def show_plan(self) -> None:
        """Say how long it takes and how many images that is, at the speed that is known or estimated."""
        plan = self._model.value
        quick, night = plan.budgeted("quick"), plan.budgeted("overnight")
        drifts = [budgeted.values["discriminator"] == "none" for budgeted in (quick, night)]
        for label, seconds, budgeted, drifting in zip(
            self._labels, (QUICK_SECONDS, NIGHT_SECONDS), (quick, night), drifts, strict=True
        ):
            about = "" if budgeted.speed.source == "run" else "≈ "
            images = about + number(budgeted.total_images)
            text = self.tr("{time} · {n} images").format(time=duration(seconds), n=images)
            # Images of one are quicker than the other's: without a word a night would seem to bring less.
            label.setText(text if len(set(drifts)) == 1 else f"{text}\n{method_name(drifting)}")
        self.images.setVisible(plan.unit == "images")
        self.hours.setVisible(plan.unit == "hours")
        self._estimate.setText(self._speed_text(plan))

    def _speed_text(self, plan: RunPlan) -> str:
        """Sentence on how long the chosen budget takes, and where that is known from."""
        nominal = {"quick": QUICK_SECONDS, "overnight": NIGHT_SECONDS}
        takes = self.tr("About {time}").format(time=duration(nominal.get(plan.budget, plan.seconds)))
        if plan.budget == "own" and plan.unit == "hours":
            takes = self.tr("About {n} images").format(n=number(plan.total_images))
        rate = speed(plan.speed.images_per_second)
        if self._measuring:
            return self.tr("Measuring how fast this computer trains, about ten seconds …")
        if self._disturbed and plan.speed.source == "estimated":
            return self.tr(
                "{takes}, roughly: other programs kept this computer busy while it was measured, so {speed} are an "
                "estimate."
            ).format(takes=takes, speed=rate)
        match plan.speed.source:
            case "run":
                return self.tr("{takes}, at the {speed} of “{run}”.").format(
                    takes=takes, speed=rate, run=plan.speed.run
                )
            case "measured":
                return self.tr("{takes}, at the {speed} measured on this computer.").format(takes=takes, speed=rate)
        return self.tr("{takes}, roughly: {speed} are an estimate, not measured.").format(takes=takes, speed=rate)
