"""The file of a prepared set, ``data.npy`` or ``data.pack``: written picture by picture, read as an array.

``data.pack``: b"LSPACK1\\n", then for every picture its length (uint32) and a WebP file, then the offsets of all of
these records (uint64), then side, count and the offset of the offsets (3 x uint64). All numbers little-endian.
"""

from __future__ import annotations

import contextlib
import io
import json
import mmap
import os
import struct
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, StudioError
from studio.base.files import write_atomic

RAW_NAME, PACKED_NAME = "data.npy", "data.pack"
_MAGIC = b"LSPACK1\n"
_NOTE_SECONDS = 2.0


class PackedPictures:
    """A ``data.pack``, used like an array (n, side, side, 3) of uint8: only the pictures asked for are decoded."""

    dtype = np.dtype(np.uint8)
    ndim = 4

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises
        ------
        ValueError, OSError
            When it is no such file, or not whole.
        """
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._map) < 32 or self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not a pack of pictures")
        side, count, start = struct.unpack("<3Q", self._map[-24:])
        if side > 65536 or start + 8 * count + 24 != len(self._map):
            raise ValueError("the pack is not whole")
        self._offsets = np.frombuffer(self._map, "<u8", count, start)
        self.shape = (int(count), int(side), int(side), 3)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: int) -> NDArray[np.uint8]:
        offset = int(self._offsets[int(index)])
        (length,) = struct.unpack_from("<I", self._map, offset)
        blob = self._map[offset + 4 : offset + 4 + length]
        return np.asarray(Image.open(io.BytesIO(blob), formats=("WEBP",)).convert("RGB"))


Pictures = NDArray[np.uint8] | PackedPictures
"""A prepared set, (n, side, side, 3): ``len``, ``shape`` and ``[i]`` work on both."""


class PicturesWriter:
    """Appends pictures to a file and notes beside it, now and then, how far it is."""

    def __init__(self, path: Path, side: int, count: int, packed: bool) -> None:
        self._path, self._side, self._packed = path, side, packed
        self.done = self.written = 0
        self._head = _MAGIC if packed else _npy_header(count, side)
        self._noted = time.monotonic()
        self._file = self._open()

    def _open(self) -> BinaryIO:
        try:
            note = json.loads(self._path.with_suffix(".json").read_bytes())
            done, written, size = int(note["done"]), int(note["written"]), int(note["size"])
            if self._path.stat().st_size >= size and note["packed"] == self._packed:
                file = self._path.open("r+b")
                file.truncate(size)
                file.seek(size)
                self.done, self.written = done, written
                return file
        except (OSError, ValueError, KeyError, TypeError):
            pass  # nothing to go on from
        file = self._path.open("w+b")
        file.write(self._head)
        return file

    def __enter__(self) -> PicturesWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._file.closed:
            with contextlib.suppress(OSError):
                self._note()
            self._file.close()

    def add(self, square: NDArray[np.uint8] | None) -> None:
        """Append a square; None is one that could not be read."""
        self.done += 1
        if square is not None:
            self.written += 1
            if self._packed:
                blob = io.BytesIO()
                Image.fromarray(square).save(blob, "WEBP", lossless=True, method=0, quality=20)
                self._file.write(struct.pack("<I", blob.tell()))
                self._file.write(blob.getvalue())
            else:
                self._file.write(square.tobytes())
        if time.monotonic() - self._noted > _NOTE_SECONDS:
            self._note()

    def _note(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        note = {"done": self.done, "written": self.written, "size": self._file.tell(), "packed": self._packed}
        write_atomic(self._path.with_suffix(".json"), json.dumps(note))
        self._noted = time.monotonic()

    def finish(self) -> None:
        """Write what stands at the end or depends on it."""
        if self._packed:
            start = self._file.tell()
            offsets = np.empty(self.written, "<u8")
            at = len(_MAGIC)
            for number in range(self.written):
                offsets[number] = at
                self._file.seek(at)
                at += 4 + struct.unpack("<I", self._file.read(4))[0]
            self._file.seek(start)
            self._file.write(offsets.tobytes())
            self._file.write(struct.pack("<3Q", self._side, self.written, start))
        else:
            self._file.seek(0)
            self._file.write(_npy_header(self.written, self._side))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def _npy_header(count: int, side: int) -> bytes:
    """The head of an ``.npy`` file, as long for every ``count``: numpy leaves room for the first axis to grow."""
    head = io.BytesIO()
    shape = (count, side, side, 3)
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return head.getvalue()


def data_of(run: Path) -> Path | None:
    """The prepared pictures of a run, if it has them yet."""
    return next((run / name for name in (RAW_NAME, PACKED_NAME) if (run / name).exists()), None)


def open_pictures(path: Path) -> Pictures:
    """A run's prepared pictures; nothing is read before it is asked for.

    Raises
    ------
    StudioError
        When the file is damaged.
    """
    try:
        if path.name == PACKED_NAME:
            return PackedPictures(path)
        pictures: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
        if pictures.dtype != np.uint8 or pictures.ndim != 4:
            raise ValueError("not an array of pictures")
    except (OSError, ValueError, EOFError, struct.error) as error:
        raise StudioError(
            Message("The prepared pictures {path} are damaged.", path=path),
            "Delete that file and resume the run: they are made again from the folder.",
        ) from error
    return pictures
