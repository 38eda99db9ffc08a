"""Work on a thread of its own that another thread waits for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from studio.base.progress import Progress, Work

T = TypeVar("T")
POLL_SECONDS = 0.05
"""Seconds between two looks at whether it is done."""


def beside(run: Callable[[], T], progress: Progress, *, stop: Callable[[], None] | None = None) -> Work[T]:
    """What ``run`` gives, done on a thread of its own; it tells nothing meanwhile, so that ``progress`` is yielded.

    Whoever closes this work leaves that thread to itself. With ``stop``, which is called then, its end is waited for.
    """
    found: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(run())
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=work, name="beside", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            yield progress
            thread.join(POLL_SECONDS)
    finally:
        if stop is not None:
            stop()
            thread.join()
    if failed:
        raise failed[0]
    return found[0]
