"""The presence of PyTorch: some of the program does without, and the rest asks for it."""

from __future__ import annotations

import importlib.util

from studio.base.errors import StudioError
from studio.base.messages import Message


class PyTorchMissing(StudioError):
    """The error of asking for what needs PyTorch, which is not installed (yet)."""

    def __init__(self) -> None:
        super().__init__(
            Message("PyTorch, which computes the pictures, is not installed yet."),
            Message("Fetch it now; gallery, styles and the instant preview work without it."),
        )


TORCH_PACKAGES = ("torch", "torchvision", "spandrel")
"""Modules that are not there without PyTorch."""


def is_without_pytorch(error: BaseException) -> bool:
    """Return whether ``error`` says that PyTorch, or a library that needs it, could not be imported."""
    return isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in TORCH_PACKAGES


def pytorch_installed() -> bool:
    """Return whether torch could be imported, without importing it."""
    try:
        return importlib.util.find_spec("torch") is not None
    except ImportError:
        return False
