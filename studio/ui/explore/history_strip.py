"""The pictures one had, the newest first, to go back to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListView, QListWidgetItem, QWidget

from studio.recipes import SampleRecipe
from studio.ui.explore.previews import SamplePreviews
from studio.ui.explore.recipe_list import RecipeList
from studio.ui.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

SIDE = 48
MOST = 60
DRAWN, DRAWN_AT_START = 8, 24
"""So many of the newest are drawn if they are missing; the others were there once. More come back with a session."""
_WHEN = Qt.ItemDataRole.UserRole + 2


class HistoryStrip(RecipeList):
    """Follows the history of a model: every whole change is a small picture, also those that undo has left behind.

    Parameters
    ----------
    clock : seconds, to say how long ago a picture was there.
    """

    opened = Signal(object)
    """The ``SampleRecipe`` to go back to."""

    def __init__(
        self,
        model: Model[SampleRecipe | None],
        previews: SamplePreviews,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(SIDE, parent, named=False)
        self._model, self._previews_of, self._clock = model, previews, clock
        self.use_previews(previews)
        self.setObjectName("sample-page")
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setSpacing(1)
        self.setSelectionMode(RecipeList.SelectionMode.SingleSelection)
        self.setFixedWidth(SIDE + 20)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setAccessibleName(self.tr("History"))
        self.setToolTip(self.tr("A click goes back to it; undo takes that back."))
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)
        model.history.changed.connect(self._note)
        model.history.restored.connect(self._recall)

    def _open(self, item: QListWidgetItem) -> None:
        recipe = self.recipe(item)
        if recipe != self._model.value:
            self.opened.emit(recipe)

    def _recall(self) -> None:
        """Show the pictures of a history that came back with the session; the one it is at is the current one."""
        self.clear()
        for recipe in self._model.history.values():
            if recipe is not None and self.row_of(recipe) is None:
                self.insertItem(0, self.make_item(recipe))
        while self.count() > MOST:
            self.takeItem(self.count() - 1)
        self._previews_of.want("history", self.recipes()[:DRAWN_AT_START])
        self._note()

    def _note(self) -> None:
        """Keep the value one is at, unless it is there already, and mark it."""
        recipe = self._model.history.current()
        if recipe is None:
            return
        row = self.row_of(recipe)
        if row is None:
            item = self.make_item(recipe)
            item.setData(_WHEN, self._clock())
            self.insertItem(0, item)
            while self.count() > MOST:
                self.takeItem(self.count() - 1)
            row = 0
            self._previews_of.want("history", self.recipes()[:DRAWN])
        self.setCurrentRow(row)

    def tip_of(self, item: QListWidgetItem) -> str:
        when = item.data(_WHEN)
        if when is None:
            return self.tr("Last session: {picture}").format(picture=super().tip_of(item))
        minutes = round((self._clock() - float(when)) / 60)
        ago = self.tr("Just now") if minutes < 1 else self.tr("%n minutes ago", "", minutes)
        return f"{ago}: {super().tip_of(item)}"
