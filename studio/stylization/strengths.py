"""Weights in the loss of the optimisation that follow from the strengths an artist sets."""

from __future__ import annotations

from studio.recipes import StylizeSettings
from studio.recipes.steps.stylize import Process
from studio.stylization.objective import Balance
from studio.stylization.postprocess import detail_kept

NEAREST_CONTENT = (0.03, 20.0)
"""The same as below, where the nearest places of the styles are what the picture is to look like: they follow the
photo already."""
NEAREST_STYLE = {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0}
NEAREST_STATISTICS = 0.5
"""Layers whose statistics are matched besides, and the weight of them: the grid of the places sees no grain."""
NEAREST_DETAIL = 0.16

CONTENT_WEIGHT: dict[Process, tuple[float, float]] = {
    1: (0.015, 16.0),
    2: (0.08, 5.0),
    3: (0.08, 5.0),
    4: (0.08, 5.0),
}
"""Weight of the content at the slider's middle, and the factor that the slider spans to either side. From the second on
a portrait has its face in the middle, and loses it near the slider's beginning."""

SMOOTHNESS = 2.0
"""Weight of the smoothness: without it, noise the layers do not see stays between the strokes."""
DETAIL_WEIGHT = 0.5


def content_weight(settings: StylizeSettings) -> float:
    """The weight that the content strength of ``settings`` stands for."""
    middle, span = NEAREST_CONTENT if settings.loss == "nearest" else CONTENT_WEIGHT[settings.process]
    return middle * span ** (2 * settings.content_strength - 1)


def balance_of(settings: StylizeSettings) -> Balance:
    """The weights that the strengths of ``settings`` stand for."""
    content = 0.0 if settings.texture else content_weight(settings)
    detail = detail_kept(settings) * settings.detail
    if settings.loss == "nearest":
        return Balance(
            style=NEAREST_STYLE,
            statistics=NEAREST_STATISTICS,
            nearest=1.0,
            content=content,
            smoothness=SMOOTHNESS,
            detail=NEAREST_DETAIL * detail,
        )
    return Balance(content=content, smoothness=SMOOTHNESS, detail=DETAIL_WEIGHT * detail)
