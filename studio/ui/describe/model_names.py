"""Image counts that distinguish models of one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from studio.worker import ModelInfo


def distinguishing_image_counts(models: Sequence[ModelInfo]) -> list[str]:
    """The images after which each model was made, as "12,000 images" where another has its name too; else empty."""
    names = Counter(model.name for model in models)
    text = QCoreApplication.translate("Models", "{n} images")
    return [
        text.format(n=QLocale().toString(model.images_shown)) if names[model.name] > 1 and model.images_shown else ""
        for model in models
    ]
