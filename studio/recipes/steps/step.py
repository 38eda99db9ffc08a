"""The base of all recipe steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from studio.recipes.values import FileRef, Value

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe


class Settings(Value):
    """All controls of a step, without the pictures that it is made of: the step extends them."""

    @classmethod
    def within(cls, step: Value) -> Self:
        """The controls alone of a step, or of a draft, that has them all; they are valid already."""
        return cls.model_construct(**{name: getattr(step, name) for name in cls.model_fields})


class Step(Value):
    """A value that makes a picture, alone or from the pictures of other steps in its fields.

    Attributes
    ----------
    kind : the step's name in documents; every step has its own, as a ``Literal`` with that default.
    """

    kind: str

    @property
    def subject(self) -> Recipe | None:
        """The step whose picture this one changes, its ``content``; None for one that makes a picture by itself."""
        return getattr(self, "content", None)

    @property
    def opened_photo(self) -> FileRef | None:
        """The photo that this step opens, and does nothing else; None for every other step."""
        return None

    @property
    def shows_subject(self) -> bool:
        """True when the subject can still be seen in the picture."""
        return True

    @property
    def print_dpi(self) -> float | None:
        """Dots per inch of the print that the picture is made for; None when it is made for none."""
        return None

    @property
    def title(self) -> str:
        """A few words for the name of a file: "seed 42", "cat in wave and 1 more"."""
        raise NotImplementedError

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """Width and height in pixels of what becomes of a picture of ``width`` x ``height`` pixels."""
        return width, height

    def keywords(self) -> tuple[str, ...]:
        """The words a search finds the picture by, beside its kind and those of the steps in it."""
        return ()
