"""Journeys through the latent space of a model: their frames, the recipe of each, and their film."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import Message, Progress, StudioError, Work
from studio.engine.jobs.journey_file import FilmCodec, write_video
from studio.engine.memory import call_retried
from studio.recipes import JourneyRecipe, LatentW, SampleRecipe
from studio.recipes.sequences.journey import Easing, journey_comment, journey_position

if TYPE_CHECKING:
    from torch import Tensor

    from studio.engine.engine import Engine
    from studio.synthesis.latents import LatentSpace


def journey_length(keys: int, frames_per_leg: int, *, loop: bool) -> int:
    """Number of frames of a journey through ``keys`` latents."""
    return keys * frames_per_leg if loop else (keys - 1) * frames_per_leg + 1


def journey_frames(
    engine: Engine, keys: Sequence[SampleRecipe], frames_per_leg: int, *, loop: bool, easing: Easing = "linear"
) -> Work[int]:
    """Walk through the latents of ``keys``; yields every frame as a preview, returns their number.

    Truncation, mixing and direction moves are each key's own; the noise is the first key's.

    Raises
    ------
    StudioError
        For fewer than two keys, or keys of different models.
    """
    space, codes = _space_and_codes(engine, keys)
    total = journey_length(len(keys), frames_per_leg, loop=loop)
    for frame in range(total):
        code = space.path(codes, journey_position(frame, frames_per_leg, easing), loop=loop)
        picture = call_retried(partial(space.picture, code, keys[0]), engine)
        yield Progress(frame + 1, total, Message("Interpolating"), picture.numpy())
    return total


def frame_recipe(engine: Engine, keys: Sequence[SampleRecipe], position: float, *, loop: bool) -> SampleRecipe:
    """The recipe of a frame of :func:`journey_frames`, which gives the same pixels.

    Parameters
    ----------
    position : as :func:`studio.recipes.sequences.journey.journey_position` says.

    Raises
    ------
    StudioError
        As :func:`journey_frames`.
    """
    space, codes = _space_and_codes(engine, keys)
    code = space.path(codes, position, loop=loop)
    rows = code.reshape(-1, code.shape[-1]).tolist()
    latent = LatentW(values=tuple(tuple(row) for row in rows))
    return keys[0].model_copy(update={"latent": latent, "directions": (), "style_mix": ()})


def export_journey(
    engine: Engine,
    keys: Sequence[SampleRecipe],
    path: Path,
    *,
    frames_per_leg: int = 48,
    fps: int = 24,
    loop: bool = True,
    easing: Easing = "linear",
    overwrite: bool = True,
    side: int | None = None,
    codec: FilmCodec = "h264",
) -> Work[Path]:
    """Write a journey as an MP4; its comment holds the :class:`JourneyRecipe`, and says that a model made it.

    Parameters
    ----------
    side, codec : as of :func:`studio.engine.jobs.journey_file.write_video`.

    Raises
    ------
    StudioError
        As :func:`journey_frames` and :func:`studio.engine.jobs.journey_file.write_video`.
    """
    _check_keys(keys)
    journey = JourneyRecipe(keys=tuple(keys), frames_per_leg=frames_per_leg, fps=fps, loop=loop, easing=easing)
    comment = journey_comment(journey)
    frames = journey_frames(engine, keys, frames_per_leg, loop=loop, easing=easing)
    pictures = (progress.preview for progress in frames if progress.preview is not None)
    total = journey_length(len(keys), frames_per_leg, loop=loop)
    return (
        yield from write_video(
            path, pictures, fps=fps, total=total, comment=comment, overwrite=overwrite, side=side, codec=codec
        )
    )


def _space_and_codes(engine: Engine, keys: Sequence[SampleRecipe]) -> tuple[LatentSpace, list[Tensor]]:
    _check_keys(keys)
    space = engine.lasting_space(keys[0])
    return space, [space.recipe_code(key) for key in keys]


def _check_keys(keys: Sequence[SampleRecipe]) -> None:
    if len(keys) < 2:
        raise StudioError("An interpolation needs at least two picked latents.", "Pick one more.")
    if len({key.model.hash for key in keys}) != 1:
        raise StudioError(
            "The picked latents belong to different models.",
            "Keep only picks of one model: latents mean nothing to another.",
        )
    if len({key.blend for key in keys}) != 1:
        raise StudioError(
            "The picked latents belong to different blends of two models.", "Keep only picks of one blend."
        )
