"""Choosing the device everything runs on."""

from __future__ import annotations

import torch

from studio.base import Message, StudioError


def choose_device(name: str = "auto") -> torch.device:
    """The device for "auto" (CUDA, else MPS, else CPU), "cuda", "mps" or "cpu".

    Raises
    ------
    StudioError
        When the device asked for is not there.
    """
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, there in has.items() if there))
    if not has.get(name):
        raise StudioError(
            Message("This computer has no usable {name} device.", name=name.upper()), "Choose “auto” or “cpu”."
        )
    return torch.device(name)
