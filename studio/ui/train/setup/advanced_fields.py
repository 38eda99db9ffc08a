"""The fields of every value of a run, by the names of the settings."""

from __future__ import annotations

import random

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.training.settings import TrainSettings
from studio.ui.theme import SPACE_S, icon
from studio.ui.train.setup.fields import FieldGrid
from studio.ui.train.setup.measuring import MeasuringControls
from studio.ui.widgets import Section

BOXES = (QSpinBox, QDoubleSpinBox)


class AdvancedFields(Section):
    """The fields in groups; :meth:`_on_changed` is told of each that changes.

    Attributes
    ----------
    fields : setting -> its field; those for measuring are in ``measuring``, the seed is apart.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, expanded=False)
        self._grid = FieldGrid()
        self._defaults = TrainSettings(name="defaults", folder="")
        self.fields: dict[str, QWidget] = {}
        self._make_machine()
        self._make_learning()
        self._make_discriminator()
        self._make_augmentation()
        self._make_network()
        self._make_measuring()
        self.body.addLayout(self._grid)

    def _on_changed(self, name: str) -> None:
        raise NotImplementedError

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
        self.noise = self._grid.choice(((self.tr("On"), "random"), (self.tr("Off"), "none")))
        self._add(
            "noise",
            self.tr("Noise inputs"),
            self.noise,
            self.tr("Random details such as hair. With few pictures their grain covers everything: off is better."),
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
            (
                (self.tr("StyleGAN2’s"), "stylegan2"),
                (self.tr("Projected"), "projected"),
                (self.tr("None (drifting)"), "none"),
            )
        )
        self._add(
            "discriminator",
            self.tr("Kind"),
            self.discriminator,
            self.tr(
                "Projected looks through a network that knows photos (17 MB, fetched once): few pictures form much "
                "sooner. It can collapse on flat artwork; the run says so then. None (drifting) pulls samples towards "
                "near pictures in that network’s eyes: shapes and colours form after some thousand images, details "
                "stay coarse."
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
