"""What the Stylize room edits: a ``StylizeRecipe`` that may still lack its photo or its styles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from studio.recipes import Recipe, StyleUse, StylizeRecipe

Network = Literal["vgg16-hed", "vgg19"]

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
    steps: int = GOOD_STEPS
    seed: int = 0

    def recipe(self, method: Literal["preview", "optimise"]) -> StylizeRecipe | None:
        """The recipe for ``method``; None while the photo or all styles are missing."""
        if self.content is None or not self.styles:
            return None
        return StylizeRecipe(
            content=self.content,
            styles=self.styles,
            method=method,
            network=self.network,
            size=self.size,
            content_strength=self.content_strength,
            style_strength=self.style_strength,
            keep_colors=self.keep_colors,
            steps=self.steps,
            seed=self.seed,
        )

    @classmethod
    def of(cls, recipe: StylizeRecipe) -> Draft:
        """The draft that gives ``recipe``."""
        return cls(
            content=recipe.content,
            styles=recipe.styles,
            network=recipe.network,
            size=recipe.size,
            content_strength=recipe.content_strength,
            style_strength=recipe.style_strength,
            keep_colors=recipe.keep_colors,
            steps=recipe.steps,
            seed=recipe.seed,
        )

    def with_style(self, source: Recipe) -> Draft:
        """With one more style, as strong as the strongest so far."""
        weight = max((use.weight for use in self.styles), default=1.0) or 1.0
        return replace(self, styles=(*self.styles, StyleUse(source=source, weight=weight)))


def work_done(step: int, total: int, size: int) -> float:
    """Share of an optimisation's work behind ``step`` of ``total``, 0..1.

    Steps get dearer: the picture grows by sqrt(2) from 128 pixels on up to ``size``, each size has sqrt(2) times fewer
    steps than the one before, and a step costs in proportion to the pixels.
    """
    if total <= 0:
        return 0.0
    sizes = max(1, 1 + math.floor(2 * math.log2(max(size, 128) / 127)))
    root = math.sqrt(2)
    whole = sum(root**index for index in range(sizes))
    steps_whole = sum(root**-index for index in range(sizes))
    left, work = step / total * steps_whole, 0.0
    for index in range(sizes):
        part = min(left, root**-index)
        work += part * root ** (2 * index)
        left -= part
    return min(1.0, work / whole)
