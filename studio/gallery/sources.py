"""Photos by content: a copy is kept, so that a recipe works after the original was moved or deleted."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import threading
from pathlib import Path

from studio.base import Message, Progress, StudioError, Work, drain
from studio.base.files import atomic_path, file_stamp, sha256_of, write_atomic
from studio.base.removable import RemovableFolder
from studio.media.metadata import FileMetadata, metadata_of
from studio.media.photo_notes import rgb_profile_of
from studio.media.photos import describe_photo
from studio.recipes import FileRef, Recipe, photo_shown

SHORT = 16
_BLOCK = 4 * 2**20
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class SourceStore:
    """A folder of photos named ``<first 16 digits of their hash>-<name>``. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._gallery = RemovableFolder(folder.parent)
        self._verified: dict[str, tuple[Path, int]] = {}
        self._lent: dict[str, tuple[Path, int]] = {}
        self._lock = threading.RLock()
        self._adding = threading.Lock()

    def add(self, path: Path) -> FileRef:
        """Keep a copy of a picture file. Raises as :meth:`adding`."""
        return drain(self.adding(path, path.name))

    def add_bytes(self, data: bytes, name: str) -> FileRef:
        """Keep a picture that came as bytes (from a browser or the clipboard). Raises as :meth:`adding`."""
        return drain(self.adding(data, name))

    def adding(self, source: Path | bytes, name: str) -> Work[FileRef]:
        """Keep a copy of a picture, telling how far it is: first it is read, then copied.

        Raises
        ------
        StudioError
            When it is no readable picture, or the copy cannot be written: the disk is full, or not there any more.
        """
        describe_photo(source)
        self._gallery.check()
        if isinstance(source, bytes):
            ref = FileRef(hash=hashlib.sha256(source).hexdigest(), name=safe_name(name))
            with self._lock:
                if self._kept(ref) is None:
                    write_atomic(self._path(ref), source)
            return ref
        try:
            total = 2 * source.stat().st_size
            digest = yield from _copying(source, None, 0, total, Message("Reading the picture"))
            ref = FileRef(hash=digest, name=safe_name(name))
            with self._adding:  # held while copying: two at once would keep the photo twice
                if self._kept(ref) is None:
                    with atomic_path(self._path(ref)) as temporary:
                        copied = yield from _copying(
                            source, temporary, total // 2, total, Message("Copying the picture")
                        )
                        if copied != digest:
                            changing = Message("“{name}” is being written right now.", name=source.name)
                            raise StudioError(changing, "Try again in a moment.")
        except OSError as error:
            raise StudioError(
                Message("“{name}” cannot be read: {reason}.", name=source.name, reason=error.strerror),
                "Check the file.",
            ) from error
        return ref

    def lend(self, path: Path) -> FileRef:
        """Let recipes use a picture file where it is, without a copy, for as long as it lies there unchanged.

        Raises
        ------
        StudioError
            When it is no readable picture.
        """
        describe_photo(path)
        state = _state(path)
        try:
            ref = FileRef(hash=sha256_of(path), name=safe_name(path.name))
        except OSError as error:
            raise StudioError(
                Message("“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror), "Check the file."
            ) from error
        with self._lock:
            if state is not None:
                self._lent[ref.hash] = state
        return ref

    def keep(self, ref: FileRef) -> None:
        """Keep a copy of what was only lent; nothing to do for anything else. Raises as :meth:`add`."""
        with self._lock:
            lent = self._lent.get(ref.hash)
        if lent is not None and lent == _state(lent[0]):
            self.add(lent[0])  # outside the lock: copying has one of its own, taken before this one

    def find(self, ref: FileRef) -> Path | None:
        """The file with this content, whatever its name, or None. A file changed since is not taken for it."""
        with self._lock:
            lent = self._lent.get(ref.hash)
            if lent is not None and lent == _state(lent[0]):
                return lent[0]
            return self._kept(ref)

    def _kept(self, ref: FileRef) -> Path | None:
        """As :meth:`find`, among our copies only."""
        with self._lock:
            known = self._verified.get(ref.hash)
            if known is not None and known == _state(known[0]):
                return known[0]
            for path in sorted(self.folder.glob(f"{ref.hash[:SHORT]}-*")):
                state = _state(path)
                with contextlib.suppress(OSError):  # a file that cannot be read is as good as missing
                    if state is not None and sha256_of(path) == ref.hash:
                        self._verified[ref.hash] = state
                        return path
        return None

    def profile_of(self, recipe: Recipe) -> bytes | None:
        """The colour profile of the photo that ``recipe`` restyles, for exports; None for sRGB, and without a photo."""
        shown = photo_shown(recipe)
        path = self.find(shown.photo) if shown is not None else None
        return None if path is None else rgb_profile_of(path)

    def metadata_of(self, recipe: Recipe) -> FileMetadata:
        """The metadata of the photo in ``recipe``, for exports; nothing without a photo."""
        shown = photo_shown(recipe)
        path = self.find(shown.photo) if shown is not None else None
        return FileMetadata() if path is None else metadata_of(path)

    def _path(self, ref: FileRef) -> Path:
        """A free name; the plain one is taken only when the artist changed our copy, which we leave alone."""
        names = itertools.chain([ref.name], (f"{number}-{ref.name}" for number in itertools.count(2)))
        paths = (self.folder / f"{ref.hash[:SHORT]}-{name}" for name in names)
        return next(path for path in paths if not path.exists())


def _copying(source: Path, copy: Path | None, done: int, total: int, doing: Message) -> Work[str]:
    """The SHA-256 of a file, which is copied to ``copy`` at the same time if there is one."""
    digest = hashlib.sha256()
    with source.open("rb") as file, copy.open("wb") if copy is not None else contextlib.nullcontext() as written:
        while block := file.read(_BLOCK):
            digest.update(block)
            if written is not None:
                written.write(block)
            done += len(block)
            yield Progress(done, total, doing)
    return digest.hexdigest()


def _state(path: Path) -> tuple[Path, int] | None:
    """A stamp that changes when the file changes; None when there is none."""
    try:
        return path, file_stamp(path)
    except OSError:
        return None


def safe_name(name: str) -> str:
    """A file name that every system accepts: its ending kept, at most 80 characters and 160 bytes."""
    # Linux file names may hold bytes that are no text.
    name = name.encode("utf-8", "replace").decode("utf-8")
    path = Path(_UNSAFE.sub("_", name).strip(" .") or "picture")
    suffix = path.suffix if len(path.suffix.encode()) <= 10 else ""
    stem = path.name.removesuffix(suffix)[: 80 - len(suffix)]
    stem = stem.encode()[: 160 - len(suffix.encode())].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem or 'picture'}{suffix}"
