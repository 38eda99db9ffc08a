"""Journeys through the latent space of a model: their frames, the recipe of each, and their film."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from studio.base import Message, Progress, StudioError, Work
from studio.engine.jobs.journey_file import FilmCodec, write_video
from studio.engine.memory import call_retried
from studio.recipes import JourneyRecipe, LatentW, NetworkBlend, SampleRecipe
from studio.recipes.sequences.journey import Easing, journey_comment, journey_position

if TYPE_CHECKING:
    from torch import Tensor

    from studio.engine.engine import Engine


def journey_length(keys: int, frames_per_leg: int, *, loop: bool) -> int:
    """Number of frames of a journey through ``keys`` latents."""
    return keys * frames_per_leg if loop else (keys - 1) * frames_per_leg + 1


def journey_frames(
    engine: Engine, keys: Sequence[SampleRecipe], frames_per_leg: int, *, loop: bool, easing: Easing = "linear"
) -> Work[int]:
    """Walk through the latents of ``keys``; yields every frame as a preview, returns their number.

    Truncation, mixing, direction moves and the share of a second network are each key's own; the noise is the first
    key's.

    Raises
    ------
    StudioError
        For fewer than two keys, or keys of different models or different second ones.
    """
    way = _Way(engine, keys, loop=loop)
    total = journey_length(len(keys), frames_per_leg, loop=loop)
    for frame in range(total):
        code, _ = way.at(journey_position(frame, frames_per_leg, easing))
        picture = call_retried(partial(way.space.picture, code, keys[0]), engine)
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
    code, blend = _Way(engine, keys, loop=loop).at(position)
    rows = code.reshape(-1, code.shape[-1]).tolist()
    latent = LatentW(values=tuple(tuple(row) for row in rows))
    return keys[0].model_copy(update={"latent": latent, "directions": (), "style_mix": (), "blend": blend})


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


class _Way:
    """The way through the codes of keys, and through their blends of two networks.

    Attributes
    ----------
    space : what the frames are drawn from; it holds the weights of the place that was asked for last.
    """

    def __init__(self, engine: Engine, keys: Sequence[SampleRecipe], *, loop: bool) -> None:
        _check_keys(keys)
        self._blends = _filled([key.blend for key in keys])
        whole = [key.model_copy(update={"blend": blend}) for key, blend in zip(keys, self._blends, strict=True)]
        self.space = engine.lasting_space(whole[0])
        self._loop = loop
        self._codes = []
        for key in whole:
            self._take(key.blend)  # its share in the mapping decides which w a seed is
            self._codes.append(self.space.recipe_code(key))

    def _take(self, blend: NetworkBlend | None) -> None:
        from studio.synthesis.network_blending import BlendedSpace

        if blend is not None:
            assert isinstance(self.space, BlendedSpace)
            self.space.set(blend)

    def at(self, position: float) -> tuple[Tensor, NetworkBlend | None]:
        """The code and the blend at ``position``, whose weights are taken; the shares go straight from key to key."""
        index = math.floor(position)
        amount, count = position - index, len(self._blends)
        here, there = (self._blends[n % count if self._loop else min(n, count - 1)] for n in (index, index + 1))
        blend = here if here is None or there is None else _between(here, there, amount)
        self._take(blend)
        return self.space.path(self._codes, position, loop=self._loop), blend


def _between(a: NetworkBlend, b: NetworkBlend, amount: float) -> NetworkBlend:
    """The blend that lies ``amount`` (0 to 1) of the way from ``a`` to ``b``, of the same networks.

    The mapping stays ``a``'s: on the way latents are numbers, which no mapping changes.
    """
    shares = tuple(min(1.0, x + (y - x) * amount) for x, y in zip(a.amounts, b.amounts, strict=True))
    return a.model_copy(update={"amounts": shares})


def _filled(blends: Sequence[NetworkBlend | None]) -> list[NetworkBlend | None]:
    """Keys without a second network among those with one have none of it."""
    known = next((blend for blend in blends if blend is not None), None)
    if known is None:
        return list(blends)
    nothing = known.model_copy(update={"amounts": (0.0,) * len(known.amounts), "mapping": 0.0})
    return [nothing if blend is None else blend for blend in blends]


def _check_keys(keys: Sequence[SampleRecipe]) -> None:
    if len(keys) < 2:
        raise StudioError("An interpolation needs at least two picked latents.", "Pick one more.")
    if len({key.model.hash for key in keys}) != 1:
        raise StudioError(
            "The picked latents belong to different models.",
            "Keep only picks of one model: latents mean nothing to another.",
        )
    if len({(key.blend.model.hash, len(key.blend.amounts)) for key in keys if key.blend is not None}) > 1:
        raise StudioError(
            "The picked latents were mixed with different second models.",
            "Keep only picks with one second model, and picks without any.",
        )
