"""Compiled layers for processors: the same numbers as the plain ones, several times as fast.

Numba keeps what it compiled on the disk, but sees only changes of the file that a loop stands in, not of those whose
functions it puts in there (:mod:`studio.networks.cpu.vectors`). So every state of these files has a cache of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from studio import __version__
from studio.base import StudioError
from studio.base.paths import cache_dir

CACHE = "compiled-"
"""Caches are called so, followed by their state."""
KEEP_SECONDS = 7 * 86400
"""Caches of other states that nobody has begun to use for so long are removed; a training may be running with one."""


def digest_of(folder: Path) -> str:
    """SHA-256 of the program's version and the Python files in ``folder``, their names included; 16 hex digits."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(folder.glob("*.py")):
        content = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def choose_cache(sources: Path, places: Iterable[Path]) -> Path | None:
    """Return the cache for what is compiled from ``sources``, in the first of ``places`` that can be written.

    It is made where it is missing, and stale ones beside it are removed. None when no place can be written: Numba looks
    for one itself then.
    """
    name = CACHE + digest_of(sources)
    for place in places:
        if place.name == name:
            return place  # the process that started this one has chosen it
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            if not os.access(folder, os.W_OK):
                continue
            for other in place.glob(f"{CACHE}*"):
                if other != folder and other.stat().st_mtime < time.time() - KEEP_SECONDS:
                    shutil.rmtree(other, ignore_errors=True)
        except OSError:
            continue
        return folder
    return None


def _use_cache() -> None:
    named, here = os.environ.get("NUMBA_CACHE_DIR"), Path(__file__).parent
    places = [Path(named)] if named else [here / "__pycache__"]
    with contextlib.suppress(StudioError):
        places.append(cache_dir())
    folder = choose_cache(here, places)
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder)  # Numba reads it when it is imported, which may have been before
        if "numba" in sys.modules:
            sys.modules["numba"].config.CACHE_DIR = str(folder)


_use_cache()
