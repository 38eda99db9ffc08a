"""The Train room for tests: with an engine that only knows its library, and no network in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.context import StudioContext
from studio.ui.train import TrainingPanel
from studio.ui.train.setup import speed_measuring
from tests.fakes import LibraryOnly, opened_context


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    """What the rooms share, around an engine that has only a library."""
    with opened_context(LibraryOnly, tmp_path) as made:
        yield made


def wait_until_read(qtbot: QtBot, panel: TrainingPanel) -> None:
    """Return when the files of the run that is shown, and its newest samples, have been read."""
    follower, samples = panel.current(), panel.run_view.samples
    if follower is not None:
        qtbot.waitUntil(lambda: follower.was_read and (samples.canvas.has_image() or not follower.previews))


@pytest.fixture
def make_panel(
    context: StudioContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], TrainingPanel]]:
    """Opens the room, as often as it is called; the speed of its machine is measured only when a test says so."""
    monkeypatch.setattr(speed_measuring, "SETTLE_MS", 10**8)
    made: list[TrainingPanel] = []

    def make() -> TrainingPanel:
        panel = TrainingPanel(context)
        panel.resize(1200, 740)
        qtbot.addWidget(panel)
        panel.show()
        made.append(panel)
        wait_until_read(qtbot, panel)
        return panel

    yield make
    for panel in made:
        panel.shutting_down()


@pytest.fixture
def panel(make_panel: Callable[[], TrainingPanel]) -> TrainingPanel:
    """The room."""
    return make_panel()
