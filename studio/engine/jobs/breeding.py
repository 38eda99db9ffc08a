"""Children of samples that may differ in truncation, class and directions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from studio.base import StudioError
from studio.engine.jobs.mixing import settled
from studio.recipes import SampleRecipe
from studio.synthesis.breeding import Inheritance, children
from studio.synthesis.variations import DEEPEST, depth

if TYPE_CHECKING:
    from studio.engine.engine import Engine

_SAME = ("truncation", "truncation_cutoff", "label", "directions")


def bred(
    engine: Engine,
    a: SampleRecipe,
    b: SampleRecipe | None,
    seeds: Sequence[int],
    mutation: float,
    inheritance: Inheritance = "layers",
    *,
    kept: Collection[int] = (),
    groups: Sequence[Collection[int]] = (),
) -> list[SampleRecipe]:
    """A child of ``a`` and ``b`` for each of ``seeds``; see :func:`studio.synthesis.breeding.child`.

    Parents that differ in more than their latents are worked out to numbers before, and so are descendants that lie
    too deep in their ancestors.

    Raises
    ------
    StudioError
        When the parents belong to different models.
    """
    layers: int = getattr(engine.space(a.model).generator.config, "num_ws", 0)
    if b is not None:
        if b.model.hash != a.model.hash:
            raise StudioError(
                "The two pictures were drawn by different models.", "Only pictures of one model have children."
            )
        if any(getattr(a, name) != getattr(b, name) for name in _SAME):
            a, b = settled(engine, a), settled(engine, b)
    found = children(a, b, seeds, mutation, layers=layers, inheritance=inheritance, kept=kept, groups=groups)
    return [settled(engine, one) if depth(one) > DEEPEST else one for one in found]
