"""The picture itself: its seed, how far from the average it lies, and its accidental details."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QToolButton, QWidget

from studio.recipes import LatentSeed, LatentW, SampleRecipe
from studio.ui.binding import FieldBinder
from studio.ui.explore.tools.tool import Tool
from studio.ui.theme import icon
from studio.ui.widgets import Section, enable_unless
from studio.ui.widgets.number import with_arrows
from studio.ui.widgets.seed_field import SeedField

TRUNCATIONS = (-1.0, 1.5)
"""The truncations offered: beyond them pictures fall apart."""


def is_given(recipe: SampleRecipe | None) -> bool:
    """Return whether nothing of the latent can be truncated."""
    return recipe is not None and isinstance(recipe.latent, LatentW) and not recipe.style_mix


class PictureTool(Tool):
    """Edits seed, class, truncation and noise."""

    name = "picture"
    command = "explore.tool-picture"
    glyph = "photo"
    topic = "seed"

    def build(self) -> None:
        context = self.context
        self._model = model = context.model
        self._fields = FieldBinder(model, SampleRecipe)
        self._layers = 1
        self._add_latent()
        self._add_noise()
        self.body.addStretch(1)
        for derived, show in (
            (model.select(lambda recipe: recipe is None or isinstance(recipe.latent, LatentSeed)), self._show_latent),
            (model.select(is_given), self._show_latent),
            (model.select(lambda recipe: recipe and recipe.noise), self._show_noise),
        ):
            derived.changed.connect(show)
        context.networkChanged.connect(self._show_network)
        self._show_latent()

    def title(self) -> str:
        return self.tr("Picture")

    def tip(self) -> str:
        return self.tr("Another seed is another picture. Variety says how bold the network may be.")

    def _add_latent(self) -> None:
        of_seed = FieldBinder(self._model, LatentSeed)
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
        self.class_row.hide()  # until a network with classes is there
        row = QHBoxLayout(self.class_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.class_box = QSpinBox(self.class_row)
        with_arrows(self.class_box)
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
        width = max(slider.label_width() for slider in (self.truncation, self.cutoff))
        for slider in (self.truncation, self.cutoff):
            slider.set_label_width(width)
        self.seed.label.setFixedWidth(width)
        for widget in (self.seed, self.latent_text, self.class_row, self.truncation, self.cutoff):
            self.body.addWidget(widget)

    def _add_noise(self) -> None:
        self.noise_section = Section(self._fields.label("noise"), self)
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
        self.noise_section.body.addLayout(row)
        self.noise_section.body.addWidget(self.noise_strength)
        self.body.addWidget(self.noise_section)

    def _other_noise(self) -> None:
        if self._model.value is not None:
            self._model.edit(noise_seed=(self._model.value.noise_seed + 1) % 2**32)

    def _show_network(self) -> None:
        """Show the controls that make sense for the network."""
        info = self.context.network
        if info is None:
            return
        for widget in (self.truncation, self.cutoff):
            widget.setVisible(info.num_ws > 0)
        self.noise_section.setVisible(info.has_noise)
        self.class_row.setVisible(info.labels > 0)
        self._class.set_limits(0, max(0, info.labels - 1))
        self._layers = info.num_ws or 1
        self.cutoff.set_range(0, self._layers)
        self.cutoff.set_default(self._layers)
        self._cutoff.show()

    def _show_latent(self) -> None:
        recipe = self._model.value
        self.latent_text.setVisible(recipe is not None and not isinstance(recipe.latent, LatentSeed))
        given = is_given(recipe)
        for slider in (self.truncation, self.cutoff):
            enable_unless(slider, self.tr("A latent of its own is as it is: nothing is truncated.") if given else "")

    def _show_noise(self) -> None:
        recipe = self._model.value
        self.noise_button.setEnabled(recipe is not None and recipe.noise == "random")
        self.noise_strength.setEnabled(recipe is not None and recipe.noise != "none")
