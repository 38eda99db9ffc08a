"""The answer to too little memory: what is cached goes, then the work is tried once more, then it is told.

Work that can be cut into smaller tiles or batches does so itself, with :func:`studio.base.memory.is_out_of_memory`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from studio.base import Work
from studio.base.memory import OutOfMemory, is_out_of_memory

if TYPE_CHECKING:
    import torch

T = TypeVar("T")


class Caching(Protocol):
    """The engine, as far as its memory goes."""

    @property
    def device(self) -> torch.device:
        """The device whose memory it is."""

    def free_memory(self) -> None:
        """Drop everything that can be made again."""


def retried(make: Callable[[], Work[T]], engine: Caching) -> Work[T]:
    """The work that ``make`` makes; made anew without the caches of ``engine`` when the memory does not suffice.

    Raises
    ------
    OutOfMemory
        When it does not suffice then either: the work's own, if that says what to do, else one about a picture.
    """
    for last in (False, True):
        try:
            return (yield from make())
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if last:
                raise _as_out_of_memory(error, engine.device) from error
        # Outside of the handler, which holds on to what the failed attempt had made.
        engine.free_memory()
    raise AssertionError("unreachable")


def call_retried(function: Callable[[], T], engine: Caching) -> T:
    """The result of ``function``; otherwise as :func:`retried`."""
    for last in (False, True):
        try:
            return function()
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if last:
                raise _as_out_of_memory(error, engine.device) from error
        engine.free_memory()
    raise AssertionError("unreachable")


def _as_out_of_memory(error: Exception, device: torch.device) -> OutOfMemory:
    if isinstance(error, OutOfMemory):
        return error
    if device.type == "cpu":
        return OutOfMemory(
            "The computer has not enough memory for this picture.",
            "Choose a smaller size, or close other programs that use much memory, and try again.",
        )
    return OutOfMemory(
        "The device has not enough memory for this picture.", "Choose a smaller size, or the CPU in the settings."
    )
