"""Drawing samples with a generator."""

from __future__ import annotations

import time

from studio.base import Progress, Work
from studio.engine.steps.registry import Picture, RenderContext, renders
from studio.recipes import SampleRecipe

# While a slider moves, a picture must be there within this time, if need be a guess; the exact one follows.
PREVIEW_SECONDS = 0.033
PREVIEW_SECONDS_LARGE = 0.1
# Of a picture drawn this far the rest can be guessed.
SMALLEST_PREVIEW = 16
# Of larger pictures a poor guess is shown rather than nothing for a second.
LARGEST_EXACT = 512


@renders("sample")
class SampleRenderer:
    """Draws samples; those that would come late while a slider moves are guessed first."""

    def __init__(self) -> None:
        # Seconds that the last guess took.
        self._guessing = 0.0

    def render(
        self, recipe: SampleRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The sample at the size of its network; when ``live`` and late, a guess is yielded before if guesses help."""
        space = context.space_of(recipe)
        size = space.generator.config.resolution
        budget = PREVIEW_SECONDS_LARGE if size > 512 else PREVIEW_SECONDS
        began = before = time.perf_counter()
        shown = False
        picture: Picture | None = None
        for stage in space.stages(space.recipe_code(recipe), recipe):
            now = time.perf_counter()
            # The next block takes a little longer than this one did, and then there is the guess.
            late = now - began + 1.2 * (now - before) + self._guessing > budget
            before = now
            if stage.final:
                picture = stage.picture().numpy()
            elif live and shown:
                yield Progress(stage.resolution, size)
            # No yield before there is something to show: a hand that moves fast would end every render there.
            elif live and late and stage.resolution >= SMALLEST_PREVIEW and (stage.worthwhile or size > LARGEST_EXACT):
                shown = True
                guess = stage.picture().numpy()
                self._guessing = time.perf_counter() - now
                yield Progress(stage.resolution, size, preview=guess)
        assert picture is not None
        return picture
