"""Covers: samples that stand for their model, on the first page of the sheet and when the model is opened."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from studio.recipes import SampleRecipe
from studio.ui.context import StudioContext
from studio.ui.explore.model_notes import ModelNotes


class Covers(QObject):
    """The artist's newest cover of every model, and all covers of the one in use, which its notes keep."""

    def __init__(self, context: StudioContext, notes: ModelNotes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._notes = context, notes
        self._newest: dict[str, SampleRecipe] = {}  # by the model's hash
        notes.changed.connect(self._follow_notes)

    def newest(self, model: str) -> SampleRecipe | None:
        """The cover that the model of this hash opens on; None: the artist has made none."""
        return self._newest.get(model)

    def set_newest(self, found: Mapping[str, SampleRecipe]) -> None:
        """Take in what lies on the disk; of the model in use the notes may have newer ones."""
        self._newest = dict(found)
        self._follow_notes()

    def add(self, samples: list[SampleRecipe]) -> None:
        """Show ``samples`` on the sheet's first page, and the first of them when the model is opened."""
        notes = self._notes.value
        if notes is None or not self._notes.is_read or not samples:  # what is on the disk must not be lost
            return
        after = notes.with_covers(samples)
        if after == notes:
            self._context.notify.emit(self.tr("It is a cover already: the sheet begins with it."))
            return
        self._notes.edit(after)
        self._context.notify.emit(self.tr("A cover: the sheet begins with it, and the model opens on it."))

    def remove(self, samples: list[SampleRecipe]) -> None:
        """Make covers ordinary samples again."""
        if self._notes.value is not None and self._notes.is_read:
            self._notes.edit(self._notes.value.without_covers(samples))

    def has_all(self, samples: list[SampleRecipe]) -> bool:
        """Return whether every one of ``samples`` is a cover."""
        covers = self._notes.value.covers if self._notes.value is not None else ()
        return all(sample in covers for sample in samples)

    def _follow_notes(self) -> None:
        notes = self._notes.value
        if notes is not None and notes.covers:
            self._newest[notes.model.hash] = notes.covers[0]
        elif notes is not None and self._notes.is_read:
            self._newest.pop(notes.model.hash, None)
