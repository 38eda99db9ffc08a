"""The square of a photo that a network of square pictures sees, and shall draw."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from studio.base.fields import About
from studio.recipes.values import FileRef, Value

_Place = Annotated[float, Field(ge=-8, le=8, allow_inf_nan=False)]


class Square(Value):
    """A square of a photo, perhaps turned, which may reach beyond the photo.

    Attributes
    ----------
    x, y : its centre, in shares of the photo's width and height.
    side : in shares of the photo's shorter side.
    angle : in degrees, how far its upper edge is turned clockwise from that of the photo.
    """

    x: Annotated[_Place, About("Across")] = 0.5
    y: Annotated[_Place, About("Down")] = 0.5
    side: Annotated[float, Field(ge=0.001, le=16, allow_inf_nan=False), About("Side")] = 1.0
    angle: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False), About("Angle", unit="°")] = 0.0


class PhotoSquare(Value):
    """A square of a photo: what a latent was found for (the target of a projection)."""

    photo: Annotated[FileRef, About("Photo")]
    square: Annotated[Square, About("Square")] = Square()
