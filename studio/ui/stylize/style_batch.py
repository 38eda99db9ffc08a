"""A folder of photos restyled, each in the styles and settings of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from studio.engine.jobs.batch_record import FolderRecipe, batch_recipe
from studio.recipes import StylizeRecipe
from studio.ui.batch.dialog import BatchDialog
from studio.ui.describe.lists import listed
from studio.ui.describe.recipes import recipe_name
from studio.ui.model import edited
from studio.ui.stylize.draft import Draft

if TYPE_CHECKING:
    from studio.ui.context import StudioContext


class StyleBatchDialog(BatchDialog):
    """The batch of the Stylize room."""

    key = "style-batch"

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        self._draft = Draft()
        super().__init__(context, parent)
        self.setWindowTitle(self.tr("Restyle a folder of photos"))

    def show_draft(self, draft: Draft) -> None:
        """Offer the settings of ``draft``; a batch that runs keeps its own."""
        if not self.is_running():
            self._draft = draft
            self._show_masks()
        self.refresh()

    def rows(self) -> list[tuple[str, QWidget]]:
        self.method = QComboBox()
        self.method.addItem(self.tr("Instant preview"), "preview")
        self.method.addItem(self.tr("Final render, which takes its time"), "optimise")
        self.method.currentIndexChanged.connect(lambda _index: self.refresh())
        self.masks = QCheckBox(self.tr("Use the painted masks for every photo"))
        self.masks.toggled.connect(lambda _on: self.refresh())
        self.masks.hide()
        return [(self.tr("Quality"), self.method), ("", self.masks)]

    def recipe(self) -> StylizeRecipe | None:
        if not self._draft.styles:
            return None
        recipe = self._draft.recipe(self.method.currentData())
        if recipe is None:
            # Without a photo in the room, too: each of the folder takes its place.
            recipe = edited(self._draft, content=self._draft.styles[0].source).recipe(self.method.currentData())
        if recipe is None or recipe.texture:
            return None
        return batch_recipe(recipe, masks=self.masks.isChecked())

    def missing(self) -> str:
        if self._draft.texture:
            return self.tr("A texture is made without a photo. Switch it off in the panel first.")
        if not self._draft.styles:
            return self.tr("Choose a style in the panel first; every photo is made with the settings there.")
        return ""

    def summary_text(self) -> str:
        if missing := self.missing():
            return missing
        names = listed(recipe_name(use.source) for use in self._draft.styles[:3])
        if len(self._draft.styles) > 3:
            names += " …"
        return self.tr("Every photo in {styles}, {size} pixels, with the settings of the panel.").format(
            styles=names, size=self._draft.size
        )

    def takes(self, recipe: FolderRecipe) -> bool:
        return isinstance(recipe, StylizeRecipe)

    def adopt(self, recipe: FolderRecipe) -> None:
        assert isinstance(recipe, StylizeRecipe)
        self._draft = Draft.of(recipe)
        self._show_masks()
        self.method.setCurrentIndex(self.method.findData(recipe.method))
        self.masks.setChecked(recipe.mask is not None or any(use.region is not None for use in recipe.styles))

    def folder_name(self, folder: str) -> str:
        style = recipe_name(self._draft.styles[0].source) if self._draft.styles else ""
        return self.tr("{folder} in {style}").format(folder=folder, style=style)

    def least_side(self) -> int:
        return self._draft.size

    def done_text(self, made: int) -> str:
        return self.tr("%n photos restyled.", "", made)

    def _show_masks(self) -> None:
        self.masks.setVisible(self._draft.mask is not None or any(use.region is not None for use in self._draft.styles))
