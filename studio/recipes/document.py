"""The JSON document of a recipe: format name, version, recipe. Older versions are upgraded step by step."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from studio.base import Message, StudioError
from studio.recipes.steps import Recipe, recipe_adapter

FORMAT = "latent-studio-recipe"
VERSION = 2
MAX_BYTES = 16 * 2**20

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda recipe: recipe,  # masks, regions and other controls of stylizing came with version 2; none is the default
}
"""``UPGRADES[n]`` turns the recipe of a version n document into that of version n + 1."""


def dumps(recipe: Recipe) -> str:
    """The document of ``recipe``, as JSON on one line."""
    document = {"format": FORMAT, "version": VERSION, "recipe": recipe.model_dump(mode="json")}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def open_document(
    text: str | bytes, form: str, newest: int, *, damaged: Message, other: StudioError
) -> tuple[int, dict[str, Any]]:
    """The version (1 to ``newest``) and the content of a document of the format ``form``.

    ``damaged`` is what to say about a damaged one, ``other`` what is raised for a text of another format.

    Raises
    ------
    StudioError
    """
    if len(text) > MAX_BYTES:
        raise StudioError("The recipe is too large to be one.", damaged)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError(
            Message("The recipe is damaged: it is no JSON text ({reason}).", reason=error), damaged
        ) from error
    if not isinstance(document, dict) or document.get("format") != form:
        raise other
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StudioError("The recipe is damaged: it has no version.", damaged)
    if version > newest:
        raise StudioError(
            Message(
                "The recipe was written by a newer Latent Studio (version {version}; this one reads up to {newest}).",
                version=version,
                newest=newest,
            ),
            "Update Latent Studio to open it.",
        )
    return version, document


def loads(text: str | bytes) -> Recipe:
    """Read a document of this or any older version.

    Raises
    ------
    StudioError
        When it is no recipe, damaged, or written by a newer Latent Studio.
    """
    damaged = Message("The recipe cannot be restored from it; the picture itself is not affected.")
    other = StudioError("This JSON text is not a recipe of Latent Studio.", "Choose a recipe or a picture made here.")
    version, document = open_document(text, FORMAT, VERSION, damaged=damaged, other=other)
    recipe: Any = document.get("recipe")
    try:
        for old in range(version, VERSION):
            recipe = UPGRADES[old](recipe)
        return recipe_adapter.validate_python(recipe)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][-4:]) or "recipe"
        raise StudioError(
            Message("The recipe is damaged at “{where}”: {reason}.", where=where, reason=first["msg"]), damaged
        ) from error
    except (RecursionError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StudioError("The recipe is damaged.", damaged) from error
