"""The base of all recipe steps."""

from __future__ import annotations

from studio.recipes.values import Value


class Step(Value):
    """A value that makes a picture, alone or from the pictures of other steps in its fields.

    Attributes
    ----------
    kind : the step's name in documents; every step has its own, as a ``Literal`` with that default.
    """

    kind: str
