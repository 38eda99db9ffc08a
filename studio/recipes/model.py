"""The recipe values.

Every value is frozen, hashable by content and free of anything but numbers and names: models and photos are referred
to by the SHA-256 of their files, so that a recipe means the same picture on every machine that has those files.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Value(BaseModel):
    """Base of all recipe values: frozen, and unknown fields are refused rather than dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRef(Value):
    """A model or photo by content.

    ``hash`` is the SHA-256 of the file's bytes; ``name`` only helps a person to find the file again.
    """

    hash: Hash
    name: Annotated[str, Field(max_length=255)] = ""


class LatentSeed(Value):
    """z drawn from a standard normal by ``torch.Generator().manual_seed(seed)`` on the CPU."""

    kind: Literal["seed"] = "seed"
    seed: Seed = 0


class LatentW(Value):
    """A w given directly: one vector for all layers, or one per layer (W+).

    ``values`` has shape (layers or 1, w_dim). Truncation is not applied to it again.
    """

    kind: Literal["w"] = "w"
    values: Annotated[tuple[tuple[Real, ...], ...], Field(min_length=1, max_length=64)]

    @model_validator(mode="after")
    def _rectangular(self) -> LatentW:
        if len({len(row) for row in self.values}) != 1 or not 1 <= len(self.values[0]) <= 8192:
            raise ValueError("the rows of w must all have the same length, 1 to 8192")
        return self


class LatentMix(Value):
    """Linear interpolation in w (in z, spherically, for networks without w): ``amount`` 0 is ``a``, 1 is ``b``."""

    kind: Literal["mix"] = "mix"
    a: Latent
    b: Latent
    amount: Real = 0.5


Latent = Annotated[LatentSeed | LatentW | LatentMix, Field(discriminator="kind")]


class DirectionMove(Value):
    """A move along a direction of the model: ``amount`` in standard deviations of w along it."""

    index: Annotated[int, Field(ge=0, lt=512)]
    amount: Real


class StyleMix(Value):
    """Style mixing: the layers named (0 is coarsest) take their w from ``latent``."""

    latent: Latent
    layers: Annotated[tuple[Annotated[int, Field(ge=0, lt=64)], ...], Field(min_length=1)]


class SampleRecipe(Value):
    """A picture drawn from a generator.

    Attributes
    ----------
    truncation : psi; 1 leaves w as it is, 0 gives the average picture. Used by networks with w only.
    truncation_cutoff : number of coarse layers that are truncated; None is all.
    noise : per-layer noise inputs: fixed buffers ("const"), drawn from ``noise_seed`` ("random") or "none".
    label : class index of a conditional network.
    """

    kind: Literal["sample"] = "sample"
    model: FileRef
    latent: Latent = LatentSeed()
    truncation: Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)] = 0.8
    truncation_cutoff: Annotated[int, Field(ge=0, le=64)] | None = None
    directions: tuple[DirectionMove, ...] = ()
    style_mix: tuple[StyleMix, ...] = ()
    noise: Literal["const", "random", "none"] = "const"
    noise_seed: Seed = 0
    noise_strength: Annotated[float, Field(ge=0, le=4, allow_inf_nan=False)] = 1.0
    label: Annotated[int, Field(ge=0)] | None = None


class PhotoRecipe(Value):
    """A photo as it is: rotated by its EXIF tag, in sRGB, scaled down to at most ``max_side`` pixels (None: as is).

    Transparency is kept, and comes back on pictures that are made from it.
    """

    kind: Literal["photo"] = "photo"
    photo: FileRef
    max_side: Annotated[int, Field(ge=1, le=32768)] | None = None


class StyleUse(Value):
    """One style in a blend. ``weight`` is relative to the other styles' weights; ``scale`` is its size in units of
    the content's long side.

    Masks are grey pictures, stretched over what they mask; white counts. ``region`` is where on the photo the style
    goes (None: wherever no region of another style is), ``part`` what of its own picture is the style (None: all).
    """

    source: Recipe
    weight: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    scale: Annotated[float, Field(gt=0, le=4, allow_inf_nan=False)] = 1.0
    region: FileRef | None = None
    part: FileRef | None = None


class StylizeRecipe(Value):
    """A picture restyled by a blend of styles.

    Attributes
    ----------
    method : "preview" is the feed-forward network, "optimise" the iterative optimisation of Gatys et al. and after.
    network : perceptual network of the optimisation.
    size : long side of the result in pixels.
    content_strength, style_strength : 0..1 sliders; see ``studio.stylization`` for the loss weights they stand for.
    keep_colors, color_transfer : whether the photo's colours are kept, and how: "luminance" restyles the brightness
        only, "linear" and "histogram" give the result the photo's palette.
    loss : the statistics that the optimisation matches, see ``studio.stylization.statistics``.
    detail : 0..1, how firmly the photo's edges and fine detail are kept.
    seamless : the result continues at its opposite edges; its sides are multiples of 16.
    texture : a picture of the styles alone; ``content`` gives no more than its proportions.
    mask : grey picture, stretched over the photo: white is restyled, black stays the photo. None: all is restyled.
    feather : softness of the edges of mask and regions, in shares of the long side.
    start : the picture that the optimisation begins with; None: the instant preview.
    steps : optimisation steps over all sizes.
    stop_after : the step at which the artist stopped a longer optimisation; None: it ran to its end.
    """

    kind: Literal["stylize"] = "stylize"
    content: Recipe
    styles: Annotated[tuple[StyleUse, ...], Field(min_length=1, max_length=64)]
    method: Literal["preview", "optimise"] = "preview"
    network: Literal["vgg16-hed", "vgg19"] = "vgg16-hed"
    size: Annotated[int, Field(ge=32, le=32768)] = 512
    content_strength: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.5
    style_strength: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    keep_colors: bool = False
    color_transfer: Literal["luminance", "linear", "histogram"] = "luminance"
    loss: Literal["wasserstein", "gram"] = "wasserstein"
    detail: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    seamless: bool = False
    texture: bool = False
    mask: FileRef | None = None
    feather: Annotated[float, Field(ge=0, le=0.25, allow_inf_nan=False)] = 0.02
    start: Recipe | None = None
    steps: Annotated[int, Field(ge=1, le=100_000)] = 300
    stop_after: Annotated[int, Field(ge=1, le=100_000)] | None = None
    seed: Seed = 0


Recipe = Annotated[SampleRecipe | PhotoRecipe | StylizeRecipe, Field(discriminator="kind")]

for _model in (LatentMix, StyleMix, SampleRecipe, StyleUse, StylizeRecipe):
    _model.model_rebuild()

recipe_adapter: TypeAdapter[Recipe] = TypeAdapter(Recipe)


_LATER: dict[str, dict[str, object]] = {
    "stylize": {
        name: StylizeRecipe.model_fields[name].default
        for name in ("color_transfer", "loss", "detail", "seamless", "texture", "mask", "feather", "start")
    },
    "style": {name: StyleUse.model_fields[name].default for name in ("region", "part")},
}
"""Fields that came after version 1, with their defaults, of stylizations and of the styles in them."""


def recipe_hash(recipe: BaseModel) -> str:
    """SHA-256 (hex) of the canonical JSON: equal for equal recipes, on every machine.

    Names of files are left out, since they change without changing the picture; and so are fields of later versions
    that are at their defaults, so that what was saved before keeps its hash, and with it its lineage.
    """

    def strip(node: object) -> object:
        if isinstance(node, dict):
            drop = "name" if node.keys() == {"hash", "name"} else None
            later = _LATER.get(str(node.get("kind")), _LATER["style"] if "source" in node else {})
            return {
                key: strip(value)
                for key, value in node.items()
                if key != drop and not (key in later and value == later[key])
            }
        if isinstance(node, list):
            return [strip(item) for item in node]
        return node

    data = strip(recipe.model_dump(mode="json"))
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
