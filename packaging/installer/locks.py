"""The versions that a release was tried with: one file for each system and kind of device, used as constraints.

The lower bounds in ``pyproject.toml`` stay wide. A lock belongs to the dependencies it was made for; when these have
changed since, it is left aside.
"""

from __future__ import annotations

import hashlib
import json
import platform
import tomllib
from pathlib import Path

FOLDER = "packaging/locks"
SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
MADE_FOR = "# made for "


def dependencies_digest(project: Path) -> str:
    """The dependencies of ``pyproject.toml``, all extras included, as a digest (hex)."""
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [declared.get("dependencies", []), declared.get("optional-dependencies", {})]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def lock_name(system: str, backend: str) -> str:
    """The name of the lock for a system as ``platform`` calls it and a build of PyTorch ("cpu", "cu130", ...).

    The package index's own build (empty) is the one for NVIDIA on Linux, and the processor's elsewhere.
    """
    cuda = backend.startswith("cu") or (not backend and system == "Linux")
    return f"{SYSTEMS.get(system, system.lower())}-{'cuda' if cuda else 'cpu'}.txt"


def lock_for(project: Path, backend: str, system: str = "") -> Path | None:
    """The lock that fits, or None: there is none, or the dependencies have changed since it was made."""
    path = project / FOLDER / lock_name(system or platform.system(), backend)
    try:
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    except OSError:
        return None
    return path if first == MADE_FOR + dependencies_digest(project) else None
