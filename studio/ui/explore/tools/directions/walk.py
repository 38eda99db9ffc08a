"""The random walk: the picture wanders along the unlocked directions until it is stopped or kept."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.recipes import SampleRecipe
from studio.recipes.direction_set import NamedDirection
from studio.synthesis.walk import RandomWalk
from studio.ui.command import with_keys
from studio.ui.explore.tools.directions.edits import moved
from studio.ui.explore.tools.tool import ToolContext
from studio.ui.theme import SPACE_M, icon
from studio.ui.widgets import enable_unless

_STEP_MS = 66


class WalkButtons(QWidget):
    """Begin a random walk, stop it, or keep the picture it came to.

    Parameters
    ----------
    free : gives the directions that may be walked along.
    """

    over = Signal()
    """The walk has ended."""

    def __init__(
        self, context: ToolContext, free: Callable[[], list[NamedDirection]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._free = context, context.model, free
        self._walk: RandomWalk | None = None
        self._along: list[NamedDirection] = []
        self._before: SampleRecipe | None = None
        self._stepping = False
        self._clock = QTimer(self)
        self._clock.setInterval(_STEP_MS)
        self._clock.timeout.connect(self.step)
        self.walk_button = QPushButton(icon("walk"), self.tr("Random walk"), self)
        self.walk_button.setCheckable(True)
        self.walk_button.setToolTip(
            with_keys(
                self.tr("Wander along the unlocked directions shown; Stop brings back the picture you had"),
                "explore.walk",
            )
        )
        self.walk_button.clicked.connect(self.toggle)
        self.keep_button = QPushButton(icon("check"), self.tr("Keep this one"), self)
        self.keep_button.setToolTip(self.tr("Stop, and go on from the picture shown"))
        self.keep_button.clicked.connect(lambda: self.stop(keep=True))
        self.keep_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        row.addWidget(self.walk_button, 1)
        row.addWidget(self.keep_button, 1)
        self._model.changed.connect(self._on_changed)

    def is_walking(self) -> bool:
        """Return whether a random walk is under way."""
        return self._walk is not None

    def toggle(self) -> None:
        """Begin a random walk along the unlocked directions, or stop it and go back."""
        if self._walk is not None:
            self.stop()
        elif self._model.value is not None and (free := self._free()):
            self._context.playStopWanted.emit()
            self._before, self._along = self._model.value, free
            start = [direction.amount_in(self._before) for direction in free]
            self._walk = RandomWalk(start, seed=random.randrange(2**32))
            self._show(True)
            self._clock.start()
        else:
            self.walk_button.setChecked(False)

    def stop(self, *, keep: bool = False) -> None:
        """End the walk: with the picture it came to, or with the one before."""
        if self._walk is None:
            return
        self._clock.stop()
        self._walk = None
        self._show(False)
        now = self._model.value
        if keep:
            self._model.commit()
        elif self._before is not None and now is not None and self._before.model.hash == now.model.hash:
            self._model.set(self._before)
        self.over.emit()

    def step(self) -> None:
        """Go one step further."""
        recipe = self._model.value
        if self._walk is None or recipe is None:
            return
        for direction, amount in zip(self._along, self._walk.advance(), strict=True):
            recipe = moved(self._context, direction, recipe, round(amount, 3))
        self._stepping = True
        try:
            self._model.set(recipe, commit=False)
        finally:
            self._stepping = False

    def show_free(self) -> None:
        """Tell whether there is anything to walk along."""
        enable_unless(self.walk_button, "" if self._free() else self.tr("Unlock a direction first."))

    def close_down(self) -> None:
        """Stop stepping: the window is closing."""
        self._clock.stop()

    def _on_changed(self) -> None:
        if not self._stepping:
            self.stop(keep=True)

    def _show(self, on: bool) -> None:
        self.walk_button.setChecked(on)
        self.walk_button.setIcon(icon("stop" if on else "walk"))
        self.walk_button.setText(self.tr("Stop") if on else self.tr("Random walk"))
        self.keep_button.setVisible(on)
