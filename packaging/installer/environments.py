"""Environments side by side: a new one is made beside the one in use, and takes its place when it works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

STAMP = "latent-studio.json"
OLDEST = (3, 11)


def python_in(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(environment: Path) -> bool:
    """Whether an environment is there, runs (its Python may have been removed or moved) and is new enough."""
    if not python_in(environment).exists():
        return False
    code = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        done = subprocess.run([str(python_in(environment)), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make(environment: Path) -> bool:
    """Make an empty environment; returns whether that went well."""
    command = [sys.executable, "-m", "venv", "--clear", str(environment)]
    return subprocess.run(command, check=False).returncode == 0


def copy(old: Path, new: Path) -> None:
    """Copy an environment by hard links where the disk can: installers replace files, they never change them."""

    def link(source: str, target: str) -> str:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        return target

    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(old.resolve(), new, symlinks=True, copy_function=link)
    (new / STAMP).unlink(missing_ok=True)


def stamp_of(environment: Path) -> dict[str, Any]:
    """What was noted when an environment was installed; empty when nothing readable was."""
    try:
        stamp = json.loads((environment / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(environment: Path, stamp: dict[str, Any]) -> None:
    """Note what was installed."""
    path = environment / STAMP
    part = path.with_suffix(".part")
    part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    part.replace(path)


def switch(link: Path, environment: Path) -> None:
    """Make ``link`` lead to ``environment``; a real folder in its place moves to ``environments/replaced``."""
    target = os.path.relpath(environment, link.parent)
    if link.is_dir() and not link.is_symlink() and not _is_junction(link):
        replaced = environment.parent / "replaced"
        shutil.rmtree(replaced, ignore_errors=True)
        link.rename(replaced)
    if os.name == "nt":
        import _winapi  # links between folders that need no rights of an administrator

        if link.exists():
            link.rmdir()
        _winapi.CreateJunction(str(environment), str(link))  # type: ignore[attr-defined,unused-ignore]
        return
    fresh = link.with_name(link.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def _is_junction(path: Path) -> bool:
    return os.name == "nt" and bool(getattr(os.lstat(path), "st_reparse_tag", 0))


def sweep(folder: Path, keep: set[Path]) -> None:
    """Remove the environments in ``folder`` that are not in ``keep``."""
    kept = {path.resolve() for path in keep}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.resolve() not in kept:
            shutil.rmtree(path, ignore_errors=True)
