"""Recipes of places on the map of a latent space, and a sheet of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.base import Work
from studio.engine.jobs.mixing import arranged
from studio.engine.jobs.sample_grid import draw_samples
from studio.recipes import LatentW, SampleRecipe
from studio.synthesis.latent_map import MapPin, Place, grid, nearness, z_at

if TYPE_CHECKING:
    from studio.engine.engine import Engine


def map_recipes(
    engine: Engine, base: SampleRecipe, places: Sequence[Place], anchors: Sequence[MapPin] = ()
) -> list[SampleRecipe]:
    """The pictures at ``places``: ``base`` with their w (z, for networks without w) as numbers.

    Truncation and class of ``base`` are in these numbers; its directions and style mixing are left out.

    Parameters
    ----------
    anchors : pictures of the same network whose latents the map is bent to, see :mod:`studio.synthesis.latent_map`. At
        the place of an anchor ``base`` has its latent, directions and style mixing.
    """
    import torch

    space = engine.space_of(base)
    bends: dict[Place, torch.Tensor] = {}

    def field(place: Place) -> torch.Tensor:
        z = torch.from_numpy(z_at(place, space.generator.config.z_dim))
        return space.code_of_z(z[None], base)

    found = []
    for place in places:
        # One by one: in a batch the last digits would depend on which others are asked for.
        code = field(place)
        itself = None
        for anchor in anchors:
            at = (anchor.x, anchor.y)
            if not (near := nearness(place, at)):
                continue
            own = {name: getattr(anchor.recipe, name) for name in ("latent", "directions", "style_mix")}
            if at == place:
                itself = base.model_copy(update=own)
                continue
            if at not in bends:
                bends[at] = space.recipe_code(base.model_copy(update=own)) - field(at)
            code = code + near * bends[at]
        if itself is not None:
            found.append(itself)
            continue
        rows = code.reshape(-1, code.shape[-1])
        if bool((rows == rows[:1]).all()):
            rows = rows[:1]
        latent = LatentW(values=tuple(map(tuple, rows.tolist())))
        found.append(base.model_copy(update={"latent": latent, "directions": (), "style_mix": ()}))
    return found


def map_sheet(
    engine: Engine,
    base: SampleRecipe,
    middle: Place,
    zoom: float,
    columns: int,
    rows: int,
    anchors: Sequence[MapPin] = (),
    *,
    max_side: int,
) -> Work[NDArray[np.uint8]]:
    """A sheet of the map around ``middle``, pictures 1 / ``zoom`` apart: uint8 (height, width, 3)."""
    recipes = map_recipes(engine, base, grid(middle, zoom, columns, rows), anchors)
    pictures = yield from draw_samples(engine, recipes, max_side=max_side)
    return arranged(pictures, columns)
