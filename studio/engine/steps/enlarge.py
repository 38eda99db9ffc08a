"""Enlarging pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from studio.base import Work
from studio.checkpoints.enlargers import OWN_SCALES, Enlarger, load_fetched, load_file_network, load_own
from studio.engine.steps.registry import AnyDepth, Picture, RenderContext, renders
from studio.recipes import EnlargeRecipe, EnlargeSettings, FileRef
from studio.recipes.steps.enlarge import EnlargingNetwork
from studio.restoration.enlarge import enlarge, enlarge_part
from studio.restoration.resampling import resampled

_Key = tuple[EnlargingNetwork, FileRef | None, int]


@renders("enlarge")
class EnlargeRenderer:
    """Enlarges pictures; keeps the networks used last."""

    def __init__(self) -> None:
        self._loaded: dict[_Key, Enlarger] = {}

    def render(
        self, recipe: EnlargeRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The enlarged picture; one that is wanted no larger than it was before is not enlarged at all."""
        content = yield from context.picture(recipe.content)
        height, width = content.shape[:2]
        if max_side is not None and max_side <= max(height, width):
            factor = max_side / max(height, width)
            return resampled(content, max(1, round(height * factor)), max(1, round(width * factor)))
        return (yield from self.changed(recipe, content, context))

    def changed(self, recipe: EnlargeRecipe, picture: AnyDepth, context: RenderContext) -> Work[AnyDepth]:
        """See :class:`~studio.engine.steps.registry.FinishingRenderer`."""
        enlarger, scales = yield from self.networks(recipe, context)
        return (yield from enlarge(picture, EnlargeSettings.within(recipe), enlarger, scales, device=context.device))

    def render_part(
        self, recipe: EnlargeRecipe, box: tuple[int, int, int, int], context: RenderContext
    ) -> Work[Picture]:
        """The part of the enlarged picture that ``box`` (left, top, right, bottom, of the content's pixels) becomes."""
        content = yield from context.picture(recipe.content)
        enlarger, scales = yield from self.networks(recipe, context)
        return (
            yield from enlarge_part(
                content, box, EnlargeSettings.within(recipe), enlarger, scales, device=context.device
            )
        )

    def networks(
        self, settings: EnlargeSettings, context: RenderContext
    ) -> Work[tuple[Callable[[int], Enlarger] | None, Sequence[int]]]:
        """The networks of ``settings`` by their scale, and the scales there are; None for Lanczos."""
        yield from ()
        if settings.network == "lanczos":
            return None, ()
        if settings.network == "faithful":

            def own(scale: int) -> Enlarger:
                return self._kept(("faithful", None, scale), partial(load_own, scale, context.device))

            return own, OWN_SCALES
        key: _Key = settings.network, settings.file, 0
        if settings.network == "file":
            found = self._kept(key, partial(load_file_network, settings.file, context.device))
        elif key in self._loaded:
            found = self._loaded[key]
        else:
            fetched = yield from load_fetched(settings.network, context.device)
            found = self._kept(key, lambda: fetched)
        return (lambda _scale: found), (found.scale,)

    def _kept(self, key: _Key, load: Callable[[], Enlarger]) -> Enlarger:
        """A network as it is, or loaded; other kinds are let go."""
        if key not in self._loaded:
            self._loaded = {known: each for known, each in self._loaded.items() if known[0] == key[0] == "faithful"}
            self._loaded[key] = load()
        return self._loaded[key]
