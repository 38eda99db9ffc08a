"""The Finish room. It edits the :class:`Draft` of one model; the device worker renders it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.base import Work
from studio.recipes import (
    EnlargeSettings,
    FileRef,
    FinishedFilmRecipe,
    PhotoRecipe,
    Recipe,
    read_recipe,
)
from studio.recipes.steps.enlarge import NEWEST_ENLARGING
from studio.recipes.steps.repair import NEWEST_REPAIR, PROPOSING
from studio.restoration.print_files import Printed, print_in
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.finish.bar import FinishBar
from studio.ui.finish.batch import FinishBatchDialog
from studio.ui.finish.canvas import FinishCanvas
from studio.ui.finish.clip_bar import FinishClipBar
from studio.ui.finish.controls import Controls
from studio.ui.finish.draft import Draft
from studio.ui.finish.enlarged_part import EnlargedPart
from studio.ui.finish.jobs import FinishJobs
from studio.ui.finish.mask_painting import MaskPainting
from studio.ui.finish.networks import AvailableNetworks
from studio.ui.finish.picture_on_canvas import PictureOnCanvas
from studio.ui.finish.print_dialog import PrintDialog
from studio.ui.finish.proposals import Proposals
from studio.ui.finish.result import ResultMaking
from studio.ui.kept_history import kept_history, recalled_draft
from studio.ui.model import Model, edited
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.widgets import DroppedPicture
from studio.ui.widgets.invitation import Invitation
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.restoration.print_sheet import PrintSheet


class FinishInvitation(Invitation):
    """The whole centre as one place to drop a picture on."""

    def lines(self) -> tuple[str, ...]:
        """The lines that it shows."""
        return (
            self.tr("Drop a picture or a video clip to repair, clean or enlarge"),
            self.tr("from a folder or a browser, paste it with Ctrl+V, or click to choose one."),
            self.tr("Or press “Finish” beside a picture in Explore, Stylize or the gallery."),
        )


class FinishPanel(Room):
    """A picture in, the same picture repaired, cleaned and enlarged out."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = Model(Draft(), self)
        self.history = self.model.history
        self.history.changed.connect(self.stateChanged)
        self._files = JobGroup(self, ordered=True)
        self._files.failed.connect(context.problem)
        self._background = JobGroup(self)
        self._background.failed.connect(context.problem)
        self.keeping = PictureKeeping(context, self._files, self)
        self.jobs = FinishJobs(self)
        self._sheet: PrintSheet | None = None
        """Of a print that was opened: laid out as soon as its picture is there."""
        self._batch: FinishBatchDialog | None = None
        self._moving = False
        """Another frame of the same clip is coming."""
        self._first_frame = False
        self._make_widgets()
        self._make_commands()
        self.setAcceptDrops(True)
        self.model.changed.connect(self._on_changed)
        self._refresh()

    # What the window asks of a room

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from ``recipe``; a recipe of another kind becomes the content."""
        self.clip.close_clip()
        self._apply(Draft.of(recipe))

    def set_content(self, recipe: Recipe) -> None:
        """Finish the picture of ``recipe``, any recipe; what was painted belongs to the picture before."""
        self.clip.close_clip()
        newest = {"process": NEWEST_REPAIR, "enlarging": NEWEST_ENLARGING}
        self._apply(edited(self.model.value, content=recipe, mask=None, seed=0, **newest))

    def many_pictures_offer(self, count: int) -> str:
        """All of them as the panel says."""
        return self.tr("Finish all %n …", "", count)

    def open_pictures(self, paths: Sequence[Path]) -> None:
        """Show what a batch over exactly these would be."""
        self.show_batch(paths)

    def show_batch(self, pictures: Sequence[Path] = ()) -> None:
        """Ask for a folder of pictures, or show ``pictures``, which were chosen already; and how far it is."""
        if self._batch is None:
            self._batch = FinishBatchDialog(self.context, self)
        self._batch.show_draft(self.model.value)
        if pictures:
            self._batch.show_photos(pictures)
        self._batch.show()
        self._batch.raise_()
        self._batch.activateWindow()

    def open_print(self, printed: Printed) -> None:
        """Restore the controls of the picture on a sheet, and then those of the sheet in its dialog."""
        content, enlarging = printed.content()
        self.clip.close_clip()
        draft = Draft.of(content)
        if enlarging is not None:
            names = ("network", "file", "quality", "enlarging")
            draft = edited(draft, **{name: getattr(enlarging, name) for name in names})
        self._apply(draft)
        self._sheet = printed.sheet
        self.picture.update()

    def open_clip(self, path: Path) -> None:
        """Open a video clip: its frames are looked at one by one, and all of them are finished."""
        self._first_frame = True
        self._apply(edited(self.model.value, content=None, mask=None), commit=False)
        self.clip.open(path)

    def can_undo(self) -> bool:
        return self.history.can_undo()

    def can_redo(self) -> bool:
        return self.history.can_redo()

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self.model.undo()
        self.clip.close_left_clip()

    def redo(self) -> None:
        """Take back an undo."""
        self.model.redo()
        self.clip.close_left_clip()

    def save(self) -> None:
        """Make the result and save it to the gallery."""
        self.result.make(self.keeping.save)

    def copy(self) -> bool:
        """Copy what is shown, with its recipe: the repaired and cleaned picture, before it is enlarged."""
        if self.picture.picture is None or self.picture.shown is None or self.clip.path() is not None:
            return False
        self.keeping.copy(self.picture.picture, self.picture.shown)
        return True

    def save_missing(self) -> str:
        if self.model.value.content is None:
            return self.tr("Drop a picture first.")
        if self.jobs.runs("result"):
            return self.tr("One picture is being made already. Wait for it, or stop it.")
        return ""

    def export_missing(self) -> str:
        return self.save_missing()

    def export(self) -> None:
        """Ask for a file name, then make the result and write it there with its recipe."""
        recipe = self.model.value.result()
        if recipe is None:
            self.result.tell_empty()
        elif (path := self.keeping.choose_file(recipe)) is not None:
            self.result.make(lambda image, made: self.keeping.write(lambda: image, path, made, metadata=True))

    def session(self) -> dict[str, Any]:
        """The draft, with its picture and mask, and its history; or with the clip that is open."""
        clip = self.clip.path()
        if clip is not None:
            draft, history = edited(self.model.value, content=None), self.clip.frame_history.kept()
            return {"draft": draft.model_dump(mode="json"), "history": history, "clip": str(clip)}
        return {"draft": self.model.value.model_dump(mode="json"), "history": kept_history(self.history)}

    def restore_session(self, state: dict[str, Any]) -> None:
        if (recalled := recalled_draft(state, Draft, self.history)) is None:
            return
        draft, shortened = recalled
        if shortened:
            self.context.notify.emit(shortened)
        self._apply(draft)
        if state.get("clip") and (clip := Path(str(state["clip"]))).is_file():
            self._first_frame = True
            self.clip.open(clip, resumes=True)

    def shutting_down(self) -> None:
        """Stop everything."""
        self.picture.shut_down()
        self.part.shut_down()
        self.clip.shut_down()
        if self._batch is not None:
            self._batch.stop()
        self._files.close()
        self._background.close()

    # The parts

    def _make_widgets(self) -> None:
        self.invitation = FinishInvitation()
        self.invitation.start_folder = lambda: self.context.settings.start_folder("photo")
        self.invitation.pictureDropped.connect(self.take)
        self.invitation.takes_clips = self.invitation.takes_recipes = True
        self.invitation.recipeDropped.connect(self.set_content)
        self.invitation.clipDropped.connect(self.open_clip)
        self.invitation.problem.connect(self.context.problem)
        self.canvas = FinishCanvas()
        self.canvas.set_message(self.tr("Starting the engine …"))  # nothing is drawn before that
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._canvas_menu)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.invitation)
        self.stack.addWidget(self.canvas)
        self.bar = FinishBar()
        self.bar.wipeToggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.bar.set_wipe)
        self.bar.fitWanted.connect(self.canvas.fit)
        self.bar.closeWanted.connect(self._take_away)
        self.clip = FinishClipBar(self.context, self.model, self._film_recipe)
        self.clip.frameShown.connect(self._on_frame)
        self.clip.filmOpened.connect(self._on_film_opened)
        self.clip.closed.connect(self._take_away)
        centre = QVBoxLayout()
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(0)
        centre.addWidget(self.stack, 1)
        centre.addWidget(self.clip)
        centre.addWidget(self.bar)
        self.controls = Controls(self.model)
        self.masks = MaskPainting(
            self.context, self.model, self.canvas, self.controls.repair, self._files, self._background, self
        )
        self.masks.paintingChanged.connect(self._refresh)
        self.picture = PictureOnCanvas(self.context, self.model, self.canvas, self.jobs, self)
        self.part = EnlargedPart(self.context, self.model, self.canvas, self.jobs, lambda: self.picture.shown, self)
        self.picture.replaced.connect(self.part.clear)
        self.picture.came.connect(self.part.show)
        self.picture.came.connect(self._print_opened)
        self.picture.changed.connect(self._update)
        self.bar.actualSizeWanted.connect(self.part.show_result_pixels)
        self.proposals = Proposals(self.context, self.model, self.controls.repair, self.jobs, self)
        self.result = ResultMaking(self.context, self.model, self.bar, self.jobs, self)
        self.result.begun.connect(lambda: self.controls.repair.paint_button.setChecked(False))
        self.jobs.progressed.connect(self.bar.show_busy)
        self.jobs.changed.connect(self._update)
        self.networks = AvailableNetworks(self.context, self.model, self.controls, self._background, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(centre, 1)
        row.addWidget(self.controls)

    def _make_commands(self) -> None:
        def there() -> str:
            return "" if self.model.value.content is not None else self.tr("Drop a picture first.")

        def running() -> str:
            return "" if self._stoppable() else self.tr("Nothing is being made now.")

        def propose() -> str:
            if self.proposals.are_possible():
                return ""
            if self.model.value.method not in PROPOSING:
                return self.tr("This way to fill gives one filling only.")
            return there() or self.tr("Paint what is to go first.")

        def go_on() -> str:
            return "" if self._can_go_on() else there() or self.tr("Repair or clean the picture first.")

        def ready() -> str:
            return "" if self.picture.is_result() and running() else there() or self.tr("The picture is not ready yet.")

        repair = self.controls.repair
        self.commands.add(
            Command("finish.choose", self.tr("&Choose a picture …"), self.invitation.choose, "photo"),
            Command("finish.paint", self.tr("&Paint what is to go"), repair.paint_button.toggle, "brush", there),
            Command("finish.proposals", self.tr("&Show proposals"), self.proposals.make, "grid", propose),
            Command("finish.go-on", self.tr("&Go on from the result"), self.go_on, "next", go_on),
            Command("picture.stylize", self.tr("&Stylize this picture"), self._stylize, "stylize", there),
            Command("picture.copy-recipe", self.tr("Copy re&cipe"), self._copy_recipe, "copy", there),
            Command("finish.print", self.tr("P&rint …"), self.print_sheet, "print", ready),
            Command("finish.batch", self.tr("Finish a &folder of pictures …"), self.show_batch, "batch"),
            Command("finish.unfinished", self.tr("&Unfinished films …"), self.clip.show_unfinished, "film"),
            Command("finish.stop", self.tr("S&top"), self.cancel, "stop", running),
        )
        self.commands.attach(self.bar.stop_button, "finish.stop")
        self.commands.attach(self.bar.print_button, "finish.print")
        self.commands.attach(repair.proposals_button, "finish.proposals")
        self.file_commands.attach(self.bar.save_button, "file.save")
        self.file_commands.attach(self.bar.export_button, "file.export")

    # Pictures that come in

    def take(self, picture: DroppedPicture) -> None:
        """Take a picture that was dropped or chosen; one of our own keeps all its steps."""
        if picture.path is not None:
            self.context.settings.remember_folder("photo", picture.path)

        def read() -> Work[Recipe | Printed]:
            source = picture.source()
            found = print_in(source) or read_recipe(source)
            if found is not None:
                return found
            return PhotoRecipe(photo=(yield from self.context.sources.adding(source, picture.name)))

        def came(found: Recipe | Printed) -> None:
            self.invitation.clear()
            if isinstance(found, Printed):
                self.open_print(found)
            else:
                self.set_content(found)

        job = self._files.work(read, came, title=self.tr("Opening {name}").format(name=picture.name))
        if job is not None:
            self.context.working.emit(job)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.invitation.may_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.invitation.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    # Video clips

    def _film_recipe(self) -> Recipe | None:
        """The recipe of a finished frame; None when nothing changes it."""
        draft = self.model.value
        whole = draft.content is not None and draft.content.opened_photo is not None
        return draft.result() if draft.does_something and whole else None

    def _on_frame(self, ref: FileRef) -> None:
        """Another frame is looked at: what is painted and set stays. The first of a clip begins anew."""
        first, self._first_frame = self._first_frame, False
        content = PhotoRecipe(photo=ref)
        if first:
            self._apply(edited(self.model.value, content=content), commit=False)
            self.canvas.fit()
        else:
            self._moving = True
            self.model.edit(content=content, commit=False)
            self._moving = False
        self.clip.frame_history.note()
        self.clip.frame_history.settle()

    def _on_film_opened(self, film: FinishedFilmRecipe) -> None:
        draft = Draft.of(film.frame_recipe)
        if (
            draft.content is not None and draft.content.opened_photo is not None
        ):  # in the order of this room; another order it cannot show
            self._apply(edited(draft, content=None))

    def _take_away(self) -> None:
        """Close the picture or clip."""
        self.clip.close_clip()
        self._apply(edited(self.model.value, content=None, mask=None))

    def go_on(self) -> None:
        """Take the result for the content, with all controls at rest: a second repair, for example."""
        result = self.model.value.cleaned()
        if result is not None:
            draft = self.model.value
            names = ("network", "file", "quality", "measure", "factor", "pixels", "enlarged")
            kept = {name: getattr(draft, name) for name in names}
            self._apply(Draft(content=result, **kept))

    def print_sheet(self) -> None:
        """Lay the picture, as it is before it is enlarged, on a sheet of paper."""
        shown, picture = self.picture.shown, self.picture.picture
        if not self.picture.is_result() or shown is None or picture is None:
            self.context.notify.emit(self.tr("The picture is not ready yet."))
            return
        settings = EnlargeSettings.within(self.model.value)
        sheet, self._sheet = self._sheet, None
        dialog = PrintDialog(self.context, shown, picture, settings, self, sheet)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _print_opened(self) -> None:
        """Lay out the sheet of a print that was opened."""
        if self._sheet is not None and self.picture.is_result():
            self.print_sheet()

    def _can_go_on(self) -> bool:
        return self.model.value.cleaned() != self.model.value.content

    def _copy_recipe(self) -> None:
        if (recipe := self.model.value.result()) is not None:
            self.keeping.copy_recipe(recipe)

    def _canvas_menu(self, at: QPoint) -> None:
        if self.model.value.content is not None and not self.clip.path() is not None:
            menu = self.keeping.canvas_menu(self, self.canvas, ["picture.stylize", "finish.go-on", "finish.print"])
            menu.popup(self.canvas.mapToGlobal(at))

    def _stylize(self) -> None:
        recipe = self.model.value.cleaned()
        if recipe is not None:
            self.context.stylizePicture.emit(recipe)

    # Editing

    def _apply(self, draft: Draft, *, commit: bool = True) -> None:
        self._sheet = None
        self.controls.repair.paint_button.setChecked(False)
        self.proposals.forget()
        self.model.set(draft, commit=commit)
        self.masks.show()
        self._refresh()

    def _on_changed(self, old: Draft, new: Draft) -> None:
        if old.content != new.content and not self._moving:
            self.canvas.fit()
        if old.mask != new.mask:
            self.masks.show()
        self._refresh()

    # Showing

    def _refresh(self) -> None:
        """Bring canvas and controls to the draft."""
        draft = self.model.value
        self.stack.setCurrentWidget(self.invitation if draft.content is None else self.canvas)
        self.bar.setVisible(draft.content is not None)
        self.picture.update()
        self._update()

    def _stoppable(self) -> bool:
        """Return whether something is being made that one may have to wait for."""
        return self.jobs.runs("result", "proposals") or self.picture.takes_long()

    def cancel(self) -> None:
        """Stop making the result, or else the proposals and what comes onto the canvas."""
        if self.jobs.runs("result"):
            self.jobs.cancel("result")
            return
        self.jobs.cancel("proposals")
        if self.picture.takes_long():
            self.picture.stop()

    def _update(self) -> None:
        """Texts and buttons."""
        draft, image = self.model.value, self.canvas.image()
        self.networks.update()
        size = None if image is None or draft.content is None else (image.width(), image.height())
        missing = "" if draft.content is not None else self.tr("Drop a picture first.")
        self.controls.repair.show_state(missing, masked=draft.mask is not None)
        self.controls.enlarge.show_state(size)
        running = self.jobs.runs("result")
        name = "" if draft.content is None else recipe_name(draft.content)
        working = self.jobs.runs("picture", "proposals")
        self.bar.show_state(draft, name, size, running=running, working=working, stoppable=self._stoppable())
        self.clip.show_state()
        self.stateChanged.emit()
