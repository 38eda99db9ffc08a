"""What all recipe values are made of: a frozen base, and files by content."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from studio.base.fields import About

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Value(BaseModel):
    """Base of all recipe values: frozen, and unknown fields are refused rather than dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRef(Value):
    """A model or photo by content.

    ``hash`` is the SHA-256 of the file's bytes; ``name`` only helps a person to find the file again.
    """

    hash: Hash
    name: Annotated[str, Field(max_length=255), About("Name", hashed=False)] = ""
