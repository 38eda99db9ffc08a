"""Opening any video clip an artist may have: rotated, interlaced, HDR, of a variable frame rate, cut off.

Frames are decoded one by one and never kept. Everything is in the clip's own time: seconds from its first frame.
"""

from __future__ import annotations

import contextlib
import io
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from studio.base.errors import StudioError
from studio.base.messages import Message
from studio.media.animated_webp import animated_webp
from studio.media.foreign_kinds import stands_for_another
from studio.media.hdr_video import to_srgb
from studio.media.joined_streams import JoinedStream, joined_stream, kept, open_container, seek_bytes

DAMAGE = (av.error.FFmpegError, OSError, ValueError, EOFError, MemoryError)
"""What PyAV raises over damaged files."""

SMALLEST, LARGEST = 8, 16_384
_UNSPECIFIED = 2
_WORTH_SCALING = 2 / 3
"""Factor above which scaling takes longer than showing the larger picture."""
_FURTHER = 5
"""Seconds to jump back once more when a jump landed too late."""
_HD_LINES = 720
_COUNTED = 2**24
"""Bytes of a file without an index that is gone through for its length."""
_LATE = 0.5
"""Seconds from which on a clip is taken to begin late, rather than by the delay of its codec."""


@dataclass(frozen=True)
class Turn:
    """The turn that brings decoded pictures upright: rows and columns exchanged first, then the sides."""

    transposed: bool = False
    left_right: bool = False
    upside_down: bool = False

    def applied(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``picture``, (height, width, channels), as it is to be shown."""
        if self == Turn():
            return picture
        turned = picture.swapaxes(0, 1) if self.transposed else picture
        return np.ascontiguousarray(turned[:: -1 if self.upside_down else 1, :: -1 if self.left_right else 1])


def turn_of(frame: av.VideoFrame) -> Turn:
    """The orientation in a frame's display matrix (ISO 14496-12, 8.3.2), the nearest of the eight there are."""
    found: Any = frame.side_data  # its stub knows names only
    sides = (found[number] for number in range(len(found)))
    data = next((bytes(each) for each in sides if each.type.name == "DISPLAYMATRIX"), b"")
    if len(data) < 36:
        return Turn()
    # x' = a x + c y, y' = b x + d y
    a, b, _, c, d = struct.unpack("=9i", data[:36])[:5]
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Turn(False, a < 0, d < 0)
    return Turn(True, c < 0, b < 0)


@dataclass(frozen=True)
class ClipProperties:
    """The properties of a clip.

    Attributes
    ----------
    width, height : of a frame as it is shown: turned upright, with square pixels.
    seconds : its length, as its header says; 0 when it does not.
    fps : frames a second on average.
    frames : how many there are, as far as the header tells.
    has_sound : whether there is a sound track.
    codec : of the pictures ("h264").
    """

    width: int
    height: int
    seconds: float
    fps: Fraction
    frames: int
    has_sound: bool
    codec: str

    def frames_between(self, start: float, end: float | None) -> int:
        """About how many frames there are from ``start`` to ``end`` seconds (None: to the end of the clip)."""
        last = self.seconds if end is None else min(end, self.seconds or end)
        if start <= 0 and last >= self.seconds > 0 and self.frames:
            return self.frames
        return max(1, round((last - start) * float(self.fps)))


@dataclass(frozen=True)
class ClipFrame:
    """A frame: ``ticks`` is its time in units of the clip's ``time_base``, ``image`` uint8 (height, width, 3)."""

    ticks: int
    seconds: float
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class PassingFrame:
    """A frame that was decoded, for who does not need the pixels of all.

    ``pixels`` is what :meth:`picture` calls; ``corrupt`` says that parts of them are guessed.
    """

    ticks: int
    seconds: float
    pixels: Callable[[int | None, bool], NDArray[np.uint8]]
    corrupt: bool = False

    def picture(self, max_side: int | None = None, *, quick: bool = False) -> NDArray[np.uint8]:
        """The pixels, uint8 (height, width, 3).

        Parameters
        ----------
        max_side : scale down to at most this many on the long side.
        quick : scale as is good enough for what is seen in passing, in a third of the time, and not by a little.
        """
        return self.pixels(max_side, quick)


def read_comment(path: Path) -> str:
    """The comment in a video file, without decoding anything of it; empty when there is none.

    Raises
    ------
    StudioError
        When the file cannot be read, or is no clip.
    """
    try:
        with av.open(str(path)) as container:
            return _comment_of(container)
    except DAMAGE as error:
        raise _refused(path, error) from error


def _comment_of(container: InputContainer) -> str:
    """Containers name it in their own ways."""
    return next((text for name, text in container.metadata.items() if name.lower() == "comment"), "")


class _LastShown:
    """The packet that is shown last, among those that were seen in the order of decoding."""

    def __init__(self) -> None:
        self._ticks: int | None = None
        self._duration: int | None = None
        self._decoded: int | None = None
        self.reordered = False

    def see(self, packet: av.Packet) -> None:
        """Take the next packet."""
        self._decoded = packet.duration
        if packet.pts is None:
            return
        if self._ticks is None or packet.pts >= self._ticks:
            self._ticks, self._duration = packet.pts, packet.duration
        else:
            self.reordered = True

    def end(self, first: int, time_base: Fraction, rate: float | None, *, by_decoding: bool) -> float:
        """Seconds from ``first`` until it is shown no more; one frame of ``rate`` where it does not say; 0 for none.

        ``by_decoding``: durations last from decoding to decoding, as in MP4. Only that of the packet decoded last,
        which ends with the stream, tells about the end then.
        """
        if self._ticks is None:
            return 0.0
        duration = self._decoded if by_decoding and self.reordered else self._duration
        shown = float(duration * time_base) if duration else 1 / rate if rate else 0.0
        return max(0.0, float((self._ticks - first) * time_base) + shown)


class Clip:
    """An open clip. Use it with ``with``; one reader at a time.

    Raises
    ------
    StudioError
        When the file cannot be read, is no clip, or has no pictures.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.broken_at: float | None = None
        """Seconds at which what was read last is damaged, or ends too soon; None while it is sound."""
        self._durations_mislead = False
        """Whether frames' own durations say nothing of how long they are shown; found out with the length."""
        self._joined: JoinedStream | None = None
        self._position = 0
        self._skipped: Literal["DEFAULT", "NONKEY"] = "DEFAULT"
        try:
            self._memory = animated_webp(path)
            self._container = self._open()
        except DAMAGE as error:
            raise _refused(path, error) from error
        try:
            stream = main_pictures(self._container)
            if stream is None:
                raise StudioError(Message("“{name}” has no pictures in it.", name=path.name), "Choose a video clip.")
            self._stream = stream
            self._stream.thread_type = "AUTO"
            if self._stream.time_base is None:
                raise StudioError(
                    Message("“{name}” has no times for its pictures.", name=path.name), "Choose another clip."
                )
            self.time_base: Fraction = self._stream.time_base
            if self._is_still():
                raise StudioError(
                    Message("“{name}” is a picture, not a clip.", name=path.name),
                    "Stylize it as a photo. If it moves, save it as MP4, GIF or animated PNG first.",
                )
            self._joined = joined_stream(path, self._container, self._stream.index)
            self._alpha = _alpha_decoder(self._stream)
            self._turn, self._first, (width, height) = self._read_first_frame()
            # Said by the first frame at the latest.
            context = self._stream.codec_context
            self._to_srgb = to_srgb(context.color_trc, context.color_primaries)
            self.properties = self._properties(width, height)
        except BaseException as error:
            self._container.close()
            if isinstance(error, DAMAGE):
                raise _refused(path, error) from error
            raise

    def __enter__(self) -> Clip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    @property
    def comment(self) -> str:
        """The comment in the file; empty when there is none."""
        return _comment_of(self._container)

    def _is_still(self) -> bool:
        """Return whether the file is a picture, which FFmpeg opens as a clip of one."""
        kind, brand = self._container.format.name, self._container.metadata.get("major_brand", "")
        return kind == "image2" or kind.endswith("_pipe") or brand in ("avif", "mif1", "heic", "heix")

    def _open(self) -> InputContainer:
        if self._memory is None:
            return open_container(self.path)
        return av.open(io.BytesIO(self._memory.getvalue()), "r")

    def _read_first_frame(self) -> tuple[Turn, int, tuple[int, int]]:
        """Turn, time and size of the first frame that can be decoded: headers do not always tell."""
        for frame in self._container.decode(self._stream):
            if frame.pts is None and frame.dts is None:
                frame.pts = 0
            width, height = frame.width, frame.height
            aspect = self._stream.sample_aspect_ratio or Fraction(1)
            if 0.1 < aspect < 10:
                # Square pixels: the longer way, so that nothing is lost.
                width, height = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
            turn = turn_of(frame)
            if turn.transposed:
                width, height = height, width
            if not (min(width, height) >= SMALLEST and max(width, height) <= LARGEST):
                raise StudioError(
                    Message(
                        "The pictures of “{name}” have {width} x {height} pixels.",
                        name=self.path.name,
                        width=width,
                        height=height,
                    ),
                    Message("Choose a clip of {least} to {most} pixels a side.", least=SMALLEST, most=LARGEST),
                )
            return turn, _ticks(frame) or 0, (width, height)
        raise StudioError(
            Message("“{name}” is damaged: none of its pictures can be read.", name=self.path.name),
            "Get the file again.",
        )

    def _properties(self, width: int, height: int) -> ClipProperties:
        stream = self._stream
        fps = stream.average_rate or stream.guessed_rate or Fraction(25)
        if not 0.01 < fps < 1000:
            fps = Fraction(25)
        seconds, first = 0.0, float(self._first * self.time_base)
        start = None if self._container.start_time is None else self._container.start_time / av.time_base
        if stream.duration:
            seconds = float(stream.duration * self.time_base)
            if stream.start_time is not None:  # pictures before the first that can be decoded
                seconds -= max(0.0, first - float(stream.start_time * self.time_base))
        elif self._container.duration and not (start and start > _LATE and "matroska" in self._container.format.name):
            # Some writers of Matroska count its length from zero, some from where it begins.
            seconds = self._container.duration / av.time_base
            if start is not None:
                seconds -= max(0.0, first - start)
            if self._joined is None and self._container.streams.audio:  # the length of whichever lasts longer
                pictures = self._end_of_pictures(seconds)
                if pictures <= 0 and _is_small(self.path):  # nothing was found there
                    pictures, _ = self._counted(float(fps))
                seconds = min(seconds, pictures or seconds)
        frames = stream.frames or max(1, round(seconds * float(fps)))
        if self._joined is not None:
            seconds, frames = float(self._joined.seconds), self._joined.frames
        if self._joined is None and self._container.format.name == "mpeg" and _is_small(self.path):
            # Guessed by the few times there are, of which a short one has no second.
            seconds, frames = self._counted(float(fps))
        elif self._joined is None and seconds > 0 and stream.duration:
            seconds = max(seconds, self._end_of_last(seconds))
            # Of a part that is cut out by an edit list the header counts all.
            frames = min(frames, max(1, math.ceil(seconds * float(fps)))) if stream.frames else frames
        if seconds <= 0:  # recordings that were cut off, and animated PNG, do not say
            seconds, frames = self._counted(float(fps))
            if frames > 1 and not 0.67 < frames / seconds / fps < 1.5:  # as of the first frame only
                fps = Fraction(frames / seconds).limit_denominator(1000)
        return ClipProperties(
            width=width,
            height=height,
            seconds=max(0.0, seconds),
            fps=Fraction(fps),
            frames=frames,
            has_sound=bool(self._container.streams.audio),
            codec=stream.codec_context.name,
        )

    def _counted(self, fps: float) -> tuple[float, int]:
        """Length in seconds and number of frames, by going through the file without decoding it."""
        frames, last = 0, _LastShown()
        with contextlib.suppress(*DAMAGE):  # as far as it goes
            self._seek(self._first)
            for packet in self._container.demux(self._stream):
                if packet.size:
                    frames += 1
                    last.see(packet)
        end = self._end(last, fps)
        return max(end, frames / fps if end <= 1.5 / fps else 0.0), max(1, frames)

    def _end_of_last(self, seconds: float) -> float:
        """Seconds until which the last picture is shown: of unequal ones some writers tell less of the whole length.

        Only where the rate says that they are unequal is looked for it.
        """
        stream = self._stream
        if not stream.average_rate or not stream.base_rate or abs(stream.average_rate / stream.base_rate - 1) < 0.05:
            return seconds
        return self._end_of_pictures(seconds)

    def _end_of_pictures(self, seconds: float) -> float:
        """Seconds until which the last picture is shown, of a file of about ``seconds``; 0 when it is not found."""
        last, rate = _LastShown(), self._stream.average_rate or self._stream.guessed_rate
        with contextlib.suppress(*DAMAGE):
            self._seek(self._first + max(0, round((seconds - 1) / self.time_base)))
            for packet in self._container.demux(self._stream):
                if packet.size:
                    last.see(packet)
        return self._end(last, float(rate) if rate else None)

    def _end(self, last: _LastShown, rate: float | None) -> float:
        by_decoding = "mp4" in self._container.format.name
        self._durations_mislead = by_decoding and last.reordered
        return last.end(self._first, self.time_base, rate, by_decoding=by_decoding)

    # -- frames ------------------------------------------------------------------------------------------------------

    def frames(
        self,
        start: float = 0.0,
        end: float | None = None,
        *,
        max_side: int | None = None,
        from_ticks: int | None = None,
    ) -> Iterator[ClipFrame]:
        """Decode the frames with times in ``start`` <= t < ``end`` seconds, in their order.

        Frames that cannot be decoded are left out, and :attr:`broken_at` says where the first of them was.

        Parameters
        ----------
        max_side : scale down to at most this many pixels on the long side.
        from_ticks : begin at the frame with this very time, instead of ``start``.
        """
        for ticks, frame in self._decoded(start, end, from_ticks):
            yield ClipFrame(ticks, self.seconds_of(ticks), self._pixels(frame, max_side))

    def passing(
        self,
        start: float = 0.0,
        end: float | None = None,
        *,
        from_ticks: int | None = None,
        key_frames: bool = False,
    ) -> Iterator[PassingFrame]:
        """As :meth:`frames`, without making pixels of every frame: most of the time goes into that.

        ``key_frames`` decodes only those that stand on their own, which is many times faster.
        """
        self._skipped = "NONKEY" if key_frames else "DEFAULT"
        try:
            for ticks, frame in self._decoded(start, end, from_ticks):
                yield PassingFrame(ticks, self.seconds_of(ticks), partial(self._pixels, frame), frame.is_corrupt)
        finally:
            self._skipped = "DEFAULT"

    def frame_at(self, seconds: float, max_side: int | None = None) -> ClipFrame:
        """The frame shown at ``seconds``; the last one beyond the end.

        Raises
        ------
        StudioError
            When the clip is damaged there.
        """
        found = self.passing_at(seconds)
        return ClipFrame(found.ticks, found.seconds, found.picture(max_side))

    def passing_at(self, seconds: float) -> PassingFrame:
        """As :meth:`frame_at`, without making pixels of it. Raises as that does."""
        # The one shown may have begun long before, where the rate is variable.
        for back in (float(1.5 / self.properties.fps), 2.0, math.inf):
            shown: tuple[int, av.VideoFrame] | None = None
            for ticks, frame in self._decoded(max(0.0, seconds - back), None, None):
                if self.seconds_of(ticks) > seconds + 1e-6:
                    break
                shown = ticks, frame
            if shown is not None:
                return PassingFrame(shown[0], self.seconds_of(shown[0]), partial(self._pixels, shown[1]))
        raise StudioError(
            Message(
                "“{name}” cannot be read at {seconds:.1f} seconds: it is damaged.", name=self.path.name, seconds=seconds
            ),
            "Choose another place.",
        )

    def ticks_shown(self, ticks: int) -> int:
        """Ticks for which the frame with this very time is shown: until the next, or as the file says of the last.

        Raises
        ------
        StudioError
            When there is no such frame.
        """
        found: av.VideoFrame | None = None
        for at, frame in self._decoded(0.0, None, ticks):
            if found is not None:
                return at - ticks
            if at != ticks:
                break
            found = frame
        if found is None:
            raise StudioError(
                Message("“{name}” has changed since its frames were made.", name=self.path.name), "Make the film anew."
            )
        return self._own_ticks(found)

    def _own_ticks(self, frame: av.VideoFrame) -> int:
        """Ticks for which a frame is shown by itself."""
        own = frame.duration or max(1, round(1 / self.properties.fps / self.time_base))
        if self._durations_mislead and frame.pts is not None:
            left = self._first + round(self.properties.seconds / self.time_base) - frame.pts
            return min(own, left) if left > 0 else own
        return own

    def _decoded(self, start: float, end: float | None, from_ticks: int | None) -> Iterator[tuple[int, av.VideoFrame]]:
        wanted = self._first + math.ceil(start / self.time_base - 1e-6) if from_ticks is None else from_ticks
        limit = None if end is None else self._first + end / self.time_base - 1e-6
        last: int | None = None
        shown = 0
        try:
            for ticks, frame in self._from(wanted):
                last, shown = ticks, self._own_ticks(frame)
                if limit is not None and ticks >= limit:
                    return
                if ticks >= wanted:
                    yield ticks, frame
        except DAMAGE:
            self._note_damage(last)
            return
        # A clip cut off by a full card or a crash just ends. Its sound may be longer by right, though.
        seconds = float(1 / self.properties.fps)
        patience = max(0.3, 3 * seconds) if self._stream.duration or not self.properties.has_sound else 2.0
        reached = 0.0 if last is None else self.seconds_of(last + shown)
        lacks_parts = self._joined is not None and not self._joined.whole
        ends_soon = lacks_parts or self.properties.seconds - reached > patience
        if (limit is None or (end or 0) - reached > patience) and ends_soon:
            self._note_damage(last)

    def _from(self, wanted: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Decode from a frame at or before ``wanted`` on. Transport streams have no index: a jump may land too late."""
        jumps: list[Callable[[], None]] = [partial(self._seek, wanted), self._rewind]
        if wanted > self._first:
            jumps.insert(1, partial(self._seek, wanted - round(_FURTHER / self.time_base)))
        for jump in jumps:
            self.broken_at = None
            jump()
            frames = self._demuxed()
            first = next(frames, None)
            if jump == self._rewind or (first is not None and first[0] <= max(wanted, self._first)):
                if first is not None:
                    yield first
                    yield from frames
                return

    def _demuxed(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """Decode what comes, with times that only grow."""
        last: int | None = None
        position = self._position
        self._stream.codec_context.skip_frame = self._skipped
        self._alpha = _alpha_decoder(self._stream)
        for packet in self._container.demux(self._stream):
            if self._joined is not None and packet.size:
                position = self._joined.shifted(packet, position)
            try:
                decoded = (
                    self._stream.codec_context.decode(kept(packet))
                    if self._joined and packet.is_discard
                    else packet.decode()
                    if self._alpha is None
                    else self._alpha.decode(packet if packet.size else None)
                )
            except av.error.InvalidDataError:
                self._note_damage(last)
                continue
            for frame in decoded:
                ticks = _ticks(frame)
                if ticks is None:  # no time of its own: one frame after the one before
                    step = max(1, round(1 / self.properties.fps / self.time_base))
                    ticks = self._first if last is None else last + step
                if last is not None and ticks <= last:
                    continue  # times that go back are damage; two frames cannot be shown at once
                if frame.is_corrupt and last is not None:  # partly guessed; at a beginning that is quite usual
                    self._note_damage(last)
                last = ticks
                yield ticks, frame

    def _note_damage(self, last: int | None) -> None:
        if self.broken_at is None:
            self.broken_at = 0.0 if last is None else max(0.0, self.seconds_of(last))

    def seconds_of(self, ticks: int) -> float:
        """The time in the clip of ``ticks``, as frames and films in making have them."""
        return float((ticks - self._first) * self.time_base)

    def _seek(self, ticks: int) -> None:
        """To a key frame at or before ``ticks``."""
        if self._joined is not None and not self._joined.by_bytes:
            self._rewind()
            return
        if self._joined is not None:
            with contextlib.suppress(*DAMAGE):
                self._position = self._joined.position_before(ticks * self.time_base)
                seek_bytes(self._container, self._position)
                return
            self._rewind()
            return
        if ticks > self._first:
            with contextlib.suppress(*DAMAGE):
                self._container.seek(ticks, stream=self._stream, backward=True)
                return
        try:
            self._container.seek(min(ticks, self._first), stream=self._stream, backward=True)
        except DAMAGE:  # some containers cannot seek: from the beginning, then
            self._rewind()

    def _rewind(self) -> None:
        """To the very beginning, whatever the container can do."""
        index = self._stream.index  # not to be asked of a closed one
        self._container.close()
        self._container = self._open()
        self._position = 0
        self._stream = cast(av.VideoStream, self._container.streams[index])
        self._stream.thread_type = "AUTO"

    def _pixels(self, frame: av.VideoFrame, max_side: int | None, quick: bool = False) -> NDArray[np.uint8]:
        """RGB as shown: upright, square pixels, one field of an interlaced frame stretched to its height."""
        width, height = self.properties.width, self.properties.height
        factor = 1.0 if max_side is None else min(1.0, max_side / max(width, height))
        if quick and factor > _WORTH_SCALING:
            factor = 1.0
        width, height = max(SMALLEST, round(width * factor)), max(SMALLEST, round(height * factor))
        if self._turn.transposed:
            width, height = height, width
        space = None
        if frame.colorspace == _UNSPECIFIED:
            # What players do: the matrix of high definition is for high definition.
            space = Colorspace.ITU709 if frame.height >= _HD_LINES else Colorspace.ITU601
        kind = "rgb24" if self._to_srgb is None else "rgb48le"
        if frame.interlaced_frame:
            # Two moments in one frame. One of them has half the lines, of which few are missed at the sizes made here.
            whole = frame.reformat(format=kind, src_colorspace=space).to_ndarray()
            field: Any = np.ascontiguousarray(whole[::2])
            frame, space = av.VideoFrame.from_ndarray(field, format=kind), None
        elif any(component.is_alpha for component in frame.format.components):
            # On black, as players show it; before it is scaled, or what is hidden would shine through at the edges.
            whole = frame.reformat(format="rgba64le", src_colorspace=space).to_ndarray()
            shade = whole[..., :3] * (whole[..., 3:].astype(np.float32) / np.float32(65535))
            frame, space = av.VideoFrame.from_ndarray(shade.astype(np.uint16), format="rgb48le"), None
        scaling = Interpolation.BILINEAR if quick else Interpolation.LANCZOS
        scaled = frame.reformat(width=width, height=height, format=kind, src_colorspace=space, interpolation=scaling)
        levels = scaled.to_ndarray()
        shown = np.asarray(levels, np.uint8) if self._to_srgb is None else self._to_srgb(np.asarray(levels, np.uint16))
        return self._turn.applied(shown)


def main_pictures(container: InputContainer) -> av.VideoStream | None:
    """The track of moving pictures: not a cover, nor the still that an image sequence (AVIF, HEIC) is shown by."""
    tracks = [each for each in container.streams.video if not each.disposition & each.disposition.attached_pic]
    if not tracks or tracks[0].frames != 1:
        return tracks[0] if tracks else None
    return max(tracks, key=lambda each: each.frames)


def _alpha_decoder(stream: av.VideoStream) -> av.VideoCodecContext | None:
    """A decoder for VP8 and VP9 with alpha, of which FFmpeg's own shows the hidden colours; None for all others."""
    names = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
    transparent = any(name.lower() == "alpha_mode" and said == "1" for name, said in stream.metadata.items())
    name = names.get(stream.codec_context.name) if transparent else None
    if name is None or name not in av.codecs_available:
        return None
    made = av.CodecContext.create(name, "r")
    return made if isinstance(made, av.VideoCodecContext) else None


def _is_small(path: Path) -> bool:
    return path.stat().st_size < _COUNTED


def _ticks(frame: av.VideoFrame) -> int | None:
    return frame.pts if frame.pts is not None else frame.dts


def describe_clip(path: Path) -> ClipProperties:
    """Facts about a clip. Raises as :class:`Clip`."""
    with Clip(path) as clip:
        return clip.properties


def _refused(path: Path, error: BaseException) -> StudioError:
    if isinstance(error, FileNotFoundError):
        return StudioError(
            Message("“{name}” is not there any more.", name=path.name), "Check that the file was not moved or renamed."
        )
    if isinstance(error, IsADirectoryError):
        return StudioError(Message("“{name}” is a folder, not a clip.", name=path.name), "Choose a clip in it.")
    if isinstance(error, PermissionError):
        return StudioError(
            Message("“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror),
            "Check the file's permissions.",
        )
    head, size = b"", -1
    with contextlib.suppress(OSError), path.open("rb") as file:
        head, size = file.read(256), path.stat().st_size
    if size == 0:
        return StudioError(
            Message("“{name}” is empty: a file of 0 bytes.", name=path.name), "Copy it again from where it comes from."
        )
    shown = Message("“{name}”", name=path.name)
    if (stand_in := stands_for_another(shown, head)) is not None:
        return stand_in
    if head[4:8] == b"ftyp":
        # Cameras write the index last: without it nobody knows where a picture begins.
        return StudioError(
            Message("“{name}” is cut off or damaged: the index of its pictures cannot be read.", name=path.name),
            "Copy it again from the camera; or repair it with a program for that and an intact clip of that camera.",
        )
    return StudioError(
        Message("“{name}” is no video clip, damaged, or of a kind that cannot be read.", name=path.name),
        "Choose an MP4, MOV, MKV, WebM or AVI file.",
    )
