"""Atomic writes, names that are taken once, folders for a moment, leftovers of killed programs, and content hashes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import platform
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from studio.base.errors import StudioError
from studio.base.messages import Message

_SAMPLES, _SAMPLE = 5, 1024
"""How many parts of a file are looked at to tell it from another one, and their bytes."""
# The process that writes and its computer are part of the name: once it is gone, so may be the file.
_TEMPORARY = re.compile(r"\.?latent-studio-(\d+)-(?:([0-9a-f]{4})-)?\w{8}(?:\.|$)")
_HOST = hashlib.blake2b(platform.node().encode(errors="replace"), digest_size=2).hexdigest()
_CLOCK_STEP, _DAY = 60.0, 86_400.0
_SWEEP_AGAIN = 5.0
"""Seconds after which a folder is looked through again when this process goes on writing there."""
_swept: dict[Path, float] = {}
"""When this process last looked for leftovers in which folder, by the monotonic clock."""
# Where two files cannot share their content by a link (FAT, some network disks).
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES)


def check_writable(folder: Path) -> None:
    """Nothing, when files can be made in ``folder`` (which is made if need be): to be asked before long work for it.

    Raises
    ------
    StudioError
        When they cannot.
    """
    _temporary_beside(folder / "trial").unlink(missing_ok=True)


def no_folder(path: Path, action: str | Message) -> StudioError:
    """The error for a ``path`` that is no folder: a file, or nothing at all. ``action``: what to do then."""
    if path.exists():
        return StudioError(Message("{path} is a file, not a folder.", path=path), action)
    return StudioError(Message("The folder {folder} does not exist.", folder=path), action)


def _temporary_beside(path: Path) -> Path:
    """An empty file of a new name in the folder of ``path``, with the rights that new files have (umask)."""
    if path.parent.exists() and not path.parent.is_dir():
        raise no_folder(path.parent, Message("Choose another folder to write into."))
    # Same suffix, since Pillow and PyAV choose the format by it; short, however long the name of ``path`` is.
    temporary = path.parent / f".{_prefix()}{secrets.token_hex(4)}{path.suffix[:16]}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(0o666, exist_ok=False)
    except OSError as error:
        raise StudioError(
            Message(
                "Cannot write into the folder {folder}: {reason}.", folder=path.parent, reason=error.strerror or error
            ),
            "Choose another folder, or check that the disk is not full and that you may write there.",
        ) from error
    _sweep_now_and_then(path.parent)
    return temporary


def _prefix() -> str:
    return f"latent-studio-{os.getpid()}-{_HOST}-"


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield an empty folder among the system's temporary files, which is gone afterwards.

    Those of programs that were killed are removed by the next one.
    """
    with tempfile.TemporaryDirectory(prefix=_prefix(), ignore_cleanup_errors=True) as folder:
        _sweep_now_and_then(Path(folder).parent)
        yield Path(folder)


def lasting_scratch_folder(parent: Path) -> Path:
    """A new empty folder in ``parent`` for as long as this process lives; the next one removes what is left of it."""
    folder = Path(tempfile.mkdtemp(prefix=_prefix(), dir=parent))
    _sweep_now_and_then(parent)
    return folder


def _sweep_now_and_then(folder: Path) -> None:
    """Sweep ``folder`` when this process writes there, unless it did so moments ago: nothing lies there for good."""
    now = time.monotonic()
    if folder not in _swept or now - _swept[folder] >= _SWEEP_AGAIN:
        _swept[folder] = now
        sweep_leftovers(folder)


def sweep_leftovers(folder: Path) -> int:
    """Remove what programs that were killed left half written in ``folder``; returns how many files that were."""
    removed = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.match(entry.name)
            if found is not None and _is_left(entry, int(found.group(1)), found.group(2)):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink(missing_ok=True)
                removed += 1
    return removed


def _is_left(entry: os.DirEntry[str], pid: int, host: str | None) -> bool:
    """Return whether nobody writes a temporary file or folder any more."""
    written = entry.stat(follow_symlinks=False).st_mtime
    if host not in (_HOST, None):
        return time.time() - written > _DAY  # processes of other computers on the same disk cannot be asked
    try:
        process = psutil.Process(pid)
        # A number is given again sooner or later, to a process that is younger than what the old one wrote. One that
        # was killed keeps its number until the program that started it asks how it ended.
        return process.status() == psutil.STATUS_ZOMBIE or process.create_time() > written + _CLOCK_STEP
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


@contextlib.contextmanager
def _finished(path: Path, place: Callable[[Path], None], kept: str) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; when it is written, it is synced and ``place`` gives it its name."""
    temporary = _temporary_beside(path)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        place(temporary)
        _sync_folder(path.parent)
    except (FileExistsError, StudioError):
        raise
    except Exception as error:
        fault = _fault_of_disk(error)
        if fault is None:
            raise
        reason = fault.strerror or fault
        raise StudioError(Message("Cannot write {path}: {reason}.", path=path, reason=reason), kept) from fault
    finally:
        temporary.unlink(missing_ok=True)


def _fault_of_disk(error: Exception) -> OSError | None:
    """The system's error that ``error`` is or stands for; None for errors of another kind.

    Safetensors (in Rust) and PyTorch (in C++) raise errors of their own over it.
    """
    if isinstance(error, OSError):
        return error
    said = str(error)
    number = re.search(r"\(os error (\d+)\)", said)
    if number is None and "inline_container" not in said:
        return None
    code = errno.ENOSPC if number is None else int(number.group(1))
    fault = OSError(code, os.strerror(code))
    fault.__cause__ = error
    return fault


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it is synced and renamed over ``path``.

    A crash, a full disk or an exception leaves the old file untouched and no temporary behind. For files that are the
    program's own; those of the artist are written by :func:`new_path`.

    Raises
    ------
    StudioError
        When the folder cannot be written or the disk is full.
    """

    # What a link names is written, and the link stays: people keep settings in other folders so.
    target = path.resolve() if path.is_symlink() else path

    def place(temporary: Path) -> None:
        temporary.replace(target)

    kept = "Free some space on the disk or choose another folder, then try again. Nothing was overwritten."
    with _finished(target, place, kept) as temporary:
        yield temporary


class NewName:
    """The name that a finished file got; ``path`` is set once it has it."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        self.path = Path()


@contextlib.contextmanager
def new_path(wanted: Path, *, numbered: bool = False) -> Iterator[NewName]:
    """Yield a temporary path; on success it gets the name ``wanted``, which no file may have.

    The name appears with the finished file, and only one of several programs that want it at once gets it. With
    ``numbered``, a name that is taken becomes "name (2)", "name (3)" ...

    Raises
    ------
    StudioError
        When the name is taken (unless ``numbered``), the folder cannot be written or the disk is full.
    """
    taken: NewName

    def place(temporary: Path) -> None:
        for number in itertools.count(1):
            path = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
            try:
                _link_new(temporary, path)
            except FileExistsError:
                if not numbered:
                    raise
                continue
            taken.path = path
            return

    kept = "Free some space on the disk or choose another folder, then try again. Nothing was changed."
    try:
        with _finished(wanted, place, kept) as temporary:
            taken = NewName(temporary)
            yield taken
    except FileExistsError as error:
        raise already_there(wanted) from error


@contextlib.contextmanager
def artists_path(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a temporary path for a file that the artist asked for; an older one is replaced only with ``overwrite``.

    Raises
    ------
    StudioError
        When the name is taken and must not be, the folder cannot be written or the disk is full.
    """
    if overwrite:
        with atomic_path(path) as temporary:
            yield temporary
        return
    with new_path(path) as taken:
        yield taken.temporary


def already_there(path: Path) -> StudioError:
    """The error for a file that would be overwritten."""
    return StudioError(
        Message("{path} is there already and was not overwritten.", path=path),
        "Choose another name, or say that it may be replaced (--overwrite on the command line).",
    )


def _link_new(temporary: Path, path: Path) -> None:
    """Give a file the name ``path`` as well or instead; FileExistsError when another file has it."""
    if os.name == "nt":
        temporary.rename(path)  # refuses names that are taken
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # The name is taken first, for a moment, by an empty file.
        path.touch(exist_ok=False)
        temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, so that a power cut does not lose a name that was given."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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


def size_text(count: float) -> str:
    """Return ``count`` bytes with a unit small enough to tell amounts apart: "640 KB", "1,900 MB", "34.5 GB"."""
    for unit, size, below in (("KB", 1e3, 1e7), ("MB", 1e6, 1e10)):
        if count < below:
            return f"{count / size:,.0f} {unit}"
    return f"{count / 1e9:,.1f} GB"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
