"""The style library: ready styles that come with the program, and the artist's own in a folder of files.

The folder is the truth: its sub-folders are the categories, and whatever picture lies there is a style. Favourites are
kept by content in one small file beside them, so that they outlive renaming and moving.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from studio.base import Message, StudioError
from studio.base.files import file_stamp, new_path, sha256_of, write_atomic
from studio.base.paths import resources_dir
from studio.base.removable import RemovableFolder
from studio.gallery.sources import safe_name
from studio.gallery.thumbnails import forget_thumbnails, make_thumbnail, thumbnail_path, trash_with_thumbnails
from studio.media.photos import IMAGE_SUFFIXES, describe_photo, open_photo

STYLES_FOLDER = "Styles"
"""The artist's styles, inside the gallery folder."""
READY_CARD = "styles.json"
_FAVOURITES = ".favourites.json"
_CHECK_SIDE = 64


class ReadyStyle(BaseModel):
    """The entry of one ready style in ``styles.json``.

    A style that is ``retired`` is offered no longer, but what was made with it keeps its name, and it is found by that.
    ``hash`` is the SHA-256 of ``file``, for those who only want to know what a recipe's picture is called; ``earlier``
    are those of drawings that had this name before: what was made with them keeps it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    hash: str = ""
    earlier: tuple[str, ...] = ()
    name: str
    folder: str
    medium: str
    credit: str
    licence: str
    source: str
    retired: bool = False


class ReadyCard(BaseModel):
    """The file ``resources/styles/styles.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    styles: tuple[ReadyStyle, ...]


@dataclass(frozen=True)
class Style:
    """A picture whose style can be taken.

    Attributes
    ----------
    hash : SHA-256 of the file.
    name : what it is called: of the artist's own, the file name without ending.
    folder : the category: of the artist's own, the sub-folder ("" is the folder itself, "a/b" one further down).
    ready : it comes with the program and cannot be changed.
    medium, credit, licence, source : of ready styles; empty for the artist's own.
    """

    path: Path
    hash: str
    name: str
    folder: str
    ready: bool
    favourite: bool
    width: int
    height: int
    size_bytes: int
    medium: str = ""
    credit: str = ""
    licence: str = ""
    source: str = ""

    @property
    def stamp(self) -> str:
        """A value that is another one when the file's content changes: its hash."""
        return self.hash


@dataclass(frozen=True)
class SkippedFile:
    """A picture in the folder that cannot be used, and why."""

    path: Path
    reason: StudioError


@dataclass(frozen=True)
class StyleScan:
    """Everything in the library: ready styles first, the best first; then the artist's own by folder and name.

    ``retired`` are ready styles of earlier versions, which are not offered.
    """

    styles: tuple[Style, ...]
    own_folders: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    retired: tuple[Style, ...] = ()

    @property
    def ready_folders(self) -> tuple[str, ...]:
        """The categories of the ready styles."""
        return tuple(dict.fromkeys(style.folder for style in self.styles if style.ready))

    def chosen(
        self,
        search: str = "",
        *,
        folder: str | None = None,
        ready: bool | None = None,
        favourites: bool = False,
    ) -> list[Style]:
        """The styles whose name, medium or folder contain every word of ``search``, and that are in ``folder``."""
        words = search.casefold().split()
        wanted = folder.casefold() if folder is not None else None

        def matches(style: Style) -> bool:
            text = f"{style.name} {style.medium} {style.folder}".casefold()
            place = style.folder.casefold()
            inside = wanted is None or place == wanted or place.startswith(f"{wanted}/")
            return (
                inside
                and (ready is None or style.ready is ready)
                and (style.favourite or not favourites)
                and all(word in text for word in words)
            )

        return [style for style in self.styles if matches(style)]


class StyleLibrary:
    """Ready and own styles. Thread-safe; every call looks at the files anew."""

    def __init__(self, folder: Path, ready: Path | None = None) -> None:
        """
        Parameters
        ----------
        folder : where the artist's own styles lie; made when the first is added.
        ready : the folder of the ready styles; default ``resources/styles``.
        """
        self.folder = folder
        self._gallery = RemovableFolder(folder.parent)
        self.ready = ready if ready is not None else resources_dir() / "styles"
        self._hashes: dict[Path, tuple[int, int, str, int, int]] = {}
        self._lock = threading.RLock()

    # -- looking -----------------------------------------------------------------------------------------------------

    def scan(self) -> StyleScan:
        """Look at all files. Pictures that cannot be read are left out and named with the reason."""
        skipped: list[SkippedFile] = []
        favourites = self._favourites()
        found: list[Style] = []
        retired: list[Style] = []
        for card in ready_styles(self.ready):
            style = self._read_style(self.ready / card.file, card.folder, favourites, skipped)
            if style is not None:
                (retired if card.retired else found).append(
                    replace(
                        style,
                        name=card.name,
                        ready=True,
                        medium=card.medium,
                        credit=card.credit,
                        licence=card.licence,
                        source=card.source,
                    )
                )
        own = []
        for path in self._files():
            style = self._read_style(path, _folder_text(path.parent.relative_to(self.folder)), favourites, skipped)
            if style is not None:
                own.append(style)
        own.sort(key=lambda style: (style.folder.casefold(), style.name.casefold()))
        return StyleScan((*found, *own), tuple(self._own_folders()), tuple(skipped), tuple(retired))

    def find(self, text: str, scan: StyleScan | None = None) -> Style:
        """The style called ``text``: its name, "folder/name", file name, or eight or more digits of its hash; a retired
        one when no other is called so.

        Raises
        ------
        StudioError
            When there is none, naming the ones that come close; when several are called so.
        """
        scan = scan or self.scan()
        styles = scan.styles
        wanted = text.casefold().strip()

        def names(style: Style) -> Iterator[str]:
            yield from (
                style.name,
                style.path.name,
                f"{style.folder}/{style.name}",
                f"{style.folder}/{style.path.name}",
            )

        found: dict[str, Style] = {}
        for part in (styles, scan.retired):
            found = found or {s.hash: s for s in part if any(wanted == name.casefold() for name in names(s))}
        if not found and len(wanted) >= 8:
            found = {style.hash: style for style in (*styles, *scan.retired) if style.hash.startswith(wanted)}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            places = ", ".join(f"“{style.folder}/{style.name}”" for style in found.values())
            raise StudioError(
                Message("Several styles are called “{text}”: {places}.", text=text, places=places),
                "Name the folder too, as in these.",
            )
        known = {style.name.casefold(): style.name for style in styles}
        close = difflib.get_close_matches(wanted, known, 3, 0.5)
        raise StudioError(
            Message("There is no style “{text}”, neither as a file nor in the style library.", text=text),
            Message("Did you mean {names}?", names=", ".join(f"“{known[name]}”" for name in close))
            if close
            else Message("`latent-studio styles` lists the library."),
        )

    def thumbnail(self, style: Style, side: int) -> Path:
        """A JPEG of at most ``side`` pixels. Raises as :func:`studio.gallery.thumbnails.make_thumbnail`."""
        return make_thumbnail(style.path, side)

    # -- changing ----------------------------------------------------------------------------------------------------

    def add(self, path: Path, folder: str = "") -> tuple[Style, bool]:
        """Copy a picture file into the library.

        Returns
        -------
        The style, and whether it is new: a picture that is there already, under whatever name, is not copied again.

        Raises
        ------
        StudioError
            When it is no readable picture, or the copy cannot be written.
        """
        # Whole, not only its header: what is in the library must be usable.
        open_photo(path, max_side=_CHECK_SIDE)
        with self._lock:
            try:
                known = self._known(sha256_of(path))
            except OSError as error:
                raise StudioError(
                    Message("“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror),
                    "Check the file.",
                ) from error
            if known is not None:
                return known, False
            with new_path(self._place(folder) / safe_name(path.name), numbered=True) as taken:
                shutil.copyfile(path, taken.temporary)
            return self._style(taken.path), True

    def add_bytes(self, data: bytes, name: str, folder: str = "") -> tuple[Style, bool]:
        """Keep a picture that came as bytes (from a browser or the clipboard). Returns and raises as :meth:`add`."""
        open_photo(data, max_side=_CHECK_SIDE)
        with self._lock:
            known = self._known(hashlib.sha256(data).hexdigest())
            if known is not None:
                return known, False
            with new_path(self._place(folder) / safe_name(name), numbered=True) as taken:
                taken.temporary.write_bytes(data)
            return self._style(taken.path), True

    def set_favourite(self, style: Style, favourite: bool) -> Style:
        """Mark or unmark a favourite, by content."""
        with self._lock:
            marked = self._favourites()
            if favourite != (style.hash in marked):
                (marked.add if favourite else marked.discard)(style.hash)
                self._gallery.check()
                write_atomic(self.folder / _FAVOURITES, json.dumps(sorted(marked), indent=0))
        return replace(style, favourite=favourite)

    def rename(self, style: Style, name: str) -> Style:
        """Give one of the artist's own styles another name.

        Raises
        ------
        StudioError
            For a ready style, an empty name or one that is taken.
        """
        self._check_own(style)
        stem = name.strip()
        if not stem:
            raise StudioError("A style needs a name.", "Type one.")
        target = style.path.with_name(safe_name(stem + style.path.suffix))
        same = target.exists() and target.samefile(style.path)  # another case of letters only
        if target.exists() and not same:
            raise StudioError(
                Message("There is a style “{stem}” in this folder already.", stem=target.stem), "Choose another name."
            )
        return self._moved(style, target)

    def move(self, style: Style, folder: str) -> Style:
        """Move one of the artist's own styles to another folder, under a free name."""
        self._check_own(style)
        place = self._place(folder)
        return style if place == style.path.parent else self._moved(style, self._free(place, style.path.name))

    def new_folder(self, name: str) -> str:
        """Make a folder; returns its name as in :attr:`Style.folder`.

        Raises
        ------
        StudioError
            When it is there already or cannot be made.
        """
        text = "/".join(safe_name(part).strip() for part in name.split("/") if part.strip(" ."))
        if not text:
            raise StudioError("A folder needs a name.", "Type one.")
        if (self.folder / text).exists():
            raise StudioError(Message("There is a folder “{text}” already.", text=text), "Choose another name.")
        self._gallery.check()
        with _writing(self.folder / text):
            (self.folder / text).mkdir(parents=True)
        return text

    def trash(self, styles: Sequence[Style]) -> None:
        """Move own styles to the system's trash.

        Raises
        ------
        StudioError
            For a ready style; when a file cannot be moved: those before it are gone, it stays.
        """
        for style in styles:
            self._check_own(style)
        for style in styles:
            trash_with_thumbnails(style.path)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _read_style(self, path: Path, folder: str, favourites: set[str], skipped: list[SkippedFile]) -> Style | None:
        try:
            digest, width, height, size = self._properties(path)
        except StudioError as error:
            skipped.append(SkippedFile(path, error))
            return None
        return Style(path, digest, path.stem, folder, False, digest in favourites, width, height, size)

    def _properties(self, path: Path) -> tuple[str, int, int, int]:
        """Hash, width, height and size in bytes; the hash is taken again when the file changed."""
        try:
            state = file_stamp(path), path.stat().st_size
            with self._lock:
                known = self._hashes.get(path)
            if known is None or known[:2] != state:
                properties = describe_photo(path)
                known = (*state, sha256_of(path), properties.width, properties.height)
                with self._lock:
                    self._hashes[path] = known
        except OSError as error:
            raise StudioError(
                Message("“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror), "Check the file."
            ) from error
        return known[2], known[3], known[4], known[1]

    def _style(self, path: Path) -> Style:
        digest, width, height, size = self._properties(path)
        folder = _folder_text(path.parent.relative_to(self.folder))
        return Style(path, digest, path.stem, folder, False, digest in self._favourites(), width, height, size)

    def _known(self, digest: str) -> Style | None:
        return next((style for style in self.scan().styles if style.hash == digest), None)

    def _files(self) -> Iterator[Path]:
        for root, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if _is_plain(name))
            for name in sorted(names):
                path = Path(root) / name
                if _is_plain(name) and path.suffix.lower() in IMAGE_SUFFIXES:
                    yield path

    def _own_folders(self) -> Iterable[str]:
        for root, folders, _ in os.walk(self.folder):
            folders[:] = sorted((name for name in folders if _is_plain(name)), key=str.casefold)
            if Path(root) != self.folder:
                yield _folder_text(Path(root).relative_to(self.folder))

    def _place(self, folder: str) -> Path:
        """The folder to write into on the disk. Nothing outside our own is meant by any name."""
        parts = PurePosixPath(folder).parts
        if any(part in ("..", "/") or Path(part).is_absolute() for part in parts):
            raise StudioError(
                Message("“{folder}” is not a folder of the style library.", folder=folder), "Name one of its folders."
            )
        self._gallery.check()
        return self.folder.joinpath(*(safe_name(part) for part in parts))

    def _free(self, place: Path, name: str) -> Path:
        path, number = place / name, 2
        while path.exists():
            path = place / f"{Path(name).stem} ({number}){Path(name).suffix}"
            number += 1
        return path

    def _moved(self, style: Style, target: Path) -> Style:
        small = thumbnail_path(style.path, 1)
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            style.path.rename(target)
        forget_thumbnails(small)
        return self._style(target)

    def _check_own(self, style: Style) -> None:
        if style.ready:
            raise StudioError(
                Message("“{name}” comes with the program and stays as it is.", name=style.name),
                "Add a copy of your own to the library and change that.",
            )

    def _favourites(self) -> set[str]:
        """Hashes of the favourites. A damaged file is put aside, not written over."""
        path = self.folder / _FAVOURITES
        try:
            names = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(names, list):
                raise ValueError
        except FileNotFoundError:
            return set()
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            return set()
        return {name for name in names if isinstance(name, str)}


@cache
def ready_styles(folder: Path) -> tuple[ReadyStyle, ...]:
    """Entries of the card in ``folder``, the best style first; none when there is no card.

    Raises
    ------
    StudioError
        When the card is damaged.
    """
    path = folder / READY_CARD
    try:
        return ReadyCard.model_validate_json(path.read_bytes()).styles
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        raise StudioError(Message("{path} is damaged.", path=path), "Install Latent Studio again.") from error


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StudioError(
            Message("Cannot write {path}: {reason}.", path=path, reason=error.strerror or error),
            "Check that you may write into the folder of styles.",
        ) from error


def _folder_text(relative: Path) -> str:
    text = relative.as_posix()
    return "" if text == "." else text


def _is_plain(name: str) -> bool:
    """Neither hidden nor, as on foreign disks, no text."""
    return not name.startswith(".") and not any("\ud800" <= letter <= "\udfff" for letter in name)
