"""The choice of the model that a run starts from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from studio.training.start_models import NAMES, incompatibility
from studio.ui.describe.lists import listed
from studio.ui.describe.model_names import distinguishing_image_counts, model_description, model_name
from studio.ui.train.setup.plan import RunPlan
from studio.ui.train.text import number
from studio.worker import ModelInfo

MORE = "more"
"""The data of the entry that leads to other networks."""


class StartModels(QComboBox):
    """Random weights, or a model of the library; those that do not fit the run say why. The last entry asks for more.

    Attributes
    ----------
    refused : a sentence for each reason why models do not fit the run, with their names.
    """

    moreWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filled_for: tuple[tuple[ModelInfo, ...], str, int] | None = None
        self._chosen = 0
        self.refused: list[str] = []
        self.currentIndexChanged.connect(self._on_chosen)
        self.setToolTip(
            self.tr("Going on from a trained model is much faster than from scratch, also for quite other pictures.")
        )

    def fill(self, plan: RunPlan) -> None:
        """Offer the models of ``plan``, each by the path of its file; what does not fit the run cannot be chosen."""
        wanted = plan.models, plan.architecture, plan.resolution
        if wanted == self._filled_for:
            return
        self._filled_for = wanted
        models, architecture, resolution = wanted
        self._chosen = 0
        names: dict[str, list[str]] = {}
        self.clear()
        self.addItem(self.tr("Scratch (random weights)"), "")
        items = self.model()
        assert isinstance(items, QStandardItemModel)
        for model, images in zip(models, distinguishing_image_counts(models), strict=True):
            why_not = self._incompatibility_text(model, architecture, resolution)
            grows = not why_not and model.resolution < resolution
            size = f"{model.resolution} → {resolution} px" if grows else f"{model.resolution} px"
            if images:
                size += f" · {images}"
            self.addItem(f"{model_name(model)} · {size}", str(model.path))
            about = model_description(model)
            if grows:
                about = self.tr("Starts as this {n} px network, enlarged; new layers learn the details.").format(
                    n=model.resolution
                )
            item = items.item(self.count() - 1)
            item.setEnabled(not why_not)
            item.setToolTip(why_not or about)
            if why_not:
                larger = incompatibility(model, architecture, resolution) == "larger"
                names.setdefault("larger" if larger else why_not, []).append(model_name(model))
        self.refused = [self._refusal(why, named, resolution) for why, named in names.items()]
        self.insertSeparator(self.count())
        self.addItem(self.tr("Get more networks …"), MORE)

    def _refusal(self, why: str, names: list[str], resolution: int) -> str:
        if why == "larger":
            return self.tr("Not from {names}: networks can be enlarged, but not reduced to {n} px.").format(
                names=listed(names), n=resolution
            )
        return self.tr("Not from {names}: {why}").format(names=listed(names), why=why)

    def _on_chosen(self, row: int) -> None:
        """Ask for more networks when that entry was chosen; the choice before stays."""
        if self.itemData(row) != MORE:
            self._chosen = row
            return
        self.setCurrentIndex(self._chosen)
        self.moreWanted.emit()

    def _incompatibility_text(self, model: ModelInfo, architecture: str, resolution: int) -> str:
        """Reason why the run cannot start from ``model``; empty when it can."""
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
