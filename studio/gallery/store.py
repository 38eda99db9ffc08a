"""The gallery: picture files in a folder the artist can see, and an SQLite index that can always be made again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import file_stamp, no_folder, sweep_leftovers, write_atomic
from studio.base.names import as_text, comparable, from_text
from studio.base.paths import data_dir, pictures_dir
from studio.base.removable import RemovableFolder
from studio.base.trash import Trashed
from studio.gallery.sources import safe_name
from studio.gallery.styles import STYLES_FOLDER
from studio.gallery.thumbnails import make_thumbnail, trash_with_thumbnails
from studio.media.photos import describe_photo
from studio.recipes import Recipe, dumps, loads, read_recipe, recipe_hash, save_picture, steps_in
from studio.recipes.embed import AnyPicture

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
SOURCES_FOLDER = "Sources"
FAVOURITES_FILE = ".favourites.json"
INDEX_VERSION = 4
THUMBNAIL_SIDE = 256
_TABLE = """
CREATE TABLE IF NOT EXISTS pictures (
  path TEXT PRIMARY KEY, recipe TEXT, hash TEXT, kind TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  created REAL NOT NULL, size INTEGER NOT NULL, stamp INTEGER NOT NULL, search_text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_created ON pictures (created);
CREATE INDEX IF NOT EXISTS by_hash ON pictures (hash);
"""
_COLUMNS = "path, recipe, kind, width, height, created, size, stamp"
_INSERT = "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """A picture in the gallery.

    Attributes
    ----------
    kind : its recipe's ("sample", "stylize", "photo") or "picture" without one.
    stamp : another one when the file's content changes, see :func:`studio.base.files.file_stamp`.
    """

    path: Path
    recipe: Recipe | None
    kind: str
    width: int
    height: int
    created: datetime
    favourite: bool
    size_bytes: int
    stamp: int


@dataclass(frozen=True)
class TrashedPicture:
    """A picture that was moved to the trash, as it was, and the way back of its file."""

    picture: Picture
    file: Trashed


class Gallery:
    """All saved pictures. Thread-safe. Damage to the index costs nothing but a rescan."""

    def __init__(self, folder: Path | None = None, index: Path | None = None) -> None:
        """
        Parameters
        ----------
        folder : where the pictures lie; default ``Pictures/Latent Studio``.
        index : the SQLite file; default ``gallery.sqlite`` in the data folder, another one for each other folder.
        """
        self.folder = folder if folder is not None else pictures_dir()
        _make_folder(self.folder)
        self._place_on_disk = RemovableFolder(self.folder)
        self._index_path = index if index is not None else _default_index(self.folder)
        self._lock = threading.RLock()
        self._needs_rescan = False
        self._database = self._connect()
        self._favourites = self._read_favourites()

    @property
    def needs_rescan(self) -> bool:
        """True when the index is new, was damaged or missed something: :meth:`rescan` should run soon."""
        return self._needs_rescan

    def is_there(self) -> bool:
        """Return whether the folder is there: it may be moved, or its disk taken away, while the program runs."""
        return self._place_on_disk.is_there()

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            self._database.close()

    # -- saving --------------------------------------------------------------------------------------------------

    def save(self, image: AnyPicture | Image.Image, recipe: Recipe, *, stem: str = "", title: str = "") -> Picture:
        """Write a PNG that carries its recipe and list it.

        Parameters
        ----------
        stem : the name without ending; default date, time and title ("2026-11-24 15.04 seed 42").
        title : what it is, in the words of whoever saves it; default the recipe's own.

        Raises
        ------
        StudioError
            When the folder is not there any more or cannot be written, or the disk is full; nothing is left behind.
        """
        self._place_on_disk.check()
        wanted = self.folder / f"{safe_name(stem or _dated(title or recipe.title))}.png"
        path = save_picture(image, wanted, recipe, exists="number")
        stat, stamp = path.stat(), file_stamp(path)
        width, height = image.size if isinstance(image, Image.Image) else (image.shape[1], image.shape[0])
        row = _row(self._key(path), stat, stamp, width, height, recipe)
        try:
            self._run(lambda database: database.execute(_INSERT, row))
        except StudioError:
            self._needs_rescan = True  # the picture is safe, which is what counts
        return Picture(
            path=path,
            recipe=recipe,
            kind=recipe.kind,
            width=width,
            height=height,
            created=datetime.fromtimestamp(stat.st_mtime),
            favourite=False,
            size_bytes=stat.st_size,
            stamp=stamp,
        )

    # -- finding -------------------------------------------------------------------------------------------------

    def pictures(
        self, search: str = "", *, kind: str | Sequence[str] = (), favourites: bool = False, limit: int | None = None
    ) -> list[Picture]:
        """Pictures, newest first, whose name, model, seed, style or photo names contain every word of ``search``.

        ``kind`` is that of their recipes, or several; empty are all.
        """
        where, values = ["1"], list[str | int]()
        for word in comparable(search).split():
            where.append("instr(search_text, ?) > 0")
            values.append(word)
        if kinds := (kind,) if isinstance(kind, str) else kind:
            where.append(f"kind IN ({', '.join('?' * len(kinds))})")
            values += kinds
        query = f"SELECT {_COLUMNS} FROM pictures WHERE {' AND '.join(where)} ORDER BY created DESC, path DESC"
        rows = self._run(lambda database: database.execute(query, values).fetchall())
        if favourites:
            rows = [row for row in rows if row[0] in self._favourites]
        return [self._picture(row) for row in rows[:limit]]

    def get(self, path: Path) -> Picture | None:
        """The listed picture at ``path``."""
        query = f"SELECT {_COLUMNS} FROM pictures WHERE path = ?"
        row = self._run(lambda database: database.execute(query, (self._key(path),)).fetchone())
        return self._picture(row) if row else None

    def lineage(self, picture: Picture) -> list[Picture]:
        """Listed pictures that this one was made from, directly or further back, the nearest first."""
        if picture.recipe is None:
            return []
        hashes = dict.fromkeys(recipe_hash(step) for step in steps_in(picture.recipe))
        query = f"SELECT {_COLUMNS} FROM pictures WHERE hash = ? AND path <> ? ORDER BY created DESC, path DESC"
        own = self._key(picture.path)
        rows = self._run(lambda database: [row for key in hashes for row in database.execute(query, (key, own))])
        return [self._picture(row) for row in rows]

    def thumbnail(self, picture: Picture, side: int = THUMBNAIL_SIDE) -> Path:
        """A JPEG of at most ``side`` pixels, made on the first call.

        Raises
        ------
        StudioError
            When the picture is damaged or gone.
        """
        return make_thumbnail(picture.path, side)

    # -- changing ------------------------------------------------------------------------------------------------

    def trash(self, pictures: Sequence[Picture]) -> list[TrashedPicture]:
        """Move pictures to the system's trash; what it returns brings them back.

        Raises
        ------
        StudioError
            When there is no trash for that disk or the file cannot be moved; pictures before it are gone, it stays.
        """
        trashed: list[TrashedPicture] = []
        for picture in pictures:
            file = trash_with_thumbnails(picture.path)
            self._delist([self._key(picture.path)])
            with contextlib.suppress(StudioError):  # a leftover star does no harm
                self.set_favourite(picture, False)
            if file is not None:
                trashed.append(TrashedPicture(picture, file))
        return trashed

    def restore(self, trashed: Sequence[TrashedPicture]) -> list[Picture]:
        """Bring pictures back from the trash, with their stars; returns them as they are now.

        Raises
        ------
        StudioError
            When one cannot be put back; those before it are back.
        """
        pictures = []
        for one in trashed:
            path = one.file.restore()
            self._index_file(path)
            pictures.append(self.set_favourite(replace(one.picture, path=path), one.picture.favourite))
        return pictures

    def set_favourite(self, picture: Picture, favourite: bool) -> Picture:
        """Mark or unmark a favourite; kept in a file beside the pictures, so that it outlives the index."""
        with self._lock:
            if favourite == (self._key(picture.path) in self._favourites):
                return replace(picture, favourite=favourite)
            changed = set(self._favourites)
            (changed.add if favourite else changed.discard)(self._key(picture.path))
            self._place_on_disk.check()
            write_atomic(self.folder / FAVOURITES_FILE, json.dumps(sorted(changed), ensure_ascii=False, indent=0))
            self._favourites = changed
        return replace(picture, favourite=favourite)

    def rescan(self) -> Work[int]:
        """Bring the index up to date with the files; returns the number of pictures.

        Damaged pictures and such as cannot be read are left out; a damaged recipe leaves its picture in.

        Raises
        ------
        StudioError
            When the folder is not there any more: everything stays listed for when it comes back.
        """
        self._place_on_disk.check()
        files = list(self._files())
        seen = set()
        for number, path in enumerate(files):
            seen.add(self._key(path))
            self._index_file(path)
            yield Progress(number + 1, len(files), Message("Looking through the gallery"))
        listed = self._run(lambda database: [row[0] for row in database.execute("SELECT path FROM pictures")])
        # A picture may have been saved while we looked.
        self._delist([key for key in listed if key not in seen and not (self._place(key)).exists()])
        sweep_leftovers(self.folder)
        with self._lock:
            self._favourites = self._read_favourites()
        self._needs_rescan = False
        return self._run(lambda database: int(database.execute("SELECT COUNT(*) FROM pictures").fetchone()[0]))

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            inner = path.relative_to(self.folder).parts
            hidden = any(part.startswith(".") for part in inner)
            hidden = hidden or inner[0] in (SOURCES_FOLDER, STYLES_FOLDER)
            if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
                yield path

    # -- the index -----------------------------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        """Open the index; a damaged one is made anew, and where none can be, one in memory serves until we close."""
        for _ in range(2):
            try:
                self._index_path.parent.mkdir(parents=True, exist_ok=True)
                return self._prepare(sqlite3.connect(self._index_path, check_same_thread=False, timeout=20))
            except (sqlite3.Error, OSError) as error:
                if not _is_damage(error):
                    break
                with contextlib.suppress(OSError):
                    for leftover in (self._index_path, *self._index_path.parent.glob(f"{self._index_path.name}-*")):
                        leftover.unlink(missing_ok=True)
        return self._prepare(sqlite3.connect(":memory:", check_same_thread=False))

    def _prepare(self, database: sqlite3.Connection) -> sqlite3.Connection:
        try:
            # Readers do not wait for writers, and a commit costs no sync: what a crash loses, a rescan brings back.
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            if database.execute("PRAGMA user_version").fetchone()[0] != INDEX_VERSION:
                self._needs_rescan = True
                database.executescript(f"BEGIN; DROP TABLE IF EXISTS pictures; {_TABLE} COMMIT;")
                database.execute(f"PRAGMA user_version = {INDEX_VERSION}")
            database.execute(f"SELECT {_COLUMNS}, hash, search_text FROM pictures LIMIT 1").fetchone()
        except BaseException:
            database.close()
            raise
        return database

    def _run(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Do ``action`` as one transaction; once more on a new index when this one turns out to be damaged."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    with self._database:
                        return action(self._database)
                except sqlite3.Error as error:
                    if attempt == 1 and _is_damage(error):
                        self._database.close()
                        self._needs_rescan = True
                        self._database = self._connect()
                        continue
                    raise StudioError(
                        Message("The index of the gallery cannot be used: {reason}.", reason=error),
                        "Free some space on the disk and refresh the gallery. The pictures themselves are safe.",
                    ) from error
        raise AssertionError

    def _delist(self, keys: Sequence[str]) -> None:
        rows = [(key,) for key in keys]
        self._run(lambda database: database.executemany("DELETE FROM pictures WHERE path = ?", rows))

    def _index_file(self, path: Path) -> None:
        """List one file, unless it is listed as it is; one that is no picture (any more) is left out."""
        key = self._key(path)
        query = "SELECT stamp FROM pictures WHERE path = ?"
        listed = self._run(lambda database: database.execute(query, (key,)).fetchone())
        try:
            stat, stamp = path.stat(), file_stamp(path)
            if listed == (stamp,):
                return
            properties = describe_photo(path)
        except (StudioError, OSError):
            self._delist([key])
            return
        row = _row(key, stat, stamp, properties.width, properties.height, _recipe_of(path))
        self._run(lambda database: database.execute(_INSERT, row))

    def _picture(self, row: tuple[str, str | None, str, int, int, float, int, int]) -> Picture:
        key, text, kind, width, height, created, size, stamp = row
        return Picture(
            path=self._place(key),
            recipe=_restored(text, self._place(key)) if text else None,
            kind=kind,
            width=width,
            height=height,
            created=datetime.fromtimestamp(created),
            favourite=key in self._favourites,
            size_bytes=size,
            stamp=stamp,
        )

    def _key(self, path: Path) -> str:
        # SQLite and JSON cannot hold names that are no text, as foreign disks may have.
        return as_text(path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path))

    def _place(self, key: str) -> Path:
        return self.folder / from_text(key)

    def _read_favourites(self) -> set[str]:
        try:
            names = json.loads((self.folder / FAVOURITES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def _dated(title: str) -> str:
    """The usual name of a new picture: when it was made, and what it is."""
    return f"{time.strftime('%Y-%m-%d %H.%M')} {title}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise no_folder(folder, Message("Choose another folder for the gallery in the settings.")) from error
    except OSError as error:
        raise StudioError(
            Message(
                "The gallery folder {folder} cannot be made: {reason}.", folder=folder, reason=error.strerror or error
            ),
            "Choose another folder for the gallery in the settings.",
        ) from error


def _default_index(folder: Path) -> Path:
    if folder.resolve() == pictures_dir().resolve():
        return data_dir() / "gallery.sqlite"
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return data_dir() / f"gallery-{digest[:12]}.sqlite"


def _is_damage(error: Exception) -> bool:
    """True if a new index would help: a damaged file, no SQLite file, other tables than ours, text that is none."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, sqlite3.OperationalError)
    return code & 0xFF in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _row(
    key: str, stat: os.stat_result, stamp: int, width: int, height: int, recipe: Recipe | None
) -> tuple[object, ...]:
    """One line of the table."""
    return (
        key,
        dumps(recipe) if recipe is not None else None,
        recipe_hash(recipe) if recipe is not None else None,
        recipe.kind if recipe is not None else "picture",
        width,
        height,
        stat.st_mtime,
        stat.st_size,
        stamp,
        comparable(" ".join([key, *(search_terms(recipe) if recipe is not None else ())])),
    )


def _restored(text: str, path: Path) -> Recipe | None:
    """The recipe as listed; from the file when the index was written by a newer program."""
    try:
        return loads(text)
    except StudioError:
        return _recipe_of(path)


def _recipe_of(path: Path) -> Recipe | None:
    """A damaged or newer recipe must not hide the picture."""
    try:
        return read_recipe(path)
    except StudioError:
        return None


def search_terms(recipe: Recipe) -> Iterable[str]:
    """The words by which a search should find a recipe."""
    for step in (recipe, *steps_in(recipe)):
        yield step.kind
        yield from step.keywords()
