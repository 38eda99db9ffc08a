"""The gallery on real files: saving, finding, trash, rescans, damage, full disks, several threads."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.base import Progress, StudioError, drain, trash
from studio.base.files import file_stamp, sha256_of
from studio.base.paths import cache_dir, data_dir, pictures_dir
from studio.gallery import Gallery, Picture, SourceStore, store
from studio.gallery.sources import safe_name
from studio.recipes import (
    FileRef,
    LatentMix,
    LatentSeed,
    PhotoRecipe,
    Recipe,
    SampleRecipe,
    StyleUse,
    StylizeRecipe,
    documents,
    read_recipe,
    recipe_hash,
    save_picture,
)


def sample(seed: int = 0, model: str = "little people") -> SampleRecipe:
    return SampleRecipe(model=FileRef(hash="ab" * 32, name=model), latent=LatentSeed(seed=seed))


def photo(name: str = "cat.jpg") -> PhotoRecipe:
    return PhotoRecipe(photo=FileRef(hash="cd" * 32, name=name))


def stylized(content: Recipe, *styles: Recipe) -> StylizeRecipe:
    return StylizeRecipe(content=content, styles=tuple(StyleUse(source=style) for style in styles))


def image(width: int = 40, height: int = 24, value: int = 0) -> NDArray[np.uint8]:
    picture = np.full((height, width, 3), value, np.uint8)
    picture[:, : width // 2] = (255, 0, 0)
    return picture


@pytest.fixture
def gallery() -> Gallery:
    return Gallery()


def names(pictures: list[Picture]) -> set[str]:
    return {picture.path.name for picture in pictures}


def rescan(gallery: Gallery) -> int:
    return drain(gallery.rescan())


def age(picture: Picture, seconds: float) -> None:
    """Make the file older, as if saved earlier."""
    stat = picture.path.stat()
    os.utime(picture.path, (stat.st_atime, stat.st_mtime - seconds))


# ---- saving


def test_saved_pictures_are_files_with_recipes_in_the_pictures_folder(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample(42))
    assert saved.created.timestamp() == pytest.approx(saved.path.stat().st_mtime, abs=1e-3)
    assert saved.path.parent == pictures_dir() and saved.path.suffix == ".png"
    assert saved.path.name.endswith("seed 42.png") and saved.path.name.startswith(time.strftime("%Y-"))
    assert (saved.width, saved.height, saved.kind, saved.favourite) == (40, 24, "sample", False)
    assert saved.recipe == sample(42) == read_recipe(saved.path)
    assert saved.size_bytes == saved.path.stat().st_size
    with Image.open(saved.path) as picture:
        assert np.array_equal(np.asarray(picture), image())
    assert gallery.get(saved.path) == saved
    assert gallery.pictures() == [saved]


def test_names_are_readable_and_never_taken_twice(gallery: Gallery) -> None:
    recipe = stylized(photo("Katze im Garten.jpg"), sample(3), sample(4))
    saved = [gallery.save(image(value=number), recipe) for number in range(3)]
    assert len(names(saved)) == 3
    assert "Katze im Garten in seed 3 and 1 more" in saved[0].path.name
    for number, picture in enumerate(saved):
        with Image.open(picture.path) as opened:
            assert opened.getpixel((39, 0)) == (number, number, number)


@pytest.mark.parametrize("stem", ["a/b\\c:d*e?", "..", "   ", "\n\t", "x" * 500, "画" * 200, "🎨" * 200, ".hidden"])
def test_any_name_the_artist_types(gallery: Gallery, stem: str) -> None:
    first, second = (gallery.save(image(), sample(), stem=stem) for _ in range(2))
    assert first.path != second.path
    assert {first.path.parent, second.path.parent} == {gallery.folder}
    assert first.path.is_file() and second.path.is_file()
    assert rescan(gallery) == 2


def test_pillow_pictures_and_existing_files(gallery: Gallery) -> None:
    (gallery.folder / "mine.png").write_bytes(b"the artist's own")
    saved = gallery.save(Image.new("RGB", (5, 7)), sample(), stem="mine")
    assert (saved.path.name, saved.width, saved.height) == ("mine (2).png", 5, 7)
    assert (gallery.folder / "mine.png").read_bytes() == b"the artist's own"


def test_a_picture_larger_than_we_open_is_still_saved(gallery: Gallery) -> None:
    saved = gallery.save(np.zeros((1, 20_001, 3), np.uint8), sample())
    assert saved.path.is_file() and saved.width == 20_001


# ---- finding


def test_newest_first_and_limit(gallery: Gallery) -> None:
    saved = [gallery.save(image(), sample(seed)) for seed in range(4)]
    for number, picture in enumerate(saved):
        age(picture, 100 - number)
    rescan(gallery)
    assert [picture.recipe for picture in gallery.pictures()] == [sample(seed) for seed in (3, 2, 1, 0)]
    assert [picture.recipe for picture in gallery.pictures(limit=2)] == [sample(3), sample(2)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"a", "b", "c"}),
        ("people", {"a", "c"}),
        ("PEOPLE little", {"a", "c"}),
        ("seed 77", {"a", "c"}),
        ("wave", {"c"}),
        ("preview", {"c"}),
        ("картина", {"b"}),
        ("КАРТИНА", {"b"}),
        ("b.png", {"b"}),
        ("people кот", set()),
        ("%", set()),
        ("_", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_search(gallery: Gallery, words: str, found: set[str]) -> None:
    gallery.save(image(), sample(77), stem="a")
    gallery.save(image(), photo("Картина.jpg"), stem="b")
    gallery.save(image(), stylized(sample(77), photo("wave.jpg")), stem="c")
    assert {picture.path.stem for picture in gallery.pictures(words)} == found


def test_mixed_latents_are_found_by_their_seed(gallery: Gallery) -> None:
    mix = LatentMix(a=LatentSeed(seed=12345), b=LatentSeed(seed=2))
    gallery.save(image(), sample().model_copy(update={"latent": mix}))
    assert len(gallery.pictures("12345")) == 1


def test_kinds(gallery: Gallery) -> None:
    gallery.save(image(), sample(), stem="a")
    gallery.save(image(), stylized(photo(), sample()), stem="b")
    assert names(gallery.pictures(kind="stylize")) == {"b.png"}
    assert names(gallery.pictures("a", kind="sample")) == {"a.png"}


def test_favourites_outlive_the_index(gallery: Gallery) -> None:
    kept, other = gallery.save(image(), sample(1), stem="kept"), gallery.save(image(), sample(2), stem="other")
    assert gallery.set_favourite(kept, True).favourite
    gallery.set_favourite(other, True)
    assert not gallery.set_favourite(other, False).favourite
    assert names(gallery.pictures(favourites=True)) == {"kept.png"}
    gallery.close()
    (data_dir() / "gallery.sqlite").unlink()
    again = Gallery()
    rescan(again)
    assert names(again.pictures(favourites=True, limit=1)) == {"kept.png"}
    found = again.get(other.path)
    assert found is not None and not found.favourite


def test_damaged_favourites_are_no_obstacle(gallery: Gallery) -> None:
    gallery.save(image(), sample())
    for text in ("{", '{"a": 1}', "[1, null]"):
        (gallery.folder / store.FAVOURITES_FILE).write_text(text)
        assert Gallery().pictures(favourites=True) == []


def test_lineage(gallery: Gallery) -> None:
    root = gallery.save(image(), sample(5), stem="root")
    style = gallery.save(image(), sample(6), stem="style")
    gallery.save(image(), sample(7), stem="stranger")
    first = gallery.save(image(), stylized(sample(5), photo()), stem="first")
    second = gallery.save(image(), stylized(first.recipe or photo(), sample(6), sample(6)), stem="second")
    assert [picture.path.stem for picture in gallery.lineage(second)] == ["first", "root", "style"]
    assert gallery.lineage(first) == [root]
    assert gallery.lineage(style) == []


def test_what_an_optimisation_began_with_is_in_its_lineage(gallery: Gallery) -> None:
    begun = gallery.save(image(), stylized(photo(), sample(5)), stem="begun")
    recipe = stylized(photo(), sample(6)).model_copy(update={"start": begun.recipe})
    assert gallery.lineage(gallery.save(image(), recipe, stem="refined")) == [begun]


def test_lineage_does_not_depend_on_file_names(gallery: Gallery) -> None:
    renamed = sample(5, model="people, renamed")
    root = gallery.save(image(), sample(5))
    assert gallery.lineage(gallery.save(image(), stylized(renamed, photo()))) == [root]


# ---- thumbnails


@pytest.mark.parametrize(("size", "small"), [((1000, 500), (256, 128)), ((40, 24), (40, 24))])
def test_thumbnails(gallery: Gallery, size: tuple[int, int], small: tuple[int, int]) -> None:
    path = gallery.thumbnail(gallery.save(image(*size), sample()))
    assert path.is_relative_to(cache_dir())
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", small)
        red = picture.convert("RGB").getpixel((2, 2))
        assert isinstance(red, tuple) and red[0] > 240 and red[1] < 20


def test_thumbnails_are_made_once_and_again_when_the_picture_changes(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample())
    path = gallery.thumbnail(saved)
    made = path.stat().st_mtime_ns
    assert gallery.thumbnail(saved) == path and path.stat().st_mtime_ns == made
    save_picture(image(value=200), saved.path, sample(), exists="replace")
    age(saved, 10)
    assert gallery.thumbnail(saved) != path


def test_thumbnails_of_transparent_pictures_are_on_white(gallery: Gallery) -> None:
    saved = gallery.save(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), sample())
    with Image.open(gallery.thumbnail(saved)) as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_thumbnail_of_a_picture_that_is_gone_or_damaged(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample(), stem="gone")
    saved.path.write_bytes(saved.path.read_bytes()[:-40])
    with pytest.raises(StudioError, match="gone"):
        gallery.thumbnail(saved)
    saved.path.unlink()
    with pytest.raises(StudioError, match="gone"):
        gallery.thumbnail(saved)


# ---- trash


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trash of our own, in the place of the library's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(trash, "send2trash", lambda path: shutil.move(path, folder))
    return folder


def test_trash_moves_the_file_and_forgets_it(gallery: Gallery, bin_folder: Path) -> None:
    first, second = (gallery.save(image(), sample(seed), stem=f"p{seed}") for seed in (1, 2))
    thumbnails = [gallery.thumbnail(first), gallery.thumbnail(first, side=64), gallery.thumbnail(second)]
    gallery.set_favourite(first, True)
    gallery.trash([first])
    assert (bin_folder / "p1.png").is_file() and not first.path.exists()
    assert gallery.pictures() == [second] and gallery.get(first.path) is None
    assert [path.exists() for path in thumbnails] == [False, False, True]
    # The name is free, and a new picture does not inherit the star.
    assert not gallery.save(image(), sample(1), stem="p1").favourite
    assert gallery.pictures(favourites=True) == []


def test_trash_gives_back_what_it_took(gallery: Gallery, bin_folder: Path) -> None:
    first, second = (gallery.save(image(), sample(seed), stem=f"p{seed}") for seed in (1, 2))
    first = gallery.set_favourite(first, True)
    data = first.path.read_bytes()
    trashed = gallery.trash([first, second])
    assert gallery.pictures() == []
    gallery.save(image(), sample(3), stem="p2")  # the name of the second is taken meanwhile
    back = gallery.restore(trashed)
    assert [picture.path.name for picture in back] == ["p1.png", "p2 2.png"]
    assert back[0] == first and first.path.read_bytes() == data
    assert {picture.path.name for picture in gallery.pictures()} == {"p1.png", "p2.png", "p2 2.png"}
    with pytest.raises(StudioError, match="put back"):
        gallery.restore(trashed)


def test_the_way_back_from_the_trash_ends_with_the_program(gallery: Gallery, bin_folder: Path) -> None:
    (trashed,) = gallery.trash([gallery.save(image(), sample(1), stem="p1")])
    assert trashed.file.kept.is_file()
    trash.forget_trashed()
    assert not trashed.file.kept.exists() and (bin_folder / "p1.png").is_file()


def test_trash_of_a_picture_that_is_gone_already(gallery: Gallery, bin_folder: Path) -> None:
    saved = gallery.save(image(), sample())
    saved.path.unlink()
    gallery.trash([saved])
    assert gallery.pictures() == [] and list(bin_folder.iterdir()) == []


def test_trash_that_fails_loses_nothing(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise trash.TrashPermissionError(path)

    monkeypatch.setattr(trash, "send2trash", refuse)
    saved = gallery.save(image(), sample(), stem="precious")
    gallery.set_favourite(saved, True)
    with pytest.raises(StudioError, match="precious") as refusal:
        gallery.trash([saved])
    assert "file manager" in refusal.value.action
    assert saved.path.is_file() and names(gallery.pictures(favourites=True)) == {"precious.png"}


# ---- rescan


def test_rescan_after_the_index_is_deleted(gallery: Gallery) -> None:
    saved = {gallery.save(image(), recipe).path for recipe in (sample(1), stylized(photo(), sample(2)))}
    before = gallery.pictures()
    gallery.close()
    (data_dir() / "gallery.sqlite").unlink()
    again = Gallery()
    assert again.needs_rescan and again.pictures() == []
    assert rescan(again) == 2
    assert not again.needs_rescan
    assert again.pictures() == before and {picture.path for picture in before} == saved
    assert not Gallery().needs_rescan


def test_pictures_copied_in_by_hand_appear(gallery: Gallery, tmp_path: Path) -> None:
    (gallery.folder / "2025" / "summer").mkdir(parents=True)
    save_picture(image(), gallery.folder / "2025" / "summer" / "export.jpg", sample(9))
    save_picture(image(), gallery.folder / "export.webp", sample(10))
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(image()).save(gallery.folder / "PHOTO.JPG", exif=turned)
    assert rescan(gallery) == 3
    found = {picture.path.name: picture for picture in gallery.pictures()}
    assert found["export.jpg"].recipe == sample(9) and found["export.webp"].recipe == sample(10)
    assert (found["PHOTO.JPG"].recipe, found["PHOTO.JPG"].kind) == (None, "picture")
    assert (found["PHOTO.JPG"].width, found["PHOTO.JPG"].height) == (24, 40)
    assert gallery.lineage(found["PHOTO.JPG"]) == []
    assert names(gallery.pictures("summer")) == {"export.jpg"}
    assert gallery.get(gallery.folder / "2025" / "summer" / "export.jpg") == found["export.jpg"]


def test_rescan_notices_changed_renamed_and_deleted_files(gallery: Gallery) -> None:
    changed, renamed, deleted = (gallery.save(image(), sample(seed), stem=str(seed)) for seed in range(3))
    save_picture(image(80, 60), changed.path, sample(99), exists="replace")
    renamed.path.rename(renamed.path.with_name("better name.png"))
    deleted.path.unlink()
    assert rescan(gallery) == 2
    found = {picture.path.name: picture for picture in gallery.pictures()}
    assert set(found) == {"0.png", "better name.png"}
    assert (found["0.png"].width, found["0.png"].recipe) == (80, sample(99))
    # What thumbnails are kept by: it is the file's, whoever listed it.
    assert changed.stamp != found["0.png"].stamp == file_stamp(changed.path)


def test_rescan_leaves_out_what_is_not_the_gallerys(gallery: Gallery) -> None:
    kept = gallery.save(image(), sample())
    source = gallery.folder / "photo.png"
    Image.fromarray(image()).save(source)
    SourceStore(gallery.folder / "Sources").add(source)
    source.unlink()
    (gallery.folder / ".hidden.png").write_bytes(kept.path.read_bytes())
    (gallery.folder / "notes.txt").write_text("green, more green")
    (gallery.folder / "folder.png").mkdir()
    assert rescan(gallery) == 1


def test_damaged_pictures_do_not_break_the_rescan(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gallery.save(image(), sample(), stem="whole")
    data = whole.path.read_bytes()
    (gallery.folder / "empty.png").touch()
    (gallery.folder / "text.jpg").write_text("no picture")
    (gallery.folder / "head.png").write_bytes(data[:20])
    (gallery.folder / "cut.png").write_bytes(data[:-30])
    with monkeypatch.context() as patch:
        patch.setattr(documents, "RECIPE", replace(documents.RECIPE, form=replace(documents.RECIPE.form, version=99)))
        save_picture(image(), gallery.folder / "newer recipe.png", sample())
    path = gallery.folder / "damaged recipe.webp"
    Image.fromarray(image()).save(path, xmp=b'<x latentstudio:recipe="AAAA"/>')
    rescan(gallery)
    found = {picture.path.name: picture for picture in gallery.pictures()}
    assert not {"empty.png", "text.jpg", "head.png"} & set(found)
    assert found["whole.png"].recipe == sample()
    for name in ("damaged recipe.webp", "newer recipe.png"):
        assert (found[name].recipe, found[name].kind) == (None, "picture")


def test_a_picture_damaged_later_is_dropped(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample())
    saved.path.write_bytes(b"overwritten by a failing disk")
    assert rescan(gallery) == 0 and gallery.pictures() == []
    assert saved.path.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_text_are_listed(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample())
    try:
        shutil.copy(saved.path, os.fsdecode(os.fsencode(gallery.folder) + b"/caf\xe9.png"))
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert rescan(gallery) == 2 and len(gallery.pictures()) == 2


def test_rescan_yields_progress_and_can_be_closed(gallery: Gallery) -> None:
    for seed in range(3):
        save_picture(image(), gallery.folder / f"{seed}.png", sample(seed))
    steps: list[Progress] = []
    assert drain(gallery.rescan(), steps.append) == 3
    assert [(step.step, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)] and steps[0].message
    work = gallery.rescan()
    next(work)
    work.close()
    assert len(gallery.pictures()) == 3


def test_a_second_rescan_opens_no_file(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery.save(image(), sample())
    rescan(gallery)

    def opened(*arguments: object) -> None:
        raise AssertionError("a picture that did not change was opened")

    monkeypatch.setattr(store, "describe_photo", opened)
    assert rescan(gallery) == 1


def test_a_picture_saved_during_a_rescan_stays(gallery: Gallery) -> None:
    gallery.save(image(), sample(1))
    work = gallery.rescan()
    next(work)
    late = gallery.save(image(), sample(2))
    assert drain(work) == 2
    assert gallery.get(late.path) == late


# ---- the index


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def zeros_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:] = bytes(len(data) - 100)
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_tables(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE pictures")
        database.execute("CREATE TABLE pictures (something TEXT)")
    database.close()


def other_version(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()


@pytest.mark.parametrize("damage", [garbage, zeros_in_the_middle, cut_off, other_tables, other_version])
def test_a_damaged_index_is_made_anew(gallery: Gallery, damage: Callable[[Path], None]) -> None:
    for seed in range(60):
        save_picture(image(), gallery.folder / f"{seed}.png", sample(seed))
    rescan(gallery)
    gallery.close()
    damage(data_dir() / "gallery.sqlite")
    again = Gallery()
    again.pictures()
    assert again.needs_rescan
    assert rescan(again) == 60
    assert {recipe_hash(picture.recipe) for picture in again.pictures() if picture.recipe} == {
        recipe_hash(sample(seed)) for seed in range(60)
    }
    again.save(image(), sample(1000))
    again.close()
    assert len(Gallery().pictures()) == 61  # the new index is on disk


def test_an_index_damaged_while_open(gallery: Gallery) -> None:
    gallery.save(image(), sample(1), stem="a")
    with sqlite3.connect(data_dir() / "gallery.sqlite") as other:
        other.execute("DROP TABLE pictures")
    other.close()
    saved = gallery.save(image(), sample(2), stem="b")
    assert gallery.needs_rescan and gallery.pictures() == [saved]
    assert rescan(gallery) == 2


def test_a_recipe_the_index_cannot_give_comes_from_the_file(gallery: Gallery) -> None:
    saved = gallery.save(image(), sample(1))
    with sqlite3.connect(data_dir() / "gallery.sqlite") as other:
        other.execute("UPDATE pictures SET recipe = replace(recipe, '\"version\":1', '\"version\":99')")
    other.close()
    assert gallery.pictures() == [saved]


def test_an_index_that_cannot_be_opened_is_done_without(tmp_path: Path) -> None:
    """Its place is taken by a folder: the gallery works, from memory."""
    index = tmp_path / "index"
    (index / "inner").mkdir(parents=True)
    gallery = Gallery(tmp_path / "pictures", index)
    assert gallery.needs_rescan
    saved = gallery.save(image(), sample())
    assert gallery.pictures() == [saved] and rescan(gallery) == 1
    assert (index / "inner").is_dir()


def test_other_folders_have_indexes_of_their_own(gallery: Gallery, tmp_path: Path) -> None:
    saved = gallery.save(image(), sample())
    other = Gallery(tmp_path / "elsewhere")
    assert other.pictures() == [] and gallery.pictures() == [saved]
    theirs = other.save(image(), sample(2))
    other.close()
    assert Gallery(tmp_path / "elsewhere").pictures() == [theirs]
    assert Gallery(pictures_dir()).pictures() == [saved]


def test_a_gallery_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match="file"):
        Gallery(tmp_path / "file" / "pictures")


def test_a_closed_gallery_says_so(gallery: Gallery) -> None:
    gallery.close()
    with pytest.raises(StudioError):
        gallery.pictures()


# ---- full disks


def full_disk(*arguments: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_disk_while_saving(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = gallery.save(image(), sample(1))
    before = kept.path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(StudioError, match="No space left") as refusal:
            gallery.save(image(), sample(2))
    assert "disk" in refusal.value.action
    assert [path.name for path in gallery.folder.iterdir()] == [kept.path.name]
    assert kept.path.read_bytes() == before and gallery.pictures() == [kept]
    assert gallery.save(image(), sample(2)).path.is_file()


def test_full_disk_while_naming(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "touch", full_disk)
        with pytest.raises(StudioError, match="No space left"):
            gallery.save(image(), sample())
    assert list(gallery.folder.iterdir()) == []


def test_full_disk_under_the_index_does_not_lose_the_picture(gallery: Gallery) -> None:
    """SQLite's own limit of pages stands for the disk."""
    rescan(gallery)
    assert not gallery.needs_rescan
    gallery._database.execute("PRAGMA max_page_count = 1")  # SQLite takes this as: no more than there are
    saved = []
    for seed in range(200):
        saved.append(gallery.save(image(), stylized(photo("long name " * 20), sample(seed)), stem=str(seed)))
        if gallery.needs_rescan:
            break
    assert gallery.needs_rescan
    assert all(read_recipe(picture.path) == picture.recipe for picture in saved)
    with pytest.raises(StudioError, match="full") as refusal:
        rescan(gallery)
    assert "safe" in refusal.value.action
    gallery.close()
    assert rescan(Gallery()) == len(saved)


def test_full_disk_while_starring(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = gallery.save(image(), sample(1), stem="a"), gallery.save(image(), sample(2), stem="b")
    gallery.set_favourite(first, True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(StudioError, match="No space left"):
            gallery.set_favourite(second, True)
    assert names(gallery.pictures(favourites=True)) == {"a.png"} == names(Gallery().pictures(favourites=True))


def test_full_disk_while_making_a_thumbnail(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = gallery.save(image(), sample())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(StudioError, match="No space left"):
            gallery.thumbnail(saved)
    assert gallery.thumbnail(saved).is_file()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs file permissions that bind us")
def test_a_folder_one_may_not_write(gallery: Gallery) -> None:
    gallery.folder.chmod(0o500)
    try:
        with pytest.raises(StudioError, match="Cannot write"):
            gallery.save(image(), sample())
    finally:
        gallery.folder.chmod(0o700)


# ---- several at once


def test_threads_share_a_gallery(gallery: Gallery) -> None:
    """Savers of one name, searchers, starrers and a rescanner, all at once."""
    start = threading.Barrier(8)

    def save(worker: int) -> list[Picture]:
        start.wait()
        return [gallery.save(image(), sample(worker * 100 + number), stem="same") for number in range(8)]

    def look(worker: int) -> list[Picture]:
        start.wait()
        for _ in range(10):
            for picture in gallery.pictures("same", limit=3):
                gallery.thumbnail(picture)
                gallery.set_favourite(picture, True)
                gallery.lineage(picture)
        return []

    def refresh(worker: int) -> list[Picture]:
        start.wait()
        for _ in range(5):
            rescan(gallery)
        return []

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(work, number) for number, work in enumerate([save] * 4 + [look] * 2 + [refresh] * 2)]
        saved = [picture for job in jobs for picture in job.result()]
    assert len(names(saved)) == 32
    assert names(gallery.pictures()) == names(saved)
    assert all(read_recipe(picture.path) == picture.recipe for picture in saved)
    assert rescan(gallery) == 32
    assert not [path for path in gallery.folder.iterdir() if path.name.startswith(".same")]


def test_two_programs_share_a_folder() -> None:
    """Window and command line: two galleries on the same index, saving under the same names."""
    galleries = [Gallery(), Gallery()]

    def save(gallery: Gallery) -> list[Picture]:
        return [gallery.save(image(), sample(number), stem="same") for number in range(15)]

    with ThreadPoolExecutor(2) as pool:
        saved = [picture for pictures in pool.map(save, galleries) for picture in pictures]
    assert len(names(saved)) == 30
    assert names(galleries[0].pictures()) == names(galleries[1].pictures()) == names(saved)


# ---- photos by content


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "Meine Katze.jpg"
    Image.fromarray(image()).save(path)
    return path


@pytest.fixture
def sources(tmp_path: Path) -> SourceStore:
    return SourceStore(tmp_path / "Sources")


def test_a_photo_is_kept_when_the_original_goes(sources: SourceStore, original: Path) -> None:
    data = original.read_bytes()
    ref = sources.add(original)
    assert ref.name == "Meine Katze.jpg" and ref.hash == sha256_of(original)
    original.unlink()
    found = sources.find(ref)
    assert found == sources.folder / f"{ref.hash[:16]}-Meine Katze.jpg"
    assert found.read_bytes() == data
    assert SourceStore(sources.folder).find(FileRef(hash=ref.hash)) == found


def test_the_same_photo_is_kept_once(sources: SourceStore, original: Path, tmp_path: Path) -> None:
    other = tmp_path / "other name.jpg"
    shutil.copy(original, other)
    refs = {sources.add(original).hash, sources.add(other).hash}
    refs.add(sources.add_bytes(original.read_bytes(), "pasted").hash)
    assert len(refs) == 1 and len(list(sources.folder.iterdir())) == 1


def test_bytes_are_kept(sources: SourceStore, original: Path) -> None:
    ref = sources.add_bytes(original.read_bytes(), "from/the web?.jpg")
    found = sources.find(ref)
    assert found is not None and found.read_bytes() == original.read_bytes()
    assert found.parent == sources.folder


def test_what_is_no_picture_is_refused(sources: SourceStore, tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Sir")
    for add in (
        lambda: sources.add(path),
        lambda: sources.add(tmp_path / "gone.jpg"),
        lambda: sources.add_bytes(b"", "x"),
    ):
        with pytest.raises(StudioError):
            add()
    assert not sources.folder.exists()


def test_a_changed_copy_is_neither_used_nor_overwritten(sources: SourceStore, original: Path) -> None:
    ref = sources.add(original)
    copy = sources.find(ref)
    assert copy is not None
    Image.fromarray(image(value=99)).save(copy)
    edited = copy.read_bytes()
    assert sources.find(ref) is None
    assert sources.add(original) == ref
    found = sources.find(ref)
    assert found is not None and found != copy and found.read_bytes() == original.read_bytes()
    assert copy.read_bytes() == edited


def test_unknown_photos_and_missing_folders(sources: SourceStore) -> None:
    assert sources.find(FileRef(hash="ef" * 32)) is None


def test_full_disk_while_keeping_a_photo(sources: SourceStore, original: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(StudioError, match="No space left"):
            sources.add(original)
        with pytest.raises(StudioError, match="No space left"):
            sources.add_bytes(original.read_bytes(), "x.jpg")
    assert list(sources.folder.iterdir()) == [] and original.is_file()


def test_threads_share_the_sources(sources: SourceStore, original: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(lambda _: sources.add(original), range(16)))
    assert len(refs) == 1
    found = sources.find(refs.pop())
    assert found is not None and found.read_bytes() == original.read_bytes()
    assert len(list(sources.folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.png", "a.png"),
        ("a/b\\c.png", "a_b_c.png"),
        ("", "picture"),
        (" . ", "picture"),
        (".png", "png"),
        ("caf\udce9.png", "caf?.png".replace("?", "_")),
        ("x" * 300 + ".jpeg", "x" * 75 + ".jpeg"),
        ("no. 5, second state", "no. 5, second state"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) <= 160
