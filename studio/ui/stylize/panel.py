"""The Stylize room. It edits the :class:`Draft` of one model; the device worker renders it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.base import StudioError
from studio.recipes import FileRef, FilmRecipe, Recipe, StylizeRecipe
from studio.recipes.steps.stylize import NEWEST_PROCESS
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.kept_history import kept_history, recalled_draft
from studio.ui.masks.canvas import MaskCanvas
from studio.ui.model import Model, edited
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.stylize.answers import Answers
from studio.ui.stylize.canvas_drops import CanvasDrops
from studio.ui.stylize.canvas_source import CanvasSource
from studio.ui.stylize.clip.bar import ClipBar
from studio.ui.stylize.clip.canvas import ClipOnCanvas
from studio.ui.stylize.draft import QUALITIES, Draft
from studio.ui.stylize.final_card import FinalRender
from studio.ui.stylize.final_renders import FinalRenders
from studio.ui.stylize.incoming import IncomingPictures
from studio.ui.stylize.library.controller import StyleLibraryController
from studio.ui.stylize.library.panel import LIBRARY_WIDTH
from studio.ui.stylize.masks.painting import MaskPainting
from studio.ui.stylize.missing_photos import MissingPhotos, missing_photos
from studio.ui.stylize.picture_bar import PictureBar
from studio.ui.stylize.picture_on_canvas import PictureOnCanvas
from studio.ui.stylize.previews import Previews
from studio.ui.stylize.print_size import PrintSizeDialog
from studio.ui.stylize.recipe_thumbnails import RecipePictures, open_rgb
from studio.ui.stylize.requirements import missing_requirement
from studio.ui.stylize.side_column import SideColumn
from studio.ui.stylize.stylized_keeping import StylizedKeeping
from studio.ui.stylize.unsaved_finals import UnsavedBar, UnsavedFinal, UnsavedFinals
from studio.ui.widgets import DroppedPicture
from studio.ui.widgets.invitation import Invitation
from studio.ui.widgets.questions import color_primary
from studio.worker import JobGroup

if TYPE_CHECKING:
    pass

_Pixels = NDArray[np.uint8]


class StylizerPanel(Room):
    """Photo and styles in, a restyled picture out."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = Model(Draft(), self)
        self.history = self.model.history
        self._steps.follow(self.history, self.model.undo, self.model.redo)
        self._steps.changed.connect(self.stateChanged)
        self._moving = False
        # One thread, so that several dropped styles keep their order.
        self._files = JobGroup(self, ordered=True)
        self._files.failed.connect(context.problem)
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self._make_helpers()

        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.library = StyleLibraryController(context, self.model, self._files, self)
        self.library.sheetToggled.connect(lambda _on: self._show_page())
        self.library.panelToggled.connect(self.stateChanged)
        self.library.panel.shownChanged.connect(self.stateChanged)
        self.library.panel.looks.deleted.connect(self._steps.did)
        self.library.shown_picture = lambda: self.on_canvas.restyled()
        self._make_commands()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("stylize-library")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.library.panel)
        splitter.addWidget(self._make_centre())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([LIBRARY_WIDTH, 10_000])
        layout.addWidget(splitter, 1)
        layout.addWidget(self._make_side())
        drops = CanvasDrops(
            self, self.stack, self.canvas, photo=self.photo, style=self.style_drop, mask=self.where.intake
        )
        self.halves = drops.halves
        settings = self.model.select(lambda draft: draft.model_copy(update={"content": None}))
        settings.changed.connect(self.clip.stop_watching)  # the artist works at the picture
        self.model.changed.connect(self._on_changed)
        self.history.changed.connect(self._on_settled)
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
        self.on_canvas.look_for_photos(True)
        self._apply(Draft.of(recipe))

        def load() -> tuple[list[FileRef], _Pixels | None]:
            missing = missing_photos([recipe], self.context.sources)
            saved = self.keeping.saved_picture(recipe) if recipe.method == "optimise" else None
            return missing, None if saved is None else open_rgb(saved.path)

        def found(result: tuple[list[FileRef], _Pixels | None]) -> None:
            self.on_canvas.look_for_photos(False)
            missing, image = result
            if image is not None:
                whole = recipe.model_copy(update={"stop_after": None})
                self.finals.restore(FinalRender(whole, image=image, steps=recipe.stop_after or recipe.steps))
            self._tell_missing(missing)
            self._refresh()

        def failed(problem: StudioError) -> None:
            self.on_canvas.look_for_photos(False)
            self.context.problem.emit(problem)
            self._refresh()

        self._background.run(load, found, failed)

    def set_content(self, recipe: Recipe) -> None:
        """Restyle the picture of ``recipe``, any recipe; the styles stay."""
        self.clip.close_clip()
        self.incoming.content_coming = False
        self._apply(edited(self.model.value, content=recipe, process=NEWEST_PROCESS))
        self.incoming.report_photo_problems(recipe)

    def many_pictures_offer(self, count: int) -> str:
        """All of them in the settings of the room."""
        return self.tr("Restyle all %n …", "", count)

    def open_pictures(self, paths: Sequence[Path]) -> None:
        """Show what a batch over exactly these would be."""
        self.library.show_batch(paths)

    def open_clip(self, path: Path) -> None:
        """Open a video clip: any of its frames is restyled, and all of them are filmed."""
        self.clip.open(path)

    def add_style(self, recipe: Recipe) -> None:
        """Add the picture of ``recipe`` to the blend."""
        self._apply(self.model.value.with_style(recipe))
        self.incoming.report_photo_problems(recipe)

    def recipe(self) -> StylizeRecipe | None:
        """The recipe of what is shown; None while photo or styles are missing."""
        return self.on_canvas.recipe()

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self.clip.stop_watching()
        self.clip.settle()
        self.model.commit()
        super().undo()
        self.clip.close_left_clip()
        self._request_pictures()

    def redo(self) -> None:
        """Take back an undo."""
        self.clip.stop_watching()
        self.clip.settle()
        self.model.commit()
        super().redo()
        self.clip.close_left_clip()
        self._request_pictures()

    def save(self) -> None:
        """Save what is shown to the gallery; a render that runs or was stopped as far as it has come."""
        self.stylized.save()

    def copy(self) -> bool:
        """Copy what is shown, with its recipe; a clip's frame has none."""
        return self.stylized.copy()

    def save_missing(self) -> str:
        missing = self._picture_missing()
        if not missing and self.clip.holds_canvas():
            return self.tr("Choose Clip, and pause: the frame in the present look can be saved then.")
        return missing

    def export_missing(self) -> str:
        return self.save_missing()

    def export(self) -> None:
        """Ask for a file name and write what is shown as PNG, JPEG, TIFF or WebP, with its recipe."""
        self.stylized.export()

    def session(self) -> dict[str, Any]:
        """The draft with its history, with photo, styles and masks, and the clip that is open."""
        clip, draft = self.clip.path(), self.model.value
        if clip is None:
            return {"draft": draft.model_dump(mode="json"), "history": kept_history(self.history)}
        self.clip.settle()
        draft, history = edited(draft, content=None), self.clip.frame_history.kept()
        return {"draft": draft.model_dump(mode="json"), "history": history, "clip": str(clip)}

    def restore_session(self, state: dict[str, Any]) -> None:
        if (recalled := recalled_draft(state, Draft, self.history)) is None:
            return
        draft, shortened = recalled
        if shortened:
            self.context.notify.emit(shortened)
        self._apply(draft)
        self.side.steady.begin()

        def missing() -> list[FileRef]:
            return missing_photos(draft.sources(), self.context.sources)

        def found(absent: list[FileRef]) -> None:
            self._missing.note(absent)
            self._refresh()

        self._background.run(missing, found)
        clip = Path(str(state.get("clip", "")))
        if state.get("clip") and clip.is_file():
            self.clip.open(clip, resumes=True)

    def shutting_down(self) -> None:
        """Stop everything."""
        self.previews.shut_down()
        self.finals.shut_down()
        self.unsaved.close_files()
        self.library.shutting_down()
        self.clip.shut_down()
        self._files.close()
        self._background.close()

    # The parts

    def _make_helpers(self) -> None:
        """Make the helpers that work unseen."""
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
        self.previews.failed.connect(context.problem)
        self.finals = FinalRenders(context, self.model, self)
        self.previews.measured.connect(self.finals.learn)
        self.finals.saveWanted.connect(self.keeping.save)
        self.unsaved = UnsavedFinals(context, self)
        self.finals.pictureDone.connect(self.unsaved.keep)
        self.unsaved_bar = UnsavedBar()
        self.unsaved.found.connect(self.unsaved_bar.offer)
        self.unsaved_bar.saveWanted.connect(lambda left: self.keeping.save(left.image, left.recipe))
        self.unsaved_bar.showWanted.connect(self._show_unsaved)
        self.unsaved_bar.discarded.connect(lambda left: self.unsaved.forget(left.recipe))
        self.unsaved.find()
        self.finals.changed.connect(self._update)
        self.finals.refreshWanted.connect(lambda: self._refresh())

    def _make_centre(self) -> QWidget:
        centre = QWidget()
        self.invitation = Invitation()
        self.invitation.start_folder = lambda: self.context.settings.start_folder("photo")
        self.invitation.pictureDropped.connect(self._on_invited)
        self.invitation.problem.connect(self.context.problem)
        self.canvas = MaskCanvas()
        self.canvas.set_message(self.tr("Starting the engine …"))  # nothing is drawn before that
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._canvas_menu)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.invitation)
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.library.sheet)

        self.bar = PictureBar(self.commands.action("stylize.library"))
        self.bar.wipeToggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.bar.set_wipe)
        self.bar.fitWanted.connect(self.canvas.fit)
        self.bar.actualSizeWanted.connect(lambda: self.canvas.actual_size())
        self.commands.attach(self.bar.sheet_button, "stylize.sheet")
        self.commands.attach(self.library.panel.sheet_button, "stylize.sheet")
        self.commands.attach(self.bar.finish_button, "picture.finish")
        self.file_commands.attach(self.bar.save_button, "file.save")
        self.file_commands.attach(self.bar.export_button, "file.export")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.unsaved_bar)
        column.addWidget(self.stack, 1)
        column.addWidget(self._make_clip())
        column.addWidget(self.bar)
        return centre

    def _make_clip(self) -> QWidget:
        self.clip = ClipBar(self.context, self.model, self.canvas.useful_side)
        self._clip_canvas = ClipOnCanvas(self.clip, self.canvas, self.bar, self)
        self._clip_canvas.begun.connect(self.previews.stop)
        self._clip_canvas.begun.connect(self.file_commands.refresh)
        self.clip.playback.changed.connect(self._update)
        self.clip.frameSettled.connect(self._on_settled)
        self.clip.filmOpened.connect(self._on_film_opened)
        self.clip.closed.connect(self._remove_photo)
        self.on_canvas = PictureOnCanvas(
            self.model, self.canvas, self.clip, self.previews, self.finals, self._missing, self
        )
        self.on_canvas.changed.connect(self._update)
        self.stylized = StylizedKeeping(
            self.context, self.model, self.on_canvas, self.previews, self.finals, self.unsaved, self.keeping, self
        )
        return self.clip

    def _make_side(self) -> QWidget:
        self.side = side = SideColumn(self.context, self.model)
        self.photo, self.style_drop, self.styles = side.photo, side.style_drop, side.styles
        self.pad, self.where, self.controls, self.card = side.pad, side.where, side.controls, side.card
        side.photoDropped.connect(self._on_photo)
        side.photoRemoved.connect(self._remove_photo)
        for place in (self.photo, self.invitation):
            place.takes_clips = place.takes_recipes = True
            place.clipDropped.connect(self.open_clip)
            place.recipeDropped.connect(self.set_content)
        self.style_drop.takes_recipes = True
        self.style_drop.recipeDropped.connect(self.add_style)
        side.styleDropped.connect(self._on_style)
        self.styles.thumbnailWanted.connect(self._pictures.request)
        self.masks = MaskPainting(
            self.where, self.canvas, self.model, self.context, self._files, self._background, self
        )
        self.styles.partWanted.connect(self.masks.paint_part)
        self.where.undoWanted.connect(self.undo)
        self.finals.ended.connect(self.controls.show_download)
        self.card.continueWanted.connect(self.finals.go_on)
        self.card.times = self.finals.times
        self.answers = Answers(self.context, self)
        self.answers.measured.connect(self.finals.learn)
        self.answers.chosen.connect(lambda strength: self.model.edit(content_strength=strength))
        for button, command in (
            (side.folder_button, "stylize.batch"),
            (side.add_button, "stylize.styles"),
            (self.card.answers_button, "stylize.answers"),
            (self.card.render_button, "stylize.render"),
            (self.card.pause_button, "work.pause"),
            (self.card.cancel_button, "stylize.stop"),
        ):
            self.commands.attach(button, command)
        self.controls.printSizeWanted.connect(self._compare_print_sizes)
        self.finals.shown_here = self.card.isVisible
        self.card.showWanted.connect(self._show_final_settings)
        return side

    def _make_commands(self) -> None:
        def running() -> str:
            return "" if self.finals.running() else self.tr("No final is being rendered.")

        def made() -> str:
            return "" if self.recipe() else missing_requirement(self.model.value, self.on_canvas.missing_photo())

        self.commands.add(
            Command("stylize.photo", self.tr("&Choose a photo …"), lambda: self.photo.choose(), "photo"),
            Command("stylize.styles", self.tr("&Add styles …"), lambda: self.style_drop.choose(), "add"),
            *self.library.commands(),
            Command("stylize.clip", self.tr("Open &video …"), lambda: self.clip.choose(), "film"),
            Command("stylize.unfinished", self.tr("&Unfinished films …"), lambda: self.clip.show_unfinished(), "film"),
        )
        self.commands.add_separator()
        self.commands.add(
            Command("stylize.answers", self.tr("Tr&y three answers"), self._show_answers, "grid", self._answer_missing),
            Command("stylize.render", self.tr("&Render final"), self.render_final, "stylize", self._render_missing),
            Command("work.pause", self.tr("&Pause or resume rendering"), self.finals.toggle_pause, "pause", running),
            Command("stylize.stop", self.tr("&Stop rendering"), self.finals.cancel, "stop", running),
            Command("picture.finish", self.tr("&Finish this picture"), lambda: self.stylized.finish(), "finish", made),
            Command("picture.copy-recipe", self.tr("Copy re&cipe"), lambda: self.stylized.copy_recipe(), "copy", made),
        )

    def _picture_missing(self) -> str:
        return missing_requirement(self.model.value, self.on_canvas.missing_photo(), playing=self.clip.playing())

    def _render_missing(self) -> str:
        missing = self._picture_missing()
        if not missing and self.finals.running():
            return self.tr("Wait for the final that is being rendered, or stop it.")
        return missing

    def _answer_missing(self) -> str:
        if self.model.value.texture:
            return self.tr("A texture is made without a photo: there is nothing to be near to.")
        return self._render_missing()

    # Pictures that come in

    def _on_photo(self, picture: DroppedPicture) -> None:
        self.incoming.take_photo(picture)

    def _on_style(self, picture: DroppedPicture) -> None:
        self.style_drop.clear()
        self.incoming.take_style(picture)

    def _on_invited(self, picture: DroppedPicture) -> None:
        self.invitation.clear()
        if self.incoming.content_coming or self.model.value.content is not None:
            self._on_style(picture)
        else:
            self.incoming.take_first(picture)

    def _on_missing_came(self) -> None:
        self.side.show_photo()
        self._request_pictures()
        self._refresh()

    def _on_refused(self, problem: StudioError) -> None:
        self.context.problem.emit(problem)
        self.side.show_photo()
        self._request_pictures()

    def _tell_missing(self, missing: list[FileRef]) -> None:
        self._missing.note(missing)
        if missing:
            self.context.problem.emit(self._missing.problem(missing))

    # Video clips

    def _on_film_opened(self, film: FilmRecipe) -> None:
        # A film's size is the clip's business, chosen in its bar.
        self._apply(edited(Draft.of(film.frame_recipe), content=None, size=self.model.value.size))
        uses = film.frame_recipe.styles

        def missing() -> list[FileRef]:
            return missing_photos([use.source for use in uses], self.context.sources)

        def found(missing: list[FileRef]) -> None:
            self._tell_missing(missing)
            self._refresh()

        self._background.run(missing, found)

    def _remove_photo(self) -> None:
        self.clip.close_clip()
        self._apply(edited(self.model.value, content=None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.clip.take_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.library.fit(self.width())
        super().resizeEvent(event)

    # Editing

    def _apply(self, draft: Draft) -> None:
        """One whole change, made by bringing something in or taking it away."""
        self.clip.stop_watching()
        if draft == self.model.value:
            self._refresh()
        self.model.set(draft)
        self.side.show_photo()  # the place it was dropped on shows it already
        self._request_pictures()

    def _on_changed(self, old: Draft, new: Draft) -> None:
        # Texts and buttons follow the first step of a gesture, every preview and the end; the steps between are quick.
        same = old.sources() == new.sources()
        moves_on = self.model.in_gesture and self._moving and same
        self._moving = self.model.in_gesture
        self._refresh(live=self.model.in_gesture or same, texts=not moves_on)

    def _on_settled(self) -> None:
        self._request_pictures()
        if self._moving:
            self._moving = False
            self._update()

    def _request_pictures(self) -> None:
        """Small pictures of all that the draft is made of."""
        for source in self.model.value.sources():
            self._pictures.request(source)

    # Showing

    def _refresh(self, *, live: bool = False, texts: bool = True) -> None:
        """Bring canvas and buttons to the draft; ``live`` while a control moves, without ``texts`` the canvas alone."""
        self.library.show_draft()
        self._show_page()
        self.on_canvas.update(live=live)
        if texts:
            self._update()

    def _show_page(self) -> None:
        """The invitation, the picture or the sheet of styles."""
        empty = self.model.value.subject() is None
        sheet = self.library.sheet_open and not empty
        self.stack.setCurrentWidget(self.invitation if empty else self.library.sheet if sheet else self.canvas)
        self.bar.setVisible(not empty and not sheet)

    def _update(self) -> None:
        """Texts and buttons."""
        own, shown = self.finals.of_photo(), self.finals.shown()
        final = self.finals.latest if self.finals.running() else own
        missing = self._picture_missing()
        self.card.show_state(
            final,
            followed=shown is not None and shown is final,
            other_photo=recipe_name(final.recipe.content) if final is not None and final is not own else "",
            estimate=self._expected_seconds(),
        )
        expected = {steps: self._expected_seconds(steps) for steps in QUALITIES}
        self.controls.show_times({steps: seconds for steps, seconds in expected.items() if seconds is not None})
        self.stateChanged.emit()
        self.clip.show_state()
        color_primary(self.card.render_button, not self.clip.is_open())  # with a clip, the film is what leads on
        if self.on_canvas.source() is CanvasSource.CLIP:
            return
        self.bar.show_state(
            self.canvas.image(), self.model.value, shown, previewed=self.on_canvas.previewed(), missing=missing
        )

    def _expected_seconds(self, steps: int | None = None) -> float | None:
        """Seconds that a final render as the controls are, or of so many steps, takes here, if that is known."""
        draft, image = self.model.value, self.canvas.image()
        if draft.subject() is None or not draft.styles or image is None:
            return None
        width, height = image.width(), image.height()
        return self.finals.times.seconds(draft, min(width, height) / max(1, width, height), steps)

    # The final render

    def render_final(self) -> None:
        """Start the optimisation with the settings as they are."""
        recipe = self.model.value.recipe("optimise")
        if recipe is None or self.on_canvas.missing_photo() is not None or self.finals.running():
            return
        self.clip.stop_watching()
        self.model.commit()
        self.finals.render(recipe)

    def _show_answers(self) -> None:
        """Three small pictures, near to the photo to free, before minutes are spent."""
        recipe = self.model.value.recipe("optimise")
        if recipe is not None and self.on_canvas.missing_photo() is None:
            self.clip.stop_watching()
            self.model.commit()
            self.answers.show_for(recipe, self.card)

    def _show_final_settings(self) -> None:
        final = self.finals.of_photo()
        if final is not None:
            draft = Draft.of(final.recipe)
            # A touch-up takes fewer steps than the artist asked for.
            self._apply(edited(draft, steps=self.model.value.steps) if final.recipe.start is not None else draft)

    def _show_unsaved(self, left: UnsavedFinal) -> None:
        """Bring back the picture of a final render of an earlier session, with its settings."""
        recipe = left.recipe
        self.clip.close_clip()
        self._apply(Draft.of(recipe))
        whole = recipe.model_copy(update={"stop_after": None})
        self.finals.restore(FinalRender(whole, image=left.image, steps=recipe.stop_after or recipe.steps))
        self._refresh()

    def _canvas_menu(self, at: QPoint) -> None:
        if self.recipe() is not None and not self.clip.holds_canvas():
            menu = self.keeping.canvas_menu(self, self.canvas, ["stylize.render", "picture.finish"])
            menu.popup(self.canvas.mapToGlobal(at))

    def _compare_print_sizes(self) -> None:
        """Optimising at print size or enlarging: the times, and both on a part."""
        recipe, image = self.model.value.recipe("optimise"), self.canvas.image()
        if recipe is None or image is None or self.on_canvas.missing_photo() is not None:
            self.context.notify.emit(self.tr("It takes a photo and a style first."))
            return
        proportion = min(image.width(), image.height()) / max(1, image.width(), image.height())
        factor = self.model.value.enlarged
        dialog = PrintSizeDialog(self.context, recipe, proportion, self.finals.times, factor, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.measured.connect(self.finals.learn)

        def chosen(factor: int) -> None:
            size = recipe.size if factor > 1 else min(8192, recipe.size * dialog.factor())
            self.model.edit(enlarged=factor, size=size)

        dialog.chosen.connect(chosen)
        dialog.open()
