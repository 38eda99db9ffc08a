"""Folders made ready once: every square that the network will see, in one file that is read as it lies on the disk.

Kept in the cache under a hash of what is in it (contents of the pictures, crops, settings), so that a folder that has
changed is another set, and a second run with the same pictures begins at once. Each run gets the file as its
own ``data.npy`` or ``data.pack`` (a hard link where the disk has them, else a copy) and depends on nothing else: the
cache may be emptied at any time, and a run's folder moved to another machine.

Up to ``RAW_LIMIT`` bytes the form is a plain uint8 array (n, side, side, 3), read by memory map: 20,000 squares of 256
pixels a second on one core. Larger sets become lossless WebP files one behind the other, a third of the size, exactly
the same pixels, 700 a second a core; decoding the originals gave 64 (500 px PNGs with transparency).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock
import numpy as np
from numpy.typing import NDArray
from PIL import features

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import atomic_path, size_text, write_atomic
from studio.base.paths import cache_dir
from studio.media.photos import open_photo
from studio.training.findings import FolderReport, PictureFinding
from studio.training.framing import Box, Framing, boxes_of, cut_out
from studio.training.picture_decisions import PictureDecisions
from studio.training.picture_files import PACKED_NAME, RAW_NAME, PicturesWriter
from studio.training.video_frames import read_frames

RAW_LIMIT = 4 * 2**30
_FORM = 1
_PIXELS_AT_ONCE = 48_000_000
_SPARE = 200 * 2**20
_KEEP_SECONDS = 60 * 86400


@dataclass(frozen=True, slots=True)
class Cut:
    """One square of the set: where it comes from. ``frame`` is None for picture files."""

    path: Path
    content: str
    box: Box
    width: int
    height: int
    frame: int | None = None

    @property
    def pixels(self) -> int:
        """Number of pixels of the whole picture."""
        return self.width * self.height

    @property
    def long(self) -> int:
        """The long side of the whole picture."""
        return max(self.width, self.height)


@dataclass(frozen=True)
class PreparedSet:
    """A set in the cache. ``size`` in bytes, ``made`` in seconds since 1970."""

    path: Path
    folder: str
    count: int
    resolution: int
    size: int
    made: float

    @property
    def data(self) -> Path:
        """The file with the pictures."""
        raw = self.path / RAW_NAME
        return raw if raw.exists() else self.path / PACKED_NAME


def sets_dir() -> Path:
    """The folder of prepared sets."""
    return cache_dir() / "training" / "prepared"


def cuts_of(report: FolderReport, framing: Framing, decisions: PictureDecisions) -> list[Cut]:
    """The squares that the used pictures of a folder give, in order."""
    return cuts_from(report.used, framing, decisions)


def cuts_from(findings: Iterable[PictureFinding], framing: Framing, decisions: PictureDecisions) -> list[Cut]:
    """The squares that these pictures give, in order."""
    return [
        Cut(found.path, found.content, box, found.width, found.height, found.frame)
        for found in findings
        for box in boxes_of(
            found.width,
            found.height,
            framing,
            content=found.content,
            salient=found.salient,
            chosen=decisions.boxes.get(found.content),
        )
    ]


def key_of(cuts: Sequence[Cut], framing: Framing) -> str:
    """The name of the set: a hash of everything that is in it."""
    digest = hashlib.sha256(json.dumps([_FORM, framing.resolution, framing.background]).encode())
    for cut in cuts:
        digest.update(f"{cut.content} {cut.box}\n".encode())
    return digest.hexdigest()[:32]


def find_set(key: str) -> PreparedSet | None:
    """The set ``key`` if it is there and whole."""
    path = sets_dir() / key
    try:
        properties = json.loads((path / "set.json").read_bytes())
        found = PreparedSet(
            path,
            properties["folder"],
            properties["count"],
            properties["resolution"],
            properties["size"],
            properties["made"],
        )
        return found if found.data.stat().st_size == found.size else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_sets() -> list[PreparedSet]:
    """All sets in the cache, newest first."""
    found = [find_set(path.parent.name) for path in sets_dir().glob("*/set.json")]
    return sorted((one for one in found if one is not None), key=lambda one: -one.made)


def remove_set(path: Path) -> None:
    """Remove a set from the cache; runs that use it have their own."""
    shutil.rmtree(path, ignore_errors=True)


def cache_size() -> int:
    """Bytes that all sets take in the cache, unfinished ones included."""
    return sum(file.stat().st_size for file in sets_dir().glob("*/*") if file.is_file())


def empty_cache() -> None:
    """Remove all sets that are not just being made."""
    for path in sets_dir().glob("*/"):
        lock = filelock.FileLock(path.with_suffix(".lock"))
        with contextlib.suppress(filelock.Timeout, OSError), lock.acquire(timeout=0):
            remove_set(path)


def prepare_set(cuts: Sequence[Cut], framing: Framing, folder: Path) -> Work[PreparedSet]:
    """Make the set, or find it made; one that was broken off is gone on with.

    Pictures that have become unreadable since the folder was looked through are left out. Closing the work keeps what
    is done for the next time.

    Raises
    ------
    StudioError
        When the disk is full or fewer than two pictures can be read.
    """
    key = key_of(cuts, framing)
    path = sets_dir() / key
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            Message("The prepared pictures cannot be written: {reason}.", reason=error.strerror or error),
            "Free some space on the disk.",
        ) from error
    lock = filelock.FileLock(path.with_suffix(".lock"))
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except filelock.Timeout:
            # Another run makes the very same set: it will be there at once.
            time.sleep(0.2)
            yield Progress(0, len(cuts), Message("Preparing pictures"))
    try:
        found = find_set(key)
        if found is None:
            found = yield from _make(path, cuts, framing, folder)
            _forget_old(keep=path)
        with contextlib.suppress(OSError):
            os.utime(path / "set.json")
        return found
    finally:
        lock.release()


def _make(path: Path, cuts: Sequence[Cut], framing: Framing, folder: Path) -> Work[PreparedSet]:
    side = framing.resolution
    raw_size = len(cuts) * side * side * 3
    packed = raw_size > RAW_LIMIT and bool(features.check("webp"))
    needed = raw_size // 2 if packed else raw_size
    free = shutil.disk_usage(path).free
    unfinished = path / "unfinished"
    already = unfinished.stat().st_size if unfinished.exists() else 0
    if free + already < needed + _SPARE:
        raise StudioError(
            Message(
                "The prepared pictures need {needed}, but only {free} are free on the disk.",
                needed=size_text(needed),
                free=size_text(free),
            ),
            "Free some space, choose a lower resolution or fewer pictures.",
        )
    try:
        with PicturesWriter(unfinished, side, len(cuts), packed) as writer:
            with contextlib.closing(_squares(cuts[writer.done :], framing)) as squares:
                for number, square in enumerate(squares, writer.done + 1):
                    writer.add(square)
                    yield Progress(number, len(cuts), Message("Preparing pictures"), square)
            if writer.written < 2:
                raise StudioError(
                    Message("The folder {folder} has fewer than two usable pictures.", folder=folder),
                    "Choose a folder with more pictures.",
                )
            writer.finish()
        data = path / (PACKED_NAME if packed else RAW_NAME)
        unfinished.replace(data)
        (path / "unfinished.json").unlink(missing_ok=True)
        properties = PreparedSet(path, str(folder), writer.written, side, data.stat().st_size, time.time())
        write_atomic(path / "set.json", json.dumps({**asdict(properties), "path": None}))
    except OSError as error:
        raise StudioError(
            Message("The prepared pictures cannot be written: {reason}.", reason=error.strerror or error),
            "Free some space on the disk.",
        ) from error
    return properties


def _squares(cuts: Sequence[Cut], framing: Framing) -> Generator[NDArray[np.uint8] | None, None, None]:
    """Every square in order; several files are decoded at once, as long as they are not too large together."""
    waiting: deque[tuple[int, Future[list[NDArray[np.uint8] | None]]]] = deque()
    groups = _groups(cuts)
    upcoming = next(groups, None)
    workers = max(1, min(8, os.cpu_count() or 1))
    pool = ThreadPoolExecutor(workers, "preparing")
    try:
        while upcoming is not None or waiting:
            pixels = sum(cost for cost, _ in waiting)
            if (
                upcoming is not None
                and upcoming[0].frame is None
                and (not waiting or (len(waiting) < 2 * workers and pixels + upcoming[0].pixels <= _PIXELS_AT_ONCE))
            ):
                waiting.append((upcoming[0].pixels, pool.submit(_cut_file, upcoming, framing)))
                upcoming = next(groups, None)
            elif waiting:
                yield from waiting.popleft()[1].result()
            else:
                assert upcoming is not None
                yield from _cut_film(upcoming, framing)
                upcoming = next(groups, None)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _groups(cuts: Sequence[Cut]) -> Iterator[list[Cut]]:
    """Cuts of the same file together: it is decoded once."""
    group: list[Cut] = []
    for cut in cuts:
        if group and (cut.path != group[0].path or (cut.frame is None) != (group[0].frame is None)):
            yield group
            group = []
        group.append(cut)
    if group:
        yield group


def _cut_file(cuts: Sequence[Cut], framing: Framing) -> list[NDArray[np.uint8] | None]:
    try:
        picture = open_photo(cuts[0].path)
    except StudioError:
        return [None] * len(cuts)
    if picture.size != (cuts[0].width, cuts[0].height):
        return [None] * len(cuts)  # another picture by now: its boxes are somewhere else
    return [cut_out(picture, cut.box, framing) for cut in cuts]


def _cut_film(cuts: Sequence[Cut], framing: Framing) -> Iterator[NDArray[np.uint8] | None]:
    given = 0
    by_frame: dict[int, list[Cut]] = {}
    for cut in cuts:
        by_frame.setdefault(cut.frame or 0, []).append(cut)
    try:
        for frame in read_frames(cuts[0].path, list(by_frame)):
            for cut in by_frame[frame.pts]:
                yield cut_out(frame.picture, cut.box, framing)
                given += 1
    except StudioError:
        for _ in range(len(cuts) - given):
            yield None


def _forget_old(keep: Path) -> None:
    """Sets that no run has asked for in two months are made again when one does."""
    for file in sets_dir().glob("*/set.json"):
        with contextlib.suppress(OSError):
            if file.parent != keep and time.time() - file.stat().st_mtime > _KEEP_SECONDS:
                remove_set(file.parent)


def bring(made: PreparedSet, run: Path) -> Path:
    """Give a run's folder the set as its own file.

    Raises
    ------
    StudioError
        When there is no room for it.
    """
    target = run / made.data.name
    try:
        os.link(made.data, target)
    except OSError:
        # Another disk, or one without links.
        with atomic_path(target) as temporary:
            shutil.copyfile(made.data, temporary)
    return target
