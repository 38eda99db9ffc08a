"""Every value of a run, in a section that is closed at first."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
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

from studio.base.fields import FieldDescription, describe_field, is_shown
from studio.training.settings import TrainSettings
from studio.ui.binding import field_text
from studio.ui.model import Model
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.train.setup.bound import bind_setting
from studio.ui.train.setup.fields import FieldGrid, labelled
from studio.ui.train.setup.measuring import Interval
from studio.ui.train.setup.plan import DEFAULTS, OF_THE_MODEL, RunPlan
from studio.ui.widgets import Section
from studio.ui.widgets.value_field import ValueField

GROUPS = (
    ("device", "precision", "processes", "threads", "batch", "micro_batch", "seed", "preview_every", "snapshot_every"),
    (
        *("loss", "learning_rate", "r1_gamma", "r2_gamma", "r1_interval", "path_weight", "path_interval", "noise"),
        *("style_mixing", "ema_images", "anchor", "anchor_first"),
    ),
    ("discriminator", "freeze_layers", "warm_up"),
    ("augmentation", "augment", "augment_share", "ada_parts", "ada_target", "ada_images", "ada_start"),
    ("channel_base", "channel_max", "latent_size"),
    ("evaluate_every", "evaluate_samples", "features", "patience"),
)
"""The settings in the order of the form, a group a row here; each says on itself what its group is called."""
MODEL_FILE = ("description", "licence", "data")
RECOMMENDED = frozenset(name for group in GROUPS for name in group) - {"device", "seed"}
"""What goes back to the recommended values at once."""
PRECISE = {"learning_rate": 5, "r1_gamma": 4, "r2_gamma": 4}
"""Digits after the point, where two are too few."""
MOST, MOST_WEIGHT = 100_000_000, 1000
"""Of settings that have no end: as whole numbers, and as fractions."""


class Checks(ValueField):
    """Some of several parts, each with a box to check."""

    def __init__(self, parts: Mapping[str, str], parent: QWidget | None = None) -> None:
        """``parts``: the name of each, to be read, by its value."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.boxes: dict[str, QCheckBox] = {}
        for part, text in parts.items():
            self.boxes[part] = box = QCheckBox(text, self)
            box.toggled.connect(self._tell)
            column.addWidget(box)

    def show_value(self, value: tuple[str, ...]) -> None:
        """Check these parts."""
        for part, box in self.boxes.items():
            box.setChecked(part in value)

    def _tell(self) -> None:
        self.changed.emit(tuple(part for part, box in self.boxes.items() if box.isChecked()))


class AdvancedSection(Section):
    """The settings by name, bound to the plan of a run. What the artist sets by hand is left alone by advice.

    Attributes
    ----------
    fields : setting -> its field.
    """

    def __init__(self, model: Model[RunPlan], parent: QWidget | None = None) -> None:
        super().__init__("", parent, expanded=False, topic="train")
        self.set_title(self.tr("Advanced"))
        self._model = model
        self._grid = FieldGrid()
        self.fields: dict[str, Any] = {}
        for group in GROUPS:
            self._grid.heading(field_text(describe_field(TrainSettings, group[0]).about.group))
            for name in group:
                self._add(name)
        self.body.addLayout(self._grid)
        heading = QLabel(self.tr("Model file"))
        heading.setProperty("muted", True)
        heading.setContentsMargins(0, SPACE_M, 0, 0)
        self.body.addWidget(heading)
        for name in MODEL_FILE:
            about = describe_field(TrainSettings, name).about
            self.fields[name] = field = QLineEdit()
            field.setPlaceholderText(field_text(about.tip))
            bind_setting(model, name, field)
            self.body.addLayout(labelled(field_text(about.label), field))
        back = QPushButton(icon("reset"), self.tr("Recommended values"))
        back.setToolTip(self.tr("Take back all changes in this section."))
        back.clicked.connect(self.reset)
        self.body.addWidget(back, 0, Qt.AlignmentFlag.AlignRight)
        model.changed.connect(self.show_plan)
        self.show_plan()

    def reset(self) -> None:
        """Bring back the recommended values."""
        self._model.set(self._model.value.without_advanced(RECOMMENDED))

    def show_plan(self) -> None:
        """Show what matters for such a run."""
        plan = self._model.value
        values = plan.values
        self._grid.show_rows(name for name in self._grid.rows if not is_shown(TrainSettings, name, values))
        for name in OF_THE_MODEL:
            self.fields[name].setEnabled(plan.start_model is None)
        self.fields["anchor"].setEnabled(plan.can_anchor)
        self.fields["anchor_first"].setEnabled(plan.can_anchor and values["anchor"] > 0)

    def _add(self, name: str) -> None:
        described = describe_field(TrainSettings, name)
        about = described.about
        if name == "seed":
            self._add_seed(described)
            return
        self.fields[name] = field = self._make(name, described)
        self._grid.row(name, field_text(about.label), field, field_text(about.tip))

    def _make(self, name: str, described: FieldDescription) -> QWidget:
        about = described.about
        labels = {str(value): field_text(text) for value, text in about.value_labels.items()}
        field: QWidget
        if isinstance(DEFAULTS[name], tuple):
            field = Checks(labels)
            bind_setting(self._model, name, field)
        elif labels:
            field = self._grid.choice((text, value) for value, text in labels.items())
            bind_setting(self._model, name, field)
        elif name == "evaluate_every":
            field = Interval()
            self._grid.quieten(field)
            bind_setting(self._model, name, field, shown=_interval, read=lambda found: None if found < 0 else found)
        elif described.kind is int:
            field = self._whole(name, described)
        else:
            most = MOST_WEIGHT if described.maximum is None else described.maximum
            least = 0.0 if described.optional else described.minimum or 0.0
            field = self._grid.real(least, most, 0.0, PRECISE.get(name, 2), about.step)
            _dress(field, described)
            read = (lambda found: found or None) if described.optional else None
            bind_setting(self._model, name, field, shown=lambda value: value or 0.0, read=read)
        return field

    def _whole(self, name: str, described: FieldDescription) -> QSpinBox:
        """A field for a whole number; 0 stands for None."""
        least = int(described.minimum or 0)
        most = MOST if described.maximum is None else int(described.maximum)
        field = self._grid.whole(0 if described.optional else least, most, 0, int(described.about.step) or 1)
        _dress(field, described)
        read = (lambda found: max(least, found) if found else None) if described.optional else None
        bind_setting(self._model, name, field, shown=lambda value: value or 0, read=read)
        return field

    def _add_seed(self, described: FieldDescription) -> None:
        self.seed = self._grid.whole(0, 2**31 - 1, 0)
        self.fields["seed"] = self.seed
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
        bind_setting(self._model, "seed", self.seed)
        self._grid.row("seed", field_text(described.about.label), pair, field_text(described.about.tip))
        self.seed.setMinimumWidth(20)


def _interval(value: int | None) -> int:
    return -1 if value is None else value


def _dress(box: QSpinBox | QDoubleSpinBox, described: FieldDescription) -> None:
    if described.about.lowest:
        box.setSpecialValueText(field_text(described.about.lowest))
    if described.about.unit:
        box.setSuffix(f" {field_text(described.about.unit)}")
