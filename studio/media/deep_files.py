"""PNG and TIFF files of 16 bits a channel, which Pillow cannot write in colour, and packed TIFF files with EXIF."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

Levels = NDArray[np.uint16]
_METRES_PER_INCH = 0.0254
_EXIF_HEAD = b"Exif\0\0"
_STRIP_BYTES = 2**20
_LONG, _UNDEFINED, _BYTE = 4, 7, 1
_LARGEST_TIFF = 2**32 - 2**20


def write_png(
    path: Path,
    pixels: Levels,
    *,
    profile: bytes | None = None,
    texts: PngImagePlugin.PngInfo | None = None,
    exif: bytes | None = None,
    dpi: float | None = None,
) -> None:
    """Write ``pixels``, uint16 (h, w, 3 or 4) with straight alpha, as a PNG.

    Parameters
    ----------
    profile : the ICC profile to go with it.
    texts : chunks of text.
    exif : as Pillow's ``Exif.tobytes`` gives it.

    Raises
    ------
    ValueError
        When it cannot be encoded.
    """
    import cv2

    order = [2, 1, 0, 3][: pixels.shape[2]]
    done, encoded = cv2.imencode(".png", pixels[..., order], [cv2.IMWRITE_PNG_COMPRESSION, 6])
    if not done:
        raise ValueError("the pixels cannot be packed")
    data = encoded.tobytes()
    more: list[tuple[bytes, bytes]] = []
    if profile is not None:
        more.append((b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile, 9)))
    if dpi is not None:
        per_metre = round(dpi / _METRES_PER_INCH)
        more.append((b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
    if exif is not None:
        more.append((b"eXIf", exif.removeprefix(_EXIF_HEAD)))
    if texts is not None:
        more += [(chunk[0], chunk[1]) for chunk in texts.chunks]
    with path.open("wb") as file:
        file.write(data[:8])
        for name, body in _chunks(data):
            if name in (b"IHDR", b"IDAT", b"IEND"):
                _write_chunk(file.write, name, [body])
            if name == b"IHDR":
                for extra, content in more:
                    _write_chunk(file.write, extra, [content])


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _write_chunk(write, name: bytes, parts: Iterable[bytes]) -> None:  # type: ignore[no-untyped-def]
    body = b"".join(parts)
    write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))


def save_tiff(picture: Image.Image, path: Path, **options: object) -> None:
    """Save ``picture`` by Pillow, with its ``options`` for TIFF; packed in memory first.

    On a full disk libtiff prints words of its own and tells no reason; writing the packed bytes does.
    """
    packed = io.BytesIO()
    picture.save(packed, **{**options, "format": "TIFF"})  # type: ignore[arg-type]
    path.write_bytes(packed.getbuffer())


def write_tiff(
    path: Path,
    pixels: Levels | NDArray[np.uint8],
    *,
    profile: bytes | None = None,
    xmp: bytes | None = None,
    exif: bytes | None = None,
    dpi: float | None = None,
) -> None:
    """Write ``pixels``, uint8 or uint16 (h, w, 3 or 4) with straight alpha, as a TIFF packed by Deflate (TIFF 6.0).

    Otherwise as :func:`write_png`; ``exif`` becomes the file's own tags and their Exif directory.

    Raises
    ------
    ValueError
        When it is too large for the format.
    """
    height, width, channels = pixels.shape
    rows = max(1, _STRIP_BYTES // (width * channels * pixels.itemsize))
    strips = [_strip(pixels[top : top + rows]) for top in range(0, height, rows)]
    if sum(map(len, strips)) > _LARGEST_TIFF:
        raise ValueError("TIFF files end at 4 GB")
    tags = TiffImagePlugin.ImageFileDirectory_v2(b"II\x2a\0\0\0\0\0")
    if exif is not None:
        known = Image.Exif()
        known.load(exif)
        for tag, value in known.items():
            tags[tag] = value
        within = known.get_ifd(0x8769)
        if within:
            tags[0x8769] = dict(within)
    own = {
        256: width,
        257: height,
        258: (8 * pixels.itemsize,) * channels,
        259: 8,  # Deflate
        262: 2,  # RGB
        277: channels,
        278: rows,
        279: tuple(map(len, strips)),
        284: 1,
        317: 2,  # each number less the one at its left
        **({338: 2} if channels == 4 else {}),
        **({282: dpi, 283: dpi, 296: 2} if dpi is not None else {}),
    }
    for tag, value in own.items():
        tags[tag] = value
    for tag, block, kind in ((34675, profile, _UNDEFINED), (700, xmp, _BYTE)):
        if block is not None:
            tags.tagtype[tag] = kind
            tags[tag] = block
    tags.tagtype[273] = tags.tagtype[279] = _LONG
    tags[273] = (0,) * len(strips)
    end = 8 + len(tags.tobytes(8))
    places, at = [], end + end % 2
    for strip in strips:
        places.append(at)
        at += len(strip) + len(strip) % 2
    tags[273] = tuple(place - end for place in places)  # Pillow counts them from there
    with path.open("wb") as file:
        file.write(b"II\x2a\0" + struct.pack("<I", 8))
        file.write(tags.tobytes(8))
        for place, strip in zip(places, strips, strict=True):
            file.write(b"\0" * (place - file.tell()))
            file.write(strip)


def _strip(rows: Levels | NDArray[np.uint8]) -> bytes:
    """Some rows, each number less that of the pixel at its left, packed."""
    less = rows.copy()
    less[:, 1:] -= rows[:, :-1]  # beyond 0 it goes on at the largest, as readers expect
    return zlib.compress(less.astype(f"<u{rows.itemsize}").tobytes(), 6)
