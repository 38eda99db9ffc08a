"""Folders and files of the application on the artist's machine.

``LATENT_STUDIO_HOME`` puts everything under one folder: portable installs and tests use it. The data folder
must be there or be made, else a :class:`~studio.base.errors.StudioError` says so. The others are made if they can be:
what lies in a data folder that cannot be written is read all the same, and whoever writes into it says why that fails.
"""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from pathlib import Path
from typing import Literal

import platformdirs

from studio.base.errors import StudioError
from studio.base.files import lasting_scratch_folder
from studio.base.messages import Message

APP = "Latent Studio"


def _home() -> Path | None:
    home = os.environ.get("LATENT_STUDIO_HOME")
    return Path(home) if home else None


def _made(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            Message("The folder {folder} cannot be made: {reason}.", folder=path, reason=error.strerror or error),
            "Latent Studio keeps its data there. Make it, or set LATENT_STUDIO_HOME to a folder that you may write to.",
        ) from error
    return path


def _made_if_possible(path: Path) -> Path:
    with contextlib.suppress(OSError):
        path.mkdir(parents=True, exist_ok=True)
    return path


def data_dir() -> Path:
    """Settings, models and runs (created on first use)."""
    return _made(_home() or Path(platformdirs.user_data_dir(APP, appauthor=False)))


def models_dir() -> Path:
    """The artist's own model library: imported and trained networks, perceptual networks."""
    return _made_if_possible(data_dir() / "models")


def kept_models_dir() -> Path:
    """Copies of the starter models that were used, for the day when an update brings others. Made when needed."""
    return models_dir() / "starter"


def downloads_dir() -> Path:
    """Networks that are being fetched, until they are in the library."""
    return _made_if_possible(data_dir() / "downloads")


def runs_dir() -> Path:
    """Training run directories."""
    return _made_if_possible(data_dir() / "runs")


def directions_dir() -> Path:
    """The folder of what is kept of each model: named directions, and which layers draw what."""
    return _made_if_possible(data_dir() / "directions")


def families_dir() -> Path:
    """The family tree of each model: which pictures were bred from which."""
    return _made_if_possible(data_dir() / "families")


def films_dir() -> Path:
    """Films of clips that are being made: their frames so far."""
    return _made_if_possible(data_dir() / "films")


def cache_dir() -> Path:
    """Things that can be made again at any time; where they cannot be written, one of this process alone."""
    home = _home()
    folder = _made_if_possible(home / "cache" if home else Path(platformdirs.user_cache_dir(APP, appauthor=False)))
    return folder if os.access(folder, os.W_OK) else _cache_of_process()


@functools.cache
def _cache_of_process() -> Path:
    return lasting_scratch_folder(Path(tempfile.gettempdir()))


def pictures_dir() -> Path:
    """The gallery folder the artist can see: ``Pictures/Latent Studio``."""
    home = _home()
    return _made_if_possible((home / "Pictures" if home else Path(platformdirs.user_pictures_dir())) / APP)


def artists_folder(what: Literal["pictures", "videos", "downloads"]) -> Path:
    """The folder in which people of this system keep pictures, videos or downloads; their home when there is none."""
    place = {
        "pictures": platformdirs.user_pictures_dir,
        "videos": platformdirs.user_videos_dir,
        "downloads": platformdirs.user_downloads_dir,
    }[what]
    folder = Path(place())
    return folder if folder.is_dir() else Path.home()


def resources_dir() -> Path:
    """The folder ``resources/`` that travels with the program (starter models, translations)."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent / "resources", package / "resources"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("The folder 'resources' is missing: the installation is incomplete.")
