"""Two places, A and B, that keep a state each, to flip between."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from studio.recipes import SampleRecipe, recipe_hash
from studio.ui.command import with_keys
from studio.ui.describe.recipes import recipe_name
from studio.ui.explore.previews import SamplePreviews
from studio.ui.model import Model
from studio.ui.theme import SPACE_S
from studio.ui.widgets import enable_unless

SLOTS = {"A": ("explore.slot-a", "explore.keep-a"), "B": ("explore.slot-b", "explore.keep-b")}
"""The commands of each place: to go to what is kept, and to keep."""
_ICON = 20
_WIDTH = 58  # with a picture or without: else a second press on A would meet B


class StateSlots(QWidget):
    """A button each: the first click keeps the state there, later ones go back to it."""

    opened = Signal(object)
    """The ``SampleRecipe`` to go to."""
    changed = Signal()
    """Another state is kept."""

    def __init__(
        self, model: Model[SampleRecipe | None], previews: SamplePreviews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._previews = model, previews
        self.kept: dict[str, SampleRecipe | None] = dict.fromkeys(SLOTS)
        self.buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for name in SLOTS:
            button = QPushButton(name, self)
            button.setCheckable(True)
            button.setIconSize(QSize(_ICON, _ICON))
            button.setMinimumWidth(_WIDTH)
            button.clicked.connect(lambda _=False, name=name: self.press(name))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(lambda at, name=name: self._menu(name, at))
            layout.addWidget(button)
            self.buttons[name] = button
        model.changed.connect(self._show)
        previews.arrived.connect(self._show_arrived)
        self._show()

    def press(self, name: str) -> None:
        """Go to the state in ``name``; keep the present one there when it is empty."""
        kept = self.kept[name]
        if kept is None:
            self.keep(name)
        elif kept != self._model.value:
            self.opened.emit(kept)
        self._show()

    def keep(self, name: str) -> None:
        """Keep the present state in ``name``, in the place of what was there."""
        self.set(name, self._model.value)

    def set(self, name: str, recipe: SampleRecipe | None) -> None:
        """Keep ``recipe`` in ``name``; None empties it."""
        self.kept[name] = recipe
        if recipe is not None:
            self._previews.want(f"slot {name}", [recipe])
        self._show()
        self.changed.emit()

    def can_flip(self) -> bool:
        """Return whether a state is kept to flip to."""
        return any(recipe is not None for recipe in self.kept.values())

    def flip(self) -> None:
        """From A to B and from B to A; from elsewhere to the first that is kept."""
        here = next((name for name in SLOTS if self.kept[name] == self._model.value), None)
        order = ["B", "A"] if here == "A" else ["A", "B"]
        wanted = next((self.kept[name] for name in order if self.kept[name] not in (None, self._model.value)), None)
        if wanted is not None:
            self.opened.emit(wanted)

    def _menu(self, name: str, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        keep = QAction(self.tr("Keep the picture of now in {slot}").format(slot=name), menu)
        keep.triggered.connect(lambda: self.keep(name))
        empty = QAction(self.tr("Empty {slot}").format(slot=name), menu)
        enable_unless(empty, "" if self.kept[name] is not None else self.tr("Nothing is kept here yet."))
        empty.triggered.connect(lambda: self.set(name, None))
        menu.addActions([keep, empty])
        menu.exec(self.buttons[name].mapToGlobal(at))

    def _show_arrived(self, name: str) -> None:
        if any(recipe is not None and recipe_hash(recipe) == name for recipe in self.kept.values()):
            self._show()

    def _show(self) -> None:
        for name, button in self.buttons.items():
            recipe = self.kept[name]
            button.setChecked(recipe is not None and recipe == self._model.value)
            image = None if recipe is None else self._previews.find(recipe)
            button.setIcon(QIcon() if image is None else QIcon(QPixmap.fromImage(image)))
            if recipe is None:
                tip = self.tr("Keep this picture in {slot}, to come back to it").format(slot=name)
            else:
                tip = self.tr("Go to {picture}; with the right button keep another one here").format(
                    picture=recipe_name(recipe)
                )
            button.setToolTip(with_keys(tip, SLOTS[name][0]))
            button.setAccessibleName(tip)
