"""The settings of a stylization, all but its pictures."""

from __future__ import annotations

import secrets
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
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

from studio.checkpoints.perceptual import perceptual_ready
from studio.ui.stylize.draft import BEST_STEPS, GOOD_STEPS, QUICK_STEPS, Draft, Network
from studio.ui.theme import SPACE_M, SPACE_S, icon
from studio.ui.widgets import Section, Slider
from studio.ui.widgets.number import without_arrows

SMALLEST, LARGEST = 256, 8192
PRESETS = (256, 512, 1024, 2048)
_LABEL_WIDTH = 96
_SETTLE_MS = 500


class Controls(QWidget):
    """Edits the settings of a :class:`Draft`; content and styles pass through untouched."""

    edited = Signal(object)
    """The ``Draft`` as the controls have it now."""
    committed = Signal()
    """The change is complete."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._make_look())
        layout.addWidget(self._make_final())
        layout.addWidget(self._make_advanced())
        # Spin boxes have no end of editing of their own for keys and wheel.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.committed)
        self.show_draft(self._draft)

    def show_draft(self, draft: Draft) -> None:
        """Show the settings of ``draft`` without telling."""
        self._draft = draft
        self.content.set_value(draft.content_strength, silent=True)
        self.style_strength.set_value(draft.style_strength, silent=True)
        self.keep_colors.blockSignals(True)
        self.keep_colors.setChecked(draft.keep_colors)
        self.keep_colors.blockSignals(False)
        self.color_transfer.setCurrentIndex(self.color_transfer.findData(draft.color_transfer))
        self.color_transfer.setVisible(draft.keep_colors)
        self.detail.set_value(draft.detail, silent=True)
        self.loss.setCurrentIndex(self.loss.findData(draft.loss))
        for box, on in ((self.seamless, draft.seamless), (self.texture, draft.texture)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        for part in (self.content, self.style_strength, self.detail, self.keep_colors, self.color_transfer):
            part.setEnabled(not draft.texture)
        self.size_field.blockSignals(True)
        # A recipe from elsewhere may have any size; it is shown as it is.
        self.size_field.setRange(min(SMALLEST, draft.size), max(LARGEST, draft.size))
        self.size_field.setValue(draft.size)
        self.size_field.blockSignals(False)
        for side, button in self.size_buttons.items():
            button.setChecked(side == draft.size)
        self._show_steps(draft.steps)
        self.network.blockSignals(True)
        self.network.setCurrentIndex(self.network.findData(draft.network))
        self.network.blockSignals(False)
        self.seed.blockSignals(True)
        self.seed.setValue(draft.seed)
        self.seed.blockSignals(False)
        self.show_download()

    def show_download(self) -> None:
        """Say whether the chosen network must be fetched first."""
        ready = perceptual_ready(self._draft.network)
        megabytes = {"vgg16-hed": 55, "vgg19": 548}[self._draft.network]
        self.download.setText(self.tr("Fetched once from the internet: {size} MB.").format(size=megabytes))
        self.download.setVisible(not ready)

    def _make_look(self) -> Section:
        section = Section(self.tr("Look"))
        self.content = Slider(
            self.tr("Content"), 0.0, 1.0, 0.5, tooltip=self.tr("How much of the photo's shapes stays.")
        )
        self.style_strength = Slider(
            self.tr("Style"), 0.0, 1.0, 1.0, tooltip=self.tr("How strongly it is restyled; 0 is the photo itself.")
        )
        self.content.valueChanged.connect(lambda value: self._edit(content_strength=value))
        self.style_strength.valueChanged.connect(lambda value: self._edit(style_strength=value))
        self.content.editingFinished.connect(self.committed)
        self.style_strength.editingFinished.connect(self.committed)
        self.keep_colors = QCheckBox(self.tr("Keep the photo's colours"))
        self.keep_colors.setToolTip(
            self.tr("Take brush strokes and brightness from the styles, colours from the photo.")
        )
        self.keep_colors.toggled.connect(lambda on: self._edit(commit=True, keep_colors=on))

        self.color_transfer = QComboBox()
        self.color_transfer.setAccessibleName(self.tr("How the colours are kept"))
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
        self.color_transfer.activated.connect(
            lambda index: self._edit(commit=True, color_transfer=self.color_transfer.itemData(index))
        )
        self.detail = Slider(
            self.tr("Detail"), 0.0, 1.0, 0.0, tooltip=self.tr("How firmly the photo's edges and fine detail stay.")
        )
        self.detail.valueChanged.connect(lambda value: self._edit(detail=value))
        self.detail.editingFinished.connect(self.committed)

        self.size_field = QSpinBox()
        self.size_field.setRange(SMALLEST, LARGEST)
        self.size_field.setSingleStep(64)
        self.size_field.setSuffix(self.tr(" px"))
        self.size_field.setKeyboardTracking(False)
        self.size_field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        without_arrows(self.size_field)
        self.size_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.size_field.setFixedWidth(72)
        self.size_field.setToolTip(self.tr("Long side of the result in pixels"))
        self.size_field.setAccessibleName(self.tr("Size"))
        self.size_field.valueChanged.connect(lambda value: self._edit(settle=True, size=value))
        self.size_buttons: dict[int, QPushButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(False)  # none is checked when the field says something else
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        label = QLabel(self.tr("Size"))
        label.setBuddy(self.size_field)
        for side in PRESETS:
            button = QPushButton(str(side))
            button.setCheckable(True)
            button.setMinimumWidth(30)
            button.setStyleSheet("padding-left: 2px; padding-right: 2px;")
            button.setToolTip(self.tr("Long side of {side} pixels").format(side=side))
            button.clicked.connect(lambda _=False, side=side: self._edit(commit=True, size=side))
            group.addButton(button)
            self.size_buttons[side] = button
            row.addWidget(button, 1)
        row.addWidget(self.size_field)

        section.body.addWidget(self.content)
        section.body.addWidget(self.style_strength)
        section.body.addWidget(self.detail)
        section.body.addWidget(self.keep_colors)
        section.body.addWidget(self.color_transfer)
        section.body.addWidget(label)
        section.body.addLayout(row)
        return section

    def _make_final(self) -> Section:
        section = Section(self.tr("Final render"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self.quality = QComboBox()
        self.quality.setToolTip(self.tr("More steps take longer and come closer to the styles"))
        for name, steps in (
            (self.tr("Quick"), QUICK_STEPS),
            (self.tr("Good"), GOOD_STEPS),
            (self.tr("Best"), BEST_STEPS),
        ):
            self.quality.addItem(self.tr("{name}  ·  {steps} steps").format(name=name, steps=steps), steps)
        self._presets = self.quality.count()
        self.quality.activated.connect(lambda index: self._edit(commit=True, steps=self.quality.itemData(index)))
        self.network = QComboBox()
        self.network.setToolTip(
            self.tr("The network that judges content and style; each sees textures a little differently")
        )
        self.network.addItem(self.tr("VGG-16 (small)"), "vgg16-hed")
        self.network.addItem(self.tr("VGG-19 (classic)"), "vgg19")
        self.network.activated.connect(lambda index: self._choose_network(self.network.itemData(index)))
        self.download = QLabel()
        self.download.setProperty("muted", True)
        self.download.setWordWrap(True)
        # A spin box for int ends at 2**31.
        self.seed = QDoubleSpinBox()
        self.seed.setDecimals(0)
        self.seed.setRange(0, 2**32 - 1)
        self.seed.setKeyboardTracking(False)
        self.seed.setGroupSeparatorShown(False)
        without_arrows(self.seed)
        self.seed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.seed.setToolTip(self.tr("Another seed gives other details; the same seed gives the same picture"))
        self.seed.valueChanged.connect(lambda value: self._edit(settle=True, seed=int(value)))
        self.random_seed = QToolButton()
        self.random_seed.setIcon(icon("random"))
        self.random_seed.setIconSize(QSize(16, 16))
        self.random_seed.setToolTip(self.tr("Another seed"))
        self.random_seed.setAccessibleName(self.tr("Another seed"))
        self.random_seed.clicked.connect(lambda: self._edit(commit=True, seed=secrets.randbelow(2**32)))
        seed_row = QHBoxLayout()
        seed_row.setSpacing(SPACE_S)
        seed_row.addWidget(self.seed, 1)
        seed_row.addWidget(self.random_seed)
        for line, (text, field) in enumerate(
            ((self.tr("Quality"), self.quality), (self.tr("Network"), self.network), (self.tr("Seed"), self.seed))
        ):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(label, line if line < 2 else 3, 0)
        grid.addWidget(self.quality, 0, 1)
        grid.addWidget(self.network, 1, 1)
        grid.addWidget(self.download, 2, 1)
        grid.addLayout(seed_row, 3, 1)
        section.body.addLayout(grid)
        return section

    def _make_advanced(self) -> Section:
        section = Section(self.tr("Advanced"), expanded=False)
        self.seamless = QCheckBox(self.tr("Seamless tile"))
        self.seamless.setToolTip(
            self.tr("The result can be repeated side by side without a visible edge. Its sides are multiples of 16.")
        )
        self.seamless.toggled.connect(lambda on: self._edit(commit=True, seamless=on))
        self.texture = QCheckBox(self.tr("Texture only, no photo"))
        self.texture.setToolTip(self.tr("Paint with the styles alone; the photo gives no more than its proportions."))
        self.texture.toggled.connect(lambda on: self._edit(commit=True, texture=on))
        self.loss = QComboBox()
        self.loss.setToolTip(self.tr("What the final render compares with the styles"))
        self.loss.addItem(self.tr("Means and covariances"), "wasserstein")
        self.loss.addItem(self.tr("Gram matrices (Gatys)"), "gram")
        self.loss.activated.connect(lambda index: self._edit(commit=True, loss=self.loss.itemData(index)))
        label = QLabel(self.tr("Statistics"))
        label.setBuddy(self.loss)
        label.setMinimumWidth(_LABEL_WIDTH)
        self.loss.setAccessibleName(label.text())
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(label)
        row.addWidget(self.loss, 1)
        section.body.addWidget(self.seamless)
        section.body.addWidget(self.texture)
        section.body.addLayout(row)
        self.advanced = section
        return section

    def _show_steps(self, steps: int) -> None:
        self.quality.blockSignals(True)
        while self.quality.count() > self._presets:
            self.quality.removeItem(self._presets)
        index = self.quality.findData(steps)
        if index < 0:
            index = self.quality.count()
            self.quality.addItem(self.tr("%n steps", "", steps), steps)
        self.quality.setCurrentIndex(index)
        self.quality.blockSignals(False)

    def _choose_network(self, network: Network) -> None:
        self._edit(commit=True, network=network)

    def _edit(self, *, commit: bool = False, settle: bool = False, **changes: object) -> None:
        draft = replace(self._draft, **changes)  # type: ignore[arg-type]
        self.show_draft(draft)
        self.edited.emit(draft)
        if commit:
            self._settle.stop()
            self.committed.emit()
        elif settle:
            self._settle.start()
