"""Names as people and disks have them: long, of bytes that are no text, in capitals, with points, é in two forms."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from studio.base import StudioError, drain
from studio.base.files import write_atomic
from studio.base.names import MOST_BYTES, as_text, comparable, fitting_stem, from_text, readable, safe_stem, same_name
from studio.base.paths import models_dir
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.cli import app
from studio.cli.results import is_file_name
from studio.engine import TorchEngine
from studio.engine.jobs.batch import run_batch
from studio.engine.jobs.batch_record import BatchSettings
from studio.gallery import Gallery, SourceStore
from studio.media.photos import open_photo
from studio.networks import dcgan
from studio.recipes import FileRef, LatentSeed, PhotoRecipe, SampleRecipe, StyleUse, StylizeRecipe
from tests.support.paths import ROOT

ODD = os.fsdecode(b"caf\xe9")
LATIN, APART = "caf\u00e9", "cafe\u0301"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")


@given(st.text(max_size=300), st.sampled_from(["", ".png", ".safetensors"]))
def test_any_stem_fits(stem: str, suffix: str) -> None:
    stem = stem.encode("utf-8", "replace").decode()
    found = fitting_stem(stem, suffix)
    assert len((found + suffix).encode()) <= MOST_BYTES
    assert found == stem or stem.startswith(found) or found == "picture"


def test_stems_are_cut_between_letters() -> None:
    assert fitting_stem("字" * 100, ".png") == "字" * 78
    assert fitting_stem("x" * 246) == "x" * 240 and fitting_stem("short", ".png") == "short"


@pytest.mark.parametrize("name", ["CON", "nul.tar", "Com1", "aux "])
def test_names_of_devices_are_no_names_of_files(name: str) -> None:
    assert safe_stem(name) != name.strip() and safe_stem(name).startswith(name.strip())


def test_halves_of_letters_are_no_text() -> None:
    assert readable("a\ud800b\udcffc\udfff") == "a�b�c�" and safe_stem("\ud83d") == "�"


@given(st.binary(max_size=40))
def test_names_that_are_no_text(data: bytes) -> None:
    name = data.decode("utf-8", "surrogateescape")
    for text in (readable(name), as_text(name)):
        assert text.encode("utf-8").decode("utf-8") == text
    if not any(0xF780 <= ord(letter) < 0xF800 for letter in name):
        assert from_text(as_text(name)) == name


def test_accents_in_both_forms_are_one() -> None:
    assert LATIN != APART and same_name(LATIN, APART) and comparable(APART.upper()) == comparable(LATIN)
    assert not same_name("cafe", LATIN)


@pytest.mark.parametrize(
    ("name", "file"),
    [("My pictures v1.5", False), ("a.b c", False), ("out.PNG", True), ("x.tiff", True), ("2026.11.30", False)],
)
def test_a_folder_may_have_a_point_in_its_name(tmp_path: Path, name: str, file: bool) -> None:
    assert is_file_name(tmp_path / name) is file


@pytest.mark.parametrize("name", ["x.gif", "x.mp4", "x.pdf", "x.PSD"])
def test_kinds_that_pictures_are_not_saved_as_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Exception, match="pictures are saved as"):
        is_file_name(tmp_path / name)


@pytest.fixture
def model(latent_studio_home: Path) -> Path:
    net = dcgan.Generator(dcgan.DCGANConfig(resolution=16, width=8))
    path = models_dir() / "net.safetensors"
    save_model(path, net, ModelCard(name=LATIN, architecture="dcgan", config=net.config.to_dict()))
    return path


@pytest.mark.parametrize("name", ["X.SAFETENSORS", "x" * 243 + ".safetensors", "字" * 80 + ".safetensors"])
def test_models_of_any_name_are_seen(model: Path, tmp_path: Path, name: str) -> None:
    moved = tmp_path / name
    model.replace(moved)
    added = ModelLibrary().add(moved)
    assert [info.hash for info in ModelLibrary().models() if not info.starter] == [added.hash]
    assert ModelLibrary().find(str(moved)).hash == added.hash
    assert ModelLibrary().find(APART).hash == added.hash == ModelLibrary().find(LATIN).hash


def test_a_picture_goes_to_the_standard_output(model: Path) -> None:
    done = CliRunner().invoke(app, ["sample", "--model", LATIN, "--seed", "0", "--out", "-"])
    assert done.exit_code == 0, done.output
    with Image.open(io.BytesIO(done.stdout_bytes)) as picture:
        assert picture.size == (16, 16) and "latent-studio" in " ".join(picture.info).lower() + str(picture.info)
    sheet = CliRunner().invoke(app, ["sample", "--model", LATIN, "--seed", "0-3", "--sheet", "--out", "-"])
    with Image.open(io.BytesIO(sheet.stdout_bytes)) as picture:
        assert picture.size == (32, 32)
    for wrong in (["--seed", "0-1"], ["--seed", "0", "--json"]):
        refused = CliRunner().invoke(app, ["sample", "--model", LATIN, *wrong, "--out", "-"])
        assert refused.exit_code == 2 and not refused.stdout_bytes.startswith(b"\x89PNG")


@pytest.mark.parametrize("stem", ["字" * 82, "x" * 246, APART])
def test_a_folder_of_photos_with_long_names(latent_studio_home: Path, tmp_path: Path, stem: str) -> None:
    folder, out = tmp_path / "in", tmp_path / "out v1.5"
    folder.mkdir()
    for name in (f"{stem}.png", "plain.png"):
        Image.new("RGB", (20, 16), (200, 40, 30)).save(folder / name)
    engine = TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")
    style = PhotoRecipe(photo=engine.sources.add(folder / "plain.png"))
    look = StylizeRecipe(content=style, styles=(StyleUse(source=style),), size=32)
    result = drain(run_batch(engine, BatchSettings(folder=folder, recipe=look), out))
    assert result.made == 2 and not result.failures


@pytest.mark.skipif(os.name == "nt", reason="links and rights of Unix")
def test_links_stay_links_and_rights_follow_the_umask(tmp_path: Path) -> None:
    real, link = tmp_path / "elsewhere" / "settings.json", tmp_path / "settings.json"
    real.parent.mkdir()
    link.symlink_to(real)
    for text in ("one", "two"):  # first to a place where nothing is yet
        write_atomic(link, text)
        assert link.is_symlink() and real.read_text() == text
    before = os.umask(0o077)
    try:
        write_atomic(tmp_path / "own.txt", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "own.txt").stat().st_mode & 0o777 == 0o600
    # A link to a photo is as good as the photo; one that leads nowhere is said.
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    (tmp_path / "linked.png").symlink_to(tmp_path / "photo.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone.png")
    assert open_photo(tmp_path / "linked.png").size == (8, 8)
    with pytest.raises(StudioError, match="not there any more"):
        open_photo(tmp_path / "nowhere.png")


@linux_only
@pytest.mark.timeout(1200)
def test_names_that_are_no_text_go_through(latent_studio_home: Path, tmp_path: Path) -> None:
    gallery = Gallery(tmp_path / "Gallery")
    place = gallery.folder / os.fsdecode(b"d\xef")
    place.mkdir(parents=True)
    Image.new("RGB", (20, 16), (200, 40, 30)).save(place / f"{ODD}.png")
    assert drain(gallery.rescan()) == 1
    (found,) = gallery.pictures()
    assert found.path == place / f"{ODD}.png" and gallery.get(found.path) is not None
    gallery.set_favourite(found, True)
    assert [each.path for each in gallery.pictures(favourites=True)] == [found.path]
    # A command reads it, and names it to the next program by its own bytes.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "studio", "stylize", found.path, "-s", found.path, "--method", "preview", "--size", "32",
         "--out", tmp_path / ODD],
        capture_output=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Path(os.fsdecode(done.stdout.strip())).is_file()


def test_search_finds_accents_in_both_forms(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path / "Gallery")
    image = Image.new("RGB", (8, 8))
    recipe = SampleRecipe(model=FileRef(hash="0" * 64, name="net"), latent=LatentSeed(seed=1))
    gallery.save(image, recipe, stem=unicodedata.normalize("NFD", "Crème brûlée"))
    for words in ("crème", unicodedata.normalize("NFD", "BRÛLÉE")):
        assert len(gallery.pictures(words)) == 1
