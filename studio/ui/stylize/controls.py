"""The settings of a stylization, all but its pictures."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.base.fields import is_shown
from studio.checkpoints.perceptual import perceptual_ready
from studio.ui.binding import SETTLE_MS, FieldBinder
from studio.ui.describe.times import duration
from studio.ui.model import Model
from studio.ui.stylize.draft import FACTORS, QUALITIES, Draft
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import Section
from studio.ui.widgets.number import without_arrows

SMALLEST, LARGEST = 256, 8192
PRESETS = (256, 512, 1024, 2048)
_LABEL_WIDTH = 96
_LOOK_LABELS = 134
"""Room for "Likeness to the photo"."""


class Controls(QWidget):
    """Shows and edits the settings of a model's :class:`Draft`."""

    printSizeWanted = Signal()
    """How a print is made shall be compared."""

    def __init__(self, model: Model[Draft], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._fields = FieldBinder(model, Draft)
        self._seconds: dict[int, float] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._make_strengths())
        layout.addWidget(self._make_final())
        layout.addWidget(self._make_advanced())
        for derived, show in (
            (model.select(lambda draft: (draft.texture, draft.keep_colors)), self._show_color_transfer),
            (model.select(lambda draft: draft.size), self._show_size),
            (model.select(lambda draft: draft.network), self.show_download),
        ):
            derived.changed.connect(show)
        self._fields.enable_used(method="optimise")
        self._show_color_transfer()
        self._show_size()
        self.show_download()

    def show_download(self) -> None:
        """Say whether the chosen network must be fetched first."""
        network = self.model.value.network
        megabytes = {"vgg16-hed": 55, "vgg19": 548}[network]
        self.download.setText(self.tr("Fetched once from the internet: {size} MB.").format(size=megabytes))
        self.download.setVisible(not perceptual_ready(network))

    def show_times(self, seconds: Mapping[int, float]) -> None:
        """Tell beside the usual qualities how long they take here, where that is known; by their steps."""
        if seconds == self._seconds:
            return
        self._seconds = dict(seconds)
        for row in range(self._presets):
            steps = int(self.quality.itemData(row))
            count = self.tr("%n steps", "", steps)
            rest = duration(seconds[steps]) if steps in seconds else count
            self.quality.setItemText(row, f"{self._names[row]}  ·  {rest}")
            self.quality.setItemData(row, count, Qt.ItemDataRole.ToolTipRole)

    def _show_color_transfer(self) -> None:
        self.color_transfer.setVisible(is_shown(Draft, "color_transfer", dict(self.model.value)))

    def _show_size(self) -> None:
        for side, button in self.size_buttons.items():
            button.setChecked(side == self.model.value.size)

    def _make_strengths(self) -> Section:
        section = Section(self.tr("Look"), topic="content")
        self.content = self._fields.slider("content_strength")
        self.style_strength = self._fields.slider("style_strength")
        self.detail = self._fields.slider("detail")
        self.faces = self._fields.slider("faces")
        for slider in (self.content, self.style_strength, self.detail, self.faces):
            slider.set_label_width(_LOOK_LABELS)
        self.keep_colors = QCheckBox()
        self._fields.bind("keep_colors", self.keep_colors)

        self.color_transfer = QComboBox()
        for text, tip, name in (
            (
                self.tr("Restyle the brightness only"),
                self.tr("Every place keeps its colour"),
                "luminance",
            ),
            (
                self.tr("Match the palette"),
                self.tr("The styles' colours are moved to the mean and spread of the photo's"),
                "linear",
            ),
            (
                self.tr("Match the palette exactly"),
                self.tr("Every colour becomes as frequent as it is in the photo"),
                "histogram",
            ),
        ):
            self.color_transfer.addItem(text, name)
            self.color_transfer.setItemData(self.color_transfer.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._fields.bind("color_transfer", self.color_transfer)

        self.size_field = QSpinBox()
        self.size_field.setSingleStep(64)
        self.size_field.setKeyboardTracking(False)
        without_arrows(self.size_field)
        self.size_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.size_field.setFixedWidth(72)
        self._fields.bind("size", self.size_field, limits=(SMALLEST, LARGEST), settle_ms=SETTLE_MS)
        self.size_buttons: dict[int, QPushButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(False)  # none is checked when the field says something else
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        label = QLabel(self._fields.label("size"))
        label.setBuddy(self.size_field)
        for side in PRESETS:
            button = QPushButton(str(side))
            button.setCheckable(True)
            button.setMinimumWidth(30)
            button.setStyleSheet("padding-left: 2px; padding-right: 2px;")
            button.setToolTip(self.tr("Long side of {side} pixels").format(side=side))
            button.clicked.connect(lambda _=False, side=side: self._choose_size(side))
            group.addButton(button)
            self.size_buttons[side] = button
            row.addWidget(button, 1)
        row.addWidget(self.size_field)

        section.body.addWidget(self.content)
        section.body.addWidget(self.style_strength)
        section.body.addWidget(self.detail)
        section.body.addWidget(self.faces)
        section.body.addWidget(self.keep_colors)
        section.body.addWidget(self.color_transfer)
        section.body.addWidget(label)
        section.body.addLayout(row)
        return section

    def _make_final(self) -> Section:
        section = Section(self.tr("Final render"), topic="final-render")
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self.quality = QComboBox()
        self._names = self.tr("Quick"), self.tr("Good"), self.tr("Best")
        for steps in QUALITIES:
            self.quality.addItem("", steps)
        self._presets = self.quality.count()
        self.show_times({})
        self._fields.bind("steps", self.quality, prepare=self._offer_steps)
        self.network = QComboBox()
        self.network.addItem(self.tr("The usual eye (VGG-16)"), "vgg16-hed")
        self.network.addItem(self.tr("The classic eye (VGG-19)"), "vgg19")
        self._fields.bind("network", self.network)
        self.download = QLabel()
        self.download.setProperty("muted", True)
        self.download.setWordWrap(True)
        # A spin box for int ends at 2**31.
        self.seed = QDoubleSpinBox()
        self.seed.setDecimals(0)
        self.seed.setKeyboardTracking(False)
        self.seed.setGroupSeparatorShown(False)
        without_arrows(self.seed)
        self._fields.bind("seed", self.seed, read=int, settle_ms=SETTLE_MS)
        self.random_seed = QToolButton()
        self.random_seed.setIcon(icon("random"))
        self.random_seed.setIconSize(QSize(16, 16))
        self.random_seed.setToolTip(self.tr("Another seed"))
        self.random_seed.setAccessibleName(self.tr("Another seed"))
        self.random_seed.clicked.connect(lambda: self.model.edit(seed=secrets.randbelow(2**32)))
        seed_row = QHBoxLayout()
        seed_row.setSpacing(SPACE_S)
        seed_row.addWidget(self.seed, 1)
        seed_row.addWidget(self.random_seed)
        self.enlarged = QComboBox()
        for factor in FACTORS:
            self.enlarged.addItem(self.tr("No") if factor == 1 else f"{factor} ×", factor)
        self._fields.bind("enlarged", self.enlarged)
        self.compare_button = QPushButton(self.tr("Compare …"))
        self.compare_button.setToolTip(
            self.tr("Optimised at print size, or smaller and then enlarged: which is quicker, and both on a part")
        )
        self.compare_button.clicked.connect(lambda: self.printSizeWanted.emit())
        enlarged_row = QHBoxLayout()
        enlarged_row.setSpacing(SPACE_S)
        enlarged_row.addWidget(self.enlarged, 1)
        enlarged_row.addWidget(self.compare_button)
        lines = (0, self.quality), (1, self.network), (3, self.seed), (4, self.enlarged)
        for name, (line, field) in zip(("steps", "network", "seed", "enlarged"), lines, strict=True):
            label = QLabel(self._fields.label(name))
            label.setBuddy(field)
            grid.addWidget(label, line, 0)
        grid.addLayout(enlarged_row, 4, 1)
        grid.addWidget(self.quality, 0, 1)
        grid.addWidget(self.network, 1, 1)
        grid.addWidget(self.download, 2, 1)
        grid.addLayout(seed_row, 3, 1)
        section.body.addLayout(grid)
        return section

    def _make_advanced(self) -> Section:
        section = Section(self.tr("Advanced"), expanded=False, topic="statistics")
        self.seamless, self.texture = QCheckBox(), QCheckBox()
        self._fields.bind("seamless", self.seamless)
        self._fields.bind("texture", self.texture)
        self.loss = QComboBox()
        for text, tip, name in (
            (
                self.tr("Like the style's"),
                self.tr("Every place becomes like the most alike place of the style (nearest neighbours of features)"),
                "nearest",
            ),
            (
                self.tr("Clean"),
                self.tr("Means and covariances of features are compared (2-Wasserstein distance)"),
                "wasserstein",
            ),
            (self.tr("Grainier, as in 2016"), self.tr("Gram matrices are compared (Gatys et al.)"), "gram"),
        ):
            self.loss.addItem(text, name)
            self.loss.setItemData(self.loss.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._fields.bind("loss", self.loss)
        label = QLabel(self._fields.label("loss"))
        label.setBuddy(self.loss)
        label.setMinimumWidth(_LABEL_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(label)
        row.addWidget(self.loss, 1)
        section.body.addWidget(self.seamless)
        section.body.addWidget(self.texture)
        section.body.addLayout(row)
        self.advanced = section
        return section

    def _offer_steps(self, steps: int) -> None:
        """Offer a number of steps beside the usual ones, as a recipe from elsewhere may have any."""
        while self.quality.count() > self._presets:
            self.quality.removeItem(self._presets)
        if self.quality.findData(steps) < 0:
            self.quality.addItem(self.tr("%n steps", "", steps), steps)

    def _choose_size(self, side: int) -> None:
        self.model.edit(size=side)
        self._show_size()  # the click has switched the button
