"""Style mixing from whole pictures: what of a picture can be mixed into others, and the grid of all with all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.base import StudioError, Work
from studio.engine.jobs.sample_grid import draw_samples
from studio.recipes import Latent, LatentW, SampleRecipe
from studio.recipes.mixing import mixed

if TYPE_CHECKING:
    from studio.engine.engine import Engine

Picture = NDArray[np.uint8]
GAP = 4


def latent_of(engine: Engine, recipe: SampleRecipe, like: SampleRecipe) -> Latent:
    """The latent that gives ``recipe``'s w under the truncation and class of ``like``.

    It is the recipe's own where nothing else moves its w, and else its numbers, one row if all layers have the same.

    Raises
    ------
    StudioError
        When the two belong to different models.
    """
    if recipe.model.hash != like.model.hash:
        raise StudioError(
            "The two pictures were drawn by different models.", "Styles can be mixed within one model only."
        )
    same = ("truncation", "truncation_cutoff", "label", "blend")
    if not recipe.directions and not recipe.style_mix and all(getattr(recipe, n) == getattr(like, n) for n in same):
        return recipe.latent
    return settled(engine, recipe).latent


def settled(engine: Engine, recipe: SampleRecipe) -> SampleRecipe:
    """The same picture with its w as numbers, in the place of seeds, style mixing and directions."""
    code = engine.space_of(recipe).recipe_code(recipe)
    rows = code.reshape(-1, code.shape[-1]).tolist()
    if all(row == rows[0] for row in rows):
        rows = rows[:1]
    latent = LatentW(values=tuple(tuple(row) for row in rows))
    return recipe.model_copy(update={"latent": latent, "directions": (), "style_mix": ()})


def grid_recipes(
    engine: Engine, rows: Sequence[SampleRecipe], columns: Sequence[SampleRecipe], layers: Collection[int]
) -> list[list[SampleRecipe]]:
    """A recipe for each row and column: the row's picture, whose ``layers`` take their style from the column's.

    Raises
    ------
    StudioError
        For a network without w, and as :func:`latent_of`.
    """
    count = getattr(engine.space(rows[0].model).generator.config, "num_ws", 0)
    if not count:
        raise StudioError(
            "This network has no layers with styles of their own.", "Style mixing needs a StyleGAN2 or StyleGAN3 model."
        )
    return [[mixed(row, latent_of(engine, column, row), layers, count) for column in columns] for row in rows]


def mix_grid(
    engine: Engine, rows: Sequence[SampleRecipe], columns: Sequence[SampleRecipe], layers: Collection[int]
) -> Work[Picture]:
    """The grid of the StyleGAN papers: sources of style above, the pictures that take it at the left.

    Karras et al. 2019, figure 3. Places that stay empty are white.

    Returns
    -------
    uint8, (height, width, 3).

    Raises
    ------
    StudioError
        As :func:`grid_recipes`.
    """
    cells = grid_recipes(engine, rows, columns, layers)
    order = [*columns]
    for row, found in zip(rows, cells, strict=True):
        order += [row, *found]
    pictures = yield from draw_samples(engine, order)
    return arranged([None, *pictures], len(columns) + 1)


def arranged(pictures: Sequence[Picture | None], columns: int) -> Picture:
    """Pictures of one size in rows of so many ``columns``, on white; None stays empty."""
    side = next(picture for picture in pictures if picture is not None).shape[:2]
    lines = -(-len(pictures) // columns)
    height, width = lines * (side[0] + GAP) - GAP, columns * (side[1] + GAP) - GAP
    sheet = np.full((height, width, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        if picture is None:
            continue
        top, left = number // columns * (side[0] + GAP), number % columns * (side[1] + GAP)
        place = sheet[top : top + side[0], left : left + side[1]]
        place[:] = on_white_pixels(picture)
    return sheet


def on_white_pixels(picture: Picture) -> Picture:
    """uint8 (h, w, 3 or 4) as it looks on white, (h, w, 3)."""
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.rint(picture[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def export_mix_grid(
    engine: Engine,
    rows: Sequence[SampleRecipe],
    columns: Sequence[SampleRecipe],
    layers: Collection[int],
    path: Path,
) -> Work[Path]:
    """Write a :func:`mix_grid` as a picture that says a model made it; it carries the recipe of its first row.

    Raises
    ------
    StudioError
        As :func:`mix_grid`, and when the file cannot be written.
    """
    from studio.recipes.embed import save_marked

    sheet = yield from mix_grid(engine, rows, columns, layers)
    return save_marked(sheet, path, rows[0], exists="replace")
