"""A data folder that cannot be written: what lies there is read all the same, and pictures have thumbnails."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from studio.base import StudioError, paths
from studio.base.app_settings import AppSettings
from studio.base.trash import forget_trashed
from studio.checkpoints.library import ModelLibrary
from studio.cli import app
from studio.engine.jobs.film_folder import films_in_making
from studio.gallery import Gallery
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.training.runs import RunDirectory, list_runs
from studio.training.settings import TrainSettings


@pytest.fixture
def read_only(latent_studio_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home, on a disk that takes nothing: for the administrator too, whom permissions do not bind."""

    def refusing(real: Any) -> Any:
        def refused(path: Any, *arguments: Any, **options: Any) -> Any:
            inside = isinstance(path, str | os.PathLike) and Path(path).is_relative_to(latent_studio_home)
            if inside and (real is not os.open or arguments[0] & os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return real(path, *arguments, **options)

        return refused

    monkeypatch.setattr(os, "mkdir", refusing(os.mkdir))
    monkeypatch.setattr(os, "open", refusing(os.open))
    access = os.access
    inside = latent_studio_home

    def may(path: Any, mode: int, **options: Any) -> bool:
        return access(path, mode, **options) and not (mode & os.W_OK and Path(path).is_relative_to(inside))

    monkeypatch.setattr(os, "access", may)
    paths._cache_of_process.cache_clear()
    return latent_studio_home


def test_what_is_there_is_read_and_pictures_are_kept(read_only: Path, tmp_path: Path) -> None:
    assert list_runs() == films_in_making() == []
    assert ModelLibrary().models(), "the starter models"
    gallery = Gallery(tmp_path / "Gallery")
    recipe = SampleRecipe(model=FileRef(hash="ab" * 32, name="people"), latent=LatentSeed(seed=1))
    saved = gallery.save(np.full((20, 30, 3), 90, np.uint8), recipe)
    assert gallery.thumbnail(saved).is_file() and not paths.cache_dir().is_relative_to(read_only)
    forget_trashed()  # as the window does when it closes


def test_who_writes_there_says_why_that_fails(read_only: Path) -> None:
    settings = TrainSettings(name="run", folder="pictures")
    for write in (AppSettings().save, lambda: RunDirectory.create(settings)):
        with pytest.raises(StudioError, match="Read-only file system"):
            write()


def test_commands_that_read(read_only: Path) -> None:
    for command in (["train", "--list"], ["models"], ["folder", str(paths.resources_dir() / "styles")]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
