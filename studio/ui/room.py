"""A room of the window: everything the window may ask of one, so that it never has to guess what a room can do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from studio.recipes import FileRef, JourneyRecipe, Recipe
from studio.ui.command import Command, CommandSet
from studio.ui.undo_order import UndoOrder

if TYPE_CHECKING:
    from studio.restoration.print_files import Printed
    from studio.ui.context import StudioContext


class Room(QWidget):
    """Base of the rooms. What a room does not override, it does not do.

    Attributes
    ----------
    commands : what the room offers in its menu and in the palette, while it is shown.
    file_commands : saving and exporting what the room shows, which every room has. The window's menu reads them, and
        the room's buttons and context menus are attached to them.
    """

    stateChanged = Signal()
    """What can be done here may have changed: undo and redo, export, the room's commands."""

    def __init__(self, context: StudioContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.commands = CommandSet(self)
        self.file_commands = CommandSet(self)
        save = QCoreApplication.translate("Room", "Save to the gallery")
        export = QCoreApplication.translate("Room", "Export …")
        self.file_commands.add(
            Command("file.save", save, lambda: self.save(), "save", lambda: self.save_missing()),
            Command("file.export", export, lambda: self.export(), "export", lambda: self.export_missing()),
        )
        self._steps = UndoOrder(self)  # of a room that enters none there is nothing to undo
        self._offered: dict[str, Any] | None = None
        self.stateChanged.connect(self.commands.refresh)
        self.stateChanged.connect(self.file_commands.refresh)

    # Going back

    def can_undo(self) -> bool:
        """Return whether there is a step to go back."""
        return self._steps.can_undo()

    def can_redo(self) -> bool:
        """Return whether a step that was taken back can be taken again."""
        return self._steps.can_redo()

    def undo(self) -> None:
        """Go back one step."""
        self._steps.undo()

    def redo(self) -> None:
        """Go forward one step."""
        self._steps.redo()

    # Keeping

    def save(self) -> None:
        """Save what is shown to the gallery; where there is nothing to save, say so."""
        self.context.notify.emit(self.save_missing())

    def save_missing(self) -> str:
        """Return a sentence on what has to be done before something can be saved; empty when nothing is missing."""
        return QCoreApplication.translate("Room", "There is no picture here that could be saved.")

    def export_missing(self) -> str:
        """Return the same for :meth:`export`: a picture written to a file of the artist's choice."""
        return QCoreApplication.translate("Room", "There is no picture here that could be exported.")

    def export(self) -> None:
        """Ask for a file and write what is shown there."""

    def copy(self) -> bool:
        """Copy what is selected to the clipboard; False: the picture on the canvas is what is meant."""
        return False

    # Looking

    def zoom(self, factor: float) -> None:
        """Show what has no canvas larger or smaller."""

    # Coming in

    def open_recipe(self, recipe: Recipe) -> None:
        """Restore every control from a recipe that this room edits."""

    def open_model(self, model: FileRef) -> None:
        """Explore a model."""

    def set_content(self, recipe: Recipe) -> None:
        """Work on the picture of ``recipe``, which was made elsewhere."""

    def open_journey(self, journey: JourneyRecipe) -> None:
        """Restore the keys and settings of a journey."""

    def open_clip(self, path: Path) -> None:
        """Work on a video clip."""

    def open_print(self, printed: Printed) -> None:
        """Restore what a sheet for a printer was made from, and its settings."""

    def open_folder(self, path: Path) -> None:
        """Work on a folder of pictures."""

    def many_pictures_offer(self, count: int) -> str:
        """The words of a button that begins the room's work on ``count`` pictures at once; empty: there is no such."""
        return ""

    def open_pictures(self, paths: Sequence[Path]) -> None:
        """Begin that."""

    # The session

    def session(self) -> dict[str, Any]:
        """The state to come back at the next start, as JSON; see :meth:`restore_session`."""
        return {}

    def restore_session(self, state: dict[str, Any]) -> None:
        """Bring back what :meth:`session` gave, perhaps an older version's: what is not understood is left out."""

    def offer_session(self, state: dict[str, Any]) -> None:
        """Bring back what :meth:`session` gave as soon as the room is shown: the start has other things to do."""
        if self.isVisible():
            self.restore_session(state)
        else:
            self._offered = state

    def kept_session(self) -> dict[str, Any]:
        """The result of :meth:`session`, or what was offered and not needed yet."""
        return self.session() if self._offered is None else self._offered

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        offered, self._offered = self._offered, None
        if offered is not None:
            self.restore_session(offered)

    def shutting_down(self) -> None:
        """Stop timers and what may be dropped: the window is closing."""
