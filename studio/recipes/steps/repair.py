"""The step that fills damaged or unwanted parts of a picture, and parts beyond its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.steps.step import Settings, Step
from studio.recipes.values import FileRef, FileRole, Seed, Share

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe

FillMethod = Literal["patches", "lines"]
EDGES = ("left", "right", "top", "bottom")
"""The fields that say how far the canvas goes on."""


class RepairSettings(Settings):
    """All controls of a repair, without the picture.

    Attributes
    ----------
    mask : grey picture, stretched over the picture: white is filled. None: nothing but what lies beyond the edges.
    method : "patches" takes matching patches from the rest of the picture (PatchMatch), "lines" goes on with the
        colours at the edge, which closes scratches and wires (Telea).
    seed : other seeds give other fillings.
    grow : the mask is made wider by so much first, in shares of the long side; it hides what was missed.
    feather : width of the soft edge around the mask, in shares of the long side.
    left, right, top, bottom : how much new canvas is filled there, in shares of the width or height.
    """

    mask: Annotated[FileRef, FileRole.MASK, About("Where")] | None = None
    method: Annotated[
        FillMethod,
        About(
            "Fill with",
            tip="Patches suit everything with texture; lines close scratches, wires and small spots.",
            choices={"patches": "Patches of the picture", "lines": "Lines from the edge"},
        ),
    ] = "patches"
    seed: Annotated[
        Seed,
        About(
            "Proposal",
            tip="Another number gives another filling; the same number gives the same.",
            shown_when=("method", ("patches",)),
        ),
    ] = 0
    grow: Annotated[
        float,
        Field(ge=0, le=0.1, allow_inf_nan=False),
        About("Grow", tip="Makes the mask wider first, in percent of the long side: it takes the edge along."),
    ] = 0.004
    feather: Annotated[
        float,
        Field(ge=0, le=0.1, allow_inf_nan=False),
        About("Feather", tip="Width of the soft edge, in percent of the long side."),
    ] = 0.004
    left: Annotated[Share, About("Left", tip="New canvas at the left, in percent of the width.", group="Canvas")] = 0.0
    right: Annotated[Share, About("Right", tip="New canvas at the right, in percent of the width.", group="Canvas")] = (
        0.0
    )
    top: Annotated[Share, About("Top", tip="New canvas at the top, in percent of the height.", group="Canvas")] = 0.0
    bottom: Annotated[
        Share, About("Bottom", tip="New canvas at the bottom, in percent of the height.", group="Canvas")
    ] = 0.0

    @property
    def does_something(self) -> bool:
        """True when there is anything to fill."""
        return self.mask is not None or any(getattr(self, edge) > 0 for edge in EDGES)

    def margins_for(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the pixels of new canvas (left, right, top, bottom) of a picture of ``width`` x ``height``."""
        return (
            round(self.left * width),
            round(self.right * width),
            round(self.top * height),
            round(self.bottom * height),
        )


class RepairRecipe(RepairSettings, Step):
    """A picture with parts of it filled anew."""

    kind: Literal["repair"] = "repair"
    content: Annotated[Recipe, About("Content")]

    @property
    def title(self) -> str:
        """The content, repaired."""
        return f"{self.content.title} repaired"
