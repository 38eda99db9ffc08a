"""Networks on their way from the catalogue into the library, whether or not a window shows them.

Downloads run on threads of their own: the device thread never waits for the network. Only the conversion, which needs
torch, is a job of the device worker.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.base import Progress, StudioError
from studio.checkpoints import ModelInfo
from studio.checkpoints.acquire import fetch, forget, owned, take_in, waiting
from studio.checkpoints.catalogue import Catalogue, Network
from studio.checkpoints.download import Rate
from studio.ui.context import StudioContext
from studio.worker import Job, thread_pool

AT_ONCE = 2
"""Downloads that share the connection; others wait for their turn."""
EVERY = 0.1


class Stage(StrEnum):
    """The stages of a network on its way into the library."""

    AWAY = "away"
    """Not here; perhaps a part of it is."""
    QUEUED = "queued"
    LOADING = "loading"
    CONVERTING = "converting"
    FAILED = "failed"
    OWNED = "owned"


@dataclass
class Standing:
    """The known state of one network.

    Attributes
    ----------
    kept : bytes that an earlier download left; counts while it is away or failed.
    progress, rate : of the download that runs.
    problem : why it failed.
    model : the model in the library that it became.
    """

    stage: Stage = Stage.AWAY
    kept: int = 0
    progress: Progress = field(default_factory=lambda: Progress(0))
    rate: Rate = field(default_factory=Rate)
    problem: StudioError | None = None
    model: ModelInfo | None = None


class Downloads(QObject):
    """All downloads of this session; lives as long as the context.

    Attributes
    ----------
    catalogue : what there is to fetch.
    """

    changed = Signal(str)
    """The network with this id stands somewhere else, or its download got on."""

    failed = Signal(object)
    """A ``StudioError``: a download or conversion that the artist wished for did not come about."""

    def __init__(self, context: StudioContext, catalogue: Catalogue) -> None:
        super().__init__(context)
        self._context = context
        self.catalogue = catalogue
        self._standing: dict[str, Standing] = {}
        self._running: dict[str, Job] = {}
        self._queue: list[Network] = []
        self._owned: dict[str, ModelInfo] = {}

    @property
    def active(self) -> bool:
        """True when something is being fetched."""
        return bool(self._running)

    def standing(self, network: Network) -> Standing:
        """The present state of ``network``."""
        if network.id not in self._standing:
            model = self._owned.get(network.id)
            stage = Stage.AWAY if model is None else Stage.OWNED
            self._standing[network.id] = Standing(stage, kept=waiting(network), model=model)
        return self._standing[network.id]

    def learn(self, models: list[ModelInfo]) -> None:
        """Take note of what is in the library."""
        self._owned = owned(models)
        for key, standing in self._standing.items():
            model = self._owned.get(key)
            busy = standing.stage in (Stage.QUEUED, Stage.LOADING, Stage.CONVERTING)
            if model != standing.model and not (busy and model is None):
                standing.model = model
                if not busy:
                    standing.stage = Stage.OWNED if model is not None else Stage.AWAY
                self.changed.emit(key)

    def start(self, network: Network) -> None:
        """Fetch ``network``, going on from what is there; no effect on one that is on its way or there already."""
        standing = self.standing(network)
        if standing.stage not in (Stage.AWAY, Stage.FAILED):
            return
        standing.stage, standing.problem = Stage.QUEUED, None
        standing.progress, standing.rate = Progress(waiting(network), network.size), Rate()
        self._queue.append(network)
        self.changed.emit(network.id)
        self._next()

    def cancel(self, network: Network) -> None:
        """Stop the download; what has arrived is kept."""
        standing = self.standing(network)
        if standing.stage not in (Stage.QUEUED, Stage.LOADING):
            return
        if network in self._queue:
            self._queue.remove(network)
        work = self._running.pop(network.id, None)
        if work is not None:
            work.cancel()
        self._rest(network, Stage.AWAY)
        self._next()

    def discard(self, network: Network) -> None:
        """Delete what an unfinished download left."""
        if self.standing(network).stage in (Stage.AWAY, Stage.FAILED):
            forget(network)
            self._rest(network, Stage.AWAY)

    def _next(self) -> None:
        while self._queue and len(self._running) < AT_ONCE:
            network = self._queue.pop(0)
            work = thread_pool().submit(lambda network=network: fetch(network), every=EVERY, owner=self)  # type: ignore[misc]
            work.progressed.connect(lambda progress, network=network: self._got_on(network, progress))
            work.finished.connect(lambda path, network=network: self._arrived(network, path))
            work.failed.connect(lambda problem, network=network: self._failed(network, problem))
            self._running[network.id] = work
            self.standing(network).stage = Stage.LOADING
            self.changed.emit(network.id)

    def _got_on(self, network: Network, progress: Progress) -> None:
        standing = self.standing(network)
        standing.progress = progress
        standing.rate.add(progress.step)
        self.changed.emit(network.id)

    def _arrived(self, network: Network, path: Path) -> None:
        self._running.pop(network.id, None)
        self.standing(network).stage = Stage.CONVERTING
        job = self._context.worker.call(
            lambda engine: take_in(engine.library, network, path, catalogue=self.catalogue),
            title=self.tr("Adding a model"),
        )
        job.finished.connect(lambda info: self._added(network, info))
        job.failed.connect(lambda problem: self._failed(network, problem))
        job.cancelled.connect(lambda: self._rest(network, Stage.AWAY))
        self.changed.emit(network.id)
        self._next()

    def _added(self, network: Network, info: ModelInfo) -> None:
        self.standing(network).model = info
        self._rest(network, Stage.OWNED)
        self._context.notify.emit(self.tr("“{name}” is in your model library.").format(name=info.name))
        self._context.modelsChanged.emit()

    def _failed(self, network: Network, problem: StudioError) -> None:
        self._running.pop(network.id, None)
        self.standing(network).problem = problem
        self._rest(network, Stage.FAILED)
        self.failed.emit(problem)
        self._next()

    def _rest(self, network: Network, stage: Stage) -> None:
        standing = self.standing(network)
        standing.stage = stage
        standing.kept = waiting(network)
        self.changed.emit(network.id)
