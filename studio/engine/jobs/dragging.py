"""Dragging points of a sample to where they shall be, with a picture after every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, Work
from studio.recipes import LatentW, SampleRecipe

if TYPE_CHECKING:
    from studio.engine.engine import Engine
    from studio.synthesis.dragging import DragStep

Point = tuple[float, float]


@dataclass(frozen=True)
class Dragged:
    """The state of a drag.

    Attributes
    ----------
    recipe : the picture as it is now, its W+ as numbers.
    handles : where the points are, (x, y) in pixels.
    distance : mean distance from their targets, in pixels.
    step : changes so far.
    outcome : as of :class:`studio.synthesis.dragging.DragStep`.
    """

    recipe: SampleRecipe
    handles: tuple[Point, ...]
    distance: float
    step: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class DragProgress(Progress):
    """A step of a drag, with what would be the result if it ended here."""

    state: Dragged | None = None


def drag_sample(
    engine: Engine,
    recipe: SampleRecipe,
    handles: Sequence[Point],
    targets: Sequence[Point],
    movable: NDArray[np.bool_] | None = None,
    *,
    steps: int | None = None,
) -> Work[Dragged]:
    """Drag points of a sample to their targets: yields :class:`DragProgress` with a preview, returns the nearest state.

    Parameters and errors as :func:`studio.synthesis.dragging.drag`; ``movable`` is bool (h, w).
    """
    import torch

    from studio.synthesis.dragging import MAX_STEPS, drag

    steps = MAX_STEPS if steps is None else steps
    space = engine.lasting_space(recipe)
    mask = None if movable is None else torch.from_numpy(movable)
    state: Dragged | None = None
    for step in drag(space, recipe, handles, targets, mask, steps=steps):
        state = _state(recipe, step)
        message = Message("Step {step}: {distance} px to go", step=step.step, distance=f"{step.distance:.1f}")
        preview = space.picture(step.code, recipe).numpy()
        yield DragProgress(step.step, steps, message, preview, state)
    assert state is not None
    return state


def doubtful_points(
    engine: Engine, recipe: SampleRecipe, handles: Sequence[Point], targets: Sequence[Point]
) -> tuple[int, ...]:
    """The numbers of the points, from 0, that nothing tells from what lies between them and their targets.

    Whether such a point has moved, neither a drag nor a person can say.
    """
    from studio.synthesis.patch_matching import is_distinct

    space = engine.space_of(recipe)
    picture = space.picture(space.recipe_code(recipe), recipe).numpy()
    pairs = enumerate(zip(handles, targets, strict=True))
    return tuple(number for number, (handle, target) in pairs if not is_distinct(picture, handle, target))


def _state(recipe: SampleRecipe, step: DragStep) -> Dragged:
    latent = LatentW(values=tuple(tuple(row) for row in step.code[0].tolist()))
    made = recipe.model_copy(update={"latent": latent, "directions": (), "style_mix": ()})
    return Dragged(made, step.handles, step.distance, step.step, step.outcome)
