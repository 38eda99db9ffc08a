"""A clip and the film of it, read side by side: which frame of the one belongs to which of the other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studio.base import StudioError
from studio.engine.jobs.film_folder import FilmFolder
from studio.media.clips import Clip, PassingFrame
from studio.ui.clip.playing_times import NEAR, FilmPlace, FramePair, Show


class _Film(Protocol):
    """Frames of a film, in the clip's time."""

    def frames(self, start: float) -> Iterator[PassingFrame]:
        """Those from the one shown at ``start`` on."""

    def at(self, seconds: float) -> PassingFrame | None:
        """The one shown at ``seconds``; None where there is none, or none yet."""

    def broken_at(self) -> float | None:
        """Seconds at which it is damaged or ends too soon; None while it is sound."""

    def close(self) -> None:
        """Close the file."""


class _FilmFile:
    """A finished film. Its first frame is the clip's first one from ``place.start`` on."""

    def __init__(self, place: FilmPlace, clip: Clip) -> None:
        self._film = Clip(place.path)
        self._begin = 0.0
        if place.start > 0:
            first = next(clip.passing(place.start), None)
            self._begin = place.start if first is None else first.seconds
        self._step = float(1 / self._film.properties.fps)

    def frames(self, start: float) -> Iterator[PassingFrame]:
        own = max(0.0, start - self._begin)
        shown = self.at(start)
        if shown is not None and shown.seconds < start - NEAR:
            yield shown
            own += NEAR  # of a variable rate: it is shown for long
        for frame in self._film.passing(max(0.0, own - NEAR)):
            yield self._moved(frame)

    def at(self, seconds: float) -> PassingFrame | None:
        own = seconds - self._begin
        if own < -NEAR:
            return None
        found = self._film.passing_at(max(0.0, own + NEAR))
        # Not every container says how long the last frame is shown.
        beyond = own > max(self._film.properties.seconds, found.seconds + self._step) - NEAR
        return None if beyond else self._moved(found)

    def broken_at(self) -> float | None:
        broken = self._film.broken_at
        return None if broken is None else broken + self._begin

    def close(self) -> None:
        self._film.close()

    def _moved(self, frame: PassingFrame) -> PassingFrame:
        return replace(frame, seconds=frame.seconds + self._begin)


class _FilmInMaking:
    """The frames so far of a film. They have the very times of the clip's; their number grows while one looks."""

    def __init__(self, place: FilmPlace, clip: Clip) -> None:
        self._folder, self._clip = FilmFolder(place.path), clip
        self._step = float(1 / clip.properties.fps)
        self._done = 0

    def frames(self, start: float) -> Iterator[PassingFrame]:
        if start >= self._ends() - NEAR:
            return
        number = max(0, self._number(start))
        while number < self._count():
            frame = self._frame(number)
            if frame is None:
                return
            yield frame
            number += 1

    def at(self, seconds: float) -> PassingFrame | None:
        if seconds >= self._ends() - NEAR:
            return None
        number = self._number(seconds)
        return self._frame(number) if number >= 0 else None

    def _ends(self) -> float:
        last = self._frame(self._count() - 1) if self._count() else None
        return 0.0 if last is None else last.seconds + self._step

    def broken_at(self) -> float | None:
        return None  # where frames are lacking, the clip goes on

    def close(self) -> None:
        pass  # every frame is a file of its own

    def _count(self) -> int:
        while self._folder.frame_path(self._done).exists():
            self._done += 1
        return self._done

    def _number(self, seconds: float) -> int:
        """Of the frame shown at ``seconds``; -1 before the first."""
        low, high = 0, self._count()
        while low < high:
            middle = (low + high) // 2
            frame = self._frame(middle)
            if frame is None or frame.seconds > seconds + NEAR:
                high = middle
            else:
                low = middle + 1
        return low - 1

    def _frame(self, number: int) -> PassingFrame | None:
        folder = self._folder
        with contextlib.suppress(StudioError):  # the film was finished or removed meanwhile
            ticks = folder.time_of(number)
            return PassingFrame(ticks, self._clip.seconds_of(ticks), lambda _side, _quick: folder.frame(number)[0])
        return None


class Reels:
    """A clip, and the film of it if there is one. For one thread at a time.

    Raises
    ------
    StudioError
        When one of them cannot be opened.
    """

    def __init__(self, clip: Path, film: FilmPlace | None) -> None:
        self._clip = Clip(clip)
        self._film: _Film | None = None
        try:
            if film is not None:
                self._film = (_FilmInMaking if film.unfinished else _FilmFile)(film, self._clip)
        except BaseException:
            self._clip.close()
            raise

    def close(self) -> None:
        """Close the files."""
        self._clip.close()
        if self._film is not None:
            self._film.close()

    @property
    def step(self) -> float:
        """Seconds that a frame lasts on average."""
        return float(1 / self._clip.properties.fps)

    def broken_at(self, show: Show) -> float | None:
        """Seconds of the clip at which what was read for ``show`` is damaged or ends too soon."""
        if show == "film" and self._film is not None:
            return self._film.broken_at()
        return self._clip.broken_at

    def frames_at(self, seconds: float, steps: int = 0, side: int | None = None) -> FramePair:
        """Clip and film at ``seconds``, or so many frames after (negative: before) the one that is shown then.

        Raises
        ------
        StudioError
            When the clip is damaged there.
        """
        shown = stepped(self._clip, seconds, steps)
        return FramePair(shown.seconds, shown.picture(side), self._film_picture(shown.seconds))

    def _film_picture(self, seconds: float) -> NDArray[np.uint8] | None:
        with contextlib.suppress(StudioError):  # damaged or gone: the clip is shown
            frame = None if self._film is None else self._film.at(seconds)
            return None if frame is None else frame.picture()
        return None

    def pairs(
        self, show: Show, start: float, end: float | None, side: int | None, skipped: Callable[[float], bool]
    ) -> Iterator[FramePair]:
        """One moment after the other from ``start`` to before ``end`` seconds.

        Where the film has no frame (yet), there is the clip's.

        Parameters
        ----------
        side : scale down to at most this many pixels on the long side.
        skipped : asked before pixels are made of the frame at so many seconds; those for which it says so are left out.
        """
        if show == "clip" or self._film is None:
            yield from self._of_clip(start, end, side, skipped)
        elif show == "film":
            yield from self._of_film(self._film, start, end, side, skipped)
        else:
            yield from self._of_both(self._film, start, end, side, skipped)

    def _of_clip(
        self, start: float, end: float | None, side: int | None, skipped: Callable[[float], bool]
    ) -> Iterator[FramePair]:
        for frame in self._clip.passing(start, end):
            if not skipped(frame.seconds):
                yield FramePair(frame.seconds, clip=frame.picture(side, quick=True))

    def _of_film(
        self, film: _Film, start: float, end: float | None, side: int | None, skipped: Callable[[float], bool]
    ) -> Iterator[FramePair]:
        at = start
        for frame in film.frames(start):
            if end is not None and frame.seconds >= end - NEAR:
                return
            if not skipped(frame.seconds):
                with contextlib.suppress(StudioError):
                    yield FramePair(frame.seconds, film=frame.picture(side, quick=True))
            at = frame.seconds + NEAR
        if isinstance(film, _FilmInMaking):
            yield from self._of_clip(at, end, side, skipped)

    def _of_both(
        self, film: _Film, start: float, end: float | None, side: int | None, skipped: Callable[[float], bool]
    ) -> Iterator[FramePair]:
        coming = film.frames(start)
        ahead, now = next(coming, None), None
        picture: tuple[PassingFrame, NDArray[np.uint8] | None] | None = None
        for frame in self._clip.passing(start, end):
            if skipped(frame.seconds):
                continue
            while ahead is not None and ahead.seconds <= frame.seconds + NEAR:
                now, ahead = ahead, next(coming, None)
            if now is not None and (picture is None or picture[0] is not now):
                picture = now, None
                with contextlib.suppress(StudioError):
                    picture = now, now.picture(side, quick=True)
            there = now is not None and (ahead is not None or frame.seconds <= now.seconds + NEAR)
            yield FramePair(
                frame.seconds, frame.picture(side, quick=True), picture[1] if picture is not None and there else None
            )


def stepped(clip: Clip, seconds: float, steps: int) -> PassingFrame:
    """The frame shown at ``seconds``, or so many frames after (negative: before) it; the ends are never passed.

    Raises
    ------
    StudioError
        When the clip is damaged there.
    """
    shown = clip.passing_at(seconds)
    for _ in range(-steps):
        if shown.seconds <= 0:
            break
        shown = clip.passing_at(max(0.0, shown.seconds - 1e-4))
    if steps > 0:
        for frame in clip.passing(shown.seconds + 1e-4):
            shown, steps = frame, steps - 1
            if steps == 0:
                break
    return shown
