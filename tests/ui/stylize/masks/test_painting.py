"""Masks: the brush, and pictures that are taken as masks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gallery import SourceStore
from studio.recipes import FileRef, PhotoRecipe
from studio.ui.context import StudioContext
from studio.ui.stylize import StylizerPanel
from studio.ui.widgets import DroppedPicture
from tests.fakes import PaintingEngine, opened_context
from tests.support.mask_files import halves, png
from tests.support.stylize_room import panel

__all__ = ["panel"]

SIZE = (60, 40)


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    engine = PaintingEngine(SourceStore(tmp_path / "Sources"))
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as made:
        yield made


def test_a_mask_from_a_file_is_used_and_undone(panel: StylizerPanel, qtbot: QtBot, tmp_path: Path) -> None:
    refs = []
    for name, shade in (("photo", 40), ("style", 90)):
        path = tmp_path / f"{name}.png"
        Image.fromarray(np.full((40, 60, 3), shade, np.uint8)).save(path)
        refs.append(panel.context.sources.add(path))
    assert not panel.where.file_button.isEnabled()
    panel.set_content(PhotoRecipe(photo=refs[0]))
    panel.add_style(PhotoRecipe(photo=refs[1]))
    qtbot.waitUntil(lambda: panel.canvas.image() is not None)
    with qtbot.waitSignal(panel.context.notify) as told:
        panel.where.fileWanted.emit(DroppedPicture(None, png(halves(0, 255)), "sky.png"))
    assert "sky.png" in told.args[0]
    ref = panel.model.value.mask
    assert isinstance(ref, FileRef) and panel.where.paint_button.isChecked()
    shown = panel.canvas.painted_mask()
    assert shown is not None and shown.pixelColor(59, 20).red() == 255 and shown.pixelColor(0, 20).red() == 0
    # It can be painted on, weakly and softly.
    panel.where.strength.set_value(50)
    panel.where.hardness.set_value(0)
    panel.where.brush.set_value(40)
    box = panel.canvas.image_rect()
    at = QPointF(box.left() + box.width() / 6, box.center().y()).toPoint()
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: panel.model.value.mask not in (None, ref))
    mask = panel.canvas.painted_mask()
    assert mask is not None and 100 < mask.pixelColor(10, 20).red() <= 128 and mask.pixelColor(59, 20).red() == 255
    panel.undo()
    panel.undo()
    assert panel.model.value.mask is None
    # What is none says so, and changes nothing.
    with qtbot.waitSignal(panel.context.problem):
        panel.where.fileWanted.emit(DroppedPicture(None, png(np.full((40, 60), 255)), "white.png"))
    assert panel.model.value.mask is None
