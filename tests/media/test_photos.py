"""Odd pictures, made here with Pillow: each opens as sRGB the right way up, or is refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageCms

from studio.base import StudioError
from studio.media.photo_notes import conversion_notes, warning_about
from studio.media.photos import IMAGE_SUFFIXES, describe_photo, open_photo

WIDTH, HEIGHT = 40, 24


def two_tone() -> Image.Image:
    """Landscape; left half red, right half blue: rotation and colour both show."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "red")
    picture.paste("blue", (WIDTH // 2, 0, WIDTH, HEIGHT))
    return picture


def near(pixel: object, wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    assert isinstance(pixel, tuple)
    return len(pixel) == len(wanted) and all(abs(a - b) <= tolerance for a, b in zip(pixel, wanted, strict=True))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"") -> bytes:
    """A PNG made by hand, for what Pillow does not write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


# ---- pictures that open


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(tmp_path: Path, orientation: int, suffix: str) -> None:
    """The picture as stored is turned so that the eye sees red on the left and blue on the right."""
    stored = two_tone()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    if orientation in undo:
        stored = stored.transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"turned{suffix}"
    stored.save(path, exif=exif, **({"quality": 95, "subsampling": 0} if suffix == ".jpg" else {}))  # type: ignore[arg-type]

    properties = describe_photo(path)
    assert (properties.width, properties.height) == (WIDTH, HEIGHT)
    assert properties.exif_rotated == (orientation != 1)
    shown = open_photo(path)
    assert shown.size == (WIDTH, HEIGHT)
    assert near(shown.getpixel((2, 12)), (254, 0, 0)) and near(shown.getpixel((37, 12)), (0, 0, 254))
    assert shown.getexif().get(0x0112, 1) == 1  # nobody turns it a second time


def test_cmyk_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(path, quality=95)
    assert describe_photo(path).cmyk
    picture = open_photo(path)
    assert picture.mode == "RGB" and near(picture.getpixel((3, 3)), (255, 0, 0))


@pytest.mark.parametrize("turned", [False, True])
def test_cmyk_jpeg_that_does_not_say_what_no_ink_is(turned: bool) -> None:
    """As libjpeg has it, 255 is all ink; but where that would be more ink than a press can lay, it is none."""
    inks = Image.new("CMYK", (16, 8), (0, 0, 0, 0))
    inks.paste((0, 200, 255, 0), (8, 0, 16, 8))
    made = io.BytesIO()
    (inks if turned else ImageChops.invert(inks)).save(made, "JPEG", quality=95)  # Pillow turns them over
    data = made.getvalue()
    at = data.index(b"\xff\xee")
    (length,) = struct.unpack(">H", data[at + 2 : at + 4])
    shown = open_photo(data[:at] + data[at + 2 + length :])
    assert near(shown.getpixel((2, 4)), (255, 255, 255)) and near(shown.getpixel((13, 4)), (255, 55, 0))


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK"])
def test_plain_tiffs_are_turned_whole(tmp_path: Path, mode: str) -> None:
    """Files of one uncompressed strip, which Pillow maps into memory."""
    count = len(Image.new(mode, (1, 1)).getbands())
    stored = Image.frombytes(mode, (6, 4), bytes(range(1, 24 * count + 1)))
    exif = Image.Exif()
    exif[0x0112] = 6
    stored.save(tmp_path / "plain.tif", exif=exif)
    stored.save(tmp_path / "turned.tif")
    right = open_photo(tmp_path / "turned.tif").transpose(Image.Transpose.ROTATE_270)
    assert np.array_equal(np.asarray(open_photo(tmp_path / "plain.tif")), np.asarray(right))


def test_sixteen_bit_grey_png_is_scaled_not_clipped(tmp_path: Path) -> None:
    values = np.array([[0, 257, 32768, 65535]], np.uint16)
    path = tmp_path / "scan.png"
    Image.fromarray(values).save(path)
    properties = describe_photo(path)
    assert properties.sixteen_bit and properties.grey
    picture = open_photo(path)
    assert picture.mode == "RGB"
    assert np.asarray(picture)[0, :, 0].tolist() == [0, 1, 128, 255]


def test_sixteen_bit_colour_png() -> None:
    data = png(2, 1, depth=16, rows=b"\0" + struct.pack(">6H", 65535, 0, 32896, 0, 65535, 0))
    assert describe_photo(data).sixteen_bit
    picture = open_photo(data)
    assert picture.mode == "RGB"
    assert near(picture.getpixel((0, 0)), (255, 0, 128), 1) and near(picture.getpixel((1, 0)), (0, 255, 0), 1)


def test_float_tiff_in_zero_to_one(tmp_path: Path) -> None:
    path = tmp_path / "render.tif"
    Image.fromarray(np.array([[0.0, 0.5, 1.0]], np.float32)).save(path)
    assert np.asarray(open_photo(path))[0, :, 1].tolist() == [0, 128, 255]


def test_one_bit(tmp_path: Path) -> None:
    path = tmp_path / "ink.png"
    picture = Image.new("1", (4, 1))
    picture.putpixel((1, 0), 1)
    picture.save(path)
    assert describe_photo(path).grey
    assert np.asarray(open_photo(path))[0, :, 2].tolist() == [0, 255, 0, 0]


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_one_transparent_grey_of_few_bits(depth: int) -> None:
    packed = int("".join(f"{grey:0{depth}b}" for grey in (0, 1) * 4), 2).to_bytes(depth, "big")
    data = png(8, 1, depth=depth, colour=0, rows=b"\0" + packed)
    hidden = struct.pack(">I4sH", 2, b"tRNS", 1)
    data = data[:33] + hidden + struct.pack(">I", zlib.crc32(hidden[4:])) + data[33:]
    found = np.asarray(open_photo(data))
    level = 1 if depth == 8 else 255 // (2**depth - 1)
    assert found.shape == (1, 8, 4)
    assert np.array_equal(found[..., 3] == 0, found[..., 0] == level) and (found[..., 0] == level).any()


def test_grey(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    Image.new("L", (3, 3), 77).save(path)
    assert describe_photo(path).grey
    assert open_photo(path).getpixel((1, 1)) == (77, 77, 77)


def test_palette_with_transparency(tmp_path: Path) -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    path = tmp_path / "icon.png"
    picture.save(path, transparency=0)
    assert describe_photo(path).alpha
    shown = open_photo(path)
    assert shown.mode == "RGBA"
    assert shown.getpixel((0, 0)) == (255, 0, 0, 0) and shown.getpixel((1, 0)) == (0, 255, 0, 255)


def test_palette_without_transparency(tmp_path: Path) -> None:
    path = tmp_path / "flat.png"
    two_tone().quantize(4).save(path)
    assert not describe_photo(path).alpha
    assert open_photo(path).mode == "RGB"


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (10, 20, 30, 40)), ("LA", (90, 40))])
def test_alpha_is_kept(tmp_path: Path, mode: str, colour: tuple[int, ...]) -> None:
    path = tmp_path / "glass.png"
    Image.new(mode, (3, 3), colour).save(path)
    assert describe_photo(path).alpha
    shown = open_photo(path)
    assert shown.mode == "RGBA"
    assert shown.getpixel((1, 1)) == ((10, 20, 30, 40) if mode == "RGBA" else (90, 90, 90, 40))


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_animated_gives_the_first_frame(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"moving{suffix}"
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    assert describe_photo(path).animated
    shown = open_photo(path).convert("RGB")
    assert near(shown.getpixel((8, 8)), (255, 0, 0))


def test_a_phone_photo_with_a_second_picture_inside_is_not_animated(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    two_tone().save(path, format="MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    properties = describe_photo(path)
    assert properties.format == "MPO" and not properties.animated
    assert open_photo(path).size == (WIDTH, HEIGHT)


def test_heic(tmp_path: Path) -> None:
    path = tmp_path / "phone.heic"
    pillow_heif.from_pillow(two_tone()).save(path, quality=95)
    properties = describe_photo(path)
    assert (properties.width, properties.height, properties.format) == (WIDTH, HEIGHT, "HEIF")
    shown = open_photo(path)
    assert (
        shown.mode == "RGB"
        and near(shown.getpixel((4, 12)), (254, 0, 0))
        and near(shown.getpixel((36, 12)), (0, 0, 254))
    )


def test_heic_that_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "upright.heic"
    heif = pillow_heif.from_pillow(two_tone().transpose(Image.Transpose.ROTATE_90))
    heif.info["exif"] = exif.tobytes()  # written as HEIF's own rotation, as phones do
    heif.save(path, quality=95)
    properties = describe_photo(path)
    assert (properties.width, properties.height) == (WIDTH, HEIGHT) == open_photo(path).size
    assert near(open_photo(path).getpixel((4, 12)), (254, 0, 0))


def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries are exchanged: applied or not, one sees it."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", data[128:132])[0]
    for number in range(count):
        at = 132 + 12 * number
        if data[at : at + 4] == b"rXYZ":
            data[at : at + 4] = b"gXYZ"
        elif data[at : at + 4] == b"gXYZ":
            data[at : at + 4] = b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colour_profile_is_converted_to_srgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "wide.png"
    Image.new(mode, (4, 4), (250, 0, 0, 99)[: len(mode)]).save(path, icc_profile=swapped_profile())
    shown = open_photo(path)
    assert near(shown.getpixel((1, 1)), (0, 250, 0, 99)[: len(mode)], 6)


def test_damaged_colour_profile_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "odd.png"
    Image.new("RGB", (4, 4), (9, 8, 7)).save(path, icc_profile=b"not a profile")
    assert open_photo(path).getpixel((1, 1)) == (9, 8, 7)


def test_lab_tiff(tmp_path: Path) -> None:
    path = tmp_path / "lab.tif"
    Image.new("LAB", (4, 4), (255, 128, 128)).save(path)
    assert near(open_photo(path).getpixel((1, 1)), (255, 255, 255), 4)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif", ".bmp", ".tif", ".heic", ".ppm", ".tga"])
def test_one_pixel(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"dot{suffix}"
    Image.new("RGB", (1, 1), (200, 100, 50)).save(path)
    assert open_photo(path, max_side=64).size == (1, 1)
    assert suffix in IMAGE_SUFFIXES


def test_max_side_shrinks_and_never_enlarges(tmp_path: Path) -> None:
    path = tmp_path / "big.jpg"
    two_tone().resize((1000, 600)).save(path, quality=95)
    small = open_photo(path, max_side=100)
    assert small.size == (100, 60)
    assert near(small.getpixel((10, 30)), (254, 0, 0)) and near(small.getpixel((90, 30)), (0, 0, 254))
    assert open_photo(path, max_side=5000).size == (1000, 600)
    assert open_photo(path).size == (1000, 600)


def test_bytes_paths_and_names_open_alike(tmp_path: Path) -> None:
    path = tmp_path / "picture with a wrong ending.txt"
    two_tone().save(path, format="PNG")
    arrays = [np.asarray(open_photo(source)) for source in (path, str(path), path.read_bytes())]
    assert all(np.array_equal(array, arrays[0]) for array in arrays)
    assert arrays[0].dtype == np.uint8 and arrays[0].shape == (HEIGHT, WIDTH, 3)


# ---- pictures that are refused


def refused(source: Path | bytes, *words: str, header: bool = True) -> StudioError:
    """Both functions refuse ``source`` (only opening, when ``header`` is fine), saying ``words``."""
    with pytest.raises(StudioError) as opening:
        open_photo(source)
    for word in words:
        assert word in str(opening.value)
    assert opening.value.action
    if isinstance(source, Path):
        assert source.name in opening.value.message
    if header:
        with pytest.raises(StudioError) as describing:
            describe_photo(source)
        assert describing.value.message == opening.value.message
    return opening.value


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".gif", ".tif", ".heic"])
def test_truncated(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / f"half{suffix}"
    noise: NDArray[np.uint8] = rng.integers(0, 256, (128, 128, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, header=False)


def test_text_named_jpg(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Sir or Madam,")
    refused(path, "is not a picture")


def test_postscript_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "program.jpg"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n")
    refused(path, "is a document (PDF or PostScript), not a picture")


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.png"
    path.touch()
    refused(path, "is empty")
    refused(b"", "is empty")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    refused(tmp_path / "gone.png", "not there any more")
    folder = tmp_path / "folder.png"
    folder.mkdir()
    refused(folder, "is a folder")


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (20_001, 1), (1, 2**31 - 1), (20_001, 20_001)])
def test_absurd_size_is_refused_before_anything_is_decoded(width: int, height: int) -> None:
    refused(png(width, height), f"too large ({width} x {height} pixels)")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_anywhere_never_escapes(data: st.DataObject) -> None:
    """Bytes overwritten in a file of any kind: a picture or a StudioError, nothing else."""
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "HEIF"]))
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    two_tone().save(stream, format=kind, **({"exif": exif} if kind in ("JPEG", "WEBP", "TIFF") else {}))
    damaged = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(1, len(damaged) - 1)) :]
    for function in (partial(open_photo, salvage=True), describe_photo, conversion_notes, warning_about):
        try:
            function(bytes(damaged))
        except StudioError as error:
            assert error.message
