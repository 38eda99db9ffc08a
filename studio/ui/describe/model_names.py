"""Models in words: the starter models in the language of the window, and what distinguishes models of one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from studio.worker import ModelInfo

TEXTS = (
    QT_TRANSLATE_NOOP("StarterModels", "Abstract Paint"),
    QT_TRANSLATE_NOOP("StarterModels", "Marbled paper and cut agate, in designed palettes."),
    QT_TRANSLATE_NOOP(
        "StarterModels",
        "pictures painted by a script of this project, without end: domain-warped waves read through 24 palettes",
    ),
    QT_TRANSLATE_NOOP("StarterModels", "Rosettes"),
    QT_TRANSLATE_NOOP("StarterModels", "Flowers and mandalas of coloured rings, on plain ground."),
    QT_TRANSLATE_NOOP(
        "StarterModels",
        "pictures painted by a script of this project, without end: one smooth field inside petals, "
        "read through 24 palettes",
    ),
    QT_TRANSLATE_NOOP("StarterModels", "Warm to cool"),
    QT_TRANSLATE_NOOP("StarterModels", "Simple to crossing"),
    QT_TRANSLATE_NOOP("StarterModels", "Rising to falling"),
    QT_TRANSLATE_NOOP("StarterModels", "Falling to rising"),
    QT_TRANSLATE_NOOP("StarterModels", "Few to many"),
    QT_TRANSLATE_NOOP("StarterModels", "Light to dark ground"),
    QT_TRANSLATE_NOOP("StarterModels", "Eight to six petals"),
    QT_TRANSLATE_NOOP("StarterModels", "More to five petals"),
    QT_TRANSLATE_NOOP("StarterModels", "Round to star"),
    QT_TRANSLATE_NOOP("StarterModels", "Large to small"),
    QT_TRANSLATE_NOOP("StarterModels", "Inner star to rings"),
    QT_TRANSLATE_NOOP("StarterModels", "Blunt to sharp"),
    QT_TRANSLATE_NOOP("StarterModels", "Bud to star"),
    QT_TRANSLATE_NOOP("StarterModels", "Thick to thin"),
    QT_TRANSLATE_NOOP("StarterModels", "Few to many rings"),
)
"""Names, descriptions, data and directions of the starter models' cards, for the translators."""


def starter_text(text: str) -> str:
    """A text of a starter model's card in the language in use; any other text as it is."""
    return QCoreApplication.translate("StarterModels", text) if text else ""


def model_name(model: ModelInfo) -> str:
    """The name of a model; that of a starter model in the language in use."""
    return starter_text(model.name) if model.starter else model.name


def model_description(model: ModelInfo) -> str:
    """The card's words for what a model draws; a starter model's in the language in use."""
    return starter_text(model.description) if model.starter else model.description


def direction_name(model: ModelInfo, index: int) -> str:
    """The card's name of a principal direction, or ""; a starter model's in the language in use."""
    name = model.direction_names[index] if index < len(model.direction_names) else ""
    return starter_text(name) if model.starter else name


def distinguishing_image_counts(models: Sequence[ModelInfo]) -> list[str]:
    """The images after which each model was made, as "12,000 images" where another has its name too; else empty."""
    names = Counter(model.name for model in models)
    text = QCoreApplication.translate("Models", "{n} images")
    return [
        text.format(n=QLocale().toString(model.images_shown)) if names[model.name] > 1 and model.images_shown else ""
        for model in models
    ]
