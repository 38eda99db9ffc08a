"""Atomic writes and content hashes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from studio.base.errors import StudioError
from studio.base.messages import Message

_SAMPLES, _SAMPLE = 5, 1024
"""How many parts of a file are looked at to tell it from another one, and their bytes."""


def check_writable(folder: Path) -> None:
    """Nothing, when files can be made in ``folder`` (which is made if need be): to be asked before long work for it.

    Raises
    ------
    StudioError
        When they cannot.
    """
    _temporary_beside(folder / "trial").unlink(missing_ok=True)


def _temporary_beside(path: Path) -> Path:
    """An empty file of a new name in the folder of ``path``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Same suffix, since Pillow and PyAV choose the format by it.
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:60]}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise StudioError(
            Message(
                "Cannot write into the folder {folder}: {reason}.", folder=path.parent, reason=error.strerror or error
            ),
            "Choose another folder, or check that the disk is not full and that you may write there.",
        ) from error
    return Path(name)


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it is synced and renamed over ``path``.

    A crash, a full disk or an exception leaves the old file untouched and no temporary behind.

    Raises
    ------
    StudioError
        When the folder cannot be written or the disk is full.
    """
    temporary = _temporary_beside(path)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StudioError(
            Message("Cannot write {path}: {reason}.", path=path, reason=error.strerror or error),
            "Free some space on the disk or choose another folder, then try again. Nothing was overwritten.",
        ) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write ``data`` to ``path`` so that readers see the old or the new file, never a part."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


def file_stamp(path: Path) -> int:
    """A number that is another one when the content of a file changes, without reading all of it.

    Programs that copy or synchronise files give a new one the old one's time, and pictures of one kind have one size.
    The system's own time of the last change and the file's number tell them apart; Windows has no such time, there some
    of the content is read.

    Raises
    ------
    OSError
        When there is no such file.
    """
    stat = path.stat()
    digest = hashlib.blake2b(digest_size=7)
    digest.update(f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}".encode())
    if os.name == "nt":
        digest.update(_samples(path, stat.st_size))
    return int.from_bytes(digest.digest(), "big")


def _samples(path: Path, size: int) -> bytes:
    """Some of the content of a file, from its beginning to its end."""
    with path.open("rb") as file:
        parts = []
        for part in range(_SAMPLES):
            file.seek(max(0, size - _SAMPLE) * part // (_SAMPLES - 1))
            parts.append(file.read(_SAMPLE))
    return b"".join(parts)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
