"""Filling parts of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.base import StudioError, Work
from studio.engine.steps.photo import read_mask
from studio.engine.steps.registry import AnyDepth, Picture, RenderContext, renders
from studio.recipes import FileRef, RepairRecipe, RepairSettings, SampleRecipe
from studio.restoration.repair import Filler, repair

if TYPE_CHECKING:
    from studio.checkpoints.inpainters import Inpainter


@renders("repair")
class RepairRenderer:
    """Fills what a mask says, and new canvas; keeps the network used last."""

    def __init__(self) -> None:
        self._inpainter: tuple[FileRef | None, Inpainter] | None = None

    def render(
        self, recipe: RepairRecipe, context: RenderContext, *, max_side: int | None = None, live: bool = False
    ) -> Work[Picture]:
        """The repaired picture; always made at its full size, since other sizes give other fillings."""
        content = yield from context.picture(recipe.content)
        return (yield from self.changed(recipe, content, context))

    def changed(self, recipe: RepairRecipe, picture: AnyDepth, context: RenderContext) -> Work[AnyDepth]:
        """See :class:`~studio.engine.steps.registry.FinishingRenderer`."""
        mask = read_mask(recipe.mask, context.sources)
        settings = RepairSettings.within(recipe)
        filler = yield from self.filler(settings, context)
        return (yield from repair(picture, mask, settings, filler=filler))

    def filler(self, settings: RepairSettings, context: RenderContext) -> Work[Filler | None]:
        """Function that finds the fillings of ``settings``; None for those that need no network.

        Raises
        ------
        StudioError
            When the model or network is not there, or none was chosen.
        """
        yield from ()
        # What needs torch is imported where it is needed: repairs by patches do without.
        if settings.method == "generator":
            if settings.model is None:
                raise StudioError("No model was chosen to fill it with.", "Choose a model, or fill with patches.")
            space = context.space_of(SampleRecipe(model=settings.model))
            vgg = yield from context.perceptual_network("vgg16-hed")
            from studio.restoration.generator_filling import generator_filling

            return lambda color, area, banned: generator_filling(
                space,
                vgg,  # type: ignore[arg-type]
                color,
                area,
                banned,
                settings,
            )
        if settings.method == "network":
            from studio.restoration.network_filling import network_filling

            inpainter = self._loaded(settings.inpainter, context)
            return lambda color, area, banned: network_filling(
                inpainter, color, area, banned, context.device, fading=settings.process > 1
            )
        return None

    def _loaded(self, ref: FileRef | None, context: RenderContext) -> Inpainter:
        from studio.checkpoints.inpainters import load_inpainter

        if self._inpainter is None or self._inpainter[0] != ref:
            self._inpainter = None  # its memory first
            self._inpainter = ref, load_inpainter(ref, context.device)
        return self._inpainter[1]
