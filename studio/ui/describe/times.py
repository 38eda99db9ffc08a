"""Times that work takes, and still will take, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def duration(seconds: float) -> str:
    """Return a time that work will take, in words."""
    translate = QCoreApplication.translate
    if seconds < 90:
        rounded = max(1, round(seconds)) if seconds < 20 else round(seconds / 5) * 5
        return translate("RenderTime", "about {seconds} s").format(seconds=rounded)
    if seconds < 5400:
        return translate("RenderTime", "about {minutes} min").format(minutes=round(seconds / 60))
    return translate("RenderTime", "about {hours} h").format(hours=QLocale().toString(seconds / 3600, "f", 1))


def time_left(seconds: float) -> str:
    """Return the time that work still takes, in words."""
    return QCoreApplication.translate("FinalCard", "{time} left").format(time=duration(seconds))
