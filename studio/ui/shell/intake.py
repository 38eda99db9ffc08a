"""One way in for whatever is dropped, pasted or opened anywhere on the window.

Files are read, hashed and copied in the pool, with progress and a way to cancel; the main thread only decides by name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QMimeData, QObject, Signal

from studio.base import Progress, StudioError, Work
from studio.checkpoints import MODEL_SUFFIXES, MORE_MODEL_SUFFIXES
from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES, named_refusal
from studio.recipes import FinishedFilmRecipe, JourneyRecipe, PhotoRecipe, Recipe, SampleRecipe
from studio.recipes.documents import loads
from studio.recipes.embed import read_recipe
from studio.recipes.sequences.film import film_in_comment
from studio.recipes.sequences.journey import JOURNEY, journey_in_comment
from studio.ui.context import StudioContext
from studio.ui.local_files import local_path
from studio.ui.widgets import DroppedPicture, dropped_pictures
from studio.ui.widgets.dropped import dropped_document, web_addresses
from studio.ui.widgets.fetch import PictureFetch
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.restoration.print_files import Printed

JOURNEY_SUFFIX = ".mp4"
SHEET_SUFFIX = ".pdf"
NAME_WITHIN = 400
"""Letters of a document among which the name of its format is looked for."""
LARGEST_DOCUMENT = 32 * 2**20
"""Bytes; a recipe is never that long."""
_Found: TypeAlias = "Recipe | JourneyRecipe | Printed"


class Intake(QObject):
    """Decides what came in, reads it, and tells the context or the window.

    A picture of ours with its recipe, and a recipe file: ``context.openRecipe``. Another picture:
    ``context.stylizePicture``. A model: ``context.modelDropped``. Clips and folders: the signals here.
    """

    journeyCame = Signal(object)
    """The ``JourneyRecipe`` in a film, or in a file of its own."""
    clipCame = Signal(object)
    """The path of a video clip, or of a film stylized here."""
    finishedFilmCame = Signal(object)
    """The path of a film that was repaired, cleaned or enlarged here."""
    folderCame = Signal(object)
    """The path of a folder of pictures."""
    printCame = Signal(object)
    """A sheet that was printed here (``Printed``), from its PDF or TIFF."""
    severalCame = Signal(object)
    """The paths of several pictures that came at once; the first of them is opened."""
    started = Signal(object)
    """A ``Job`` that reads a file, for whoever shows how far it is."""

    def __init__(self, context: StudioContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.finishes: Callable[[], bool] = lambda: False
        """Whether pictures are meant for the Finish room, which is shown."""
        self._jobs = JobGroup(self, ordered=True)
        self._jobs.failed.connect(context.problem)

    @staticmethod
    def may_take(mime: QMimeData) -> bool:
        """Return whether :meth:`take` would find something, judged without reading anything."""
        return any(url.isLocalFile() or url.scheme() in ("http", "https", "data") for url in mime.urls()) or bool(
            mime.hasImage() or any(form.startswith("image/") for form in mime.formats()) or dropped_document(mime)
        )

    def take(self, mime: QMimeData, *, to_restyle: bool = False) -> bool:
        """Open what was dropped or pasted. False when there is nothing that can be opened.

        Parameters
        ----------
        to_restyle : a sample is taken as the photo to restyle, rather than opened where it was made.
        """
        paths = [local_path(url) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.open_paths(paths, to_restyle=to_restyle)
            return True
        if (text := dropped_document(mime)) is not None:
            self._open_document(text)
            return True
        pictures = dropped_pictures(mime)
        if pictures:
            self.open_picture(pictures[0], to_restyle=to_restyle)
            return True
        addresses = web_addresses(mime)
        if not addresses:
            return False
        fetch = PictureFetch(addresses[0], self)
        fetch.fetched.connect(partial(self.open_picture, to_restyle=to_restyle))
        fetch.failed.connect(self._context.problem)
        self._context.notify.emit(self.tr("Fetching the picture …"))
        return True

    def open_paths(self, paths: Sequence[Path], *, to_restyle: bool = False) -> None:
        """Open files by their kind. Of several pictures the first is opened (:attr:`severalCame`).

        ``to_restyle``: see :meth:`take`.
        """
        pictures: list[Path] = []
        for path in paths:
            suffix = path.suffix.lower()
            if path.is_dir():
                self.folderCame.emit(path)
            elif suffix == ".json":
                self._open_document(path)
            elif suffix in (*MODEL_SUFFIXES, *MORE_MODEL_SUFFIXES):
                self._context.modelDropped.emit(path)
            elif suffix in IMAGE_SUFFIXES:
                pictures.append(path)
            elif suffix == SHEET_SUFFIX:
                self._start(partial(self._read_sheet, path), path.name)
            elif suffix == JOURNEY_SUFFIX:
                self._jobs.work(partial(self._read_film, path), partial(self._film_came, path))
            elif suffix in CLIP_SUFFIXES:
                self.clipCame.emit(path)
            elif (named := named_refusal(path)) is not None:
                self._context.problem.emit(named)
            else:
                self._context.problem.emit(
                    StudioError(
                        self.tr("Latent Studio cannot open {name}.").format(name=path.name),
                        self.tr(
                            "It opens pictures, video clips, recipes (.json) and models "
                            "(.safetensors, StyleGAN2 and StyleGAN3 .pkl, rosinality's .pt, DCGAN .pth)."
                        ),
                    )
                )
        if pictures:
            self.open_picture(DroppedPicture(pictures[0], None, pictures[0].name), to_restyle=to_restyle)
        if len(pictures) > 1:
            self.severalCame.emit(pictures)

    def open_picture(self, picture: DroppedPicture, *, to_restyle: bool = False) -> None:
        """Restore the controls that made a picture of ours; another one becomes the photo in the stylizer."""
        self._start(partial(self._read_picture, picture), picture.name, to_restyle=to_restyle)

    def _open_document(self, source: Path | str) -> None:
        name = source.name if isinstance(source, Path) else self.tr("what was pasted")
        self._start(partial(self._read_document, source, name), name)

    def _start(self, make: Callable[[], Work[_Found]], name: str, *, to_restyle: bool = False) -> None:
        came = partial(self._came, to_restyle=to_restyle)
        job = self._jobs.work(make, came, title=self.tr("Opening {name}").format(name=name))
        if job is not None:
            self.started.emit(job)

    def close(self) -> None:
        """Read no more."""
        self._jobs.close()

    def _film_came(self, path: Path, found: JourneyRecipe | FinishedFilmRecipe | None) -> None:
        """A film of ours comes back into the room where it was made; any other is a clip."""
        if isinstance(found, JourneyRecipe):
            self.journeyCame.emit(found)
        elif found is not None:
            self.finishedFilmCame.emit(path)
        else:
            self.clipCame.emit(path)

    def _came(self, recipe: _Found, *, to_restyle: bool) -> None:
        from studio.restoration.print_files import Printed  # here and below: the first paint does without

        if isinstance(recipe, JourneyRecipe):
            self.journeyCame.emit(recipe)
        elif isinstance(recipe, Printed):
            self.printCame.emit(recipe)
        elif self.finishes():
            self._context.finishPicture.emit(recipe)
        elif recipe.opened_photo is not None or (to_restyle and isinstance(recipe, SampleRecipe)):
            self._context.stylizePicture.emit(recipe)
        else:
            self._context.openRecipe.emit(recipe)

    # ---- in the pool

    def _read_picture(self, picture: DroppedPicture) -> Work[_Found]:
        """The recipe inside a picture; that of the photo itself, kept among the sources, when it has none."""
        from studio.restoration.print_files import print_in

        yield Progress(0)
        source = picture.source()
        found = print_in(source) or read_recipe(source)
        if found is not None:
            return found
        return PhotoRecipe(photo=(yield from self._context.sources.adding(source, picture.name)))

    def _read_sheet(self, path: Path) -> Work[_Found]:
        """The sheet in a PDF that was written here."""
        from studio.restoration.print_files import print_in

        yield Progress(0)
        found = print_in(path)
        if found is None:
            raise named_refusal(path) or StudioError(
                self.tr("Latent Studio cannot open {name}.").format(name=path.name)
            )
        return found

    def _read_film(self, path: Path) -> Work[JourneyRecipe | FinishedFilmRecipe | None]:
        """The recipe in a film that decides where it is opened; None when there is none that can be read."""
        from studio.media.clips import read_comment

        yield Progress(0)
        with contextlib.suppress(StudioError):
            comment = read_comment(path)
            film = film_in_comment(comment)
            return film if isinstance(film, FinishedFilmRecipe) else journey_in_comment(comment)
        return None

    def _read_document(self, source: Path | str, name: str) -> Work[Recipe | JourneyRecipe]:
        """The recipe of a picture or journey in a file or in text."""
        yield Progress(0)
        no_recipe = StudioError(self.tr("{name} is not a recipe.").format(name=name))
        try:
            if isinstance(source, Path):
                if source.stat().st_size > LARGEST_DOCUMENT:
                    raise no_recipe
                source = source.read_text(encoding="utf-8")
            return JOURNEY.loads(source) if JOURNEY.name in source[:NAME_WITHIN] else loads(source)
        except OSError as error:
            raise StudioError(
                self.tr("{name} cannot be read: {reason}.").format(name=name, reason=error.strerror or error),
                self.tr("Check that the file is there and that you may read it."),
            ) from error
        except UnicodeDecodeError as error:
            raise no_recipe from error
