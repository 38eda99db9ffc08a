"""The augmentation a run has chosen, with its state."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from studio.training.ada import Controller, augment_adaptively
from studio.training.augment import augment
from studio.training.random_streams import RandomStream
from studio.training.settings import TrainSettings


class Augmenter:
    """Augments what the discriminator sees, real and generated alike."""

    def __init__(self, settings: TrainSettings) -> None:
        self._settings = settings
        self._controller = Controller(settings.ada_target, settings.ada_images, settings.ada_start)

    def __call__(self, pictures: Tensor, random: RandomStream) -> Tensor:
        """(n, 3, r, r) in -1..1 -> the same shape."""
        settings = self._settings
        if settings.augmentation == "ada":
            return augment_adaptively(pictures, self._controller.p, settings.ada_parts, random)
        if settings.augmentation == "diffaugment":
            return augment(pictures, settings.augment, settings.augment_share, random)
        return pictures

    def note(self, sign: float, pictures: int) -> dict[str, float]:
        """Take the mean sign of the logits of a step's real pictures; returns what is worth plotting."""
        if self._settings.augmentation != "ada":
            return {}
        self._controller.note(sign * pictures, pictures)
        return {"augment": self._controller.p}

    def state_dict(self) -> dict[str, Any]:
        """The state that a resumed run needs to go on exactly."""
        return self._controller.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`."""
        self._controller.load_state_dict(state)
