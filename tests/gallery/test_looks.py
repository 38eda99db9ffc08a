"""Looks as files: saved, renamed, thrown away and brought back, given away and taken in; and what is none."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.base import StudioError
from studio.gallery import SourceStore
from studio.gallery.looks import LOOK, OF_THE_PICTURE, Look, LookLibrary, look_preview, read_look
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe, StylizeSettings

PHOTO = PhotoRecipe(photo=FileRef(hash="f" * 64, name="photo.jpg"))


@pytest.fixture
def sources(tmp_path: Path) -> SourceStore:
    return SourceStore(tmp_path / "Sources")


def picture(folder: Path, name: str, shade: int) -> Path:
    path = folder / name
    Image.fromarray(np.full((20, 30, 3), shade, np.uint8)).save(path)
    return path


@pytest.fixture
def look(tmp_path: Path, sources: SourceStore) -> Look:
    refs = [sources.add(picture(tmp_path, f"{name}.png", shade)) for name, shade in (("waves", 40), ("night", 90))]
    uses = (
        StyleUse(source=PhotoRecipe(photo=refs[0]), weight=0.3, scale=2.0, region=refs[1]),
        StyleUse(source=PhotoRecipe(photo=refs[1]), part=refs[0]),
    )
    settings = StylizeSettings(content_strength=0.8, detail=0.6, keep_colors=True, steps=120, size=2048, mask=refs[0])
    return Look.of(uses, settings)


def test_a_look_is_styles_and_settings_without_a_photo(look: Look) -> None:
    assert [use.region for use in look.styles] == [None, None] and look.styles[1].part is not None
    assert look.settings.mask is None and look.settings.size == StylizeSettings().size
    other = StylizeRecipe(content=PHOTO, styles=(StyleUse(source=PHOTO),), size=640, seed=9, method="optimise")
    made = look.on(other)
    assert (made.content, made.size, made.method) == (PHOTO, 640, "optimise")
    assert made.styles == look.styles and made.detail == 0.6 and made.keep_colors and made.steps == 120
    assert not set(look.changes()) & set(OF_THE_PICTURE)


def test_looks_are_files(look: Look, sources: SourceStore, tmp_path: Path) -> None:
    library = LookLibrary(tmp_path / "Looks", sources)
    assert library.scan().looks == ()
    first = library.save("Stormy / sea", look, np.full((300, 600, 4), 128, np.uint8))
    second = library.save("Stormy / sea", look)
    assert (first.name, second.name) == ("Stormy _ sea", "Stormy _ sea (2)")
    small = look_preview(first.path)
    assert small is not None and small.shape == (128, 256, 3) and look_preview(second.path) is None
    renamed = library.rename(second, "Calm")
    assert [saved.name for saved in library.scan().looks] == ["Calm", "Stormy _ sea"]
    assert library.find("calm").look == look and renamed.look == look
    with pytest.raises(StudioError, match="already"):
        library.rename(renamed, "Stormy / sea")
    with pytest.raises(StudioError, match="no look") as missing:
        library.find("calmer")
    assert "“Calm”" in str(missing.value.action)
    # Given away, it brings the pictures of its styles along.
    given_away = library.export(first, tmp_path / "gift")
    other_sources = SourceStore(tmp_path / "elsewhere")
    other = LookLibrary(tmp_path / "other", other_sources)
    taken = other.add(given_away)
    assert taken.name == "gift" and other.unpack(taken) == look
    assert all(other_sources.find(use.source.photo) for use in look.styles if isinstance(use.source, PhotoRecipe))


def test_a_deleted_look_comes_back(
    look: Look, sources: SourceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.base.trash.send2trash", lambda path: Path(path).unlink())
    library = LookLibrary(tmp_path / "Looks", sources)
    trashed = library.trash(library.save("Calm", look))
    assert library.scan().looks == () and trashed is not None
    trashed.restore()
    assert [saved.look for saved in library.scan().looks] == [look]


def test_what_is_no_look_says_so(look: Look, sources: SourceStore, tmp_path: Path) -> None:
    library = LookLibrary(tmp_path / "Looks", sources)
    good = library.save("Good", look)
    (library.folder / "text.look").write_text("no look")
    with zipfile.ZipFile(library.folder / "empty.look", "w") as file:
        file.writestr("other.txt", "nothing")
    with zipfile.ZipFile(library.folder / "newer.look", "w") as file:
        document = {"format": LOOK.name, "version": LOOK.form.version + 1, "look": {}}
        file.writestr("look.json", json.dumps(document))
    data = good.path.read_bytes()
    (library.folder / "cut.look").write_bytes(data[: len(data) // 2])
    scan = library.scan()
    assert [saved.name for saved in scan.looks] == ["Good"] and len(scan.problems) == 4
    assert any("newer" in str(problem.message) for problem in scan.problems)
    with pytest.raises(StudioError, match="not there"):
        read_look(tmp_path / "none.look")
    # A picture in it that is another than it should be is not taken for a style.
    forged = tmp_path / "forged.look"
    with zipfile.ZipFile(good.path) as file, zipfile.ZipFile(forged, "w") as copy:
        for entry in file.namelist():
            copy.writestr(entry, b"other" if entry.startswith("pictures/") else file.read(entry))
    elsewhere = LookLibrary(tmp_path / "elsewhere", SourceStore(tmp_path / "other sources"))
    with pytest.raises(StudioError, match="lacks the picture"):
        elsewhere.unpack(elsewhere.add(forged))


@given(
    st.builds(
        StylizeSettings,
        content_strength=st.floats(0, 1),
        detail=st.floats(0, 1),
        keep_colors=st.booleans(),
        loss=st.sampled_from(["nearest", "wasserstein", "gram"]),
        steps=st.integers(1, 1000),
        seed=st.integers(0, 2**32 - 1),
    )
)
def test_the_document_gives_the_look_back(settings: StylizeSettings) -> None:
    look = Look.of((StyleUse(source=PHOTO, weight=0.4),), settings)
    assert LOOK.loads(LOOK.dumps(look)) == look
    assert look.changes() == {name: value for name, value in dict(settings).items() if name not in OF_THE_PICTURE}
