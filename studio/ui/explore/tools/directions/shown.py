"""The directions that are shown: those of a basis, those learned, or those in use; and their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.recipes.direction_set import Layers, NamedDirection
from studio.ui.describe.model_names import direction_name
from studio.ui.explore.parts import PartButtons
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import SPACE_M, SPACE_S
from studio.worker import ModelInfo, Priority

MOST = 16
"""Directions of a basis."""
View = Literal["principal", "style", "own", "used"]


def title_of(direction: NamedDirection, network: ModelInfo | None) -> str:
    """The name of a direction: the artist's, the model card's, or a number."""
    translate = QCoreApplication.translate
    if direction.name:
        return direction.name
    if direction.basis == "principal":
        if network is not None and (name := direction_name(network, direction.index)):
            return name
        return translate("ShownDirections", "Direction {n}").format(n=direction.index + 1)
    if direction.basis == "style":
        return translate("ShownDirections", "Style {n}").format(n=direction.index + 1)
    return translate("ShownDirections", "Own direction")


class ShownDirections(QWidget):
    """The choice of what is shown, and for the directions of style the part of the picture; gives the directions.

    Parameters
    ----------
    beside : buttons that belong to all directions.

    Attributes
    ----------
    deviations : how far one unit of each direction of the basis goes; empty until that is known.
    """

    viewChanged = Signal()
    """The artist chose others."""
    found = Signal()
    """``deviations`` are known."""

    def __init__(self, context: ToolContext, beside: Iterable[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.deviations: list[float] = []
        self.box = QComboBox(self)
        for text, view, tip in (
            (self.tr("Strongest changes (principal)"), "principal", self.tr("What varies most among all pictures")),
            (self.tr("Changes of style (SeFa)"), "style", self.tr("What changes the styles of some layers most")),
            (self.tr("My own, learned"), "own", self.tr("More like these, less like those")),
            (self.tr("In use"), "used", self.tr("All that move the picture now")),
        ):
            self.box.addItem(text, view)
            self.box.setItemData(self.box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.box.setAccessibleName(self.tr("Which directions"))
        self.box.setToolTip(self.tr("Which directions are shown. All of them can be used together."))
        self.box.currentIndexChanged.connect(self._on_view)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self.box, 1)
        for button in beside:
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(head)
        self.style_parts = PartButtons(context.notes, self.tr("Directions of {part}"), self, choice=True)
        self.style_parts.changed.connect(self._on_view)
        layout.addWidget(self.style_parts)

    def view(self) -> View:
        """What is shown."""
        view: View = self.box.currentData()
        return view

    def show_view(self, view: View) -> None:
        """Choose what is shown."""
        self.box.setCurrentIndex(self.box.findData(view))

    def show_parts(self) -> None:
        """Show the parts of the picture where they matter."""
        self.style_parts.setVisible(self.view() == "style" and self._context.layers > 0)

    def directions(self) -> list[NamedDirection]:
        """The directions, each as it is noted."""
        notes, recipe, view = self._context.notes.value, self._context.model.value, self.view()
        if notes is None:
            return []
        if view == "own":
            return [direction for direction in notes.directions if direction.basis == "own"]
        if view == "used":
            found: list[NamedDirection] = []
            for move in recipe.directions if recipe is not None else ():
                one = NamedDirection(basis=move.basis, index=move.index, layers=move.layers, vector=move.vector)
                if not any(known.is_of(one) for known in found):
                    found.append(notes.noted(one))
            return found
        layers = self._style_layers() if view == "style" else None
        return [
            notes.noted(NamedDirection(basis=view, index=index, layers=layers))
            for index in range(min(MOST, len(self.deviations)))
        ]

    def find_deviations(self) -> None:
        """Ask how many directions the basis has, and how far one unit of each goes."""
        network, view = self._context.network, self.view()
        if network is None or view == "own" or view == "used":
            return
        layers = self._style_layers() if view == "style" else None
        self.deviations = []
        job = self._context.studio.worker.call(
            lambda engine: (network, view, engine.space(network.ref).deviations(view, layers)),
            priority=Priority.NORMAL,
            key="directions",
        )
        job.finished.connect(self._on_found)
        job.failed.connect(self._context.studio.problem)

    def why_none(self) -> str:
        """A sentence for an empty list."""
        if self.view() == "own":
            return self.tr("None yet: drag pictures to the two rows below, and learn the way from one to the other.")
        if self.view() == "used":
            return self.tr("No direction moves this picture.")
        return self.tr("Looking for directions …")

    def tip_of(self, direction: NamedDirection, number: int) -> str:
        """What the direction at this place of the list moves, and how far."""
        parts = [self.tr("Moves: {layers}.").format(layers=self._context.notes.layers_text(direction.layers))]
        if direction.basis != "own" and self.view() in ("principal", "style") and number < len(self.deviations):
            size = round(self.deviations[number], 3)
            parts.append(self.tr("In standard deviations; one is {size} here.").format(size=size))
        parts.append(self.tr("Double-click the name to reset."))
        return " ".join(parts)

    def _on_view(self) -> None:
        self.find_deviations()
        self.viewChanged.emit()

    def _on_found(self, result: tuple[object, str, list[float]]) -> None:
        network, view, deviations = result
        if network is self._context.network and view == self.view():
            self.deviations = deviations
            self.found.emit()

    def _style_layers(self) -> Layers | None:
        return self.style_parts.chosen_range() if self._context.layers else None
