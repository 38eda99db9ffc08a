"""The Train room for tests: with an engine that only knows its library, and no network in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.base.app_settings import AppSettings
from studio.gallery import Gallery, SourceStore
from studio.ui.context import StudioContext
from studio.ui.train import TrainingPanel
from studio.worker import DeviceInfo, DeviceWorker


class SmallEngine:
    """Stands in for the engine: the room needs only its library."""

    def __init__(self) -> None:
        from studio.checkpoints import ModelLibrary

        self.library = ModelLibrary()

    def device_info(self) -> DeviceInfo:
        """A processor."""
        return DeviceInfo("cpu", "Test device", 2**34, 2**30)


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    """What the rooms share, around a :class:`SmallEngine`."""
    worker = DeviceWorker(lambda: SmallEngine())  # type: ignore[arg-type, return-value]
    worker.start()
    yield StudioContext(worker, Gallery(), SourceStore(tmp_path / "sources"), AppSettings())
    worker.shutdown()


@pytest.fixture
def make_panel(context: StudioContext, qtbot: QtBot) -> Iterator[Callable[[], TrainingPanel]]:
    """Opens the room, as often as it is called."""
    made: list[TrainingPanel] = []

    def make() -> TrainingPanel:
        panel = TrainingPanel(context)
        panel.resize(1200, 740)
        qtbot.addWidget(panel)
        panel.show()
        made.append(panel)
        return panel

    yield make
    for panel in made:
        panel.shutting_down()


@pytest.fixture
def panel(make_panel: Callable[[], TrainingPanel]) -> TrainingPanel:
    """The room."""
    return make_panel()
