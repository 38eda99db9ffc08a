"""Frames of an open clip, decoded off the main thread: the newest asked for wins."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QObject, Signal

from studio.base import StudioError
from studio.base.files import file_stamp, lasting_scratch_folder, sha256_of
from studio.base.paths import cache_dir
from studio.recipes import FileRef, FilmRecipe, FinishedFilmRecipe
from studio.recipes.sequences.film import AnyFilm, film_in_comment
from studio.ui.context import StudioContext
from studio.ui.thumbnails import thumbnail_service
from studio.ui.widgets import to_qimage
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.media.clips import Clip, ClipProperties

FRAME_SIDE = 1600
"""Long side at which frames are taken out of a clip to be restyled."""
_FRAMES_KEPT = 48


@dataclass(frozen=True)
class ShownFrame:
    """A frame of a clip as a photo that recipes can name: a file that is lent to the sources, not yet kept.

    ``stepped`` when a frame so many steps from a place was asked for: only now it is known where it is.
    """

    ref: FileRef
    seconds: float
    stepped: bool = False


@dataclass(frozen=True)
class OpenedClip:
    """A clip that was opened.

    Attributes
    ----------
    path : of the clip.
    asked : the file asked for: the clip, or a film made of it.
    film : the recipe in ``asked``, when that is a film made here.
    zero : the time of its first frame in the file's own time, in seconds.
    stamp : another number when the clip's file is another one.
    """

    path: Path
    properties: ClipProperties
    film: AnyFilm | None
    asked: Path
    zero: float
    stamp: int


class ClipFrames(QObject):
    """Reads one clip at a time, on a thread of its own.

    Parameters
    ----------
    side : frames are taken out at this long side at most; None: as they are.
    films : of films made by such recipes the clip they were made of is opened; others are clips like any.
    """

    opened = Signal(object)
    """An :class:`OpenedClip`."""
    refused = Signal(object)
    """A ``StudioError``: the clip cannot be opened."""
    frame = Signal(object)
    """A :class:`ShownFrame` that was asked for."""
    thumbnail = Signal(int, object)
    """Number and picture (``QImage``) of a thumbnail."""

    def __init__(
        self,
        context: StudioContext,
        parent: QObject | None = None,
        *,
        side: int | None = FRAME_SIDE,
        films: type[FilmRecipe] | type[FinishedFilmRecipe] = FilmRecipe,
    ) -> None:
        super().__init__(parent)
        self._context, self._side, self._films = context, side, films
        self._background = JobGroup(self, ordered=True)
        self._background.failed.connect(context.problem)
        self.shown_at: float | None = None
        """The place, in seconds, of the frame that came last."""
        self._clip: Clip | None = None
        self._opened: OpenedClip | None = None
        self._kept = thumbnail_service()
        self._waiting: tuple[float, int] | None = None
        self._wanted = 0
        self._thumbnails = 0
        self._folder: Path | None = None
        self._files: OrderedDict[Path, None] = OrderedDict()

    def open(self, path: Path) -> None:
        """Open ``path``; ``opened`` or ``refused`` follows."""
        self._wanted += 1
        self._thumbnails += 1
        self._waiting = self.shown_at = self._opened = None

        def work() -> OpenedClip:
            from studio.media.clips import Clip

            self._close()
            self._clip = Clip(path)
            film: AnyFilm | None = None
            with contextlib.suppress(StudioError):  # a damaged recipe: a clip like any other
                found = film_in_comment(self._clip.comment)
                film = found if isinstance(found, self._films) else None
            # Of a film made here one wants the clip it was made of, if that lies beside it.
            source = path.with_name(film.clip.name) if film is not None and film.clip.name else path
            if film is not None and source != path and source.is_file() and sha256_of(source) == film.clip.hash:
                self._close()
                self._clip = Clip(source)
            read = self._clip
            return OpenedClip(read.path, read.properties, film, path, -read.seconds_of(0), file_stamp(read.path))

        def done(opened: OpenedClip) -> None:
            self._opened = opened
            self.opened.emit(opened)

        self._background.run(work, done, self.refused.emit)

    def request(self, seconds: float, steps: int = 0) -> None:
        """Ask for the frame at ``seconds``, or so many frames after (negative: before) it.

        What was asked for before and has not come yet is dropped, but steps from the same place add up.
        """
        if steps and self._waiting is not None and self._waiting[1]:
            seconds, steps = self._waiting[0], self._waiting[1] + steps
        self._waiting = seconds, steps
        self._wanted += 1
        number = self._wanted

        def work() -> ShownFrame | None:
            if number != self._wanted or self._clip is None:
                return None
            from studio.ui.clip.paired_frames import stepped

            found = stepped(self._clip, seconds, steps)
            image = found.picture(self._side)
            return ShownFrame(self._lent(image, self._clip.path, found.seconds), found.seconds, steps != 0)

        def done(shown: ShownFrame | None) -> None:
            if shown is not None and number == self._wanted:
                self._waiting = None
                self.shown_at = shown.seconds
                self.frame.emit(shown)

        def failed(problem: StudioError) -> None:
            if number == self._wanted:
                self._waiting = None
            self._background.failed.emit(problem)

        self._background.run(work, done, failed)

    def request_thumbnails(self, count: int, height: int) -> None:
        """Ask for ``count`` pictures spread over the clip, ``height`` pixels high; frames go first.

        Those that the window has still come at once.
        """
        self._thumbnails += 1
        number, opened = self._thumbnails, self._opened
        if opened is None:
            return

        def key(index: int) -> tuple[object, ...]:
            return "clip", opened.path, opened.stamp, height, count, index

        missing: list[int] = []
        for index in range(count):
            image = self._kept.find(key(index))
            if image is None:
                missing.append(index)
            else:
                self.thumbnail.emit(index, image)

        def one() -> None:
            index = missing.pop(0)

            def work() -> NDArray[np.uint8] | None:
                clip = self._clip
                if number != self._thumbnails or clip is None:
                    return None
                properties = clip.properties
                side = max(16, round(height * max(properties.width, properties.height) / properties.height))
                try:
                    return clip.frame_at((index + 0.5) / count * properties.seconds, side).image
                except StudioError:
                    return None  # damaged there; the strip has a gap

            def done(image: NDArray[np.uint8] | None) -> None:
                if number != self._thumbnails:
                    return
                if image is not None:
                    small = to_qimage(image)
                    self._kept.put(key(index), small)
                    self.thumbnail.emit(index, small)
                if missing:
                    one()  # one at a time, so that a frame that is asked for waits for one only

            self._background.run(work, done)

        if missing:
            one()

    def close(self) -> None:
        """Close the clip."""
        self._waiting = self.shown_at = self._opened = None
        self._wanted += 1
        self._thumbnails += 1
        self._background.run(self._close)

    def shut_down(self) -> None:
        """Close everything, and remove the files that were lent."""
        self._background.close()
        self._wanted += 1
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _close(self) -> None:
        if self._clip is not None:
            self._clip.close()
            self._clip = None

    def _lent(self, image: NDArray[np.uint8], clip: Path, seconds: float) -> FileRef:
        """A file of the frame, for as long as the clip is open."""
        if self._folder is None:
            self._folder = lasting_scratch_folder(cache_dir())
        minutes, rest = divmod(seconds, 60)
        digest = hashlib.blake2b(image.tobytes(), digest_size=4).hexdigest()
        path = self._folder / digest / f"{clip.stem[:60]} {int(minutes)}m{rest:05.2f}s.png"
        if path not in self._files:
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(image).save(path, compress_level=1)
        self._files[path] = None
        self._files.move_to_end(path)
        while len(self._files) > _FRAMES_KEPT:
            old, _ = self._files.popitem(last=False)
            with contextlib.suppress(OSError):
                old.unlink()
        return self._context.sources.lend(path)
