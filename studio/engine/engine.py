"""The engine: turns recipes into pictures, by the renderers of their steps; each is kept as long as there is room.

Not thread-safe: one thread owns it. It imports no torch.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.base import Work
from studio.base.pytorch import PyTorchMissing
from studio.checkpoints.library import ModelLibrary
from studio.engine.cache import ByteCache
from studio.engine.steps import Picture, make_renderers
from studio.gallery import SourceStore
from studio.recipes import EnlargeRecipe, FileRef, Recipe, SampleRecipe, recipe_hash
from studio.recipes.steps.stylize import PerceptualNetwork
from studio.stylization.masks import Mask

if TYPE_CHECKING:
    import torch

    from studio.engine.device import DeviceInfo
    from studio.synthesis.latents import LatentSpace

PICTURE_CACHE_BYTES = 512 * 2**20


@dataclass(frozen=True)
class Rendered:
    """A finished picture: uint8 (h, w, 3), or 4 with straight alpha when its photo has transparency, the recipe that
    made it, and how long that took here."""

    image: Picture
    recipe: Recipe
    seconds: float


class Engine(ABC):
    """Renders recipes, with every sub-recipe's picture cached; what of a device that takes is up to its heirs.

    What an heir lacks raises :class:`studio.base.pytorch.PyTorchMissing`; so whoever uses an engine need not ask first.

    Attributes
    ----------
    sources : the photos and masks that recipes name.
    library : the models.
    """

    def __init__(self, sources: SourceStore, library: ModelLibrary | None = None) -> None:
        """``sources`` is where the photos that recipes name are found; ``library`` by default the artist's."""
        self.sources = sources
        self.library = library if library is not None else ModelLibrary()
        self._pictures: ByteCache[Picture] = ByteCache(PICTURE_CACHE_BYTES, lambda picture: picture.nbytes)
        self._renderers = make_renderers()

    @property
    @abstractmethod
    def device(self) -> torch.device:
        """The device that everything is computed on."""

    @abstractmethod
    def device_info(self) -> DeviceInfo:
        """The device and its memory now."""

    @abstractmethod
    def space(self, model: FileRef) -> LatentSpace:
        """The latent space of a model."""

    @abstractmethod
    def space_of(self, recipe: SampleRecipe) -> LatentSpace:
        """The latent space that ``recipe`` is drawn from: its model's, or that of its two networks as one.

        The latter holds until the space of another blend is asked for; see :meth:`lasting_space`.

        Raises
        ------
        StudioError
            When a model is missing, or the two are of different shapes.
        """

    @abstractmethod
    def lasting_space(self, recipe: SampleRecipe) -> LatentSpace:
        """As :meth:`space_of`, for work that goes on between yields: nobody else changes the blend."""

    @abstractmethod
    def enlarged_part(self, recipe: EnlargeRecipe, box: tuple[int, int, int, int]) -> Work[Picture]:
        """The part ``box`` (left, top, right, bottom, in pixels of the content) of the enlarged picture.

        Raises as :meth:`render`.
        """

    @abstractmethod
    def perceptual_network(self, name: PerceptualNetwork) -> Work[torch.nn.Module]:
        """The network that style transfer sees with, kept until another one is asked for.

        Raises
        ------
        StudioError
            When it must be fetched first and cannot be.
        """

    @abstractmethod
    def face_map(self, picture: Picture) -> Work[Mask | None]:
        """A map of the faces in ``picture``, float32 (h, w) in 0..1; None without any, and while the networks that find
        them are not there."""

    @abstractmethod
    def free_memory(self) -> None:
        """Drop everything that can be made again."""

    def render(self, recipe: Recipe, *, max_side: int | None = None, live: bool = False) -> Work[Rendered]:
        """Make the picture of ``recipe``; stylizing yields intermediate previews.

        ``max_side`` limits the long side in pixels, for live previews. ``live``: a sample that will not be ready within
        33 ms (100 ms above 512 px) is first shown as it can be guessed from what the network has drawn by then, and can
        be replaced by a newer one from there on.

        Raises
        ------
        StudioError
            When a model or photo is missing, PyTorch is and the recipe needs it, or the memory does not suffice.
        """
        started = time.perf_counter()
        image = yield from self.with_memory(partial(self.picture, recipe, max_side, live=live))
        return Rendered(image, recipe, time.perf_counter() - started)

    def with_memory(self, make: Callable[[], Work[Picture]]) -> Work[Picture]:
        """The work that ``make`` makes, tried again in another way when the memory does not suffice."""
        return make()

    def picture(self, recipe: Recipe, max_side: int | None = None, *, live: bool = False) -> Work[Picture]:
        """The picture of ``recipe`` as :meth:`render` makes it, read-only: for renderers that build on it.

        Errors of the memory come as they are.
        """
        key = f"{recipe_hash(recipe)}@{max_side or 0}"
        image = self._pictures.get(key)
        if image is None:
            if recipe.kind not in self._renderers:
                raise PyTorchMissing
            image = yield from self._renderers[recipe.kind].render(recipe, self, max_side=max_side, live=live)
            image = shrink(image, max_side)
            image.setflags(write=False)
            self._pictures.put(key, image)
        return image

    def remember(self, recipe: Recipe, image: Picture) -> None:
        """Take ``image`` for the picture of ``recipe``: one that was rendered before, or stopped on the way."""
        kept = image.copy()
        kept.setflags(write=False)
        self._pictures.put(f"{recipe_hash(recipe)}@0", kept)


def shrink(image: Picture, max_side: int | None) -> Picture:
    """Scale down to at most ``max_side`` pixels on the long side."""
    height, width = image.shape[:2]
    if max_side is None or max(height, width) <= max_side:
        return image
    scale = max_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
