"""Models of runs in the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.base import StudioError
from studio.base.files import sha256_of
from studio.recipes import FileRef
from studio.training.exports import publish_snapshot
from studio.training.runs import RunDirectory
from studio.worker import ModelInfo

if TYPE_CHECKING:
    from studio.engine import Engine


def model_of_run(engine: Engine, run: RunDirectory, *, best: bool = False) -> ModelInfo:
    """The newest or the best model of ``run`` in the library; a run under way has its model put there first.

    Raises
    ------
    StudioError
        When the run has no model yet, or the library cannot be written.
    """
    path = run.best_model_path if best else run.model_path
    if path is None:
        raise StudioError(
            f"The run “{run.settings.name}” has no model yet.", "Wait for its first checkpoint, or pause it."
        )
    wanted = FileRef(hash=sha256_of(path), name=run.settings.name)
    try:
        return engine.library.find(wanted)
    except StudioError:
        # The run may have replaced its model meanwhile: what was copied counts.
        copy = publish_snapshot(run, best=best)
        return engine.library.find(FileRef(hash=sha256_of(copy), name=run.settings.name))
