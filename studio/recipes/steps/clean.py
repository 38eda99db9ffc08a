"""The step that takes noise, traces of JPEG, dust and a faded look away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from studio.base.fields import About
from studio.recipes.steps.step import Settings, Step
from studio.recipes.values import Share

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe


class CleanSettings(Settings):
    """All controls of cleaning, without the picture; 0 leaves alone what a control is about.

    Attributes
    ----------
    jpeg : strength against blocks and rings of JPEG.
    noise : strength against noise; 0.5 goes by what is measured in the picture.
    scratches : how readily thin lines and specks are taken for scratches and dust.
    levels : how far each colour is stretched to the full range.
    """

    jpeg: Annotated[
        Share,
        About("JPEG traces", tip="Smooths the blocks and rings that strong JPEG compression leaves.", topic="clean"),
    ] = 0.0
    noise: Annotated[
        Share,
        About(
            "Noise",
            tip="Smooths noise. At 50 % as much as is measured in the picture; more smooths more.",
            topic="clean",
        ),
    ] = 0.0
    scratches: Annotated[
        Share, About("Scratches and dust", tip="Finds thin lines and specks of scans, and closes them.", topic="clean")
    ] = 0.0
    levels: Annotated[
        Share,
        About(
            "Automatic levels",
            tip="Brings faded and tinted pictures back to the full range of each colour.",
            topic="clean",
        ),
    ] = 0.0

    @property
    def does_something(self) -> bool:
        """True when any control is on."""
        return any(getattr(self, name) > 0 for name in CleanSettings.model_fields)


class CleanRecipe(CleanSettings, Step):
    """A picture cleaned of noise, traces of JPEG, scratches and a faded look."""

    kind: Literal["clean"] = "clean"
    content: Annotated[Recipe, About("Content")]

    @property
    def print_dpi(self) -> float | None:
        """Dots an inch of the content, whose size it keeps."""
        return self.content.print_dpi

    @property
    def title(self) -> str:
        """The content, cleaned."""
        return f"{self.content.title} cleaned"
