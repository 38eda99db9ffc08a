"""One artist's visit: all rooms of the real window, with the starter model, a real photo and a real training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import psutil
import PySide6
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from skimage import data

from studio.base import StudioError
from studio.base.app_settings import AppSettings
from studio.recipes import LatentSeed, PhotoRecipe, SampleRecipe, StylizeRecipe, read_recipe
from studio.ui.explore import ExplorerPanel
from studio.ui.explore.film_dialog import FilmChoice
from studio.ui.explore.tools.directions import DirectionsTool
from studio.ui.explore.tools.picture import PictureTool
from studio.ui.gallery import GalleryPanel
from studio.ui.qt_types import make_types
from studio.ui.room_id import RoomId
from studio.ui.shell.app import make_window
from studio.ui.shell.window import MainWindow
from studio.ui.stylize import StylizerPanel
from studio.ui.train import TrainingPanel


def drop(window: MainWindow, *paths: Path) -> None:
    """Drop files on the window, as from a file manager."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, mime, buttons, keys))


def nameless(room: QWidget) -> list[str]:
    """What in ``room`` can be pressed or filled in, and neither a text nor a name tells what it is.

    A screen reader reads the text or the accessible name; of a tool tip it says nothing.
    """
    labelled = [label.buddy() for label in room.findChildren(QLabel)]
    of_qt = (QScrollBar, QAbstractSpinBox, QComboBox, QLineEdit)
    found = []
    for part in room.findChildren(QWidget):
        if (
            isinstance(part, QScrollBar)
            or part.accessibleName()
            or part in labelled
            or not part.isVisibleTo(room)
            or isinstance(part.parent(), of_qt)
        ):
            continue
        button = isinstance(part, QAbstractButton) and not part.text()
        frame = isinstance(part, QScrollArea) and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        if button or frame or isinstance(part, QAbstractSlider | QComboBox | QLineEdit | QAbstractSpinBox):
            found.append(f"{type(part).__name__} in {type(part.parent()).__name__}: {part.toolTip()}")
    return found


FILTERS_HOLD = tuple(map(int, PySide6.__version__.split(".")[:2])) >= (6, 9)
"""Whether the application bears a filter in Python: PySide6 6.7 and 6.8 crash with one sooner or later."""


class Strays(QObject):
    """Notes widgets that are shown as windows without belonging to one: they flash in a corner of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and watched.parent() is None and not isinstance(watched, MainWindow):
            self.seen.append(type(watched).__name__)
        return False


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, perceptual_models: Path) -> Iterator[MainWindow]:
    strays = Strays()
    if FILTERS_HOLD:
        make_types()
        qapp.installEventFilter(strays)
    window = make_window(AppSettings(device="cpu"))
    window.resize(1280, 800)
    window.show()
    window.context.worker.start()
    yield window
    qapp.removeEventFilter(strays)
    assert strays.seen == []
    window.end()  # whatever state it was left in, nobody is there to answer questions
    assert window.context.worker.shutdown()


def test_a_visit_to_all_four_rooms(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    problems: list[StudioError] = []
    window.context.problem.connect(problems.append)

    # Explore the starter model: sliders, picks, a film, the gallery.
    explorer = window.current_room()
    assert isinstance(explorer, ExplorerPanel)
    qtbot.waitUntil(
        lambda: explorer.canvas.has_image() and explorer.tools[DirectionsTool].direction_count > 0, timeout=60_000
    )

    def drawn() -> np.ndarray:
        qtbot.waitUntil(lambda: explorer.picture.is_newest, timeout=20_000)
        assert explorer.picture.image is not None
        return explorer.picture.image.copy()

    explorer.tools[PictureTool].truncation.set_value(0.6)
    explorer.tools[DirectionsTool].list.rows[0].slider.set_value(1.5)
    picked = []
    for seed in (3, 11):
        explorer.tools[PictureTool].seed.show_value(seed)
        explorer.tools[PictureTool].seed.step(+1)
        explorer.pick()
        picked.append(drawn())
    assert picked[0].std() > 20 and not np.array_equal(picked[0], picked[1])
    film = tmp_path / "journey.mp4"
    with qtbot.waitSignal(window.context.notify, timeout=60_000):
        explorer.picks.export_to(film, FilmChoice(2, 12, True))
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 4
    with qtbot.waitSignal(window.context.pictureSaved, timeout=20_000) as saved:
        window._save()
    sample = saved.args[0]
    recipe = read_recipe(sample.path)
    assert isinstance(recipe, SampleRecipe) and recipe.latent == LatentSeed(seed=12)
    assert b"trainedAlgorithmicMedia" in sample.path.read_bytes()

    # Stylize a photo with a painting-like picture and the sample.
    photo, style = tmp_path / "astronaut.jpg", tmp_path / "coffee.png"
    Image.fromarray(data.astronaut()).resize((256, 256)).save(photo)
    Image.fromarray(data.coffee()).resize((192, 128)).save(style)
    drop(window, photo)
    qtbot.waitUntil(lambda: isinstance(window.current_room(), StylizerPanel))
    stylizer = window.current_room()
    assert isinstance(stylizer, StylizerPanel)
    stylizer.add_style(recipe)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(style))])
    assert stylizer.style_drop.take(mime)
    stylizer.controls.size_buttons[256].click()
    qtbot.waitUntil(lambda: stylizer.previews.latest is not None and stylizer.previews.latest.full, timeout=120_000)
    stylizer.model.edit(steps=3)
    stylizer.render_final()
    qtbot.waitUntil(lambda: stylizer.finals.latest is not None and not stylizer.finals.latest.running, timeout=240_000)
    with qtbot.waitSignal(window.context.pictureSaved, timeout=20_000) as saved:
        window._save()
    stylized = saved.args[0]
    made = read_recipe(stylized.path)
    assert isinstance(made, StylizeRecipe) and made.steps == 3 and made.stop_after is None
    assert (stylized.width, stylized.height) == (256, 256)
    assert [type(use.source) for use in made.styles] == [SampleRecipe, PhotoRecipe] and made.styles[0].source == recipe

    # The gallery has both, and brings back the first with every control.
    window.show_room(RoomId.GALLERY)
    gallery = window.current_room()
    assert isinstance(gallery, GalleryPanel)
    qtbot.waitUntil(lambda: gallery.model.rowCount() == 2, timeout=20_000)
    explorer.tools[PictureTool].truncation.set_value(-0.5)
    gallery.filters["sample"].click()
    qtbot.waitUntil(lambda: gallery.model.rowCount() == 1, timeout=20_000)
    gallery._open_index(gallery.model.index(0, 0))
    assert window.current_room() is explorer
    assert explorer.recipe() == recipe
    assert np.array_equal(drawn(), np.asarray(Image.open(sample.path).convert("RGB")))

    # Train on a folder of small pictures, in a process of its own, and explore what came out.
    folder = tmp_path / "my_cups"
    folder.mkdir()
    cups = Image.fromarray(data.coffee())
    for number in range(12):
        cups.crop((number * 10, number * 5, number * 10 + 300, number * 5 + 300)).resize((64, 64)).save(
            folder / f"{number:02}.png"
        )
    window.show_room(RoomId.TRAIN)
    trainer = window.current_room()
    assert isinstance(trainer, TrainingPanel)
    trainer.folder_view.set_folder(folder)
    qtbot.waitUntil(lambda: trainer.form.start.isEnabled(), timeout=30_000)
    form = trainer.form
    form.architecture.setCurrentIndex(form.architecture.findData("dcgan"))
    form._resolutions.button(32).click()
    form.budget.images.setValue(200_000)
    for name, value in (("batch", 8), ("threads", 1), ("preview_every", 64), ("evaluate_every", 0)):
        form.advanced.fields[name].setValue(value)
    form.advanced.fields["device"].setCurrentIndex(form.advanced.fields["device"].findData("cpu"))
    form.start.click()
    follower = trainer.current()
    assert follower is not None
    try:
        qtbot.waitUntil(lambda: follower.status == "running" and len(follower.previews) > 1, timeout=120_000)
        qtbot.waitUntil(trainer.run_view.samples.canvas.has_image)
        # Closing a room leaves the run going, and another one finds it.
        again = TrainingPanel(window.context)
        qtbot.addWidget(again)
        found = again.current()
        assert found is not None and found.run.path == follower.run.path and found.active
        again.shutting_down()
        again.close()
        # Losses are written every few seconds, however fast the machine is.
        qtbot.waitUntil(lambda: len(follower.curves) > 0, timeout=60_000)
        trainer.stop()
        qtbot.waitUntil(lambda: follower.status == "stopped", timeout=60_000)
    finally:
        if follower.run.alive():
            psutil.Process(follower.run.noted_process()).kill()
    trainer.run_view.column.explore.click()
    qtbot.waitUntil(lambda: window.current_room() is explorer, timeout=30_000)

    def model_name() -> str:
        own = explorer.recipe()
        return own.model.name if own else ""

    qtbot.waitUntil(lambda: model_name() == "my cups", timeout=20_000)
    qtbot.waitUntil(lambda: drawn().shape == (32, 32, 3), timeout=20_000)
    assert not problems
    assert {which: nameless(window.room(which)) for which in RoomId} == {which: [] for which in RoomId}
