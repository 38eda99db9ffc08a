"""Whole files put one behind the other (``cat a.mkv b.mkv``): where the further ones begin, by the form of the file.

Matroska and WebM, MP4, AVI and FLV: mostly their times begin anew with each part, as in joined transport streams.
"""

from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_EBML_WITHIN = 64
"""Bytes after the mark of a Matroska file within which it says of which kind it is."""
_FLV_HEADER = 13
"""Bytes of an FLV file before its first tag: the header, and the length of the tag before, which is none."""
_MOST_BOXES = 200_000
_MOST_PARTS = 500


def beginnings(path: Path) -> tuple[int, ...]:
    """The positions in bytes at which the second and further files begin; empty for a single file, or another form.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(16)
        size = file.seek(0, io.SEEK_END)
        if head[:4] == _EBML:
            return tuple(_matroska(file, size))
        if head[4:8] == b"ftyp":
            return tuple(_mp4(file, size))
        if head[:3] == b"FLV":
            return tuple(_flv(file))
        if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
            return tuple(_avi(file, size))
    return ()


def source_of(path: Path) -> str | BinaryIO:
    """The source that FFmpeg is to read: the path, or one stream of joined FLV files: for it they end with the first.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    with path.open("rb") as file:
        is_flv = file.read(3) == b"FLV"
    cuts = beginnings(path) if is_flv else ()
    # Absolute, since FFmpeg takes what stands before a colon for a protocol.
    return io.BufferedReader(_WithoutHeaders(path, cuts)) if cuts else str(path.absolute())


def in_source(path: Path, cuts: tuple[int, ...]) -> tuple[int, ...]:
    """The positions ``cuts`` of a file as they are in :func:`source_of`."""
    return cuts if isinstance(source_of(path), str) else tuple(cut - _FLV_HEADER * k for k, cut in enumerate(cuts))


def indexed_parts(path: Path) -> tuple[tuple[int, int], ...]:
    """First byte and end of each of several joined MP4 files with an index; empty for any other file.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    starts: list[int] = []
    with path.open("rb") as file:
        head, size = file.read(8), file.seek(0, io.SEEK_END)
        for position, kind in _boxes(file, size) if head[4:] == b"ftyp" else ():
            if kind == b"moof":  # fragments are found without an index
                return ()
            if kind == b"ftyp":
                starts.append(position)
    return tuple(zip(starts, (*starts[1:], size), strict=True)) if 1 < len(starts) <= _MOST_PARTS else ()


def _mp4(file: BinaryIO, size: int) -> Iterator[int]:
    return (position for position, kind in _boxes(file, size) if kind == b"ftyp" and position)


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    """Position and kind of the outermost boxes (ISO 14496-12, 4.2)."""
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        box = file.read(16)
        if len(box) < 8:
            return
        length, kind = struct.unpack(">I4s", box[:8])
        yield position, kind
        if length == 1 and len(box) == 16:
            length = struct.unpack(">Q", box[8:])[0]
        if length < 8 or position + length >= size:
            return
        position += length


def _avi(file: BinaryIO, size: int) -> Iterator[int]:
    position = 0
    while position + 12 <= size:
        file.seek(position)
        mark, length, kind = struct.unpack("<4sI4s", file.read(12))
        if mark != b"RIFF":
            return
        if kind == b"AVI " and position:  # "AVIX" is the rest of a large one
            yield position
        position += 8 + length + length % 2


def _matroska(file: BinaryIO, size: int) -> Iterator[int]:
    position = 0
    while position < size:
        file.seek(position)
        element = file.read(12)
        if element[:4] == _EBML and position:
            yield position
        if element[:4] not in (_EBML, _SEGMENT) or len(element) < 5 or not element[4]:
            return
        width = 9 - element[4].bit_length()
        length = int.from_bytes(element[4 : 4 + width], "big") & ((1 << 7 * width) - 1)
        if length == (1 << 7 * width) - 1:  # written while it was recorded, when nobody knew
            found = _next(file, position + 4, _EBML)
            while found >= 0:
                file.seek(found)
                start = file.read(_EBML_WITHIN)
                if b"matroska" in start or b"webm" in start:
                    break
                found = _next(file, found + 4, _EBML)
            if found < 0:
                return
            position = found
        else:
            position += 4 + width + length


def _flv(file: BinaryIO) -> Iterator[int]:
    found = _next(file, 1, b"FLV\x01")
    while found >= 0:
        file.seek(found)
        header = file.read(_FLV_HEADER)
        if len(header) == _FLV_HEADER and header[5:] == b"\0\0\0\x09\0\0\0\0":
            yield found
        found = _next(file, found + 4, b"FLV\x01")


def _next(file: BinaryIO, position: int, mark: bytes) -> int:
    """The next place of ``mark`` from ``position`` on; -1 when there is none."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(mark, position)


class _WithoutHeaders(io.RawIOBase):
    """Joined FLV files as one: the headers of the further ones are left out."""

    def __init__(self, path: Path, cuts: tuple[int, ...]) -> None:
        super().__init__()
        self._file = path.open("rb")
        starts = (0, *(cut + _FLV_HEADER for cut in cuts))
        ends = (*cuts, self._file.seek(0, io.SEEK_END))
        self._parts = [(start, end - start) for start, end in zip(starts, ends, strict=True)]
        self._size = sum(length for _, length in self._parts)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any buffer; what BufferedReader gives
        left = self._at
        for start, length in self._parts:
            if left < length:
                self._file.seek(start + left)
                content = self._file.read(min(len(buffer), length - left))
                buffer[: len(content)] = content
                self._at += len(content)
                return len(content)
            left -= length
        return 0

    def close(self) -> None:
        self._file.close()
        super().close()
