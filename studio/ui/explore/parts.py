"""Buttons for the parts of a picture: shape, features, colour."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from studio.recipes.direction_set import Layers
from studio.ui.explore.model_notes import ModelNotes, part_names, part_tips


def layer_numbers(layers: tuple[int, ...]) -> str:
    """Layers that follow each other, as people count: "1 to 4", "5"."""
    if not layers:
        return "–"
    first, last = layers[0] + 1, layers[-1] + 1
    return str(first) if first == last else f"{first}–{last}"


class PartButtons(QWidget):
    """One button a part, with the numbers of its layers in the tip.

    Parameters
    ----------
    choice : one of them, or all, rather than any number of them.
    tip : what a button does, with ``{part}`` in it.
    """

    changed = Signal()
    """The artist pressed one."""

    def __init__(self, notes: ModelNotes, tip: str, parent: QWidget | None = None, *, choice: bool = False) -> None:
        super().__init__(parent)
        self._notes, self._tip = notes, tip
        self.buttons: list[QPushButton] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(choice)
        self.all_button: QPushButton | None = None
        if choice:
            self.all_button = QPushButton(self.tr("All"), self)
            self.all_button.setToolTip(tip.format(part=self.tr("all")))
            self._add(self.all_button, layout)
            self.all_button.setChecked(True)
        for name in part_names():
            button = QPushButton(name, self)
            self._add(button, layout)
            self.buttons.append(button)
        notes.changed.connect(self._show)
        self._show()

    def _add(self, button: QPushButton, layout: QHBoxLayout) -> None:
        button.setCheckable(True)
        button.setProperty("segment", True)
        button.clicked.connect(self.changed)
        self._group.addButton(button)
        layout.addWidget(button, 1)

    def chosen(self) -> list[int]:
        """The parts whose buttons are down: 0 shape, 1 features, 2 colour."""
        return [part for part, button in enumerate(self.buttons) if button.isChecked()]

    def chosen_layers(self) -> set[int]:
        """The layers of the parts whose buttons are down."""
        parts, layers = self._notes.parts, self._notes.layers
        return {layer for part in self.chosen() for layer in parts.layers_of(part, layers)}

    def chosen_range(self) -> Layers | None:
        """First and last layer of the part that is chosen; None for all."""
        layers = sorted(self.chosen_layers())
        return (layers[0], layers[-1]) if layers else None

    def set_chosen(self, parts: list[int]) -> None:
        """Press the buttons of ``parts``, silently."""
        if self.all_button is not None and not parts:
            self.all_button.setChecked(True)
        for part, button in enumerate(self.buttons):
            button.setChecked(part in parts)

    def _show(self) -> None:
        parts, layers = self._notes.parts, self._notes.layers
        for part, (button, name, about) in enumerate(zip(self.buttons, part_names(), part_tips(), strict=True)):
            where = self.tr("layers {layers} of {count}").format(
                layers=layer_numbers(parts.layers_of(part, layers)), count=layers
            )
            button.setToolTip(f"{self._tip.format(part=name)}\n{about} ({where})")
