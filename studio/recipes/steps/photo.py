"""The step that opens a photo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.steps.step import Step
from studio.recipes.values import FileRef


class PhotoRecipe(Step):
    """A photo as it is: rotated by its EXIF tag, in sRGB, scaled down to at most ``max_side`` pixels (None: as is).

    Transparency is kept, and comes back on pictures that are made from it.
    """

    kind: Literal["photo"] = "photo"
    photo: Annotated[FileRef, About("Photo")]
    max_side: Annotated[int, Field(ge=1, le=32768), About("Size", unit="px")] | None = None

    @property
    def opened_photo(self) -> FileRef:
        """The photo."""
        return self.photo

    @property
    def title(self) -> str:
        """The file's name without its ending."""
        return Path(self.photo.name).stem[:40] or "photo"

    def keywords(self) -> tuple[str, ...]:
        """The file's name."""
        return (self.photo.name,)
