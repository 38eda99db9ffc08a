"""The parts of the window: conversions, canvas, slider, section, image drop, message bar, history, settings, theme."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QFontMetrics, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.base.app_settings import AppSettings
from studio.base.errors import StudioError
from studio.recipes import FileRef, LatentSeed, SampleRecipe
from studio.ui import theme
from studio.ui.icon_font import glyph_character, icon_font
from studio.ui.widgets import (
    Canvas,
    DroppedPicture,
    ImageDrop,
    MessageBar,
    Section,
    Slider,
    dropped_pictures,
    from_qimage,
    to_qimage,
)
from studio.ui.widgets.dropped import web_addresses
from studio.ui.widgets.eliding_label import ElidingLabel
from studio.ui.widgets.number import with_arrows, without_arrows
from studio.ui.widgets.range_slider import RangeSlider
from studio.ui.widgets.wheel import guard_wheel
from studio.worker import thread_pool

Picture = NDArray[np.uint8]


def picture(width: int, height: int, channels: int = 3, seed: int = 0) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def recipe(seed: int) -> SampleRecipe:
    return SampleRecipe(model=FileRef(hash="0" * 64), latent=LatentSeed(seed=seed))


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    return canvas


# Conversions


@given(st.integers(1, 33), st.integers(1, 9), st.sampled_from([3, 4]))
def test_pictures_survive_qt(width: int, height: int, channels: int) -> None:
    original = picture(width, height, channels)
    assert np.array_equal(from_qimage(to_qimage(original), alpha=channels == 4), original)


def test_conversion_takes_views_and_keeps_its_own_memory() -> None:
    original = picture(20, 10)
    view = original[::2, ::-1]
    image = to_qimage(view)
    expected = view.copy()
    original[:] = 0
    assert np.array_equal(from_qimage(image), expected)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 2), np.uint8)],
)
def test_other_arrays_are_refused(wrong: Picture) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        to_qimage(wrong)


def test_an_empty_image_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        from_qimage(QImage())


# Canvas


def test_canvas_fits_and_stays_fitted(canvas: Canvas) -> None:
    canvas.set_image(picture(800, 400))
    assert canvas.is_fitting()
    rect = canvas.image_rect()
    assert rect.width() == pytest.approx(376, abs=1) and rect.height() == pytest.approx(188, abs=1)
    assert rect.center().x() == pytest.approx(200, abs=1)
    canvas.resize(200, 300)
    assert canvas.image_rect().width() == pytest.approx(176, abs=1)


def test_actual_size_is_one_device_pixel_each(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.set_image(picture(800, 400))
    with qtbot.waitSignal(canvas.zoomChanged) as told:
        QTest.keyClick(canvas, Qt.Key.Key_1)
    assert told.args == [1.0]
    assert canvas.image_rect().width() * canvas.devicePixelRatioF() == 800
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.is_fitting()


def test_every_pixel_is_drawn_exactly_at_actual_size(canvas: Canvas) -> None:
    pixels = picture(61, 47)
    canvas.set_image(pixels)
    canvas.actual_size()
    shown = canvas.grab().toImage()
    corner = canvas.image_rect().topLeft().toPoint() * canvas.devicePixelRatioF()
    assert np.array_equal(from_qimage(shown.copy(corner.x(), corner.y(), 61, 47)), pixels)


def test_nearest_neighbour_beyond_three_times_when_asked_for(canvas: Canvas) -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = pixels[1, 1] = 255
    canvas.set_image(pixels)
    canvas.set_zoom(40)

    def values() -> set[int]:
        shown = from_qimage(canvas.grab().toImage())
        box = canvas.image_rect().toRect()
        return set(np.unique(shown[box.top() : box.bottom() + 1, box.left() : box.right() + 1]).tolist())

    assert len(values()) > 2, "smooth until single pixels are asked for"
    canvas.set_pixelated(True)
    assert values() == {0, 255}


def test_zoomed_out_is_averaged_not_sampled(canvas: Canvas) -> None:
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    canvas.set_image(stripes)
    canvas.set_zoom(0.25)
    shown = from_qimage(canvas.grab().toImage())
    box = canvas.image_rect().toRect().adjusted(2, 2, -2, -2)
    inside = shown[box.top() : box.bottom(), box.left() : box.right()].astype(int)
    assert np.abs(inside - 127).max() < 20


def test_wheel_zooms_at_the_cursor(canvas: Canvas) -> None:
    canvas.set_image(picture(2000, 2000))
    canvas.actual_size()
    at = QPointF(320, 60)
    before = canvas.image_rect()
    point = ((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height())
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    after = canvas.image_rect()
    assert canvas.zoom() > 1.3
    assert (at.x() - after.x()) / after.width() == pytest.approx(point[0], abs=1e-3)
    assert (at.y() - after.y()) / after.height() == pytest.approx(point[1], abs=1e-3)


def test_dragging_pans_and_stops_at_the_edge(canvas: Canvas) -> None:
    canvas.set_image(picture(1000, 1000))
    canvas.actual_size()
    left = canvas.image_rect().left()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    QTest.mouseMove(canvas, QPoint(230, 150))
    assert canvas.image_rect().left() == left + 30
    QTest.mouseMove(canvas, QPoint(5000, 5000))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(390, 290))
    assert canvas.image_rect().left() == 0 and canvas.image_rect().top() == 0


def test_double_click_toggles_fit(canvas: Canvas) -> None:
    canvas.set_image(picture(1000, 1000))
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.zoom() == 1.0
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.is_fitting()


def test_view_stays_when_the_preview_grows(canvas: Canvas) -> None:
    canvas.set_image(picture(256, 256))
    canvas.set_zoom(4)
    before = canvas.image_rect()
    canvas.set_image(picture(512, 512))
    assert canvas.image_rect() == before
    assert canvas.zoom() == 2


def test_wipe_shows_before_left_of_the_handle(canvas: Canvas) -> None:
    canvas.set_image(np.full((200, 200, 3), 255, np.uint8))
    canvas.set_before(np.zeros((50, 50, 3), np.uint8))
    canvas.set_wipe(True)
    canvas.set_wipe_position(0.25)
    rect = canvas.image_rect()
    shown = from_qimage(canvas.grab().toImage())
    row = int(rect.top() + rect.height() * 0.8)
    assert shown[row, int(rect.left() + rect.width() * 0.1)].max() == 0
    assert shown[row, int(rect.left() + rect.width() * 0.5)].min() == 255
    handle = QPoint(round(rect.left() + rect.width() * 0.25), 150)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=handle)
    QTest.mouseMove(canvas, QPoint(round(rect.left() + rect.width() * 0.75), 150))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(rect.left() + rect.width() * 0.75), 150))
    assert canvas.wipe_position() == pytest.approx(0.75, abs=0.01)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.wipe_position() == pytest.approx(0.74, abs=0.01)
    # Where only what is right of the handle is in view, it waits at the edge of the view.
    canvas.set_wipe_position(0.0)
    canvas.set_zoom(20)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(9, 150))
    QTest.mouseMove(canvas, QPoint(200, 150))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert 0.3 < canvas.wipe_position() < 0.7


def test_canvas_without_picture(canvas: Canvas) -> None:
    canvas.set_message("Choose a model.")
    canvas.fit()
    canvas.actual_size()
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    canvas.grab()
    assert not canvas.has_image() and canvas.image() is None and canvas.image_rect().isEmpty()
    canvas.set_image(picture(8, 8, 4))
    canvas.grab()
    image = canvas.image()
    assert image is not None and image.width() == 8
    canvas.set_image(None)
    assert not canvas.has_image()


def test_one_pixel_and_very_long_pictures(canvas: Canvas) -> None:
    for size in ((1, 1), (1, 4000), (4000, 1)):
        canvas.set_image(picture(*size))
        for zoom in (0.01, 1, 100):
            canvas.set_zoom(zoom)
            canvas.grab()
        canvas.fit()
        canvas.grab()


# Slider


@pytest.fixture
def slider(qtbot: QtBot) -> Slider:
    slider = Slider("Truncation", -2, 2, 0.8)
    qtbot.addWidget(slider)
    slider.show()
    return slider


def test_slider_is_live_and_tells_when_let_go(slider: Slider, qtbot: QtBot) -> None:
    values: list[float] = []
    slider.valueChanged.connect(values.append)
    handle = slider._slider
    with qtbot.waitSignal(slider.editingFinished):
        handle.setSliderDown(True)
        handle.setSliderPosition(0)
        handle.setSliderPosition(handle.maximum())
        assert slider.is_dragging()
        handle.setSliderDown(False)
    assert values == [-2, 2]
    assert slider.value() == 2


def test_slider_keys_settle(slider: Slider, qtbot: QtBot) -> None:
    with qtbot.waitSignals([slider.valueChanged, slider.editingFinished]):
        QTest.keyClick(slider._slider, Qt.Key.Key_Right)
    assert slider.value() == pytest.approx(0.84)


def test_slider_number_field(slider: Slider, qtbot: QtBot) -> None:
    field = slider._number
    field.setFocus()
    field.selectAll()
    with qtbot.waitSignals([slider.valueChanged, slider.editingFinished]):
        QTest.keyClicks(field, field.locale().toString(1.25))
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert slider.value() == 1.25


def test_slider_set_value(slider: Slider, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(slider.valueChanged), qtbot.assertNotEmitted(slider.editingFinished):
        slider.set_value(0.123456, silent=True)
        slider.set_value(0.123456)
    assert slider.value() == 0.123456
    with qtbot.waitSignal(slider.valueChanged) as told:
        slider.set_value(99)
    assert told.args == [2.0]


def test_slider_label_resets(slider: Slider, qtbot: QtBot) -> None:
    slider.set_value(-1)
    with qtbot.waitSignals([slider.valueChanged, slider.editingFinished]):
        QTest.mouseDClick(slider._label, Qt.MouseButton.LeftButton)
    assert slider.value() == 0.8


def test_wheel_passes_over_an_unfocused_slider(slider: Slider, qtbot: QtBot) -> None:
    slider._slider.clearFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider._slider, event)
    assert slider.value() == 0.8


def test_whole_number_slider(qtbot: QtBot) -> None:
    slider = Slider("Steps", 1, 2000, 300, decimals=0)
    qtbot.addWidget(slider)
    QTest.keyClick(slider._slider, Qt.Key.Key_Home)
    assert slider.value() == 1
    slider._slider.setValue(slider._slider.maximum())
    assert slider.value() == 2000 and slider.value() == int(slider.value())


# Section


def test_section_opens_and_closes_by_keyboard(qtbot: QtBot) -> None:
    section = Section("Noise")
    button = QPushButton("inside")
    section.body.addWidget(button)
    qtbot.addWidget(section)
    section.show()
    assert section.is_expanded() and button.isVisible()
    section._header.setFocus()
    with qtbot.waitSignal(section.toggled):
        QTest.keyClick(section._header, Qt.Key.Key_Space)
    assert not button.isVisible()
    closed = Section("Noise", expanded=False)
    qtbot.addWidget(closed)
    assert not closed.is_expanded()


def test_wrapped_texts_in_a_section_get_all_their_lines(qtbot: QtBot) -> None:
    column = QWidget()
    qtbot.addWidget(column)
    layout = QVBoxLayout(column)
    section, text = Section("Network"), QLabel("Each of these words may have to move to the next line. " * 12)
    text.setWordWrap(True)
    section.body.addWidget(text)
    layout.addWidget(section)
    layout.addStretch(1)
    column.resize(240, 1200)
    column.show()
    qtbot.waitUntil(lambda: text.height() == text.heightForWidth(text.width()))
    assert section.y() == layout.contentsMargins().top() and section.height() < column.height() - 200


# Dropped pictures


def png(pixels: Picture) -> bytes:
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_files_are_found_and_others_left(tmp_path: Path) -> None:
    mime = QMimeData()
    names = ["one.png", "two.JPG", "notes.txt"]
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    assert dropped_pictures(mime) == [DroppedPicture(tmp_path / name, None, name) for name in names[:2]]


def test_encoded_data_keeps_its_bytes_and_takes_the_name_of_the_address() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://pictures.invalid/sea/boat.jpg?size=2")])
    mime.setData("image/png", png(picture(4, 4)))
    assert dropped_pictures(mime) == [DroppedPicture(None, png(picture(4, 4)), "boat.png")]
    assert [url.fileName() for url in web_addresses(mime)] == ["boat.jpg"]


def test_raw_image_becomes_png() -> None:
    mime = QMimeData()
    mime.setImageData(to_qimage(picture(5, 3)))
    (dropped,) = dropped_pictures(mime)
    encoded = dropped.source()
    assert isinstance(encoded, bytes)
    assert np.array_equal(from_qimage(QImage.fromData(encoded)), picture(5, 3))


def test_data_url() -> None:
    text = "data:image/png;base64," + base64.b64encode(png(picture(4, 4))).decode()
    as_text, as_url = QMimeData(), QMimeData()
    as_text.setText(text)
    as_url.setUrls([QUrl(text)])
    for mime in (as_text, as_url):
        assert [dropped.data for dropped in dropped_pictures(mime)] == [png(picture(4, 4))]


@pytest.mark.parametrize("text", ["", "hello", "data:image/png", "data:text/plain,hello", "data:image/png;base64,%%%"])
def test_no_picture_in_text(text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    assert [dropped.data for dropped in dropped_pictures(mime) if dropped.data] == []


def test_a_place_for_clips_lets_them_be_chosen_too(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ImageDrop(multiple=False)
    qtbot.addWidget(place)
    asked: list[str] = []

    def choose(_parent: object, _title: str, _folder: str, kinds: str) -> tuple[str, str]:
        asked.append(kinds)
        return str(tmp_path / "waves.MP4"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    place.takes_clips = True
    with qtbot.waitSignal(place.clipDropped) as clip:
        place.choose()
    assert clip.args == [tmp_path / "waves.MP4"] and "*.mp4" in asked[0] and "*.png" in asked[0]


def test_image_drop_takes_several_and_shows_a_thumbnail(qtbot: QtBot, tmp_path: Path) -> None:
    drop = ImageDrop("Styles")
    qtbot.addWidget(drop)
    drop.show()
    taken: list[DroppedPicture] = []
    drop.pictureDropped.connect(taken.append)
    mime = QMimeData()
    paths = [tmp_path / f"{i}.png" for i in range(3)]
    for path in paths:
        path.write_bytes(png(np.full((30, 40, 3), (200, 30, 30), np.uint8)))
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    assert drop.take(mime)
    assert [picture.path for picture in taken] == paths

    def red() -> float:
        return float((from_qimage(drop.grab().toImage()) == (200, 30, 30)).all(axis=2).mean())

    qtbot.waitUntil(lambda: red() > 0.4)
    assert drop.take(mime)
    drop.clear()  # also what is still being read
    qtbot.waitUntil(lambda: thread_pool().jobs() == [])
    assert red() == 0

    single = ImageDrop(multiple=False)
    qtbot.addWidget(single)
    taken.clear()
    single.pictureDropped.connect(taken.append)
    assert single.take(mime)
    assert len(taken) == 1


def test_damaged_picture_is_still_handed_on(qtbot: QtBot, tmp_path: Path) -> None:
    drop = ImageDrop()
    qtbot.addWidget(drop)
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "bad.png"))])
    with qtbot.waitSignal(drop.pictureDropped):
        drop.take(mime)


def test_paste_with_the_keyboard(qtbot: QtBot) -> None:
    drop = ImageDrop()
    qtbot.addWidget(drop)
    QApplication.clipboard().setImage(to_qimage(picture(6, 6)))
    with qtbot.waitSignal(drop.pictureDropped):
        QTest.keySequence(drop, "Ctrl+V")
    QApplication.clipboard().setText("no picture")
    with qtbot.waitSignal(drop.problem):
        QTest.keySequence(drop, "Ctrl+V")
    # The window has Ctrl+V too; with the focus here it must not get it.
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    QApplication.sendEvent(drop, event)
    assert event.isAccepted()


def test_address_that_cannot_be_fetched(qtbot: QtBot) -> None:
    drop = ImageDrop()
    qtbot.addWidget(drop)
    mime = QMimeData()
    mime.setUrls([QUrl("http://127.0.0.1:1/boat.jpg")])
    with qtbot.waitSignal(drop.problem, timeout=10_000) as told:
        assert drop.take(mime)
    assert "boat.jpg" in told.args[0].message


def test_address_is_fetched(qtbot: QtBot, tmp_path: Path) -> None:
    import functools
    import http.server
    import threading

    (tmp_path / "boat.png").write_bytes(png(picture(4, 4)))
    (tmp_path / "page.html").write_text("<p>hello")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        drop = ImageDrop()
        qtbot.addWidget(drop)
        mime = QMimeData()
        mime.setUrls([QUrl(f"http://127.0.0.1:{server.server_port}/boat.png")])
        with qtbot.waitSignal(drop.pictureDropped, timeout=10_000) as told:
            drop.take(mime)
        assert told.args == [DroppedPicture(None, png(picture(4, 4)), "boat.png")]
        mime.setUrls([QUrl(f"http://127.0.0.1:{server.server_port}/page.html")])
        with qtbot.waitSignal(drop.problem, timeout=10_000) as told:
            drop.take(mime)
        assert "web page" in told.args[0].message
    finally:
        server.shutdown()
        server.server_close()


# Message bar


def test_message_bar(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    error = StudioError("The photo a.jpg is truncated.", "Copy it again.")
    error.__cause__ = OSError("image file is truncated")
    bar.show_problem(error)
    assert bar.isVisible()
    assert bar.text().splitlines()[:2] == ["The photo a.jpg is truncated.", "Copy it again."]
    assert not bar._details.isVisible()
    bar._more.click()
    assert bar._details.isVisible() and "OSError" in bar._details.text()
    bar.show_problem(StudioError("Another."))
    assert bar.text() == "Another." and not bar._more.isVisible() and not bar._details.isVisible()
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.isHidden()


# Settings


def test_settings_come_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = AppSettings(theme="light", language="zh_CN", last_room=2)
    settings.remember_folder("export", tmp_path / "a.png")
    settings.save(path)
    again = AppSettings.load(path)
    assert again == settings
    assert again.last_folder("export") == str(tmp_path)
    again.last_folders["gone"] = str(tmp_path / "gone")
    assert again.last_folder("gone") == "" and again.last_folder("never") == ""


@pytest.mark.parametrize("text", ["", "{", '{"theme": "pink"}', "[]", '{"last_room": 777}'])
def test_damaged_settings_give_defaults_and_are_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    assert AppSettings.load(path).model_dump() == AppSettings().model_dump()
    assert (tmp_path / "settings.damaged").read_text() == text


# Theme


def test_icons_exist_and_follow_the_theme(qapp: QApplication) -> None:
    contract = (
        "save random previous next undo redo play pause stop export folder trash show-file stylize explore gallery "
        "train add remove star star-outline wipe fit actual-size settings help copy paste grid photo cancel refresh "
        "image-plus film search"
    )
    theme.apply_theme(qapp, "dark")
    brightness = {}
    for name in contract.split():
        image = theme.icon(name).pixmap(32, 32).toImage()
        pixels = from_qimage(image, alpha=True)
        assert (pixels[..., 3] > 128).sum() > 15, name
        brightness[name] = pixels[pixels[..., 3] > 200][:, :3].mean()
    save = theme.icon("save")
    theme.apply_theme(qapp, "light")
    pixels = from_qimage(save.pixmap(32, 32).toImage(), alpha=True)
    assert pixels[pixels[..., 3] > 200][:, :3].mean() < 60 < 180 < brightness["save"]
    theme.apply_theme(qapp, "dark")
    with pytest.raises(KeyError):
        theme.icon("nonsense")


@pytest.mark.parametrize("colors", [theme.DARK, theme.LIGHT])
def test_surfaces_are_true_grey_and_text_is_readable(colors: theme.Colors) -> None:
    def luminance(name: str) -> float:
        channels = [value / 255 for value in QColor(name).getRgb()[:3]]  # type: ignore[index]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: str, b: str) -> float:
        light, dark = sorted((luminance(a), luminance(b)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for name in (colors.window, colors.rail, colors.base, colors.raised, colors.canvas, colors.hover, colors.line):
        assert QColor(name).saturation() == 0
    for surface in (colors.window, colors.rail, colors.base, colors.raised):
        assert contrast(colors.text, surface) > 7
        assert contrast(colors.muted, surface) > 4.5 or surface == colors.raised
    for text, ground in (
        (colors.accent_text, colors.accent),
        (colors.primary_text, colors.primary),
        (colors.error_text, colors.error),
    ):
        assert contrast(text, ground) > 4.5
    assert contrast(colors.focus, colors.window) > 3


# The wheel over columns of controls


def test_the_wheel_scrolls_past_fields_that_nobody_is_on(qtbot: QtBot) -> None:
    column = QWidget()
    layout = QVBoxLayout(column)
    box, spin = QComboBox(), QSpinBox()
    box.addItems(["a", "b", "c"])
    for field in (box, spin):
        layout.addWidget(field)
    layout.addSpacing(2000)
    area = QScrollArea()
    area.setWidget(column)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    room = QWidget()
    qtbot.addWidget(room)
    QVBoxLayout(room).addWidget(area)
    guard_wheel(room)
    room.resize(300, 200)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    area.setFocus()

    def turn(field: QWidget) -> bool:
        middle = QPointF(field.rect().center())
        event = QWheelEvent(
            middle,
            field.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, event)
        return event.isAccepted()

    for field in (box, spin):
        assert field.focusPolicy() == Qt.FocusPolicy.StrongFocus
        assert not turn(field)  # Qt offers it to the scroll area next
    assert (box.currentIndex(), spin.value()) == (0, 0)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    turn(box)
    assert box.currentIndex() == 1


# The theme and its fields


def luminance(color: str) -> float:
    """Relative luminance as in WCAG 2.1."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("c", [theme.DARK, theme.LIGHT])
def test_texts_stand_out_as_wcag_asks(c: theme.Colors) -> None:
    pairs = [(text, ground) for text in (c.text, c.muted) for ground in (c.window, c.rail, c.base, c.raised, c.canvas)]
    pairs += [(c.accent_text, c.accent), (c.primary_text, c.primary), (c.primary_text, c.primary_hover)]
    pairs += [(c.error_text, c.error), (c.error_text, c.window), (c.focus, c.window)]
    for text, ground in pairs:
        low, high = sorted((luminance(text), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize("dress", [with_arrows, without_arrows])
def test_number_fields_are_drawn_like_line_edits(dress: Callable[[QSpinBox], None], qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "light")
    box = QSpinBox()
    dress(box)
    box.setValue(42)
    qtbot.addWidget(box)
    box.resize(120, 28)
    box.show()
    box.clearFocus()
    image = box.grab().toImage()
    assert image.pixelColor(60, 0).name() == theme.LIGHT.line_strong  # a frame of the theme's own
    room = box.lineEdit().geometry()
    assert room.width() > 80  # Qt (6.7: 88 pixels, later 92) leaves a number no place where the style goes wrong
    edges = [image.pixelColor(x, y).lightness() for x in range(2, 6) for y in range(6, 22)]
    assert min(edges) > 200  # and the number keeps away from the frame


def test_a_range_slider_moves_the_handle_that_is_nearer_and_keeps_the_ends_in_order(qtbot: QtBot) -> None:
    slider = RangeSlider()
    qtbot.addWidget(slider)
    slider.resize(200, 24)
    slider.setRange(0, 10)
    slider.set_ends(2, 8)
    moved: list[tuple[int, int]] = []
    slider.endsChanged.connect(lambda low, high: moved.append((low, high)))
    with qtbot.waitSignal(slider.sliderReleased):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(82, 12))
    assert slider.ends() == (4, 8) and moved[-1] == (4, 8)
    with qtbot.waitSignal(slider.sliderReleased):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(198, 12))
    assert slider.ends() == (4, 10)
    told = len(moved)
    qtbot.keyClick(slider, Qt.Key.Key_Space)
    assert slider.ends() == (4, 10) and len(moved) == told  # another handle is in hand, and none moved
    with qtbot.waitSignal(slider.sliderReleased):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.ends() == (5, 10) and moved[told:] == [(5, 10)]
    slider.setRange(0, 7)
    assert slider.ends() == (5, 7)


def test_an_eliding_label_keeps_the_whole_text_and_shows_what_fits(qtbot: QtBot) -> None:
    label = ElidingLabel("A text that is far too long for so little room")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("little room") and QLabel.text(label).endswith("…")
    label.resize(900, 20)
    assert QLabel.text(label) == label.text()


def test_the_font_has_every_glyph_that_an_icon_wants(qtbot: QtBot) -> None:
    metrics = QFontMetrics(icon_font(16))
    for glyph in theme._GLYPHS.values():
        assert metrics.inFontUcs4(ord(glyph_character(glyph))), glyph
