"""A survey of a model: a few samples and the time one takes here, measured once and kept."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, Work
from studio.base.files import atomic_path, write_atomic
from studio.base.paths import cache_dir
from studio.checkpoints.info import ModelInfo
from studio.engine.memory import call_retried
from studio.recipes import LatentSeed, SampleRecipe
from studio.recipes.embed import on_white

if TYPE_CHECKING:
    from studio.engine.engine import Engine

COLUMNS, ROWS = 4, 2
TILE = 128
TRUNCATION = 0.7


@dataclass(frozen=True)
class Survey:
    """Samples of a model and its speed.

    Attributes
    ----------
    model : its hash.
    sheet : uint8 (ROWS * TILE, COLUMNS * TILE, 3), samples of seeds 0, 1, ... at truncation 0.7.
    milliseconds : for one picture, without what can be kept from the one before.
    device : the device that took it, in words.
    """

    model: str
    sheet: NDArray[np.uint8]
    milliseconds: float
    device: str


def _paths(info: ModelInfo) -> tuple[Path, Path]:
    folder = cache_dir() / "surveys"
    return folder / f"{info.hash[:32]}.png", folder / f"{info.hash[:32]}.json"


def kept_survey(info: ModelInfo) -> Survey | None:
    """The survey made before, or None."""
    picture, properties = _paths(info)
    try:
        with Image.open(picture) as image:
            sheet = np.asarray(image.convert("RGB"))
        said = json.loads(properties.read_text())
        return Survey(info.hash, sheet, float(said["milliseconds"]), str(said["device"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def survey(engine: Engine, info: ModelInfo) -> Work[Survey]:
    """Draw samples of a model and measure; the result is kept for the next time.

    Raises
    ------
    StudioError
        When the model is damaged.
    """
    device = engine.device_info().name
    kept = kept_survey(info)
    if kept is not None and kept.device == device:
        return kept
    space = engine.space(info.ref)
    total = COLUMNS * ROWS
    sheet = np.zeros((ROWS * TILE, COLUMNS * TILE, 3), np.uint8)
    fastest = float("inf")
    for seed in range(total):
        yield Progress(seed, total, Message("Drawing samples"))
        recipe = SampleRecipe(model=info.ref, latent=LatentSeed(seed=seed), truncation=TRUNCATION)
        code = space.recipe_code(recipe)
        start = time.perf_counter()
        picture = call_retried(partial(space.picture, code, recipe), engine).numpy()
        # The first picture also prepares the network.
        if seed:
            fastest = min(fastest, time.perf_counter() - start)
        tile = on_white(Image.fromarray(picture)).resize((TILE, TILE), Image.Resampling.LANCZOS)
        row, column = divmod(seed, COLUMNS)
        sheet[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = np.asarray(tile)
    found = Survey(info.hash, sheet, fastest * 1e3, device)
    picture_path, properties_path = _paths(info)
    with atomic_path(picture_path) as temporary:
        Image.fromarray(sheet).save(temporary)
    write_atomic(properties_path, json.dumps({"milliseconds": found.milliseconds, "device": device}))
    return found
