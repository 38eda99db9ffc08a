"""Stopping a network while it looks at a tile, which takes seconds without a graphics card."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread, current_thread
from typing import TypeVar

from torch import nn
from torch.nn.modules.module import register_module_forward_pre_hook

from studio.base import Progress, Work
from studio.base.threads import beside

T = TypeVar("T")


def stoppable(run: Callable[[], T], progress: Progress) -> Work[T]:
    """What ``run`` gives, done on a thread of its own, so that one may stop within a tile: before its next layer.

    Nothing else uses the device meanwhile: whoever closes this work waits until that thread has ended.
    """
    stopped = Event()
    threads: list[Thread] = []

    def watched() -> T:
        threads.append(current_thread())
        return run()

    def check_stop(_module: nn.Module, _inputs: object) -> None:
        if stopped.is_set() and current_thread() in threads:
            raise _Stopped

    hook = register_module_forward_pre_hook(check_stop)
    try:
        return (yield from beside(watched, progress, stop=stopped.set))
    finally:
        hook.remove()


class _Stopped(BaseException):
    """A tile is wanted no more."""
