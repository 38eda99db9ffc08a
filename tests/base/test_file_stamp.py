"""A file replaced by one of the same size and time is another file, to every cache there is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.base import drain
from studio.base.files import _samples, file_stamp, sha256_of
from studio.base.paths import models_dir
from studio.checkpoints.info import ModelCard
from studio.checkpoints.library import ModelLibrary
from studio.checkpoints.store import save_model
from studio.engine.jobs.film import clip_hash
from studio.gallery import Gallery, SourceStore
from studio.gallery.styles import StyleLibrary
from studio.gallery.thumbnails import make_thumbnail
from studio.networks import dcgan
from studio.training.scan_cache import Scan, ScanCache, ScannedPicture, stamps


def overwrite(path: Path, new: Path) -> None:
    """As a synchronising program does it: the content written over the old one."""
    path.write_bytes(new.read_bytes())


def exchange(path: Path, new: Path) -> None:
    """As an editor does it: the new file takes the name of the old one."""
    shutil.copy2(new, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


@pytest.fixture(params=[overwrite, exchange])
def replace(request: pytest.FixtureRequest) -> Callable[[Path, Path], None]:
    def replaced(path: Path, new: Path) -> None:
        old = path.stat()
        request.param(path, new)
        os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (old.st_size, old.st_mtime_ns)

    return replaced


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Pictures of other content and one size in bytes."""
    paths = tmp_path / "one.bmp", tmp_path / "two.bmp"
    for path, level in zip(paths, (40, 200), strict=True):
        Image.new("RGB", (12, 8), (level, 0, 0)).save(path)
    return paths


def test_stamps(two: tuple[Path, Path], replace: Callable[[Path, Path], None]) -> None:
    before = file_stamp(two[0])
    assert file_stamp(two[0]) == before != file_stamp(two[1])
    replace(two[0], two[1])
    assert file_stamp(two[0]) != before


def test_samples_reach_from_end_to_end(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    data = bytearray(100_000)
    path.write_bytes(data)
    plain = _samples(path, len(data))
    for place in (0, 50_000, 99_999):
        changed = data.copy()
        changed[place] = 1
        path.write_bytes(changed)
        assert _samples(path, len(data)) != plain
    path.write_bytes(b"short")
    assert _samples(path, 5)[:5] == b"short"


def test_pictures(
    latent_studio_home: Path, two: tuple[Path, Path], tmp_path: Path, replace: Callable[[Path, Path], None]
) -> None:
    with Image.open(make_thumbnail(two[0], 8)) as small:
        before = np.asarray(small)
    cache = ScanCache(tmp_path / "scans.sqlite")
    cache.keep(two[0], *stamps(two[0]), [Scan(ScannedPicture(content="old"))])
    cache.flush()
    gallery = Gallery(tmp_path / "Gallery")
    shown = gallery.folder / "picture.bmp"
    shutil.copy2(two[0], shown)
    styles = StyleLibrary(tmp_path / "Styles")
    style = styles.folder / "style.bmp"
    style.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(two[0], style)
    assert {sha256_of(two[0])} == {each.hash for each in styles.scan().styles if each.path == style}
    hashed = drain(clip_hash(two[0]))

    for path in (two[0], shown, style):
        replace(path, two[1])
    with Image.open(make_thumbnail(two[0], 8)) as small:
        assert np.abs(np.asarray(small).astype(int) - before).max() > 100
    assert cache.find(two[0], *stamps(two[0])) is None
    assert {sha256_of(two[1])} == {each.hash for each in styles.scan().styles if each.path == style}
    assert drain(clip_hash(two[0])) == sha256_of(two[1]) != hashed
    cache.close()


def test_models(latent_studio_home: Path, tmp_path: Path, replace: Callable[[Path, Path], None]) -> None:
    net = dcgan.Generator(dcgan.DCGANConfig(resolution=16, width=8))
    paths = models_dir() / "net.safetensors", tmp_path / "other.safetensors"
    for path in paths:
        save_model(path, net, ModelCard(name="net", architecture="dcgan", config=net.config.to_dict()))
        next(net.parameters()).data += 1
    library = ModelLibrary()
    old = library.find("net").hash
    replace(*paths)
    assert library.find("net").hash == sha256_of(paths[1]) != old


def test_a_source_that_was_verified_is_looked_at_again(
    two: tuple[Path, Path], tmp_path: Path, replace: Callable[[Path, Path], None]
) -> None:
    store = SourceStore(tmp_path / "Sources")
    ref = store.add(two[0])
    found = store.find(ref)
    assert found is not None
    replace(found, two[1])
    assert store.find(ref) is None
