"""The column of controls beside a generator's picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QSpinBox, QToolButton, QVBoxLayout, QWidget

from studio.recipes import DirectionMove, LatentSeed, LatentW, SampleRecipe
from studio.ui.describe.model_names import told_apart
from studio.ui.explore.tools.mixing import MixingBox
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, icon
from studio.ui.widgets import Section, Slider, enable_unless
from studio.ui.widgets.seed_field import SeedField
from studio.worker import ModelInfo

DIRECTIONS_SHOWN = 6
DIRECTIONS_MOST = 16
DEFAULT_TRUNCATION = 0.8


class ExplorerControls(QScrollArea):
    """Shows a :class:`SampleRecipe`, and says what the artist changes of it."""

    edited = Signal(object)
    """A whole change: a dict of fields of the recipe and their values."""
    moved = Signal(object)
    """As ``edited``, while a slider moves."""
    settled = Signal()
    """The slider has been let go."""
    modelChosen = Signal(int)
    """The row of another model."""
    otherNoiseWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = 1
        scrolled = QWidget(self)
        scrolled.setObjectName("scrolled")
        column = QVBoxLayout(scrolled)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        for section in (
            self._model_section(),
            self._latent_section(),
            self._directions_section(),
            self._mixing_section(),
            self._noise_section(),
        ):
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(scrolled)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(CONTROLS_WIDTH)

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these models, silently."""
        with QSignalBlocker(self.model_box):
            self.model_box.clear()
            for info, images in zip(models, told_apart(models), strict=True):
                about = f"{info.resolution} px" + (f", {images}" if images else "")
                self.model_box.addItem(f"{info.name} ({about})", info.hash)

    def show_model(self, row: int, info: ModelInfo) -> None:
        """Show the model in ``row``: its text, and the controls that make sense for it."""
        self.model_box.setCurrentIndex(row)
        words = [info.description or info.architecture, info.licence]
        self.model_text.setText("\n".join(word for word in words if word))
        self.model_text.setVisible(bool(self.model_text.text()))
        has_w = info.num_ws > 0
        for widget in (self.truncation, self.cutoff, self.mixing_section):
            widget.setVisible(has_w)
        self.noise_section.setVisible(info.has_noise)
        self.class_row.setVisible(info.labels > 0)
        with QSignalBlocker(self.class_box):
            self.class_box.setRange(0, max(0, info.labels - 1))
        self.mixing.set_layers(info.num_ws)

    def show_deviations(self, deviations: Sequence[float]) -> None:
        """Show as many directions as the model has; what one unit of each is, is now known."""
        self.direction_count = len(deviations)
        for slider, deviation in zip(self.directions, deviations, strict=False):
            slider.setToolTip(
                self.tr("In standard deviations; one is {size} here. Double-click the name to reset.").format(
                    size=round(deviation, 3)
                )
            )
        self._show_directions()

    def show_recipe(self, recipe: SampleRecipe, info: ModelInfo) -> None:
        """Put every control where ``recipe`` has it, silently. ``info`` is of its model."""
        self._layers = info.num_ws or 1
        seeded = isinstance(recipe.latent, LatentSeed)
        if isinstance(recipe.latent, LatentSeed):
            self.seed.set_seed(recipe.latent.seed)
        self.latent_text.setVisible(not seeded)
        with QSignalBlocker(self.class_box):
            self.class_box.setValue(recipe.label or 0)
        self.truncation.set_value(recipe.truncation, silent=True)
        cutoff = recipe.truncation_cutoff if recipe.truncation_cutoff is not None else self._layers
        self.cutoff.set_range(0, self._layers)
        self.cutoff.set_default(self._layers)
        self.cutoff.set_value(cutoff, silent=True)
        given = isinstance(recipe.latent, LatentW) and not recipe.style_mix
        for slider in (self.truncation, self.cutoff):
            enable_unless(slider, self.tr("A latent of its own is as it is: nothing is truncated.") if given else "")
        amounts = {move.index: move.amount for move in recipe.directions}
        for index, slider in enumerate(self.directions):
            slider.set_value(amounts.get(index, 0.0), silent=True)
        self._show_directions()
        self.mixing.show_value(recipe.style_mix)
        self.noise_box.setCurrentIndex(self.noise_box.findData(recipe.noise))
        self.noise_button.setEnabled(recipe.noise == "random")
        self.noise_strength.set_value(recipe.noise_strength, silent=True)
        self.noise_strength.setEnabled(recipe.noise != "none")

    def _model_section(self) -> Section:
        section = Section(self.tr("Model"), self)
        self.model_box = QComboBox(self)
        self.model_box.setAccessibleName(self.tr("Model"))
        self.model_box.setToolTip(self.tr("The generator. Trained and added models appear here."))
        self.model_box.activated.connect(self.modelChosen)
        self.model_text = QLabel(self)
        self.model_text.setProperty("muted", True)
        self.model_text.setWordWrap(True)
        section.body.addWidget(self.model_box)
        section.body.addWidget(self.model_text)
        return section

    def _latent_section(self) -> Section:
        section = Section(self.tr("Latent"), self)
        self.seed = SeedField(self.tr("Seed"), self.tr("Every seed is another picture, and always the same one."), self)
        self.seed.changed.connect(lambda seed: self.edited.emit({"latent": LatentSeed(seed=seed)}))
        self.latent_text = QLabel(self.tr("A latent of its own, not a seed's. A new seed replaces it."), self)
        self.latent_text.setProperty("muted", True)
        self.latent_text.setWordWrap(True)
        self.truncation = Slider(
            self.tr("Truncation"),
            -1.0,
            1.5,
            DEFAULT_TRUNCATION,
            tooltip=self.tr(
                "Lower is closer to the average picture and safer, higher is bolder, negative the opposite."
            ),
        )
        self.cutoff = Slider(
            self.tr("On layers"),
            0,
            16,
            16,
            decimals=0,
            tooltip=self.tr("How many layers, from the coarsest, are truncated."),
        )
        self.truncation.valueChanged.connect(lambda value: self.moved.emit({"truncation": value}))
        self.cutoff.valueChanged.connect(lambda _: self.moved.emit({"truncation_cutoff": self._cutoff()}))
        for slider in (self.truncation, self.cutoff):
            slider.editingFinished.connect(self.settled)
        self.class_row = QWidget(self)
        row = QHBoxLayout(self.class_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.class_box = QSpinBox(self.class_row)
        self.class_box.setToolTip(self.tr("Which of the kinds of pictures it learnt apart the network draws."))
        self.class_box.setAccessibleName(self.tr("Class"))
        self.class_box.valueChanged.connect(lambda value: self.edited.emit({"label": value}))
        row.addWidget(QLabel(self.tr("Class"), self.class_row))
        row.addStretch(1)
        row.addWidget(self.class_box)
        for widget in (self.seed, self.latent_text, self.class_row, self.truncation, self.cutoff):
            section.body.addWidget(widget)
        return section

    def _directions_section(self) -> Section:
        section = Section(self.tr("Directions"), self)
        self.directions: list[Slider] = []
        for index in range(DIRECTIONS_MOST):
            slider = Slider(self.tr("Direction {n}").format(n=index + 1), -3.0, 3.0, 0.0)
            slider.valueChanged.connect(lambda _: self.moved.emit({"directions": self._moves()}))
            slider.editingFinished.connect(self.settled)
            slider.setVisible(False)
            section.body.addWidget(slider)
            self.directions.append(slider)
        self.more_button = QToolButton(self)
        self.more_button.setCheckable(True)
        self.more_button.setText(self.tr("More directions"))
        self.more_button.toggled.connect(self._show_directions)
        reset = QToolButton(self)
        reset.setIcon(icon("reset"))
        reset.setText(self.tr("Reset all"))
        reset.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        reset.setToolTip(self.tr("Put all directions back to 0"))
        reset.clicked.connect(lambda: self.edited.emit({"directions": ()}))
        row = QHBoxLayout()
        row.addWidget(self.more_button)
        row.addStretch(1)
        row.addWidget(reset)
        section.body.addLayout(row)
        self.direction_count = 0
        self.directions_section = section
        return section

    def _mixing_section(self) -> Section:
        section = Section(self.tr("Style mixing"), self, expanded=False)
        self.mixing = MixingBox(self)
        self.mixing.changed.connect(lambda: self.edited.emit({"style_mix": self.mixing.value()}))
        section.body.addWidget(self.mixing)
        self.mixing_section = section
        return section

    def _noise_section(self) -> Section:
        section = Section(self.tr("Noise"), self, expanded=False)
        self.noise_box = QComboBox(self)
        for text, value in ((self.tr("Fixed"), "const"), (self.tr("Random"), "random"), (self.tr("None"), "none")):
            self.noise_box.addItem(text, value)
        self.noise_box.setAccessibleName(self.tr("Noise"))
        self.noise_box.setToolTip(self.tr("Noise inputs draw the finest, accidental details."))
        self.noise_box.activated.connect(lambda _: self.edited.emit({"noise": self.noise_box.currentData()}))
        self.noise_button = QToolButton(self)
        self.noise_button.setIcon(icon("random"))
        self.noise_button.setToolTip(self.tr("Other random noise"))
        self.noise_button.setAccessibleName(self.tr("Other random noise"))
        self.noise_button.clicked.connect(self.otherNoiseWanted)
        self.noise_strength = Slider(self.tr("Strength"), 0.0, 4.0, 1.0)
        self.noise_strength.valueChanged.connect(lambda value: self.moved.emit({"noise_strength": value}))
        self.noise_strength.editingFinished.connect(self.settled)
        row = QHBoxLayout()
        row.addWidget(self.noise_box, 1)
        row.addWidget(self.noise_button)
        section.body.addLayout(row)
        section.body.addWidget(self.noise_strength)
        self.noise_section = section
        return section

    def _show_directions(self) -> None:
        most = DIRECTIONS_MOST if self.more_button.isChecked() else DIRECTIONS_SHOWN
        for index, slider in enumerate(self.directions):
            slider.setVisible(index < self.direction_count and (index < most or slider.value() != 0))
        self.more_button.setText(
            self.tr("Fewer directions") if self.more_button.isChecked() else self.tr("More directions")
        )
        self.more_button.setVisible(self.direction_count > DIRECTIONS_SHOWN)
        self.directions_section.setVisible(self.direction_count > 0)

    def _cutoff(self) -> int | None:
        value = round(self.cutoff.value())
        return None if value >= self._layers else value

    def _moves(self) -> tuple[DirectionMove, ...]:
        return tuple(
            DirectionMove(index=index, amount=slider.value())
            for index, slider in enumerate(self.directions)
            if slider.value() != 0
        )
