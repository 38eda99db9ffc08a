"""Whether PyTorch is there: some of the program does without, and the rest asks for it."""

from __future__ import annotations

import importlib.util

from studio.base.errors import StudioError
from studio.base.messages import Message


class PyTorchMissing(StudioError):
    """What was asked for needs PyTorch, which is not installed (yet)."""

    def __init__(self) -> None:
        super().__init__(
            Message("PyTorch, which computes the pictures, is not installed yet."),
            Message("Fetch it now; gallery, styles and the instant preview work without it."),
        )


def pytorch_installed() -> bool:
    """Whether torch could be imported, without importing it."""
    try:
        return importlib.util.find_spec("torch") is not None
    except ImportError:
        return False
