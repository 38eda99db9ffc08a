"""Stopping a network while it looks at a tile, which takes seconds without a graphics card."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread, current_thread
from typing import TypeVar

from torch import nn
from torch.nn.modules.module import register_module_forward_pre_hook

from studio.base import Progress, Work

T = TypeVar("T")
_POLL_SECONDS = 0.05
"""Seconds between two looks at whether a tile is still wanted."""


def stoppable(run: Callable[[], T], progress: Progress) -> Work[T]:
    """What ``run`` gives, done on a thread of its own, so that one may stop within a tile: before its next layer.

    Nothing else uses the device meanwhile: whoever closes this work waits until that thread has ended.
    """
    stop = Event()
    found: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(run())
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=work, name="tile", daemon=True)

    def check_stop(_module: nn.Module, _inputs: object) -> None:
        if stop.is_set() and current_thread() is thread:
            raise _Stopped

    hook = register_module_forward_pre_hook(check_stop)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_POLL_SECONDS)
            if thread.is_alive():
                yield progress
    finally:
        stop.set()
        thread.join()
        hook.remove()
    if failed:
        raise failed[0]
    return found[0]


class _Stopped(BaseException):
    """A tile is wanted no more."""
