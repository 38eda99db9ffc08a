"""The language that the settings give the window, for the few things that the command line says in it."""

from __future__ import annotations

import functools
from collections.abc import Callable

from studio.base import Message
from studio.cli.app import settings


def in_language(message: Message) -> str:
    """``message`` in the language of the settings, its values filled in; in English where it has no translation."""
    found = said("Engine", message.template)
    if message.one and found == message.template:
        return str(message)
    return message.filled(found, in_language)


def said(context: str, text: str) -> str:
    """The translation of a text in a context; the text itself where there is none."""
    return _said_in(settings().language)(context, text)


@functools.cache
def _said_in(language: str) -> Callable[[str, str], str]:
    """The window's own translations; English where they, or Qt, are not there."""
    if language == "en":
        return lambda _, text: text
    try:
        from studio.ui.translated import translators
    except ImportError:
        return lambda _, text: text
    found = translators(language)

    def translation(context: str, text: str) -> str:
        return next(filter(None, (each.translate(context, text) for each in found)), text)

    return translation
