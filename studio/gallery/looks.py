"""Looks: styles, weights and settings of a stylization under a name, to be used on any photo.

The folder is the truth: a look is one file in it, called as the look is, that can be copied, renamed and given away. It
is a ZIP file of ``look.json`` (a versioned document), ``preview.jpg`` and the pictures of its styles.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field, TypeAdapter

from studio.base import Message, StudioError
from studio.base.files import atomic_path, new_path
from studio.base.names import comparable
from studio.base.removable import RemovableFolder
from studio.base.trash import Trashed, move_to_trash_and_keep
from studio.gallery.sources import SourceStore, safe_name
from studio.recipes import FileRef, StyleUse, StylizeRecipe, StylizeSettings, pictures_in
from studio.recipes.documents import ValueFormat, recipe_format
from studio.recipes.embed import on_white
from studio.recipes.values import Value

LOOKS_FOLDER = "Looks"
"""The artist's looks, inside the gallery folder."""
LOOK_SUFFIX = ".look"
PREVIEW_SIDE = 256
MOST_BYTES = 128 * 2**20
"""A larger part of such a file is not believed."""
_DOCUMENT, _PREVIEW, _PICTURES = "look.json", "preview.jpg", "pictures/"
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)

OF_THE_PICTURE = ("method", "size", "mask", "feather")
"""Settings that belong to one picture, and to no look."""


class Look(Value):
    """Styles with their weights, and the settings of the stylization, without a photo.

    Attributes
    ----------
    styles : the blend. Regions belong to a photo: there are none.
    settings : as far as they are no matter of one picture (:data:`OF_THE_PICTURE`), which are at their defaults.
    """

    styles: Annotated[tuple[StyleUse, ...], Field(min_length=1, max_length=64)]
    settings: StylizeSettings = StylizeSettings()

    @classmethod
    def of(cls, styles: Sequence[StyleUse], settings: StylizeSettings) -> Look:
        """Return the look of a stylization."""
        kept = {name: getattr(settings, name) for name in StylizeSettings.model_fields if name not in OF_THE_PICTURE}
        return cls(
            styles=tuple(use.model_copy(update={"region": None}) for use in styles), settings=StylizeSettings(**kept)
        )

    def on(self, recipe: StylizeRecipe) -> StylizeRecipe:
        """Return ``recipe`` in this look; its photo, size, method and mask stay."""
        return recipe.model_copy(update={**self.changes(), "styles": self.styles, "start": None, "stop_after": None})

    def changes(self) -> dict[str, object]:
        """Return the settings that the look sets, by name."""
        return {name: value for name, value in dict(self.settings).items() if name not in OF_THE_PICTURE}


LOOK = ValueFormat(
    recipe_format("latent-studio-look", "look"),
    TypeAdapter(Look),
    damaged=Message("“{name}” is damaged: get the file again."),
    other=StudioError(Message("“{name}” is not a look of Latent Studio."), "Choose a .look file."),
)


@dataclass(frozen=True)
class SavedLook:
    """A look in the folder: ``name`` is that of its file, without the ending."""

    path: Path
    look: Look

    @property
    def name(self) -> str:
        """The name."""
        return self.path.stem


@dataclass(frozen=True)
class LookScan:
    """Everything in the folder: the looks by name, and the files that are none, each with the reason."""

    looks: tuple[SavedLook, ...]
    problems: tuple[StudioError, ...]


class LookLibrary:
    """The artist's looks. Every call looks at the files anew; not for the main thread.

    Parameters
    ----------
    folder : where they lie; made when the first is saved.
    sources : where the pictures of their styles are found and kept.
    """

    def __init__(self, folder: Path, sources: SourceStore) -> None:
        self.folder = folder
        self._gallery = RemovableFolder(folder.parent)
        self._sources = sources

    def scan(self) -> LookScan:
        """Look at all files."""
        looks, problems = [], []
        for path in sorted(self.folder.glob(f"*{LOOK_SUFFIX}"), key=lambda path: path.name.casefold()):
            if path.name.startswith("."):
                continue
            try:
                looks.append(SavedLook(path, read_look(path)))
            except StudioError as error:
                problems.append(error)
        return LookScan(tuple(looks), tuple(problems))

    def find(self, name: str) -> SavedLook:
        """The look called ``name``, in whatever case.

        Raises
        ------
        StudioError
            When there is none, naming the ones that come close.
        """
        looks = self.scan().looks
        wanted = comparable(name.strip().removesuffix(LOOK_SUFFIX)).casefold()
        for look in looks:
            if comparable(look.name).casefold() == wanted:
                return look
        close = difflib.get_close_matches(wanted, [look.name.casefold() for look in looks], 3, 0.5)
        shown = [look.name for look in looks if look.name.casefold() in close] or [look.name for look in looks[:8]]
        raise StudioError(
            Message("There is no look “{name}”.", name=name),
            Message("There are: {names}.", names=", ".join(f"“{each}”" for each in shown))
            if shown
            else Message("Save one in the Stylize room first."),
        )

    def save(self, name: str, look: Look, preview: NDArray[np.uint8] | None = None) -> SavedLook:
        """Save a look under a name, or the next free one like it.

        Parameters
        ----------
        preview : a picture in this look, uint8 (height, width, 3 or 4); it is kept small.

        Raises
        ------
        StudioError
            When a picture of its styles is missing, or the folder cannot be written.
        """
        pictures: dict[str, bytes] = {}
        for ref in pictures_in(look):
            path = self._sources.find(ref)
            if path is None:
                raise StudioError(
                    Message("The picture “{name}” of this look is missing.", name=ref.name or ref.hash[:12]),
                    "Drop it on the room once more, then save the look.",
                )
            pictures[_entry(ref)] = path.read_bytes()
        self._gallery.check()
        with (
            new_path(self.folder / _file_name(name), numbered=True) as taken,
            zipfile.ZipFile(taken.temporary, "w", zipfile.ZIP_STORED) as file,
        ):
            file.writestr(_DOCUMENT, LOOK.dumps(look, indent=1))
            if preview is not None:
                file.writestr(_PREVIEW, _small_jpeg(preview))
            for entry, data in pictures.items():
                file.writestr(entry, data)
        return SavedLook(taken.path, look)

    def rename(self, saved: SavedLook, name: str) -> SavedLook:
        """Give a look another name.

        Raises
        ------
        StudioError
            For an empty name or one that is taken, or when the file cannot be renamed.
        """
        if not name.strip():
            raise StudioError("A look needs a name.", "Type one.")
        target = self.folder / _file_name(name)
        if target.exists() and not target.samefile(saved.path):  # another case of letters is no other file
            raise StudioError(Message("There is a look “{name}” already.", name=target.stem), "Choose another name.")
        try:
            saved.path.rename(target)
        except OSError as error:
            raise _not_written(target, error) from error
        return SavedLook(target, saved.look)

    def trash(self, saved: SavedLook) -> Trashed | None:
        """Move a look to the system's trash; what is returned brings it back. Raises as :func:`move_to_trash`."""
        return move_to_trash_and_keep(saved.path)

    def add(self, path: Path) -> SavedLook:
        """Copy a look that came from elsewhere into the folder.

        Raises
        ------
        StudioError
            When it is no look, or the folder cannot be written.
        """
        look = read_look(path)
        self._gallery.check()
        with new_path(self.folder / _file_name(path.stem), numbered=True) as taken:
            shutil.copyfile(path, taken.temporary)
        return SavedLook(taken.path, look)

    def export(self, saved: SavedLook, path: Path) -> Path:
        """Write a look to a file of the artist's choice, which may be replaced; returns it."""
        path = path if path.suffix.lower() == LOOK_SUFFIX else path.with_name(path.name + LOOK_SUFFIX)
        with atomic_path(path) as temporary:
            shutil.copyfile(saved.path, temporary)
        return path

    def unpack(self, saved: SavedLook) -> Look:
        """Return the look, the pictures of its styles being kept among the sources from now on.

        Raises
        ------
        StudioError
            When one is missing, here and in the file.
        """
        with _opened(saved.path) as file:
            names = set(file.namelist())
            for ref in pictures_in(saved.look):
                if self._sources.find(ref) is not None:
                    continue
                data = _part(file, _entry(ref)) if _entry(ref) in names else b""
                if hashlib.sha256(data).hexdigest() != ref.hash:
                    raise StudioError(
                        Message(
                            "The look “{look}” lacks the picture “{name}”.", look=saved.name, name=ref.name or ref.hash
                        ),
                        "Get the file of the look again, or drop that picture on the room.",
                    )
                self._sources.add_bytes(data, ref.name or "style.jpg")
        return saved.look


def read_look(path: Path) -> Look:
    """The look in a file.

    Raises
    ------
    StudioError
        When it cannot be read, is damaged, something else, or of a newer version.
    """
    try:
        with _opened(path) as file:
            text = _part(file, _DOCUMENT)
    except KeyError as error:
        raise _no_look(path) from error
    look = LOOK.loads(text, path.name)
    return Look.of(look.styles, look.settings)


def look_preview(path: Path) -> NDArray[np.uint8] | None:
    """The small picture of a look, uint8 (height, width, 3); None when there is none."""
    try:
        with zipfile.ZipFile(path) as file, Image.open(io.BytesIO(_part(file, _PREVIEW))) as picture:
            picture.thumbnail((2 * PREVIEW_SIDE, 2 * PREVIEW_SIDE))
            return np.array(picture.convert("RGB"))
    except (*_DAMAGE, StudioError, Image.DecompressionBombError, SyntaxError):
        return None


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise StudioError(Message("“{name}” is not there.", name=path.name), "Check where the file is.") from error
    except _DAMAGE as error:
        raise _no_look(path) from error


def _no_look(path: Path) -> StudioError:
    return StudioError(Message("“{name}” is not a look of Latent Studio.", name=path.name), "Choose a .look file.")


def _part(file: zipfile.ZipFile, name: str) -> bytes:
    """A part of the file. KeyError when there is none; StudioError when it is damaged, or too large to be one."""
    damaged = StudioError(
        Message("“{name}” is damaged.", name=Path(file.filename or "").name), "Get the file of the look again."
    )
    if file.getinfo(name).file_size > MOST_BYTES:
        raise damaged
    try:
        with file.open(name) as part:
            data = part.read(MOST_BYTES + 1)
    except _DAMAGE as error:
        raise damaged from error
    if len(data) > MOST_BYTES:
        raise damaged
    return data


def _entry(ref: FileRef) -> str:
    return f"{_PICTURES}{ref.hash}{Path(ref.name).suffix.lower()[:6]}"


def _file_name(name: str) -> str:
    return safe_name((name.strip().removesuffix(LOOK_SUFFIX) or "Look") + LOOK_SUFFIX)


def _small_jpeg(image: NDArray[np.uint8]) -> bytes:
    picture = on_white(Image.fromarray(image))
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _not_written(path: Path, error: OSError) -> StudioError:
    return StudioError(
        Message("“{name}” cannot be written: {reason}.", name=path.name, reason=error.strerror or error),
        "Check the folder of the gallery.",
    )
