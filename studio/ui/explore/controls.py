"""The column of controls beside a generator's picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QSpinBox, QToolButton, QVBoxLayout, QWidget

from studio.recipes import DirectionMove, LatentSeed, LatentW, SampleRecipe
from studio.ui.binding import Binding, FieldBinder
from studio.ui.describe.model_names import distinguishing_image_counts, model_description, model_name
from studio.ui.explore.tools.mixing import MixingBox, with_mix
from studio.ui.model import Model, edited
from studio.ui.theme import CONTROLS_WIDTH, SPACE_L, SPACE_M, icon
from studio.ui.widgets import Section, Slider, enable_unless
from studio.ui.widgets.seed_field import SeedField
from studio.worker import ModelInfo

DIRECTIONS_SHOWN = 6
DIRECTIONS_MOST = 16
TRUNCATIONS = (-1.0, 1.5)
"""The truncations offered: beyond them pictures fall apart."""
MOST_DEVIATIONS = 3.0


def amount_of(recipe: SampleRecipe, index: int) -> float:
    """Return how far ``recipe`` moves along direction ``index``, in standard deviations."""
    return next((move.amount for move in recipe.directions if _has_slider(move) and move.index == index), 0.0)


def with_amount(recipe: SampleRecipe, amount: float, *, index: int) -> SampleRecipe:
    """Return ``recipe`` with another move along direction ``index``; the other moves stay."""
    moves = {move.index: move for move in recipe.directions if _has_slider(move)}
    if amount:
        moves[index] = DirectionMove(index=index, amount=amount)
    else:
        moves.pop(index, None)
    others = tuple(move for move in recipe.directions if not _has_slider(move))
    return edited(recipe, directions=tuple(moves[index] for index in sorted(moves)) + others)


def _has_slider(move: DirectionMove) -> bool:
    """Return whether one of the sliders shows ``move``: these are the principal directions, on all layers."""
    return move.basis == "principal" and move.layers is None


def is_given(recipe: SampleRecipe | None) -> bool:
    """Return whether nothing of the latent can be truncated."""
    return recipe is not None and isinstance(recipe.latent, LatentW) and not recipe.style_mix


class ExplorerControls(QScrollArea):
    """Shows the :class:`SampleRecipe` of a model, and edits it."""

    modelChosen = Signal(int)
    """The row of another network."""

    def __init__(self, model: Model[SampleRecipe | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._fields = FieldBinder(model, SampleRecipe)
        self._layers = 1
        self.direction_count = 0
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
        for derived, show in (
            (model.select(lambda recipe: recipe is None or isinstance(recipe.latent, LatentSeed)), self._show_latent),
            (model.select(is_given), self._show_latent),
            (model.select(lambda recipe: recipe and recipe.noise), self._show_noise),
            (model.select(lambda recipe: recipe and recipe.directions), self._show_directions),
        ):
            derived.changed.connect(show)
        self._show_latent()

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these networks, silently."""
        self.model_box.clear()
        for info, images in zip(models, distinguishing_image_counts(models), strict=True):
            about = f"{info.resolution} px" + (f", {images}" if images else "")
            self.model_box.addItem(f"{model_name(info)} ({about})", info.hash)

    def show_model(self, row: int, info: ModelInfo) -> None:
        """Show the network in ``row``: its text, and the controls that make sense for it."""
        self.model_box.setCurrentIndex(row)
        lines = [model_description(info) or info.architecture, info.licence]
        self.model_text.setText("\n".join(word for word in lines if word))
        self.model_text.setVisible(bool(self.model_text.text()))
        has_w = info.num_ws > 0
        for widget in (self.truncation, self.cutoff, self.mixing_section):
            widget.setVisible(has_w)
        self.noise_section.setVisible(info.has_noise)
        self.class_row.setVisible(info.labels > 0)
        self._class.set_limits(0, max(0, info.labels - 1))
        self._layers = info.num_ws or 1
        self.cutoff.set_range(0, self._layers)
        self.cutoff.set_default(self._layers)
        self._cutoff.show()
        self.mixing.set_layers(info.num_ws)
        self._mix.show()

    def show_deviations(self, deviations: Sequence[float]) -> None:
        """Show as many directions as the network has; what one unit of each is, is now known."""
        self.direction_count = len(deviations)
        for slider, deviation in zip(self.directions, deviations, strict=False):
            slider.setToolTip(
                self.tr("In standard deviations; one is {size} here. Double-click the name to reset.").format(
                    size=round(deviation, 3)
                )
            )
        self._show_directions()

    def _model_section(self) -> Section:
        section = Section(self.tr("Model"), self)
        self.model_box = QComboBox(self)
        self.model_box.setAccessibleName(self._fields.label("model"))
        self.model_box.setToolTip(self._fields.tip("model"))
        self.model_box.activated.connect(self.modelChosen)
        self.model_text = QLabel(self)
        self.model_text.setProperty("muted", True)
        self.model_text.setWordWrap(True)
        section.body.addWidget(self.model_box)
        section.body.addWidget(self.model_text)
        return section

    def _latent_section(self) -> Section:
        section = Section(self.tr("Latent"), self)
        of_seed = FieldBinder(self.model, LatentSeed)
        self.seed = SeedField(of_seed.label("seed"), of_seed.tip("seed"), self)
        self._fields.bind(
            "latent",
            self.seed,
            shown=lambda latent: latent.seed if isinstance(latent, LatentSeed) else None,
            read=lambda seed: LatentSeed(seed=seed),
        )
        self.latent_text = QLabel(self.tr("A latent of its own, not a seed's. A new seed replaces it."), self)
        self.latent_text.setProperty("muted", True)
        self.latent_text.setWordWrap(True)
        self.class_row = QWidget(self)
        row = QHBoxLayout(self.class_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.class_box = QSpinBox(self.class_row)
        self._class = self._fields.bind("label", self.class_box, shown=lambda label: label or 0)
        row.addWidget(QLabel(self._fields.label("label"), self.class_row))
        row.addStretch(1)
        row.addWidget(self.class_box)
        self.truncation = self._fields.slider("truncation", limits=TRUNCATIONS)
        self.cutoff = self._fields.make_slider("truncation_cutoff", limits=(0, 16))
        self._cutoff = self._fields.bind(
            "truncation_cutoff",
            self.cutoff,
            shown=lambda layers: self._layers if layers is None else layers,
            read=lambda layers: None if round(layers) >= self._layers else round(layers),
        )
        for widget in (self.seed, self.latent_text, self.class_row, self.truncation, self.cutoff):
            section.body.addWidget(widget)
        return section

    def _directions_section(self) -> Section:
        section = Section(self.tr("Directions"), self)
        self.directions: list[Slider] = []
        for index in range(DIRECTIONS_MOST):
            title = self.tr("Direction {n}").format(n=index + 1)
            slider = Slider(title, -MOST_DEVIATIONS, MOST_DEVIATIONS, 0.0)
            slider.setVisible(False)
            section.body.addWidget(slider)
            self.directions.append(slider)
            Binding(self.model, slider, partial(amount_of, index=index), partial(with_amount, index=index))
        self.more_button = QToolButton(self)
        self.more_button.setCheckable(True)
        self.more_button.setText(self.tr("More directions"))
        self.more_button.toggled.connect(self._show_directions)
        reset = QToolButton(self)
        reset.setIcon(icon("reset"))
        reset.setText(self.tr("Reset all"))
        reset.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        reset.setToolTip(self.tr("Put all directions back to 0"))
        reset.clicked.connect(self._reset_directions)
        row = QHBoxLayout()
        row.addWidget(self.more_button)
        row.addStretch(1)
        row.addWidget(reset)
        section.body.addLayout(row)
        self.directions_section = section
        return section

    def _mixing_section(self) -> Section:
        section = Section(self.tr("Style mixing"), self, expanded=False)
        self.mixing = MixingBox(self)
        self._mix = Binding(self.model, self.mixing, lambda recipe: recipe.style_mix, with_mix)
        section.body.addWidget(self.mixing)
        self.mixing_section = section
        return section

    def _noise_section(self) -> Section:
        section = Section(self.tr("Noise"), self, expanded=False)
        self.noise_box = QComboBox(self)
        for text, value in ((self.tr("Fixed"), "const"), (self.tr("Random"), "random"), (self.tr("None"), "none")):
            self.noise_box.addItem(text, value)
        self._fields.bind("noise", self.noise_box)
        self.noise_button = QToolButton(self)
        self.noise_button.setIcon(icon("random"))
        self.noise_button.setToolTip(self.tr("Other random noise"))
        self.noise_button.setAccessibleName(self.tr("Other random noise"))
        self.noise_button.clicked.connect(self._other_noise)
        self.noise_strength = self._fields.slider("noise_strength")
        row = QHBoxLayout()
        row.addWidget(self.noise_box, 1)
        row.addWidget(self.noise_button)
        section.body.addLayout(row)
        section.body.addWidget(self.noise_strength)
        self.noise_section = section
        return section

    def _reset_directions(self) -> None:
        if self.model.value is not None:
            self.model.edit(directions=())

    def _other_noise(self) -> None:
        if self.model.value is not None:
            self.model.edit(noise_seed=(self.model.value.noise_seed + 1) % 2**32)

    def _show_latent(self) -> None:
        recipe = self.model.value
        self.latent_text.setVisible(recipe is not None and not isinstance(recipe.latent, LatentSeed))
        given = is_given(recipe)
        for slider in (self.truncation, self.cutoff):
            enable_unless(slider, self.tr("A latent of its own is as it is: nothing is truncated.") if given else "")

    def _show_noise(self) -> None:
        recipe = self.model.value
        self.noise_button.setEnabled(recipe is not None and recipe.noise == "random")
        self.noise_strength.setEnabled(recipe is not None and recipe.noise != "none")

    def _show_directions(self) -> None:
        most = DIRECTIONS_MOST if self.more_button.isChecked() else DIRECTIONS_SHOWN
        for index, slider in enumerate(self.directions):
            moved = self.model.value is not None and amount_of(self.model.value, index) != 0
            used = moved or slider.is_dragging()  # one that passes through 0 stays under the hand
            slider.setVisible(index < self.direction_count and (index < most or used))
        self.more_button.setText(
            self.tr("Fewer directions") if self.more_button.isChecked() else self.tr("More directions")
        )
        self.more_button.setVisible(self.direction_count > DIRECTIONS_SHOWN)
        self.directions_section.setVisible(self.direction_count > 0)
