"""Restyling pictures by blends of styles."""

from __future__ import annotations

from collections.abc import Sequence

from studio.base import Work
from studio.engine.steps.photo import read_mask
from studio.engine.steps.registry import Picture, RenderContext, renders
from studio.recipes import Recipe, StyleUse, StylizeRecipe, StylizeSettings
from studio.stylization import StyleInput, preview
from studio.stylization.masks import Mask
from studio.stylization.transparency import joined, opaque_part, split, thick_enough, with_alpha

# Styles carry their texture at any size; more pixels than this only cost time.
STYLE_SIDE = 1024


@renders("stylize")
class StylizeRenderer:
    """Restyles pictures: by the feed-forward network, by a short optimisation of a small one, or by optimisation."""

    def render(
        self, recipe: StylizeRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The restyled picture, with the alpha of what it is made of; an optimisation yields previews."""
        size = min(recipe.size, max_side) if max_side else recipe.size
        settings = StylizeSettings.within(recipe).model_copy(update={"size": size})
        content, alpha, styles, mask = yield from _inputs(recipe, size, context)
        if recipe.method == "preview":
            return joined(preview(content, styles, settings, mask=mask), alpha)
        # What needs torch is imported where it is needed: the instant preview does without.
        extractor = yield from context.perceptual_network(recipe.network)
        faces = (yield from context.face_map(content)) if recipe.faces > 0 and not recipe.texture else None
        if recipe.method == "refined":
            from studio.stylization.refined import refined_preview

            work = refined_preview(
                content, styles, settings, extractor=extractor, mask=mask, faces=faces, device=context.device
            )
            return (yield from with_alpha(work, alpha))
        from studio.stylization.optimise import optimise

        start = None
        if recipe.start is not None:
            start = thick_enough(split((yield from context.picture(recipe.start)))[0])
        work = optimise(
            content,
            styles,
            settings,
            extractor=extractor,
            mask=mask,
            faces=faces,
            start=start,
            stop_after=recipe.stop_after,
            device=context.device,
        )
        return (yield from with_alpha(work, alpha))


def _inputs(
    recipe: StylizeRecipe, size: int, context: RenderContext
) -> Work[tuple[Picture, Picture | None, list[StyleInput], Mask | None]]:
    """Content, the alpha that the result gets, styles and mask of ``recipe``, for ``size`` pixels."""
    content, alpha = split((yield from _opened(recipe.content, size, context)))
    styles = yield from style_inputs(recipe.styles, size, context)
    mask = read_mask(recipe.mask, context.sources)
    return thick_enough(content), None if recipe.texture else alpha, styles, mask


def style_inputs(styles: Sequence[StyleUse], size: int, context: RenderContext) -> Work[list[StyleInput]]:
    """The pictures and masks of ``styles``, for a result with a long side of ``size`` pixels."""
    found = []
    for use in styles:
        # Styles are never enlarged, so that large pictures want large styles.
        side = max(STYLE_SIDE, min(STYLE_SIDE * 4, round(size * use.scale)))
        source, opaque = split((yield from _opened(use.source, side, context)))
        part = opaque_part(opaque, read_mask(use.part, context.sources))
        region = read_mask(use.region, context.sources)
        found.append(StyleInput(thick_enough(source), use.weight, use.scale, region=region, part=part))
    return found


def _opened(recipe: Recipe, side: int, context: RenderContext) -> Work[Picture]:
    """A photo at ``side`` pixels, which is quick to open; anything else as large as it is."""
    return context.picture(recipe, side if recipe.opened_photo is not None else None)
