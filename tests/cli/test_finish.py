"""Enlarge, repair and clean on the command line, on the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.recipes import CleanRecipe, EnlargeRecipe, PhotoRecipe, RepairRecipe, SampleRecipe, read_recipe
from tests.cli.test_cli import cli, cli_json, photo, pixels

__all__ = ["photo"]


def test_enlarge_for_a_print_keeps_what_the_file_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "An Artist"
    exif[0x0112] = 6  # turned: the new file lies as it is shown
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source, out = tmp_path / "photo.jpg", tmp_path / "large.png"
    Image.fromarray(np.full((30, 40, 3), (200, 80, 40), np.uint8)).save(
        source, exif=exif, dpi=(72, 72), icc_profile=profile
    )
    cli("enlarge", source, "--measure", "inch", "--length", "0.5", "--dpi", "200", "--out", out)
    with Image.open(out) as made:
        assert made.size == (75, 100)
        assert made.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        assert made.getexif()[0x013B] == "An Artist" and 0x0112 not in made.getexif()
        assert made.info["icc_profile"]
    recipe = read_recipe(out)
    assert isinstance(recipe, EnlargeRecipe) and recipe.length == 0.5 and isinstance(recipe.content, PhotoRecipe)
    # By a factor, the photo's own resolution stays.
    cli("enlarge", source, "--factor", "3", "--network", "lanczos", "--out", tmp_path / "three.jpg")
    with Image.open(tmp_path / "three.jpg") as made:
        assert made.size == (90, 120) and made.info["dpi"] == pytest.approx((72, 72), abs=0.1)


def test_steps_nest_over_a_sample(tmp_path: Path) -> None:
    cli("sample", "--seed", "3", "--out", tmp_path / "sample.png")
    cli("clean", tmp_path / "sample.png", "--levels", "1", "--out", tmp_path / "clean.png")
    cli("enlarge", tmp_path / "clean.png", "--out", tmp_path / "large.png")
    recipe = read_recipe(tmp_path / "large.png")
    assert isinstance(recipe, EnlargeRecipe) and isinstance(recipe.content, CleanRecipe)
    assert isinstance(recipe.content.content, SampleRecipe)
    side = len(pixels(tmp_path / "sample.png"))
    assert pixels(tmp_path / "large.png").shape == (2 * side, 2 * side, 3)


def test_repair_of_a_folder_with_one_mask(tmp_path: Path, photo: Path) -> None:
    folder, mask = tmp_path / "photos", tmp_path / "mask.png"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(photo.read_bytes())
    painted = np.zeros((96, 128), np.uint8)
    painted[40:56, 56:72] = 255
    Image.fromarray(painted).save(mask)
    made = cli_json("repair", folder, "--mask", mask, "--method", "lines", "--out", tmp_path / "out")
    assert made["made"] == 2 and not made["failures"]
    recipe = read_recipe(tmp_path / "out" / "a.png")
    assert isinstance(recipe, RepairRecipe) and recipe.mask is not None
    assert not np.array_equal(pixels(tmp_path / "out" / "a.png"), pixels(photo))
    # The same command goes on where it was.
    again = cli_json("repair", folder, "--mask", mask, "--method", "lines", "--out", tmp_path / "out")
    assert (again["made"], again["before"]) == (0, 2)


def test_what_cannot_be_asked_for(tmp_path: Path, photo: Path) -> None:
    assert "mask" in cli("repair", photo, code=2).stderr
    assert "--noise" in cli("clean", photo, code=2).stderr
    assert "--network-file" in cli("enlarge", photo, "--network", "file", code=2).stderr
    assert "folder" in cli("clean", tmp_path, "--levels", "1", code=2).stderr
    bad = tmp_path / "bad.pth"
    bad.write_bytes(b"\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.")
    assert "Nothing in it was run" in cli("enlarge", photo, "--network-file", bad, code=3).stderr
    taken = tmp_path / "taken.png"
    taken.write_bytes(photo.read_bytes())
    assert "already" in cli("clean", photo, "--levels", "1", "--out", taken, code=3).stderr
    made = json.loads(cli("clean", photo, "--levels", "1", "--out", taken, "--overwrite", "--json").stdout)
    assert made["pictures"][0]["recipe"]["recipe"]["kind"] == "clean"


def test_print_makes_a_sheet(tmp_path: Path, photo: Path) -> None:
    said = cli("print", photo, "--size", "6x4cm", "--dpi", "150", "--paper", "A5", "--bleed", "3mm", "--out",
               tmp_path / "sheet.pdf")  # fmt: skip
    assert "dpi of its own" in said.stderr and (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    told = cli_json("print", photo, "--dpi", "30", "--paper", "10x15cm", "--out", tmp_path / "sheet.tif")
    with Image.open(tmp_path / "sheet.tif") as page:
        assert page.size == (118, 177) and page.info["dpi"] == (30, 30) and told["enlarged"] < 1
    assert "30x20cm" in cli("print", photo, "--size", "30", "--out", tmp_path / "a.pdf", code=2).stderr
    assert "larger paper" in cli("print", photo, "--size", "30x20cm", "--out", tmp_path / "a.pdf", code=3).stderr
