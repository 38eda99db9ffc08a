"""The gallery's folder is moved, or its disk taken away, while the program has it open."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.base import StudioError, drain
from studio.gallery import Gallery, SourceStore
from studio.gallery.looks import Look, LookLibrary
from studio.gallery.styles import StyleLibrary
from studio.recipes import FileRef, LatentSeed, PhotoRecipe, SampleRecipe, StyleUse

SAMPLE = SampleRecipe(model=FileRef(hash="ab" * 32, name="people"), latent=LatentSeed(seed=1))
PIXELS = np.full((20, 30, 3), 90, np.uint8)


@pytest.mark.parametrize("unmounted", [False, True])
def test_nothing_is_written_beside_a_gallery_that_was_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unmounted: bool
) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    (disk / "Gallery").mkdir(parents=True)
    real, mounted = os.path.ismount, True
    monkeypatch.setattr(os.path, "ismount", lambda path: mounted if Path(path) == disk else real(path))
    gallery = Gallery(disk / "Gallery")
    sources, styles = SourceStore(gallery.folder / "Sources"), StyleLibrary(gallery.folder / "Styles")
    looks = LookLibrary(gallery.folder / "Looks", sources)
    saved = gallery.save(PIXELS, SAMPLE)
    photo = tmp_path / "photo.png"
    Image.fromarray(PIXELS).save(photo)
    look = Look(styles=(StyleUse(source=PhotoRecipe(photo=sources.lend(photo))),))
    gift = looks.export(looks.save("gift", look), tmp_path / "gift.look")
    disk.rename(away)
    if unmounted:  # the place where it was is an empty folder, and another program may have made some in it
        (disk / "Gallery").mkdir(parents=True)
        mounted = False
    writes: dict[str, Callable[[], object]] = {
        "picture": lambda: gallery.save(PIXELS, SAMPLE),
        "star": lambda: gallery.set_favourite(saved, True),
        "scan": lambda: drain(gallery.rescan()),
        "photo": lambda: sources.add(photo),
        "bytes": lambda: sources.add_bytes(photo.read_bytes(), "photo.png"),
        "style": lambda: styles.add(photo),
        "folder": lambda: styles.new_folder("mine"),
        "look": lambda: looks.save("mine", look),
        "gift": lambda: looks.add(gift),
    }
    for write in writes.values():
        with pytest.raises(StudioError, match="is its disk connected") as raised:
            write()
        assert "settings" in raised.value.action
    assert not gallery.is_there() and disk.exists() == unmounted and not any(path.is_file() for path in disk.rglob("*"))
    assert [picture.path for picture in gallery.pictures()] == [saved.path], "listed for when it is back"
    if unmounted:
        (disk / "Gallery").rmdir()
        disk.rmdir()
    away.rename(disk)
    mounted = True
    assert gallery.is_there() and drain(gallery.rescan()) == 1
    for name, write in writes.items():
        assert write() is not None, name
