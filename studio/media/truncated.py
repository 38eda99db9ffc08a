"""The remains of pictures that are cut off: a copy that broke off, a card that was pulled out.

JPEG and PNG come from top to bottom, so that all rows up to the cut are as they were. Those are kept; what is missing
is left away rather than shown grey or black. JPEGs that come in several passes (progressive) are there as a whole, but
coarse. Interlaced PNGs and all other formats cannot be used without their end.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, JpegImagePlugin

LEAST_ROWS = 8
"""With fewer rows there is nothing to be offered."""

MOST_PIXELS = 100_000_000
"""A larger header is not believed: a few bytes could ask for gigabytes."""

_LESS = 48
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def is_cut_off(data: bytes) -> bool:
    """Return whether a JPEG or PNG ends before it should; looks at the structure only, not at the pixels."""
    if data[:2] == b"\xff\xd8":
        # Behind the start of the first scan, the end marker cannot occur by chance.
        return _jpeg_scan(data) is not None and data.find(b"\xff\xd9", _jpeg_scan(data)) < 0
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        at = 8
        while at + 12 <= len(data):
            length, kind = struct.unpack(">I4s", data[at : at + 8])
            at += 12 + length
            if kind == b"IEND":
                return False
        return True
    return False


def _jpeg_scan(data: bytes) -> int | None:
    """The place where the first scan of a JPEG begins; None when the file ends before."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xDA:
            return at
        if data[at + 1] in (0xFF, 0x01, *range(0xD0, 0xD9)):  # padding, and markers without a length
            at += 1 if data[at + 1] == 0xFF else 2
            continue
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None


def salvaged(data: bytes) -> tuple[Image.Image, float] | None:
    """The part of a cut off JPEG or PNG that is there, not yet turned by EXIF, and its share of the picture's rows.

    None when there is nothing worth having, or the file is not cut off. A progressive JPEG has share 1.
    """
    if not is_cut_off(data):
        return None
    found = _png(data) if data[:8] == b"\x89PNG\r\n\x1a\n" else _jpeg(data)
    return None if found is None or found[0].height < min(LEAST_ROWS, found[0].height / found[1]) else found


def _png(data: bytes) -> tuple[Image.Image, float] | None:
    """Complete rows of a PNG, as a PNG of that height."""
    at, before, packed = 8, b"", b""
    while at + 12 < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            packed += body
        elif at + 12 + length <= len(data) and not packed:
            before += data[at : at + 12 + length]
        at += 12 + length
    if before[4:8] != b"IHDR" or not packed:
        return None
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", before[8:21])
    if interlaced or colour not in _CHANNELS or not 0 < width * height <= MOST_PIXELS:
        return None
    row = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    try:
        rows = zlib.decompressobj().decompress(packed, row * height)
    except zlib.error:
        return None
    count = len(rows) // row
    if not 0 < count <= height:
        return None

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">II", width, count) + before[16:21]) + before[25:]
    body = chunk(b"IDAT", zlib.compress(rows[: count * row], 1)) + chunk(b"IEND", b"")
    picture = Image.open(io.BytesIO(data[:8] + head + body), formats=("PNG",))
    picture.load()
    return picture, count / height


def _jpeg(data: bytes) -> tuple[Image.Image, float] | None:
    """Complete rows of a JPEG; a progressive one as far as its passes go.

    The decoder fills up what is missing without saying from where on. Cut off a little earlier still, the picture
    differs from there on.
    """
    picture = _ended(data)
    if "progressive" in picture.info or "progression" in picture.info:
        return picture, 1.0
    same = (np.asarray(picture) == np.asarray(_ended(data[:-_LESS]))).reshape(picture.height, -1).all(1)
    # Rows of blocks are kept or left as a whole; the colours of one mix into the last row of the one above.
    block = 8 * max((layer[2] for layer in picture.layer), default=2)
    count = picture.height if same.all() else (int(np.argmin(same)) + 1) // block * block
    if count == 0:
        return None
    rows = picture.crop((0, 0, picture.width, count))
    rows.info, exif = dict(picture.info), picture.getexif()
    if exif:
        rows.getexif().update(exif)
    return rows, count / picture.height


def _ended(data: bytes) -> JpegImagePlugin.JpegImageFile:
    """A JPEG decoded as if it ended where ``data`` does."""
    picture = JpegImagePlugin.JpegImageFile(io.BytesIO(data + b"\xff\xd9"))
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too large to be put together")
    picture.load()
    return picture
