"""Messages of the rooms below the window, in the artist's language.

Those rooms know no Qt and speak English, with values filled in ("“cat.jpg” is damaged: ..."). Here the pattern a
message was made from is recognised, its translation looked up, and the values put in again.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from studio.base import Message
from studio.ui.message_texts import TEXTS

_VALUE = re.compile(r"\{(\d+)\}")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Patterns with values, the most specific (most fixed text) first."""
    found = []
    for text in TEXTS:
        if _VALUE.search(text):
            parts = _VALUE.split(text)
            fixed = sum(len(part) for part in parts[::2])
            regex = "".join(re.escape(part) if i % 2 == 0 else f"(?P<v{part}>.*)" for i, part in enumerate(parts))
            found.append((fixed, re.compile(regex, re.DOTALL), text))
    found.sort(key=lambda entry: -entry[0])
    return [(regex, text) for _, regex, text in found]


def translated(message: Message | str) -> str:
    """``message`` in the language in use; as it is when it has no translation."""
    if isinstance(message, Message):
        if message.values:
            count = message.values.get("n")
            # PySide6's stubs want a text to tell apart, Qt wants none.
            template = QCoreApplication.translate(
                "Engine",
                message.template,
                None,  # type: ignore[arg-type]
                count if message.one and isinstance(count, int) else -1,
            )
            return str(message) if template == message.template else message.filled(template, translated)
        message = message.template
    found = QCoreApplication.translate("Engine", message)
    if found != message or message in TEXTS:
        return found
    for regex, text in _patterns():
        match = regex.fullmatch(message)
        if match:
            found = QCoreApplication.translate("Engine", text)
            if found == text:
                return message
            return _VALUE.sub(lambda value, match=match: match.group(f"v{value.group(1)}"), found)  # type: ignore[misc]
    return message
