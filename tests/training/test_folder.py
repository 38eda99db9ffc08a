"""Folders as artists have them: odd files are told apart by name and reason, and never end the inspection."""

from __future__ import annotations

import io
import os
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.base import Progress, StudioError, drain
from studio.media.folders import find_files
from studio.media.photos import PhotoProperties, open_photo
from studio.training import scan_cache
from studio.training.findings import FolderReport, PictureFinding
from studio.training.folder import inspect_folder
from studio.training.framing import Framing, boxes_of, cut_out


def art(seed: int, width: int = 80, height: int = 64) -> Image.Image:
    """A smooth picture of its own for every seed, as a painting has it (noise would not survive JPEG)."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (5, 6, 3), np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def finding(report: FolderReport, name: str) -> PictureFinding:
    (found,) = [found for found in report.findings if found.path.name == name]
    return found


def load_training_image(path: Path, resolution: int, background: str = "#ffffff") -> NDArray[np.uint8]:
    """The centre square as the network sees it."""
    picture, framing = open_photo(path), Framing(resolution, background=background)
    return cut_out(picture, boxes_of(*picture.size, framing)[0], framing)


def usable_images(folder: Path) -> list[Path]:
    return [found.path for found in inspect(folder).used]


def inspect(folder: Path) -> FolderReport:
    return drain(inspect_folder(folder))


@pytest.fixture
def picture_folder(tmp_path: Path) -> Path:
    """A folder with two plain pictures."""
    path = tmp_path / "shelf"
    path.mkdir()
    art(1).save(path / "a.png")
    art(2).save(path / "b.jpg", quality=95)
    return path


def test_plain_pictures_are_used_in_order(picture_folder: Path) -> None:
    report = inspect(picture_folder)
    assert [found.path.name for found in report.used] == ["a.png", "b.jpg"] and not report.skipped
    assert (report.used[0].width, report.used[0].height) == (80, 64)
    assert usable_images(picture_folder) == [picture_folder / "a.png", picture_folder / "b.jpg"]
    assert report.short_sides() == [64, 64] and report.suggested_resolution == 64


def test_unreadable_files_are_named_with_their_reason(picture_folder: Path) -> None:
    (picture_folder / "text.png").write_text("this is no picture")
    (picture_folder / "empty.jpg").write_bytes(b"")
    whole = io.BytesIO()
    art(3, 400, 300).save(whole, "JPEG")
    (picture_folder / "cut.jpg").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    whole = io.BytesIO()
    art(3, 400, 300).save(whole, "PNG")
    (picture_folder / "cut.png").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    report = inspect(picture_folder)
    assert {found.path.name for found in report.skipped} == {"text.png", "empty.jpg", "cut.jpg", "cut.png"}
    assert report.counts["unreadable"] == 4
    for found in report.skipped:
        assert found.reasons == ("unreadable",) and found.path.name in found.problem
    assert len(usable_images(picture_folder)) == 2


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind root or Windows")
def test_a_file_without_permission_is_unreadable(picture_folder: Path) -> None:
    art(4).save(picture_folder / "locked.png")
    (picture_folder / "locked.png").chmod(0)
    assert finding(inspect(picture_folder), "locked.png").reasons == ("unreadable",)


def test_too_small_counts_the_short_side(picture_folder: Path) -> None:
    art(5, 400, 31).save(picture_folder / "strip.png")
    art(6, 32, 32).save(picture_folder / "just.png")
    report = inspect(picture_folder)
    assert finding(report, "strip.png").verdict == "skipped" and "too_small" in finding(report, "strip.png").reasons
    assert finding(report, "just.png").verdict == "used"


def test_exact_copies_and_saved_again_ones_are_duplicates_of_the_first(picture_folder: Path) -> None:
    (picture_folder / "c copy.png").write_bytes((picture_folder / "a.png").read_bytes())
    art(1).save(picture_folder / "d again.jpg", quality=80)
    art(1).save(picture_folder / "e again.webp", quality=80)
    art(1).resize((160, 128), Image.Resampling.LANCZOS).save(picture_folder / "f larger.png")
    report = inspect(picture_folder)
    assert {found.path.name for found in report.skipped} == {
        "c copy.png",
        "d again.jpg",
        "e again.webp",
        "f larger.png",
    }
    assert all(found.reasons[0] == "duplicate" and found.detail == "a.png" for found in report.skipped)


def test_pictures_that_differ_in_colour_or_detail_are_no_duplicates(picture_folder: Path) -> None:
    pixels = np.array(art(1))
    Image.fromarray(pixels[:, ::-1].copy()).save(picture_folder / "mirrored.png")
    Image.fromarray(pixels[:, :, ::-1].copy()).save(picture_folder / "other colours.png")
    detail = pixels.copy()
    detail[20:28, 30:38] = 255 - detail[20:28, 30:38]
    Image.fromarray(detail).save(picture_folder / "detail.png")
    for shade in (100, 110, 120):
        Image.new("RGB", (40, 40), (shade,) * 3).save(picture_folder / f"flat {shade}.png")
    assert not inspect(picture_folder).skipped


def test_what_is_converted_is_remarked(picture_folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    art(10).save(picture_folder / "turned.jpg", exif=exif)
    art(11).convert("CMYK").save(picture_folder / "print.jpg")
    art(12).convert("L").save(picture_folder / "grey.png")
    deep = (np.asarray(art(13).convert("L"), np.uint16) * 257).astype(np.uint16)
    Image.fromarray(deep).save(picture_folder / "deep.png")
    clear = art(14).convert("RGBA")
    clear.putalpha(128)
    clear.save(picture_folder / "clear.png")
    art(15).save(picture_folder / "moving.gif", save_all=True, append_images=[art(16), art(17)])
    report = inspect(picture_folder)
    assert not report.skipped
    turned = finding(report, "turned.jpg")
    assert "exif_rotation" in turned.reasons and (turned.width, turned.height) == (64, 80)
    for name, reason in {
        "print.jpg": "cmyk",
        "grey.png": "grey",
        "deep.png": "sixteen_bit",
        "clear.png": "alpha",
        "moving.gif": "animated",
        "a.png": "cropped",
    }.items():
        assert reason in finding(report, name).reasons, name
        assert report.counts[reason] >= 1


def test_nested_folders_unicode_names_and_hidden_files(picture_folder: Path) -> None:
    deep = picture_folder / "Ölbilder" / "2024 春"
    deep.mkdir(parents=True)
    art(20).save(deep / "猫の絵 🎨.png")
    (picture_folder / ".cache").mkdir()
    art(21).save(picture_folder / ".cache" / "hidden.png")
    art(22).save(picture_folder / ".hidden.png")
    (picture_folder / "notes.txt").write_text("not looked at")
    (picture_folder / "folder.png").mkdir()
    names = [path.name for path in find_files(picture_folder)]
    assert sorted(names) == ["a.png", "b.jpg", "猫の絵 🎨.png"]
    assert len(inspect(picture_folder).used) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights on Windows")
@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_no_text_are_used_and_remembered(picture_folder: Path) -> None:
    named = picture_folder / os.fsdecode(b"n\xff\xe9.png")
    next(picture_folder.glob("*.png")).rename(named)
    for _ in range(2):  # the second time from what was kept
        assert named in usable_images(picture_folder)


def test_links_that_go_in_circles_end(picture_folder: Path) -> None:
    (picture_folder / "again").symlink_to(picture_folder)
    (picture_folder / "broken.png").symlink_to(picture_folder / "nowhere.png")
    report = inspect(picture_folder)
    assert len(report.used) == 2 and finding(report, "broken.png").reasons == ("unreadable",)


def test_empty_missing_and_wrong_folders_are_refused_with_an_action(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "notes.txt").write_text("words")
    for wrong in (empty, tmp_path / "missing", empty / "notes.txt"):
        with pytest.raises(StudioError) as raised:
            inspect(wrong)
        assert str(wrong) in raised.value.message and raised.value.action


def test_inspection_reports_progress_with_previews_and_can_be_cancelled(picture_folder: Path) -> None:
    (picture_folder / "c.png").write_text("no picture")
    steps: list[Progress] = []
    drain(inspect_folder(picture_folder), steps.append)
    assert [(step.step, step.total, str(step.message)) for step in steps] == [
        (1, 3, "a.png"),
        (2, 3, "b.jpg"),
        (3, 3, "c.png"),
    ]
    assert steps[0].preview is not None and steps[0].preview.shape == (96, 96, 3) and steps[2].preview is None
    work = inspect_folder(picture_folder)
    next(work)
    work.close()
    with pytest.raises(StopIteration):
        next(work)


def test_many_files_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred pictures of 192 KiB each when decoded (94 MiB): memory stays near that of a few."""
    count = 500
    for number in range(count):
        (tmp_path / f"{number:04}.png").touch()
    metrics = PhotoProperties(1024, 1024, "RGB", "PNG", False, False, False, False, False, False)
    opened: list[Path] = []

    def fake_open(path: Path, *, max_side: int | None = None) -> tuple[PhotoProperties, Image.Image]:
        opened.append(path)
        number = int(path.stem)
        picture = np.zeros((256, 256, 3), np.uint8)
        picture[:128] = (number % 256, number // 256 * 16, 60)
        return metrics, Image.fromarray(picture)

    class Digest:
        def __init__(self, name: str) -> None:
            self.name = name

        def hexdigest(self) -> str:
            return self.name

    monkeypatch.setattr(scan_cache, "examine_photo", fake_open)
    monkeypatch.setattr(scan_cache.hashlib, "file_digest", lambda file, kind: Digest(file.name))
    tracemalloc.start()
    try:
        report = inspect(tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(report.findings) == len(opened) == count
    assert peak < 25 * 2**20


def test_suggested_resolution_leaves_out_a_tenth(tmp_path: Path) -> None:
    def report(*sides: int) -> FolderReport:
        return FolderReport(tmp_path, tuple(PictureFinding(tmp_path, side, side + 9, "used") for side in sides))

    assert report(*[300] * 19, 40).suggested_resolution == 256
    assert report(*[300] * 15, *[70] * 5).suggested_resolution == 64
    assert report(40).suggested_resolution == 32
    assert report().suggested_resolution == 32


def corner(pixels: NDArray[np.uint8]) -> list[int]:
    return pixels[2, 2].tolist()


def test_training_image_is_the_centre_square_on_the_background(tmp_path: Path) -> None:
    stripes = np.zeros((60, 180, 3), np.uint8)
    stripes[:, :60], stripes[:, 60:120], stripes[:, 120:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    pixels = load_training_image(tmp_path / "stripes.png", 32)
    assert pixels.shape == (32, 32, 3) and pixels.dtype == np.uint8 and pixels.flags.writeable
    assert (pixels[:, 3:-3] == (0, 255, 0)).all()

    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert corner(load_training_image(tmp_path / "clear.png", 64, "#102030")) == [0x10, 0x20, 0x30]

    exif = Image.Exif()
    exif[0x0112] = 3
    half = np.zeros((64, 64, 3), np.uint8)
    half[:32] = 255
    Image.fromarray(half).save(tmp_path / "turned.jpg", exif=exif, quality=100)
    turned = load_training_image(tmp_path / "turned.jpg", 32)
    assert turned[4].mean() < 10 and turned[-4].mean() > 245

    (tmp_path / "bad.png").write_text("words")
    with pytest.raises(StudioError, match=r"bad\.png"):
        load_training_image(tmp_path / "bad.png", 32)
