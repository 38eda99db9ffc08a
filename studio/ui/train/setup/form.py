"""Every setting of a run, the few that matter first."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.training.automatic import Machine
from studio.training.findings import FolderReport, Proposal
from studio.training.mosaic import Changes
from studio.training.picture_decisions import PictureDecisions
from studio.training.settings import TrainSettings
from studio.training.start_models import RESOLUTIONS
from studio.ui.binding import Binding
from studio.ui.model import Model
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.train.narrow_column import ControlsColumn
from studio.ui.train.setup.advanced import AdvancedSection
from studio.ui.train.setup.bound import bind_setting
from studio.ui.train.setup.budget import Budget
from studio.ui.train.setup.expectations import Expectations, expectation
from studio.ui.train.setup.fields import FieldGrid, labelled
from studio.ui.train.setup.picture_controls import PictureControls
from studio.ui.train.setup.plan import RunPlan, SpeedOf
from studio.ui.train.setup.start_models import MORE, StartModels
from studio.ui.train.text import number, percent
from studio.ui.translated import translated
from studio.ui.widgets import Section
from studio.ui.widgets.wheel import WheelGuard
from studio.worker import ModelInfo

MOST_REFUSED = 2
"""Reasons why models are greyed that are written out; tips say the others."""
SEEDS = 10_000
"""A new run's seed is below: short enough to be remembered."""


class RunForm(ControlsColumn):
    """The controls of a new run. :meth:`settings` gives them as one value."""

    startWanted = Signal()
    moreModelsWanted = Signal()
    viewChanged = Signal()
    """Resolution, crop, background or augmentation changed: the pictures look different to the network."""

    def __init__(self, speed_of: SpeedOf, parent: QWidget | None = None) -> None:
        """``speed_of`` says how fast a run is."""
        super().__init__(parent)
        self.model = Model(RunPlan(own={"seed": random.randrange(SEEDS)}, speed_of=speed_of), self, limit=1)
        self._maker = FieldGrid()

        column = QWidget()
        column.setObjectName("scrolled")
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._column.setSpacing(SPACE_S)
        self._make_network()
        self.budget = Budget(self.model)
        self._column.addWidget(self.budget)
        self.expectations = Expectations(self.model)
        self._column.addWidget(self.expectations)
        self._make_pictures()
        self.advanced = AdvancedSection(self.model)
        self._column.addWidget(self.advanced)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(column)

        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setProperty("muted", True)
        self.start = QPushButton(icon("train"), self.tr("Start training"))
        self.start.setProperty("primary", True)
        self.start.setMinimumHeight(34)
        self.start.clicked.connect(self.startWanted)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        foot.setSpacing(SPACE_M)
        foot.addWidget(self._hint)
        foot.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)

        self._view = self.model.select(lambda plan: plan.view)
        self._view.changed.connect(self.viewChanged)
        self.model.changed.connect(self._show_plan)
        self._show_plan()

    # ---- building

    def _make_network(self) -> None:
        section = Section(self.tr("Network"))
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("Name of run and model"))
        bind_setting(self.model, "name", self.name)
        section.body.addLayout(labelled(self.tr("Name"), self.name))

        self.architecture = QComboBox()
        self.architecture.addItem(self.tr("StyleGAN2 – recommended"), "stylegan2")
        self.architecture.addItem(self.tr("StyleGAN3 – for moving pictures"), "stylegan3")
        self.architecture.addItem(self.tr("DCGAN – the classic"), "dcgan")
        self.architecture.setItemData(
            0, self.tr("Clearer pictures, and a latent space that is good to walk in."), Qt.ItemDataRole.ToolTipRole
        )
        self.architecture.setItemData(
            1,
            self.tr("Details move with what they belong to. Several times as slow; best started from a trained model."),
            Qt.ItemDataRole.ToolTipRole,
        )
        self.architecture.setItemData(
            2,
            self.tr(
                "The network of 2015, trained as in the first paper on GANs: small, fast and rough. Up to 128 pixels."
            ),
            Qt.ItemDataRole.ToolTipRole,
        )
        bind_setting(self.model, "architecture", self.architecture)
        section.body.addLayout(labelled(self.tr("Kind"), self.architecture))

        self._resolutions = QButtonGroup(self)
        row = QGridLayout()
        row.setSpacing(SPACE_S)
        for place, resolution in enumerate(RESOLUTIONS["stylegan2"]):
            button = QPushButton(str(resolution))
            button.setCheckable(True)
            button.setMinimumWidth(10)
            button.setAccessibleName(self.tr("{n} pixels").format(n=resolution))
            self._resolutions.addButton(button, resolution)
            row.addWidget(button, place // 3, place % 3)
        bind_setting(self.model, "resolution", self._resolutions)
        self._suggestion = QLabel()
        self._suggestion.setProperty("muted", True)
        self._suggestion.setWordWrap(True)
        pixels = QVBoxLayout()
        pixels.setSpacing(SPACE_S)
        pixels.addLayout(row)
        pixels.addWidget(self._suggestion)
        section.body.addLayout(labelled(self.tr("Pixels"), pixels))

        self.start_from = StartModels()
        self.start_from.moreWanted.connect(self.moreModelsWanted)
        self._start = bind_setting(
            self.model,
            "start_from",
            self.start_from,
            read=lambda found: self.model.value.values["start_from"] if found == MORE else found,
            prepare=lambda _path: self.start_from.fill(self.model.value),
        )
        self._refused = QLabel()
        self._refused.setProperty("muted", True)
        self._refused.setWordWrap(True)
        start = QVBoxLayout()
        start.setSpacing(SPACE_S)
        start.addWidget(self.start_from)
        start.addWidget(self._refused)
        section.body.addLayout(labelled(self.tr("Start from"), start))
        self.start_from.setAccessibleName(self.tr("Start from"))
        self.architecture.setToolTip(self.tr("The kind of network."))
        self.preset = QComboBox()
        for text, value in (
            (self.tr("Automatic"), "auto"),
            (self.tr("Quick look"), "quick"),
            (self.tr("Small folder"), "small"),
            (self.tr("Large folder"), "large"),
            (self.tr("Fine-tune"), "fine-tune"),
        ):
            self.preset.addItem(text, value)
        self.preset.setToolTip(self.tr("Sets everything under Advanced that you have not set yourself."))
        Binding(self.model, self.preset, lambda plan: plan.preset, lambda plan, preset: plan.with_preset(preset))
        self._reasons = QLabel()
        self._reasons.setProperty("muted", True)
        self._reasons.setWordWrap(True)
        section.body.addLayout(labelled(self.tr("Settings"), self.preset))
        section.body.addWidget(self._reasons)
        for box in (self.architecture, self.start_from, self.preset):
            self._maker.tame(box)
        self._column.addWidget(section)

    def _make_pictures(self) -> None:
        section = Section(self.tr("Pictures"))
        self.mirror = QCheckBox(self.tr("Mirror every other picture"))
        self.mirror.setToolTip(
            self.tr("Twice the variety, for subjects that look right both ways round. Not for writing or faces' sides.")
        )
        section.body.addWidget(self.mirror)
        bind_setting(self.model, "mirror", self.mirror)
        self.pictures = PictureControls(self.model, WheelGuard(self))
        self.background = self.pictures.background
        section.body.addWidget(self.pictures)
        self._column.addWidget(section)

    # ---- what others ask

    def resolution(self) -> int:
        """Return the resolution chosen."""
        return self.model.value.resolution

    def changes(self) -> Changes:
        """Return the changes that the training will make to the pictures."""
        return self.model.value.changes

    def start_model(self) -> ModelInfo | None:
        """Return the model to start from, or None for scratch."""
        return self.model.value.start_model

    def set_report(
        self, report: FolderReport | None, scanning: bool = False, decisions: PictureDecisions | None = None
    ) -> None:
        """Take the folder's suggestions: the resolution, unless chosen by hand, and a name.

        ``scanning``: there is no report yet because the folder is being looked through.
        """
        if report is not None:
            self.pictures.show_films(any(found.frame is not None for found in report.findings))
        plan = self.model.value.with_report(report, scanning=scanning, decisions=decisions or PictureDecisions())
        self.model.set(plan)
        self.viewChanged.emit()  # of another folder

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these models to start from."""
        self.model.set(replace(self.model.value, models=tuple(models)))

    def set_device(self, device: str) -> None:
        """Preselect a device."""
        known = self.advanced.fields["device"].findData(device) >= 0
        self.model.set(self.model.value.with_own("device", device if known else "auto"))

    def set_machine(self, machine: Machine) -> None:
        """Take the machine of the run: the advice depends on it."""
        self.model.set(replace(self.model.value, machine=machine))

    def settings(self) -> TrainSettings:
        """Return the run as it is set.

        Raises
        ------
        pydantic.ValidationError
            Never for what the controls allow, once a folder with pictures is chosen and a name is given.
        """
        return self.model.value.settings()

    def prefill(self, settings: TrainSettings) -> None:
        """Set everything as in ``settings`` but the folder, which :class:`FolderView` holds, with a new seed."""
        own = dict(settings)
        del own["folder"], own["images"]
        own |= {"start_from": settings.start_from or "", "seed": random.randrange(SEEDS)}
        self.model.set(replace(self.model.value, own=own, budget="own", unit="images", images=settings.images))

    def reset_advanced(self) -> None:
        """Bring back the recommended values."""
        self.advanced.reset()

    def update_estimate(self) -> None:
        """Say how long it will take; called again when a run has measured a speed."""
        self.model.set(replace(self.model.value, measured=self.model.value.measured + 1))

    # ---- showing

    def _show_plan(self) -> None:
        plan = self.model.value
        allowed = RESOLUTIONS[plan.architecture]
        for button in self._resolutions.buttons():
            possible = self._resolutions.id(button) in allowed
            button.setEnabled(possible)
            button.setToolTip("" if possible else self.tr("A DCGAN makes up to 128 pixels."))
        self._start.show()
        self._show_refused()
        self._reasons.setText(" ".join(translated(reason.message) for reason in plan.advice.reasons))
        self._reasons.setVisible(plan.used > 0)
        suggested = "" if plan.proposal is None else self._suggest(plan, plan.proposal)
        self._suggestion.setText(suggested)
        self._suggestion.setVisible(bool(suggested))
        reason = self._why_not(plan)
        self.start.setEnabled(not reason)
        self._hint.setText(reason or self._prospect(plan))

    def _show_refused(self) -> None:
        """Say under the choice why models are greyed in it."""
        refused = self.start_from.refused
        self._refused.setVisible(bool(refused))
        more = [self.tr("The tips of the other greyed entries say why.")] if len(refused) > MOST_REFUSED else []
        self._refused.setText("\n".join(refused[:MOST_REFUSED] + more))

    def _suggest(self, plan: RunPlan, found: Proposal) -> str:
        """The resolution proposed, and why."""
        suggested = plan.suggestion
        text = (
            self.tr("Suggested for these pictures.")
            if suggested == plan.resolution
            else self.tr("{n} is suggested for these pictures.").format(n=suggested)
        )
        larger = min(2 * suggested, plan.largest)
        if suggested < min(found.resolution, plan.largest) and not plan.is_worthwhile(larger):
            return (
                text
                + " "
                + self.tr(
                    "At {n}, this computer shows only about {images} images in a night: too few. Start small and "
                    "enlarge the network later, or use a graphics card."
                ).format(n=larger, images=number(plan.night_at(larger)))
            )
        if suggested < found.resolution:
            if suggested < RESOLUTIONS[plan.architecture][-1]:
                return text + " " + self.tr("More pixels want a graphics card.")
            return text + " " + self.tr("It is the most that this kind of network makes.")
        if found.next_enlarged is not None:
            return (
                text
                + " "
                + self.tr("At {n}, {share} of the squares would have to be enlarged.").format(
                    n=2 * suggested, share=percent(found.next_enlarged)
                )
            )
        if not found.enlarged:
            return text + " " + self.tr("No square is smaller.")
        return text + " " + self.tr("{share} of the squares are smaller.").format(share=percent(found.enlarged))

    def _prospect(self, plan: RunPlan) -> str:
        """A warning when little may come of it, and the note that it goes on without the window."""
        found = expectation(plan)
        goes_on = self.tr("The training goes on when this window is closed; you can pause it at any time.")
        return goes_on if found.verdict == "worth it" else translated(found.says) + "\n" + goes_on

    def _why_not(self, plan: RunPlan) -> str:
        if plan.report is None:
            if plan.scanning:
                return self.tr("The folder is being looked through …")
            return self.tr("First choose a folder with pictures.")
        if plan.used < 2:
            return self.tr("The folder has fewer than two usable pictures.")
        if not plan.values["name"].strip():
            return self.tr("The run needs a name.")
        return ""
