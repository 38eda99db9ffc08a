"""Run directories: the truth about a training run. Torch-free, so that the window can read them.

run.json        settings
events.jsonl    one JSON object a line: state, step, preview, checkpoint, metrics
control         "pause" or "stop", written by whoever watches; absent means "go on"
process.lock    held by the training process as long as it lives
process.json    process id and start time of the training process while there is one, and the bytes of events before it
queued          the run's place in the queue; absent when it does not wait
notes.txt       what the artist wrote about the run
start.safetensors   the model it started from, so that the run can move to another machine
start-discriminator.safetensors   the discriminator that belongs to it, if there is one
features.safetensors  features of the pictures, for the metrics
process.log     what the process printed
data.npy        the prepared pictures, uint8 (n, r, r, 3); or data.pack, see :mod:`studio.training.prepared`
choices.json    what the artist decided about single pictures: crops, kept, left out
previews/       00012800.jpg: samples from fixed latents
checkpoints/    00012800.pt: everything needed to go on exactly (the newest two)
nearest/        00012800.jpg: the samples nearest to a training picture, each left of that picture
model.safetensors   the newest exported model
discriminator.safetensors, discriminator-best.safetensors   what goes with the models when they are trained further
model-best.safetensors   the model with the best KID
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import psutil

from studio.base import Message, StudioError
from studio.base.documents import DocumentError
from studio.base.files import write_atomic
from studio.base.messages import NOTHING
from studio.base.paths import runs_dir
from studio.base.process_lock import ProcessLock
from studio.base.pytorch import PyTorchMissing, pytorch_installed
from studio.training.settings import TrainSettings, dumps_settings, loads_settings

Status = Literal["new", "queued", "preparing", "running", "paused", "stopped", "finished", "failed", "interrupted"]
TAIL_BYTES = 65536
PREVIEW_COLUMNS = 8
PREVIEW_ROWS = 5
"""Samples side by side and below one another in a preview."""

NEAREST_PAIRS = 24
NEAREST_COLUMNS = 4
"""Pairs in a sheet of nearest training pictures, and pairs side by side in it."""


@dataclass(frozen=True)
class RunState:
    """The state of a run.

    Attributes
    ----------
    seconds_left : None while the speed is unknown.
    message, action : what the run says of itself, and what to do about it; mostly nothing.
    """

    status: Status
    images: int = 0
    total: int = 0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    message: Message = NOTHING
    action: Message = NOTHING
    alive: bool = False


class RunDirectory:
    """One run on disk."""

    def __init__(self, path: Path) -> None:
        """Open an existing run.

        Raises
        ------
        StudioError
            When ``path`` holds no run, or that of a newer program.
        """
        self.path = path
        try:
            self.settings = loads_settings((path / "run.json").read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            if isinstance(error, DocumentError) and error.fault == "newer":
                raise StudioError(
                    Message("The run in {path} was made by a newer Latent Studio.", path=path),
                    "Update Latent Studio to open it.",
                ) from error
            raise StudioError(
                Message("{path} holds no training run, or its run.json is damaged.", path=path),
                "Choose a folder that a training run has made.",
            ) from error

    def __repr__(self) -> str:
        return f"RunDirectory({str(self.path)!r})"

    @classmethod
    def create(cls, settings: TrainSettings, parent: Path | None = None) -> RunDirectory:
        """Make a new run directory named after the run and the time."""
        parent = parent if parent is not None else runs_dir()
        slug = re.sub(r"[^\w-]+", "-", settings.name).strip("-")[:60] or "run"
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{slug}"
        for number in range(1000):
            path = parent / (stem if number == 0 else f"{stem}-{number}")
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise StudioError(
                    Message("Cannot make the run folder {path}: {reason}.", path=path, reason=error.strerror or error),
                    "Check the disk and try again.",
                ) from error
            write_atomic(path / "run.json", dumps_settings(settings))
            return cls(path)
        raise StudioError(Message("Too many runs named “{name}”.", name=settings.name), "Choose another name.")

    # -- the process ---------------------------------------------------------------------------------------------

    def start(self, processes: int | None = None) -> None:
        """Start (or go on with) the run in a process of its own that outlives this one.

        ``processes`` overrides the setting for this life of the run: another machine has other graphics cards.

        Raises
        ------
        StudioError
            When it is running already or the process cannot be started.
        """
        if not pytorch_installed():
            raise PyTorchMissing
        if self.alive():
            raise StudioError(
                Message("The run “{name}” is running already.", name=self.settings.name), "Resume it if it is paused."
            )
        self._control.unlink(missing_ok=True)
        self.unqueue()
        options: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}  # type: ignore[attr-defined]
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        count, said = processes if processes is not None else self.settings.processes, self._event_bytes()
        launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)] if count > 1 else []
        try:
            with (self.path / "process.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, *launcher, "-m", "studio.training", str(self.path)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                    **options,
                )
        except OSError as error:
            raise StudioError(
                Message("Cannot start the training process: {reason}.", reason=error), "Check the installation."
            ) from error
        self.note_process(process.pid, said)

    def note_process(self, pid: int, events: int | None = None) -> None:
        """Write down which process trains, and how many bytes of ``events`` were there before it (all, by default)."""
        with contextlib.suppress(psutil.NoSuchProcess):
            said = self._event_bytes() if events is None else events
            noted = {"pid": pid, "started": psutil.Process(pid).create_time(), "events": said}
            write_atomic(self.path / "process.json", json.dumps(noted))

    def note_end(self) -> None:
        """The training process says that it is done; it may take a moment to go, but needs nothing any more."""
        (self.path / "process.json").unlink(missing_ok=True)

    def resume(self, processes: int | None = None) -> None:
        """Go on: takes a pause back, or starts the process again (with ``processes``, see :meth:`start`).

        Raises
        ------
        StudioError
            When the process cannot be started.
        """
        self._control.unlink(missing_ok=True)
        if not self.alive():
            self.start(processes)

    def noted_process(self) -> int:
        """The process id written down, 0 when there is none."""
        try:
            return int(self._noted()["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _noted(self) -> dict[str, Any]:
        return dict(json.loads((self.path / "process.json").read_text()))

    def _event_bytes(self) -> int:
        try:
            return (self.path / "events.jsonl").stat().st_size
        except OSError:
            return 0

    def _died_silent(self) -> bool:
        """Return whether the newest process is gone without having said a word, or that it was done."""
        try:
            return self._event_bytes() <= int(self._noted()["events"])
        except (OSError, ValueError, KeyError, TypeError):
            return False  # none was started, or it has come to its end

    @property
    def lock(self) -> ProcessLock:
        """The lock that the training process holds while it lives."""
        return ProcessLock(self.path / "process.lock")

    def alive(self) -> bool:
        """Return whether the training process lives.

        Its lock says so for sure, whatever becomes of the clock; the process noted counts while that one starts, and on
        disks that know no locks.
        """
        if self.lock.held():
            return True
        try:
            noted = self._noted()
            process = psutil.Process(int(noted["pid"]))
            # A process id is used again sooner or later: the start time tells.
            return abs(process.create_time() - float(noted["started"])) < 2 and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            return False

    @property
    def _control(self) -> Path:
        return self.path / "control"

    def request(self, what: Literal["pause", "resume", "stop"]) -> None:
        """Ask the process to pause, go on or stop; it obeys before its next step."""
        if what == "resume":
            self._control.unlink(missing_ok=True)
        else:
            write_atomic(self._control, what)

    def requested(self) -> str:
        """The present request: "", "pause" or "stop"."""
        try:
            return self._control.read_text().strip()
        except OSError:
            return ""

    def prolong(self, images: int) -> None:
        """Let the run show ``images`` pictures in all; a finished one can go on then.

        Raises
        ------
        StudioError
            When it has shown more already.
        """
        shown = self.state().images
        if images <= shown:
            raise StudioError(
                Message("The run “{name}” has shown {shown:,} images already.", name=self.settings.name, shown=shown),
                Message("Choose more than {shown:,} images.", shown=shown),
            )
        self.settings = self.settings.model_copy(update={"images": images})
        write_atomic(self.path / "run.json", dumps_settings(self.settings))

    def lost_checkpoints(self) -> StudioError | None:
        """The error of a run that has learnt something, when no checkpoint can be read: it would begin anew."""
        if self.model_path is None:
            return None
        return StudioError(
            Message("The checkpoints of the run “{name}” are gone or damaged.", name=self.settings.name),
            Message(
                "What it had learnt is in {model}: start a new run from that model, or bring the checkpoints back.",
                model=self.model_path,
            ),
        )

    # -- what it did ---------------------------------------------------------------------------------------------

    def append_event(self, event: dict[str, Any]) -> None:
        """Add a line to ``events.jsonl``, with messages as :meth:`Message.to_data` (by the training process only)."""
        plain = {name: value.to_data() if isinstance(value, Message) else value for name, value in event.items()}
        line = json.dumps({**plain, "time": round(time.time(), 3)}) + "\n"
        with (self.path / "events.jsonl").open("a+b") as file:
            _drop_half_line(file)
            file.write(line.encode())

    def read_events(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Events from byte ``offset`` on, and the offset to go on from. A line still being written waits."""
        try:
            with (self.path / "events.jsonl").open("rb") as file:
                file.seek(offset)
                data = file.read()
        except OSError:
            return [], offset
        end = data.rfind(b"\n") + 1
        events = []
        for line in data[:end].splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                events.append(event)
        return events, offset + end

    def state(self) -> RunState:
        """The present state, from the last events and the process."""
        # Asked before the events are read: what a process that has ended wrote last is among them.
        alive = self.alive()
        events, _ = self.read_events(max(0, self._event_bytes() - TAIL_BYTES))
        status, message, action, images, speed = "new", NOTHING, NOTHING, 0, 0.0
        for event in events:
            images = int(event.get("images", images))
            if event.get("event") == "state":
                status = str(event.get("status", status))
                message = Message.from_data(event.get("message"))
                action = Message.from_data(event.get("action"))
            elif event.get("event") == "step":
                # In a long run the last change of state lies far before the part that is read here.
                status = "running"
                speed = float(event.get("images_per_second", speed))

        def broken() -> bool:
            # What an earlier process said is not said of one that died before its first word.
            return status in ("preparing", "running") or (status != "new" and self._died_silent())

        if broken() and not alive:
            alive = self.alive()  # it may have begun since
        if broken() and not alive:
            status = "interrupted"
            message = Message("The training process ended unexpectedly.")
            action = Message("Resume goes on from the last checkpoint.")
        if not alive and self.queued is not None:
            status, message, action = "queued", NOTHING, NOTHING
        total = self.settings.images
        left = (total - images) / speed if speed > 0 and status == "running" else None
        return RunState(status, images, total, speed, left, message, action, alive)  # type: ignore[arg-type]

    def previews(self) -> list[Path]:
        """Sample grids, oldest first."""
        return sorted((self.path / "previews").glob("*.jpg"))

    def checkpoints(self) -> list[Path]:
        """Checkpoints to resume from, oldest first: whole ones, not what is being written or was left by a kill."""
        return sorted(path for path in (self.path / "checkpoints").glob("*.pt") if not path.name.startswith("."))

    # -- the queue -----------------------------------------------------------------------------------------------

    @property
    def queued(self) -> float | None:
        """The place in the queue (smaller comes first), None when the run does not wait."""
        try:
            return float((self.path / "queued").read_text())
        except (OSError, ValueError):
            return None

    def enqueue(self, place: float | None = None) -> None:
        """Wait for the runs before this one; :func:`studio.training.queue.start_next` starts it."""
        write_atomic(self.path / "queued", repr(time.time() if place is None else place))

    def unqueue(self) -> bool:
        """Leave the queue; whether this call was the one that took it out."""
        try:
            (self.path / "queued").unlink()
        except FileNotFoundError:
            return False
        return True

    # -- notes ---------------------------------------------------------------------------------------------------

    @property
    def notes(self) -> str:
        """The artist's notes on the run."""
        try:
            return (self.path / "notes.txt").read_text("utf-8", errors="replace")
        except OSError:
            return ""

    def write_notes(self, text: str) -> None:
        """Keep ``text`` with the run.

        Raises
        ------
        StudioError
            When it cannot be written.
        """
        write_atomic(self.path / "notes.txt", text)

    @property
    def best_model_path(self) -> Path | None:
        """The model with the best KID, if anything was measured."""
        path = self.path / "model-best.safetensors"
        return path if path.exists() else None

    @property
    def model_path(self) -> Path | None:
        """The newest exported model, if any."""
        path = self.path / "model.safetensors"
        return path if path.exists() else None


def _drop_half_line(file: BinaryIO) -> None:
    """Take away what a process that was killed while it wrote left after the last whole line; no reader took it."""
    end = file.seek(0, os.SEEK_END)
    start = max(0, end - TAIL_BYTES)
    file.seek(start)
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole or not start:
        file.truncate(start + whole)


def list_runs(parent: Path | None = None) -> list[RunDirectory]:
    """All readable runs, newest first."""
    parent = parent if parent is not None else runs_dir()
    runs = []
    for path in sorted(parent.glob("*/run.json"), reverse=True):
        with contextlib.suppress(StudioError):
            runs.append(RunDirectory(path.parent))
    return runs
