"""Opens every file of a folder in a process that is watched: what it says, how long it takes, how much memory.

    python -m tests.support.hostile_runner FOLDER

FOLDER has ``files/`` and the empty folders ``library/`` and ``tmp/``. Prints one JSON line an attempt. On Linux what
is allocated beyond ``HEADROOM`` is refused by the system, and so changes what is said; elsewhere it is counted by
``tracemalloc``, which makes all of it six times slower.
"""

from __future__ import annotations

import contextlib
import encodings.cp437
import encodings.utf_8_sig
import encodings.utf_16  # noqa: F401
import json
import os
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import torch

from studio.base import StudioError
from studio.checkpoints import ModelLibrary, discriminators  # noqa: F401 (imported by the library on first use)
from studio.checkpoints.foreign import import_network
from studio.checkpoints.store import load_model

# Events of Python's audit hooks that reading a file as data never causes.
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.putenv", "os.unsetenv",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.startfile", "subprocess.Popen", "pty.spawn", "exec", "compile", "import", "marshal.loads", "pickle.find_class",
    "code.__new__", "function.__new__", "ctypes.dlopen", "socket.connect", "socket.bind", "urllib.Request",
    "webbrowser.open", "shutil.rmtree", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HEADROOM = 300 * 2**20
"""Address space beyond what the process has before the first file."""
COUNTED = sys.platform != "linux"
"""Whether what is allocated is counted, not limited."""

events: list[str] = []
watching = False
before: tuple[Any, ...] = ()
"""What :func:`state` was after the last file."""


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not watching:
        return
    written = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITING)
    if written or event in FORBIDDEN:
        events.append(f"{event} {str(arguments)[:200]}")


def state() -> tuple[Any, ...]:
    """What must not change."""
    folders = [path for path in root.iterdir() if path.name != "files"]
    files = sorted(str(path) for folder in folders for path in (folder, *folder.rglob("*")))
    return files, dict(os.environ), sorted(sys.modules), sys.getrecursionlimit(), torch.get_num_threads()


def attempt(name: str, route: str, call: Callable[[], object]) -> None:
    global watching, before
    events.clear()
    held = 0
    if COUNTED:
        tracemalloc.reset_peak()
        held = tracemalloc.get_traced_memory()[0]
    start = time.process_time()
    found: dict[str, Any] = {"name": name, "route": route}
    watching = True
    try:
        call()
        found["error"] = None
    except StudioError as problem:
        found |= {"error": "StudioError", "message": str(problem.message), "action": str(problem.action)}
    except BaseException as problem:
        watching = False
        found |= {"error": repr(problem)[:300], "message": traceback.format_exc()[-3000:], "action": ""}
    watching = False
    found["seconds"] = time.process_time() - start
    found["allocated"] = tracemalloc.get_traced_memory()[1] - held if COUNTED else 0
    found["events"] = list(events)
    after = state()
    found["changed"] = [str((b, a))[:300] for b, a in zip(before, after, strict=True) if b != a]
    before = after
    print(json.dumps(found), flush=True)


def main() -> None:
    """Try every file in every way a file can come in: networks of other programs are read on the way to the library."""
    global before
    torch.set_num_threads(1)
    library = ModelLibrary([root / "own", root / "library"])
    # What is imported or made on first use is not the files' doing.
    for path in sorted((root / "files").glob("good-*")):
        (load_model if path.suffix == ".safetensors" else import_network)(path)
    with contextlib.suppress(StudioError):
        library.add(root / "files" / "nothing-there.safetensors")
    if COUNTED:
        tracemalloc.start()
    else:
        import resource

        limit = psutil.Process().memory_info().vms + HEADROOM
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.addaudithook(watch)
    before = state()
    for path in sorted((root / "files").iterdir()):
        if path.name.startswith("good-"):
            continue
        if path.suffix == ".safetensors":
            attempt(path.name, "load", lambda path=path: load_model(path))
        attempt(path.name, "add", lambda path=path: library.add(path))


if __name__ == "__main__":
    root = Path(sys.argv[1])
    main()
