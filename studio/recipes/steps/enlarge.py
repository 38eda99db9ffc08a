"""The step that enlarges a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from studio.base.fields import About
from studio.recipes.steps.step import Settings, Step
from studio.recipes.values import FileRef, FileRole

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe

EnlargingNetwork = Literal["faithful", "photo", "drawing", "film", "file", "lanczos"]
Quality = Literal["quick", "best"]
EnlargingProcess = Literal[1, 2, 3]
NEWEST_ENLARGING: EnlargingProcess = 3
Measure = Literal["times", "pixels", "cm", "inch"]
CM_PER_INCH = 2.54
PRINTED: tuple[Measure, ...] = ("cm", "inch")


class EnlargeSettings(Settings):
    """All controls of an enlargement, without the picture.

    Attributes
    ----------
    network : "faithful" is our own and adds nothing that was not there; "photo", "drawing" and "film" are those of
        Real-ESRGAN, which invent crisp detail; "file" is another program's network, "lanczos" none.
    file : the network for "file".
    quality : "best" takes the mean over eight views of the picture. It agrees with the picture, as "faithful" always
        does: made smaller again by a plain cubic, the result is the picture, where that has no noise or traces of JPEG.
    measure : how the size is given: so many times as large, the long side in pixels, in centimetres or in inches.
    dpi : dots per inch of a print; it turns centimetres and inches into pixels, and is written into the file then.
    enlarging : the version of the methods, as of repairs. In the first, "quick" did not agree with the picture, "best"
        did with its noise, too, and grey pictures got a tint. In the first two,
        "quick", too, began with the network that enlarges most, and left nothing to Lanczos, as "best" still does.
    """

    network: Annotated[
        EnlargingNetwork,
        About(
            "Network",
            tip="Faithful keeps to what is there. The others invent crisp detail, each for its kind of picture.",
            value_labels={
                "faithful": "Faithful",
                "photo": "Crisp, for photos",
                "drawing": "Crisp, for drawings",
                "film": "Crisp and quick, for drawn films",
                "file": "Your own file",
                "lanczos": "None (Lanczos)",
            },
            topic="enlarge",
        ),
    ] = "faithful"
    file: (
        Annotated[FileRef, FileRole.NETWORK, About("Network file", shown_when=("network", ("file",)), topic="enlarge")]
        | None
    ) = None
    quality: Annotated[
        Quality,
        About(
            "Quality",
            tip="Best looks at the picture from eight sides and takes the mean: a little nearer to the truth.",
            value_labels={"quick": "Quick", "best": "Best (eight times as long)"},
            shown_when=("network", ("faithful", "photo", "drawing", "film", "file")),
            since=8,
        ),
    ] = "quick"
    measure: Annotated[
        Measure,
        About(
            "Size as",
            tip="How the new size is given.",
            value_labels={"times": "Times", "pixels": "Pixels", "cm": "Centimetres", "inch": "Inches"},
            topic="enlarge",
        ),
    ] = "times"
    factor: Annotated[
        float,
        Field(ge=1, le=8, allow_inf_nan=False),
        About(
            "Times",
            tip="So many times as wide and as high.",
            unit="×",
            shown_when=("measure", ("times",)),
            topic="enlarge",
        ),
    ] = 2.0
    pixels: Annotated[
        int,
        Field(ge=16, le=32768),
        About(
            "Long side",
            tip="Long side of the result in pixels.",
            unit="px",
            shown_when=("measure", ("pixels",)),
            topic="enlarge",
        ),
    ] = 2048
    length: Annotated[
        float,
        Field(ge=0.5, le=500, allow_inf_nan=False),
        About(
            "Long side",
            tip="Long side of the print, in centimetres or inches.",
            shown_when=("measure", ("cm", "inch")),
            topic="print-size",
        ),
    ] = 30.0
    dpi: Annotated[
        int,
        Field(ge=30, le=1200),
        About(
            "Resolution",
            tip="Dots per inch of the print: 300 for what is held in the hand, 150 for a poster.",
            unit="dpi",
            shown_when=("measure", ("cm", "inch")),
            topic="print-size",
        ),
    ] = 300
    enlarging: Annotated[EnlargingProcess, About(since=10, rest=1)] = NEWEST_ENLARGING

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) in pixels of the result for a picture of ``width`` x ``height``."""
        long = max(width, height)
        match self.measure:
            case "times":
                wanted = long * self.factor
            case "pixels":
                wanted = float(self.pixels)
            case "cm":
                wanted = self.length / CM_PER_INCH * self.dpi
            case "inch":
                wanted = self.length * self.dpi
        return max(1, round(width * wanted / long)), max(1, round(height * wanted / long))


class EnlargeRecipe(EnlargeSettings, Step):
    """A picture made larger (or, by pixels or for a print, smaller)."""

    kind: Literal["enlarge"] = "enlarge"
    content: Annotated[Recipe, About("Content")]

    @property
    def print_dpi(self) -> float | None:
        """Dots an inch that a print is enlarged to; else those of the content."""
        return float(self.dpi) if self.measure in PRINTED else self.content.print_dpi

    @property
    def title(self) -> str:
        """The content, enlarged."""
        return f"{self.content.title} enlarged"

    def keywords(self) -> tuple[str, ...]:
        """The network."""
        return (self.network, *([self.file.name] if self.file is not None else []))
