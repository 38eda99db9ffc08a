"""The style library: files are the truth, duplicates are known by content, favourites outlive moving."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.base import StudioError
from studio.base.files import sha256_of
from studio.base.paths import resources_dir
from studio.gallery import Gallery, SourceStore, StyleLibrary
from studio.gallery.styles import ReadyCard, Style


def picture(path: Path, seed: int = 0, side: int = 40) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (side, side, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def library(tmp_path: Path) -> StyleLibrary:
    return StyleLibrary(tmp_path / "Styles")


def own(library: StyleLibrary) -> list[Style]:
    return library.scan().chosen(ready=False)


def test_ready_styles_are_real_small_credited_and_all_there() -> None:
    folder = resources_dir() / "styles"
    card = ReadyCard.model_validate_json((folder / "styles.json").read_bytes())
    assert {style.file for style in card.styles} == {path.name for path in folder.glob("*.jpg")}
    assert 16 <= len(card.styles) <= 40
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3_200_000
    for style in card.styles:
        assert style.credit and style.licence and style.source and style.medium, style.name
        assert style.hash == sha256_of(folder / style.file), f"write this hash of {style.file} into styles.json"
        pixels = np.asarray(Image.open(folder / style.file).convert("RGB"), float)
        assert max(pixels.shape) == 512 and pixels.std() > 20, style.name
    scan = StyleLibrary(Path("nowhere")).scan()
    assert len({style.hash for style in (*scan.styles, *scan.retired)}) == len(card.styles)


def test_retired_styles_are_not_offered_but_found(library: StyleLibrary, tmp_path: Path) -> None:
    scan = library.scan()
    assert scan.retired and len(scan.styles) >= 16
    old = scan.retired[0]
    assert old not in scan.styles and old not in scan.chosen(old.name)
    assert library.find(old.name) == old and library.find(old.hash[:12]) == old
    # One's own of that name comes first.
    mine, _new = library.add(picture(tmp_path / f"{old.name}.png", 5))
    assert library.find(old.name) == mine


def test_own_styles_are_files_in_folders(library: StyleLibrary, tmp_path: Path) -> None:
    picture(library.folder / "waves.png", 1)
    picture(library.folder / "ink" / "old" / "brush.jpg", 2)
    picture(library.folder / ".hidden" / "no.png", 3)
    (library.folder / "ink" / "broken.png").write_bytes(b"\x89PNG no")
    (library.folder / "notes.txt").write_text("no picture")
    scan = library.scan()
    assert [(style.folder, style.name) for style in scan.chosen(ready=False)] == [("", "waves"), ("ink/old", "brush")]
    assert scan.own_folders == ("ink", "ink/old")
    assert [file.path.name for file in scan.skipped] == ["broken.png"] and scan.skipped[0].reason.message
    assert [style.name for style in scan.chosen(folder="ink", ready=False)] == ["brush"]
    assert [style.name for style in scan.chosen("BRU ink", ready=False)] == ["brush"]
    assert {style.folder for style in scan.chosen("stone")} <= {"Craft", "Nature"} and scan.chosen("stone")
    # A file changed on the disk is seen as what it is now.
    before = own(library)[0].hash
    picture(library.folder / "waves.png", 9, side=64)
    assert own(library)[0].hash != before


def test_adding_copies_once_whatever_the_name(library: StyleLibrary, tmp_path: Path) -> None:
    first = picture(tmp_path / "a.png", 1)
    twin = tmp_path / "twin.png"
    shutil.copyfile(first, twin)
    style, new = library.add(first, "my own")
    assert new and style.path == library.folder / "my own" / "a.png" and first.exists()
    again, new = library.add(twin)
    assert not new and again == style
    again, new = library.add_bytes(first.read_bytes(), "pasted.png")
    assert not new and again == style
    other, new = library.add(picture(tmp_path / "b" / "a.png", 2), "my own")
    assert new and other.path.name == "a (2).png"
    # The ready styles count too.
    ready = library.scan().chosen(ready=True)[0]
    assert library.add(ready.path) == (ready, False)
    with pytest.raises(StudioError):
        library.add_bytes(b"no picture", "x.png")
    broken = tmp_path / "half.png"
    broken.write_bytes(first.read_bytes()[:900])
    with pytest.raises(StudioError):
        library.add(broken)
    with pytest.raises(StudioError):
        library.add(picture(tmp_path / "c.png", 3), "../outside")
    assert len(own(library)) == 2


def test_favourites_are_kept_by_content(library: StyleLibrary, tmp_path: Path) -> None:
    style, _ = library.add(picture(tmp_path / "a.png", 1))
    ready = library.scan().chosen(ready=True)[0]
    library.set_favourite(style, True)
    library.set_favourite(ready, True)
    library.new_folder("kept")
    moved = library.rename(library.move(own(library)[0], "kept"), "Sea")
    assert moved.favourite and moved.path == library.folder / "kept" / "Sea.png" and not style.path.exists()
    # Moved by the artist in a file manager, and seen by another program run.
    moved.path.rename(library.folder / "elsewhere.png")
    again = StyleLibrary(library.folder)
    assert {style.name for style in again.scan().chosen(favourites=True)} == {"elsewhere", ready.name}
    again.set_favourite(ready, False)
    assert [style.name for style in again.scan().chosen(favourites=True)] == ["elsewhere"]
    # A damaged file costs the stars only, and is kept for whoever can read it.
    (library.folder / ".favourites.json").write_text('{"not": ')
    assert again.scan().chosen(favourites=True) == []
    again.set_favourite(ready, True)
    assert json.loads((library.folder / ".favourites.json").read_text()) == [ready.hash]
    assert (library.folder / ".favourites.damaged").read_text() == '{"not": '


def test_renaming_moving_and_trash(library: StyleLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style, _ = library.add(picture(tmp_path / "a.png", 1))
    other, _ = library.add(picture(tmp_path / "b.png", 2))
    with pytest.raises(StudioError, match="already"):
        library.rename(style, "b")
    with pytest.raises(StudioError):
        library.rename(style, "  ")
    ready = library.scan().chosen(ready=True)[0]
    for change in (lambda: library.rename(ready, "x"), lambda: library.move(ready, ""), lambda: library.trash([ready])):
        with pytest.raises(StudioError, match="comes with the program"):
            change()
    with pytest.raises(StudioError, match="already"):
        library.new_folder("x")
        library.new_folder("x")
    assert library.rename(style, "a/b: c?").path.parent == library.folder
    gone: list[str] = []

    def to_trash(name: str) -> None:
        gone.append(name)
        Path(name).unlink()

    monkeypatch.setattr("studio.base.trash.send2trash", to_trash)
    small = library.thumbnail(other, 96)
    assert max(Image.open(small).size) <= 96
    library.trash([other])
    assert gone == [str(other.path)] and not small.exists()
    assert [style.name for style in own(library)] == ["a_b_ c_"]


def test_finding_by_name(library: StyleLibrary, tmp_path: Path) -> None:
    one, _ = library.add(picture(tmp_path / "sea.png", 1), "north")
    two, _ = library.add(picture(tmp_path / "x" / "sea.png", 2), "south")
    assert library.find("north/sea") == one and library.find("SOUTH/Sea.png") == two
    assert library.find(one.hash[:10]) == one
    assert library.find("ink wash").ready
    with pytest.raises(StudioError, match="Several"):
        library.find("sea")
    with pytest.raises(StudioError) as raised:
        library.find("Charcool")
    assert "Charcoal" in raised.value.action


def test_styles_are_not_listed_as_pictures(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path / "Pictures", tmp_path / "index.sqlite")
    StyleLibrary(gallery.folder / "Styles").add(picture(tmp_path / "a.png", 1))
    picture(gallery.folder / "mine.png", 2)
    for _ in gallery.rescan():
        pass
    assert [found.path.name for found in gallery.pictures()] == ["mine.png"]


def test_lent_photos_are_used_in_place_until_they_change(tmp_path: Path) -> None:
    sources = SourceStore(tmp_path / "Sources")
    path = picture(tmp_path / "a.png", 1)
    ref = sources.lend(path)
    assert sources.find(ref) == path and not sources.folder.exists()
    # Keeping it makes a copy all the same.
    assert sources.add(path) == ref and len(list(sources.folder.iterdir())) == 1
    picture(path, 2)
    assert sources.find(ref) != path and sources.find(ref) is not None
    picture(tmp_path / "b.png", 3)
    lent = sources.lend(tmp_path / "b.png")
    picture(tmp_path / "b.png", 4, side=50)
    assert sources.find(lent) is None
