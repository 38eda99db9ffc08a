"""The models of the library that the Explore room can go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.base import StudioError
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.ui.context import StudioContext
from studio.ui.explore.covers import Covers
from studio.ui.explore.model_notes import newest_covers
from studio.worker import ModelInfo

if TYPE_CHECKING:
    from studio.engine import Engine


class KnownModels(QObject):
    """The models of the library as they were read last; they are read again whenever they change."""

    found = Signal()
    """``infos`` are new."""
    failed = Signal(object)
    """They could not be read: a ``StudioError``."""

    def __init__(self, context: StudioContext, covers: Covers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._covers = context, covers
        self._readings = 0  # under way
        self.infos: list[ModelInfo] = []
        context.modelsChanged.connect(self.read)

    @property
    def is_reading(self) -> bool:
        """True while the library is being read: a model that is not known may just have arrived."""
        return self._readings > 0

    def read(self) -> None:
        """Read the library, on the device thread."""
        self._readings += 1

        def look(engine: Engine) -> tuple[list[ModelInfo], dict[str, SampleRecipe]]:
            models = engine.library.models()
            return models, newest_covers(models)

        job = self._context.worker.call(look, title=self.tr("Looking for models"))
        job.finished.connect(lambda found: self._on_found(*found))
        job.failed.connect(self._on_failed)

    def find(self, model: FileRef) -> ModelInfo | None:
        """The library's entry for ``model``; None: it is not there."""
        return next((info for info in self.infos if info.hash == model.hash), None)

    def opening(self, info: ModelInfo, before: SampleRecipe | None, seed: int) -> SampleRecipe:
        """The sample that a model opens on: the artist's newest cover, else its own best one, else ``seed``.

        Of ``before`` stays what belongs to no latent space.
        """
        if (cover := self._covers.newest(info.hash)) is not None:
            return cover
        latent = LatentSeed(seed=info.covers[0] if info.covers else seed)
        if before is None:
            return SampleRecipe(model=info.ref, latent=latent)
        return SampleRecipe(model=info.ref, latent=latent, truncation=before.truncation)

    def _on_found(self, models: list[ModelInfo], covers: dict[str, SampleRecipe]) -> None:
        self._readings -= 1
        self._covers.set_newest(covers)
        self.infos = models
        self.found.emit()

    def _on_failed(self, problem: StudioError) -> None:
        self._readings -= 1
        self.failed.emit(problem)
