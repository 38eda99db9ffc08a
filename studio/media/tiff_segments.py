"""The numbers in a TIFF's strips and tiles, for the compressions that tifffile leaves to a package of their own.

The bytes are unpacked by Pillow's libtiff: to it, each strip is a grey picture as wide as its rows have bytes. What was
done to them before (predictors: TIFF 6.0, section 14, and Adobe's technical note 3) is undone here.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from tifffile import TiffPage

_HORIZONTAL, _FLOATING = 2, 3


def read_segments(page: TiffPage) -> NDArray[np.generic]:
    """The numbers of ``page``: (h, w, samples), or (samples, h, w) where they lie in planes.

    Raises
    ------
    ValueError, OSError, KeyError
        For a compression or predictor that is not known, and damaged files.
    """
    file = page.parent.filehandle
    planes = page.samplesperpixel if int(page.planarconfig) == 2 and page.samplesperpixel > 1 else 1
    samples = 1 if planes > 1 else page.samplesperpixel
    dtype = np.dtype(page.dtype).newbyteorder(page.parent.byteorder)
    width, length = page.imagewidth, page.imagelength
    across, down, wide = 1, 1, width
    high = min(page.rowsperstrip or length, length)
    if page.is_tiled:
        wide, high = page.tilewidth, page.tilelength
        across, down = -(-width // wide), -(-length // high)
    count = len(page.dataoffsets) // planes
    out = []
    for plane in range(planes):
        packed = []
        for offset, size in zip(
            page.dataoffsets[plane * count : (plane + 1) * count],
            page.databytecounts[plane * count : (plane + 1) * count],
            strict=True,
        ):
            file.seek(offset)
            packed.append(file.read(size))
        rows = high * across * down if page.is_tiled else length
        raw = _unpacked(packed, int(page.compression), wide * samples * dtype.itemsize, rows, high)
        values = _unpredicted(raw, int(page.predictor), dtype, samples)
        if page.is_tiled:
            values = values.reshape(down, across, high, wide, samples).swapaxes(1, 2)
            values = values.reshape(down * high, across * wide, samples)[:length, :width]
        out.append(values)
    return out[0] if planes == 1 else np.stack([plane[..., 0] for plane in out])


def _unpacked(packed: list[bytes], compression: int, row_bytes: int, rows: int, rows_each: int) -> NDArray[np.uint8]:
    """Rows of bytes, (rows, row_bytes)."""
    body = b"".join(packed)
    starts = np.cumsum([0, *map(len, packed)])[:-1]
    count = len(packed)
    tags = [
        *((256, 4, 1, row_bytes), (257, 4, 1, rows), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)),
        *((273, 4, count, 0), (277, 3, 1, 1), (278, 4, 1, rows_each), (279, 4, count, 0)),
    ]
    lists = 8 + 2 + 12 * len(tags) + 4
    first = lists + 8 * count
    ifd = struct.pack("<H", len(tags))
    for tag, kind, number, value in tags:
        if tag in (273, 279):
            place = lists + (0 if tag == 273 else 4 * count)
            single = first if tag == 273 else len(body)
            value = place if count > 1 else single
        ifd += struct.pack("<HHII", tag, kind, number, value)
    arrays = struct.pack(f"<{count}I", *(first + int(start) for start in starts))
    arrays += struct.pack(f"<{count}I", *map(len, packed))
    data = b"II*\0" + struct.pack("<I", 8) + ifd + struct.pack("<I", 0) + arrays + body
    with Image.open(io.BytesIO(data), formats=("TIFF",)) as picture:
        return np.array(picture)


def _unpredicted(raw: NDArray[np.uint8], predictor: int, dtype: np.dtype, samples: int) -> NDArray[np.generic]:
    rows, row_bytes = raw.shape
    size = dtype.itemsize
    width = row_bytes // (size * samples)
    if predictor == _FLOATING:
        steps = np.cumsum(raw.reshape(rows, -1, samples), 1, dtype=np.uint8)
        # The most significant bytes of a row come first, then the next ones.
        whole = steps.reshape(rows, size, width * samples).swapaxes(1, 2)
        return np.ascontiguousarray(whole).view(dtype.newbyteorder(">")).reshape(rows, width, samples)
    if predictor not in (1, _HORIZONTAL):
        raise ValueError(f"predictor {predictor} is not known")
    values = raw.view(dtype).reshape(rows, width, samples)
    if predictor == 1:
        return values
    whole_numbers = np.dtype(f"u{size}")
    native = values.astype(dtype.newbyteorder("="))
    return np.cumsum(native.view(whole_numbers), 1, dtype=whole_numbers).view(native.dtype)
