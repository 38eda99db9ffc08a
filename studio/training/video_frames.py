"""Films as sources of pictures: every n-th frame, upright, with square pixels. PyAV decodes; nothing is written."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from studio.base import StudioError

FILM_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".ogv", ".3gp", ".mts"}
)
"""File name endings of films looked at in folders."""

CLOSEST_SECONDS = 0.5
MOST_FRAMES = 400
"""Left to itself, a film gives a frame every half second, but not more than this many."""

# From this spacing on only the frames that stand on their own are decoded, which is many times faster.
_KEY_FRAMES_FROM = 4.0
# Frames further on than this are sought instead of decoding all that lies between.
_SEEK_SECONDS = 8.0
# What libav raises over damaged files: its own errors are OSErrors and ValueErrors.
_DAMAGE = (av.FFmpegError, OSError, ValueError, TypeError, ZeroDivisionError, AttributeError, MemoryError)


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """A frame: ``pts`` is its time in the film's own units (an exact name for it), ``seconds`` that in seconds."""

    pts: int
    seconds: float
    picture: Image.Image


def is_film(path: Path) -> bool:
    """Whether the file's name is that of a film."""
    return path.suffix.lower() in FILM_SUFFIXES


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise StudioError(f"“{path.name}” holds no moving pictures.", "Take it out of the folder.")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield container, stream
    except StudioError:
        raise
    except FileNotFoundError as error:
        raise StudioError(
            f"“{path.name}” is not there any more.", "Check that the file was not moved or renamed."
        ) from error
    except _DAMAGE as error:
        raise StudioError(
            f"“{path.name}” is no film that can be read, or damaged.", "Convert it to MP4 with another program first."
        ) from error


def candidates(path: Path, every: int = 0) -> Generator[FilmFrame, None, None]:
    """Every ``every``-th frame of a film, counted from the first; 0 chooses by the film's length.

    A film that breaks off gives the frames before that.

    Raises
    ------
    StudioError
        When nothing of it can be read.
    """
    given = 0
    try:
        with _opened(path) as (container, stream):
            length = _length(container, stream)
            spacing = 0.0 if every else max(CLOSEST_SECONDS, length / MOST_FRAMES)
            if spacing >= _KEY_FRAMES_FROM:
                stream.codec_context.skip_frame = "NONKEY"
            due = 0.0
            for number, frame in enumerate(container.decode(stream)):
                if frame.pts is None:
                    continue
                seconds = float(frame.pts * stream.time_base) if stream.time_base is not None else 0.0
                if number == 0:
                    due = seconds
                if (number % every if every else seconds < due - 1e-6) or frame.is_corrupt:
                    continue
                due = max(due + spacing, seconds + spacing / 2)
                given += 1
                yield FilmFrame(frame.pts, seconds, _picture(frame, stream))
    except StudioError:
        if not given:
            raise
    if not given:
        raise StudioError(f"“{path.name}” holds no moving pictures.", "Take it out of the folder.")


def read_frames(path: Path, wanted: Sequence[int]) -> Generator[FilmFrame, None, None]:
    """The frames with the times ``wanted`` (``pts``, ascending), one at a time.

    Raises
    ------
    StudioError
        When the film cannot be read, or is another than it was.
    """
    with _opened(path) as (container, stream):
        base = float(stream.time_base or 1)
        left = list(wanted)
        frames = container.decode(stream)
        at: int | None = None
        while left:
            if at is None or (left[0] - at) * base > _SEEK_SECONDS:
                container.seek(left[0], stream=stream, backward=True)
                frames = container.decode(stream)
            for frame in frames:
                if frame.pts is None or frame.pts < left[0]:
                    continue
                if frame.pts > left[0]:
                    raise StudioError(
                        f"“{path.name}” has changed since it was looked through.", "Look through the folder again."
                    )
                at = frame.pts
                yield FilmFrame(frame.pts, frame.pts * base, _picture(frame, stream))
                left.pop(0)
                break
            else:
                raise StudioError(
                    f"“{path.name}” has changed since it was looked through.", "Look through the folder again."
                )


def open_frame(path: Path, pts: int) -> Image.Image:
    """One frame of a film, RGB. Raises as :func:`read_frames`."""
    with contextlib.closing(read_frames(path, [pts])) as frames:
        return next(frames).picture


def _length(container: InputContainer, stream: VideoStream) -> float:
    """Seconds; 0 when the file does not say."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _picture(frame: VideoFrame, stream: VideoStream) -> Image.Image:
    picture = frame.to_image()
    ratio = stream.sample_aspect_ratio
    if ratio and ratio != 1:
        picture = picture.resize((max(1, round(picture.width * float(ratio))), picture.height))
    turn = int(getattr(frame, "rotation", 0) or 0)
    return picture.rotate(turn, expand=True) if turn else picture
