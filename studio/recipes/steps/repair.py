"""The step that fills damaged or unwanted parts of a picture, and parts beyond its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.steps.step import Settings, Step
from studio.recipes.values import FileRef, FileRole, Seed, Share

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe

FillMethod = Literal["patches", "lines", "generator", "network"]
PROPOSING: tuple[FillMethod, ...] = ("patches", "generator")
"""Methods that give other fillings for other seeds."""
NETWORK_METHODS: tuple[FillMethod, ...] = ("generator", "network")
"""Methods that take a while."""
RepairProcess = Literal[1, 2, 3]
NEWEST_REPAIR: RepairProcess = 3
EDGES = ("left", "right", "top", "bottom")
"""The fields that say how far the canvas goes on."""


class RepairSettings(Settings):
    """All controls of a repair, without the picture.

    Attributes
    ----------
    mask : grey picture, stretched over the picture: white is filled. None: nothing but what lies beyond the edges.
    method : "patches" takes matching patches from the rest of the picture (PatchMatch), "lines" goes on with the
        colours at the edge, which closes scratches and wires (Telea); "generator" draws what a model knows to belong
        there, "network" asks a network of another program that was made for filling.
    model, steps : the model of "generator", and how many pictures it tries on its way to the one that fits.
    inpainter : the network for "network".
    seed : other seeds give other fillings.
    grow : the mask is made wider by so much first, in shares of the long side; it hides what was missed.
    feather : width of the soft edge around the mask, in shares of the long side.
    left, right, top, bottom : how much new canvas is filled there, in shares of the width or height.
    process : the version of the methods. Repairs of older documents are made by the one they were made with, so that
        they look as they did.
    """

    mask: Annotated[FileRef, FileRole.MASK, About("Where", topic="masks")] | None = None
    method: Annotated[
        FillMethod,
        About(
            "Fill with",
            tip="Patches suit everything with texture; lines close scratches, wires and small spots; a model suits "
            "pictures of its kind.",
            value_labels={
                "patches": "Patches of the picture",
                "lines": "Lines from the edge",
                "generator": "What a model knows",
                "network": "A network for filling",
            },
            topic="repair",
        ),
    ] = "patches"
    model: (
        Annotated[
            FileRef,
            FileRole.MODEL,
            About(
                "Model",
                tip="It looks for the picture that agrees with all that is not painted, and takes the rest from it.",
                shown_when=("method", ("generator",)),
                since=7,
                topic="repair",
            ),
        ]
        | None
    ) = None
    steps: Annotated[
        int,
        Field(ge=20, le=2000),
        About(
            "Steps",
            tip="More steps come nearer to what is around, and take longer.",
            shown_when=("method", ("generator",)),
            since=7,
            topic="repair",
        ),
    ] = 150
    inpainter: (
        Annotated[
            FileRef,
            FileRole.NETWORK,
            About(
                "Network",
                tip="A network file of another program, made for filling: LaMa, for example.",
                shown_when=("method", ("network",)),
                since=7,
                topic="repair",
            ),
        ]
        | None
    ) = None
    seed: Annotated[
        Seed,
        About(
            "Proposal",
            tip="Another number gives another filling; the same number gives the same.",
            shown_when=("method", PROPOSING),
            topic="repair",
        ),
    ] = 0
    grow: Annotated[
        float,
        Field(ge=0, le=0.1, allow_inf_nan=False),
        About(
            "Grow",
            tip="Makes the mask wider first, in percent of the long side: it takes the edge along.",
            topic="masks",
        ),
    ] = 0.004
    feather: Annotated[
        float,
        Field(ge=0, le=0.1, allow_inf_nan=False),
        About("Feather", tip="Width of the soft edge, in percent of the long side.", topic="masks"),
    ] = 0.004
    left: Annotated[Share, About("Left", tip="New canvas at the left, in percent of the width.", group="Canvas")] = 0.0
    right: Annotated[Share, About("Right", tip="New canvas at the right, in percent of the width.", group="Canvas")] = (
        0.0
    )
    top: Annotated[Share, About("Top", tip="New canvas at the top, in percent of the height.", group="Canvas")] = 0.0
    bottom: Annotated[
        Share, About("Bottom", tip="New canvas at the bottom, in percent of the height.", group="Canvas")
    ] = 0.0

    process: Annotated[RepairProcess, About(since=9, rest=1)] = NEWEST_REPAIR

    @property
    def does_something(self) -> bool:
        """True when there is anything to fill."""
        return self.mask is not None or any(getattr(self, edge) > 0 for edge in EDGES)

    @property
    def lacks_network(self) -> bool:
        """True when the model or network that the method needs is still to be chosen."""
        return (self.method == "generator" and self.model is None) or (
            self.method == "network" and self.inpainter is None
        )

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

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) in pixels of the result for a picture of ``width`` x ``height``."""
        left, right, top, bottom = self.margins_for(width, height)
        return width + left + right, height + top + bottom

    def keywords(self) -> tuple[str, ...]:
        """The model or network that filled it."""
        used = {"generator": self.model, "network": self.inpainter}.get(self.method)
        return () if used is None else (used.name,)
