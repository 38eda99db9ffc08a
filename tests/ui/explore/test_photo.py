"""My photo, in the room: dropped, aligned, found, stopped, and brought back from its recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from studio.faces.alignment import eyes_square
from studio.recipes import LatentSeed, LatentW, Square
from studio.ui.context import StudioContext
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.photo_square_view import PhotoSquareView
from studio.ui.explore.tools.photo import PhotoTool
from studio.ui.explore.tools.picture import PictureTool
from tests.ui.explore.conftest import settled


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 8, 3), np.uint8)
    path = tmp_path / "my cat.png"
    Image.fromarray(pixels).resize((160, 100), Image.Resampling.BICUBIC).save(path)
    return path


def dropped(panel: ExplorerPanel, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel.dropEvent(QDropEvent(QPoint(200, 200).toPointF(), Qt.DropAction.CopyAction, mime, left, none))


def test_a_dropped_photo_is_found_stopped_undone_and_comes_back(
    qtbot: QtBot, panel: ExplorerPanel, context: StudioContext, photo: Path, perceptual_models: Path
) -> None:
    tool, before = panel.tools[PhotoTool], panel.recipe()
    assert not panel.acceptDrops()
    panel.hand.take("photo")
    assert panel.acceptDrops() and not tool.start_button.isEnabled() and panel.stack.currentWidget() is panel.canvas
    dropped(panel, photo)
    qtbot.waitUntil(lambda: tool._faces is not None)
    assert "No face" in tool.square_hint.text() and panel.stack.currentWidget() is tool.view
    tool.view.set_square(Square(side=0.75, angle=5))
    tool.seconds.setItemData(tool.seconds.currentIndex(), 100_000)
    tool.start()
    assert tool.is_searching() and not tool.face_button.isEnabled()
    assert panel.stack.currentWidget() is panel.canvas and panel.canvas.wipe() and panel.canvas.has_before()
    qtbot.waitUntil(lambda: tool._state is not None and tool._state.step >= 2)
    assert panel.recipe() == before, "nothing is kept while it goes on"
    tool.stop()
    qtbot.waitUntil(lambda: not tool.is_searching())
    found = panel.recipe()
    assert found is not None and isinstance(found.latent, LatentW) and found.latent.target is not None
    assert found.latent.target.photo.name == "my cat.png" and found.latent.target.square.angle == 5
    assert "dB" in tool.status.text()
    settled(qtbot, panel)
    panel.undo()
    assert panel.recipe() == before and not tool.status.text(), "how near it came is not said of another picture"
    panel.redo()
    assert panel.recipe() == found and "dB" in tool.status.text()
    panel.undo()

    panel.hand.take("picture")
    assert not panel.canvas.wipe() and not panel.acceptDrops()
    tool.photo = None
    tool.view.set_square(Square())
    panel.hand.take("photo")
    panel.open_recipe(found)
    qtbot.waitUntil(lambda: tool.photo is not None)
    assert tool.view.square().angle == 5 and panel.canvas.wipe()


def test_another_picture_ends_the_search(
    qtbot: QtBot, panel: ExplorerPanel, photo: Path, perceptual_models: Path
) -> None:
    tool = panel.tools[PhotoTool]
    panel.hand.take("photo")
    dropped(panel, photo)
    qtbot.waitUntil(lambda: tool._faces is not None)
    tool.start()
    panel.tools[PictureTool].seed.step(+1)
    assert not tool.is_searching()
    recipe = panel.recipe()
    assert recipe is not None and isinstance(recipe.latent, LatentSeed)
    settled(qtbot, panel)


def test_the_square_is_moved_sized_turned_and_set_by_the_eyes(qtbot: QtBot) -> None:
    view = PhotoSquareView()
    qtbot.addWidget(view)
    view.resize(448, 348)
    view.show_photo(np.zeros((150, 200, 3), np.uint8))
    view.show()
    left = Qt.MouseButton.LeftButton

    def draw(start: QPoint, end: QPoint) -> Square:
        qtbot.mousePress(view, left, pos=start)
        qtbot.mouseMove(view, end)
        qtbot.mouseRelease(view, left, pos=end)
        return view.square()

    middle = view.rect().center()
    moved = draw(middle, middle + QPoint(40, 0))  # the photo is shown twice as large
    assert moved.x == pytest.approx(0.6, abs=0.01) and moved.y == 0.5 and moved.side == 1
    corner = view.handles()[1].toPoint()
    centre = view.place_of((0.6 * 200, 75)).toPoint()
    sized = draw(corner, (corner + centre) / 2)
    assert sized.side == pytest.approx(0.5, abs=0.02) and sized.angle == pytest.approx(0, abs=1.5)
    turned = draw(view.handles()[0].toPoint(), view.handles()[1].toPoint())
    assert turned.angle == pytest.approx(90, abs=2)
    qtbot.keyClick(view, Qt.Key.Key_BracketRight)
    assert view.square().angle == pytest.approx(turned.angle + 1)

    view.set_square(Square(side=0.5))
    view.set_by_eyes(True)
    handles = view.handles()
    assert len(handles) == 6
    draw(handles[5].toPoint(), handles[5].toPoint() + QPoint(30, 10))
    eyes = [((place.x() - 24) / 2, (place.y() - 24) / 2) for place in view.handles()[4:]]
    wanted = eyes_square(eyes[0], eyes[1], 200, 150)
    assert view.square().angle == pytest.approx(wanted.angle, abs=0.5) and view.square().angle > 5
