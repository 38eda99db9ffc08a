"""Prints: sizes on paper, and files read back by other libraries."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from pypdf import PdfReader

from studio.base import StudioError, drain
from studio.media.color_profiles import matrix_profile, srgb_profile
from studio.media.soft_proof import _lightened, out_of_gamut, print_colors, read_profile, soft_proof
from studio.recipes import EnlargeRecipe, FileRef, PhotoRecipe, loads, read_recipe
from studio.restoration.print_files import cut_for, on_white, read_print, write_print
from studio.restoration.print_sheet import PrintSheet, length_in_mm, size_in_mm

PHOTO = PhotoRecipe(photo=FileRef(hash="ab" * 32, name="cat.jpg"))
NARROW = matrix_profile("Dull", ((0.45, 0.34), (0.31, 0.42), (0.24, 0.22)), (0.3127, 0.3290), 2.2)
SHEET = PrintSheet(paper="A5", width=120, height=80, bleed=3, dpi=60)


def press_profile() -> bytes:
    """A press whose inks are the complements of L, a and b on two grid points: both ways, as proofs need them."""
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    ramp = bytes(range(256))

    def lut(channels_in: int, channels_out: int, table: bytes) -> bytes:
        head = b"mft1\0\0\0\0" + bytes([channels_in, channels_out, 2, 0])
        return head + identity + ramp * channels_in + table + ramp * channels_out

    to_lab, to_ink = b"", b""
    for corner in range(16):
        c, m, y, k = (corner >> bit & 1 for bit in (3, 2, 1, 0))
        light = 255 * (1 - k) * (3 - c - m - y) // 3
        to_lab += bytes([light, 128 + 40 * (m - c) * (1 - k), 128 + 40 * (y - m) * (1 - k)])
    for corner in range(8):
        light, a, b = (corner >> bit & 1 for bit in (2, 1, 0))
        to_ink += bytes([120 * (1 - a), 120 * a, 120 * b, 255 * (1 - light)])
    blocks = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 6) + b"Press\0" + b"\0" * 78,
        b"cprt": b"text\0\0\0\0None\0",
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061),
        b"A2B0": lut(4, 3, to_lab),
        b"B2A0": lut(3, 4, to_ink),
    }
    tags, body = b"", b""
    for tag, block in blocks.items():
        tags += tag + struct.pack(">II", 132 + 12 * len(blocks) + len(body), len(block))
        body += block + b"\0" * (-len(block) % 4)
    head = struct.pack(">I4xI4s4s4s12x", 132 + len(tags) + len(body), 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += b"acsp" + b"\0" * 28 + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(blocks)) + tags + body


def picture(width: int = 60, height: int = 40) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([255 * x // width, 255 * y // height, np.full_like(x, 40)], -1).astype(np.uint8)


@given(
    width=st.floats(10, 2000),
    height=st.floats(10, 2000),
    bleed=st.floats(0, 20),
    margin=st.sampled_from([0.0, 0.0, 2.0, 4.0]),
    placing=st.sampled_from(["fill", "fit"]),
    dpi=st.integers(30, 600),
    size=st.tuples(st.integers(8, 4000), st.integers(8, 4000)),
)
def test_a_print_lies_in_its_frame_with_the_pixels_it_needs(
    width: float, height: float, bleed: float, margin: float, placing: str, dpi: int, size: tuple[int, int]
) -> None:
    sheet = PrintSheet.model_validate(
        {"paper": "own", "paper_width": 2000, "paper_height": 2000, "width": width, "height": height, "dpi": dpi}
        | {"bleed": bleed, "margin": margin, "placing": placing}
    )
    box, frame = sheet.picture_box(*size), sheet.frame
    assert box.left >= frame.left - 1e-6 and box.right <= frame.right + 1e-6
    assert box.top >= frame.top - 1e-6 and box.bottom <= frame.bottom + 1e-6
    assert (box.left + box.right) / 2 == pytest.approx(1000) and (box.top + box.bottom) / 2 == pytest.approx(1000)
    needed = sheet.pixels_for(*size)
    for have, length in zip(needed, (box.width, box.height), strict=True):
        assert have >= length / 25.4 * dpi - 1  # enough for every dot
    if placing == "fit":
        assert box.width / box.height == pytest.approx(size[0] / size[1])
    for x1, y1, x2, y2 in sheet.crop_marks():  # no mark on what is printed
        area = sheet.bleed_box
        assert x2 <= area.left or x1 >= area.right or y2 <= area.top or y1 >= area.bottom


def test_the_recipe_is_enlarged_only_when_it_must_be() -> None:
    made = SHEET.recipe_for(PHOTO, (60, 40))
    assert isinstance(made, EnlargeRecipe) and made.content == PHOTO
    assert made.size_for(60, 40) == SHEET.pixels_for(60, 40) == (305, 203)
    assert SHEET.recipe_for(PHOTO, (4000, 3000)) == PHOTO
    assert "Sharp" in str(SHEET.sharpness((4000, 3000))) and "Soft" in str(SHEET.sharpness((60, 40)))
    with pytest.raises(StudioError, match="paper"):
        PrintSheet(paper="A5", width=210, height=148, bleed=3).recipe_for(PHOTO, (60, 40))
    fitted = PrintSheet(paper="letter").fitted_to(300, 200)
    fitted.check()
    assert fitted.sheet == (279.4, 215.9) and fitted.width / fitted.height == pytest.approx(1.5, abs=0.02)


def test_lengths_are_read_in_every_unit() -> None:
    assert length_in_mm("3mm") == 3 and length_in_mm("1,5 cm") == 15 and length_in_mm("0.25in") == pytest.approx(6.35)
    assert size_in_mm("30x20cm") == (300, 200) and size_in_mm("8 x 10 in") == pytest.approx((203.2, 254))
    for text in ("30", "x20cm", "-3mm"):
        with pytest.raises(ValueError):
            size_in_mm(text)


@pytest.mark.parametrize(("profile", "mode"), [(None, "RGB"), (NARROW, "RGB"), (press_profile(), "CMYK")])
def test_both_files_read_back(tmp_path: Path, profile: bytes | None, mode: str) -> None:
    sheet = SHEET
    if profile is not None:
        (tmp_path / "printer.icc").write_bytes(profile)
        sheet = SHEET.model_copy(update={"profile": tmp_path / "printer.icc"})
    wanted = cut_for(on_white(picture()), sheet)
    if profile is not None:
        wanted = print_colors(wanted, profile, "relative", black_point=True)
    carried = profile or srgb_profile()

    drain(write_print(picture(), sheet, tmp_path / "sheet.tif", PHOTO))
    with Image.open(tmp_path / "sheet.tif") as page:
        assert page.mode == mode and page.size == (496, 350)  # A5 across at 60 dpi
        assert page.info["dpi"] == (60, 60) and page.info["icc_profile"] == carried
        left, top = (round(side / 25.4 * 60) for side in sheet.bleed_box[:2])
        inside = page.crop((left, top, left + wanted.width, top + wanted.height))
        assert np.array_equal(np.asarray(inside), np.asarray(wanted))
        assert page.getpixel((0, 0)) == ((0, 0, 0, 0) if mode == "CMYK" else (255, 255, 255))

    drain(write_print(picture(), sheet, tmp_path / "sheet.pdf", PHOTO))
    reader = PdfReader(tmp_path / "sheet.pdf")
    page = reader.pages[0]
    points = 72 / 25.4
    assert [float(at) for at in page.mediabox] == pytest.approx([0, 0, 210 * points, 148 * points], abs=1e-3)
    assert [float(at) for at in page.trimbox] == pytest.approx([at * points for at in (45, 34, 165, 114)], abs=1e-3)
    assert [float(at) for at in page.bleedbox] == pytest.approx([at * points for at in (42, 31, 168, 117)], abs=1e-3)
    image = page["/Resources"]["/XObject"]["/Picture"]
    assert (image["/Width"], image["/Height"]) == wanted.size
    kind, icc = image["/ColorSpace"]
    assert kind == "/ICCBased" and icc.get_object().get_data() == carried
    assert image.get_data() == wanted.tobytes()
    content = page.get_contents().get_data()
    assert content.count(b" l S") == 8 and b"/Picture Do" in content
    intents = reader.root_object.get("/OutputIntents")
    assert (intents is None) == (profile is None)
    if profile is not None:
        assert intents[0]["/DestOutputProfile"].get_data() == profile
    # What it was made from, and how, lies in both; the recipe in a form that people read, too.
    for name in ("sheet.tif", "sheet.pdf"):
        assert read_print(tmp_path / name) == (PHOTO, sheet.model_copy(update={"profile": None}))
    assert read_recipe(tmp_path / "sheet.tif") == PHOTO
    assert loads(reader.attachments["recipe.json"][0]) == PHOTO
    assert "120 x 80 mm at 60 dpi" in reader.metadata["/Subject"]
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(StudioError, match="no sheet"):
        read_print(tmp_path / "other.pdf")


def test_transparency_becomes_paper_and_a_taken_name_stays(tmp_path: Path) -> None:
    clear = np.zeros((40, 60, 4), np.uint8)
    drain(write_print(clear, SHEET.model_copy(update={"marks": False}), tmp_path / "clear.tif", PHOTO))
    with Image.open(tmp_path / "clear.tif") as page:
        assert page.getextrema() == ((255, 255),) * 3
    with pytest.raises(StudioError, match="already"):
        drain(write_print(clear, SHEET, tmp_path / "clear.tif", PHOTO))
    with pytest.raises(StudioError, match="printer"):
        drain(write_print(clear, SHEET, tmp_path / "clear.jpg", PHOTO))


@pytest.mark.parametrize("profile", [NARROW, press_profile()])
def test_a_soft_proof_shows_what_the_printer_can(profile: bytes) -> None:
    patches = np.zeros((8, 16, 3), np.uint8)
    patches[:, :8], patches[:, 8:] = (255, 0, 0), (128, 128, 128)
    shown = np.asarray(soft_proof(Image.fromarray(patches), profile, "relative", black_point=True)).astype(int)
    red = shown[0, 0]
    assert red[0] - red[1:].max() < 200  # a red that is not to be had
    beyond = out_of_gamut(Image.fromarray(patches), profile)
    assert beyond[:, :8].all()
    if profile is NARROW:  # has a full black: nothing else is beyond when the picture is fitted to it
        assert np.array_equal(out_of_gamut(Image.fromarray(patches), profile, black_point=True), beyond)
        assert np.abs(shown[0, 8] - 128).max() <= 3 and not beyond[:, 8:].any()


def test_shadows_are_fitted_to_a_weak_black_in_linear_light() -> None:
    levels = _lightened(0.02217)  # of sRGB's level 41, the black of a common press
    assert levels[0] == 41 and levels[255] == 255 and levels == sorted(levels) and levels[128] < 136
    assert _lightened(0.0) == list(range(256))


def test_a_file_that_is_no_printer_profile_is_refused(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for number, data in enumerate((b"text", lab, io.BytesIO(NARROW).read(140))):
        path = tmp_path / f"{number}.icc"
        path.write_bytes(data)
        with pytest.raises(StudioError, match="profile"):
            read_profile(path)
    with pytest.raises(StudioError, match="cannot be read"):
        read_profile(tmp_path / "none.icc")
