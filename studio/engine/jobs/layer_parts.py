"""The layers of a model that draw the shape, the features and the colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.base import Work
from studio.recipes import FileRef
from studio.recipes.direction_set import LayerParts

if TYPE_CHECKING:
    from studio.engine.engine import Engine


def measured_parts(engine: Engine, model: FileRef) -> Work[LayerParts]:
    """The parts of a model; see :func:`studio.synthesis.layer_parts.measure_parts`."""
    from studio.synthesis.layer_parts import measure_parts

    return (yield from measure_parts(engine.space(model), model))
