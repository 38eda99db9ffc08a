"""Pictures that come into the Stylize room: kept among the sources, then used."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from studio.base import Message, StudioError, Work
from studio.recipes import FileRef, PhotoRecipe, Recipe, StylizeRecipe, read_recipe
from studio.ui.context import StudioContext
from studio.ui.stylize.missing_photos import MissingPhotos
from studio.ui.stylize.photo_notes import warning_and_notes
from studio.ui.translated import translated
from studio.ui.widgets import DroppedPicture
from studio.worker import JobGroup


class IncomingPictures(QObject):
    """Takes dropped pictures and says what they turned out to be.

    Parameters
    ----------
    missing : the photos that recipes lack; one of them that comes is neither content nor style.
    files : a thread for files that keeps their order.
    background : threads for looking at photos.
    """

    photoCame = Signal(object)
    """The recipe of a photo to restyle."""
    styleCame = Signal(object)
    """The recipe of a picture whose style goes into the blend."""
    recipeCame = Signal(object)
    """The ``StylizeRecipe`` of one of our own pictures, whose settings shall come back."""
    missingCame = Signal()
    """A photo that a recipe lacked is there now."""
    refused = Signal(object)
    """A ``StudioError``: what came is no picture."""

    def __init__(
        self,
        context: StudioContext,
        missing: MissingPhotos,
        files: JobGroup,
        background: JobGroup,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._missing, self._files, self._background = missing, files, background
        self.content_coming = False
        """What to restyle is on its way: the next picture is a style."""

    def take_photo(self, picture: DroppedPicture) -> None:
        """A photo to restyle."""
        self._remember("photo", picture)
        self._store(picture, self.photoCame.emit)

    def take_style(self, picture: DroppedPicture) -> None:
        """A picture for the blend."""
        self._remember("style", picture)
        self._store(picture, self.styleCame.emit)

    def take_first(self, picture: DroppedPicture) -> None:
        """The first picture in an empty room: a photo, or one of our own with its recipe."""
        self.content_coming = True
        self._remember("photo", picture)

        def read() -> Recipe | None:
            return read_recipe(picture.source())

        def take(recipe: Recipe | None) -> None:
            # One of our own pictures comes back with all its settings.
            if isinstance(recipe, StylizeRecipe):
                self.content_coming = False
                self.recipeCame.emit(recipe)
            else:
                self._store(picture, self.photoCame.emit)

        self._files.run(read, take, self._on_refused)

    def report_photo_problems(self, recipe: Recipe) -> None:
        """Say what is worth knowing about a photo that has just come in."""

        def tell(found: tuple[StudioError | None, list[Message]]) -> None:
            warning, notes = found
            if warning is not None:
                self.context.problem.emit(warning)
            elif notes:
                name = "" if photo is None else photo.name
                self.context.notify.emit(" ".join([f"{name}:", *map(translated, notes)]))

        photo = recipe.opened_photo
        if photo is not None:
            # What is wrong with the file is said by whoever renders it.
            self._background.run(partial(warning_and_notes, self.context.sources, photo), tell, lambda _problem: None)

    def _store(self, picture: DroppedPicture, use: Callable[[Recipe], None]) -> None:
        """Keep a copy of the picture, then ``use`` it."""

        def added(ref: FileRef) -> None:
            if self._missing.take(ref):
                self.content_coming = False
                self.missingCame.emit()
            else:
                use(PhotoRecipe(photo=ref))

        def add() -> Work[FileRef]:
            return (yield from self.context.sources.adding(picture.source(), picture.name))

        job = self._files.work(add, added, self._on_refused, title=self.tr("Opening {name}").format(name=picture.name))
        if job is not None:
            self.context.working.emit(job)

    def _on_refused(self, problem: StudioError) -> None:
        self.content_coming = False
        self.refused.emit(problem)

    def _remember(self, purpose: str, picture: DroppedPicture) -> None:
        if picture.path is not None:
            self.context.settings.remember_folder(purpose, picture.path)
