"""The scan of each picture file, kept for the next time: a folder seen before opens at once.

A scan does not depend on any setting but ``every``, so that settings can change without decoding anything again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sqlite3
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, StudioError
from studio.base.files import file_stamp
from studio.base.messages import NOTHING
from studio.base.paths import cache_dir
from studio.media.photos import PhotoProperties, examine_photo
from studio.training.duplicates import PictureHash, hash_picture
from studio.training.framing import MIDDLE, Framing, boxes_of, cut_out, interest, sharpness
from studio.training.video_frames import FilmFrame

SCAN_SIDE = 256
THUMB_SIDE = 96
"""Short side of the thumbnails kept, in pixels."""

_VERSION = 1
_KEEP_SECONDS = 200 * 86400
_STALE_BATCH = 256


@dataclass(frozen=True, slots=True)
class ScannedPicture:
    """The properties of a picture file or a frame. ``problem`` is why it cannot be read, then all else is empty.

    Attributes
    ----------
    content : SHA-256 of the file; for a frame followed by ":" and its time.
    width, height : as shown, in pixels.
    salient : see :func:`studio.training.framing.interest`.
    sharp : see :func:`studio.training.framing.sharpness`.
    spread : standard deviation of the levels; near 0 for an empty picture.
    frame, seconds : the time of a frame in the film's own units and in seconds; None for picture files.
    """

    content: str = ""
    width: int = 0
    height: int = 0
    reasons: tuple[str, ...] = ()
    salient: tuple[float, float] = MIDDLE
    sharp: float = 0.0
    spread: float = 0.0
    problem: Message = NOTHING
    frame: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned picture with what is too large to keep in memory for every one: hash and thumbnail (a file)."""

    picture: ScannedPicture
    picture_hash: PictureHash | None = None
    thumb: bytes = b""


def scan_picture(path: Path) -> Scan:
    """The scan of a picture file. Never raises: what is wrong is in the result."""
    try:
        # Decoding at a small size finds damage, and gives hash, thumbnail and what there is to see.
        properties, small = examine_photo(path, max_side=SCAN_SIDE)
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except StudioError as error:
        return Scan(ScannedPicture(problem=error.message))
    except OSError as error:
        return Scan(ScannedPicture(problem=Message(str(error.strerror or error))))
    return _scan_of(small, ScannedPicture(content, properties.width, properties.height, _reasons(properties)))


def scan_frame(frame: FilmFrame, content: str) -> Scan:
    """The scan of a frame of the film with the hash ``content``."""
    small = frame.picture.copy()
    small.thumbnail((SCAN_SIDE, SCAN_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    picture = ScannedPicture(
        content=f"{content}:{frame.pts}",
        width=frame.picture.width,
        height=frame.picture.height,
        frame=frame.pts,
        seconds=round(frame.seconds, 3),
    )
    return _scan_of(small, picture)


def _scan_of(small: Image.Image, picture: ScannedPicture) -> Scan:
    spread = float(np.asarray(small.convert("L").resize((32, 32), Image.Resampling.BOX), np.float32).std())
    whole = replace(picture, salient=interest(small), sharp=round(sharpness(small), 2), spread=round(spread, 2))
    return Scan(whole, hash_picture(small), _thumbnail(small))


def _reasons(properties: PhotoProperties) -> tuple[str, ...]:
    present = {
        "exif_rotation": properties.exif_rotated,
        "cmyk": properties.cmyk,
        "sixteen_bit": properties.sixteen_bit,
        "alpha": properties.alpha,
        "animated": properties.animated,
        "grey": properties.grey,
    }
    return tuple(reason for reason, there in present.items() if there)


def _thumbnail(small: Image.Image) -> bytes:
    scale = THUMB_SIDE / min(small.size)
    thumb = small.copy()
    if scale < 1:
        size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
        thumb = small.resize(size, Image.Resampling.BILINEAR)
    out = io.BytesIO()
    if thumb.mode == "RGBA":
        thumb.save(out, "WEBP", quality=80, method=0)
    else:
        thumb.save(out, "JPEG", quality=85)
    return out.getvalue()


def open_thumbnail(thumb: bytes) -> Image.Image:
    """The thumbnail as RGB or RGBA, about 96 pixels on the short side."""
    picture = Image.open(io.BytesIO(thumb), formats=("WEBP", "JPEG"))
    return picture.convert("RGBA" if picture.mode == "RGBA" else "RGB")


class ScanCache:
    """The scans of earlier times, by path, size and stamp. A cache: any damage only costs time.

    May be used from several threads and programs at once.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or cache_dir() / "training" / f"looks-{_VERSION}.sqlite"
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, int, int, int, list[Scan]]] = []
        self._database = self._open()

    def _open(self) -> sqlite3.Connection:
        for attempt in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return self._prepare(sqlite3.connect(self._path, check_same_thread=False, timeout=5))
            except (sqlite3.Error, OSError):
                if attempt == 0:
                    with contextlib.suppress(OSError):
                        self._path.unlink(missing_ok=True)  # damaged
        return self._prepare(sqlite3.connect(":memory:", check_same_thread=False))

    def _prepare(self, database: sqlite3.Connection) -> sqlite3.Connection:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        if database.execute("SELECT 1 FROM sqlite_master WHERE name='looks'").fetchone():  # its name until 2026
            database.execute("ALTER TABLE looks RENAME TO files")
            database.execute("ALTER TABLE files RENAME COLUMN facts TO scans")
        database.execute(
            "CREATE TABLE IF NOT EXISTS files (path TEXT, every INTEGER, size INTEGER, changed INTEGER, seen REAL,"
            " scans TEXT, PRIMARY KEY (path, every)) WITHOUT ROWID"
        )
        database.execute(
            "CREATE TABLE IF NOT EXISTS pictures (path TEXT, every INTEGER, number INTEGER, bits BLOB, cells BLOB,"
            " thumb BLOB, PRIMARY KEY (path, every, number))"
        )
        old = database.execute("DELETE FROM files WHERE seen < ?", (time.time() - _KEEP_SECONDS,))
        if old.rowcount > 0:
            database.execute("DELETE FROM pictures WHERE path NOT IN (SELECT path FROM files)")
        database.commit()
        return database

    def __enter__(self) -> ScanCache:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, and let the file go."""
        self.flush()
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._database.close()

    def find(self, path: Path, size: int, changed: int, every: int = 0) -> list[Scan] | None:
        """The scans kept of the file when it had this size and stamp, without thumbnails."""
        try:
            with self._lock:
                row = self._database.execute(
                    "SELECT scans FROM files WHERE path=? AND every=? AND size=? AND changed=?",
                    (_key(path), every, size, changed),
                ).fetchone()
                if row is None:
                    return None
                hashes = self._database.execute(
                    "SELECT bits, cells FROM pictures WHERE path=? AND every=? ORDER BY number", (_key(path), every)
                ).fetchall()
            pictures = [_scanned_from(properties) for properties in json.loads(row[0])]
            if len(hashes) != len(pictures):
                return None
            return [
                Scan(picture, PictureHash(int.from_bytes(bits, "big"), cells) if cells else None)
                for picture, (bits, cells) in zip(pictures, hashes, strict=True)
            ]
        except (sqlite3.Error, ValueError, TypeError):
            return None

    def keep(self, path: Path, size: int, changed: int, seen: list[Scan], every: int = 0) -> None:
        """Remember what was seen; written with the next :meth:`flush`, or when enough waits."""
        with self._lock:
            self._waiting.append((_key(path), every, size, changed, seen))
            enough = len(self._waiting) >= _STALE_BATCH
        if enough:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            if not waiting:
                return
            with contextlib.suppress(sqlite3.Error), self._database:
                for path, every, size, changed, seen in waiting:
                    # What cannot be read is not kept.
                    properties = json.dumps([asdict(one.picture) | {"problem": ""} for one in seen])
                    self._database.execute(
                        "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)",
                        (path, every, size, changed, time.time(), properties),
                    )
                    self._database.execute("DELETE FROM pictures WHERE path=? AND every=?", (path, every))
                    self._database.executemany(
                        "INSERT INTO pictures VALUES (?,?,?,?,?,?)",
                        [
                            (path, every, number, *_blobs(one.picture_hash), one.thumb)
                            for number, one in enumerate(seen)
                        ],
                    )

    def thumbnail(self, path: Path, number: int = 0, every: int = 0) -> bytes:
        """The thumbnail of picture ``number`` in the file (0 but for films), a picture file; empty if there is none."""
        try:
            with self._lock:
                row = self._database.execute(
                    "SELECT thumb FROM pictures WHERE path=? AND every=? AND number=?", (_key(path), every, number)
                ).fetchone()
        except sqlite3.Error:
            return b""
        return row[0] if row is not None else b""


def _key(path: Path) -> str:
    """``path`` as the database takes it: names on Linux may hold bytes that are no text."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _blobs(picture_hash: PictureHash | None) -> tuple[bytes, bytes]:
    return (picture_hash.bits.to_bytes(8, "big"), picture_hash.cells) if picture_hash is not None else (b"", b"")


def _scanned_from(properties: dict[str, object]) -> ScannedPicture:
    picture = ScannedPicture(**{**properties, "problem": NOTHING})  # type: ignore[arg-type]
    x, y = picture.salient
    return replace(picture, reasons=tuple(picture.reasons), salient=(float(x), float(y)))


def preview_of(thumb: bytes, side: int) -> NDArray[np.uint8]:
    """The centre square of a thumbnail on white, uint8 (side, side, 3)."""
    picture = open_thumbnail(thumb)
    framing = Framing(side)
    return cut_out(picture, boxes_of(*picture.size, framing)[0], framing)


def stamps(path: Path) -> tuple[int, int]:
    """Size and stamp (see :func:`studio.base.files.file_stamp`); -1 for what cannot be asked."""
    try:
        return path.stat().st_size, file_stamp(path)
    except OSError:
        return -1, -1
