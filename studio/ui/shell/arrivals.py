"""What comes into the window goes to the room that works on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from studio.recipes import JourneyRecipe, Recipe
from studio.recipes.tree import subjects
from studio.ui.context import StudioContext
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.shell.intake import Intake
from studio.ui.shell.rooms import ROOMS
from studio.ui.widgets.hint_line import HintLine

if TYPE_CHECKING:
    from studio.checkpoints.info import ModelInfo
    from studio.restoration.print_files import Printed


class RoomSwitch(Protocol):
    """The window, as far as it shows rooms."""

    def room(self, which: RoomId) -> Room:
        """The room, made now if it was not yet."""

    def shown(self) -> RoomId:
        """The room that is shown."""

    def show_room(self, which: RoomId) -> None:
        """Show a room."""


class Arrivals(QObject):
    """Opens recipes, journeys, clips, sheets, folders and models, wherever in the program they come from."""

    def __init__(
        self, context: StudioContext, intake: Intake, rooms: RoomSwitch, hints: HintLine, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._intake, self._rooms, self._hints = context, intake, rooms, hints
        intake.finishes = lambda: rooms.shown() is RoomId.FINISH
        intake.journeyCame.connect(self._open_journey)
        intake.clipCame.connect(self._open_clip)
        intake.finishedFilmCame.connect(self._open_finished)
        intake.printCame.connect(self._open_print)
        intake.folderCame.connect(self._open_folder)
        intake.severalCame.connect(self._offer_all)
        context.openRecipe.connect(self._open_recipe)
        context.openModel.connect(lambda model: self._go_to(RoomId.EXPLORE).open_model(model))
        context.stylizePicture.connect(self._stylize_picture)
        context.finishPicture.connect(self._finish_picture)
        context.modelDropped.connect(self._add_model)

    def _go_to(self, which: RoomId) -> Room:
        self._rooms.show_room(which)
        return self._rooms.room(which)

    def _open_journey(self, journey: JourneyRecipe) -> None:
        self._go_to(RoomId.EXPLORE).open_journey(journey)

    def _open_clip(self, path: Path) -> None:
        """Open a clip in the room for clips that is shown, or else in Stylize."""
        self._go_to(RoomId.FINISH if self._rooms.shown() is RoomId.FINISH else RoomId.STYLIZE).open_clip(path)

    def _open_finished(self, path: Path) -> None:
        self._go_to(RoomId.FINISH).open_clip(path)

    def _open_print(self, printed: Printed) -> None:
        self._go_to(RoomId.FINISH).open_print(printed)

    def _open_folder(self, path: Path) -> None:
        self._go_to(RoomId.TRAIN).open_folder(path)

    def _offer_all(self, paths: Sequence[Path]) -> None:
        """Of several pictures the first was opened: offer to do with all what the room does with one."""
        which = RoomId.FINISH if self._intake.finishes() else RoomId.STYLIZE
        said = self.tr("The first of %n pictures was opened.", "", len(paths))
        label = self._rooms.room(which).many_pictures_offer(len(paths))
        if label:
            self._hints.show_offer(said, label, lambda: self._go_to(which).open_pictures(paths))
        else:
            self._context.notify.emit(said)

    def _open_recipe(self, recipe: Recipe) -> None:
        """Restore a recipe in the room that edits its step, or else that of the nearest step it changes."""
        for step in subjects(recipe):
            for which, room in enumerate(ROOMS):
                if step.kind in room.edits:
                    self._go_to(RoomId(which)).open_recipe(step)
                    return
        self._context.stylizePicture.emit(recipe)

    def _add_model(self, path: Path) -> None:
        """Take a dropped model file into the library."""

        def added(info: ModelInfo) -> None:
            self._context.modelsChanged.emit()
            self._context.openModel.emit(info.ref)
            self._context.notify.emit(self.tr("“{name}” is in your model library.").format(name=info.name))

        job = self._context.worker.call(lambda engine: engine.library.add(path), title=self.tr("Adding a model"))
        job.finished.connect(added)
        job.failed.connect(self._context.problem)

    def _stylize_picture(self, recipe: Recipe) -> None:
        self._go_to(RoomId.STYLIZE).set_content(recipe)

    def _finish_picture(self, recipe: Recipe) -> None:
        self._go_to(RoomId.FINISH).set_content(recipe)
