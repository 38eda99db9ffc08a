"""The steps that finish pictures one after the other: for the frames of films, and for photos at their full depth.

The engine itself renders them at 8 bits and remembers what each step gives; that suits a window, but not a thousand
frames, nor files that shall keep their 16 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.base import Work, within
from studio.engine.memory import retried
from studio.engine.steps import make_renderers
from studio.engine.steps.photo import read_mask
from studio.engine.steps.registry import FinishingRenderer, RenderContext
from studio.media.working_picture import WorkingPicture, open_working
from studio.recipes import (
    EnlargeRecipe,
    FileRef,
    PhotoRecipe,
    Recipe,
)
from studio.recipes.embed import AnyPicture
from studio.recipes.steps import FinishingStep
from studio.recipes.tree import subjects
from studio.restoration.resampling import Picture

if TYPE_CHECKING:
    from studio.engine.engine import Engine


def finishing_steps(recipe: Recipe) -> tuple[list[FinishingStep], Recipe]:
    """The outermost steps of ``recipe`` that finish a picture, in the order they are done in, and what they are for."""
    steps: list[FinishingStep] = []
    for step in subjects(recipe):
        if not isinstance(step, FinishingStep):
            return steps[::-1], step
        steps.append(step)
    raise AssertionError("every recipe begins with a picture")


class Finisher:
    """Does steps to pictures of 8 or 16 bits; keeps networks and masks from one picture to the next."""

    def __init__(self, context: RenderContext) -> None:
        self._context = context
        made = make_renderers()
        self._renderers = {kind: one for kind, one in made.items() if isinstance(one, FinishingRenderer)}
        self._masks: dict[FileRef, NDArray[np.float32] | None] = {}

    def mask(self, ref: FileRef | None) -> NDArray[np.float32] | None:
        """The mask of a repair. Raises as :func:`read_mask`."""
        if ref is None:
            return None
        if ref not in self._masks:
            self._masks[ref] = read_mask(ref, self._context.sources)
        return self._masks[ref]

    def done(self, step: FinishingStep, picture: Picture) -> Work[Picture]:
        """``picture``, uint8 or uint16 (h, w, 3 or 4), after ``step``. Raises as its renderer."""
        return self._renderers[step.kind].changed(step, picture, self._context)


def finished_picture(engine: Engine, recipe: Recipe) -> Work[AnyPicture]:
    """The picture of ``recipe``; of 16 bits where it is a photo that has more than 8 and was finished only.

    Raises as :meth:`studio.engine.Engine.render`.
    """
    steps, content = finishing_steps(recipe)
    path = engine.sources.find(content.photo) if isinstance(content, PhotoRecipe) and not content.max_side else None
    photo = None if path is None else open_working(path)
    # One progress for all: of the steps, enlarging takes longest.
    costs = [1.0 if isinstance(step, EnlargeRecipe) else 0.25 for step in steps]
    if photo is None:
        costs.insert(0, 0.25 if content.opened_photo is not None else 1.0)
    shares = [sum(costs[:number]) / max(0.25, sum(costs)) for number in range(len(costs) + 1)]
    if photo is None:
        for number, part in enumerate([content, *steps]):
            made = yield from within(engine.render(part), shares[number], shares[number + 1])
        return made.image
    finisher = Finisher(engine)

    def work(picture: WorkingPicture) -> Work[WorkingPicture]:
        pixels: NDArray[Any] = picture.pixels
        if pixels.shape[2] == 4 and pixels[..., 3].min() == 65535:
            pixels = np.ascontiguousarray(pixels[..., :3])
        for number, step in enumerate(steps):
            pixels = yield from within(finisher.done(step, pixels), shares[number], shares[number + 1])
        return picture.with_pixels(pixels)

    return (yield from retried(lambda: work(photo), engine))
