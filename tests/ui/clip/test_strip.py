"""The strip of a clip's frames with its marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.ui.clip.strip import ClipStrip, clock


def test_the_strip(qtbot: QtBot) -> None:
    strip = ClipStrip()
    qtbot.addWidget(strip)
    strip.resize(422, strip.height())
    strip.set_clip(10.0, 0.04, 1.5)
    assert strip.marks() == (0.0, None)
    moved: list[float] = []
    strip.moved.connect(moved.append)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(strip._x(5), 30).toPoint())
    assert moved[-1] == pytest.approx(5, abs=0.05)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.position() == pytest.approx(moved[0] + 0.04)
    QTest.keyClick(strip, Qt.Key.Key_I)
    QTest.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(strip, Qt.Key.Key_O)
    start, end = strip.marks()
    assert start == pytest.approx(moved[0] + 0.04) and end == pytest.approx(moved[0] + 1.08)
    # A mark dragged takes the view along, and never passes the other.
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPointF(strip._x(start) - 3, 30).toPoint())
    QTest.mouseMove(strip, QPointF(strip._x(9), 30).toPoint())
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton)
    assert end is not None and strip.marks()[0] == pytest.approx(end - 0.04)
    strip.set_marks(0.0, None)
    assert strip.marks() == (0.0, None)
    assert [clock(0), clock(62.55), clock(59.97)] == ["0:00.0", "1:02.6", "1:00.0"]
