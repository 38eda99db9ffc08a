"""Photoshop files (PSD and the large PSB): the merged picture, with all its bits and its transparency.

Adobe Photoshop File Formats Specification. Pillow reads 8 bits only, takes the fourth channel of RGB for transparency
even where it is a saved selection, and drops that of inks and greys.
"""

from __future__ import annotations

import io
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media.color_profiles import matrix_profile
from studio.media.deep_channels import COLORS, Space, assembled, srgb_of_lab
from studio.media.number_ranges import NumberRange

_BITMAP = 0
_SPACES: dict[int, Space] = {_BITMAP: "grey", 1: "grey", 3: "RGB", 4: "CMYK", 8: "grey", 9: "Lab"}
"""By the number of a mode; duotones are greys that inks are chosen for."""
_PROFILE, _VERSION, _ALPHA_NAMES, _ALPHA_KINDS = 1039, 1057, 1006, 1053
_TRANSPARENCY = 0
"""The kind of channel that is the picture's transparency, and no selection that was kept."""
_LAYERS = (b"Layr", b"Lr16", b"Lr32")
_MERGED_TRANSPARENCY = (b"Mtrn", b"Mt16", b"Mt32")
_WIDE = frozenset((b"LMsk", b"Lr16", b"Lr32", b"Layr", b"Mt16", b"Mt32", b"Mtrn", b"Alph", b"FMsk", b"lnk2", b"FEid"))
"""Blocks whose length takes 8 bytes in large files."""
_PLAIN, _PACKBITS, _ZIP, _ZIP_DIFFERENCES = 0, 1, 2, 3


@dataclass(frozen=True)
class _Header:
    large: bool
    channels: int
    height: int
    width: int
    bits: int
    mode: int


def read_photoshop(source: Path | bytes, most_pixels: int) -> Image.Image | None:
    """The merged picture of a Photoshop file, see :func:`~studio.media.deep_channels.assembled`; profile in ``info``.

    None for indexed colours, which Pillow reads as well, for spot colours alone (multichannel), for files without a
    merged picture, and for those of more than ``most_pixels``.

    Raises
    ------
    ValueError, struct.error, zlib.error
        For damaged files.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        header = _header(file)
        space = _SPACES.get(header.mode)
        if space is None or header.bits not in (1, 8, 16, 32) or header.width * header.height > most_pixels:
            return None
        colors = COLORS[space]
        if header.channels < colors:
            raise ValueError("there are fewer channels than colours")
        file.seek(struct.unpack(">I", file.read(4))[0], io.SEEK_CUR)  # what duotones and indexed colours need
        resources = dict(_resources(_section(file, wide=False)))
        if not _is_merged(resources):
            return None
        layers = _section(file, wide=header.large)
        transparent = header.channels > colors and _is_transparent(layers, resources, header.large)
        values = _channels(file, header, colors + transparent)
    if space == "CMYK":
        values = 255 - values if header.bits == 8 else 65535 - values  # kept as light, not as ink
    alpha = _levels(values[-1], header.bits) if transparent else None
    levels = _lab(values[:colors], header.bits) if space == "Lab" else _levels(values[:colors], header.bits)
    levels = np.ascontiguousarray(np.moveaxis(levels, 0, -1)) if space != "Lab" else levels
    if alpha is not None:
        alpha = 65535 - alpha if space == "CMYK" else alpha
        if space in ("grey", "RGB"):
            levels = _without_paper(levels, alpha)
    numbers = NumberRange(0.0, 1.0 if header.bits == 32 else 65535.0, True)
    picture = assembled(levels, space, alpha, numbers=numbers, deep=header.bits > 8)
    picture.format = "PSD"
    if header.bits > 8:
        picture.info["bits"] = 16
    profile = resources.get(_PROFILE, b"")
    if not profile and header.bits == 32 and space == "RGB":  # numbers of 32 bits are linear light
        profile = matrix_profile("linear sRGB", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), (0.3127, 0.3290), 1.0)
    if profile and space != "Lab":
        picture.info["icc_profile"] = profile
    return picture


def lacks_merged_picture(source: Path | bytes) -> bool:
    """Return whether a Photoshop file has nothing but layers: saved without "Maximize compatibility"."""
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            _header(file)
            file.seek(struct.unpack(">I", file.read(4))[0], io.SEEK_CUR)
            return not _is_merged(dict(_resources(_section(file, wide=False))))
    except (OSError, ValueError, struct.error):
        return False


def _header(file: IO[bytes]) -> _Header:
    signature, version, channels, height, width, bits, mode = struct.unpack(">4sH6xHIIHH", file.read(26))
    if signature != b"8BPS" or version not in (1, 2):
        raise ValueError("no Photoshop file")
    return _Header(version == 2, channels, height, width, bits, mode)


def _section(file: IO[bytes], *, wide: bool) -> bytes:
    """The body of a section whose length stands before it, in 8 bytes where it is ``wide``."""
    (length,) = struct.unpack(">Q" if wide else ">I", file.read(8 if wide else 4))
    body = file.read(length)
    if len(body) < length:
        raise ValueError("the file ends too soon")
    return body


def _resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The image resources: number and content."""
    at = 0
    while at + 12 <= len(data):
        (number,) = struct.unpack(">H", data[at + 4 : at + 6])
        at += 6 + (data[at + 6] + 2) // 2 * 2  # a name, to a whole number of pairs
        if at + 4 > len(data):
            return
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield number, data[at + 4 : at + 4 + length]
        at += 4 + length + length % 2


def _is_merged(resources: dict[int, bytes]) -> bool:
    version = resources.get(_VERSION, b"")
    return len(version) < 5 or version[4] != 0


def _is_transparent(layers: bytes, resources: dict[int, bytes], large: bool) -> bool:
    """Return whether the channel behind the colours is the picture's transparency, and no selection that was kept."""
    size = 8 if large else 4
    length = int.from_bytes(layers[:size], "big")
    if length >= 2:
        return int(struct.unpack(">h", layers[size : size + 2])[0]) < 0
    at = size + length
    at += 4 + int.from_bytes(layers[at : at + 4], "big")  # the mask of all layers
    found = dict(_blocks(layers[at:], large))
    if any(name in found for name in _MERGED_TRANSPARENCY):
        return True
    for name in _LAYERS:
        if len(found.get(name, b"")) >= 2:
            return int(struct.unpack(">h", found[name][:2])[0]) < 0
    kinds = resources.get(_ALPHA_KINDS, b"")
    if kinds:
        return int.from_bytes(kinds[:4], "big") == _TRANSPARENCY
    names = resources.get(_ALPHA_NAMES, b"")
    return not names or names[1 : 1 + names[0]].lower().startswith(b"transparen")


def _blocks(data: bytes, large: bool) -> Iterator[tuple[bytes, bytes]]:
    """The further blocks behind the layers: name and content."""
    at = 0
    while at + 12 <= len(data) and data[at : at + 4] in (b"8BIM", b"8B64"):
        name = data[at + 4 : at + 8]
        size = 8 if large and name in _WIDE else 4
        length = int.from_bytes(data[at + 8 : at + 8 + size], "big")
        yield name, data[at + 8 + size : at + 8 + size + length]
        at += 8 + size + (length + 3) // 4 * 4


def _channels(file: IO[bytes], header: _Header, count: int) -> NDArray[np.generic]:
    """The first ``count`` channels, (count, h, w): uint8, uint16 or float32."""
    (packing,) = struct.unpack(">H", file.read(2))
    row, rows = (header.width * header.bits + 7) // 8, header.height
    dtype = np.dtype({1: "u1", 8: "u1", 16: ">u2", 32: ">f4"}[header.bits])
    if packing == _PLAIN:
        data = file.read(count * rows * row)
    elif packing == _PACKBITS:
        lengths = np.frombuffer(
            file.read(header.channels * rows * (4 if header.large else 2)), ">u4" if header.large else ">u2"
        )
        if len(lengths) < header.channels * rows:
            raise ValueError("the file ends too soon")
        packed = file.read(int(lengths[: count * rows].sum(dtype=np.int64)))
        data = Image.frombytes("L", (row, count * rows), packed, "packbits", "L").tobytes()
    elif packing in (_ZIP, _ZIP_DIFFERENCES):
        data = zlib.decompressobj().decompress(file.read(), header.channels * rows * row)
    else:
        raise ValueError(f"packing {packing} is not known")
    if len(data) < count * rows * row:
        raise ValueError("the file ends too soon")
    raw = np.frombuffer(data, np.uint8, count * rows * row).reshape(count * rows, row)
    if header.bits == 1:  # where a bit is set, there is ink
        return (1 - np.unpackbits(raw, 1, header.width)).reshape(count, rows, header.width) * np.uint8(255)
    if packing != _ZIP_DIFFERENCES:
        values = raw.view(dtype)
    elif header.bits == 32:
        # Differences of bytes; the most significant ones of a row come first, then the next.
        steps = np.cumsum(raw, 1, dtype=np.uint8).reshape(count * rows, 4, header.width)
        values = np.ascontiguousarray(steps.swapaxes(1, 2)).view(dtype)[..., 0]
    else:
        native = raw.view(dtype).astype(dtype.newbyteorder("="))
        values = np.cumsum(native, 1, dtype=native.dtype)
    return np.ascontiguousarray(values.reshape(count, rows, header.width).astype(dtype.newbyteorder("=")))


def _levels(values: NDArray[np.generic], bits: int) -> NDArray[np.uint16]:
    """Numbers on 0..65535."""
    if bits <= 8:
        return values.astype(np.uint16) * np.uint16(257)
    if bits == 16:
        return values.astype(np.uint16)
    whole = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=math.inf)
    return np.asarray(np.clip(whole, 0, 1) * 65535 + 0.5, np.uint16)


def _lab(values: NDArray[np.generic], bits: int) -> NDArray[np.uint16]:
    """sRGB (h, w, 3) of Lab colours (3, h, w) of 8 or 16 bits, a and b with half of the range as zero."""
    if bits == 32:
        raise ValueError("Lab colours with this many bits cannot be read")
    most, unit = (255, 1) if bits == 8 else (65535, 256)
    whole = values.astype(np.float32)
    light, axes = whole[:1] * np.float32(100 / most), whole[1:] / np.float32(unit) - 128
    return srgb_of_lab(np.moveaxis(np.concatenate([light, axes]), 0, -1))


def _without_paper(levels: NDArray[np.uint16], alpha: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Colours as they were before they were laid on white, as merged pictures are; untouched if they were not."""
    paper = 65535 - alpha.astype(np.int64)[..., None]
    if bool((levels.astype(np.int64) + 600 < paper).any()):  # darker than paper shining through can be
        return levels
    shares = np.maximum(alpha, 1)[..., None]
    return np.asarray(np.clip((levels - paper) * 65535 / shares, 0, 65535), np.uint16)
