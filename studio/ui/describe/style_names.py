"""The names of the ready styles in the artist's language; ``resources/styles/styles.json`` has them in English."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from studio.base.paths import resources_dir

if TYPE_CHECKING:
    from studio.gallery import Style

TEXTS = (
    QT_TRANSLATE_NOOP("ReadyStyles", "Painting"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Drawing"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Print"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Craft"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Nature"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Impasto"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Night swirls"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Palette knife"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Watercolour"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Gouache"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Pointillism"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Cubist"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Poured acrylic"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Ink wash"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Pen hatching"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Charcoal"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Pastel"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Crayon"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Engraving"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Woodcut"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Woodblock waves"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Poster"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Halftone"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Risograph"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Cyanotype"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Cut paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Geometric"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Marbling"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Batik"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Embroidery"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Mosaic"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Stained glass"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Agate"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Nebula"),
    QT_TRANSLATE_NOOP("ReadyStyles", "Neon"),
    QT_TRANSLATE_NOOP("ReadyStyles", "thick oil paint"),
    QT_TRANSLATE_NOOP("ReadyStyles", "oil paint, flowing strokes"),
    QT_TRANSLATE_NOOP("ReadyStyles", "oil paint laid with a knife"),
    QT_TRANSLATE_NOOP("ReadyStyles", "watercolour on paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "gouache"),
    QT_TRANSLATE_NOOP("ReadyStyles", "dots of oil paint"),
    QT_TRANSLATE_NOOP("ReadyStyles", "oil paint, facets"),
    QT_TRANSLATE_NOOP("ReadyStyles", "poured acrylic paint"),
    QT_TRANSLATE_NOOP("ReadyStyles", "ink and brush"),
    QT_TRANSLATE_NOOP("ReadyStyles", "pen and ink"),
    QT_TRANSLATE_NOOP("ReadyStyles", "charcoal on paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "chalk on dark paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "wax crayon"),
    QT_TRANSLATE_NOOP("ReadyStyles", "copper engraving"),
    QT_TRANSLATE_NOOP("ReadyStyles", "woodcut"),
    QT_TRANSLATE_NOOP("ReadyStyles", "colour woodblock"),
    QT_TRANSLATE_NOOP("ReadyStyles", "screen print in flat colours"),
    QT_TRANSLATE_NOOP("ReadyStyles", "four-colour halftone print"),
    QT_TRANSLATE_NOOP("ReadyStyles", "three-colour risograph"),
    QT_TRANSLATE_NOOP("ReadyStyles", "cyanotype"),
    QT_TRANSLATE_NOOP("ReadyStyles", "cut paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "ruler and compass, flat colours"),
    QT_TRANSLATE_NOOP("ReadyStyles", "marbled paper"),
    QT_TRANSLATE_NOOP("ReadyStyles", "batik on cotton"),
    QT_TRANSLATE_NOOP("ReadyStyles", "silk embroidery"),
    QT_TRANSLATE_NOOP("ReadyStyles", "stone mosaic"),
    QT_TRANSLATE_NOOP("ReadyStyles", "stained glass"),
    QT_TRANSLATE_NOOP("ReadyStyles", "polished stone"),
    QT_TRANSLATE_NOOP("ReadyStyles", "clouds of light"),
    QT_TRANSLATE_NOOP("ReadyStyles", "neon light"),
)
"""Names, folders and media, for the translators."""


def style_name(style: Style) -> str:
    """The name of a style."""
    return ready_text(style.name) if style.ready else style.name


def ready_text(text: str) -> str:
    """A name, folder or medium of the ready styles in the language in use."""
    return QCoreApplication.translate("ReadyStyles", text)


def ready_name(hash_of_file: str) -> str | None:
    """The name of a recipe's picture when it is a ready style, known by its SHA-256; else None."""
    found = _by_hash().get(hash_of_file)
    return None if found is None else ready_text(found)


@functools.cache
def _by_hash() -> dict[str, str]:
    """The card knows the hashes: the pictures themselves, some megabytes, are not read on the main thread."""
    from studio.gallery.styles import ready_styles

    cards = ready_styles(resources_dir() / "styles")
    return {known: style.name for style in cards for known in (style.hash, *style.earlier)}
