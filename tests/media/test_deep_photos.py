"""Pictures of more than 8 bits a channel, colours named by profile, number or gamma, and numbers out of range."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from studio.media import color_profiles
from studio.media.color_profiles import is_srgb, matrix_profile
from studio.media.full_depth import deep_profile
from studio.media.number_ranges import range_of
from studio.media.numbered_colors import NumberedColors
from studio.media.photo_notes import conversion_notes, rgb_profile_of
from studio.media.photos import describe_photo, open_photo
from studio.media.profile_tags import tags_of, xyz_of
from studio.media.tiff_segments import read_segments
from tests.support.paths import DATA

CASES = DATA / "cases"
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), (0.3127, 0.3290)
LINEAR = matrix_profile("sRGB IEC61966-2.1 (linear)", *SRGB, 1.0)
GREEN, RED, BLUE = (0, 173, 38), (218, 0, 25), (19, 61, 208)


def remarks_on(source: Path | bytes) -> list[str]:
    return [str(each) for each in conversion_notes(source)]


def pixels(source: Path | bytes) -> NDArray[np.uint8]:
    return np.asarray(open_photo(source))


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0..1 as levels of sRGB."""
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)


def png(values: NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of 16 bits a channel; ``chunks`` stand before its pixels."""
    height, width = values.shape[:2]
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[values.reshape(height, width, -1).shape[2]]
    rows = values.astype(">u2").reshape(height, -1).view(np.uint8)
    body = np.concatenate([np.zeros((height, 1), np.uint8), rows], 1).tobytes()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)), *chunks]
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in [*parts, (b"IDAT", zlib.compress(body)), (b"IEND", b"")]:
        out += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return out


def iccp(profile: bytes) -> tuple[bytes, bytes]:
    return b"iCCP", b"profile\0\0" + zlib.compress(profile)


def tiff(values: NDArray[np.generic], **options: object) -> bytes:
    made = io.BytesIO()
    photometric = options.pop("photometric", "rgb" if values.ndim == 3 else "minisblack")
    tifffile.imwrite(made, values, photometric=photometric, metadata=None, **options)  # type: ignore[arg-type]
    return made.getvalue()


# -- profiles at full depth ------------------------------------------------------------------------------------------


def test_dark_linear_light_keeps_its_levels() -> None:
    found = pixels(CASES / "linear16_dark.png")
    assert len(np.unique(found)) == 61 and found.max() == 60
    assert "Its colours were converted from linear sRGB to sRGB." in remarks_on(CASES / "linear16_dark.png")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["png", "tiff", "float"])
def test_profiles_of_16_bit_pictures_come_before_rounding(channels: int, kind: str) -> None:
    ramp = np.linspace(0, 0.05, 200)[None].repeat(4, 0)
    values = ramp[..., None].repeat(3, 2) if channels == 3 else ramp
    profile = LINEAR if channels == 3 else grey_profile(1.0)
    whole = np.round(values * 65535).astype(np.uint16)
    if kind == "png":
        found = pixels(png(whole, iccp(profile)))
    elif kind == "tiff":
        found = pixels(tiff(whole, iccprofile=profile))
    else:
        found = pixels(tiff(values.astype(np.float32), iccprofile=profile))
    assert np.abs(found[..., 0] - encoded(ramp)).max() < 0.6
    assert len(np.unique(found)) > 60


def grey_profile(gamma: float) -> bytes:
    """An ICC profile of grey."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Grey\0" + b"\0" * 79
    return icc(b"GRAY", {b"desc": name, b"wtpt": white, b"kTRC": curve})


def icc(space: bytes, tags: dict[bytes, bytes], version: int = 0x02100000, connection: bytes = b"XYZ ") -> bytes:
    """An ICC profile of a display."""
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, block in tags.items():
        table += tag + struct.pack(">II", at + len(body), len(block))
        body += block + b"\0" * (-len(block) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"\0\0\0\0", version, b"mntr", space, connection)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += struct.pack(">3i", *(round(value * 65536) for value in (0.9642, 1.0, 0.8249)))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def test_full_depth_agrees_with_littlecms() -> None:
    steps = np.arange(0, 256, 51, dtype=np.uint8)
    patches = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(6, 36, 3)
    for profile in (
        color_profiles.display_p3_profile(),
        color_profiles.adobe_rgb_profile(),
        matrix_profile("ProPhoto", ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), (0.3457, 0.3585), 1.8),
    ):
        eight = np.asarray(color_profiles.to_srgb(Image.fromarray(patches), profile)).astype(int)
        found = pixels(png(patches.astype(np.uint16) * 257, iccp(profile))).astype(int)
        # Very dark colours differ by how coarse the tables of each are.
        assert np.abs(found - eight).max() <= 3


@pytest.mark.parametrize("kind", ["mft1", "mft2", "mAB ", "mAB with a matrix"])
def test_profiles_of_tables_are_applied_at_full_depth(kind: str) -> None:
    """Linear light to XYZ is a straight line, which a grid of two nodes gives exactly."""
    ramp = np.linspace(0, 0.05, 200)[None, :, None].repeat(4, 0).repeat(3, 2)
    picture = png(np.round(ramp * 65535).astype(np.uint16), iccp(by_tables(kind)))
    found = pixels(picture)
    assert len(np.unique(found[..., 1])) > 55  # 13 when it is cut to 8 bits before
    if not kind.startswith("mAB"):  # of version 4: the deepest black of its intent becomes black
        # A table of 8 bits holds XYZ to a part in 255, of which grey is a little coloured.
        assert np.abs(found - encoded(ramp)).max() < (4 if kind == "mft1" else 1)
    assert not any("8 bits only" in remark for remark in remarks_on(picture))


@pytest.mark.parametrize("kind", ["mft1", "mft2", "mAB "])
def test_tables_to_lab_agree_with_littlecms(kind: str) -> None:
    assert deep_profile(by_tables(kind, lab=True)) is not None, "what differs is not taken"
    damaged = by_tables(kind, lab=True)[:-900]
    assert deep_profile(damaged) is None


def by_tables(kind: str, *, lab: bool = False) -> bytes:
    """An ICC profile of sRGB in linear light, by a table or a matrix."""
    tags = tags_of(LINEAR)
    columns = np.array([xyz_of(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")])
    side = 9 if lab else 2
    nodes = np.stack(np.meshgrid(*[np.linspace(0, 1, side)] * 3, indexing="ij"), -1).reshape(-1, 3) @ columns
    colors = nodes * 32768 / 65535
    if lab:
        white = nodes / (0.9642, 1.0, 0.8249)
        f = np.where(white > (24 / 116) ** 3, np.cbrt(white), white * 841 / 108 + 16 / 116)
        a, b = 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])
        colors = np.stack([(116 * f[:, 1] - 16) / 100, (a + 128) / 255, (b + 128) / 255], -1)
        colors = colors * (65280 / 65535 if kind == "mft2" else 1)
    fine = np.round(colors * 65535).astype(">u2").tobytes()
    straight = b"curv" + bytes(8)
    # Before the grid a matrix, for XYZ going in.
    head = bytes((0, 0, 0, 0, 3, 3, side, 0)) + (np.eye(3) * 65536).astype(">i4").tobytes()
    if kind == "mft1":
        ends = bytes(range(256)) * 3
        table = b"mft1" + head + ends + np.round(colors * 255).astype(">u1").tobytes() + ends
    elif kind == "mft2":
        ends = struct.pack(">6H", *(0, 65535) * 3)
        table = b"mft2" + head + struct.pack(">2H", 2, 2) + ends + fine + ends
    elif kind == "mAB ":
        places = struct.pack(">5I", 32, 0, 0, 68, 68 + 20 + len(fine) + -len(fine) % 4)
        table = b"mAB " + bytes((0, 0, 0, 0, 3, 3, 0, 0)) + places + 3 * straight
        table += bytes((side, side, side, *[0] * 13, 2, 0, 0, 0)) + fine + bytes(-len(fine) % 4) + 3 * straight
    else:
        numbers = np.round(columns.T * 32768 / 65535 * 65536).astype(">i4").tobytes() + bytes(12)
        table = b"mAB " + bytes((0, 0, 0, 0, 3, 3, 0, 0)) + struct.pack(">5I", 32, 68, 116, 0, 0)
        table += 3 * straight + numbers + 3 * straight
    version = 0x04200000 if kind.startswith("mAB") else 0x02100000
    tags = {b"desc": tags[b"desc"], b"wtpt": tags[b"wtpt"], b"A2B0": table}
    return icc(b"RGB ", tags, version, b"Lab " if lab else b"XYZ ")


def test_grey_profiles_hold_with_alpha_too() -> None:
    plain, both = pixels(CASES / "grey_lin.png"), pixels(CASES / "la_lin.png")
    assert both.shape[2] == 4 and np.array_equal(plain, both[..., :3])
    deep = np.stack([np.linspace(0, 65535, 64).astype(np.uint16), np.full(64, 30000, np.uint16)], -1)[None].repeat(4, 0)
    assert np.abs(pixels(png(deep, iccp(grey_profile(1.0))))[..., 0] - encoded(deep[..., 0] / 65535)).max() < 0.6
    # Grey with a transparent value, in 8 bits.
    made = io.BytesIO()
    Image.fromarray(np.arange(64, dtype=np.uint8)[None].repeat(4, 0)).save(
        made, "PNG", transparency=3, icc_profile=grey_profile(1.0)
    )
    found = pixels(made.getvalue())
    assert found[0, :, 3].tolist() == [255] * 3 + [0] + [255] * 60
    assert np.abs(found[0, :, 0] - encoded(np.arange(64) / 255)).max() < 1.1


def test_one_transparent_colour_of_16_bits() -> None:
    found = pixels(CASES / "grey16_trns.png")
    assert found.shape[2] == 4 and (found[..., 3] == 0).any() and (found[..., 3] == 255).any()
    grey = np.array([[1000, 1001, 1000 ^ 0x100, 65535]], np.uint16)
    assert pixels(png(grey, (b"tRNS", struct.pack(">H", 1000))))[0, :, 3].tolist() == [0, 255, 255, 255]
    color = np.array([[[1, 2, 3], [1, 2, 4], [257, 2, 3]]], np.uint16)
    assert pixels(png(color, (b"tRNS", struct.pack(">3H", 1, 2, 3))))[0, :, 3].tolist() == [0, 255, 255]


def test_a_profile_is_srgb_by_what_it_does_not_by_its_name(tmp_path: Path) -> None:
    unnamed = matrix_profile("c2", *SRGB, None)
    for profile, same in ((LINEAR, False), (unnamed, True), (color_profiles.display_p3_profile(), False)):
        assert is_srgb(profile) is same
        path = tmp_path / "photo.png"
        Image.new("RGB", (8, 8), (90, 60, 30)).save(path, icc_profile=profile)
        assert (remarks_on(path) == []) is same and (rgb_profile_of(path) is None) is same
        assert (pixels(path)[0, 0].tolist() == [90, 60, 30]) is same


# -- colours named otherwise -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p3_nclx.heic", "p3_nclx.avif"])
def test_colours_named_by_number(name: str) -> None:
    found = pixels(CASES / name).astype(int)
    tolerance = 4 if name.endswith("heic") else 12  # halved colours, and a lossy codec
    for (x, y), color in {(10, 10): RED, (60, 10): GREEN}.items():
        near = [found[yy, xx] for yy, xx in ((y, x), (x // 2, y), (10, 30), (10, 60))]
        assert min(int(np.abs(each - color).max()) for each in near) <= tolerance, color
    assert describe_photo(CASES / name).profile == "Display P3"


def test_png_names_colours_by_number_before_a_profile() -> None:
    green = np.full((4, 4, 3), (15000, 43000, 16000), np.uint16)
    wanted = pixels(png(green, iccp(color_profiles.display_p3_profile())))
    numbered = png(green, (b"cICP", bytes([12, 13, 0, 1])), iccp(LINEAR))
    assert np.array_equal(pixels(numbered), wanted) and describe_photo(numbered).profile == "Display P3"
    plain = png(green, (b"cICP", bytes([1, 13, 0, 1])))
    assert np.array_equal(pixels(plain), pixels(png(green))) and remarks_on(plain) == remarks_on(png(green))
    linear = png(green, (b"cICP", bytes([1, 8, 0, 1])))
    assert np.array_equal(pixels(linear), pixels(png(green, iccp(LINEAR))))
    limited = 16 * 257 + (green.astype(float) * (219 / 255)).round().astype(np.uint16)
    numbered = png(limited, (b"cICP", bytes([12, 13, 0, 0])))
    assert np.abs(pixels(numbered).astype(int) - wanted).max() <= 1
    # Eight bits, too.
    made = io.BytesIO()
    Image.fromarray((green // 257).astype(np.uint8)).save(made, "PNG")
    head, rest = made.getvalue()[:33], made.getvalue()[33:]
    chunk = b"cICP" + bytes([12, 13, 0, 1])
    eight = head + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + rest
    assert np.abs(pixels(eight).astype(int) - wanted).max() <= 2


def test_a_profile_in_a_jpeg_2000_file() -> None:
    green, made, profile = (
        np.full((8, 8, 3), (60, 170, 65), np.uint8),
        io.BytesIO(),
        color_profiles.display_p3_profile(),
    )
    Image.fromarray(green).save(made, "JPEG2000")
    data = made.getvalue()
    header, at = data.index(b"jp2h") - 4, data.index(b"colr") - 4
    sizes = [struct.unpack(">I", data[place : place + 4])[0] for place in (header, at)]
    box = struct.pack(">I", 11 + len(profile)) + b"colr\2\0\0" + profile
    whole = struct.pack(">I", sizes[0] - sizes[1] + len(box)) + data[header + 4 : at] + box + data[at + sizes[1] :]
    wanted = io.BytesIO()
    Image.fromarray(green).save(wanted, "PNG", icc_profile=profile)
    found = data[:header] + whole
    assert np.abs(pixels(found).astype(int) - pixels(wanted.getvalue())).max() <= 1
    assert describe_photo(found).profile == "Display P3"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_picture_is_opened_not_the_small_one_before_it(dtype: type[np.generic]) -> None:
    values = (np.arange(16 * 24 * 3).reshape(16, 24, 3) % 251).astype(dtype)
    made = io.BytesIO()
    with tifffile.TiffWriter(made) as file:
        file.write(values[::4, ::4], photometric="rgb", subfiletype=1)
        file.write(values, photometric="rgb")
    assert pixels(made.getvalue()).shape == (16, 24, 3)
    assert (describe_photo(made.getvalue()).width, describe_photo(made.getvalue()).height) == (24, 16)


def test_high_dynamic_range_pictures_are_brought_down() -> None:
    # 203 nits of PQ, the white of paper, is a light grey as in clips; 10 nits stay dark.
    values = np.full((4, 4, 3), round(0.5807 * 65535), np.uint16)
    values[:2] = round(0.3 * 65535)
    for numbers in (b"\x09\x10\0\x01", b"\x0c\x10\0\x01"):
        found = pixels(png(values, (b"cICP", numbers)))
        assert 200 < found[3, 0, 0] < 250 and 20 < found[0, 0, 0] < 90
    assert remarks_on(png(values, (b"cICP", b"\x09\x10\0\x01")))[0].startswith(
        "Its colours were converted from HDR (PQ)"
    )


def test_gamma_and_primaries_of_a_png() -> None:
    values = np.linspace(0, 65535, 64).astype(np.uint16)[None, :, None].repeat(3, 2).repeat(4, 0)
    linear = pixels(png(values, (b"gAMA", struct.pack(">I", 100_000))))
    assert np.abs(linear[0, :, 0] - encoded(values[0, :, 0] / 65535)).max() < 0.6
    usual = png(values, (b"gAMA", struct.pack(">I", 45_455)))
    assert np.array_equal(pixels(usual), pixels(png(values)))
    # sRGB is said in so many words.
    assert np.array_equal(
        pixels(png(values, (b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100_000)))), pixels(png(values))
    )


@pytest.mark.parametrize("transfer", [13, 1])
def test_numbers_of_srgb_change_nothing(transfer: int) -> None:
    assert NumberedColors(1, transfer).profile() is None and NumberedColors(1, transfer).special() is None


def test_heic_of_ten_bits_and_a_linear_curve() -> None:
    made = io.BytesIO()
    values = np.linspace(0, 4000, 64).astype(np.uint16)[None, :, None].repeat(3, 2).repeat(64, 0)
    heif = pillow_heif.from_bytes("RGB;16", (64, 64), values.tobytes())
    heif.save(made, quality=-1, matrix_coefficients=0, chroma=444, icc_profile=LINEAR)
    found = pixels(made.getvalue())
    assert len(np.unique(found[32])) > 30
    assert np.abs(found[32, :, 0] - encoded(values[0, :, 0] / 65535)).max() < 4


# -- numbers ---------------------------------------------------------------------------------------------------------

RAMP = np.linspace(0, 1, 256)[None].repeat(4, 0)


@pytest.mark.parametrize(
    ("values", "noted"),
    [
        (RAMP.astype(np.float32), False),
        ((RAMP * 1.02).astype(np.float32), False),
        ((RAMP * 255).astype(np.float32), True),
        ((RAMP * 65535).astype(np.float32), True),
        ((RAMP * 4095).astype(np.float32), True),
        ((RAMP * 2 - 1).astype(np.float32), True),
        ((RAMP * 1e-4).astype(np.float64), True),
        (RAMP.astype(np.float16), False),
        ((RAMP * 255).astype(np.float16), True),
        ((RAMP * 255).astype(np.uint16), True),
        ((RAMP * 1023).astype(np.uint16), True),
        ((RAMP * 4095).astype(np.uint16), True),
        ((RAMP * 16383).astype(np.uint16), True),
        ((RAMP * 32768).astype(np.uint16), True),
        ((RAMP * 65535).astype(np.uint16), False),
        ((RAMP * 32767).astype(np.int16), False),
        ((RAMP * 65535 - 32768).astype(np.int16), False),
        ((RAMP * 255).astype(np.int16), True),
        ((RAMP * 255 - 128).astype(np.int8), False),
        ((RAMP * 127).astype(np.int8), False),
        ((RAMP * 255).astype(np.uint32), True),
        ((RAMP * 65535).astype(np.uint32), True),
        ((RAMP * 3_000_000).astype(np.uint32), True),
        ((RAMP * (2**32 - 1)).astype(np.uint32), False),
        ((RAMP * 255).astype(np.int32), True),
        ((RAMP * (2**31 - 1)).astype(np.int32), False),
        ((RAMP * 65535).astype(np.int64), True),
    ],
    ids=lambda each: f"{each.dtype}-{float(each.max()):g}" if isinstance(each, np.ndarray) else None,
)
@pytest.mark.parametrize("color", [False, True])
def test_a_ramp_in_any_numbers_is_a_ramp(values: NDArray[np.generic], noted: bool, color: bool) -> None:
    data = tiff(values[..., None].repeat(3, 2) if color else values)
    found = pixels(data)[0, :, 0].astype(int)
    assert (
        np.abs(found - np.clip(np.arange(256) * (1.02 if values.max() == np.float32(1.02) else 1), 0, 255)).max() <= 2
    )
    said = [each for each in remarks_on(data) if "numbers" in each]
    signed = values.dtype.kind == "i" and bool(values.min() < 0)
    assert bool(said) is (noted or signed)


def test_dark_pictures_stay_dark_where_a_program_knew_their_colours() -> None:
    dark = tiff((RAMP * 2000).astype(np.uint16), iccprofile=grey_profile(2.2))
    assert pixels(dark).max() < 20 and not any("numbers" in each for each in remarks_on(dark))


def test_numbers_that_are_none_and_empty_pictures() -> None:
    values = RAMP.astype(np.float32).copy()
    values[0, :3] = np.nan, np.inf, -np.inf
    assert pixels(tiff(values))[0, :3, 0].tolist() == [0, 255, 0]
    assert pixels(tiff(np.zeros((4, 4), np.float32))).max() == 0
    assert range_of(np.full((2, 2), np.nan)).white == 1
    # Lights brighter than white are few, and clipped.
    values = RAMP.astype(np.float32).copy()
    values[0, -1] = 40
    assert np.abs(pixels(tiff(values))[1, :, 0].astype(int) - np.arange(256)).max() <= 1
    # So is what undershoots far, and places where nothing is known.
    for few, value in ((1, -5.0), (40, np.finfo(np.float32).min)):
        values = RAMP.astype(np.float32).copy()
        values[0, :few] = value
        assert np.abs(pixels(tiff(values))[1, :, 0].astype(int) - np.arange(256)).max() <= 1


def packed(values: NDArray[np.generic], predictor: int, byteorder: str = "<") -> bytes:
    """An LZW TIFF: libtiff packs its bytes as a grey picture, whose head is then replaced."""
    height, width, samples = values.shape
    size = values.dtype.itemsize
    raw = values.astype(values.dtype.newbyteorder(byteorder)).reshape(height, -1).view(np.uint8)
    if predictor == 3:
        planes = values.astype(values.dtype.newbyteorder(">")).reshape(height, -1).view(np.uint8)
        planes = planes.reshape(height, width * samples, size).swapaxes(1, 2).reshape(height, -1, samples)
        raw = np.diff(planes, axis=1, prepend=np.zeros((height, 1, samples), np.uint8)).reshape(height, -1)
    elif predictor == 2:
        whole = values.view(f"u{size}")
        steps = np.diff(whole, axis=1, prepend=np.zeros((height, 1, samples), whole.dtype))
        raw = steps.astype(steps.dtype.newbyteorder(byteorder)).reshape(height, -1).view(np.uint8)
    made = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(raw)).save(made, "TIFF", compression="tiff_lzw")
    with Image.open(io.BytesIO(made.getvalue())) as grey:
        tags = {tag: grey.tag_v2[tag] for tag in (273, 278, 279)}
    strips = [made.getvalue()[at : at + n] for at, n in zip(tags[273], tags[279], strict=True)]
    kind = {"f": 3, "u": 1, "i": 2}[values.dtype.kind]
    entries: list[tuple[int, int, list[int]]] = [
        (256, 4, [width]), (257, 4, [height]), (258, 3, [8 * size] * samples), (259, 3, [5]),
        (262, 3, [2 if samples > 2 else 1]), (273, 4, [0] * len(strips)), (277, 3, [samples]),
        (278, 4, [int(tags[278])]), (279, 4, [len(each) for each in strips]), (317, 3, [predictor]),
        *([(338, 3, [2])] if samples in (2, 4) else []), (339, 3, [kind] * samples),
    ]  # fmt: skip
    at = 8 + 2 + 12 * len(entries) + 4
    bodies = at + sum(len(v) * (4 if k == 4 else 2) for _, k, v in entries if len(v) * (4 if k == 4 else 2) > 4)
    starts = list(itertools.accumulate([len(each) for each in strips], initial=bodies))[:-1]
    ifd, extra = struct.pack(byteorder + "H", len(entries)), b""
    for tag, code, numbers in entries:
        numbers = starts if tag == 273 else numbers
        data = struct.pack(f"{byteorder}{len(numbers)}{'I' if code == 4 else 'H'}", *numbers)
        held = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack(byteorder + "I", at + len(extra))
        extra += data if len(data) > 4 else b""
        ifd += struct.pack(byteorder + "HHI", tag, code, len(numbers)) + held
    head = (b"II*\0" if byteorder == "<" else b"MM\0*") + struct.pack(byteorder + "I", 8)
    return head + ifd + b"\0\0\0\0" + extra + b"".join(strips)


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("samples", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("kind", "predictor"),
    [("f4", 1), ("f4", 3), ("f2", 1), ("f2", 3), ("f8", 3), ("u2", 1), ("u2", 2), ("u4", 2), ("i2", 1)],
)
def test_packed_tiffs_open_as_unpacked_ones(kind: str, predictor: int, samples: int, byteorder: str) -> None:
    rng = np.random.default_rng(samples)
    values = rng.random((21, 17, samples)) * (1 if kind[0] == "f" else np.iinfo(kind).max)
    values[0, 0], values[0, 1] = values.max(), 0
    values = values.astype(kind)
    data = packed(values, predictor, byteorder)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        assert np.array_equal(np.asarray(read_segments(file.pages[0]), kind), values)  # type: ignore[arg-type]
    found = pixels(data)
    top = 1.0 if kind[0] == "f" else float(np.iinfo(kind).max)
    grey = samples < 3
    assert np.abs(found[..., 0] - values[..., 0] / top * 255).max() < 0.6
    assert grey or np.abs(found[..., 2] - values[..., 2] / top * 255).max() < 0.6
    assert found.shape[2] == (4 if samples in (2, 4) else 3)


@pytest.mark.parametrize(
    "options",
    [
        {"tile": (16, 16)},
        {"tile": (16, 32), "compression": "zlib"},
        {"rowsperstrip": 7, "compression": "zlib"},
        {"planarconfig": "separate", "rowsperstrip": 5},
        {"planarconfig": "separate", "tile": (16, 16), "compression": "zlib"},
        {"compression": "zlib", "predictor": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["u2", "f4"])
def test_strips_tiles_and_planes_are_put_together(kind: str, options: dict[str, object]) -> None:
    if "predictor" in options and kind == "f4":
        options = {**options, "predictor": None}
    rng = np.random.default_rng(0)
    values = (rng.random((37, 45, 3)) * 200).astype(kind)
    if options.get("planarconfig") == "separate":
        values = np.moveaxis(values, -1, 0)
    data = tiff(values, photometric="rgb", **options)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        assert np.array_equal(read_segments(page), page.asarray())  # type: ignore[arg-type]


def test_the_case_of_a_floating_predictor() -> None:
    found = pixels(CASES / "rgb32f_zip_pred3.tif")
    x = np.arange(96) / 95 * 255
    assert np.abs(found[10, :, 0] - x).max() < 4 and np.abs(found[10, :, 2] - (255 - x)).max() < 4


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(
    "options", [{}, {"planarconfig": "separate"}, {"planarconfig": "contig", "extrasamples": ["unassalpha"]}]
)
@pytest.mark.parametrize("kind", ["cielab", "icclab"])
def test_lab_in_all_its_forms(kind: str, options: dict[str, object], bits: int) -> None:
    lab = np.array([[(255, 0, 0), (137, 0, 0), (137, 40, -30), (0, 0, 0)]])  # steps of 8 bits, a and b around 0
    stored = lab + (np.array([0, 128, 128]) if kind == "icclab" else 0)
    values = stored.astype(np.uint8) if bits == 8 else (stored * 256).astype(np.uint16)
    if kind == "cielab" and bits == 16:
        values[..., 0] = lab[..., 0] * 257
    if "extrasamples" in options:
        values = np.concatenate([values, np.full((1, 4, 1), 51 * (257 if bits == 16 else 1), values.dtype)], 2)
    elif options:
        values = np.moveaxis(values, -1, 0)
    shown = pixels(tiff(values, photometric=kind, **options)).astype(int)
    right = Image.fromarray(lab.astype(np.int16).astype(np.uint8), "LAB")
    assert np.abs(shown[..., :3] - np.asarray(color_profiles.to_srgb(right, color_profiles.lab_profile()))).max() <= 2
    assert shown.shape[2] == 3 or (shown[..., 3] == 51).all()


@pytest.mark.parametrize("scale", [np.uint8(1), np.uint16(257)])
@pytest.mark.parametrize("kind", ["minisblack", "rgb", "separated"])
def test_transparency_behind_another_channel(kind: str, scale: np.generic) -> None:
    colors = {"minisblack": 1, "rgb": 3, "separated": 4}[kind]
    values = np.zeros((2, 3, colors + 2), np.uint8)
    values[..., -1] = 51
    options = {"planarconfig": "contig", "extrasamples": ["unspecified", "unassalpha"]}
    shown = pixels(tiff(values * scale, photometric=kind, **options))
    assert shown[0, 0].tolist() == [*([255] if kind == "separated" else [0]) * 3, 51]


def test_ten_bits_of_an_avif_are_all_used() -> None:
    row = pixels(CASES / "linear10_dark.avif")[32, :, 1].astype(int)
    light = np.linspace(0, 0.06, 192)
    assert len(np.unique(row)) > 40, "eight bits leave 16 levels"
    assert np.abs(row - encoded(light)).mean() < 1.5


def test_depth_that_a_profile_of_tables_costs_is_said(tmp_path: Path) -> None:
    tabled = color_profiles.display_p3_profile().replace(b"cprt", b"A2B0", 1)
    assert b"A2B0" in tabled
    deep, plain = tmp_path / "deep.png", tmp_path / "plain.png"
    deep.write_bytes(png(np.full((4, 4, 3), 30_000, np.uint16), iccp(tabled)))
    Image.new("RGB", (4, 4)).save(plain, icc_profile=tabled)
    assert any("tables" in remark for remark in remarks_on(deep))
    assert not any("tables" in remark for remark in remarks_on(plain))
