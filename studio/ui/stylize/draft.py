"""The draft of the Stylize room: a ``StylizeRecipe`` that may still lack its photo or its styles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from studio.base.fields import About
from studio.recipes import Recipe, StyleUse, StylizeRecipe
from studio.recipes.steps.stylize import Method, StylizeSettings
from studio.ui.model import edited

QUALITIES = (120, 300, 800)
"""Steps of a quick, a good and the best final render."""
FACTORS = (1, 2, 4)
"""Times that a final render may be enlarged."""


class Draft(StylizeSettings):
    """All controls of a stylization, with content and styles optional. Its ``method`` is asked for with the recipe.

    ``enlarged``: so many times the picture is enlarged when it is kept. ``kind`` is the step's: what upgrades old
    stylizations reaches drafts in a session, too.
    """

    __slots__ = ("_recipes",)

    kind: Literal["stylize"] = "stylize"
    content: Recipe | None = None
    styles: tuple[StyleUse, ...] = ()
    enlarged: Annotated[
        Literal[1, 2, 4],
        About("Then enlarge", tip="What is saved and exported is enlarged so many times: for prints, in little time."),
    ] = 1

    def subject(self) -> Recipe | None:
        """Return what gives the result its proportions: the photo, or for a texture without one the first style."""
        if self.content is None and self.texture and self.styles:
            return self.styles[0].source
        return self.content

    def sources(self) -> tuple[Recipe, ...]:
        """Return the pictures that it is made of: the content, if there is one, and the styles."""
        content = () if self.content is None else (self.content,)
        return (*content, *(use.source for use in self.styles))

    def recipe(self, method: Method) -> StylizeRecipe | None:
        """Return the recipe for ``method``; None while the photo or all styles are missing."""
        content = self.subject()
        if content is None or not self.styles:
            return None
        # While a slider moves, many ask for it; a draft never changes.
        try:
            known: dict[Method, StylizeRecipe] = object.__getattribute__(self, "_recipes")
        except AttributeError:
            known = {}
            object.__setattr__(self, "_recipes", known)
        if method not in known:
            known[method] = StylizeRecipe(content=content, styles=self.styles, **_controls(self) | {"method": method})
        return known[method]

    @classmethod
    def of(cls, recipe: StylizeRecipe) -> Draft:
        """Return the draft that gives ``recipe``."""
        return cls(content=recipe.content, styles=recipe.styles, **_controls(recipe))

    def with_style(self, source: Recipe) -> Draft:
        """Return the draft with one more style, as strong as the strongest so far."""
        weight = max((use.weight for use in self.styles), default=1.0) or 1.0
        return edited(self, styles=(*self.styles, StyleUse(source=source, weight=weight)))

    def with_use(self, index: int, **changes: object) -> Draft:
        """Return the draft with other fields of one style; without that style it is as it was."""
        if not 0 <= index < len(self.styles):
            return self
        uses = list(self.styles)
        uses[index] = edited(uses[index], **changes)
        return self.with_uses(uses)

    def with_uses(self, uses: Iterable[StyleUse]) -> Draft:
        """Return the draft with other styles, which are valid already: a slider that moves needs no second look."""
        return self.model_copy(update={"styles": tuple(uses)})


def _controls(settings: StylizeSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in StylizeSettings.model_fields if name != "method"}
