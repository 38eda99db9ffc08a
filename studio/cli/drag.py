"""The command that drags points of a picture to other places."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.base import StudioError
from studio.cli.app import app, drive
from studio.cli.explore import read_any_recipe
from studio.cli.field_options import with_shared_options
from studio.cli.file_names import name_of_dragged
from studio.cli.shared_options import Output
from studio.recipes import SampleRecipe

Point = tuple[float, float]


@app.command()
@with_shared_options("output")
def drag(
    picture: Annotated[Path, typer.Argument(help="A sample that carries its recipe, or its recipe file (.json).")],
    start: Annotated[list[str], typer.Option("--from", help="A point X,Y in pixels from the left top. Repeatable.")],
    to: Annotated[list[str], typer.Option("--to", help="Where it shall be, X,Y; one for each --from.")],
    mask: Annotated[
        Path | None, typer.Option("--mask", help="A picture that is white where something may move.")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, max=2000, help="At most so many steps.")] = 150,
    output: Output = Output(),
) -> None:
    """Drag points of a sample to where they shall be; the network redraws the picture so (DragGAN)."""
    handles, targets = [parse_point(text) for text in start], [parse_point(text) for text in to]
    if len(handles) != len(targets):
        raise typer.BadParameter(f"There are {len(handles)} --from and {len(targets)} --to: give one --to for each.")
    output.check()
    recipe = read_any_recipe(picture)
    if not isinstance(recipe, SampleRecipe):
        raise StudioError(
            f"{picture.name} was not drawn by a network alone.",
            "Choose a sample, as “latent-studio sample” draws them.",
        )
    movable = None
    if mask is not None:
        import numpy as np

        from studio.media.photos import open_photo

        movable = np.asarray(open_photo(mask).convert("L")) > 127
    from studio.engine.jobs.dragging import drag_sample

    engine = output.engine()
    state = drive(drag_sample(engine, recipe, handles, targets, movable, steps=steps), "Dragging")
    rendered = drive(engine.render(state.recipe), "Drawing")
    saved = output.save(rendered.image, state.recipe, name_of_dragged(picture.stem))
    told = {
        "distance": round(state.distance, 2),
        "handles": [list(handle) for handle in state.handles],
        "outcome": state.outcome,
    }
    output.show({**saved, **told})


def parse_point(text: str) -> Point:
    """(x, y) from ``"120,80"``.

    Raises
    ------
    typer.BadParameter
        When it reads otherwise.
    """
    x, comma, y = text.partition(",")
    try:
        if not comma:
            raise ValueError
        return float(x), float(y)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no point such as 120,80.") from None
