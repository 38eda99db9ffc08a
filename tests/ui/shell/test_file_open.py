"""Files that macOS asks for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QFileOpenEvent
from pytestqt.qtbot import QtBot

from studio.ui.shell.file_open import FileOpener


def test_a_file_that_the_system_asks_for_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    window, opened = QObject(), list[Path]()
    FileOpener(window, opened.append)
    app = QCoreApplication.instance()
    assert app is not None
    app.sendEvent(app, QFileOpenEvent(str(tmp_path / "照片.png")))
    assert opened == [tmp_path / "照片.png"]
