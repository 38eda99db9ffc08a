"""The step that restyles a picture by a blend of styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.steps.step import Settings, Step
from studio.recipes.values import FileRef, FileRole, Seed, Share, Value

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe

Method = Literal["preview", "refined", "optimise"]
PerceptualNetwork = Literal["vgg16-hed", "vgg19"]
ColorTransfer = Literal["luminance", "linear", "histogram"]
StyleLoss = Literal["nearest", "wasserstein", "gram"]
Process = Literal[1, 2, 3, 4]
NEWEST_PROCESS: Process = 4
REFINED_SIDE = 256
REFINED_STEPS = 18
"""Of the method "refined", over all sizes up to that long side; six to nine seconds on two slow cores."""


class StyleUse(Value):
    """One style in a blend. ``weight`` is relative to the other styles' weights; ``scale`` is its size in units of
    the content's long side.

    Masks are grey pictures, stretched over what they mask; white counts. ``region`` is where on the photo the style
    goes (None: wherever no region of another style is), ``part`` what of its own picture is the style (None: all).
    """

    source: Annotated[Recipe, About("Style")]
    weight: Annotated[
        Share,
        About("Weight", tip="How much of this style goes into the blend, relative to the others.", topic="blend"),
    ] = 1.0
    scale: Annotated[
        float,
        Field(gt=0, le=4, allow_inf_nan=False),
        About("Scale", tip="Size of the style's strokes: 2 makes them twice as large.", topic="brush-size"),
    ] = 1.0
    region: Annotated[FileRef, FileRole.MASK, About("Where", since=2, topic="masks")] | None = None
    part: Annotated[FileRef, FileRole.MASK, About("Part", since=2, topic="masks")] | None = None


class StylizeSettings(Settings):
    """All controls of a stylization, without the pictures it is made of.

    What is edited, rendered and stored extends or holds this value; no other place lists the controls.

    Attributes
    ----------
    method : "preview" is the feed-forward network, "optimise" the iterative optimisation of Gatys et al. and after,
        "refined" a few steps of that at a small size: seconds in place of minutes, near to what it will give.
    network : perceptual network of the optimisation.
    size : long side of the result in pixels.
    content_strength, style_strength : 0..1 sliders; see ``studio.stylization`` for the loss weights they stand for.
    keep_colors, color_transfer : whether the photo's colours are kept, and how: "luminance" restyles the brightness
        only, "linear" and "histogram" give the result the photo's palette.
    loss : what the optimisation matches: the nearest places (``studio.stylization.nearest``), or statistics
        (``studio.stylization.statistics``).
    faces : 0..1, how much more of the photo is kept in faces.
    detail : 0..1, how firmly the photo's edges and fine detail are kept.
    seamless : the result continues at its opposite edges; its sides are multiples of 16.
    texture : a picture of the styles alone; the content gives no more than its proportions.
    mask : grey picture, stretched over the photo: white is restyled, black stays the photo. None: all is restyled.
    feather : softness of the edges of mask and regions, in shares of the long side.
    steps : optimisation steps over all sizes.
    process : the version of the methods. Pictures of older documents are made by the one they were made with, so that
        they keep their pixels; new ones by the newest.
    """

    method: Annotated[Method, About("Method", topic="final-render")] = "preview"
    network: Annotated[
        PerceptualNetwork,
        About(
            "Judged by",
            tip="The network that judges content and style (VGG-16 or VGG-19); each sees textures a little differently",
            group="Final render",
            shown_when=("method", ("optimise",)),
            topic="vgg",
        ),
    ] = "vgg16-hed"
    size: Annotated[
        int, Field(ge=32, le=32768), About("Size", tip="Long side of the result in pixels", unit="px", group="Look")
    ] = 512
    content_strength: Annotated[
        Share,
        About(
            "Likeness to the photo",
            tip="How much of the photo's shapes stays (the weight of the content loss).",
            group="Look",
            shown_when=("texture", (False,)),
            topic="content",
        ),
    ] = 0.5
    style_strength: Annotated[
        Share,
        About(
            "Strength of the style",
            tip="How strongly it is restyled (the share of the styles' statistics); 0 is the photo itself.",
            group="Look",
            shown_when=("texture", (False,)),
            topic="style-strength",
        ),
    ] = 1.0
    keep_colors: Annotated[
        bool,
        About(
            "Keep the photo's colours",
            tip="Take brush strokes and brightness from the styles, colours from the photo.",
            group="Look",
            shown_when=("texture", (False,)),
            topic="keep-colors",
        ),
    ] = False
    color_transfer: Annotated[
        ColorTransfer,
        About(
            "How the colours are kept",
            group="Look",
            since=2,
            shown_when=(("texture", (False,)), ("keep_colors", (True,))),
            topic="keep-colors",
        ),
    ] = "luminance"
    loss: Annotated[
        StyleLoss,
        About(
            "Strokes",
            tip="What the final render compares with the styles: the most alike places, means and covariances of "
            "features, or Gram matrices",
            group="Advanced",
            since=2,
            rest="wasserstein",
            shown_when=("method", ("optimise",)),
            topic="statistics",
        ),
    ] = "nearest"
    faces: Annotated[
        Share,
        About(
            "Likeness of faces",
            tip="How much more of the photo stays in faces than elsewhere; seen a moment after the preview, and in the "
            "final render",
            group="Look",
            since=6,
            rest=0.0,
            shown_when=("texture", (False,)),
        ),
    ] = 0.5
    detail: Annotated[
        Share,
        About(
            "Fine detail",
            tip="How firmly the photo's edges and fine detail stay (a loss on its gradients).",
            group="Look",
            since=2,
            rest=0.0,
            shown_when=("texture", (False,)),
            topic="content",
        ),
    ] = 0.5
    seamless: Annotated[
        bool,
        About(
            "Seamless tile",
            tip="The result can be repeated side by side without a visible edge. Its sides are multiples of 16.",
            group="Advanced",
            since=2,
            topic="seamless",
        ),
    ] = False
    texture: Annotated[
        bool,
        About(
            "Texture only, no photo",
            tip="Paint with the styles alone; the photo gives no more than its proportions.",
            group="Advanced",
            since=2,
            topic="content",
        ),
    ] = False
    mask: Annotated[FileRef, FileRole.MASK, About("Where", group="Where", since=2, topic="masks")] | None = None
    feather: Annotated[
        float,
        Field(ge=0, le=0.25, allow_inf_nan=False),
        About(
            "Feather",
            tip="Softness of the edges of masks, in percent of the long side.",
            group="Where",
            since=2,
            topic="masks",
        ),
    ] = 0.02
    steps: Annotated[
        int,
        Field(ge=1, le=100_000),
        About(
            "Quality",
            tip="More steps take longer and come closer to the styles",
            group="Final render",
            shown_when=("method", ("optimise",)),
            topic="final-render",
        ),
    ] = 300
    seed: Annotated[
        Seed,
        About(
            "Seed",
            tip="Another seed gives other details; the same seed gives the same picture",
            group="Final render",
            topic="seed",
        ),
    ] = 0
    process: Annotated[Process, About(since=4, rest=1)] = NEWEST_PROCESS


class StylizeRecipe(StylizeSettings, Step):
    """A picture restyled by a blend of styles.

    Attributes
    ----------
    content : the picture that is restyled.
    styles : the blend.
    start : the picture that the optimisation begins with; None: the instant preview.
    stop_after : the step at which the artist stopped a longer optimisation; None: it ran to its end.
    """

    kind: Literal["stylize"] = "stylize"
    content: Annotated[Recipe, About("Content")]
    styles: Annotated[tuple[StyleUse, ...], Field(min_length=1, max_length=64), About("Styles")]
    start: Annotated[Recipe, About("Begin with", since=2)] | None = None
    stop_after: Annotated[int, Field(ge=1, le=100_000), About("Stopped after")] | None = None

    @property
    def shows_subject(self) -> bool:
        """A texture takes no more than its proportions from the content."""
        return not self.texture

    @property
    def title(self) -> str:
        """The content in the first style."""
        more = f" and {len(self.styles) - 1} more" if len(self.styles) > 1 else ""
        return f"{self.content.title} in {self.styles[0].source.title}{more}"

    def keywords(self) -> tuple[str, ...]:
        """The method."""
        return (self.method,)
