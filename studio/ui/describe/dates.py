"""Dates as the system writes them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale


def date_text(when: datetime) -> str:
    """Date and time as the system writes them, whatever the language of the window; year first where it has no way."""
    moment = QDateTime.fromMSecsSinceEpoch(round(when.timestamp() * 1000))
    if QLocale.system().language() == QLocale.Language.C:
        return moment.toString("yyyy-MM-dd HH:mm")
    return QLocale.system().toString(moment, QLocale.FormatType.ShortFormat)
