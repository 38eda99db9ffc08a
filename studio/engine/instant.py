"""The engine without PyTorch: photos, repairs and the instant preview; the rest says what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import psutil

from studio.base.pytorch import PyTorchMissing
from studio.engine.device import DeviceInfo
from studio.engine.engine import Engine
from studio.engine.steps import Picture
from studio.recipes import EnlargeRecipe, FileRef, SampleRecipe
from studio.recipes.steps.stylize import PerceptualNetwork

if TYPE_CHECKING:
    import torch


class InstantEngine(Engine):
    """Renders what needs no torch; everything else raises :class:`studio.base.pytorch.PyTorchMissing`."""

    @property
    def device(self) -> torch.device:
        """Not to be had."""
        raise PyTorchMissing

    def device_info(self) -> DeviceInfo:
        """The processor and the machine's memory now."""
        memory = psutil.virtual_memory().total
        return DeviceInfo("cpu", "CPU, without PyTorch", memory, psutil.Process().memory_info().rss, pytorch=False)

    def space(self, model: FileRef) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def space_of(self, recipe: SampleRecipe) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def lasting_space(self, recipe: SampleRecipe) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def enlarged_part(self, recipe: EnlargeRecipe, box: tuple[int, int, int, int]) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def perceptual_network(self, name: PerceptualNetwork) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def face_map(self, picture: Picture) -> NoReturn:
        """Not to be had."""
        raise PyTorchMissing

    def free_memory(self) -> None:
        """Drop the pictures."""
        self._pictures.clear()
