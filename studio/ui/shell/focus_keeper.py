"""The keyboard focus when its button goes away: not on to the next button in turn, which may take something away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid


class FocusKeeper(QObject):
    """Gives the focus of a button that is hidden or greyed, often by its own click, to a place that does nothing.

    Parameters
    ----------
    window : in which that happens; dialogs are windows of their own.
    place : what takes the focus, asked for each time.
    """

    def __init__(self, window: QWidget, place: Callable[[], QWidget]) -> None:
        super().__init__(window)
        self._window, self._place = window, place
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_changed)

    def _on_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if not isinstance(old, QAbstractButton) or not isinstance(new, QAbstractButton) or not isValid(old):
            return
        gone = not old.isVisibleTo(self._window) or not old.isEnabled()
        if gone and self._window.isAncestorOf(old) and self._window.isAncestorOf(new):
            QTimer.singleShot(0, new, lambda: self._place().setFocus() if new.hasFocus() else None)
