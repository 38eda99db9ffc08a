"""Style mixing: a second seed, and the layers that take their style from it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.recipes import LatentSeed, StyleMix
from studio.ui.theme import SPACE_M, SPACE_S
from studio.ui.widgets.seed_field import SeedField

COLUMNS = 9
"""Two even rows for the 18 layers of networks of 1024 px."""


class MixingBox(QWidget):
    """Edits at most one :class:`StyleMix`; further ones of an opened recipe are kept as they are."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rest: tuple[StyleMix, ...] = ()
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
            button.clicked.connect(self.changed)
            self._grid.addWidget(button, layer // COLUMNS, layer % COLUMNS)
            self._layers.append(button)

    def value(self) -> tuple[StyleMix, ...]:
        """The style mixing that the controls show."""
        chosen = tuple(layer for layer, button in enumerate(self._layers) if button.isChecked())
        first = (StyleMix(latent=LatentSeed(seed=self.seed.seed()), layers=chosen),) if chosen else ()
        return first + self._rest

    def show_value(self, mixes: tuple[StyleMix, ...]) -> None:
        """Put the controls where a recipe has them, silently."""
        first = mixes[0] if mixes and isinstance(mixes[0].latent, LatentSeed) else None
        self._rest = mixes[1:] if first is not None else mixes
        chosen = set(first.layers) if first is not None else set()
        if first is not None and isinstance(first.latent, LatentSeed):
            self.seed.set_seed(first.latent.seed)
        for layer, button in enumerate(self._layers):
            button.setChecked(layer in chosen)

    def _seed_changed(self) -> None:
        if any(button.isChecked() for button in self._layers):
            self.changed.emit()

    def _toggle_part(self, part: int) -> None:
        """All layers of a third on, or off when they were all on."""
        count = len(self._layers)
        layers = self._layers[part * count // 3 : (part + 1) * count // 3]
        on = not all(button.isChecked() for button in layers)
        for button in layers:
            button.setChecked(on)
        self.changed.emit()
