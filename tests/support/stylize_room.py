"""The Stylize room for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from studio.ui.context import StudioContext
from studio.ui.stylize import StylizerPanel


@contextmanager
def opened_panel(context: StudioContext, qtbot: QtBot) -> Iterator[StylizerPanel]:
    """The room in a window of its own."""
    made = StylizerPanel(context)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    yield made
    made.shutting_down()


@pytest.fixture
def panel(context: StudioContext, qtbot: QtBot) -> Iterator[StylizerPanel]:
    with opened_panel(context, qtbot) as made:
        yield made
