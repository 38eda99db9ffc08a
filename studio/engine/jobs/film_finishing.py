"""Finishing the frames of a clip: repaired, cleaned and enlarged, without flicker.

What is filled is carried along from frame to frame as far as the clip shows where it went, and automatic levels are
those of the whole clip: each frame for itself would boil in the one place and pulse in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.base import Message, StudioError, Work
from studio.engine.jobs.finishing import Finisher, finishing_steps
from studio.engine.steps.registry import Picture, RenderContext
from studio.media.clips import Clip
from studio.recipes import CleanRecipe, CleanSettings, RepairRecipe, RepairSettings
from studio.recipes.sequences.film import LARGEST_FILM, AnyFilm, FinishedFilmRecipe
from studio.recipes.steps import FinishingStep
from studio.recipes.tree import subjects_of
from studio.restoration.carried_filling import carried_filling
from studio.restoration.clean import Ranges, clean, color_ranges
from studio.restoration.repair import repair
from studio.restoration.resampling import resampled
from studio.stylization.video import Before, StyledFrame

FINISHING = Message("Finishing the clip")
_LOOKED_AT = 16
"""Frames that automatic levels are taken from, spread over the part that is filmed."""


def finished_size(film: AnyFilm, width: int, height: int) -> tuple[int, int]:
    """Return (width, height) of the film of a clip of ``width`` x ``height`` pixels.

    Raises
    ------
    StudioError
        When that is larger than films are.
    """
    for step in finishing_steps(film.frame_recipe)[0]:
        width, height = step.size_for(width, height)
    if max(width, height) > LARGEST_FILM:
        raise StudioError(
            Message("The film would be too large ({width} x {height} pixels).", width=width, height=height),
            Message("Choose less than {side:,} pixels a side.", side=LARGEST_FILM),
        )
    return width, height


def clip_ranges(film: FinishedFilmRecipe, clip: Clip) -> Ranges | None:
    """The range that automatic levels stretch, from frames all over the part that is filmed; None: nothing."""
    if not any(step.levels > 0 for step in subjects_of(film.frame_recipe, CleanRecipe)):
        return None
    end = clip.properties.seconds if film.end is None else min(film.end, clip.properties.seconds)
    places = np.linspace(film.start, max(film.start, end), _LOOKED_AT, endpoint=False)
    frames = [clip.frame_at(float(place)).image for place in places]
    return color_ranges(np.concatenate([frame.reshape(-1, 3) for frame in frames]))


@dataclass
class ClipFinisher:
    """Finishes the frames of a clip, one after the other.

    Attributes
    ----------
    film : what is done to them.
    context : the engine.
    ranges : what automatic levels stretch, see :func:`clip_ranges`.
    """

    film: FinishedFilmRecipe
    context: RenderContext
    ranges: Ranges | None = None

    def __post_init__(self) -> None:
        self._steps: Sequence[FinishingStep] = finishing_steps(self.film.frame_recipe)[0]
        self._finisher = Finisher(self.context)

    def frame(self, content: Picture, before: Before | None = None) -> Work[StyledFrame]:
        """Finish one frame, uint8 (height, width, 3); ``before`` is the frame before it, None for the first.

        Raises
        ------
        StudioError
            As the steps themselves.
        """
        picture, cut = content, before is None
        for step in self._steps:
            if isinstance(step, CleanRecipe):
                picture = yield from clean(picture, CleanSettings.within(step), self.ranges)
                continue
            if isinstance(step, RepairRecipe) and before is not None:
                filling = self._carried(step, picture, before)
                cut = filling is None
                if filling is not None:
                    mask = self._finisher.mask(step.mask)
                    picture = yield from repair(picture, mask, RepairSettings.within(step), filling)
                    continue
            picture = yield from self._finisher.done(step, picture)
        return StyledFrame(content, picture, cut, 0.0 if cut else 1.0)

    def _carried(self, step: RepairRecipe, picture: Picture, before: Before) -> Picture | None:
        height, width = picture.shape[:2]
        # What comes after the repair is as good as its own picture, but for the size.
        done = resampled(before.picture, *reversed(step.size_for(width, height)))
        shown = resampled(before.content, height, width)
        settings = RepairSettings.within(step)
        return carried_filling(picture, shown, done, self._finisher.mask(step.mask), settings, self.context.device)
