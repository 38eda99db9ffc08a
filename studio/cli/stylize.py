"""The command that restyles photos."""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

from studio.cli.app import (
    Device,
    DeviceOption,
    JsonOption,
    OutOption,
    app,
    drive,
    is_file_name,
    open_engine,
    picture_facts,
    print_pictures,
    safe_stem,
    save,
)


class Method(StrEnum):
    """How to stylize."""

    preview = "preview"
    optimise = "optimise"


class Network(StrEnum):
    """Perceptual network of the optimisation."""

    vgg16 = "vgg16-hed"
    vgg19 = "vgg19"


@app.command()
def stylize(
    photo: Annotated[Path, typer.Argument(help="The picture to restyle.")],
    style: Annotated[
        list[str], typer.Option("--style", "-s", help="A style picture, or path:weight. Repeat it to blend styles.")
    ],
    method: Annotated[Method, typer.Option(help="preview: at once; optimise: final quality, takes its time.")] = (
        Method.preview
    ),
    network: Annotated[Network, typer.Option(help="Perceptual network for --method optimise.")] = Network.vgg16,
    size: Annotated[int, typer.Option(min=32, max=32768, help="Long side of the result in pixels.")] = 512,
    content_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the picture remains.")] = 0.5,
    style_strength: Annotated[float, typer.Option(min=0, max=1, help="How much of the style is taken.")] = 1.0,
    keep_colors: Annotated[bool, typer.Option("--keep-colors", help="Keep the picture's own colours.")] = False,
    steps: Annotated[int, typer.Option(min=1, max=100_000, help="Optimisation steps.")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1)] = 0,
    out: OutOption = None,
    device: DeviceOption = Device.auto,
    as_json: JsonOption = False,
) -> None:
    """Restyle a picture with one style or a blend of several."""
    styles = [parse_style(text) for text in style]
    if out is not None:
        is_file_name(out)
    from studio.recipes import PhotoRecipe, StyleUse, StylizeRecipe

    engine = open_engine(device)
    heaviest = max(weight for _, weight in styles)
    recipe = StylizeRecipe(
        content=PhotoRecipe(photo=engine.sources.add(photo)),
        styles=tuple(
            # Only their proportions count; recipes want them in 0..1.
            StyleUse(source=PhotoRecipe(photo=engine.sources.add(path)), weight=weight / max(1.0, heaviest))
            for path, weight in styles
        ),
        method=method.value,
        network=network.value,
        size=size,
        content_strength=content_strength,
        style_strength=style_strength,
        keep_colors=keep_colors,
        steps=steps,
        seed=seed,
    )
    rendered = drive(engine.render(recipe), "Stylizing")
    path = save(rendered.image, recipe, out, safe_stem(f"{photo.stem} in {styles[0][0].stem}"))
    print_pictures([picture_facts(path, rendered.image, recipe)], as_json)


def parse_style(text: str) -> tuple[Path, float]:
    """A style picture and its weight from ``"path"`` or ``"path:weight"``.

    Raises
    ------
    typer.BadParameter
        When the weight is not a positive number.
    """
    head, colon, tail = text.rpartition(":")
    # A colon may belong to the path: C:\picture.png, or a file that is really called so.
    if not colon or Path(text).exists():
        return Path(text), 1.0
    try:
        weight = float(tail)
    except ValueError:
        return Path(text), 1.0
    if not (math.isfinite(weight) and weight > 0):
        raise typer.BadParameter(f"“{text}”: the weight after the colon must be greater than 0.")
    return Path(head), weight
