"""A stylization at print size in two ways, optimised there or optimised smaller and enlarged: a part of both."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, Work
from studio.engine.memory import retried
from studio.engine.steps.enlarge import EnlargeRenderer
from studio.engine.steps.photo import read_mask
from studio.engine.steps.stylize import style_inputs
from studio.recipes import EnlargeSettings, StylizeRecipe, StylizeSettings
from studio.restoration.enlarge import enlarge
from studio.restoration.resampling import resampled
from studio.stylization.optimise import optimise
from studio.stylization.transparency import split, thick_enough

if TYPE_CHECKING:
    from studio.engine.engine import Engine

Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""left, top, right, bottom in shares of the picture."""

PART = 288
"""Side of the part that is shown, in pixels of the print."""
LEAST = 256
"""Side of what is optimised, in pixels: of less the coarse strokes would be others than in the whole."""
OPTIMISED, ENLARGED = Message("Optimising at print size"), Message("Optimising smaller, then enlarging")


@dataclass(frozen=True)
class PartInTwoWays:
    """A part of a print, uint8 (h, w, 3) both.

    Attributes
    ----------
    optimised, enlarged : the two ways.
    enlarging : seconds that enlarging took for a megapixel of what was enlarged.
    """

    optimised: Picture
    enlarged: Picture
    enlarging: float


def sides_for(factor: int) -> tuple[int, int]:
    """Return the sides in pixels of what is optimised for the part: at print size, and ``factor`` times smaller."""
    return PART + PART // 3, max(LEAST, PART // factor)


def part_in_two_ways(
    engine: Engine, recipe: StylizeRecipe, factor: int, middle: tuple[float, float] = (0.5, 0.5)
) -> Work[PartInTwoWays]:
    """A part of the print that is ``factor`` times as large as ``recipe``; ``middle`` in shares of the picture.

    Each is optimised with some of its surroundings, which are cut off after. Yields progress, with the part in the way
    that its message names as the preview.

    Raises
    ------
    StudioError
        As :meth:`studio.engine.Engine.render`.
    """
    large = recipe.size * factor
    whole, less = sides_for(factor)
    content, _ = split((yield from engine.picture(recipe.content)))
    one = yield from _optimised(engine, recipe, content, large, whole, middle, OPTIMISED)
    small = yield from _optimised(engine, recipe, content, recipe.size, less, middle, ENLARGED)
    renderer = EnlargeRenderer()
    settings = EnlargeSettings(factor=float(factor))
    enlarger, scales = yield from renderer.networks(settings, engine)
    began = time.perf_counter()
    other = yield from enlarge(small, settings, enlarger, scales, device=engine.device)
    seconds = (time.perf_counter() - began) / (small.shape[0] * small.shape[1] / 1e6)
    other = _middle_of(other, PART)
    yield Progress(1, 1, ENLARGED, other)
    return PartInTwoWays(_middle_of(one, PART), other, seconds)


def _optimised(
    engine: Engine,
    recipe: StylizeRecipe,
    content: Picture,
    size: int,
    side: int,
    middle: tuple[float, float],
    doing: Message,
) -> Work[Picture]:
    """A square of ``side`` pixels of the picture of ``recipe`` at a long side of ``size``, about ``middle``."""
    side = min(side, size)  # a print that is smaller than its part is shown as a whole
    box = _box(content.shape[:2], side / size, middle)
    part = thick_enough(_cut(content, box))
    share = side / size
    high, wide = (max(8, round(length * side / max(part.shape[:2]))) for length in part.shape[:2])
    part = resampled(part, high, wide)
    styles = yield from style_inputs(recipe.styles, size, engine)
    # A style is as large in relation to the whole photo; the part is smaller.
    styles = [
        replace(style, scale=style.scale / share, region=None if style.region is None else _cut(style.region, box))
        for style in styles
    ]
    mask = read_mask(recipe.mask, engine.sources)
    settings = StylizeSettings.within(recipe).model_copy(update={"size": max(high, wide)})
    extractor = yield from engine.perceptual_network(recipe.network)
    faces = (yield from engine.face_map(part)) if recipe.faces > 0 else None

    def work() -> Work[Picture]:
        cut = None if mask is None else _cut(mask, box)
        return optimise(part, styles, settings, extractor=extractor, mask=cut, faces=faces, device=engine.device)

    running = retried(work, engine)
    while True:
        try:
            progress = next(running)
        except StopIteration as stop:
            made: Picture = stop.value
            return made
        shown = None if progress.preview is None else _middle_of(progress.preview, PART)
        yield replace(progress, message=doing, preview=shown)


def _box(shape: Sequence[int], share: float, middle: tuple[float, float]) -> Box:
    """A square of ``share`` of the long side about ``middle``, moved so that it lies within a picture of ``shape``."""
    long = max(shape[:2])
    found: list[tuple[float, float]] = []
    for at, length in zip(middle, (shape[1], shape[0]), strict=True):
        wide = min(1.0, share * long / length)
        begin = min(max(0.0, at - wide / 2), 1 - wide)
        found.append((begin, begin + wide))
    (left, right), (top, bottom) = found
    return left, top, right, bottom


def _cut(values: NDArray[Any], box: Box) -> NDArray[Any]:
    height, width = values.shape[:2]
    left, right = round(box[0] * width), max(round(box[0] * width) + 1, round(box[2] * width))
    top, bottom = round(box[1] * height), max(round(box[1] * height) + 1, round(box[3] * height))
    return np.ascontiguousarray(values[top:bottom, left:right])


def _middle_of(picture: Picture, side: int) -> Picture:
    height, width = picture.shape[:2]
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    return np.ascontiguousarray(picture[top : top + side, left : left + side])
