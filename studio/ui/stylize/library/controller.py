"""The style library, style sheet and batch of the Stylize room, wired to one draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from studio.gallery import STYLES_FOLDER, Style, StyleLibrary
from studio.gallery.looks import Look
from studio.recipes import FileRef, PhotoRecipe, Recipe, StyleUse
from studio.recipes.steps.stylize import NEWEST_PROCESS
from studio.ui.command import Command
from studio.ui.describe.recipes import recipe_name
from studio.ui.model import Model, edited
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.library.panel import StyleLibraryPanel
from studio.ui.stylize.library.style_sheet import StyleSheetView
from studio.ui.stylize.requirements import photo_requirement
from studio.ui.stylize.style_batch import StyleBatchDialog
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

NARROW = 960
"""Rooms less wide than this begin without the style library: picture and controls need the space."""


class StyleLibraryController(QObject):
    """Shelf, sheet and batch beside the draft of a model, which they edit.

    Parameters
    ----------
    model : of the draft.
    files : the room's thread for files, so that styles picked and styles dropped keep their order.
    """

    sheetToggled = Signal(bool)
    """The sheet takes the place of the picture, or gives it back."""
    panelToggled = Signal()
    """The style library was shown or put away."""

    def __init__(self, context: StudioContext, model: Model[Draft], files: JobGroup, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._context = context
        self._files = files
        self._parent = parent
        self._batch: StyleBatchDialog | None = None
        self.shown_picture: Callable[[], NDArray[np.uint8] | None] = lambda: None
        """What is on the canvas."""
        self.sheet_open = False
        self._narrow = False
        self._sources: tuple[Recipe, ...] | None = None
        self.panel = StyleLibraryPanel(context, StyleLibrary(context.gallery.folder / STYLES_FOLDER), parent)
        self.sheet = StyleSheetView(context, parent)
        self.panel.setVisible(context.settings.show_style_library)
        self.panel.picked.connect(lambda style: self._use(style, replace=True))
        self.panel.blended.connect(lambda style: self._use(style, replace=False))
        self.panel.looks.chosen.connect(self._use_look)
        self.panel.looks.saveWanted.connect(self.save_look)
        self.panel.closeWanted.connect(lambda: self.show_panel(False))
        self.panel.shownChanged.connect(self._show_sheet)
        self.sheet.picked.connect(lambda style: self._use(style, replace=True))
        self.sheet.blended.connect(lambda style: self._use(style, replace=False))
        self.sheet.closed.connect(lambda: self.show_sheet(False))

    def commands(self) -> list[Command]:
        """For the room's menu."""
        return [
            Command(
                "stylize.library",
                self.tr("Style &library"),
                lambda: self.show_panel(self.panel.isHidden()),
                "styles",
                checked=lambda: not self.panel.isHidden(),
            ),
            Command(
                "stylize.sheet",
                self.tr("This photo in all st&yles"),
                lambda: self.show_sheet(not self.sheet_open),
                "grid",
                lambda: self.panel.sheet_missing(photo_requirement(self._model.value)),
            ),
            Command(
                "stylize.save-look",
                self.tr("Save this &look …"),
                self.save_look,
                "save",
                lambda: "" if self._model.value.styles else self.tr("Add a style first."),
            ),
            Command("stylize.batch", self.tr("Restyle a &folder of photos …"), self.show_batch, "batch"),
        ]

    def show_draft(self) -> None:
        """Show what belongs to the draft as it is."""
        draft = self._model.value
        if draft.sources() != self._sources:
            self._sources = draft.sources()
            used = frozenset(filter(None, map(_hash_of, draft.styles)))
            self.panel.set_used(used)
            self.sheet.set_used(used)
            self.panel.looks.set_savable("" if draft.styles else self.tr("Add a style first."))
        if self.sheet_open and photo_requirement(draft):
            self.show_sheet(False)
        self._show_sheet()

    def fit(self, width: int) -> None:
        """The room is ``width`` wide now: the library leaves a narrow one, and comes back when there is space again."""
        narrow = width < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.panel.setVisible(self._context.settings.show_style_library and not narrow)
            self.panelToggled.emit()

    def show_sheet(self, on: bool) -> None:
        """Show the photo in all styles of the library, or the picture again."""
        on = on and self._model.value.content is not None
        if on == self.sheet_open:
            return
        self.sheet_open = on
        if not on:
            self.sheet.leave()
        self._show_sheet()
        self.sheetToggled.emit(on)
        if on:
            self.sheet.list.setFocus()

    def show_panel(self, on: bool) -> None:
        """Show the style library, or put it away; the next start finds it so."""
        self.panel.setVisible(on)
        self._context.settings.show_style_library = on
        self.panelToggled.emit()

    def show_batch(self, photos: Sequence[Path] = ()) -> None:
        """Ask for a folder of photos, or show ``photos``, which were chosen already; and how far it is."""
        if self._batch is None:
            self._batch = StyleBatchDialog(self._context, self._parent)
        self._batch.show_draft(self._model.value)
        if photos:
            self._batch.show_photos(photos)
        self._batch.show()
        self._batch.raise_()
        self._batch.activateWindow()

    def save_look(self) -> None:
        """Ask for a name, and save styles and settings as a look, with what is on the canvas as its small picture."""
        draft = self._model.value
        if not draft.styles:
            return
        proposed = " + ".join(recipe_name(use.source) for use in draft.styles[:3])
        name, sure = QInputDialog.getText(
            self._parent, self.tr("Save this look"), self.tr("Name:"), QLineEdit.EchoMode.Normal, proposed
        )
        if sure and name.strip():
            self._model.commit()
            self.show_panel(True)
            self.panel.pages.setCurrentIndex(1)
            self.panel.looks.save(name, Look.of(draft.styles, draft), self.shown_picture())

    def _use_look(self, look: Look) -> None:
        """Styles, weights and settings of a look; photo, size and masks stay."""
        self._model.set(edited(self._model.value, styles=look.styles, **look.changes()))

    def shutting_down(self) -> None:
        """Stop everything."""
        self.panel.close_files()
        self.sheet.close_files()
        if self._batch is not None:
            self._batch.stop()

    def _show_sheet(self) -> None:
        content = self._model.value.content
        if not self.sheet_open or content is None:
            return
        any_style = (StyleUse(source=content),)
        styles = self._model.value.styles if len(self._model.value.styles) == 1 else any_style
        base = edited(self._model.value, styles=any_style, texture=False).recipe("preview")
        if base is not None:
            # Of the blend, only the brush size of a single style says something about others.
            use = any_style[0].model_copy(update={"scale": styles[0].scale})
            self.sheet.show_for(base.model_copy(update={"styles": (use,)}), self.panel.shown())

    def _use(self, style: Style, *, replace: bool) -> None:
        """Try a style alone; else blend it in, or take it out. Its picture is kept among the sources like any other."""

        def added(ref: FileRef) -> None:
            source, draft = PhotoRecipe(photo=ref), self._model.value
            others = [use for use in draft.styles if _hash_of(use) != ref.hash]
            known = [use for use in draft.styles if _hash_of(use) == ref.hash]
            if replace:
                self._model.edit(styles=tuple(known[:1]) or (StyleUse(source=source),), process=NEWEST_PROCESS)
            elif known:
                self._model.edit(styles=tuple(others))
            else:
                self._model.set(draft.with_style(source))

        self._files.run(lambda: self._context.sources.add(style.path), added)


def _hash_of(use: StyleUse) -> str:
    photo = use.source.opened_photo
    return "" if photo is None else photo.hash
