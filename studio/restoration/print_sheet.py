"""A print as it lies on its sheet of paper: sizes in millimetres, and the pixels that it takes. No Qt, no torch.

Words of the press: the *trim* is what is left when the sheet is cut; the *bleed* is what the picture goes on beyond it,
so that a knife that misses by a hair leaves no white line; crop marks show where to cut.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from studio.base import Message, StudioError
from studio.base.fields import About
from studio.recipes import EnlargeRecipe, EnlargeSettings, Recipe
from studio.recipes.values import Value

MM_PER_INCH = 25.4
MARK_MM = 5.0
"""Length of a crop mark."""
MARK_GAP_MM = 1.0
"""From the bleed to a crop mark, so that no mark is left on a print that was cut badly."""
MOST_PIXELS = 32768
"""Of a side, as :class:`~studio.recipes.EnlargeSettings` has it."""
_UNITS = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH, "inch": MM_PER_INCH, '"': MM_PER_INCH}
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_LENGTH = re.compile(rf'{_NUMBER}\s*(mm|cm|inch|in|")')
_SIZE = re.compile(rf'{_NUMBER}\s*[x×*]\s*{_NUMBER}\s*(mm|cm|inch|in|")')

Paper = Literal["A5", "A4", "A3", "A2", "letter", "tabloid", "own"]
Unit = Literal["cm", "inch"]
Intent = Literal["perceptual", "relative", "saturation", "absolute"]
PAPERS: dict[Paper, tuple[float, float]] = {
    "A5": (148, 210),
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "letter": (215.9, 279.4),
    "tabloid": (279.4, 431.8),
}
"""Width and height in millimetres, upright (ISO 216; ANSI/ASME Y14.1)."""

_Length = Annotated[float, Field(ge=10, le=2000, allow_inf_nan=False)]


class Box(NamedTuple):
    """A rectangle on the sheet: left, top, width and height in millimetres from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    def grown(self, by: float) -> Box:
        """The rectangle with ``by`` more on every side; less when negative."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


class PrintSheet(Value):
    """All that is said of a print, but for the picture. Lengths are in millimetres, whatever unit they are shown in.

    Attributes
    ----------
    width, height : of the finished print, when it is cut.
    """

    paper: Annotated[
        Paper,
        About(
            "Paper",
            tip="The sheet that is printed on.",
            value_labels={
                "A5": "A5",
                "A4": "A4",
                "A3": "A3",
                "A2": "A2",
                "letter": "Letter",
                "tabloid": "Tabloid",
                "own": "Own size",
            },
            topic="print-size",
        ),
    ] = "A4"
    paper_width: Annotated[_Length, About("Paper width", shown_when=("paper", ("own",)))] = 300.0
    paper_height: Annotated[_Length, About("Paper height", shown_when=("paper", ("own",)))] = 400.0
    orientation: Annotated[
        Literal["auto", "portrait", "landscape"],
        About(
            "Orientation",
            tip="Automatic turns the sheet as the print lies.",
            value_labels={"auto": "Automatic", "portrait": "Upright", "landscape": "Across"},
        ),
    ] = "auto"
    unit: Annotated[
        Unit,
        About("Unit", tip="What lengths are shown in.", value_labels={"cm": "Centimetres", "inch": "Inches"}),
    ] = "cm"
    width: Annotated[
        _Length, About("Width", tip="Width of the finished print, when it is cut.", topic="print-size")
    ] = 180.0
    height: Annotated[
        _Length, About("Height", tip="Height of the finished print, when it is cut.", topic="print-size")
    ] = 120.0
    placing: Annotated[
        Literal["fill", "fit"],
        About(
            "Picture",
            tip="Fill cuts off what does not have the proportions of the print; fit leaves paper white beside it.",
            value_labels={"fill": "Fills the print", "fit": "Whole, on white"},
        ),
    ] = "fill"
    margin: Annotated[
        float,
        Field(ge=0, le=200, allow_inf_nan=False),
        About(
            "White border", tip="Paper that stays white within the finished print, around the picture.", topic="bleed"
        ),
    ] = 0.0
    bleed: Annotated[
        float,
        Field(ge=0, le=20, allow_inf_nan=False),
        About(
            "Bleed", tip="The picture goes on so far beyond the cut; print shops mostly ask for 3 mm.", topic="bleed"
        ),
    ] = 0.0
    marks: Annotated[bool, About("Crop marks", tip="Lines in the corners that show where to cut.", topic="bleed")] = (
        True
    )
    dpi: Annotated[
        int,
        Field(ge=30, le=1200),
        About(
            "Resolution",
            tip="Dots per inch of the print: 300 for what is held in the hand, 150 for a poster.",
            unit="dpi",
            topic="print-size",
        ),
    ] = 300
    profile: Annotated[
        Path | None,
        About(
            "Printer profile",
            tip="ICC profile of printer and paper, from its maker or the print shop.",
            topic="soft-proof",
        ),
    ] = None
    intent: Annotated[
        Intent,
        About(
            "Rendering intent",
            tip="What becomes of colours that the printer cannot print.",
            value_labels={
                "relative": "Relative colorimetric",
                "perceptual": "Perceptual",
                "saturation": "Saturation",
                "absolute": "Absolute colorimetric",
            },
            topic="soft-proof",
        ),
    ] = "relative"
    black_point: Annotated[
        bool,
        About(
            "Black point compensation",
            tip="The picture's black becomes the printer's, so shadows stay open.",
            topic="soft-proof",
        ),
    ] = True

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height of the paper as it lies."""
        size = (self.paper_width, self.paper_height) if self.paper == "own" else PAPERS[self.paper]
        across = self.width > self.height if self.orientation == "auto" else self.orientation == "landscape"
        short, long = sorted(size)
        if self.paper == "own" and self.orientation == "auto":
            return size
        return (long, short) if across else (short, long)

    @property
    def trim(self) -> Box:
        """The finished print, in the middle of the sheet."""
        width, height = self.sheet
        return Box((width - self.width) / 2, (height - self.height) / 2, self.width, self.height)

    @property
    def bleed_box(self) -> Box:
        """The finished print with its bleed."""
        return self.trim.grown(self.bleed)

    @property
    def frame(self) -> Box:
        """The area that the picture may cover: up to the white border, or without one, to the end of the bleed."""
        return self.trim.grown(-self.margin) if self.margin else self.bleed_box

    def scale_for(self, width: int, height: int) -> float:
        """So many times as large a picture of ``width`` x ``height`` pixels must be for the resolution; may be < 1."""
        frame = self.frame
        across, down = frame.width / MM_PER_INCH * self.dpi / width, frame.height / MM_PER_INCH * self.dpi / height
        return max(across, down) if self.placing == "fill" else min(across, down)

    def pixels_for(self, width: int, height: int) -> tuple[int, int]:
        """Width and height in pixels that such a picture must have, what is cut off included."""
        scale = self.scale_for(width, height)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def picture_box(self, width: int, height: int) -> Box:
        """The place of a picture of these proportions on the sheet, after cutting off what does not fit."""
        frame = self.frame
        if self.placing == "fill":
            return frame
        scale = min(frame.width / width, frame.height / height)
        wide, high = width * scale, height * scale
        return Box(frame.left + (frame.width - wide) / 2, frame.top + (frame.height - high) / 2, wide, high)

    def crop_marks(self) -> list[tuple[float, float, float, float]]:
        """Lines (x, y, x, y) at the corners, outside the bleed and on the paper; none without ``marks``."""
        if not self.marks:
            return []
        trim, (wide, high) = self.trim, self.sheet
        off = self.bleed + MARK_GAP_MM
        found = []
        for y in (trim.top, trim.bottom):
            found += [(max(0.0, trim.left - off - MARK_MM), y, trim.left - off, y)]
            found += [(trim.right + off, y, min(wide, trim.right + off + MARK_MM), y)]
        for x in (trim.left, trim.right):
            found += [(x, max(0.0, trim.top - off - MARK_MM), x, trim.top - off)]
            found += [(x, trim.bottom + off, x, min(high, trim.bottom + off + MARK_MM))]
        return [line for line in found if line[0] < line[2] or line[1] < line[3]]

    def check(self) -> None:
        """Refuse what cannot be printed.

        Raises
        ------
        StudioError
            When the print with its bleed is larger than the paper, or the border leaves nothing of the picture.
        """
        if min(self.bleed_box[:2]) < -1e-6:
            wide, high = self.sheet
            raise StudioError(
                Message(
                    "The print with its bleed is {width:.1f} × {height:.1f} cm, the paper {wide:.1f} × {high:.1f} cm.",
                    width=self.bleed_box.width / 10,
                    height=self.bleed_box.height / 10,
                    wide=wide / 10,
                    high=high / 10,
                ),
                "Choose larger paper, or a smaller print.",
            )
        if min(self.frame[2:]) < 1:
            raise StudioError(
                "The white border leaves nothing of the picture.", "Choose a narrower border, or a larger print."
            )

    def fitted_to(self, width: int, height: int) -> PrintSheet:
        """The sheet with the largest print of a picture's proportions that leaves 15 mm of paper on every side."""
        across = self.model_copy(update={"width": float(width), "height": float(height)}).sheet
        scale = min((across[0] - 30) / width, (across[1] - 30) / height)
        sides = {"width": max(10.0, math.floor(width * scale)), "height": max(10.0, math.floor(height * scale))}
        return self.model_copy(update=sides)

    def recipe_for(self, content: Recipe, size: tuple[int, int], enlarging: EnlargeSettings | None = None) -> Recipe:
        """The recipe of ``content``, a picture of ``size`` pixels, with as many pixels as the print needs.

        A picture that has enough stays as it is. ``enlarging`` says by which network; None: the faithful one.

        Raises
        ------
        StudioError
            When the print needs more than can be made.
        """
        self.check()
        long = max(self.pixels_for(*size))
        if long <= max(size):
            return content
        if long > MOST_PIXELS:
            raise StudioError(
                Message("This print needs a picture of {pixels:,} pixels on its long side.", pixels=long),
                Message("Choose a lower resolution: {dpi} dpi can be made.", dpi=self.dpi * MOST_PIXELS // long),
            )
        how = dict(enlarging or EnlargeSettings()) | {"measure": "pixels", "pixels": max(16, long)}
        return EnlargeRecipe(content=content, **how)

    def sharpness(self, size: tuple[int, int]) -> Message:
        """A sentence on the sharpness of a picture of ``size`` pixels in this print.

        It goes by the picture's own pixels an inch: the eye resolves about 300 at reading distance, 150 at arm's
        length and 75 at the distance from which one looks at a poster.
        """
        scale = self.scale_for(*size)
        own = round(self.dpi / scale)
        if scale <= 1:
            return Message("Sharp: the picture has {own} dpi of its own.", own=own)
        if own < 75:
            return Message(
                "Soft: enlarged {scale:.1f} times, from only {own} dpi of its own. Look at a part at 100 %.",
                scale=scale,
                own=own,
            )
        if own < 150:
            return Message(
                "Soft near by, good from two steps away: enlarged {scale:.1f} times, from {own} dpi of its own.",
                scale=scale,
                own=own,
            )
        if own < 250:
            return Message("Good at arm's length: enlarged {scale:.1f} times, from {own} dpi.", scale=scale, own=own)
        return Message("Sharp also near by: enlarged {scale:.1f} times, from {own} dpi.", scale=scale, own=own)


def length_in_mm(text: str) -> float:
    """Millimetres of a length such as "3mm", "1.5 cm" or "0.25in".

    Raises
    ------
    ValueError
        When it is none.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return float(found[1].replace(",", ".")) * _UNITS[found[2]]


def size_in_mm(text: str) -> tuple[float, float]:
    """Width and height in millimetres of a size such as "30x20cm" or "8x10in".

    Raises
    ------
    ValueError
        When it is none.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    unit = _UNITS[found[3]]
    return float(found[1].replace(",", ".")) * unit, float(found[2].replace(",", ".")) * unit
