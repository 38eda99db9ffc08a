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
    from studio.synthesis.latents import LatentSpace


def journey_length(keys: int, frames_per_leg: int, *, loop: bool) -> int:
    """Number of frames of a journey through ``keys`` latents."""
    return keys * frames_per_leg if loop else (keys - 1) * frames_per_leg + 1


def journey_frames(
    engine: Engine, keys: Sequence[SampleRecipe], frames_per_leg: int, *, loop: bool, easing: Easing = "linear"
) -> Work[int]:
    """Walk through the latents of ``keys``; yields every frame as a preview, returns their number.

    Truncation, mixing, direction moves and the share of a second network are each key's own; the noise is the first
    key's. Between keys with different second networks the way leads through the first network alone.

    Raises
    ------
    StudioError
        For fewer than two keys, or keys of different models.
    """
    way = _Way(engine, keys, loop=loop)
    total = journey_length(len(keys), frames_per_leg, loop=loop)
    for frame in range(total):
        space, code, _ = way.at(journey_position(frame, frames_per_leg, easing))
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
    _, code, blend = _Way(engine, keys, loop=loop).at(position)
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

    Between keys with different second networks it leads through the first network alone, half way.
    """

    def __init__(self, engine: Engine, keys: Sequence[SampleRecipe], *, loop: bool) -> None:
        _check_keys(keys)
        self._engine, self._first, self._loop = engine, keys[0], loop
        self._spaces: dict[str, LatentSpace] = {}  # by the hash of the second network
        self._blends = [key.blend for key in keys]
        # A blend's share in the mapping decides which w a seed is.
        self._codes = [self._space(key.blend).recipe_code(key) for key in keys]

    def at(self, position: float) -> tuple[LatentSpace, Tensor, NetworkBlend | None]:
        """The code and the blend at ``position``, and what draws it until the next one is asked for."""
        index = math.floor(position)
        amount, count = position - index, len(self._blends)
        here, there = (self._blends[n % count if self._loop else min(n, count - 1)] for n in (index, index + 1))
        blend = _between(here, there, amount)
        space = self._space(blend)
        return space, space.path(self._codes, position, loop=self._loop), blend

    def _space(self, blend: NetworkBlend | None) -> LatentSpace:
        from studio.synthesis.network_blending import BlendedSpace

        name = "" if blend is None else blend.model.hash
        space = self._spaces.get(name)
        if space is None:
            space = self._engine.lasting_space(self._first.model_copy(update={"blend": blend}))
            self._spaces[name] = space
        elif blend is not None:
            assert isinstance(space, BlendedSpace)
            space.set(blend)
        return space


def _between(a: NetworkBlend | None, b: NetworkBlend | None, amount: float) -> NetworkBlend | None:
    """The blend that lies ``amount`` (0 to 1) of the way from ``a`` to ``b``; the shares go straight.

    None has nothing of any second network; from one to another all that there is of the first goes before.
    The mapping stays ``a``'s: on the way latents are numbers, which no mapping changes.
    """
    if a is None or b is None:
        whole = a or b
        if whole is None:
            return None
        nothing = whole.model_copy(update={"amounts": (0.0,) * len(whole.amounts), "mapping": 0.0})
        a, b = a or nothing, b or nothing
    elif a.model.hash != b.model.hash:
        return _between(a, None, 2 * amount) if amount < 0.5 else _between(None, b, 2 * amount - 1)
    shares = tuple(min(1.0, x + (y - x) * amount) for x, y in zip(a.amounts, b.amounts, strict=True))
    return a.model_copy(update={"amounts": shares})


def _check_keys(keys: Sequence[SampleRecipe]) -> None:
    if len(keys) < 2:
        raise StudioError("An interpolation needs at least two picked latents.", "Pick one more.")
    if len({key.model.hash for key in keys}) != 1:
        raise StudioError(
            "The picked latents belong to different models.",
            "Keep only picks of one model: latents mean nothing to another.",
        )
    if len({len(key.blend.amounts) for key in keys if key.blend is not None}) > 1:
        raise StudioError(
            "The picked latents are blends of different numbers of layers.",
            "Keep only picks that were mixed with models of the same shape.",
        )
