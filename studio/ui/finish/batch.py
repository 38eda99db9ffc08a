"""A folder of pictures finished, each as the panel says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from studio.engine.jobs.batch_record import ANY_PHOTO, FolderRecipe
from studio.recipes.steps import FinishingStep
from studio.recipes.tree import subjects
from studio.ui.batch.dialog import BatchDialog
from studio.ui.describe.lists import listed
from studio.ui.describe.recipes import finished_text
from studio.ui.finish.draft import Draft
from studio.ui.model import edited

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class FinishBatchDialog(BatchDialog):
    """The batch of the Finish room."""

    key = "finish-batch"

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        self._draft = Draft()
        super().__init__(context, parent)
        self.setWindowTitle(self.tr("Finish a folder of pictures"))

    def show_draft(self, draft: Draft) -> None:
        """Offer the settings of ``draft``; a batch that runs keeps its own."""
        if not self.is_running():
            self._draft = draft
            self.masks.setVisible(draft.mask is not None)
        self.refresh()

    def rows(self) -> list[tuple[str, QWidget]]:
        self.masks = QCheckBox(self.tr("Fill in every picture what is painted in this one"))
        self.masks.toggled.connect(lambda _on: self.refresh())
        self.masks.hide()
        return [("", self.masks)]

    def recipe(self) -> FolderRecipe | None:
        mask = self._draft.mask if self.masks.isChecked() else None
        recipe = edited(self._draft, content=ANY_PHOTO, mask=mask).result()
        return recipe if isinstance(recipe, FinishingStep) else None

    def missing(self) -> str:
        return "" if self.recipe() is not None else self.tr("Switch something on in the panel first.")

    def summary_text(self) -> str:
        recipe = self.recipe()
        if recipe is None:
            return self.missing()
        done = listed([done for step in reversed(list(subjects(recipe))) if (done := finished_text(step))])
        return self.tr("Every picture is {done}, with the settings of the panel.").format(done=done)

    def takes(self, recipe: FolderRecipe) -> bool:
        return Draft.of(recipe).content == ANY_PHOTO

    def adopt(self, recipe: FolderRecipe) -> None:
        self._draft = Draft.of(recipe)
        self.masks.setVisible(self._draft.mask is not None)
        self.masks.setChecked(self._draft.mask is not None)

    def folder_name(self, folder: str) -> str:
        return self.tr("{folder} finished").format(folder=folder)

    def done_text(self, made: int) -> str:
        return self.tr("%n pictures finished.", "", made)
