"""Opening photos, and the masks painted over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, StudioError, Work
from studio.engine.steps.registry import Picture, RenderContext, renders
from studio.gallery import SourceStore
from studio.media.photos import open_photo
from studio.recipes import FileRef, PhotoRecipe

MASK_SIDE = 2048


@renders("photo")
class PhotoRenderer:
    """Opens photos."""

    def render(
        self, recipe: PhotoRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The photo upright in sRGB, with its alpha if anything in it is transparent.

        Raises
        ------
        StudioError
            When it is not on this computer, or cannot be read.
        """
        yield from ()
        path = context.sources.find(recipe.photo)
        if path is None:
            raise StudioError(
                Message(
                    "The photo “{name}” of this recipe is not on this computer.",
                    name=recipe.photo.name or recipe.photo.hash[:12],
                ),
                "Drop the photo on the window once; it is recognised by its content.",
            )
        sides = [side for side in (recipe.max_side, max_side) if side is not None]
        picture = open_photo(path, max_side=min(sides) if sides else None, salvage=True)
        pixels = np.array(picture)
        opaque = pixels.shape[2] == 4 and pixels[..., 3].min() == 255
        return np.ascontiguousarray(pixels[..., :3]) if opaque else pixels


def read_mask(ref: FileRef | None, sources: SourceStore) -> NDArray[np.float32] | None:
    """A mask, float32 (h, w) in 0..1, of at most 2048 pixels; None for None.

    Raises
    ------
    StudioError
        When it is not on this computer, or cannot be read.
    """
    if ref is None:
        return None
    path = sources.find(ref)
    if path is None:
        raise StudioError(
            Message("The mask “{name}” of this recipe is not on this computer.", name=ref.name or ref.hash[:12]),
            "Drop the mask on the window once, or clear it in the panel and paint another.",
        )
    grey = np.asarray(open_photo(path, max_side=MASK_SIDE).convert("L"), np.float32)
    return grey / np.float32(255)
