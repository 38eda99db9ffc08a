"""Keeping what was made in a room: in the gallery, and in files that leave it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from studio.base.names import safe_stem
from studio.recipes import Recipe, StylizeRecipe, dumps, pictures_in, save_picture
from studio.recipes.embed import JPEG_SUFFIXES, PICTURE_SUFFIXES, AnyPicture
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import file_title, recipe_name
from studio.ui.theme import icon
from studio.ui.widgets import to_qimage
from studio.ui.widgets.save_name import completed_name, free_name
from studio.worker import JobGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from studio.gallery import Picture
    from studio.ui.room import Room
    from studio.ui.widgets import Canvas


class PictureKeeping(QObject):
    """Saves and exports pictures with their recipes.

    Parameters
    ----------
    files : the room's thread for files.
    room : what dialogs belong to.
    """

    def __init__(self, context: StudioContext, files: JobGroup, room: QWidget) -> None:
        super().__init__(room)
        self.context, self._files, self._room = context, files, room

    def save(self, image: AnyPicture, recipe: Recipe) -> None:
        """Save a picture to the gallery."""

        def saved(result: tuple[Picture, bool]) -> None:
            picture, new = result
            if not new:
                self.context.notify.emit(
                    self.tr("It is in the gallery already: {name}.").format(name=picture.path.name)
                )
                return
            self.context.pictureSaved.emit(picture)
            text, steps = self.tr("Saved as {name}."), {}
            if isinstance(recipe, StylizeRecipe) and recipe.stop_after is not None:
                text = self.tr("Saved as {name}, after {steps} of {total} steps.")
                steps = {"steps": recipe.stop_after, "total": recipe.steps}
            self.context.notify.emit(text.format(name=picture.path.name, **steps))

        title = file_title(recipe)

        def save() -> tuple[Picture, bool]:
            saved = self.saved_picture(recipe)
            if saved is not None:
                return saved, False
            self._keep_photos(recipe)
            return self.context.gallery.save(image, recipe, title=title), True

        self._files.run(save, saved, must_finish=True, title=self.tr("Saving"))

    def choose_file(self, recipe: Recipe) -> Path | None:
        """Ask for the name of a PNG, JPEG, TIFF or WebP file for the picture of ``recipe``; None: none chosen."""
        settings = self.context.settings
        filters = {
            self.tr("JPEG picture") + " (*.jpg *.jpeg)": ".jpg",
            self.tr("PNG picture") + " (*.png)": ".png",
            self.tr("TIFF picture") + " (*.tif *.tiff)": ".tif",
            self.tr("WebP picture") + " (*.webp)": ".webp",
        }
        folder = settings.start_folder("export")
        proposed = free_name(Path(folder) / f"{safe_stem(recipe_name(recipe))}.jpg")
        name, chosen = QFileDialog.getSaveFileName(self._room, self.tr("Export"), proposed, ";;".join(filters))
        path = completed_name(self._room, name, PICTURE_SUFFIXES, filters.get(chosen, ".png"))
        if path is None:
            return None
        settings.remember_folder("export", path)
        return path

    def write(self, picture: Callable[[], AnyPicture], path: Path, recipe: Recipe, *, metadata: bool = False) -> None:
        """Write what ``picture`` gives, off the main thread, to a file of the artist's choice, with its recipe.

        ``metadata``: EXIF and resolution of the photo are written too.
        """
        own = self.context.settings.export_profile == "photo"

        def write() -> tuple[Path, bool]:
            image = picture()
            self._keep_photos(recipe)
            profile = self.context.sources.profile_of(recipe) if own else None
            on_white = image.shape[2] == 4 and path.suffix.lower() in JPEG_SUFFIXES
            kept = self.context.sources.metadata_of(recipe) if metadata else None
            return save_picture(image, path, recipe, profile=profile, metadata=kept, exists="replace"), on_white

        def written(result: tuple[Path, bool]) -> None:
            done, on_white = result
            text = self.tr("Exported as {name}.")
            if on_white:
                text = self.tr("Exported as {name}, on white: JPEG has no transparency.")
            self.context.notify.emit(text.format(name=done.name))

        self._files.run(write, written, must_finish=True, title=self.tr("Exporting"))

    def export(self, image: AnyPicture, recipe: Recipe) -> None:
        """Ask for a file name and write a picture there as PNG, JPEG, TIFF or WebP."""
        path = self.choose_file(recipe)
        if path is not None:
            self.write(lambda: image, path, recipe)

    def copy(self, image: NDArray[np.uint8], recipe: Recipe) -> None:
        """Copy a picture together with its recipe as text: pasted here it brings the controls back."""
        mime = QMimeData()
        mime.setImageData(to_qimage(image))
        mime.setText(dumps(recipe))
        QGuiApplication.clipboard().setMimeData(mime)
        self.context.notify.emit(self.tr("Picture and recipe copied."))

    def copy_recipe(self, recipe: Recipe) -> None:
        """Copy a recipe as text."""
        QGuiApplication.clipboard().setText(dumps(recipe))
        self.context.notify.emit(self.tr("Recipe copied."))

    def canvas_menu(self, room: Room, canvas: Canvas, names: Sequence[str]) -> QMenu:
        """The menu of the picture on a canvas: copying, ``names`` of the room's commands, and keeping it."""
        menu = QMenu(canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("copy"), self.tr("Copy picture"), lambda: room.copy())
        menu.addActions(room.commands.actions(["picture.copy-recipe"]))
        menu.addSeparator()
        menu.addActions(room.commands.actions(names))
        menu.addSeparator()
        menu.addActions(room.file_commands.actions())
        menu.addSeparator()
        pixels = menu.addAction(self.tr("Show single pixels when zoomed in"))
        pixels.setCheckable(True)
        pixels.setChecked(canvas.pixelated())
        pixels.toggled.connect(canvas.set_pixelated)
        return menu

    def saved_picture(self, recipe: Recipe) -> Picture | None:
        """The gallery's picture of ``recipe``. Runs off the main thread."""
        for picture in self.context.gallery.pictures(kind=recipe.kind):
            if picture.recipe == recipe and picture.path.is_file():
                return picture
        return None

    def _keep_photos(self, recipe: Recipe) -> None:
        """Frames of clips are lent only, until a picture of them is kept."""
        for ref in pictures_in(recipe):
            self.context.sources.keep(ref)
