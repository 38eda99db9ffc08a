"""Frames of clip and film of the same moment."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studio.media.clips import Clip
from studio.ui.clip.paired_frames import Reels, stepped
from studio.ui.clip.playing_times import FilmPlace
from tests.support.greys import (
    FPS,
    PARTED,
    clip_file,
    negatives,
    never,
    number_of,
    pairs,
    parted_file,
    write_film,
    write_frames,
)

__all__ = ["clip_file", "parted_file"]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_frames_of_clip_and_film_are_those_of_the_same_moment(clip_file: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"film{suffix}"
    write_film(clip_file, out, 0.2, 0.6)
    reels = Reels(clip_file, FilmPlace(out, 0.2, 0.6))
    every = [(round(n / FPS, 3), n, n) for n in range(5, 15)]
    assert pairs(reels.pairs("both", 0.2, 0.6, None, never)) == every
    assert pairs(reels.pairs("film", 0.2, 0.6, None, never)) == [(at, None, n) for at, _, n in every]
    assert pairs(reels.pairs("clip", 0.2, 0.6, None, never)) == [(at, n, None) for at, n, _ in every]
    # From the middle, beyond the film's end, and leaving some out.
    assert pairs(reels.pairs("both", 0.52, None, None, never))[:3] == [
        (0.52, 13, 13),
        (0.56, 14, 14),
        (0.6, 15, None),
    ]
    skipped = pairs(reels.pairs("both", 0.2, 0.6, None, lambda seconds: round(seconds * FPS) % 3 != 0))
    assert skipped == [(0.24, 6, 6), (0.36, 9, 9), (0.48, 12, 12)]
    assert pairs(iter([reels.frames_at(0.41)])) == [(0.4, 10, 10)]
    assert pairs(iter([reels.frames_at(0.1)])) == [(0.08, 2, None)]
    assert reels.frames_at(0.4, side=48).clip.shape == (32, 48, 3)  # type: ignore[union-attr]
    reels.close()


def test_pairs_of_a_variable_rate(parted_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    write_film(parted_file, out, 0.05, None)
    reels = Reels(parted_file, FilmPlace(out, 0.05))
    expected = [(at, n, n) for n, at in enumerate(PARTED) if at >= 0.05]
    assert pairs(reels.pairs("both", 0.05, None, None, never)) == expected
    assert pairs(reels.pairs("film", 0.2, None, None, never))[0] == (0.05, None, 2)  # it is still shown then
    assert pairs(iter([reels.frames_at(0.7)])) == [(0.32, 4, 4)]
    reels.close()
    with Clip(parted_file) as clip:
        assert [number_of(stepped(clip, 0.31, steps).picture()) for steps in (-9, -1, 0, 1, 2, 9)] == [
            0,
            2,
            3,
            4,
            5,
            7,
        ]


def test_an_unfinished_film_goes_on_as_the_clip(clip_file: Path, tmp_path: Path) -> None:
    folder = write_frames(clip_file, tmp_path / "film.mp4", 3, start=0.2)
    reels = Reels(clip_file, FilmPlace(folder.path, 0.2, unfinished=True))
    film = pairs(reels.pairs("film", 0.2, 0.4, None, never))
    assert film == [(0.2, None, 5), (0.24, None, 6), (0.28, None, 7), (0.32, 8, None), (0.36, 9, None)]
    both = pairs(reels.pairs("both", 0.24, 0.36, None, never))
    assert both == [(0.24, 6, 6), (0.28, 7, 7), (0.32, 8, None)]
    assert pairs(iter([reels.frames_at(0.3), reels.frames_at(0.33)])) == [(0.28, 7, 7), (0.32, 8, None)]
    # A frame that was made meanwhile is there; so is the clip when all frames are gone.
    picture, ticks = negatives(clip_file, 0.32, 0.36)[0]
    folder.save_frame(3, picture, ticks)
    assert pairs(iter([reels.frames_at(0.33)])) == [(0.32, 8, 8)]
    folder.remove()
    assert pairs(iter([reels.frames_at(0.25)])) == [(0.24, 6, None)]
    reels.close()


def test_pixels_are_made_only_when_asked_for(clip_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    original = Clip._pixels
    monkeypatch.setattr(Clip, "_pixels", lambda self, *rest: (made.append(1), original(self, *rest))[1])
    with Clip(clip_file) as clip:
        frames = list(clip.passing(0.2, 0.4))
        assert [round(frame.seconds * FPS) for frame in frames] == [5, 6, 7, 8, 9] and not made
        assert number_of(frames[2].picture()) == 7 and made == [1]
        assert clip.properties.fps == Fraction(FPS)
        sizes = [frames[0].picture(side, quick=True).shape for side in (None, 200, 80, 48)]
        assert sizes == [(64, 96, 3), (64, 96, 3), (64, 96, 3), (32, 48, 3)]
