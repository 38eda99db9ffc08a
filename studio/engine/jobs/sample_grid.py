"""Many samples, one after the other, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, Work
from studio.recipes import SampleRecipe

if TYPE_CHECKING:
    from studio.engine.engine import Engine


def draw_samples(engine: Engine, recipes: Sequence[SampleRecipe]) -> Work[list[NDArray[np.uint8]]]:
    """The pictures of ``recipes``, uint8 (h, w, 3) each; one yield a picture, which it carries as preview."""
    pictures = []
    for number, recipe in enumerate(recipes):
        rendered = yield from engine.render(recipe)
        pictures.append(rendered.image)
        yield Progress(number + 1, len(recipes), Message("Drawing samples"), rendered.image)
    return pictures
