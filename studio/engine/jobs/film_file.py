"""The file of a film: H.264 pictures at the times they had in the clip, and the clip's sound."""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from studio.base import StudioError
from studio.base.files import artists_path
from studio.engine.jobs.journey_file import video_codec
from studio.media.clips import DAMAGE, main_pictures
from studio.media.joined_streams import JoinedStream, joined_stream, open_container

FILM_SUFFIXES = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}

# What players expect in each container; anything else becomes AAC. Matroska takes all.
_COPIED = {
    ".mp4": frozenset({"aac", "mp3", "ac3", "eac3", "alac"}),
    ".mov": frozenset({"aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s24le"}),
}
_SOUND_RATE = 192_000
"""Bits a second of one channel or two."""
_LAYOUTS = {1: "mono", 6: "5.1"}
_BT709 = 1
_GAP = 0.1
"""Seconds of silence in a sound track that are kept; smaller ones are how the times of packets are rounded."""
_LEAD = 0.1
"""Seconds of sound before the first picture that belong to it: what codecs need to start."""


class FilmFile:
    """A film being written; on leaving without an error it is renamed to its name, else nothing stays.

    Parameters
    ----------
    path : its name, whose ending says the container.
    fps, time_base : frames a second on average, and the unit of their times in seconds.
    comment : what it carries as a comment.
    overwrite : an older file of this name is replaced.
    even : its first and last frames are shown about equally long.
    """

    def __init__(
        self,
        path: Path,
        fps: Fraction,
        time_base: Fraction,
        comment: str,
        *,
        overwrite: bool = True,
        even: bool = True,
    ) -> None:
        self._overwrite, self._even = overwrite, even
        self._path, self._fps, self._time_base, self._comment = path, fps, time_base, comment
        self._stack = contextlib.ExitStack()
        self._sound: Iterator[tuple[float, av.Packet]] = iter(())
        self._waiting: tuple[float, av.Packet] | None = None
        self._times: list[int] = []
        self._packets: list[av.Packet] = []

    def __enter__(self) -> FilmFile:
        codec = video_codec()
        temporary = self._stack.enter_context(artists_path(self._path, overwrite=self._overwrite))
        try:
            kind = FILM_SUFFIXES[self._path.suffix.lower()]
            self._container = self._stack.enter_context(av.open(str(temporary), "w", format=kind))
            self._container.metadata["comment"] = self._comment
            self._stream = self._container.add_stream(codec, rate=self._fps)
            self._stream.pix_fmt = "yuv420p"
            context = self._stream.codec_context
            context.time_base = self._time_base
            self._stream.time_base = self._time_base
            # Said, so that no player has to guess by the size.
            context.colorspace = context.color_primaries = context.color_trc = _BT709
            context.color_range = ColorRange.MPEG.value
            if codec == "libx264":
                # Without the macroblock tree, with which the same pictures do not always make the same file.
                self._stream.options = {"crf": "16", "preset": "medium", "x264-params": "mbtree=0"}
            if not self._even:
                # MP4 counts its length in the order of decoding, which must be that of showing, then: no B-frames.
                self._stream.options = {**self._stream.options, "bf": "0"}
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    # -- the sound ---------------------------------------------------------------------------------------------------

    def add_sound(self, source: Path, begin: float, until: float | None) -> None:
        """Take the sound tracks of ``source``, the main one first, from ``begin`` to ``until`` in seconds of its time.

        To be called before the first picture. A track that cannot be read at all is left out.
        """
        try:
            with open_container(source) as container:
                best = container.streams.best("audio")
                main = -1 if best is None else best.index
                tracks = sorted((each.index for each in container.streams.audio), key=lambda index: index != main)
        except DAMAGE:
            return
        # A reader for each: one alone would have to hold back what comes early in the file.
        sounds = [self._track(source, index, begin, until) for index in tracks]
        self._sound = heapq.merge(*sounds, key=lambda sound: sound[0])

    def _track(self, source: Path, index: int, begin: float, until: float | None) -> Iterator[tuple[float, av.Packet]]:
        """The packets of the film's track for that of the clip with this ``index``, with the seconds they sound at."""
        try:
            container = self._stack.enter_context(open_container(source))
            track = container.streams[index]
            assert isinstance(track, av.AudioStream)
            pictures = main_pictures(container)
            joined = None if pictures is None else joined_stream(source, container, pictures.index)
            if joined is None and until is not None:
                with contextlib.suppress(*DAMAGE):
                    container.seek(round(begin / (track.time_base or 1)), stream=track, backward=True)
            packets = _packets(container, track, joined)
            copied = _COPIED.get(self._path.suffix.lower())
            if copied is None or track.codec_context.name in copied:
                out = self._container.add_stream_from_template(track)
                sound = _copied(packets, track, out, begin, until)
            else:
                rate = min(track.codec_context.sample_rate or 48_000, 96_000)
                out = self._container.add_stream("aac", rate=rate if rate in _AAC_RATES else 48_000)
                out.layout = _LAYOUTS.get(track.codec_context.channels, "stereo")
                out.bit_rate = _SOUND_RATE * max(2, out.layout.nb_channels) // 2
                sound = _encoded(packets, out, begin, until)
            out.metadata.update({name: said for name, said in track.metadata.items() if name in ("language", "title")})
        except (*DAMAGE, IndexError, KeyError):
            return iter(())
        return sound

    def _mux_sound(self, until: float | None) -> None:
        """Write the sound before ``until`` seconds of the film: pictures and sound lie close together in the file."""
        while True:
            if self._waiting is None:
                self._waiting = next(self._sound, None)
                if self._waiting is None:
                    return
            at, packet = self._waiting
            if until is not None and at > until:
                return
            self._container.mux(packet)
            self._waiting = None

    # -- the pictures ------------------------------------------------------------------------------------------------

    def add(self, picture: NDArray[np.uint8], ticks: int) -> None:
        """Append a picture, uint8 (height, width, 3), at its time from the start of the film. Odd sides grow by one."""
        height, width = picture.shape[:2]
        if not self._times:
            self._stream.width, self._stream.height = width + width % 2, height + height % 2
        if height % 2 or width % 2:
            picture = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        frame.pts, frame.time_base = ticks, self._time_base
        self._times.append(ticks)
        self._mux_pictures(self._stream.encode(frame))
        self._mux_sound(float(ticks * self._time_base))

    def finish(self, last: int) -> None:
        """Write what is left; the last picture is shown for ``last`` ticks.

        Raises
        ------
        StudioError
            When nothing was added.
        """
        if not self._times:
            raise StudioError("There is nothing to film.", "Choose another part of the clip.")
        self._mux_pictures(self._stream.encode())
        for packet in self._packets:
            packet.duration = last
            self._container.mux(packet)
        self._mux_sound(None)

    def _mux_pictures(self, packets: list[av.Packet]) -> None:
        # Held back by one, since only the next tells how long a picture is shown.
        self._packets += packets
        while len(self._packets) > 1:
            self._container.mux(self._packets.pop(0))


_AAC_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000)


def _packets(
    container: InputContainer, track: av.AudioStream, joined: JoinedStream | None
) -> Iterator[av.Packet[av.AudioStream]]:
    """The packets of ``track``, in the clip's time, up to where it is damaged."""
    position = 0
    try:
        for packet in container.demux(track):
            if joined is not None and packet.size:
                position = joined.shifted(packet, position)
            yield packet
    except DAMAGE:
        return


def _copied(
    packets: Iterator[av.Packet[av.AudioStream]],
    track: av.AudioStream,
    out: av.AudioStream,
    begin: float,
    until: float | None,
) -> Iterator[tuple[float, av.Packet]]:
    """Packets of ``track`` as they are, moved to the film's time, with the seconds at which they sound."""
    base = track.time_base or Fraction(1, 48_000)
    offset = round(begin / base)
    lead = _LEAD if until is None else 0.0
    last: int | None = None
    for packet in packets:
        if packet.pts is None or packet.dts is None or packet.size == 0:
            continue
        if last is not None and packet.dts <= last:
            continue  # one part's sound goes on while the next part's begins; no container takes both
        last = packet.dts
        # A packet is in when the greater part of it is.
        middle = float((packet.pts + (packet.duration or 0) / 2) * base)
        if middle < begin - lead:
            continue
        if until is not None and middle >= until:
            break
        packet.pts, packet.dts = packet.pts - offset, packet.dts - offset
        packet.stream = out
        yield float(packet.pts * base), packet


def _encoded(
    source: Iterator[av.Packet[av.AudioStream]],
    encoder: av.AudioStream,
    begin: float,
    until: float | None,
) -> Iterator[tuple[float, av.Packet]]:
    """The sound of ``source`` as AAC, moved to the film's time, with the seconds at which its packets sound."""
    rate = encoder.codec_context.sample_rate
    resampler = av.AudioResampler(format=encoder.codec_context.format, layout=encoder.layout, rate=rate)

    def packets(frame: av.AudioFrame | None) -> Iterator[tuple[float, av.Packet]]:
        for packet in encoder.encode(frame):
            yield float((packet.pts or 0) * (packet.time_base or Fraction(1, rate))), packet

    at = 0  # samples of the film's sound so far
    most = None if until is None else round((until - begin) * rate)

    def pieces(frame: av.AudioFrame | None) -> Iterator[av.AudioFrame]:
        nonlocal at
        for piece in resampler.resample(frame):
            first, last = 0, piece.samples
            if piece.pts is not None and piece.time_base is not None:
                due = round((float(piece.pts * piece.time_base) - begin) * rate)
                if at == 0:
                    first = max(0, -due)  # it may begin before the film does
                elif at - due > _GAP * rate:
                    first = min(last, at - due)  # the sound of the next part began before this one's ended
                if at == 0 or due - at > _GAP * rate:
                    at = max(0, due)
            if most is not None:
                last = min(last, first + most - at)
            if first >= last:
                continue
            if (first, last) != (0, piece.samples):
                part = np.ascontiguousarray(piece.to_ndarray()[:, first:last], np.float32)
                piece = av.AudioFrame.from_ndarray(part, piece.format.name, piece.layout.name)
                piece.sample_rate = rate
            piece.pts, piece.time_base = at, Fraction(1, rate)
            at += piece.samples
            yield piece

    try:
        for frame in _frames(source):
            if until is not None and frame.time is not None and frame.time >= until:
                break
            for piece in pieces(frame):
                yield from packets(piece)
    except DAMAGE:
        pass  # what there was of the sound is kept
    with contextlib.suppress(*DAMAGE):
        for piece in pieces(None):
            yield from packets(piece)
        yield from packets(None)


def _frames(source: Iterator[av.Packet[av.AudioStream]]) -> Iterator[av.AudioFrame]:
    for packet in source:
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue
