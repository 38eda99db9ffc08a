"""The Finish room. It edits the :class:`Draft` of one model; the device worker renders it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.base import Pace, Progress, StudioError, Work, within
from studio.recipes import (
    EnlargeSettings,
    FileRef,
    FinishedFilmRecipe,
    PhotoRecipe,
    Recipe,
    RepairRecipe,
    read_recipe,
)
from studio.recipes.embed import AnyPicture
from studio.recipes.steps.enlarge import NEWEST_ENLARGING
from studio.recipes.steps.repair import NETWORK_METHODS, NEWEST_REPAIR, PROPOSING
from studio.recipes.tree import subjects_of
from studio.restoration.print_files import Printed, print_in
from studio.ui.command import Command
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.finish.bar import FinishBar
from studio.ui.finish.batch import FinishBatchDialog
from studio.ui.finish.canvas import FinishCanvas
from studio.ui.finish.clip_bar import FinishClipBar
from studio.ui.finish.controls import Controls, proposals_for
from studio.ui.finish.draft import Draft
from studio.ui.finish.mask_painting import MaskPainting
from studio.ui.finish.networks import AvailableNetworks
from studio.ui.finish.print_dialog import PrintDialog
from studio.ui.kept_history import kept_history, recalled_draft
from studio.ui.model import Model, edited
from studio.ui.room import Room
from studio.ui.saving import PictureKeeping
from studio.ui.widgets import DroppedPicture
from studio.ui.widgets.invitation import Invitation
from studio.worker import Job, JobGroup, Priority

if TYPE_CHECKING:
    from studio.engine import Engine, Rendered
    from studio.restoration.print_sheet import PrintSheet

REST_MS = 200
"""The hand rests this long: what is shown is made anew."""
SOON_MS = 1000
"""What comes onto the canvas within this time needs no button to stop it."""
MOST_PREVIEWED = 700_000
"""Pixels of the picture that are enlarged for the look at a part; a larger part in view shows no more on a screen."""
_Pixels = NDArray[np.uint8]


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
        self._before: tuple[Recipe, _Pixels] | None = None
        self._shown: Recipe | None = None
        self._picture: _Pixels | None = None
        """That of ``_shown``."""
        self._repaired: Recipe | None = None
        """What is repaired in the picture on the canvas; the mask is shown until that is what is wanted."""
        self._detail_of: tuple[Recipe, QRect] | None = None
        self._job: Job | None = None
        self._preview_job: Job | None = None
        self._proposals_job: Job | None = None
        self._detail_job: Job | None = None
        self._stopped: Recipe | None = None
        """What the artist stopped on its way to the canvas; it begins again when something else was wanted between."""
        self._sheet: PrintSheet | None = None
        """Of a print that was opened: laid out as soon as its picture is there."""
        self._batch: FinishBatchDialog | None = None
        self._moving = False
        """Another frame of the same clip is coming."""
        self._first_frame = False
        self._rest = _timer(self, self._render)
        self._detail_rest = _timer(self, self._render_detail)
        self._soon = _timer(self, self._update, SOON_MS)
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
        self._rest.start()

    def open_clip(self, path: Path) -> None:
        """Open a video clip: its frames are looked at one by one, and all of them are finished."""
        self._first_frame = True
        self._apply(edited(self.model.value, content=None, mask=None))
        self.clip.open(path)

    def can_undo(self) -> bool:
        return self.history.can_undo()

    def can_redo(self) -> bool:
        return self.history.can_redo()

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self.model.undo()

    def redo(self) -> None:
        """Take back an undo."""
        self.model.redo()

    def save(self) -> None:
        """Make the result and save it to the gallery."""
        self._with_result(self.keeping.save)

    def copy(self) -> bool:
        """Copy what is shown, with its recipe: the repaired and cleaned picture, before it is enlarged."""
        if self._picture is None or self._shown is None or self.clip.path() is not None:
            return False
        self.keeping.copy(self._picture, self._shown)
        return True

    def save_missing(self) -> str:
        if self.model.value.content is None:
            return self.tr("Drop a picture first.")
        if self._job is not None and not self._job.is_over:
            return self.tr("One picture is being made already. Wait for it, or stop it.")
        return ""

    def export_missing(self) -> str:
        return self.save_missing()

    def export(self) -> None:
        """Ask for a file name, then make the result and write it there with its recipe."""
        recipe = self.model.value.result()
        if recipe is None:
            self._tell_empty()
        elif (path := self.keeping.choose_file(recipe)) is not None:
            self._with_result(lambda image, made: self.keeping.write(lambda: image, path, made, metadata=True))

    def session(self) -> dict[str, Any]:
        """The draft, with its picture and mask, and its history; or with the clip that is open."""
        clip = self.clip.path()
        if clip is not None:
            return {"draft": edited(self.model.value, content=None).model_dump(mode="json"), "clip": str(clip)}
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
            self.clip.open(clip)

    def shutting_down(self) -> None:
        """Stop everything."""
        for timer in (self._rest, self._detail_rest, self._soon):
            timer.stop()
        self.clip.shut_down()
        if self._batch is not None:
            self._batch.stop()
        self._files.close()
        self._background.close()

    # The parts

    def _make_widgets(self) -> None:
        self.invitation = FinishInvitation()
        self.invitation.folder = self.context.settings.start_folder("photo")
        self.invitation.pictureDropped.connect(self.take)
        self.invitation.takes_clips = self.invitation.takes_recipes = True
        self.invitation.recipeDropped.connect(self.set_content)
        self.invitation.clipDropped.connect(self.open_clip)
        self.invitation.problem.connect(self.context.problem)
        self.canvas = FinishCanvas()
        self.canvas.set_message(self.tr("Starting the engine …"))  # nothing is drawn before that
        self.canvas.viewChanged.connect(self._detail_rest.start)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(self._canvas_menu)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.invitation)
        self.stack.addWidget(self.canvas)
        self.bar = FinishBar()
        self.bar.wipeToggled.connect(self.canvas.set_wipe)
        self.canvas.wipeChanged.connect(self.bar.set_wipe)
        self.bar.fitWanted.connect(self.canvas.fit)
        self.bar.actualSizeWanted.connect(self._show_result_pixels)
        self.bar.closeWanted.connect(self._take_away)
        self.clip = FinishClipBar(self.context, self._film_recipe)
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
            if self._can_propose():
                return ""
            if self.model.value.method not in PROPOSING:
                return self.tr("This way to fill gives one filling only.")
            return there() or self.tr("Paint what is to go first.")

        def go_on() -> str:
            return "" if self._can_go_on() else there() or self.tr("Repair or clean the picture first.")

        def ready() -> str:
            return "" if self._can_print() and running() else there() or self.tr("The picture is not ready yet.")

        repair = self.controls.repair
        self.commands.add(
            Command("finish.choose", self.tr("&Choose a picture …"), self.invitation.choose, "photo"),
            Command("finish.paint", self.tr("&Paint what is to go"), repair.paint_button.toggle, "brush", there),
            Command("finish.proposals", self.tr("&Show proposals"), self.propose, "grid", propose),
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
            self._apply(edited(self.model.value, content=content))
            self.canvas.fit()
        else:
            self._moving = True
            self.model.edit(content=content)
            self._moving = False

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

    def _can_print(self) -> bool:
        return self._picture is not None and self._shown is not None and self._shown == self.model.value.cleaned()

    def print_sheet(self) -> None:
        """Lay the picture, as it is before it is enlarged, on a sheet of paper."""
        if not self._can_print() or self._shown is None or self._picture is None:
            self.context.notify.emit(self.tr("The picture is not ready yet."))
            return
        settings = EnlargeSettings.within(self.model.value)
        sheet, self._sheet = self._sheet, None
        dialog = PrintDialog(self.context, self._shown, self._picture, settings, self, sheet)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

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

    def _apply(self, draft: Draft) -> None:
        self._sheet = None
        self.controls.repair.paint_button.setChecked(False)
        self._forget_proposals()
        self.model.set(draft)
        self.masks.show()
        self._refresh()

    def _on_changed(self, old: Draft, new: Draft) -> None:
        if old.content != new.content and not self._moving:
            self.canvas.fit()
        if old.mask != new.mask:
            self.masks.show()
        if old.repaired() != edited(new, seed=old.seed).repaired():
            self._forget_proposals()
        self._refresh()

    # Showing

    def _refresh(self) -> None:
        """Bring canvas and controls to the draft."""
        draft = self.model.value
        self.stack.setCurrentWidget(self.invitation if draft.content is None else self.canvas)
        self.bar.setVisible(draft.content is not None)
        if draft.content is None:
            self._shown = self._before = self._picture = self._repaired = None
            self.canvas.set_awaits_filling(False)
            self.canvas.set_image(None)
            self.canvas.set_detail(QRect(), None)
        else:
            self._rest.start()
        self._update()

    def _wanted(self) -> Recipe | None:
        """The picture that belongs on the canvas: while it is painted on, as it was before."""
        draft = self.model.value
        return draft.content if self.canvas.is_painting() else draft.cleaned()

    def _render(self) -> None:
        """Make the picture for the canvas, and the one before it."""
        wanted, content = self._wanted(), self.model.value.content
        if wanted is None or content is None:
            return
        if self._shown == wanted and self._before is not None and self._before[0] == content:
            self._render_detail()
            if self._sheet is not None and self._can_print():
                self.print_sheet()
            return
        if self._stopped == wanted:
            return
        self._stopped = None
        new = self._before is None or self._before[0] != content

        def work(engine: Engine) -> Work[tuple[_Pixels, _Pixels]]:
            before = yield from engine.render(content)
            if new and wanted != content:  # what it becomes may take a while
                yield Progress(0, preview=before.image)
            after = yield from engine.render(wanted)
            return before.image, after.image

        job = self.context.worker.submit(
            work, title=self.tr("Repairing and cleaning"), priority=Priority.LIVE, key="finish-preview"
        )
        self._preview_job = job
        self._soon.start()
        job.progressed.connect(lambda progress: self._on_preview_progress(job, progress))
        repaired = content if wanted == content else self.model.value.repaired()
        self.canvas.set_awaits_filling(repaired not in (content, self._repaired))
        job.finished.connect(lambda pictures: self._on_preview(job, wanted, content, repaired, *pictures))
        job.failed.connect(lambda problem: self._on_preview_failed(job, problem))
        if wanted != content:
            job.failed.connect(lambda _problem: self._show_content(content))
        self._update()

    def _on_preview_progress(self, job: Job, progress: Progress) -> None:
        if job is not self._preview_job:
            return
        if self._job is None:
            self.bar.show_busy(progress.fraction)
        if progress.preview is not None and not self.canvas.is_painting():
            self._shown = None
            self._detail_of = None
            self.canvas.set_detail(QRect(), None)  # it would lie on the preview
            self.canvas.set_image(progress.preview)
            if progress.total > 0:
                self.canvas.set_awaits_filling(False)
            else:  # it is another picture, as it was before
                self.canvas.set_before(progress.preview)

    def _preview_ended(self) -> None:
        """Take the line of progress away, unless something else goes on."""
        if not any((self._job, self._preview_job, self._proposals_job, self._detail_job)):
            self.bar.show_busy(None)

    def _on_preview(
        self, job: Job, wanted: Recipe, content: Recipe, repaired: Recipe | None, before: _Pixels, after: _Pixels
    ) -> None:
        if job is self._preview_job:
            self._preview_job = None
            self._preview_ended()
        if wanted != self._wanted():
            return
        self._repaired = repaired
        self.canvas.set_awaits_filling(False)
        self._shown, self._before, self._picture = wanted, (content, before), after
        self._detail_of = None
        self.canvas.set_detail(QRect(), None)
        self.canvas.set_image(after)
        self.canvas.set_before(_placed(before, after, wanted))
        self._detail_rest.start()
        self._update()
        if self._sheet is not None and self._can_print():
            self.print_sheet()

    def _on_preview_failed(self, job: Job, problem: StudioError) -> None:
        if job is self._preview_job:
            self._preview_job = None
            self._preview_ended()
            self.canvas.set_awaits_filling(False)
        self.context.problem.emit(problem)
        self._update()

    def _show_content(self, content: Recipe) -> None:
        """Show the picture itself: what shall be done to it cannot be done, as when its mask is missing."""

        def show(rendered: Rendered) -> None:
            if self.model.value.content == content and self._shown is None:
                self.canvas.set_image(rendered.image)
                self._update()

        job = self.context.worker.submit(
            lambda engine: engine.render(content),
            title=self.tr("Repairing and cleaning"),
            priority=Priority.LIVE,
            key="finish-content",
        )
        job.finished.connect(show)

    # A part as it will be enlarged

    def _render_detail(self) -> None:
        """Enlarge the part in view, where that shows more than the picture itself."""
        recipe, image = self.model.value.enlargement(), self.canvas.image()
        box = self.canvas.visible_part()
        needless = self.canvas.zoom() < 1.2 or box.width() * box.height() > MOST_PREVIEWED
        if recipe is None or image is None or self._shown != recipe.content or box.isEmpty() or needless:
            self.canvas.set_detail(QRect(), None)
            self._detail_of = None
            self._update()
            return
        if self._detail_of == (recipe, box):
            return
        if self._detail_of is not None and self._detail_of[0] != recipe:
            self.canvas.set_detail(QRect(), None)
        self._detail_of = recipe, box
        corners = box.left(), box.top(), box.left() + box.width(), box.top() + box.height()
        job = self.context.worker.submit(
            lambda engine: engine.enlarged_part(recipe, corners),
            title=self.tr("Enlarging"),
            priority=Priority.LIVE,
            key="finish-detail",
        )
        self._detail_job = job
        job.progressed.connect(lambda progress: self._on_detail_progress(job, progress))
        job.finished.connect(lambda part: self._on_detail(recipe, box, part))
        job.failed.connect(self._on_detail_failed)
        for end in (job.finished, job.failed, job.cancelled):
            end.connect(lambda *_: self._on_detail_over(job))
        self._update()

    def _on_detail(self, recipe: Recipe, box: QRect, part: _Pixels) -> None:
        if self._detail_of == (recipe, box):
            self.canvas.set_detail(box, part)
            self._update()

    def _on_detail_progress(self, job: Job, progress: Progress) -> None:
        if job is self._detail_job and not any((self._job, self._preview_job, self._proposals_job)):
            self.bar.show_busy(progress.fraction)

    def _on_detail_over(self, job: Job) -> None:
        if job is self._detail_job:
            self._detail_job = None
            self._preview_ended()

    def _on_detail_failed(self, problem: StudioError) -> None:
        self.context.problem.emit(problem)

    def _show_result_pixels(self) -> None:
        """One device pixel for each pixel of the result."""
        recipe, image = self.model.value.enlargement(), self.canvas.image()
        if recipe is None or image is None:
            self.canvas.actual_size()
        else:
            self.canvas.set_zoom(recipe.size_for(image.width(), image.height())[0] / image.width())

    # Proposals

    def _can_propose(self) -> bool:
        draft = self.model.value
        return draft.repaired() != draft.content and draft.method in PROPOSING

    def propose(self) -> None:
        """Fill what is painted in several ways, and show them small."""
        recipe = self.model.value.repaired()
        if not isinstance(recipe, RepairRecipe):
            return
        self.controls.repair.paint_button.setChecked(False)
        seeds = [(recipe.seed + number) % 2**32 for number in range(proposals_for(self.model.value))]
        found: list[tuple[int, _Pixels]] = []

        def work(engine: Engine) -> Work[None]:
            for number, seed in enumerate(seeds):
                proposal = engine.render(recipe.model_copy(update={"seed": seed}))
                made = yield from within(proposal, number / len(seeds), (number + 1) / len(seeds))
                content = yield from engine.render(recipe.content)
                part = _changed_part(content.image, made.image)
                found.append((seed, part))
                yield Progress(number + 1, len(seeds))

        self.controls.repair.show_proposals([])
        job = self.context.worker.submit(work, title=self.tr("Making proposals"), key="finish-proposals")
        self._proposals_job = job

        told = 0

        def show(progress: Progress | None = None) -> None:
            nonlocal told
            if job is not self._proposals_job:
                return
            if len(found) > told:
                told = len(found)
                self.controls.repair.show_proposals(list(found))
            self.bar.show_busy(None if progress is None else progress.fraction)

        def ended(*_arguments: object) -> None:
            show()
            if job is self._proposals_job:
                self._proposals_job = None
            self._update()

        job.progressed.connect(show)
        for end in (job.finished, job.failed, job.cancelled):
            end.connect(ended)
        job.failed.connect(self.context.problem)
        self._update()

    def _forget_proposals(self) -> None:
        """Take away proposals for another repair."""
        if self._proposals_job is not None:
            self._proposals_job.cancel()
            self._proposals_job = None
        self.controls.repair.show_proposals([])

    # The result

    def _with_result(self, use: Callable[[AnyPicture, Recipe], None]) -> None:
        """Make the result, showing how far it is, then ``use`` picture and recipe."""
        recipe = self.model.value.result()
        if recipe is None:
            self._tell_empty()
            return
        if self._job is not None and not self._job.is_over:
            self.context.notify.emit(self.tr("One picture is being made already. Wait for it, or stop it."))
            return
        self.controls.repair.paint_button.setChecked(False)
        self.model.commit()

        def work(engine: Engine) -> Work[AnyPicture]:
            from studio.engine.jobs.finishing import finished_picture

            return finished_picture(engine, recipe)

        job = self.context.worker.submit(
            work,
            title=recipe_name(recipe),
            key="finish-result",
            asks=True,
        )
        self._job = job
        pace = Pace()
        job.shown_elsewhere = self.bar.isVisible
        job.seconds_left = lambda: pace.left

        def ended(made: AnyPicture | None = None) -> None:
            if self._job is job:
                self._job = None
            self.bar.show_busy(None)
            if made is not None:
                use(made, recipe)
            self._update()

        job.progressed.connect(partial(self._on_result_progress, pace))
        job.finished.connect(ended)
        job.cancelled.connect(lambda: ended())
        job.failed.connect(lambda _problem: ended())
        job.failed.connect(self.context.problem)
        self._update()

    def _on_result_progress(self, pace: Pace, progress: Progress) -> None:
        pace.take(progress)
        self.bar.show_busy(progress.fraction)
        self.bar.show_running(progress, pace.left)

    def _stoppable(self) -> bool:
        """Return whether something is being made that one may have to wait for."""
        running = [job for job in (self._job, self._proposals_job) if job is not None and not job.is_over]
        slow = self.model.value.method in NETWORK_METHODS or not self._soon.isActive()
        return bool(running) or (self._preview_job is not None and slow)

    def cancel(self) -> None:
        """Stop making the result, or else the proposals and what comes onto the canvas."""
        if self._job is not None:
            self._job.cancel()
            return
        if self._proposals_job is not None:
            self._proposals_job.cancel()
        job, content = self._preview_job, self.model.value.content
        if job is not None and content is not None and self._stoppable():
            self._stopped, self._preview_job, self._shown = self._wanted(), None, None
            self.canvas.set_awaits_filling(False)
            job.cancel()
            self.bar.show_busy(None)
            self._show_content(content)
            self.context.notify.emit(self.tr("Stopped. Paint, or change something, to fill it again."))
            self._update()

    def _tell_empty(self) -> None:
        self.context.notify.emit(self.tr("There is nothing to save yet: drop a picture first."))

    def _update(self) -> None:
        """Texts and buttons."""
        draft, image = self.model.value, self.canvas.image()
        self.networks.update()
        size = None if image is None or draft.content is None else (image.width(), image.height())
        missing = "" if draft.content is not None else self.tr("Drop a picture first.")
        self.controls.repair.show_state(missing, masked=draft.mask is not None)
        self.controls.enlarge.show_state(size)
        running = self._job is not None and not self._job.is_over
        name = "" if draft.content is None else recipe_name(draft.content)
        working = self._preview_job is not None or self._proposals_job is not None
        self.bar.show_state(draft, name, size, running=running, working=working, stoppable=self._stoppable())
        self.clip.show_state()
        self.stateChanged.emit()


def _timer(room: QWidget, call: Callable[[], None], interval: int = REST_MS) -> QTimer:
    timer = QTimer(room)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    timer.timeout.connect(call)
    return timer


def _placed(before: _Pixels, after: _Pixels, recipe: Recipe) -> _Pixels:
    """The picture before, where it lies on the canvas of ``after``, which may be larger."""
    step = next(subjects_of(recipe, RepairRecipe), None)
    if step is None or before.shape[:2] == after.shape[:2]:
        return before
    left, _right, top, _bottom = step.margins_for(before.shape[1], before.shape[0])
    whole = np.full((*after.shape[:2], 3), 96, np.uint8)
    whole[top : top + before.shape[0], left : left + before.shape[1]] = before[..., :3]
    return whole


def _changed_part(before: _Pixels, after: _Pixels) -> _Pixels:
    """A square around what differs, for a small picture of a proposal."""
    if before.shape[:2] != after.shape[:2]:
        return after
    rows, columns = np.nonzero((before != after).any(-1))
    if not len(rows):
        return after
    side = max(int(np.ptp(rows)), int(np.ptp(columns))) * 3 // 2 + 32
    middle = (int(rows.min()) + int(rows.max())) // 2, (int(columns.min()) + int(columns.max())) // 2
    top, left = (max(0, min(at - side // 2, length - side)) for at, length in zip(middle, after.shape, strict=False))
    return np.ascontiguousarray(after[top : top + side, left : left + side])
