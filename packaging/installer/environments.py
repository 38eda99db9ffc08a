"""Environments side by side: a new one is made beside the one in use, and takes its place when it works."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from installer import OLDEST
from installer.report import fail, megabytes

STAMP = "latent-studio.json"
LOCK = "installing.lock"


def python_in(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(environment: Path) -> bool:
    """Whether an environment is there, whole, runs (its Python may have been removed or moved) and is new enough."""
    if not python_in(environment).exists() or _mark(environment).exists():
        return False
    code = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        done = subprocess.run([str(python_in(environment)), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _mark(environment: Path) -> Path:
    """The file that is there while an environment is being changed."""
    whole = environment.resolve()
    return whole.with_name(f"{whole.name}.unfinished")


@contextlib.contextmanager
def changing(environment: Path) -> Iterator[None]:
    """Within, ``environment`` is being changed; when that is broken off, it does not count as one that works."""
    mark = _mark(environment)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    yield
    mark.unlink()


def make(environment: Path) -> bool:
    """Make an empty environment; returns whether that went well."""
    command = [sys.executable, "-m", "venv", "--clear", str(environment)]
    return subprocess.run(command, check=False).returncode == 0


def check_room(environment: Path, needed: int) -> None:
    """End the program with a clear line when the disk of ``environment`` has fewer than ``needed`` bytes free."""
    free = shutil.disk_usage(environment).free
    if free < needed:
        fail(
            "Installing needs about {needed} on the disk of {folder}, and {free} are free. Make room, or move Latent "
            "Studio to a larger disk, and run the same command again.",
            needed=megabytes(needed),
            folder=environment,
            free=megabytes(free),
        )


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


@contextlib.contextmanager
def exclusive(folder: Path, waiting: Callable[[], None], wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Within, no other start installs into ``folder``. While one does, this waits, after one call of ``waiting``.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as file:  # unlocked when it is closed, also by a program that is killed
        told = False
        while not _lock(file.fileno()):
            if not told:
                waiting()
            told = True
            wait(1.0)
        yield


def _lock(file: int) -> bool:
    """Lock an open file; False when another program holds it. Disks of networks that know no locks are let pass."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


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
            _mark(path).unlink(missing_ok=True)
