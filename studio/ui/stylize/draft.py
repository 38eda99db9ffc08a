"""What the Stylize room edits: a ``StylizeRecipe`` that may still lack its photo or its styles."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Literal

from studio.recipes import FileRef, Recipe, StyleUse, StylizeRecipe

Network = Literal["vgg16-hed", "vgg19"]
ColorTransfer = Literal["luminance", "linear", "histogram"]
Loss = Literal["wasserstein", "gram"]

QUICK_STEPS, GOOD_STEPS, BEST_STEPS = 120, 300, 800


@dataclass(frozen=True)
class Draft:
    """The fields of a ``StylizeRecipe``, with content and styles optional. Undo is a list of these."""

    content: Recipe | None = None
    styles: tuple[StyleUse, ...] = ()
    network: Network = "vgg16-hed"
    size: int = 512
    content_strength: float = 0.5
    style_strength: float = 1.0
    keep_colors: bool = False
    color_transfer: ColorTransfer = "luminance"
    loss: Loss = "wasserstein"
    detail: float = 0.0
    seamless: bool = False
    texture: bool = False
    mask: FileRef | None = None
    feather: float = 0.02
    steps: int = GOOD_STEPS
    seed: int = 0

    def subject(self) -> Recipe | None:
        """What gives the result its proportions: the photo, or for a texture without one the first style."""
        if self.content is None and self.texture and self.styles:
            return self.styles[0].source
        return self.content

    def recipe(self, method: Literal["preview", "optimise"]) -> StylizeRecipe | None:
        """The recipe for ``method``; None while the photo or all styles are missing."""
        content = self.subject()
        if content is None or not self.styles:
            return None
        same = {name: getattr(self, name) for name in _SETTINGS}
        return StylizeRecipe(content=content, styles=self.styles, method=method, **same)

    @classmethod
    def of(cls, recipe: StylizeRecipe) -> Draft:
        """The draft that gives ``recipe``."""
        return cls(content=recipe.content, styles=recipe.styles, **{name: getattr(recipe, name) for name in _SETTINGS})

    def with_style(self, source: Recipe) -> Draft:
        """With one more style, as strong as the strongest so far."""
        weight = max((use.weight for use in self.styles), default=1.0) or 1.0
        return replace(self, styles=(*self.styles, StyleUse(source=source, weight=weight)))


_SETTINGS = tuple(field.name for field in fields(Draft) if field.name not in ("content", "styles"))


def work_done(step: int, total: int, size: int) -> float:
    """Share of an optimisation's work behind ``step`` of ``total``, 0..1.

    Steps get dearer: the picture grows by sqrt(2) from 128 pixels on up to ``size``, each size has as many steps, and a
    step costs in proportion to the pixels.
    """
    if total <= 0:
        return 0.0
    sizes = max(1, 1 + math.floor(2 * math.log2(max(size, 128) / 127)))
    whole = 2.0**sizes - 1
    left, work = step / total * sizes, 0.0
    for index in range(sizes):
        part = min(left, 1.0)
        work += part * 2.0**index
        left -= part
    return min(1.0, work / whole)
