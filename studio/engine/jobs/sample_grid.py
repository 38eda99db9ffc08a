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


def draw_samples(
    engine: Engine, recipes: Sequence[SampleRecipe], *, max_side: int | None = None
) -> Work[list[NDArray[np.uint8]]]:
    """The pictures of ``recipes``, uint8 (h, w, 3 or 4) each; one yield a picture, which it carries as preview.

    Parameters
    ----------
    max_side : the most pixels of a side; None: as large as they are.
    """
    pictures = []
    for number, recipe in enumerate(recipes):
        rendered = yield from engine.render(recipe, max_side=max_side)
        pictures.append(rendered.image)
        yield Progress(number + 1, len(recipes), Message("Drawing samples"), rendered.image)
    return pictures
