"""Style mixing: a second seed, and the layers that take their style from it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.recipes import LatentSeed, SampleRecipe, StyleMix
from studio.ui.model import edited
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets.seed_field import SeedField
from studio.ui.widgets.value_field import ValueField

COLUMNS = 9
"""Two even rows for the 18 layers of networks of 1024 px."""


def seeded_mix(mixes: tuple[StyleMix, ...]) -> StyleMix | None:
    """Return the mix that the box edits: the first, if it takes its style from a seed."""
    return mixes[0] if mixes and isinstance(mixes[0].latent, LatentSeed) else None


def with_mix(recipe: SampleRecipe, mix: StyleMix | None) -> SampleRecipe:
    """Return ``recipe`` with ``mix`` in place of the one that the box edits; further ones stay as they are."""
    rest = recipe.style_mix if seeded_mix(recipe.style_mix) is None else recipe.style_mix[1:]
    return edited(recipe, style_mix=rest if mix is None else (mix, *rest))


class MixingBox(ValueField):
    """Edits one :class:`StyleMix` with a seed; ``changed`` tells it, or None while no layer takes its style."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: list[QToolButton] = []
        self.seed = SeedField(
            self.tr("Second seed"), self.tr("The seed that the chosen layers take their style from."), self
        )
        self.seed.changed.connect(self._seed_changed)
        groups = QHBoxLayout()
        groups.setSpacing(SPACE_S)
        for part, (text, tip) in enumerate(
            (
                (self.tr("Coarse"), self.tr("Pose and overall shape")),
                (self.tr("Middle"), self.tr("Features")),
                (self.tr("Fine"), self.tr("Colours and texture")),
            )
        ):
            button = QPushButton(text, self)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, part=part: self._toggle_part(part))
            groups.addWidget(button, 1)
        self._grid = QGridLayout()
        self._grid.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.seed)
        layout.addLayout(groups)
        label = QLabel(self.tr("Layers, coarse to fine"), self)
        label.setProperty("muted", True)
        layout.addWidget(label)
        layout.addLayout(self._grid)

    def set_layers(self, count: int) -> None:
        """Offer ``count`` layers."""
        if len(self._layers) == count:
            return
        for button in self._layers:
            self._grid.removeWidget(button)
            button.deleteLater()
        self._layers = []
        for layer in range(count):
            button = QToolButton(self)
            button.setText(str(layer + 1))
            button.setCheckable(True)
            button.setFixedWidth(26)
            button.setToolTip(self.tr("Layer {n} takes the second seed's style").format(n=layer + 1))
            button.clicked.connect(self._tell)
            self._grid.addWidget(button, layer // COLUMNS, layer % COLUMNS)
            self._layers.append(button)

    def value(self) -> StyleMix | None:
        """Return the style mixing that the controls show."""
        chosen = tuple(layer for layer, button in enumerate(self._layers) if button.isChecked())
        return StyleMix(latent=LatentSeed(seed=self.seed.seed()), layers=chosen) if chosen else None

    def show_value(self, value: tuple[StyleMix, ...]) -> None:
        """Put the controls where a recipe has them, silently."""
        mix = seeded_mix(value)
        chosen = set(mix.layers) if mix is not None else set()
        if mix is not None and isinstance(mix.latent, LatentSeed):
            self.seed.show_value(mix.latent.seed)
        for layer, button in enumerate(self._layers):
            button.setChecked(layer in chosen)

    def _tell(self) -> None:
        self.changed.emit(self.value())

    def _seed_changed(self) -> None:
        if any(button.isChecked() for button in self._layers):
            self._tell()

    def _toggle_part(self, part: int) -> None:
        """All layers of a third on, or off when they were all on."""
        count = len(self._layers)
        layers = self._layers[part * count // 3 : (part + 1) * count // 3]
        on = not all(button.isChecked() for button in layers)
        for button in layers:
            button.setChecked(on)
        self._tell()
