"""Short work off the main thread that needs no device: files, thumbnails, queries."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from studio.base import StudioError
from studio.worker.device_worker import as_studio_error

T = TypeVar("T")


class Background(QObject):
    """A few threads that belong to one room. Callbacks arrive on the main thread, in the order the work ended."""

    failed = Signal(object)
    """A ``StudioError`` of work that was started without a ``failed`` of its own."""
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="background")
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[StudioError], None] | None = None,
    ) -> None:
        """Call ``function`` on another thread, then ``done`` with what it returned, or ``failed``."""
        if self._closed:
            return

        def work() -> None:
            letter: Callable[[], None]
            try:
                result = function()
            except Exception as error:
                problem = as_studio_error(error)
                letter = lambda: (failed or self.failed.emit)(problem)  # noqa: E731
            else:
                letter = (lambda: done(result)) if done is not None else (lambda: None)
            with contextlib.suppress(RuntimeError):  # the room is gone; nobody waits for the result
                self._ended.emit(letter)

        self._pool.submit(work)

    def close(self) -> None:
        """Drop what waits; callbacks of what runs do not come any more."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, letter: Any) -> None:
        if not self._closed:
            letter()
