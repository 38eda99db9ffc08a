"""Masks: the brush, and pictures that are taken as masks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.base import StudioError
from studio.gallery import SourceStore
from studio.media.mask_file import mask_from
from studio.recipes import FileRef, PhotoRecipe
from studio.ui.context import StudioContext
from studio.ui.masks.brush import Brush, Stroke, is_empty
from studio.ui.stylize import StylizerPanel
from studio.ui.widgets import DroppedPicture
from tests.fakes import PaintingEngine, opened_context
from tests.support.stylize_room import panel

__all__ = ["panel"]

SIZE = (60, 40)


@pytest.fixture
def context(tmp_path: Path, qapp: QApplication) -> Iterator[StudioContext]:
    engine = PaintingEngine(SourceStore(tmp_path / "Sources"))
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as made:
        yield made


# The brush


def dab(brush: Brush, *, before: int = 0, erases: bool = False) -> np.ndarray:
    mask = np.full((101, 101), before, np.uint8)
    Stroke(mask, brush, erases=erases).draw(mask, (50.5, 50.5), (50.5, 50.5))
    return mask


def test_hardness_and_strength() -> None:
    hard = dab(Brush(size=0.4))
    assert hard[50, 50] == 255 and hard[50, 50 + 18] == 255 and hard[50, 50 + 22] == 0
    soft = dab(Brush(size=0.4, hardness=0.0))
    assert soft[50, 50] > 240 and 100 < soft[50, 60] < 155 and soft[50, 50 + 22] == 0
    weak = dab(Brush(size=0.4, strength=0.25))
    assert weak[50, 50] == weak[50, 65] == 64
    assert dab(Brush(size=0.4, strength=0.25), before=255, erases=True)[50, 50] == 191


def test_a_stroke_that_crosses_itself_is_no_stronger_but_the_next_one_is() -> None:
    mask = np.zeros((60, 60), np.uint8)
    for expected in (128, 192):
        stroke = Stroke(mask, Brush(size=0.2, strength=0.5), erases=False)
        for start, end in (((10.0, 30.0), (50.0, 30.0)), ((50.0, 30.0), (10.0, 30.0)), ((30.0, 10.0), (30.0, 50.0))):
            stroke.draw(mask, start, end)
        assert mask[30, 30] == mask[30, 15] == expected


@given(st.floats(0.01, 0.5), st.floats(-20, 80), st.floats(-20, 80), st.floats(-20, 80), st.floats(-20, 80))
def test_erasing_the_same_stroke_leaves_nothing(size: float, x0: float, y0: float, x1: float, y1: float) -> None:
    mask = np.zeros((60, 60), np.uint8)
    for erases in (False, True):
        Stroke(mask, Brush(size=size), erases=erases).draw(mask, (x0, y0), (x1, y1))
        assert erases or mask.max() <= 64 or not is_empty(mask)
    assert is_empty(mask)


def test_a_weak_stroke_is_no_empty_mask() -> None:
    assert not is_empty(dab(Brush(size=0.4, strength=0.05)))


# Files


def png(pixels: np.ndarray, mode: str | None = None) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8), mode).save(buffer, "PNG")
    return buffer.getvalue()


def halves(*left_and_right: object) -> np.ndarray:
    left, right = (np.broadcast_to(np.atleast_1d(np.array(part)), (40, 30, np.size(part))) for part in left_and_right)
    return np.concatenate([left, right], axis=1).squeeze()


def taken(data: bytes) -> tuple[np.ndarray, str]:
    found = mask_from(data, "mask.png", SIZE)
    return np.asarray(Image.open(io.BytesIO(found.png))), " ".join(map(str, found.notes))


def test_what_counts_of_a_picture() -> None:
    grey, said = taken(png(halves(0, 255)))
    assert grey.shape == (40, 60) and (grey[0, 0], grey[0, 59]) == (0, 255) and not said
    grey, said = taken(png(halves((255, 0, 0), (255, 255, 255))))
    assert grey[0, 0] == 76 and grey[0, 59] == 255 and "colours" in said
    shape, said = taken(png(halves((9, 9, 9, 0), (9, 9, 9, 255))))  # a black shape, cut out
    assert (shape[0, 0], shape[0, 59]) == (0, 255) and "shape" in said
    both = halves((0, 0, 0, 255), (255, 255, 255, 255)).copy()
    both[:, :20] = (255, 255, 255, 0)
    both, said = taken(png(both))
    assert (both[0, 0], both[0, 25], both[0, 59]) == (0, 0, 255) and "transparent" in said
    _, said = taken(png(np.tile(np.arange(64) * 4, (64, 1))))
    assert "64 × 64" in said and "stretched" in said


@pytest.mark.parametrize(("shade", "words"), [(255, "masks nothing"), (3, "nothing would be restyled")])
def test_a_picture_that_is_the_same_everywhere_is_refused(shade: int, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        taken(png(np.full((40, 60), shade)))
    with pytest.raises(StudioError):
        taken(b"no picture")


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
