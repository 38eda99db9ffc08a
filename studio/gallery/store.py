"""The gallery: picture files in a folder the artist can see, and an SQLite index that can always be made again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from send2trash import TrashPermissionError, send2trash

from studio.base import Progress, StudioError, Work
from studio.base.files import atomic_path, write_atomic
from studio.base.paths import cache_dir, data_dir, pictures_dir
from studio.base.photos import describe_photo, open_photo
from studio.gallery.sources import safe_name
from studio.recipes import (
    LatentMix,
    LatentSeed,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StylizeRecipe,
    dumps,
    loads,
    read_recipe,
    recipe_hash,
    save_picture,
)

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
SOURCES_FOLDER = "Sources"
FAVOURITES_FILE = ".favourites.json"
INDEX_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS pictures (
  path TEXT PRIMARY KEY, recipe TEXT, hash TEXT, kind TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  created REAL NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, words TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_created ON pictures (created);
CREATE INDEX IF NOT EXISTS by_hash ON pictures (hash);
"""
_COLUMNS = "path, recipe, kind, width, height, created, size"


@dataclass(frozen=True)
class Picture:
    """A picture in the gallery. ``kind`` is its recipe's ("sample", "stylize", "photo") or "picture" without one."""

    path: Path
    recipe: Recipe | None
    kind: str
    width: int
    height: int
    created: datetime
    favourite: bool
    size_bytes: int


class Gallery:
    """All saved pictures. Thread-safe. Damage to the index costs nothing but a rescan."""

    def __init__(self, folder: Path | None = None, index: Path | None = None) -> None:
        """
        Parameters
        ----------
        folder : where the pictures lie; default ``Pictures/Latent Studio``.
        index : the SQLite file; default in the data folder.
        """
        self.folder = folder if folder is not None else pictures_dir()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._index_path = index if index is not None else data_dir() / "gallery.sqlite"
        self._lock = threading.RLock()
        self._database = self._connect()
        self._favourites = self._read_favourites()

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            self._database.close()

    # -- saving --------------------------------------------------------------------------------------------------

    def save(self, image: NDArray[np.uint8] | Image.Image, recipe: Recipe, *, stem: str = "") -> Picture:
        """Write a PNG that carries its recipe and list it.

        ``stem``: the name without ending; default date, time and what it is ("2026-11-24 15.04 seed 42").

        Raises
        ------
        StudioError
            When the folder cannot be written or the disk is full; nothing is left behind.
        """
        stem = safe_name(stem or f"{time.strftime('%Y-%m-%d %H.%M')} {title(recipe)}")
        with self._lock:
            path = save_picture(image, self._free_path(stem), recipe)
            self._index_file(path, recipe)
            self._database.commit()
            found = self.get(path)
        assert found is not None
        return found

    def _free_path(self, stem: str) -> Path:
        number = 1
        while True:
            path = self.folder / (f"{stem}.png" if number == 1 else f"{stem} ({number}).png")
            if not path.exists():
                return path
            number += 1

    # -- finding -------------------------------------------------------------------------------------------------

    def pictures(
        self, search: str = "", *, kind: str | None = None, favourites: bool = False, limit: int | None = None
    ) -> list[Picture]:
        """Pictures, newest first, whose name, model, seed, style or photo names contain every word of ``search``."""
        where, values = ["1"], list[str | int]()
        for word in search.lower().split():
            where.append("instr(words, ?) > 0")
            values.append(word)
        if kind is not None:
            where.append("kind = ?")
            values.append(kind)
        query = f"SELECT {_COLUMNS} FROM pictures WHERE {' AND '.join(where)} ORDER BY created DESC, path DESC"
        with self._lock:
            found = [self._picture(row) for row in self._database.execute(query, values)]
        if favourites:
            found = [picture for picture in found if picture.favourite]
        return found[:limit]

    def get(self, path: Path) -> Picture | None:
        """The listed picture at ``path``."""
        with self._lock:
            row = self._database.execute(
                f"SELECT {_COLUMNS} FROM pictures WHERE path = ?", (self._key(path),)
            ).fetchone()
            return self._picture(row) if row else None

    def lineage(self, picture: Picture) -> list[Picture]:
        """Listed pictures that this one was made from, directly or further back."""
        if picture.recipe is None:
            return []
        found = []
        with self._lock:
            for part in parts(picture.recipe):
                rows = self._database.execute(
                    f"SELECT {_COLUMNS} FROM pictures WHERE hash = ? AND path <> ?",
                    (recipe_hash(part), self._key(picture.path)),
                )
                found += [self._picture(row) for row in rows]
        return found

    def thumbnail(self, picture: Picture, side: int = 256) -> Path:
        """A JPEG of at most ``side`` pixels, made on the first call.

        Raises
        ------
        StudioError
            When the picture is damaged or gone.
        """
        try:
            stamp = picture.path.stat().st_mtime_ns
        except OSError as error:
            raise StudioError(f"“{picture.path.name}” is not there any more.", "Refresh the gallery.") from error
        name = hashlib.sha256(f"{picture.path.resolve()}|{stamp}|{side}".encode()).hexdigest()[:32]
        path = cache_dir() / "thumbnails" / f"{name}.jpg"
        if not path.exists():
            small = open_photo(picture.path, max_side=side)
            if small.mode == "RGBA":
                small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
            with atomic_path(path) as temporary:
                small.convert("RGB").save(temporary, quality=90)
        return path

    # -- changing ------------------------------------------------------------------------------------------------

    def trash(self, pictures: Sequence[Picture]) -> None:
        """Move pictures to the system's trash.

        Raises
        ------
        StudioError
            When there is no trash for that disk or the file cannot be moved; pictures before it are gone, it stays.
        """
        for picture in pictures:
            if picture.path.exists():
                try:
                    send2trash(str(picture.path))
                except (TrashPermissionError, OSError) as error:
                    raise StudioError(
                        f"“{picture.path.name}” could not be moved to the trash ({error}).",
                        "Show it in the file manager and delete it there.",
                    ) from error
            with self._lock:
                self._database.execute("DELETE FROM pictures WHERE path = ?", (self._key(picture.path),))
                self._database.commit()

    def set_favourite(self, picture: Picture, favourite: bool) -> Picture:
        """Mark or unmark a favourite; kept in a file beside the pictures, so that it outlives the index."""
        with self._lock:
            changed = set(self._favourites)
            (changed.add if favourite else changed.discard)(self._key(picture.path))
            write_atomic(self.folder / FAVOURITES_FILE, json.dumps(sorted(changed), ensure_ascii=False, indent=0))
            self._favourites = changed
        return replace(picture, favourite=favourite)

    def rescan(self) -> Work[int]:
        """Bring the index up to date with the files; returns the number of pictures."""
        files = list(self._files())
        seen = set()
        for number, path in enumerate(files):
            seen.add(self._key(path))
            with self._lock:
                self._index_file(path)
                self._database.commit()
            yield Progress(number + 1, len(files), "Looking through the gallery")
        with self._lock:
            listed = {row[0] for row in self._database.execute("SELECT path FROM pictures")}
            # A picture may have been saved while we looked.
            gone = [key for key in listed - seen if not (self.folder / key).exists()]
            self._database.executemany("DELETE FROM pictures WHERE path = ?", [(key,) for key in gone])
            self._database.commit()
            self._favourites = self._read_favourites()
            return int(self._database.execute("SELECT COUNT(*) FROM pictures").fetchone()[0])

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            inner = path.relative_to(self.folder).parts
            hidden = any(part.startswith(".") for part in inner)
            if not hidden and inner[0] != SOURCES_FOLDER and path.suffix.lower() in SUFFIXES and path.is_file():
                yield path

    # -- the index -----------------------------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._open_database()
        except sqlite3.DatabaseError:
            # The index is a cache: put a damaged one aside and start anew.
            for leftover in (self._index_path, *self._index_path.parent.glob(f"{self._index_path.name}-*")):
                leftover.unlink(missing_ok=True)
            return self._open_database()

    def _open_database(self) -> sqlite3.Connection:
        self._index_path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._index_path, check_same_thread=False, timeout=20)
        try:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version != INDEX_VERSION:
                database.execute("DROP TABLE IF EXISTS pictures")
            if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
            database.executescript(_TABLE)
            database.execute(f"PRAGMA user_version = {INDEX_VERSION}")
            database.commit()
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def _index_file(self, path: Path, recipe: Recipe | None = None) -> None:
        """List one file, unless it is listed as it is; a file that is no picture is left out."""
        try:
            stat = path.stat()
            key = self._key(path)
            row = self._database.execute("SELECT mtime, size FROM pictures WHERE path = ?", (key,)).fetchone()
            if row == (stat.st_mtime_ns, stat.st_size):
                return
            facts = describe_photo(path)
            if recipe is None:
                recipe = _recipe_of(path)
        except (StudioError, OSError):
            return
        self._database.execute(
            "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key,
                dumps(recipe) if recipe is not None else None,
                recipe_hash(recipe) if recipe is not None else None,
                recipe.kind if recipe is not None else "picture",
                facts.width,
                facts.height,
                stat.st_mtime,
                stat.st_size,
                stat.st_mtime_ns,
                " ".join([key, *(words(recipe) if recipe is not None else ())]).lower(),
            ),
        )

    def _picture(self, row: tuple[str, str | None, str, int, int, float, int]) -> Picture:
        key, text, kind, width, height, created, size = row
        return Picture(
            path=self.folder / key,
            recipe=loads(text) if text else None,
            kind=kind,
            width=width,
            height=height,
            created=datetime.fromtimestamp(created),
            favourite=key in self._favourites,
            size_bytes=size,
        )

    def _key(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)

    def _read_favourites(self) -> set[str]:
        try:
            names = json.loads((self.folder / FAVOURITES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return set()
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def _recipe_of(path: Path) -> Recipe | None:
    """A damaged or newer recipe must not hide the picture."""
    try:
        return read_recipe(path)
    except StudioError:
        return None


def parts(recipe: Recipe) -> list[Recipe]:
    """The recipes nested in ``recipe``, outermost first, without itself."""
    if not isinstance(recipe, StylizeRecipe):
        return []
    direct = [recipe.content, *(style.source for style in recipe.styles)]
    return [found for part in direct for found in (part, *parts(part))]


def words(recipe: Recipe) -> Iterable[str]:
    """What a search should find a recipe by."""
    yield recipe.kind
    if isinstance(recipe, SampleRecipe):
        yield recipe.model.name
        latent = recipe.latent
        while isinstance(latent, LatentMix):
            latent = latent.a
        if isinstance(latent, LatentSeed):
            yield f"seed {latent.seed}"
    elif isinstance(recipe, PhotoRecipe):
        yield recipe.photo.name
    else:
        yield recipe.method
        for part in (recipe.content, *(style.source for style in recipe.styles)):
            yield from words(part)


def title(recipe: Recipe) -> str:
    """A few words that name a picture: "seed 42", "cat in wave and 1 more"."""
    if isinstance(recipe, SampleRecipe):
        return f"seed {recipe.latent.seed}" if isinstance(recipe.latent, LatentSeed) else "latent"
    if isinstance(recipe, PhotoRecipe):
        return Path(recipe.photo.name).stem[:40] or "photo"
    more = f" and {len(recipe.styles) - 1} more" if len(recipe.styles) > 1 else ""
    return f"{title(recipe.content)} in {title(recipe.styles[0].source)}{more}"
