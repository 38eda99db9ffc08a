"""Descriptions of the fields of frozen values and settings, written once on the field itself.

A field is declared as ``Annotated[float, Field(ge=0, le=1), About("Strength", unit="%")] = 0.5``. Forms, command line
options, descriptions and hashes ask :func:`describe_field`; nothing repeats a range, default or label elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, cast, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

Condition: TypeAlias = tuple[str, tuple[object, ...] | type[bool]]
"""A field's name, and the values of it that are meant."""


DEFAULT = object()
"""Stands for the default of a field."""


@dataclass(frozen=True, slots=True)
class About:
    """The words of a field.

    Attributes
    ----------
    label : its name on a form, in English; translated in the context "Fields".
    tip : one or two sentences on what it does to the picture.
    unit : of its value ("px", "%", "s"); empty for plain numbers.
    group : heading that it stands under on a form; translated too, as are unit, labels of values and lowest.
    value_labels : the names of the values to choose from.
    lowest : what a field for numbers shows for its lowest value, or for None ("Automatic", "Off").
    step : what an arrow of such a field adds; 0 leaves it to the field.
    since : version of the document that has it first.
    rest : its value in older documents; the default unless that has changed, or never was theirs.
    shown_when : name and values of another field; the field matters only while that one has one of these. ``bool`` in
        place of the values: while that one is not zero. Several such pairs must all hold. See :func:`is_shown`.
    hashed : whether it is part of what the value is known by; names of files, which change freely, are not.
    topic : the word of the help that explains it; empty if its tip says enough.
    """

    label: str = ""
    tip: str = ""
    unit: str = ""
    group: str = ""
    since: int = 1
    rest: object = DEFAULT
    shown_when: Condition | tuple[Condition, ...] | None = None
    value_labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    lowest: str = ""
    step: float = 0
    hashed: bool = True
    topic: str = ""


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """All that is known of a field.

    Attributes
    ----------
    name : as in the class.
    kind : type of its value without ``None`` and annotations (``float``, ``int``, ``bool``, ``str``, a value class).
    optional : whether ``None`` is allowed.
    minimum, maximum : bounds of a number; None where there is none. A fraction's exclusive bound counts as the bound.
    values : the allowed values of a ``Literal``; else empty.
    default : its default; None also for fields that have none.
    required : whether there is no default.
    about : its words.
    metadata : everything it is annotated with.
    """

    name: str
    kind: Any
    optional: bool
    minimum: float | None
    maximum: float | None
    values: tuple[object, ...]
    default: Any
    required: bool
    about: About
    metadata: tuple[object, ...] = ()


def _peel(annotation: Any) -> tuple[Any, bool, list[object]]:
    """The plain type below ``Annotated`` and ``| None``, whether None is allowed, and the metadata met on the way."""
    optional, metadata = False, []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            metadata.extend(more)
        elif origin in (Union, UnionType):
            rest = [part for part in get_args(annotation) if part is not NoneType]
            optional = optional or len(rest) < len(get_args(annotation))
            if len(rest) != 1:
                return annotation, optional, metadata
            annotation = rest[0]
        else:
            return annotation, optional, metadata


@cache
def describe_fields(model: type[BaseModel]) -> Mapping[str, FieldDescription]:
    """Describe every field of ``model``, in their order."""
    found = {}
    for name, info in model.model_fields.items():
        kind, optional, inner = _peel(info.annotation)
        metadata: list[object] = []
        for entry in (*info.metadata, *inner):
            metadata.extend(getattr(entry, "metadata", None) or [entry])
        about = next((entry for entry in metadata if isinstance(entry, About)), About())
        step = 1 if kind is int else 0  # from an exclusive bound to the next value
        low = next(
            (
                entry.ge if isinstance(entry, Ge) else entry.gt + step  # type: ignore[operator]
                for entry in metadata
                if isinstance(entry, Ge | Gt)
            ),
            None,
        )
        high = next(
            (
                entry.le if isinstance(entry, Le) else entry.lt - step  # type: ignore[operator]
                for entry in metadata
                if isinstance(entry, Le | Lt)
            ),
            None,
        )
        values = get_args(kind) if get_origin(kind) is Literal else ()
        found[name] = FieldDescription(
            name=name,
            kind=kind,
            optional=optional,
            minimum=None if low is None else float(low),  # type: ignore[arg-type]
            maximum=None if high is None else float(high),  # type: ignore[arg-type]
            values=values,
            default=None if info.is_required() else info.get_default(call_default_factory=True),
            required=info.is_required(),
            about=about,
            metadata=tuple(metadata),
        )
    return found


def describe_field(model: type[BaseModel], name: str) -> FieldDescription:
    """Describe the field ``name`` of ``model``.

    Raises
    ------
    KeyError
        When there is no such field.
    """
    return describe_fields(model)[name]


def is_shown(model: type[BaseModel], name: str, values: Mapping[str, object]) -> bool:
    """Return whether the field ``name`` matters among ``values`` (by name) of a ``model``, by its ``shown_when``.

    Raises
    ------
    KeyError
        When there is no such field, or no value that it depends on.
    """
    when = describe_field(model, name).about.shown_when
    if when is None:
        return True
    conditions = cast("tuple[Condition, ...]", (when,) if isinstance(when[0], str) else when)
    return all(
        bool(values[other]) if isinstance(wanted, type) else values[other] in wanted for other, wanted in conditions
    )
