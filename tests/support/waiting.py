"""Waiting for what other processes do: as long as it takes, for pytest's own limit ends a wait that is in vain."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable

KILL = "import os, signal; os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))"
"""The code with which a process kills itself: at a place that the test chooses, however busy the machine is."""


def until(
    condition: Callable[[], object], process: subprocess.Popen[str] | subprocess.Popen[bytes] | None = None
) -> None:
    """Return once ``condition()`` holds; ``process`` must live until then."""
    pause = threading.Event()
    while not condition():
        assert process is None or process.poll() is None, f"it ended too early: {process.communicate()}"
        pause.wait(0.02)
