"""Installing with pip, where uv cannot be had: it says no sizes before it fetches, nor goes on within a file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from installer.builds import LATER, Build, index_address
from installer.environments import check_room
from installer.packages import TORCH, without_torch
from installer.report import fail

ROOM = {LATER: 2 * 10**9, "cpu": 3 * 10**9, "card": 10 * 10**9}
"""Bytes that must be free: pip keeps all files until the last is unpacked."""


def install(python: Path, project: Path, extra: str, build: Build) -> None:
    """Install ``project`` with its optional dependencies ``extra`` (or empty) into the environment of ``python``.

    Ends the program with a clear line when that does not work.
    """
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install"]
    backend = build.backend
    if backend == LATER:
        steps = [[*pip, *without_torch(project, extra)], [*pip, "--no-deps", "--editable", str(project)]]
    else:
        steps = [[*pip, "--index-url", f"{index_address()}/{backend}", *TORCH]] if backend else []
        steps.append([*pip, "--editable", f"{project}[{extra}]" if extra else str(project)])
    environment = python.parent.parent
    if not any((*environment.glob("lib/*/site-packages/torch"), *environment.glob("Lib/site-packages/torch"))):
        # The package index's own build (empty) is the one for a card on Linux only.
        kind = backend or ("card" if sys.platform == "linux" else "cpu")
        check_room(environment, ROOM.get(kind, ROOM["card"]))
    for step in steps:
        # The system's folder for such files is often small, a part of the memory.
        with tempfile.TemporaryDirectory(dir=environment.parent) as folder:
            places = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)}
            done = subprocess.run(step, env=places, check=False).returncode == 0
        if not done:
            fail(
                "Installing failed; the lines above say why. Check the connection to the internet and the free space "
                "on the disk, then run the same command again: what is already downloaded is kept."
            )
