"""A clip of grey frames that can be told from one another, and films of it: its negatives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.engine.jobs.film_file import FilmFile
from studio.engine.jobs.film_folder import FilmFolder, FilmProperties
from studio.media.clips import Clip
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe
from studio.recipes.sequences.film import FilmRecipe, film_comment, film_of
from studio.ui.clip.playing_times import FramePair
from tests.support.clips import write_clip

WIDTH, HEIGHT = 96, 64
FPS = 25
PARTED = [0.0, 0.04, 0.05, 0.3, 0.32, 0.9, 0.94, 1.0]
"""Times of a variable rate."""


def shade(number: int) -> int:
    return 24 + 7 * number


def flat(level: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def number_of(image: np.ndarray | None, *, film: bool = False) -> int | None:
    """Which frame a picture of the clip is (or of the film, whose frames are the negatives of the clip's)."""
    if image is None:
        return None
    level = float(image.mean())
    number = ((255 - level if film else level) - 24) / 7
    assert abs(number - round(number)) < 0.35, level
    return round(number)


@pytest.fixture(scope="module")
def clip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """25 frames in a second, with sound."""
    return write_clip(tmp_path_factory.mktemp("clip") / "greys.mp4", [flat(shade(n)) for n in range(25)], sound="aac")


@pytest.fixture(scope="module")
def parted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of a variable rate."""
    frames = [flat(shade(n)) for n in range(len(PARTED))]
    return write_clip(tmp_path_factory.mktemp("clip") / "parted.mkv", frames, times=PARTED)


def recipe_of(clip: Path, start: float = 0.0, end: float | None = None) -> FilmRecipe:
    style = StyleUse(source=PhotoRecipe(photo=FileRef(hash="1" * 64, name="style.png")))
    photo = PhotoRecipe(photo=FileRef(hash="2" * 64, name="any.png"))
    from studio.base.files import sha256_of

    look = StylizeRecipe(content=photo, styles=(style,), size=WIDTH)
    return film_of(look, FileRef(hash=sha256_of(clip), name=clip.name), start=start, end=end)


def negatives(clip_file: Path, start: float, end: float | None) -> list[tuple[np.ndarray, int]]:
    with Clip(clip_file) as clip:
        return [(255 - frame.image, frame.ticks) for frame in clip.frames(start, end)]


def write_film(clip_file: Path, out: Path, start: float = 0.0, end: float | None = None) -> FilmRecipe:
    """A finished film of the clip, as the engine writes them: its negative."""
    film = recipe_of(clip_file, start, end)
    frames = negatives(clip_file, start, end)
    with Clip(clip_file) as clip:
        properties, base = clip.properties, clip.time_base
    with FilmFile(out, properties.fps, base, film_comment(film)) as file:
        for picture, ticks in frames:
            file.add(picture, ticks - frames[0][1])
        file.finish(max(1, round(1 / properties.fps / base)))
    return film


def write_frames(clip_file: Path, out: Path, count: int, start: float = 0.0, end: float | None = None) -> FilmFolder:
    """The folder of a film in making, with ``count`` frames."""
    film = recipe_of(clip_file, start, end)
    folder = FilmFolder.of(film, "cpu")
    folder.path.mkdir(parents=True)
    with Clip(clip_file) as clip:
        total = clip.properties.frames_between(start, end)
        folder.write(FilmProperties(film, clip_file, out, total, clip.time_base))
    for number, (picture, ticks) in enumerate(negatives(clip_file, start, end)[:count]):
        folder.save_frame(number, picture, ticks)
    return folder


def pairs(frame_pairs: Iterator[FramePair]) -> list[tuple[float, int | None, int | None]]:
    return [(round(m.seconds, 3), number_of(m.clip), number_of(m.film, film=True)) for m in frame_pairs]


def never(_seconds: float) -> bool:
    return False
