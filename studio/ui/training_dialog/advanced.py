"""Every value of a run, in a section that is closed at first."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.training.settings import TrainSettings
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.training_dialog.fields import FieldGrid, labelled
from studio.ui.training_dialog.measuring import MeasuringControls
from studio.ui.widgets import Section

BOXES = (QSpinBox, QDoubleSpinBox)


class AdvancedSection(Section):
    """The fields, by the names of the settings. What the artist has set by hand is left alone by advice."""

    changed = Signal()
    resetWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, expanded=False)
        self.set_title(self.tr("Advanced"))
        self._grid = FieldGrid()
        self._touched: set[str] = set()
        self._advising = False
        self._architecture = "stylegan2"
        self._starts = False
        self._mirrored = False
        self._defaults = TrainSettings(name="defaults", folder="")
        self.fields: dict[str, QWidget] = {}
        self._make_machine()
        self._make_learning()
        self._make_discriminator()
        self._make_augmentation()
        self._make_network()
        self._make_measuring()
        self.body.addLayout(self._grid)
        heading = QLabel(self.tr("Model file"))
        heading.setProperty("muted", True)
        heading.setContentsMargins(0, SPACE_M, 0, 0)
        self.body.addWidget(heading)
        self.description, self.licence, self.data = QLineEdit(), QLineEdit(), QLineEdit()
        for label, field, placeholder in (
            (self.tr("Description"), self.description, self.tr("Goes into the model file")),
            (self.tr("Licence"), self.licence, self.tr("Of the model, e.g. CC BY 4.0")),
            (self.tr("Data"), self.data, self.tr("Where the pictures are from")),
        ):
            field.setPlaceholderText(placeholder)
            self.body.addLayout(labelled(label, field))
        back = QPushButton(icon("reset"), self.tr("Recommended values"))
        back.setToolTip(self.tr("Take back all changes in this section."))
        back.clicked.connect(self.resetWanted)
        self.body.addWidget(back, 0, Qt.AlignmentFlag.AlignRight)
        self._update()

    # ---- building

    def _add(self, name: str, text: str, field: QWidget, tooltip: str) -> None:
        self._grid.row(name, text, field, tooltip)
        self.fields[name] = field
        for box in (field, *field.findChildren(QCheckBox)):
            if isinstance(box, BOXES):
                box.valueChanged.connect(lambda *_, name=name: self._on_changed(name))
            elif isinstance(box, QComboBox):
                box.currentIndexChanged.connect(lambda *_, name=name: self._on_changed(name))
            elif isinstance(box, QCheckBox):
                box.toggled.connect(lambda *_, name=name: self._on_changed(name))

    def _whole(
        self, name: str, text: str, limits: tuple[int, int], step: int, tooltip: str, special: str = "", unit: str = ""
    ) -> QSpinBox:
        box = self._grid.whole(*limits, int(getattr(self._defaults, name)), step)
        box.setSuffix(unit)
        box.setSpecialValueText(special)
        self._add(name, text, box, tooltip)
        return box

    def _real(
        self,
        name: str,
        text: str,
        limits: tuple[float, float],
        form: tuple[int, float],
        tooltip: str,
        special: str = "",
    ) -> QDoubleSpinBox:
        box = self._grid.real(*limits, float(getattr(self._defaults, name) or 0), *form)
        box.setSpecialValueText(special)
        self._add(name, text, box, tooltip)
        return box

    def _checks(self, name: str, text: str, entries: tuple[tuple[str, str], ...], tooltip: str) -> dict[str, QCheckBox]:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        boxes = {}
        for label, value in entries:
            boxes[value] = box = QCheckBox(label, holder)
            box.setChecked(value in getattr(self._defaults, name))
            column.addWidget(box)
        self._add(name, text, holder, tooltip)
        return boxes

    def _make_machine(self) -> None:
        automatic = self.tr("Automatic")
        self._grid.heading(self.tr("Machine"))
        self.device = self._grid.choice(
            ((self.tr("Best there is"), "auto"), ("CPU", "cpu"), ("CUDA", "cuda"), ("Apple MPS", "mps"))
        )
        self._add("device", self.tr("Device"), self.device, self.tr("What the training runs on."))
        self.precision = self._grid.choice(
            ((automatic, "auto"), (self.tr("32 bit"), "fp32"), ("bfloat16", "bf16"), ("float16", "fp16"))
        )
        self._add(
            "precision",
            self.tr("Number precision"),
            self.precision,
            self.tr("Half precision is about twice as fast on a graphics card. Automatic uses it there."),
        )
        self._whole(
            "processes",
            self.tr("Processes"),
            (1, 64),
            1,
            self.tr("One for each graphics card; the batch is divided among them. The result does not depend on it."),
        )
        self.threads = self._whole(
            "threads",
            self.tr("CPU threads"),
            (0, 256),
            1,
            self.tr("Fewer leave more of the computer to you."),
            automatic,
        )
        self.batch = self._whole(
            "batch",
            self.tr("Batch"),
            (2, 1024),
            2,
            self.tr("Pictures in one step. Larger is steadier and needs more memory."),
        )
        self._whole(
            "micro_batch",
            self.tr("At a time"),
            (0, 1024),
            4,
            self.tr("Pictures of a batch that go through at once. Fewer need less memory and give the same result."),
            automatic,
        )
        self.seed = self._grid.whole(0, 2**31 - 1, random.randrange(10_000))
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
        self._grid.row("seed", self.tr("Seed"), pair, self.tr("The same seed and settings give the same run."))
        self.seed.setMinimumWidth(20)
        self.preview_every = self._whole(
            "preview_every",
            self.tr("Preview every"),
            (1, 10_000_000),
            500,
            self.tr("Images between two sample grids."),
            unit=self.tr(" images"),
        )
        self.snapshot_every = self._whole(
            "snapshot_every",
            self.tr("Checkpoint every"),
            (1, 100_000_000),
            1000,
            self.tr("Images between two checkpoints. When the computer stops, the work since the last one is lost."),
            unit=self.tr(" images"),
        )

    def _make_learning(self) -> None:
        self._grid.heading(self.tr("Learning"))
        self.loss = self._grid.choice(
            (
                (self.tr("Automatic"), "auto"),
                (self.tr("Non-saturating"), "logistic"),
                (self.tr("Minimax"), "minimax"),
                (self.tr("Relativistic"), "relativistic"),
                (self.tr("Hinge"), "hinge"),
            )
        )
        self._add(
            "loss",
            self.tr("Loss"),
            self.loss,
            self.tr(
                "Automatic is the non-saturating loss, hinge with a projected discriminator. Minimax is the form of "
                "the first paper, relativistic compares pictures in pairs."
            ),
        )
        self.learning_rate = self._real(
            "learning_rate",
            self.tr("Learning rate"),
            (0, 0.1),
            (5, 0.0005),
            self.tr("Lower it when the losses jump wildly. Automatic: 0.0025 for StyleGAN, 0.0002 for DCGAN."),
            self.tr("Automatic"),
        )
        self.r1_gamma = self._real(
            "r1_gamma",
            self.tr("R1 weight"),
            (0, 1000),
            (4, 0.1),
            self.tr("Keeps the judging network smooth. Raise it when the training becomes unsteady."),
        )
        self._real(
            "r2_gamma",
            self.tr("R2 weight"),
            (0, 1000),
            (4, 0.1),
            self.tr("The same on generated pictures, for the relativistic loss: as large as R1's."),
            self.tr("Off"),
        )
        self._whole(
            "r1_interval",
            self.tr("R1 every"),
            (1, 64),
            1,
            self.tr("Only one of so many steps has it, with as many times the weight: as good in less time."),
            unit=self.tr(" steps"),
        )
        self._real(
            "path_weight",
            self.tr("Path length weight"),
            (0, 1000),
            (2, 0.5),
            self.tr("Equal steps in the latent space become equal changes of the picture. 2 is usual; costs time."),
            self.tr("Off"),
        )
        self._whole(
            "path_interval",
            self.tr("Path length every"),
            (1, 64),
            1,
            self.tr("Only one of so many steps has it, with as many times the weight: as good in less time."),
            unit=self.tr(" steps"),
        )
        self.style_mixing = self._real(
            "style_mixing",
            self.tr("Style mixing"),
            (0, 1),
            (2, 0.05),
            self.tr("How often two latents are mixed, which keeps coarse and fine layers apart."),
        )
        self.ema_images = self._whole(
            "ema_images",
            self.tr("Averaging over"),
            (1, 10_000_000),
            500,
            self.tr("Half-life, in images, of the averaged network that becomes the model."),
            unit=self.tr(" images"),
        )
        self.anchor = self._real(
            "anchor",
            self.tr("Anchors"),
            (0, 1000),
            (2, 0.5),
            self.tr(
                "Every picture gets a latent that must give it back: small folders form sooner. Not with mirroring."
            ),
            self.tr("Off"),
        )
        self.anchor_first = self._whole(
            "anchor_first",
            self.tr("Anchors alone for"),
            (0, 100_000_000),
            1000,
            self.tr("Images for which only the anchors teach the generator."),
            self.tr("Off"),
            unit=self.tr(" images"),
        )

    def _make_discriminator(self) -> None:
        self._grid.heading(self.tr("Discriminator"))
        self.discriminator = self._grid.choice(
            ((self.tr("StyleGAN2’s"), "stylegan2"), (self.tr("Projected"), "projected"))
        )
        self._add(
            "discriminator",
            self.tr("Kind"),
            self.discriminator,
            self.tr(
                "Projected looks through a network that knows photos (17 MB, fetched once): few pictures form much "
                "sooner. It can collapse on flat artwork; the run says so then."
            ),
        )
        self._whole(
            "freeze_layers",
            self.tr("Frozen layers"),
            (0, 40),
            1,
            self.tr("So many layers keep what the starting model’s discriminator knows; 10 to 13 help small folders."),
        )
        self._whole(
            "warm_up",
            self.tr("Alone for"),
            (0, 100_000_000),
            500,
            self.tr("Images for which a new discriminator learns while the generator stands still."),
            self.tr("Off"),
            unit=self.tr(" images"),
        )

    def _make_augmentation(self) -> None:
        self._grid.heading(self.tr("Augmentation"))
        self.augmentation = self._grid.choice(
            ((self.tr("Always"), "diffaugment"), (self.tr("Adaptive"), "ada"), (self.tr("None"), "none"))
        )
        self._add(
            "augmentation",
            self.tr("Kind"),
            self.augmentation,
            self.tr(
                "Changes real and generated pictures alike while judging them, so that few pictures last longer. "
                "Always is DiffAugment; adaptive is ADA, as much as is needed against learning by heart."
            ),
        )
        colour, shift, cut = self.tr("Colour"), self.tr("Shift"), self.tr("Cut-out")
        self.augment = self._checks(
            "augment",
            self.tr("Parts"),
            ((colour, "color"), (shift, "translation"), (cut, "cutout")),
            self.tr("What is changed."),
        )
        self.augment_share = self._real(
            "augment_share",
            self.tr("Augmented share"),
            (0, 1),
            (2, 0.05),
            self.tr("Of the pictures, for each kind. Above 0.8 the changes begin to show in the samples."),
        )
        self.ada_parts = self._checks(
            "ada_parts",
            self.tr("Parts"),
            (
                (self.tr("Flips and shifts"), "blit"),
                (self.tr("Turns, sizes"), "geometry"),
                (colour, "color"),
                (self.tr("Sharpness"), "filter"),
                (self.tr("Noise"), "noise"),
                (cut, "cutout"),
            ),
            self.tr("What is changed. The first three help most."),
        )
        self._real(
            "ada_target",
            self.tr("Target"),
            (-1, 1),
            (2, 0.05),
            self.tr("How sure of real pictures the discriminator may be before it is augmented more; 0.6 is usual."),
        )
        self._whole(
            "ada_images",
            self.tr("Adapts within"),
            (1000, 100_000_000),
            50_000,
            self.tr("Images from never to always. 500,000 is usual, 100,000 for short fine-tunes."),
            unit=self.tr(" images"),
        )
        self._real(
            "ada_start",
            self.tr("Begins at"),
            (0, 1),
            (2, 0.05),
            self.tr("Share of the pictures that are changed at first."),
        )

    def _make_network(self) -> None:
        self._grid.heading(self.tr("Network"))
        self.channel_base = self._whole(
            "channel_base",
            self.tr("Width of fine layers"),
            (64, 65536),
            512,
            self.tr("Channels times resolution. Twice as much is slower, and finer in detail."),
        )
        self.channel_max = self._whole(
            "channel_max",
            self.tr("Width of coarse layers"),
            (8, 1024),
            16,
            self.tr("Most channels that a layer may have."),
        )
        self.latent_size = self._whole(
            "latent_size", self.tr("Latent size"), (2, 1024), 16, self.tr("Numbers in z and in w.")
        )

    def _make_measuring(self) -> None:
        self._grid.heading(self.tr("Measuring"))
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
                self.tr("End without gain after"),
                controls.patience,
                self.tr("So many measurements without a better KID end the run; the best snapshot is kept."),
            ),
        )
        for name, text, field, tooltip in rows:
            if isinstance(field, QSpinBox):
                self._grid.quieten(field)
            elif isinstance(field, QComboBox):
                self._grid.tame(field)
            self._grid.row(name, text, field, tooltip)
        controls.set_values(self._defaults)

    # ---- what the form asks

    def values(self) -> dict[str, Any]:
        """The settings by name."""
        found: dict[str, Any] = {name: self._value(name) for name in self.fields}
        found["learning_rate"] = found["learning_rate"] or None
        if not self.can_anchor():
            found |= {"anchor": 0.0, "anchor_first": 0}
        if self._architecture == "dcgan":
            found["discriminator"] = "stylegan2"
        return (
            found
            | self.measuring.values()
            | {"seed": self.seed.value()}
            | {name: getattr(self, name).text().strip() for name in ("description", "licence", "data")}
        )

    def _value(self, name: str) -> Any:
        field = self.fields[name]
        if isinstance(field, BOXES):
            return field.value()
        if isinstance(field, QComboBox):
            return field.currentData()
        boxes = self.augment if name == "augment" else self.ada_parts
        return tuple(value for value, box in boxes.items() if box.isChecked())

    def set_settings(self, settings: TrainSettings) -> None:
        """Show everything as in ``settings``, with a new seed; all of it counts as set by hand."""
        values = settings.model_dump()
        self._show({name: values[name] for name in self.fields})
        self._touched = set(self.fields)
        self.measuring.set_values(settings)
        self.seed.setValue(random.randrange(10_000))
        for name in ("description", "licence", "data"):
            getattr(self, name).setText(values[name])

    def reset(self) -> None:
        """Bring back the recommended values; the form gives its advice after that."""
        self._touched.clear()
        values = self._defaults.model_dump()
        self._show({name: values[name] for name in self.fields if name != "device"})
        self.measuring.set_values(self._defaults)

    def advise(self, values: Mapping[str, Any]) -> None:
        """Take these values where the artist has set nothing by hand."""
        self._show({name: value for name, value in values.items() if name not in self._touched})

    def is_touched(self, name: str) -> bool:
        """Whether the artist has set it by hand."""
        return name in self._touched

    def set_run(self, *, architecture: str, starts: bool, mirrored: bool) -> None:
        """Show what matters for that kind of run."""
        self._architecture, self._starts, self._mirrored = architecture, starts, mirrored
        # The starting model brings its own shape.
        for name in ("channel_base", "channel_max", "latent_size"):
            self.fields[name].setEnabled(not starts)
        self._update()

    def can_anchor(self) -> bool:
        """Anchors know their pictures one way round only."""
        return self._architecture != "dcgan" and not self._mirrored

    # ---- keeping things in step

    def _show(self, values: Mapping[str, Any]) -> None:
        self._advising = True
        try:
            for name, value in values.items():
                field = self.fields[name]
                if isinstance(field, BOXES):
                    field.setValue(value or 0)
                elif isinstance(field, QComboBox):
                    field.setCurrentIndex(max(0, field.findData(value)))
                else:
                    for key, box in (self.augment if name == "augment" else self.ada_parts).items():
                        box.setChecked(key in value)
        finally:
            self._advising = False
        self._update()

    def _on_changed(self, name: str) -> None:
        if self._advising:
            return
        self._touched.add(name)
        if name == "loss" and self.loss.currentData() == "relativistic" and not self.is_touched("r2_gamma"):
            # R3GAN is stable with both, equally strong.
            self._show({"r2_gamma": self.r1_gamma.value()})
        self._update()
        self.changed.emit()

    def _update(self) -> None:
        dcgan = self._architecture == "dcgan"
        projected = not dcgan and self.discriminator.currentData() == "projected"
        augmentation = self.augmentation.currentData()
        path = self.fields["path_weight"]
        assert isinstance(path, QDoubleSpinBox)
        hidden_when: tuple[tuple[bool, tuple[str, ...]], ...] = (
            (
                dcgan,
                (
                    "r1_gamma", "r1_interval", "r2_gamma", "path_weight", "path_interval", "style_mixing", "ema_images",
                    "anchor", "anchor_first", "discriminator", "freeze_layers", "warm_up", "channel_base",
                    "channel_max", "latent_size", "micro_batch",
                ),
            ),
            (projected, ("r1_gamma", "r1_interval", "r2_gamma", "freeze_layers")),
            (self.loss.currentData() != "relativistic", ("r2_gamma",)),
            (not path.value(), ("path_interval",)),
            (augmentation != "diffaugment", ("augment", "augment_share")),
            (augmentation != "ada", ("ada_parts", "ada_target", "ada_images", "ada_start")),
        )  # fmt: skip
        self._grid.show_rows(name for hidden, names in hidden_when if hidden for name in names)
        self.anchor.setEnabled(self.can_anchor())
        self.anchor_first.setEnabled(self.can_anchor() and self.anchor.value() > 0)
