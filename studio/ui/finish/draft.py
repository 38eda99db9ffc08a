"""The draft of the Finish room: what is done to a picture last, in the order repair, clean, enlarge."""

from __future__ import annotations

from typing import Any

from studio.recipes import (
    CleanRecipe,
    CleanSettings,
    EnlargeRecipe,
    EnlargeSettings,
    Recipe,
    RepairRecipe,
    RepairSettings,
)
from studio.recipes.values import Value


class Draft(RepairSettings, CleanSettings, EnlargeSettings):
    """All controls of the room, and the picture they are for; what is at rest makes no step of the recipe.

    Attributes
    ----------
    content : the picture; None while there is none.
    enlarged : whether it is enlarged.
    """

    content: Recipe | None = None
    enlarged: bool = True

    @property
    def does_something(self) -> bool:
        """True when the result is another picture than the content."""
        return self.content is not None and self.result() != self.content

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) in pixels of the enlarged picture, for one of ``width`` x ``height`` before that."""
        return EnlargeSettings.size_for(self, width, height)

    def repaired(self) -> Recipe | None:
        """The recipe of the picture after its repair."""
        settings = RepairSettings(**_of(self, RepairSettings))
        if self.content is None or not settings.does_something or settings.lacks_network:
            return self.content
        return RepairRecipe(content=self.content, **dict(settings))

    def cleaned(self) -> Recipe | None:
        """The recipe of the picture before it is enlarged."""
        repaired, settings = self.repaired(), CleanSettings(**_of(self, CleanSettings))
        if repaired is None or not settings.does_something:
            return repaired
        return CleanRecipe(content=repaired, **dict(settings))

    def enlargement(self) -> EnlargeRecipe | None:
        """The recipe of the enlarged picture; None when it is not to be enlarged."""
        cleaned = self.cleaned()
        if cleaned is None or not self.enlarged:
            return None
        return EnlargeRecipe(content=cleaned, **_of(self, EnlargeSettings))

    def result(self) -> Recipe | None:
        """The recipe of everything."""
        return self.enlargement() or self.cleaned()

    @classmethod
    def of(cls, recipe: Recipe) -> Draft:
        """Return the draft whose result is ``recipe``; what is done to the picture in another order is its content."""
        values: dict[str, Any] = {"enlarged": False}
        for step, settings in ((EnlargeRecipe, EnlargeSettings), (CleanRecipe, CleanSettings)):
            if isinstance(recipe, step):
                values |= _of(recipe, settings)
                values["enlarged"] = values["enlarged"] or step is EnlargeRecipe
                recipe = recipe.content
        if isinstance(recipe, RepairRecipe):
            values |= _of(recipe, RepairSettings)
            recipe = recipe.content
        return cls(content=recipe, **values)


def _of(value: Value, settings: type[Value]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in settings.model_fields}
