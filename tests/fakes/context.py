"""What the rooms share, around any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.base import StudioError
from studio.base.app_settings import AppSettings
from studio.gallery import Gallery, SourceStore
from studio.ui.context import StudioContext
from studio.worker import DeviceWorker


class RecordingContext(StudioContext):
    """Keeps the problems that rooms tell the artist of in ``problems``."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.problems: list[StudioError] = []
        self.problem.connect(self.problems.append)


@contextmanager
def opened_context(
    make_engine: Callable[[], Any],
    folder: Path,
    *,
    sources: SourceStore | None = None,
    start: bool = True,
) -> Iterator[RecordingContext]:
    """A context with its gallery, index and settings in ``folder``; its device thread ends with it.

    ``make_engine`` runs on that thread. Without ``start`` the thread begins with the first job, as in the application.
    """
    worker = DeviceWorker(make_engine)
    if start:
        worker.start()
    gallery = Gallery(folder / "Pictures", folder / "index.sqlite")
    yield RecordingContext(worker, gallery, sources or SourceStore(folder / "Sources"), AppSettings())
    assert worker.shutdown(60_000)
    gallery.close()
