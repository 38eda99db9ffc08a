"""Clips as sources of pictures: every n-th frame, upright, with square pixels. Nothing is written."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from studio.base import Message, StudioError
from studio.media.clips import Clip, PassingFrame
from studio.media.photos import CLIP_SUFFIXES

CLOSEST_SECONDS = 0.5
MOST_FRAMES = 400
"""Left to itself, a film gives a frame every half second, but not more than this many."""

# From this spacing on only the frames that stand on their own are decoded, which is many times faster.
_KEY_FRAMES_FROM = 4.0
# Frames further on than this are sought instead of decoding all that lies between.
_SEEK_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """A frame: ``pts`` is its time in the film's own units (an exact name for it), ``seconds`` that in seconds."""

    pts: int
    seconds: float
    picture: Image.Image


def is_film(path: Path) -> bool:
    """Return whether the file's name is that of a film."""
    return path.suffix.lower() in CLIP_SUFFIXES


def candidates(path: Path, every: int = 0) -> Generator[FilmFrame, None, None]:
    """Every ``every``-th frame of a film, counted from the first; 0 chooses by the film's length.

    A film that breaks off gives the frames before that.

    Raises
    ------
    StudioError
        When nothing of it can be read.
    """
    given = 0
    with Clip(path) as clip:
        spacing = 0.0 if every else max(CLOSEST_SECONDS, clip.properties.seconds / MOST_FRAMES)
        due = 0.0
        for number, frame in enumerate(clip.passing(key_frames=spacing >= _KEY_FRAMES_FROM)):
            if (number % every if every else frame.seconds < due - 1e-6) or frame.corrupt:
                continue
            due = max(due + spacing, frame.seconds + spacing / 2)
            given += 1
            yield _taken(frame)
    if not given:
        raise StudioError(Message("“{name}” holds no moving pictures.", name=path.name), "Take it out of the folder.")


def read_frames(path: Path, wanted: Sequence[int]) -> Generator[FilmFrame, None, None]:
    """The frames with the times ``wanted`` (``pts``, ascending), one at a time.

    Raises
    ------
    StudioError
        When the film cannot be read, or is another than it was.
    """
    with Clip(path) as clip:
        left = list(wanted)
        frames: Iterator[PassingFrame] = iter(())
        at: int | None = None
        while left:
            if at is None or (left[0] - at) * clip.time_base > _SEEK_SECONDS:
                frames = clip.passing(from_ticks=left[0])
            frame = next((each for each in frames if each.ticks >= left[0]), None)
            if frame is None or frame.ticks > left[0]:
                raise StudioError(
                    Message("“{name}” has changed since it was looked through.", name=path.name),
                    "Look through the folder again.",
                )
            at = left.pop(0)
            yield _taken(frame)


def open_frame(path: Path, pts: int) -> Image.Image:
    """One frame of a film, RGB. Raises as :func:`read_frames`."""
    with contextlib.closing(read_frames(path, [pts])) as frames:
        return next(frames).picture


def _taken(frame: PassingFrame) -> FilmFrame:
    return FilmFrame(frame.ticks, frame.seconds, Image.fromarray(frame.picture()))
