"""Clips that are enlarged, repaired and cleaned: their films keep times, sound and recipe, and do not boil."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.base import Progress, StudioError, drain
from studio.base.files import sha256_of
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.film import make_film
from studio.engine.jobs.film_finishing import clip_ranges
from studio.engine.jobs.film_folder import FilmFolder, films_in_making
from studio.gallery import SourceStore
from studio.media.clips import Clip
from studio.recipes import (
    CleanRecipe,
    EnlargeRecipe,
    FileRef,
    FinishedFilmRecipe,
    PhotoRecipe,
    RepairRecipe,
    SampleRecipe,
    recipe_hash,
)
from studio.recipes.sequences.film import FILM, film_in_comment
from tests.engine.test_film import probe, times
from tests.support.clips import Picture, moving, photos, write_clip


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return [each.frame for each in moving(*photos(), 8, 64, 48)]


@pytest.fixture
def engine(latent_studio_home: Path) -> Engine:
    return TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")


def marked(frames: list[Picture]) -> list[Picture]:
    """The frames with a mark that stands still, as broadcasters put on."""
    made = [frame.copy() for frame in frames]
    for frame in made:
        frame[20:30, 24:36] = (255, 0, 255)
    return made


def masked(engine: Engine, tmp_path: Path) -> FileRef:
    mask = np.zeros((48, 64), np.uint8)
    mask[19:31, 23:37] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return engine.sources.add(tmp_path / "mask.png")


def content(clip: Path) -> PhotoRecipe:
    return PhotoRecipe(photo=FileRef(hash=sha256_of(clip), name=clip.name))


def test_a_finished_film_keeps_times_sound_and_recipe_and_goes_on(
    engine: Engine, tmp_path: Path, frames: list[Picture]
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", marked(frames), fps=Fraction(24), sound="aac")
    repaired = RepairRecipe(content=content(clip), mask=masked(engine, tmp_path))
    film = FinishedFilmRecipe(frame_recipe=EnlargeRecipe(content=CleanRecipe(content=repaired, levels=0.5), factor=2.0))
    out = tmp_path / "film.mp4"
    work = make_film(engine, film, clip, out)
    for progress in work:
        if str(progress.message) == "Finishing the clip" and progress.step == 3:
            break
    work.close()
    assert films_in_making("film") == [] and [each.done for each in films_in_making("finished-film")] == [3]
    seen: list[Progress] = []
    made = drain(make_film(engine, film, clip, out, keep=True), seen.append)
    assert (made.frames, made.continued_from) == (8, 3) and seen[-1].total == 8
    assert times(out) == pytest.approx(times(clip)) and probe(out)["audio"] == probe(clip)["audio"]
    assert film_in_comment(probe(out)["comment"]) == film
    folder = FilmFolder.of(film, "cpu")
    parts = [folder.frame(number)[0] for number in range(8)]
    assert all(part.shape == (96, 128, 3) for part in parts)
    folder.remove()
    # As if it had not been interrupted; and the mark is gone.
    drain(make_film(engine, film, clip, out, keep=True))
    assert all(np.array_equal(part, folder.frame(number)[0]) for number, part in enumerate(parts))
    hole = parts[5][42:58, 50:70].reshape(-1, 3).astype(int)
    assert ((hole[:, 0] > 200) & (hole[:, 1] < 60) & (hole[:, 2] > 200)).mean() < 0.02


def test_what_is_filled_stays_from_frame_to_frame(engine: Engine, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    grain = np.repeat(np.repeat(rng.integers(40, 200, (24, 32, 3)), 2, 0), 2, 1)
    still = [np.clip(grain + rng.normal(0, 3, grain.shape), 0, 255).astype(np.uint8) for _ in range(4)]
    clip = write_clip(tmp_path / "clip.mp4", still)
    look = RepairRecipe(content=content(clip), mask=masked(engine, tmp_path), feather=0.0)
    drain(make_film(engine, FinishedFilmRecipe(frame_recipe=look), clip, tmp_path / "film.mp4", keep=True))
    folder = FilmFolder.of(FinishedFilmRecipe(frame_recipe=look), "cpu")
    holes = [folder.frame(number)[0][20:30, 24:36].astype(int) for number in range(4)]
    assert max(np.abs(a - b).mean() for a, b in itertools.pairwise(holes)) < 1


def test_automatic_levels_are_those_of_the_whole_clip(engine: Engine, tmp_path: Path) -> None:
    dark, light = (np.full((48, 64, 3), level, np.uint8) for level in (60, 180))
    clip = write_clip(tmp_path / "clip.mkv", [dark] * 6 + [light] * 6)
    film = FinishedFilmRecipe(frame_recipe=CleanRecipe(content=content(clip), levels=1.0))
    with Clip(clip) as source:
        ranges = clip_ranges(film, source)
    assert ranges is not None
    assert all(
        low * 255 == pytest.approx(60, abs=4) and high * 255 == pytest.approx(180, abs=4) for low, high in ranges
    )


def test_recipes_of_finished_films(engine: Engine, tmp_path: Path) -> None:
    photo = PhotoRecipe(photo=FileRef(hash="1" * 64, name="clip.mp4"))
    film = FinishedFilmRecipe(frame_recipe=EnlargeRecipe(content=photo), start=1.0, end=2.0)
    assert FILM.loads(FILM.dumps(film)) == film
    assert recipe_hash(film) != recipe_hash(film.model_copy(update={"end": None}))
    for wrong in (SampleRecipe(model=photo.photo), PhotoRecipe(photo=photo.photo, max_side=64)):
        with pytest.raises(ValueError, match="its clip"):
            FinishedFilmRecipe(frame_recipe=EnlargeRecipe(content=wrong))
    with pytest.raises(ValueError, match="before it starts"):
        FinishedFilmRecipe(frame_recipe=EnlargeRecipe(content=photo), start=2.0, end=2.0)
    clip = write_clip(tmp_path / "clip.mp4", [np.zeros((48, 64, 3), np.uint8)] * 2)
    large = FinishedFilmRecipe(frame_recipe=EnlargeRecipe(content=content(clip), measure="pixels", pixels=9000))
    with pytest.raises(StudioError, match="too large"):
        drain(make_film(engine, large, clip, tmp_path / "film.mp4"))
