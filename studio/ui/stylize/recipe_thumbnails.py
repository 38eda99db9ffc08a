"""Small pictures of any recipe, for thumbnails."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal

from studio.base import StudioError
from studio.media.photos import open_photo
from studio.recipes import FileRef, Recipe, recipe_hash
from studio.ui.context import StudioContext
from studio.ui.thumbnails import thumbnail_service
from studio.ui.widgets import from_qimage, to_qimage
from studio.worker import JobGroup, Priority

SIDE = 512


def open_rgb(path: Path, max_side: int | None = None) -> NDArray[np.uint8]:
    """A picture file as uint8 (height, width, 3), transparency over white.

    Raises
    ------
    StudioError
        As :func:`studio.media.photos.open_photo`.
    """
    picture = open_photo(path, max_side=max_side, salvage=True)
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.array(picture.convert("RGB"))


class RecipePictures(QObject):
    """Makes a picture of at most 512 pixels of a recipe: photos from their files, the rest by the device worker.

    A picture that cannot be made is left out; whoever renders the whole recipe says why.
    """

    ready = Signal(object, object)
    """The recipe, and its picture as uint8 (height, width, 3)."""

    def __init__(self, context: StudioContext, background: JobGroup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._background = background
        self._thumbnails = thumbnail_service()

    def request(self, recipe: Recipe) -> None:
        """Ask for the picture of ``recipe``; ``ready`` comes later, or at once when it is known."""
        known = self._thumbnails.find(_key(recipe))
        if known is not None:
            self.ready.emit(recipe, from_qimage(known, alpha=known.hasAlphaChannel()))
        elif (photo := recipe.opened_photo) is not None:
            self._background.run(partial(self._open, photo), partial(self._take, recipe), _ignore)
        else:
            job = self._context.worker.submit(
                lambda engine: engine.render(recipe, max_side=SIDE),
                priority=Priority.LIVE,
                key=f"thumbnail-{recipe_hash(recipe)}",
            )
            job.finished.connect(lambda rendered: self._take(recipe, rendered.image))

    def _open(self, photo: FileRef) -> NDArray[np.uint8] | None:
        path = self._context.sources.find(photo)
        return None if path is None else open_rgb(path, SIDE)

    def _take(self, recipe: Recipe, image: NDArray[np.uint8] | None) -> None:
        if image is not None:
            self._thumbnails.put(_key(recipe), to_qimage(image))
            self.ready.emit(recipe, image)


def _key(recipe: Recipe) -> tuple[str, str]:
    return "recipe", recipe_hash(recipe)


def _ignore(_problem: StudioError) -> None:
    pass
