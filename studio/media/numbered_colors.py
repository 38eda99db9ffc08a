"""Colours that files name by number (ITU-T H.273) instead of a profile: AVIF, HEIC and PNG; and PNG's gamma."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles, hdr_video
from studio.media.color_profiles import matrix_profile

_D65, _C, _THEATRE = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)
_SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
# Name, xy of red, green and blue, xy of the white.
_PRIMARIES = {
    1: ("BT.709", _SRGB, _D65),
    4: ("BT.470 M", ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), _C),
    5: ("BT.470 BG", ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), _D65),
    6: ("SMPTE 170M", ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), _D65),
    7: ("SMPTE 240M", ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), _D65),
    8: ("film", ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049)), _C),
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), _D65),
    11: ("DCI-P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _THEATRE),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _D65),
    22: ("EBU 3213", ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)), _D65),
}
_LINEAR, _GAMMA_22, _GAMMA_28, _THEATRE_26 = 8, 4, 5, 17
# All others are taken for the curve of sRGB, as cameras and screens mean them.
_GAMMAS = {_LINEAR: 1.0, _GAMMA_22: 2.2, _GAMMA_28: 2.8, _THEATRE_26: 2.6}
_HEAD = 2**18
"""Bytes in which the properties of an AVIF picture stand."""
_SMALL = 4096
"""Bytes of a chunk of a PNG that may be of interest."""

Special: TypeAlias = Callable[[NDArray[np.uint16]], NDArray[np.uint8]]
"""What brings pictures of high dynamic range to sRGB, uint16 (h, w, 3) to uint8 of the same shape."""


@dataclass(frozen=True)
class NumberedColors:
    """``primaries`` and ``transfer`` as ITU-T H.273 numbers them; ``limited``: black is 16 and white 235 of 255."""

    primaries: int
    transfer: int
    limited: bool = False

    def full_range(self, levels: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """``levels`` on 0..65535, spread over the whole range where they are limited."""
        if not self.limited:
            return levels
        spread = (levels.astype(np.float32) - 16 * 257) * (255 / 219)
        return np.asarray(np.clip(spread + 0.5, 0, 65535), np.uint16)

    def profile(self) -> bytes | None:
        """An ICC profile of these colours; None for sRGB, for high dynamic range and for unknown numbers."""
        if self.transfer in (hdr_video.PQ, hdr_video.HLG):
            return None
        name, colors, white = _PRIMARIES.get(self.primaries, _PRIMARIES[1])
        gamma = _GAMMAS.get(self.transfer)
        if gamma is None and colors == _SRGB:
            return None
        if gamma is None and self.primaries == 12:
            return color_profiles.display_p3_profile()
        said = name if gamma is None else f"linear {name}" if gamma == 1 else f"{name} of gamma {gamma:g}"
        return matrix_profile(said, colors, white, gamma)

    def special(self) -> Special | None:
        """Conversion of pictures of high dynamic range to sRGB; None for all others."""
        if self.transfer not in (hdr_video.PQ, hdr_video.HLG):
            return None
        return hdr_video.to_srgb(self.transfer, self.primaries)

    def name(self) -> str:
        """Name of the colours in notes; empty for sRGB."""
        if self.transfer in (hdr_video.PQ, hdr_video.HLG):
            return f"HDR ({'PQ' if self.transfer == hdr_video.PQ else 'HLG'})"
        profile = self.profile()
        return color_profiles.profile_name(profile) if profile else ""


def numbers_in(source: Path | bytes, picture: Image.Image) -> NumberedColors | None:
    """The numbers by which an open PNG, AVIF or HEIC file names its colours; None when it does not.

    In PNG they count before a profile (PNG, third edition, 4.3), in the others a profile counts before them.
    """
    if picture.format == "PNG":
        found = png_chunks(source).get(b"cICP", b"")
        return NumberedColors(found[0], found[1], limited=found[3] == 0) if len(found) >= 4 else None
    if picture.info.get("icc_profile"):
        return None
    if picture.format == "HEIF":
        nclx = picture.info.get("nclx_profile") or {}
        numbers = nclx.get("color_primaries"), nclx.get("transfer_characteristics")
        return None if numbers[0] is None or numbers[1] is None else NumberedColors(int(numbers[0]), int(numbers[1]))
    return _avif_numbers(_head(source)) if picture.format == "AVIF" else None


def gamma_profile(source: Path | bytes, picture: Image.Image) -> bytes | None:
    """A profile of what a PNG says by its gamma and primaries alone (chunks gAMA, cHRM); None for sRGB or nothing."""
    if picture.format != "PNG":
        return None
    chunks = png_chunks(source)
    if b"sRGB" in chunks or b"iCCP" in chunks or len(chunks.get(b"gAMA", b"")) != 4:
        return None
    (gamma,) = struct.unpack(">I", chunks[b"gAMA"])
    numbers = (
        [value / 1e5 for value in struct.unpack(">8I", chunks[b"cHRM"])] if len(chunks.get(b"cHRM", b"")) == 32 else []
    )
    xy = list(zip(numbers[::2], numbers[1::2], strict=True)) or [_D65, *_SRGB]
    usual = all(
        abs(a - b) < 0.012
        for given, known in zip(xy, [_D65, *_SRGB], strict=True)
        for a, b in zip(given, known, strict=True)
    )
    if not 5_000 <= gamma <= 250_000 or any(not 0 <= x <= 1 or not 0 < y <= 1 for x, y in xy):
        return None
    plain = abs(gamma - 45_455) < 2_000
    if plain and usual:
        return None
    name = "own primaries" if plain else f"gamma {1e5 / gamma:.3g}"
    try:
        return matrix_profile(name, tuple(xy[1:]), xy[0], None if plain else 1e5 / gamma)
    except np.linalg.LinAlgError:  # primaries on one line
        return None


def jp2_profile(source: Path | bytes) -> bytes | None:
    """The ICC profile in a JPEG 2000 file (ISO 15444-1, I.5.3.3), which Pillow passes over."""
    header = next((body for kind, body in _boxes(_head(source)) if kind == b"jp2h"), b"")
    for kind, body in _boxes(header):
        if kind == b"colr" and body[:1] in (b"\2", b"\3") and len(body) > 3 + 128:
            return body[3:]
    return None


def png_chunks(source: Path | bytes) -> dict[bytes, bytes]:
    """The small chunks of a PNG that stand before its pixels, by name."""
    found: dict[bytes, bytes] = {}
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            file.seek(8)
            while len(head := file.read(8)) == 8:
                length, kind = struct.unpack(">I4s", head)
                if kind in (b"IDAT", b"IEND"):
                    break
                found[kind] = file.read(length) if length < _SMALL else b""
                file.seek(4 if length < _SMALL else length + 4, io.SEEK_CUR)
    except OSError:
        return {}
    return found


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    try:
        with source.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of an ISO base media file (ISO 14496-12, 4.2): kind and content."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
            head = 16
        size = len(data) - at if size == 0 else size
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at += size


def _avif_numbers(data: bytes) -> NumberedColors | None:
    """The numbers of the main picture, as its item properties have them (ISO 23008-12, 6.5.5)."""
    meta = next((body[4:] for kind, body in _boxes(data) if kind == b"meta"), b"")
    boxes = dict(_boxes(meta))
    main = boxes.get(b"pitm", b"")
    item = (
        struct.unpack(">H" if main[:1] == b"\0" else ">I", main[4:6] if main[:1] == b"\0" else main[4:8])[0]
        if len(main) >= 6
        else 0
    )
    properties = dict(_boxes(boxes.get(b"iprp", b"")))
    everything = list(_boxes(properties.get(b"ipco", b"")))
    wanted = _associated(properties.get(b"ipma", b""), item) or range(1, len(everything) + 1)
    for number in wanted:
        if 0 < number <= len(everything):
            kind, body = everything[number - 1]
            if kind == b"colr" and body[:4] == b"nclx" and len(body) >= 8:
                return NumberedColors(*struct.unpack(">HH", body[4:8]))
    return None


def _associated(ipma: bytes, item: int) -> list[int]:
    """Numbers of the properties of an item, from 1."""
    if len(ipma) < 8:
        return []
    large, wide = ipma[0] > 0, ipma[3] & 1
    (count,) = struct.unpack(">I", ipma[4:8])
    at = 8
    for _ in range(min(count, 1000)):
        step = 4 if large else 2
        if at + step + 1 > len(ipma):
            return []
        (owner,) = struct.unpack(">I" if large else ">H", ipma[at : at + step])
        entries = ipma[at + step]
        at += step + 1
        size = 2 if wide else 1
        parts = [ipma[at + n * size : at + (n + 1) * size] for n in range(entries)]
        at += entries * size
        if owner == item:
            mask = 0x7FFF if wide else 0x7F
            return [int.from_bytes(part, "big") & mask for part in parts]
    return []
