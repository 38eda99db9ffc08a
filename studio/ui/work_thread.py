"""Long work that needs no device, on a plain thread, with progress and cancelling."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from studio.base import Work
from studio.worker.device_worker import as_studio_error


class BackgroundWork(QObject):
    """Drives the generator that ``make()`` returns on a thread of its own. All signals arrive on the main thread.

    Parameters
    ----------
    every : least seconds between two ``progressed``; what comes in between is dropped.
    """

    progressed = Signal(object)  # Progress
    done = Signal(object)  # the generator's return value
    failed = Signal(object)  # StudioError
    _letter = Signal(str, object)

    def __init__(self, make: Callable[[], Work[Any]], parent: QObject, *, every: float = 0.0) -> None:
        super().__init__(parent)
        self._make = make
        self._every = every
        self._cancelled = threading.Event()
        self._letter.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="background-work", daemon=True)

    def start(self) -> None:
        """Begin; connect to the signals before."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop at the next yield; no signal comes from now on."""
        self._cancelled.set()

    def _run(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone: nobody waits for the letter
            self._letter.emit(*self._drive())

    def _drive(self) -> tuple[str, object]:
        try:
            with contextlib.closing(self._make()) as work:
                told = 0.0
                while not self._cancelled.is_set():
                    try:
                        progress = next(work)
                    except StopIteration as stop:
                        return "done", stop.value
                    if time.monotonic() - told >= self._every:
                        told = time.monotonic()
                        self._letter.emit("progress", progress)
        except Exception as error:
            return "failed", as_studio_error(error)
        return "cancelled", None

    def _deliver(self, kind: str, value: object) -> None:
        if not self._cancelled.is_set():
            {"progress": self.progressed, "done": self.done, "failed": self.failed}[kind].emit(value)
        if kind != "progress":
            self.deleteLater()
