"""Options that the commands for folders and for training share, and the settings they add up to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from studio.training.settings import TrainSettings

FRAMING = ("background", "crop", "crops", "every", "near")
"""Settings that say what is seen of the pictures of a folder."""
TIPS = {
    "name": "Name of the model. Default: the folder's",
    "start_from": "Continue from this model; a StyleGAN2 of fewer pixels is enlarged",
    "images": "How many pictures to show it in all",
    "mirror": "Also show mirrored pictures",
    "processes": "Training processes on this machine, one for each graphics card",
    "seed": "Same seed, same device: same model",
    "background": "Under transparent pictures and beside fitted ones: white, black, grey, #rrggbb, mean or blur",
    "every": "Of films, every so many-th frame. Default: by their length",
}
"""Of settings whose tips on the form do not fit an option."""


def with_named_background(given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with the colour that ``--background`` names as the setting has it."""
    named = {"white": "#ffffff", "black": "#000000", "grey": "#808080", "gray": "#808080"}
    if "background" not in given:
        return dict(given)
    said = given["background"].lower()
    return {**given, "background": named.get(said, said)}


def train_settings(given: dict[str, Any], assignments: Sequence[str]) -> TrainSettings:
    """TrainSettings from options and ``--set name=value``.

    Raises
    ------
    typer.BadParameter
        For an unknown setting or a value out of its range.
    """
    from pydantic import ValidationError

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
