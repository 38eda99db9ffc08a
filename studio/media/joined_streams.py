"""Streams that were joined end to end (``cat a.ts b.ts``): where their times jump, and how they go on.

Transport and programme streams have no index, so their parts can be put one behind the other; each keeps its own times,
which then begin anew in the middle of the file. What is found here gives every part its place behind the one before.
"""

from __future__ import annotations

import bisect
import functools
import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer

from studio.media.joined_files import beginnings, in_source, indexed_parts, source_of

TS_DISCONTINUOUS = 0x0200
"""FFmpeg's flag of formats in which times may jump (``AVFMT_TS_DISCONT``)."""

_JUMP = 10.0
"""Seconds by which times must jump ahead to be those of another part; FFmpeg's own threshold."""
_JITTER = 0.1
"""Seconds by which decoding times of damaged streams may go back without being another part's."""
_SCANNED = 64 * 2**20
"""Bytes up to which every packet is looked at; larger files are probed in places first."""
_PROBES = 96
_IN_TURN = "concat"
"""FFmpeg's format of a script that names files which are read one after another."""
_WINDOWS = {"protocol_whitelist": "file,subfile"}


@dataclass(frozen=True)
class JoinedStream:
    """The parts of a joined file.

    Attributes
    ----------
    cuts : positions in bytes at which the second and further parts begin, ascending.
    shifts : seconds to be added to the times of each part, one more than there are cuts; the first is 0.
    key_frames : times in seconds (shifted) and positions of the pictures at which decoding can begin, ascending.
    seconds : from the first picture to the end of the last.
    frames : number of pictures.
    by_bytes : whether reading can begin at a position; AVI and MP4 lose their times then.
    whole : whether there are pictures of every part; of a damaged one, or one with other tracks, there may be none.
    """

    cuts: tuple[int, ...]
    shifts: tuple[Fraction, ...]
    key_frames: tuple[tuple[Fraction, int], ...]
    seconds: Fraction
    frames: int
    whole: bool = True
    by_bytes: bool = True

    def shift_at(self, position: int) -> Fraction:
        """Seconds to be added to the times of a packet that lies at ``position``."""
        return self.shifts[bisect.bisect_right(self.cuts, position)]

    def shifted(self, packet: av.Packet, near: int) -> int:
        """Move the times of ``packet`` to where they belong; returns its position, ``near`` when it does not know."""
        position = near if packet.pos is None else packet.pos
        ticks = round(self.shift_at(position) / packet.time_base) if packet.time_base else 0
        if ticks and packet.pts is not None:
            packet.pts += ticks
        if ticks and packet.dts is not None:
            packet.dts += ticks
        return position

    def position_before(self, seconds: Fraction) -> int:
        """The position to read from to get all pictures from ``seconds`` on."""
        found = bisect.bisect_right(self.key_frames, seconds, key=lambda each: each[0]) - 1
        return self.key_frames[max(0, found)][1]


def joined_stream(path: Path, container: InputContainer, stream: int) -> JoinedStream | None:
    """The parts of which ``path`` was put together, by the times of its pictures; None when they go on without a jump.

    Parameters
    ----------
    container : the open file; it is left as it is, since the file is opened anew.
    stream : index of the stream of pictures.

    Raises
    ------
    av.error.FFmpegError, OSError
        When it cannot be opened again. Damage further on ends the search.
    """
    if container.format.name == _IN_TURN:
        return None
    cuts = () if int(container.format.flags) & TS_DISCONTINUOUS else in_source(path, beginnings(path))
    if not cuts and not int(container.format.flags) & TS_DISCONTINUOUS:
        return None
    stat = path.stat()
    return _searched(path.absolute(), stream, cuts, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))


def open_container(path: Path) -> InputContainer:
    """A media file for reading; one that refers to the network, as playlists do, gets nothing from there.

    Joined MP4 files with an index, of which FFmpeg knows the first only, are read one after another as one.

    Raises
    ------
    av.error.FFmpegError, OSError
        When it cannot be opened.
    """
    if parts := indexed_parts(path):
        script = _script(path.absolute(), parts, path.stat().st_mtime_ns)
        if script:
            options = {"safe": "0", **_WINDOWS}
            return av.open(io.BytesIO(script), "r", format=_IN_TURN, metadata_errors="replace", options=options)
    return av.open(source_of(path), "r", metadata_errors="replace", options={"protocol_whitelist": "file"})


@functools.lru_cache(maxsize=64)
def _script(path: Path, parts: tuple[tuple[int, int], ...], state: int) -> bytes:
    """Script by which FFmpeg reads ``parts`` in turn; empty when one cannot be read, or lacks tracks of the first.

    Each takes as long as the longest of its tracks, so that sound and pictures stay together.
    """
    lines = ["ffconcat version 1.0"]
    first: list[tuple[str, str]] = []
    for start, end in parts:
        window = f"subfile,,start,{start},end,{end},,:{path}"
        try:
            with av.open(window, "r", metadata_errors="replace", options=_WINDOWS) as part:
                tracks = [(str(each.type), each.codec_context.name) for each in part.streams if each.codec_context]
                first = first or tracks
                if tracks != first or not part.duration or "\n" in window:
                    return b""
                lines += [
                    "file '" + window.replace("'", "'\\''") + "'",
                    f"duration {part.duration / av.time_base:.6f}",
                ]
        except (av.error.FFmpegError, OSError, ValueError):
            return b""
    return "\n".join([*lines, ""]).encode()


@functools.lru_cache(maxsize=64)
def _searched(path: Path, stream: int, cuts: tuple[int, ...], state: tuple[int, ...]) -> JoinedStream | None:
    with open_container(path) as container:
        if not cuts and state[0] > _SCANNED and not _suspicious(container, stream, state[0]):
            return None
    with open_container(path) as container:
        return _scanned(container, stream, cuts)


def _suspicious(container: InputContainer, stream: int, size: int) -> bool:
    """Return whether times at places spread over a large file do not grow as they should."""
    last: float | None = None
    rate: list[float] = []
    for number in range(_PROBES):
        position = size * number // _PROBES if number < _PROBES - 1 else max(0, size - 2**21)
        try:
            seek_bytes(container, position)
            packet = next(p for p in container.demux(container.streams[stream]) if p.dts is not None)
        except (av.error.FFmpegError, StopIteration):
            continue
        seconds = float((packet.dts or 0) * packet.time_base)
        if last is not None:
            if seconds < last:
                return True
            rate.append(seconds - last)
        last = seconds
    return len(rate) > 2 and max(rate) > _JUMP + 4 * float(np.median(rate))


def kept(packet: av.Packet) -> av.Packet:
    """The same packet without the mark by which FFmpeg drops what goes back in time, as a joined MP4 does."""
    fresh = av.Packet(bytes(packet))
    fresh.pts, fresh.dts, fresh.time_base = packet.pts, packet.dts, packet.time_base
    fresh.is_keyframe = packet.is_keyframe
    return fresh


def seek_bytes(container: InputContainer, position: int) -> None:
    """Go on reading at ``position``. Raises ``av.error.FFmpegError`` where that cannot be done."""
    seek: Any = container.seek  # its stub does not know the last parameter
    seek(position, unsupported_byte_offset=True)


def _scanned(container: InputContainer, stream: int, known: tuple[int, ...]) -> JoinedStream | None:
    """The parts by what every packet says; ``known``: where they begin, when the form of the file tells that."""
    cuts = list(known)
    pictures: list[tuple[int, int, bool]] = []
    before: dict[int, tuple[float, int]] = {}
    tracks = [each for each in container.streams if each.index == stream or each.type == "audio"]
    base = container.streams[stream].time_base or Fraction(1, 90_000)
    try:
        for packet in container.demux(*tracks):
            if packet.size == 0 or packet.time_base is None or (packet.dts is None and not known):
                continue
            index, seconds = packet.stream.index, float((packet.dts or 0) * packet.time_base)
            last, place = before.get(index, (seconds, 0))
            position = place if packet.pos is None else packet.pos
            if known:
                pass
            elif seconds < last - _JITTER or seconds > last + _JUMP:
                if cuts and place < cuts[-1]:  # another stream has told already
                    cuts[-1] = min(cuts[-1], position)
                else:
                    cuts.append(position)
            before[index] = seconds, position
            if index == stream and packet.pts is not None:
                pictures.append((position, packet.pts, packet.is_keyframe))
    except (av.error.FFmpegError, ValueError):
        pass  # as far as it goes
    by_bytes = not {"avi", "mov"} & set(container.format.name.split(","))
    return _put_together(cuts, pictures, base, by_bytes) if cuts and pictures else None


def _put_together(
    cuts: list[int], pictures: list[tuple[int, int, bool]], base: Fraction, by_bytes: bool
) -> JoinedStream | None:
    parts: list[list[tuple[int, int, bool]]] = [[] for _ in range(len(cuts) + 1)]
    for picture in pictures:
        parts[bisect.bisect_right(cuts, picture[0])].append(picture)
    shifts: list[int] = []
    end: int | None = None
    first: int | None = None
    step = 1
    for part in parts:
        times = sorted(pts for _, pts, _ in part)
        if len(times) > 1:
            step = max(1, round(float(np.median(np.diff(times)))))
        if not times:  # sound only: with what comes before it
            shifts.append(shifts[-1] if shifts else 0)
            continue
        shifts.append(0 if end is None else end - times[0])
        end = times[-1] + shifts[-1] + step
        first = times[0] if first is None else first
    assert end is not None and first is not None
    keys = sorted(
        ((pts + shifts[bisect.bisect_right(cuts, place)]) * base, place) for place, pts, key in pictures if key
    )
    return JoinedStream(
        tuple(cuts),
        tuple(shift * base for shift in shifts),
        tuple(keys) or ((first * base, 0),),
        (end - first) * base,
        len(pictures),
        all(parts),
        by_bytes,
    )
