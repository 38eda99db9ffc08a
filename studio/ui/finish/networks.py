"""The networks that a draft can choose: enlargers and inpainters of other programs, and models that fill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from studio.recipes import SampleRecipe
from studio.recipes.tree import subjects_of
from studio.ui.context import StudioContext
from studio.ui.describe.model_names import model_name
from studio.ui.finish.controls import Controls
from studio.ui.finish.draft import Draft
from studio.ui.model import Model
from studio.worker import JobGroup

if TYPE_CHECKING:
    from studio.checkpoints.info import ModelInfo
    from studio.checkpoints.network_files import AddedNetwork


class AvailableNetworks(QObject):
    """Fills the controls with the networks there are, and adds files of other programs."""

    def __init__(
        self, context: StudioContext, model: Model[Draft], controls: Controls, background: JobGroup, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._model, self._controls, self._background = context, model, controls, background
        self._models_asked = False
        controls.enlarge.folder = controls.repair.network_folder = context.settings.start_folder("model")
        controls.enlarge.networkFileChosen.connect(self._add_enlarger)
        controls.repair.networkFileChosen.connect(self._add_inpainter)
        context.modelsChanged.connect(self._forget_models)
        self._find()

    def update(self) -> None:
        """Look for the models that fill, once one of them is wanted."""
        if self._model.value.method == "generator" and not self._models_asked:
            self._models_asked = True
            job = self._context.worker.call(lambda engine: engine.library.models(), key="finish-models")
            job.finished.connect(self._on_models)
            job.failed.connect(self._context.problem)

    def _find(self) -> None:
        from studio.checkpoints.enlargers import added_networks
        from studio.checkpoints.inpainters import added_inpainters

        def show(found: tuple[list[AddedNetwork], list[AddedNetwork]]) -> None:
            self._controls.enlarge.show_networks(found[0])
            self._controls.repair.network.show_files([(network.name, network.ref) for network in found[1]])

        self._background.run(lambda: (added_networks(), added_inpainters()), show)

    def _add_enlarger(self, path: Path) -> None:
        from studio.checkpoints.enlargers import add_network

        self._add(lambda: add_network(path), path, lambda found: {"network": "file", "file": found.ref})

    def _add_inpainter(self, path: Path) -> None:
        from studio.checkpoints.inpainters import add_inpainter

        self._add(lambda: add_inpainter(path), path, lambda found: {"method": "network", "inpainter": found.ref})

    def _add(
        self, add: Callable[[], AddedNetwork], path: Path, changes: Callable[[AddedNetwork], dict[str, Any]]
    ) -> None:
        self._context.settings.remember_folder("model", path)

        def added(network: AddedNetwork) -> None:
            self._model.edit(**changes(network))
            self._find()
            self._context.notify.emit(self.tr("“{name}” can be chosen now.").format(name=network.name))

        job = self._context.worker.call(lambda _engine: add(), title=self.tr("Adding a network"))
        job.finished.connect(added)
        job.failed.connect(self._context.problem)

    def _forget_models(self) -> None:
        self._models_asked = False
        self.update()

    def _on_models(self, models: list[ModelInfo]) -> None:
        self._controls.repair.generator.show_files([(model_name(info), info.ref) for info in models])
        draft = self._model.value
        if draft.method == "generator" and draft.model is None and models:
            drawn = [] if draft.content is None else [step.model for step in subjects_of(draft.content, SampleRecipe)]
            self._model.edit(model=[*drawn, models[0].ref][0])
