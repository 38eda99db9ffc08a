"""Options that the commands for folders and for training share, and the settings they add up to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer


class CropKind(StrEnum):
    """The part cut out of pictures that are not square."""

    centre = "centre"
    salient = "salient"
    fit = "fit"
    random = "random"


class NearKind(StrEnum):
    """The fate of near-duplicates."""

    keep = "keep"
    drop = "drop"


CropOption = Annotated[
    CropKind | None,
    typer.Option(
        help="centre: the middle square; salient: where most is to be seen; fit: all of it, on the background; "
        "random: several squares out of each picture."
    ),
]
CropsOption = Annotated[int | None, typer.Option(min=1, max=256, help="Squares a picture for --crop random.")]
BackgroundOption = Annotated[
    str | None,
    typer.Option(help="Under transparent pictures and beside fitted ones: white, black, grey, #rrggbb, mean or blur."),
]
EveryOption = Annotated[
    int | None, typer.Option(min=0, help="Of films, every so many-th frame. Default: by their length.")
]
NearOption = Annotated[NearKind | None, typer.Option("--near", help="Pictures nearly the same: keep or drop.")]


def background_value(given: str | None) -> str | None:
    """The setting for what ``--background`` says."""
    named = {"white": "#ffffff", "black": "#000000", "grey": "#808080", "gray": "#808080"}
    return None if given is None else named.get(given.lower(), given.lower())


def train_settings(given: dict[str, Any], assignments: Sequence[str]) -> Any:
    """TrainSettings from options and ``--set name=value``.

    Raises
    ------
    typer.BadParameter
        For an unknown setting or a value out of its range.
    """
    from pydantic import ValidationError

    from studio.training.settings import TrainSettings

    values = dict(given)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or key not in TrainSettings.model_fields:
            known = ", ".join(sorted(TrainSettings.model_fields))
            raise typer.BadParameter(f"“{assignment}” sets nothing known. There are: {known}.")
        try:
            values[key] = json.loads(text)
        except ValueError:
            values[key] = text
    try:
        return TrainSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise typer.BadParameter(f"{where + ': ' if where else ''}{first['msg']}.") from None
