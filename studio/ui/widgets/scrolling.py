"""Scroll bars that keep their place, so that nothing moves when they are needed, but show only when they are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea


def keep_vertical_bar(area: QAbstractScrollArea) -> None:
    """Reserve the vertical scroll bar's place in ``area``; its handle shows when there is something to scroll."""
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = area.verticalScrollBar()
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
    bar.setEnabled(bar.maximum() > bar.minimum())
