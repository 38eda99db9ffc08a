"""One training step for each architecture: networks, optimisers and what a checkpoint must hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from studio.base import StudioError
from studio.training.gradient_accumulation import GradientAccumulation
from studio.training.settings import TrainSettings


class Shape(Protocol):
    """The widths of a generator."""

    @property
    def z_dim(self) -> int: ...
    def to_dict(self) -> Mapping[str, int | float | str | bool]: ...


class Trainer(ABC):
    """The interface of an architecture to the loop, and what all of them share.

    Attributes
    ----------
    shape : of the generator.
    """

    settings: TrainSettings
    device: torch.device
    shape: Shape
    _gradients: GradientAccumulation
    _parts: StateDicts

    @abstractmethod
    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """Train on one batch; returns the losses over all processes.

        ``real`` (n, 3, r, r) in -1..1 are this process's share of it, the pictures ``indices`` of the set. Step
        ``number`` counts from 0; ``images`` have been shown before it.
        """

    @abstractmethod
    def sample(self, z: Tensor) -> Tensor:
        """Pictures of the network to be exported, (n, 3, r, r)."""

    @abstractmethod
    def exported(self) -> nn.Module:
        """The generator that becomes the model."""

    def discriminator_to_keep(self) -> nn.Module | None:
        """The discriminator that is kept beside the model for later fine-tunes, if it is one of StyleGAN2."""
        return None

    def config(self) -> Mapping[str, int | float | str | bool]:
        """Its shape, for the model card."""
        return self.shape.to_dict()

    def warning(self) -> StudioError | None:
        """A warning about the run for the artist; None while all is well."""
        return None

    @property
    def z_dim(self) -> int:
        """Numbers in a latent z."""
        return self.shape.z_dim

    @property
    def micro(self) -> int:
        """Most pictures in one pass, now."""
        return self._gradients.micro

    def state_dict(self) -> dict[str, Any]:
        """Everything that must come back for an exact resume (the random state is a function of the step)."""
        return self._parts.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`."""
        self._parts.load_state_dict(state)


class Stateful(Protocol):
    """Whatever can be saved and restored."""

    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Any) -> Any: ...


class StateDicts:
    """Saves and restores parts by name."""

    def __init__(self, parts: Mapping[str, Stateful], later: Mapping[str, Stateful]) -> None:
        """Checkpoints of earlier versions lack the ``later`` parts; these begin anew then."""
        self._parts = parts
        self._later = later

    def state_dict(self) -> dict[str, Any]:
        """All parts' states by name."""
        return {name: part.state_dict() for name, part in (*self._parts.items(), *self._later.items())}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`."""
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        for name, part in self._later.items():
            if name in state:
                part.load_state_dict(state[name])


class Numbers:
    """Plain numbers and small tensors of a trainer, as a part.

    Attributes
    ----------
    path_mean : running mean of the path lengths (a in eq. 4 of StyleGAN2).
    """

    def __init__(self) -> None:
        self.path_mean = torch.zeros(())

    def state_dict(self) -> dict[str, Any]:
        """See :class:`Stateful`."""
        return {"path_mean": self.path_mean.clone()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See :class:`Stateful`."""
        self.path_mean = state["path_mean"].cpu().clone()
