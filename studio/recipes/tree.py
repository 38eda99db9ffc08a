"""Recipes as trees: walking them, the files in them, the photo behind a picture, and the hash.

All of it follows from the fields of the values (:meth:`Value.children`, :meth:`Value.files` and what
:class:`~studio.base.fields.About` says); nothing here knows a certain step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from studio.base.fields import DEFAULT, describe_fields
from studio.recipes.steps.photo import PhotoRecipe
from studio.recipes.steps.step import Step
from studio.recipes.values import FileRef, FileRole, UsedFile, Value, value_fields

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe

S = TypeVar("S", bound=Step)


def walk(value: Value) -> Iterator[Value]:
    """``value`` and all values in it, files left out: every one before what it holds."""
    yield value
    for child in value.children():
        yield from walk(child)


def steps_in(value: Value) -> Iterator[Recipe]:
    """The steps nested in ``value``, outer ones first, without itself."""
    for child in value.children():
        yield from (cast("Recipe", found) for found in walk(child) if isinstance(found, Step))


def files_in(value: Value) -> Iterator[UsedFile]:
    """Every file that ``value`` needs, at any depth, as often as it is named."""
    for found in walk(value):
        yield from found.files()


def pictures_in(value: Value) -> Iterator[FileRef]:
    """The photos and masks that ``value`` needs, at any depth; these are kept in the store of sources."""
    return (ref for role, ref in files_in(value) if role in (FileRole.PICTURE, FileRole.MASK))


def subjects(recipe: Recipe) -> Iterator[Recipe]:
    """``recipe``, the step whose picture it changes, and so on to the one that makes a picture by itself."""
    step: Recipe | None = recipe
    while step is not None:
        yield step
        step = step.subject


def subjects_of(recipe: Recipe, kind: type[S]) -> Iterator[S]:
    """Those of :func:`subjects` that are of ``kind``."""
    return (step for step in subjects(recipe) if isinstance(step, kind))


def photo_behind(recipe: Recipe) -> PhotoRecipe | None:
    """The photo that ``recipe`` changes, however many steps lie between; None for a picture of a generator."""
    *_, last = subjects(recipe)
    return last if isinstance(last, PhotoRecipe) else None


def photo_shown(recipe: Recipe) -> PhotoRecipe | None:
    """As :func:`photo_behind`, None also when a step keeps nothing of what it is made from."""
    return photo_behind(recipe) if all(step.shows_subject for step in subjects(recipe)) else None


def on_photo(recipe: Recipe, photo: PhotoRecipe) -> Recipe:
    """``recipe`` with ``photo`` in place of the picture that its innermost step changes."""
    subject = recipe.subject
    if subject is None:
        return photo
    return recipe.model_copy(update={"content": on_photo(subject, photo)})


# ---- the hash


def recipe_hash(value: Value) -> str:
    """SHA-256 (hex) of the canonical JSON: equal for equal recipes, on every machine. Computed once a value.

    Names of files are left out, since they change without changing the picture; and so are fields of later versions
    that are at rest, so that what was saved before keeps its hash, and with it its lineage.
    """
    try:
        return cast("str", object.__getattribute__(value, "_hash"))
    except AttributeError:
        digest = hashlib.sha256(_canonical(value).encode()).hexdigest()
        object.__setattr__(value, "_hash", digest)
        return digest


@cache
def _hashed_fields(kind: type[Value]) -> tuple[tuple[str, str, bool, object], ...]:
    """Of the fields that count: name, what documents call it as JSON, whether it is left out at rest, that value."""
    described = {
        kind.model_fields[name].serialization_alias or name: field for name, field in describe_fields(kind).items()
    }
    return tuple(
        (
            field.name,
            json.dumps(key),
            field.about.since > 1,
            field.default if field.about.rest is DEFAULT else field.about.rest,
        )
        for key, field in sorted(described.items())
        if field.about.hashed
    )


def _canonical(value: Value) -> str:
    """The canonical JSON of a value.

    A latent given by its numbers is most of a recipe's text and stays while everything around it is edited: the text of
    values that hold no others is kept.
    """
    try:
        return cast("str", object.__getattribute__(value, "_canonical"))
    except AttributeError:
        pass
    shown = []
    for name, key, later, rest in _hashed_fields(type(value)):
        held = getattr(value, name)
        if not (later and held == rest):
            shown.append(f"{key}:{_canonical_part(held)}")
    text = f"{{{','.join(shown)}}}"
    if value.keeps_text or not value_fields(type(value)):
        object.__setattr__(value, "_canonical", text)
    return text


def _canonical_part(held: object) -> str:
    """The canonical JSON of what a field holds."""
    if isinstance(held, Value):
        return _canonical(held)
    if isinstance(held, tuple) and held and isinstance(held[0], Value):
        return f"[{','.join(map(_canonical_part, held))}]"
    return json.dumps(held, separators=(",", ":"), ensure_ascii=False)
