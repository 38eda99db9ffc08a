"""Every setting of a run, the few that matter first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

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

from studio.checkpoints.discriminators import has_discriminator
from studio.training.automatic import Machine, Preset, advise
from studio.training.folder import FolderReport, Proposal
from studio.training.mosaic import Changes, reachable
from studio.training.picture_decisions import PictureDecisions
from studio.training.settings import TrainSettings
from studio.training.start_models import RESOLUTIONS
from studio.training.summary import summarise
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.train.dataset.picture_controls import PictureControls
from studio.ui.train.narrow_column import ControlsColumn
from studio.ui.train.setup.advanced import AdvancedSection
from studio.ui.train.setup.budget import Budget
from studio.ui.train.setup.fields import FieldGrid, labelled
from studio.ui.train.setup.start_models import StartModels
from studio.ui.train.text import percent
from studio.ui.translated import translated
from studio.ui.widgets import Section
from studio.ui.widgets.wheel import WheelGuard
from studio.worker import ModelInfo

MOST_ON_PROCESSOR = 256


class RunForm(ControlsColumn):
    """The controls of a new run. :meth:`settings` gives them as one value."""

    startWanted = Signal()
    viewChanged = Signal()
    """Resolution, crop, background or augmentation changed: the pictures look different to the network."""

    def __init__(
        self, known_speed: Callable[[str, int], tuple[float, str] | None], parent: QWidget | None = None
    ) -> None:
        """``known_speed(architecture, resolution)`` gives images a second and the name of the run that measured it."""
        super().__init__(parent)
        self._known_speed = known_speed
        self._models: list[ModelInfo] = []
        self._report: FolderReport | None = None
        self._decisions = PictureDecisions()
        self._scanning = False
        self._touched: set[str] = set()
        self._machine = Machine()
        self._maker = FieldGrid()

        column = QWidget()
        column.setObjectName("scrolled")
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._column.setSpacing(SPACE_S)
        self._make_network()
        self.budget = Budget()
        self.budget.changed.connect(self._on_budget)
        self._column.addWidget(self.budget)
        self._make_pictures()
        self.advanced = AdvancedSection()
        self.advanced.changed.connect(self._follow)
        self.advanced.resetWanted.connect(self.reset_advanced)
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

        self._update_architecture()
        self._fill_models()
        self._follow()
        self._update()

    # ---- building

    def _make_network(self) -> None:
        section = Section(self.tr("Network"))
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("Name of run and model"))
        self.name.textEdited.connect(lambda: self._touch("name"))
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
        self.architecture.currentIndexChanged.connect(self._on_architecture)
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
        self._resolutions.button(64).setChecked(True)
        self._resolutions.idClicked.connect(self._on_resolution_clicked)
        self._suggestion = QLabel()
        self._suggestion.setProperty("muted", True)
        self._suggestion.setWordWrap(True)
        pixels = QVBoxLayout()
        pixels.setSpacing(SPACE_S)
        pixels.addLayout(row)
        pixels.addWidget(self._suggestion)
        section.body.addLayout(labelled(self.tr("Pixels"), pixels))

        self.start_from = StartModels()
        self.start_from.currentIndexChanged.connect(self._on_start_from)
        section.body.addLayout(labelled(self.tr("Start from"), self.start_from))
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
        self.preset.currentIndexChanged.connect(self._on_preset)
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
        self.mirror.toggled.connect(self._update_kind)
        self.mirror.toggled.connect(self.viewChanged)
        self.pictures = PictureControls(WheelGuard(self))
        self.pictures.changed.connect(self.viewChanged)
        self.pictures.changed.connect(self._update)
        self.background = self.pictures.background
        section.body.addWidget(self.pictures)
        self._column.addWidget(section)

    # ---- what others ask

    def resolution(self) -> int:
        """The resolution chosen."""
        return self._resolutions.checkedId()

    def changes(self) -> Changes:
        """The changes that the training will make to the pictures."""
        values = self.advanced.values()
        mirror = self.mirror.isChecked()
        if values["augmentation"] == "ada":
            start = values["ada_start"]
            most = reachable(start, values["ada_images"], self.budget.chosen())
            return Changes(mirror=mirror, ada_parts=values["ada_parts"], ada_start=start, ada_most=most)
        used = values["augment"] if values["augmentation"] == "diffaugment" else ()
        return Changes(used, values["augment_share"], mirror)

    def start_model(self) -> ModelInfo | None:
        """The model to start from, or None for scratch."""
        return self.start_from.chosen()

    def set_report(
        self, report: FolderReport | None, scanning: bool = False, decisions: PictureDecisions | None = None
    ) -> None:
        """Take the folder's suggestions: the resolution, unless chosen by hand, and a name.

        ``scanning``: there is no report yet because the folder is being looked through.
        """
        self._report = report
        self._scanning = scanning
        self._decisions = decisions or PictureDecisions()
        if report is not None:
            self.pictures.show_films(any(found.frame is not None for found in report.findings))
            if "resolution" not in self._touched and report.used:
                self._set_resolution(min(self._proposal(report).resolution, self._largest()))
            if "name" not in self._touched:
                self.name.setText(re.sub(r"[_\s]+", " ", report.folder.name).strip()[:100])
        self._follow()
        self._update()

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these models to start from."""
        self._models = list(models)
        self._fill_models()
        self._update()

    def set_device(self, device: str) -> None:
        """Preselect a device."""
        self.advanced.device.setCurrentIndex(max(0, self.advanced.device.findData(device)))

    def set_machine(self, machine: Machine) -> None:
        """Take the machine of the run: the advice depends on it."""
        self._machine = machine
        self._follow()

    def settings(self) -> TrainSettings:
        """The run as it is set.

        Raises
        ------
        pydantic.ValidationError
            Never for what the controls allow, once a folder with pictures is chosen and a name is given.
        """
        model = self.start_model()
        return TrainSettings(
            name=self.name.text().strip(),
            folder=str(self._report.folder) if self._report else "",
            architecture=self._architecture(),  # type: ignore[arg-type]
            resolution=self.resolution(),  # type: ignore[arg-type]
            start_from=str(model.path) if model else None,
            images=self.budget.chosen(),
            mirror=self.mirror.isChecked(),
            **self.pictures.values(),
            **self.advanced.values(),
        )

    def prefill(self, settings: TrainSettings) -> None:
        """Set everything as in ``settings`` but the folder, which :class:`FolderView` holds, with a new seed."""
        self._touched |= {"name", "resolution"}
        self.name.setText(settings.name)
        self.architecture.setCurrentIndex(self.architecture.findData(settings.architecture))
        self._set_resolution(settings.resolution)
        self.start_from.choose_file(settings.start_from or "")
        self.budget.set_own(settings.images)
        self.mirror.setChecked(settings.mirror)
        self.pictures.set_values(settings)
        self.advanced.set_settings(settings)
        self._update()

    def reset_advanced(self) -> None:
        """Bring back the recommended values."""
        self.advanced.reset()
        self._follow()

    # ---- keeping things in step

    def _architecture(self) -> str:
        return str(self.architecture.currentData())

    def _touch(self, name: str) -> None:
        self._touched.add(name)
        self._update()

    def _set_resolution(self, resolution: int) -> None:
        if resolution != self.resolution():
            self._resolutions.button(resolution).setChecked(True)
            self._on_resolution()

    def _on_resolution_clicked(self) -> None:
        self._touched.add("resolution")
        self._on_resolution()

    def _on_resolution(self) -> None:
        self._fill_models()
        self._follow()
        self._update()

    def _on_architecture(self) -> None:
        self._update_architecture()
        self._fill_models()
        self._follow()
        self._update()

    def _update_architecture(self) -> None:
        allowed = RESOLUTIONS[self._architecture()]
        for button in self._resolutions.buttons():
            possible = self._resolutions.id(button) in allowed
            button.setEnabled(possible)
            button.setToolTip("" if possible else self.tr("A DCGAN makes up to 128 pixels."))
        if self.resolution() not in allowed:
            self._set_resolution(allowed[-1])
        self._update_kind()

    def _update_kind(self) -> None:
        self.advanced.set_run(
            architecture=self._architecture(),
            starts=self.start_model() is not None,
            mirrored=self.mirror.isChecked(),
        )

    def _on_preset(self) -> None:
        if self.preset.currentData() == "quick":
            self.budget.quick.setChecked(True)
        self._follow()
        self._update()

    def _on_start_from(self) -> None:
        self._update_kind()
        self._follow()
        self._update()

    def _on_budget(self) -> None:
        self._follow()
        self._update()

    def _fill_models(self) -> None:
        self.start_from.fill(self._models, self._architecture(), self.resolution())
        self._on_start_from()

    def _follow(self) -> None:
        """Bring values along that depend on others, unless they were set by hand."""
        self.update_estimate()  # a night is as many images as the speed allows
        images, model = self.budget.chosen(), self.start_model()
        machine = self._machine
        if self.advanced.device.currentData() == "cpu":
            machine = Machine("cpu", machine.memory)
        preset: Preset = self.preset.currentData()
        advice = advise(
            preset,
            len(self._report.used) if self._report is not None else 0,
            self.resolution(),
            machine,
            architecture=self._architecture(),
            starts=model is not None,
            has_discriminator=model is not None and has_discriminator((model.hash, *model.former)),
            grown_from=model.resolution if model is not None and model.resolution < self.resolution() else 0,
        )
        values = {
            **advice.values,
            "preview_every": max(200, min(10_000, 100 * round(images / 10_000))),
            "snapshot_every": max(1000, min(20_000, 1000 * round(images / 20_000))),
        }
        if model is not None:
            values["latent_size"] = model.z_dim
        self.advanced.advise(values)
        self._reasons.setText(" ".join(translated(reason.message) for reason in advice.reasons))
        self._reasons.setVisible(self._report is not None and bool(self._report.used))
        self.viewChanged.emit()  # another preset, start or budget may augment otherwise

    def update_estimate(self) -> None:
        """Say how long it will take; called again when a run has measured a speed."""
        self.budget.show_speed(self._known_speed(self._architecture(), self.resolution()))

    def _update(self) -> None:
        self.update_estimate()
        report = self._report
        suggested = self._suggest(report) if report is not None and report.used else ""
        self._suggestion.setText(suggested)
        self._suggestion.setVisible(bool(suggested))
        reason = self._why_not()
        self.start.setEnabled(not reason)
        self._hint.setText(
            reason or self.tr("The training goes on when this window is closed; you can pause it at any time.")
        )

    def _largest(self) -> int:
        """The most pixels to suggest."""
        most = RESOLUTIONS[self._architecture()][-1]
        return min(most, MOST_ON_PROCESSOR) if self._machine.kind == "cpu" else most

    def _proposal(self, report: FolderReport) -> Proposal:
        return summarise(report, self.pictures.framing(self.resolution()), self._decisions).proposal

    def _suggest(self, report: FolderReport) -> str:
        """The resolution proposed, and why."""
        found = self._proposal(report)
        suggested = min(found.resolution, self._largest())
        text = (
            self.tr("Suggested for these pictures.")
            if suggested == self.resolution()
            else self.tr("{n} is suggested for these pictures.").format(n=suggested)
        )
        if suggested < found.resolution:
            if suggested < RESOLUTIONS[self._architecture()][-1]:
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

    def _why_not(self) -> str:
        if self._report is None:
            if self._scanning:
                return self.tr("The folder is being looked through …")
            return self.tr("First choose a folder with pictures.")
        if len(self._report.used) < 2:
            return self.tr("The folder has fewer than two usable pictures.")
        if not self.name.text().strip():
            return self.tr("The run needs a name.")
        return ""
