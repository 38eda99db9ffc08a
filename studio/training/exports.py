"""Exports of a run: a snapshot for the library, a film of its samples, a contact sheet. Torch-free."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from studio.base import Message, StudioError
from studio.base.files import atomic_path, sha256_of
from studio.base.paths import models_dir
from studio.checkpoints.discriminators import discriminator_path
from studio.checkpoints.info import read_card
from studio.media.photos import open_photo, rgb_pixels
from studio.training.runs import PREVIEW_COLUMNS, PREVIEW_ROWS, RunDirectory

MARGIN = 4
CAPTION = 28
SMALLEST_TILE = 96
"""Smaller samples are enlarged by a whole factor up to this."""

_PAPER = (24, 24, 24)
_INK = (200, 200, 200)
_BAR = (111, 166, 207)


def images_of(preview: Path) -> int:
    """Number of images that had been shown when a preview was made, from its name."""
    return int(preview.stem) if preview.stem.isdigit() else 0


def readable_previews(run: RunDirectory) -> list[Path]:
    """The previews of a run, oldest first.

    Raises
    ------
    StudioError
        When there are fewer than two: nothing to show yet.
    """
    previews = run.previews()
    if len(previews) < 2:
        raise StudioError(
            Message("The run “{name}” has no samples to show yet.", name=run.settings.name),
            "Wait for its first samples.",
        )
    return previews


def blend(a: NDArray[np.uint8], b: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """``a`` and ``b`` (the same size) mixed, ``share`` of ``b``: 0 is a, 1 is b."""
    if share <= 0:
        return a
    if share >= 1:
        return b
    weight = round(share * 256)
    return ((a.astype(np.uint16) * (256 - weight) + b.astype(np.uint16) * weight + 128) >> 8).astype(np.uint8)


def film_frames(
    previews: Sequence[Path], *, seconds: float, fps: int, hold: float = 1.5
) -> Iterator[NDArray[np.uint8]]:
    """Frames that morph the samples of the fixed latents from the first preview to the last, which stays on for
    ``hold`` seconds. A strip below tells the time.
    """

    @lru_cache(maxsize=2)
    def picture(number: int) -> NDArray[np.uint8]:
        return rgb_pixels(previews[number])

    count = film_length(seconds, fps)
    last = len(previews) - 1
    total = max(1, images_of(previews[last]))
    for frame in range(count + round(hold * fps)):
        place = min(last, frame * last / max(1, count - 1))
        number = min(int(place), last - 1)
        share = place - number
        images = images_of(previews[number]) * (1 - share) + images_of(previews[number + 1]) * share
        yield _with_caption(blend(picture(number), picture(number + 1), share), round(images), images / total)


def film_length(seconds: float, fps: int) -> int:
    """Frames of the morph, without the still at its end."""
    return max(2, round(seconds * fps))


def _with_caption(picture: NDArray[np.uint8], images: int, share: float) -> NDArray[np.uint8]:
    width = picture.shape[1]
    strip = Image.new("RGB", (width, CAPTION), _PAPER)
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, round(width * min(1.0, share)), 3), fill=_BAR)
    draw.text((8, CAPTION / 2 + 2), f"{images:,}", fill=_INK, font=ImageFont.load_default(14), anchor="lm")
    return np.concatenate([picture, np.asarray(strip)])


def contact_sheet(run: RunDirectory, *, columns: int = 10, rows: int = 8) -> Image.Image:
    """The same latents over time: one row a latent, one column a moment from the untrained network to the newest.

    Raises
    ------
    StudioError
        When the run has fewer than two previews, or one cannot be read.
    """
    previews = readable_previews(run)
    columns, rows = min(columns, len(previews)), min(rows, PREVIEW_COLUMNS * PREVIEW_ROWS)
    chosen = [previews[round(i * (len(previews) - 1) / (columns - 1))] for i in range(columns)]
    first = open_photo(chosen[0])
    side = first.width // PREVIEW_COLUMNS
    shown = side * max(1, SMALLEST_TILE // max(1, side))
    step = shown + MARGIN
    sheet = Image.new("RGB", (columns * step + MARGIN, rows * step + MARGIN + CAPTION), _PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(max(10, min(16, shown // 5)))
    for column, path in enumerate(chosen):
        grid = open_photo(path).convert("RGB")
        left = MARGIN + column * step
        for row in range(rows):
            y, x = divmod(row, PREVIEW_COLUMNS)
            tile = grid.crop((x * side, y * side, (x + 1) * side, (y + 1) * side))
            if shown != side:
                tile = tile.resize((shown, shown), Image.Resampling.LANCZOS)
            sheet.paste(tile, (left, MARGIN + row * step))
        draw.text(
            (left + shown / 2, rows * step + MARGIN + CAPTION / 2),
            # What is counted, the first one says: it is short, and has room for it.
            f"{images_of(path):,}" + (" images" if column == 0 else ""),
            fill=_INK,
            font=font,
            anchor="mm",
        )
    return sheet


def publish_snapshot(run: RunDirectory, *, best: bool = False) -> Path:
    """Copy the newest or the best model of a run into the library, while it trains or later; returns the copy.

    Each moment has a file of its own: recipes made with an earlier one keep it.

    Raises
    ------
    StudioError
        When the run has no such model yet, or the library cannot be written.
    """
    path = run.best_model_path if best else run.model_path
    if path is None:
        raise StudioError(
            Message("The run “{name}” has no model yet.", name=run.settings.name),
            "Wait for its first checkpoint, or pause it.",
        )
    images = read_card(path).training.get("images_shown", 0)
    copy = models_dir() / f"{run.path.name}-{images}{'-best' if best else ''}.safetensors"
    copy_to_library(path, copy)
    return copy


def copy_to_library(model: Path, copy: Path) -> None:
    """Copy a run's model to ``copy`` in the library, and its discriminator to where fine-tunes find it.

    Raises
    ------
    StudioError
        When the library cannot be written.
    """
    discriminator = model.with_name(model.name.replace("model", "discriminator", 1))
    if discriminator.is_file():
        with atomic_path(discriminator_path(sha256_of(model))) as temporary:
            shutil.copyfile(discriminator, temporary)
    with atomic_path(copy) as temporary:
        shutil.copyfile(model, temporary)
