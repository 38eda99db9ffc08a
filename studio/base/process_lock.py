"""A lock that tells for sure whether a process works in a folder: the system frees it when the process ends."""

from __future__ import annotations

import time
from pathlib import Path

import filelock

# Whoever only asks holds the lock for an instant; asking again tells such a one from a holder.
QUESTIONS = 3
PAUSE = 0.01


class ProcessLock:
    """A file that at most one living process holds; what the clock says, or a process's number, does not matter."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = filelock.FileLock(path, thread_local=False)

    def acquire(self, timeout: float = 1.0) -> bool:
        """Take the lock within ``timeout`` seconds and keep it until the process ends or lets go.

        Returns whether it was free. On disks that know no locks it always is.
        """
        try:
            self._lock.acquire(timeout=timeout, poll_interval=PAUSE)
        except filelock.Timeout:
            return False
        except (OSError, NotImplementedError):
            return True
        return True

    def release(self) -> None:
        """Let go."""
        self._lock.release()

    def held(self) -> bool:
        """Return whether a living process, this one included, holds the lock."""
        if not self.path.exists():
            return False
        for question in range(QUESTIONS):
            if question:
                time.sleep(PAUSE)
            asked = filelock.FileLock(self.path, thread_local=False)
            try:
                asked.acquire(timeout=0)
            except filelock.Timeout:
                continue
            except (OSError, NotImplementedError):
                return False
            asked.release()
            return False
        return True
