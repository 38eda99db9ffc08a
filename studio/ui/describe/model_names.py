"""What tells models of one name apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from studio.worker import ModelInfo


def told_apart(models: Sequence[ModelInfo]) -> list[str]:
    """For each model after how many images it was made, in words, where another has its name, too; else nothing."""
    names = Counter(model.name for model in models)
    text = QCoreApplication.translate("Models", "{n} images")
    return [
        text.format(n=QLocale().toString(model.images_shown)) if names[model.name] > 1 and model.images_shown else ""
        for model in models
    ]
