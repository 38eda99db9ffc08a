"""One photo in many styles: small previews one after the other, and a sheet of them with names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from studio.base import Message, Progress, StudioError, Work
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe
from studio.recipes.embed import on_white

if TYPE_CHECKING:
    from studio.engine.engine import Engine

SHEET_SIDE = 256
"""Long side of a preview on a sheet, in pixels."""
_GAP = 12
_CAPTION = 26
_SHADE, _INK = (250, 250, 250), (40, 40, 40)
# Names may be in any script; the first of these that the system has.
_FONTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "wqy-microhei.ttc", "msyh.ttc", "PingFang.ttc"),
    *("Arial Unicode.ttf", "DejaVuSans.ttf"),
)


def in_style(recipe: StylizeRecipe, style: FileRef) -> StylizeRecipe:
    """``recipe`` as an instant preview in one style only."""
    use = StyleUse(source=PhotoRecipe(photo=style), scale=recipe.styles[0].scale if len(recipe.styles) == 1 else 1.0)
    return recipe.model_copy(update={"styles": (use,), "method": "preview", "start": None, "stop_after": None})


def style_grid(
    engine: Engine, recipes: Sequence[StylizeRecipe], side: int = SHEET_SIDE
) -> Work[list[NDArray[np.uint8] | None]]:
    """Render every recipe at ``side`` pixels; one yield a picture, whose preview it is.

    A style that cannot be rendered leaves None, and its yield has no preview.

    Raises
    ------
    StudioError
        When not one of them can be rendered.
    """
    pictures: list[NDArray[np.uint8] | None] = []
    problem: StudioError | None = None
    for number, recipe in enumerate(recipes):
        image = None
        try:
            work = engine.render(recipe, max_side=side)
            while True:
                try:
                    inner = next(work)
                except StopIteration as stop:
                    image = stop.value.image
                    break
                # What is underneath, such as a final render as the photo, may take its own time.
                yield replace(inner, step=number, total=len(recipes), preview=None)
        except StudioError as error:
            problem = error
        pictures.append(image)
        yield Progress(number + 1, len(recipes), Message("Trying styles"), image)
    if problem is not None and all(picture is None for picture in pictures):
        raise problem
    return pictures


def labelled_grid(pictures: Sequence[NDArray[np.uint8]], names: Sequence[str]) -> NDArray[np.uint8]:
    """Pictures in a grid about as high as wide, each with its name below.

    Parameters
    ----------
    pictures : uint8, (h, w, 3) each, of any sizes; at least one.

    Returns
    -------
    uint8, (height, width, 3).
    """
    width = max(picture.shape[1] for picture in pictures)
    height = max(picture.shape[0] for picture in pictures)
    cell = width + _GAP, height + _GAP + _CAPTION
    columns = max(1, min(len(pictures), round(math.sqrt(len(pictures) * cell[1] / cell[0]))))
    rows = math.ceil(len(pictures) / columns)
    sheet = Image.new("RGB", (columns * cell[0] + _GAP, rows * cell[1] + _GAP), _SHADE)
    pen = ImageDraw.Draw(sheet)
    for number, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        left, top = _GAP + number % columns * cell[0], _GAP + number // columns * cell[1]
        inset = (width - picture.shape[1]) // 2, height - picture.shape[0]
        sheet.paste(on_white(Image.fromarray(picture)), (left + inset[0], top + inset[1]))
        font = _font(name.isascii())
        text = _shortened(name, font, width)
        middle = left + (width - font.getlength(text)) / 2
        pen.text((middle, top + height + 5), text, fill=_INK, font=font)
    return np.array(sheet)


def _shortened(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while len(text) > 1 and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


@cache
def _font(latin: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in () if latin else _FONTS:
        try:
            return ImageFont.truetype(name, 14)
        except OSError:
            continue
    return ImageFont.load_default(14)
