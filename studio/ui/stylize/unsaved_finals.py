"""Final renders that nobody has saved yet: kept in the data folder, and offered at the next start."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from studio.base import StudioError
from studio.base.paths import data_dir
from studio.gallery import Picture
from studio.recipes import Recipe, StylizeRecipe, read_recipe, recipe_hash, save_picture
from studio.ui.context import StudioContext
from studio.ui.describe.recipes import recipe_name
from studio.ui.stylize.style_list import Thumbnail
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.widgets.eliding_label import ElidingLabel
from studio.worker import JobGroup

_Pixels = NDArray[np.uint8]


def recovery_dir() -> Path:
    """Return the folder of pictures that were finished and not saved."""
    return data_dir() / "recovery"


@dataclass(frozen=True)
class UnsavedFinal:
    """A picture from an earlier session that was not saved: uint8 (height, width, 3 or 4), and how it is made."""

    path: Path
    image: _Pixels
    recipe: StylizeRecipe


class UnsavedFinals(QObject):
    """Keeps the latest final render of each photo as a file until it is saved; a killed program loses none.

    What is written here is finished before the program ends.
    """

    found = Signal(object)
    """A list of :class:`UnsavedFinal`, from before this start."""

    def __init__(self, context: StudioContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = JobGroup(self, ordered=True)
        context.pictureSaved.connect(self._on_saved)
        self._kept: dict[Path, Recipe] = {}

    def find(self) -> None:
        """Look for what an earlier session left; ``found`` comes when there is something."""
        self._files.run(_left, lambda left: self.found.emit(left) if left else None, lambda _problem: None)

    def keep(self, image: _Pixels, recipe: StylizeRecipe) -> None:
        """Keep a picture in place of an earlier one of the same photo."""
        path = _place(recipe)
        self._kept[path] = recipe
        # A disk that is full is told of when the picture is saved.
        self._files.run(partial(_write, image, path, recipe), None, lambda _problem: None, must_finish=True)

    def forget(self, recipe: Recipe) -> None:
        """The picture of ``recipe`` is in safety, or not wanted any more."""
        if isinstance(recipe, StylizeRecipe):
            path = _place(recipe)
            if self._kept.get(path, recipe) == recipe:
                self._kept.pop(path, None)
                self._files.run(partial(_remove, path, recipe), must_finish=True)

    def close_files(self) -> None:
        """The window closes."""
        self._files.close()

    def _on_saved(self, picture: Picture) -> None:
        if picture.recipe is not None:
            self.forget(picture.recipe)


class UnsavedBar(QFrame):
    """Offers pictures of an earlier session one after the other."""

    saveWanted = Signal(object)
    """An :class:`UnsavedFinal` to be saved to the gallery."""
    showWanted = Signal(object)
    """An :class:`UnsavedFinal` to be shown, with its settings."""
    discarded = Signal(object)
    """An :class:`UnsavedFinal` that is not wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stylizer-bar")
        self._waiting: list[UnsavedFinal] = []
        self.thumbnail = Thumbnail(40, self)
        self.text = ElidingLabel()
        self.text.setMinimumWidth(1)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.more = QLabel()
        self.more.setProperty("muted", True)
        self.save_button = QPushButton(icon("save"), self.tr("Save it"))
        self.show_button = QPushButton(self.tr("Show it"))
        self.discard_button = QPushButton(self.tr("Discard"))
        for button, signal in (
            (self.save_button, self.saveWanted),
            (self.show_button, self.showWanted),
            (self.discard_button, self.discarded),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._take, signal.emit))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_S)
        row.setSpacing(SPACE_M)
        row.addWidget(self.thumbnail)
        row.addWidget(self.text, 1)
        for part in (self.more, self.discard_button, self.show_button, self.save_button):
            row.addWidget(part)
        self.hide()

    def offer(self, left: list[UnsavedFinal]) -> None:
        """Show what there is."""
        self._waiting = list(left)
        self._show()

    def _take(self, tell: object, _checked: bool = False) -> None:
        first = self._waiting.pop(0)
        self._show()
        tell(first)  # type: ignore[operator]

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if self._waiting:
            first = self._waiting[0]
            self.thumbnail.set_image(np.ascontiguousarray(first.image[..., :3]))
            name = recipe_name(first.recipe.content)
            self.text.setText(self.tr("Final render not saved: {name}").format(name=name))
            self.text.setToolTip(self.text.text())
            rest = len(self._waiting) - 1
            self.more.setText(self.tr("%n more", "", rest) if rest else "")


def _place(recipe: StylizeRecipe) -> Path:
    return recovery_dir() / f"{recipe_hash(recipe.content)[:24]}.png"


def _write(image: _Pixels, path: Path, recipe: StylizeRecipe) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_picture(image, path, recipe, packing=1, exists="replace")  # quitting waits for it


def _remove(path: Path, recipe: Recipe) -> None:
    """Remove a file if it is still the picture of ``recipe``: another window may have kept a newer one."""
    with contextlib.suppress(StudioError, OSError):
        if path.exists() and read_recipe(path) == recipe:
            path.unlink()


def _left() -> list[UnsavedFinal]:
    left = []
    for path in sorted(recovery_dir().glob("*.png")):
        if path.name.startswith("."):
            continue
        with contextlib.suppress(StudioError, OSError, ValueError, SyntaxError):  # damaged: nothing to offer
            recipe = read_recipe(path)
            if isinstance(recipe, StylizeRecipe):
                with Image.open(path) as picture:
                    mode = "RGBA" if picture.has_transparency_data else "RGB"
                    left.append(UnsavedFinal(path, np.array(picture.convert(mode)), recipe))
    return left
