"""The process of a training run: one a run, stopped tidily by signals, and its end noted in the run's folder."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from studio.base import Message, StudioError
from studio.base.memory import is_out_of_memory
from studio.training.loop import Session
from studio.training.queue import start_next
from studio.training.runs import RunDirectory


def train_process(path: Path) -> int:
    """Body of the training process: run, note how it ended, return the exit code."""
    run = RunDirectory(path)
    if int(os.environ.get("RANK", "0")):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the first process decides, and tells this one
        return _train_and_tell(run)
    lock = run.lock
    if not lock.acquire():
        return 0  # started twice in the same moment: the other one trains
    run.note_process(os.getpid())
    try:
        with stopping_on_signals(run) as came:
            return _train_and_tell(run)
    finally:
        run.note_end()
        lock.release()
        if not came:  # else the computer shuts down, or another program decides what runs on it
            with contextlib.suppress(StudioError):
                if run.state().status == "paused" and run.requested() != "pause":
                    run.start()  # "resume" came while this process was ending
                start_next(path.parent)


@contextlib.contextmanager
def stopping_on_signals(run: RunDirectory) -> Iterator[list[int]]:
    """Within, SIGTERM (log-out, shutdown, a scheduler's notice) stops ``run`` with a checkpoint.

    Yields the list that the signal's number is added to when it comes.
    """
    came: list[int] = []

    def stop(number: int, _frame: object) -> None:
        came.append(number)
        run.request("stop")

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


def _train_and_tell(run: RunDirectory) -> int:
    session = Session(run)
    try:
        for _ in session.train():
            pass
    except StudioError as error:
        session.event("state", status="failed", message=error.message, action=error.action)
        return 3
    except Exception as error:
        if is_out_of_memory(error):
            session.event(
                "state",
                status="failed",
                message=Message(
                    "The device has not enough memory for batches of {batch} at {resolution} px.",
                    batch=run.settings.batch,
                    resolution=run.settings.resolution,
                ),
                action=Message("Start a new run with a smaller batch or resolution."),
            )
            return 3
        session.event(
            "state",
            status="failed",
            message=Message("{kind}: {reason}", kind=type(error).__name__, reason=error),
            action=Message("See process.log in the run folder."),
        )
        raise
    return 0
