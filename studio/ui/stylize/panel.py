"""The Stylize room. It edits a :class:`Draft`; the device worker renders it; undo is a list of drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.base import StudioError
from studio.recipes import FileRef, FilmRecipe, Recipe, StylizeRecipe
from studio.ui.background import Background
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.model import History
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.stylize.canvas_drops import CanvasDrops
from studio.ui.stylize.clip.bar import ClipBar
from studio.ui.stylize.clip.canvas import ClipOnCanvas
from studio.ui.stylize.draft import Draft
from studio.ui.stylize.final_card import FinalRender
from studio.ui.stylize.final_renders import FinalRenders
from studio.ui.stylize.incoming import IncomingPictures
from studio.ui.stylize.invitation import Invitation
from studio.ui.stylize.library.controller import StyleLibraryController
from studio.ui.stylize.library.panel import LIBRARY_WIDTH
from studio.ui.stylize.masks.canvas import MaskCanvas
from studio.ui.stylize.masks.painting import MaskPainting
from studio.ui.stylize.missing_photos import MissingPhotos, missing_photos
from studio.ui.stylize.picture_bar import PictureBar
from studio.ui.stylize.previews import Preview, Previews
from studio.ui.stylize.recipe_thumbnails import RecipePictures, open_rgb
from studio.ui.stylize.requirements import missing_requirement
from studio.ui.stylize.side_column import SideColumn
from studio.ui.widgets import DroppedPicture

_Pixels = NDArray[np.uint8]


class StylizerPanel(Room):
    """Photo and styles in, a restyled picture out."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.history: History[Recipe] = History(self)
        self.history.changed.connect(self.stateChanged)
        self._draft = Draft()
        self._on_canvas: Recipe | None = None
        self._checking = 0
        # One thread, so that several dropped styles keep their order.
        self._files = Background(self, threads=1)
        self._files.failed.connect(context.problem)
        self._background = Background(self)
        self._background.failed.connect(context.problem)
        self._make_helpers()

        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.library = StyleLibraryController(context, self._files, self)
        self.library.draftWanted.connect(self._change)
        self.library.sheetToggled.connect(lambda _on: self._show_page())
        self.library.panelToggled.connect(self.stateChanged)
        self._make_commands()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("stylize-shelf")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.library.panel)
        splitter.addWidget(self._make_centre())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([LIBRARY_WIDTH, 10_000])
        layout.addWidget(splitter, 1)
        layout.addWidget(self._make_side())
        self.halves = CanvasDrops(self, self.stack, self.canvas, photo=self.photo, style=self.style_drop).halves
        self._commit()
        self._show_controls()
        self._refresh()

    # What the window asks of a room

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe``; a recipe of another kind becomes the content.

        The photos it names are looked for; those missing are named. The picture of a final render is taken from the
        gallery when it is there, rather than rendered once more.
        """
        if not isinstance(recipe, StylizeRecipe):
            self.set_content(recipe)
            return
        self._checking += 1
        self._apply(Draft.of(recipe))

        def load() -> tuple[list[FileRef], _Pixels | None]:
            missing = missing_photos([recipe], self.context.sources)
            saved = self.keeping.saved_picture(recipe) if recipe.method == "optimise" else None
            return missing, None if saved is None else open_rgb(saved.path)

        def found(result: tuple[list[FileRef], _Pixels | None]) -> None:
            self._checking -= 1
            missing, image = result
            if image is not None:
                whole = recipe.model_copy(update={"stop_after": None})
                self.finals.restore(FinalRender(whole, image=image, steps=recipe.stop_after or recipe.steps))
            self._tell_missing(missing)
            self._refresh()

        def failed(problem: StudioError) -> None:
            self._checking -= 1
            self.context.problem.emit(problem)
            self._refresh()

        self._background.run(load, found, failed)

    def set_content(self, recipe: Recipe) -> None:
        """Restyle the picture of ``recipe``, any recipe; the styles stay."""
        self.clip.close_clip()
        self.incoming.content_coming = False
        self._apply(replace(self._draft, content=recipe))
        self.incoming.report_photo_problems(recipe)

    def open_clip(self, path: Path) -> None:
        """Open a video clip: any of its frames is restyled, and all of them are filmed."""
        self.clip.open(path)

    def add_style(self, recipe: Recipe) -> None:
        """Add the picture of ``recipe`` to the blend."""
        self._apply(self._draft.with_style(recipe))
        self.incoming.report_photo_problems(recipe)

    def recipe(self) -> StylizeRecipe | None:
        """The recipe of what is shown; None while photo or styles are missing."""
        shown = self.finals.shown()
        if shown is not None and shown.image is not None:
            return shown.recipe_of_image()
        return self._draft.recipe("preview")

    def can_undo(self) -> bool:
        return self.history.can_undo()

    def can_redo(self) -> bool:
        return self.history.can_redo()

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self._restore(self.history.undo())

    def redo(self) -> None:
        """Take back an undo."""
        self._restore(self.history.redo())

    def save(self) -> None:
        """Save what is shown to the gallery; a render that runs or was stopped as far as it has come."""
        self._with_picture(self.keeping.save)

    def can_export(self) -> bool:
        return True

    def export(self) -> None:
        """Ask for a file name and write what is shown as PNG, JPEG, TIFF or WebP, with its recipe."""
        self._with_picture(self.keeping.export)

    def shutting_down(self) -> None:
        """Stop everything."""
        self.previews.shut_down()
        self.finals.cancel()
        self.library.shutting_down()
        self.clip.shut_down()
        self._files.close()
        self._background.close()

    # The parts

    def _make_helpers(self) -> None:
        """What works unseen."""
        context = self.context
        self._pictures = RecipePictures(context, self._background, self)
        self._pictures.ready.connect(lambda recipe, image: self.side.set_thumbnail(recipe, image))
        self.keeping = PictureKeeping(context, self._files, self)
        self._missing = MissingPhotos(self)
        self.incoming = IncomingPictures(context, self._missing, self._files, self._background, self)
        self.incoming.photoCame.connect(self.set_content)
        self.incoming.styleCame.connect(self.add_style)
        self.incoming.recipeCame.connect(self.open_recipe)
        self.incoming.missingCame.connect(self._on_missing_came)
        self.incoming.refused.connect(self._on_refused)
        self.previews = Previews(context.worker, self)
        self.previews.came.connect(self._on_preview)
        self.previews.beforeCame.connect(self._on_before)
        self.previews.rested.connect(lambda: self._render_preview(live=False))
        self.previews.failed.connect(context.problem)
        self.finals = FinalRenders(context, lambda: self._draft.recipe("optimise"), self)
        self.finals.pictureCame.connect(self._on_final_picture)
        self.finals.changed.connect(self._update)
        self.finals.refreshWanted.connect(lambda: self._refresh())

    def _make_centre(self) -> QWidget:
        centre = QWidget()
        self.invitation = Invitation()
        self.invitation.folder = self.context.settings.last_folder("photo")
        self.invitation.pictureDropped.connect(self._on_invited)
        self.invitation.problem.connect(self.context.problem)
        self.canvas = MaskCanvas()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.invitation)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.library.sheet)

        self.bar = PictureBar(self.commands.action("stylize.library"))
        self.bar.sheetWanted.connect(lambda: self.library.show_sheet(True))
        self.bar.wipeToggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.bar.set_wipe)
        self.bar.fitWanted.connect(self.canvas.fit)
        self.bar.actualSizeWanted.connect(lambda: self.canvas.actual_size())
        self.bar.saveWanted.connect(self.save)
        self.bar.exportWanted.connect(self.export)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self._make_clip())
        column.addWidget(self.bar)
        return centre

    def _make_clip(self) -> QWidget:
        self.clip = ClipBar(self.context, lambda method: self._draft.recipe(method), self.canvas.useful_side)
        self._clip_canvas = ClipOnCanvas(self.clip, self.canvas, self.bar, self)
        self._clip_canvas.begun.connect(self.previews.stop)
        self.clip.playback.changed.connect(self._update)
        self.clip.frameShown.connect(self._on_clip_frame)
        self.clip.settled.connect(self._on_clip_settled)
        self.clip.filmOpened.connect(self._on_film_opened)
        self.clip.closed.connect(self._remove_photo)
        return self.clip

    def _make_side(self) -> QWidget:
        self.side = side = SideColumn(self.context)
        self.photo, self.style_drop, self.styles = side.photo, side.style_drop, side.styles
        self.pad, self.where, self.controls, self.card = side.pad, side.where, side.controls, side.card
        side.photoDropped.connect(self._on_photo)
        side.photoRemoved.connect(self._remove_photo)
        for place in (self.photo, self.invitation):
            place.takes_clips = True
            place.clipDropped.connect(self.open_clip)
        side.styleDropped.connect(self._on_style)
        side.stylesEdited.connect(lambda styles: self._edit(styles=styles))
        side.committed.connect(self._commit)
        self.styles.thumbnailWanted.connect(self._pictures.request)
        self.masks = MaskPainting(
            self.where, self.canvas, lambda: self._draft, self.context.sources, self._files, self._background, self
        )
        self.masks.draftWanted.connect(self._change)
        self.styles.partWanted.connect(self.masks.paint_part)
        self.where.targetChanged.connect(lambda _: self._show_controls())
        self.where.featherChanged.connect(lambda value: self._edit(feather=value))
        self.where.featherFinished.connect(self._commit)
        self.where.undoWanted.connect(self.undo)
        self.controls.edited.connect(self._on_controls)
        self.finals.ended.connect(self.controls.show_download)
        self.card.renderWanted.connect(self.render_final)
        self.card.continueWanted.connect(self.finals.go_on)
        self.card.pauseToggled.connect(self.finals.toggle_pause)
        self.card.showWanted.connect(self._show_final_settings)
        return side

    def _make_commands(self) -> None:
        def running() -> bool:
            return self.finals.running()

        self.commands.add(
            Command("stylize.photo", self.tr("&Choose a photo …"), lambda: self.photo.choose(), "photo"),
            Command("stylize.styles", self.tr("&Add styles …"), lambda: self.style_drop.choose(), "add"),
            *self.library.commands(),
            Command("stylize.clip", self.tr("Open &video …"), lambda: self.clip.choose(), "movie"),
            Command("stylize.unfinished", self.tr("&Unfinished films …"), lambda: self.clip.show_unfinished(), "movie"),
        )
        self.commands.add_separator()
        self.commands.add(
            Command("stylize.render", self.tr("&Render final"), self.render_final, "stylize", self._can_render),
            Command("work.pause", self.tr("&Pause or resume rendering"), self.finals.toggle_pause, "pause", running),
            Command("stylize.stop", self.tr("&Stop rendering"), self.finals.cancel, "stop", running),
        )

    def _can_render(self) -> bool:
        missing = missing_requirement(self._draft, self._missing_photo(), playing=self.clip.playing())
        return not missing and not self.finals.running()

    # Pictures that come in

    def _on_photo(self, picture: DroppedPicture) -> None:
        self.incoming.take_photo(picture)

    def _on_style(self, picture: DroppedPicture) -> None:
        self.style_drop.clear()
        self.incoming.take_style(picture)

    def _on_invited(self, picture: DroppedPicture) -> None:
        self.invitation.clear()
        if self.incoming.content_coming or self._draft.content is not None:
            self._on_style(picture)
        else:
            self.incoming.take_first(picture)

    def _on_missing_came(self) -> None:
        self._show_controls()
        self._refresh()

    def _on_refused(self, problem: StudioError) -> None:
        self.context.problem.emit(problem)
        self._show_controls()

    def _tell_missing(self, missing: list[FileRef]) -> None:
        self._missing.note(missing)
        if missing:
            self.context.problem.emit(self._missing.words(missing))

    # Video clips

    def _on_clip_frame(self, frame: Recipe) -> None:
        self._draft = replace(self._draft, content=frame)
        self._refresh(live=True)

    def _on_clip_settled(self) -> None:
        self._commit()
        self._show_controls()

    def _on_film_opened(self, film: FilmRecipe) -> None:
        self._apply(replace(Draft.of(film.look), content=None))
        uses = film.look.styles

        def missing() -> list[FileRef]:
            return missing_photos([use.source for use in uses], self.context.sources)

        def found(missing: list[FileRef]) -> None:
            self._tell_missing(missing)
            self._refresh()

        self._background.run(missing, found)

    def _remove_photo(self) -> None:
        self.clip.close_clip()
        self._apply(replace(self._draft, content=None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.clip.take_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.library.fit(self.width())
        super().resizeEvent(event)

    # Editing

    def _edit(self, **changes: object) -> None:
        """A control moves."""
        self.clip.stop_watching()
        self._draft = replace(self._draft, **changes)  # type: ignore[arg-type]
        self._refresh(live=True)

    def _on_controls(self, draft: Draft) -> None:
        self.clip.stop_watching()
        textured = draft.texture != self._draft.texture
        self._draft = replace(
            draft,
            content=self._draft.content,
            styles=self._draft.styles,
            mask=self._draft.mask,
            feather=self._draft.feather,
        )
        if textured:
            self.masks.show()
        self._refresh(live=True)

    def _commit(self) -> None:
        self.history.push(cast(Recipe, self._draft))

    def _apply(self, draft: Draft) -> None:
        """One whole change."""
        self.clip.stop_watching()
        self._draft = draft
        self._commit()
        self._show_controls()
        self._refresh()

    def _change(self, change: Callable[[Draft], Draft]) -> None:
        """One whole change of the draft as it is by now."""
        self._apply(change(self._draft))

    def _restore(self, recipe: Recipe | None) -> None:
        if recipe is not None:
            self.clip.stop_watching()
            self._draft = cast(Draft, recipe)
            self._show_controls()
            self._refresh()

    def _show_controls(self) -> None:
        """Every control as the draft has it."""
        draft = self._draft
        self.side.show_draft(draft)
        self.masks.show()
        for use in draft.styles:
            self._pictures.request(use.source)
        if draft.content is not None:
            self._pictures.request(draft.content)

    # Showing

    def _refresh(self, *, live: bool = False) -> None:
        """Bring canvas and buttons to the draft; ``live`` while a control moves."""
        draft = self._draft
        self.side.show_styles(draft)
        subject = draft.subject()
        self.library.show_draft(draft)
        self._show_page()
        recipe = draft.recipe("preview")
        if self._checking or self.clip.holds_canvas():
            pass
        elif subject is None:
            self.previews.stop()
        elif (missing := self._missing_photo()) is not None:
            self.previews.stop()
            self.canvas.set_image(None)
            self.canvas.set_before(None)
            self.canvas.set_message(self.tr("{name} is missing. Drop it here.").format(name=f"“{missing.name}”"))
        else:
            self.previews.render_before(subject, draft.size)
            if recipe is None:
                self.previews.stop()
                self._show_photo()
            elif (final := self.finals.shown()) is not None and final.image is not None:
                self.previews.stop()
                self._show_image(final.image)
            elif self.finals.touch_up():
                self.previews.stop()
            elif (preview := self.previews.full(recipe)) is not None:
                self.previews.stop()
                self._show_image(preview)
            else:
                self._render_preview(live=live)
        self._update()

    def _show_page(self) -> None:
        """The invitation, the picture or the sheet of styles."""
        empty = self._draft.subject() is None
        sheet = self.library.sheet_open and not empty
        self.stack.setCurrentWidget(self.invitation if empty else self.library.sheet if sheet else self.canvas)
        self.bar.setVisible(not empty and not sheet)

    def _update(self) -> None:
        """Texts and buttons."""
        final, shown = self.finals.latest, self.finals.shown()
        followed = shown is not None
        missing = missing_requirement(self._draft, self._missing_photo(), playing=self.clip.playing())
        running = final is not None and final.running
        self.card.show_state(final, followed=followed, missing=missing)
        self.stateChanged.emit()
        self.clip.show_state()
        self.canvas.set_busy(final.progress.fraction if final is not None and running and followed else None)
        if self.clip.holds_canvas():
            return
        previewed = self.previews.latest is not None
        self.bar.show_state(self.canvas.image(), self._draft, shown, previewed=previewed, missing=missing)

    def _show_image(self, image: _Pixels) -> None:
        subject = self._draft.subject()
        self._on_canvas = subject
        self.canvas.set_image(image)
        self.canvas.set_before(self.previews.before(subject))
        self._update()

    def _show_photo(self) -> None:
        before = self.previews.before(self._draft.subject())
        self._on_canvas = None
        self.canvas.set_before(None)
        if before is not None:
            self.canvas.set_image(before)
        self._update()

    def _missing_photo(self) -> FileRef | None:
        """A photo of the draft that is not on this computer."""
        return self._missing.missing(self._draft)

    # The instant preview

    def _render_preview(self, *, live: bool) -> None:
        recipe = self._draft.recipe("preview")
        if recipe is not None and self._missing_photo() is None:
            self.previews.render(recipe, live=live)

    def _on_preview(self, preview: Preview) -> None:
        final = self.finals.shown()
        # While dragging, a preview that is one position late is still better than none; other pictures are not.
        now = self._draft.recipe("preview")
        other = now is None or (now.content != preview.recipe.content and not self.clip.is_open())
        if other or (final is not None and final.image is not None) or self.clip.holds_canvas():
            return
        self._show_image(preview.image)

    def _on_before(self, subject: Recipe) -> None:
        if subject != self._draft.subject() or self._checking or self.clip.holds_canvas():
            return
        if self._draft.styles and self._on_canvas == subject:
            self.canvas.set_before(self.previews.before(subject))
        else:
            self._show_photo()

    # The final render

    def render_final(self) -> None:
        """Start the optimisation with the settings as they are."""
        recipe = self._draft.recipe("optimise")
        if recipe is None or self._missing_photo() is not None or self.finals.running():
            return
        self.clip.stop_watching()
        self._commit()
        self.finals.render(recipe)

    def _on_final_picture(self, image: _Pixels) -> None:
        if not self.clip.holds_canvas():
            self.previews.stop()
            self._show_image(image)

    def _show_final_settings(self) -> None:
        final = self.finals.latest
        if final is not None:
            draft = Draft.of(final.recipe)
            # A touch-up takes fewer steps than the artist asked for.
            self._apply(replace(draft, steps=self._draft.steps) if final.recipe.start is not None else draft)

    def _with_picture(self, use: Callable[[_Pixels, StylizeRecipe], None]) -> None:
        """``use`` the picture shown and its recipe; a preview that is not there in full size is rendered first."""
        recipe = self._draft.recipe("preview")
        final = self.finals.shown()
        if recipe is None:
            self.context.notify.emit(self.tr("There is nothing to save yet: it takes a photo and a style."))
        elif self.clip.holds_canvas():
            self.context.notify.emit(
                self.tr("Choose Clip, and pause: the frame in the present look can be saved then.")
            )
        elif final is not None and final.image is not None:
            use(final.image, final.recipe_of_image())
        elif (preview := self.previews.full(recipe)) is not None:
            use(preview, recipe)
        else:
            job = self.context.worker.submit(lambda engine: engine.render(recipe), title=self.tr("Stylize"))
            job.finished.connect(lambda rendered: use(rendered.image, recipe))
            job.failed.connect(self.context.problem)
