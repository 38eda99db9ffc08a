"""One training step for each architecture: networks, optimisers and what a checkpoint must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from studio.base import StudioError
from studio.training.settings import TrainSettings


class Trainer(Protocol):
    """The interface of an architecture to the loop."""

    settings: TrainSettings

    def step(self, real: Tensor, indices: Sequence[int], number: int, images: int) -> dict[str, float]:
        """Train on one batch; returns the losses over all processes.

        ``real`` (n, 3, r, r) in -1..1 are this process's share of it, the pictures ``indices`` of the set. Step
        ``number`` counts from 0; ``images`` have been shown before it.
        """
        ...

    def sample(self, z: Tensor) -> Tensor:
        """Pictures of the network to be exported, (n, 3, r, r)."""
        ...

    def exported(self) -> nn.Module:
        """The generator that becomes the model."""
        ...

    def discriminator_to_keep(self) -> nn.Module | None:
        """The discriminator that is kept beside the model for later fine-tunes, if it is one of StyleGAN2."""
        ...

    def config(self) -> Mapping[str, int | float | str | bool]:
        """Its shape, for the model card."""
        ...

    def warning(self) -> StudioError | None:
        """A warning about the run for the artist; None while all is well."""
        ...

    @property
    def z_dim(self) -> int:
        """Numbers in a latent z."""
        ...

    @property
    def micro(self) -> int:
        """Most pictures in one pass, now."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything that must come back for an exact resume (the random state is a function of the step)."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`."""
        ...


class Stateful(Protocol):
    """Whatever can be saved and restored."""

    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Any) -> Any: ...


class Parts:
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
