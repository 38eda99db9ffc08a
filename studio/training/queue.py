"""Runs that wait for their turn: each has a file ``queued`` in its folder, so the queue survives everything.

Whoever is there starts the next: the training process that ends, the window, the command line.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from studio.base import StudioError
from studio.base.paths import runs_dir
from studio.base.process_lock import ProcessLock
from studio.training.runs import RunDirectory, list_runs


def waiting(parent: Path | None = None) -> list[RunDirectory]:
    """The queued runs in order."""
    found = [(run.queued, run) for run in list_runs(parent) if (run.path / "queued").exists()]
    return [
        run for place, run in sorted((pair for pair in found if pair[0] is not None), key=lambda pair: pair[0] or 0)
    ]


def move_to_front(run: RunDirectory) -> None:
    """Make a queued run the next."""
    others = [other.queued for other in waiting(run.path.parent) if other.path != run.path]
    run.enqueue(min((place for place in others if place is not None), default=time.time()) - 1)


def busy(parent: Path | None = None) -> RunDirectory | None:
    """The run the queue waits for: one that is at work, or paused and to go on."""
    for run in list_runs(parent):
        if run.alive() or (run.state().status == "paused"):
            return run
    return None


def start_next(parent: Path | None = None) -> RunDirectory | None:
    """Start the first queued run unless another one is at work; returns the run that was started.

    Raises
    ------
    StudioError
        When its process cannot be started; it has left the queue then.
    """
    parent = parent if parent is not None else runs_dir()
    if not any(parent.glob("*/queued")):
        return None
    with _locked(parent) as mine:
        if not mine or busy(parent) is not None:
            return None
        for run in waiting(parent):
            if run.unqueue():
                try:
                    run.start()
                except StudioError as error:
                    run.append_event(
                        {"event": "state", "status": "failed", "message": error.message, "action": error.action}
                    )
                    raise
                return run
    return None


@contextlib.contextmanager
def _locked(parent: Path) -> Iterator[bool]:
    """Return whether this process may decide; two at once would start two runs."""
    lock = ProcessLock(parent / ".queue-lock")
    mine = lock.acquire(timeout=0)
    try:
        yield mine
    finally:
        lock.release()
