"""Pictures that go to the trash, and come back by undo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.base import StudioError
from studio.ui.context import StudioContext
from studio.ui.describe.lists import listed
from studio.ui.undo_order import UndoOrder
from studio.ui.widgets.questions import ask
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.gallery import Picture
    from studio.gallery.store import TrashedPicture


@dataclass
class _WayBack:
    """Pictures that go to the trash and come back, by undo and redo, under whatever names they get."""

    files: list[TrashedPicture]
    pictures: list[Picture] = field(default_factory=list)


class PictureTrash(QObject):
    """Moves pictures to the trash, and takes its place among the steps that undo takes back.

    Parameters
    ----------
    background : the threads for files.
    window : what asks whether it shall be.
    """

    changed = Signal()
    """Pictures went or came."""
    restored = Signal(object)
    """The ``Path`` of the last picture that came back; told before ``changed``."""

    def __init__(self, context: StudioContext, steps: UndoOrder, background: JobGroup, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._steps, self._background, self._window = context, steps, background, window

    def move(self, chosen: list[Picture]) -> None:
        """Move pictures to the trash, after asking."""
        if not chosen or not self._confirmed(chosen):
            return
        gallery = self._context.gallery

        def trashed(files: list[TrashedPicture]) -> None:
            if len(chosen) == 1:
                text = self.tr("“{name}” is in the trash. Undo brings it back.").format(name=chosen[0].path.name)
            else:
                text = self.tr("%n pictures are in the trash. Undo brings them back.", "", len(chosen))
            self._context.notify.emit(text)
            if files:
                way = _WayBack(files)
                self._steps.did(lambda: self._restore(way), lambda: self._trash_again(way))
            self.changed.emit()

        self._background.run(lambda: gallery.trash(chosen), trashed, self._failed)

    def _failed(self, problem: StudioError) -> None:
        self._context.problem.emit(problem)
        self.changed.emit()

    def _restore(self, way: _WayBack) -> None:
        """Undo: bring pictures back from the trash."""
        gallery, files = self._context.gallery, way.files

        def restored(pictures: list[Picture]) -> None:
            way.pictures = pictures
            if pictures:
                self.restored.emit(pictures[-1].path)
                names = listed([picture.path.name for picture in pictures[:3]] + ["…"] * (len(pictures) > 3))
                self._context.notify.emit(self.tr("Back from the trash: {names}").format(names=names))
            self.changed.emit()

        self._background.run(lambda: gallery.restore(files), restored, self._failed)

    def _trash_again(self, way: _WayBack) -> None:
        """Redo."""
        gallery, pictures = self._context.gallery, way.pictures

        def trashed(files: list[TrashedPicture]) -> None:
            way.files = files
            self.changed.emit()

        self._background.run(lambda: gallery.trash(pictures), trashed, self._failed)

    def _confirmed(self, chosen: list[Picture]) -> bool:
        if len(chosen) == 1:
            question = self.tr("Move “{name}” to the trash?").format(name=chosen[0].path.name)
        else:
            question = self.tr("Move %n pictures to the trash?", "", len(chosen))
        more = self.tr("Undo brings back what you want back.")
        return ask(self._window, question, more, yes=self.tr("Move to the trash"), destructive=True)
