"""Three small answers before a final render."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.base import Work
from studio.engine import Rendered
from studio.gallery import SourceStore
from studio.recipes import EnlargeRecipe, PhotoRecipe, Recipe
from studio.ui.context import StudioContext
from studio.ui.model import edited
from studio.ui.stylize import StylizerPanel
from studio.ui.stylize.answers import FREE, MIDDLE, NEAR, SIDE, STEPS
from studio.ui.stylize.print_size import ENLARGING, PrintSizeDialog
from tests.fakes import PaintingEngine, opened_context
from tests.support.stylize_room import panel

__all__ = ["panel"]


@pytest.fixture
def engine(tmp_path: Path) -> PaintingEngine:
    return PaintingEngine(SourceStore(tmp_path / "Sources"))


@pytest.fixture
def context(tmp_path: Path, engine: PaintingEngine, qapp: QApplication) -> Iterator[StudioContext]:
    with opened_context(lambda: engine, tmp_path, sources=engine.sources) as made:
        yield made
        engine.let_go()


def photo(panel: StylizerPanel, folder: Path, shade: int) -> PhotoRecipe:
    path = folder / f"{shade}.png"
    Image.fromarray(np.full((40, 80, 3), shade, np.uint8)).save(path)
    return PhotoRecipe(photo=panel.context.sources.add(path))


def test_three_answers_and_one_is_taken(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not panel.card.answers_button.isEnabled()
    panel.set_content(photo(panel, tmp_path, 40))
    panel.add_style(photo(panel, tmp_path, 90))
    panel.model.edit(size=1024, content_strength=0.33)
    assert panel._expected_seconds() is None
    engine.asked.clear()
    panel.card.answers_button.click()
    answers = panel.answers
    assert answers.isVisible() and not any(button.isChecked() for button in answers.buttons)
    qtbot.waitUntil(lambda: not answers.bar.isVisible())
    asked = [recipe for recipe in engine.stylized() if recipe.method == "optimise"]
    assert [recipe.content_strength for recipe in asked] == [NEAR, MIDDLE, FREE]
    assert {(recipe.size, recipe.steps) for recipe in asked} == {(SIDE, STEPS)}
    assert len(answers.pictures) == 3
    drawn = [button.icon().pixmap(64).toImage().pixelColor(32, 32) for button in answers.buttons]
    assert [shade.alpha() for shade in drawn] == [255, 255, 255]
    # What they took says how long the real one will take; nothing but the likeness changes, in one step of undo.
    answers.buttons[0].click()
    assert panel.model.value.content_strength == NEAR and not answers.isVisible()
    qtbot.waitUntil(lambda: panel.canvas.image() is not None)
    assert panel._expected_seconds() is not None and "here" in panel.card.text.text()
    assert "about" in panel.controls.quality.itemText(0)
    panel.undo()
    assert panel.model.value.content_strength == 0.33
    panel.model.edit(texture=True)
    assert not panel.card.answers_button.isEnabled() and "texture" in panel.card.answers_button.toolTip()


def test_closing_the_answers_stops_them(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.set_content(photo(panel, tmp_path, 40))
    panel.add_style(photo(panel, tmp_path, 90))
    engine.hold_at = {5}
    panel.commands.run("stylize.answers")
    job = panel.answers.job
    assert job is not None
    qtbot.waitUntil(lambda: panel.answers.bar.value() >= 4)
    QTest.keyClick(panel.answers, Qt.Key.Key_Escape)
    assert not panel.answers.isVisible() and job.is_over
    engine.go.set()
    assert edited(panel.model.value) == panel.model.value and panel.model.value.content_strength == 0.5


def test_finals_are_enlarged_when_they_are_kept(
    panel: StylizerPanel, engine: PaintingEngine, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enlarged: list[EnlargeRecipe] = []
    paint = engine.render

    def render(recipe: Recipe, **more: Any) -> Work[Rendered]:
        if isinstance(recipe, EnlargeRecipe):
            enlarged.append(recipe)
            recipe = recipe.content
        return (yield from paint(recipe, **more))

    monkeypatch.setattr(engine, "render", render)
    panel.set_content(photo(panel, tmp_path, 40))
    panel.add_style(photo(panel, tmp_path, 90))
    panel.model.edit(size=1024)
    qtbot.waitUntil(lambda: panel.canvas.image() is not None and panel.previews.latest is not None)
    panel.finals.times.device = "here"
    panel.finals.learn("vgg16-hed, nearest", {512: (2.0, 0.0)})
    panel.controls.compare_button.click()
    (dialog,) = panel.findChildren(PrintSizeDialog)
    whole, small = dialog.seconds()
    assert dialog.factor() == 4 and whole is not None and small is not None and whole > 5 * small
    dialog.measured.emit(ENLARGING, {4: (10.0, 0.0)})
    assert dialog.seconds()[1] == pytest.approx(small + 10 * 1024**2 * 0.5 / 1e6)
    dialog.enlarge_button.click()
    assert (panel.model.value.enlarged, panel.model.value.size) == (4, 1024)
    panel.save()
    qtbot.waitUntil(lambda: bool(enlarged), timeout=5000)
    assert enlarged[0].factor == 4 and enlarged[0].content == panel.model.value.recipe("preview")
    panel.controls.compare_button.click()
    dialog = panel.findChildren(PrintSizeDialog)[-1]
    dialog.whole_button.click()
    assert (panel.model.value.enlarged, panel.model.value.size) == (1, 4096)
