"""The glyphs that icons are drawn with: the Phosphor font as the QtAwesome package carries it.

The package's own module is not imported. It wants ``qtpy``, which makes every class of Qt there is, and that alone
takes half as long as everything else before the first window.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase


def icon_font(pixels: int) -> QFont:
    """The font of the glyphs, in a size given in pixels. Needs the application object.

    Raises
    ------
    FileNotFoundError
        When QtAwesome is not installed, or carries no Phosphor font.
    """
    font = QFont(_family())
    font.setPixelSize(pixels)
    return font


def glyph_character(name: str) -> str:
    """The character that stands for a glyph ("magic-wand") in the font.

    Raises
    ------
    KeyError
        For a name that the font does not have.
    FileNotFoundError
        As :func:`icon_font`.
    """
    return chr(int(_characters()[name], 16))


@functools.cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file("phosphor-[0-9]*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


@functools.cache
def _characters() -> dict[str, str]:
    found: dict[str, str] = json.loads(_file("phosphor-charmap-*.json").read_text(encoding="utf-8"))
    return found


def _file(pattern: str) -> Path:
    package = importlib.util.find_spec("qtawesome")
    for folder in (package.submodule_search_locations or []) if package else []:
        for path in sorted((Path(folder) / "fonts").glob(pattern)):
            return path
    raise FileNotFoundError(f"The package QtAwesome has no {pattern}; install it again.")
