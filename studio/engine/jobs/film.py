"""Making a film of a clip: frame by frame, stylized or finished, into a folder; then encoded with the clip's sound."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import check_writable, file_stamp, size_text
from studio.base.names import readable
from studio.engine.jobs.film_file import FILM_SUFFIXES, FilmFile
from studio.engine.jobs.film_finishing import FINISHING, ClipFinisher, clip_ranges, finished_size
from studio.engine.jobs.film_folder import FilmFolder, FilmProperties
from studio.engine.memory import retried
from studio.engine.steps.photo import read_mask
from studio.engine.steps.stylize import style_inputs
from studio.media.clips import Clip, ClipFrame
from studio.recipes import (
    FileRef,
    FilmRecipe,
    FinishedFilmRecipe,
    PhotoRecipe,
    Recipe,
    StylizeRecipe,
    StylizeSettings,
    film_of,
    on_photo,
)
from studio.recipes.sequences.film import AnyFilm, FlowName, film_comment, film_size
from studio.stylization.color import fitted
from studio.stylization.flow import best_flow
from studio.stylization.video import Before, ClipStyler, StyledFrame

if TYPE_CHECKING:
    from studio.engine.engine import Engine

HASH_CHUNK = 64 * 2**20
PNG_SHARE = 0.85
"""Bytes of a frame on the disk, of those of its pixels."""
FILM_SHARE = 0.12
_ENDS = 5
"""Frames at the begin and the end of a film whose times are compared, more than are decoded out of turn."""
_EVEN = 1.5
"""How many times longer than the shortest of them the longest may be shown."""
STYLIZING = Message("Stylizing the clip")


class FrameMaker(Protocol):
    """The maker of a film's frames, one after the other."""

    def frame(self, content: NDArray[np.uint8], before: Before | None = None) -> Work[StyledFrame]:
        """The frame of the film for one of the clip, uint8 (height, width, 3); ``before`` is the one before it."""


@dataclass(frozen=True)
class FilmMade:
    """A finished film.

    Attributes
    ----------
    frames, seconds : how many pictures it has, and how long it is.
    continued_from : frames that were there from before.
    broken_at : seconds of the clip at which it is damaged or ends too soon; None when it is sound.
    """

    path: Path
    film: AnyFilm
    frames: int
    seconds: float
    continued_from: int
    broken_at: float | None


def clip_hash(path: Path) -> Work[str]:
    """SHA-256 (hex) of a file that may be large; known from before when the file has not changed since.

    Raises
    ------
    StudioError
        When it cannot be read.
    """
    digest, done = hashlib.sha256(), 0
    try:
        state = str(path.absolute()), file_stamp(path)
        if state in _hashes:
            return _hashes[state]
        with path.open("rb") as file:
            total = path.stat().st_size
            while chunk := file.read(HASH_CHUNK):
                digest.update(chunk)
                done += len(chunk)
                yield Progress(done // 2**20, total // 2**20, Message("Reading the clip"))
    except OSError as error:
        raise StudioError(
            Message("“{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror or error),
            "Check that the file is there.",
        ) from error
    _hashes[state] = digest.hexdigest()
    return _hashes[state]


_hashes: dict[tuple[str, int], str] = {}


def clip_size(path: Path) -> int:
    """The long side of a clip as it is shown, in pixels, as far as films go (32 to 8192).

    Raises
    ------
    StudioError
        When it cannot be read.
    """
    with Clip(path) as clip:
        return film_size(clip.properties.width, clip.properties.height)


def film_clip(
    engine: Engine,
    recipe: StylizeRecipe,
    clip: Path,
    out: Path,
    *,
    stabilise: float = 0.8,
    start: float = 0.0,
    end: float | None = None,
    flow: FlowName | None = None,
    keep: bool = False,
) -> Work[FilmMade]:
    """Film ``clip`` as any picture was stylized, with the best optical flow there is unless one is named.

    Otherwise as :func:`make_film`.
    """
    ref = FileRef(hash=(yield from clip_hash(clip)), name=readable(clip.name)[:255])
    film = film_of(recipe, ref, stabilise=stabilise, start=start, end=end, flow=flow or best_flow())
    return (yield from make_film(engine, film, clip, out, keep=keep))


def finish_clip(
    engine: Engine, recipe: Recipe, clip: Path, out: Path, *, start: float = 0.0, end: float | None = None
) -> Work[FilmMade]:
    """Do to every frame of ``clip`` what ``recipe`` does to its photo. Otherwise as :func:`make_film`."""
    ref = FileRef(hash=(yield from clip_hash(clip)), name=readable(clip.name)[:255])
    document = {"frame_recipe": on_photo(recipe, PhotoRecipe(photo=ref)), "start": start, "end": end}
    return (yield from make_film(engine, FinishedFilmRecipe.model_validate(document), clip, out))


def clip_styler(engine: Engine, film: FilmRecipe) -> Work[ClipStyler]:
    """The stylizer of the frames of a film. Raises as :meth:`studio.engine.Engine.render`."""
    recipe = film.frame_recipe
    return ClipStyler(
        (yield from style_inputs(recipe.styles, recipe.size, engine)),
        StylizeSettings.within(recipe),
        read_mask(recipe.mask, engine.sources),
        stabilise=film.stabilise,
        flow=film.flow,
        extractor=(yield from engine.perceptual_network(recipe.network)) if recipe.method != "preview" else None,
        device=engine.device,
        face_map=engine.face_map if recipe.method != "preview" and recipe.faces > 0 else None,
    )


def make_film(
    engine: Engine, film: AnyFilm, clip: Path, out: Path, *, keep: bool = False, overwrite: bool = True
) -> Work[FilmMade]:
    """Stylize ``clip``, or finish it, into ``out``.

    Whoever closes this work, or ends the process, finds the frames so far kept; the same call goes on with the next
    one, and the film is the same as without an interruption.

    Parameters
    ----------
    clip : the file that ``film`` names by its hash.
    out : ends in .mp4, .mov or .mkv; written when all frames are there.
    keep : leave the frames in their folder when the film is done.
    overwrite : replace a file ``out`` that is there already.

    Yields
    ------
    Progress in frames, each with the frame as preview, then in frames written.

    Raises
    ------
    StudioError
        When the clip cannot be read, is another one than the recipe's, or there is too little space on the disk.
    """
    if out.suffix.lower() not in FILM_SUFFIXES:
        raise StudioError(
            Message("“{name}” is not the name of a film.", name=out.name),
            "Let the file name end in .mp4, .mov or .mkv.",
        )
    if out.exists() and clip.exists() and out.samefile(clip):
        raise StudioError("The film would overwrite its own clip.", "Choose another file name.")
    check_writable(out.parent)  # not when all frames are made
    if (yield from clip_hash(clip)) != film.clip.hash:
        raise StudioError(
            Message("“{name}” is not the clip of this film any more: its content is another.", name=clip.name),
            "Make the film anew.",
        )
    folder = FilmFolder.of(film, engine.device.type)
    with Clip(clip) as source:
        total = source.properties.frames_between(film.start, film.end)
        known = folder.read()
        done = folder.sound_frames() if known is not None else 0
        properties = FilmProperties(
            film, clip, out, total, source.time_base, known.broken_at if known and done else None
        )
        width, height = _size(film, source)
        _check_space(folder, out, max(0, total - done), total, width * height * 3)
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.claim()
        try:
            folder.write(properties)
            made, properties = yield from _frames(engine, film, source, folder, properties, done)
            if made == 0:
                raise StudioError(
                    Message("“{name}” has no pictures from {start:g} seconds on.", name=clip.name, start=film.start),
                    "Choose another part of it.",
                )
            seconds = yield from _write(film, source, folder, out, made, overwrite)
        finally:
            folder.release()
    if not keep:
        folder.remove()
    return FilmMade(out, film, made, seconds, done, properties.broken_at)


def _frames(
    engine: Engine, film: AnyFilm, source: Clip, folder: FilmFolder, properties: FilmProperties, done: int
) -> Work[tuple[int, FilmProperties]]:
    """Make what is missing of the frames; returns how many there are."""
    maker: FrameMaker
    if isinstance(film, FilmRecipe):
        maker, doing = (yield from clip_styler(engine, film)), STYLIZING
    else:
        maker, doing = ClipFinisher(film, engine, clip_ranges(film, source)), FINISHING
    frames, before = _continued(film, source, folder, done)
    if before is None:
        done = 0
    else:
        yield Progress(done, max(properties.total, done), doing, before.picture)
    for frame in frames:
        work = retried(partial(maker.frame, frame.image, before), engine)
        while True:
            try:
                step = next(work)
            except StopIteration as stop:
                styled = stop.value
                break
            yield replace(step, step=done, total=max(properties.total, done + 1))
        folder.save_frame(done, styled.picture, frame.ticks)
        before = styled.before
        done += 1
        if source.broken_at is not None and properties.broken_at is None:
            properties = replace(properties, broken_at=source.broken_at)
            folder.write(properties)
        yield Progress(done, max(properties.total, done), doing, styled.picture)
    if source.broken_at is not None and properties.broken_at is None:
        properties = replace(properties, broken_at=source.broken_at)
    # What an earlier, longer reading of a damaged clip may have left.
    number = done
    while folder.frame_path(number).exists():
        folder.frame_path(number).unlink()
        number += 1
    return done, properties


def _continued(film: AnyFilm, source: Clip, folder: FilmFolder, done: int) -> tuple[Iterator[ClipFrame], Before | None]:
    """The frames still to be made, and the one before them; from the beginning when they cannot be found again."""
    side = film.frame_side
    if done:
        picture, ticks = folder.frame(done - 1)
        # Jumping to it is quick, but not every container can; then all is decoded up to it.
        for frames in (
            source.frames(end=film.end, max_side=side, from_ticks=ticks),
            source.frames(film.start, film.end, max_side=side),
        ):
            for frame in frames:
                if frame.ticks == ticks:
                    return frames, Before(frame.image if side is None else fitted(frame.image, side), picture)
                if frame.ticks > ticks:
                    break
    return source.frames(film.start, film.end, max_side=side), None


def _write(film: AnyFilm, source: Clip, folder: FilmFolder, out: Path, count: int, overwrite: bool) -> Work[float]:
    """Encode all frames and the sound; returns the length in seconds."""
    ticks = [folder.frame(number)[1] for number in (0, count - 1)]
    step = source.ticks_shown(ticks[1])
    if film.end is not None:
        step = max(1, min(step, round((film.end - source.seconds_of(ticks[1])) / source.time_base)))
    whole = film.start <= 0 and film.end is None
    begin = float(ticks[0] * source.time_base)
    until = None if whole else float((ticks[1] + step) * source.time_base)
    even = _evenly_shown(folder, count, step)
    comment = film_comment(film)
    with FilmFile(out, source.properties.fps, source.time_base, comment, overwrite=overwrite, even=even) as file:
        if source.properties.has_sound:
            file.add_sound(source.path, begin, until)
        for number in range(count):
            picture, at = folder.frame(number)
            file.add(picture, at - ticks[0])
            yield Progress(number + 1, count, Message("Writing the film"), picture if number % 10 == 0 else None)
        file.finish(step)
    return float((ticks[1] - ticks[0] + step) * source.time_base)


def _evenly_shown(folder: FilmFolder, count: int, last: int) -> bool:
    """Return whether the frames at both ends are shown about equally long, the last one for ``last`` ticks."""
    ends = [range(min(count, _ENDS)), range(max(0, count - _ENDS), count)]
    times = [[folder.time_of(number) for number in numbers] for numbers in ends]
    shown = [later - time for each in times for time, later in pairwise(each)] + [last]
    return max(shown) <= _EVEN * max(1, min(shown))


def _size(film: AnyFilm, source: Clip) -> tuple[int, int]:
    """Width and height of the film in pixels."""
    width, height = source.properties.width, source.properties.height
    if film.frame_side is None:
        return finished_size(film, width, height)
    shape = fitted(np.zeros((height, width, 3), np.uint8), film.frame_side).shape
    return shape[1], shape[0]


def _check_space(folder: FilmFolder, out: Path, missing: int, total: int, pixel_bytes: int) -> None:
    """Refuse to begin what the disk cannot hold."""
    required: dict[int, tuple[Path, float]] = {}
    for place, need in (
        (folder.path, missing * pixel_bytes * PNG_SHARE),
        (out.parent, total * pixel_bytes * FILM_SHARE),
    ):
        there = next(each for each in (place, *place.absolute().parents) if each.exists())
        device = there.stat().st_dev
        required[device] = there, need + required.get(device, (there, 0.0))[1]
    for there, need in required.values():
        free = shutil.disk_usage(there).free
        if need > free:
            raise StudioError(
                Message(
                    "The film needs about {needed} on the disk of {folder}; {free} are free.",
                    needed=size_text(need),
                    folder=there,
                    free=size_text(free),
                ),
                "Free some space, choose a smaller size or a shorter part of the clip.",
            )
