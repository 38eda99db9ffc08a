"""Notes on each network: named directions and its parts, in a small file each, used in the pool only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from studio.base import StudioError
from studio.base.paths import directions_dir
from studio.engine.jobs.layer_parts import measured_parts
from studio.recipes import SampleRecipe
from studio.recipes.direction_set import DIRECTIONS, DirectionSet, LayerParts, Layers, usual_parts
from studio.ui.context import StudioContext
from studio.ui.describe.lists import listed
from studio.worker import Job, JobGroup, ModelInfo, Priority


def part_names() -> tuple[str, str, str]:
    """The parts of a picture in the language in use: shape, features, colour."""
    translate = QCoreApplication.translate
    return translate("LayerParts", "Shape"), translate("LayerParts", "Features"), translate("LayerParts", "Colour")


def part_tips() -> tuple[str, str, str]:
    """Descriptions of the parts, in the language in use."""
    translate = QCoreApplication.translate
    return (
        translate("LayerParts", "Composition, pose and overall shape"),
        translate("LayerParts", "Features and smaller shapes"),
        translate("LayerParts", "Colours and texture"),
    )


def newest_covers(models: Iterable[ModelInfo]) -> dict[str, SampleRecipe]:
    """The artist's newest cover of each model that has one, by the model's hash. Not for the main thread."""
    found = {}
    for model in models:
        with contextlib.suppress(StudioError):  # damaged: it is said when the model is used
            path = _path(model.hash)
            if path.exists() and (covers := DIRECTIONS.read(path).covers):
                found[model.hash] = covers[0]
    return found


class ModelNotes(QObject):
    """The notes on the network in use.

    Nothing is written before the artist changes something or the parts are measured.
    """

    changed = Signal()
    """Other notes: of another network, or edited."""
    edited = Signal(object, object)
    """The artist changed the notes: the ``DirectionSet`` before, and the one now; see :meth:`put_back`."""

    def __init__(self, context: StudioContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._files = JobGroup(self, ordered=True)
        self._files.failed.connect(context.problem)
        self._job: Job | None = None
        self._wanted = False
        self._read = False
        self._network: ModelInfo | None = None
        self.value: DirectionSet | None = None

    @property
    def layers(self) -> int:
        """Layers of the network that take a w of their own; 0 without w."""
        return self._network.num_ws if self._network is not None else 0

    @property
    def parts(self) -> LayerParts:
        """The parts of the network: the artist's, those measured, or the usual ones."""
        kept = self.value.parts if self.value is not None else None
        return kept if kept is not None else usual_parts(max(1, self.layers))

    @property
    def is_read(self) -> bool:
        """True when what was kept of the network is there."""
        return self._read

    @property
    def measuring(self) -> bool:
        """True while the parts are being measured."""
        return self._job is not None

    def show_network(self, network: ModelInfo | None) -> None:
        """Read what is kept of ``network``."""
        if network is not None and self._network is not None and network.hash == self._network.hash:
            return
        self._stop()
        self._network, self._read = network, False
        self.value = None if network is None else DirectionSet(model=network.ref)
        self.changed.emit()
        if network is not None:
            path = _path(network.hash)

            def read() -> DirectionSet | None:
                return DIRECTIONS.read(path) if path.exists() else None

            def failed(problem: StudioError) -> None:
                self._context.problem.emit(problem)
                self._came(network, None)

            self._files.run(read, lambda found: self._came(network, found), failed)

    def edit(self, value: DirectionSet) -> None:
        """Keep ``value`` in the place of the notes there are."""
        before = self.value
        if before is not None and value != before:
            self.put_back(value)
            self.edited.emit(before, value)

    def put_back(self, value: DirectionSet) -> None:
        """Keep notes that were there before, or after a change; of whichever network they are."""
        if self.value is not None and value.model.hash == self.value.model.hash:
            self.value = value
            self.changed.emit()
        path = _path(value.model.hash)
        self._files.run(lambda: DIRECTIONS.write(value, path), must_finish=True)

    def want_parts(self) -> None:
        """Measure the parts of the network in the background, unless that is done."""
        self._wanted = True
        if self._read and self._job is None and self.value is not None and self.value.parts is None and self.layers:
            model = self.value.model
            job = self._job = self._context.worker.submit(
                lambda engine: measured_parts(engine, model), priority=Priority.IDLE, key="layer-parts"
            )
            job.finished.connect(lambda parts: self._measured(model.hash, parts))
            job.failed.connect(lambda _problem: self._not_measured(job))
            job.cancelled.connect(lambda: self._not_measured(job))
            self.changed.emit()

    def layers_text(self, layers: Layers | None) -> str:
        """A range of layers in words: "Shape, Features", "Colour", "All"."""
        if layers is None or not self.layers:
            return self.tr("All")
        inside = set(range(layers[0], layers[1] + 1))
        named = [
            name for part, name in enumerate(part_names()) if inside & set(self.parts.layers_of(part, self.layers))
        ]
        return listed(named) if len(named) < 3 else self.tr("All")

    def close(self) -> None:
        """Stop measuring."""
        self._stop()
        self._files.close()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._wanted = False

    def _came(self, network: ModelInfo, found: DirectionSet | None) -> None:
        if self._network is not network:
            return
        self._read = True
        if found is not None and self.value is not None and not self.value.directions:
            self.value = found.model_copy(update={"model": network.ref})
            self.changed.emit()
        if self._wanted:
            self.want_parts()

    def _not_measured(self, job: Job) -> None:
        """Let it be asked for again."""
        if self._job is job:
            self._job, self._wanted = None, False
            self.changed.emit()

    def _measured(self, model: str, parts: LayerParts) -> None:
        self._job = None
        if self.value is not None and self.value.model.hash == model and self.value.parts is None:
            self.put_back(self.value.model_copy(update={"parts": parts}))


def _path(model: str) -> Path:
    return directions_dir() / f"{model}.json"
