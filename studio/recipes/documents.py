"""The documents that hold recipes: pictures, films, journeys and batches. They share one count of versions.

========= ========================================================================================================
version   what came with it
========= ========================================================================================================
1         samples, photos, stylizations
2         masks, regions, ways to keep the colours, statistics, detail, seams and textures of stylizations, and
          what they begin with; films and batches, which counted from 1 then
3         directions of another basis, within a range of layers; journeys
4         easing of journeys; enlargements, repairs, cleaning; the process of stylizations: older ones stay with the
          first, and with the detail of 0 that was the default
5         samples of two networks as one; the photo, and its square, that a latent was found for
6         the nearest places of the styles, and the likeness of faces, of stylizations
7         the third process of stylizations, by which neighbouring places agree;
          repairs by models, and by networks of other programs; styles of each network's own in blends
8         the quality of enlargements
9         the second process of repairs: new canvas side by side, colours led over; older ones stay with the first;
          covers among the notes on a model
10        the second process of enlargements: agreement with the picture as far as it is clean; older ones stay with the
          first; the third process of repairs: new canvas strip by strip, transparent beside what is
11        the third process of enlargements: the order of several networks; older ones stay with the second
12        the fourth process of stylizations: styles as numbers that are the same on every processor
========= ========================================================================================================

A field says on itself since when it is there (:class:`~studio.base.fields.About`), and is at rest by default unless
an upgrade below says what it is in older documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from studio.base import Message, StudioError
from studio.base.documents import MAX_BYTES, DocumentError, DocumentFormat, Upgrades
from studio.base.files import artists_path
from studio.recipes.steps import Recipe, recipe_adapter

VERSION = 12


def _first_process(old: dict[str, Any]) -> dict[str, Any]:
    """A stylization with what was at rest, or had no other form, before version 4."""
    return {"detail": 0.0, **old, "process": 1}


def _by_statistics(old: dict[str, Any]) -> dict[str, Any]:
    """A stylization with what was the default before version 6."""
    return {"loss": "wasserstein", "faces": 0.0, **old}


def _first_repair(old: dict[str, Any]) -> dict[str, Any]:
    """A repair as all were before version 9."""
    return {**old, "process": 1}


def _first_enlarging(old: dict[str, Any]) -> dict[str, Any]:
    """An enlargement as all were before version 10."""
    return {**old, "enlarging": 1}


UPGRADES: Upgrades = {
    3: {"stylize": _first_process},
    5: {"stylize": _by_statistics},
    8: {"repair": _first_repair},
    9: {"enlarge": _first_enlarging},
}

__all__ = ["MAX_BYTES", "RECIPE", "VERSION", "ValueFormat", "dumps", "loads", "recipe_format"]

T = TypeVar("T")
_TOO_LARGE = Message("The recipe is too large to be one.")


def recipe_format(
    name: str,
    content: str,
    *,
    renumbered: Mapping[int, int] | None = None,
    bare: int | None = None,
    upgrades: Upgrades | None = None,
) -> DocumentFormat:
    """The format of documents that hold recipes; see :class:`DocumentFormat`. ``upgrades`` are those of its own."""
    own = upgrades or {}
    every = {version: {**UPGRADES.get(version, {}), **own.get(version, {})} for version in range(1, VERSION)}
    return DocumentFormat(name, content, VERSION, every, renumbered or {}, bare)


@dataclass(frozen=True)
class ValueFormat(Generic[T]):
    """The documents of one kind of value: reading and writing them, and what is said of those that are none.

    In what is said, ``{name}`` stands for the name of the file.

    Attributes
    ----------
    form : their envelope and versions.
    adapter : the value's type.
    damaged : what to do about a damaged one.
    other : what is raised for a text of another format.
    too_large : what is said of a file that is longer than any document.
    full : what is raised for a value whose document would be longer than one can be.
    """

    form: DocumentFormat
    adapter: TypeAdapter[T]
    damaged: Message
    other: StudioError
    too_large: Message = _TOO_LARGE
    full: StudioError | None = None

    @property
    def name(self) -> str:
        """The name in the envelope."""
        return self.form.name

    def dumps(self, value: T, *, indent: int | None = None) -> str:
        """The document of ``value``, as JSON; on one line without ``indent``."""
        return self.form.dumps(self.adapter.dump_python(value, mode="json", by_alias=True), indent=indent)

    def loads(self, text: str | bytes, name: str = "") -> T:
        """The value in a document of this or any older version; ``name`` is that of its file.

        Raises
        ------
        StudioError
            When it is none, damaged, or written by a newer Latent Studio.
        """
        damaged = _named(self.damaged, name)
        try:
            return self.adapter.validate_python(self.form.loads(text))
        except DocumentError as error:
            if error.fault == "size":
                raise StudioError(_TOO_LARGE, damaged) from error
            if error.fault == "text":
                raise StudioError(
                    Message("The recipe is damaged: it is no JSON text ({reason}).", reason=error), damaged
                ) from error
            if error.fault == "format":
                raise StudioError(_named(self.other.message, name), _named(self.other.action, name)) from error
            if error.fault == "version":
                raise StudioError("The recipe is damaged: it has no version.", damaged) from error
            if error.fault == "newer":
                newer = Message(
                    "The recipe was written by a newer Latent Studio "
                    "(version {version}; this one reads up to {newest}).",
                    version=error.version,
                    newest=self.form.version,
                )
                raise StudioError(newer, "Update Latent Studio to open it.") from error
            raise StudioError("The recipe is damaged.", damaged) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"][-4:]) or self.form.content
            raise StudioError(
                Message("The recipe is damaged at “{where}”: {reason}.", where=where, reason=first["msg"]), damaged
            ) from error
        except (RecursionError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise StudioError("The recipe is damaged.", damaged) from error

    def read(self, path: Path) -> T:
        """The value in a file.

        Raises
        ------
        StudioError
            When it is too large or cannot be read, or as :meth:`loads`.
        """
        try:
            if path.stat().st_size > MAX_BYTES:
                raise StudioError(_named(self.too_large, path.name), "Choose another file.")
            text = path.read_bytes()
        except OSError as error:
            raise StudioError(
                Message("{name} cannot be read: {reason}.", name=path.name, reason=error.strerror or error),
                "Check that the file is there and that you may read it.",
            ) from error
        return self.loads(text, path.name)

    def write(self, value: T, path: Path, *, overwrite: bool = True) -> None:
        """Write a file of ``value``, in the place of one that is there if ``overwrite`` says so.

        Raises
        ------
        StudioError
            When it would be too large to be read again, the name is taken, or it cannot be written.
        """
        data = self.dumps(value).encode()
        if len(data) > MAX_BYTES:
            raise StudioError(self.full.message, self.full.action) if self.full else StudioError(_TOO_LARGE)
        with artists_path(path, overwrite=overwrite) as temporary:
            temporary.write_bytes(data)


def _named(message: Message, name: str) -> Message:
    return Message(message.template, name=name) if name else message


RECIPE: ValueFormat[Recipe] = ValueFormat(
    recipe_format("latent-studio-recipe", "recipe"),
    recipe_adapter,
    damaged=Message("The recipe cannot be restored from it; the picture itself is not affected."),
    other=StudioError("This JSON text is not a recipe of Latent Studio.", "Choose a recipe or a picture made here."),
)


def dumps(recipe: Recipe) -> str:
    """The document of ``recipe``, as JSON on one line."""
    return RECIPE.dumps(recipe)


def loads(text: str | bytes) -> Recipe:
    """The recipe in a document of this or any older version. Raises as :meth:`ValueFormat.loads`."""
    return RECIPE.loads(text)
