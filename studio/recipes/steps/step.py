"""The base of all recipe steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.recipes.values import Value

if TYPE_CHECKING:
    from studio.recipes.steps import Recipe


class Step(Value):
    """A value that makes a picture, alone or from the pictures of other steps in its fields.

    Attributes
    ----------
    kind : the step's name in documents; every step has its own, as a ``Literal`` with that default.
    """

    kind: str

    @property
    def subject(self) -> Recipe | None:
        """The step whose picture this one changes; None for one that makes a picture by itself."""
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

    def keywords(self) -> tuple[str, ...]:
        """The words a search finds the picture by, beside its kind and those of the steps in it."""
        return ()
