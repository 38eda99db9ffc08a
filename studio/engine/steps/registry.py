"""Renderers of the steps of recipes, by kind.

A further step is a value in ``studio.recipes`` and a file here with its renderer, named in ``steps/__init__.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from studio.base import Work
from studio.gallery import SourceStore
from studio.recipes import Recipe, SampleRecipe
from studio.recipes.steps.stylize import PerceptualNetwork
from studio.stylization.masks import Mask

if TYPE_CHECKING:
    import torch

    from studio.synthesis.latents import LatentSpace

Picture = NDArray[np.uint8]
AnyDepth = NDArray[Any]

StepContra = TypeVar("StepContra", contravariant=True)


class RenderContext(Protocol):
    """The services of the engine that a renderer may use."""

    @property
    def device(self) -> torch.device:
        """The device that pictures are made on."""

    @property
    def sources(self) -> SourceStore:
        """The photos and masks that recipes name."""

    def picture(self, recipe: Recipe, max_side: int | None = None) -> Work[Picture]:
        """The picture of another recipe, from the cache when it is there; its long side is at most ``max_side``."""

    def space_of(self, recipe: SampleRecipe) -> LatentSpace:
        """The latent space that a sample is drawn from."""

    def perceptual_network(self, name: PerceptualNetwork) -> Work[torch.nn.Module]:
        """A :class:`studio.networks.vgg.VGGFeatures` on the device."""

    def face_map(self, picture: Picture) -> Work[Mask | None]:
        """A map of the faces in a picture, 0..1; None without any, or without the networks that find them."""


class Renderer(Protocol[StepContra]):
    """Draws one kind of step; an engine has one of each, which may remember things between pictures."""

    def render(
        self, recipe: StepContra, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The picture of ``recipe``, uint8 (height, width, 3 or 4); work may yield previews of it.

        Parameters
        ----------
        max_side : no more pixels on the long side are wanted. What comes out larger is scaled down by the caller.
        live : a slider is moving: a guess in time is better than the picture late.
        """


@runtime_checkable
class FinishingRenderer(Renderer[StepContra], Protocol[StepContra]):
    """Draws a kind of step that changes a whole picture."""

    def changed(self, recipe: StepContra, picture: AnyDepth, context: RenderContext) -> Work[AnyDepth]:
        """``picture``, uint8 or uint16 (height, width, 3 or 4), after the step, whatever the step's own content is."""


_renderers: dict[str, Callable[[], Renderer[Any]]] = {}
Made = TypeVar("Made", bound=Callable[[], Renderer[Any]])


def renders(kind: str) -> Callable[[Made], Made]:
    """Class decorator: the renderer of the steps of ``kind`` ("sample")."""

    def register(made: Made) -> Made:
        assert kind not in _renderers, f"{kind} has a renderer already"
        _renderers[kind] = made
        return made

    return register


def make_renderers() -> dict[str, Renderer[Any]]:
    """A new renderer of every kind of step, by kind."""
    return {kind: make() for kind, make in _renderers.items()}
