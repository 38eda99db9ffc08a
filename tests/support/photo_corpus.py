# ruff: noqa: E501
"""Photos of every kind an artist may have, made here: see ``tests/media/test_photo_corpus.py``.

Each shows red at its left and blue at its right, so that turning, colours and transparency can be told apart.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles

WIDTH, HEIGHT = 48, 32
RED, BLUE = (200, 40, 30), (20, 60, 180)
Colour = tuple[int, ...]

# Linear sRGB to XYZ and XYZ to linear RGB, from the standards (IEC 61966-2-1, SMPTE EG 432-1, Adobe RGB (1998),
# ISO 22028-2): other numbers than those that studio.media.color_profiles makes profiles from.
_SRGB_D65 = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
_SRGB_D50 = [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
_TO_P3 = [[2.4934969, -0.9313836, -0.4027108], [-0.8294890, 1.7626641, 0.0236247], [0.0358458, -0.0761724, 0.9568845]]
_TO_ADOBE = [
    [2.0413690, -0.5649464, -0.3446944],
    [-0.9692660, 1.8760108, 0.0415560],
    [0.0134474, -0.1183897, 1.0154096],
]
_TO_PROPHOTO = [[1.3459433, -0.2556075, -0.0511118], [-0.5445989, 1.5081673, 0.0205351], [0.0, 0.0, 1.2118128]]
PROPHOTO_PROFILE = color_profiles.matrix_profile(
    "ProPhoto RGB", ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), (0.3457, 0.3585), 1.8
)


def encoded(colour: Colour, space: str) -> Colour:
    """An sRGB colour in the numbers of "p3", "adobe" or "prophoto"."""
    values = np.array(colour) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    if space == "prophoto":
        out = (np.array(_TO_PROPHOTO) @ np.array(_SRGB_D50) @ linear).clip(0, 1) ** (1 / 1.8)
    elif space == "adobe":
        out = (np.array(_TO_ADOBE) @ np.array(_SRGB_D65) @ linear).clip(0, 1) ** (256 / 563)
    else:
        out = (np.array(_TO_P3) @ np.array(_SRGB_D65) @ linear).clip(0, 1)
        out = np.where(out <= 0.0031308, out * 12.92, 1.055 * out ** (1 / 2.4) - 0.055)
    return tuple(int(value) for value in np.round(out * 255))


def picture(
    left: Colour = RED, right: Colour = BLUE, mode: str = "RGB", size: tuple[int, int] = (WIDTH, HEIGHT)
) -> Image.Image:
    """Left half of one colour, right half of another."""
    found = Image.new(mode, size, left)
    found.paste(right, (size[0] // 2, 0, *size))
    return found


def deep(*channels: tuple[int, int]) -> NDArray[np.uint16]:
    """16-bit values (height, width, channels): of each channel the value at the left and at the right, in 0..255."""
    values = np.zeros((HEIGHT, WIDTH, len(channels)), np.uint16)
    for index, (left, right) in enumerate(channels):
        values[:, : WIDTH // 2, index], values[:, WIDTH // 2 :, index] = left * 257, right * 257
    return values


RGB16 = deep(*zip(RED, BLUE, strict=True))


def save(**options: object) -> Callable[[Path], None]:
    """Writes the plain picture by Pillow."""
    return lambda path: picture().save(path, **options)  # type: ignore[arg-type]


def png(values: NDArray[np.uint16], colour: int, claimed: tuple[int, int] | None = None) -> bytes:
    """A 16-bit PNG; ``claimed`` is a size (width, height) that it does not have."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    width, height = claimed or (values.shape[1], values.shape[0])
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff(
    values: NDArray[np.generic],
    photometric: int,
    *,
    big: bool = False,
    floats: bool = False,
    extra: int | None = None,
    planes: bool = False,
    more: Iterable[tuple[int, int, list[int]]] = (),
) -> bytes:
    """An uncompressed TIFF (TIFF 6.0), of ``values`` (height, width, channels)."""
    order = ">" if big else "<"
    height, width, count = values.shape
    stored = np.moveaxis(values, 2, 0) if planes else values
    data = stored.astype(values.dtype.newbyteorder(order)).tobytes()
    strips = count if planes else 1
    each = len(data) // strips
    tags: dict[int, tuple[int, list[int]]] = {
        256: (4, [width]), 257: (4, [height]), 258: (3, [values.dtype.itemsize * 8] * count), 259: (3, [1]),
        262: (3, [photometric]), 273: (4, [0] * strips), 277: (3, [count]), 278: (4, [height]),
        279: (4, [each] * strips), 284: (3, [2 if planes else 1]), 339: (3, [3 if floats else 1] * count),
    }  # fmt: skip
    if extra is not None:
        tags[338] = (3, [extra])
    tags.update({tag: (kind, numbers) for tag, kind, numbers in more})

    def packed() -> tuple[bytes, bytes]:
        entries, body = b"", b""
        for tag in sorted(tags):
            kind, numbers = tags[tag]
            raw = struct.pack(order + {1: "B", 3: "H", 4: "I"}[kind] * len(numbers), *numbers)
            if len(raw) > 4:
                body, raw = body + raw, struct.pack(order + "I", 14 + 12 * len(tags) + len(body))
            entries += struct.pack(order + "HHI", tag, kind, len(numbers)) + raw.ljust(4, b"\0")
        return entries, body

    start = 14 + 12 * len(tags) + len(packed()[1])
    tags[273] = (4, [start + index * each for index in range(strips)])
    entries, body = packed()
    head = (b"MM" if big else b"II") + struct.pack(order + "HIH", 42, 8, len(tags))
    return head + entries + struct.pack(order + "I", 0) + body + data


def psd(pixels: np.ndarray | None = None, mode: int = 3, profile: bytes = b"") -> bytes:
    """A flat Photoshop file (Adobe Photoshop File Formats Specification), uncompressed; inks as it keeps them."""
    pixels = np.asarray(picture()) if pixels is None else pixels
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, pixels.shape[2], HEIGHT, WIDTH, 8, mode) + b"\0" * 4
    block = b"8BIM" + struct.pack(">HHI", 1039, 0, len(profile)) + profile + b"\0" * (len(profile) % 2)
    block = block if profile else b""
    head += struct.pack(">I", len(block)) + block + b"\0" * 4 + b"\0\0"
    return head + np.moveaxis(pixels, 2, 0).tobytes()


CMYK = {"left": (223, 66, 0), "right": (255, 255, 255), "tolerance": 5, "said": "inks"}
"""What :func:`inks` look like by :func:`cmyk_profile`."""


def inks() -> Image.Image:
    """Yellow on magenta, and bare paper."""
    return picture((0, 255, 255, 0), (0, 0, 0, 0), "CMYK")


def ycck(path: Path) -> None:
    """A JPEG as Photoshop writes it: inks turned over, and the first three as luminance and colour."""
    pixels = np.asarray(inks())
    bright = np.asarray(Image.fromarray(pixels[..., :3], "RGB").convert("YCbCr"))
    stored = Image.fromarray(np.dstack([255 - bright, pixels[..., 3]]), "CMYK")
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=98, subsampling=0, icc_profile=cmyk_profile())
    data = bytearray(file.getvalue())
    data[data.index(b"Adobe") + 11] = 2
    path.write_bytes(data)


def jp2_with(profile: bytes, pixels: Image.Image) -> bytes:
    """A JPEG 2000 file (ISO 15444-1, Annex I) of channels whose colours nothing but a profile tells."""
    file = io.BytesIO()
    pixels.save(file, "JPEG2000", irreversible=False, mct=0)

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, kind) + body

    def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
        found = []
        while data:
            size, kind = struct.unpack(">I4s", data[:8])
            found.append((kind, data[8 : size or None]))
            data = data[size or len(data) :]
        return found

    written = b""
    for kind, body in boxes(file.getvalue()):
        if kind == b"jp2h":
            kept = b"".join(box(*inner) for inner in boxes(body) if inner[0] not in (b"colr", b"cdef"))
            body = kept + box(b"colr", b"\2\0\0" + profile)
        written += box(kind, body)
    return written


def cmyk_profile() -> bytes:
    """A printing press in 16 points of Lab, with a 'mft1' table (ICC.1:2010, 10.9): nothing like plain CMYK."""
    table = b""
    for corner in range(16):
        c, m, y, k = (corner >> 3) & 1, (corner >> 2) & 1, (corner >> 1) & 1, corner & 1
        light = (100 - 30 * c - 40 * m - 8 * y) * (1 - k)
        a, b = -30 * c + 65 * m - 5 * y, -45 * c - 5 * m + 80 * y
        table += bytes([round(light * 2.55), 128 + (1 - k) * a, 128 + (1 - k) * b])
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + table + ramp * 3
    text = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"Press\0" + b"\0" * 78
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    right = b"text\0\0\0\0None\0"
    blocks, body, tags = {b"desc": text, b"cprt": right, b"wtpt": white, b"A2B0": lut}, b"", b""
    for tag, block in blocks.items():
        tags += tag + struct.pack(">II", 132 + 12 * len(blocks) + len(body), len(block))
        body += block + b"\0" * (-len(block) % 4)
    head = struct.pack(">I4xI4s4s4s12x", 132 + 12 * len(blocks) + len(body), 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += b"acsp" + b"\0" * 28 + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(blocks)) + tags + body


def turned(orientation: int) -> Callable[[Path], None]:
    """A JPEG stored turned, with the EXIF tag that turns it back."""
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}

    def write(path: Path) -> None:
        stored = picture()
        if orientation in turns:
            stored = stored.transpose(Image.Transpose(turns[orientation]))
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(path, quality=95, subsampling=0, exif=exif)

    return write


def adobe_by_name(path: Path) -> None:
    """A camera's JPEG in Adobe RGB, told by nothing but the interoperability tag."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    colours = encoded(RED, "adobe"), encoded(BLUE, "adobe")
    picture(*colours).save(path, quality=98, subsampling=0, exif=exif)


def animated(path: Path) -> None:
    """Three pictures, the first of which is ours."""
    picture().save(path, save_all=True, append_images=[Image.new("RGB", (WIDTH, HEIGHT), "green")] * 2, duration=50)


def cut(keep: float, **options: object) -> Callable[[Path], None]:
    """A file that ends early; noise in its lower half, so that the end is where the pixels are."""

    def write(path: Path) -> None:
        large = np.array(picture(size=(128, 128)))
        noise = np.random.default_rng(0).integers(0, 256, (64, 128, 3))
        large[64:] = noise
        Image.fromarray(large).save(path, **options)  # type: ignore[arg-type]
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])

    return write


def raw(data: bytes) -> Callable[[Path], None]:
    """Writes bytes."""
    return lambda path: path.write_bytes(data) and None


@dataclass(frozen=True)
class Case:
    """A file, and what shall become of it.

    ``left`` and ``right`` are the colours it opens with, ``size`` what it opens with at most 512 pixels; ``refused``
    are words of the message if it does not open; ``said`` are words of a remark or warning.
    """

    name: str
    write: Callable[[Path], object]
    left: Colour = RED
    right: Colour = BLUE
    tolerance: int = 2
    size: tuple[int, int] = (WIDTH, HEIGHT)
    refused: str = ""
    said: str = ""
    properties: dict[str, object] = field(default_factory=dict)


def _grey(value: int) -> Colour:
    return (value,) * 3


def heif(path: Path) -> None:
    """HEIC, as phones make them."""
    pillow_heif.from_pillow(picture()).save(path, quality=-1, chroma=444)


def p3_by_number(path: Path) -> None:
    """Display P3 without a profile, told by the number that stands for it in ITU-T H.273."""
    colours = encoded(RED, "p3"), encoded(BLUE, "p3")
    options = {"save_nclx_profile": True, "color_primaries": 12, "transfer_characteristics": 13}
    picture(*colours).save(path, quality=-1, chroma=444, **options)  # type: ignore[arg-type]


OPEN = [
    Case("plain.png", save()),
    Case("plain.jpg", save(quality=95, subsampling=0), tolerance=4),
    Case("progressive.jpg", save(quality=95, subsampling=0, progressive=True), tolerance=4),
    Case("plain.webp", save(lossless=True)),
    Case("plain.gif", save()),
    Case("plain.bmp", save()),
    Case("lzw.tif", save(compression="tiff_lzw")),
    Case("plain.ppm", save()),
    Case("plain.tga", save()),
    Case("plain.jp2", save()),
    Case("plain.ico", lambda path: picture().save(path, sizes=[(WIDTH, HEIGHT)])),
    Case("phone.heic", heif, tolerance=12),
    Case("plain.avif", save(quality=95), tolerance=12),
    Case("flat.psd", raw(psd())),
    Case("two.mpo", lambda path: picture().save(path, save_all=True, append_images=[picture(BLUE, RED)], quality=95), tolerance=24),
    Case("wrong ending.png", lambda path: picture().save(path, format="JPEG", quality=95, subsampling=0), tolerance=4),
    *(Case(f"exif{n}.jpg", turned(n), tolerance=5) for n in range(1, 9)),
    Case("rgb16.png", raw(png(RGB16, 2)), said="16 bits", properties={"sixteen_bit": True}),
    Case("rgba16.png", raw(png(deep(*zip(RED, BLUE, strict=True), (255, 100)), 6)), right=(*BLUE, 100), left=(*RED, 255)),
    Case("grey16.png", raw(png(deep((20, 230)), 0)), left=_grey(20), right=_grey(230), said="16 bits"),
    Case("grey-alpha16.png", raw(png(deep((20, 230), (255, 50)), 4)), left=(20, 20, 20, 255), right=(230, 230, 230, 50)),
    Case("rgb16.tif", raw(tiff(RGB16, 2)), said="16 bits"),
    Case("rgb16-big-endian.tif", raw(tiff(RGB16, 2, big=True)), said="16 bits"),
    Case("rgb16-planes.tif", raw(tiff(RGB16, 2, planes=True)), said="16 bits"),
    Case("grey16.tif", raw(tiff(deep((20, 230)), 1)), left=_grey(20), right=_grey(230), said="16 bits"),
    Case("grey16-inverted.tif", raw(tiff(deep((20, 230)), 0)), left=_grey(235), right=_grey(25), said="16 bits"),
    Case("grey-alpha16.tif", raw(tiff(deep((20, 230), (255, 50)), 1, extra=2)), left=(20, 20, 20, 255), right=(230, 230, 230, 50)),
    Case("rgba16-premultiplied.tif", raw(tiff(deep((200, 10), (40, 30), (30, 90), (255, 128)), 2, extra=1, planes=True)), left=(*RED, 255), right=(20, 60, 180, 128)),
    Case("rgb32.tif", raw(tiff(RGB16.astype(np.uint32) * 65537, 2))),
    Case("grey32.tif", raw(tiff(deep((20, 230)).astype(np.uint32) * 65537, 1)), left=_grey(20), right=_grey(230)),
    Case("rgb-float.tif", raw(tiff((RGB16 / 65535).astype(np.float32), 2, floats=True))),
    Case("grey-half.tif", raw(tiff((deep((20, 230)) / 65535).astype(np.float16), 1, floats=True)), left=_grey(20), right=_grey(230)),
    Case("cmyk16.tif", raw(tiff(deep((0, 255), (255, 0), (255, 0), (0, 0)), 5)), left=(255, 0, 0), right=(0, 255, 255), said="inks"),
    Case("lab8.tif", lambda path: picture((255, 128, 128), (0, 128, 128), "LAB").save(path), left=_grey(255), right=_grey(0), tolerance=4),
    Case("lab16.tif", raw(tiff(deep((255, 0), (0, 0), (0, 0)), 8)), left=_grey(255), right=_grey(0), tolerance=4),
    Case("p3.png", lambda p: picture(encoded(RED, "p3"), encoded(BLUE, "p3")).save(p, icc_profile=color_profiles.display_p3_profile()), said="Display P3", properties={"profile": "Display P3"}),
    Case("p3.heic", lambda p: picture(encoded(RED, "p3"), encoded(BLUE, "p3")).save(p, quality=-1, icc_profile=color_profiles.display_p3_profile()), tolerance=12, said="Display P3"),
    Case("p3 by number.heic", p3_by_number, tolerance=12, said="Display P3"),
    Case("adobe.png", lambda p: picture(encoded(RED, "adobe"), encoded(BLUE, "adobe")).save(p, icc_profile=color_profiles.adobe_rgb_profile()), said="Adobe RGB", tolerance=3),
    Case("prophoto.tif", lambda p: picture(encoded(RED, "prophoto"), encoded(BLUE, "prophoto")).save(p, icc_profile=PROPHOTO_PROFILE), said="ProPhoto", tolerance=4),
    Case("adobe by name.jpg", adobe_by_name, said="Adobe RGB", tolerance=6),
    Case("cmyk.jpg", lambda p: picture((0, 255, 255, 0), (255, 255, 0, 0), "CMYK").save(p, quality=95), left=(255, 0, 0), right=(0, 0, 255), tolerance=8, said="inks"),
    Case("cmyk-profile.tif", lambda p: picture((0, 255, 255, 0), (0, 0, 0, 0), "CMYK").save(p, icc_profile=cmyk_profile()), left=(223, 66, 0), right=(255, 255, 255), tolerance=5, said="inks"),
    Case("cmyk-profile.jpg", lambda p: inks().save(p, quality=95, icc_profile=cmyk_profile()), **CMYK),
    Case("ycck.jpg", ycck, **CMYK),
    Case("cmyk.psd", lambda p: p.write_bytes(psd(255 - np.asarray(inks()), 4, cmyk_profile())), **CMYK),
    Case("cmyk.jp2", lambda p: p.write_bytes(jp2_with(cmyk_profile(), Image.fromarray(np.asarray(inks()), "RGBA"))), **CMYK),
    Case("cmyk-alpha.tif", raw(tiff(np.dstack([np.asarray(picture((0, 255, 255, 0), (0, 0, 0, 0), "CMYK")), np.asarray(picture(255, 90, "L"))]), 5, extra=2)), left=(255, 0, 0, 255), right=(255, 255, 255, 90), said="inks"),  # type: ignore[arg-type]
    Case("grey.jpg", lambda p: picture(40, 220, "L").save(p, quality=95), left=_grey(40), right=_grey(220), tolerance=3),  # type: ignore[arg-type]
    Case("grey-alpha.png", lambda p: picture((40, 255), (220, 0), "LA").save(p), left=(40, 40, 40, 255), right=(220, 220, 220, 0)),
    Case("alpha.png", lambda p: picture((*RED, 255), (*BLUE, 90), "RGBA").save(p), left=(*RED, 255), right=(*BLUE, 90)),
    Case("alpha.webp", lambda p: picture((*RED, 255), (*BLUE, 90), "RGBA").save(p, lossless=True, exact=True), left=(*RED, 255), right=(*BLUE, 90)),
    Case("alpha.tif", lambda p: picture((*RED, 255), (*BLUE, 90), "RGBA").save(p), left=(*RED, 255), right=(*BLUE, 90)),
    Case("opaque-alpha.png", lambda p: picture((*RED, 255), (*BLUE, 255), "RGBA").save(p), left=(*RED, 255), right=(*BLUE, 255)),
    Case("palette.png", lambda p: picture().quantize(4).save(p)),
    Case("palette-transparent.gif", lambda p: picture((*RED, 255), (*BLUE, 0), "RGBA").save(p), left=(*RED, 255), right=(0, 0, 0, 0), tolerance=255),
    Case("rgb-keyed.png", lambda p: picture().save(p, transparency=BLUE), left=(*RED, 255), right=(*BLUE, 0)),
    Case("ink.png", lambda p: picture(0, 1, "1").save(p), left=_grey(0), right=_grey(255)),  # type: ignore[arg-type]
    *(Case(f"moving{suffix}", animated, tolerance=12, said="moves") for suffix in (".gif", ".webp", ".png")),
    Case("dot.png", lambda p: Image.new("RGB", (1, 1), RED).save(p), right=RED, size=(1, 1)),
    Case("column.png", lambda p: Image.new("RGB", (1, 3000), RED).save(p), right=RED, size=(1, 512)),
    Case("row.jpg", lambda p: Image.new("RGB", (3000, 1), RED).save(p, quality=95), right=RED, size=(512, 1), tolerance=4),
    Case("banner.png", lambda p: picture(size=(20_000, 100)).save(p, compress_level=1), size=(512, 3)),
    Case("cut.jpg", cut(0.6, quality=90), size=(128, 96), said="the lower", tolerance=255),
    Case("cut.png", cut(0.6), size=(128, 102), said="the lower", tolerance=255),
    Case("cut-progressive.jpg", cut(0.6, quality=90, progressive=True), size=(128, 128), said="fine detail", tolerance=255),
]  # fmt: skip

_LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 2306867\n"
REFUSED = [
    Case("nothing.png", raw(b""), refused="is empty"),
    Case("letter.jpg", raw(b"Dear Sir or Madam,"), refused="is not a picture"),
    Case("lfs.png", raw(_LFS_POINTER), refused="only a Git LFS pointer, not the file itself (2.3 MB)"),
    Case("annex.jpg", raw(b"/annex/objects/SHA256E-s21--6c3.jpg\n"), refused="only a git-annex pointer"),
    Case("._photo.jpg", raw(b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "), refused="what a Mac notes about a file"),
    Case("photo.jpg.lnk", raw(b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0"), refused="only a link or a place-holder"),
    Case(".photo.jpg.icloud", raw(b"bplist00\xd3\x01\x02\x03"), refused="only a link or a place-holder"),
    Case("link.png", raw(b"[InternetShortcut]\r\nURL=https://example.org/a.png"), refused="only a link or a place-holder"),
    Case("denied.png", raw(b'{"error": "access denied"}'), refused="message of a web service"),
    Case("page.jpg", raw(b"<!DOCTYPE html><html><img src='a.jpg'></html>"), refused="is a web page"),
    Case("drawing.svg", raw(b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"), refused="lines (SVG)"),
    Case("paper.pdf", raw(b"%PDF-1.7 ..."), refused="document"),
    Case("program.jpg", raw(b"%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n"), refused="document"),
    Case("camera.nef", raw(tiff(RGB16.astype(np.uint8), 2)), refused="raw file"),
    Case("camera.tif", raw(tiff(RGB16.astype(np.uint8), 2, more=[(50706, 1, [1, 4, 0, 0])])), refused="raw file"),
    Case("canon.jpg", raw(b"\0\0\0\x18ftypcrx \0\0\0\1" + b"\0" * 64), refused="raw file"),
    Case("new.jxl", raw(b"\xff\x0a" + b"\0" * 64), refused="JPEG XL"),
    Case("light.exr", raw(b"\x76\x2f\x31\x01" + b"\0" * 64), refused="high dynamic range"),
    Case("art.kra", raw(b"PK\x03\x04" + b"\0" * 64), refused="own file"),
    Case("spots.psd", lambda path: path.write_bytes(psd(mode=7)), refused="spot colours"),
    Case("film.jpg", raw(b"\0\0\0\x18ftypisom" + b"\0" * 64), refused="film"),
    Case("folder.png", lambda path: path.mkdir(), refused="is a folder"),
    Case("gone.png", lambda path: None, refused="not there any more"),
    Case("huge.png", raw(png(np.zeros((1, 1, 3), np.uint16), 2, (65_536, 65_536))), refused="too large"),
    Case("cut.webp", cut(0.6), refused="damaged"),
    Case("cut.gif", cut(0.6), refused="damaged"),
    Case("cut.tif", cut(0.6), refused="damaged"),
    Case("cut.heic", lambda path: (heif(path), path.write_bytes(path.read_bytes()[:-100])), refused="damaged"),
    Case("cut early.jpg", cut(0.05, quality=90), refused="damaged"),
    Case("cut early.png", cut(0.003), refused=""),
]  # fmt: skip
