"""Every setting of a run, the few that matter first."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.training.choices import Choices
from studio.training.folder import FolderReport, Proposal
from studio.training.settings import TrainSettings
from studio.training.summary import summarise
from studio.training.view import Changes
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.training_dialog.column import ControlsColumn
from studio.ui.training_dialog.measuring import MeasuringControls
from studio.ui.training_dialog.picture_controls import PictureControls
from studio.ui.training_dialog.words import ARCHITECTURES, duration, number, percent, speed
from studio.ui.widgets import Section
from studio.worker import ModelInfo

RESOLUTIONS = {"stylegan2": (32, 64, 128, 256), "dcgan": (32, 64, 128)}
QUICK_IMAGES = 20_000
OVERNIGHT_IMAGES = 500_000
OVERNIGHT_SECONDS = 8 * 3600
FIELD_WIDTH = 112


class _NoWheel(QObject):
    """The wheel scrolls the column of controls unless the artist is on this very field."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


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
        self._choices = Choices()
        self._looking = False
        self._touched: set[str] = set()
        self._wheel = _NoWheel(self)

        column = QWidget()
        column.setObjectName("scrolled")
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._column.setSpacing(SPACE_S)
        self._make_network()
        self._make_budget()
        self._make_pictures()
        self._make_advanced()
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
        section.body.addLayout(_labelled(self.tr("Name"), self.name))

        self.architecture = QComboBox()
        self.architecture.addItem(self.tr("StyleGAN2 – recommended"), "stylegan2")
        self.architecture.addItem(self.tr("DCGAN – the classic"), "dcgan")
        self.architecture.setItemData(
            0, self.tr("Clearer pictures, and a latent space that is good to walk in."), Qt.ItemDataRole.ToolTipRole
        )
        self.architecture.setItemData(
            1, self.tr("The network of 2015: small, fast and rough. Up to 128 pixels."), Qt.ItemDataRole.ToolTipRole
        )
        self.architecture.currentIndexChanged.connect(self._on_architecture)
        section.body.addLayout(_labelled(self.tr("Kind"), self.architecture))

        self._resolutions = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        for resolution in RESOLUTIONS["stylegan2"]:
            button = QPushButton(str(resolution))
            button.setCheckable(True)
            button.setMinimumWidth(10)
            button.setAccessibleName(self.tr("{n} pixels").format(n=resolution))
            self._resolutions.addButton(button, resolution)
            row.addWidget(button, 1)
        self._resolutions.button(64).setChecked(True)
        self._resolutions.idClicked.connect(self._on_resolution_clicked)
        self._suggestion = QLabel()
        self._suggestion.setProperty("muted", True)
        self._suggestion.setWordWrap(True)
        pixels = QVBoxLayout()
        pixels.setSpacing(SPACE_S)
        pixels.addLayout(row)
        pixels.addWidget(self._suggestion)
        section.body.addLayout(_labelled(self.tr("Pixels"), pixels))

        self.start_from = QComboBox()
        self.start_from.setToolTip(
            self.tr("Going on from a trained model is much faster than from scratch, also for quite other pictures.")
        )
        self.start_from.currentIndexChanged.connect(self._on_start_from)
        section.body.addLayout(_labelled(self.tr("Start from"), self.start_from))
        self.architecture.setToolTip(self.tr("The kind of network."))
        for box in (self.architecture, self.start_from):
            box.installEventFilter(self._wheel)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._column.addWidget(section)

    def _make_budget(self) -> None:
        section = Section(self.tr("Budget"))
        self._budget = QButtonGroup(self)
        self.quick = QRadioButton(self.tr("Quick look"))
        self.quick.setToolTip(self.tr("Long enough to see whether it will work out."))
        self.overnight = QRadioButton(self.tr("Overnight"))
        self.overnight.setToolTip(self.tr("About eight hours, once the speed is known."))
        self.custom = QRadioButton(self.tr("Own choice"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        self._budget_labels: list[QLabel] = []
        for row, button in enumerate((self.quick, self.overnight, self.custom)):
            self._budget.addButton(button, row)
            grid.addWidget(button, row, 0)
            if row < 2:
                label = QLabel()
                label.setProperty("muted", True)
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._budget_labels.append(label)
                grid.addWidget(label, row, 1)
        self.images = self._int(1, 100_000_000, 100_000, 10_000)
        self.images.setSuffix(self.tr(" images"))
        self.images.setFixedWidth(150)
        self.images.setAccessibleName(self.tr("Images to train on"))
        self.images.setToolTip(
            self.tr("How many times a picture of yours is shown to the network, every picture many times over.")
        )
        self.images.valueChanged.connect(self._on_budget)
        grid.addWidget(self.images, 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        self.quick.setChecked(True)
        self._budget.idToggled.connect(self._on_budget)
        section.body.addLayout(grid)
        self._estimate = QLabel()
        self._estimate.setWordWrap(True)
        self._estimate.setProperty("muted", True)
        section.body.addWidget(self._estimate)
        self._column.addWidget(section)

    def _make_pictures(self) -> None:
        section = Section(self.tr("Pictures"))
        self.mirror = QCheckBox(self.tr("Mirror every other picture"))
        self.mirror.setToolTip(
            self.tr("Twice the variety, for subjects that look right both ways round. Not for writing or faces' sides.")
        )
        section.body.addWidget(self.mirror)
        self.pictures = PictureControls(self._wheel)
        self.pictures.changed.connect(self.viewChanged)
        self.pictures.changed.connect(self._update)
        self.background = self.pictures.background
        section.body.addWidget(self.pictures)
        self._column.addWidget(section)

    def _make_advanced(self) -> None:
        self.advanced = Section(self.tr("Advanced"), expanded=False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S + 2)
        grid.setColumnStretch(0, 1)
        self._grid = grid
        self._stylegan_only: list[QWidget] = []
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        defaults = {name: field.default for name, field in TrainSettings.model_fields.items()}

        self.device = QComboBox()
        for text, value in (
            (self.tr("Best there is"), "auto"),
            ("CPU", "cpu"),
            ("CUDA", "cuda"),
            ("Apple MPS", "mps"),
        ):
            self.device.addItem(text, value)
        self.device.installEventFilter(self._wheel)
        self.device.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row("device", self.tr("Device"), self.device, self.tr("What the training runs on."))
        self.threads = self._int(0, 256, 0)
        self.threads.setSpecialValueText(self.tr("Automatic"))
        self._row("threads", self.tr("CPU threads"), self.threads, self.tr("Fewer leave more of the computer to you."))
        self.batch = self._int(2, 1024, defaults["batch"], 2)
        self._row(
            "batch",
            self.tr("Batch"),
            self.batch,
            self.tr("Pictures in one step. Larger is steadier and needs more memory."),
        )
        self.learning_rate = self._real(0, 0.1, 0, 5, 0.0005)
        self.learning_rate.setSpecialValueText(self.tr("Automatic"))
        self._row(
            "learning_rate",
            self.tr("Learning rate"),
            self.learning_rate,
            self.tr("Lower it when the losses jump wildly. Automatic: 0.0025 for StyleGAN2, 0.0002 for DCGAN."),
        )
        self.seed = self._int(0, 2**31 - 1, random.randrange(10_000))
        dice = QToolButton()
        dice.setIcon(icon("random"))
        dice.setToolTip(self.tr("Another seed"))
        dice.setAccessibleName(dice.toolTip())
        dice.clicked.connect(lambda: self.seed.setValue(random.randrange(2**31 - 1)))
        pair = QWidget()
        seeds = QHBoxLayout(pair)
        seeds.setContentsMargins(0, 0, 0, 0)
        seeds.setSpacing(SPACE_S)
        seeds.addWidget(self.seed, 1)
        seeds.addWidget(dice)
        self._row("seed", self.tr("Seed"), pair, self.tr("The same seed and settings give the same run."))
        self.seed.setMinimumWidth(20)

        augment = QWidget()
        parts = QVBoxLayout(augment)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        self.augment: dict[str, QCheckBox] = {}
        for text, value in (
            (self.tr("Colour"), "color"),
            (self.tr("Shift"), "translation"),
            (self.tr("Cut-out"), "cutout"),
        ):
            box = QCheckBox(text)
            box.setChecked(value in defaults["augment"])
            self.augment[value] = box
            parts.addWidget(box)
        self._row(
            "augment",
            self.tr("Augmentation"),
            augment,
            self.tr("Changes both real and generated pictures while judging them, so that few pictures last longer."),
        )
        self.augment_share = self._real(0, 1, defaults["augment_share"], 2, 0.05)
        self._row(
            "augment_share",
            self.tr("Augmented share"),
            self.augment_share,
            self.tr("Of the pictures, for each kind. Above 0.8 the changes begin to show in the samples."),
        )
        self.preview_every = self._int(1, 10_000_000, defaults["preview_every"], 500)
        self._row(
            "preview_every", self.tr("Preview every"), self.preview_every, self.tr("Images between two sample grids.")
        )
        self.snapshot_every = self._int(1, 100_000_000, defaults["snapshot_every"], 1000)
        self._row(
            "snapshot_every",
            self.tr("Checkpoint every"),
            self.snapshot_every,
            self.tr("Images between two checkpoints. When the computer stops, the work since the last one is lost."),
        )
        self.channel_base = self._int(64, 65536, defaults["channel_base"], 512)
        self._row(
            "channel_base",
            self.tr("Width of fine layers"),
            self.channel_base,
            self.tr("Channels times resolution. Twice as much is slower, and finer in detail."),
            stylegan=True,
        )
        self.channel_max = self._int(8, 1024, defaults["channel_max"], 16)
        self._row(
            "channel_max",
            self.tr("Width of coarse layers"),
            self.channel_max,
            self.tr("Most channels that a layer may have."),
            stylegan=True,
        )
        self.latent_size = self._int(2, 1024, defaults["latent_size"], 16)
        self._row(
            "latent_size", self.tr("Latent size"), self.latent_size, self.tr("Numbers in z and in w."), stylegan=True
        )
        self.r1_gamma = self._real(0, 1000, defaults["r1_gamma"], 3, 0.1)
        self._row(
            "r1_gamma",
            self.tr("R1 weight"),
            self.r1_gamma,
            self.tr("Keeps the judging network smooth. Raise it when the training becomes unsteady."),
            stylegan=True,
        )
        self.r1_interval = self._int(1, 64, defaults["r1_interval"])
        self._row("r1_interval", self.tr("R1 every"), self.r1_interval, self.tr("Steps."), stylegan=True)
        self.style_mixing = self._real(0, 1, defaults["style_mixing"], 2, 0.05)
        self._row(
            "style_mixing",
            self.tr("Style mixing"),
            self.style_mixing,
            self.tr("How often two latents are mixed, which keeps coarse and fine layers apart."),
            stylegan=True,
        )
        self.anchor = self._real(0, 1000, defaults["anchor"], 2, 0.5)
        self.anchor.setSpecialValueText(self.tr("Off"))
        self._row(
            "anchor",
            self.tr("Anchors"),
            self.anchor,
            self.tr(
                "Every picture gets a latent that must give it back: small folders form sooner. Not with mirroring."
            ),
            stylegan=True,
        )
        self.anchor_first = self._int(0, 100_000_000, defaults["anchor_first"], 1000)
        self._row(
            "anchor_first",
            self.tr("Anchors alone for"),
            self.anchor_first,
            self.tr("Images for which only the anchors teach the generator."),
            stylegan=True,
        )
        self.mirror.toggled.connect(self._update_anchors)
        self.mirror.toggled.connect(self.viewChanged)
        self.augment_share.valueChanged.connect(self.viewChanged)
        for box in self.augment.values():
            box.toggled.connect(self.viewChanged)
        self.anchor.valueChanged.connect(self._update_anchors)
        self.ema_images = self._int(1, 10_000_000, defaults["ema_images"], 500)
        self._row(
            "ema_images",
            self.tr("Averaging over"),
            self.ema_images,
            self.tr("Half-life, in images, of the averaged network that becomes the model."),
            stylegan=True,
        )
        self.advanced.body.addLayout(grid)
        self.description = QLineEdit()
        self._make_measuring()
        self.licence = QLineEdit()
        self.data = QLineEdit()
        for label, field, placeholder in (
            (self.tr("Description"), self.description, self.tr("Goes into the model file")),
            (self.tr("Licence"), self.licence, self.tr("Of the model, e.g. CC BY 4.0")),
            (self.tr("Data"), self.data, self.tr("Where the pictures are from")),
        ):
            field.setPlaceholderText(placeholder)
            self.advanced.body.addLayout(_labelled(label, field))
        back = QPushButton(icon("reset"), self.tr("Recommended values"))
        back.setToolTip(self.tr("Take back all changes in this section."))
        back.clicked.connect(self.reset_advanced)
        self.advanced.body.addWidget(back, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addWidget(self.advanced)
        for name in ("channel_base", "preview_every", "snapshot_every"):
            getattr(self, name).valueChanged.connect(lambda _, name=name: self._touch(name))
        self._touched.clear()

    def _make_measuring(self) -> None:
        self.measuring = controls = MeasuringControls()
        controls.samples.setSpecialValueText(self.tr("Automatic"))
        controls.patience.setSpecialValueText(self.tr("Never"))
        for text, key in (
            (self.tr("Automatic"), "auto"),
            (self.tr("EfficientNet"), "efficientnet-lite0"),
            (self.tr("Inception"), "inception-fid"),
        ):
            controls.features.addItem(text, key)
        rows: tuple[tuple[str, str, QWidget, str], ...] = (
            (
                "evaluate_every",
                self.tr("Measure the quality"),
                controls.every,
                self.tr("KID, precision, recall and copies. Each time costs some seconds to a minute."),
            ),
            (
                "evaluate_samples",
                self.tr("Samples measured"),
                controls.samples,
                self.tr("Only runs with as many compare. Automatic is 512."),
            ),
            (
                "features",
                self.tr("Measured with"),
                controls.features,
                self.tr(
                    "Inception gives the values of papers; automatic takes it when its weights are on this machine."
                ),
            ),
            (
                "patience",
                self.tr("End after"),
                controls.patience,
                self.tr("So many measurements without a better KID end the run; the best snapshot is kept."),
            ),
        )
        for name, text, field, tooltip in rows:
            if isinstance(field, QSpinBox):
                self._quiet(field)
            self._row(name, text, field, tooltip)
        controls.set_values(TrainSettings(name="defaults", folder=""))

    def _row(self, name: str, text: str, field: QWidget, tooltip: str, *, stylegan: bool = False) -> None:
        label = QLabel(text)
        label.setToolTip(tooltip)
        label.setBuddy(field.findChild(QSpinBox) or field)
        field.setToolTip(tooltip)
        field.setAccessibleName(text)
        field.setFixedWidth(FIELD_WIDTH)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if name == "augment" else Qt.AlignmentFlag(0))
        self._grid.addWidget(field, row, 1)
        self._rows[name] = (label, field)
        if stylegan:
            self._stylegan_only += [label, field]

    def _int(self, least: int, most: int, value: int, step: int = 1) -> QSpinBox:
        box = QSpinBox()
        box.setRange(least, most)
        box.setSingleStep(step)
        box.setGroupSeparatorShown(most >= 10_000)
        box.setValue(value)
        self._quiet(box)
        return box

    def _real(self, least: float, most: float, value: float, decimals: int, step: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setDecimals(decimals)
        box.setRange(least, most)
        box.setSingleStep(step)
        box.setValue(value)
        self._quiet(box)
        return box

    def _quiet(self, box: QAbstractSpinBox) -> None:
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setKeyboardTracking(False)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        box.setFrame(False)  # its line edit has the border
        box.installEventFilter(self._wheel)

    # ---- what others ask

    def resolution(self) -> int:
        """The resolution chosen."""
        return self._resolutions.checkedId()

    def changes(self) -> Changes:
        """What the training will do to the pictures."""
        policies = tuple(name for name, box in self.augment.items() if box.isChecked())
        return Changes(policies, self.augment_share.value(), self.mirror.isChecked())

    def budget(self) -> int:
        """The images chosen."""
        return (QUICK_IMAGES, self._overnight_images(), self.images.value())[self._budget.checkedId()]

    def start_model(self) -> ModelInfo | None:
        """The model to start from, or None for scratch."""
        model = self.start_from.currentData()
        return model if isinstance(model, ModelInfo) else None

    def set_report(self, report: FolderReport | None, looking: bool = False, choices: Choices | None = None) -> None:
        """Take the folder's suggestions: the resolution, unless chosen by hand, and a name.

        ``looking``: there is no report yet because the folder is being looked through.
        """
        self._report = report
        self._looking = looking
        self._choices = choices or Choices()
        if report is not None:
            self.pictures.show_films(any(found.frame is not None for found in report.findings))
            if "resolution" not in self._touched:
                largest = RESOLUTIONS[self._architecture()][-1]
                self._set_resolution(min(self._proposal(report).resolution, largest))
            if "name" not in self._touched:
                self.name.setText(re.sub(r"[_\s]+", " ", report.folder.name).strip()[:100])
        self._update()

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these models to start from."""
        self._models = list(models)
        self._fill_models()
        self._update()

    def set_device(self, device: str) -> None:
        """Preselect a device."""
        self.device.setCurrentIndex(max(0, self.device.findData(device)))

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
            images=self.budget(),
            batch=self.batch.value(),
            seed=self.seed.value(),
            device=self.device.currentData(),
            snapshot_every=self.snapshot_every.value(),
            preview_every=self.preview_every.value(),
            mirror=self.mirror.isChecked(),
            **self.pictures.values(),
            threads=self.threads.value(),
            learning_rate=self.learning_rate.value() or None,
            channel_base=self.channel_base.value(),
            channel_max=self.channel_max.value(),
            latent_size=self.latent_size.value(),
            r1_gamma=self.r1_gamma.value(),
            r1_interval=self.r1_interval.value(),
            style_mixing=self.style_mixing.value(),
            augment=tuple(name for name, box in self.augment.items() if box.isChecked()),  # type: ignore[misc]
            augment_share=self.augment_share.value(),
            anchor=self.anchor.value() if self._can_anchor() else 0.0,
            anchor_first=self.anchor_first.value() if self._can_anchor() else 0,
            ema_images=self.ema_images.value(),
            **self.measuring.values(),
            licence=self.licence.text().strip(),
            description=self.description.text().strip(),
            data=self.data.text().strip(),
        )

    def prefill(self, settings: TrainSettings) -> None:
        """Set everything as in ``settings`` but the folder, which :class:`FolderView` holds, with a new seed."""
        self._touched |= {"name", "resolution", "channel_base", "preview_every", "snapshot_every"}
        self.name.setText(settings.name)
        self.architecture.setCurrentIndex(self.architecture.findData(settings.architecture))
        self._set_resolution(settings.resolution)
        for row in range(self.start_from.count()):
            model = self.start_from.itemData(row)
            if settings.start_from and isinstance(model, ModelInfo) and str(model.path) == settings.start_from:
                self.start_from.setCurrentIndex(row)
        self.custom.setChecked(True)
        self.images.setValue(settings.images)
        self.mirror.setChecked(settings.mirror)
        self.pictures.set_values(settings)
        self._set_advanced(settings)
        self.seed.setValue(random.randrange(10_000))
        self.description.setText(settings.description)
        self.licence.setText(settings.licence)
        self.data.setText(settings.data)
        self._update()

    def reset_advanced(self) -> None:
        """Bring back the recommended values."""
        defaults = TrainSettings(name="defaults", folder="")
        self._set_advanced(defaults)
        self._touched -= {"channel_base", "preview_every", "snapshot_every"}
        self._follow()

    def _set_advanced(self, settings: TrainSettings) -> None:
        for name in (
            "threads", "batch", "preview_every", "snapshot_every", "channel_base", "channel_max", "latent_size",
            "r1_gamma", "r1_interval", "style_mixing", "augment_share", "anchor", "anchor_first",
            "ema_images",
        ):  # fmt: skip
            getattr(self, name).setValue(getattr(settings, name))
        self.measuring.set_values(settings)
        self.set_device(settings.device)
        self.learning_rate.setValue(settings.learning_rate or 0)
        for name, box in self.augment.items():
            box.setChecked(name in settings.augment)

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
        self.viewChanged.emit()

    def _on_architecture(self) -> None:
        self._update_architecture()
        self._fill_models()
        self._follow()
        self._update()

    def _update_architecture(self) -> None:
        allowed = RESOLUTIONS[self._architecture()]
        for button in self._resolutions.buttons():
            fits = self._resolutions.id(button) in allowed
            button.setEnabled(fits)
            button.setToolTip("" if fits else self.tr("A DCGAN makes up to 128 pixels."))
        if self.resolution() not in allowed:
            self._set_resolution(allowed[-1])
        for part in self._stylegan_only:
            part.setVisible(self._architecture() == "stylegan2")
        self._update_anchors()

    def _can_anchor(self) -> bool:
        """Anchors know their pictures one way round only."""
        return self._architecture() == "stylegan2" and not self.mirror.isChecked()

    def _update_anchors(self) -> None:
        self.anchor.setEnabled(self._can_anchor())
        self.anchor_first.setEnabled(self._can_anchor() and self.anchor.value() > 0)

    def _on_start_from(self) -> None:
        model = self.start_model()
        # The starting model brings its own shape.
        for name in ("channel_base", "channel_max", "latent_size"):
            self._rows[name][1].setEnabled(model is None)
        if model is not None and model.architecture == "stylegan2":
            self.latent_size.setValue(model.z_dim)
        self._update()

    def _on_budget(self) -> None:
        if self.sender() is self.images and not self.custom.isChecked():
            self.custom.setChecked(True)
        self._follow()
        self._update()

    def _fill_models(self) -> None:
        chosen = self.start_model()
        self.start_from.blockSignals(True)
        self.start_from.clear()
        self.start_from.addItem(self.tr("Scratch (random weights)"), None)
        items = self.start_from.model()
        assert isinstance(items, QStandardItemModel)
        for model in self._models:
            self.start_from.addItem(f"{model.name} · {model.resolution} px", model)
            why_not = self._misfit(model)
            item = items.item(self.start_from.count() - 1)
            item.setEnabled(not why_not)
            item.setToolTip(why_not or model.description)
            if chosen is not None and model.hash == chosen.hash and not why_not:
                self.start_from.setCurrentIndex(self.start_from.count() - 1)
        self.start_from.blockSignals(False)
        self._on_start_from()

    def _misfit(self, model: ModelInfo) -> str:
        """Why the run cannot start from ``model``; empty when it can."""
        if model.architecture != self._architecture():
            return self.tr("This model is a {other}, the run is set to {this}.").format(
                other=ARCHITECTURES.get(model.architecture, model.architecture),
                this=ARCHITECTURES[self._architecture()],
            )
        if model.resolution != self.resolution():
            return self.tr("This model makes {other} pixels, the run is set to {this}.").format(
                other=model.resolution, this=self.resolution()
            )
        return ""

    def _follow(self) -> None:
        """Bring values along that depend on others, unless they were set by hand."""
        images = self.budget()
        recommended = {
            # As many channels at the finest layer for every resolution.
            "channel_base": max(2048, 32 * self.resolution()),
            "preview_every": max(200, min(10_000, 100 * round(images / 10_000))),
            "snapshot_every": max(1000, min(20_000, 1000 * round(images / 20_000))),
        }
        for name, value in recommended.items():
            if name not in self._touched:
                box: QSpinBox = getattr(self, name)
                box.blockSignals(True)
                box.setValue(value)
                box.blockSignals(False)

    def _overnight_images(self) -> int:
        known = self._known_speed(self._architecture(), self.resolution())
        if known is None:
            return OVERNIGHT_IMAGES
        return max(QUICK_IMAGES, 10_000 * round(known[0] * OVERNIGHT_SECONDS / 10_000))

    def update_estimate(self) -> None:
        """Say how long it will take; called again when a run has measured a speed."""
        for label, images in zip(self._budget_labels, (QUICK_IMAGES, self._overnight_images()), strict=True):
            label.setText(self.tr("{n} images").format(n=number(images)))
        known = self._known_speed(self._architecture(), self.resolution())
        if known is None:
            text = self.tr("How long that takes will be known after the first minute.")
        else:
            text = self.tr("About {time}, at the {speed} of “{run}”.").format(
                time=duration(self.budget() / known[0]), speed=speed(known[0]), run=known[1]
            )
        self._estimate.setText(text)

    def _update(self) -> None:
        self.update_estimate()
        report = self._report
        suggested = "" if report is None else self._suggest(report)
        self._suggestion.setText(suggested)
        self._suggestion.setVisible(bool(suggested))
        reason = self._why_not()
        self.start.setEnabled(not reason)
        self._hint.setText(
            reason or self.tr("The training goes on when this window is closed; you can pause it at any time.")
        )

    def _proposal(self, report: FolderReport) -> Proposal:
        return summarise(report, self.pictures.framing(self.resolution()), self._choices).proposal

    def _suggest(self, report: FolderReport) -> str:
        """The resolution proposed, and why."""
        found = self._proposal(report)
        suggested = min(found.resolution, RESOLUTIONS[self._architecture()][-1])
        text = (
            self.tr("Suggested for these pictures.")
            if suggested == self.resolution()
            else self.tr("{n} is suggested for these pictures.").format(n=suggested)
        )
        if suggested < found.resolution:
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
            if self._looking:
                return self.tr("The folder is being looked through …")
            return self.tr("First choose a folder with pictures.")
        if len(self._report.used) < 2:
            return self.tr("The folder has fewer than two usable pictures.")
        if not self.name.text().strip():
            return self.tr("The run needs a name.")
        return ""


def _labelled(text: str, field: QWidget | QBoxLayout) -> QHBoxLayout:
    label = QLabel(text)
    label.setFixedWidth(76)
    row = QHBoxLayout()
    row.setSpacing(SPACE_M)
    if isinstance(field, QVBoxLayout):
        # Beside the first line of the field.
        label.setMinimumHeight(28)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    else:
        row.addWidget(label)
    if isinstance(field, QWidget):
        label.setBuddy(field)
        field.setAccessibleName(field.accessibleName() or text)
        row.addWidget(field, 1)
    else:
        row.addLayout(field, 1)
    return row
