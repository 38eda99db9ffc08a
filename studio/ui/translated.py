"""Messages of the rooms below the window, in the artist's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.base import Message


def translated(message: Message) -> str:
    """Return ``message`` in the language in use, its values filled in; in English when it has no translation."""
    count = message.values["n"] if message.one else -1
    # PySide6's stubs know neither that None stands for no comment, nor that "n" is a whole number.
    found = QCoreApplication.translate("Engine", message.template, None, count)  # type: ignore[arg-type]
    return str(message) if found == message.template else message.filled(found, translated)
