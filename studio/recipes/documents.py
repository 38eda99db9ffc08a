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
========= ========================================================================================================

A field says on itself since when it is there (:class:`~studio.base.fields.About`), and is at rest by default unless
an upgrade below says what it is in older documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from studio.base import Message, StudioError
from studio.base.documents import MAX_BYTES, DocumentError, DocumentFormat, Upgrades
from studio.recipes.steps import Recipe, recipe_adapter

VERSION = 4


def _first_process(old: dict[str, Any]) -> dict[str, Any]:
    """A stylization with what was at rest, or had no other form, before version 4."""
    return {"detail": 0.0, **old, "process": 1}


UPGRADES: Upgrades = {3: {"stylize": _first_process}}

__all__ = ["MAX_BYTES", "RECIPE", "VERSION", "dumps", "loads", "open_document", "recipe_format"]

T = TypeVar("T")


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


RECIPE = recipe_format("latent-studio-recipe", "recipe")


def read_document(path: Path, *, too_large: Message) -> bytes:
    """The bytes of a document's file; ``too_large`` is raised for one that is longer than any document.

    Raises
    ------
    StudioError
        When it is too large, or cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudioError(too_large, "Choose another file.")
        return path.read_bytes()
    except OSError as error:
        raise StudioError(
            Message("{name} cannot be read: {reason}.", name=path.name, reason=error.strerror or error),
            "Check that the file is there and that you may read it.",
        ) from error


def open_document(
    text: str | bytes, form: DocumentFormat, adapter: TypeAdapter[T], *, damaged: Message, other: StudioError
) -> T:
    """The value in a document of this or any older version.

    ``damaged`` is what to do about a damaged one, ``other`` what is raised for a text of another format.

    Raises
    ------
    StudioError
    """
    try:
        return adapter.validate_python(form.loads(text))
    except DocumentError as error:
        if error.fault == "size":
            raise StudioError("The recipe is too large to be one.", damaged) from error
        if error.fault == "text":
            raise StudioError(
                Message("The recipe is damaged: it is no JSON text ({reason}).", reason=error), damaged
            ) from error
        if error.fault == "format":
            raise other from error
        if error.fault == "version":
            raise StudioError("The recipe is damaged: it has no version.", damaged) from error
        if error.fault == "newer":
            newer = Message(
                "The recipe was written by a newer Latent Studio (version {version}; this one reads up to {newest}).",
                version=error.version,
                newest=form.version,
            )
            raise StudioError(newer, "Update Latent Studio to open it.") from error
        raise StudioError("The recipe is damaged.", damaged) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][-4:]) or form.content
        raise StudioError(
            Message("The recipe is damaged at “{where}”: {reason}.", where=where, reason=first["msg"]), damaged
        ) from error
    except (RecursionError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StudioError("The recipe is damaged.", damaged) from error


def dumps(recipe: Recipe) -> str:
    """The document of ``recipe``, as JSON on one line."""
    return RECIPE.dumps(recipe.model_dump(mode="json"))


def loads(text: str | bytes) -> Recipe:
    """Read a document of this or any older version.

    Raises
    ------
    StudioError
        When it is no recipe, damaged, or written by a newer Latent Studio.
    """
    damaged = Message("The recipe cannot be restored from it; the picture itself is not affected.")
    other = StudioError("This JSON text is not a recipe of Latent Studio.", "Choose a recipe or a picture made here.")
    return open_document(text, RECIPE, recipe_adapter, damaged=damaged, other=other)
