"""The line on the player's controls."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.ui.clip.play_controls import FittingLabel


def test_the_line_says_what_there_is_room_for(qtbot: QtBot) -> None:
    label = FittingLabel()
    qtbot.addWidget(label)
    label.show()
    versions = ["a long way to say it  ·  640 × 272  ·  25 fps", "a long way to say it", "short"]
    label.set_versions(versions, "all of it")
    for text in versions:
        label.resize(label.fontMetrics().horizontalAdvance(text) + 3, 20)
        assert label.text() == text and label.toolTip() == "all of it"
    label.resize(label.fontMetrics().horizontalAdvance("short") - 3, 20)
    assert label.text() not in versions and "…" in label.text()
    name = "a very long name of a clip.mp4"
    label.set_versions([f"{name}  ·  640 × 272  ·  25 fps", f"{name}  ·  25 fps", "25 fps"], name=name)
    label.resize(label.fontMetrics().horizontalAdvance("a very long name  ·  25 fps"), 20)
    assert label.text().startswith("a ") and "…" in label.text() and label.text().endswith(".mp4  ·  25 fps")
    label.resize(label.fontMetrics().horizontalAdvance("25 fps") + 3, 20)
    assert label.text() == "25 fps"
