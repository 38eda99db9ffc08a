"""The base of all recipe values: a frozen model that knows its children, and files by content."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from studio.base.fields import About, describe_fields

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class FileRole(StrEnum):
    """The use of a file: written into the annotation of a field; a field without one holds a picture.

    A model draws pictures and lies in the model library; a network changes them, and lies beside it.
    """

    PICTURE = "picture"
    MASK = "mask"
    MODEL = "model"
    NETWORK = "network"


class Value(BaseModel):
    """Base of all recipe values: frozen, and unknown fields are refused rather than dropped."""

    # Slots are neither copied, compared nor written: a changed copy starts without what was computed of the original.
    __slots__ = ("_canonical", "_hash")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    keeps_text: ClassVar[bool] = False
    """Whether its canonical JSON is kept although it may hold other values: for those with many numbers."""

    def children(self) -> Iterator[Value]:
        """The values in the fields of this one, in their order, files left out."""
        for name, _ in value_fields(type(self)):
            yield from (found for found in _values(getattr(self, name)) if not isinstance(found, FileRef))

    def files(self) -> Iterator[UsedFile]:
        """The files that the fields of this value name, without those of its children."""
        for name, role in value_fields(type(self)):
            for found in _values(getattr(self, name)):
                if isinstance(found, FileRef):
                    yield UsedFile(role, found)


class FileRef(Value):
    """A model or photo by content.

    ``hash`` is the SHA-256 of the file's bytes; ``name`` only helps a person to find the file again.
    """

    hash: Hash
    name: Annotated[str, Field(max_length=255), About("Name", hashed=False)] = ""


class UsedFile(NamedTuple):
    """A file, and what it is needed for."""

    role: FileRole
    ref: FileRef


@cache
def value_fields(kind: type[Value]) -> tuple[tuple[str, FileRole], ...]:
    """The fields of ``kind`` that may hold values, by their types, with the role of files in them."""
    return tuple(
        (name, next((entry for entry in field.metadata if isinstance(entry, FileRole)), FileRole.PICTURE))
        for name, field in describe_fields(kind).items()
        if _mentions_value(kind.model_fields[name].annotation)
    )


def _mentions_value(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return True
    return any(_mentions_value(part) for part in get_args(annotation))


def _values(held: object) -> Iterator[Value]:
    """The values in what a field holds: one, a tuple of them, or none."""
    if isinstance(held, Value):
        yield held
    elif isinstance(held, tuple):
        for part in held:
            yield from _values(part)
