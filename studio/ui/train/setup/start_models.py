"""The choice of the model that a run starts from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from studio.training.start_models import NAMES, incompatibility
from studio.ui.describe.model_names import distinguishing_image_counts
from studio.ui.train.text import number
from studio.worker import ModelInfo


class StartModels(QComboBox):
    """Random weights, or a model of the library; those that do not fit the run say why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(
            self.tr("Going on from a trained model is much faster than from scratch, also for quite other pictures.")
        )

    def chosen(self) -> ModelInfo | None:
        """The model to start from, or None for scratch."""
        model = self.currentData()
        return model if isinstance(model, ModelInfo) else None

    def choose_file(self, path: str) -> None:
        """Choose the model in that file, if it is there."""
        for row in range(self.count()):
            model = self.itemData(row)
            if isinstance(model, ModelInfo) and str(model.path) == path:
                self.setCurrentIndex(row)

    def fill(self, models: Sequence[ModelInfo], architecture: str, resolution: int) -> None:
        """Offer ``models`` for such a run; what was chosen stays as long as it fits. No signal is sent."""
        chosen = self.chosen()
        self.blockSignals(True)
        self.clear()
        self.addItem(self.tr("Scratch (random weights)"), None)
        items = self.model()
        assert isinstance(items, QStandardItemModel)
        for model, images in zip(models, distinguishing_image_counts(models), strict=True):
            why_not = self._incompatibility_text(model, architecture, resolution)
            grows = not why_not and model.resolution < resolution
            size = f"{model.resolution} → {resolution} px" if grows else f"{model.resolution} px"
            if images:
                size += f" · {images}"
            self.addItem(f"{model.name} · {size}", model)
            about = model.description
            if grows:
                about = self.tr("Starts as this {n} px network, enlarged; new layers learn the details.").format(
                    n=model.resolution
                )
            item = items.item(self.count() - 1)
            item.setEnabled(not why_not)
            item.setToolTip(why_not or about)
            if chosen is not None and model.hash == chosen.hash and not why_not:
                self.setCurrentIndex(self.count() - 1)
        self.blockSignals(False)

    def _incompatibility_text(self, model: ModelInfo, architecture: str, resolution: int) -> str:
        """Why the run cannot start from ``model``; empty when it can."""
        match incompatibility(model, architecture, resolution):
            case "kind":
                return self.tr("This model is a {other}, the run is set to {this}.").format(
                    other=NAMES.get(model.architecture, model.architecture), this=NAMES[architecture]
                )
            case "labels":
                return self.tr("This model has learnt {n} classes, and a folder of pictures has none.").format(
                    n=number(model.labels)
                )
            case "channels":
                return self.tr("This model does not make colour pictures.")
            case "size":
                return self.tr("This model makes {n} pixels, which cannot be trained.").format(n=model.resolution)
            case "resolution":
                return self.tr("This model makes {other} pixels, the run is set to {this}.").format(
                    other=model.resolution, this=resolution
                )
            case "larger":
                return self.tr(
                    "This model makes {other} pixels, the run is set to {this}: networks can be enlarged, not reduced."
                ).format(other=model.resolution, this=resolution)
            case "residual":
                return self.tr(
                    "This model makes {other} pixels with residual blocks, and such a network cannot be enlarged."
                ).format(other=model.resolution)
        return ""
