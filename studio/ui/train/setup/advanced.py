"""Every value of a run, in a section that is closed at first."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QWidget

from studio.training.settings import TrainSettings
from studio.ui.theme import SPACE_M, icon
from studio.ui.train.setup.advanced_fields import BOXES, AdvancedFields
from studio.ui.train.setup.fields import labelled


class AdvancedSection(AdvancedFields):
    """The fields, by the names of the settings. What the artist has set by hand is left alone by advice."""

    changed = Signal()
    resetWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._touched: set[str] = set()
        self._advising = False
        self._architecture = "stylegan2"
        self._starts = False
        self._mirrored = False
        self.set_title(self.tr("Advanced"))
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

    # ---- what the form asks

    def values(self) -> dict[str, Any]:
        """The settings by name."""
        found: dict[str, Any] = {name: self._value(name) for name in self.fields}
        found["learning_rate"] = found["learning_rate"] or None
        if not self.can_anchor() or found["discriminator"] == "none":
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
        """Return whether the artist has set it by hand."""
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
                    "r1_gamma", "r1_interval", "r2_gamma", "path_weight", "path_interval", "noise", "style_mixing",
                    "ema_images",
                    "anchor", "anchor_first", "discriminator", "freeze_layers", "warm_up", "channel_base",
                    "channel_max", "latent_size", "micro_batch",
                ),
            ),
            (projected, ("r1_gamma", "r1_interval", "r2_gamma", "freeze_layers")),
            (
                not dcgan and self.discriminator.currentData() == "none",
                (
                    "loss", "r1_gamma", "r1_interval", "r2_gamma", "path_weight", "path_interval", "noise",
                    "style_mixing", "anchor", "anchor_first", "freeze_layers", "warm_up", "augmentation", "augment",
                    "augment_share", "ada_parts", "ada_target", "ada_images", "ada_start", "micro_batch",
                ),
            ),
            (self.loss.currentData() != "relativistic", ("r2_gamma",)),
            (not path.value(), ("path_interval",)),
            (augmentation != "diffaugment", ("augment", "augment_share")),
            (augmentation != "ada", ("ada_parts", "ada_target", "ada_images", "ada_start")),
        )  # fmt: skip
        self._grid.show_rows(name for hidden, names in hidden_when if hidden for name in names)
        self.anchor.setEnabled(self.can_anchor())
        self.anchor_first.setEnabled(self.can_anchor() and self.anchor.value() > 0)
